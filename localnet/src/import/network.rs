//! A snapshot of a whole network: `{ "stakes": { coldkey: { hotkey: [rao, uid] } }, "balances": { account: rao } }`.

use super::Refusal;
use super::cell::account;
use chain::snapshot::{FORMAT, NeuronSnapshot, Params, Snapshot, SubnetSnapshot};
use chain::units::{AlphaRao, NetUid, Rao};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Network {
    stakes: Entries<Entries<(u64, u16)>>,
    balances: Entries<u64>,
}

/// The entries of a JSON object in their order, those with the same key too.
struct Entries<V>(Vec<(String, V)>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Entries<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for All<V> {
            type Value = Entries<V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object by address")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<V>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(All(PhantomData))
    }
}

/// Reads the text of such a snapshot; its neurons become those of one subnet without a pool, where stake is TAO.
pub(super) fn read(text: &str, netuid: u16) -> Result<Snapshot, Refusal> {
    let network: Network = serde_json::from_str(text)?;
    let mut by_uid: BTreeMap<u16, NeuronSnapshot> = BTreeMap::new();
    let mut hotkeys = BTreeSet::new();
    for (coldkey, stakes) in &network.stakes.0 {
        let path = format!("stakes.{coldkey}");
        let cold = account(coldkey, &path)?;
        for (hotkey, (stake, uid)) in &stakes.0 {
            let path = format!("{path}.{hotkey}");
            let neuron = NeuronSnapshot {
                hotkey: account(hotkey, &path)?,
                coldkey: cold,
                stake: AlphaRao(*stake),
                root_stake: Rao::ZERO,
                validator_permit: false,
                weights: Vec::new(),
                bonds: Vec::new(),
            };
            if !hotkeys.insert(neuron.hotkey) {
                return Err(Refusal::new(path, "this hotkey stands twice"));
            }
            if let Some(other) = by_uid.insert(*uid, neuron) {
                return Err(Refusal::new(
                    format!("{path}[1]"),
                    format!("uid {uid} is taken by {}", other.hotkey),
                ));
            }
        }
    }
    if let Some((expected, _)) = (0..).zip(by_uid.keys()).find(|(expected, uid)| expected != *uid) {
        return Err(Refusal::new(
            "stakes",
            format!("nobody has uid {expected}, though there are higher ones"),
        ));
    }
    let mut accounts = BTreeSet::new();
    let balances = network.balances.0.iter().map(|(text, balance)| {
        let path = format!("balances.{text}");
        let account = account(text, &path)?;
        if !accounts.insert(account) {
            return Err(Refusal::new(path, "this account stands twice"));
        }
        Ok((account, Rao(*balance)))
    });
    let balances = balances.collect::<Result<_, _>>()?;
    let neurons = by_uid.into_values().collect();
    let subnet = SubnetSnapshot {
        netuid: NetUid(netuid),
        owner: None,
        pool: None,
        params: Params::default(),
        neurons,
    };
    Ok(Snapshot { schema: FORMAT, balances, subnets: vec![subnet] })
}
