//! A sorted map with structural sharing that SCALE can encode.

use imbl::OrdMap;
use imbl::ordmap;
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

/// A tree has nodes of fixed room, which most maps of a chain would leave nearly empty: one for the shares of each
/// hotkey, say. So the first rows lie in one array; it turns into a tree when it has grown.
#[derive(Clone)]
enum Rows<K, V> {
    None,
    Flat(Arc<Vec<(K, V)>>),
    Tree(OrdMap<K, V>),
}

/// What an array may take at most. **Units**: bytes.
const FLAT_BYTES: usize = 16_384;

impl<K: Ord + Clone, V: Clone> Map<K, V> {
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
    /// [`Map::get`] for a key that is probably the row number `guess`.
    #[inline]
    pub fn get_near(&self, key: &K, guess: usize) -> Option<&V> {
        match &self.0 {
            Rows::Flat(rows) => match rows.get(guess) {
                Some((row, value)) if row == key => Some(value),
                _ => self.get(key),
            },
            _ => self.get(key),
        }
    }
    /// [`Map::get_mut`] for a key that is probably the row number `guess`.
    #[inline]
    pub fn get_mut_near(&mut self, key: &K, guess: usize) -> Option<&mut V> {
        match &mut self.0 {
            Rows::None => None,
            Rows::Flat(rows) => {
                let near = rows.get(guess).is_some_and(|(row, _)| row == key);
                let at = if near { guess } else { place(rows, key).ok()? };
                Arc::make_mut(rows).get_mut(at).map(|(_, value)| value)
            }
            Rows::Tree(rows) => rows.get_mut(key),
        }
    }
    /// The number of a key's row, to be handed to [`Map::get_near`] and the like; what no row is, when rows are not
    /// numbered or the key has none.
    pub fn place_of(&self, key: &K) -> usize {
        match &self.0 {
            Rows::Flat(rows) => place(rows, key).unwrap_or(usize::MAX),
            _ => usize::MAX,
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
                self.0 = Rows::Flat(Arc::new(vec![(key, value)]));
                None
            }
            Rows::Flat(rows) => {
                let found = place(rows, &key);
                let rows = Arc::make_mut(rows);
                match found {
                    Ok(at) => rows.get_mut(at).map(|row| std::mem::replace(&mut row.1, value)),
                    Err(at) => {
                        rows.insert(at, (key, value));
                        None
                    }
                }
            }
            Rows::Tree(rows) => rows.insert(key, value),
        }
    }
    /// [`Map::insert`] for a key that is probably the row number `guess`; drops the old row.
    pub fn insert_near(&mut self, key: K, value: V, guess: usize) {
        match self.get_mut_near(&key, guess) {
            Some(row) => *row = value,
            None => drop(self.insert(key, value)),
        }
    }
    /// Removes a row and gives it back.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        match &mut self.0 {
            Rows::None => None,
            Rows::Flat(rows) => {
                let at = place(rows, key).ok()?;
                Some(Arc::make_mut(rows).remove(at).1)
            }
            Rows::Tree(rows) => rows.remove(key),
        }
    }
    /// The row of a key, made by `default` if there is none.
    pub fn or_insert_with(&mut self, key: K, default: impl FnOnce() -> V) -> &mut V {
        self.or_insert_near(key, usize::MAX, default)
    }
    /// [`Map::or_insert_with`] for a key that is probably the row number `guess`.
    pub fn or_insert_near(&mut self, key: K, guess: usize, default: impl FnOnce() -> V) -> &mut V {
        self.make_room(&key);
        if matches!(self.0, Rows::None) {
            self.0 = Rows::Flat(Arc::default());
        }
        match &mut self.0 {
            Rows::Flat(rows) => {
                let near = rows.get(guess).is_some_and(|(row, _)| *row == key);
                let found = if near { Ok(guess) } else { place(rows, &key) };
                let rows = Arc::make_mut(rows);
                let at = found.unwrap_or_else(|at| {
                    rows.insert(at, (key, default()));
                    at
                });
                #[expect(
                    clippy::indexing_slicing,
                    reason = "the row was found there, or has just been put there"
                )]
                &mut rows[at].1
            }
            Rows::Tree(rows) => rows.entry(key).or_insert_with(default),
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
            (Rows::Tree(a), Rows::Tree(b)) => a.ptr_eq(b) || (a.is_empty() && b.is_empty()),
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
            let changes = old.diff(new).map(|item| match item {
                ordmap::DiffItem::Add(key, new) => (key, None, Some(new)),
                ordmap::DiffItem::Update { old: (key, old), new: (_, new) } => (key, Some(old), Some(new)),
                ordmap::DiffItem::Remove(key, old) => (key, Some(old), None),
            });
            return changes.collect();
        }
        let (mut old, mut new) = (earlier.iter().peekable(), self.iter().peekable());
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
    /// Rows strictly after a key, in order.
    pub fn after<'a>(&'a self, key: &K) -> impl Iterator<Item = (&'a K, &'a V)> + 'a {
        let (flat, tree) = match &self.0 {
            Rows::None => (None, None),
            Rows::Flat(rows) => (rows.get(rows.partition_point(|(row, _)| row <= key)..), None),
            Rows::Tree(rows) => {
                (None, Some(rows.range((std::ops::Bound::Excluded(key.clone()), std::ops::Bound::Unbounded))))
            }
        };
        flat.into_iter().flatten().map(|(key, value)| (key, value)).chain(tree.into_iter().flatten())
    }

    /// The rows of an array, whose keys must ascend strictly.
    pub fn from_sorted(rows: Vec<(K, V)>) -> Self {
        debug_assert!(rows.is_sorted_by(|(a, _), (b, _)| a < b));
        match rows.len() {
            0 => Self::new(),
            len if len <= Self::FLAT_ROWS => Self(Rows::Flat(Arc::new(rows))),
            _ => Self(Rows::Tree(rows.into_iter().collect())),
        }
    }

    /// Turns an array that is full into a tree before `key` is added to it.
    fn make_room(&mut self, key: &K) {
        if let Rows::Flat(rows) = &self.0
            && rows.len() >= Self::FLAT_ROWS
            && place(rows, key).is_err()
        {
            self.0 = Rows::Tree(rows.iter().cloned().collect());
        }
    }
}

/// Where a key is in a sorted array, or would be.
#[inline]
fn place<K: Ord, V>(rows: &[(K, V)], key: &K) -> Result<usize, usize> {
    rows.binary_search_by(|(row, _)| row.cmp(key))
}

/// Rows of a [`Map`] in key order.
pub struct Iter<'a, K, V>(Either<'a, K, V>);

enum Either<'a, K, V> {
    Flat(slice::Iter<'a, (K, V)>),
    Tree(ordmap::Iter<'a, K, V, imbl::shared_ptr::DefaultSharedPtr>),
}

impl<'a, K: Ord, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);
    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Either::Flat(rows) => rows.next().map(|(key, value)| (key, value)),
            Either::Tree(rows) => rows.next(),
        }
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Either::Flat(rows) => rows.size_hint(),
            Either::Tree(rows) => rows.size_hint(),
        }
    }
}
impl<K: Ord, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Either::Flat(rows) => rows.next_back().map(|(key, value)| (key, value)),
            Either::Tree(rows) => rows.next_back(),
        }
    }
}
impl<K, V> fmt::Debug for Iter<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Iter")
    }
}

impl<K: Ord + Clone, V: Clone + PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            // Nodes that both share are not looked into.
            (Rows::Tree(a), Rows::Tree(b)) => a == b,
            _ => self.same(other) || (self.len() == other.len() && self.iter().eq(other.iter())),
        }
    }
}
impl<K: Ord + Clone, V: Clone + Eq> Eq for Map<K, V> {}
impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(Rows::None)
    }
}
impl<K: Ord + Clone + fmt::Debug, V: Clone + fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rows: I) -> Self {
        let mut map = Self::new();
        for (key, value) in rows {
            map.insert(key, value);
        }
        map
    }
}

impl<K: Ord + Clone + Encode, V: Clone + Encode> Encode for Map<K, V> {
    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        (self.len() as u64).encode_to(dest);
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
