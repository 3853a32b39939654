//! What a node still knows, and what it wrote down on the way, when it goes on with its ledger.

use super::node::{Node, Setup, account, account_key, height, key};
use serde_json::json;
use std::path::Path;

fn node(dir: &Path, window: usize, scenario: Option<&'static str>) -> Node {
    Node::start(Setup { store: Some(dir.join("ledger")), window, scenario, ..Setup::default() })
}

/// As many states can be read as before: those of the window, and no other.
#[test]
fn the_whole_window_can_be_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let (bob, row) = (key("//Bob").account(), account_key(&key("//Bob").account()));
    let (window, head) = (8, 21_u64);
    {
        let node = node(dir.path(), window, None);
        let mut client = node.client();
        for number in 1..=head {
            client.ok("localnet_setBalance", json!([bob.to_ss58(), 1_000 + number]));
        }
        assert_eq!(height(&mut client), head);
    }
    // The second time there is a checkpoint at the head, after the first of the window.
    for _ in 0..2 {
        let node = node(dir.path(), window, None);
        let mut client = node.client();
        assert_eq!(height(&mut client), head);
        for number in 0..=head {
            let hash = client.text("chain_getBlockHash", json!([number]));
            if number + window as u64 > head {
                let free = account(&mut client, &bob, Some(&hash)).data.free.get();
                assert_eq!(free, 1_000 + number, "block {number}");
            } else {
                let gone = client.refused("state_getStorage", json!([row, hash]));
                assert_eq!(gone.code, 4003, "block {number}: {gone:?}");
            }
        }
    }
}

/// Without it, a chain that was killed would be played again from its beginning.
#[test]
fn a_checkpoint_is_written_now_and_then() {
    let dir = tempfile::tempdir().unwrap();
    let node = node(dir.path(), 64, Some("hello-market"));
    let mut client = node.client();
    let checkpoint = loop {
        let head = client.ok("localnet_mine", json!([50])).as_u64().unwrap();
        let status = client.ok("localnet_ledgerStatus", json!([]));
        if let Some(checkpoint) = status["checkpoint"].as_u64().filter(|block| *block > 0) {
            break checkpoint;
        }
        assert!(head < 4_000, "no checkpoint up to block {head}: {status}");
    };
    assert!((1..=height(&mut client)).contains(&checkpoint), "{checkpoint}");
}
