//! Accounts and their TAO (`System.Account`, `Balances.TotalIssuance`).

use super::Map;
use crate::account::AccountId;
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// An account below this is reaped, its dust destroyed (spec/chain.md 1.3).
pub const EXISTENTIAL_DEPOSIT: Rao = Rao(500);

/// Accounts and TAO issuance.
///
/// **Invariant** (I1): the sum of all `free + reserved` equals `total_issuance`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Balances {
    /// `System.Account`.
    pub accounts: Map<AccountId, AccountInfo>,
    /// `Balances.TotalIssuance`.
    pub total_issuance: Rao,
}

/// `System.Account`: nonce, reference counters, balance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct AccountInfo {
    /// Number of extrinsics this account has sent.
    pub nonce: u32,
    /// Modules that depend on the account.
    pub consumers: u32,
    /// Modules that let the account exist; 1 while it holds the existential deposit.
    pub providers: u32,
    /// Modules that let it exist for their own sake.
    pub sufficients: u32,
    /// Balance.
    pub data: AccountData,
}

/// Balance of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct AccountData {
    /// What can be used, frozen part included.
    pub free: Rao,
    /// What is held by modules.
    pub reserved: Rao,
    /// Part of `free` that may not be withdrawn.
    pub frozen: Rao,
    /// Flag bits; the top bit says that the new logic applies, as on every account of a new chain.
    #[serde(with = "crate::types::decimal")]
    pub flags: u128,
}

impl AccountData {
    /// The flag bits of a new account.
    pub const NEW_LOGIC: u128 = 1 << 127;
}

impl Default for AccountData {
    fn default() -> Self {
        Self { free: Rao::ZERO, reserved: Rao::ZERO, frozen: Rao::ZERO, flags: Self::NEW_LOGIC }
    }
}
