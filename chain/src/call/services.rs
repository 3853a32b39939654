//! Calls of pallets that serve nodes and other pallets: `Grandpa` (4), `Preimage` (14), `Scheduler` (15), `SafeMode`
//! (20), `BaseFee` (25).
//!
//! **Source**: the real chain's metadata.

use super::RuntimeCall;
use super::node::Raw32;
use crate::account::AccountId;
use crate::types::hex_bytes;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `Grandpa` pallet. Reports of equivocation are not among them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrandpaCall {
    /// `note_stalled` (2): root notes that finality stands still.
    #[codec(index = 2)]
    NoteStalled {
        /// Blocks until the next set of authorities.
        delay: u32,
        /// The last final block.
        best_finalized_block_number: u32,
    },
}

/// A call of the `Preimage` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreimageCall {
    /// `note_preimage` (0): keeps bytes for a deposit.
    #[codec(index = 0)]
    NotePreimage {
        /// The bytes.
        #[serde(with = "hex_bytes")]
        bytes: Vec<u8>,
    },
    /// `unnote_preimage` (1): takes them back.
    #[codec(index = 1)]
    UnnotePreimage {
        /// Hash of the bytes.
        hash: Raw32,
    },
    /// `request_preimage` (2): root asks for bytes, which may be kept without a deposit then.
    #[codec(index = 2)]
    RequestPreimage {
        /// Hash of the bytes.
        hash: Raw32,
    },
    /// `unrequest_preimage` (3): root asks no more.
    #[codec(index = 3)]
    UnrequestPreimage {
        /// Hash of the bytes.
        hash: Raw32,
    },
    /// `ensure_updated` (4): brings rows into the newer form, which all have.
    #[codec(index = 4)]
    EnsureUpdated {
        /// Hashes of bytes.
        hashes: Vec<Raw32>,
    },
}

/// A call of the `Scheduler` pallet; all by root.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchedulerCall {
    /// `schedule` (0).
    #[codec(index = 0)]
    Schedule {
        /// At which block.
        when: u32,
        /// How often again: blocks between, and times.
        maybe_periodic: Option<(u32, u32)>,
        /// The lower, the earlier.
        priority: u8,
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `cancel` (1).
    #[codec(index = 1)]
    Cancel {
        /// At which block.
        when: u32,
        /// Which of the block's.
        index: u32,
    },
    /// `schedule_named` (2).
    #[codec(index = 2)]
    ScheduleNamed {
        /// The name.
        id: Raw32,
        /// At which block.
        when: u32,
        /// How often again: blocks between, and times.
        maybe_periodic: Option<(u32, u32)>,
        /// The lower, the earlier.
        priority: u8,
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `cancel_named` (3).
    #[codec(index = 3)]
    CancelNamed {
        /// The name.
        id: Raw32,
    },
    /// `schedule_after` (4).
    #[codec(index = 4)]
    ScheduleAfter {
        /// After how many blocks.
        after: u32,
        /// How often again: blocks between, and times.
        maybe_periodic: Option<(u32, u32)>,
        /// The lower, the earlier.
        priority: u8,
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `schedule_named_after` (5).
    #[codec(index = 5)]
    ScheduleNamedAfter {
        /// The name.
        id: Raw32,
        /// After how many blocks.
        after: u32,
        /// How often again: blocks between, and times.
        maybe_periodic: Option<(u32, u32)>,
        /// The lower, the earlier.
        priority: u8,
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `set_retry` (6).
    #[codec(index = 6)]
    SetRetry {
        /// Block and place of the call.
        task: (u32, u32),
        /// How often it is tried again.
        retries: u8,
        /// Blocks between.
        period: u32,
    },
    /// `set_retry_named` (7).
    #[codec(index = 7)]
    SetRetryNamed {
        /// The name.
        id: Raw32,
        /// How often it is tried again.
        retries: u8,
        /// Blocks between.
        period: u32,
    },
    /// `cancel_retry` (8).
    #[codec(index = 8)]
    CancelRetry {
        /// Block and place of the call.
        task: (u32, u32),
    },
    /// `cancel_retry_named` (9).
    #[codec(index = 9)]
    CancelRetryNamed {
        /// The name.
        id: Raw32,
    },
}

/// A call of the `SafeMode` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SafeModeCall {
    /// `enter` (0): for a deposit, which is not configured.
    #[codec(index = 0)]
    Enter,
    /// `force_enter` (1): by root.
    #[codec(index = 1)]
    ForceEnter,
    /// `extend` (2): for a deposit, which is not configured.
    #[codec(index = 2)]
    Extend,
    /// `force_extend` (3): by root.
    #[codec(index = 3)]
    ForceExtend,
    /// `force_exit` (4): by root.
    #[codec(index = 4)]
    ForceExit,
    /// `force_slash_deposit` (5): by root.
    #[codec(index = 5)]
    ForceSlashDeposit {
        /// Whose.
        account: AccountId,
        /// Of which block.
        block: u32,
    },
    /// `release_deposit` (6).
    #[codec(index = 6)]
    ReleaseDeposit {
        /// Whose.
        account: AccountId,
        /// Of which block.
        block: u32,
    },
    /// `force_release_deposit` (7): by root.
    #[codec(index = 7)]
    ForceReleaseDeposit {
        /// Whose.
        account: AccountId,
        /// Of which block.
        block: u32,
    },
}

/// A call of the `BaseFee` pallet; all by root.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseFeeCall {
    /// `set_base_fee_per_gas` (0).
    #[codec(index = 0)]
    SetBaseFeePerGas {
        /// A number of 256 bits, its lowest word first.
        fee: [u64; 4],
    },
    /// `set_elasticity` (1).
    #[codec(index = 1)]
    SetElasticity {
        /// Millionths.
        elasticity: u32,
    },
}
