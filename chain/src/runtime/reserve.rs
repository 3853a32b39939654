//! Deposits: TAO that stays in its account, and cannot be spent.
//!
//! **Source**: spec/chain.md 1.3, and the reservable currency of the SDK.

use super::{Exec, tao};
use crate::account::AccountId;
use crate::error::{BalancesError, DispatchError, DispatchOutcome, TokenError};
use crate::event::BalancesEvent;
use crate::state::EXISTENTIAL_DEPOSIT;
use crate::units::Rao;

/// Moves TAO of an account from free to reserved.
///
/// # Errors
/// `Balances.InsufficientBalance`; `Balances.LiquidityRestrictions` when it is frozen; `ConsumerRemaining` when less
/// than the existential deposit would stay free.
pub(super) fn reserve(exec: &mut Exec<'_>, who: &AccountId, amount: Rao) -> DispatchOutcome {
    if amount.is_zero() {
        return Ok(());
    }
    let row = exec.state.balances.accounts.get_mut(who).ok_or(BalancesError::InsufficientBalance)?;
    let free = row.data.free.checked_sub(amount).ok_or(BalancesError::InsufficientBalance)?;
    if free < row.data.frozen {
        return Err(BalancesError::LiquidityRestrictions.into());
    }
    if free < EXISTENTIAL_DEPOSIT {
        return Err(DispatchError::ConsumerRemaining);
    }
    if row.data.reserved.is_zero() && row.data.frozen.is_zero() {
        row.consumers = row.consumers.saturating_add(1);
    }
    row.data.free = free;
    row.data.reserved = row.data.reserved.saturating_add(amount);
    exec.emit(BalancesEvent::Reserved { who: *who, amount });
    Ok(())
}

/// Moves TAO of an account from reserved to free, as much as there is.
pub(super) fn unreserve(exec: &mut Exec<'_>, who: &AccountId, amount: Rao) {
    if amount.is_zero() || tao::total_balance(exec.state, who).is_zero() {
        return;
    }
    let Some(row) = exec.state.balances.accounts.get_mut(who) else { return };
    let amount = amount.min(row.data.reserved);
    let provided = row.data.free >= EXISTENTIAL_DEPOSIT;
    row.data.free = row.data.free.saturating_add(amount);
    if !provided && row.data.free >= EXISTENTIAL_DEPOSIT {
        row.providers = row.providers.saturating_add(1);
    }
    row.data.reserved = row.data.reserved.saturating_sub(amount);
    if !amount.is_zero() && row.data.reserved.is_zero() && row.data.frozen.is_zero() {
        row.consumers = row.consumers.saturating_sub(1);
    }
    exec.emit(BalancesEvent::Unreserved { who: *who, amount });
}

/// Holds TAO of an account for a reason; no event tells of it.
///
/// # Errors
/// `Token.FundsUnavailable` when less than the existential deposit would stay free.
pub(super) fn hold(exec: &mut Exec<'_>, who: &AccountId, amount: Rao) -> DispatchOutcome {
    if amount > tao::keep_alive_balance(exec.state, who) {
        return Err(TokenError::FundsUnavailable.into());
    }
    let events = exec.events.len();
    reserve(exec, who, amount)?;
    exec.events.truncate(events);
    Ok(())
}

/// Ends a hold; no event tells of it.
pub(super) fn release(exec: &mut Exec<'_>, who: &AccountId, amount: Rao) {
    let events = exec.events.len();
    unreserve(exec, who, amount);
    exec.events.truncate(events);
}

/// Makes a deposit what it should be.
///
/// # Errors
/// Those of [`reserve`].
pub(super) fn adjust(exec: &mut Exec<'_>, who: &AccountId, old: Rao, new: Rao) -> DispatchOutcome {
    unreserve(exec, who, old.saturating_sub(new));
    reserve(exec, who, new.saturating_sub(old))
}
