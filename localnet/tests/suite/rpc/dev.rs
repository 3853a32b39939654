//! What developers do to a local chain: blocks on demand, time, balances, storage, the way back.

use super::client::Client;
use super::node::{
    Node, Setup, account, finalized, free, height, hex, key, number, pay, still_seals, storage_key, unhex,
    watch, wire,
};
use chain::units::TAO;
use serde_json::{Value as Json, json};

/// `Timestamp.Now` of the head, milliseconds.
fn now(client: &mut Client) -> u64 {
    let item =
        chain::wire::sealed_items().iter().find(|item| item.pallet == "Timestamp" && item.name == "Now");
    let value = client.text("state_getStorage", json!([hex(item.unwrap().prefix())]));
    u64::from_le_bytes(unhex(&value).try_into().unwrap())
}

#[test]
fn blocks_on_demand() {
    let node = Node::manual();
    let mut client = node.client();
    for (params, head) in [
        (json!([]), 1),
        (json!([1]), 2),
        (json!([100]), 102),
        (json!(["0x10"]), 118),
        (json!(["2"]), 120),
        (json!([{ "count": 5 }]), 125),
        (json!([0]), 125),
        (json!([null]), 126),
    ] {
        assert_eq!(client.ok("localnet_mine", params.clone()), head, "{params}");
        assert_eq!(height(&mut client), head);
    }
    assert_eq!(client.ok("dev_newBlock", json!([])), 127, "by the name of other nodes");
    for params in [json!([-1]), json!(["many"]), json!([1.5]), json!([[1]]), json!([true])] {
        let error = client.refused("localnet_mine", params.clone());
        assert_eq!(error.code, -32_602, "{params}: {error:?}");
        assert!(error.message.contains("how many blocks"), "{error:?}");
    }
    let error = client.refused("localnet_mine", json!([1_000_001]));
    assert_eq!(error.code, 5_001);
    assert_eq!(error.message, "at most 1000000 blocks at once, 1000001 were asked for");
    assert_eq!(height(&mut client), 127);
}

#[test]
fn to_the_next_epoch() {
    let node = Node::manual();
    let mut client = node.client();
    let tempo =
        client.text("state_getStorage", json!([storage_key("SubtensorModule", "Tempo", &[json!(1)])]));
    let tempo = u64::from(u16::from_le_bytes(unhex(&tempo).try_into().unwrap()));
    let first = client.ok("localnet_mineToEpoch", json!([1])).as_u64().unwrap();
    let second = client.ok("localnet_mineToEpoch", json!([1])).as_u64().unwrap();
    assert_eq!(height(&mut client), second);
    assert!((1..=tempo + 1).contains(&(second - first)), "{first}, {second}, tempo {tempo}");
    for (params, code, why) in [
        (json!([99]), 5_001, "there is no subnet 99"),
        (json!([]), -32_602, "parameter 0: a netuid"),
        (json!([70_000]), -32_602, "parameter 0: a netuid"),
    ] {
        let error = client.refused("localnet_mineToEpoch", params);
        assert_eq!(error.code, code, "{error:?}");
        assert!(error.message.contains(why), "{error:?}");
    }
    assert_eq!(height(&mut client), second);
}

#[test]
fn the_pace_can_change() {
    let node = Node::manual();
    let mut client = node.client();
    let pace =
        |client: &mut Client| client.ok("localnet_nodeInfo", json!([]))["pace"].as_str().unwrap().to_owned();
    assert_eq!(pace(&mut client), "blocks on demand");
    let waiting = watch(&mut client, &wire(&node, &key("//Alice"), pay(&key("//Bob"), 1), 0));
    assert_eq!(client.note(&waiting), "ready");
    assert_eq!(height(&mut client), 0);
    assert_eq!(client.ok("localnet_setAutomine", json!([true])), true);
    assert_eq!(pace(&mut client), "a block as soon as an extrinsic waits");
    finalized(&mut client, &waiting);
    assert_eq!(height(&mut client), 1);

    let heads = client.text("chain_subscribeNewHeads", json!([]));
    assert_eq!(client.ok("localnet_setInterval", json!(["5ms"])), true);
    for expected in 1..=5 {
        assert_eq!(number(&client.note(&heads)), expected, "they come by themselves");
    }
    assert_eq!(client.ok("localnet_setInterval", json!([1_000])), true);
    assert_eq!(pace(&mut client), "a block every 1s");
    assert_eq!(client.ok("localnet_setInterval", json!([0])), true);
    assert_eq!(pace(&mut client), "blocks on demand");
    assert_eq!(client.ok("localnet_setAutomine", json!([false])), true);
    for (method, params) in [
        ("localnet_setAutomine", json!([])),
        ("localnet_setAutomine", json!([1])),
        ("localnet_setInterval", json!([])),
        ("localnet_setInterval", json!(["fast"])),
        ("localnet_setInterval", json!(["2h"])),
        ("localnet_setInterval", json!([-5])),
        ("localnet_setInterval", json!([u64::MAX])),
    ] {
        let error = client.refused(method, params.clone());
        assert_eq!(error.code, -32_602, "{method}{params}: {error:?}");
    }
    still_seals(&mut client);
}

#[test]
fn time_can_be_moved() {
    let node = Node::manual();
    let mut client = node.client();
    client.ok("localnet_mine", json!([1]));
    let before = now(&mut client);
    assert!(before > 1_767_225_600_000, "the wall clock, after 2025: {before}");
    let error = client.refused("localnet_setNextTimestamp", json!([before]));
    assert_eq!(error.code, 5_001);
    assert!(error.message.starts_with("time never runs backwards: "), "{error:?}");

    let then = before + 86_400_000;
    assert_eq!(client.ok("localnet_setNextTimestamp", json!([then])), true);
    assert_eq!(now(&mut client), before, "the next block, not this one");
    client.ok("localnet_mine", json!([1]));
    assert_eq!(now(&mut client), then, "to the millisecond");
    client.ok("localnet_mine", json!([1]));
    let on = now(&mut client);
    assert!((then + 1..then + 600_000).contains(&on), "the clock goes on from there: {on}");
    let head = client.text("chain_getHead", json!([]));
    let inherent =
        client.ok("chain_getBlock", json!([head]))["block"]["extrinsics"][0].as_str().unwrap().to_owned();
    assert_eq!(unhex(&inherent)[1..4], [4, 2, 0], "the time stands in the block as Timestamp.set");

    let ahead = client.ok("localnet_increaseTime", json!([3_600])).as_u64().unwrap();
    assert!(ahead > 86_400_000 + 3_000_000, "ahead of the wall clock, milliseconds: {ahead}");
    client.ok("localnet_mine", json!([1]));
    assert!(now(&mut client) >= then + 3_600_000);
    for (method, params) in [
        ("localnet_increaseTime", json!([])),
        ("localnet_increaseTime", json!(["soon"])),
        ("localnet_increaseTime", json!([u64::MAX])),
        ("localnet_setNextTimestamp", json!([])),
        ("localnet_setNextTimestamp", json!(["noon"])),
    ] {
        assert_eq!(client.refused(method, params.clone()).code, -32_602, "{method}{params}");
    }
    still_seals(&mut client);
}

#[test]
fn balances_and_storage_can_be_set() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let nobody = chain::crypto::Keypair::sr25519(&[8; 32]);
    let address = |pair: &chain::crypto::Keypair| pair.account().to_ss58();
    assert_eq!(client.ok("localnet_setBalance", json!([address(&nobody), 5 * TAO])), true);
    assert_eq!(free(&mut client, &nobody), 5 * TAO);
    assert_eq!(client.ok("localnet_setBalance", json!([address(&bob), (7 * TAO).to_string()])), true);
    assert_eq!(free(&mut client, &bob), 7 * TAO);
    assert_eq!(client.ok("localnet_setBalance", json!([address(&nobody), 0])), true);
    assert_eq!(free(&mut client, &nobody), 0);
    assert_eq!(height(&mut client), 3, "each in a block of its own");
    for (params, why) in [
        (json!([]), "parameter 0 is missing: an address"),
        (json!(["Alice", 1]), "Invalid params"),
        (json!([address(&alice)]), "parameter 1: the free balance in rao"),
        (json!([address(&alice), -1]), "parameter 1: the free balance in rao"),
    ] {
        let error = client.refused("localnet_setBalance", params);
        assert_eq!(error.code, -32_602, "{error:?}");
        assert!(error.message.contains(why), "{error:?}");
    }

    let tempo = storage_key("SubtensorModule", "Tempo", &[json!(1)]);
    assert_eq!(client.ok("localnet_setStorage", json!(["SubtensorModule", "Tempo", [1], 77])), true);
    assert_eq!(client.text("state_getStorage", json!([tempo])), "0x4d00");
    for (params, why) in [
        (json!(["SubtensorModule", "Nothing", [], 1]), "there is no storage item SubtensorModule.Nothing"),
        (json!(["SubtensorModule", "Tempo", [1], "fast"]), "SubtensorModule.Tempo: "),
        (json!(["SubtensorModule", "Tempo", [], 7]), "SubtensorModule.Tempo: "),
        (json!(["SubtensorModule", "Tempo", [1, 2], 7]), "SubtensorModule.Tempo: "),
        (json!(["SubtensorModule"]), "parameter 1 is missing"),
    ] {
        let error = client.refused("localnet_setStorage", params.clone());
        assert_eq!(error.code, -32_602, "{params}: {error:?}");
        assert!(error.message.contains(why), "{params}: {error:?}");
    }
    assert_eq!(client.text("state_getStorage", json!([tempo])), "0x4d00");

    let mut row = account(&mut client, &alice.account(), None);
    row.data.free = chain::units::Rao(123 * TAO);
    let row = serde_json::to_value(row).unwrap();
    assert_eq!(client.ok("localnet_setStorage", json!(["System", "Account", [address(&alice)], row])), true);
    assert_eq!(free(&mut client, &alice), 123 * TAO);

    let call = parity_scale_codec::Encode::encode(&pay(&bob, 1));
    let error = client.refused("localnet_sudo", json!([hex(&call)]));
    assert_eq!(error.code, 5_001, "root has no balance to send: {error:?}");
    assert_eq!(client.refused("localnet_sudo", json!(["0xffff"])).code, -32_602);
    still_seals(&mut client);
}

#[test]
fn the_way_back() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    client.ok("localnet_mine", json!([5]));
    let waiting = wire(&node, &alice, pay(&bob, 11), 0);
    client.ok("author_submitExtrinsic", json!([waiting]));
    let (bob_before, then) = (free(&mut client, &bob), now(&mut client));
    let head = client.text("chain_getHead", json!([]));
    assert_eq!(client.ok("localnet_snapshot", json!(["base"])), "base");
    let unnamed = client.text("localnet_snapshot", json!([]));

    client.ok("localnet_increaseTime", json!([86_400]));
    client.ok("localnet_mine", json!([7]));
    assert_eq!(free(&mut client, &bob), bob_before + 11);
    client.ok("localnet_setBalance", json!([bob.account().to_ss58(), 1_000]));
    client.ok("author_submitExtrinsic", json!([wire(&node, &alice, pay(&bob, 12), 1)]));
    client.ok("localnet_snapshot", json!(["late"]));
    let all = client.ok("localnet_listSnapshots", json!([]));
    assert_eq!(
        all,
        json!([{ "name": unnamed, "block": 5 }, { "name": "base", "block": 5 }, { "name": "late", "block": 13 }])
    );
    let lost = client.text("chain_getHead", json!([]));

    for _ in 0..2 {
        assert_eq!(client.ok("localnet_revert", json!(["base"])), 5, "a snapshot can be used again");
        assert_eq!(client.text("chain_getHead", json!([])), head);
        assert_eq!(free(&mut client, &bob), bob_before);
        assert_eq!(account(&mut client, &alice.account(), None).nonce, 0);
        assert_eq!(client.ok("author_pendingExtrinsics", json!([])), json!([waiting]), "what waited then");
        assert_eq!(now(&mut client), then);
        assert_eq!(client.ok("chain_getHeader", json!([lost])), Json::Null, "that past did not happen");
        assert_eq!(client.ok("chain_getBlockHash", json!([6])), Json::Null);
        client.ok("localnet_mine", json!([1]));
        assert_eq!(free(&mut client, &bob), bob_before + 11);
        let next = now(&mut client);
        assert!(next > then && next < then + 86_000_000, "the clock went back too: {then}, {next}");
    }
    let error = client.refused("localnet_revert", json!(["late"]));
    assert_eq!(
        (error.code, error.message.as_str()),
        (5_001, &*format!("no snapshot `late`; there are: {unnamed}, base"))
    );
    assert_eq!(client.refused("localnet_revert", json!([])).code, -32_602);
    still_seals(&mut client);
}

#[test]
fn the_way_back_may_be_longer_than_the_window() {
    let node = Node::start(Setup { window: 4, ..Setup::default() });
    let mut client = node.client();
    client.ok("localnet_mine", json!([5]));
    let head = client.text("chain_getHead", json!([]));
    let second = client.text("chain_getBlockHash", json!([2]));
    client.ok("localnet_snapshot", json!(["base"]));
    client.ok("localnet_mine", json!([20]));
    assert_eq!(client.ok("localnet_revert", json!(["base"])), 5);
    assert_eq!(height(&mut client), 5);
    assert_eq!(client.text("chain_getHead", json!([])), head);
    assert_eq!(client.text("chain_getBlockHash", json!([5])), head);
    assert_eq!(client.ok("chain_getBlockHash", json!([6])), Json::Null);
    let alice = key("//Alice").account();
    assert_eq!(account(&mut client, &alice, Some(&head)).nonce, 0, "the state of the head can be read");
    still_seals(&mut client);
    assert_eq!(client.text("chain_getBlockHash", json!([2])), second);
}

#[test]
fn a_ledger_does_not_go_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("led");
    let node = Node::start(Setup { store: Some(store.clone()), ..Setup::default() });
    let mut client = node.client();
    client.ok("localnet_mine", json!([9]));
    client.ok("localnet_snapshot", json!(["base"]));
    let error = client.refused("localnet_revert", json!(["base"]));
    assert_eq!(error.code, 5_001);
    assert!(error.message.contains("start with --store memory to go back in time"), "{error:?}");
    let status = client.ok("localnet_ledgerStatus", json!([]));
    assert_eq!(
        (&status["path"], &status["head"]),
        (&json!(store.display().to_string()), &json!(9)),
        "{status}"
    );
    assert_eq!(status["degraded"], Json::Null, "{status}");
    still_seals(&mut client);
}

#[test]
fn what_the_node_says_of_itself() {
    let node = Node::manual();
    let mut client = node.client();
    assert_eq!(client.ok("localnet_ledgerStatus", json!([])), Json::Null, "no ledger");
    client.ok("localnet_mine", json!([4]));
    let info = client.ok("localnet_nodeInfo", json!([]));
    assert_eq!(
        (&info["block"], &info["seed"], &info["scenario"]),
        (&json!(4), &json!("1"), &json!("up")),
        "{info}"
    );
    assert_eq!(info["hash"], client.text("chain_getHead", json!([])));
    assert_eq!(info["timestamp"], now(&mut client));
    assert_eq!(info["version"], env!("CARGO_PKG_VERSION"));
}
