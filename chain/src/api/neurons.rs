//! `NeuronInfoRuntimeApi`: neurons one by one, with or without their weights and bonds.

use super::lists::at;
use super::{View, runtime_api};
use crate::account::AccountId;
use crate::runtime::shares;
use crate::state::{Mechanism, Subnet};
use crate::types::{AxonInfo, PrometheusInfo};
use crate::units::{AlphaRao, NetUid, Packed, Uid};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use std::sync::Arc;

/// A neuron of a subnet that exists.
struct Neuron<'a> {
    view: &'a View<'a>,
    subnet: &'a Subnet,
    /// The first mechanism, the one that older clients know.
    mechanism: Option<&'a Mechanism>,
    netuid: NetUid,
    uid: Uid,
    hotkey: AccountId,
    coldkey: AccountId,
}

/// Declares both forms of a neuron from one list of fields.
macro_rules! neuron_info {
    (both { $($name:ident: $ty:ty = $value:expr;)* } full { $($full:ident: $full_ty:ty = $full_value:expr;)* }
     last { $last:ident: $last_ty:ty = $last_value:expr; }) => {
        /// A neuron with its weights and bonds.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
        #[expect(missing_docs, reason = "each is named as the item it is about")]
        pub struct NeuronInfo {
            $(pub $name: $ty,)*
            $(pub $full: $full_ty,)*
            pub $last: $last_ty,
        }
        /// A neuron.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
        #[expect(missing_docs, reason = "each is named as the item it is about")]
        pub struct NeuronInfoLite {
            $(pub $name: $ty,)*
            pub $last: $last_ty,
        }
        /// How each field is read.
        mod read {
            use super::*;
            $(pub(super) fn $name(neuron: &Neuron<'_>) -> $ty {
                let read: fn(&Neuron<'_>) -> $ty = $value;
                read(neuron)
            })*
            $(pub(super) fn $full(neuron: &Neuron<'_>) -> $full_ty {
                let read: fn(&Neuron<'_>) -> $full_ty = $full_value;
                read(neuron)
            })*
        }
        impl From<&Neuron<'_>> for NeuronInfo {
            fn from(neuron: &Neuron<'_>) -> Self {
                Self { $($name: read::$name(neuron),)* $($full: read::$full(neuron),)* $last: $last_value }
            }
        }
        impl From<&Neuron<'_>> for NeuronInfoLite {
            fn from(neuron: &Neuron<'_>) -> Self {
                Self { $($name: read::$name(neuron),)* $last: $last_value }
            }
        }
    };
}

neuron_info! {
    both {
        hotkey: AccountId = |neuron| neuron.hotkey;
        coldkey: AccountId = |neuron| neuron.coldkey;
        uid: Packed<u16> = |neuron| Packed(neuron.uid);
        netuid: Packed<NetUid> = |neuron| Packed(neuron.netuid);
        active: bool = |neuron| at(&neuron.subnet.neurons.active, neuron.uid);
        axon_info: AxonInfo = |neuron| neuron.subnet.axons.get(&neuron.hotkey).cloned().unwrap_or_default();
        prometheus_info: PrometheusInfo =
            |neuron| neuron.subnet.prometheus.get(&neuron.hotkey).cloned().unwrap_or_default();
        // All stake behind the hotkey, under the name of its coldkey.
        stake: Vec<(AccountId, Packed<AlphaRao>)> = |neuron| {
            let stake = shares::hotkey_stake(neuron.view.state(), &neuron.hotkey, neuron.netuid);
            vec![(neuron.coldkey, Packed(stake))]
        };
        // Not computed any more.
        rank: Packed<u16> = |_| Packed(0);
        emission: Packed<AlphaRao> = |neuron| Packed(at(&neuron.subnet.neurons.emission, neuron.uid));
        incentive: Packed<u16> =
            |neuron| Packed(neuron.mechanism.map_or(0, |mechanism| at(&mechanism.incentive, neuron.uid)));
        consensus: Packed<u16> = |neuron| Packed(at(&neuron.subnet.neurons.consensus, neuron.uid));
        // Not computed any more.
        trust: Packed<u16> = |_| Packed(0);
        validator_trust: Packed<u16> = |neuron| Packed(at(&neuron.subnet.neurons.validator_trust, neuron.uid));
        dividends: Packed<u16> = |neuron| Packed(at(&neuron.subnet.neurons.dividends, neuron.uid));
        last_update: Packed<u64> =
            |neuron| Packed(neuron.mechanism.map_or(0, |mechanism| at(&mechanism.last_update, neuron.uid)));
        validator_permit: bool = |neuron| at(&neuron.subnet.neurons.validator_permit, neuron.uid);
    }
    full {
        weights: Vec<(Packed<u16>, Packed<u16>)> = |neuron| row(neuron, |mechanism| &mechanism.weights);
        bonds: Vec<(Packed<u16>, Packed<u16>)> = |neuron| row(neuron, |mechanism| &mechanism.bonds);
    }
    // Not computed any more: the highest, as if nobody were next to go.
    last { pruning_score: Packed<u16> = Packed(u16::MAX); }
}

type Rows = Vec<Arc<Vec<(u16, u16)>>>;

/// A neuron's row of weights or bonds, zeros left out.
fn row(neuron: &Neuron<'_>, rows: fn(&Mechanism) -> &Rows) -> Vec<(Packed<u16>, Packed<u16>)> {
    let row = neuron.mechanism.and_then(|mechanism| rows(mechanism).get(usize::from(neuron.uid)));
    let cells = row.into_iter().flat_map(|row| row.iter());
    cells.filter(|(_, value)| *value > 0).map(|(uid, value)| (Packed(*uid), Packed(*value))).collect()
}

fn all<T: for<'n> From<&'n Neuron<'n>>>(view: &View<'_>, netuid: NetUid) -> Vec<T> {
    let n = view.subnet(netuid).map_or(0, |subnet| subnet.neurons.n());
    (0..u16::try_from(n).unwrap_or(u16::MAX)).map_while(|uid| one(view, netuid, uid)).collect()
}

fn one<T: for<'n> From<&'n Neuron<'n>>>(view: &View<'_>, netuid: NetUid, uid: Uid) -> Option<T> {
    let subnet = view.subnet(netuid)?;
    let hotkey = *subnet.neurons.key_of(uid)?;
    let coldkey = view.state().owner_of(&hotkey).unwrap_or_default();
    let mechanism = subnet.mechanisms.first().map(Arc::as_ref);
    Some(T::from(&Neuron { view, subnet, mechanism, netuid, uid, hotkey, coldkey }))
}

runtime_api! { METHODS of NeuronInfoRuntimeApi:
    /// All neurons of a subnet with weights and bonds, by uid; none for a subnet that does not exist.
    get_neurons(netuid: NetUid) -> Vec<NeuronInfo> = all;
    /// One neuron with weights and bonds.
    get_neuron(netuid: NetUid, uid: u16) -> Option<NeuronInfo> = one;
    /// All neurons of a subnet, by uid; none for a subnet that does not exist.
    get_neurons_lite(netuid: NetUid) -> Vec<NeuronInfoLite> = all;
    /// One neuron.
    get_neuron_lite(netuid: NetUid, uid: u16) -> Option<NeuronInfoLite> = one;
}
