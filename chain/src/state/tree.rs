//! A persistent tree of three levels: rows lie in leaves, leaves in branches, branches side by side.
//!
//! A lookup reads two short lists of numbers, which stay in the cache, and one leaf; a write copies what it goes
//! through where an earlier tree shares it. All arrays are exactly as long as what they hold.

use super::key::Key;
use std::cmp::Ordering;
use std::iter::{FlatMap, once};
use std::slice;
use std::sync::Arc;

/// What a leaf may take, if it has [`LEAF_ROWS_MIN`] rows. **Units**: bytes.
const LEAF_BYTES: usize = 1_024;
/// A leaf may have so many rows, however large they are.
const LEAF_ROWS_MIN: usize = 8;
/// The most leaves of a branch.
const BRANCH_LEAVES: usize = 24;

/// A sorted map.
///
/// **Invariant**: no leaf and no branch is empty, and `len` is the number of rows.
#[derive(Clone)]
pub(super) struct Tree<K, V> {
    len: usize,
    branches: Arc<[Branch<K, V>]>,
}

/// Things in order, known by the rank of the first.
pub(super) struct Node<T> {
    rank: u64,
    items: Arc<[T]>,
}
pub(super) type Leaf<K, V> = Node<(K, V)>;
pub(super) type Branch<K, V> = Node<Leaf<K, V>>;

/// Where a row is, or would be.
#[derive(Clone, Copy)]
struct Path {
    branch: usize,
    leaf: usize,
    row: usize,
}
/// Bits of a number that stands for a [`Path`]: so many for the row, so many for the leaf.
const PLACE_BITS: u32 = 12;

impl Path {
    const fn packed(self) -> usize {
        self.branch.wrapping_shl(2 * PLACE_BITS) | self.leaf.wrapping_shl(PLACE_BITS) | self.row
    }
    const fn unpacked(place: usize) -> Self {
        let mask = (1 << PLACE_BITS) - 1;
        Self {
            branch: place.wrapping_shr(2 * PLACE_BITS),
            leaf: place.wrapping_shr(PLACE_BITS) & mask,
            row: place & mask,
        }
    }
}

/// What lies in a node: a row, or a node again.
trait Item<K> {
    fn rank(&self) -> u64;
    fn first(&self) -> Option<&K>;
}
impl<K: Key, V> Item<K> for (K, V) {
    fn rank(&self) -> u64 {
        self.0.rank()
    }
    fn first(&self) -> Option<&K> {
        Some(&self.0)
    }
}
impl<K, T: Item<K>> Item<K> for Node<T> {
    fn rank(&self) -> u64 {
        self.rank
    }
    fn first(&self) -> Option<&K> {
        self.items.first().and_then(T::first)
    }
}

impl<T> Clone for Node<T> {
    fn clone(&self) -> Self {
        Self { rank: self.rank, items: Arc::clone(&self.items) }
    }
}
impl<T> Node<T> {
    fn new<K>(items: Arc<[T]>) -> Self
    where
        T: Item<K>,
    {
        Self { rank: items.first().map_or(0, T::rank), items }
    }
}

/// Where a key is in a sorted array, or would be.
#[inline]
pub(super) fn place<K: Key, V>(rows: &[(K, V)], key: &K) -> Result<usize, usize> {
    let rank = key.rank();
    let from = rows.partition_point(|(row, _)| row.rank() < rank);
    match rows.get(from..) {
        Some([(row, _), ..]) if row == key => Ok(from),
        Some([(row, _), ..]) if row.rank() != rank => Err(from),
        // Others have the same rank.
        Some(ties) => {
            let at = ties.binary_search_by(|(row, _)| row.cmp(key));
            at.map(|at| from.saturating_add(at)).map_err(|at| from.saturating_add(at))
        }
        None => Err(from),
    }
}

/// What a place in a sorted array says of a key: its row, that there is none, or nothing.
#[inline]
pub(super) fn near<'a, K: Key, V>(rows: &'a [(K, V)], key: &K, at: usize) -> Option<Option<&'a V>> {
    let (found, value) = rows.get(at)?;
    if found == key {
        return Some(Some(value));
    }
    let (before, _) = rows.get(at.checked_sub(1)?)?;
    (before.rank() < key.rank() && key.rank() < found.rank()).then_some(None)
}

/// The last node that begins at a key or before it, or the first one.
#[inline]
fn node_of<K: Key, T: Item<K>>(nodes: &[Node<T>], rank: u64, key: &K) -> usize {
    let from = nodes.partition_point(|node| node.rank < rank);
    let ties = match nodes.get(from..) {
        Some(ties @ [first, ..]) if first.rank == rank => {
            ties.partition_point(|node| node.rank == rank && node.first().is_some_and(|first| first <= key))
        }
        _ => 0,
    };
    from.saturating_add(ties).saturating_sub(1)
}

/// The array with one thing more.
pub(super) fn with<T: Clone>(items: &[T], at: usize, item: T) -> Arc<[T]> {
    let (before, after) = items.split_at_checked(at).unwrap_or((items, &[]));
    before.iter().cloned().chain(once(item)).chain(after.iter().cloned()).collect()
}

/// The array with one thing less.
pub(super) fn without<T: Clone>(items: &[T], at: usize) -> Arc<[T]> {
    let (before, after) = items.split_at_checked(at).unwrap_or((items, &[]));
    before.iter().chain(after.iter().skip(1)).cloned().collect()
}

/// Puts things into a node; where they are too many for one, the node is split.
fn refill<K, T: Item<K> + Clone>(nodes: &mut Arc<[Node<T>]>, at: usize, items: Arc<[T]>, most: usize)
where
    K: Key,
{
    let more = if items.len() > most {
        let (low, high) = items.split_at(items.len() / 2);
        let high = Node::new(high.into());
        set(nodes, at, Node::new(low.into()));
        Some(high)
    } else {
        set(nodes, at, Node::new(items));
        None
    };
    if let Some(more) = more {
        *nodes = with(nodes, at.saturating_add(1), more);
    }
}

fn set<T>(nodes: &mut Arc<[Node<T>]>, at: usize, node: Node<T>) {
    if let Some(slot) = Arc::make_mut(nodes).get_mut(at) {
        *slot = node;
    }
}

/// Puts things into a node that have become fewer; an empty one goes, a small one is joined to the one beside it.
fn shrink<K, T: Item<K> + Clone>(nodes: &mut Arc<[Node<T>]>, at: usize, items: Arc<[T]>, most: usize)
where
    K: Key,
{
    if items.is_empty() {
        *nodes = without(nodes, at);
        return;
    }
    let len = items.len();
    set(nodes, at, Node::new(items));
    let first = if at.saturating_add(1) < nodes.len() { at } else { at.saturating_sub(1) };
    if let Some([low, high, ..]) = nodes.get(first..)
        && len <= most / 4
        && low.items.len().saturating_add(high.items.len()) <= most / 2
    {
        let joined = Node::new(low.items.iter().chain(high.items.iter()).cloned().collect());
        let mut fewer = without(nodes, first.saturating_add(1));
        set(&mut fewer, first, joined);
        *nodes = fewer;
    }
}

impl<K: Key, V: Clone> Tree<K, V> {
    const LEAF_ROWS: usize = {
        let size = if size_of::<(K, V)>() == 0 { 1 } else { size_of::<(K, V)>() };
        let rows = LEAF_BYTES / size;
        if rows < LEAF_ROWS_MIN { LEAF_ROWS_MIN } else { rows }
    };

    /// The rows of an array, whose keys must ascend strictly.
    pub(super) fn from_sorted(rows: &[(K, V)]) -> Self {
        let leaves: Vec<_> = rows.chunks(Self::LEAF_ROWS).map(|rows| Leaf::new(rows.into())).collect();
        let branches = leaves.chunks(BRANCH_LEAVES).map(|leaves| Branch::new(leaves.into()));
        Self { len: rows.len(), branches: branches.collect() }
    }
    pub(super) const fn len(&self) -> usize {
        self.len
    }
    pub(super) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.branches, &other.branches)
    }

    #[inline]
    fn find(&self, key: &K) -> Result<Path, Path> {
        let rank = key.rank();
        let branch = node_of(&self.branches, rank, key);
        let leaves = self.branches.get(branch).map_or(&[][..], |branch| &branch.items);
        let leaf = node_of(leaves, rank, key);
        let rows = leaves.get(leaf).map_or(&[][..], |leaf| &leaf.items);
        let path = |row| Path { branch, leaf, row };
        place(rows, key).map(path).map_err(path)
    }

    /// The row of a key.
    #[inline]
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        let rank = key.rank();
        let branch = self.branches.get(node_of(&self.branches, rank, key))?;
        let leaf = branch.items.get(node_of(&branch.items, rank, key))?;
        let row = place(&leaf.items, key).ok()?;
        leaf.items.get(row).map(|(_, value)| value)
    }

    /// Where a row is, or would be, as a number.
    pub(super) fn place_of(&self, key: &K) -> usize {
        self.find(key).unwrap_or_else(|path| path).packed()
    }

    /// What a place says of a key: its row, that there is none, or nothing.
    #[inline]
    pub(super) fn near(&self, key: &K, place: usize) -> Option<Option<&V>> {
        let path = Path::unpacked(place);
        near(&self.branches.get(path.branch)?.items.get(path.leaf)?.items, key, path.row)
    }

    /// [`Self::find`], at a place first.
    #[inline]
    fn find_near(&self, key: &K, place: usize) -> Result<Path, Path> {
        match self.near(key, place) {
            Some(Some(_)) => Ok(Path::unpacked(place)),
            _ => self.find(key),
        }
    }

    /// The row of a key for change, looked for at a place first; copies what is shared.
    pub(super) fn get_mut_near(&mut self, key: &K, place: usize) -> Option<&mut V> {
        let path = self.find_near(key, place).ok()?;
        self.row_mut(path)
    }

    fn row_mut(&mut self, path: Path) -> Option<&mut V> {
        let branch = Arc::make_mut(&mut self.branches).get_mut(path.branch)?;
        let leaf = Arc::make_mut(&mut branch.items).get_mut(path.leaf)?;
        Arc::make_mut(&mut leaf.items).get_mut(path.row).map(|(_, value)| value)
    }

    /// The row of a key, looked for at a place first; made by `default` if there is none.
    pub(super) fn or_insert_near(
        &mut self,
        key: K,
        place: usize,
        default: impl FnOnce() -> V,
    ) -> Option<&mut V> {
        let path = match self.find_near(&key, place) {
            Ok(path) => path,
            Err(path) => {
                let (kept, value) = (key.clone(), default());
                self.add(path, key, value);
                self.find(&kept).ok()?
            }
        };
        self.row_mut(path)
    }

    /// Sets a row and gives back the old one.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(path) => self.row_mut(path).map(|row| std::mem::replace(row, value)),
            Err(path) => {
                self.add(path, key, value);
                None
            }
        }
    }

    /// Adds a row where it belongs.
    fn add(&mut self, path: Path, key: K, value: V) {
        self.len = self.len.saturating_add(1);
        let Some(branch) = self.branches.get(path.branch) else {
            *self = Self::from_sorted(&[(key, value)]);
            return;
        };
        let rows = branch.items.get(path.leaf).map_or(&[][..], |leaf| &leaf.items);
        let rows = with(rows, path.row, (key, value));
        let branches = Arc::make_mut(&mut self.branches);
        let Some(branch) = branches.get_mut(path.branch) else { return };
        refill(&mut branch.items, path.leaf, rows, Self::LEAF_ROWS);
        branch.rank = branch.items.first().map_or(0, |leaf| leaf.rank);
        if branch.items.len() > BRANCH_LEAVES {
            let leaves = Arc::clone(&branch.items);
            refill(&mut self.branches, path.branch, leaves, BRANCH_LEAVES);
        }
    }

    /// Removes a row and gives it back.
    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        let path = self.find(key).ok()?;
        let branch = self.branches.get(path.branch)?;
        let leaf = branch.items.get(path.leaf)?;
        let value = leaf.items.get(path.row).map(|(_, value)| value.clone())?;
        let (mut leaves, rows) = (Arc::clone(&branch.items), without(&leaf.items, path.row));
        shrink(&mut leaves, path.leaf, rows, Self::LEAF_ROWS);
        shrink(&mut self.branches, path.branch, leaves, BRANCH_LEAVES);
        self.len = self.len.saturating_sub(1);
        Some(value)
    }

    /// Rows in order.
    pub(super) fn iter(&self) -> Rows<'_, K, V> {
        self.branches.iter().flat_map(leaves_of as LeavesOf<'_, K, V>).flat_map(rows_of as RowsOf<'_, K, V>)
    }

    /// Rows strictly after a key, in order.
    pub(super) fn after<'a>(&'a self, key: &K) -> impl Iterator<Item = &'a (K, V)> + use<'a, K, V> {
        let path = match self.find(key) {
            Ok(path) => Path { row: path.row.saturating_add(1), ..path },
            Err(path) => path,
        };
        let mut branches = self.branches.iter().skip(path.branch);
        let mut leaves = branches.next().map_or(&[][..], |branch| &branch.items).iter().skip(path.leaf);
        let rows = leaves.next().map_or(&[][..], |leaf| &leaf.items).iter().skip(path.row);
        rows.chain(leaves.flat_map(rows_of))
            .chain(branches.flat_map(|branch| &*branch.items).flat_map(rows_of))
    }

    /// The rows of two trees, in order, but for those in leaves that both share.
    pub(super) fn unshared<'a>(
        &'a self,
        other: &'a Self,
    ) -> (impl Iterator<Item = &'a (K, V)>, impl Iterator<Item = &'a (K, V)>) {
        let (own, others) = apart(self.branches.iter(), other.branches.iter());
        let leaves = |branches: Vec<&'a Branch<K, V>>| branches.into_iter().flat_map(|branch| &*branch.items);
        let (own, others) = apart(leaves(own), leaves(others));
        (own.into_iter().flat_map(rows_of), others.into_iter().flat_map(rows_of))
    }
}

/// Nodes of two sorted lists that are not the same memory. Nodes that are begin with the same rank.
fn apart<'a, T>(
    a: impl Iterator<Item = &'a Node<T>>,
    b: impl Iterator<Item = &'a Node<T>>,
) -> (Vec<&'a Node<T>>, Vec<&'a Node<T>>) {
    let (mut a, mut b) = (a.peekable(), b.peekable());
    let (mut only_a, mut only_b) = (Vec::new(), Vec::new());
    loop {
        let order = match (a.peek(), b.peek()) {
            (None, None) => return (only_a, only_b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.rank.cmp(&b.rank),
        };
        let from_a = if order.is_le() { a.next() } else { None };
        let from_b = if order.is_ge() { b.next() } else { None };
        match (from_a, from_b) {
            (Some(a), Some(b)) if Arc::ptr_eq(&a.items, &b.items) => {}
            (from_a, from_b) => {
                only_a.extend(from_a);
                only_b.extend(from_b);
            }
        }
    }
}

/// Leaves of a [`Tree`] in order.
type Leaves<'a, K, V> =
    FlatMap<slice::Iter<'a, Branch<K, V>>, slice::Iter<'a, Leaf<K, V>>, LeavesOf<'a, K, V>>;
type LeavesOf<'a, K, V> = fn(&'a Branch<K, V>) -> slice::Iter<'a, Leaf<K, V>>;
type RowsOf<'a, K, V> = fn(&'a Leaf<K, V>) -> slice::Iter<'a, (K, V)>;
/// Rows of a [`Tree`] in order.
pub(super) type Rows<'a, K, V> = FlatMap<Leaves<'a, K, V>, slice::Iter<'a, (K, V)>, RowsOf<'a, K, V>>;

fn leaves_of<K, V>(branch: &Branch<K, V>) -> slice::Iter<'_, Leaf<K, V>> {
    branch.items.iter()
}

fn rows_of<K, V>(leaf: &Leaf<K, V>) -> slice::Iter<'_, (K, V)> {
    leaf.items.iter()
}
