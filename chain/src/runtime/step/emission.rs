//! How much is emitted, and which subnet gets which share of it.
//!
//! **Source**: spec/chain.md 3, 4.2, 4.4, 4.5.

use super::shares;
use crate::economics::EmissionRule;
use crate::emission_schedule;
use crate::math::fixed::{I64F64, U64F64, U96F32};
use crate::runtime::{stake_weight, swap};
use crate::state::State;
use crate::units::{BlockNumber, NetUid, Rao};

/// One subnet that takes part in a block's emission.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Which.
    pub(super) netuid: NetUid,
    /// Moving price.
    pub(super) price: U64F64,
    /// Share of its last incentive that was withheld from the owner's miners.
    pub(super) burned: U64F64,
    /// `SubnetEmissionEnabled`.
    pub(super) enabled: bool,
    /// Part of the block's TAO, in parts of one.
    pub(super) share: U64F64,
    /// Under the rules of flow: average of TAO that came in.
    pub(super) flow: I64F64,
    /// Under root's votes: part of root's stake that votes for it.
    pub(super) trust: U64F64,
    /// What the block brings it.
    pub(super) terms: Terms,
}

/// What a block brings one subnet (spec/chain.md 4.4), in rao with 32 fraction bits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terms {
    /// TAO that goes into the reserve.
    pub(super) tao_in: U96F32,
    /// Alpha that goes into the reserve.
    pub(super) alpha_in: U96F32,
    /// TAO that buys alpha.
    pub(super) excess: U96F32,
    /// Alpha for participants.
    pub(super) alpha_out: U96F32,
}

/// Emission of one block, given what has been issued of TAO or of one alpha; leaves it in `BlockEmission`, as every
/// evaluation on the chain does.
pub fn block_emission(state: &mut State, issuance: u64) -> u64 {
    let emission = state.economics.halving.emission(issuance);
    let exhausted = issuance >= emission_schedule::TOTAL_SUPPLY;
    if !exhausted && state.globals.block_emission != emission {
        state.globals_mut().block_emission = emission;
    }
    emission
}

/// How much root stake counts beside a subnet's alpha: the part of its dividends that goes to root.
pub fn root_proportion(state: &State, netuid: NetUid) -> U96F32 {
    let root = state.subnet(NetUid::ROOT).map_or(Rao::ZERO, |root| root.pool.tao);
    let alpha = state.subnet(netuid).map_or(0, |subnet| subnet.pool.alpha_issuance().get());
    let root = U96F32::from_u64(root.get()).saturating_mul(stake_weight::tao_weight(state));
    root.safe_div(root.saturating_add(U96F32::from_u64(alpha)))
}

impl Candidate {
    pub(super) fn new(state: &State, netuid: NetUid) -> Self {
        let (burned, enabled) = state.subnet(netuid).map_or((U96F32::ZERO, false), |subnet| {
            (subnet.pending.miner_burned, subnet.params.emission_enabled)
        });
        Self {
            netuid,
            price: swap::moving_price(state, netuid),
            burned: burned.to_fixed(),
            enabled,
            share: U64F64::ZERO,
            flow: I64F64::ZERO,
            trust: U64F64::ZERO,
            terms: Terms::default(),
        }
    }
}

/// Whether root dividends are sold: the moving prices sum to more than one.
pub(super) fn root_sell_flag(candidates: &[Candidate]) -> bool {
    shares::sum(candidates.iter().map(|candidate| candidate.price)) > U64F64::ONE
}

/// Sets each candidate's share by the rule in force, over the enabled ones.
pub(super) fn share_out(
    state: &mut State,
    rule: EmissionRule,
    now: BlockNumber,
    candidates: &mut [Candidate],
) {
    match rule {
        EmissionRule::PriceEmaTimesUnburned => shares::by_price(candidates, true),
        EmissionRule::PriceEma => shares::by_price(candidates, false),
        EmissionRule::TaoFlow => shares::by_flow(state, candidates, now, false),
        EmissionRule::NetTaoFlow => shares::by_flow(state, candidates, now, true),
        EmissionRule::RootVotes => shares::by_votes(state, candidates),
    }
    shares::only_enabled(candidates);
}

/// Sets what a block that mints `minted` brings each candidate.
pub(super) fn set_terms(state: &mut State, candidates: &mut [Candidate], minted: Rao) {
    for candidate in candidates {
        let (netuid, share) = (candidate.netuid, candidate.share);
        let tao = U64F64::from_u64(minted.get()).saturating_mul(share).to_fixed::<U96F32>();
        let issued = state.subnet(netuid).map_or(0, |subnet| subnet.pool.alpha_issuance().get());
        let alpha_out = U96F32::from_u64(block_emission(state, issued));
        let price = swap::price(state, netuid).to_fixed::<U96F32>();
        let alpha_in = tao.safe_div(price);
        let cap = root_proportion(state, netuid).saturating_mul(alpha_out);
        let (alpha_in, tao_in) =
            if alpha_in > cap { (cap, cap.saturating_mul(price)) } else { (alpha_in, tao) };
        candidate.terms = Terms { tao_in, alpha_in, excess: tao.saturating_sub(tao_in), alpha_out };
    }
}
