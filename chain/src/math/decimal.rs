//! Integers wider than JSON numbers: written as decimal strings, read from a string or an integer.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserializer, Serializer, de};

/// Writes an integer as a decimal string.
///
/// # Errors
/// Only those of the serializer.
pub fn serialize<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reads an integer from a decimal string or from an integer literal.
///
/// # Errors
/// When the input is neither, or does not fit `T`.
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr + TryFrom<i128> + TryFrom<u128>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(DecimalVisitor(PhantomData))
}

struct DecimalVisitor<T>(PhantomData<T>);

impl<T: FromStr + TryFrom<i128> + TryFrom<u128>> de::Visitor<'_> for DecimalVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer or a decimal string of one, within range")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        T::try_from(u128::from(value)).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        T::try_from(i128::from(value)).map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Other("a wide integer"), &self))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Other("a wide integer"), &self))
    }
}
