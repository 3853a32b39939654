//! One value of a metagraph, from JSON or CSV, with its place.

use super::Refusal;
use super::decimal::{Decimal, DecimalError};
use chain::account::AccountId;
use serde_json::Value;

/// In what an amount without a unit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// TAO or alpha, with decimals.
    Whole,
    /// Rao.
    Rao,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Cell<'a> {
    pub(super) value: &'a Value,
    pub(super) place: String,
}

/// An SS58 address.
pub(super) fn account(text: &str, place: &str) -> Result<AccountId, Refusal> {
    if text.len() < 40 {
        return Err(Refusal::new(place, format!("`{text}` is no SS58 address")));
    }
    text.parse().map_err(|error| Refusal::new(place, format!("{error}")))
}

impl<'a> Cell<'a> {
    pub(super) fn new(value: &'a Value, place: impl Into<String>) -> Self {
        Self { value, place: place.into() }
    }

    fn refuse<T>(&self, expected: &str) -> Result<T, Refusal> {
        Err(Refusal::new(&self.place, format!("expected {expected}, found {}", self.value)))
    }

    /// The value under a key of an object, unless it is missing or null.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        let dot = if self.place.is_empty() { "" } else { "." };
        Some(Self::new(value, format!("{}{dot}{key}", self.place)))
    }

    /// The first of these keys that is there.
    pub(super) fn first(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().find_map(|key| self.get(key))
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Result<Vec<Self>, Refusal> {
        let Value::Array(items) = self.value else { return self.refuse("a list") };
        let place = |at: usize| format!("{}[{at}]", self.place);
        Ok(items.iter().enumerate().map(|(at, value)| Self::new(value, place(at))).collect())
    }

    /// An account: an address, or an object with one under `ss58`, as an explorer's service writes it.
    pub(super) fn account(&self) -> Result<AccountId, Refusal> {
        if let Some(inner) = self.get("ss58") {
            return inner.account();
        }
        match self.value {
            Value::String(text) => account(text.trim(), &self.place),
            _ => self.refuse("an SS58 address"),
        }
    }

    /// The text of a number; a JSON number is written with the digits that tell it from its neighbours.
    fn digits(&self) -> Option<String> {
        match self.value {
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub(super) fn number(&self, max: u64) -> Result<u64, Refusal> {
        let decimal = self.digits().and_then(|text| Decimal::parse(&text).ok());
        let number = decimal.filter(Decimal::is_whole).and_then(|decimal| decimal.scaled(0).ok());
        match number.filter(|number| *number <= max) {
            Some(number) => Ok(number),
            None => self.refuse(&format!("a whole number from 0 to {max}")),
        }
    }

    /// A whole number of 16 bits.
    pub(super) fn short(&self) -> Result<u16, Refusal> {
        self.number(u16::MAX.into()).map(|number| u16::try_from(number).unwrap_or(u16::MAX))
    }

    /// A switch: `true`, `True`, `1` and their opposites.
    pub(super) fn switch(&self) -> Result<bool, Refusal> {
        let text = match self.value {
            Value::Bool(on) => return Ok(*on),
            Value::String(text) => text.trim().to_ascii_lowercase(),
            other => other.to_string(),
        };
        match text.as_str() {
            "true" | "1" | "1.0" | "yes" => Ok(true),
            "false" | "0" | "0.0" | "no" | "" => Ok(false),
            _ => self.refuse("true or false"),
        }
    }

    /// An amount in rao. Decimals beyond the ninth are cut.
    pub(super) fn amount(&self, unit: Unit) -> Result<u64, Refusal> {
        if let Some(rao) = self.get("rao") {
            return rao.number(u64::MAX);
        }
        if unit == Unit::Rao {
            return self.number(u64::MAX).map_err(|refusal| {
                let what = format!("{}: amounts of this form are whole numbers of rao", refusal.what);
                Refusal::new(refusal.place, what)
            });
        }
        let Some(text) = self.digits() else {
            return self.refuse("an amount with decimals, or { \"rao\": number }");
        };
        Decimal::parse(&text).and_then(|decimal| decimal.scaled(9)).map_err(|error| {
            let text = text.trim();
            let what = match error {
                DecimalError::Negative | DecimalError::Large => format!("{text} tao {error}"),
                DecimalError::Form | DecimalError::Groups => {
                    format!("\"{text}\" is not an amount: it {error}")
                }
            };
            Refusal::new(&self.place, what)
        })
    }

    /// A row of weights or bonds: a list of `[uid, value]`, or one value for each uid, read by `dense`. In CSV the same
    /// as JSON text.
    pub(super) fn row(&self, dense: Dense) -> Result<Vec<(u16, u16)>, Refusal> {
        if let Value::String(text) = self.value {
            if text.trim().is_empty() {
                return Ok(Vec::new());
            }
            let value: Value = serde_json::from_str(text)
                .map_err(|error| Refusal::new(&self.place, format!("this is no JSON list: {error}")))?;
            return Cell::new(&value, &self.place).row(dense);
        }
        let items = self.items()?;
        if items.first().is_some_and(|item| item.value.is_array()) {
            return items.iter().map(Self::pair).collect();
        }
        dense_row(&items, dense)
    }

    fn pair(item: &Self) -> Result<(u16, u16), Refusal> {
        match item.items()?.as_slice() {
            [uid, value] => Ok((uid.short()?, value.short()?)),
            _ => item.refuse("a pair [uid, value]"),
        }
    }
}

/// Scale of a row with one number for each uid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dense {
    /// Whole numbers as the chain stores them; a row with decimals as parts of its largest, which is stored as
    /// 65,535, as clients do: weights.
    OfLargest,
    /// As the chain stores them, whole numbers to 65,535; or parts of one where none is above one: bonds.
    Stored,
}

fn dense_row(items: &[Cell<'_>], dense: Dense) -> Result<Vec<(u16, u16)>, Refusal> {
    let mut values = Vec::new();
    for item in items {
        match item.value.as_f64().filter(|value| *value >= 0.0) {
            Some(value) => values.push(value),
            None => return item.refuse("a number that is not negative"),
        }
    }
    let most = values.iter().copied().fold(0.0, f64::max);
    let unit = f64::from(u16::MAX);
    let is_stored = most <= unit && items.iter().all(|item| item.value.is_u64());
    let factor = match dense {
        Dense::OfLargest if most > 0.0 && !is_stored => unit / most,
        Dense::Stored if most <= 1.0 => unit,
        Dense::OfLargest | Dense::Stored => 1.0,
    };
    let stored = |(value, item): (f64, &Cell<'_>)| {
        let scaled = value * factor;
        if dense == Dense::Stored && factor == 1.0 && (value.fract() != 0.0 || value > unit) {
            return item.refuse("a whole number from 0 to 65535, as the row has numbers above 1");
        }
        Ok(scaled.round() as u16)
    };
    let values = values.into_iter().zip(items).map(stored).collect::<Result<Vec<_>, _>>()?;
    Ok((0..).zip(values).filter(|(_, value)| *value > 0).collect())
}
