//! What the `Drand` pallet stores and is sent.

use super::hex_bytes;
use crate::drand::QUICKNET_KEY;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Randomness of the drand beacon (`Drand.Pulses`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct Pulse {
    /// Round.
    pub round: u64,
    /// The round's randomness, 32 bytes.
    #[serde(with = "hex_bytes")]
    pub randomness: Vec<u8>,
    /// The beacon's signature: the key of what is timelocked to the round.
    #[serde(with = "hex_bytes")]
    pub signature: Vec<u8>,
}

/// Which beacon the chain listens to (`Drand.BeaconConfig`). The default is drand's quicknet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct BeaconConfiguration {
    /// Public key, compressed G2.
    #[serde(with = "hex_bytes")]
    pub public_key: Vec<u8>,
    /// Seconds from round to round.
    pub period: u32,
    /// Unix time of round 1, seconds.
    pub genesis_time: u32,
    /// Hash that names the beacon.
    #[serde(with = "hex_bytes")]
    pub hash: Vec<u8>,
    /// Hash that names its signers.
    #[serde(with = "hex_bytes")]
    pub group_hash: Vec<u8>,
    /// Name of the scheme.
    #[serde(with = "hex_bytes")]
    pub scheme_id: Vec<u8>,
    /// Its name.
    pub metadata: BeaconMetadata,
}

/// The name of a beacon.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct BeaconMetadata {
    /// The name.
    #[serde(with = "hex_bytes")]
    pub beacon_id: Vec<u8>,
}

/// Hash that names quicknet.
const QUICKNET_HASH: [u8; 32] = [
    0x52, 0xdb, 0x9b, 0xa7, 0x0e, 0x0c, 0xc0, 0xf6, 0xea, 0xf7, 0x80, 0x3d, 0xd0, 0x74, 0x47, 0xa1, 0xf5,
    0x47, 0x77, 0x35, 0xfd, 0x3f, 0x66, 0x17, 0x92, 0xba, 0x94, 0x60, 0x0c, 0x84, 0xe9, 0x71,
];
/// Hash that names the signers of quicknet.
const QUICKNET_GROUP: [u8; 32] = [
    0xf4, 0x77, 0xd5, 0xc8, 0x9f, 0x21, 0xa1, 0x7c, 0x86, 0x3a, 0x7f, 0x93, 0x7c, 0x6a, 0x6d, 0x15, 0x85,
    0x94, 0x14, 0xd2, 0xbe, 0x09, 0xcd, 0x44, 0x8d, 0x42, 0x79, 0xaf, 0x33, 0x1c, 0x5d, 0x3e,
];
/// Public keys in G2, signatures in G1, rounds that do not hang on one another.
pub const UNCHAINED_G1: &[u8] = b"bls-unchained-g1-rfc9380";

impl Default for BeaconConfiguration {
    fn default() -> Self {
        Self {
            public_key: QUICKNET_KEY.to_vec(),
            period: 3,
            genesis_time: 1_692_803_367,
            hash: QUICKNET_HASH.to_vec(),
            group_hash: QUICKNET_GROUP.to_vec(),
            scheme_id: UNCHAINED_G1.to_vec(),
            metadata: BeaconMetadata { beacon_id: b"quicknet".to_vec() },
        }
    }
}

/// A public key with its scheme, indexed as on chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum MultiSigner {
    /// Ed25519.
    #[codec(index = 0)]
    Ed25519(#[serde(with = "hex_bytes")] [u8; 32]),
    /// Sr25519.
    #[codec(index = 1)]
    Sr25519(#[serde(with = "hex_bytes")] [u8; 32]),
    /// ECDSA, a compressed point.
    #[codec(index = 2)]
    Ecdsa(#[serde(with = "hex_bytes")] [u8; 33]),
}

/// Pulses that a node brings (`Drand.write_pulse`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct PulsesPayload {
    /// The block in which it was made.
    pub block_number: u32,
    /// The pulses.
    pub pulses: Vec<Pulse>,
    /// Who brings them.
    pub public: MultiSigner,
}

/// A beacon to listen to (`Drand.set_beacon_config`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct BeaconConfigurationPayload {
    /// The block in which it was made.
    pub block_number: u32,
    /// The beacon.
    pub config: BeaconConfiguration,
    /// Who says so.
    pub public: MultiSigner,
}
