//! The drand beacon and what is locked to its rounds.
//!
//! A beacon signs the number of each round when its time comes: BLS over BLS12-381, signatures in G1, public key in
//! G2, as drand's quicknet does. Whoever knows the public key can encrypt to a round ([`seal`]); the signature of that
//! round, once it is public, decrypts ([`open`]). The chain stores the signatures as `Drand.Pulses` and opens
//! timelocked weights and commitments with them.
//!
//! The real beacon is out of reach of a chain that plays faster than time, so a localnet brings its own: [`Beacon`],
//! with a secret made from the seed. What was encrypted to the key of quicknet opens here only when the real
//! signature of its round is written to `Drand.Pulses`.
//!
//! ```
//! use chain::drand::{Beacon, open, seal};
//!
//! let beacon = Beacon::from_seed(&[7; 32]);
//! let sealed = seal(&beacon.public_key(), 12, b"weights", &[1; 32]).unwrap();
//! assert_eq!(open(&sealed, &beacon.pulse(12).signature).unwrap(), b"weights");
//! assert!(open(&sealed, &beacon.pulse(11).signature).is_none());
//! ```
//!
//! **Source**: spec/chain.md 9.6; the form of ciphertexts is that of the recorded one (`s7_commit_reveal`).

mod beacon;
mod cipher;

pub use beacon::{Beacon, Malformed, QUICKNET_KEY, verify};
pub use cipher::{open, seal};

use sha2::{Digest as _, Sha256};

/// How messages are hashed to G1 (RFC 9380), as quicknet does.
const DST: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/// SHA-256 over the parts, one after the other.
fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().fold(Sha256::new(), Sha256::chain_update).finalize().into()
}

/// What a beacon signs in a round: the hash of its number.
fn message(round: u64) -> [u8; 32] {
    sha256(&[&round.to_be_bytes()])
}
