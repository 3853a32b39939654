//! What a block says happened, in the chain's words.

mod pallets;

pub use pallets::{
    AdminUtilsEvent, CommitmentsEvent, CrowdloanEvent, DrandEvent, MultisigEvent, ProxyEvent,
    SubtensorModuleEvent, SwapEvent,
};

use crate::account::AccountId;
use crate::call::DispatchEventInfo;
use crate::error::{DispatchError, DispatchOutcome};
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
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
        /// How much, tip included.
        actual_fee: Rao,
        /// What of it is a tip.
        tip: Rao,
    },
    /// Of `Sudo`.
    Sudo(SudoEvent),
    /// Of `Utility`.
    Utility(UtilityEvent),
    /// Of `Commitments`.
    Commitments(CommitmentsEvent),
    /// Of `Crowdloan`.
    Crowdloan(CrowdloanEvent),
    /// Of `Drand`.
    Drand(DrandEvent),
    /// Of `Proxy`.
    Proxy(ProxyEvent),
    /// Of `Multisig`.
    Multisig(MultisigEvent),
    /// Of `MevShield`.
    MevShield(MevShieldEvent),
    /// Of `Preimage`.
    Preimage(PreimageEvent),
}

/// An event of the `System` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub enum SystemEvent {
    /// A call succeeded.
    ExtrinsicSuccess {
        /// What it weighed and whether it paid.
        dispatch_info: DispatchEventInfo,
    },
    /// A call failed and left nothing but its fee and nonce.
    ExtrinsicFailed {
        /// Why.
        #[serde(rename = "dispatch_error")]
        error: DispatchError,
        /// What it weighed and whether it paid.
        dispatch_info: DispatchEventInfo,
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
    /// Other rules are in force from the next block on.
    CodeUpdated,
    /// An account said something.
    Remarked {
        /// Who.
        sender: AccountId,
        /// Hash of what.
        #[serde(with = "crate::types::hex_bytes")]
        hash: [u8; 32],
    },
}

/// An event of the `Balances` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum BalancesEvent {
    /// An account without any TAO has some.
    #[codec(index = 0)]
    Endowed {
        /// Which.
        account: AccountId,
        /// What it has free.
        free_balance: Rao,
    },
    /// TAO moved between two accounts.
    #[codec(index = 2)]
    Transfer {
        /// From whom.
        from: AccountId,
        /// To whom.
        to: AccountId,
        /// How much.
        amount: Rao,
    },
    /// What was left below the existential deposit is gone.
    #[codec(index = 1)]
    DustLost {
        /// Whose.
        account: AccountId,
        /// How much.
        amount: Rao,
    },
    /// TAO became a deposit.
    #[codec(index = 4)]
    Reserved {
        /// Whose.
        who: AccountId,
        /// How much.
        amount: Rao,
    },
    /// A deposit can be spent again.
    #[codec(index = 5)]
    Unreserved {
        /// Whose.
        who: AccountId,
        /// How much.
        amount: Rao,
    },
    /// TAO that belonged to no account came into one.
    #[codec(index = 7)]
    Deposit {
        /// Whose.
        who: AccountId,
        /// How much.
        amount: Rao,
    },
    /// TAO left an account and belongs to none: a fee, or what is recycled.
    #[codec(index = 8)]
    Withdraw {
        /// Whose.
        who: AccountId,
        /// How much.
        amount: Rao,
    },
    /// TAO of an account was destroyed.
    #[codec(index = 11)]
    Burned {
        /// Whose.
        who: AccountId,
        /// How much.
        amount: Rao,
    },
    /// TAO that was taken out of an account was destroyed.
    #[codec(index = 16)]
    Rescinded {
        /// How much.
        amount: Rao,
    },
    /// Root changed the issuance.
    #[codec(index = 21)]
    TotalIssuanceForced {
        /// Before.
        old: Rao,
        /// From now on.
        new: Rao,
    },
    /// TAO came to be that belongs to no account yet.
    #[codec(index = 15)]
    Issued {
        /// How much.
        amount: Rao,
    },
    /// Root set what an account has.
    #[codec(index = 3)]
    BalanceSet {
        /// Whose.
        who: AccountId,
        /// What it has free.
        free: Rao,
    },
}

/// An event of the `Sudo` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum SudoEvent {
    /// A call was dispatched as root.
    #[codec(index = 0)]
    Sudid {
        /// What became of it; the extrinsic itself succeeds either way.
        sudo_result: DispatchOutcome,
    },
    /// Another account is the sudo key.
    #[codec(index = 1)]
    KeyChanged {
        /// The key before, if there was one.
        old: Option<AccountId>,
        /// The key now.
        new: AccountId,
    },
    /// There is no sudo key any more.
    #[codec(index = 2)]
    KeyRemoved,
    /// A call was dispatched as an account had signed it.
    #[codec(index = 3)]
    SudoAsDone {
        /// What became of it; the extrinsic itself succeeds either way.
        sudo_result: DispatchOutcome,
    },
}

/// An event of the `Utility` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum UtilityEvent {
    /// A batch stopped at a failure; what went before stays.
    #[codec(index = 0)]
    BatchInterrupted {
        /// Index of the call that failed.
        index: u32,
        /// Why.
        error: DispatchError,
    },
    /// All calls of a batch succeeded.
    #[codec(index = 1)]
    BatchCompleted,
    /// All calls of a batch were tried, some failed.
    #[codec(index = 2)]
    BatchCompletedWithErrors,
    /// One call of a batch succeeded.
    #[codec(index = 3)]
    ItemCompleted,
    /// One call of a batch failed and the batch went on.
    #[codec(index = 4)]
    ItemFailed {
        /// Why.
        error: DispatchError,
    },
    /// Root dispatched a call as another origin.
    #[codec(index = 5)]
    DispatchedAs {
        /// What became of it.
        result: DispatchOutcome,
    },
    /// The first call of an `if_else` succeeded.
    #[codec(index = 6)]
    IfElseMainSuccess,
    /// The first call of an `if_else` failed, the second one succeeded.
    #[codec(index = 7)]
    IfElseFallbackCalled {
        /// Why the first one failed.
        main_error: DispatchError,
    },
}

/// An event of the `MevShield` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum MevShieldEvent {
    /// An encrypted extrinsic is in the block.
    #[codec(index = 0)]
    EncryptedSubmitted {
        /// Hash of the ciphertext and its sender.
        #[serde(with = "crate::types::hex_bytes")]
        id: [u8; 32],
        /// Who sent it.
        who: AccountId,
    },
    /// An encrypted call waits for the next block.
    #[codec(index = 1)]
    ExtrinsicStored {
        /// Its number.
        index: u32,
        /// Who sent it.
        who: AccountId,
    },
    /// An encrypted call could not be opened.
    #[codec(index = 2)]
    ExtrinsicDecodeFailed {
        /// Its number.
        index: u32,
    },
    /// An encrypted call waited too long.
    #[codec(index = 5)]
    ExtrinsicExpired {
        /// Its number.
        index: u32,
    },
    /// Root set how many encrypted calls may wait.
    #[codec(index = 7)]
    MaxPendingExtrinsicsNumberSet {
        /// How many.
        value: u32,
    },
    /// Root set the time of a block for encrypted calls.
    #[codec(index = 8)]
    OnInitializeWeightSet {
        /// Picoseconds.
        value: u64,
    },
    /// Root set how long an encrypted call may wait.
    #[codec(index = 9)]
    ExtrinsicLifetimeSet {
        /// Blocks.
        value: u32,
    },
    /// Root set the time of one encrypted call.
    #[codec(index = 10)]
    MaxExtrinsicWeightSet {
        /// Picoseconds.
        value: u64,
    },
}

/// An event of the `Preimage` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum PreimageEvent {
    /// Bytes are kept.
    #[codec(index = 0)]
    Noted {
        /// Their hash.
        #[serde(with = "crate::types::hex_bytes")]
        hash: [u8; 32],
    },
    /// Root asked for bytes.
    #[codec(index = 1)]
    Requested {
        /// Their hash.
        #[serde(with = "crate::types::hex_bytes")]
        hash: [u8; 32],
    },
    /// Bytes are kept no more.
    #[codec(index = 2)]
    Cleared {
        /// Their hash.
        #[serde(with = "crate::types::hex_bytes")]
        hash: [u8; 32],
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

impl Event {
    /// Why a call inside another failed, though the extrinsic itself succeeded.
    #[must_use]
    pub const fn inner_failure(&self) -> Option<&DispatchError> {
        match self {
            Self::Sudo(
                SudoEvent::Sudid { sudo_result: Err(error) }
                | SudoEvent::SudoAsDone { sudo_result: Err(error) },
            )
            | Self::Utility(
                UtilityEvent::BatchInterrupted { error, .. }
                | UtilityEvent::ItemFailed { error }
                | UtilityEvent::DispatchedAs { result: Err(error) },
            )
            | Self::Proxy(ProxyEvent::ProxyExecuted { result: Err(error) })
            | Self::Multisig(MultisigEvent::MultisigExecuted { result: Err(error), .. }) => Some(error),
            _ => None,
        }
    }
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
    Swap(SwapEvent),
    Sudo(SudoEvent),
    Utility(UtilityEvent),
    Commitments(CommitmentsEvent),
    Crowdloan(CrowdloanEvent),
    Drand(DrandEvent),
    Proxy(ProxyEvent),
    Multisig(MultisigEvent),
    MevShield(MevShieldEvent),
    Preimage(PreimageEvent)
);
