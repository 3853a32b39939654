//! The calls about locks of stake.
//!
//! **Source**: spec/chain.md 6.11.

use super::not_modelled;
use crate::call::subtensor::Call;
use crate::error::DispatchOutcome;
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, locks};

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let coldkey = origin.signed()?;
    match call {
        Call::LockStake { hotkey, netuid, amount } => {
            locks::lock_stake(exec, &coldkey, hotkey, *netuid, *amount)
        }
        Call::MoveLock { destination_hotkey, netuid } => {
            locks::move_lock(exec, &coldkey, destination_hotkey, *netuid)
        }
        Call::SetPerpetualLock { netuid, enabled } => {
            locks::set_perpetual_lock(exec, &coldkey, *netuid, *enabled);
            Ok(())
        }
        Call::SetRejectLockedAlpha { enabled } => {
            locks::set_reject_locked_alpha(exec, &coldkey, *enabled);
            Ok(())
        }
        _ => not_modelled("SubtensorModule", call),
    }
}
