//! Extrinsics that nobody can read before they are in a block: ML-KEM-768 and XChaCha20-Poly1305.
//!
//! **Source**: spec/clients.md section 5 (MEV shield).

use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chain::schema::twox_128;
use ml_kem::kem::Decapsulate as _;
use ml_kem::{DecapsulationKey768, KeyExport as _, Seed};
use std::fmt;

/// Bytes of the key's hash in front of a ciphertext.
const HASH: usize = 16;
/// Bytes of the nonce.
const NONCE: usize = 24;

/// A key pair of a node; it derives from the seed and never changes.
pub struct Shield {
    secret: DecapsulationKey768,
    public: Vec<u8>,
}

impl fmt::Debug for Shield {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shield").finish_non_exhaustive()
    }
}

/// Why something encrypted cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShieldError {
    /// It was encrypted to another key.
    #[error("it is encrypted to another key than MevShield.NextKey")]
    Key,
    /// Its parts are not there.
    #[error("it has another form than key hash, ML-KEM ciphertext, nonce and ciphertext")]
    Form,
    /// It was changed, or encrypted otherwise.
    #[error("it cannot be decrypted")]
    Cipher,
}

impl Shield {
    /// The key pair of a seed.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        let mut bytes = Seed::default();
        let mut hasher = blake3::Hasher::new_derive_key("localnet 2026 mev shield");
        hasher.update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
        let secret = DecapsulationKey768::from_seed(bytes);
        let public = secret.encapsulation_key().to_bytes().to_vec();
        Self { secret, public }
    }

    /// The key to encrypt to, 1,184 bytes.
    #[must_use]
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// Opens what was encrypted to this key.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, ShieldError> {
        let (hash, rest) = sealed.split_at_checked(HASH).ok_or(ShieldError::Form)?;
        if hash != twox_128(&self.public) {
            return Err(ShieldError::Key);
        }
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(ShieldError::Form)?;
        let (kem, rest) =
            rest.split_at_checked(u16::from_le_bytes(*length).into()).ok_or(ShieldError::Form)?;
        let (nonce, cipher) = rest.split_at_checked(NONCE).ok_or(ShieldError::Form)?;
        let kem = kem.try_into().map_err(|_| ShieldError::Form)?;
        let key = self.secret.decapsulate(kem);
        let cipher_key = XChaCha20Poly1305::new_from_slice(&key).map_err(|_| ShieldError::Cipher)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| ShieldError::Form)?;
        cipher_key.decrypt(&nonce, cipher).map_err(|_| ShieldError::Cipher)
    }
}
