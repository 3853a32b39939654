//! Keys of the state's maps.

use super::RateLimitKey;
use crate::account::AccountId;
use crate::units::NetUid;

/// A key of a [`Map`](super::Map).
pub trait Key: Ord + Clone {
    /// A number that ascends with the keys: a search compares numbers, and keys only where those are the same.
    ///
    /// **Invariant**: `a <= b` implies `a.rank() <= b.rank()`.
    fn rank(&self) -> u64;
}

impl Key for AccountId {
    fn rank(&self) -> u64 {
        self.hash().first_chunk().copied().map_or(0, u64::from_be_bytes)
    }
}
impl Key for NetUid {
    fn rank(&self) -> u64 {
        self.number().swap_bytes().into()
    }
}
impl Key for u64 {
    fn rank(&self) -> u64 {
        *self
    }
}
impl Key for u8 {
    fn rank(&self) -> u64 {
        (*self).into()
    }
}
impl Key for u32 {
    fn rank(&self) -> u64 {
        (*self).into()
    }
}
impl Key for [u8; 32] {
    fn rank(&self) -> u64 {
        self.first_chunk().copied().map_or(0, u64::from_be_bytes)
    }
}
impl Key for Vec<u8> {
    fn rank(&self) -> u64 {
        let bytes = self.iter().copied().chain(std::iter::repeat(0)).take(8);
        bytes.fold(0, |rank, byte| rank << 8 | u64::from(byte))
    }
}
impl Key for RateLimitKey {
    fn rank(&self) -> u64 {
        // By its kind, as the derived order does first.
        match self {
            Self::SetSNOwnerHotkey(_) => 0,
            Self::OwnerHyperparamUpdate(..) => 1,
            Self::NetworkLastRegistered => 2,
            Self::LastTxBlock(_) => 3,
            Self::LastTxBlockChildKeyTake(_) => 4,
            Self::LastTxBlockDelegateTake(_) => 5,
            Self::AddStakeBurn(..) => 6,
        }
    }
}
impl<A: Key, B: Ord + Clone> Key for (A, B) {
    fn rank(&self) -> u64 {
        self.0.rank()
    }
}
impl<A: Key, B: Ord + Clone, C: Ord + Clone> Key for (A, B, C) {
    fn rank(&self) -> u64 {
        self.0.rank()
    }
}
