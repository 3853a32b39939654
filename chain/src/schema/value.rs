//! Values of storage items: their SCALE form for clients and their JSON form for people and vectors.
//!
//! JSON: small integers as numbers, u128 and fixed point as decimal strings of the raw bits, bytes and hashes
//! as `0x` hex, structs as objects, `None` as null, maps as lists of pairs, an account as its little-endian
//! number when that fits 64 bits, else as `0x` hex.

use super::SchemaError;
use crate::account::AccountId;
use crate::error::DispatchOutcome;
use crate::math::fixed::{I64F64, I96F32, U64F64, U96F32};
use crate::math::safe_float::SafeFloat;
use crate::pool::Balancer;
use crate::state::{AccountData, AccountInfo, IdAmount, PendingExtrinsic, RateLimitKey, RequestStatus};
use crate::types::{
    Announcement, AxonInfo, BeaconConfiguration, ChainIdentityOfV2, CrowdloanInfo, LockState, Multisig,
    NeuronCertificate, PrometheusInfo, ProxyDefinition, Pulse, RecycleOrBurnEnum, Registration,
    RootClaimTypeEnum, SubnetIdentityOfV3, SubnetLease, UsageTracker,
};
use crate::units::{AlphaRao, NetUid, NetUidStorageIndex, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::collections::{BTreeMap, VecDeque};

/// A type that stands in storage, as a value or as part of a key.
pub trait StorageValue: Encode + Decode + Clone + Eq + TypeInfo + 'static {
    /// The type's name in the tables.
    fn type_name() -> String;
    /// The JSON form.
    fn to_json(&self) -> Json;
    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`SchemaError::Value`] when the JSON has another shape or the number does not fit.
    fn from_json(json: &Json) -> Result<Self, SchemaError>;
    /// The JSON form of a list of these: an array, but hex for bytes.
    fn list_to_json(list: &[Self]) -> Json {
        Json::Array(list.iter().map(Self::to_json).collect())
    }
    /// Reads the JSON form of a list of these.
    ///
    /// # Errors
    /// Those of the entries, and when the JSON is no array.
    fn list_from_json(json: &Json) -> Result<Vec<Self>, SchemaError> {
        json.as_array().ok_or_else(|| wrong("an array", json))?.iter().map(Self::from_json).collect()
    }
    /// The type's name inside a list.
    fn list_type_name() -> String {
        format!("Vec<{}>", Self::type_name())
    }
}

fn wrong(expected: &str, json: &Json) -> SchemaError {
    SchemaError::Value { expected: expected.to_owned(), got: json.to_string() }
}

fn hex_bytes(json: &Json) -> Result<Vec<u8>, SchemaError> {
    let digits = json.as_str().and_then(|text| text.strip_prefix("0x"));
    digits.and_then(|digits| hex::decode(digits).ok()).ok_or_else(|| wrong("0x and hex digits", json))
}

/// The account written as vectors do.
pub(super) fn account_to_json(account: &AccountId) -> Json {
    let (low, high) = account.bytes().split_at(8);
    match <[u8; 8]>::try_from(low) {
        Ok(low) if high.iter().all(|byte| *byte == 0) => Json::from(u64::from_le_bytes(low)),
        _ => Json::from(format!("0x{}", hex::encode(account.bytes()))),
    }
}

/// Rewrites every SS58 address inside as vectors write accounts.
#[must_use]
pub fn with_vector_accounts(json: Json) -> Json {
    match json {
        Json::String(text) if text.len() > 40 && text.starts_with('5') => {
            text.parse::<AccountId>().map_or(Json::String(text), |account| account_to_json(&account))
        }
        Json::Array(list) => Json::Array(list.into_iter().map(with_vector_accounts).collect()),
        Json::Object(map) => {
            Json::Object(map.into_iter().map(|(key, value)| (key, with_vector_accounts(value))).collect())
        }
        other => other,
    }
}

fn via_serde_to<T: Serialize>(value: &T) -> Json {
    serde_json::to_value(value).map_or(Json::Null, with_vector_accounts)
}
fn via_serde_from<T: DeserializeOwned>(name: &str, json: &Json) -> Result<T, SchemaError> {
    T::deserialize(json).map_err(|_| wrong(name, json))
}

/// Types whose JSON form is that of their serde implementation.
macro_rules! serde_value {
    ($($ty:ty => $name:literal),* $(,)?) => {
        $(impl StorageValue for $ty {
            fn type_name() -> String {
                $name.to_owned()
            }
            fn to_json(&self) -> Json {
                via_serde_to(self)
            }
            fn from_json(json: &Json) -> Result<Self, SchemaError> {
                via_serde_from($name, json)
            }
        })*
    };
}
serde_value! {
    bool => "bool", u16 => "u16", u32 => "u32", u64 => "u64", i16 => "i16", i64 => "i64",
    Rao => "TaoBalance", AlphaRao => "AlphaBalance", NetUid => "NetUid",
    NetUidStorageIndex => "NetUidStorageIndex", Balancer => "Balancer",
    I96F32 => "I96F32", U96F32 => "U96F32", I64F64 => "I64F64", U64F64 => "U64F64", SafeFloat => "SafeFloat",
    RecycleOrBurnEnum => "RecycleOrBurnEnum", RootClaimTypeEnum => "RootClaimTypeEnum",
    RateLimitKey => "RateLimitKey", AccountInfo => "AccountInfo", AccountData => "AccountData",
    LockState => "LockState", AxonInfo => "AxonInfo", PrometheusInfo => "PrometheusInfo",
    NeuronCertificate => "NeuronCertificate", ChainIdentityOfV2 => "ChainIdentityV2",
    SubnetIdentityOfV3 => "SubnetIdentityV3", Pulse => "Pulse",
    BeaconConfiguration => "BeaconConfiguration", Registration => "Registration",
    UsageTracker => "UsageTracker", ProxyDefinition => "ProxyDefinition", Announcement => "Announcement",
    DispatchOutcome => "DispatchResult", CrowdloanInfo => "CrowdloanInfo", SubnetLease => "SubnetLease", Multisig => "Multisig", RequestStatus => "RequestStatus",
    IdAmount => "IdAmount", PendingExtrinsic => "PendingExtrinsic",
}

impl StorageValue for u8 {
    fn type_name() -> String {
        "u8".to_owned()
    }
    fn to_json(&self) -> Json {
        Json::from(*self)
    }
    fn from_json(json: &Json) -> Result<Self, SchemaError> {
        via_serde_from("u8", json)
    }
    fn list_to_json(list: &[Self]) -> Json {
        Json::from(format!("0x{}", hex::encode(list)))
    }
    fn list_from_json(json: &Json) -> Result<Vec<Self>, SchemaError> {
        hex_bytes(json)
    }
}

impl StorageValue for u128 {
    fn type_name() -> String {
        "u128".to_owned()
    }
    fn to_json(&self) -> Json {
        Json::from(self.to_string())
    }
    fn from_json(json: &Json) -> Result<Self, SchemaError> {
        crate::types::decimal::deserialize(json).map_err(|_| wrong("a decimal string", json))
    }
}

impl StorageValue for () {
    fn type_name() -> String {
        "()".to_owned()
    }
    fn to_json(&self) -> Json {
        Json::Array(Vec::new())
    }
    fn from_json(json: &Json) -> Result<Self, SchemaError> {
        match json {
            Json::Null => Ok(()),
            Json::Array(list) if list.is_empty() => Ok(()),
            _ => Err(wrong("an empty array", json)),
        }
    }
}

impl StorageValue for AccountId {
    fn type_name() -> String {
        "AccountId".to_owned()
    }
    fn to_json(&self) -> Json {
        account_to_json(self)
    }
    fn from_json(json: &Json) -> Result<Self, SchemaError> {
        via_serde_from("an account: SS58, 0x and 64 hex digits, or a little-endian number", json)
    }
}

impl StorageValue for [u8; 32] {
    fn type_name() -> String {
        "H256".to_owned()
    }
    fn to_json(&self) -> Json {
        u8::list_to_json(self)
    }
    fn from_json(json: &Json) -> Result<Self, SchemaError> {
        hex_bytes(json)?.try_into().map_err(|_| wrong("32 bytes", json))
    }
}

impl<T: StorageValue> StorageValue for Vec<T> {
    fn type_name() -> String {
        T::list_type_name()
    }
    fn to_json(&self) -> Json {
        T::list_to_json(self)
    }
    fn from_json(json: &Json) -> Result<Self, SchemaError> {
        T::list_from_json(json)
    }
}

impl<T: StorageValue> StorageValue for VecDeque<T> {
    fn type_name() -> String {
        T::list_type_name()
    }
    fn to_json(&self) -> Json {
        Json::Array(self.iter().map(T::to_json).collect())
    }
    fn from_json(json: &Json) -> Result<Self, SchemaError> {
        T::list_from_json(json).map(Self::from)
    }
}

impl<T: StorageValue> StorageValue for Option<T> {
    fn type_name() -> String {
        format!("Option<{}>", T::type_name())
    }
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::to_json)
    }
    fn from_json(json: &Json) -> Result<Self, SchemaError> {
        if json.is_null() { Ok(None) } else { T::from_json(json).map(Some) }
    }
}

impl<K: StorageValue + Ord, V: StorageValue> StorageValue for BTreeMap<K, V> {
    fn type_name() -> String {
        format!("BTreeMap<{}, {}>", K::type_name(), V::type_name())
    }
    fn to_json(&self) -> Json {
        Json::Array(
            self.iter().map(|(key, value)| Json::Array(vec![key.to_json(), value.to_json()])).collect(),
        )
    }
    fn from_json(json: &Json) -> Result<Self, SchemaError> {
        Ok(<(K, V)>::list_from_json(json)?.into_iter().collect())
    }
}

macro_rules! tuple_value {
    ($count:literal: $($name:ident $at:tt),*) => {
        impl<$($name: StorageValue),*> StorageValue for ($($name,)*) {
            fn type_name() -> String {
                format!("({})", [$($name::type_name()),*].join(", "))
            }
            fn to_json(&self) -> Json {
                Json::Array(vec![$(self.$at.to_json()),*])
            }
            fn from_json(json: &Json) -> Result<Self, SchemaError> {
                let list = json.as_array().map(Vec::as_slice).unwrap_or_default();
                if list.len() != $count {
                    return Err(wrong(concat!("an array of ", $count), json));
                }
                Ok(($($name::from_json(list.get($at).unwrap_or(&Json::Null))?,)*))
            }
        }
    };
}
tuple_value!(2: A 0, B 1);
tuple_value!(3: A 0, B 1, C 2);
tuple_value!(4: A 0, B 1, C 2, D 3);
