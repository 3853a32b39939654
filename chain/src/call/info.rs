//! Dispatch information of calls: weight, class, and whether they pay.

use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// What a call costs the chain to execute, in two dimensions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct Weight {
    /// Time of execution, picoseconds.
    #[codec(compact)]
    pub ref_time: u64,
    /// Bytes of proof.
    #[codec(compact)]
    pub proof_size: u64,
}

impl Weight {
    /// A weight of both dimensions.
    #[must_use]
    pub const fn new(ref_time: u64, proof_size: u64) -> Self {
        Self { ref_time, proof_size }
    }
    /// The sum, saturating.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            ref_time: self.ref_time.saturating_add(other.ref_time),
            proof_size: self.proof_size.saturating_add(other.proof_size),
        }
    }
    /// The difference, saturating.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self {
            ref_time: self.ref_time.saturating_sub(other.ref_time),
            proof_size: self.proof_size.saturating_sub(other.proof_size),
        }
    }
    /// The product, saturating.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self {
            ref_time: self.ref_time.saturating_mul(count),
            proof_size: self.proof_size.saturating_mul(count),
        }
    }
    /// The lower of both in each dimension.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self {
            ref_time: self.ref_time.min(other.ref_time),
            proof_size: self.proof_size.min(other.proof_size),
        }
    }
    /// Whether it exceeds another in any dimension.
    #[must_use]
    pub const fn exceeds(self, other: Self) -> bool {
        self.ref_time > other.ref_time || self.proof_size > other.proof_size
    }
}

/// Dispatch class of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum DispatchClass {
    /// Included while there is room.
    Normal,
    /// May use room that is kept from normal calls.
    Operational,
    /// Always included: an inherent.
    Mandatory,
}

/// Whether a call pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum Pays {
    /// It pays.
    Yes,
    /// It is free.
    No,
}

impl From<bool> for Pays {
    fn from(pays: bool) -> Self {
        if pays { Self::Yes } else { Self::No }
    }
}

/// What the events of an executed extrinsic report of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct DispatchEventInfo {
    /// Weight after dispatch, that of an empty extrinsic included.
    pub weight: Weight,
    /// Dispatch class.
    pub class: DispatchClass,
    /// Whether it paid.
    pub pays_fee: Pays,
}
