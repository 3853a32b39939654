//! Several calls in one.

use crate::call::{RuntimeCall, UtilityCall};
use crate::error::{DispatchError, DispatchOutcome};
use crate::event::UtilityEvent;
use crate::runtime::Exec;
use crate::runtime::dispatch::{self, Origin};

/// Most calls in a batch.
const CALLS_MAX: usize = 10_922;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &UtilityCall) -> DispatchOutcome {
    match call {
        UtilityCall::Batch { calls } => batch(exec, origin, bounded(calls)?),
        UtilityCall::BatchAll { calls } => batch_all(exec, origin, bounded(calls)?),
        UtilityCall::ForceBatch { calls } => force_batch(exec, origin, bounded(calls)?),
    }
}

fn bounded(calls: &[RuntimeCall]) -> Result<&[RuntimeCall], DispatchError> {
    if calls.len() > CALLS_MAX {
        return Err(DispatchError::UtilityTooManyCalls);
    }
    Ok(calls)
}

fn batch(exec: &mut Exec<'_>, origin: Origin, calls: &[RuntimeCall]) -> DispatchOutcome {
    for (call, index) in calls.iter().zip(0..) {
        if let Err(error) = dispatch::dispatch(exec, origin, call) {
            exec.emit(UtilityEvent::BatchInterrupted { index, error });
            return Ok(());
        }
        exec.emit(UtilityEvent::ItemCompleted);
    }
    exec.emit(UtilityEvent::BatchCompleted);
    Ok(())
}

fn batch_all(exec: &mut Exec<'_>, origin: Origin, calls: &[RuntimeCall]) -> DispatchOutcome {
    for call in calls {
        dispatch::dispatch(exec, origin, call)?;
        exec.emit(UtilityEvent::ItemCompleted);
    }
    exec.emit(UtilityEvent::BatchCompleted);
    Ok(())
}

fn force_batch(exec: &mut Exec<'_>, origin: Origin, calls: &[RuntimeCall]) -> DispatchOutcome {
    let mut failed = false;
    for call in calls {
        match dispatch::dispatch(exec, origin, call) {
            Ok(()) => exec.emit(UtilityEvent::ItemCompleted),
            Err(error) => {
                failed = true;
                exec.emit(UtilityEvent::ItemFailed { error });
            }
        }
    }
    exec.emit(if failed { UtilityEvent::BatchCompletedWithErrors } else { UtilityEvent::BatchCompleted });
    Ok(())
}
