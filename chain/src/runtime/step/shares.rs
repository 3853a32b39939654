//! Which subnet gets which share of a block's TAO, under each rule of the network's history.
//!
//! **Source**: spec/chain.md 4 (history), 4.2, 4.8.

use super::emission::Candidate;
use crate::math::fixed::{I32F32, I64F64, U64F64};
use crate::math::transcendental::{exp, ln};
use crate::runtime::shares;
use crate::state::{Pool, State, Subnet};
use crate::units::{BlockNumber, NetUid};

/// By moving price; if asked to, less what was withheld from miners.
pub(super) fn by_price(candidates: &mut [Candidate], unburned: bool) {
    let prices = sum(candidates.iter().map(|candidate| candidate.price));
    for candidate in &mut *candidates {
        candidate.share = candidate.price.safe_div(prices);
    }
    if !unburned {
        return;
    }
    let kept = |candidate: &Candidate| {
        candidate.share.saturating_mul(U64F64::ONE.saturating_sub(candidate.burned.min(U64F64::ONE)))
    };
    let total = sum(candidates.iter().map(kept));
    if !total.is_zero() {
        for candidate in &mut *candidates {
            candidate.share = kept(candidate).safe_div(total);
        }
    }
}

/// By the moving average of TAO that came in, above the cutoff and the worst outflow; with `net`, after what the
/// chain brought in itself.
///
/// The rule decides whether the chain's part counts; the chain's switch `NetTaoFlowEnabled` is not asked.
pub(super) fn by_flow(state: &mut State, candidates: &mut [Candidate], now: BlockNumber, net: bool) {
    let smoothing = I64F64::saturating_from_u64(state.globals.flow_ema_smoothing_factor)
        .safe_div(I64F64::saturating_from_i64(i64::MAX));
    let (mut users, mut protocol) = (I64F64::ZERO, I64F64::ZERO);
    for candidate in &mut *candidates {
        let pool = &mut state.subnet_mut(candidate.netuid).pool;
        average_flows(pool, now, smoothing);
        users = users.saturating_add(user_flow(pool).max(I64F64::ZERO));
        protocol = protocol.saturating_add(protocol_flow(pool).max(I64F64::ZERO));
    }
    let weight = users.saturating_div(protocol).min(I64F64::ONE);
    for candidate in &mut *candidates {
        let Some(subnet) = state.subnet(candidate.netuid) else { continue };
        candidate.flow = user_flow(&subnet.pool);
        if net {
            let own = protocol_flow(&subnet.pool);
            let own = if own > I64F64::ZERO { weight.saturating_mul(own) } else { own };
            candidate.flow = candidate.flow.saturating_sub(own);
        }
    }
    let least = candidates.iter().map(|candidate| candidate.flow).min().unwrap_or_default();
    let floor = state.globals.tao_flow_cutoff.max(least.min(I64F64::ZERO));
    let above = |candidate: &Candidate| candidate.flow.saturating_sub(floor).max(I64F64::ZERO);
    let most = candidates.iter().map(above).max().unwrap_or_default();
    let exponent = state.globals.flow_norm_exponent.to_fixed();
    for candidate in &mut *candidates {
        candidate.share = power(above(candidate).saturating_div(most).to_fixed(), exponent);
    }
    normalise(candidates);
}

/// By the votes of root's members: rank times a sigmoid of trust.
pub(super) fn by_votes(state: &State, candidates: &mut [Candidate]) {
    for candidate in &mut *candidates {
        (candidate.share, candidate.trust) = (U64F64::ZERO, U64F64::ZERO);
    }
    let Some(root) = state.subnet(NetUid::ROOT) else { return };
    let stakes = || root.neurons.keys.iter().map(|key| shares::hotkey_stake(state, key, NetUid::ROOT).get());
    let total = U64F64::from_u64(stakes().fold(0, u64::saturating_add));
    let rows = root.mechanisms.first().map_or(&[][..], |mechanism| &mechanism.weights);
    for (stake, row) in stakes().zip(rows) {
        let stake = U64F64::from_u64(stake).safe_div(total);
        let whole = U64F64::from_u64(row.iter().map(|(_, weight)| u64::from(*weight)).sum());
        for (netuid, weight) in row.iter().filter(|(_, weight)| *weight > 0) {
            // Candidates stand in the order of their netuids.
            let place = candidates.binary_search_by_key(&NetUid(*netuid), |candidate| candidate.netuid);
            if let Some(candidate) = place.ok().and_then(|place| candidates.get_mut(place)) {
                let part = U64F64::from_u64((*weight).into()).safe_div(whole);
                candidate.share = candidate.share.saturating_add(stake.saturating_mul(part));
                candidate.trust = candidate.trust.saturating_add(stake);
            }
        }
    }
    for candidate in &mut *candidates {
        candidate.share = candidate.share.saturating_mul(consensus(root, candidate.trust));
    }
    normalise(candidates);
}

/// What is switched off gets nothing, and the others share it.
pub(super) fn only_enabled(candidates: &mut [Candidate]) {
    if candidates.iter().all(|candidate| candidate.enabled) {
        return;
    }
    let total = sum(candidates.iter().filter(|candidate| candidate.enabled).map(|candidate| candidate.share));
    for candidate in candidates {
        candidate.share = if candidate.enabled { candidate.share.safe_div(total) } else { U64F64::ZERO };
    }
}

/// Moves both averages by a block's flows and begins to count anew. An average begins at zero.
fn average_flows(pool: &mut Pool, now: BlockNumber, smoothing: I64F64) {
    let moved = |average: Option<(u64, I64F64)>, flow: i64| {
        let before = average.map_or(I64F64::ZERO, |(_, average)| average);
        let kept = I64F64::ONE.saturating_sub(smoothing).saturating_mul(before);
        Some((now, kept.saturating_add(smoothing.saturating_mul(I64F64::saturating_from_i64(flow)))))
    };
    pool.ema_tao_flow = moved(pool.ema_tao_flow, pool.tao_flow);
    pool.ema_protocol_flow = moved(pool.ema_protocol_flow, pool.protocol_flow);
    pool.tao_flow = 0;
    pool.protocol_flow = 0;
}

fn user_flow(pool: &Pool) -> I64F64 {
    pool.ema_tao_flow.map_or(I64F64::ZERO, |(_, average)| average)
}

fn protocol_flow(pool: &Pool) -> I64F64 {
    pool.ema_protocol_flow.map_or(I64F64::ZERO, |(_, average)| average)
}

/// base^exponent as the chain computes it, `exp(exponent * ln(base))` in 32 bits; zero for what rounds to zero.
fn power(base: I32F32, exponent: I32F32) -> U64F64 {
    let Some(logarithm) = ln(base) else { return U64F64::ZERO };
    exp(exponent.saturating_mul(logarithm)).unwrap_or(I32F32::MAX).to_fixed()
}

/// `1 / (1 + exp(-rho (trust - kappa)))` with root's rho and kappa.
fn consensus(root: &Subnet, trust: U64F64) -> U64F64 {
    let whole = |value: u16| I32F32::saturating_from_u64(value.into());
    let kappa = whole(root.params.kappa).safe_div(whole(u16::MAX));
    let distance = trust.to_fixed::<I32F32>().saturating_sub(kappa);
    let against = exp(whole(root.params.rho).saturating_mul(distance).saturating_neg());
    // An exponential that does not fit leaves nothing of the share.
    against
        .map_or(U64F64::ZERO, |against| U64F64::ONE.safe_div(U64F64::ONE.saturating_add(against.to_fixed())))
}

fn normalise(candidates: &mut [Candidate]) {
    let total = sum(candidates.iter().map(|candidate| candidate.share));
    for candidate in candidates {
        candidate.share = candidate.share.safe_div(total);
    }
}

/// A sum of shares or prices.
pub(super) fn sum(parts: impl Iterator<Item = U64F64>) -> U64F64 {
    parts.fold(U64F64::ZERO, U64F64::saturating_add)
}
