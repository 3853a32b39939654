//! Keys of storage items: typed tuples, their hashers, and the raw key that clients ask for.

use super::value::StorageValue;
use super::{Hasher, SchemaError};
use crate::account::AccountId;
use crate::units::{MechId, NetUid, NetUidStorageIndex};
use blake2::digest::consts::U16;
use blake2::{Blake2b, Digest};
use parity_scale_codec::{Decode, Encode as _};
use scale_info::{MetaType, meta_type};
use serde_json::Value as Json;

/// The key of a storage item: a tuple with one entry per hasher.
pub trait StorageKey: Sized {
    /// Type names of the parts.
    fn type_names() -> Vec<String>;
    /// The shape of the whole key; `None` for the empty one.
    fn shape() -> Option<MetaType>;
    /// The SCALE form of each part.
    fn parts(&self) -> Vec<Vec<u8>>;
    /// The JSON form of each part.
    fn to_json(&self) -> Vec<Json>;
    /// Reads the parts from JSON.
    ///
    /// # Errors
    /// When their number or one of them does not fit.
    fn from_json(parts: &[Json]) -> Result<Self, SchemaError>;
    /// Reads the parts one after the other; `hashed(i)` is the length of the hash before part `i`.
    ///
    /// # Errors
    /// [`SchemaError::RawKey`] when the bytes are too short, too long or not of these types.
    fn decode(bytes: &[u8], hashed: &dyn Fn(usize) -> usize) -> Result<Self, SchemaError>;
}

fn part<T: Decode>(bytes: &mut &[u8], hash_length: usize) -> Result<T, SchemaError> {
    *bytes = bytes.get(hash_length..).ok_or(SchemaError::RawKey)?;
    T::decode(bytes).map_err(|_| SchemaError::RawKey)
}

macro_rules! tuple_key {
    (@shape $one:ident) => { $one };
    (@shape $($name:ident)*) => { ($($name,)*) };
    ($count:literal: $($name:ident $at:tt),*) => {
        impl<$($name: StorageValue),*> StorageKey for ($($name,)*) {
            fn type_names() -> Vec<String> {
                vec![$($name::type_name()),*]
            }
            fn shape() -> Option<MetaType> {
                Some(meta_type::<tuple_key!(@shape $($name)*)>())
            }
            fn parts(&self) -> Vec<Vec<u8>> {
                vec![$(self.$at.encode()),*]
            }
            fn to_json(&self) -> Vec<Json> {
                vec![$(self.$at.to_json()),*]
            }
            fn from_json(parts: &[Json]) -> Result<Self, SchemaError> {
                if parts.len() != $count {
                    return Err(SchemaError::KeyCount { expected: $count, got: parts.len() });
                }
                Ok(($($name::from_json(parts.get($at).unwrap_or(&Json::Null))?,)*))
            }
            #[allow(unused_variables, unused_mut, reason = "the empty key reads nothing")]
            fn decode(bytes: &[u8], hashed: &dyn Fn(usize) -> usize) -> Result<Self, SchemaError> {
                let mut rest = bytes;
                let key = ($(part::<$name>(&mut rest, hashed($at))?,)*);
                if rest.is_empty() { Ok(key) } else { Err(SchemaError::RawKey) }
            }
        }
    };
}
tuple_key!(1: A 0);
tuple_key!(2: A 0, B 1);
tuple_key!(3: A 0, B 1, C 2);

impl StorageKey for () {
    fn type_names() -> Vec<String> {
        Vec::new()
    }
    fn shape() -> Option<MetaType> {
        None
    }
    fn parts(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }
    fn to_json(&self) -> Vec<Json> {
        Vec::new()
    }
    fn from_json(parts: &[Json]) -> Result<Self, SchemaError> {
        if parts.is_empty() { Ok(()) } else { Err(SchemaError::KeyCount { expected: 0, got: parts.len() }) }
    }
    fn decode(bytes: &[u8], _hashed: &dyn Fn(usize) -> usize) -> Result<Self, SchemaError> {
        if bytes.is_empty() { Ok(()) } else { Err(SchemaError::RawKey) }
    }
}

/// What the first part of a key tells of the subnet.
pub(super) trait Lead {
    /// The first parts that rows of a subnet of so many mechanisms have, in SCALE form; none when the first part does not
    /// name the subnet.
    fn leads(netuid: NetUid, mechanisms: MechId) -> Vec<Vec<u8>>;
}

impl Lead for NetUid {
    fn leads(netuid: NetUid, _mechanisms: MechId) -> Vec<Vec<u8>> {
        vec![netuid.encode()]
    }
}
impl Lead for NetUidStorageIndex {
    fn leads(netuid: NetUid, mechanisms: MechId) -> Vec<Vec<u8>> {
        (0..mechanisms).map(|mechid| Self::new(netuid, mechid).encode()).collect()
    }
}
impl Lead for AccountId {
    fn leads(_netuid: NetUid, _mechanisms: MechId) -> Vec<Vec<u8>> {
        Vec::new()
    }
}

macro_rules! tuple_lead {
    ($(($($rest:ident),*))*) => {
        $(impl<First: Lead, $($rest),*> Lead for (First, $($rest,)*) {
            fn leads(netuid: NetUid, mechanisms: MechId) -> Vec<Vec<u8>> {
                First::leads(netuid, mechanisms)
            }
        })*
    };
}
tuple_lead! { () (A) (A, B) }

/// A key that names a subnet, and the rest of it.
pub(super) trait SubnetKey: StorageKey + Lead {
    /// What is left of the key inside the subnet.
    type Rest;
    /// The key of a row of a subnet.
    fn join(netuid: NetUid, rest: Self::Rest) -> Self;
    /// The subnet and the row in it.
    fn split(self) -> (NetUid, Self::Rest);
}

macro_rules! subnet_key {
    ($($key:ty, $rest:ty: $join:expr, $split:expr;)*) => {
        $(impl SubnetKey for $key {
            type Rest = $rest;
            fn join(netuid: NetUid, rest: $rest) -> Self {
                let join: fn(NetUid, $rest) -> $key = $join;
                join(netuid, rest)
            }
            fn split(self) -> (NetUid, $rest) {
                let split: fn($key) -> (NetUid, $rest) = $split;
                split(self)
            }
        })*
    };
}
subnet_key! {
    (NetUid,), (): |n, ()| (n,), |(n,)| (n, ());
    (NetUid, AccountId), AccountId: |n, a| (n, a), |k| k;
    (AccountId, NetUid), AccountId: |n, a| (a, n), |(a, n)| (n, a);
    (NetUid, u16), u16: |n, uid| (n, uid), |k| k;
    (NetUid, AccountId, AccountId), (AccountId, AccountId): |n, (a, b)| (n, a, b), |(n, a, b)| (n, (a, b));
    (AccountId, NetUid, AccountId), (AccountId, AccountId): |n, (a, b)| (a, n, b), |(a, n, b)| (n, (a, b));
    (AccountId, AccountId, NetUid), (AccountId, AccountId): |n, (a, b)| (a, b, n), |(a, b, n)| (n, (a, b));
    (NetUidStorageIndex,), u8: |n, m| (NetUidStorageIndex::new(n, m),), |(i,)| (i.netuid(), i.mechid());
    (NetUidStorageIndex, u16), (u8, u16): |n, (m, x)| (NetUidStorageIndex::new(n, m), x),
        |(i, x)| (i.netuid(), (i.mechid(), x));
    (NetUidStorageIndex, u64), (u8, u64): |n, (m, x)| (NetUidStorageIndex::new(n, m), x),
        |(i, x)| (i.netuid(), (i.mechid(), x));
    (NetUidStorageIndex, AccountId), (u8, AccountId): |n, (m, x)| (NetUidStorageIndex::new(n, m), x),
        |(i, x)| (i.netuid(), (i.mechid(), x));
}

/// The key part a text inside `Item[..]` stands for: a number, `0x` hex, an address, or JSON.
#[must_use]
pub fn part_of_text(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|_| Json::from(text))
}

impl Hasher {
    /// Length of the hash that stands before the key part.
    #[must_use]
    pub const fn hash_length(self) -> usize {
        match self {
            Self::Identity => 0,
            Self::Twox64Concat => 8,
            Self::Blake2_128Concat => 16,
        }
    }
    /// Writes the hash and the key part, as they stand in a raw key.
    pub fn write(self, part: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Identity => {}
            Self::Twox64Concat => out.extend(twox_hash::XxHash64::oneshot(0, part).to_le_bytes()),
            Self::Blake2_128Concat => out.extend(Blake2b::<U16>::digest(part)),
        }
        out.extend_from_slice(part);
    }
}

/// `twox128` of a name: the first half of a raw key is that of the pallet and that of the item.
#[must_use]
pub fn twox_128(name: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    let halves = [0, 1].map(|seed| twox_hash::XxHash64::oneshot(seed, name).to_le_bytes());
    for (to, from) in out.iter_mut().zip(halves.iter().flatten()) {
        *to = *from;
    }
    out
}
