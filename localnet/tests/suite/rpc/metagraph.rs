//! Every column of a metagraph is the storage item of its name, on a chain where no two of them are alike.

use super::client::Client;
use super::node::{Node, Setup, storage_key, unhex};
use chain::account::AccountId;
use chain::types::AxonInfo;
use localnet::metagraph::{Metagraph, Neuron};
use parity_scale_codec::{Decode, DecodeAll as _};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fmt::Debug;

/// Enough for bonds, dividends and several epochs.
const BLOCKS: u64 = 120;
const NETUID: u16 = 1;

/// The value of an item of the pallet; its type's default where none is stored.
#[track_caller]
fn read<T: Decode + Default>(client: &mut Client, item: &str, parts: &[Json]) -> T {
    match client.ok("state_getStorage", json!([storage_key("SubtensorModule", item, parts)])) {
        Json::Null => T::default(),
        value => T::decode_all(&mut unhex(value.as_str().unwrap()).as_slice())
            .unwrap_or_else(|why| panic!("{item}: {why}: {value}")),
    }
}

/// Holds a column to its item, and gives it as words. Several of its cells differ, so it is no other column.
#[track_caller]
fn column<T: Decode + Default + PartialEq + Debug>(
    client: &mut Client,
    graph: &Metagraph,
    item: &str,
    cell: impl Fn(&Neuron) -> T,
) -> String {
    let stored: Vec<T> = read(client, item, &[json!(NETUID)]);
    let shown: Vec<T> = graph.neurons.iter().map(cell).collect();
    assert_eq!(shown, stored, "{item}");
    let words: BTreeSet<String> = shown.iter().map(|cell| format!("{cell:?}")).collect();
    assert!(words.len() > 1, "{item} says nothing: {shown:?}");
    format!("{shown:?}")
}

fn grown() -> (Node, Client, Metagraph) {
    let node = Node::start(Setup { scenario: Some("hello-market"), seed: 42, ..Setup::default() });
    let mut client = node.client();
    client.ok("localnet_mine", json!([BLOCKS]));
    let graph = serde_json::from_value(client.ok("localnet_metagraph", json!([NETUID]))).unwrap();
    (node, client, graph)
}

#[test]
fn every_column_is_the_storage_item_of_its_name() {
    let (_node, mut client, graph) = grown();
    let client = &mut client;
    let columns = [
        column(client, &graph, "Consensus", |neuron| neuron.consensus),
        column(client, &graph, "Incentive", |neuron| neuron.incentive),
        column(client, &graph, "Dividends", |neuron| neuron.dividends),
        column(client, &graph, "ValidatorTrust", |neuron| neuron.vtrust),
        column(client, &graph, "Emission", |neuron| neuron.emission_rao),
        column(client, &graph, "LastUpdate", |neuron| neuron.last_update),
    ];
    let alike: BTreeSet<_> = columns.iter().collect();
    assert_eq!(alike.len(), columns.len(), "no two are the same: {columns:?}");
    let permits: Vec<bool> = read(client, "ValidatorPermit", &[json!(NETUID)]);
    assert_eq!(graph.neurons.iter().map(|neuron| neuron.validator_permit).collect::<Vec<_>>(), permits);
    let active: Vec<bool> = read(client, "Active", &[json!(NETUID)]);
    assert_eq!(graph.neurons.iter().map(|neuron| neuron.active).collect::<Vec<_>>(), active);
}

#[test]
fn weights_and_bonds_are_rows_of_their_own() {
    let (_node, mut client, graph) = grown();
    let (mut weighs, mut bonded) = (0, 0);
    for neuron in &graph.neurons {
        let at = [json!(NETUID), json!(neuron.uid)];
        let weights: Vec<(u16, u16)> = read(&mut client, "Weights", &at);
        let bonds: Vec<(u16, u16)> = read(&mut client, "Bonds", &at);
        assert_eq!((&neuron.weights, &neuron.bonds), (&weights, &bonds), "uid {}", neuron.uid);
        weighs += usize::from(!weights.is_empty());
        bonded += usize::from(!bonds.is_empty() && bonds != weights);
    }
    assert!(weighs > 1 && bonded > 1, "{graph:?}");
}

#[test]
fn who_a_neuron_is_and_what_the_subnet_holds() {
    let (_node, mut client, graph) = grown();
    let client = &mut client;
    assert_eq!((graph.netuid, graph.block), (NETUID, BLOCKS));
    assert_eq!(graph.neurons.len(), usize::from(read::<u16>(client, "SubnetworkN", &[json!(NETUID)])));
    for (uid, neuron) in (0_u16..).zip(&graph.neurons) {
        assert_eq!(neuron.uid, uid);
        let hotkey: AccountId = read(client, "Keys", &[json!(NETUID), json!(uid)]);
        assert_eq!(neuron.hotkey, hotkey.to_ss58());
        let coldkey: AccountId = read(client, "Owner", &[json!(neuron.hotkey)]);
        assert_eq!(neuron.coldkey, coldkey.to_ss58());
        let born: u64 = read(client, "BlockAtRegistration", &[json!(NETUID), json!(uid)]);
        assert_eq!(neuron.block_at_registration, born);
        let axon: AxonInfo = read(client, "Axons", &[json!(NETUID), json!(neuron.hotkey)]);
        assert_eq!(neuron.axon.is_some(), axon.port != 0, "{axon:?}");
        let mut stake =
            |netuid: u16| -> u64 { read(client, "TotalHotkeyAlpha", &[json!(neuron.hotkey), json!(netuid)]) };
        assert_eq!((neuron.alpha_stake_rao, neuron.tao_stake_rao), (stake(NETUID), stake(0)), "uid {uid}");
        assert!(neuron.total_stake_rao >= neuron.alpha_stake_rao, "uid {uid}");
    }
    let pool: [u64; 3] =
        ["SubnetTAO", "SubnetAlphaIn", "SubnetAlphaOut"].map(|item| read(client, item, &[json!(NETUID)]));
    assert_eq!([graph.tao_in_rao, graph.alpha_in_rao, graph.alpha_out_rao], pool);
    assert!(pool.iter().all(|rao| *rao > 0) && pool[0] != pool[1] && pool[1] != pool[2], "{pool:?}");
    assert_eq!(graph.tempo, read::<u16>(client, "Tempo", &[json!(NETUID)]));
    let symbol: Vec<u8> = read(client, "TokenSymbol", &[json!(NETUID)]);
    assert_eq!(graph.symbol.as_bytes(), symbol);
    let owner: AccountId = read(client, "SubnetOwner", &[json!(NETUID)]);
    let hotkey: AccountId = read(client, "SubnetOwnerHotkey", &[json!(NETUID)]);
    assert_eq!((graph.owner_coldkey, graph.owner_hotkey), (owner.to_ss58(), hotkey.to_ss58()));
}
