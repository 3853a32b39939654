//! Several calls in one, and calls on behalf of other origins.
//!
//! **Source**: spec/chain.md 10.4, and the pallet of the SDK.

use crate::account::AccountId;
use crate::call::{OriginCaller, RawOrigin, RuntimeCall, UtilityCall, Weight};
use crate::crypto;
use crate::error::{DispatchError, DispatchOutcome};
use crate::event::UtilityEvent;
use crate::runtime::dispatch::{self, Origin};
use crate::runtime::weights::{self, BATCH, BATCH_ALL, FORCE_BATCH};
use crate::runtime::{Exec, PostInfo};
use parity_scale_codec::Encode as _;

/// Most calls in a batch.
const CALLS_MAX: usize = 10_922;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &UtilityCall) -> DispatchOutcome {
    match call {
        UtilityCall::Batch { calls } => batch(exec, somebody(origin)?, bounded(calls)?),
        UtilityCall::AsDerivative { index, call } => {
            let who = derivative(&origin.signed()?, *index);
            let (result, used) = dispatch::weighed(exec, Origin::Signed(who), call);
            exec.post = PostInfo::weighed(weights::as_derivative_after().plus(used));
            result
        }
        UtilityCall::BatchAll { calls } => batch_all(exec, somebody(origin)?, bounded(calls)?),
        UtilityCall::DispatchAs { as_origin, call } => {
            origin.root()?;
            let result = dispatch::dispatch_bypass_filter(exec, named(**as_origin), call);
            exec.post = PostInfo::default();
            exec.emit(UtilityEvent::DispatchedAs { result });
            Ok(())
        }
        UtilityCall::ForceBatch { calls } => force_batch(exec, somebody(origin)?, bounded(calls)?),
        UtilityCall::WithWeight { call, .. } => {
            origin.root()?;
            let result = dispatch::dispatch_bypass_filter(exec, Origin::Root, call);
            exec.post = PostInfo::default();
            result
        }
        UtilityCall::IfElse { main, fallback } => if_else(exec, somebody(origin)?, main, fallback),
        UtilityCall::DispatchAsFallible { as_origin, call } => {
            origin.root()?;
            let result = dispatch::dispatch_bypass_filter(exec, named(**as_origin), call);
            exec.post = PostInfo::default();
            result?;
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
    let mut weight = Weight::default();
    for (call, index) in calls.iter().zip(0_u32..) {
        let (result, used) = dispatch::weighed(exec, origin, call);
        weight = weight.plus(used);
        if let Err(error) = result {
            exec.emit(UtilityEvent::BatchInterrupted { index, error });
            let ran = usize::try_from(index).unwrap_or(usize::MAX).saturating_add(1);
            exec.post = PostInfo::weighed(BATCH.after(ran).plus(weight));
            return Ok(());
        }
        exec.emit(UtilityEvent::ItemCompleted);
    }
    exec.emit(UtilityEvent::BatchCompleted);
    exec.post = PostInfo::weighed(BATCH.after(calls.len()).plus(weight));
    Ok(())
}

fn batch_all(exec: &mut Exec<'_>, origin: Origin, calls: &[RuntimeCall]) -> DispatchOutcome {
    let before = std::mem::replace(&mut exec.filter.batch_all, true);
    let (mut weight, mut ran) = (Weight::default(), 0_usize);
    let result: DispatchOutcome = calls.iter().try_for_each(|call| {
        let (result, used) = dispatch::weighed(exec, origin, call);
        weight = weight.plus(used);
        ran = ran.saturating_add(1);
        result?;
        exec.emit(UtilityEvent::ItemCompleted);
        Ok(())
    });
    exec.filter.batch_all = before;
    exec.post = PostInfo::weighed(BATCH_ALL.after(ran).plus(weight));
    result?;
    exec.emit(UtilityEvent::BatchCompleted);
    Ok(())
}

fn force_batch(exec: &mut Exec<'_>, origin: Origin, calls: &[RuntimeCall]) -> DispatchOutcome {
    let (mut weight, mut failed) = (Weight::default(), false);
    for call in calls {
        let (result, used) = dispatch::weighed(exec, origin, call);
        weight = weight.plus(used);
        match result {
            Ok(()) => exec.emit(UtilityEvent::ItemCompleted),
            Err(error) => {
                failed = true;
                exec.emit(UtilityEvent::ItemFailed { error });
            }
        }
    }
    exec.emit(if failed { UtilityEvent::BatchCompletedWithErrors } else { UtilityEvent::BatchCompleted });
    exec.post = PostInfo::weighed(FORCE_BATCH.after(calls.len()).plus(weight));
    Ok(())
}

fn if_else(
    exec: &mut Exec<'_>,
    origin: Origin,
    main: &RuntimeCall,
    fallback: &RuntimeCall,
) -> DispatchOutcome {
    let (result, used) = dispatch::weighed(exec, origin, main);
    let weight = weights::if_else_after().plus(used);
    exec.post = PostInfo::weighed(weight);
    let Err(main_error) = result else {
        exec.emit(UtilityEvent::IfElseMainSuccess);
        return Ok(());
    };
    let (result, used) = dispatch::weighed(exec, origin, fallback);
    exec.post = PostInfo::weighed(weight.plus(used));
    result?;
    exec.emit(UtilityEvent::IfElseFallbackCalled { main_error });
    Ok(())
}
