//! The items, by what they are about.

mod chain_wide;
mod hyperparams;
mod keys;
mod neurons;
mod pool;
mod stake;
mod subnet;

use super::Item;
use super::value::StorageValue;
use crate::state::Map;

/// The pallet of most items.
pub(super) const SUBTENSOR: &str = "SubtensorModule";
/// The pallet of the pools.
const SWAP: &str = "Swap";
/// The pallet of alpha issuance.
const ALPHA_ASSETS: &str = "AlphaAssets";

/// Every item, group by group.
pub fn items() -> impl Iterator<Item = &'static Item> {
    [
        chain_wide::ITEMS,
        hyperparams::ITEMS,
        pool::ITEMS,
        subnet::ITEMS,
        neurons::ITEMS,
        stake::ITEMS,
        keys::ITEMS,
    ]
    .into_iter()
    .flatten()
}

/// The item of these names.
#[must_use]
pub fn lookup(pallet: &str, item: &str) -> Option<&'static Item> {
    items().find(|candidate| candidate.pallet == pallet && candidate.name == item)
}

/// Items of the real chain without a place in the state: pallet, item, why.
pub const NOT_MODELLED: &[(&str, &str, &str)] = &[
    (SUBTENSOR, "AccumulatedLeaseDividends", LEASES),
    (SUBTENSOR, "Alpha", BEFORE_SAFE_FLOAT),
    (SUBTENSOR, "AlphaMapLastKey", BEFORE_SAFE_FLOAT),
    (SUBTENSOR, "AssociatedEvmAddress", "there is no EVM"),
    (SUBTENSOR, "CRV3WeightCommits", OLD_COMMITS),
    (SUBTENSOR, "CRV3WeightCommitsV2", OLD_COMMITS),
    (SUBTENSOR, "HasMigrationRun", MIGRATIONS),
    (SUBTENSOR, "LastHotkeyEmissionOnNetuid", UNUSED),
    (SUBTENSOR, "LoadedEmission", UNUSED),
    (SUBTENSOR, "NextStakeJobId", UNUSED),
    (SUBTENSOR, "NextSubnetLeaseId", LEASES),
    (SUBTENSOR, "ScalingLawPower", UNUSED),
    (SUBTENSOR, "SubnetLeaseShares", LEASES),
    (SUBTENSOR, "SubnetLeases", LEASES),
    (SUBTENSOR, "SubnetUidToLeaseId", LEASES),
    (SUBTENSOR, "TotalHotkeyShares", BEFORE_SAFE_FLOAT),
    (SUBTENSOR, "UsedWork", "proof of work registers nobody any more"),
    (SUBTENSOR, "ValidatorPruneLen", UNUSED),
    (SWAP, "HasMigrationRun", MIGRATIONS),
    (SWAP, "ScrapReservoirAlpha", UNUSED),
    ("Balances", "Account", "balances lie in System.Account"),
    ("Balances", "Freezes", HOLDS),
    ("Balances", "Holds", HOLDS),
    ("Balances", "InactiveIssuance", UNUSED),
    ("Balances", "Locks", HOLDS),
    ("Balances", "Reserves", HOLDS),
];
const LEASES: &str = "there are no leased subnets";
const BEFORE_SAFE_FLOAT: &str = "shares of earlier versions; a new chain has none";
const OLD_COMMITS: &str = "commits of earlier versions; a new chain has none";
const MIGRATIONS: &str = "a new chain migrates nothing";
const UNUSED: &str = "no rule reads it";
const HOLDS: &str = "nothing holds, freezes or reserves TAO";

/// Sets or removes a row of a map.
fn put<K: Ord + Clone, V: StorageValue>(map: &mut Map<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    };
}

/// What an item says that follows from another.
const FOLLOWS: &str = "it follows from other items";

/// A row, unless it says what an absent row says.
fn unless_default<V: PartialEq>(value: V, default: &V) -> Option<V> {
    (value != *default).then_some(value)
}
