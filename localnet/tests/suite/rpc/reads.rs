//! Reading the chain: the past, pages of keys, changes, heads, batches.

use super::client::{Client, post};
use super::node::{
    Node, Setup, account, account_key, finalized, header_hash, hex, key, number, pay, storage_key, unhex,
    watch, wire,
};
use chain::units::{NetUid, TAO};
use parity_scale_codec::Encode as _;
use serde_json::{Value as Json, json};

/// A chain with a transfer of 1, 2, 3 rao in blocks 1, 2, 3; their hashes, genesis first.
fn three_transfers(node: &Node, client: &mut Client) -> Vec<String> {
    let mut hashes = vec![hex(node.genesis)];
    for nonce in 0..3_u32 {
        let extrinsic = wire(node, &key("//Alice"), pay(&key("//Bob"), u64::from(nonce) + 1), nonce);
        let watched = watch(client, &extrinsic);
        hashes.push(finalized(client, &watched));
    }
    hashes
}

#[test]
fn the_past_stays_as_it_was() {
    let node = Node::automine();
    let mut client = node.client();
    let hashes = three_transfers(&node, &mut client);
    let bob = key("//Bob").account();
    let alice = key("//Alice").account();
    let first = account(&mut client, &bob, Some(&hashes[0])).data.free.get();
    for (height, (hash, paid)) in hashes.iter().zip([0, 1, 3, 6]).enumerate() {
        assert_eq!(account(&mut client, &bob, Some(hash)).data.free.get(), first + paid, "block {height}");
        assert_eq!(account(&mut client, &alice, Some(hash)).nonce as usize, height);
        assert_eq!(client.text("chain_getBlockHash", json!([height])), *hash);
        let number = client.text("state_getStorage", json!([storage_key_of_block("Number"), hash]));
        assert_eq!(unhex(&number), u32::try_from(height).unwrap().to_le_bytes());
        let row = client.text("state_getStorageAt", json!([account_key(&bob), hash]));
        assert_eq!(client.ok("state_getStorageSize", json!([account_key(&bob), hash])), unhex(&row).len());
        let digest = client.text("state_getStorageHash", json!([account_key(&bob), hash]));
        assert_eq!(digest, super::node::hash_of(&row));
        let changes = client.ok("state_queryStorageAt", json!([[account_key(&bob), "0x1234"], hash]));
        assert_eq!(
            changes,
            json!([{ "block": hash, "changes": [[account_key(&bob), row], ["0x1234", null]] }])
        );
        let nonce =
            client.text("state_call", json!(["AccountNonceApi_account_nonce", hex(alice.bytes()), hash]));
        assert_eq!(unhex(&nonce), u32::try_from(height).unwrap().to_le_bytes());
    }
    let list = client.ok("chain_getBlockHash", json!([[0, 1, "0x2", "3", 4]]));
    assert_eq!(list, json!([hashes[0], hashes[1], hashes[2], hashes[3], null]));
    let mut parent = hashes[0].clone();
    for hash in &hashes[1..] {
        let header = client.ok("chain_getHeader", json!([hash]));
        assert_eq!((header["parentHash"].as_str(), header_hash(&header)), (Some(&*parent), hash.clone()));
        parent.clone_from(hash);
    }
}

/// The key of an item that a block has and its state has not.
fn storage_key_of_block(name: &str) -> String {
    let item = chain::wire::sealed_items().iter().find(|item| item.pallet == "System" && item.name == name);
    hex(item.unwrap().prefix())
}

fn strings(list: &Json) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn pages(client: &mut Client, prefix: &str, size: u64) -> Vec<String> {
    let mut all = Vec::<String>::new();
    loop {
        // Clients begin a walk with the prefix as the key after which to begin.
        let start = all.last().cloned().unwrap_or_else(|| prefix.to_owned());
        let page = strings(&client.ok("state_getKeysPaged", json!([prefix, size, start])));
        assert!(page.len() as u64 <= size);
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

#[test]
fn pages_make_up_the_whole() {
    let node = Node::manual();
    let mut client = node.client();
    let accounts = hex(chain::schema::lookup("System", "Account").unwrap().prefix());
    let alice = account_key(&key("//Alice").account());
    let networks = hex(chain::schema::lookup("SubtensorModule", "NetworksAdded").unwrap().prefix());
    let everything = strings(&client.ok("state_getKeys", json!(["0x"])));
    assert!(everything.len() > 50, "{} keys", everything.len());
    // All, one pallet, one item, half an item's name, the beginning of a key, nothing.
    for prefix in ["0x", &accounts[..34], &accounts, &accounts[..50], &alice[..72], &networks, "0xabcdef"] {
        let whole = strings(&client.ok("state_getKeys", json!([prefix])));
        assert!(whole.is_sorted_by(|one, next| one < next), "{prefix}: sorted, none twice");
        let expected: Vec<_> = everything.iter().filter(|key| key.starts_with(prefix)).cloned().collect();
        assert_eq!(whole, expected, "{prefix}");
        for size in [1, 7, 1_000] {
            assert_eq!(pages(&mut client, prefix, size), whole, "{prefix} in pages of {size}");
        }
    }
    let height = storage_key_of_block("Number");
    assert_eq!(
        client.ok("state_getKeysPaged", json!([height, 10])),
        json!([height]),
        "of the block, not the state"
    );
    assert_eq!(client.ok("state_getKeysPaged", json!([height, 10, height])), json!([]));
    assert!(everything.contains(&height));
    assert_eq!(client.ok("state_getKeys", json!([alice])), json!([alice]));
    assert_eq!(client.ok("state_getKeysPaged", json!([alice, 10])), json!([alice]));
    assert_eq!(
        client.ok("state_getKeysPaged", json!([alice, 10, alice])),
        json!([]),
        "the start is left out"
    );
    assert_eq!(strings(&client.ok("state_getKeys", json!([accounts]))).len(), 11, "the development accounts");
    let none = client.ok("state_getKeysPaged", json!([accounts, 10, format!("0x{}", "f".repeat(160))]));
    assert_eq!(none, json!([]), "nothing comes after the last");
    assert_eq!(client.ok("state_getKeysPaged", json!([accounts, 0, accounts])), json!([]));
    for key in &everything {
        assert_ne!(
            client.ok("state_getStorage", json!([key])),
            Json::Null,
            "a listed key has a value: {key}"
        );
    }
}

#[test]
fn pages_of_a_subnet_are_those_of_their_block() {
    let node = Node::start(Setup { scenario: Some("hello-market"), ..Setup::default() });
    let mut client = node.client();
    let uids = hex(chain::schema::lookup("SubtensorModule", "Uids").unwrap().prefix());
    let axons = hex(chain::schema::lookup("SubtensorModule", "Axons").unwrap().prefix());
    let mut seen = Vec::new();
    let alice = key("//Alice");
    for round in 0..8 {
        if round == 4 {
            let hotkey = key("//Bob").account();
            let register = chain::call::subtensor::Call::BurnedRegister { netuid: NetUid(1), hotkey };
            client.text("author_submitExtrinsic", json!([wire(&node, &alice, register.into(), 0)]));
        }
        client.ok("localnet_mine", json!([1]));
        let hash = client.text("chain_getBlockHash", json!([]));
        let keys = [&uids, &axons].map(|prefix| pages(&mut client, prefix, 2));
        seen.push((hash, keys));
    }
    let counts: Vec<_> = seen.iter().map(|(_, keys)| keys.each_ref().map(Vec::len)).collect();
    assert!(counts.is_sorted() && counts.first() < counts.last(), "{counts:?}: a neuron comes to the subnet");
    for (hash, keys) in &seen {
        for (prefix, keys) in [&uids, &axons].into_iter().zip(keys) {
            let at = strings(&client.ok("state_getKeysPaged", json!([prefix, 1_000, null, hash])));
            assert_eq!(at, *keys, "what came later does not show in {hash}");
            assert!(keys.iter().all(|key| client.ok("state_getStorage", json!([key, hash])) != Json::Null));
        }
    }
}

#[test]
fn storage_is_told_of_when_it_changes() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob, charlie) = (key("//Alice"), key("//Bob"), key("//Charlie"));
    let keys = [account_key(&bob.account()), account_key(&charlie.account()), "0x1234".to_owned()];
    let watched = client.text("state_subscribeStorage", json!([keys]));
    let first = client.note(&watched);
    assert_eq!(first["block"], hex(node.genesis));
    let rows = first["changes"].as_array().unwrap();
    assert_eq!(rows.len(), 3, "at first all of them: {first}");
    assert_eq!(rows[2], json!(["0x1234", null]));

    client.ok("localnet_mine", json!([5]));
    client.ok("author_submitExtrinsic", json!([wire(&node, &alice, pay(&bob, 1), 0)]));
    client.ok("localnet_mine", json!([3]));
    let change = client.note(&watched);
    assert_eq!(
        change["block"],
        client.text("chain_getBlockHash", json!([6])),
        "five blocks had nothing to tell"
    );
    let row = client.text("state_getStorage", json!([keys[0]]));
    assert_eq!(change["changes"], json!([[keys[0], row]]), "and only one key changed");
    assert_eq!(client.ok("state_unsubscribeStorage", json!([watched])), true);
    assert_eq!(client.unread(), 0);
}

#[test]
fn hashes_of_earlier_blocks_are_storage_too() {
    let node = Node::manual();
    let mut client = node.client();
    client.ok("localnet_mine", json!([2_410]));
    let row = |number: u32| {
        let mut key = storage_key_of_block("BlockHash");
        let mut rest = Vec::new();
        chain::schema::Hasher::Twox64Concat.write(&number.to_le_bytes(), &mut rest);
        key.push_str(&hex(rest)[2..]);
        key
    };
    let kept = [0, 10, 11, 2_409].map(|number| (number, client.text("chain_getBlockHash", json!([number]))));
    for (number, hash) in kept {
        assert_eq!(client.ok("state_getStorage", json!([row(number)])), hash, "block {number}");
    }
    for number in [1, 9, 2_410, 2_411] {
        assert_eq!(client.ok("state_getStorage", json!([row(number)])), Json::Null, "block {number}");
    }
    let then = client.text("chain_getBlockHash", json!([9]));
    let hash = client.text("chain_getBlockHash", json!([8]));
    assert_eq!(client.ok("state_getStorage", json!([row(8), then])), hash, "at block 9");
    assert_eq!(client.ok("state_getStorage", json!([row(9), then])), Json::Null);
    assert_eq!(client.ok("state_getStorage", json!([format!("{}00", row(10))])), Json::Null);
}

#[test]
fn a_final_head_is_told_once() {
    let node = Node::start(Setup { finality: 3, ..Setup::default() });
    let mut client = node.client();
    let heads = client.text("chain_subscribeFinalizedHeads", json!([]));
    client.ok("localnet_mine", json!([6]));
    for expected in 0..=3 {
        assert_eq!(number(&client.note(&heads)), expected);
    }
    assert_eq!(client.ok("chain_unsubscribeFinalizedHeads", json!([heads])), true);
    assert_eq!(client.unread(), 0);
}

#[test]
fn heads_come_without_a_gap() {
    let node = Node::manual();
    let mut client = node.client();
    client.ok("localnet_mine", json!([3]));
    let names = [
        ("chain_subscribeNewHeads", "chain_unsubscribeNewHeads"),
        ("chain_subscribeNewHead", "chain_unsubscribeNewHead"),
        ("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads"),
        ("chain_subscribeAllHeads", "chain_unsubscribeAllHeads"),
    ];
    let ids: Vec<_> = names.iter().map(|(subscribe, _)| client.text(subscribe, json!([]))).collect();
    client.ok("localnet_mine", json!([50]));
    let mut last = client.text("chain_getBlockHash", json!([2]));
    for height in 3..=53 {
        let headers: Vec<_> = ids.iter().map(|id| client.note(id)).collect();
        assert_eq!(number(&headers[0]), height);
        assert!(headers.iter().all(|header| *header == headers[0]), "all the same: every block is final");
        assert_eq!(headers[0]["parentHash"], last);
        last = header_hash(&headers[0]);
    }
    for ((_, unsubscribe), id) in names.iter().zip(&ids) {
        assert_eq!(client.ok(unsubscribe, json!([id])), true);
    }
    client.ok("localnet_mine", json!([2]));
    client.ok("system_chain", json!([]));
    assert_eq!(client.unread(), 0, "nothing comes after the end");
}

#[test]
fn the_runtime_version_is_told_once() {
    let node = Node::manual();
    let mut client = node.client();
    let version = client.ok("state_getRuntimeVersion", json!([null]));
    assert_eq!(client.ok("chain_getRuntimeVersion", json!([])), version);
    assert_eq!((&version["specName"], &version["transactionVersion"]), (&json!("node-subtensor"), &json!(1)));
    assert!(version["apis"].as_array().unwrap().contains(&json!(["0x37e397fc7c91f5e4", 2])), "{version}");
    let watched = client.text("state_subscribeRuntimeVersion", json!([]));
    assert_eq!(client.note(&watched), version);
    client.ok("localnet_mine", json!([3]));
    client.ok("state_unsubscribeRuntimeVersion", json!([watched]));
    assert_eq!(client.unread(), 0);
}

#[test]
fn batches() {
    let node = Node::manual();
    let mut client = node.client();
    let request =
        |id: u64, method: &str| json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": [] });
    let batch =
        json!([request(3, "system_chain"), request(1, "chain_getNothing"), request(2, "chain_getHead")]);
    let over_http: Json = serde_json::from_str(&post(node.address, &batch.to_string()).1).unwrap();
    for mut answers in [client.say(&batch.to_string()).unwrap(), over_http] {
        let answers = answers.as_array_mut().unwrap();
        answers.sort_by_key(|answer| answer["id"].as_u64());
        assert_eq!(answers.len(), 3, "{answers:?}");
        assert_eq!(answers[0]["error"]["code"], -32_601);
        assert_eq!(answers[1]["result"], hex(node.genesis));
        assert_eq!(answers[2]["result"], "Bittensor");
    }
    let many: Vec<Json> = (0..1_025).map(|id| request(id, "system_chain")).collect();
    let answer = client.say(&Json::Array(many).to_string()).unwrap();
    assert_eq!(answer["error"]["code"], -32_010, "{answer}");
}

#[test]
fn every_method_that_is_listed_is_there() {
    let node = Node::manual();
    let mut client = node.client();
    let methods = strings(&client.ok("rpc_methods", json!([]))["methods"]);
    assert!(methods.is_sorted() && methods.len() > 60, "{methods:?}");
    for method in &methods {
        for params in [json!([]), json!([null])] {
            if let Err(refused) = client.request(method, params) {
                assert_ne!(refused.code, -32_601, "{method} is listed and not there");
            }
        }
    }
    // What clients look for by name (spec/clients.md section 1).
    for name in "state_getRuntimeVersion chain_getRuntimeVersion chain_getBlockHash chain_getHead chain_getFinalizedHead \
         chain_getFinalisedHead chain_getHeader chain_getBlock state_call state_getStorage state_getStorageAt \
         state_getKeysPaged state_getKeys state_queryStorageAt account_nextIndex system_accountNextIndex \
         author_submitExtrinsic author_submitAndWatchExtrinsic author_unwatchExtrinsic chain_subscribeNewHeads \
         chain_subscribeNewHead chain_subscribeFinalizedHeads chain_subscribeAllHeads chain_unsubscribeNewHeads \
         state_subscribeRuntimeVersion state_unsubscribeRuntimeVersion state_subscribeStorage state_unsubscribeStorage \
         system_chain system_properties system_chainType system_name system_version system_health rpc_methods \
         state_getMetadata payment_queryInfo author_pendingExtrinsics state_getStorageSize state_getStorageHash \
         chainHead_v1_body chainHead_v1_call chainHead_v1_continue chainHead_v1_follow chainHead_v1_header \
         chainHead_v1_stopOperation chainHead_v1_storage chainHead_v1_unfollow chainHead_v1_unpin chainSpec_v1_chainName \
         chainSpec_v1_genesisHash chainSpec_v1_properties transaction_v1_broadcast transaction_v1_stop \
         transactionWatch_v1_submitAndWatch transactionWatch_v1_unwatch archive_v1_body archive_v1_call \
         archive_v1_finalizedHeight archive_v1_genesisHash archive_v1_hashByHeight archive_v1_header archive_v1_storage \
         archive_v1_stopStorage archive_v1_storageDiff archive_v1_stopStorageDiff"
        .split_whitespace()
    {
        assert!(methods.iter().any(|method| method == name), "{name} is not listed");
    }
}

#[test]
fn answers_over_http_are_the_same() {
    let node = Node::manual();
    let mut client = node.client();
    for (method, params) in [
        ("system_properties", json!([])),
        ("chain_getHeader", json!([])),
        ("state_getStorage", json!([account_key(&key("//Alice").account())])),
        ("state_getMetadata", json!([])),
        ("state_call", json!(["Metadata_metadata_at_version", "0x0f000000"])),
        ("state_call", json!(["Metadata_metadata_versions", ""])),
    ] {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let (status, body) = post(node.address, &request.to_string());
        let body: Json = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &body["result"]), (200, &client.ok(method, params)), "{method}");
    }
    let metadata = client.text("state_call", json!(["Metadata_metadata_at_version", "0x0f000000"]));
    assert!(unhex(&metadata)[5..].starts_with(b"meta\x0f"), "an option, a length of four bytes, then V15");
    assert_eq!(
        client.text("state_call", json!(["Metadata_metadata_at_version", "0x10000000"])),
        "0x00",
        "no V16"
    );
    assert!(unhex(&client.text("state_getMetadata", json!([]))).starts_with(b"meta\x0e"));
    let key = storage_key("SubtensorModule", "Tempo", &[json!(1)]);
    assert_eq!(unhex(&client.text("state_getStorage", json!([key]))).len(), 2);
}

/// The chain's own methods answer what the runtime APIs do.
#[test]
fn the_chain_s_own_methods_are_its_runtime_apis() {
    let node = Node::start(Setup { scenario: Some("hello-market"), ..Setup::default() });
    let mut client = node.client();
    client.ok("localnet_mine", json!([30]));
    let cast = client.ok("localnet_nodeInfo", json!([]))["cast"].clone();
    let (hotkey, coldkey) = (cast[2]["hotkey"].as_str().unwrap(), cast[2]["coldkey"].as_str().unwrap());
    let account: chain::account::AccountId = hotkey.parse().unwrap();
    let raw = account.encode();
    let cold = coldkey.parse::<chain::account::AccountId>().unwrap().encode();
    let (one, uid) = (1_u16.encode(), [1_u16.encode(), 2_u16.encode()].concat());
    let columns = [one.clone(), vec![0_u16, 3].encode()].concat();
    for (method, params, api, arguments) in [
        ("delegateInfo_getDelegates", json!([]), "DelegateInfoRuntimeApi_get_delegates", vec![]),
        ("delegateInfo_getDelegate", json!([raw]), "DelegateInfoRuntimeApi_get_delegate", raw.clone()),
        ("neuronInfo_getNeuronsLite", json!([1]), "NeuronInfoRuntimeApi_get_neurons_lite", one.clone()),
        ("neuronInfo_getNeuron", json!([1, 2]), "NeuronInfoRuntimeApi_get_neuron", uid),
        ("subnetInfo_getSubnetsInfo_v2", json!([]), "SubnetInfoRuntimeApi_get_subnets_info_v2", vec![]),
        ("subnetInfo_getDynamicInfo", json!([1]), "SubnetInfoRuntimeApi_get_dynamic_info", one.clone()),
        (
            "subnetInfo_getSelectiveMetagraph",
            json!([1, [0, 3]]),
            "SubnetInfoRuntimeApi_get_selective_metagraph",
            columns,
        ),
        ("subnetInfo_getSubnetState", json!([1]), "SubnetInfoRuntimeApi_get_subnet_state", one.clone()),
        (
            "subnetInfo_getColdkeyAutoStakeHotkey",
            json!([coldkey, 1]),
            "SubnetInfoRuntimeApi_get_coldkey_auto_stake_hotkey",
            [cold, one.clone()].concat(),
        ),
        (
            "swap_simSwapTaoForAlpha",
            json!([1, 1_000_000_000_u64]),
            "SwapRuntimeApi_sim_swap_tao_for_alpha",
            [one.clone(), 1_000_000_000_u64.encode()].concat(),
        ),
    ] {
        let answer: Vec<u8> = serde_json::from_value(client.ok(method, params)).unwrap();
        assert!(!answer.is_empty(), "{method}");
        assert_eq!(hex(answer), client.text("state_call", json!([api, hex(arguments)])), "{method}");
    }
    let price = client.ok("swap_currentAlphaPrice", json!([1])).as_u64().unwrap();
    let called = client.text("state_call", json!(["SwapRuntimeApi_current_alpha_price", hex(&one)]));
    assert_eq!(hex(price.encode()), called);
    let all = client.ok("swap_currentAlphaPriceAll", json!([]));
    assert!(all.as_array().unwrap().contains(&json!({ "netuid": 1, "price": price })), "{all}");
    assert!(client.ok("subnetInfo_getLockCost", json!([])).as_u64().unwrap() > 0);
    assert_eq!(client.ok("subnetInfo_getBlockEmission", json!([])), 1_000_000_000);
    let none = client.refused("subnetInfo_getSubnetAccountId", json!([77]));
    assert_eq!(none.code, 1, "{none:?}");
    let own = ["delegateInfo_", "neuronInfo_", "subnetInfo_", "stakeInfo_", "swap_"];
    let methods = strings(&client.ok("rpc_methods", json!([]))["methods"]);
    let methods: Vec<_> =
        methods.iter().filter(|name| own.iter().any(|prefix| name.starts_with(prefix))).collect();
    assert_eq!(methods.len(), 32, "{methods:?}");
    let genesis = hex(node.genesis);
    let then = client.ok("neuronInfo_getNeuronsLite", json!([1, genesis]));
    assert_ne!(then, client.ok("neuronInfo_getNeuronsLite", json!([1])), "at a block");
    for (method, params) in [
        ("neuronInfo_getNeurons", json!(["one"])),
        ("neuronInfo_getNeuron", json!([1])),
        ("delegateInfo_getDelegate", json!([[1, 2]])),
        ("subnetInfo_getSelectiveMetagraph", json!([1, 3])),
        ("stakeInfo_getColdkeyLock", json!(["Alice", 1])),
        ("swap_currentAlphaPrice", json!([1, null, 3])),
    ] {
        assert_eq!(client.refused(method, params.clone()).code, -32_602, "{method}{params}");
    }
}

#[test]
fn what_the_node_says_of_itself_and_what_it_cannot_prove() {
    let node = Node::manual();
    let mut client = node.client();
    let peer = client.text("system_localPeerId", json!([]));
    assert!(peer.starts_with("12D3KooW") && peer.len() == 52, "an ed25519 key as libp2p writes it: {peer}");
    assert_eq!(client.ok("system_localListenAddresses", json!([])), json!([]));
    let row = account_key(&key("//Alice").account());
    let proof = client.refused("state_getReadProof", json!([[row]]));
    assert_eq!(proof.code, 4003);
    assert!(proof.message.contains("no trie root"), "{proof:?}");

    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let dry = |client: &mut Client, extrinsic: String| client.text("system_dryRun", json!([extrinsic]));
    assert_eq!(dry(&mut client, wire(&node, &alice, pay(&bob, 1), 0)), "0x0000");
    assert_eq!(
        dry(&mut client, wire(&node, &alice, pay(&bob, u64::MAX), 0)),
        "0x00010800",
        "Arithmetic.Underflow: more than there is"
    );
    let more = pay(&bob, 1_500_000 * TAO);
    assert_eq!(dry(&mut client, wire(&node, &alice, more, 0)), "0x00010700", "Token.FundsUnavailable");
    assert_eq!(dry(&mut client, wire(&node, &alice, pay(&bob, 1), 7)), "0x010002", "Future");
    let poor = chain::crypto::Keypair::sr25519(&[9; 32]);
    assert_eq!(dry(&mut client, wire(&node, &poor, pay(&bob, 1), 0)), "0x010001", "Payment");
    assert_eq!(client.refused("system_dryRun", json!(["0x00"])).code, 1001);
    assert_eq!(super::node::height(&mut client), 0, "nothing was done");

    let asked = |client: &mut Client, extrinsic: String| {
        let arguments = [vec![2], unhex(&extrinsic), node.genesis.to_vec()].concat();
        client.text("state_call", json!(["TaggedTransactionQueue_validate_transaction", hex(arguments)]))
    };
    let tag = |nonce: u32| (alice.account(), nonce).encode();
    for (nonce, requires) in [(0, vec![]), (2, vec![tag(1)])] {
        let valid = unhex(&asked(&mut client, wire(&node, &alice, pay(&bob, 1), nonce)));
        // An immortal extrinsic is valid up to the last block that can be counted.
        let tags = (requires, vec![tag(nonce)], u64::MAX - 1, true).encode();
        assert_eq!((valid[0], &valid[9..]), (0, tags.as_slice()), "nonce {nonce}");
    }
    assert_eq!(asked(&mut client, wire(&node, &poor, pay(&bob, 1), 0)), "0x010001", "Payment");
    let mut forged = unhex(&wire(&node, &alice, pay(&bob, 1), 0));
    forged[50] ^= 1;
    assert_eq!(asked(&mut client, hex(forged)), "0x010004", "BadProof");
}
