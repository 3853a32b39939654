//! Keys, signatures, and the well-known development accounts.
//!
//! Nothing here draws entropy: ed25519 signs deterministically, and an sr25519 signature takes its nonce
//! randomness from the caller. **Source**: spec/chain.md 1.2, 12.1.

use crate::account::AccountId;
use crate::block::{Hash, MultiSignature, SignedExtrinsic};
use crate::call::RuntimeCall;
use crate::units::Rao;
use crate::wire::Mortality;
use blake2::Blake2b;
use blake2::digest::Digest as _;
use blake2::digest::consts::{U8, U32};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use k256::ecdsa::RecoveryId;
use parity_scale_codec::Encode as _;
use rand_core::{CryptoRng, RngCore};
use schnorrkel::context::attach_rng;
use schnorrkel::derive::ChainCode;
use schnorrkel::{ExpansionMode, MiniSecretKey};
use std::fmt;

/// The signing context of Substrate's sr25519.
const CONTEXT: &[u8] = b"substrate";

/// Mini secret of the Substrate development phrase "bottom drive obey lake curtain smoke basket hold race
/// lonely fit walk", public knowledge: never for anything of worth.
const DEV_MINI_SECRET: [u8; 32] = [
    0xfa, 0xc7, 0x95, 0x9d, 0xbf, 0xe7, 0x2f, 0x05, 0x2e, 0x5a, 0x0c, 0x3c, 0x8d, 0x65, 0x30, 0xf2, 0x02,
    0xb0, 0x2f, 0xd8, 0xf9, 0xf5, 0xca, 0x35, 0x80, 0xec, 0x8d, 0xeb, 0x77, 0x97, 0x47, 0x9e,
];

/// A key that can sign, of either scheme.
#[derive(Clone)]
pub enum Keypair {
    /// What participants inside the process use: deterministic and fast.
    Ed25519(Box<SigningKey>),
    /// What wallets use.
    Sr25519(Box<schnorrkel::Keypair>),
}

/// A key that could not be made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    /// The derivation path is not of the form `//Name`.
    #[error("`{0}` is not a development key: expected //Name, such as //Alice or //Alice//stash")]
    Path(String),
}

impl Keypair {
    /// The ed25519 key of a 32-byte seed.
    pub fn ed25519(seed: &[u8; 32]) -> Self {
        Self::Ed25519(Box::new(SigningKey::from_bytes(seed)))
    }

    /// The sr25519 key of a 32-byte mini secret, expanded as wallets do.
    ///
    /// # Errors
    /// Never for 32 bytes; the scheme's own parser decides.
    pub fn sr25519(seed: &[u8; 32]) -> Self {
        Self::Sr25519(Box::new(mini(seed).expand_to_keypair(ExpansionMode::Ed25519)))
    }

    /// The sr25519 key that `//Name` derives from the development phrase. Several hard junctions may follow
    /// one another.
    ///
    /// # Errors
    /// [`KeyError::Path`] when the text does not start with `//` or a name is empty.
    pub fn dev(path: &str) -> Result<Self, KeyError> {
        Self::dev_secret(path).map(|secret| Self::sr25519(&secret))
    }

    /// The mini secret of that key: what wallets import.
    ///
    /// # Errors
    /// As [`Keypair::dev`].
    pub fn dev_secret(path: &str) -> Result<[u8; 32], KeyError> {
        let bad = || KeyError::Path(path.to_owned());
        let names = path.strip_prefix("//").ok_or_else(bad)?;
        let mut seed = DEV_MINI_SECRET;
        for name in names.split("//") {
            if name.is_empty() || name.contains('/') {
                return Err(bad());
            }
            let secret = mini(&seed).expand(ExpansionMode::Ed25519);
            let (next, _) = secret.hard_derive_mini_secret_key(Some(junction(name)), b"");
            seed = next.to_bytes();
        }
        Ok(seed)
    }

    /// The public key.
    pub fn account(&self) -> AccountId {
        match self {
            Self::Ed25519(key) => AccountId::new(key.verifying_key().to_bytes()),
            Self::Sr25519(pair) => AccountId::new(pair.public.to_bytes()),
        }
    }

    /// Signs a message. `nonce_seed` is the randomness of an sr25519 nonce; ed25519 does not use it. The same
    /// message and seed give the same signature; never sign two messages in public with one seed and a key of
    /// worth.
    pub fn sign(&self, message: &[u8], nonce_seed: [u8; 32]) -> MultiSignature {
        match self {
            Self::Ed25519(key) => MultiSignature::Ed25519(key.sign(message).to_bytes()),
            Self::Sr25519(pair) => {
                let transcript = schnorrkel::signing_context(CONTEXT).bytes(message);
                let rng = Stream(blake3::Hasher::new_keyed(&nonce_seed).finalize_xof());
                MultiSignature::Sr25519(pair.sign(attach_rng(transcript, rng)).to_bytes())
            }
        }
    }
}

impl fmt::Debug for Keypair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self {
            Self::Ed25519(_) => "Ed25519",
            Self::Sr25519(_) => "Sr25519",
        };
        write!(f, "Keypair::{scheme}({})", self.account())
    }
}

impl SignedExtrinsic {
    /// Signs a call, without a tip and for ever. The sr25519 nonce randomness is a hash of what is signed, since the
    /// payload already differs from extrinsic to extrinsic.
    pub fn sign(keypair: &Keypair, call: RuntimeCall, nonce: u32, genesis: &Hash) -> Self {
        Self::sign_for(keypair, call, nonce, None, genesis)
    }

    /// Signs a call that may wait for a limited time only.
    pub fn sign_for(
        keypair: &Keypair,
        call: RuntimeCall,
        nonce: u32,
        mortality: Option<Mortality>,
        genesis: &Hash,
    ) -> Self {
        let payload = Self::payload(&call, nonce, Rao::ZERO, mortality, genesis);
        let signature = keypair.sign(&payload, blake2_256(&payload));
        Self { signer: keypair.account(), nonce, tip: Rao::ZERO, mortality, call, signature }
    }

    /// True if the signature fits signer, call, nonce, tip, era and genesis.
    pub fn verify(&self, genesis: &Hash) -> bool {
        let payload = Self::payload(&self.call, self.nonce, self.tip, self.mortality, genesis);
        verify(&self.signature, &payload, &self.signer)
    }
}

/// True if `signature` over `message` was made with the key of `signer`.
pub fn verify(signature: &MultiSignature, message: &[u8], signer: &AccountId) -> bool {
    match signature {
        MultiSignature::Ed25519(bytes) => VerifyingKey::from_bytes(signer.bytes()).is_ok_and(|key| {
            key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(bytes)).is_ok()
        }),
        MultiSignature::Sr25519(bytes) => {
            let key = schnorrkel::PublicKey::from_bytes(signer.bytes());
            let signature = schnorrkel::Signature::from_bytes(bytes);
            match (key, signature) {
                (Ok(key), Ok(signature)) => key.verify_simple(CONTEXT, message, &signature).is_ok(),
                _ => false,
            }
        }
        MultiSignature::Ecdsa(bytes) => {
            recover_ecdsa(bytes, &blake2_256(message)).is_some_and(|key| blake2_256(&key) == *signer.bytes())
        }
    }
}

/// The compressed key that made an ECDSA signature over a hash. As on chain, the recovery id may be counted from 27 and
/// `s` may be high.
pub fn recover_ecdsa(signature: &[u8; 65], hash: &Hash) -> Option<[u8; 33]> {
    let [bytes @ .., id] = signature;
    let mut id = RecoveryId::from_byte(id.checked_sub(27).unwrap_or(*id))?;
    let mut signature = k256::ecdsa::Signature::from_slice(bytes).ok()?;
    if let Some(low) = signature.normalize_s() {
        signature = low;
        id = RecoveryId::new(!id.is_y_odd(), id.is_x_reduced());
    }
    let key = k256::ecdsa::VerifyingKey::recover_from_prehash(hash, &signature, id).ok()?;
    key.to_encoded_point(true).as_bytes().try_into().ok()
}

/// `blake2_64`: what a runtime API is known by.
pub fn blake2_64(data: &[u8]) -> [u8; 8] {
    Blake2b::<U8>::digest(data).into()
}

/// `blake2_256`, the chain's hash.
pub fn blake2_256(data: &[u8]) -> Hash {
    Blake2b::<U32>::digest(data).into()
}

/// Keccak-256, as Ethereum uses it.
pub fn keccak_256(data: &[u8]) -> Hash {
    sha3::Keccak256::digest(data).into()
}

/// SHA-256.
pub fn sha2_256(data: &[u8]) -> Hash {
    sha2::Sha256::digest(data).into()
}

fn mini(seed: &[u8; 32]) -> MiniSecretKey {
    match MiniSecretKey::from_bytes(seed) {
        Ok(mini) => mini,
        Err(_) => unreachable!("a mini secret key is any 32 bytes"),
    }
}

/// The chain code of a hard junction: the SCALE-encoded name, padded with zeros or hashed when longer.
fn junction(name: &str) -> ChainCode {
    let encoded = match name.parse::<u64>() {
        Ok(number) => number.encode(),
        Err(_) => name.encode(),
    };
    let mut code = [0; 32];
    if encoded.len() > code.len() {
        code = blake2_256(&encoded);
    } else {
        for (to, from) in code.iter_mut().zip(encoded) {
            *to = from;
        }
    }
    ChainCode(code)
}

/// A stream of bytes in the shape that schnorrkel asks randomness of.
struct Stream(blake3::OutputReader);

impl RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }
    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        self.0.fill(dest);
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}
impl CryptoRng for Stream {}
