//! Calls of `Commitments` (pallet 18).
//!
//! **Source**: spec/tables/extrinsics.md.

use crate::types::CommitmentInfo;
use crate::units::NetUid;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `Commitments` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// `set_commitment` (0), free of fees: a hotkey publishes something about itself.
    #[codec(index = 0)]
    SetCommitment {
        /// The subnet.
        netuid: NetUid,
        /// What.
        info: CommitmentInfo,
    },
    /// `set_max_space` (2): root only.
    #[codec(index = 2)]
    SetMaxSpace {
        /// Bytes that a hotkey may commit in an epoch.
        new_limit: u32,
    },
}
