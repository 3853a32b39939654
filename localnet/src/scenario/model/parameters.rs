//! Values of the chain by name.

use crate::scenario::amount::Amount;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// What a parameter may be.
const ALLOWED: &str =
    "true, false, a whole number in the parameter's own unit, or an amount with its unit (\"0.5 tao\")";

/// Values by name; `localnet schema` lists the names.
pub type Parameters = BTreeMap<String, Parameter>;

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Parameter {
    /// A switch.
    Switch(bool),
    /// A number in the parameter's own unit.
    Number(u64),
}

impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Parameter;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(ALLOWED)
            }
            fn visit_bool<E: de::Error>(self, on: bool) -> Result<Parameter, E> {
                Ok(Parameter::Switch(on))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Parameter, E> {
                Ok(Parameter::Number(number))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Parameter, E> {
                let refuse = |_| E::custom(format!("{number} is negative; a value is {ALLOWED}"));
                u64::try_from(number).map(Parameter::Number).map_err(refuse)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Parameter, E> {
                if !text.trim_end().ends_with("ao") {
                    return Err(E::custom(format!("\"{text}\" is not a value; a value is {ALLOWED}")));
                }
                Amount::parse(text).map(|amount| Parameter::Number(amount.0)).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Written)
    }
}

impl JsonSchema for Parameter {
    fn schema_name() -> Cow<'static, str> {
        "Parameter".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": ALLOWED, "type": ["boolean", "integer", "string"], "minimum": 0 })
    }
}
