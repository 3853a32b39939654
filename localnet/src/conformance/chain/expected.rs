//! What the recorded chain's storage holds, kept up block by block, and how ours differs.

use chain::schema::{self, Item};
use chain::state::State;
use chain::units::NetUid;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// The pallets whose whole storage the vectors record; of `System`, accounts only.
const RECORDED: [&str; 4] = ["SubtensorModule", "Swap", "AlphaAssets", "Balances"];

/// An item (by its place in the list) and, for one of subnets, the subnet.
type Group = (usize, Option<NetUid>);
/// Where a row stands: its group, its key, its item.
type Place = (Group, Vec<u8>, &'static Item);

/// Where this chain and the recorded one part.
#[derive(Debug)]
pub(super) struct Difference {
    /// `Item[keys]`, `result`, `events` or the name of a derived value.
    pub(super) what: String,
    /// What was recorded.
    pub(super) expected: String,
    /// What this chain has.
    pub(super) got: String,
}

impl Difference {
    /// A difference of two printed values.
    pub(super) fn new(what: impl Into<String>, expected: impl ToString, got: impl ToString) -> Self {
        Self { what: what.into(), expected: expected.to_string(), got: got.to_string() }
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: expected {}, got {}", self.what, self.expected, self.got)
    }
}

/// How often a file names an item that this chain has no place for.
#[derive(Debug, Default)]
pub(super) struct Missing {
    /// Rows of genesis.
    pub(super) rows: u64,
    /// Changes after genesis.
    pub(super) changes: u64,
}

/// The recorded storage so far.
pub(super) struct Expected {
    items: Vec<(&'static Item, Option<Vec<u8>>)>,
    rows: BTreeMap<Group, BTreeMap<Vec<u8>, Vec<u8>>>,
    touched: BTreeSet<Group>,
    missing: BTreeMap<String, Missing>,
}

impl Expected {
    /// Nothing recorded yet.
    pub(super) fn new() -> Self {
        let recorded = |item: &&Item| RECORDED.contains(&item.pallet) || item.path() == "System.Account";
        let items = schema::items().filter(recorded).map(|item| (item, item.default())).collect();
        Self { items, rows: BTreeMap::new(), touched: BTreeSet::new(), missing: BTreeMap::new() }
    }

    /// Items that this chain has no place for, by name.
    pub(super) fn missing(&self) -> &BTreeMap<String, Missing> {
        &self.missing
    }

    /// Takes over the changes of a block.
    ///
    /// Fails for a row that cannot be read; says which.
    pub(super) fn apply(
        &mut self,
        set: &Map<String, Json>,
        del: &[String],
        genesis: bool,
    ) -> Result<(), String> {
        self.touched.clear();
        for (row, value) in set {
            let named = |error: String| format!("{row}: {error}");
            let Some((group, key, item)) = self.locate(row, genesis).map_err(named)? else { continue };
            let value = item.parse_value(value).map_err(|error| named(error.to_string()))?;
            self.rows.entry(group).or_default().insert(key, value);
            self.touched.insert(group);
        }
        for row in del {
            let named = |error: String| format!("{row}: {error}");
            let Some((group, key, _)) = self.locate(row, genesis).map_err(named)? else { continue };
            self.rows.entry(group).or_default().remove(&key);
            self.touched.insert(group);
        }
        Ok(())
    }

    /// The place of a row such as `AlphaV2[401;301;2]`; `None` for an item without a place in this chain.
    fn locate(&mut self, row: &str, genesis: bool) -> Result<Option<Place>, String> {
        let (path, keys) = match row.split_once('[') {
            Some((path, rest)) => (path, Some(rest.strip_suffix(']').ok_or("its key has no end")?)),
            None => (row, None),
        };
        let (pallet, name) = path.split_once('.').unwrap_or(("SubtensorModule", path));
        let found = self.items.iter().position(|(item, _)| item.pallet == pallet && item.name == name);
        let Some((index, item)) = found.and_then(|index| Some((index, self.items.get(index)?.0))) else {
            if !schema::NOT_MODELLED.iter().any(|entry| entry.0 == pallet && entry.1 == name) {
                return Err("no such item".to_owned());
            }
            let missing = self.missing.entry(format!("{pallet}.{name}")).or_default();
            let count = if genesis { &mut missing.rows } else { &mut missing.changes };
            *count = count.saturating_add(1);
            return Ok(None);
        };
        let parts: Vec<Json> =
            keys.map(|keys| keys.split(';').map(schema::part_of_text).collect()).unwrap_or_default();
        let key = item.parse_key(&parts).map_err(|error| error.to_string())?;
        let subnet = item.subnet_of(&key).map_err(|error| error.to_string())?;
        Ok(Some(((index, subnet), key, item)))
    }

    /// Every row in which our storage differs from the recorded one, in either direction.
    ///
    /// With the state of a block that was equal, what cannot have changed since on either side is passed over.
    pub(super) fn compare(&self, equal: Option<&State>, now: &State) -> Vec<Difference> {
        let mut differences = Vec::new();
        for (index, (item, default)) in self.items.iter().enumerate() {
            for subnet in self.subnets_of(index, item, equal, now) {
                let group = (index, subnet);
                let passed = equal.is_some_and(|before| item.unchanged(before, now, subnet));
                if !passed || self.touched.contains(&group) {
                    self.compare_group(group, item, default.as_ref(), now, &mut differences);
                }
            }
        }
        differences
    }

    fn subnets_of(
        &self,
        index: usize,
        item: &Item,
        equal: Option<&State>,
        now: &State,
    ) -> BTreeSet<Option<NetUid>> {
        if !item.of_subnet() {
            return BTreeSet::from([None]);
        }
        let ours = now.subnets.keys().chain(equal.iter().flat_map(|state| state.subnets.keys()));
        let theirs =
            self.rows.range((index, None)..(index.saturating_add(1), None)).map(|((_, subnet), _)| *subnet);
        ours.map(|netuid| Some(*netuid)).chain(theirs).collect()
    }

    fn compare_group(
        &self,
        group: Group,
        item: &Item,
        default: Option<&Vec<u8>>,
        now: &State,
        differences: &mut Vec<Difference>,
    ) {
        let none = BTreeMap::new();
        let theirs = self.rows.get(&group).unwrap_or(&none);
        let mut seen = BTreeSet::new();
        let mut check = |key: &[u8], expected: Option<&Vec<u8>>, got: Option<&Vec<u8>>| {
            if expected.or(default) != got.or(default) {
                let print = |value: Option<&Vec<u8>>| match value.map(|value| item.print_value(value)) {
                    None => "nothing".to_owned(),
                    Some(Ok(json)) => json.to_string(),
                    Some(Err(error)) => error.to_string(),
                };
                let (expected, got) = (print(expected.or(default)), print(got.or(default)));
                differences.push(Difference::new(item.row_name(key), expected, got));
            }
        };
        item.each_row(now, group.1, &mut |(key, value)| {
            check(&key, theirs.get(&key), Some(&value));
            seen.insert(key);
        });
        for (key, value) in theirs.iter().filter(|(key, _)| !seen.contains(*key)) {
            check(key, Some(value), None);
        }
    }
}
