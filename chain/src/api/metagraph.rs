//! `SubnetInfoRuntimeApi`: the metagraph, whole or by chosen fields, of a subnet or of one of its mechanisms.

use super::hyperparams::{MAX_WEIGHTS_LIMIT, activity_cutoff};
use super::lists::{letters, packed};
use super::{View, names, runtime_api, subnets};
use crate::account::AccountId;
use crate::math::fixed::{I64F64, I96F32};
use crate::runtime::stake_weight::{self, StakeWeight};
use crate::state::{Mechanism, Subnet};
use crate::types::{AxonInfo, ChainIdentityOfV2, SubnetIdentityOfV3};
use crate::units::{AlphaRao, MechId, NetUid, NetUidStorageIndex, Packed, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use std::cell::OnceCell;
use std::sync::Arc;

/// A mechanism of a subnet that exists, seen from a block.
pub(super) struct At<'a> {
    view: &'a View<'a>,
    netuid: NetUid,
    mechid: MechId,
    pub(super) subnet: &'a Subnet,
    stakes: OnceCell<Vec<StakeWeight>>,
}

impl<'a> At<'a> {
    pub(super) fn new(view: &'a View<'a>, netuid: NetUid, mechid: MechId) -> Option<Self> {
        let subnet = view.subnet(netuid)?;
        Some(Self { view, netuid, mechid, subnet, stakes: OnceCell::new() })
    }
    pub(super) fn mechanism(&self) -> Option<&'a Mechanism> {
        self.subnet.mechanisms.get(usize::from(self.mechid)).map(Arc::as_ref)
    }
    pub(super) fn coldkeys(&self) -> Vec<AccountId> {
        self.hotkeys().map(|hotkey| self.view.state().owner_of(hotkey).unwrap_or_default()).collect()
    }
    fn hotkeys(&self) -> impl Iterator<Item = &'a AccountId> + use<'a> {
        self.subnet.neurons.keys.iter()
    }
    /// What the stake of each neuron weighs; computed when first asked for.
    fn stakes(&self) -> &[StakeWeight] {
        self.stakes.get_or_init(|| {
            let tao_weight: I64F64 = stake_weight::tao_weight(self.view.state()).to_fixed();
            let of = |hotkey| stake_weight::weigh(self.view.state(), hotkey, self.netuid, tao_weight);
            self.hotkeys().map(of).collect()
        })
    }
}

/// A column of the neurons' stakes.
pub(super) fn stakes<T>(at: &At<'_>, part: fn(&StakeWeight) -> T) -> Vec<Packed<T>> {
    at.stakes().iter().map(part).map(Packed).collect()
}

/// Declares the metagraph, and the same with only what was asked for, from one list of fields.
///
/// The number of a field is its place; `selective` ones are not in the whole metagraph.
macro_rules! metagraph {
    (both { $($name:ident: $ty:ty = $value:expr;)* }
     selective { $($only:ident: $only_ty:ty = $only_value:expr;)* }
     both { $($last:ident: $last_ty:ty = $last_value:expr;)* }) => {
        /// A subnet with all its neurons.
        ///
        /// **Shape**: columns have one entry per uid, but for those that are empty because nothing computes them any
        /// more.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
        #[expect(missing_docs, reason = "each is named as the item it is about")]
        pub struct Metagraph {
            pub netuid: Packed<NetUid>,
            $(pub $name: $ty,)*
            $(pub $last: $last_ty,)*
        }
        /// What was asked for of a metagraph, `None` for the rest.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
        #[expect(missing_docs, reason = "each is named as the item it is about")]
        pub struct SelectiveMetagraph {
            pub netuid: Packed<NetUid>,
            $(pub $name: Option<$ty>,)*
            $(pub $only: Option<$only_ty>,)*
            $(pub $last: Option<$last_ty>,)*
        }
        /// The numbers of the fields.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the fields are")]
        #[derive(Clone, Copy)]
        enum Field { netuid, $($name,)* $($only,)* $($last,)* }

        impl Metagraph {
            fn of(at: &At<'_>, netuid: NetUid) -> Self {
                Self {
                    netuid: Packed(netuid),
                    $($name: ($value as fn(&At<'_>) -> $ty)(at),)*
                    $($last: ($last_value as fn(&At<'_>) -> $last_ty)(at),)*
                }
            }
        }
        impl SelectiveMetagraph {
            fn of(at: &At<'_>, netuid: NetUid, fields: &[u16]) -> Self {
                let asked = |field: Field| fields.contains(&(field as u16));
                Self {
                    netuid: Packed(netuid),
                    $($name: asked(Field::$name).then(|| ($value as fn(&At<'_>) -> $ty)(at)),)*
                    $($only: asked(Field::$only).then(|| ($only_value as fn(&At<'_>) -> $only_ty)(at)),)*
                    $($last: asked(Field::$last).then(|| ($last_value as fn(&At<'_>) -> $last_ty)(at)),)*
                }
            }
        }
    };
}

metagraph! {
    both {
        name: Vec<Packed<u8>> = |at| letters(&names::name(at.netuid, at.subnet));
        symbol: Vec<Packed<u8>> = |at| letters(&at.subnet.symbol);
        identity: Option<SubnetIdentityOfV3> = |at| at.subnet.identity.clone();
        network_registered_at: Packed<u64> = |at| Packed(at.subnet.schedule.registered_at);
        owner_hotkey: AccountId = |at| at.subnet.owner_hotkey;
        owner_coldkey: AccountId = |at| at.subnet.owner;
        block: Packed<u64> = |at| Packed(at.view.now());
        tempo: Packed<u16> = |at| Packed(at.subnet.params.tempo);
        last_step: Packed<u64> = |at| Packed(at.subnet.schedule.last_mechanism_step_block);
        blocks_since_last_step: Packed<u64> =
            |at| Packed(at.view.now().saturating_sub(at.subnet.schedule.last_mechanism_step_block));
        // Not computed any more.
        subnet_emission: Packed<u64> = |_| Packed(0);
        alpha_in: Packed<AlphaRao> = |at| Packed(at.subnet.pool.alpha_in);
        alpha_out: Packed<AlphaRao> = |at| Packed(at.subnet.pool.alpha_out);
        tao_in: Packed<Rao> = |at| Packed(at.subnet.pool.tao);
        alpha_out_emission: Packed<AlphaRao> = |at| Packed(at.subnet.pending.alpha_out_emission);
        alpha_in_emission: Packed<AlphaRao> = |at| Packed(at.subnet.pending.alpha_in_emission);
        tao_in_emission: Packed<Rao> = |at| Packed(at.subnet.pending.tao_in_emission);
        pending_alpha_emission: Packed<AlphaRao> = |at| Packed(subnets::pending_alpha(at.subnet));
        // Root is paid in alpha.
        pending_root_emission: Packed<Rao> = |_| Packed(Rao::ZERO);
        subnet_volume: Packed<u128> = |at| Packed(at.subnet.pool.volume);
        moving_price: I96F32 = |at| at.subnet.pool.moving_price;
        rho: Packed<u16> = |at| Packed(at.subnet.params.rho);
        kappa: Packed<u16> = |at| Packed(at.subnet.params.kappa);
        min_allowed_weights: Packed<u16> = |at| Packed(at.subnet.params.min_allowed_weights);
        max_weights_limit: Packed<u16> = |_| Packed(MAX_WEIGHTS_LIMIT);
        weights_version: Packed<u64> = |at| Packed(at.subnet.params.weights_version_key);
        weights_rate_limit: Packed<u64> = |at| Packed(at.subnet.params.weights_set_rate_limit);
        activity_cutoff: Packed<u64> = |at| Packed(activity_cutoff(&at.subnet.params));
        max_validators: Packed<u16> = |at| Packed(at.subnet.params.max_allowed_validators);
        num_uids: Packed<u16> = |at| Packed(subnets::n(at.subnet));
        max_uids: Packed<u16> = |at| Packed(at.subnet.params.max_allowed_uids);
        burn: Packed<Rao> = |at| Packed(at.subnet.registration.burn);
        difficulty: Packed<u64> = |at| Packed(at.subnet.params.difficulty);
        registration_allowed: bool = |at| at.subnet.params.registration_allowed;
        pow_registration_allowed: bool = |at| at.subnet.params.pow_registration_allowed;
        immunity_period: Packed<u16> = |at| Packed(at.subnet.params.immunity_period);
        min_difficulty: Packed<u64> = |at| Packed(at.subnet.params.min_difficulty);
        max_difficulty: Packed<u64> = |at| Packed(at.subnet.params.max_difficulty);
        min_burn: Packed<Rao> = |at| Packed(at.subnet.params.min_burn);
        max_burn: Packed<Rao> = |at| Packed(at.subnet.params.max_burn);
        adjustment_alpha: Packed<u64> = |at| Packed(at.subnet.params.adjustment_alpha);
        adjustment_interval: Packed<u16> = |at| Packed(at.subnet.params.adjustment_interval);
        target_regs_per_interval: Packed<u16> = |at| Packed(at.subnet.params.target_registrations_per_interval);
        max_regs_per_block: Packed<u16> = |at| Packed(at.subnet.params.max_registrations_per_block);
        serving_rate_limit: Packed<u64> = |at| Packed(at.subnet.params.serving_rate_limit);
        commit_reveal_weights_enabled: bool = |at| at.subnet.params.commit_reveal_weights_enabled;
        commit_reveal_period: Packed<u64> = |at| Packed(at.subnet.params.reveal_period_epochs);
        liquid_alpha_enabled: bool = |at| at.subnet.params.liquid_alpha_on;
        alpha_high: Packed<u16> = |at| Packed(at.subnet.params.alpha_values.1);
        alpha_low: Packed<u16> = |at| Packed(at.subnet.params.alpha_values.0);
        bonds_moving_avg: Packed<u64> = |at| Packed(at.subnet.params.bonds_moving_average);
        hotkeys: Vec<AccountId> = |at| at.subnet.neurons.keys.clone();
        coldkeys: Vec<AccountId> = |at| at.coldkeys();
        identities: Vec<Option<ChainIdentityOfV2>> = |at| {
            let coldkeys = at.coldkeys().into_iter();
            coldkeys.map(|coldkey| at.view.state().coldkey(&coldkey)?.identity.clone()).collect()
        };
        axons: Vec<AxonInfo> =
            |at| at.hotkeys().map(|hotkey| at.subnet.axons.get(hotkey).cloned().unwrap_or_default()).collect();
        active: Vec<bool> = |at| at.subnet.neurons.active.clone();
        validator_permit: Vec<bool> = |at| at.subnet.neurons.validator_permit.clone();
        // Not computed any more, like trust and rank.
        pruning_score: Vec<Packed<u16>> = |_| Vec::new();
        last_update: Vec<Packed<u64>> =
            |at| at.mechanism().map_or_else(Vec::new, |mechanism| packed(&mechanism.last_update));
        emission: Vec<Packed<AlphaRao>> = |at| packed(&at.subnet.neurons.emission);
        dividends: Vec<Packed<u16>> = |at| packed(&at.subnet.neurons.dividends);
        incentives: Vec<Packed<u16>> =
            |at| at.mechanism().map_or_else(Vec::new, |mechanism| packed(&mechanism.incentive));
        consensus: Vec<Packed<u16>> = |at| packed(&at.subnet.neurons.consensus);
        trust: Vec<Packed<u16>> = |_| Vec::new();
        rank: Vec<Packed<u16>> = |_| Vec::new();
        block_at_registration: Vec<Packed<u64>> = |at| packed(&at.subnet.neurons.block_at_registration);
        alpha_stake: Vec<Packed<AlphaRao>> = |at| stakes(at, |stake| stake.alpha);
        tao_stake: Vec<Packed<Rao>> = |at| stakes(at, |stake| stake.tao);
        total_stake: Vec<Packed<Rao>> = |at| stakes(at, |stake| Rao(stake.total.to_u64()));
        // Root is paid in alpha.
        tao_dividends_per_hotkey: Vec<(AccountId, Packed<Rao>)> =
            |at| at.hotkeys().map(|hotkey| (*hotkey, Packed(Rao::ZERO))).collect();
        alpha_dividends_per_hotkey: Vec<(AccountId, Packed<AlphaRao>)> = |at| {
            let dividends = |hotkey| at.subnet.alpha_dividends.get(hotkey).copied().unwrap_or_default();
            at.hotkeys().map(|hotkey| (*hotkey, Packed(dividends(hotkey)))).collect()
        };
    }
    selective {
        validators: Vec<Packed<u16>> = validators;
        commitments: Vec<(AccountId, Vec<Packed<u8>>)> = commitments;
    }
    both {
        // Not modelled: no miner has collateral.
        collateral_locked: Vec<Packed<AlphaRao>> = nothing_each;
        collateral_min: Vec<Packed<AlphaRao>> = nothing_each;
        collateral_earned: Vec<Packed<AlphaRao>> = nothing_each;
    }
}

fn nothing_each(at: &At<'_>) -> Vec<Packed<AlphaRao>> {
    vec![Packed(AlphaRao::ZERO); at.subnet.neurons.n()]
}

/// Uids with a permit and more than the least stake, the one with the least first.
fn validators(at: &At<'_>) -> Vec<Packed<u16>> {
    let least = I64F64::saturating_from_u64(at.view.state().globals.stake_threshold);
    let rows = (0..).zip(&at.subnet.neurons.validator_permit).zip(at.stakes());
    let permitted = rows.filter(|((_, permit), stake)| **permit && stake.total > least);
    let mut validators: Vec<(u16, I64F64)> = permitted.map(|((uid, _), stake)| (uid, stake.total)).collect();
    validators.sort_by_key(|(_, stake)| *stake);
    validators.into_iter().map(|(uid, _)| Packed(uid)).collect()
}

/// What accounts have published on the subnet, each as its stored bytes.
fn commitments(at: &At<'_>) -> Vec<(AccountId, Vec<Packed<u8>>)> {
    let rows = at.view.state().commitments.rows.iter().filter(|((netuid, _), _)| *netuid == at.netuid);
    let rows = rows.filter_map(|((_, who), row)| Some((*who, letters(&row.registration.as_ref()?.encode()))));
    rows.collect()
}

pub(crate) fn whole(view: &View<'_>, netuid: NetUid) -> Option<Metagraph> {
    At::new(view, netuid, 0).map(|at| Metagraph::of(&at, netuid))
}

/// A mechanism's metagraph bears the number by which its rows are stored.
fn mechagraph(view: &View<'_>, netuid: NetUid, mecid: MechId) -> Option<Metagraph> {
    let at = At::new(view, netuid, mecid).filter(|at| at.subnet.params.mechanism_count > mecid)?;
    Some(Metagraph::of(&at, NetUid(NetUidStorageIndex::new(netuid, mecid).0)))
}

fn mechagraphs(view: &View<'_>) -> Vec<Option<Metagraph>> {
    let count = |netuid| view.subnet(netuid).map_or(0, |subnet| subnet.params.mechanism_count);
    let all = view.netuids().flat_map(|netuid| (0..count(netuid)).map(move |mecid| (netuid, mecid)));
    all.map(|(netuid, mecid)| mechagraph(view, netuid, mecid)).collect()
}

/// As on chain, `netuid` is that of root unless it is asked for.
fn selective(view: &View<'_>, netuid: NetUid, fields: &[u16]) -> Option<SelectiveMetagraph> {
    let shown = if fields.contains(&(Field::netuid as u16)) { netuid } else { NetUid::ROOT };
    At::new(view, netuid, 0).map(|at| SelectiveMetagraph::of(&at, shown, fields))
}

/// `netuid` is always there. A mechanism that does not exist has no incentive and no last update.
fn selective_mechagraph(
    view: &View<'_>,
    netuid: NetUid,
    mecid: MechId,
    fields: &[u16],
) -> Option<SelectiveMetagraph> {
    At::new(view, netuid, mecid).map(|at| SelectiveMetagraph::of(&at, netuid, fields))
}

runtime_api! { METHODS of SubnetInfoRuntimeApi:
    /// The metagraphs of all subnets, in the order in which the chain iterates them.
    get_all_metagraphs() -> Vec<Option<Metagraph>> =
        |view| view.netuids().map(|netuid| whole(view, netuid)).collect();
    /// The metagraph of a subnet.
    get_metagraph(netuid: NetUid) -> Option<Metagraph> = whole;
    /// The metagraphs of all mechanisms of all subnets.
    get_all_mechagraphs() -> Vec<Option<Metagraph>> = mechagraphs;
    /// The metagraph of a mechanism.
    get_mechagraph(netuid: NetUid, mecid: MechId) -> Option<Metagraph> = mechagraph;
    /// Chosen fields of a subnet's metagraph, by their numbers.
    get_selective_metagraph(netuid: NetUid, metagraph_indexes: Vec<u16>) -> Option<SelectiveMetagraph> =
        |view, netuid, fields| selective(view, netuid, &fields);
    /// Chosen fields of a mechanism's metagraph, by their numbers.
    get_selective_mechagraph(netuid: NetUid, subid: MechId, metagraph_indexes: Vec<u16>)
        -> Option<SelectiveMetagraph> =
        |view, netuid, mecid, fields| selective_mechagraph(view, netuid, mecid, &fields);
}
