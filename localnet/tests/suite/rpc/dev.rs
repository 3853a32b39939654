//! What developers do to a local chain: blocks on demand, time, balances, storage, the way back.

use super::client::Client;
use super::node::{
    Node, account, finalized, free, height, hex, key, now, number, pay, still_seals, storage_key, unhex,
    watch, wire,
};
use chain::call::RuntimeCall;
use chain::call::admin_utils::Call as AdminUtilsCall;
use chain::units::{NetUid, TAO};
use parity_scale_codec::Encode as _;
use serde_json::{Value as Json, json};

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
    let then = now(&mut client);
    assert_eq!(client.ok("localnet_mine", json!([])), 127);
    assert_eq!(now(&mut client), then + 250, "one block time on");
    for (params, apart) in [
        (json!([2, "12s"]), 12_000),
        (json!([2, 700]), 700),
        (json!([{ "count": 2, "apart": "1m" }]), 60_000),
    ] {
        client.ok("localnet_mine", json!([1]));
        let then = now(&mut client);
        client.ok("localnet_mine", params);
        assert_eq!(now(&mut client), then + 2 * apart, "as the second parameter says");
    }
    client.ok("localnet_setHead", json!([127]));
    for params in [json!([1, "soon"]), json!([1, 1, 1]), json!([{ "blocks": 5 }])] {
        assert_eq!(client.refused("localnet_mine", params.clone()).code, -32_602, "{params}");
    }
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
    let pace = |client: &mut Client| {
        client.ok("localnet_nodeInfo", json!([]))["pace"]["text"].as_str().unwrap().to_owned()
    };
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
    let data = |client: &mut Client| {
        let info = client.ok("localnet_nodeInfo", json!([]));
        let got = json!([
            client.ok("localnet_getAutomine", json!([])),
            client.ok("localnet_getInterval", json!([]))
        ]);
        assert_eq!(json!([info["pace"]["automine"], info["pace"]["interval"]]), got);
        got
    };
    assert_eq!(data(&mut client), json!([false, "1s"]));
    client.ok("localnet_setAutomine", json!([true]));
    assert_eq!(data(&mut client), json!([true, "1s"]));
    client.ok("localnet_setAutomine", json!([false]));
    assert_eq!(data(&mut client), json!([false, "1s"]), "back to the interval");
    for given in [json!("250ms"), json!("1m30s"), Json::Null] {
        client.ok("localnet_setInterval", json!([given]));
        assert_eq!(
            client.ok("localnet_getInterval", json!([])),
            given,
            "a getter gives what the setter takes"
        );
    }
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
    assert!(ahead > 86_400 + 3_000, "ahead of the wall clock, seconds: {ahead}");
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

#[test]
fn hyperparameters_can_be_set_by_name() {
    let node = Node::manual();
    let mut client = node.client();
    let read = |client: &mut Client, item: &str| {
        client.text("state_getStorage", json!([storage_key("SubtensorModule", item, &[json!(1)])]))
    };
    assert_eq!(client.ok("localnet_setHyperparameter", json!([1, "tempo", 33])), true);
    assert_eq!(read(&mut client, "Tempo"), "0x2100");
    assert_eq!(client.ok("localnet_setHyperparameter", json!([1, "liquid_alpha_on", true])), true);
    assert_eq!(read(&mut client, "LiquidAlphaOn"), "0x01");
    assert_eq!(height(&mut client), 2, "each in a block of its own");
    for (params, code, why) in [
        (json!([1, "speed", 1]), -32_602, "there is no parameter `speed`; allowed are tempo, "),
        (json!([1, "tempo", 0]), -32_602, "`tempo` is 0, allowed are 1 to 65535"),
        (json!([1, "tempo", true]), -32_602, "`tempo` takes"),
        (json!([1, "tempo"]), -32_602, "parameter 2: the value of `tempo`"),
        (json!([1]), -32_602, "parameter 1 is missing: the name of a hyperparameter"),
        (json!([99, "tempo", 5]), 5_001, "AdminUtils.SubnetDoesNotExist"),
    ] {
        let error = client.refused("localnet_setHyperparameter", params.clone());
        assert_eq!(error.code, code, "{params}: {error:?}");
        assert!(error.message.contains(why), "{params}: {error:?}");
    }
    assert_eq!(read(&mut client, "Tempo"), "0x2100");
    still_seals(&mut client);
}

#[test]
fn anybody_can_be_impersonated() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let (before, money) = (account(&mut client, &alice.account(), None), free(&mut client, &bob));
    let call = hex(pay(&bob, 5 * TAO).encode());
    assert_eq!(client.ok("localnet_impersonate", json!([alice.account().to_ss58(), call])), true);
    let after = account(&mut client, &alice.account(), None);
    assert_eq!(free(&mut client, &bob), money + 5 * TAO);
    assert_eq!(after.data.free.get(), before.data.free.get() - 5 * TAO, "without a fee");
    assert_eq!(after.nonce, before.nonce, "and without a nonce");
    // The sudo extrinsic succeeds, the call in it does not.
    let tempo = RuntimeCall::from(AdminUtilsCall::SudoSetTempo { netuid: NetUid(99), tempo: 9 }).sudo();
    let error =
        client.refused("localnet_impersonate", json!([alice.account().to_ss58(), hex(tempo.encode())]));
    assert!(error.message.contains("a call inside it failed: AdminUtils.SubnetDoesNotExist"), "{error:?}");
    let nobody = chain::crypto::Keypair::sr25519(&[8; 32]).account().to_ss58();
    for (params, code, why) in [
        (json!([nobody, call]), 5_001, "FundsUnavailable"),
        (json!([nobody, "0xffff"]), -32_602, "these bytes are no call"),
        (json!([nobody]), -32_602, "parameter 1 is missing: the bytes of a call"),
        (json!(["Alice", call]), -32_602, "Invalid params"),
    ] {
        let error = client.refused("localnet_impersonate", params);
        assert_eq!(error.code, code, "{error:?}");
        assert!(error.message.contains(why), "{error:?}");
    }
    still_seals(&mut client);
}
