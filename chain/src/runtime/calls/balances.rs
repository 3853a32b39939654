//! Transfers of TAO between accounts, and what root does to balances.
//!
//! **Source**: spec/chain.md 1.3, and the fungible token rules of the SDK.

use crate::account::AccountId;
use crate::call::{AdjustmentDirection, BalancesCall};
use crate::error::{ArithmeticError, BalancesError, DispatchOutcome, TokenError};
use crate::event::BalancesEvent;
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, reserve, tao};
use crate::units::Rao;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &BalancesCall) -> DispatchOutcome {
    match call {
        BalancesCall::TransferAllowDeath { dest, value } => {
            transfer(exec, &origin.signed()?, dest, *value, false)
        }
        BalancesCall::TransferKeepAlive { dest, value } => {
            transfer(exec, &origin.signed()?, dest, *value, true)
        }
        BalancesCall::TransferAll { dest, keep_alive } => {
            let who = origin.signed()?;
            let value = if *keep_alive {
                tao::keep_alive_balance(exec.state, &who)
            } else {
                tao::coldkey_balance(exec.state, &who)
            };
            transfer(exec, &who, dest, value, *keep_alive)
        }
        BalancesCall::ForceTransfer { source, dest, value } => {
            origin.root()?;
            transfer(exec, source, dest, *value, false)
        }
        BalancesCall::ForceUnreserve { who, amount } => {
            origin.root()?;
            reserve::unreserve(exec, who, *amount);
            Ok(())
        }
        // Accounts have been in the newer form since genesis.
        BalancesCall::UpgradeAccounts { .. } => origin.signed().map(|_| ()),
        BalancesCall::ForceSetBalance { who, new_free } => {
            origin.root()?;
            tao::force_set_balance(exec, who, *new_free);
            Ok(())
        }
        BalancesCall::ForceAdjustTotalIssuance { direction, delta } => {
            origin.root()?;
            exec.forced(|exec| adjust_issuance(exec, *direction, *delta))
        }
        BalancesCall::Burn { value, keep_alive } => burn(exec, &origin.signed()?, *value, *keep_alive),
    }
}

/// Changes the issuance alone; no balance follows.
fn adjust_issuance(exec: &mut Exec<'_>, direction: AdjustmentDirection, delta: Rao) -> DispatchOutcome {
    if delta.is_zero() {
        return Err(BalancesError::DeltaZero.into());
    }
    let old = exec.state.balances.total_issuance;
    let new = match direction {
        AdjustmentDirection::Increase => old.checked_add(delta).ok_or(ArithmeticError::Overflow)?,
        AdjustmentDirection::Decrease => old.checked_sub(delta).ok_or(ArithmeticError::Underflow)?,
    };
    exec.state.balances.total_issuance = new;
    exec.emit(BalancesEvent::TotalIssuanceForced { old, new });
    Ok(())
}

/// Destroys TAO of an account; the pallet's own counter does not follow.
fn burn(exec: &mut Exec<'_>, who: &AccountId, value: Rao, keep_alive: bool) -> DispatchOutcome {
    let most = if keep_alive {
        tao::keep_alive_balance(exec.state, who)
    } else {
        tao::coldkey_balance(exec.state, who)
    };
    if value > most {
        return Err(TokenError::FundsUnavailable.into());
    }
    exec.forced(|exec| {
        tao::burn_balance(exec, who, value);
        Ok(())
    })
}

fn transfer(
    exec: &mut Exec<'_>,
    from: &AccountId,
    to: &AccountId,
    value: Rao,
    keep_alive: bool,
) -> DispatchOutcome {
    if value > exec.state.balances.total_issuance {
        return Err(ArithmeticError::Underflow.into());
    }
    let free = exec.state.balances.accounts.get(from).map_or(Rao::ZERO, |row| row.data.free);
    if value > free {
        return Err(TokenError::FundsUnavailable.into());
    }
    if value > tao::coldkey_balance(exec.state, from) {
        return Err(TokenError::Frozen.into());
    }
    if keep_alive && value > tao::keep_alive_balance(exec.state, from) && !value.is_zero() {
        return Err(TokenError::NotExpendable.into());
    }
    tao::move_balance(exec, from, to, value)
}
