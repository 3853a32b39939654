//! Several calls in one, and calls on behalf of other origins.
//!
//! **Source**: spec/chain.md 10.4, and the pallet of the SDK.

use crate::account::AccountId;
use crate::call::{OriginCaller, RawOrigin, RuntimeCall, UtilityCall};
use crate::crypto;
use crate::error::{DispatchError, DispatchOutcome};
use crate::event::UtilityEvent;
use crate::runtime::Exec;
use crate::runtime::dispatch::{self, Origin};
use parity_scale_codec::Encode as _;

/// Most calls in a batch.
const CALLS_MAX: usize = 10_922;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &UtilityCall) -> DispatchOutcome {
    match call {
        UtilityCall::Batch { calls } => batch(exec, somebody(origin)?, bounded(calls)?),
        UtilityCall::AsDerivative { index, call } => {
            let who = derivative(&origin.signed()?, *index);
            dispatch::dispatch(exec, Origin::Signed(who), call)
        }
        UtilityCall::BatchAll { calls } => batch_all(exec, somebody(origin)?, bounded(calls)?),
        UtilityCall::DispatchAs { as_origin, call } => {
            origin.root()?;
            let result = dispatch::dispatch_bypass_filter(exec, named(**as_origin), call);
            exec.emit(UtilityEvent::DispatchedAs { result });
            Ok(())
        }
        UtilityCall::ForceBatch { calls } => force_batch(exec, somebody(origin)?, bounded(calls)?),
        UtilityCall::WithWeight { call, .. } => {
            origin.root()?;
            dispatch::dispatch_bypass_filter(exec, Origin::Root, call)
        }
        UtilityCall::IfElse { main, fallback } => if_else(exec, somebody(origin)?, main, fallback),
        UtilityCall::DispatchAsFallible { as_origin, call } => {
            origin.root()?;
            dispatch::dispatch_bypass_filter(exec, named(**as_origin), call)?;
            exec.emit(UtilityEvent::DispatchedAs { result: Ok(()) });
            Ok(())
        }
    }
}

/// Root and accounts may pass.
fn somebody(origin: Origin) -> Result<Origin, DispatchError> {
    if origin == Origin::None { Err(DispatchError::BadOrigin) } else { Ok(origin) }
}

fn named(origin: OriginCaller) -> Origin {
    let OriginCaller::System(origin) = origin;
    match origin {
        RawOrigin::Root => Origin::Root,
        RawOrigin::Signed(who) => Origin::Signed(who),
        RawOrigin::None => Origin::None,
    }
}

/// The account of an account's derivative.
fn derivative(who: &AccountId, index: u16) -> AccountId {
    AccountId::new(crypto::blake2_256(&(b"modlpy/utilisuba", who, index).encode()))
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
    let before = std::mem::replace(&mut exec.filter.batch_all, true);
    let result: DispatchOutcome = calls.iter().try_for_each(|call| {
        dispatch::dispatch(exec, origin, call)?;
        exec.emit(UtilityEvent::ItemCompleted);
        Ok(())
    });
    exec.filter.batch_all = before;
    result?;
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

fn if_else(
    exec: &mut Exec<'_>,
    origin: Origin,
    main: &RuntimeCall,
    fallback: &RuntimeCall,
) -> DispatchOutcome {
    let Err(main_error) = dispatch::dispatch(exec, origin, main) else {
        exec.emit(UtilityEvent::IfElseMainSuccess);
        return Ok(());
    };
    dispatch::dispatch(exec, origin, fallback)?;
    exec.emit(UtilityEvent::IfElseFallbackCalled { main_error });
    Ok(())
}
