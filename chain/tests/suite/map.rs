//! The map of the state against the standard library's, across the size at which an array becomes a tree.

use chain::state::{Key, Map};
use parity_scale_codec::{Decode, Encode};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Bound;
use std::sync::Arc;

/// So large that a handful of rows fills an array.
type Value = (u16, [u64; 400]);

#[derive(Clone, Debug)]
enum Step {
    Insert(u8, u16),
    Remove(u8),
    Change(u8, u16),
    Make(u8, u16),
    Snapshot,
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0u8..24, any::<u16>()).prop_map(|(key, value)| Step::Insert(key, value)),
        4 => (0u8..24).prop_map(Step::Remove),
        3 => (0u8..24, any::<u16>()).prop_map(|(key, value)| Step::Change(key, value)),
        3 => (0u8..24, any::<u16>()).prop_map(|(key, value)| Step::Make(key, value)),
        1 => Just(Step::Snapshot),
        1 => Just(Step::Clear),
    ]
}

fn value(number: u16) -> Value {
    (number, [number.into(); 400])
}

fn agree(map: &Map<u8, Value>, model: &BTreeMap<u8, Value>) -> Result<(), TestCaseError> {
    prop_assert!(map.iter().eq(model.iter()));
    prop_assert!(map.iter().rev().eq(model.iter().rev()));
    prop_assert!(map.keys().eq(model.keys()) && map.values().eq(model.values()));
    prop_assert_eq!((map.len(), map.is_empty()), (model.len(), model.is_empty()));
    for key in 0..25 {
        prop_assert_eq!(map.get(&key), model.get(&key));
        prop_assert_eq!(map.get_near(&key, key.into()), model.get(&key));
        prop_assert_eq!(map.contains_key(&key), model.contains_key(&key));
        prop_assert!(map.after(&key).eq(model.range(key + 1..)));
    }
    let again: Map<u8, Value> = model.iter().map(|(key, value)| (*key, *value)).collect();
    prop_assert!(*map == again && map.encode() == again.encode());
    let sorted = Map::from_sorted(model.iter().map(|(key, value)| (*key, *value)).collect());
    prop_assert!(*map == sorted);
    prop_assert!(Map::decode(&mut &map.encode()[..]).is_ok_and(|decoded: Map<u8, Value>| decoded == *map));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_map_is_a_sorted_map(steps in prop::collection::vec(step(), 0..60)) {
        let (mut map, mut model) = (Map::<u8, Value>::new(), BTreeMap::new());
        let mut snapshots = Vec::new();
        for step in steps {
            match step {
                Step::Insert(key, number) => {
                    prop_assert_eq!(map.insert(key, value(number)), model.insert(key, value(number)));
                }
                Step::Remove(key) => prop_assert_eq!(map.remove(&key), model.remove(&key)),
                Step::Change(key, number) => {
                    let changed = map.get_mut_near(&key, usize::from(number % 24)).map(|row| *row = value(number));
                    prop_assert_eq!(changed, model.get_mut(&key).map(|row| *row = value(number)));
                }
                Step::Make(key, number) => {
                    let made = *map.or_insert_with(key, || value(number));
                    prop_assert_eq!(made, *model.entry(key).or_insert_with(|| value(number)));
                }
                Step::Snapshot => snapshots.push((map.clone(), model.clone())),
                Step::Clear => {
                    map.clear();
                    model.clear();
                }
            }
            agree(&map, &model)?;
        }
        for (map, model) in &snapshots {
            agree(map, model)?;
        }
    }
}

#[test]
fn a_map_with_rows_out_of_order_is_not_decoded() {
    let encoded = |pairs: &[(u8, u8)]| {
        let mut bytes = (pairs.len() as u64).encode();
        pairs.iter().for_each(|pair| pair.encode_to(&mut bytes));
        bytes
    };
    assert!(Map::<u8, u8>::decode(&mut &encoded(&[(1, 0), (2, 0)])[..]).is_ok());
    for wrong in [[(2, 0), (1, 0)], [(1, 0), (1, 1)]] {
        assert!(Map::<u8, u8>::decode(&mut &encoded(&wrong)[..]).is_err());
    }
}

#[test]
fn changes_are_what_differs_in_key_order_whatever_the_maps_are_made_of() {
    // A few rows lie in an array, many in a tree.
    for count in [0_u64, 3, 5_000] {
        let old: Map<u64, u64> = (0..count).map(|key| (key * 2, key)).collect();
        let mut new = old.clone();
        assert_eq!(new.changes_since(&old), []);
        new.insert(1, 7);
        new.insert(u64::MAX, 8);
        assert_eq!(new.changes_since(&old), [(&1, None, Some(&7)), (&u64::MAX, None, Some(&8))]);
        assert_eq!(old.changes_since(&new), [(&1, Some(&7), None), (&u64::MAX, Some(&8), None)]);
        let rebuilt: Map<u64, u64> = new.iter().map(|(key, value)| (*key, *value)).collect();
        assert_eq!(rebuilt.changes_since(&new), []);
    }
    let few: Map<u64, u64> = (0..3).map(|key| (key, 0)).collect();
    let many: Map<u64, u64> = (0..5_000).map(|key| (key, u64::from(key == 1))).collect();
    let changes = many.changes_since(&few);
    assert_eq!((changes.len(), changes[0]), (4_998, (&1, Some(&0), Some(&1))));
}

/// Seven keys share a rank, so that ranks alone never find a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Tied(u16);

impl Key for Tied {
    fn rank(&self) -> u64 {
        u64::from(self.0 / 7)
    }
}

/// So large that an array holds 15 rows, a leaf 8 and a branch 192: a thousand rows are a tree of many branches.
type Row = (u16, [u64; 128]);
const KEYS: u16 = 1_000;

fn row(number: u16) -> Row {
    (number, [number.into(); 128])
}

/// What happens to a large map. Runs of keys make leaves and branches split, join and vanish.
#[derive(Clone, Debug)]
enum Deed {
    Insert(u16, u16),
    Change(u16, u16),
    Make(u16, u16),
    Remove(u16),
    Fill(u16, u16),
    Merge(u16, u16),
    Empty(u16, u16),
    Keep,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0..KEYS, any::<u16>()).prop_map(|(key, number)| Deed::Insert(key, number)),
        3 => (0..KEYS, any::<u16>()).prop_map(|(key, number)| Deed::Change(key, number)),
        2 => (0..KEYS, any::<u16>()).prop_map(|(key, number)| Deed::Make(key, number)),
        4 => (0..KEYS).prop_map(Deed::Remove),
        3 => (0..KEYS, 0_u16..400).prop_map(|(from, count)| Deed::Fill(from, count)),
        2 => (0..KEYS, 0_u16..40).prop_map(|(from, count)| Deed::Merge(from, count)),
        3 => (0..KEYS, 0_u16..400).prop_map(|(from, count)| Deed::Empty(from, count)),
        2 => Just(Deed::Keep),
    ]
}

fn play<K: Key + fmt::Debug>(
    map: &mut Map<K, Row>,
    model: &mut BTreeMap<K, Row>,
    deed: &Deed,
    key: fn(u16) -> K,
) -> Result<(), TestCaseError> {
    match *deed {
        Deed::Insert(at, number) => {
            prop_assert_eq!(map.insert(key(at), row(number)), model.insert(key(at), row(number)));
        }
        Deed::Change(at, number) => {
            let place = map.place_of(&key(number % KEYS));
            let changed = map.get_mut_near(&key(at), place).map(|held| *held = row(number));
            prop_assert_eq!(changed, model.get_mut(&key(at)).map(|held| *held = row(number)));
        }
        Deed::Make(at, number) => {
            let place = map.place_of(&key(number % KEYS));
            let made = *map.or_insert_near(key(at), place, || row(number));
            prop_assert_eq!(made, *model.entry(key(at)).or_insert_with(|| row(number)));
        }
        Deed::Remove(at) => prop_assert_eq!(map.remove(&key(at)), model.remove(&key(at))),
        Deed::Fill(from, count) => {
            for at in from..from.saturating_add(count).min(KEYS) {
                prop_assert_eq!(map.insert(key(at), row(at)), model.insert(key(at), row(at)));
            }
        }
        Deed::Merge(from, count) => {
            let keys = (from..from.saturating_add(count).min(KEYS)).filter(|at| at % 3 != 0);
            let rows: Vec<_> = keys.map(|at| (key(at), row(at))).collect();
            map.merge(rows.clone());
            model.extend(rows);
        }
        Deed::Empty(from, count) => {
            for at in from..from.saturating_add(count).min(KEYS) {
                prop_assert_eq!(map.remove(&key(at)), model.remove(&key(at)));
            }
        }
        Deed::Keep => {}
    }
    Ok(())
}

/// All that can be read of a large map.
fn read_alike<K: Key + fmt::Debug>(
    map: &Map<K, Row>,
    model: &BTreeMap<K, Row>,
    key: fn(u16) -> K,
) -> Result<(), TestCaseError> {
    prop_assert!(map.iter().eq(model.iter()));
    prop_assert!(map.iter().rev().eq(model.iter().rev()));
    prop_assert_eq!((map.len(), map.is_empty()), (model.len(), model.is_empty()));
    for at in 0..=KEYS {
        let key = key(at);
        prop_assert_eq!(map.get(&key), model.get(&key));
        prop_assert_eq!(map.get_near(&key, at.into()), model.get(&key));
        prop_assert_eq!(map.get_near(&key, map.place_of(&key)), model.get(&key));
        let mut place = usize::from(at);
        prop_assert_eq!(map.look_up(&key, &mut place), model.get(&key));
        prop_assert!(map.is_empty() || place == map.place_of(&key));
        prop_assert_eq!(map.look_up(&key, &mut place), model.get(&key));
        let behind = model.range((Bound::Excluded(&key), Bound::Unbounded));
        prop_assert!(map.after(&key).take(20).eq(behind.take(20)));
    }
    // From both ends at once, until they meet.
    let (mut rows, mut known) = (map.iter(), model.iter());
    for turn in 0..=model.len() {
        let ends =
            if turn % 3 == 0 { (rows.next_back(), known.next_back()) } else { (rows.next(), known.next()) };
        prop_assert_eq!(ends.0, ends.1);
    }
    let rebuilt: Map<K, Row> = Map::from_sorted(model.iter().map(|(key, row)| (key.clone(), *row)).collect());
    prop_assert!(*map == rebuilt && map.changes_since(&rebuilt).is_empty());
    Ok(())
}

/// A map that goes through everything, with copies kept on the way: each stays what it was when it was kept, and what
/// differs between two is what differs between their models.
fn lives<K: Key + fmt::Debug>(deeds: &[Deed], key: fn(u16) -> K) -> Result<(), TestCaseError> {
    let (mut map, mut model) = (Map::new(), BTreeMap::new());
    let mut kept = Vec::new();
    for deed in deeds {
        play(&mut map, &mut model, deed, key)?;
        if matches!(deed, Deed::Keep) {
            kept.push((map.clone(), model.clone()));
            read_alike(&map, &model, key)?;
        }
    }
    read_alike(&map, &model, key)?;
    for (early, was) in &kept {
        read_alike(early, was, key)?;
        let keys: BTreeSet<&K> = was.keys().chain(model.keys()).collect();
        let differs =
            keys.into_iter().map(|key| (key, was.get(key), model.get(key))).filter(|(_, a, b)| a != b);
        prop_assert_eq!(map.changes_since(early), differs.collect::<Vec<_>>());
        prop_assert_eq!(map == *early, *was == model);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_tree_of_many_branches_is_a_sorted_map(deeds in prop::collection::vec(deed(), 0..60)) {
        lives(&deeds, u64::from)?;
    }
    #[test]
    fn keys_of_one_rank_are_told_apart(deeds in prop::collection::vec(deed(), 0..60)) {
        lives(&deeds, Tied)?;
    }
}

#[test]
fn all_keys_of_one_rank_fill_many_branches() {
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    struct Same(u16);
    impl Key for Same {
        fn rank(&self) -> u64 {
            7
        }
    }
    let deeds = [Deed::Fill(1, 999), Deed::Keep, Deed::Empty(200, 600), Deed::Keep, Deed::Fill(0, 500)];
    assert!(lives(&deeds, Same).is_ok());
}

#[test]
fn a_copy_is_not_touched_by_what_is_written_to_the_other() {
    let first: Map<u64, Arc<Row>> = (0..1_000).map(|key| (key, Arc::new(row(1)))).collect();
    let mut second = first.clone();
    Arc::make_mut(second.or_insert_with(500, || unreachable!())).0 = 2;
    second.remove(&0);
    second.insert(1_000, Arc::new(row(3)));
    assert_eq!((first.len(), first.get(&500).map(|row| row.0)), (1_000, Some(1)));
    assert_eq!((second.len(), second.get(&500).map(|row| row.0)), (1_000, Some(2)));
    assert!(first.contains_key(&0) && !first.contains_key(&1_000));
    // What neither touched is the same memory.
    let shared = |key| first.get(&key).zip(second.get(&key)).is_some_and(|(a, b)| Arc::ptr_eq(a, b));
    assert!(shared(400) && shared(999) && !shared(500));
    let touched: Vec<u64> = second.changes_since(&first).iter().map(|(key, ..)| **key).collect();
    assert_eq!(touched, [0, 500, 1_000]);
}
