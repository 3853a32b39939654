//! What the recorded chain's storage holds, kept up block by block, and how ours differs.

use super::difference::{Difference, Kind};
use chain::schema::{self, Item};
use chain::state::State;
use chain::units::NetUid;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// The pallets whose whole storage every scenario records; of `System`, accounts only.
const RECORDED: [&str; 4] = ["SubtensorModule", "Swap", "AlphaAssets", "Balances"];
/// Pallets of which no scenario records any row, besides `System` but for its accounts.
const UNRECORDED: [&str; 3] = ["System", "Timestamp", "TransactionPayment"];

/// An item (by its place in the list) and, for one of subnets, the subnet.
type Group = (usize, Option<NetUid>);
/// Where a row stands: its group, its key, its item.
type Place = (Group, Vec<u8>, &'static Item);

/// Values that a missing row has in the build with fast blocks, where they are others than in production.
///
/// **Source**: the metadata of that build.
const FAST_DEFAULTS: &[(&str, u64)] = &[
    ("SubtensorModule.MaxEpochsPerBlock", 32),
    ("SubtensorModule.NetworkRateLimit", 0),
    ("SubtensorModule.TxChildkeyTakeRateLimit", 5),
    ("SubtensorModule.PendingChildKeyCooldown", 15),
    ("SubtensorModule.ColdkeySwapAnnouncementDelay", 50),
    ("SubtensorModule.ColdkeySwapReannouncementDelay", 10),
];

/// A row in which this chain and the recorded one part.
pub(super) struct Row {
    item: &'static Item,
    key: Vec<u8>,
    recorded: Option<Vec<u8>>,
    /// The difference as it is shown.
    pub(super) difference: Difference,
}

/// The recorded storage so far.
pub(super) struct Expected {
    items: Vec<(&'static Item, Option<Vec<u8>>)>,
    places: BTreeMap<String, usize>,
    rows: BTreeMap<Group, BTreeMap<Vec<u8>, Vec<u8>>>,
    touched: BTreeSet<Group>,
    /// Rows at genesis of items without a place in this chain, by item.
    missing: BTreeMap<String, u64>,
}

impl Expected {
    /// Nothing recorded yet; `whole` when the rows of every pallet are recorded, `fast` when they are of the build with
    /// fast blocks.
    pub(super) fn new(whole: bool, fast: bool) -> Self {
        let recorded = |item: &&Item| {
            item.path() == "System.Account"
                || RECORDED.contains(&item.pallet)
                || whole && !UNRECORDED.contains(&item.pallet)
        };
        let default = |item: &Item| {
            let named = FAST_DEFAULTS.iter().find(|(path, _)| fast && *path == item.path());
            named.map_or_else(|| item.default(), |(_, value)| item.parse_value(&(*value).into()).ok())
        };
        let items: Vec<_> = schema::items().filter(recorded).map(|item| (item, default(item))).collect();
        let places = items.iter().enumerate().map(|(index, (item, _))| (item.path(), index)).collect();
        let (rows, touched, missing) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
        Self { items, places, rows, touched, missing }
    }

    /// Rows at genesis of items without a place in this chain, by item.
    pub(super) fn missing(&self) -> &BTreeMap<String, u64> {
        &self.missing
    }

    /// Forgets which rows the block before changed.
    pub(super) fn next_block(&mut self) {
        self.touched.clear();
    }

    /// Takes over changes of a block; returns those of items without a place in this chain.
    ///
    /// # Errors
    /// A row that cannot be read, and why.
    pub(super) fn apply(
        &mut self,
        set: &Map<String, Json>,
        del: &[String],
        genesis: bool,
    ) -> Result<Vec<Difference>, String> {
        let mut lost = Vec::new();
        for (row, value) in set {
            let named = |error: String| format!("{row}: {error}");
            let Some((group, key, item)) = self.locate(row, genesis).map_err(named)? else {
                lost.push(Difference::new(Kind::Storage, row, value, "no such item in this chain"));
                continue;
            };
            let value = item.parse_value(value).map_err(|error| named(error.to_string()))?;
            self.rows.entry(group).or_default().insert(key, value);
            self.touched.insert(group);
        }
        for row in del {
            let named = |error: String| format!("{row}: {error}");
            let Some((group, key, _)) = self.locate(row, genesis).map_err(named)? else {
                lost.push(Difference::new(Kind::Storage, row, "its removal", "no such item in this chain"));
                continue;
            };
            self.rows.entry(group).or_default().remove(&key);
            self.touched.insert(group);
        }
        Ok(if genesis { Vec::new() } else { lost })
    }

    /// The place of a row such as `AlphaV2[401;301;2]`; `None` for an item without a place in this chain.
    fn locate(&mut self, row: &str, genesis: bool) -> Result<Option<Place>, String> {
        let (path, keys) = match row.split_once('[') {
            Some((path, rest)) => (path, Some(rest.strip_suffix(']').ok_or("its key has no end")?)),
            None => (row, None),
        };
        let (pallet, name) = path.split_once('.').unwrap_or(("SubtensorModule", path));
        let path = format!("{pallet}.{name}");
        let found = self.places.get(&path).and_then(|index| Some((*index, self.items.get(*index)?.0)));
        let Some((index, item)) = found else {
            let strict = RECORDED.contains(&pallet) || UNRECORDED.contains(&pallet);
            if strict && !schema::NOT_MODELLED.iter().any(|entry| entry.0 == pallet && entry.1 == name) {
                return Err("no such item".to_owned());
            }
            if genesis {
                let rows = self.missing.entry(path).or_default();
                *rows = rows.saturating_add(1);
            }
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
    pub(super) fn compare(&self, equal: Option<&State>, now: &State) -> Vec<Row> {
        let mut differing = Vec::new();
        for (index, (item, default)) in self.items.iter().enumerate() {
            for subnet in self.subnets_of(index, item, equal, now) {
                let group = (index, subnet);
                let passed = equal.is_some_and(|before| item.unchanged(before, now, subnet));
                if !passed || self.touched.contains(&group) {
                    self.compare_group(group, item, default.as_ref(), now, &mut differing);
                }
            }
        }
        differing
    }

    /// Sets the rows of a state to what was recorded, as far as they can be set.
    ///
    /// Some can only be set after others, and some follow from others: what still differs afterwards is left.
    pub(super) fn restore(&self, equal: Option<&State>, state: &mut State, differing: Vec<Row>) {
        let mut left = differing;
        for _ in 0..3 {
            let count = left.len();
            for row in &left {
                let value = row.recorded.as_deref();
                if row.item.set(state, &row.key, value).is_err() && value.is_none() {
                    let default = row.item.default();
                    let _refused = row.item.set(state, &row.key, default.as_deref());
                }
            }
            left = self.compare(equal, state);
            if left.is_empty() || left.len() >= count {
                break;
            }
        }
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
        item: &'static Item,
        default: Option<&Vec<u8>>,
        now: &State,
        differing: &mut Vec<Row>,
    ) {
        let none = BTreeMap::new();
        let theirs = self.rows.get(&group).unwrap_or(&none);
        let mut seen = BTreeSet::new();
        let mut check = |key: &[u8], recorded: Option<&Vec<u8>>, got: Option<&Vec<u8>>| {
            if recorded.or(default) != got.or(default) {
                let print = |value: Option<&Vec<u8>>| match value.map(|value| item.print_value(value)) {
                    None => "nothing".to_owned(),
                    Some(Ok(json)) => json.to_string(),
                    Some(Err(error)) => error.to_string(),
                };
                let (expected, got) = (print(recorded.or(default)), print(got.or(default)));
                let difference = Difference::new(Kind::Storage, item.row_name(key), expected, got);
                differing.push(Row { item, key: key.to_vec(), recorded: recorded.cloned(), difference });
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
