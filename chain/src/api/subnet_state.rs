//! `SubnetInfoRuntimeApi.get_subnet_state`: what neurons have, as columns by uid.

use super::lists::packed;
use super::metagraph::{At, stakes};
use super::{View, runtime_api};
use crate::account::AccountId;
use crate::units::{AlphaRao, NetUid, Packed, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// Columns by uid, but for those that are empty because nothing computes them any more.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SubnetState {
    /// The subnet.
    pub netuid: Packed<NetUid>,
    /// Hotkeys.
    pub hotkeys: Vec<AccountId>,
    /// Their coldkeys.
    pub coldkeys: Vec<AccountId>,
    /// Whether each set weights lately.
    pub active: Vec<bool>,
    /// Whether each has a permit.
    pub validator_permit: Vec<bool>,
    /// Empty.
    pub pruning_score: Vec<Packed<u16>>,
    /// Block of the last weights of each.
    pub last_update: Vec<Packed<u64>>,
    /// What the last epoch gave to each.
    pub emission: Vec<Packed<AlphaRao>>,
    /// Dividends, shares of 65,535.
    pub dividends: Vec<Packed<u16>>,
    /// Incentive, shares of 65,535.
    pub incentives: Vec<Packed<u16>>,
    /// Consensus, shares of 65,535.
    pub consensus: Vec<Packed<u16>>,
    /// Empty.
    pub trust: Vec<Packed<u16>>,
    /// Empty.
    pub rank: Vec<Packed<u16>>,
    /// Block of registration of each.
    pub block_at_registration: Vec<Packed<u64>>,
    /// Alpha behind each, with that of its parents and without that of its children.
    pub alpha_stake: Vec<Packed<AlphaRao>>,
    /// Root stake behind each, likewise.
    pub tao_stake: Vec<Packed<Rao>>,
    /// What each weighs: alpha and weighted root stake.
    pub total_stake: Vec<Packed<Rao>>,
    /// A zero for each subnet and hotkey: nothing is kept any more.
    pub emission_history: Vec<Vec<Packed<AlphaRao>>>,
}

fn subnet_state(view: &View<'_>, netuid: NetUid) -> Option<SubnetState> {
    let at = At::new(view, netuid, 0)?;
    let (neurons, mechanism) = (&at.subnet.neurons, at.mechanism());
    Some(SubnetState {
        netuid: Packed(netuid),
        hotkeys: neurons.keys.clone(),
        coldkeys: at.coldkeys(),
        active: neurons.active.clone(),
        validator_permit: neurons.validator_permit.clone(),
        pruning_score: Vec::new(),
        last_update: mechanism.map_or_else(Vec::new, |mechanism| packed(&mechanism.last_update)),
        emission: packed(&neurons.emission),
        dividends: packed(&neurons.dividends),
        incentives: mechanism.map_or_else(Vec::new, |mechanism| packed(&mechanism.incentive)),
        consensus: packed(&neurons.consensus),
        trust: Vec::new(),
        rank: Vec::new(),
        block_at_registration: packed(&neurons.block_at_registration),
        alpha_stake: stakes(&at, |stake| stake.alpha),
        tao_stake: stakes(&at, |stake| stake.tao),
        total_stake: stakes(&at, |stake| Rao(stake.total.to_u64())),
        emission_history: view.netuids().map(|_| vec![Packed(AlphaRao::ZERO); neurons.n()]).collect(),
    })
}

runtime_api! { METHODS of SubnetInfoRuntimeApi:
    /// What the neurons of a subnet have, as columns by uid.
    get_subnet_state(netuid: NetUid) -> Option<SubnetState> = subnet_state;
}
