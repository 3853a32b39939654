//! Calls of `Utility` (pallet 11).

use super::{RuntimeCall, Weight};
use crate::account::AccountId;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `Utility` pallet.
///
/// **Source**: spec/chain.md 10.4, and the pallet of the SDK.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UtilityCall {
    /// `batch` (0): runs calls in order, stops at the first failure, which undoes nothing.
    #[codec(index = 0)]
    Batch {
        /// The calls.
        calls: Vec<RuntimeCall>,
    },
    /// `as_derivative` (1): runs a call as an account that the signer's own number gives.
    #[codec(index = 1)]
    AsDerivative {
        /// Which of the signer's derivatives.
        index: u16,
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `batch_all` (2): all or nothing.
    #[codec(index = 2)]
    BatchAll {
        /// The calls.
        calls: Vec<RuntimeCall>,
    },
    /// `dispatch_as` (3): root runs a call as any origin; only the event tells how it went.
    #[codec(index = 3)]
    DispatchAs {
        /// The origin.
        as_origin: Box<OriginCaller>,
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `force_batch` (4): runs every call whatever the others do.
    #[codec(index = 4)]
    ForceBatch {
        /// The calls.
        calls: Vec<RuntimeCall>,
    },
    /// `with_weight` (5): root runs a call at a weight of its choice.
    #[codec(index = 5)]
    WithWeight {
        /// The call.
        call: Box<RuntimeCall>,
        /// What the call is said to weigh.
        weight: Weight,
    },
    /// `if_else` (6): runs the second call if the first one fails.
    #[codec(index = 6)]
    IfElse {
        /// Tried first.
        main: Box<RuntimeCall>,
        /// Tried when that failed.
        fallback: Box<RuntimeCall>,
    },
    /// `dispatch_as_fallible` (7): as `dispatch_as`, and fails with the call.
    #[codec(index = 7)]
    DispatchAsFallible {
        /// The origin.
        as_origin: Box<OriginCaller>,
        /// The call.
        call: Box<RuntimeCall>,
    },
}

/// An origin as a call names it. Those of other pallets than `System` need a pallet that is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginCaller {
    /// An origin of `System`.
    #[codec(index = 0)]
    System(RawOrigin),
}

/// An origin of `System`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum RawOrigin {
    /// The chain itself.
    Root,
    /// An account.
    Signed(AccountId),
    /// Nobody.
    None,
}
