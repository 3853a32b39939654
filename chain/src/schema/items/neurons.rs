//! Neurons and mechanisms.

use super::{FOLLOWS, SUBTENSOR, put, unless_default};
use crate::account::AccountId;
use crate::schema::lens::{SetResult, SubnetLens};
use crate::schema::{Hasher, Item};
use crate::state::{Mechanism, State, Subnet};
use crate::types::{AxonInfo, NeuronCertificate, PrometheusInfo, TimelockedCommit, WeightCommit};
use crate::units::{AlphaRao, NetUid, NetUidStorageIndex};
use std::collections::VecDeque;
use std::sync::Arc;

/// What an array of another length than the neurons' is answered.
const LENGTH: &str = "it needs one entry for each neuron";
/// What a row of a uid without neuron is answered.
const NO_NEURON: &str = "there is no neuron with this uid";
/// What a mechanism beyond the last possible one is answered.
const NO_MECHANISM: &str = "a subnet has at most 16 mechanisms";

/// An array by uid.
macro_rules! array {
    ($name:literal, $field:ident: $ty:ty, $unit:literal, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[Hasher::Identity],
            unit: $unit,
            doc: $doc,
            access: &SubnetLens::<(NetUid,), Vec<$ty>> {
                get: |subnet, ()| unless_default(subnet.neurons.$field.clone(), &Vec::new()),
                rows: |subnet, each| {
                    if !subnet.neurons.$field.is_empty() {
                        each((), subnet.neurons.$field.clone());
                    }
                },
                set: |state, netuid, (), value| {
                    let neurons = state.subnet_mut(netuid).neurons_mut();
                    let value = value.unwrap_or_default();
                    if value.len() != neurons.n() {
                        return Err(LENGTH);
                    }
                    neurons.$field = value;
                    Ok(())
                },
                same: |before, after| Arc::ptr_eq(&before.neurons, &after.neurons),
                default: Some(Vec::new),
            },
        }
    };
}

/// An array by uid that each mechanism has.
macro_rules! mechanism_array {
    ($name:literal, $field:ident: $ty:ty, $unit:literal, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[Hasher::Identity],
            unit: $unit,
            doc: $doc,
            access: &SubnetLens::<(NetUidStorageIndex,), Vec<$ty>> {
                get: |subnet, mechid| Some(mechanism(subnet, *mechid)?.$field.clone()),
                rows: |subnet, each| {
                    for (mechid, mechanism) in mechanisms(subnet) {
                        if !mechanism.$field.is_empty() {
                            each(mechid, mechanism.$field.clone());
                        }
                    }
                },
                set: |state, netuid, mechid, value| {
                    let n = state.subnet_mut(netuid).neurons.n();
                    let value = value.unwrap_or_default();
                    if value.len() > n {
                        return Err(LENGTH);
                    }
                    mechanism_mut(state, netuid, mechid)?.$field = value;
                    Ok(())
                },
                same: same_mechanisms,
                default: Some(Vec::new),
            },
        }
    };
}

/// A sparse matrix of a mechanism, row by row.
/// Weights that nobody gave are no row.
const fn given(row: &[(u16, u16)]) -> bool {
    !row.is_empty()
}
/// An epoch writes the bonds of every uid, of those that have none too.
const fn written(_row: &[(u16, u16)]) -> bool {
    true
}

macro_rules! matrix {
    ($name:literal, $field:ident, $there:expr, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[Hasher::Identity, Hasher::Identity],
            unit: "uid, share of 65,535",
            doc: $doc,
            access: &SubnetLens::<(NetUidStorageIndex, u16), Vec<(u16, u16)>> {
                get: |subnet, (mechid, uid)| {
                    let row = mechanism(subnet, *mechid)?.$field.get(usize::from(*uid))?;
                    $there(row.as_slice()).then(|| row.as_ref().clone())
                },
                rows: |subnet, each| {
                    for (mechid, mechanism) in mechanisms(subnet) {
                        for (uid, row) in (0..).zip(&mechanism.$field) {
                            if $there(row.as_slice()) {
                                each((mechid, uid), row.as_ref().clone());
                            }
                        }
                    }
                },
                set: |state, netuid, (mechid, uid), value| {
                    if usize::from(uid) >= state.subnet_mut(netuid).neurons.n() {
                        return Err(NO_NEURON);
                    }
                    let rows = &mut mechanism_mut(state, netuid, mechid)?.$field;
                    let beyond = usize::from(uid).saturating_add(1);
                    if value.is_none() && rows.len() <= beyond {
                        rows.truncate(usize::from(uid));
                        return Ok(());
                    }
                    if rows.len() < beyond {
                        rows.resize(beyond, Arc::default());
                    }
                    if let Some(row) = rows.get_mut(usize::from(uid)) {
                        *row = Arc::new(value.unwrap_or_default());
                    }
                    Ok(())
                },
                same: same_mechanisms,
                default: Some(Vec::new),
            },
        }
    };
}

/// A map by hotkey.
macro_rules! of_hotkey {
    ($name:literal, $map:ident: $ty:ty, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[Hasher::Identity, Hasher::Blake2_128Concat],
            unit: "",
            doc: $doc,
            access: &SubnetLens::<(NetUid, AccountId), $ty> {
                get: |subnet, hotkey| subnet.$map.get(hotkey).cloned(),
                rows: |subnet, each| {
                    subnet.$map.iter().for_each(|(hotkey, value)| each(*hotkey, value.clone()))
                },
                set: |state, netuid, hotkey, value| {
                    put(&mut state.subnet_mut(netuid).$map, hotkey, value);
                    Ok(())
                },
                same: |before, after| before.$map.same(&after.$map),
                default: None,
            },
        }
    };
}

fn mechanism(subnet: &Subnet, mechid: u8) -> Option<&Mechanism> {
    subnet.mechanisms.get(usize::from(mechid)).map(Arc::as_ref)
}
fn mechanisms(subnet: &Subnet) -> impl Iterator<Item = (u8, &Mechanism)> {
    (0..).zip(subnet.mechanisms.iter().map(Arc::as_ref))
}
fn mechanism_mut(state: &mut State, netuid: NetUid, mechid: u8) -> Result<&mut Mechanism, &'static str> {
    if mechid < 16 { Ok(state.subnet_mut(netuid).mechanism_mut(mechid)) } else { Err(NO_MECHANISM) }
}
fn same_mechanisms(before: &Subnet, after: &Subnet) -> bool {
    before.mechanisms.len() == after.mechanisms.len()
        && before.mechanisms.iter().zip(&after.mechanisms).all(|(before, after)| Arc::ptr_eq(before, after))
}
fn set_key(state: &mut State, netuid: NetUid, uid: u16, value: Option<AccountId>) -> SetResult {
    let neurons = state.subnet_mut(netuid).neurons_mut();
    let hotkey = value.unwrap_or_default();
    if neurons.uid_of(&hotkey).is_some_and(|other| other != uid) {
        return Err("the hotkey has another uid");
    }
    let slot = neurons.keys.get_mut(usize::from(uid)).ok_or(NO_NEURON)?;
    let old = std::mem::replace(slot, hotkey);
    neurons.uids.remove(&old);
    neurons.uids.insert(hotkey, uid);
    Ok(())
}

pub(super) static ITEMS: &[Item] = &[
    Item {
        pallet: SUBTENSOR,
        name: "Keys",
        hashers: &[Hasher::Identity, Hasher::Identity],
        unit: "",
        doc: "Hotkey of a uid.",
        access: &SubnetLens::<(NetUid, u16), AccountId> {
            get: |subnet, uid| subnet.neurons.key_of(*uid).copied(),
            rows: |subnet, each| (0..).zip(&subnet.neurons.keys).for_each(|(uid, hotkey)| each(uid, *hotkey)),
            set: set_key,
            same: |before, after| Arc::ptr_eq(&before.neurons, &after.neurons),
            default: Some(AccountId::zero),
        },
    },
    Item {
        pallet: SUBTENSOR,
        name: "Uids",
        hashers: &[Hasher::Identity, Hasher::Blake2_128Concat],
        unit: "",
        doc: "Uid of a hotkey.",
        access: &SubnetLens::<(NetUid, AccountId), u16> {
            get: |subnet, hotkey| subnet.neurons.uid_of(hotkey),
            rows: |subnet, each| subnet.neurons.uids.iter().for_each(|(hotkey, uid)| each(*hotkey, *uid)),
            set: |_, _, _, _| Err(FOLLOWS),
            same: |before, after| Arc::ptr_eq(&before.neurons, &after.neurons),
            default: None,
        },
    },
    Item {
        pallet: SUBTENSOR,
        name: "IsNetworkMember",
        hashers: &[Hasher::Blake2_128Concat, Hasher::Identity],
        unit: "",
        doc: "Whether a hotkey is on a subnet.",
        access: &SubnetLens::<(AccountId, NetUid), bool> {
            get: |subnet, hotkey| subnet.neurons.uid_of(hotkey).map(|_| true),
            rows: |subnet, each| subnet.neurons.uids.keys().for_each(|hotkey| each(*hotkey, true)),
            set: |_, _, _, _| Err(FOLLOWS),
            same: |before, after| Arc::ptr_eq(&before.neurons, &after.neurons),
            default: Some(|| false),
        },
    },
    Item {
        pallet: SUBTENSOR,
        name: "BlockAtRegistration",
        hashers: &[Hasher::Identity, Hasher::Identity],
        unit: "block",
        doc: "When a neuron got its uid.",
        access: &SubnetLens::<(NetUid, u16), u64> {
            get: |subnet, uid| subnet.neurons.block_at_registration.get(usize::from(*uid)).copied(),
            rows: |subnet, each| {
                (0..).zip(&subnet.neurons.block_at_registration).for_each(|(uid, block)| each(uid, *block));
            },
            set: |state, netuid, uid, value| {
                let neurons = state.subnet_mut(netuid).neurons_mut();
                *neurons.block_at_registration.get_mut(usize::from(uid)).ok_or(NO_NEURON)? =
                    value.unwrap_or_default();
                Ok(())
            },
            same: |before, after| Arc::ptr_eq(&before.neurons, &after.neurons),
            default: Some(|| 0),
        },
    },
    array!("Active", active: bool, "", "Whether a neuron has set weights lately."),
    array!("Emission", emission: AlphaRao, "alpha rao", "What a neuron got at the last epoch."),
    array!("Consensus", consensus: u16, "share of 65,535", "Consensus weight of a miner."),
    array!("Dividends", dividends: u16, "share of 65,535", "Part of the dividends of a validator."),
    array!("ValidatorTrust", validator_trust: u16, "share of 65,535", "How much of a validator's weights is in consensus."),
    array!("ValidatorPermit", validator_permit: bool, "", "Whether a neuron counts as validator."),
    Item {
        pallet: SUBTENSOR,
        name: "StakeWeight",
        hashers: &[Hasher::Identity],
        unit: "share of 65,535",
        doc: "Stake of a neuron relative to the largest; new neurons have none until the next epoch.",
        access: &SubnetLens::<(NetUid,), Vec<u16>> {
            get: |subnet, ()| unless_default(subnet.neurons.stake_weight.clone(), &Vec::new()),
            rows: |subnet, each| {
                if !subnet.neurons.stake_weight.is_empty() {
                    each((), subnet.neurons.stake_weight.clone());
                }
            },
            set: |state, netuid, (), value| {
                let neurons = state.subnet_mut(netuid).neurons_mut();
                let value = value.unwrap_or_default();
                if value.len() > neurons.n() {
                    return Err(LENGTH);
                }
                neurons.stake_weight = value;
                Ok(())
            },
            same: |before, after| Arc::ptr_eq(&before.neurons, &after.neurons),
            default: Some(Vec::new),
        },
    },
    mechanism_array!("Incentive", incentive: u16, "share of 65,535", "Part of the incentive of a miner."),
    mechanism_array!("LastUpdate", last_update: u64, "block", "Block of the last weights or commit of a neuron."),
    matrix!("Weights", weights, given, "Weights that a validator gave, as it sent them."),
    matrix!("Bonds", bonds, written, "Bonds of a validator to miners."),
    of_hotkey!("Axons", axons: AxonInfo, "Where a miner answers."),
    of_hotkey!("Prometheus", prometheus: PrometheusInfo, "Where a neuron shows its metrics."),
    of_hotkey!("NeuronCertificates", certificates: NeuronCertificate, "Certificate of an axon."),
    Item {
        pallet: SUBTENSOR,
        name: "WeightCommits",
        hashers: &[Hasher::Twox64Concat, Hasher::Twox64Concat],
        unit: "",
        doc: "Hashes of weights that a hotkey committed: hash, epoch, block, unused; oldest first.",
        access: &SubnetLens::<(NetUidStorageIndex, AccountId), VecDeque<WeightCommit>> {
            get: |subnet, (mechid, hotkey)| mechanism(subnet, *mechid)?.weight_commits.get(hotkey).cloned(),
            rows: |subnet, each| {
                for (mechid, mechanism) in mechanisms(subnet) {
                    mechanism
                        .weight_commits
                        .iter()
                        .for_each(|(hotkey, queue)| each((mechid, *hotkey), queue.clone()));
                }
            },
            set: |state, netuid, (mechid, hotkey), value| {
                let commits = &mut mechanism_mut(state, netuid, mechid)?.weight_commits;
                match value {
                    Some(queue) => commits.insert(hotkey, queue),
                    None => commits.remove(&hotkey),
                };
                Ok(())
            },
            same: same_mechanisms,
            default: None,
        },
    },
    Item {
        pallet: SUBTENSOR,
        name: "TimelockedWeightCommits",
        hashers: &[Hasher::Twox64Concat, Hasher::Twox64Concat],
        unit: "",
        doc: "Encrypted weights committed in an epoch: hotkey, block, bytes, drand round.",
        access: &SubnetLens::<(NetUidStorageIndex, u64), VecDeque<TimelockedCommit>> {
            get: |subnet, (mechid, epoch)| mechanism(subnet, *mechid)?.timelocked_commits.get(epoch).cloned(),
            rows: |subnet, each| {
                for (mechid, mechanism) in mechanisms(subnet) {
                    let commits = &mechanism.timelocked_commits;
                    commits.iter().for_each(|(epoch, queue)| each((mechid, *epoch), queue.clone()));
                }
            },
            set: |state, netuid, (mechid, epoch), value| {
                let commits = &mut mechanism_mut(state, netuid, mechid)?.timelocked_commits;
                match value {
                    Some(queue) => commits.insert(epoch, queue),
                    None => commits.remove(&epoch),
                };
                Ok(())
            },
            same: same_mechanisms,
            default: Some(VecDeque::new),
        },
    },
];
