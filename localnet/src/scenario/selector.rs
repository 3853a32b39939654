//! Who is meant: `miner:honest`, `validator:*`, `user`, `vera`, `uid:3`, a hotkey's address.

use chain::account::AccountId;
use chain::units::Uid;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::model::Role;

/// What a selector may look like.
pub const ALLOWED: &str = "a name of the cast, a role (owner, miner, validator, user), or role:what, where what is a name, a tactic or *; of metrics of a neuron also uid:N, uid:* or the SS58 address of a hotkey";

/// Chooses participants by name, by role, or by role and tactic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Only this role.
    pub role: Option<Role>,
    /// Only this name or tactic.
    pub what: Option<String>,
    /// Neurons of a subnet, whether they are in the cast or not; the other fields are empty then.
    pub neurons: Option<Neurons>,
}

/// Neurons by their place on a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neurons {
    /// The holder of a uid.
    Uid(Uid),
    /// The holders of all uids.
    All,
    /// The neuron of a hotkey.
    Hotkey(AccountId),
}

impl Neurons {
    fn from_text(text: &str) -> Option<Self> {
        match text.strip_prefix("uid:") {
            Some("*") => Some(Self::All),
            Some(uid) => uid.parse().ok().map(Self::Uid),
            // Shorter texts are names of the cast, whatever they decode to.
            None if text.len() >= 46 => text.parse().ok().map(Self::Hotkey),
            None => None,
        }
    }
}

impl fmt::Display for Neurons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uid(uid) => write!(f, "uid:{uid}"),
            Self::All => f.write_str("uid:*"),
            Self::Hotkey(hotkey) => write!(f, "{hotkey}"),
        }
    }
}

/// What a selector looks at.
#[derive(Clone, Copy, Debug)]
pub struct Traits<'a> {
    /// Role.
    pub role: Role,
    /// Own name, `zara` or `zara-2`.
    pub name: &'a str,
    /// Name of the `[[cast]]` entry, `zara`.
    pub group: &'a str,
    /// Tactic.
    pub tactic: &'a str,
}

impl Selector {
    /// True for a participant that is meant.
    pub fn matches(&self, of: Traits<'_>) -> bool {
        self.neurons.is_none()
            && self.role.is_none_or(|role| role == of.role)
            && self.what.as_deref().is_none_or(|what| {
                what == of.name || what == of.group || (self.role.is_some() && what == of.tactic)
            })
    }
}

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("\"{text}\" chooses nobody: a selector is {ALLOWED}");
        if text.is_empty() || text.ends_with(':') {
            return Err(refuse());
        }
        if let Some(neurons) = Neurons::from_text(text) {
            return Ok(Self { role: None, what: None, neurons: Some(neurons) });
        }
        match text.split_once(':') {
            None => Ok(match Role::from_name(text) {
                Some(role) => Self { role: Some(role), what: None, neurons: None },
                None => Self { role: None, what: Some(text.to_owned()), neurons: None },
            }),
            Some((role, what)) => {
                let role = Role::from_name(role).ok_or_else(refuse)?;
                Ok(Self { role: Some(role), what: (what != "*").then(|| what.to_owned()), neurons: None })
            }
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(neurons) = &self.neurons {
            return write!(f, "{neurons}");
        }
        match (self.role, self.what.as_deref()) {
            (Some(role), Some(what)) => write!(f, "{}:{what}", role.name()),
            (Some(role), None) => f.write_str(role.name()),
            (None, Some(what)) => f.write_str(what),
            (None, None) => f.write_str("*"),
        }
    }
}

impl Serialize for Selector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
impl JsonSchema for Selector {
    fn schema_name() -> Cow<'static, str> {
        "Selector".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "description": ALLOWED })
    }
}
