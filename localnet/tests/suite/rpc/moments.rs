//! Back in time, and elsewhere: snapshots, reset, dump and load.

use super::client::Client;
use super::node::{Node, Setup, account, free, height, key, now, number, pay, still_seals, watch, wire};
use serde_json::{Value as Json, json};
use std::path::PathBuf;

/// The same way on both kinds of store.
fn the_way_back(store: Option<PathBuf>) {
    let node = Node::start(Setup { store, ..Setup::default() });
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    client.ok("localnet_mine", json!([5]));
    let waiting = wire(&node, &alice, pay(&bob, 11), 0);
    client.ok("author_submitExtrinsic", json!([waiting]));
    let (bob_before, then) = (free(&mut client, &bob), now(&mut client));
    let head = client.text("chain_getHead", json!([]));
    assert_eq!(client.ok("localnet_snapshot", json!(["base"])), "base");
    assert_eq!(client.ok("localnet_snapshot", json!(["0x3"])), "0x3");
    let names = [0, 1].map(|_| client.text("localnet_snapshot", json!([])));
    assert_eq!(names, ["0x1", "0x2"], "none takes another's name");
    let unnamed = client.text("localnet_snapshot", json!([]));
    assert_eq!(unnamed, "0x4");

    client.ok("localnet_increaseTime", json!([86_400]));
    client.ok("localnet_mine", json!([7]));
    assert_eq!(free(&mut client, &bob), bob_before + 11);
    client.ok("localnet_setBalance", json!([bob.account().to_ss58(), 1_000]));
    client.ok("author_submitExtrinsic", json!([wire(&node, &alice, pay(&bob, 12), 1)]));
    client.ok("localnet_snapshot", json!(["late"]));
    let all = client.ok("localnet_listSnapshots", json!([]));
    assert_eq!(
        all,
        json!([
            { "name": "0x1", "block": 5 }, { "name": "0x2", "block": 5 }, { "name": "0x3", "block": 5 },
            { "name": "0x4", "block": 5 }, { "name": "base", "block": 5 }, { "name": "late", "block": 13 },
        ])
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
    assert_eq!((error.code, error.message.as_str()), (5_001, "no snapshot `late`; there are: base"));
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
fn the_way_back_in_memory() {
    the_way_back(None);
}

#[test]
fn the_way_back_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    the_way_back(Some(dir.path().join("ledger")));
}

#[test]
fn watchers_live_through_the_way_back() {
    let node = Node::start(Setup { finality: 2, ..Setup::default() });
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let head = |client: &mut Client| client.text("chain_getHead", json!([]));
    let early = watch(&mut client, &wire(&node, &alice, pay(&bob, 1), 0));
    assert_eq!(client.note(&early), "ready");
    client.ok("localnet_snapshot", json!(["base"]));
    let heads = client.text("chain_subscribeNewHeads", json!([]));
    assert_eq!(number(&client.note(&heads)), 0);
    let late = watch(&mut client, &wire(&node, &bob, pay(&alice, 1), 0));
    assert_eq!(client.note(&late), "ready");
    client.ok("localnet_mine", json!([1]));
    let lost = head(&mut client);
    for watched in [&early, &late] {
        assert_eq!(client.note(watched), json!({ "inBlock": lost }));
    }
    let waiting = watch(&mut client, &wire(&node, &bob, pay(&alice, 1), 1));
    assert_eq!(client.note(&waiting), "ready");
    client.ok("localnet_revert", json!(["base"]));
    assert_eq!(client.note(&early), json!({ "retracted": lost }));
    assert_eq!(client.note(&early), "ready", "it waits again");
    assert_eq!(client.note(&late), "dropped", "it came after the snapshot");
    assert_eq!(client.note(&waiting), "dropped");
    // Waiting at both moments: nothing to tell.
    client.ok("localnet_revert", json!(["base"]));
    assert_eq!(client.note(&early), "ready");
    client.ok("localnet_mine", json!([1]));
    let found = head(&mut client);
    assert_eq!(client.note(&early), json!({ "inBlock": found }));
    client.ok("localnet_mine", json!([2]));
    assert_eq!(client.note(&early), json!({ "finalized": found }));
    let told = [(); 5].map(|()| number(&client.note(&heads)));
    assert_eq!(told, [1, 0, 1, 2, 3], "who follows hears of the way back");
    assert_eq!(client.unread(), 0);
}

/// Head, its hash and its digest.
fn place(client: &mut Client) -> (u64, String, Json) {
    let info = client.ok("localnet_nodeInfo", json!([]));
    (height(client), client.text("chain_getHead", json!([])), info["digest"].clone())
}

#[test]
fn a_ledger_that_went_back_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let setup = || Setup { store: Some(dir.path().join("ledger")), ..Setup::default() };
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let node = Node::start(setup());
    let mut client = node.client();
    client.ok("localnet_mine", json!([9]));
    client.ok("localnet_snapshot", json!(["base"]));
    client.ok("author_submitExtrinsic", json!([wire(&node, &alice, pay(&bob, 5), 0)]));
    client.ok("localnet_mine", json!([20]));
    let lost = client.text("chain_getBlockHash", json!([10]));
    assert_eq!(client.ok("localnet_revert", json!(["base"])), 9);
    let status = client.ok("localnet_ledgerStatus", json!([]));
    assert_eq!((&status["head"], &status["degraded"]), (&json!(9), &Json::Null), "{status}");
    client.ok("author_submitExtrinsic", json!([wire(&node, &alice, pay(&bob, 70), 0)]));
    client.ok("localnet_mine", json!([3]));
    let (was, money) = (place(&mut client), free(&mut client, &bob));
    drop((client, node));

    let node = Node::start(setup());
    let mut client = node.client();
    assert_eq!(place(&mut client), was);
    assert_eq!(free(&mut client, &bob), money);
    assert_eq!(client.ok("chain_getHeader", json!([lost])), Json::Null);
    let error = client.refused("localnet_revert", json!(["base"]));
    assert!(error.message.starts_with("no snapshot `base`"), "they end with the process: {error:?}");
    still_seals(&mut client);
}

#[test]
fn a_reset_is_a_chain_without_a_block() {
    let dir = tempfile::tempdir().unwrap();
    for store in [None, Some(dir.path().join("ledger"))] {
        let node = Node::start(Setup { store, window: 4, ..Setup::default() });
        let mut client = node.client();
        let (genesis, bob) = (place(&mut client), key("//Bob"));
        let money = free(&mut client, &bob);
        client.ok("localnet_setBalance", json!([bob.account().to_ss58(), 1]));
        client.ok("localnet_mine", json!([20]));
        client.ok("localnet_snapshot", json!(["base"]));
        client.ok("localnet_increaseTime", json!([86_400]));
        client.ok("author_submitExtrinsic", json!([wire(&node, &key("//Alice"), pay(&bob, 5), 0)]));
        for _ in 0..2 {
            assert_eq!(client.ok("localnet_reset", json!([])), true);
            assert_eq!(place(&mut client), genesis);
        }
        assert_eq!(free(&mut client, &bob), money);
        assert_eq!(client.ok("author_pendingExtrinsics", json!([])), json!([]));
        assert_eq!(client.ok("localnet_listSnapshots", json!([])), json!([]));
        assert_eq!(client.ok("chain_getBlockHash", json!([1])), Json::Null);
        let wall = localnet::pace::unix_ms();
        still_seals(&mut client);
        assert!(now(&mut client) < wall + 80_000_000, "the clock is the wall's again");

        let then = wall + 90_000_000;
        client.ok("localnet_setNextTimestamp", json!([then]));
        client.ok("localnet_reset", json!([]));
        still_seals(&mut client);
        assert!(now(&mut client) < then, "what was asked for the next block is forgotten");
    }
}

#[test]
fn a_time_that_was_set_for_the_next_block_is_set_again() {
    let node = Node::manual();
    let mut client = node.client();
    client.ok("localnet_mine", json!([2]));
    let then = now(&mut client) + 86_400_000;
    client.ok("localnet_setNextTimestamp", json!([then]));
    client.ok("localnet_snapshot", json!(["base"]));
    for _ in 0..2 {
        client.ok("localnet_mine", json!([1]));
        assert_eq!(now(&mut client), then, "to the millisecond");
        client.ok("localnet_revert", json!(["base"]));
    }
    // One that was set after the moment is not of it.
    client.ok("localnet_mine", json!([1]));
    client.ok("localnet_snapshot", json!(["after"]));
    client.ok("localnet_setNextTimestamp", json!([then + 86_400_000]));
    client.ok("localnet_revert", json!(["after"]));
    client.ok("localnet_mine", json!([1]));
    let on = now(&mut client);
    assert!((then + 1..then + 86_400_000).contains(&on), "{then}, {on}");
}

#[test]
fn a_dump_is_the_chain_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    for (from, to) in [(None, Some("disk")), (Some("other disk"), None)] {
        let on = |store: Option<&str>| store.map(|name| dir.path().join(name));
        let node = Node::start(Setup { store: on(from), ..Setup::default() });
        let mut client = node.client();
        client.ok("localnet_mine", json!([3]));
        client.ok("author_submitExtrinsic", json!([wire(&node, &alice, pay(&bob, 5), 0)]));
        client.ok("localnet_mine", json!([4]));
        client.ok("localnet_setBalance", json!([bob.account().to_ss58(), 7_000]));
        let (was, then) = (place(&mut client), now(&mut client));
        let blocks: Vec<_> = (0..=8).map(|n| client.ok("chain_getBlockHash", json!([n]))).collect();
        let early = client.ok("localnet_snapshot", json!(["early"]));
        assert_eq!(early, "early");
        client.ok("author_submitExtrinsic", json!([wire(&node, &alice, pay(&bob, 6), 1)]));
        client.ok("localnet_mine", json!([2]));
        let late = client.ok("localnet_snapshot", json!(["late"]));
        assert_eq!(late, "late");
        let (top, now_then) = (place(&mut client), now(&mut client));
        let dump = client.text("localnet_dumpState", json!([]));

        let other = Node::start(Setup { store: on(to), window: 4, ..Setup::default() });
        let mut elsewhere = other.client();
        elsewhere.ok("localnet_mine", json!([30]));
        elsewhere.ok("localnet_snapshot", json!(["of another past"]));
        assert_eq!(elsewhere.ok("localnet_loadState", json!([dump])), 10);
        assert_eq!((place(&mut elsewhere), now(&mut elsewhere)), (top, now_then));
        let moments = json!([{ "name": "early", "block": 8 }, { "name": "late", "block": 10 }]);
        assert_eq!(elsewhere.ok("localnet_listSnapshots", json!([])), moments, "its snapshots came along");
        assert_eq!(elsewhere.text("localnet_dumpState", json!([])), dump, "to the byte");
        assert_eq!(elsewhere.ok("localnet_revert", json!(["early"])), 8);
        assert_eq!(place(&mut elsewhere), was);
        assert_eq!((free(&mut elsewhere, &bob), now(&mut elsewhere)), (7_000, then));
        let same: Vec<_> = (0..=8).map(|n| elsewhere.ok("chain_getBlockHash", json!([n]))).collect();
        assert_eq!(same, blocks);
        let left = json!([{ "name": "early", "block": 8 }]);
        assert_eq!(elsewhere.ok("localnet_listSnapshots", json!([])), left);
        still_seals(&mut elsewhere);
    }
}

#[test]
fn what_is_no_dump_of_this_chain_changes_nothing() {
    let other = Node::start(Setup { seed: 2, ..Setup::default() });
    let of_another_seed = other.client().text("localnet_dumpState", json!([]));
    let node = Node::manual();
    let mut client = node.client();
    client.ok("localnet_mine", json!([3]));
    let dump = client.text("localnet_dumpState", json!([]));
    client.ok("localnet_mine", json!([4]));
    let was = place(&mut client);
    let cut = dump.get(..dump.len() / 4 * 2).unwrap();
    for (bytes, code, why) in [
        (json!(of_another_seed), 5_001, "the dump is of up, seed 2, genesis 0x"),
        (json!(cut), 5_001, "these bytes are no dump: "),
        (json!("0x"), 5_001, "these bytes are no dump: "),
        (json!("0x00ff"), 5_001, "these bytes are no dump: "),
        (json!("dump"), -32_602, "is not hex"),
        (Json::Null, -32_602, "what localnet_dumpState gave"),
    ] {
        let error = client.refused("localnet_loadState", json!([bytes]));
        assert_eq!(error.code, code, "{error:?}");
        assert!(error.message.contains(why), "{why}: {error:?}");
        assert_eq!(place(&mut client), was);
    }
    still_seals(&mut client);
}

#[test]
fn a_block_is_gone_back_to_by_its_height() {
    let dir = tempfile::tempdir().unwrap();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    for (store, window) in [(None, 4_096), (None, 4), (Some(dir.path().join("ledger")), 4)] {
        let node = Node::start(Setup { store, window, ..Setup::default() });
        let mut client = node.client();
        client.ok("author_submitExtrinsic", json!([wire(&node, &alice, pay(&bob, 5), 0)]));
        client.ok("localnet_mine", json!([5]));
        client.ok("localnet_snapshot", json!(["base"]));
        client.ok("localnet_setBalance", json!([bob.account().to_ss58(), 7_000_000_000_u64]));
        let places: Vec<_> = (0..=6).map(|height| client.ok("chain_getBlockHash", json!([height]))).collect();
        client.ok("localnet_mine", json!([20]));
        let waiting = wire(&node, &alice, pay(&bob, 1), 1);
        client.ok("author_submitExtrinsic", json!([waiting]));
        for (method, param) in [
            ("localnet_revert", json!(6)),
            ("localnet_setHead", places[5].clone()),
            ("localnet_setHead", json!(3)),
        ] {
            let height = client.ok(method, json!([param])).as_u64().unwrap();
            assert_eq!(client.ok("chain_getHead", json!([])), places[usize::try_from(height).unwrap()]);
            assert_eq!(client.ok("chain_getBlockHash", json!([height + 1])), Json::Null);
            assert_eq!(free(&mut client, &bob) == 7_000_000_000, height == 6);
            assert_eq!(
                client.ok("author_pendingExtrinsics", json!([])),
                json!([waiting]),
                "it goes on waiting"
            );
        }
        assert_eq!(
            client.ok("localnet_listSnapshots", json!([])),
            json!([]),
            "of a past that did not happen"
        );
        assert_eq!(client.ok("localnet_setHead", json!([0])), 0);
        assert_eq!(client.ok("chain_getHead", json!([])), places[0]);
        let above = client.refused("localnet_setHead", json!([1]));
        assert_eq!((above.code, above.message.as_str()), (5_001, "there is no block 1: the head is 0"));
        still_seals(&mut client);
    }
}
