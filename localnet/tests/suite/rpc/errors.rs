//! What is refused, with the codes and words that clients look for, and that the node outlives it.

use super::client::{Client, Refused, http, post};
use super::node::{Extra, Node, Setup, finalized, hex, key, pay, signed, still_seals, unhex, watch, wire};
use chain::call::SudoCall;
use chain::crypto::Keypair;
use chain::wire::Mortality;
use localnet::rpc::Limits;
use serde_json::{Value as Json, json};

fn refused(code: i64, message: &str, data: Json) -> Refused {
    Refused { code, message: message.to_owned(), data }
}

fn invalid(why: &str) -> Refused {
    refused(1010, "Invalid Transaction", json!(why))
}

#[test]
fn text_that_is_no_request() {
    let node = Node::manual();
    let mut client = node.client();
    for (text, id, code) in [
        ("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\"", Json::Null, -32_700),
        ("hello", Json::Null, -32_700),
        ("", Json::Null, -32_700),
        ("{\"id\": 1}", json!(1), -32_600),
        ("[]", Json::Null, -32_600),
        ("17", Json::Null, -32_700),
    ] {
        let answer = client.say(text).unwrap();
        assert_eq!(answer["error"]["code"], code, "{text}: {answer}");
        assert_eq!(answer["id"], id, "{text}: {answer}");
        let (status, body) = post(node.address, text);
        let body: Json = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{text}: {status} {body}"));
        assert_eq!(body["error"]["code"], code, "{text}: {status} {body}");
        still_seals(&mut client);
    }
}

#[test]
fn an_id_comes_back_as_it_was() {
    let node = Node::manual();
    let mut client = node.client();
    for id in [json!("GX12"), json!(7), json!(0), json!(u64::MAX)] {
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": "system_chain", "params": [] });
        let answer = client.say(&request.to_string()).unwrap();
        assert_eq!(answer, json!({ "jsonrpc": "2.0", "id": id, "result": "Bittensor" }));
    }
    let without = json!({ "jsonrpc": "2.0", "id": 1, "method": "system_chain" });
    assert_eq!(
        client.say(&without.to_string()).unwrap()["result"],
        "Bittensor",
        "parameters may be left out"
    );
}

#[test]
fn methods_and_parameters_that_do_not_fit() {
    let node = Node::manual();
    let mut client = node.client();
    let many = "count exceeds maximum value. value: 1001, max: 1000";
    assert_eq!(client.refused("state_getKeysPaged", json!(["0x", 1_001])), refused(4002, many, Json::Null));
    let unknown = client.refused("chain_getNothing", json!([]));
    assert_eq!((unknown.code, unknown.message.as_str()), (-32_601, "Method not found"));
    for (method, params, why) in [
        ("state_getStorage", json!([]), "parameter 0 is missing: a storage key"),
        ("state_getStorage", json!([17]), "a storage key: expected text, got 17"),
        ("state_getStorage", json!(["0xzz"]), "`0xzz` is not hex"),
        ("state_getStorage", json!(["0x00", null, 1]), "expected at most 2 parameters, got 3"),
        ("state_getStorage", json!({ "key": "0x" }), "parameters are given as a list"),
        ("state_getKeysPaged", json!(["0x"]), "parameter 1: how many keys"),
        ("state_getKeysPaged", json!(["0x", -1]), "parameter 1: how many keys"),
        ("state_queryStorageAt", json!(["0x00"]), "expected a list of storage keys"),
        ("state_call", json!(["Core_version"]), "parameter 1 is missing"),
        ("chain_getBlockHash", json!(["seven"]), "expected the height of a block, got \"seven\""),
        ("chain_getBlockHash", json!([1, 2]), "expected at most 1 parameters, got 2"),
        ("chain_getHeader", json!(["0x1234"]), "is not a hash of 32 bytes"),
        ("chain_getBlock", json!([5]), "expected the hash of a block, got 5"),
        ("account_nextIndex", json!(["Alice"]), "Invalid params: "),
        ("account_nextIndex", json!([]), "parameter 0 is missing: an address"),
        ("author_submitExtrinsic", json!([]), "parameter 0 is missing: the bytes of an extrinsic"),
        ("author_submitExtrinsic", json!([[1, 2]]), "the bytes of an extrinsic: expected text"),
        ("author_submitAndWatchExtrinsic", json!([]), "parameter 0 is missing: the bytes of an extrinsic"),
        ("payment_queryInfo", json!([null]), "the bytes of an extrinsic: expected text, got null"),
        ("state_subscribeStorage", json!([]), "expected a list of storage keys"),
        ("state_subscribeStorage", json!([[]]), "give the keys to watch"),
    ] {
        let error = client.refused(method, params.clone());
        assert_eq!(error.code, -32_602, "{method}{params}: {error:?}");
        assert!(error.message.contains(why), "{method}{params}: {error:?}");
    }
    still_seals(&mut client);
}

#[test]
fn bytes_that_are_no_extrinsic() {
    let node = Node::manual();
    let mut client = node.client();
    let good = unhex(&wire(&node, &key("//Alice"), pay(&key("//Bob"), 1), 0));
    let (mut longer, mut unsigned, mut trailing) = (good.clone(), good.clone(), good.clone());
    longer.push(0);
    unsigned[2] = 0x04;
    trailing.push(0);
    trailing[..2].copy_from_slice(&parity_scale_codec::Encode::encode(&parity_scale_codec::Compact(
        u32::try_from(good.len() - 1).unwrap(),
    )));
    let mut unknown_call = good.clone();
    let at = good.len() - 36;
    unknown_call[at] = 0xfe;
    for bytes in [
        vec![],
        vec![0],
        vec![4, 0x84],
        good[..good.len() - 1].to_vec(),
        longer,
        unsigned,
        trailing,
        unknown_call,
    ] {
        for method in ["author_submitExtrinsic", "author_submitAndWatchExtrinsic"] {
            let error = client.refused(method, json!([hex(&bytes)]));
            assert_eq!(error.code, 1001, "{}: {error:?}", hex(&bytes));
            assert!(error.message.starts_with("Extrinsic has invalid format: "), "{error:?}");
        }
    }
    still_seals(&mut client);
    let taken = client.text("author_submitExtrinsic", json!([hex(&good)]));
    assert_eq!(taken, super::node::hash_of(&hex(&good)), "the unharmed one is taken");
}

#[test]
fn extrinsics_that_the_chain_refuses() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let submit =
        |client: &mut Client, extrinsic: &str| client.refused("author_submitExtrinsic", json!([extrinsic]));

    let mut forged = signed(&node, &alice, pay(&bob, 1), 0, Extra::default());
    forged.call = pay(&bob, 2);
    assert_eq!(submit(&mut client, &hex(forged.wire_bytes())), invalid("Transaction has a bad signature"));
    let stranger = signed(&node, &bob, pay(&bob, 1), 0, Extra::default());
    let stolen = hex(chain::block::SignedExtrinsic { signer: alice.account(), ..stranger }.wire_bytes());
    assert_eq!(submit(&mut client, &stolen), invalid("Transaction has a bad signature"));
    still_seals(&mut client);

    let poor = Keypair::sr25519(&[9; 32]);
    let unpaid = wire(&node, &poor, pay(&bob, 1), 0);
    let cannot_pay = invalid("Inability to pay some fees (e.g. account balance too low)");
    assert_eq!(submit(&mut client, &unpaid), cannot_pay);
    assert_eq!(client.refused("author_submitAndWatchExtrinsic", json!([unpaid])), cannot_pay);
    still_seals(&mut client);

    let first = wire(&node, &alice, pay(&bob, 1), 0);
    client.ok("author_submitExtrinsic", json!([first]));
    assert_eq!(
        submit(&mut client, &first),
        refused(1013, "Transaction Already Imported", json!(super::node::hash_of(&first)))
    );
    still_seals(&mut client);
    assert_eq!(submit(&mut client, &first), invalid("Transaction is outdated"), "the same once more");
    let stale = wire(&node, &alice, pay(&bob, 5), 0);
    assert_eq!(submit(&mut client, &stale), invalid("Transaction is outdated"), "another with a used nonce");
    let far = wire(&node, &alice, pay(&bob, 5), 5_000);
    assert_eq!(submit(&mut client, &far), invalid("Transaction will be valid in the future"));
    still_seals(&mut client);

    let sudo = SudoCall::Sudo { call: Box::new(pay(&bob, 1)) };
    let not_root = wire(&node, &bob, sudo.into(), 0);
    assert_eq!(submit(&mut client, &not_root), invalid("Invalid signing address"));
    still_seals(&mut client);
}

#[test]
fn eras_that_are_over_or_have_not_begun() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    client.ok("localnet_mine", json!([4]));
    let birth = |client: &mut Client, number: u64| -> [u8; 32] {
        unhex(&client.text("chain_getBlockHash", json!([number]))).try_into().unwrap()
    };
    let era = |period, born, birth| Extra {
        mortality: Some(Mortality { period, born, birth }),
        ..Extra::default()
    };
    let fourth = era(4, 4, birth(&mut client, 4));
    let mortal = hex(signed(&node, &alice, pay(&bob, 1), 0, fourth).wire_bytes());
    client.ok("localnet_mine", json!([6]));
    // Seen from block 10 its era began with block 8, and that block's hash is not what was signed.
    let late = client.refused("author_submitExtrinsic", json!([mortal]));
    assert_eq!(late, invalid("Transaction has a bad signature"));

    let early = hex(signed(&node, &alice, pay(&bob, 1), 0, era(64, 20, [0; 32])).wire_bytes());
    let early = client.refused("author_submitExtrinsic", json!([early]));
    assert_eq!(early, invalid("Transaction has an ancient birth block"));

    // One that waits for a nonce until its time is over.
    let waiting = era(4, 8, birth(&mut client, 8));
    let waiting = hex(signed(&node, &alice, pay(&bob, 1), 1, waiting).wire_bytes());
    let watched = watch(&mut client, &waiting);
    assert_eq!(client.note(&watched), "future");
    assert_eq!(
        client.ok("author_pendingExtrinsics", json!([])),
        json!([waiting]),
        "block 11 would be its last"
    );
    client.ok("localnet_mine", json!([1]));
    assert_eq!(client.note(&watched), "invalid");
    assert_eq!(client.ok("author_pendingExtrinsics", json!([])), json!([]));
    still_seals(&mut client);
}

#[test]
fn a_pool_that_is_taken_or_full() {
    let node = Node::start(Setup { pool_limit: 2, ..Setup::default() });
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let with_tip =
        |tip, rao| hex(signed(&node, &alice, pay(&bob, rao), 0, Extra { tip, mortality: None }).wire_bytes());
    let watched = watch(&mut client, &with_tip(5, 1));
    assert_eq!(client.note(&watched), "ready");
    for (tip, rao) in [(5, 2), (4, 1), (0, 3)] {
        let error = client.refused("author_submitExtrinsic", json!([with_tip(tip, rao)]));
        assert_eq!(error.code, 1014, "{error:?}");
        assert!(error.message.starts_with("Priority is too low"), "{error:?}");
        assert!(error.data.as_str().unwrap().contains("too low priority to replace"), "{error:?}");
    }
    let better = client.text("author_submitExtrinsic", json!([with_tip(6, 1)]));
    assert_eq!(client.note(&watched), json!({ "usurped": better }));

    client.ok("author_submitExtrinsic", json!([wire(&node, &bob, pay(&alice, 1), 0)]));
    let third = wire(&node, &key("//Charlie"), pay(&alice, 1), 0);
    let full = client.refused("author_submitExtrinsic", json!([third]));
    assert_eq!((full.code, full.message.as_str()), (1016, "Immediately Dropped"));
    still_seals(&mut client);
    let watched = watch(&mut client, &third);
    client.ok("localnet_mine", json!([1]));
    finalized(&mut client, &watched);
}

#[test]
fn blocks_and_states_that_are_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(Setup { window: 4, store: Some(dir.path().join("led")), ..Setup::default() });
    let mut client = node.client();
    let nobody = hex([7; 32]);
    let key = super::node::account_key(&key("//Alice").account());
    let unknown = format!("Client error: UnknownBlock: Header was not found in the database: {nobody}");
    assert_eq!(client.refused("state_getStorage", json!([key, nobody])), refused(4003, &unknown, Json::Null));
    assert_eq!(client.refused("state_call", json!(["Core_version", "0x", nobody])).code, 4003);
    assert_eq!(client.ok("chain_getBlock", json!([nobody])), Json::Null);
    assert_eq!(client.ok("chain_getHeader", json!([nobody])), Json::Null);
    assert_eq!(client.ok("chain_getBlockHash", json!([99])), Json::Null);

    client.ok("localnet_mine", json!([10]));
    for gone in [0, 1, 6] {
        let hash = client.text("chain_getBlockHash", json!([gone]));
        let text = format!("State already discarded for {hash}");
        for (method, params) in [
            ("state_getStorage", json!([key, hash])),
            ("state_queryStorageAt", json!([[key], hash])),
            ("state_getKeysPaged", json!(["0x", 10, "0x", hash])),
            ("state_getKeys", json!(["0x", hash])),
            ("state_call", json!(["AccountNonceApi_account_nonce", hex([1; 32]), hash])),
        ] {
            let error = client.refused(method, params);
            assert_eq!(error.code, 4003, "{method}: {error:?}");
            assert!(error.message.contains(&text), "{method}: {error:?}");
        }
        // The SDK tells a discarded state by these words, when it asks for the runtime first.
        let text =
            format!("Client error: Api called for an unknown Block: State already discarded for {hash}");
        for method in ["state_getRuntimeVersion", "chain_getRuntimeVersion", "state_getMetadata"] {
            assert_eq!(client.refused(method, json!([hash])), refused(4003, &text, Json::Null), "{method}");
        }
        let header = client.ok("chain_getHeader", json!([hash]));
        assert_eq!(super::node::header_hash(&header), hash, "the block itself is still there");
    }
    let kept = client.text("chain_getBlockHash", json!([7]));
    client.text("state_getStorage", json!([key, kept]));
    still_seals(&mut client);
}

/// Without a ledger the hashes alone are kept, so that a client is told why it gets nothing.
#[test]
fn blocks_that_memory_has_let_go() {
    let node = Node::start(Setup { window: 4, ..Setup::default() });
    let mut client = node.client();
    let key = super::node::account_key(&key("//Alice").account());
    let mut hashes = vec![client.text("chain_getHead", json!([]))];
    for _ in 0..10 {
        client.ok("localnet_mine", json!([1]));
        hashes.push(client.text("chain_getHead", json!([])));
    }
    for (number, hash) in hashes.iter().enumerate() {
        assert_eq!(client.text("chain_getBlockHash", json!([number])), *hash);
        if number < 7 {
            let error = client.refused("state_getStorage", json!([key, hash]));
            assert_eq!(error.code, 4003, "{number}");
            assert!(error.message.contains(&format!("State already discarded for {hash}")), "{error:?}");
        } else {
            client.text("state_getStorage", json!([key, hash]));
        }
    }
    still_seals(&mut client);
}

#[test]
fn runtime_apis_that_are_not_there() {
    let node = Node::manual();
    let mut client = node.client();
    let error = client.refused("state_call", json!(["NeuronInfoRuntimeApi_get_nothing", "0x"]));
    let text = "Client error: Execution failed: Other: Exported method NeuronInfoRuntimeApi_get_nothing is not found";
    assert_eq!(error, refused(4003, text, Json::Null));
    for arguments in ["0x", "0x01", "0x0000000000"] {
        let error = client.refused("state_call", json!(["NeuronInfoRuntimeApi_get_neuron", arguments]));
        assert_eq!(error.code, 4003, "{arguments}: {error:?}");
        assert!(
            error.message.contains("Bad input data provided to NeuronInfoRuntimeApi_get_neuron"),
            "{error:?}"
        );
    }
    still_seals(&mut client);
}

#[test]
fn more_than_the_server_allows() {
    let limits = Limits { connections: 2, subscriptions: 2, request_bytes: 4_096, ..Limits::default() };
    let node = Node::start(Setup { limits, ..Setup::default() });
    let mut client = node.client();
    let request =
        json!({ "jsonrpc": "2.0", "id": 1, "method": "state_getStorage", "params": ["0".repeat(5_000)] });
    let answer = client.say(&request.to_string()).unwrap();
    assert_eq!(answer["error"]["code"], -32_007, "{answer}");
    still_seals(&mut client);
    let (status, body) = post(node.address, &request.to_string());
    assert_eq!(status, 413, "{body}");

    for _ in 0..2 {
        client.text("chain_subscribeNewHeads", json!([]));
    }
    let error = client.refused("chain_subscribeNewHeads", json!([]));
    assert_eq!(error.code, -32_006, "{error:?}");
    still_seals(&mut client);

    let mut second = node.client();
    assert_eq!(Client::try_connect(node.address).err(), Some(429), "Too Many Requests");
    still_seals(&mut second);
    still_seals(&mut client);
}

#[test]
fn health_and_other_doors() {
    let node = Node::manual();
    for path in ["/health", "/healthz"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", node.address);
        let (status, body) = http(node.address, &request);
        let body: Json = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (status, body),
            (200, json!({ "peers": 0, "isSyncing": false, "shouldHavePeers": false }))
        );
    }
    let put =
        format!("PUT / HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", node.address);
    assert_eq!(http(node.address, &put).0, 405);
    still_seals(&mut node.client());
}
