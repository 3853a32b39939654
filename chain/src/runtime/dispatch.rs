//! From a call and its origin to the rule that carries it out.

use super::exec::Filter;
use super::{Exec, PostInfo, call_info, calls, guards};
use crate::account::AccountId;
use crate::call::{RuntimeCall, SwapCall, UtilityCall, Weight};
use crate::error::{DispatchError, DispatchOutcome, SwapError};
use crate::types::ProxyType;

/// On whose behalf a call runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The chain itself: the sudo key, or a scenario.
    Root,
    /// An account.
    Signed(AccountId),
    /// Nobody: the call came unsigned.
    None,
}

impl Origin {
    /// The signer.
    ///
    /// # Errors
    /// `BadOrigin` for root and for nobody.
    pub fn signed(self) -> Result<AccountId, DispatchError> {
        match self {
            Self::Signed(who) => Ok(who),
            Self::Root | Self::None => Err(DispatchError::BadOrigin),
        }
    }
    /// Refuses what came unsigned.
    ///
    /// # Errors
    /// `BadOrigin` for an unsigned call.
    pub fn signed_or_root(self) -> DispatchOutcome {
        if self == Self::None { Err(DispatchError::BadOrigin) } else { Ok(()) }
    }
    /// Refuses anyone but root.
    ///
    /// # Errors
    /// `BadOrigin` for everyone else.
    pub fn root(self) -> DispatchOutcome {
        if self == Self::Root { Ok(()) } else { Err(DispatchError::BadOrigin) }
    }
    /// Refuses all that did not come unsigned.
    ///
    /// # Errors
    /// `BadOrigin` for root and for a signer.
    pub fn none(self) -> DispatchOutcome {
        if self == Self::None { Ok(()) } else { Err(DispatchError::BadOrigin) }
    }
}

/// Runs a call: base filter, guards, then the rule, which changes everything or nothing.
///
/// # Errors
/// Why it failed; state and events are then as before.
pub fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &RuntimeCall) -> DispatchOutcome {
    if matches!(origin, Origin::Signed(_)) && (bars(exec.filter, call) || is_nested_batch(call)) {
        return Err(DispatchError::CallFiltered);
    }
    guarded(exec, origin, call)
}

/// Runs a call in the name of an account, bound by the right of a proxy and by nothing that bound who made it.
pub(super) fn dispatch_as_new(
    exec: &mut Exec<'_>,
    who: &AccountId,
    proxied: Option<ProxyType>,
    call: &RuntimeCall,
) -> DispatchOutcome {
    let before = std::mem::replace(&mut exec.filter, Filter { proxied, batch_all: false });
    let result = dispatch(exec, Origin::Signed(*who), call);
    exec.filter = before;
    result
}

/// Runs a call that root sends in whatever name: no base filter, but guards and rule.
pub(super) fn dispatch_bypass_filter(
    exec: &mut Exec<'_>,
    origin: Origin,
    call: &RuntimeCall,
) -> DispatchOutcome {
    let before = std::mem::take(&mut exec.filter);
    let result = guarded(exec, origin, call);
    exec.filter = before;
    result
}

/// Runs a call as [`dispatch`] does, and returns what it weighed.
pub(super) fn weighed(exec: &mut Exec<'_>, origin: Origin, call: &RuntimeCall) -> (DispatchOutcome, Weight) {
    let result = dispatch(exec, origin, call);
    let post = std::mem::take(&mut exec.post);
    (result, post.weight(call_info(call).weight))
}

fn bars(filter: Filter, call: &RuntimeCall) -> bool {
    filter.proxied.is_some_and(|proxy_type| !calls::proxy_filter::allows(proxy_type, call))
        || filter.batch_all && matches!(call, RuntimeCall::Utility(UtilityCall::BatchAll { .. }))
}

fn guarded(exec: &mut Exec<'_>, origin: Origin, call: &RuntimeCall) -> DispatchOutcome {
    exec.post = PostInfo::default();
    if let Origin::Signed(who) = origin {
        guards::check(exec, &who, call)?;
    }
    let result = exec.transactional(|exec| route(exec, origin, call));
    // A proxy reports nothing of the call that it made.
    if matches!(call, RuntimeCall::Proxy(_)) {
        exec.post = PostInfo::default();
    }
    result
}

fn route(exec: &mut Exec<'_>, origin: Origin, call: &RuntimeCall) -> DispatchOutcome {
    match call {
        RuntimeCall::System(call) => calls::system::dispatch(exec, origin, call),
        RuntimeCall::Timestamp(_) => origin.none(),
        RuntimeCall::MevShield(call) => calls::shield::dispatch(exec, origin, call),
        RuntimeCall::Balances(call) => calls::balances::dispatch(exec, origin, call),
        RuntimeCall::SubtensorModule(call) => calls::subtensor::dispatch(exec, origin, call),
        RuntimeCall::Utility(call) => calls::utility::dispatch(exec, origin, call),
        RuntimeCall::Sudo(call) => calls::sudo::dispatch(exec, origin, call),
        RuntimeCall::Multisig(call) => calls::multisig::dispatch(exec, origin, call),
        RuntimeCall::Proxy(call) => calls::proxy::dispatch(exec, origin, call),
        RuntimeCall::Commitments(call) => calls::commitments::dispatch(exec, origin, call),
        RuntimeCall::Crowdloan(call) => calls::crowdloan::dispatch(exec, origin, call),
        RuntimeCall::Drand(call) => calls::drand::dispatch(exec, origin, call),
        RuntimeCall::AdminUtils(call) => calls::admin::dispatch(exec, origin, call),
        RuntimeCall::Swap(SwapCall::SetFeeRate { netuid, rate }) => {
            calls::admin::set_fee_rate(exec, origin, *netuid, *rate)
        }
        RuntimeCall::Swap(
            SwapCall::AddLiquidity { .. }
            | SwapCall::RemoveLiquidity { .. }
            | SwapCall::ModifyPosition { .. }
            | SwapCall::ToggleUserLiquidity { .. }
            | SwapCall::DisableLp,
        ) => Err(SwapError::Deprecated.into()),
        RuntimeCall::Preimage(call) => calls::preimage::dispatch(exec, origin, call),
        RuntimeCall::SafeMode(call) => calls::services::safe_mode(origin, call),
        RuntimeCall::LimitOrders(call) => calls::services::limit_orders(origin, call),
        RuntimeCall::Grandpa(call) => calls::services::by_root("Grandpa", origin, call),
        RuntimeCall::Scheduler(call) => calls::services::by_root("Scheduler", origin, call),
        RuntimeCall::BaseFee(call) => calls::services::by_root("BaseFee", origin, call),
    }
}

/// A batch directly inside a batch, which the chain's base filter refuses.
fn is_nested_batch(call: &RuntimeCall) -> bool {
    batched(call).iter().any(|inner| {
        matches!(
            inner,
            RuntimeCall::Utility(
                UtilityCall::Batch { .. } | UtilityCall::BatchAll { .. } | UtilityCall::ForceBatch { .. }
            )
        )
    })
}

/// The calls of a batch; none for what is no batch.
fn batched(call: &RuntimeCall) -> &[RuntimeCall] {
    match call {
        RuntimeCall::Utility(
            UtilityCall::Batch { calls }
            | UtilityCall::BatchAll { calls }
            | UtilityCall::ForceBatch { calls },
        ) => calls,
        _ => &[],
    }
}
