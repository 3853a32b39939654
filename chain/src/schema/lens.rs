//! How an item reads and writes the typed state, with its types erased for tables and clients.

use super::key::{StorageKey, SubnetKey};
use super::value::StorageValue;
use super::{Hasher, SchemaError};
use crate::state::{State, Subnet};
use crate::units::{MechId, NetUid};
use scale_info::{MetaType, meta_type};
use serde_json::Value as Json;
use std::fmt;

/// A key and a value in SCALE form; the key is its parts one after the other, without hashes.
pub type Row = (Vec<u8>, Vec<u8>);

/// Who hears of every row in SCALE form: the parts of its key, and its value when it is asked for.
pub(super) type EachRow<'a> = &'a mut dyn FnMut(&[Vec<u8>], &dyn Fn() -> Vec<u8>);

/// What every item can do, whatever its types.
pub(super) trait Access: Sync {
    fn key_types(&self) -> Vec<String>;
    fn value_type(&self) -> String;
    fn key_shape(&self) -> Option<MetaType>;
    fn value_shape(&self) -> MetaType;
    fn default(&self) -> Option<Vec<u8>>;
    fn parse_key(&self, parts: &[Json]) -> Result<Vec<u8>, SchemaError>;
    fn print_key(&self, key: &[u8]) -> Result<Vec<Json>, SchemaError>;
    fn key_parts(&self, key: &[u8]) -> Result<Vec<Vec<u8>>, SchemaError>;
    fn key_of_hashed(&self, hashers: &[Hasher], bytes: &[u8]) -> Result<Vec<u8>, SchemaError>;
    fn parse_value(&self, json: &Json) -> Result<Vec<u8>, SchemaError>;
    fn print_value(&self, value: &[u8]) -> Result<Json, SchemaError>;
    fn get(&self, state: &State, key: &[u8]) -> Result<Option<Vec<u8>>, SchemaError>;
    fn set(&self, state: &mut State, key: &[u8], value: Option<&[u8]>) -> Result<(), SchemaError>;
    fn subnet_of(&self, key: &[u8]) -> Result<Option<NetUid>, SchemaError>;
    fn of_subnet(&self) -> bool;
    fn rows(&self, state: &State, subnet: Option<NetUid>, each: EachRow<'_>);
    fn leads(&self, state: &State) -> Vec<(Vec<u8>, NetUid)>;
    fn unchanged(&self, before: &State, after: &State, subnet: Option<NetUid>) -> bool;
}

/// What a set that the schema refuses says.
pub(super) type SetResult = Result<(), &'static str>;

/// Who hears of every row.
pub(super) type Each<'a, K, V> = &'a mut dyn FnMut(K, V);

/// An item whose rows lie in [`State`] itself.
pub(super) struct ChainLens<K, V> {
    /// The row of a key.
    pub(super) get: fn(&State, &K) -> Option<V>,
    /// All rows, in the state's own order.
    pub(super) rows: fn(&State, Each<'_, K, V>),
    /// Sets or removes a row.
    pub(super) set: fn(&mut State, K, Option<V>) -> SetResult,
    /// True when the rows of both states are certainly the same: a comparison of pointers.
    pub(super) same: fn(&State, &State) -> bool,
    /// The value of an absent row; `None` for an optional item.
    pub(super) default: Option<fn() -> V>,
}

/// An item whose rows lie in a [`Subnet`].
pub(super) struct SubnetLens<K: SubnetKey, V> {
    /// The row of a key.
    pub(super) get: fn(&Subnet, &K::Rest) -> Option<V>,
    /// All rows, in the state's own order.
    pub(super) rows: fn(&Subnet, Each<'_, K::Rest, V>),
    /// Sets or removes a row.
    pub(super) set: fn(&mut State, NetUid, K::Rest, Option<V>) -> SetResult,
    /// True when the rows of both subnets are certainly the same: a comparison of pointers.
    pub(super) same: fn(&Subnet, &Subnet) -> bool,
    /// The value of an absent row; `None` for an optional item.
    pub(super) default: Option<fn() -> V>,
}

fn concat(parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.concat()
}
fn plain<K: StorageKey>(key: &[u8]) -> Result<K, SchemaError> {
    K::decode(key, &|_| 0)
}
/// What follows the value is not read, as the real chain reads its own storage.
fn value_of<V: StorageValue>(bytes: &[u8]) -> Result<V, SchemaError> {
    V::decode(&mut &*bytes).map_err(|_| SchemaError::RawValue)
}

/// What both kinds of lens do alike.
macro_rules! typed {
    () => {
        fn key_types(&self) -> Vec<String> {
            K::type_names()
        }
        fn value_type(&self) -> String {
            V::type_name()
        }
        fn key_shape(&self) -> Option<MetaType> {
            K::shape()
        }
        fn value_shape(&self) -> MetaType {
            meta_type::<V>()
        }
        fn default(&self) -> Option<Vec<u8>> {
            self.default.map(|default| default().encode())
        }
        fn parse_key(&self, parts: &[Json]) -> Result<Vec<u8>, SchemaError> {
            Ok(concat(K::from_json(parts)?.parts()))
        }
        fn print_key(&self, key: &[u8]) -> Result<Vec<Json>, SchemaError> {
            Ok(plain::<K>(key)?.to_json())
        }
        fn key_parts(&self, key: &[u8]) -> Result<Vec<Vec<u8>>, SchemaError> {
            Ok(plain::<K>(key)?.parts())
        }
        fn key_of_hashed(&self, hashers: &[Hasher], bytes: &[u8]) -> Result<Vec<u8>, SchemaError> {
            let length = |index: usize| hashers.get(index).map_or(0, |hasher| hasher.hash_length());
            Ok(concat(K::decode(bytes, &length)?.parts()))
        }
        fn parse_value(&self, json: &Json) -> Result<Vec<u8>, SchemaError> {
            Ok(V::from_json(json)?.encode())
        }
        fn print_value(&self, value: &[u8]) -> Result<Json, SchemaError> {
            Ok(value_of::<V>(value)?.to_json())
        }
    };
}

impl<K: StorageKey, V: StorageValue> Access for ChainLens<K, V> {
    typed!();
    fn get(&self, state: &State, key: &[u8]) -> Result<Option<Vec<u8>>, SchemaError> {
        Ok((self.get)(state, &plain(key)?).map(|value| value.encode()))
    }
    fn set(&self, state: &mut State, key: &[u8], value: Option<&[u8]>) -> Result<(), SchemaError> {
        (self.set)(state, plain(key)?, value.map(value_of).transpose()?).map_err(SchemaError::Refused)
    }
    fn subnet_of(&self, _key: &[u8]) -> Result<Option<NetUid>, SchemaError> {
        Ok(None)
    }
    fn of_subnet(&self) -> bool {
        false
    }
    fn rows(&self, state: &State, subnet: Option<NetUid>, each: EachRow<'_>) {
        if subnet.is_none() {
            (self.rows)(state, &mut |key, value| each(&key.parts(), &|| value.encode()));
        }
    }
    fn leads(&self, _state: &State) -> Vec<(Vec<u8>, NetUid)> {
        Vec::new()
    }
    fn unchanged(&self, before: &State, after: &State, _subnet: Option<NetUid>) -> bool {
        (self.same)(before, after)
    }
}

impl<K: SubnetKey, V: StorageValue> Access for SubnetLens<K, V> {
    typed!();
    fn get(&self, state: &State, key: &[u8]) -> Result<Option<Vec<u8>>, SchemaError> {
        let (netuid, rest) = plain::<K>(key)?.split();
        let row = state.subnet(netuid).and_then(|subnet| (self.get)(subnet, &rest));
        Ok(row.map(|value| value.encode()))
    }
    fn set(&self, state: &mut State, key: &[u8], value: Option<&[u8]>) -> Result<(), SchemaError> {
        let (netuid, rest) = plain::<K>(key)?.split();
        (self.set)(state, netuid, rest, value.map(value_of).transpose()?).map_err(SchemaError::Refused)
    }
    fn subnet_of(&self, key: &[u8]) -> Result<Option<NetUid>, SchemaError> {
        Ok(Some(plain::<K>(key)?.split().0))
    }
    fn of_subnet(&self) -> bool {
        true
    }
    fn rows(&self, state: &State, subnet: Option<NetUid>, each: EachRow<'_>) {
        let of_one = |netuid: NetUid, row: &Subnet, each: EachRow<'_>| {
            (self.rows)(row, &mut |rest, value| each(&K::join(netuid, rest).parts(), &|| value.encode()));
        };
        match subnet {
            Some(netuid) => {
                if let Some(row) = state.subnet(netuid) {
                    of_one(netuid, row, each);
                }
            }
            None => state.subnets.iter().for_each(|(netuid, row)| of_one(*netuid, row, each)),
        }
    }
    fn leads(&self, state: &State) -> Vec<(Vec<u8>, NetUid)> {
        let mut out = Vec::new();
        for (netuid, subnet) in state.subnets.iter() {
            let mechanisms = MechId::try_from(subnet.mechanisms.len()).unwrap_or(MechId::MAX);
            out.extend(K::leads(*netuid, mechanisms).into_iter().map(|lead| (lead, *netuid)));
        }
        out
    }
    fn unchanged(&self, before: &State, after: &State, subnet: Option<NetUid>) -> bool {
        match subnet.map(|netuid| (before.subnet(netuid), after.subnet(netuid))) {
            Some((Some(before), Some(after))) => std::ptr::eq(before, after) || (self.same)(before, after),
            Some((None, None)) => true,
            _ => false,
        }
    }
}

impl fmt::Debug for dyn Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}) -> {}", self.key_types().join(", "), self.value_type())
    }
}
