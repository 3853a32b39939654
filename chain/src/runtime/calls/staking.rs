//! Adding stake, and the parts that every stake call shares.
//!
//! **Source**: spec/chain.md 6.2, 6.3.

use super::{delegates, limits, moves, not_modelled, unstake};
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::pool::Side;
use crate::runtime::dispatch::Origin;
use crate::runtime::swap::{self, Terms};
use crate::runtime::{Exec, locks, shares, tao};
use crate::state::State;
use crate::units::{AlphaRao, NetUid, Rao};

/// The least stake that a call may move.
///
/// **Units**: rao.
pub(crate) const MIN_STAKE: u64 = 2_000_000;
/// A pool takes at most this many times its reserve in one swap.
const INPUT_MAX_RESERVES: u64 = 1_000;

/// Whose stake, behind whom, where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Behind whom.
    pub hotkey: AccountId,
    /// Whose.
    pub coldkey: AccountId,
    /// Where.
    pub netuid: NetUid,
}

impl Position {
    /// What it is worth.
    pub(crate) fn value(&self, state: &State) -> AlphaRao {
        shares::stake(state, &self.hotkey, &self.coldkey, self.netuid)
    }
}

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let coldkey = origin.signed()?;
    let at = |hotkey: &AccountId, netuid: &NetUid| Position { hotkey: *hotkey, coldkey, netuid: *netuid };
    match call {
        Call::AddStake { hotkey, netuid, amount_staked } => add(exec, at(hotkey, netuid), *amount_staked),
        Call::AddStakeLimit { hotkey, netuid, amount_staked, limit_price, allow_partial } => {
            limits::add(exec, at(hotkey, netuid), *amount_staked, limit_price.get(), *allow_partial)
        }
        Call::RemoveStake { hotkey, netuid, amount_unstaked } => {
            unstake::remove(exec, at(hotkey, netuid), *amount_unstaked)
        }
        Call::RemoveStakeLimit { hotkey, netuid, amount_unstaked, limit_price, allow_partial } => {
            limits::remove(exec, at(hotkey, netuid), *amount_unstaked, limit_price.get(), *allow_partial)
        }
        Call::RemoveStakeFullLimit { hotkey, netuid, limit_price } => {
            let position = at(hotkey, netuid);
            let all = position.value(exec.state);
            match limit_price {
                Some(limit) => limits::remove(exec, position, all, limit.get(), false),
                None => unstake::remove(exec, position, all),
            }
        }
        Call::UnstakeAll { hotkey } => unstake::all(exec, &coldkey, hotkey),
        Call::UnstakeAllAlpha { hotkey } => unstake::all_alpha(exec, &coldkey, hotkey),
        Call::MoveStake { .. }
        | Call::TransferStake { .. }
        | Call::SwapStake { .. }
        | Call::SwapStakeLimit { .. } => moves::dispatch(exec, &coldkey, call),
        _ => not_modelled("SubtensorModule", call),
    }
}

/// Whether stake is swapped there, not one to one.
pub(crate) fn is_dynamic(state: &State, netuid: NetUid) -> bool {
    state.subnet(netuid).is_some_and(|subnet| subnet.pool.is_dynamic())
}

/// The most that one swap may take of an input whose reserve is given.
pub(crate) const fn input_max(reserve: u64) -> u64 {
    reserve.saturating_mul(INPUT_MAX_RESERVES)
}

/// A pool refuses inputs far beyond its reserve before anything else is looked at.
pub(crate) fn check_input(state: &State, netuid: NetUid, side: Side, amount: u64) -> DispatchOutcome {
    let Some(subnet) = state.subnet(netuid).filter(|subnet| subnet.pool.is_dynamic()) else { return Ok(()) };
    let reserve = match side {
        Side::Buy => subnet.pool.tao.get(),
        Side::Sell => subnet.pool.alpha_in.get(),
    };
    if amount > input_max(reserve) {
        return Err(E::InsufficientLiquidity.into());
    }
    Ok(())
}

/// # Errors
/// `SubnetNotExists`.
pub(crate) fn check_subnet(state: &State, netuid: NetUid) -> DispatchOutcome {
    if state.subnet_exists(netuid) { Ok(()) } else { Err(E::SubnetNotExists.into()) }
}

/// # Errors
/// `SubtokenDisabled` before the subnet was started.
pub(crate) fn check_subtoken(state: &State, netuid: NetUid) -> DispatchOutcome {
    let enabled = state.subnet(netuid).is_some_and(|subnet| subnet.pool.subtoken_enabled);
    if enabled { Ok(()) } else { Err(E::SubtokenDisabled.into()) }
}

/// # Errors
/// `HotKeyAccountNotExists`.
pub(crate) fn check_hotkey(state: &State, hotkey: &AccountId) -> DispatchOutcome {
    if state.owner_of(hotkey).is_some() { Ok(()) } else { Err(E::HotKeyAccountNotExists.into()) }
}

/// The least amount that may be added: the minimum stake and the fee on it.
fn add_min(state: &State, netuid: NetUid) -> u64 {
    let fee = match swap::sim_swap(state, netuid, Side::Buy, MIN_STAKE) {
        Ok(done) => done.fee_paid,
        Err(_) => swap::approximate_fee(state, netuid, MIN_STAKE),
    };
    MIN_STAKE.saturating_add(fee)
}

/// What `add_stake` asks of its arguments. `max` is what the limit price allows.
///
/// # Errors
/// In the chain's order.
pub(crate) fn validate_add(
    state: &State,
    position: &Position,
    amount: Rao,
    max: u64,
    allow_partial: bool,
) -> DispatchOutcome {
    let Position { hotkey, coldkey, netuid } = position;
    check_subnet(state, *netuid)?;
    check_subtoken(state, *netuid)?;
    if amount.get() < add_min(state, *netuid) {
        return Err(E::AmountTooLow.into());
    }
    let amount = if allow_partial { amount.min(Rao(max)) } else { amount };
    if amount.get() > max {
        return Err(E::SlippageTooHigh.into());
    }
    if tao::coldkey_balance(state, coldkey) < amount {
        return Err(E::NotEnoughBalanceToStake.into());
    }
    check_hotkey(state, hotkey)?;
    let bought = swap::sim_swap(state, *netuid, Side::Buy, amount.get());
    let bought = bought.map_err(|_| E::InsufficientLiquidity)?;
    if bought.amount_paid_in < MIN_STAKE {
        return Err(E::AmountTooLow.into());
    }
    let alpha = AlphaRao(bought.amount_paid_out);
    if alpha.is_zero() || !shares::can_express(state, hotkey, *netuid, alpha) {
        return Err(E::InsufficientLiquidity.into());
    }
    Ok(())
}

pub(crate) fn add(exec: &mut Exec<'_>, position: Position, amount: Rao) -> DispatchOutcome {
    check_input(exec.state, position.netuid, Side::Buy, amount.get())?;
    validate_add(exec.state, &position, amount, amount.get(), false)?;
    stake_into(exec, &position, amount, Terms::market(Side::Buy))?;
    Ok(())
}

/// Buys alpha for TAO of the coldkey and stakes it; gives back the alpha.
///
/// # Errors
/// `AmountTooLow`, `InsufficientLiquidity`, and those of transfers and swaps.
pub(crate) fn stake_into(
    exec: &mut Exec<'_>,
    position: &Position,
    amount: Rao,
    terms: Terms,
) -> Result<AlphaRao, DispatchError> {
    let Position { hotkey, coldkey, netuid } = *position;
    let paid = tao::transfer_tao_to_subnet(exec, netuid, &coldkey, amount)?;
    let bought = swap::swap_tao_for_alpha(exec, netuid, paid, terms)?;
    let alpha = AlphaRao(bought.amount_paid_out);
    if alpha.is_zero() {
        return Err(E::AmountTooLow.into());
    }
    if !shares::can_express(exec.state, &hotkey, netuid, alpha) {
        return Err(E::InsufficientLiquidity.into());
    }
    shares::increase_stake(exec, &hotkey, &coldkey, netuid, alpha);
    pay_fee(exec, netuid, Rao(bought.fee_to_block_author))?;
    record_inflow(exec, netuid, bought.amount_paid_in);
    locks::refresh(exec, &coldkey, netuid);
    let now = exec.now();
    exec.state.last_stake_block.insert((coldkey, hotkey), now);
    if netuid.is_root() {
        super::root::stake_added(exec, &hotkey, &coldkey, alpha);
    }
    exec.emit(Event::StakeAdded(coldkey, hotkey, paid, alpha, netuid, bought.fee_paid));
    Ok(alpha)
}

/// The fee of a buy goes from the subnet to the block's author, or out of reach without one.
fn pay_fee(exec: &mut Exec<'_>, netuid: NetUid, fee: Rao) -> DispatchOutcome {
    let to = exec.env.author.unwrap_or_else(tao::burn_address);
    tao::transfer_tao_from_subnet(exec, netuid, &to, fee)
}

fn record_inflow(exec: &mut Exec<'_>, netuid: NetUid, amount: u64) {
    let pool = &mut exec.state.subnet_mut(netuid).pool;
    pool.tao_flow = pool.tao_flow.saturating_add(i64::try_from(amount).unwrap_or(i64::MAX));
}

/// Someone who stakes behind a hotkey that is not its own makes it a delegate.
pub(crate) fn delegate_if_foreign(exec: &mut Exec<'_>, coldkey: &AccountId, hotkey: &AccountId) {
    if !delegates::owns(exec.state, coldkey, hotkey) {
        delegates::delegate_by_default(exec.state, hotkey);
    }
}
