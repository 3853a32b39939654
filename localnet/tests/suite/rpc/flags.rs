//! Each flag of `up` has its effect: the program is started with it, and what it changes is looked at from outside.
#![cfg(unix)]

use super::client::{Client, post};
use super::node::{height, hex, key, pay, still_seals, storage_key, unhex, watch};
use super::program::Up;
use crate::binary::say;
use crate::gateway::harness::Ask;
use chain::block::SignedExtrinsic;
use chain::call::subtensor::Call;
use chain::crypto::Keypair;
use chain::types::Pulse;
use chain::units::NetUid;
use parity_scale_codec::{Compact, Decode as _, DecodeAll as _, Encode as _};
use serde_json::{Value as Json, json};
use std::path::Path;

/// A chain in memory with these flags, and a client of it.
fn with(dir: &Path, flags: &[&str]) -> (Up, Client) {
    let up = Up::start(dir, &[&["--store", "memory"], flags].concat());
    let client = up.client();
    (up, client)
}

fn transfer(client: &mut Client, from: &Keypair, nonce: u32) -> String {
    let genesis = unhex(&client.text("chain_getBlockHash", json!([0]))).try_into().unwrap();
    hex(SignedExtrinsic::sign(from, pay(&key("//Ferdie"), 5), nonce, &genesis).wire_bytes())
}

/// Height of the final head.
fn final_height(client: &mut Client) -> u64 {
    let hash = client.text("chain_getFinalizedHead", json!([]));
    super::node::number(&client.ok("chain_getHeader", json!([hash])))
}

#[test]
fn finality_comes_with_so_many_blocks_on_top() {
    let dir = tempfile::tempdir().unwrap();
    for (flags, blocks, last) in
        [([].as_slice(), 5, 3), (&["--finality", "0"], 5, 5), (&["--finality", "5"], 7, 2)]
    {
        let (up, mut client) = with(dir.path(), flags);
        let finals = client.text("chain_subscribeFinalizedHeads", json!([]));
        let watched = {
            let bytes = transfer(&mut client, &key("//Alice"), 0);
            watch(&mut client, &bytes)
        };
        client.ok("localnet_mine", json!([blocks]));
        // Those with enough on top of them at once, the others when no more blocks come.
        for expected in 0..=blocks {
            assert_eq!(super::node::number(&client.note(&finals)), expected, "{flags:?}");
            assert!(expected > last || final_height(&mut client) >= last, "{flags:?}");
        }
        assert_eq!((height(&mut client), final_height(&mut client)), (blocks, blocks), "{flags:?}");
        let first = client.text("chain_getBlockHash", json!([1]));
        assert_eq!(client.note(&watched), "ready");
        assert_eq!(client.note(&watched), json!({ "inBlock": first }));
        assert_eq!(client.note(&watched), json!({ "finalized": first }), "{flags:?}");
        up.end("-INT");
    }
}

#[test]
fn history_is_the_number_of_states() {
    let dir = tempfile::tempdir().unwrap();
    let (up, mut client) = with(dir.path(), &["--history", "4"]);
    let row = super::node::account_key(&key("//Alice").account());
    client.ok("localnet_mine", json!([10]));
    for number in 0..=10_u64 {
        let hash = client.text("chain_getBlockHash", json!([number]));
        let read = client.request("state_getStorage", json!([row, hash]));
        assert_eq!(read.is_ok(), number >= 7, "block {number}: {read:?}");
    }
    up.end("-INT");
}

#[test]
fn the_pool_holds_so_many() {
    let dir = tempfile::tempdir().unwrap();
    let (up, mut client) = with(dir.path(), &["--pool", "3"]);
    for nonce in 0..3 {
        let extrinsic = transfer(&mut client, &key("//Alice"), nonce);
        client.text("author_submitExtrinsic", json!([extrinsic]));
    }
    let fourth = transfer(&mut client, &key("//Bob"), 0);
    let full = client.refused("author_submitExtrinsic", json!([fourth]));
    assert_eq!((full.code, full.message.as_str()), (1016, "Immediately Dropped"));
    still_seals(&mut client);
    client.text("author_submitExtrinsic", json!([fourth]));
    up.end("-INT");
}

/// A constant of eight bytes or fewer in the metadata: its type and its value come after its name.
pub(super) fn constant(client: &mut Client, name: &str) -> u64 {
    let metadata = unhex(&client.text("state_getMetadata", json!([])));
    let name = name.encode();
    let at = metadata.windows(name.len()).position(|window| window == name).expect("the metadata has it");
    let (_, value) = <(Compact<u32>, Vec<u8>)>::decode(&mut &metadata[at + name.len()..]).unwrap();
    let mut bytes = [0; 8];
    bytes[..value.len()].copy_from_slice(&value);
    u64::from_le_bytes(bytes)
}

#[test]
fn the_metadata_says_how_far_blocks_are_apart() {
    let dir = tempfile::tempdir().unwrap();
    for (flags, ms) in
        [([].as_slice(), 250), (&["--block-time", "12s"], 12_000), (&["--block-time", "7ms"], 7)]
    {
        let (up, mut client) = with(dir.path(), flags);
        assert_eq!(constant(&mut client, "SlotDuration"), ms, "{flags:?}");
        assert_eq!(constant(&mut client, "MinimumPeriod"), ms / 2, "{flags:?}");
        up.end("-INT");
    }
}

/// The constants of a chain: a value of its genesis, and one of its metadata.
#[test]
fn a_preset_is_the_constants_of_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    let cooldown = storage_key("SubtensorModule", "PendingChildKeyCooldown", &[]);
    for (flags, blocks, tempo) in [
        ([].as_slice(), json!(hex(15_u64.encode())), 10),
        (&["--preset", "fast"], json!(hex(15_u64.encode())), 10),
        // The default of the pallet, which is not stored.
        (&["--preset", "production"], Json::Null, 360),
        (&["--preset", "mainnet"], Json::Null, 360),
    ] {
        let (up, mut client) = with(dir.path(), flags);
        assert_eq!(constant(&mut client, "InitialTempo"), tempo, "{flags:?}");
        assert_eq!(client.ok("state_getStorage", json!([cooldown])), blocks, "{flags:?}");
        up.end("-INT");
    }
}

/// What a chain of each preset has in its storage, and what its new subnets begin with; `None` for the pallet's default.
#[test]
fn the_presets_are_what_their_names_say() {
    let dir = tempfile::tempdir().unwrap();
    let stored = |client: &mut Client, name: &str, keys: &[Json]| {
        let value = client.ok("state_getStorage", json!([storage_key("SubtensorModule", name, keys)]));
        value.as_str().map(unhex).map(|bytes| match bytes.len() {
            1 => u64::from(bytes[0]),
            _ => u64::from_le_bytes(bytes.try_into().unwrap()),
        })
    };
    // Stake threshold, TAO weight, rate limits of subnets and of hotkey swaps.
    let global = |client: &mut Client| {
        ["StakeThreshold", "TaoWeight", "NetworkRateLimit", "TxRateLimit"]
            .map(|name| stored(client, name, &[]))
    };
    for (preset, values, commits, weights) in [
        ("fast", [None, None, Some(0), None], Some(0), None),
        ("production", [None, None, Some(0), None], Some(0), None),
        (
            "mainnet",
            [Some(1_000_000_000_000), Some(3_320_413_933_267_719_290), Some(28_800), Some(1)],
            None,
            None,
        ),
        ("market", [None, None, Some(0), Some(0)], Some(0), Some(0)),
    ] {
        let (up, mut client) = with(dir.path(), &["--preset", preset]);
        assert_eq!(global(&mut client), values, "{preset}");
        let genesis = unhex(&client.text("chain_getBlockHash", json!([0]))).try_into().unwrap();
        let alice = key("//Alice");
        let create = Call::RegisterNetwork { hotkey: key("//Bob").account() };
        client.ok("localnet_mine", json!([1]));
        client.ok(
            "author_submitExtrinsic",
            json!([hex(SignedExtrinsic::sign(&alice, create.into(), 0, &genesis).wire_bytes())]),
        );
        client.ok("localnet_mine", json!([1]));
        let netuid = json!(if preset == "market" { 1 } else { 2 });
        let of_subnet = |client: &mut Client, name: &str| stored(client, name, std::slice::from_ref(&netuid));
        assert_eq!(of_subnet(&mut client, "NetworksAdded"), Some(1), "{preset}");
        assert_eq!(of_subnet(&mut client, "CommitRevealWeightsEnabled"), commits, "{preset}");
        assert_eq!(of_subnet(&mut client, "WeightsSetRateLimit"), weights, "{preset}");
        assert_eq!(of_subnet(&mut client, "ServingRateLimit"), weights, "{preset}");
        up.end("-INT");
    }
    let help = say(dir.path(), &["up", "--help"]).stdout;
    for words in [
        "of a fast build",
        "of a production build",
        "main network as of October 2026",
        "no rate limit on subnets",
    ] {
        assert!(help.contains(words), "{words}: {help}");
    }
}

#[test]
fn connections_subscriptions_and_requests_are_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let flags = ["--max-connections", "2", "--max-subscriptions", "3", "--max-request", "2048"];
    let (up, mut client) = with(dir.path(), &flags);
    for _ in 0..3 {
        client.text("chain_subscribeNewHeads", json!([]));
    }
    assert_eq!(client.refused("chain_subscribeNewHeads", json!([])).code, -32_006);

    let ask = |length: usize| {
        let bare =
            json!({ "jsonrpc": "2.0", "id": 1, "method": "state_getKeys", "params": [""] }).to_string();
        bare.replace("\"\"", &format!("\"{}\"", "0".repeat(length - bare.len())))
    };
    let fits = client.say(&ask(2_048)).unwrap();
    assert_eq!(fits["error"]["code"], -32_602, "it is read, and is no key: {fits}");
    let large = client.say(&ask(2_049)).unwrap();
    assert_eq!(large["error"]["code"], -32_007, "{large}");
    assert_eq!(post(up.address, &ask(2_049)).0, 413);

    let second = up.client();
    assert_eq!(Client::try_connect(up.address).err(), Some(429), "Too Many Requests");
    drop(second);
    up.end("-INT");
}

#[test]
fn a_stranger_may_ask_the_cast_unless_it_is_forbidden() {
    let dir = tempfile::tempdir().unwrap();
    for (flags, status) in [([].as_slice(), 200), (&["--axon-registered-only"], 403)] {
        let (up, mut client) = with(dir.path(), &[&["dummy"], flags].concat());
        client.ok("localnet_mine", json!([8]));
        client.ok("localnet_setAutomine", json!([true]));
        let cast = client.ok("localnet_nodeInfo", json!([]))["cast"].as_array().unwrap().clone();
        let dan = cast.iter().find(|member| member["name"] == "dan").unwrap();
        let door = up.banner.lines().find_map(|line| line.strip_prefix("axons     ")?.split(": ").next());
        let reply = Ask::dummy(dan["hotkey"].as_str().unwrap()).send(door.unwrap().parse().unwrap());
        assert_eq!(reply.status, status, "{flags:?}: {reply:?}");
        up.end("-INT");
    }
}

#[test]
fn who_opens_the_chain_to_the_network_is_warned() {
    let dir = tempfile::tempdir().unwrap();
    let root = "is open to the network: whoever reaches it can act as root";
    let cast = "is open to the network: anybody may ask the cast";
    for (flags, warned) in [
        (["--host", "127.0.0.1"].as_slice(), [false, false]),
        (&["--host", "0.0.0.0"], [true, false]),
        (&["--host", "::1"], [false, false]),
        (&[], [false, false]),
        (&["dummy", "--axon-ip", "192.0.2.7"], [false, true]),
        (&["dummy", "--host", "0.0.0.0"], [true, false]),
    ] {
        let (up, mut client) = with(dir.path(), flags);
        still_seals(&mut client);
        let (code, _, log) = up.end("-INT");
        assert_eq!(code, Some(0), "{log}");
        assert_eq!([log.contains(root), log.contains(cast)], warned, "{flags:?}: {log}");
    }
}

/// Timelocked weights wait for a beacon that is not here; who lets clients commit them is told.
#[test]
fn timelocked_weights_that_nobody_opens_are_warned_of() {
    let dir = tempfile::tempdir().unwrap();
    let (up, mut client) = with(dir.path(), &["--commit-reveal", "--log", "warn"]);
    let genesis = unhex(&client.text("chain_getBlockHash", json!([0]))).try_into().unwrap();
    let (alice, netuid) = (key("//Alice"), NetUid(1));
    let commit = Call::CommitTimelockedWeights {
        netuid,
        commit: vec![7; 64],
        reveal_round: 9,
        commit_reveal_version: 4,
    };
    let register = Call::BurnedRegister { netuid, hotkey: alice.account() };
    // Who has just registered may not set weights yet.
    for (nonce, (call, blocks)) in (0..).zip([(commit.clone(), 1), (register, 100), (commit, 1)]) {
        let extrinsic = SignedExtrinsic::sign(&alice, call.into(), nonce, &genesis).wire_bytes();
        client.text("author_submitExtrinsic", json!([hex(extrinsic)]));
        client.ok("localnet_mine", json!([blocks]));
    }
    let (_, _, log) = up.end("-INT");
    let warnings: Vec<_> =
        log.lines().filter(|line| line.contains("timelocked weights were committed")).collect();
    assert_eq!(warnings.len(), 1, "the first failed, and nothing was committed: {log}");
    assert!(warnings[0].contains(&alice.account().to_ss58()), "{log}");
}

/// Whether this machine has an IPv6 loopback address.
fn has_six() -> bool {
    std::net::TcpListener::bind(("::1", 0)).is_ok()
}

#[test]
fn both_loopback_addresses_have_the_same_port() {
    let dir = tempfile::tempdir().unwrap();
    let (up, mut four) = with(dir.path(), &[]);
    let six = format!("[::1]:{}", up.address.port()).parse().unwrap();
    assert!(up.address.ip().is_ipv4(), "the first is the one to show");
    if has_six() {
        assert!(
            up.banner.contains(&format!("rpc       ws://{} and ws://{six}\n", up.address)),
            "{}",
            up.banner
        );
        let mut six = Client::connect(six);
        assert_eq!(six.ok("localnet_mine", json!([3])), 3);
        assert_eq!(height(&mut four), 3);
        let port = up.address.port().to_string();
        let said = say(dir.path(), &["up", "--store", "memory", "--port", &port]);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.stderr.contains(&format!("127.0.0.1:{port} cannot be opened")), "{said:?}");
    }
    up.end("-INT");
    let (up, _) = with(dir.path(), &["--host", "127.0.0.1"]);
    assert!(up.banner.contains(&format!("rpc       ws://{}\n", up.address)), "{}", up.banner);
    assert!(
        std::net::TcpStream::connect(("::1", up.address.port())).is_err(),
        "a named address stands alone"
    );
    up.end("-INT");
}

#[test]
fn a_port_that_is_taken_on_one_loopback_address_is_refused() {
    if !has_six() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind(("::1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = say(dir.path(), &["up", "--store", "memory", "--port", &port]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains(&format!("[::1]:{port} cannot be opened")), "{said:?}");
}

#[test]
fn what_automine_seals_becomes_final_without_another_block() {
    let dir = tempfile::tempdir().unwrap();
    let (up, mut client) = with(dir.path(), &[]);
    client.ok("localnet_setAutomine", json!([true]));
    for nonce in 0..2 {
        let bytes = transfer(&mut client, &key("//Alice"), nonce);
        let watched = watch(&mut client, &bytes);
        assert_eq!(client.note(&watched), "ready");
        let in_block = client.note(&watched);
        assert_eq!(in_block["inBlock"], client.ok("chain_getBlockHash", json!([nonce + 1])));
        assert_eq!(client.note(&watched)["finalized"], in_block["inBlock"]);
        assert_eq!(final_height(&mut client), u64::from(nonce) + 1);
        assert_eq!(height(&mut client), u64::from(nonce) + 1, "nothing else was sealed");
    }
    up.end("-INT");
}

/// The pulses of a local beacon are on the chain, under a key that clients can be given.
#[test]
fn a_local_beacon_brings_a_pulse_with_every_block() {
    let dir = tempfile::tempdir().unwrap();
    let (up, mut client) = with(dir.path(), &["--beacon", "local"]);
    let key = up.banner.lines().find_map(|line| line.strip_prefix("beacon ")?.split("public key 0x").nth(1));
    let key = unhex(&format!("0x{}", key.unwrap()));
    assert!(!up.banner.contains("no drand beacon"), "{}", up.banner);
    client.ok("localnet_mine", json!([4]));
    let drand = |name: &str, keys: &[Json]| storage_key("Drand", name, keys);
    let config = unhex(&client.text("state_getStorage", json!([drand("BeaconConfig", &[])])));
    assert!(config.windows(key.len()).any(|part| part == key), "the chain knows the key");
    let last = unhex(&client.text("state_getStorage", json!([drand("LastStoredRound", &[])])));
    let pulse = unhex(&client.text("state_getStorage", json!([drand("Pulses", &[json!(3)])])));
    let pulse = Pulse::decode_all(&mut pulse.as_slice()).unwrap();
    assert_eq!((u64::decode_all(&mut last.as_slice()).unwrap(), pulse.round), (4, 3));
    assert_eq!(chain::drand::verify(&key, &pulse), Ok(true));
    up.end("-INT");
}
