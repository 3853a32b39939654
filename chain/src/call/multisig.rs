//! Calls of `Multisig` (pallet 13).

use super::{RuntimeCall, Weight};
use crate::account::AccountId;
use crate::types::{Timepoint, hex_bytes};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `Multisig` pallet. Other signatories stand in the order of their raw bytes.
///
/// **Source**: spec/chain.md 10.4, and the pallet of the SDK.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// `as_multi_threshold_1` (0): any one of the signatories makes a call in the name of all.
    #[codec(index = 0)]
    #[serde(rename = "as_multi_threshold_1")]
    AsMultiThreshold1 {
        /// All signatories but the signer.
        other_signatories: Vec<AccountId>,
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `as_multi` (1): approves a call, and makes it if that was the last approval it needed.
    #[codec(index = 1)]
    AsMulti {
        /// How many approvals the call needs.
        threshold: u16,
        /// All signatories but the signer.
        other_signatories: Vec<AccountId>,
        /// The first approval; `None` for that one itself.
        maybe_timepoint: Option<Timepoint>,
        /// The call.
        call: Box<RuntimeCall>,
        /// The call must not weigh more.
        max_weight: Weight,
    },
    /// `approve_as_multi` (2): approves a call by its hash.
    #[codec(index = 2)]
    ApproveAsMulti {
        /// How many approvals the call needs.
        threshold: u16,
        /// All signatories but the signer.
        other_signatories: Vec<AccountId>,
        /// The first approval; `None` for that one itself.
        maybe_timepoint: Option<Timepoint>,
        /// `blake2_256` of the call.
        #[serde(with = "hex_bytes")]
        call_hash: [u8; 32],
        /// Not looked at.
        max_weight: Weight,
    },
    /// `cancel_as_multi` (3): the first to approve takes the call back.
    #[codec(index = 3)]
    CancelAsMulti {
        /// How many approvals the call needs.
        threshold: u16,
        /// All signatories but the signer.
        other_signatories: Vec<AccountId>,
        /// The first approval.
        timepoint: Timepoint,
        /// `blake2_256` of the call.
        #[serde(with = "hex_bytes")]
        call_hash: [u8; 32],
    },
    /// `poke_deposit` (4): the deposit of the first to approve becomes what it should be.
    #[codec(index = 4)]
    PokeDeposit {
        /// How many approvals the call needs.
        threshold: u16,
        /// All signatories but the signer.
        other_signatories: Vec<AccountId>,
        /// `blake2_256` of the call.
        #[serde(with = "hex_bytes")]
        call_hash: [u8; 32],
    },
}
