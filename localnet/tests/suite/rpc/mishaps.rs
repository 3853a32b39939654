//! What a developer lets go wrong between participants, and what the metagraph shows of it.

use super::client::Client;
use super::node::{Node, Setup, height, still_seals};
use localnet::metagraph::Metagraph;
use serde_json::{Value as Json, json};
use std::path::PathBuf;

const BLOCKS: u64 = 60;

fn market(store: Option<PathBuf>, overrides: &[&'static str]) -> Node {
    Node::start(Setup {
        store,
        scenario: Some("hello-market"),
        seed: 42,
        overrides: overrides.to_vec(),
        ..Setup::default()
    })
}

fn metagraph(client: &mut Client) -> Metagraph {
    serde_json::from_value(client.ok("localnet_metagraph", json!([1]))).unwrap()
}

/// Incentive of each miner of the cast by name, after so many blocks with this mishap at block 1.
fn incentives(mishap: Option<Json>) -> Vec<(String, u16)> {
    let node = market(None, &["chain.on_crash=retire"]);
    let mut client = node.client();
    match mishap {
        Some(mishap) => drop(client.ok("localnet_injectFault", json!([mishap]))),
        None => drop(client.ok("localnet_mine", json!([1]))),
    }
    client.ok("localnet_mine", json!([BLOCKS - 1]));
    assert_eq!(height(&mut client), BLOCKS);
    let neurons = metagraph(&mut client).neurons;
    let cast = client.ok("localnet_nodeInfo", json!([]))["cast"].as_array().unwrap().clone();
    let incentive = |member: &Json| {
        let neuron = neurons.iter().find(|neuron| member["hotkey"] == *neuron.hotkey)?;
        Some((member["name"].as_str().unwrap().to_owned(), neuron.incentive))
    };
    cast.iter().filter_map(incentive).collect()
}

/// Who never came onto the subnet has no share.
fn share_of(rows: &[(String, u16)], name: &str) -> u16 {
    rows.iter().find(|(other, _)| *other == name).map_or(0, |(_, share)| *share)
}

#[test]
fn who_is_cut_off_earns_nothing() {
    let plain = incentives(None);
    assert!(share_of(&plain, "brook") > 0, "{plain:?}");
    for mishap in [
        json!({ "offline": "brook" }),
        json!({ "loss_permille": 1_000, "of": "brook" }),
        json!({ "partition": ["brook", "validator"] }),
        json!({ "crash": "brook" }),
        json!({ "retire": "brook" }),
        // Later than any validator waits.
        json!({ "latency_blocks": BLOCKS, "of": "brook" }),
    ] {
        let cut = incentives(Some(mishap.clone()));
        assert_eq!(share_of(&cut, "brook"), 0, "{mishap}");
        assert!(share_of(&cut, "zoe") > 0, "{mishap}");
    }
    let late = incentives(Some(json!({ "latency_blocks": 1, "of": "brook" })));
    assert!(share_of(&late, "brook") > 0, "a block is not too late: {late:?}");
    let over = incentives(Some(json!({ "offline": "brook", "blocks": 2 })));
    assert!(share_of(&over, "brook") > 0, "it ends after two blocks: {over:?}");
}

#[test]
fn a_ledger_with_mishaps_replays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger");
    let node = market(Some(path.clone()), &["chain.on_crash=restart"]);
    let mut client = node.client();
    let names =
        client.ok("localnet_injectFault", json!([{ "loss_permille": 400, "of": "miner", "blocks": 30 }]));
    assert!(names.as_array().unwrap().contains(&json!("brook")), "{names}");
    client.ok("localnet_mine", json!([10]));
    assert_eq!(client.ok("localnet_injectFault", json!([{ "crash": "zoe" }])), json!(["zoe"]));
    client.ok("localnet_snapshot", json!(["middle"]));
    client.ok("localnet_mine", json!([30]));
    let after = client.ok("localnet_nodeInfo", json!([]))["digest"].clone();
    drop((client, node));
    let out =
        std::process::Command::new(env!("CARGO_BIN_EXE_localnet")).arg("replay").arg(&path).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.success(), "{text}{}", String::from_utf8_lossy(&out.stderr));
    let digest = after.as_str().unwrap().trim_start_matches("0x");
    assert!(text.contains("42 blocks played again, all equal") && text.contains(digest), "{text}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let node = market(None, &[]);
    let mut client = node.client();
    for (mishap, code, why) in [
        (json!({ "offline": "brok" }), 5_001, "no cast member is called `brok`; did you mean `brook`?"),
        (json!({ "crash": "brok" }), 5_001, "no cast member is called `brok`"),
        (json!({ "crash": "brook" }), 5_001, "on_crash of the scenario is \"fail\""),
        (json!({ "loss_permille": 2_000 }), 5_001, "loss_permille: expected 0 to 1000"),
        (json!({ "latency_blocks": 0 }), 5_001, "latency_blocks: expected 1 or more"),
        (json!({ "offline": "brook", "latency_blocks": 1 }), 5_001, "exactly one of offline,"),
        (json!({}), 5_001, "exactly one of offline,"),
        (json!({ "flood": "brook" }), -32_602, "unknown field `flood`"),
        (json!({ "crash": "brook", "blocks": 3 }), -32_602, "`crash` stands alone, here is `blocks` too"),
        (json!({ "offline": "brook", "during": [1, 2] }), -32_602, "`during` belongs in a scenario"),
        (json!({ "offline": "brook", "blocks": 0 }), -32_602, "blocks: a number above 0"),
        (json!("brook"), -32_602, "what goes wrong: {offline|"),
    ] {
        let error = client.refused("localnet_injectFault", json!([mishap]));
        assert_eq!(error.code, code, "{mishap}: {error:?}");
        assert!(error.message.contains(why), "{mishap}: {error:?}");
    }
    assert_eq!(client.refused("localnet_injectFault", json!([])).code, -32_602);
    assert_eq!(height(&mut client), 0, "nothing was sealed for any of these");
    still_seals(&mut client);
}

#[test]
fn a_metagraph_is_what_the_chain_holds() {
    let node = market(None, &[]);
    let mut client = node.client();
    client.ok("localnet_mine", json!([BLOCKS]));
    let block = client.text("chain_getHead", json!([]));
    let graph = metagraph(&mut client);
    assert_eq!((graph.netuid, graph.block), (1, BLOCKS));
    let sum: u32 = graph.neurons.iter().map(|neuron| u32::from(neuron.incentive)).sum();
    assert!((65_500..=65_600).contains(&sum), "incentives are shares of one: {sum}");
    assert!(graph.neurons.iter().any(|neuron| neuron.validator_permit && !neuron.weights.is_empty()));
    assert!(graph.table().lines().count() == graph.neurons.len() + 3, "{}", graph.table());
    client.ok("localnet_mine", json!([BLOCKS]));
    let then: Metagraph = serde_json::from_value(client.ok("localnet_metagraph", json!([1, block]))).unwrap();
    assert_eq!(then, graph, "the past is asked for by its hash");
    for height in [json!(BLOCKS), json!(format!("{BLOCKS:#x}"))] {
        let then: Metagraph =
            serde_json::from_value(client.ok("localnet_metagraph", json!([1, height]))).unwrap();
        assert_eq!(then, graph, "or by its height");
    }
    assert_ne!(metagraph(&mut client), graph);
    let error = client.refused("localnet_metagraph", json!([9]));
    assert_eq!((error.code, error.message.as_str()), (5_001, "there is no subnet 9"));
    assert_eq!(client.refused("localnet_metagraph", json!([])).code, -32_602);
}
