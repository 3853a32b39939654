//! Who is meant: `miner:honest`, `validator:*`, `user`, `vera`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::model::Role;

/// What a selector may look like.
pub const ALLOWED: &str = "a name of the cast, a role (owner, miner, validator, user), or role:what, where what is a name, a tactic or *";

/// Chooses participants by name, by role, or by role and tactic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Only this role.
    pub role: Option<Role>,
    /// Only this name or tactic.
    pub what: Option<String>,
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
        self.role.is_none_or(|role| role == of.role)
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
        match text.split_once(':') {
            None => Ok(match Role::from_name(text) {
                Some(role) => Self { role: Some(role), what: None },
                None => Self { role: None, what: Some(text.to_owned()) },
            }),
            Some((role, what)) => {
                let role = Role::from_name(role).ok_or_else(refuse)?;
                Ok(Self { role: Some(role), what: (what != "*").then(|| what.to_owned()) })
            }
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
