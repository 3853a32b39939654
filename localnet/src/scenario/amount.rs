//! Amounts of TAO as people write them in a scenario.

use chain::units::{Rao, TAO};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// What a scenario may write for an amount.
pub const ALLOWED: &str = "a number of TAO, zero or more, with at most nine decimals (1000, 0.25), or text with its unit (\"250000 rao\")";

/// An amount of TAO (or, where a key says so, of alpha).
///
/// In a file: `1000`, `0.25`, `"0.25 tao"` or `"250000000 rao"`. A decimal is read digit by digit, so no
/// rounding of floats comes between the file and the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub u64);

impl Amount {
    /// So many TAO.
    pub const fn tao(tao: u64) -> Self {
        Self(tao.saturating_mul(TAO))
    }
    /// The amount in rao.
    pub const fn rao(self) -> Rao {
        Rao(self.0)
    }
    /// Reads a plain decimal number of TAO.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse_tao(text: &str) -> Result<Self, String> {
        let refuse = |why: &str| Err(format!("{text} tao {why}; an amount is {ALLOWED}"));
        if text.starts_with('-') {
            return refuse("is negative");
        }
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let part = part.trim_end_matches('0');
        if part.len() > 9 {
            return refuse("has more than nine decimals");
        }
        let digits = format!("{whole}{part:0<9}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("\"{text}\" is not an amount; an amount is {ALLOWED}"));
        }
        digits.parse().map(Self).or_else(|_| refuse("is more than the chain can count"))
    }
    /// Reads text with a unit: `12 tao`, `0.5 tao`, `100 rao`; without one it is TAO.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let plain = |number: &str| number.trim().replace('_', "");
        match text.strip_suffix("rao") {
            Some(number) => plain(number)
                .parse()
                .map(Self)
                .map_err(|_| format!("\"{text}\" is not an amount; an amount is {ALLOWED}")),
            None => Self::parse_tao(&plain(text.strip_suffix("tao").unwrap_or(text))),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::report::amount::tao(self.rao()))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{} rao", self.0))
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Amount;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(ALLOWED)
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Amount, E> {
                Amount::parse_tao(&number.to_string()).map_err(E::custom)
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Amount, E> {
                Amount::parse_tao(&number.to_string()).map_err(E::custom)
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Amount, E> {
                Amount::parse_tao(&format!("{number}")).map_err(E::custom)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
                Amount::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Written)
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": ALLOWED,
            "anyOf": [
                { "type": "number", "minimum": 0 },
                { "type": "string", "pattern": "^ *[0-9_]+(\\.[0-9]{1,9})? *(tao|rao)? *$" }
            ]
        })
    }
}
