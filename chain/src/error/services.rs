//! Errors of pallets that serve nodes and other pallets.
//!
//! **Source**: the real chain's metadata.

use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident: $($variant:ident = $index:literal),*;)*) => {
        $(
            $(#[$doc])*
            #[derive(
                Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize,
                Deserialize,
            )]
            #[allow(missing_docs, reason = "each is named as on chain")]
            pub enum $name {
                $(#[codec(index = $index)] $variant,)*
            }
        )*
    };
}

errors! {
    /// An error of the `Preimage` pallet (14).
    PreimageError: TooBig = 0, AlreadyNoted = 1, NotAuthorized = 2, NotNoted = 3, Requested = 4, NotRequested = 5,
        TooMany = 6, TooFew = 7;
    /// An error of the `SafeMode` pallet (20).
    SafeModeError: Entered = 0, Exited = 1, NotConfigured = 2, NoDeposit = 3, AlreadyDeposited = 4,
        CannotReleaseYet = 5, CurrencyError = 6;
    /// An error of the `MevShield` pallet (30).
    MevShieldError: BadEncKeyLen = 0, Unreachable = 1, TooManyPendingExtrinsics = 2, WeightExceedsAbsoluteMax = 3;
    /// An error of the `LimitOrders` pallet (32).
    LimitOrdersError: InvalidSignature = 0, OrderAlreadyProcessed = 1, OrderCancelled = 2, OrderExpired = 3,
        PriceConditionNotMet = 4, Unauthorized = 5, SwapReturnedZero = 6, RootNetUidNotAllowed = 7,
        OrderNetUidMismatch = 8, LimitOrdersDisabled = 9, RelayerMissMatch = 10, PartialFillsNotEnabled = 11,
        IncorrectPartialFillAmount = 12, RelayerRequiredForPartialFill = 13, ChainIdMismatch = 14,
        PalletHotkeyNotRegistered = 15, ArithmeticOverflow = 16, DuplicateOrderInBatch = 17, ZeroShareInBatch = 18;
}
