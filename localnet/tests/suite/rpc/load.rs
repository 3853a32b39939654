//! Many clients at once (`LOCALNET_SLOW=1` for all of them; figures with `--nocapture`).

use super::node::{
    Extra, Node, Setup, account, account_key, header_hash, height, hex, key, number, pay, signed,
};
use super::program::Up;
use chain::crypto::Keypair;
use chain::units::TAO;
use localnet::pace::unix_ms;
use serde_json::json;

/// What the blocks are apart, milliseconds.
const EVERY_MS: u64 = 50;

fn wallet(index: usize) -> Keypair {
    let mut seed = [11; 32];
    seed[..8].copy_from_slice(&(index as u64).to_le_bytes());
    Keypair::ed25519(&seed)
}

/// What a client went through.
struct Life {
    requests: u64,
    /// When it heard of each head, milliseconds.
    heard: Vec<u64>,
}

/// Follows so many heads, reads at each and pays at every fifth.
fn client_life(node: &Node, index: usize, heads: u64) -> Life {
    let (me, bob) = (wallet(index), key("//Bob"));
    let mut client = node.client();
    let watched = client.text("chain_subscribeNewHeads", json!([]));
    let mut requests = 1;
    let mut nonce = 0;
    let mut last = None;
    let mut heard = Vec::new();
    for seen in 0..heads {
        let header = client.note(&watched);
        heard.push(unix_ms());
        let at = number(&header);
        assert!(last.is_none_or(|last| at == last + 1), "client {index}: block {at} follows {last:?}");
        last = Some(at);
        let hash = header_hash(&header);
        assert_eq!(client.text("chain_getBlockHash", json!([at])), hash);
        client.text("state_getStorage", json!([account_key(&me.account()), hash]));
        requests += 2;
        if seen % 5 == 0 {
            let extrinsic = hex(signed(node, &me, pay(&bob, 1), nonce, Extra::default()).wire_bytes());
            client.text("author_submitExtrinsic", json!([extrinsic]));
            nonce += 1;
            requests += 1;
            assert_eq!(client.ok("account_nextIndex", json!([me.account().to_ss58()])), nonce);
            requests += 1;
        }
    }
    Life { requests, heard }
}

/// How much later than one interval each head was heard of after the one before it, milliseconds: the most.
fn worst_gap(heard: &[u64]) -> u64 {
    heard.windows(2).map(|pair| (pair[1] - pair[0]).saturating_sub(EVERY_MS)).max().unwrap_or(0)
}

#[test]
fn many_clients_read_and_pay_while_blocks_are_sealed() {
    let (clients, heads) = if fixtures::slow() { (200, 100) } else { (8, 10) };
    let node = Node::start(Setup::default());
    let mut client = node.client();
    for index in 0..clients {
        let address = wallet(index).account().to_ss58();
        client.ok("localnet_setBalance", json!([address, 10 * TAO]));
    }
    let first = height(&mut client);
    client.ok("localnet_setInterval", json!([EVERY_MS]));
    let begin = unix_ms();
    let lives: Vec<Life> = std::thread::scope(|scope| {
        let node = &node;
        let lives: Vec<_> =
            (0..clients).map(|index| scope.spawn(move || client_life(node, index, heads))).collect();
        lives.into_iter().map(|life| life.join().expect("every client gets to its end")).collect()
    });
    let requests: u64 = lives.iter().map(|life| life.requests).sum();
    let took_ms = (unix_ms() - begin).max(1);
    let late = client.ok("localnet_nodeInfo", json!([]))["late"].clone();
    client.ok("localnet_setInterval", json!([0]));
    client.ok("localnet_mine", json!([1]));
    let paid = heads.div_ceil(5);
    for index in 0..clients {
        let row = account(&mut client, &wallet(index).account(), None);
        assert_eq!(u64::from(row.nonce), paid, "client {index}: all of its payments are in blocks");
    }
    let last = height(&mut client) - 1;
    // The first head that a client hears of stood already.
    let gap = lives.iter().map(|life| worst_gap(&life.heard[1..])).max().unwrap();
    assert!(late["median"].as_f64() <= late["worst"].as_f64() && late["missed"].is_u64(), "{late}");
    println!(
        "{clients} clients, {} blocks {EVERY_MS} ms apart, {requests} requests in {took_ms} ms: {} requests/s; blocks were late \
         by {:.1} ms (median), {:.1} ms (worst), {} were left out; clients heard of them up to {gap} ms late",
        last - first,
        requests * 1_000 / took_ms,
        late["median"].as_f64().unwrap(),
        late["worst"].as_f64().unwrap(),
        late["missed"],
    );
}

/// Somebody asks for the news, and does not read them: what waits is bounded, and who reads again hears of the newest
/// block, without some of those between.
#[test]
#[cfg(target_os = "linux")]
fn a_reader_who_sleeps_costs_little_and_wakes_up_at_the_head() {
    let (subscriptions, blocks) = (40_u64, 4_000_u64);
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "memory", "--history", "16"]);
    let (mut awake, mut sleeper) = (up.client(), up.client());
    awake.ok("localnet_mine", json!([100]));
    for _ in 0..subscriptions {
        sleeper.text("chain_subscribeNewHeads", json!([]));
    }
    let before = up.resident_kb();
    let head = awake.ok("localnet_mine", json!([blocks])).as_u64().unwrap();
    let after = up.resident_kb();
    let (mut heard, mut at_the_head) = (0, 0);
    while at_the_head < subscriptions {
        let note = sleeper.receive().expect("news, and no end of the connection");
        heard += 1;
        at_the_head += u64::from(number(&note["params"]["result"]) == head);
    }
    // Each head takes more than half a kilobyte; all of them would be 80 MB and more.
    println!("{heard} of {} heads were heard of; {before} kB, then {after} kB", subscriptions * blocks);
    assert!(heard < subscriptions * blocks / 2, "it was never behind: {heard}");
    assert!(after < before + 48 * 1_024, "{before} kB, then {after} kB");
    assert_eq!(height(&mut sleeper), head);
    let (code, _, log) = up.end("-INT");
    assert_eq!(code, Some(0), "{log}");
}
