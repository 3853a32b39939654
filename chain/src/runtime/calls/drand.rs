//! Pulses of the beacon.
//!
//! **Source**: spec/chain.md section 11, spec/tables/extrinsics.md.

use crate::call::drand::Call;
use crate::drand;
use crate::error::{DispatchOutcome, DrandError as E};
use crate::event::DrandEvent as Event;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::state::State;
use crate::types::Pulse;

/// Rounds that are kept: a week of quicknet.
pub const PULSES_KEPT: u64 = 216_000;
/// Most rounds that one call forgets.
const PULSES_FORGOTTEN_MAX: u64 = 100;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::WritePulse { pulses_payload, .. } => {
            origin.none()?;
            write(exec, &pulses_payload.pulses)
        }
        Call::SetBeaconConfig { config_payload, .. } => {
            origin.root()?;
            let next = block(exec).saturating_add(1);
            let drand = exec.state.drand_mut();
            drand.config = config_payload.config.clone();
            drand.next_unsigned_at = next;
            exec.emit(Event::BeaconConfigChanged);
            Ok(())
        }
        Call::SetOldestStoredRound { oldest_round } => {
            origin.root()?;
            exec.state.drand_mut().oldest_stored_round = *oldest_round;
            exec.emit(Event::SetOldestStoredRound(*oldest_round));
            Ok(())
        }
    }
}

/// The height as this pallet stores it.
fn block(exec: &Exec<'_>) -> u32 {
    u32::try_from(exec.now()).unwrap_or(u32::MAX)
}

/// Stores the pulses whose signatures hold; one that does not hold is passed over.
fn write(exec: &mut Exec<'_>, pulses: &[Pulse]) -> DispatchOutcome {
    let drand = &exec.state.drand;
    let (mut last, oldest) = (drand.last_stored_round, drand.oldest_stored_round);
    let first = last == 0 && oldest == 0;
    let mut rounds = Vec::new();
    for pulse in pulses {
        let key = &exec.state.drand.config.public_key;
        if !drand::verify(key, pulse).map_err(|_| E::PulseVerificationError)? {
            continue;
        }
        if pulse.round <= last {
            return Err(E::InvalidRoundNumber.into());
        }
        last = pulse.round;
        rounds.push(pulse.round);
        exec.state.pulses.insert(pulse.round, pulse.clone());
    }
    let now = block(exec);
    let drand = exec.state.drand_mut();
    drand.last_stored_round = last;
    drand.next_unsigned_at = now;
    if let Some(round) = rounds.first().filter(|_| first) {
        drand.oldest_stored_round = *round;
    }
    forget_old(exec.state, last);
    if !rounds.is_empty() {
        exec.emit(Event::NewPulse { rounds });
    }
    Ok(())
}

fn forget_old(state: &mut State, last: u64) {
    let oldest = state.drand.oldest_stored_round;
    if oldest == 0 {
        return;
    }
    let kept_from = last.saturating_add(1).saturating_sub(PULSES_KEPT);
    let until = kept_from.min(oldest.saturating_add(PULSES_FORGOTTEN_MAX)).max(oldest);
    for round in oldest..until {
        state.pulses.remove(&round);
    }
    if until != oldest {
        state.drand_mut().oldest_stored_round = until;
    }
}
