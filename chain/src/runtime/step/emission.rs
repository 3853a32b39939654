//! How much is emitted, and which subnet gets which share of it.
//!
//! **Source**: spec/chain.md 3, 4.2, 4.4, 4.5.

use super::shares;
use crate::economics::EmissionRule;
use crate::emission_schedule;
use crate::math::fixed::{I64F64, U64F64, U96F32};
use crate::runtime::{stake_weight, swap};
use crate::state::{Pool, State, Subnet};
use crate::units::{AlphaRao, BlockNumber, NetUid, Rao};

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
    RootStake::of(state)
        .proportion(state.subnet(netuid).map_or(AlphaRao::ZERO, |row| row.pool.alpha_issuance()))
}

/// Root's stake as it weighs beside alpha. It is the same for all subnets until a swap moves root's TAO.
#[derive(Clone, Copy, Debug)]
pub(super) struct RootStake(U96F32);

impl RootStake {
    pub(super) fn of(state: &State) -> Self {
        let tao = state.subnet(NetUid::ROOT).map_or(Rao::ZERO, |root| root.pool.tao);
        Self(U96F32::from_u64(tao.get()).saturating_mul(stake_weight::tao_weight(state)))
    }

    /// [`root_proportion`] of a subnet with so much alpha.
    pub(super) fn proportion(self, alpha: AlphaRao) -> U96F32 {
        self.0.safe_div(self.0.saturating_add(U96F32::from_u64(alpha.get())))
    }
}

impl Candidate {
    pub(super) fn new(netuid: NetUid, subnet: &Subnet) -> Self {
        Self {
            netuid,
            price: swap::moving_price_of(netuid, subnet),
            burned: subnet.pending.miner_burned.to_fixed(),
            enabled: subnet.params.emission_enabled,
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
    let (minted, root) = (U64F64::from_u64(minted.get()), RootStake::of(state));
    for candidate in candidates {
        let tao = minted.saturating_mul(candidate.share).to_fixed::<U96F32>();
        let pool = state.subnet(candidate.netuid).map(|subnet| &subnet.pool);
        let issued = pool.map_or(AlphaRao::ZERO, Pool::alpha_issuance);
        let price = pool.map_or(U64F64::ONE, Pool::price).to_fixed::<U96F32>();
        let alpha_out = U96F32::from_u64(block_emission(state, issued.get()));
        let alpha_in = tao.safe_div(price);
        let cap = root.proportion(issued).saturating_mul(alpha_out);
        let (alpha_in, tao_in) =
            if alpha_in > cap { (cap, cap.saturating_mul(price)) } else { (alpha_in, tao) };
        candidate.terms = Terms { tao_in, alpha_in, excess: tao.saturating_sub(tao_in), alpha_out };
    }
}
