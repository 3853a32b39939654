//! Identity-based encryption (Boneh and Franklin's FullIdent) with the rounds of a beacon as identities, and
//! AES-256-GCM for what is longer than a key.
//!
//! The bytes are those that the chain's clients make: the point U (96 bytes); V and W, each with its length; the body
//! with its length, which is AES ciphertext and nonce, each with its length; the name of the cipher with its length.
//! Lengths are u64 little-endian. Bytes that follow are ignored, as the chain ignores them.

use super::{DST, message, sha256};
use aes_gcm::aead::Aead as _;
use aes_gcm::aead::generic_array::GenericArray;
use aes_gcm::{Aes256Gcm, KeyInit as _};
use blst::blst_fp12;
use blst::min_sig::{PublicKey, SecretKey, Signature};
use ruint::aliases::U256;

/// The name of the cipher, as clients write it.
const SUITE: &[u8] = b"AES_GCM_";
/// Order of the groups of BLS12-381.
const ORDER: U256 = U256::from_limbs([
    0xffff_ffff_0000_0001,
    0x53bd_a402_fffe_5bfe,
    0x3339_d808_09a1_d805,
    0x73ed_a753_299d_7d48,
]);
/// Bytes of a field element.
const FIELD: usize = 48;

/// Encrypts to a round. All randomness comes from `entropy`: never use one twice for two messages of worth.
///
/// Gives nothing when the public key is no key, or the message is longer than AES-GCM takes.
#[must_use]
pub fn seal(public_key: &[u8], round: u64, plaintext: &[u8], entropy: &[u8; 32]) -> Option<Vec<u8>> {
    let beacon = PublicKey::key_validate(public_key).ok()?;
    let derive = |what| blake3::derive_key(what, entropy);
    let (sigma, key) = (derive("localnet 2026 timelock sigma"), derive("localnet 2026 timelock key"));
    let nonce = derive("localnet 2026 timelock nonce");
    let nonce = nonce.get(..12)?;
    let secret = blinding(&sigma, &key)?;
    // r times the hash of the round is what a beacon with the secret r would sign.
    let blinded = secret.sign(&message(round), DST, &[]);
    let mask = pairing_hash(&beacon, &blinded);
    let body = Aes256Gcm::new(&key.into()).encrypt(GenericArray::from_slice(nonce), plaintext).ok()?;
    let mut out = secret.sk_to_pk().compress().to_vec();
    put(&mut out, &xor(&sigma, &mask));
    put(&mut out, &xor(&key, &sha256(&[&sigma])));
    let mut inner = Vec::with_capacity(body.len().saturating_add(28));
    put(&mut inner, &body);
    put(&mut inner, nonce);
    put(&mut out, &inner);
    put(&mut out, SUITE);
    Some(out)
}

/// Decrypts with the signature of the round. `None` when the bytes are no ciphertext, the signature is of another
/// round or beacon, or something was changed.
#[must_use]
pub fn open(ciphertext: &[u8], signature: &[u8]) -> Option<Vec<u8>> {
    let (point, mut rest) = ciphertext.split_at_checked(96)?;
    let u = PublicKey::key_validate(point).ok()?;
    let v: [u8; 32] = take(&mut rest)?.try_into().ok()?;
    let w: [u8; 32] = take(&mut rest)?.try_into().ok()?;
    let mut inner = take(&mut rest)?;
    take(&mut rest)?;
    let (body, nonce) = (take(&mut inner)?, take(&mut inner)?);
    let nonce: [u8; 12] = nonce.try_into().ok()?;
    let signature = Signature::sig_validate(signature, false).ok()?;
    let sigma = xor(&v, &pairing_hash(&u, &signature));
    let key = xor(&w, &sha256(&[&sigma]));
    if blinding(&sigma, &key)?.sk_to_pk() != u {
        return None;
    }
    Aes256Gcm::new(&key.into()).decrypt(&nonce.into(), body).ok()
}

/// The scalar r that blinds a message, a function of the message itself.
fn blinding(sigma: &[u8; 32], key: &[u8; 32]) -> Option<SecretKey> {
    let number = U256::from_be_bytes(sha256(&[sigma, key])).checked_rem(ORDER)?;
    SecretKey::from_bytes(&number.to_be_bytes::<32>()).ok()
}

/// SHA-256 of a pairing: the twelve field elements little-endian, the halves of the tower one after the other.
fn pairing_hash(key: &PublicKey, signature: &Signature) -> [u8; 32] {
    let pairing = blst_fp12::miller_loop(key.into(), signature.into()).final_exp();
    let bytes = pairing.to_bendian();
    // The library interleaves the halves: (half, pair) runs (0, 0), (1, 0), (0, 1), ...
    let pairs: Vec<&[u8]> = bytes.chunks(FIELD.saturating_mul(2)).collect();
    let halves = pairs.iter().step_by(2).chain(pairs.iter().skip(1).step_by(2));
    let mut out = Vec::with_capacity(bytes.len());
    for element in halves.flat_map(|pair| pair.chunks(FIELD)) {
        out.extend(element.iter().rev());
    }
    sha256(&[&out])
}

fn xor(a: &[u8; 32], b: &[u8; 32]) -> [u8; 32] {
    let mut out = *a;
    out.iter_mut().zip(b).for_each(|(to, from)| *to ^= from);
    out
}

/// Appends bytes after their length.
fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// Takes bytes that stand after their length.
fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (bytes, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(bytes)
}
