//! Transfers of TAO between accounts.
//!
//! **Source**: spec/chain.md 1.3, and the fungible token rules of the SDK.

use crate::account::AccountId;
use crate::call::BalancesCall;
use crate::error::{DispatchOutcome, TokenError};
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, tao};
use crate::units::Rao;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &BalancesCall) -> DispatchOutcome {
    if let BalancesCall::ForceSetBalance { who, new_free } = call {
        origin.root()?;
        tao::force_set_balance(exec, who, *new_free);
        return Ok(());
    }
    let who = origin.signed()?;
    match call {
        BalancesCall::ForceSetBalance { .. } => Ok(()),
        BalancesCall::TransferAllowDeath { dest, value } => transfer(exec, &who, dest, *value, false),
        BalancesCall::TransferKeepAlive { dest, value } => transfer(exec, &who, dest, *value, true),
        BalancesCall::TransferAll { dest, keep_alive } => {
            let value = if *keep_alive {
                tao::keep_alive_balance(exec.state, &who)
            } else {
                tao::coldkey_balance(exec.state, &who)
            };
            transfer(exec, &who, dest, value, *keep_alive)
        }
    }
}

fn transfer(
    exec: &mut Exec<'_>,
    from: &AccountId,
    to: &AccountId,
    value: Rao,
    keep_alive: bool,
) -> DispatchOutcome {
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
