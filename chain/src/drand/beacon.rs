//! A beacon of our own, and how the pulses of any are checked.

use super::{DST, message, sha256};
use crate::types::Pulse;
use blst::BLST_ERROR;
use blst::min_sig::{PublicKey, SecretKey, Signature};
use std::fmt;

/// The public key of drand's quicknet, compressed G2.
pub const QUICKNET_KEY: [u8; 96] = [
    0x83, 0xcf, 0x0f, 0x28, 0x96, 0xad, 0xee, 0x7e, 0xb8, 0xb5, 0xf0, 0x1f, 0xca, 0xd3, 0x91, 0x22, 0x12,
    0xc4, 0x37, 0xe0, 0x07, 0x3e, 0x91, 0x1f, 0xb9, 0x00, 0x22, 0xd3, 0xe7, 0x60, 0x18, 0x3c, 0x8c, 0x4b,
    0x45, 0x0b, 0x6a, 0x0a, 0x6c, 0x3a, 0xc6, 0xa5, 0x77, 0x6a, 0x2d, 0x10, 0x64, 0x51, 0x0d, 0x1f, 0xec,
    0x75, 0x8c, 0x92, 0x1c, 0xc2, 0x2b, 0x0e, 0x17, 0xe6, 0x3a, 0xaf, 0x4b, 0xcb, 0x5e, 0xd6, 0x63, 0x04,
    0xde, 0x9c, 0xf8, 0x09, 0xbd, 0x27, 0x4c, 0xa7, 0x3b, 0xab, 0x4a, 0xf5, 0xa6, 0xe9, 0xc7, 0x6a, 0x4b,
    0xc0, 0x9e, 0x76, 0xea, 0xe8, 0x99, 0x1e, 0xf5, 0xec, 0xe4, 0x5a,
];

/// A beacon whose secret we know: it can sign any round at once.
#[derive(Clone)]
pub struct Beacon(SecretKey);

impl Beacon {
    /// The beacon of a 32-byte seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        // Key generation hashes whatever material it gets; it refuses less than 32 bytes only.
        Self(SecretKey::key_gen(seed, b"localnet beacon").unwrap_or_default())
    }

    /// The public key, compressed G2: what others encrypt to.
    #[must_use]
    pub fn public_key(&self) -> [u8; 96] {
        self.0.sk_to_pk().compress()
    }

    /// The pulse of a round. Its randomness is the hash of the signature, as drand's is.
    #[must_use]
    pub fn pulse(&self, round: u64) -> Pulse {
        let signature = self.0.sign(&message(round), DST, &[]).compress();
        Pulse { round, randomness: sha256(&[&signature]).to_vec(), signature: signature.to_vec() }
    }
}

impl fmt::Debug for Beacon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Beacon({})", hex::encode(self.public_key()))
    }
}

/// Bytes that are no point of their group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no point of the group")]
pub struct Malformed;

/// Whether a pulse carries the signature of its round under a public key.
///
/// # Errors
/// [`Malformed`] when key or signature are no points: such a pulse is an error, one with a wrong signature is not.
pub fn verify(public_key: &[u8], pulse: &Pulse) -> Result<bool, Malformed> {
    let key = PublicKey::key_validate(public_key).map_err(|_| Malformed)?;
    let signature = Signature::sig_validate(&pulse.signature, false).map_err(|_| Malformed)?;
    Ok(signature.verify(false, &message(pulse.round), DST, &[], &key, false) == BLST_ERROR::BLST_SUCCESS)
}
