//! Accounts: 32 bytes, shown as SS58 with prefix 42, ordered as the chain iterates them.

use blake2::digest::consts::U16;
use blake2::{Blake2b, Blake2b512, Digest};
use parity_scale_codec::{Decode, Encode, EncodeLike, Error, Input, Output};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// The SS58 prefix of Bittensor and of generic Substrate chains.
pub const SS58_PREFIX: u8 = 42;

/// An account: a coldkey, a hotkey, or a pallet's own.
///
/// **Invariant**: `hash` is `blake2_128(bytes)`, computed once when the value is made. The order is
/// (hash, bytes): that of a `Blake2_128Concat` map, which decides ties on chain (spec/chain.md section
/// 13.1), so every map keyed by account iterates as the chain's does. Where the chain sorts by raw bytes
/// instead, compare [`AccountId::bytes`].
///
/// SCALE-encodes as its 32 bytes. Text form is SS58; parsing also takes `0x` and 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AccountId {
    hash: [u8; 16],
    bytes: [u8; 32],
}

impl Ord for AccountId {
    fn cmp(&self, other: &Self) -> Ordering {
        // As one number, which is the order of its bytes: maps compare accounts all the time.
        let hashes = u128::from_be_bytes(self.hash).cmp(&u128::from_be_bytes(other.hash));
        hashes.then_with(|| self.bytes.cmp(&other.bytes))
    }
}
impl PartialOrd for AccountId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl AccountId {
    /// The account with these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        let hash = Blake2b::<U16>::digest(bytes).into();
        Self { hash, bytes }
    }
    /// The 32-byte little-endian number, as test vectors write accounts.
    pub fn from_number(number: u64) -> Self {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(number.to_le_bytes()) {
            *to = from;
        }
        Self::new(bytes)
    }
    /// The all-zero account, the chain's "nobody".
    pub const fn zero() -> Self {
        // Written down, since defaults are made all the time: `blake2_128` of 32 zeros.
        let hash =
            [0xff, 0x0f, 0x22, 0x49, 0x2f, 0x44, 0xba, 0xc4, 0xc4, 0xb3, 0x0a, 0xe5, 0x8d, 0x0e, 0x8d, 0xaa];
        Self { hash, bytes: [0; 32] }
    }
    /// True for the all-zero account.
    pub fn is_zero(&self) -> bool {
        self.bytes == [0; 32]
    }
    /// The public key.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
    /// `blake2_128` of the public key: the prefix of its storage keys.
    pub fn hash(&self) -> &[u8; 16] {
        &self.hash
    }
    /// The account of a pallet: `"modl"`, the pallet id, then `sub`, zero-padded.
    pub fn of_pallet(id: &[u8; 8], sub: &[u8]) -> Self {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(b"modl".iter().chain(id).chain(sub)) {
            *to = *from;
        }
        Self::new(bytes)
    }
    /// SS58 text with prefix 42.
    pub fn to_ss58(&self) -> String {
        let mut data = Vec::with_capacity(35);
        data.push(SS58_PREFIX);
        data.extend_from_slice(&self.bytes);
        let sum = ss58_checksum(&data);
        data.extend_from_slice(&sum);
        bs58::encode(data).into_string()
    }
}

/// Order in which a runtime sorts accounts where it collects them in a map of its own, such as the stakers of a hotkey
/// that is swapped. Which comes first decides how rounding falls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountOrder {
    /// By their bytes: the chain.
    #[default]
    Bytes,
    /// As 256-bit little-endian numbers: the test runtime of the chain's main pallet, in which reference vectors of that
    /// pallet alone are recorded.
    Number,
}

impl AccountOrder {
    /// The key to sort an account by.
    pub fn key(self, account: &AccountId) -> [u8; 32] {
        let mut key = account.bytes;
        if self == Self::Number {
            key.reverse();
        }
        key
    }
}

fn ss58_checksum(data: &[u8]) -> [u8; 2] {
    let digest = Blake2b512::new().chain_update(b"SS58PRE").chain_update(data).finalize();
    let mut sum = [0; 2];
    for (to, from) in sum.iter_mut().zip(digest) {
        *to = from;
    }
    sum
}

/// Why a text is not an account.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ParseAccountError {
    /// Neither SS58 nor `0x` and 64 hex digits.
    #[error("`{0}` is not an account: expected an SS58 address (5...) or 0x and 64 hex digits")]
    Shape(String),
    /// SS58 with a wrong check sum: a typing error.
    #[error("`{0}` is not an account: its SS58 check sum is wrong")]
    Checksum(String),
    /// SS58 of another network.
    #[error("`{0}` is an address of the network with prefix {1}, expected prefix 42")]
    Prefix(String, u8),
}

impl FromStr for AccountId {
    type Err = ParseAccountError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = || ParseAccountError::Shape(text.to_owned());
        if let Some(digits) = text.strip_prefix("0x") {
            let mut bytes = [0; 32];
            hex::decode_to_slice(digits, &mut bytes).map_err(|_| shape())?;
            return Ok(Self::new(bytes));
        }
        let data = bs58::decode(text).into_vec().map_err(|_| shape())?;
        let (body, sum) = data.split_last_chunk::<2>().ok_or_else(shape)?;
        let (prefix, key) = body.split_first().ok_or_else(shape)?;
        let bytes: [u8; 32] = key.try_into().map_err(|_| shape())?;
        if ss58_checksum(body) != *sum {
            return Err(ParseAccountError::Checksum(text.to_owned()));
        }
        if *prefix != SS58_PREFIX {
            return Err(ParseAccountError::Prefix(text.to_owned(), *prefix));
        }
        Ok(Self::new(bytes))
    }
}

impl Default for AccountId {
    fn default() -> Self {
        Self::zero()
    }
}
impl From<[u8; 32]> for AccountId {
    fn from(bytes: [u8; 32]) -> Self {
        Self::new(bytes)
    }
}
impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_ss58())
    }
}
impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_ss58())
    }
}

impl Encode for AccountId {
    fn size_hint(&self) -> usize {
        32
    }
    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        dest.write(&self.bytes);
    }
}
impl EncodeLike for AccountId {}
impl Decode for AccountId {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        <[u8; 32]>::decode(input).map(Self::new)
    }
}

impl Serialize for AccountId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_ss58())
    }
}
impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Account;
        impl Visitor<'_> for Account {
            type Value = AccountId;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an SS58 address, 0x and 64 hex digits, or a little-endian number")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<AccountId, E> {
                match text.parse::<u64>() {
                    Ok(number) => Ok(AccountId::from_number(number)),
                    Err(_) => text.parse().map_err(E::custom),
                }
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<AccountId, E> {
                Ok(AccountId::from_number(number))
            }
        }
        deserializer.deserialize_any(Account)
    }
}
