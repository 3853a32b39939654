//! Lists of exactly two elements. TOML readers fill a fixed-size array and leave surplus elements unread, so the length
//! is checked here.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

fn exact<T, E: Error>(items: Vec<T>) -> Result<[T; 2], E> {
    let count = items.len();
    items.try_into().map_err(|_| E::custom(format!("expected exactly two elements, found {count}")))
}

/// A pair.
pub(super) fn pair<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<[T; 2], D::Error> {
    exact(Vec::deserialize(from)?)
}

/// A pair that may be left out.
pub(super) fn some_pair<'de, T, D>(from: D) -> Result<Option<[T; 2]>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    pair(from).map(Some)
}

/// A list of pairs.
pub(super) fn pairs<'de, T, D>(from: D) -> Result<Vec<[T; 2]>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Vec::<Vec<T>>::deserialize(from)?.into_iter().map(exact).collect()
}
