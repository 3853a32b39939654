//! Bytes that are kept by their hash, and encrypted calls that wait for a block.

use super::Map;
use crate::account::AccountId;
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The `Preimage` pallet.
///
/// **Invariant**: the deposit of every ticket is held on its account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Preimages {
    /// `RequestStatusFor`: what is known of bytes, by their hash.
    pub status: Map<[u8; 32], RequestStatus>,
    /// `PreimageFor`: the bytes, by hash and length.
    pub bytes: Map<([u8; 32], u32), Vec<u8>>,
}

/// Who keeps bytes, and who asked for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum RequestStatus {
    /// Root did not ask for them.
    #[codec(index = 0)]
    Unrequested {
        /// Who keeps them, and the deposit.
        ticket: (AccountId, Rao),
        /// How many bytes.
        len: u32,
    },
    /// Root asked for them.
    #[codec(index = 1)]
    Requested {
        /// Who keeps them, and the deposit.
        maybe_ticket: Option<(AccountId, Rao)>,
        /// How often root asked.
        count: u32,
        /// How many bytes, once they are there.
        maybe_len: Option<u32>,
    },
}

/// An amount that is held for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct IdAmount {
    /// For what.
    pub id: RuntimeHoldReason,
    /// How much.
    pub amount: Rao,
}

/// Which pallet holds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum RuntimeHoldReason {
    /// `Preimage`.
    #[codec(index = 14)]
    Preimage(HoldReason),
}

/// What `Preimage` holds for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum HoldReason {
    /// A deposit.
    #[codec(index = 0)]
    Preimage,
}

impl Preimages {
    /// What is held on an account.
    pub fn held(&self, who: &AccountId) -> Rao {
        self.status
            .values()
            .filter_map(RequestStatus::ticket)
            .filter(|ticket| ticket.0 == *who)
            .fold(Rao::ZERO, |sum, ticket| sum.saturating_add(ticket.1))
    }
}

impl RequestStatus {
    /// Who keeps the bytes, and the deposit.
    pub const fn ticket(&self) -> Option<(AccountId, Rao)> {
        match self {
            Self::Unrequested { ticket, .. } => Some(*ticket),
            Self::Requested { maybe_ticket, .. } => *maybe_ticket,
        }
    }
}

/// What the `MevShield` pallet keeps of encrypted calls.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Shield {
    /// `MaxPendingExtrinsicsLimit`.
    pub max_pending: u32,
    /// `ExtrinsicLifetime`, blocks.
    pub lifetime: u32,
    /// `OnInitializeWeight`, picoseconds.
    pub on_initialize_weight: u64,
    /// `MaxExtrinsicWeight`, picoseconds.
    pub max_extrinsic_weight: u64,
    /// `NextPendingExtrinsicIndex`.
    pub next_index: u32,
    /// `PendingExtrinsics`: those of the last block.
    pub pending: Map<u32, PendingExtrinsic>,
}

/// An encrypted call that waits.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct PendingExtrinsic {
    /// Who sent it.
    pub who: AccountId,
    /// The call.
    #[serde(with = "crate::types::hex_bytes")]
    pub encrypted_call: Vec<u8>,
    /// When.
    pub submitted_at: u32,
}

impl Default for Shield {
    fn default() -> Self {
        Self {
            max_pending: 100,
            lifetime: 10,
            on_initialize_weight: 500_000_000_000,
            max_extrinsic_weight: 50_000_000_000,
            next_index: 0,
            pending: Map::default(),
        }
    }
}
