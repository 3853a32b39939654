//! Calls of `System` (0), `Timestamp` (2) and `MevShield` (30): what nodes and wallets send besides the market's own.

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
}

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
    /// `submit_encrypted` (1): carries an extrinsic that nobody can read before the block holds it; the node opens it
    /// and puts it into a later block.
    #[codec(index = 1)]
    SubmitEncrypted {
        /// `twox_128` of the key, length and bytes of the ML-KEM-768 ciphertext, nonce, XChaCha20-Poly1305 ciphertext.
        #[serde(with = "hex_bytes")]
        ciphertext: Vec<u8>,
    },
}
