//! What crowdloans and leases store.

use crate::account::AccountId;
use crate::units::{NetUid, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A crowdloan (`Crowdloans`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct CrowdloanInfo {
    /// Account that opened it.
    pub creator: AccountId,
    /// Its creator's first contribution.
    pub deposit: Rao,
    /// Least contribution.
    pub min_contribution: Rao,
    /// Block from which contributions are refused.
    pub end: u32,
    /// Sum to be raised.
    pub cap: Rao,
    /// Account that holds what was raised.
    pub funds_account: AccountId,
    /// Sum of contributions.
    pub raised: Rao,
    /// Account that receives the sum.
    pub target_address: Option<AccountId>,
    /// Call that is made instead.
    pub call: Option<Bounded>,
    /// Whether it has come to its end.
    pub finalized: bool,
    /// Accounts with a contribution.
    pub contributors_count: u32,
}

/// A call that is kept in place when it is short, and otherwise as a preimage.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum Bounded {
    /// By its hash alone: never made here.
    Legacy {
        /// `blake2_256` of the call.
        #[serde(with = "crate::types::hex_bytes")]
        hash: [u8; 32],
    },
    /// Encoded, at most 128 bytes.
    Inline(#[serde(with = "crate::types::hex_bytes")] Vec<u8>),
    /// Kept in `Preimage.PreimageFor`.
    Lookup {
        /// `blake2_256` of the call.
        #[serde(with = "crate::types::hex_bytes")]
        hash: [u8; 32],
        /// Length of the encoded call.
        len: u32,
    },
}

/// A part of a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Percent(pub u8);

impl Percent {
    /// The part of an amount, rounded up.
    #[must_use]
    pub fn mul_ceil(self, amount: u64) -> u64 {
        let part = u128::from(amount).saturating_mul(self.0.into()).div_ceil(100);
        u64::try_from(part).unwrap_or(u64::MAX)
    }
}

/// A subnet that a crowdloan pays for (`SubnetLeases`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct SubnetLease {
    /// Account that runs the subnet.
    pub beneficiary: AccountId,
    /// Coldkey that owns the subnet while it is leased.
    pub coldkey: AccountId,
    /// The subnet's owner hotkey while it is leased.
    pub hotkey: AccountId,
    /// Part of the owner's cut that goes to the contributors.
    pub emissions_share: Percent,
    /// Block from which the beneficiary may end the lease; `None` is a perpetual lease.
    pub end_block: Option<u32>,
    /// The subnet.
    pub netuid: NetUid,
    /// What the subnet cost.
    pub cost: Rao,
}
