//! What is kept by hotkey or by coldkey across subnets.

use crate::account::AccountId;
use crate::math::fixed::I96F32;
use crate::types::{ChainIdentityOfV2, Hyperparameter, RootClaimTypeEnum};
use crate::units::NetUid;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is kept by hotkey.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Hotkey {
    /// `Owner`: the coldkey; `None` when the hotkey account does not exist.
    pub owner: Option<AccountId>,
    /// `Delegates`: take as a share of 65,535; `None` reads as 11,796.
    pub take: Option<u16>,
    /// `RootClaimable`: alpha owed per rao of root stake, by netuid number.
    pub root_claimable: BTreeMap<u16, I96F32>,
    /// `AutoParentDelegationEnabled`; `None` reads as true.
    pub auto_parent_delegation: Option<bool>,
    /// `LastTxBlockDelegateTake`.
    pub last_tx_delegate_take: u64,
    /// `LastTxBlockChildKeyTake`.
    pub last_tx_childkey_take: u64,
}

/// What is kept by coldkey.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Coldkey {
    /// `OwnedHotkeys` in the order they came, without duplicates.
    pub owned_hotkeys: Vec<AccountId>,
    /// `StakingHotkeys` in the order they came, without duplicates.
    pub staking_hotkeys: Vec<AccountId>,
    /// `RootClaimType`; `None` reads as `Swap`.
    pub root_claim_type: Option<RootClaimTypeEnum>,
    /// `AccountFlags`.
    pub flags: u128,
    /// `IdentitiesV2`.
    pub identity: Option<ChainIdentityOfV2>,
    /// `LastTxBlock`.
    pub last_tx: u64,
    /// `ColdkeySwapAnnouncements`: block from which the swap may happen, hash of the new coldkey.
    pub swap_announcement: Option<(u32, [u8; 32])>,
    /// `ColdkeySwapDisputes`.
    pub swap_dispute: Option<u32>,
}

/// Key of `LastRateLimitedBlock`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
pub enum RateLimitKey {
    /// The owner hotkey of a subnet was set.
    #[codec(index = 0)]
    SetSNOwnerHotkey(NetUid),
    /// An owner changed a hyperparameter: subnet and parameter.
    #[codec(index = 1)]
    OwnerHyperparamUpdate(
        NetUid,
        #[serde(deserialize_with = "crate::types::hyperparameter::by_name_or_number")] Hyperparameter,
    ),
    /// A network was registered.
    #[codec(index = 2)]
    NetworkLastRegistered,
    /// An account sent a rate-limited call.
    #[codec(index = 3)]
    LastTxBlock(AccountId),
    /// An account changed a childkey take.
    #[codec(index = 4)]
    LastTxBlockChildKeyTake(AccountId),
    /// An account changed a delegate take.
    #[codec(index = 5)]
    LastTxBlockDelegateTake(AccountId),
    /// Stake of a subnet was burned.
    #[codec(index = 6)]
    AddStakeBurn(NetUid),
}
