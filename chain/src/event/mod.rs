//! What a block says happened, in the chain's words.

mod pallets;

pub use pallets::{AdminUtilsEvent, SubtensorModuleEvent, SwapEvent};

use crate::account::AccountId;
use crate::error::DispatchError;
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// An event of any pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub enum Event {
    /// Of `System`.
    System(SystemEvent),
    /// Of `Balances`.
    Balances(BalancesEvent),
    /// Of `SubtensorModule`.
    SubtensorModule(SubtensorModuleEvent),
    /// Of `AdminUtils`.
    AdminUtils(AdminUtilsEvent),
    /// Of `Swap`.
    Swap(SwapEvent),
    /// `TransactionPayment.TransactionFeePaid`.
    TransactionFeePaid {
        /// Who paid.
        who: AccountId,
        /// How much.
        actual_fee: Rao,
    },
}

/// An event of the `System` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub enum SystemEvent {
    /// A call succeeded.
    ExtrinsicSuccess,
    /// A call failed and left nothing but its fee and nonce.
    ExtrinsicFailed {
        /// Why.
        error: DispatchError,
    },
    /// An account came to be.
    NewAccount {
        /// Which.
        account: AccountId,
    },
    /// An account was reaped.
    KilledAccount {
        /// Which.
        account: AccountId,
    },
}

/// An event of the `Balances` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub enum BalancesEvent {
    /// TAO moved between two accounts.
    Transfer {
        /// From whom.
        from: AccountId,
        /// To whom.
        to: AccountId,
        /// How much.
        amount: Rao,
    },
    /// What was left below the existential deposit is gone.
    DustLost {
        /// Whose.
        account: AccountId,
        /// How much.
        amount: Rao,
    },
}

/// An event and the extrinsic that caused it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct EventRecord {
    /// Index of the extrinsic in the block; `None` for the block step.
    pub extrinsic: Option<u32>,
    /// What happened.
    pub event: Event,
}

macro_rules! from_pallet {
    ($($variant:ident($event:ty)),*) => {
        $(impl From<$event> for Event {
            fn from(event: $event) -> Self {
                Self::$variant(event)
            }
        })*
    };
}
from_pallet!(
    System(SystemEvent),
    Balances(BalancesEvent),
    SubtensorModule(SubtensorModuleEvent),
    AdminUtils(AdminUtilsEvent),
    Swap(SwapEvent)
);
