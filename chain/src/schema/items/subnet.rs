//! Subnets: existence, owner, schedule, what waits for the epoch, registration.

use super::{FOLLOWS, SUBTENSOR, put, unless_default};
use crate::account::AccountId;
use crate::math::fixed::U96F32;
use crate::schema::lens::SubnetLens;
use crate::schema::{Hasher, Item};
use crate::state::{Pending, Registration, Schedule, Subnet};
use crate::types::{LockState, SubnetIdentityOfV3};
use crate::units::{AlphaRao, NetUid, Rao};

/// A value that lies in a part of [`Subnet`] which has a `Default`.
macro_rules! of_subnet {
    ($name:literal, $default:ident => $($field:ident).+: $ty:ty, $unit:literal, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[Hasher::Identity],
            unit: $unit,
            doc: $doc,
            access: &SubnetLens::<(NetUid,), $ty> {
                get: |subnet, ()| unless_default(subnet.$($field).+, &of_subnet!(@default $default $($field).+)),
                rows: |subnet, each| {
                    if let Some(value) =
                        unless_default(subnet.$($field).+, &of_subnet!(@default $default $($field).+))
                    {
                        each((), value);
                    }
                },
                set: |state, netuid, (), value| {
                    let value = value.unwrap_or_else(|| of_subnet!(@default $default $($field).+));
                    state.subnet_mut(netuid).$($field).+ = value;
                    Ok(())
                },
                same: |before, after| before.$($field).+ == after.$($field).+,
                default: Some(|| of_subnet!(@default $default $($field).+)),
            },
        }
    };
    (@default $default:ident $part:ident.$field:ident) => { $default::default().$field };
    (@default $default:ident $field:ident) => { <$default>::default() };
}

/// An optional value.
macro_rules! optional {
    ($name:literal, $hasher:ident, $($field:ident).+: $ty:ty, $unit:literal, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[Hasher::$hasher],
            unit: $unit,
            doc: $doc,
            access: &SubnetLens::<(NetUid,), $ty> {
                get: |subnet, ()| subnet.$($field).+.clone(),
                rows: |subnet, each| {
                    if let Some(value) = &subnet.$($field).+ {
                        each((), value.clone());
                    }
                },
                set: |state, netuid, (), value| {
                    state.subnet_mut(netuid).$($field).+ = value;
                    Ok(())
                },
                same: |before, after| before.$($field).+ == after.$($field).+,
                default: None,
            },
        }
    };
}

/// The owner's coldkey or hotkey, and which subnets have a row of it.
macro_rules! owner {
    ($name:literal, $field:ident, $there:expr, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[Hasher::Identity],
            unit: "",
            doc: $doc,
            access: &SubnetLens::<(NetUid,), AccountId> {
                get: |subnet, ()| $there(subnet).then_some(subnet.$field),
                rows: |subnet, each| {
                    if $there(subnet) {
                        each((), subnet.$field);
                    }
                },
                set: |state, netuid, (), value| {
                    let subnet = state.subnet_mut(netuid);
                    subnet.$field = value.unwrap_or_default();
                    subnet.has_owner |= value.is_some();
                    Ok(())
                },
                same: |before, after| ($there(before), before.$field) == ($there(after), after.$field),
                default: Some(AccountId::zero),
            },
        }
    };
}

/// Subnet 1 of genesis belongs to nobody, which the chain says with a coldkey of zeros.
const fn has_owner_row(subnet: &Subnet) -> bool {
    subnet.has_owner || subnet.added
}
const fn has_owner(subnet: &Subnet) -> bool {
    subnet.has_owner
}

/// What the chain answers for a subnet without a symbol: a mathematical tau.
const NO_SYMBOL: [u8; 4] = [0xf0, 0x9d, 0x9c, 0x8f];

fn symbol(subnet: &Subnet) -> Option<Vec<u8>> {
    (!subnet.symbol.is_empty()).then(|| subnet.symbol.clone())
}

pub(super) static ITEMS: &[Item] = &[
    of_subnet!("NetworksAdded", bool => added: bool, "", "Whether the subnet exists."),
    Item {
        pallet: SUBTENSOR,
        name: "SubnetworkN",
        hashers: &[Hasher::Identity],
        unit: "",
        doc: "Number of neurons.",
        access: &SubnetLens::<(NetUid,), u16> {
            get: |subnet, ()| Some(u16::try_from(subnet.neurons.n()).unwrap_or(u16::MAX)),
            rows: |subnet, each| each((), u16::try_from(subnet.neurons.n()).unwrap_or(u16::MAX)),
            set: |_, _, (), _| Err(FOLLOWS),
            same: |before, after| before.neurons.n() == after.neurons.n(),
            default: Some(|| 0),
        },
    },
    owner!("SubnetOwner", owner, has_owner_row, "Coldkey of the owner."),
    owner!("SubnetOwnerHotkey", owner_hotkey, has_owner, "Hotkey of the owner."),
    Item {
        pallet: SUBTENSOR,
        name: "TokenSymbol",
        hashers: &[Hasher::Identity],
        unit: "UTF-8",
        doc: "Symbol of the alpha.",
        access: &SubnetLens::<(NetUid,), Vec<u8>> {
            get: |subnet, ()| symbol(subnet),
            rows: |subnet, each| {
                if let Some(symbol) = symbol(subnet) {
                    each((), symbol);
                }
            },
            set: |state, netuid, (), value| {
                state.subnet_mut(netuid).symbol = value.unwrap_or_default();
                Ok(())
            },
            same: |before, after| before.symbol == after.symbol,
            default: Some(|| NO_SYMBOL.to_vec()),
        },
    },
    optional!("SubnetIdentitiesV3", Blake2_128Concat, identity: SubnetIdentityOfV3, "", "Name, links and description."),
    of_subnet!("SubnetLocked", Rao => locked: Rao, "rao", "What the subnet cost."),
    of_subnet!("LargestLocked", u64 => largest_locked: u64, "rao", "Stored; no rule reads it."),
    of_subnet!("LastEpochBlock", Schedule => schedule.last_epoch_block: u64, "block", "The last epoch slot, run or skipped."),
    of_subnet!("PendingEpochAt", Schedule => schedule.pending_epoch_at: u64, "block", "A triggered or deferred epoch; 0 means none."),
    of_subnet!("SubnetEpochIndex", Schedule => schedule.epoch_index: u64, "", "Number of epoch slots so far."),
    of_subnet!("BlocksSinceLastStep", Schedule => schedule.blocks_since_last_step: u64, "blocks", "Time since the last epoch."),
    of_subnet!("LastMechansimStepBlock", Schedule => schedule.last_mechanism_step_block: u64, "block", "The last epoch (the chain's spelling)."),
    of_subnet!("NetworkRegisteredAt", Schedule => schedule.registered_at: u64, "block", "When the subnet was registered."),
    of_subnet!("RegisteredSubnetCounter", Schedule => schedule.registered_counter: u64, "", "How many subnets have had this netuid."),
    optional!("FirstEmissionBlockNumber", Identity, schedule.first_emission_block: u64, "block", "From here on the subnet emits; set by the start call."),
    of_subnet!("PendingServerEmission", Pending => pending.server: AlphaRao, "alpha rao", "Incentive that waits for the epoch."),
    of_subnet!("PendingValidatorEmission", Pending => pending.validator: AlphaRao, "alpha rao", "Dividends that wait for the epoch."),
    of_subnet!("PendingRootAlphaDivs", Pending => pending.root_divs: AlphaRao, "alpha rao", "Root dividends that wait for the epoch."),
    of_subnet!("PendingOwnerCut", Pending => pending.owner_cut: AlphaRao, "alpha rao", "The owner's cut that waits for the epoch."),
    of_subnet!("MinerBurned", Pending => pending.miner_burned: U96F32, "", "Share of the last incentive that was withheld."),
    of_subnet!("SubnetAlphaInEmission", Pending => pending.alpha_in_emission: AlphaRao, "alpha rao", "Alpha injected by the last block."),
    of_subnet!("SubnetAlphaOutEmission", Pending => pending.alpha_out_emission: AlphaRao, "alpha rao", "Alpha emitted by the last block."),
    of_subnet!("SubnetTaoInEmission", Pending => pending.tao_in_emission: Rao, "rao", "TAO injected by the last block."),
    of_subnet!("SubnetExcessTao", Pending => pending.excess_tao: Rao, "rao", "TAO of the last block that bought alpha."),
    of_subnet!("SubnetRootSellTao", Pending => pending.root_sell_tao: Rao, "rao", "TAO that sold root dividends brought."),
    of_subnet!("Burn", Registration => registration.burn: Rao, "rao", "Price of a slot."),
    of_subnet!("RegistrationsThisBlock", Registration => registration.this_block: u16, "", "Registrations of the running block."),
    of_subnet!("RegistrationsThisInterval", Registration => registration.this_interval: u16, "", "Registrations of the running interval."),
    of_subnet!("POWRegistrationsThisInterval", Registration => registration.pow_this_interval: u16, "", "Stored; no rule reads it."),
    of_subnet!("BurnRegistrationsThisInterval", Registration => registration.burn_this_interval: u16, "", "Stored; no rule reads it."),
    of_subnet!("LastAdjustmentBlock", Registration => registration.last_adjustment_block: u64, "block", "Stored; no rule reads it."),
    of_subnet!("RAORecycledForRegistration", Registration => registration.rao_recycled: Rao, "rao", "What registrations have paid."),
    optional!("OwnerLock", Identity, owner_lock: LockState, "", "Locks towards the owner's hotkey, together."),
    optional!("DecayingOwnerLock", Identity, decaying_owner_lock: LockState, "", "Decaying locks towards the owner's hotkey, together."),
    Item {
        pallet: SUBTENSOR,
        name: "LastHotkeySwapOnNetuid",
        hashers: &[Hasher::Identity, Hasher::Blake2_128Concat],
        unit: "block",
        doc: "When a coldkey swapped a hotkey here last.",
        access: &SubnetLens::<(NetUid, AccountId), u64> {
            get: |subnet, coldkey| subnet.last_hotkey_swap.get(coldkey).copied(),
            rows: |subnet, each| {
                subnet.last_hotkey_swap.iter().for_each(|(coldkey, block)| each(*coldkey, *block))
            },
            set: |state, netuid, coldkey, value| {
                put(&mut state.subnet_mut(netuid).last_hotkey_swap, coldkey, value);
                Ok(())
            },
            same: |before, after| before.last_hotkey_swap.same(&after.last_hotkey_swap),
            default: Some(|| 0),
        },
    },
];
