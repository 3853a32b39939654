//! A sorted map with structural sharing that SCALE can encode.

use parity_scale_codec::{Decode, Encode, Error, Input, Output};
use std::fmt;

/// A persistent sorted map: cloning costs O(1), a write copies only the path it touches.
///
/// SCALE-encodes as its pairs in key order. **Invariant**: decoding refuses unsorted or repeated keys, so
/// a value has one encoding.
#[derive(Clone)]
pub struct Map<K, V>(imbl::OrdMap<K, V>);

impl<K: Ord + Clone, V: Clone> Map<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Self(imbl::OrdMap::new())
    }
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The row of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key)
    }
    /// The row of a key for change; copies what is shared.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.0.get_mut(key)
    }
    /// True with a row for the key.
    pub fn contains_key(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }
    /// Sets a row and gives back the old one.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.0.insert(key, value)
    }
    /// Removes a row and gives it back.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.0.remove(key)
    }
    /// The row of a key, made by `default` if there is none.
    pub fn or_insert_with(&mut self, key: K, default: impl FnOnce() -> V) -> &mut V {
        self.0.entry(key).or_insert_with(default)
    }
    /// Removes all rows.
    pub fn clear(&mut self) {
        self.0.clear();
    }
    /// Rows in key order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + '_ {
        self.0.iter()
    }
    /// Keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + '_ {
        self.0.keys()
    }
    /// Values in key order.
    pub fn values(&self) -> impl Iterator<Item = &V> + '_ {
        self.0.values()
    }
    /// True when both are certainly the same rows, since they share their memory; false says nothing.
    pub fn same(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0) || (self.is_empty() && other.is_empty())
    }
    /// Rows strictly after a key, in order.
    pub fn after<'a>(&'a self, key: &K) -> impl Iterator<Item = (&'a K, &'a V)> + 'a {
        self.0.range((std::ops::Bound::Excluded(key.clone()), std::ops::Bound::Unbounded))
    }
}

impl<K: Ord + Clone, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K: Ord + Clone, V: Eq> Eq for Map<K, V> {}
impl<K: Ord + Clone, V: Clone> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}
impl<K: Ord + Clone + fmt::Debug, V: Clone + fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rows: I) -> Self {
        Self(rows.into_iter().collect())
    }
}

impl<K: Ord + Clone + Encode, V: Clone + Encode> Encode for Map<K, V> {
    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        (self.0.len() as u64).encode_to(dest);
        for (key, value) in self.iter() {
            key.encode_to(dest);
            value.encode_to(dest);
        }
    }
}
impl<K: Ord + Clone + Decode, V: Clone + Decode> Decode for Map<K, V> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let count = u64::decode(input)?;
        let mut map = Self::new();
        let mut last: Option<K> = None;
        for _ in 0..count {
            let key = K::decode(input)?;
            if last.as_ref().is_some_and(|last| *last >= key) {
                return Err("map keys are not in order".into());
            }
            map.insert(key.clone(), V::decode(input)?);
            last = Some(key);
        }
        Ok(map)
    }
}
