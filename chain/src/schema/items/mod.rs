//! The items, by what they are about.

mod chain_wide;
mod commitments;
mod crowdloan;
mod drand;
mod hyperparams;
mod keys;
mod multisig;
mod neurons;
mod pool;
mod proxy;
mod services;
mod stake;
mod subnet;

use super::Item;
use super::value::StorageValue;
use crate::state::{Key, Map};

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
        drand::ITEMS,
        commitments::ITEMS,
        crowdloan::ITEMS,
        proxy::ITEMS,
        services::ITEMS,
        multisig::ITEMS,
    ]
    .into_iter()
    .flatten()
}

/// The item of these names.
#[must_use]
pub fn lookup(pallet: &str, item: &str) -> Option<&'static Item> {
    items().find(|candidate| candidate.pallet == pallet && candidate.name == item)
}

/// Items of the real chain without a place in the state: pallet, item, and which part of the chain that is not
/// modelled, or that was given up, they belong to. None of them changes in any recorded scenario.
pub const NOT_MODELLED: &[(&str, &str, &str)] = &[
    (SUBTENSOR, "Alpha", BEFORE_SAFE_FLOAT),
    (SUBTENSOR, "AlphaMapLastKey", BEFORE_SAFE_FLOAT),
    (SUBTENSOR, "AssociatedEvmAddress", "the EVM is not modelled"),
    (SUBTENSOR, "CRV3WeightCommits", OLD_COMMITS),
    (SUBTENSOR, "CRV3WeightCommitsV2", OLD_COMMITS),
    (SUBTENSOR, "HasMigrationRun", MIGRATIONS),
    (SUBTENSOR, "LastHotkeyEmissionOnNetuid", UNUSED),
    (SUBTENSOR, "LoadedEmission", UNUSED),
    (SUBTENSOR, "NextStakeJobId", UNUSED),
    (SUBTENSOR, "ScalingLawPower", UNUSED),
    (SUBTENSOR, "TotalHotkeyShares", BEFORE_SAFE_FLOAT),
    (SUBTENSOR, "ValidatorPruneLen", UNUSED),
    (SWAP, "HasMigrationRun", MIGRATIONS),
    (SWAP, "ScrapReservoirAlpha", UNUSED),
    ("Balances", "Account", "unused: balances lie in System.Account"),
    ("Balances", "Freezes", HOLDS),
    ("Balances", "InactiveIssuance", UNUSED),
    ("Balances", "Locks", HOLDS),
    ("Balances", "Reserves", HOLDS),
];
const BEFORE_SAFE_FLOAT: &str = "retired: shares of earlier versions; a new chain has none";
const OLD_COMMITS: &str = "retired: commits of earlier versions; a new chain has none";
const MIGRATIONS: &str = "migrations of earlier versions: a new chain runs none";
const UNUSED: &str = "retired: no rule reads or writes it";
const HOLDS: &str = "contracts are not modelled; nothing else freezes, locks or reserves TAO by name";

/// Sets or removes a row of a map.
fn put<K: Key, V: StorageValue>(map: &mut Map<K, V>, key: K, value: Option<V>) {
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
