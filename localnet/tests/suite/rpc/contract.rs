//! What the SDK's own end-to-end suite expects of the script that starts a chain for it.
#![cfg(unix)]

use super::flags::constant;
use super::node::{height, key};
use super::program::Up;
use crate::binary::localnet;
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// The script as the suite starts it, on a port of its own.
fn script(dir: &Path, fast_blocks: &str) -> Up {
    let program = localnet(dir);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/clients/sdk-localnet.sh");
    let mut command = Command::new("sh");
    command.arg(script).arg(fast_blocks).current_dir(dir);
    command.env("LOCALNET_BIN", program.get_program()).env("LOCALNET_PORT", "0");
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Up::of(command)
}

#[test]
fn the_suite_s_script_starts_a_chain_of_either_kind() {
    let dir = tempfile::tempdir().unwrap();
    for (fast_blocks, apart_ms, tempo) in [("True", 250, 10), ("False", 12_000, 360)] {
        let mut up = script(dir.path(), fast_blocks);
        let mut client = up.client();
        if fast_blocks == "False" {
            // The first would come by itself, but not soon.
            client.ok("localnet_mine", json!([1]));
        }
        // A line of the banner may be left.
        let line =
            std::iter::from_fn(|| Some(up.line())).find(|line| line.starts_with("Imported #")).unwrap();
        let hash = client.text("chain_getBlockHash", json!([1]));
        assert_eq!(line, format!("Imported #1 ({hash})\n"));
        assert!(height(&mut client) >= 1);
        assert_eq!(constant(&mut client, "SlotDuration"), apart_ms);
        assert_eq!(constant(&mut client, "InitialTempo"), tempo);
        assert!(super::node::free(&mut client, &key("//Alice")) > 0);
        let graph = client.ok("localnet_metagraph", json!([1]));
        assert_eq!(graph["commit_reveal_weights_enabled"], true, "as on the real chain");
        let (code, _, log) = up.end("-TERM");
        assert_eq!(code, Some(0), "{log}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left behind");
}
