//! Staking with a limit price, and how much it allows.
//!
//! **Source**: spec/chain.md 6.3, 6.4, 6.6.

use super::staking::{self, Position, input_max, is_dynamic};
use super::unstake;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::math::fixed::U64F64;
use crate::pool::Side;
use crate::runtime::Exec;
use crate::runtime::swap::{self, Terms};
use crate::state::State;
use crate::units::{AlphaRao, NetUid, Rao, TAO};

/// The most TAO that can be staked before the price passes the limit.
///
/// # Errors
/// Those of the swap pallet, such as a limit below the price.
pub(crate) fn add_max(state: &State, netuid: NetUid, limit_price: u64) -> Result<u64, DispatchError> {
    let Some(subnet) = state.subnet(netuid).filter(|subnet| subnet.pool.is_dynamic()) else {
        return Ok(if limit_price >= TAO { u64::MAX } else { 0 });
    };
    filled(state, netuid, Side::Buy, input_max(subnet.pool.tao.get()), limit_price)
}

/// The most alpha that can be sold before the price passes the limit.
///
/// # Errors
/// Those of the swap pallet, such as a limit above the price.
pub(crate) fn remove_max(state: &State, netuid: NetUid, limit_price: u64) -> Result<u64, DispatchError> {
    let Some(subnet) = state.subnet(netuid).filter(|subnet| subnet.pool.is_dynamic()) else {
        return Ok(if limit_price <= TAO { u64::MAX } else { 0 });
    };
    filled(state, netuid, Side::Sell, input_max(subnet.pool.alpha_in.get()), limit_price)
}

fn filled(
    state: &State,
    netuid: NetUid,
    side: Side,
    amount: u64,
    limit_price: u64,
) -> Result<u64, DispatchError> {
    let terms = Terms { limit_price, drop_fees: false };
    let done = swap::quote(state, netuid, side, amount, terms)?;
    Ok(done.amount_paid_in.saturating_add(done.fee_paid))
}

pub(crate) fn add(
    exec: &mut Exec<'_>,
    position: Position,
    amount: Rao,
    limit_price: u64,
    allow_partial: bool,
) -> DispatchOutcome {
    staking::check_input(exec.state, position.netuid, Side::Buy, amount.get())?;
    let max = add_max(exec.state, position.netuid, limit_price)?;
    let possible = amount.min(Rao(max));
    staking::validate_add(exec.state, &position, amount, max, allow_partial)?;
    staking::delegate_if_foreign(exec, &position.coldkey, &position.hotkey);
    staking::stake_into(exec, &position, possible, Terms { limit_price, drop_fees: false })?;
    Ok(())
}

pub(crate) fn remove(
    exec: &mut Exec<'_>,
    position: Position,
    amount: AlphaRao,
    limit_price: u64,
    allow_partial: bool,
) -> DispatchOutcome {
    staking::check_input(exec.state, position.netuid, Side::Sell, amount.get())?;
    let max = remove_max(exec.state, position.netuid, limit_price)?;
    let possible = amount.min(AlphaRao(max));
    unstake::validate_remove(exec, &position, amount, max, allow_partial)?;
    let terms = Terms { limit_price, drop_fees: false };
    unstake::unstake_from(exec, &position, &position.coldkey, possible, terms)?;
    unstake::clear_small_nomination(exec, &position)?;
    unstake::drop_pending_children_below_threshold(exec, &position.hotkey);
    Ok(())
}

/// The most alpha that can move from one subnet to another while the ratio of their prices stays above the limit. A
/// constant-product estimate that knows neither weights nor fees, as on chain.
///
/// # Errors
/// Those of the swap pallet.
pub(crate) fn swap_max(
    state: &State,
    origin: NetUid,
    destination: NetUid,
    limit: u64,
) -> Result<u64, DispatchError> {
    match (is_dynamic(state, origin), is_dynamic(state, destination)) {
        (false, false) => Ok(if limit > TAO { 0 } else { u64::MAX }),
        (false, true) if limit == 0 => Ok(u64::MAX),
        (false, true) => {
            let tao = U64F64::from_u64(TAO);
            let price = tao.safe_div(U64F64::from_u64(limit)).saturating_mul(tao).to_u64();
            add_max(state, destination, price)
        }
        (true, false) => remove_max(state, origin, limit),
        (true, true) => Ok(between_pools(state, origin, destination, limit)),
    }
}

fn between_pools(state: &State, origin: NetUid, destination: NetUid, limit: u64) -> u64 {
    let (Some(from), Some(to)) = (state.subnet(origin), state.subnet(destination)) else { return 0 };
    let reserves = [from.pool.tao, to.pool.tao].map(|tao| U64F64::from_u64(tao.get()));
    let alphas = [from.pool.alpha_in, to.pool.alpha_in].map(|alpha| U64F64::from_u64(alpha.get()));
    if reserves.iter().chain(&alphas).any(|reserve| reserve.is_zero()) {
        return 0;
    }
    let ratio = from.pool.price().safe_div(to.pool.price());
    let limit_ratio = U64F64::from_u64(limit).safe_div(U64F64::from_u64(TAO));
    if limit_ratio > ratio {
        return 0;
    }
    if limit_ratio.is_zero() {
        return u64::MAX;
    }
    let [tao_1, tao_2] = reserves;
    let [alpha_1, alpha_2] = alphas;
    let sum = tao_1.saturating_add(tao_2);
    let gain = alpha_2.saturating_mul(tao_1.safe_div(sum)).safe_div(limit_ratio);
    gain.saturating_sub(alpha_1.saturating_mul(tao_2.safe_div(sum))).to_u64()
}

/// # Errors
/// `SlippageTooHigh` when all of it was asked for and the limit allows less.
pub(crate) fn check_slippage(amount: AlphaRao, max: u64, allow_partial: bool) -> DispatchOutcome {
    if !allow_partial && amount.get() > max { Err(E::SlippageTooHigh.into()) } else { Ok(()) }
}
