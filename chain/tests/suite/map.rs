//! The map of the state against the standard library's, across the size at which an array becomes a tree.

use chain::state::Map;
use parity_scale_codec::{Decode, Encode};
use proptest::prelude::*;
use std::collections::BTreeMap;

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
