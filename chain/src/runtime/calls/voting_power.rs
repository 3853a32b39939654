//! Whether a subnet keeps voting power, and how fast it moves.
//!
//! **Source**: spec/chain.md 6.12.

use super::{not_modelled, owner};
use crate::call::subtensor::Call;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;

/// Blocks from the call that disables tracking to the end of it.
const DISABLE_DELAY: u64 = 100_800;
/// The largest averaging factor: one, in parts of 10^18.
const EMA_ALPHA_MAX: u64 = 1_000_000_000_000_000_000;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match *call {
        Call::EnableVotingPowerTracking { netuid } => {
            owner::check_owner_or_root(exec, origin, netuid, &[])?;
            let params = exec.state.subnet_mut(netuid).params_mut();
            params.voting_power_tracking_enabled = true;
            params.voting_power_disable_at_block = 0;
            exec.emit(Event::VotingPowerTrackingEnabled { netuid });
            Ok(())
        }
        Call::DisableVotingPowerTracking { netuid } => {
            owner::check_owner_or_root(exec, origin, netuid, &[])?;
            if !exec.state.subnet(netuid).is_some_and(|row| row.params.voting_power_tracking_enabled) {
                return Err(E::VotingPowerTrackingNotEnabled.into());
            }
            let disable_at_block = exec.now().saturating_add(DISABLE_DELAY);
            exec.state.subnet_mut(netuid).params_mut().voting_power_disable_at_block = disable_at_block;
            exec.emit(Event::VotingPowerTrackingDisableScheduled { netuid, disable_at_block });
            Ok(())
        }
        Call::SudoSetVotingPowerEmaAlpha { netuid, alpha } => {
            origin.root()?;
            if alpha > EMA_ALPHA_MAX {
                return Err(E::InvalidVotingPowerEmaAlpha.into());
            }
            exec.state.subnet_mut(netuid).params_mut().voting_power_ema_alpha = alpha;
            exec.emit(Event::VotingPowerEmaAlphaSet { netuid, alpha });
            Ok(())
        }
        _ => not_modelled("SubtensorModule", call),
    }
}
