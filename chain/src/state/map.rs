//! A sorted map with structural sharing that SCALE can encode.

use super::key::Key;
use super::tree::{self, Tree, near, place, with, without};
use parity_scale_codec::{Decode, Encode, Error, Input, Output};
use std::cmp::Ordering;
use std::fmt;
use std::slice;
use std::sync::Arc;

/// A persistent sorted map: cloning costs O(1), a write copies at most a small array or a path of a tree.
///
/// SCALE-encodes as its pairs in key order. **Invariant**: decoding refuses unsorted or repeated keys, so
/// a value has one encoding, and maps with the same rows are equal however they came to be.
#[derive(Clone)]
pub struct Map<K, V>(Rows<K, V>);

/// A row that differs between two maps: its key, the earlier value, the later one.
pub type Change<'a, K, V> = (&'a K, Option<&'a V>, Option<&'a V>);

/// Most maps of a chain have a handful of rows: the shares of one hotkey, say. So the first rows lie in one array, which
/// is found with one step less than the rows of a tree; it turns into a tree when it has grown.
#[derive(Clone)]
enum Rows<K, V> {
    None,
    Flat(Arc<[(K, V)]>),
    Tree(Tree<K, V>),
}

/// What an array may take at most. **Units**: bytes.
const FLAT_BYTES: usize = 16_384;

impl<K: Key, V: Clone> Map<K, V> {
    const FLAT_ROWS: usize = FLAT_BYTES / size_of::<(K, V)>();

    /// An empty map.
    pub const fn new() -> Self {
        Self(Rows::None)
    }
    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.0 {
            Rows::None => 0,
            Rows::Flat(rows) => rows.len(),
            Rows::Tree(rows) => rows.len(),
        }
    }
    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The row of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        match &self.0 {
            Rows::None => None,
            Rows::Flat(rows) => place(rows, key).ok().and_then(|at| rows.get(at)).map(|(_, value)| value),
            Rows::Tree(rows) => rows.get(key),
        }
    }
    /// The row of a key for change; copies what is shared.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.get_mut_near(key, usize::MAX)
    }
    /// [`Map::get`] for a key whose [place](Map::place_of) is probably `place`.
    #[inline]
    pub fn get_near(&self, key: &K, place: usize) -> Option<&V> {
        match self.near(key, place) {
            Some(found) => found,
            None => self.get(key),
        }
    }
    /// [`Map::get_near`]; sets the place to where it really is.
    #[inline]
    pub fn look_up(&self, key: &K, place: &mut usize) -> Option<&V> {
        match self.near(key, *place) {
            Some(found) => found,
            None => {
                *place = self.place_of(key);
                self.get_near(key, *place)
            }
        }
    }
    /// [`Map::get_mut`] for a key whose place is probably `place`.
    #[inline]
    pub fn get_mut_near(&mut self, key: &K, place: usize) -> Option<&mut V> {
        match &mut self.0 {
            Rows::None => None,
            Rows::Flat(rows) => {
                let at = place_near(rows, key, place).ok()?;
                Arc::make_mut(rows).get_mut(at).map(|(_, value)| value)
            }
            Rows::Tree(rows) => rows.get_mut_near(key, place),
        }
    }
    /// Where the key's row is, or would be: a hint for [`Map::get_near`] and the like. It stays true while no other key
    /// comes or goes; a wrong one costs a search and changes no result.
    pub fn place_of(&self, key: &K) -> usize {
        match &self.0 {
            Rows::None => 0,
            Rows::Flat(rows) => place(rows, key).unwrap_or_else(|at| at),
            Rows::Tree(rows) => rows.place_of(key),
        }
    }
    /// What a place says of a key: its row, that there is none, or nothing.
    #[inline]
    fn near(&self, key: &K, place: usize) -> Option<Option<&V>> {
        match &self.0 {
            Rows::None => Some(None),
            Rows::Flat(rows) => near(rows, key, place),
            Rows::Tree(rows) => rows.near(key, place),
        }
    }
    /// True with a row for the key.
    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }
    /// Sets a row and gives back the old one.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.make_room(&key);
        match &mut self.0 {
            Rows::None => {
                self.0 = Rows::Flat(Arc::new([(key, value)]));
                None
            }
            Rows::Flat(rows) => match place(rows, &key) {
                Ok(at) => Arc::make_mut(rows).get_mut(at).map(|row| std::mem::replace(&mut row.1, value)),
                Err(at) => {
                    *rows = with(rows, at, (key, value));
                    None
                }
            },
            Rows::Tree(rows) => rows.insert(key, value),
        }
    }
    /// [`Map::insert`] of many rows, whose keys must ascend strictly.
    pub fn merge(&mut self, rows: Vec<(K, V)>) {
        if matches!(self.0, Rows::Tree(_)) {
            for (key, value) in rows {
                self.insert(key, value);
            }
            return;
        }
        let mut merged = Vec::with_capacity(self.len().max(rows.len()));
        let mut old = self.iter().peekable();
        for row in rows {
            while let Some((key, value)) = old.next_if(|(key, _)| **key < row.0) {
                merged.push((key.clone(), value.clone()));
            }
            old.next_if(|(key, _)| **key == row.0);
            merged.push(row);
        }
        merged.extend(old.map(|(key, value)| (key.clone(), value.clone())));
        *self = Self::from_sorted(merged);
    }
    /// Removes a row and gives it back.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        match &mut self.0 {
            Rows::None => None,
            Rows::Flat(rows) => {
                let at = place(rows, key).ok()?;
                let value = rows.get(at).map(|(_, value)| value.clone());
                *rows = without(rows, at);
                value
            }
            Rows::Tree(rows) => rows.remove(key),
        }
    }
    /// The row of a key, made by `default` if there is none.
    pub fn or_insert_with(&mut self, key: K, default: impl FnOnce() -> V) -> &mut V {
        self.or_insert_near(key, usize::MAX, default)
    }
    /// [`Map::or_insert_with`] for a key whose place is probably `place`.
    pub fn or_insert_near(&mut self, key: K, place: usize, default: impl FnOnce() -> V) -> &mut V {
        self.make_room(&key);
        if matches!(self.0, Rows::None) {
            self.0 = Rows::Flat(Arc::new([]));
        }
        match &mut self.0 {
            Rows::Flat(rows) => {
                let at = place_near(rows, &key, place).unwrap_or_else(|at| {
                    *rows = with(rows, at, (key, default()));
                    at
                });
                #[expect(
                    clippy::indexing_slicing,
                    reason = "the row was found there, or has just been put there"
                )]
                &mut Arc::make_mut(rows)[at].1
            }
            #[expect(clippy::expect_used, reason = "the row was found, or has just been put there")]
            Rows::Tree(rows) => rows.or_insert_near(key, place, default).expect("the row of the key"),
            #[expect(clippy::unreachable, reason = "an empty map was replaced above")]
            Rows::None => unreachable!(),
        }
    }
    /// Removes all rows.
    pub fn clear(&mut self) {
        self.0 = Rows::None;
    }
    /// Rows in key order.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter(match &self.0 {
            Rows::None => Either::Flat([].iter()),
            Rows::Flat(rows) => Either::Flat(rows.iter()),
            Rows::Tree(rows) => Either::Tree(rows.iter()),
        })
    }
    /// Keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + '_ {
        self.iter().map(|(key, _)| key)
    }
    /// Values in key order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + '_ {
        self.iter().map(|(_, value)| value)
    }
    /// True when both are certainly the same rows, since they share their memory; false says nothing.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Rows::Flat(a), Rows::Flat(b)) => Arc::ptr_eq(a, b) || (a.is_empty() && b.is_empty()),
            (Rows::Tree(a), Rows::Tree(b)) => a.same(b) || (a.len() == 0 && b.len() == 0),
            _ => self.is_empty() && other.is_empty(),
        }
    }
    /// What differs from an earlier map, in key order: key, earlier row, row of this map. Rows in shared memory are
    /// passed over, so two maps that are close relatives cost about as much as what differs.
    pub fn changes_since<'a>(&'a self, earlier: &'a Self) -> Vec<Change<'a, K, V>>
    where
        V: PartialEq,
    {
        if self.same(earlier) {
            return Vec::new();
        }
        if let (Rows::Tree(old), Rows::Tree(new)) = (&earlier.0, &self.0) {
            let (old, new) = old.unshared(new);
            return changes(old.map(pair), new.map(pair));
        }
        changes(earlier.iter(), self.iter())
    }
    /// Rows strictly after a key, in order.
    pub fn after<'a>(&'a self, key: &K) -> impl Iterator<Item = (&'a K, &'a V)> + 'a {
        let (flat, tree) = match &self.0 {
            Rows::None => (None, None),
            Rows::Flat(rows) => (rows.get(rows.partition_point(|(row, _)| row <= key)..), None),
            Rows::Tree(rows) => (None, Some(rows.after(key))),
        };
        flat.into_iter().flatten().chain(tree.into_iter().flatten()).map(pair)
    }

    /// The rows of an array, whose keys must ascend strictly.
    pub fn from_sorted(rows: Vec<(K, V)>) -> Self {
        debug_assert!(rows.is_sorted_by(|(a, _), (b, _)| a < b));
        match rows.len() {
            0 => Self::new(),
            len if len <= Self::FLAT_ROWS => Self(Rows::Flat(rows.into())),
            _ => Self(Rows::Tree(Tree::from_sorted(&rows))),
        }
    }

    /// Turns an array that is full into a tree before `key` is added to it.
    fn make_room(&mut self, key: &K) {
        if let Rows::Flat(rows) = &self.0
            && rows.len() >= Self::FLAT_ROWS
            && place(rows, key).is_err()
        {
            self.0 = Rows::Tree(Tree::from_sorted(rows));
        }
    }
}

/// Where a key is in a sorted array, or would be; looked for at a place first.
#[inline]
fn place_near<K: Key, V>(rows: &[(K, V)], key: &K, at: usize) -> Result<usize, usize> {
    if rows.get(at).is_some_and(|(row, _)| row == key) { Ok(at) } else { place(rows, key) }
}

const fn pair<K, V>(row: &(K, V)) -> (&K, &V) {
    (&row.0, &row.1)
}

/// What differs between two sequences of rows.
fn changes<'a, K: Ord, V: PartialEq>(
    old: impl Iterator<Item = (&'a K, &'a V)>,
    new: impl Iterator<Item = (&'a K, &'a V)>,
) -> Vec<Change<'a, K, V>> {
    let (mut old, mut new) = (old.peekable(), new.peekable());
    let mut changes = Vec::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return changes,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((old, _)), Some((new, _))) => old.cmp(new),
        };
        let was = if order.is_le() { old.next() } else { None };
        let is = if order.is_ge() { new.next() } else { None };
        if let Some((key, _)) = was.or(is)
            && was.map(|(_, value)| value) != is.map(|(_, value)| value)
        {
            changes.push((key, was.map(|(_, value)| value), is.map(|(_, value)| value)));
        }
    }
}

/// Rows of a [`Map`] in key order.
pub struct Iter<'a, K, V>(Either<'a, K, V>);

enum Either<'a, K, V> {
    Flat(slice::Iter<'a, (K, V)>),
    Tree(tree::Rows<'a, K, V>),
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);
    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Either::Flat(rows) => rows.next().map(pair),
            Either::Tree(rows) => rows.next().map(pair),
        }
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Either::Flat(rows) => rows.size_hint(),
            Either::Tree(rows) => rows.size_hint(),
        }
    }
}
impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Either::Flat(rows) => rows.next_back().map(pair),
            Either::Tree(rows) => rows.next_back().map(pair),
        }
    }
}
impl<K, V> fmt::Debug for Iter<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Iter")
    }
}

impl<K: Key, V: Clone + PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        if self.same(other) || self.len() != other.len() {
            return self.len() == other.len();
        }
        match (&self.0, &other.0) {
            // Leaves that both share are not looked into.
            (Rows::Tree(a), Rows::Tree(b)) => {
                let (a, b) = a.unshared(b);
                a.eq(b)
            }
            _ => self.iter().eq(other.iter()),
        }
    }
}
impl<K: Key, V: Clone + Eq> Eq for Map<K, V> {}
impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(Rows::None)
    }
}
impl<K: Key + fmt::Debug, V: Clone + fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
impl<K: Key, V: Clone> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rows: I) -> Self {
        let mut rows: Vec<_> = rows.into_iter().collect();
        // Of rows with the same key the last one stays.
        rows.reverse();
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        rows.dedup_by(|(a, _), (b, _)| a == b);
        Self::from_sorted(rows)
    }
}

impl<K: Key + Encode, V: Clone + Encode> Encode for Map<K, V> {
    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        (self.len() as u64).encode_to(dest);
        for (key, value) in self.iter() {
            key.encode_to(dest);
            value.encode_to(dest);
        }
    }
}
impl<K: Key + Decode, V: Clone + Decode> Decode for Map<K, V> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let count = u64::decode(input)?;
        let mut rows: Vec<(K, V)> = Vec::new();
        for _ in 0..count {
            let key = K::decode(input)?;
            if rows.last().is_some_and(|(last, _)| *last >= key) {
                return Err("map keys are not in order".into());
            }
            rows.push((key, V::decode(input)?));
        }
        Ok(Self::from_sorted(rows))
    }
}
