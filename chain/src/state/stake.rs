//! Where stake lies: one share pool per hotkey and subnet.

use super::Map;
use crate::account::AccountId;
use crate::math::safe_float::SafeFloat;
use crate::units::{AlphaRao, NetUid};
use parity_scale_codec::{Decode, Encode};

/// Key of an `AlphaV2` row; its order is the raw key order of the chain (hotkey, coldkey, netuid).
pub type AlphaKey = (AccountId, AccountId, NetUid);

/// The stake behind one hotkey on one subnet, split in shares between coldkeys.
///
/// **Invariant** (I9): the value of every coldkey is floored, so their sum is at most `value`; rows without
/// shares are removed. **Source**: spec/chain.md 6.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ShareStore {
    /// `TotalHotkeyAlpha`.
    pub value: AlphaRao,
    /// `TotalHotkeySharesV2`: the sum of all shares.
    pub denominator: SafeFloat,
    /// `AlphaV2`: shares by coldkey.
    pub shares: Map<AccountId, SafeFloat>,
}
