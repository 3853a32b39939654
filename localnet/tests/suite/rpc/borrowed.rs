//! Names of other development nodes mean here what they mean there.

use super::client::Client;
use super::node::{Node, Setup, free, height, key, now, pay, still_seals, storage_key, wire};
use chain::units::TAO;
use localnet::pace::Pace;
use serde_json::{Value as Json, json};
use std::time::Duration;

/// Blocks that a call seals, and milliseconds from the first to the last, before the first included.
fn sealed(client: &mut Client, method: &str, params: Json) -> (Json, u64, u64) {
    let (from, then) = (height(client), now(client));
    let answer = client.ok(method, params);
    (answer, height(client) - from, now(client) - then)
}

#[test]
fn blocks_are_mined_as_each_tool_has_it() {
    let node = Node::manual();
    let mut client = node.client();
    client.ok("localnet_mine", json!([1]));
    for (method, params, answer, blocks, ms) in [
        ("evm_mine", json!([]), json!("0x0"), 1, 250),
        ("evm_mine", json!([{ "blocks": 5 }]), json!("0x0"), 5, 1_250),
        ("evm_mine", json!([null]), json!("0x0"), 1, 250),
        ("anvil_mine", json!([]), Json::Null, 1, 250),
        ("anvil_mine", json!(["0x5", "0xe10"]), Json::Null, 5, 5 * 3_600_000),
        ("anvil_mine", json!([2, 7]), Json::Null, 2, 14_000),
        ("hardhat_mine", json!(["0x3"]), json!(true), 3, 3_000),
        ("hardhat_mine", json!(["0x2", "0x3c"]), json!(true), 2, 120_000),
    ] {
        assert_eq!(sealed(&mut client, method, params.clone()), (answer, blocks, ms), "{method}{params}");
    }
    let at = now(&mut client) / 1_000 + 86_400;
    client.ok("evm_mine", json!([at]));
    assert_eq!(now(&mut client), at * 1_000);
    client.ok("evm_mine", json!([{ "timestamp": at + 10, "blocks": 2 }]));
    assert_eq!(now(&mut client), (at + 10) * 1_000 + 250);
    let head = height(&mut client);
    let hash = client.ok("dev_newBlock", json!([{ "to": head + 9 }]));
    assert_eq!((height(&mut client), client.ok("chain_getHead", json!([]))), (head + 9, hash));
    let sent = wire(&node, &key("//Alice"), pay(&key("//Bob"), 1), 0);
    client.ok("dev_newBlock", json!([{ "count": 1, "transactions": [sent] }]));
    assert_eq!(client.ok("chain_getBlock", json!([]))["block"]["extrinsics"][1], sent);
    for (method, params) in [
        ("evm_mine", json!([{ "count": 5 }])),
        ("evm_mine", json!(["soon"])),
        ("evm_mine", json!([1, 2])),
        ("anvil_mine", json!([1, 2, 3])),
        ("anvil_mine", json!([{ "blocks": 5 }])),
        ("dev_newBlock", json!([{ "hrmp": {} }])),
        ("dev_newBlock", json!([{ "count": 1, "to": 900 }])),
        ("dev_newBlock", json!([{ "count": 1 }, 1])),
    ] {
        assert_eq!(client.refused(method, params.clone()).code, -32_602, "{method}{params}");
    }
    assert_eq!(client.refused("dev_newBlock", json!([{ "to": 3 }])).code, 5_001);
    still_seals(&mut client);
}

#[test]
fn time_is_seconds_where_the_tool_counts_seconds() {
    let node = Node::manual();
    let mut client = node.client();
    client.ok("localnet_mine", json!([1]));
    let ahead = client.ok("evm_increaseTime", json!([10])).as_i64().unwrap();
    assert_eq!(client.ok("evm_increaseTime", json!([10])), ahead + 10, "seconds in all");
    let at = now(&mut client) / 1_000 + 1_000;
    assert_eq!(client.ok("evm_setNextBlockTimestamp", json!([at])), Json::Null);
    client.ok("evm_mine", json!([]));
    assert_eq!(now(&mut client), at * 1_000);
    assert_eq!(client.ok("anvil_setBlockTimestampInterval", json!([30])), Json::Null);
    client.ok("localnet_setBalance", json!([key("//Bob").account().to_ss58(), 5]));
    assert_eq!(now(&mut client), at * 1_000 + 30_000, "whatever the clock says");
    assert_eq!(client.ok("anvil_removeBlockTimestampInterval", json!([])), true);
    assert_eq!(client.ok("anvil_removeBlockTimestampInterval", json!([])), false);
    let date = now(&mut client) + 60_000;
    assert_eq!(client.ok("dev_timeTravel", json!([date])), date, "milliseconds");
    client.ok("dev_newBlock", json!([]));
    assert_eq!(now(&mut client), date);
    assert_eq!(client.ok("dev_timeTravel", json!(["2099-01-31T12:00:00Z"])), 4_073_544_000_000_u64);
    assert_eq!(client.refused("dev_timeTravel", json!(["tomorrow"])).code, -32_602);
    assert_eq!(client.refused("evm_setNextBlockTimestamp", json!([1_798_761])).code, 5_001, "the past");
}

#[test]
fn snapshots_serve_once_and_blocks_are_taken_back() {
    let node = Node::manual();
    let mut client = node.client();
    client.ok("evm_mine", json!([{ "blocks": 4 }]));
    let name = client.ok("evm_snapshot", json!([]));
    assert_eq!(client.ok("anvil_snapshot", json!([])), "0x2");
    client.ok("evm_mine", json!([{ "blocks": 4 }]));
    assert_eq!(client.ok("evm_revert", json!([name])), true);
    assert_eq!(height(&mut client), 4);
    assert_eq!(client.ok("anvil_revert", json!([name])), false, "it has served");
    assert_eq!(client.ok("evm_revert", json!(["0x77"])), false);
    assert_eq!(client.ok("anvil_rollback", json!([])), Json::Null);
    assert_eq!(height(&mut client), 3);
    client.ok("anvil_rollback", json!([2]));
    assert_eq!(height(&mut client), 1);
    assert_eq!(client.refused("anvil_rollback", json!([2])).code, 5_001);
    client.ok("dev_newBlock", json!([{ "count": 5 }]));
    assert_eq!(client.ok("dev_setHead", json!([4])), Json::Null);
    assert_eq!(height(&mut client), 4);
    let first = client.ok("chain_getBlockHash", json!([2]));
    client.ok("dev_setHead", json!([first]));
    client.ok("dev_setHead", json!([-1]));
    assert_eq!(height(&mut client), 1);
    assert_eq!(client.ok("hardhat_reset", json!([])), true);
    assert_eq!(height(&mut client), 0);
    assert_eq!(client.ok("anvil_reset", json!([{}])), Json::Null);
    let fork = json!([{ "forking": { "jsonRpcUrl": "http://127.0.0.1:1" } }]);
    assert_eq!(client.refused("anvil_reset", fork).code, -32_602, "there is nothing to fork from");
    client.ok("evm_mine", json!([]));
    let dump = client.ok("anvil_dumpState", json!([]));
    assert_eq!(client.ok("anvil_loadState", json!([dump])), true);
    assert_eq!(height(&mut client), 1);
}

#[test]
fn the_pace_by_other_names() {
    let node = Node::start(Setup { pace: Pace::Interval(Duration::from_secs(3_600)), ..Setup::default() });
    let mut client = node.client();
    assert_eq!(client.ok("anvil_getIntervalMining", json!([])), 3_600);
    assert_eq!(client.ok("evm_setAutomine", json!([true])), true);
    assert_eq!(client.ok("hardhat_getAutomine", json!([])), true);
    assert_eq!(client.ok("anvil_getIntervalMining", json!([])), Json::Null);
    assert_eq!(client.ok("anvil_setAutomine", json!([false])), Json::Null);
    assert_eq!(client.ok("anvil_getAutomine", json!([])), false);
    assert_eq!(client.ok("anvil_getIntervalMining", json!([])), 3_600, "back to the interval");
    for given in [json!(12), json!(0.25)] {
        assert_eq!(client.ok("anvil_setIntervalMining", json!([given])), Json::Null);
        assert_eq!(
            client.ok("anvil_getIntervalMining", json!([])),
            given,
            "a getter gives what the setter takes"
        );
    }
    assert_eq!(client.ok("anvil_setIntervalMining", json!([0])), Json::Null);
    assert_eq!(client.ok("anvil_getIntervalMining", json!([])), Json::Null);
    assert_eq!(client.ok("evm_setIntervalMining", json!([0])), true);
    let unclear = client.refused("evm_setIntervalMining", json!([1_000]));
    assert!(unclear.message.contains("milliseconds in hardhat and seconds in anvil"), "{unclear:?}");
    assert_eq!(client.ok("dev_setBlockBuildMode", json!(["Instant"])), Json::Null);
    assert_eq!(client.ok("anvil_getAutomine", json!([])), true);
    client.ok("dev_setBlockBuildMode", json!(["Manual"]));
    assert_eq!(client.ok("anvil_getAutomine", json!([])), false);
    assert_eq!(client.refused("dev_setBlockBuildMode", json!(["Batch"])).code, -32_602);
    still_seals(&mut client);
}

#[test]
fn state_and_pool_by_other_names() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let address = bob.account().to_ss58();
    assert_eq!(client.ok("anvil_setBalance", json!([address, format!("{:#x}", 5 * TAO)])), Json::Null);
    assert_eq!(free(&mut client, &bob), 5 * TAO);
    assert_eq!(client.ok("hardhat_setBalance", json!([address, TAO])), true);
    assert_eq!(free(&mut client, &bob), TAO);
    assert_eq!(
        client.refused("anvil_setBalance", json!([format!("0x{}", "11".repeat(20)), "0x5"])).code,
        -32_602
    );

    let tempo = storage_key("SubtensorModule", "Tempo", &[json!(1)]);
    let hash = client.ok("dev_setStorage", json!([[[tempo, "0x4d00"]]]));
    assert_eq!(client.ok("chain_getHead", json!([])), hash);
    assert_eq!(client.ok("state_getStorage", json!([tempo])), "0x4d00");
    let both = json!([{ "SubtensorModule": { "Tempo": [[[1], 33]], "TxRateLimit": 9 } }]);
    client.ok("dev_setStorage", both);
    assert_eq!(client.ok("state_getStorage", json!([tempo])), "0x2100");
    let limit = storage_key("SubtensorModule", "TxRateLimit", &[]);
    assert_eq!(client.ok("state_getStorage", json!([limit])), "0x0900000000000000");
    client.ok("dev_setStorage", json!([[[limit, null]]]));
    for params in
        [json!([]), json!([{ "Nothing": { "Tempo": 1 } }]), json!([[["0x00"], 5]]), json!([[[1, 2]]])]
    {
        assert_eq!(client.refused("dev_setStorage", params.clone()).code, -32_602, "{params}");
    }

    let sent = wire(&node, &alice, pay(&bob, 1), 0);
    let hash = client.ok("author_submitExtrinsic", json!([sent]));
    assert_eq!(client.ok("hardhat_dropTransaction", json!([hash])), true);
    assert_eq!(client.ok("anvil_dropTransaction", json!([hash])), Json::Null);
    client.ok("author_submitExtrinsic", json!([sent]));
    assert_eq!(client.ok("anvil_dropAllTransactions", json!([])), Json::Null);
    assert_eq!(client.ok("author_pendingExtrinsics", json!([])), json!([]));
    let info = client.ok("anvil_nodeInfo", json!([]));
    assert_eq!(info["currentBlockNumber"], format!("{:#x}", height(&mut client)));
    assert_eq!(info["currentBlockTimestamp"], now(&mut client) / 1_000);
}

/// What is not understood is refused, also where a method has no parameters at all.
#[test]
fn unknown_parameters_are_refused() {
    let node = Node::manual();
    let mut client = node.client();
    let methods = client.ok("rpc_methods", json!([]))["methods"].clone();
    let own = ["localnet_", "evm_", "anvil_", "hardhat_", "dev_"];
    let methods: Vec<_> = methods
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .filter(|name| own.iter().any(|prefix| name.starts_with(prefix)))
        .collect();
    assert!(methods.len() > 50, "{methods:?}");
    for method in methods {
        let error = client.refused(&method, json!([null, null, null, null, null, "surplus"]));
        assert_eq!(error.code, -32_602, "{method}: {error:?}");
        assert!(error.message.contains("expected at most"), "{method}: {error:?}");
    }
    assert_eq!(height(&mut client), 0);
}
