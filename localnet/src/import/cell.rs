//! One value of a metagraph, from JSON or CSV, with its place.

use super::Refusal;
use crate::scenario::amount::Amount;
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
        Err(Refusal::new(&self.place, format!("{} is not allowed; allowed: {expected}", self.value)))
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

    /// A whole number that is not negative.
    pub(super) fn number(&self, max: u64) -> Result<u64, Refusal> {
        let number = match self.value {
            Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
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
            return self.number(u64::MAX);
        }
        let text = match self.value {
            Value::Number(number) if number.is_f64() => format!("{}", number.as_f64().unwrap_or(f64::NAN)),
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().trim_start_matches('τ').replace([',', ' '], ""),
            _ => return self.refuse("an amount with decimals, or { \"rao\": number }"),
        };
        let cut = match text.split_once('.') {
            Some((whole, part)) => format!("{whole}.{}", part.get(..part.len().min(9)).unwrap_or(part)),
            None => text,
        };
        Amount::parse_tao(&cut).map(|amount| amount.0).map_err(|error| Refusal::new(&self.place, error))
    }

    /// A row of weights or bonds: a list of `[uid, value]`, or one value for each uid. In CSV the same as JSON text.
    pub(super) fn row(&self) -> Result<Vec<(u16, u16)>, Refusal> {
        if let Value::String(text) = self.value {
            if text.trim().is_empty() {
                return Ok(Vec::new());
            }
            let value: Value = serde_json::from_str(text)
                .map_err(|error| Refusal::new(&self.place, format!("this is no JSON list: {error}")))?;
            return Cell::new(&value, &self.place).row();
        }
        let items = self.items()?;
        if items.first().is_some_and(|item| item.value.is_array()) {
            return items.iter().map(Self::pair).collect();
        }
        dense(&items)
    }

    fn pair(item: &Self) -> Result<(u16, u16), Refusal> {
        match item.items()?.as_slice() {
            [uid, value] => Ok((uid.short()?, value.short()?)),
            _ => item.refuse("a pair [uid, value]"),
        }
    }
}

/// One number for each uid, as parts of the largest.
fn dense(items: &[Cell<'_>]) -> Result<Vec<(u16, u16)>, Refusal> {
    let mut values = Vec::new();
    for item in items {
        match item.value.as_f64().filter(|value| *value >= 0.0) {
            Some(value) => values.push(value),
            None => return item.refuse("a number that is not negative"),
        }
    }
    let most = values.iter().copied().fold(0.0, f64::max);
    let scaled =
        |value: f64| if most > 0.0 { (value / most * f64::from(u16::MAX)).round() as u16 } else { 0 };
    Ok((0..).zip(values).map(|(uid, value)| (uid, scaled(value))).filter(|(_, value)| *value > 0).collect())
}

fn whole(number: f64) -> Option<u64> {
    // Up to here every whole number of a float is exact.
    (number >= 0.0 && number.fract() == 0.0 && number < 9_007_199_254_740_992.0).then_some(number as u64)
}
