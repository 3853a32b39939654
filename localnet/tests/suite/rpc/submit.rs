//! Extrinsics from the wallet into a block: statuses, hashes, fees, nonces, eras.

use super::client::Client;
use super::node::{
    Extra, Node, Setup, account, finalized, free, hash_of, header_hash, height, hex, key, number, pay,
    signed, unhex, watch, wire,
};
use chain::block::SignedExtrinsic;
use chain::units::TAO;
use chain::wire::Mortality;
use localnet::node::{Pool, Refusal, Status};
use serde_json::{Value as Json, json};

fn extrinsics(block: &Json) -> Vec<String> {
    let all = block["block"]["extrinsics"].as_array().unwrap_or_else(|| panic!("no extrinsics in {block}"));
    all.iter().map(|extrinsic| extrinsic.as_str().unwrap().to_owned()).collect()
}

fn next_index(client: &mut Client, name: &str) -> u64 {
    client.ok("account_nextIndex", json!([key(name).account().to_ss58()])).as_u64().unwrap()
}

#[test]
fn a_transfer_under_automine() {
    let node = Node::automine();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let (alice_before, bob_before) = (free(&mut client, &alice), free(&mut client, &bob));
    let extrinsic = wire(&node, &alice, pay(&bob, 3 * TAO + 7), 0);
    let info = client.ok("payment_queryInfo", json!([extrinsic]));
    let parts = client.ok("payment_queryFeeDetails", json!([extrinsic]))["inclusionFee"].clone();
    let part = |name: &str| u64::from_str_radix(&parts[name].as_str().unwrap()[2..], 16).unwrap();
    let sum = part("baseFee") + part("lenFee") + part("adjustedWeightFee");
    assert_eq!(info["partialFee"], sum.to_string());
    assert_eq!(part("lenFee"), unhex(&extrinsic).len() as u64, "a rao a byte");
    let fee: u64 = info["partialFee"].as_str().unwrap().parse().unwrap();
    assert!(fee > 0, "{info}");

    let watched = watch(&mut client, &extrinsic);
    assert_eq!(client.note(&watched), "ready");
    let in_block = client.note(&watched);
    let hash = in_block["inBlock"].as_str().unwrap_or_else(|| panic!("{in_block}")).to_owned();
    assert_eq!(client.note(&watched), json!({ "finalized": hash }));

    let block = client.ok("chain_getBlock", json!([hash]));
    let all = extrinsics(&block);
    assert_eq!(all.len(), 2, "the time and the transfer: {all:?}");
    assert_eq!(all[1], extrinsic, "byte for byte");
    assert_eq!(header_hash(&block["block"]["header"]), hash, "the hash that a client computes");
    assert_eq!(number(&block["block"]["header"]), 1);
    assert_eq!(block["justifications"], Json::Null);
    let parent = client.text("chain_getBlockHash", json!([0]));
    assert_eq!(
        (block["block"]["header"]["parentHash"].as_str(), parent),
        (Some(&*hex(node.genesis)), hex(node.genesis))
    );
    for method in ["chain_getHead", "chain_getFinalizedHead", "chain_getBlockHash"] {
        assert_eq!(client.text(method, json!([])), hash, "{method}");
    }

    assert_eq!(free(&mut client, &alice), alice_before - 3 * TAO - 7 - fee, "to the rao");
    assert_eq!(free(&mut client, &bob), bob_before + 3 * TAO + 7);
    assert_eq!(account(&mut client, &alice.account(), None).nonce, 1);

    // Without watching: the answer is the hash of the bytes.
    let second = wire(&node, &alice, pay(&bob, 1), 1);
    let heads = client.text("chain_subscribeNewHeads", json!([]));
    assert_eq!(number(&client.note(&heads)), 1);
    assert_eq!(client.text("author_submitExtrinsic", json!([second])), hash_of(&second));
    let header = client.note(&heads);
    assert_eq!(number(&header), 2);
    let block = client.ok("chain_getBlock", json!([header_hash(&header)]));
    assert_eq!(extrinsics(&block)[1], second);
}

#[test]
fn a_block_is_final_with_so_many_on_top_of_it() {
    let node = Node::start(Setup { finality: 2, ..Setup::default() });
    let mut client = node.client();
    let heads = client.text("chain_subscribeFinalizedHeads", json!([]));
    assert_eq!(number(&client.note(&heads)), 0);
    let watched = watch(&mut client, &wire(&node, &key("//Alice"), pay(&key("//Bob"), TAO), 0));
    assert_eq!(client.note(&watched), "ready");
    client.ok("localnet_mine", json!([1]));
    let in_block = client.note(&watched);
    let hash = client.text("chain_getBlockHash", json!([1]));
    assert_eq!(in_block, json!({ "inBlock": hash }));
    client.ok("localnet_mine", json!([1]));
    assert_eq!(client.text("chain_getFinalizedHead", json!([])), hex(node.genesis));
    client.ok("localnet_mine", json!([1]));
    assert_eq!(client.note(&watched), json!({ "finalized": hash }));
    assert_eq!(client.text("chain_getFinalizedHead", json!([])), hash);
    assert_eq!(height(&mut client), 3);
    assert_eq!(number(&client.note(&heads)), 1, "genesis is not told again");
}

#[test]
fn a_block_takes_so_many_and_the_others_wait_for_the_next() {
    let node = Node::manual();
    let mut client = node.client();
    let names = ["//Alice", "//Bob", "//Charlie", "//Dave", "//Eve"];
    let (many, max) = (820, 4_096);
    for name in names {
        for nonce in 0..many {
            client.ok(
                "author_submitExtrinsic",
                json!([wire(&node, &key(name), pay(&key("//Ferdie"), 1), nonce)]),
            );
        }
    }
    for expected in [max, names.len() * many as usize - max, 0] {
        client.ok("localnet_mine", json!([1]));
        let block = client.ok("chain_getBlock", json!([]));
        // The time stands first.
        assert_eq!(block["block"]["extrinsics"].as_array().unwrap().len(), 1 + expected);
    }
    assert_eq!(client.ok("author_pendingExtrinsics", json!([])), json!([]));
}

#[test]
fn an_extrinsic_that_fails_is_in_a_block_and_pays() {
    let node = Node::automine();
    let mut client = node.client();
    let (dave, bob) = (key("//Dave"), key("//Bob"));
    let before = (free(&mut client, &dave), free(&mut client, &bob));
    let extrinsic = wire(&node, &dave, pay(&bob, 3_000 * TAO), 0);
    let fee = client.ok("payment_queryInfo", json!([extrinsic]))["partialFee"]
        .as_str()
        .unwrap()
        .parse::<u64>()
        .unwrap();
    let watched = watch(&mut client, &extrinsic);
    let hash = finalized(&mut client, &watched);
    assert_eq!(extrinsics(&client.ok("chain_getBlock", json!([hash])))[1], extrinsic);
    assert_eq!((free(&mut client, &dave), free(&mut client, &bob)), (before.0 - fee, before.1));
    assert_eq!(account(&mut client, &dave.account(), None).nonce, 1);
}

/// What is ready for the next block, and what of it has room there, is decided by arrival and by nothing else.
#[test]
fn the_first_to_come_is_the_first_to_be_served() {
    let mut keys = ["//Alice", "//Bob", "//Charlie", "//Dave", "//Eve"].map(key);
    for _ in 0..2 {
        // One of the two orders is not that of the accounts.
        keys.reverse();
        let mut pool = Pool::new(100);
        let round =
            |nonce| keys.each_ref().map(|key| SignedExtrinsic::sign(key, pay(key, 1), nonce, &[0; 32]));
        let sent = [round(0), round(1)].concat();
        for extrinsic in &sent {
            let hash = chain::wire::extrinsic_hash(&extrinsic.wire_bytes());
            pool.add(hash, extrinsic.clone(), 0, None).unwrap();
        }
        assert_eq!(pool.ready(|_| 0), sent);
        let bytes: Vec<_> = sent.iter().map(SignedExtrinsic::wire_bytes).collect();
        assert_eq!(pool.pending(), bytes);
        assert_eq!(pool.ready(|_| 1), sent[5..], "those with a used nonce are over");
    }
}

/// Whoever sends the same again, or something worse, is told so and not remembered.
#[test]
fn nobody_watches_what_was_refused() {
    let mut pool = Pool::new(2);
    let (sender, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let mut add = |nonce, rao| {
        let extrinsic = SignedExtrinsic::sign(&key("//Alice"), pay(&key("//Bob"), rao), nonce, &[0; 32]);
        let hash = chain::wire::extrinsic_hash(&extrinsic.wire_bytes());
        (pool.add(hash, extrinsic, 0, Some(sender.clone())), pool.watchers())
    };
    assert_eq!(add(0, 1), (Ok(()), 1));
    for _ in 0..100 {
        assert_eq!(add(0, 1), (Err(Refusal::Known), 1));
        assert_eq!(add(0, 2), (Err(Refusal::Priority), 1));
        assert_eq!(add(2_000, 1), (Err(Refusal::TooFar), 1));
    }
    assert_eq!(add(1, 1), (Ok(()), 2));
    assert_eq!(add(2, 1), (Err(Refusal::Full), 2));
    assert_eq!([heard.try_recv(), heard.try_recv()], [Ok(Status::Ready); 2]);
    assert!(heard.try_recv().is_err(), "nothing is told of the others");
}

#[test]
fn a_future_nonce_waits_for_the_missing_one() {
    let node = Node::automine();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let second = wire(&node, &alice, pay(&bob, 2), 1);
    let later = watch(&mut client, &second);
    assert_eq!(client.note(&later), "future");
    assert_eq!(client.ok("author_pendingExtrinsics", json!([])), json!([second]));
    assert_eq!(next_index(&mut client, "//Alice"), 0, "a gap does not count");
    assert_eq!(height(&mut client), 0, "nothing is ready");

    let first = wire(&node, &alice, pay(&bob, 1), 0);
    let sooner = watch(&mut client, &first);
    assert_eq!(client.note(&later), "ready", "it need not wait any longer");
    let (one, two) = (finalized(&mut client, &sooner), finalized(&mut client, &later));
    assert_eq!(one, two, "both went into the next block");
    assert_eq!(
        extrinsics(&client.ok("chain_getBlock", json!([one])))[1..],
        [first, second],
        "in the order of nonces"
    );
    assert_eq!(next_index(&mut client, "//Alice"), 2);
    assert_eq!(client.ok("author_pendingExtrinsics", json!([])), json!([]));
}

#[test]
fn the_next_index_counts_what_waits() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    for nonce in 0..3 {
        assert_eq!(next_index(&mut client, "//Alice"), nonce);
        let nonce = u32::try_from(nonce).unwrap();
        client.ok("author_submitExtrinsic", json!([wire(&node, &alice, pay(&bob, 1), nonce)]));
    }
    assert_eq!(next_index(&mut client, "//Alice"), 3);
    let by_alias = client.ok("system_accountNextIndex", json!([alice.account().to_ss58()]));
    assert_eq!(by_alias, 3);
    assert_eq!(account(&mut client, &alice.account(), None).nonce, 0, "the chain has seen none of them");
    assert_eq!(client.ok("author_pendingExtrinsics", json!([])).as_array().unwrap().len(), 3);
    assert_eq!(client.ok("localnet_mine", json!([1])), 1);
    assert_eq!(next_index(&mut client, "//Alice"), 3);
    assert_eq!(account(&mut client, &alice.account(), None).nonce, 3);
    let head = client.text("chain_getHead", json!([]));
    assert_eq!(extrinsics(&client.ok("chain_getBlock", json!([head]))).len(), 4);
}

#[test]
fn mortal_eras() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    client.ok("localnet_mine", json!([37]));
    // Periods that clients use; the birth is the last multiple of the phase before the head.
    for (nonce, period) in [(0, 8_u32), (1, 16), (2, 64), (3, 128)] {
        let born = height(&mut client);
        let birth = unhex(&client.text("chain_getBlockHash", json!([born]))).try_into().unwrap();
        let mortality = Some(Mortality { period, born, birth });
        let extrinsic = signed(&node, &alice, pay(&bob, 1), nonce, Extra { tip: 0, mortality });
        let extrinsic = hex(extrinsic.wire_bytes());
        let watched = watch(&mut client, &extrinsic);
        client.ok("localnet_mine", json!([1]));
        let hash = finalized(&mut client, &watched);
        assert_eq!(extrinsics(&client.ok("chain_getBlock", json!([hash])))[1], extrinsic, "period {period}");
    }
    assert_eq!(account(&mut client, &alice.account(), None).nonce, 4);
}

#[test]
fn tips_are_paid() {
    let node = Node::automine();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let before = free(&mut client, &alice);
    let tipped = signed(&node, &alice, pay(&bob, 10), 0, Extra { tip: 12_345, mortality: None });
    let tipped = hex(tipped.wire_bytes());
    let fee = client.ok("payment_queryInfo", json!([tipped]))["partialFee"]
        .as_str()
        .unwrap()
        .parse::<u64>()
        .unwrap();
    let watched = watch(&mut client, &tipped);
    finalized(&mut client, &watched);
    assert_eq!(free(&mut client, &alice), before - 10 - 12_345 - fee, "queryInfo leaves the tip out");
}

#[test]
fn unwatching_ends_the_news() {
    let node = Node::manual();
    let mut client = node.client();
    let extrinsic = wire(&node, &key("//Alice"), pay(&key("//Bob"), 1), 0);
    let watched = watch(&mut client, &extrinsic);
    assert_eq!(client.note(&watched), "ready");
    assert_eq!(client.ok("author_unwatchExtrinsic", json!([watched])), true);
    assert_eq!(client.ok("author_unwatchExtrinsic", json!([watched])), false, "once is enough");
    client.ok("localnet_mine", json!([1]));
    assert_eq!(next_index(&mut client, "//Alice"), 1, "it went into the block all the same");
    assert_eq!(client.unread(), 0);
}

#[test]
fn ed25519_signs_too() {
    let node = Node::automine();
    let mut client = node.client();
    let eddy = chain::crypto::Keypair::ed25519(&[3; 32]);
    let watched = watch(&mut client, &wire(&node, &key("//Alice"), pay(&eddy, TAO), 0));
    finalized(&mut client, &watched);
    let watched = watch(&mut client, &wire(&node, &eddy, pay(&key("//Bob"), 1_000), 0));
    finalized(&mut client, &watched);
    assert_eq!(account(&mut client, &eddy.account(), None).nonce, 1);
}
