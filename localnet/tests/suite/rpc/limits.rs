//! What clients can take of the machine has bounds, and the chain goes on when they are reached.

use super::client::Client;
use super::node::{hex, key, pay, still_seals};
use super::program::Up;
use crate::binary::localnet;
use chain::block::SignedExtrinsic;
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::ops::Range;
use std::process::Command;

/// Bytes of a body of which only a part comes.
const PART: usize = 12 << 20;

/// Connections that each send most of a large request, and then nothing: together they hold no more than is allowed.
#[test]
fn bodies_that_do_not_end_hold_a_bounded_amount_of_memory() {
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "memory", "--max-request", "16000000"]);
    let mut client = up.client();
    client.ok("localnet_mine", json!([2]));
    let before = up.peak_kb();
    let head = format!("POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: 15000000\r\n\r\n", up.address);
    let part = vec![b' '; PART];
    let mut refused = 0;
    let held: Vec<TcpStream> = (0..40)
        .map(|_| {
            let mut stream = TcpStream::connect(up.address).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            // It is refused, and closed, in the middle when there is no room for it.
            if stream.write_all(&part).is_err() {
                refused += 1;
            }
            stream
        })
        .collect();
    // What is not answered yet is held; what was refused has an answer.
    for mut stream in held.into_iter().skip(30) {
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        refused += usize::from(answer.starts_with("HTTP/1.1 503"));
    }
    assert!(refused >= 10, "{refused}");
    let more = up.peak_kb() - before;
    assert!(more < 400_000, "{more} kB more than before");
    still_seals(&mut client);
    up.end("-INT");
}

/// With few file descriptors it says once that connections cannot be taken, and takes them again when there are some.
#[test]
fn without_descriptors_it_waits_and_says_so_once() {
    let dir = tempfile::tempdir().unwrap();
    let program = localnet(dir.path()).get_program().to_owned();
    let mut command = Command::new("sh");
    command
        .current_dir(dir.path())
        .env("CI", "1")
        .arg("-c")
        .arg("ulimit -n 64; exec \"$0\" \"$@\"")
        .arg(program);
    command.args(["up", "hello-market", "--port", "0", "--axon-port", "0", "--store", "memory"]);
    command.args(["--block-time", "20ms", "--print-blocks"]);
    let mut up = Up::of(command);
    let axons = up.banner.lines().find_map(|line| line.strip_prefix("axons")?.trim().split(": ").next());
    let axons = axons.unwrap_or_else(|| panic!("{}", up.banner)).to_owned();
    let connect =
        |address: &str| -> Vec<TcpStream> { (0..80).map(|_| TcpStream::connect(address).unwrap()).collect() };
    let held = [connect(&up.address.to_string()), connect(&axons)];
    for _ in 0..60 {
        assert!(up.line().starts_with("Imported #"));
    }
    drop(held);
    let mut client = Client::connect(up.address);
    client.ok("system_health", json!([]));
    drop(client);
    let (code, _, log) = up.end("-INT");
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("file descriptors are short"), "{log}");
    assert!(log.len() < 10_000, "{} bytes of log", log.len());
}

/// What is watched and never comes into a block is forgotten with its refusal.
#[test]
fn watchers_of_what_is_refused_are_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "memory"]);
    let mut client = up.client();
    client.ok("localnet_mine", json!([2]));
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let genesis = [1; 32];
    let mut refuse = |nonces: Range<u32>| {
        for nonce in nonces {
            let signed_elsewhere = SignedExtrinsic::sign(&alice, pay(&bob, 1), nonce, &genesis);
            client.refused("author_submitAndWatchExtrinsic", json!([hex(signed_elsewhere.wire_bytes())]));
        }
    };
    refuse(0..2_000);
    let before = up.resident_kb();
    refuse(2_000..22_000);
    let more = up.resident_kb().saturating_sub(before);
    assert!(more < 10_000, "{more} kB more than before");
    up.end("-INT");
}

#[test]
fn snapshots_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "memory"]);
    let mut client = up.client();
    let first = client.ok("localnet_snapshot", json!([]));
    for _ in 1..4_096 {
        client.ok("localnet_snapshot", json!([]));
    }
    let refusal = client.refused("localnet_snapshot", json!([]));
    assert!(refusal.message.contains("4096 snapshots are kept already"), "{refusal:?}");
    client.ok("localnet_revert", json!([first]));
    client.ok("localnet_snapshot", json!([]));
    up.end("-INT");
}
