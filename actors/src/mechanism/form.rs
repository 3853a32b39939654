//! What a mechanism says to those outside: the name of its synapse, and its fields as they stand in JSON.
//!
//! A *synapse* is one JSON object that goes to a miner with the fields of the question and comes back with those of the
//! answer. Names and meanings are the mechanism's; how an object travels is not known here.
//! **Source**: spec/clients.md section 4.

use std::fmt;

/// What kind of value a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number of 64 bits.
    Number,
    /// A text.
    Text,
    /// Bytes, in JSON a text in base64.
    Bytes,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A field of a synapse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means.
    pub about: &'static str,
}

/// The synapse of a mechanism.
///
/// **Invariant**: no two fields have one name, and none is named as a field that every synapse has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SynapseSchema {
    /// The synapse's name, which is the class of clients and the path of a request.
    pub name: &'static str,
    /// Fields of the question; each must be there.
    pub question: &'static [Field],
    /// Fields of the answer; `null` as long as there is none.
    pub answer: &'static [Field],
    /// Fields whose texts the signature covers through the body hash (`required_hash_fields`), in order.
    pub hashed: &'static [&'static str],
}

impl fmt::Display for SynapseSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |fields: &[Field]| fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ");
        write!(f, "{}: {} -> {}", self.name, names(self.question), names(self.answer))
    }
}

/// Values that a mechanism cannot take, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidField(pub String);

impl InvalidField {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}
