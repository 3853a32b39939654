//! Pallets that serve nodes and other pallets, as far as calls of accounts go: what root does with them is not
//! modelled, so that no safe mode is ever entered, no call scheduled and no order executed.

use super::not_modelled;
use crate::call::{LimitOrdersCall, SafeModeCall, VersionedOrder};
use crate::error::{DispatchOutcome, LimitOrdersError, SafeModeError as E};
use crate::runtime::dispatch::Origin;
use std::fmt::Debug;

/// A call that only root may send, and that is not modelled.
///
/// # Errors
/// `BadOrigin` for everyone but root; what is not modelled.
pub(in crate::runtime) fn by_root(pallet: &str, origin: Origin, call: &impl Debug) -> DispatchOutcome {
    origin.root()?;
    not_modelled(pallet, call)
}

/// `SafeMode`: no deposit lets an account enter it.
pub(in crate::runtime) fn safe_mode(origin: Origin, call: &SafeModeCall) -> DispatchOutcome {
    match call {
        SafeModeCall::Enter => origin.signed().and(Err(E::NotConfigured.into())),
        SafeModeCall::Extend => origin.signed().and(Err(E::Exited.into())),
        SafeModeCall::ReleaseDeposit { .. } => origin.signed().and(Err(E::NoDeposit.into())),
        SafeModeCall::ForceEnter => by_root("SafeMode", origin, call),
        SafeModeCall::ForceExtend | SafeModeCall::ForceExit => origin.root().and(Err(E::Exited.into())),
        SafeModeCall::ForceSlashDeposit { .. } | SafeModeCall::ForceReleaseDeposit { .. } => {
            origin.root().and(Err(E::NoDeposit.into()))
        }
    }
}

/// `LimitOrders`, which are switched off.
pub(in crate::runtime) fn limit_orders(origin: Origin, call: &LimitOrdersCall) -> DispatchOutcome {
    match call {
        LimitOrdersCall::ExecuteOrders { .. } | LimitOrdersCall::ExecuteBatchedOrders { .. } => {
            origin.signed().and(Err(LimitOrdersError::LimitOrdersDisabled.into()))
        }
        LimitOrdersCall::CancelOrder { order: VersionedOrder::V1(order) } => {
            if origin.signed()? == order.signer {
                not_modelled("LimitOrders", call)
            } else {
                Err(LimitOrdersError::Unauthorized.into())
            }
        }
        LimitOrdersCall::SetPalletStatus { .. } => by_root("LimitOrders", origin, call),
    }
}
