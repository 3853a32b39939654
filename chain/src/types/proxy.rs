//! What the `Proxy` pallet stores and names.

use super::hex_bytes;
use crate::account::AccountId;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// What a proxy may call (spec/chain.md 10.3). Indices are the chain's.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    Any,
    /// What an owner does to its subnet.
    Owner,
    /// All but sudo, dissolution, registration for TAO, and coldkey swaps.
    NonCritical,
    /// All but what moves TAO or stake to others, and coldkey swaps.
    NonTransfer,
    /// Retired: nothing.
    Senate,
    /// All but what moves TAO or stake at all, and key swaps.
    NonFungible,
    /// Retired: nothing.
    Triumvirate,
    /// Retired: nothing.
    Governance,
    /// One's own stake, and how root dividends are claimed.
    Staking,
    /// Registration of neurons.
    Registration,
    /// Transfers of TAO and of stake.
    Transfer,
    /// Transfers below half a TAO or half an alpha.
    SmallTransfer,
    /// Retired: nothing.
    RootWeights,
    /// Children and what they take.
    ChildKeys,
    /// Code upgrades by the sudo key, which are no call of this chain: nothing.
    SudoUncheckedSetCode,
    /// Hotkey swaps.
    SwapHotkey,
    /// What the beneficiary of a leased subnet does to it.
    SubnetLeaseBeneficiary,
    /// `claim_root`.
    RootClaim,
}

/// A proxy of an account (`Proxies`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct ProxyDefinition {
    /// Who may call.
    pub delegate: AccountId,
    /// What it may call.
    pub proxy_type: ProxyType,
    /// How long a call must have been announced, blocks.
    pub delay: u32,
}

/// A call that a proxy means to make (`Announcements`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct Announcement {
    /// On whose behalf.
    pub real: AccountId,
    /// `blake2_256` of the call.
    #[serde(with = "hex_bytes")]
    pub call_hash: [u8; 32],
    /// When it was announced, block.
    pub height: u32,
}

/// Which of the two deposits of the pallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum DepositKind {
    /// For proxies.
    Proxies,
    /// For announcements.
    Announcements,
}
