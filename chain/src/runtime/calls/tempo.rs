//! When epochs run: what a subnet owner can change of it.
//!
//! **Source**: spec/chain.md 2.8.

use super::not_modelled;
use super::owner::{self, Hyperparameter, Limit};
use crate::call::subtensor::Call;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::state::Subnet;
use crate::units::NetUid;

/// The shortest and the longest tempo that an owner can set, blocks.
const TEMPO_BOUNDS: std::ops::RangeInclusive<u16> = 360..=50_400;
/// Bounds of the activity cutoff factor, thousandths of the tempo.
const CUTOFF_FACTOR_BOUNDS: std::ops::RangeInclusive<u32> = 1_000..=50_000;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::SetTempo { netuid, tempo } => set_tempo(exec, origin, *netuid, *tempo),
        Call::SetActivityCutoffFactor { netuid, factor_milli } => {
            set_activity_cutoff_factor(exec, origin, *netuid, *factor_milli)
        }
        Call::TriggerEpoch { netuid } => trigger_epoch(exec, origin, *netuid),
        _ => not_modelled("SubtensorModule", call),
    }
}

/// Sets the tempo and starts a new period now.
pub(crate) fn apply_tempo(exec: &mut Exec<'_>, netuid: NetUid, tempo: u16) {
    let now = exec.now();
    let subnet = exec.state.subnet_mut(netuid);
    subnet.params_mut().tempo = tempo;
    subnet.schedule.last_epoch_block = now;
    exec.emit(Event::TempoSet(netuid, tempo));
}

fn set_tempo(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, tempo: u16) -> DispatchOutcome {
    let who = owner::check_owner(exec, origin, netuid)?;
    if !TEMPO_BOUNDS.contains(&tempo) {
        return Err(E::TempoOutOfBounds.into());
    }
    owner::check_admin_window(exec, netuid)?;
    if !Limit::Tempo.passes(exec, &who, netuid) {
        return Err(E::TxRateLimitExceeded.into());
    }
    apply_tempo(exec, netuid, tempo);
    Limit::Tempo.record(exec, &who, netuid);
    Ok(())
}

fn set_activity_cutoff_factor(
    exec: &mut Exec<'_>,
    origin: Origin,
    netuid: NetUid,
    factor_milli: u32,
) -> DispatchOutcome {
    let limit = Limit::Hyperparameter(Hyperparameter::ActivityCutoffFactorMilli);
    let owner = owner::check_owner_or_root(exec, origin, netuid, &[])?;
    if !CUTOFF_FACTOR_BOUNDS.contains(&factor_milli) {
        return Err(E::ActivityCutoffFactorMilliOutOfBounds.into());
    }
    if let Some(who) = owner {
        owner::check_admin_window(exec, netuid)?;
        if !limit.passes(exec, &who, netuid) {
            return Err(E::TxRateLimitExceeded.into());
        }
    }
    exec.state.subnet_mut(netuid).params_mut().activity_cutoff_factor_milli = factor_milli;
    exec.emit(Event::ActivityCutoffFactorMilliSet { netuid, factor_milli });
    if let Some(who) = owner {
        limit.record(exec, &who, netuid);
    }
    Ok(())
}

fn trigger_epoch(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid) -> DispatchOutcome {
    let who = owner::check_owner(exec, origin, netuid)?;
    let none = Subnet::default();
    let subnet = exec.state.subnet(netuid).unwrap_or(&none);
    let window = u64::from(exec.state.globals.admin_freeze_window);
    if subnet.params.commit_reveal_weights_enabled {
        return Err(E::DynamicTempoBlockedByCommitReveal.into());
    }
    if subnet.schedule.pending_epoch_at != 0 {
        return Err(E::EpochTriggerAlreadyPending.into());
    }
    if owner::blocks_until_next_auto_epoch(subnet, exec.now()) < window {
        return Err(E::AutoEpochAlreadyImminent.into());
    }
    let limit = Limit::Hyperparameter(Hyperparameter::TriggerEpoch);
    if !limit.passes(exec, &who, netuid) {
        return Err(E::TxRateLimitExceeded.into());
    }
    let fires_at = exec.now().saturating_add(window);
    exec.state.subnet_mut(netuid).schedule.pending_epoch_at = fires_at;
    exec.emit(Event::EpochTriggered { netuid, by: who, fires_at });
    limit.record(exec, &who, netuid);
    Ok(())
}
