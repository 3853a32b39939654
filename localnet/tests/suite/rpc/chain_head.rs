//! The new JSON-RPC interface: `chainHead_v1`, `archive_v1`, `transaction_v1`, `transactionWatch_v1`, and the runtime's code.

use super::client::Client;
use super::node::{Node, Setup, account_key, hash_of, hex, key, pay, unhex, wire};
use chain::crypto::blake2_256;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

fn finality(finality: u64) -> Node {
    Node::start(Setup { finality, ..Setup::default() })
}

/// Follows the chain, and gives the subscription and the first event.
fn follow(client: &mut Client, with_runtime: bool) -> (String, Json) {
    let follow = client.text("chainHead_v1_follow", json!([with_runtime]));
    let first = client.note(&follow);
    assert_eq!(first["event"], "initialized");
    (follow, first)
}

/// Hash of the block of a height.
fn at(client: &mut Client, height: u64) -> String {
    client.text("chain_getBlockHash", json!([height]))
}

/// Begins an operation and gives its events up to the last, and how often it waited.
fn operation(client: &mut Client, follow: &str, method: &str, params: Json) -> (Vec<Json>, usize) {
    let begun = client.ok(method, params);
    assert_eq!(begun["result"], "started", "{begun}");
    let (mut events, mut waits) = (Vec::new(), 0);
    loop {
        let event = client.note(follow);
        assert_eq!(event["operationId"], begun["operationId"], "{event}");
        match event["event"].as_str().unwrap() {
            "operationStorageItems" => events.push(event),
            "operationWaitingForContinue" => {
                waits += 1;
                let next = client.ok("chainHead_v1_continue", json!([follow, begun["operationId"]]));
                assert_eq!(next, Json::Null);
            }
            _ => {
                events.push(event);
                return (events, waits);
            }
        }
    }
}

#[test]
fn the_code_is_a_module_that_names_the_runtime() {
    let node = Node::manual();
    let mut client = node.client();
    let code = "0x3a636f6465";
    let value = unhex(&client.text("state_getStorage", json!([code])));
    assert!(value.starts_with(b"\0asm\x01\0\0\0\0"), "{value:?}");
    let [section, name] = [value[9], value[10]].map(usize::from);
    assert_eq!(section, value.len() - 10, "one custom section to the end");
    assert_eq!(value[11..11 + name], *b"localnet");
    assert_eq!(value[11 + name..], *b"node-subtensor 425, native");
    assert_eq!(client.ok("state_getStorageSize", json!([code])), value.len());
    assert_eq!(client.text("state_getStorageHash", json!([code])), hex(blake2_256(&value)));
    let change = client.ok("state_queryStorageAt", json!([[code]]));
    assert_eq!(change[0]["changes"], json!([[code, hex(&value)]]));
    let head = client.text("chain_getHead", json!([]));
    client.ok("localnet_mine", json!([1]));
    assert_eq!(client.text("state_getStorage", json!([code])), hex(&value), "stable");
    for keys in [
        client.ok("state_getKeys", json!(["0x3a"])),
        client.ok("state_getKeysPaged", json!(["0x3a", 1, "0x39", head])),
    ] {
        assert_eq!(keys, json!([code]));
    }
    let all = client.ok("state_getKeys", json!(["0x"]));
    let all: Vec<_> = all.as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
    assert!(all.is_sorted() && all.contains(&code), "{all:?}");
    let mut paged = Vec::new();
    while let Some(page) = Some(client.ok("state_getKeysPaged", json!(["0x", 7, paged.last()])))
        && page != json!([])
    {
        paged.extend(page.as_array().unwrap().iter().map(|key| key.as_str().unwrap().to_owned()));
    }
    assert_eq!(paged, all, "page by page");
}

#[test]
fn a_follower_hears_of_each_block_in_its_order() {
    let node = finality(2);
    let mut client = node.client();
    client.ok("localnet_mine", json!([5]));
    let (plain, first) = follow(&mut client, false);
    let finals: Vec<_> = (0..=3).map(|height| at(&mut client, height)).collect();
    assert_eq!(first, json!({ "event": "initialized", "finalizedBlockHashes": finals }));
    let (told, first) = follow(&mut client, true);
    let spec = &first["finalizedBlockRuntime"]["spec"];
    assert_eq!(first["finalizedBlockRuntime"]["type"], "valid");
    let version = client.ok("state_getRuntimeVersion", json!([]));
    for field in ["specName", "implName", "specVersion", "implVersion", "transactionVersion"] {
        assert_eq!(spec[field], version[field]);
    }
    assert_eq!(spec["apis"]["0x37e397fc7c91f5e4"], 2, "an object: {spec}");
    assert_eq!(spec.as_object().unwrap().len(), 6, "{spec}");
    client.ok("localnet_mine", json!([2]));
    let hashes: Vec<_> = (0..=7).map(|height| at(&mut client, height)).collect();
    let new = |height: usize, with: bool| {
        let mut event = json!({
            "event": "newBlock", "blockHash": hashes[height], "parentBlockHash": hashes[height - 1],
        });
        if with {
            event["newRuntime"] = Json::Null;
        }
        event
    };
    let best = |height: usize| json!({ "event": "bestBlockChanged", "bestBlockHash": hashes[height] });
    let last = |height: usize| json!({ "event": "finalized", "finalizedBlockHashes": [hashes[height]], "prunedBlockHashes": [] });
    for (follow, with) in [(&plain, false), (&told, true)] {
        let expected = [
            new(4, with),
            new(5, with),
            best(5),
            new(6, with),
            best(6),
            last(4),
            new(7, with),
            best(7),
            last(5),
        ];
        for event in expected {
            assert_eq!(client.note(follow), event);
        }
    }
    assert_eq!(client.ok("chainHead_v1_unfollow", json!([plain])), Json::Null);
    assert_eq!(client.ok("chainHead_v1_unfollow", json!([plain])), Json::Null, "no effect");
    client.ok("localnet_snapshot", json!(["base"]));
    client.ok("localnet_mine", json!([1]));
    for kind in ["newBlock", "bestBlockChanged", "finalized"] {
        assert_eq!(client.note(&told)["event"], kind);
    }
    client.ok("localnet_revert", json!(["base"]));
    assert_eq!(client.note(&told), json!({ "event": "stop" }), "a past is no more");
    assert_eq!(
        client.ok("chainHead_v1_header", json!([told, hashes[7]])),
        Json::Null,
        "the subscription is over"
    );
    assert_eq!(client.unread(), 0);
}

#[test]
fn what_is_pinned_can_be_asked() {
    let node = Node::start(Setup { window: 4, ..Setup::default() });
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let (follow, _) = follow(&mut client, true);
    let sent = wire(&node, &alice, pay(&bob, 7), 0);
    client.ok("author_submitExtrinsic", json!([sent]));
    client.ok("localnet_mine", json!([20]));
    let hash = at(&mut client, 1);
    let header = unhex(&client.text("chainHead_v1_header", json!([follow, hash])));
    assert_eq!(hex(blake2_256(&header)), hash);
    while client.note(&follow)["event"] != "finalized" || client.unread() > 0 {}
    let (body, _) = operation(&mut client, &follow, "chainHead_v1_body", json!([follow, hash]));
    assert_eq!(body[0]["event"], "operationBodyDone");
    assert_eq!(body[0]["value"][1], sent);
    let params = json!([follow, hash, "Core_version", "0x"]);
    let (called, _) = operation(&mut client, &follow, "chainHead_v1_call", params);
    assert_eq!(called[0]["event"], "operationCallDone");
    assert_eq!(called[0]["output"], client.ok("state_call", json!(["Core_version", "0x"])));
    for (function, arguments) in [("Core_nothing", "0x"), ("AccountNonceApi_account_nonce", "0x01")] {
        let params = json!([follow, hash, function, arguments]);
        let (failed, _) = operation(&mut client, &follow, "chainHead_v1_call", params);
        assert_eq!(failed[0]["event"], "operationError");
        assert!(failed[0]["error"].as_str().unwrap().contains(function), "{failed:?}");
    }

    let row = account_key(&bob.account());
    let read = |client: &mut Client, height: u64| {
        let hash = at(client, height);
        let items = json!([{ "key": row, "type": "value" }, { "key": row, "type": "hash" }, { "key": "0x00", "type": "hash" }]);
        let params = json!([follow, hash, items, null]);
        let (events, _) = operation(client, &follow, "chainHead_v1_storage", params);
        assert_eq!(events.last().unwrap()["event"], "operationStorageDone");
        let items: Vec<_> =
            events.iter().flat_map(|event| event["items"].as_array().cloned().unwrap_or_default()).collect();
        assert_eq!(items.len(), 2, "{items:?}");
        let value = items[0]["value"].as_str().unwrap().to_owned();
        assert_eq!(items[1], json!({ "key": row, "hash": hex(blake2_256(&unhex(&value))) }));
        value
    };
    let (before, after) = (read(&mut client, 0), read(&mut client, 1));
    assert_ne!(before, after, "states that have left the window, since they are pinned");
    let gone = client.refused("state_getStorage", json!([row, hash]));
    assert_eq!(gone.code, 4003);
    assert_eq!(client.ok("state_getStorage", json!([row])), after);

    assert_eq!(client.ok("chainHead_v1_unpin", json!([follow, hash])), Json::Null);
    assert_eq!(client.refused("chainHead_v1_header", json!([follow, hash])).code, -32_801);
    let others = json!([follow, [at(&mut client, 2), hash]]);
    assert_eq!(client.refused("chainHead_v1_unpin", others).code, -32_801);
    let two = at(&mut client, 2);
    client.text("chainHead_v1_header", json!([follow, two]));
    assert_eq!(client.refused("chainHead_v1_unpin", json!([follow, [two, two]])).code, -32_804);
    let three = at(&mut client, 3);
    assert_eq!(client.ok("chainHead_v1_unpin", json!([follow, [two, three]])), Json::Null);
    assert_eq!(client.refused("chainHead_v1_body", json!([follow, two])).code, -32_801);
}

#[test]
fn descendants_come_page_by_page() {
    let node = Node::start(Setup { scenario: Some("hello-market"), ..Setup::default() });
    let mut client = node.client();
    client.ok("localnet_mine", json!([30]));
    let keys = client.ok("state_getKeys", json!(["0x"]));
    let keys = keys.as_array().unwrap();
    let (follow, first) = follow(&mut client, false);
    let hash = first["finalizedBlockHashes"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(client.note(&follow)["event"], "bestBlockChanged");
    for (kind, field) in [("descendantsValues", "value"), ("descendantsHashes", "hash")] {
        let params = json!([follow, hash, [{ "key": "0x", "type": kind }], null]);
        let (events, waits) = operation(&mut client, &follow, "chainHead_v1_storage", params);
        assert_eq!(waits, keys.len() / 1_000, "of {} keys", keys.len());
        let items: Vec<_> =
            events.iter().flat_map(|event| event["items"].as_array().cloned().unwrap_or_default()).collect();
        let found: Vec<_> = items.iter().map(|item| item["key"].clone()).collect();
        assert_eq!(&found, keys);
        assert!(items.iter().all(|item| item[field].is_string() && item.as_object().unwrap().len() == 2));
    }
    let child = json!([follow, hash, [{ "key": "0x", "type": "descendantsValues" }], "0x01"]);
    let (events, _) = operation(&mut client, &follow, "chainHead_v1_storage", child);
    assert_eq!(events[0]["event"], "operationStorageDone", "no child trie has a row");
}

#[test]
fn merkle_values_are_equal_as_long_as_the_rows_are() {
    let node = Node::manual();
    let mut client = node.client();
    let (follow, _) = follow(&mut client, false);
    client.ok("localnet_mine", json!([1]));
    client.ok("localnet_setBalance", json!([key("//Bob").account().to_ss58(), 5]));
    let accounts = &account_key(&key("//Bob").account())[..66].to_owned();
    let tempo = super::node::storage_key("SubtensorModule", "Tempo", &[json!(1)]);
    let head = json!(at(&mut client, 2));
    let has_head =
        |event: &Json| event["finalizedBlockHashes"].as_array().is_some_and(|hashes| hashes.contains(&head));
    while !has_head(&client.note(&follow)) {}
    let mut value = |height: u64, key: &str| {
        let hash = at(&mut client, height);
        let items = json!([{ "key": key, "type": "closestDescendantMerkleValue" }]);
        let (events, _) =
            operation(&mut client, &follow, "chainHead_v1_storage", json!([follow, hash, items, null]));
        events[0]["items"][0]["closestDescendantMerkleValue"].clone()
    };
    assert_eq!(value(0, accounts), value(1, accounts));
    assert_ne!(value(1, accounts), value(2, accounts));
    assert_eq!(value(1, &tempo), value(2, &tempo));
    assert_eq!(value(1, "0xffff"), Json::Null, "nothing lies below");
}

#[test]
fn what_a_follower_may_not_do() {
    let node = Node::manual();
    let (mut client, mut other) = (node.client(), node.client());
    let (follow, _) = follow(&mut client, false);
    let hash = at(&mut client, 0);
    let limit = json!({ "result": "limitReached" });
    assert_eq!(client.ok("chainHead_v1_body", json!(["none", hash])), limit);
    assert_eq!(other.ok("chainHead_v1_body", json!([follow, hash])), limit, "of another connection");
    assert_eq!(client.ok("chainHead_v1_storage", json!(["none", hash, [], null])), limit);
    assert_eq!(client.ok("chainHead_v1_unpin", json!(["none", hash])), Json::Null);
    assert_eq!(client.ok("chainHead_v1_stopOperation", json!([follow, "17"])), Json::Null);
    assert_eq!(client.ok("chainHead_v1_continue", json!([follow, "17"])), Json::Null);
    let unknown = hex([7; 32]);
    for (method, params, code) in [
        ("chainHead_v1_header", json!([follow, unknown]), -32_801),
        ("chainHead_v1_body", json!([follow, unknown]), -32_801),
        ("chainHead_v1_storage", json!([follow, unknown, [], null]), -32_801),
        ("chainHead_v1_call", json!([follow, hash, "Core_version", "0x"]), -32_802),
        ("chainHead_v1_follow", json!([]), -32_602),
        ("chainHead_v1_follow", json!(["true"]), -32_602),
        ("chainHead_v1_header", json!([follow, "0x12"]), -32_602),
        ("chainHead_v1_unpin", json!([follow, 5]), -32_602),
        ("chainHead_v1_storage", json!([follow, hash, [{ "key": "0x", "type": "all" }], null]), -32_602),
        ("chainHead_v1_storage", json!([follow, hash, [{ "type": "value" }], null]), -32_602),
        ("chainHead_v1_storage", json!([follow, hash, {}, null]), -32_602),
        ("chainHead_v1_storage", json!([follow, hash, [], 5]), -32_602),
        ("chainHead_v1_body", json!([follow, hash, 1]), -32_602),
        ("transaction_v1_broadcast", json!(["xyz"]), -32_602),
        ("transaction_v1_stop", json!(["17"]), -32_602),
        ("archive_v1_hashByHeight", json!(["0x1"]), -32_602),
    ] {
        let refused = client.refused(method, params.clone());
        assert_eq!(refused.code, code, "{method}{params}: {refused:?}");
    }
    // As many items as there is room for.
    let items: Vec<_> = (0..100).map(|_| json!({ "key": "0x", "type": "hash" })).collect();
    let begun = client.ok("chainHead_v1_storage", json!([follow, hash, items, null]));
    assert_eq!((&begun["result"], &begun["discardedItems"]), (&json!("started"), &json!(36)));
    while client.note(&follow)["event"] != "operationStorageDone" {}
    for _ in 1..8 {
        self::follow(&mut client, true);
    }
    assert_eq!(client.refused("chainHead_v1_follow", json!([true])).code, -32_800);
    self::follow(&mut other, true);
}

#[test]
fn the_archive_has_every_block() {
    let node = Node::start(Setup { window: 5, finality: 2, ..Setup::default() });
    let mut client = node.client();
    client.ok("localnet_mine", json!([8]));
    let sent = wire(&node, &key("//Alice"), pay(&key("//Bob"), 7), 0);
    client.ok("author_submitExtrinsic", json!([sent]));
    client.ok("localnet_mine", json!([2]));
    assert_eq!(client.text("archive_v1_genesisHash", json!([])), hex(node.genesis));
    assert_eq!(client.ok("archive_v1_finalizedHeight", json!([])), 8);
    assert_eq!(client.ok("archive_v1_hashByHeight", json!([11])), json!([]));
    let hashes: Vec<_> = (0..=10).map(|height| at(&mut client, height)).collect();
    for (height, hash) in hashes.iter().enumerate() {
        assert_eq!(client.ok("archive_v1_hashByHeight", json!([height])), json!([hash]));
    }
    let header = unhex(&client.text("archive_v1_header", json!([hashes[9]])));
    assert_eq!(hex(blake2_256(&header)), hashes[9]);
    assert_eq!(client.ok("archive_v1_body", json!([hashes[9]]))[1], sent);
    let unknown = hex([7; 32]);
    for (method, params) in [
        ("archive_v1_header", json!([unknown])),
        ("archive_v1_body", json!([unknown])),
        ("archive_v1_call", json!([unknown, "Core_version", "0x"])),
    ] {
        assert_eq!(client.ok(method, params), Json::Null);
    }
    let version = client.ok("state_call", json!(["Core_version", "0x"]));
    let called = client.ok("archive_v1_call", json!([hashes[9], "Core_version", "0x"]));
    assert_eq!(called, json!({ "success": true, "value": version }));
    let failed = client.ok("archive_v1_call", json!([hashes[9], "Core_nothing", "0x"]));
    assert_eq!((&failed["success"], failed["error"].is_string()), (&json!(false), true));

    let mut events = |method: &str, params: Json| {
        let asked = client.text(method, params);
        let mut events = Vec::new();
        loop {
            let event = client.note(&asked);
            events.push(event.clone());
            let kind = event["event"].as_str().unwrap();
            if kind.ends_with("Done") || kind.ends_with("Error") {
                return events;
            }
        }
    };
    let bob = account_key(&key("//Bob").account());
    let found = events("archive_v1_storage", json!([hashes[9], [{ "key": bob, "type": "value" }], null]));
    assert_eq!((&found[0]["event"], &found[0]["key"]), (&json!("storage"), &json!(bob)));
    assert_eq!(found[1], json!({ "event": "storageDone" }));
    let accounts = &bob[..66];
    let all = events(
        "archive_v1_storage",
        json!([hashes[9], [{ "key": accounts, "type": "descendantsHashes" }], null]),
    );
    let from = json!([{ "key": accounts, "type": "descendantsHashes", "paginationStartKey": all[1]["key"] }]);
    assert_eq!(events("archive_v1_storage", json!([hashes[9], from, null]))[..], all[2..]);
    let gone = events("archive_v1_storage", json!([hashes[1], [{ "key": bob, "type": "value" }], null]));
    assert_eq!(gone[0]["event"], "storageError", "its state has left the window");
    let gone = events("archive_v1_storage", json!([unknown, [], null]));
    assert_eq!(gone[0]["event"], "storageError");

    let items = json!([{ "key": accounts, "returnType": "value" }]);
    let changed = events("archive_v1_storageDiff", json!([hashes[9], items]));
    let changed: BTreeMap<_, _> =
        changed.iter().filter_map(|event| Some((event["key"].as_str()?, event))).collect();
    assert_eq!(changed[&*bob]["type"], "modified");
    assert_eq!(changed[&*bob]["value"], found[0]["value"]);
    let same = events("archive_v1_storageDiff", json!([hashes[10], items, hashes[9]]));
    assert_eq!(same.last().unwrap(), &json!({ "event": "storageDiffDone" }));
    assert!(same.iter().all(|event| event["key"] != json!(bob)), "{same:?}");
}

#[test]
fn an_extrinsic_is_broadcast_until_the_pool_takes_it() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let sent = wire(&node, &alice, pay(&bob, 1), 0);
    let id = client.text("transaction_v1_broadcast", json!([sent]));
    client.ok("author_pendingExtrinsics", json!([]));
    while client.ok("author_pendingExtrinsics", json!([])) != json!([sent]) {}
    client.ok("localnet_mine", json!([1]));
    let block = client.ok("chain_getBlock", json!([]));
    assert_eq!(block["block"]["extrinsics"][1], sent);
    assert_eq!(client.ok("transaction_v1_stop", json!([id])), Json::Null);
    assert_eq!(client.refused("transaction_v1_stop", json!([id])).code, -32_602, "once");

    // One that cannot pay yet, and can later.
    let poor = chain::crypto::Keypair::sr25519(&[9; 32]);
    let unpaid = wire(&node, &poor, pay(&bob, 1), 0);
    client.text("transaction_v1_broadcast", json!([unpaid]));
    client.ok("localnet_setBalance", json!([poor.account().to_ss58(), 1_000_000_000]));
    while client.ok("author_pendingExtrinsics", json!([])) != json!([unpaid]) {}
    for _ in 1..64 {
        assert!(client.ok("transaction_v1_broadcast", json!(["0x00"])).is_string());
    }
    assert_eq!(client.ok("transaction_v1_broadcast", json!(["0x00"])), Json::Null, "the most there may be");
}

#[test]
fn a_watched_extrinsic_by_the_new_interface() {
    let node = finality(1);
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let sent = wire(&node, &alice, pay(&bob, 1), 0);
    let watched = client.text("transactionWatch_v1_submitAndWatch", json!([sent]));
    assert_eq!(client.note(&watched), json!({ "event": "validated" }));
    client.ok("localnet_mine", json!([2]));
    let place = json!({ "hash": at(&mut client, 1), "index": 1 });
    assert_eq!(client.note(&watched), json!({ "event": "bestChainBlockIncluded", "block": place }));
    assert_eq!(client.note(&watched), json!({ "event": "finalized", "block": place }));
    for (bytes, why) in [("0x00", "invalid format"), (&*sent, "outdated")] {
        let watched = client.text("transactionWatch_v1_submitAndWatch", json!([bytes]));
        let event = client.note(&watched);
        assert_eq!(event["event"], "invalid");
        assert!(event["error"].as_str().unwrap().contains(why), "{event}");
    }
    assert_eq!(hash_of(&sent).len(), 66);
}
