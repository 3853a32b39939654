//! Calls of `System` (0), `Timestamp` (2) and `MevShield` (30): what nodes and wallets send besides the market's own.
//!
//! **Source**: spec/tables/extrinsics.md.

use crate::types::hex_bytes;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `System` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemCall {
    /// `remark` (0): says something and does nothing.
    #[codec(index = 0)]
    Remark {
        /// What.
        #[serde(with = "hex_bytes")]
        remark: Vec<u8>,
    },
    /// `set_heap_pages` (1): root sets the memory of the runtime.
    #[codec(index = 1)]
    SetHeapPages {
        /// Pages.
        pages: u64,
    },
    /// `set_code` (2): root sets the code of the chain.
    #[codec(index = 2)]
    SetCode {
        /// The code.
        #[serde(with = "hex_bytes")]
        code: Vec<u8>,
    },
    /// `set_code_without_checks` (3): the same, whatever the code's version.
    #[codec(index = 3)]
    SetCodeWithoutChecks {
        /// The code.
        #[serde(with = "hex_bytes")]
        code: Vec<u8>,
    },
    /// `set_storage` (4): root writes rows of storage as they are.
    #[codec(index = 4)]
    SetStorage {
        /// Raw keys and values.
        items: Vec<(Raw, Raw)>,
    },
    /// `kill_storage` (5): root removes rows of storage.
    #[codec(index = 5)]
    KillStorage {
        /// Raw keys.
        keys: Vec<Raw>,
    },
    /// `kill_prefix` (6): root removes all rows whose keys begin so.
    #[codec(index = 6)]
    KillPrefix {
        /// How the keys begin.
        prefix: Raw,
        /// Most rows to remove.
        subkeys: u32,
    },
    /// `remark_with_event` (7): says something that an event gives the hash of.
    #[codec(index = 7)]
    RemarkWithEvent {
        /// What.
        #[serde(with = "hex_bytes")]
        remark: Vec<u8>,
    },
    /// `authorize_upgrade` (9): root names the code that anyone may set then.
    #[codec(index = 9)]
    AuthorizeUpgrade {
        /// Hash of the code.
        code_hash: Raw32,
    },
    /// `authorize_upgrade_without_checks` (10): the same, whatever the code's version.
    #[codec(index = 10)]
    AuthorizeUpgradeWithoutChecks {
        /// Hash of the code.
        code_hash: Raw32,
    },
    /// `apply_authorized_upgrade` (11): anyone sets the code that was named.
    #[codec(index = 11)]
    ApplyAuthorizedUpgrade {
        /// The code.
        #[serde(with = "hex_bytes")]
        code: Vec<u8>,
    },
}

/// 32 bytes: a hash or a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Raw32(#[serde(with = "hex_bytes")] pub [u8; 32]);

/// Bytes of a raw key or value.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Raw(#[serde(with = "hex_bytes")] pub Vec<u8>);

impl From<Vec<u8>> for Raw {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

/// A call of the `Timestamp` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimestampCall {
    /// `set` (0): the time of the block. Only a node brings it; in our blocks it is part of the input.
    #[codec(index = 0)]
    Set {
        /// Milliseconds since the Unix epoch.
        #[codec(compact)]
        now: u64,
    },
}

/// A call of the `MevShield` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MevShieldCall {
    /// `announce_next_key` (0): only a node brings it.
    #[codec(index = 0)]
    AnnounceNextKey {
        /// The key of the block after the next, if its author has one.
        enc_key: Option<Raw>,
    },
    /// `submit_encrypted` (1): carries an extrinsic that nobody can read before the block holds it; the node opens it
    /// and puts it into a later block.
    #[codec(index = 1)]
    SubmitEncrypted {
        /// `twox_128` of the key, length and bytes of the ML-KEM-768 ciphertext, nonce, XChaCha20-Poly1305 ciphertext.
        #[serde(with = "hex_bytes")]
        ciphertext: Vec<u8>,
    },
    /// `store_encrypted` (2): carries a call that the chain itself is to open in the next block, which it cannot yet.
    #[codec(index = 2)]
    StoreEncrypted {
        /// The call.
        #[serde(with = "hex_bytes")]
        encrypted_call: Vec<u8>,
    },
    /// `set_max_pending_extrinsics_number` (3): by root.
    #[codec(index = 3)]
    SetMaxPendingExtrinsicsNumber {
        /// Most calls that wait.
        value: u32,
    },
    /// `set_on_initialize_weight` (4): by root.
    #[codec(index = 4)]
    SetOnInitializeWeight {
        /// Most picoseconds of a block for calls that waited.
        value: u64,
    },
    /// `set_stored_extrinsic_lifetime` (5): by root.
    #[codec(index = 5)]
    SetStoredExtrinsicLifetime {
        /// Most blocks that a call waits.
        value: u32,
    },
    /// `set_max_extrinsic_weight` (6): by root.
    #[codec(index = 6)]
    SetMaxExtrinsicWeight {
        /// Most picoseconds of one call that waited.
        value: u64,
    },
}
