//! Calls of `Sudo` (pallet 12).

use super::{RuntimeCall, Weight};
use crate::wire::Lookup;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `Sudo` pallet: for the sudo key and for root.
///
/// **Source**: spec/chain.md 10.6, and the pallet of the SDK.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SudoCall {
    /// `sudo` (0): dispatches a call as root.
    #[codec(index = 0)]
    Sudo {
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `sudo_unchecked_weight` (1): as `sudo`; the weight is the sender's word.
    #[codec(index = 1)]
    SudoUncheckedWeight {
        /// The call.
        call: Box<RuntimeCall>,
        /// What the call is said to weigh.
        weight: Weight,
    },
    /// `set_key` (2): another account becomes the sudo key.
    #[codec(index = 2)]
    SetKey {
        /// The new key.
        new: Lookup,
    },
    /// `sudo_as` (3): dispatches a call as an account signed it.
    #[codec(index = 3)]
    SudoAs {
        /// On whose behalf.
        who: Lookup,
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `remove_key` (4): there is no sudo key from now on.
    #[codec(index = 4)]
    RemoveKey,
}
