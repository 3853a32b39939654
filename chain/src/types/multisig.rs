//! What the `Multisig` pallet stores.

use crate::account::AccountId;
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Where in the chain a call stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct Timepoint {
    /// Block.
    pub height: u32,
    /// Index of the extrinsic in it; the inherent that sets the time is the first.
    pub index: u32,
}

/// A call that waits for approvals (`Multisigs`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct Multisig {
    /// When the first signatory approved; the others must name it.
    pub when: Timepoint,
    /// What the first signatory has reserved, rao.
    pub deposit: Rao,
    /// The first signatory.
    pub depositor: AccountId,
    /// Who has approved, by raw bytes.
    pub approvals: Vec<AccountId>,
}
