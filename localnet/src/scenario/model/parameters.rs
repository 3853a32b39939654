//! Values of the chain by name.

use crate::scenario::amount::Amount;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// What a parameter may be.
const ALLOWED: &str = "true, false, a whole number in the parameter's own unit, a fraction of one with a point for a share (0.5), or an amount with its unit (\"0.5 tao\")";

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
    /// A share, written as a fraction of one.
    Fraction(Fraction),
}

/// A fraction of one, to nine decimals. **Units**: billionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction(u32);

impl Fraction {
    /// One.
    const WHOLE: u32 = 1_000_000_000;

    /// The nearest whole number of parts of which `whole` make one.
    pub fn of(self, whole: u64) -> u64 {
        let parts = u128::from(self.0) * u128::from(whole) + u128::from(Self::WHOLE / 2);
        u64::try_from(parts / u128::from(Self::WHOLE)).unwrap_or(whole)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = format!("{:09}", self.0 % Self::WHOLE);
        let part = part.trim_end_matches('0');
        write!(f, "{}.{}", self.0 / Self::WHOLE, if part.is_empty() { "0" } else { part })
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / f64::from(Self::WHOLE))
    }
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
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Parameter, E> {
                let billionths = Amount::parse_tao(&format!("{number}")).ok();
                let billionths = billionths.and_then(|amount| u32::try_from(amount.0).ok());
                let fraction = billionths.filter(|parts| *parts <= Fraction::WHOLE).map(Fraction);
                fraction.map(Parameter::Fraction).ok_or_else(|| {
                    E::custom(format!(
                        "{number} is no fraction of one with at most nine decimals; a value is {ALLOWED}"
                    ))
                })
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
        json_schema!({ "description": ALLOWED, "type": ["boolean", "number", "string"], "minimum": 0 })
    }
}
