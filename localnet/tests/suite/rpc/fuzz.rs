//! Requests and extrinsics that nobody sane sends (`LOCALNET_SLOW=1` for 100,000 of them).

use super::client::Client;
use super::node::{Node, Setup, account, free, hex, key, pay, still_seals, storage_key, unhex, wire};
use chain::call::{BalancesCall, RuntimeCall};
use chain::state::AccountInfo;
use chain::units::{Rao, TAO};
use parity_scale_codec::DecodeAll as _;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Runtime APIs with arguments of all kinds.
const APIS: [&str; 14] = [
    "AccountNonceApi_account_nonce",
    "Core_version",
    "DelegateInfoRuntimeApi_get_delegate",
    "Metadata_metadata_at_version",
    "NeuronInfoRuntimeApi_get_neuron",
    "NeuronInfoRuntimeApi_get_neurons_lite",
    "StakeInfoRuntimeApi_get_stake_info_for_coldkeys",
    "StakeInfoRuntimeApi_get_stake_info_for_hotkey_coldkey_netuid",
    "SubnetInfoRuntimeApi_get_metagraph",
    "SubnetInfoRuntimeApi_get_selective_mechagraph",
    "SubnetInfoRuntimeApi_get_subnet_hyperparams_v3",
    "SwapRuntimeApi_current_alpha_price",
    "SwapRuntimeApi_sim_swap_tao_for_alpha",
    "TransactionPaymentApi_query_info",
];

/// Xorshift: the same requests in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.below(most + 1);
        (0..length).map(|_| self.below(256) as u8).collect()
    }
    fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Text that a client might send by mistake.
fn words(dice: &mut Dice, known: &[String]) -> String {
    match dice.below(5) {
        0 => dice.one(known).clone(),
        1 => hex(dice.bytes(80)),
        2 => {
            // Half of something that is right.
            let whole = dice.one(known);
            whole.chars().take(dice.below(whole.len() + 1)).collect()
        }
        3 => String::from_utf8_lossy(&dice.bytes(20)).into_owned(),
        _ => (*dice.one(&["", "0x", "0X00", "null", "-1", "NaN", "//Alice", "\u{1F600}"])).to_owned(),
    }
}

fn value(dice: &mut Dice, known: &[String], depth: usize) -> Json {
    match dice.below(if depth == 0 { 7 } else { 9 }) {
        0 => Json::Null,
        1 => json!(dice.below(2) == 0),
        2 => json!(dice.below(300)),
        3 => json!(*dice.one(&[-1, i64::MIN, i64::MAX])),
        4 => json!(1.5),
        5 | 6 => json!(words(dice, known)),
        7 => (0..dice.below(4)).map(|_| value(dice, known, depth - 1)).collect(),
        _ => json!({ "count": value(dice, known, 0) }),
    }
}

/// Some bytes of an extrinsic changed, added or left out.
fn harmed(dice: &mut Dice, good: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        match dice.below(4) {
            0 => bytes.truncate(at.max(1)),
            1 => bytes.insert(at, dice.below(256) as u8),
            _ => bytes[at] ^= 1 << dice.below(8),
        }
    }
    bytes
}

/// All balances sum to the issuance.
fn nothing_is_lost(client: &mut Client) {
    let prefix = hex(chain::schema::lookup("System", "Account").unwrap().prefix());
    let keys = client.ok("state_getKeys", json!([prefix]));
    let rows = client.ok("state_queryStorageAt", json!([keys]));
    let rows = rows[0]["changes"].as_array().unwrap();
    let sum: u64 = rows
        .iter()
        .map(|row| AccountInfo::decode_all(&mut unhex(row[1].as_str().unwrap()).as_slice()).unwrap().data)
        .map(|data| data.free.get() + data.reserved.get())
        .sum();
    let issuance = client.text("state_getStorage", json!([storage_key("Balances", "TotalIssuance", &[])]));
    assert_eq!(sum, u64::from_le_bytes(unhex(&issuance).try_into().unwrap()));
}

/// Whether it is a developer's.
fn is_order(method: &str) -> bool {
    ["localnet_", "dev_", "anvil_", "evm_", "hardhat_"].iter().any(|order| method.starts_with(order))
}

#[test]
fn nonsense_does_no_harm() {
    let count = if fixtures::slow() { 100_000 } else { 2_000 };
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let methods: Vec<String> =
        serde_json::from_value(client.ok("rpc_methods", json!([]))["methods"].clone()).unwrap();
    // Orders of developers do what they say: below. Watching fills the connection's room for subscriptions, which is so by
    // design.
    let methods: Vec<String> =
        methods.into_iter().filter(|name| !is_order(name) && !name.contains("ubscribe")).collect();
    let mut known = vec![
        hex(node.genesis),
        alice.account().to_ss58(),
        super::node::account_key(&alice.account()),
        storage_key("SubtensorModule", "Tempo", &[json!(1)]),
    ];
    known.extend(APIS.map(str::to_owned));
    let both = |client: &mut Client| free(client, &alice) + free(client, &bob);
    let (before, mut fees, mut nonce, mut answered) = (both(&mut client), 0, 0, 0_u32);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for round in 0..count {
        match dice.below(10) {
            0..=3 => {
                let params: Vec<Json> = (0..dice.below(5)).map(|_| value(&mut dice, &known, 2)).collect();
                let method = dice.one(&methods).clone();
                answered += u32::from(client.request(&method, json!(params)).is_ok());
            }
            4 | 5 => {
                let arguments = hex(dice.bytes(120));
                let api = *dice.one(&APIS);
                answered += u32::from(client.request("state_call", json!([api, arguments])).is_ok());
            }
            6..=8 => {
                let good = unhex(&wire(&node, &alice, pay(&bob, TAO), nonce));
                let bad = harmed(&mut dice, &good);
                if bad == good {
                    continue;
                }
                let methods = ["author_submitExtrinsic", "author_submitAndWatchExtrinsic"];
                let method: &str = dice.one::<&str>(&methods);
                let error = client.refused(method, json!([hex(&bad)]));
                assert!(matches!(error.code, 1001 | 1010), "{}: {error:?}", hex(&bad));
                // What is not signed well can still be asked the price of.
                let _ = client.request("payment_queryInfo", json!([hex(&bad)]));
            }
            _ => {
                let text = String::from_utf8_lossy(&dice.bytes(60)).into_owned();
                let answer = client.say(&text).expect("an answer, and no end of the connection");
                assert!(answer["error"]["code"].is_i64(), "{text:?}: {answer}");
            }
        }
        if round % 500 == 499 {
            let good = wire(&node, &alice, pay(&bob, 1), nonce);
            let info = client.ok("payment_queryInfo", json!([good]));
            fees += info["partialFee"].as_str().unwrap().parse::<u64>().unwrap();
            client.ok("author_submitExtrinsic", json!([good]));
            nonce += 1;
            still_seals(&mut client);
            assert_eq!(account(&mut client, &alice.account(), None).nonce, nonce);
            assert_eq!(both(&mut client), before - fees, "nothing but fees is gone after {round} rounds");
            nothing_is_lost(&mut client);
        }
    }
    assert!(answered > 0, "some of it makes sense by chance");
    println!("{count} requests, {answered} of them made sense, {nonce} blocks, {fees} rao of fees");
}

/// Orders that make sense, of each kind one.
fn sensible(dump: &str) -> Vec<(&'static str, Vec<Json>)> {
    let alice = key("//Alice").account();
    let bytes = |call: RuntimeCall| hex(parity_scale_codec::Encode::encode(&call));
    let grant = BalancesCall::ForceSetBalance { who: alice.into(), new_free: Rao(3 * TAO) };
    let alice = alice.to_ss58();
    vec![
        ("localnet_setBalance", vec![json!(alice), json!(5 * TAO)]),
        ("localnet_setStorage", vec![json!("SubtensorModule"), json!("Tempo"), json!([1]), json!(77)]),
        ("localnet_setHyperparameter", vec![json!(1), json!("kappa"), json!(30_000)]),
        ("localnet_impersonate", vec![json!(alice), json!(bytes(pay(&key("//Bob"), 5)))]),
        ("localnet_sudo", vec![json!(bytes(grant.into()))]),
        ("localnet_injectFault", vec![json!({ "offline": "brook", "blocks": 2 })]),
        ("localnet_snapshot", vec![json!("base")]),
        ("localnet_revert", vec![json!("base")]),
        ("localnet_increaseTime", vec![json!(60)]),
        ("localnet_loadState", vec![json!(dump)]),
        ("localnet_metagraph", vec![json!(1)]),
    ]
}

/// Orders of developers change the chain when they make sense by chance; whatever they do, it goes on and no rao is lost.
#[test]
fn nonsense_orders_do_no_harm() {
    let count = if fixtures::slow() { 20_000 } else { 1_500 };
    let node = Node::start(Setup { scenario: Some("hello-market"), window: 64, ..Setup::default() });
    let mut client = node.client();
    let methods: Vec<String> =
        serde_json::from_value(client.ok("rpc_methods", json!([]))["methods"].clone()).unwrap();
    // Blocks on demand are counted below; others would come by themselves.
    let paced = ["mine", "newBlock", "Interval", "Automine"];
    let orders: Vec<String> = methods
        .into_iter()
        .filter(|name| is_order(name) && !paced.iter().any(|word| name.contains(word)))
        .collect();
    assert!(orders.len() > 40, "{orders:?}");
    let mut known: Vec<String> =
        ["brook", "miner", "base", "SubtensorModule", "System", "Tempo", "Account", "tempo", "kappa"]
            .map(str::to_owned)
            .into();
    known.push(key("//Alice").account().to_ss58());
    let sensible = sensible(&client.text("localnet_dumpState", json!([])));
    let (mut dice, mut done) = (Dice(0x2545_f491_4f6c_dd1d), BTreeSet::new());
    for round in 0..count {
        let (order, params) = if dice.below(2) == 0 {
            let (order, mut params) = dice.one(&sensible).clone();
            let at = dice.below(2 * params.len());
            if let Some(spoilt) = params.get_mut(at) {
                *spoilt = value(&mut dice, &known, 2);
            }
            (order.to_owned(), params)
        } else {
            let params = (0..dice.below(5)).map(|_| value(&mut dice, &known, 2)).collect();
            (dice.one(&orders).clone(), params)
        };
        if client.request(&order, json!(params)).is_ok() {
            done.insert(order);
        }
        if dice.below(20) == 0 {
            client.ok("localnet_mine", json!([dice.below(4)]));
        }
        if round % 100 == 99 {
            still_seals(&mut client);
            nothing_is_lost(&mut client);
            client.ok("localnet_metagraph", json!([1]));
        }
    }
    println!("{count} orders; these made sense by chance: {done:?}");
    assert!(sensible.iter().all(|(order, _)| done.contains(*order)), "{done:?}");
}
