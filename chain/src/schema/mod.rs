//! The Substrate view of the typed state: each storage item, declared once.
//!
//! An [`Item`] knows its pallet, name, key types with hashers, value type, default, unit and one line of
//! documentation, and how to read and write its rows in [`State`]. Storage queries of clients, metadata, the
//! comparison with reference vectors, cheats and the reference page all come from this one list. The
//! economics never sees a raw key.
//!
//! Rows and keys are handed out in SCALE form. Two values of one item are equal exactly when their SCALE
//! forms are, since the encoding is canonical.
//!
//! ```
//! use chain::{schema, state::State};
//!
//! let tempo = schema::lookup("SubtensorModule", "Tempo").unwrap();
//! let key = tempo.parse_key(&[2.into()]).unwrap();
//! let mut state = State::default();
//! tempo.set(&mut state, &key, Some(&tempo.parse_value(&30.into()).unwrap())).unwrap();
//! assert_eq!(tempo.print_value(&tempo.value(&state, &key).unwrap().unwrap()).unwrap(), 30);
//! ```
//!
//! **Source**: spec/tables/storage.md.

mod items;
mod key;
mod lens;
mod value;

pub use items::{NOT_MODELLED, items, lookup};
pub use key::{StorageKey, part_of_text, twox_128};
pub use lens::Row;
pub use value::{StorageValue, with_vector_accounts};

use crate::state::State;
use crate::units::NetUid;
use lens::Access;
use scale_info::MetaType;
use serde_json::Value as Json;
use std::fmt;

/// How a key part stands in the raw key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hasher {
    /// As it is.
    Identity,
    /// After its 8-byte xxHash.
    Twox64Concat,
    /// After its 16-byte blake2b hash.
    Blake2_128Concat,
}

/// What an absent row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// It reads as the default, so an absent row and a row with the default are the same value.
    Default,
    /// It reads as nothing.
    Optional,
}

/// One storage item.
pub struct Item {
    /// The pallet, as on chain.
    pub pallet: &'static str,
    /// The item, as on chain.
    pub name: &'static str,
    /// One hasher for each key part; empty for a single value.
    pub hashers: &'static [Hasher],
    /// Unit of the value, such as `rao` or `blocks`; empty when it has none.
    pub unit: &'static str,
    /// What it is, in one line.
    pub doc: &'static str,
    access: &'static dyn Access,
}

/// Why the schema cannot read or write something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// The JSON of a value or key part has another shape.
    #[error("expected {expected}, got {got}")]
    Value {
        /// What the type takes.
        expected: String,
        /// The JSON that was given.
        got: String,
    },
    /// Too few or too many key parts.
    #[error("expected {expected} key parts, got {got}")]
    KeyCount {
        /// How many the item has.
        expected: usize,
        /// How many were given.
        got: usize,
    },
    /// Bytes that are no key of the item.
    #[error("the bytes are no key of this item")]
    RawKey,
    /// Bytes that are no value of the item.
    #[error("the bytes are no value of this item")]
    RawValue,
    /// The item may not be written like this.
    #[error("it cannot be set: {0}")]
    Refused(&'static str),
}

impl Item {
    /// `Pallet.Item`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}.{}", self.pallet, self.name)
    }
    /// What an absent row means.
    #[must_use]
    pub fn modifier(&self) -> Modifier {
        if self.access.default().is_some() { Modifier::Default } else { Modifier::Optional }
    }
    /// Type names of the key parts.
    #[must_use]
    pub fn key_types(&self) -> Vec<String> {
        self.access.key_types()
    }
    /// Type name of the value.
    #[must_use]
    pub fn value_type(&self) -> String {
        self.access.value_type()
    }
    /// The shape of the whole key, parts as a tuple; `None` for a single value.
    #[must_use]
    pub fn key_shape(&self) -> Option<MetaType> {
        self.access.key_shape()
    }
    /// The shape of the value.
    #[must_use]
    pub fn value_shape(&self) -> MetaType {
        self.access.value_shape()
    }
    /// The default in SCALE form; `None` for an optional item.
    #[must_use]
    pub fn default(&self) -> Option<Vec<u8>> {
        self.access.default()
    }
    /// True when the rows belong to one subnet each.
    #[must_use]
    pub fn of_subnet(&self) -> bool {
        self.access.of_subnet()
    }
    /// The key of these parts: numbers, `0x` hex, addresses.
    ///
    /// # Errors
    /// When their number or one of them does not fit.
    pub fn parse_key(&self, parts: &[Json]) -> Result<Vec<u8>, SchemaError> {
        self.access.parse_key(parts)
    }
    /// The parts of a key in JSON form.
    ///
    /// # Errors
    /// [`SchemaError::RawKey`].
    pub fn print_key(&self, key: &[u8]) -> Result<Vec<Json>, SchemaError> {
        self.access.print_key(key)
    }
    /// The value of a JSON form.
    ///
    /// # Errors
    /// [`SchemaError::Value`].
    pub fn parse_value(&self, json: &Json) -> Result<Vec<u8>, SchemaError> {
        self.access.parse_value(json)
    }
    /// The JSON form of a value.
    ///
    /// # Errors
    /// [`SchemaError::RawValue`].
    pub fn print_value(&self, value: &[u8]) -> Result<Json, SchemaError> {
        self.access.print_value(value)
    }
    /// The row of a key, if there is one.
    ///
    /// # Errors
    /// [`SchemaError::RawKey`].
    pub fn get(&self, state: &State, key: &[u8]) -> Result<Option<Vec<u8>>, SchemaError> {
        self.access.get(state, key)
    }
    /// What a reader sees at a key: the row, else the default.
    ///
    /// # Errors
    /// [`SchemaError::RawKey`].
    pub fn value(&self, state: &State, key: &[u8]) -> Result<Option<Vec<u8>>, SchemaError> {
        Ok(self.get(state, key)?.or_else(|| self.default()))
    }
    /// Sets a row, or removes it; a value without rows goes back to its default.
    ///
    /// # Errors
    /// For bytes of other types, and [`SchemaError::Refused`] for an item that follows from others.
    pub fn set(&self, state: &mut State, key: &[u8], value: Option<&[u8]>) -> Result<(), SchemaError> {
        self.access.set(state, key, value)
    }
    /// The subnet that a key belongs to; `None` for an item that is not of subnets.
    ///
    /// # Errors
    /// [`SchemaError::RawKey`].
    pub fn subnet_of(&self, key: &[u8]) -> Result<Option<NetUid>, SchemaError> {
        self.access.subnet_of(key)
    }
    /// Calls back for every existing row, of one subnet if asked for, in the order of the state's own maps.
    ///
    /// An item of the chain has no rows in a subnet.
    pub fn each_row(&self, state: &State, subnet: Option<NetUid>, each: &mut dyn FnMut(Row)) {
        self.access.rows(state, subnet, &mut |parts, value| each((parts.concat(), value())));
    }
    /// The raw keys of the existing rows, of one subnet if asked for, in their order.
    ///
    /// An item of the chain has no rows in a subnet.
    #[must_use]
    pub fn raw_keys(&self, state: &State, subnet: Option<NetUid>) -> Vec<Vec<u8>> {
        let (prefix, mut keys) = (self.prefix(), Vec::new());
        self.access.rows(state, subnet, &mut |parts, _| {
            let mut key = prefix.to_vec();
            parts.iter().zip(self.hashers).for_each(|(part, hasher)| hasher.write(part, &mut key));
            keys.push(key);
        });
        keys.sort_unstable();
        keys
    }
    /// The stretches that the raw keys of existing rows fall into, in their order: with what the keys begin, and the subnet
    /// that they all are of. One stretch, of no subnet, for an item whose keys do not begin with theirs.
    #[must_use]
    pub fn stretches(&self, state: &State) -> Vec<(Vec<u8>, Option<NetUid>)> {
        let (prefix, leads) = (self.prefix(), self.access.leads(state));
        let Some(hasher) = self.hashers.first().filter(|_| !leads.is_empty()) else {
            return vec![(prefix.to_vec(), None)];
        };
        let begin = |(lead, netuid): (Vec<u8>, NetUid)| {
            let mut key = prefix.to_vec();
            hasher.write(&lead, &mut key);
            (key, Some(netuid))
        };
        let mut stretches: Vec<_> = leads.into_iter().map(begin).collect();
        stretches.sort_unstable();
        stretches
    }
    /// Existing rows in chain key order, that of the raw keys.
    #[must_use]
    pub fn rows(&self, state: &State) -> Vec<Row> {
        let mut rows = Vec::new();
        self.each_row(state, None, &mut |row| rows.push((self.hashed_key(&row.0), row)));
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows.into_iter().map(|(_, row)| row).collect()
    }
    /// True when no row can differ between two states (in a subnet, if asked for): it compares pointers, so
    /// false says nothing.
    #[must_use]
    pub fn unchanged(&self, before: &State, after: &State, subnet: Option<NetUid>) -> bool {
        self.access.unchanged(before, after, subnet)
    }
    /// The first 32 bytes of every raw key of this item.
    #[must_use]
    pub fn prefix(&self) -> [u8; 32] {
        let mut out = [0; 32];
        let names = [twox_128(self.pallet.as_bytes()), twox_128(self.name.as_bytes())];
        for (to, from) in out.iter_mut().zip(names.iter().flatten()) {
            *to = *from;
        }
        out
    }
    /// The raw storage key.
    #[must_use]
    pub fn raw_key(&self, key: &[u8]) -> Vec<u8> {
        [self.prefix().as_slice(), &self.hashed_key(key)].concat()
    }
    /// The key behind a raw key.
    ///
    /// # Errors
    /// [`SchemaError::RawKey`] when it is none of this item.
    pub fn key_of_raw(&self, raw: &[u8]) -> Result<Vec<u8>, SchemaError> {
        let hashed = raw.strip_prefix(self.prefix().as_slice()).ok_or(SchemaError::RawKey)?;
        let key = self.access.key_of_hashed(self.hashers, hashed)?;
        if self.hashed_key(&key) == hashed { Ok(key) } else { Err(SchemaError::RawKey) }
    }
    fn hashed_key(&self, key: &[u8]) -> Vec<u8> {
        let parts = self.access.key_parts(key).unwrap_or_default();
        let mut out = Vec::new();
        parts.iter().zip(self.hashers).for_each(|(part, hasher)| hasher.write(part, &mut out));
        out
    }
    /// `Item[key;key]`, as vectors name a row; other pallets than `SubtensorModule` come first.
    #[must_use]
    pub fn row_name(&self, key: &[u8]) -> String {
        let item = if self.pallet == items::SUBTENSOR { self.name.to_owned() } else { self.path() };
        let parts = self.print_key(key).unwrap_or_default();
        if parts.is_empty() {
            return item;
        }
        let text = |part: &Json| part.as_str().map_or_else(|| part.to_string(), str::to_owned);
        format!("{item}[{}]", parts.iter().map(text).collect::<Vec<_>>().join(";"))
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.path(), self.access)
    }
}
