//! The program itself: its port, its signals, its store.
#![cfg(unix)]

use super::client::Client;
use super::node::{account, finalized, hash_of, height, hex, key, pay, unhex, watch};
use crate::binary::{localnet, say};
use chain::block::SignedExtrinsic;
use chain::units::TAO;
use serde_json::{Value as Json, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

/// A running `localnet up`.
pub(crate) struct Up {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: ChildStderr,
    pub(crate) address: SocketAddr,
    pub(crate) banner: String,
}

impl Up {
    pub(crate) fn start(dir: &Path, args: &[&str]) -> Self {
        let mut command = localnet(dir);
        command.args(["up", "--port", "0", "--axon-port", "0", "--manual"]).args(args);
        Self::of(command)
    }

    /// Whatever starts the program.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (mut stdout, mut stderr) =
            (BufReader::new(child.stdout.take().unwrap()), child.stderr.take().unwrap());
        let mut banner = String::new();
        let address = loop {
            let begin = banner.len();
            if stdout.read_line(&mut banner).unwrap() == 0 {
                let mut why = String::new();
                stderr.read_to_string(&mut why).unwrap();
                panic!("it ended before it listened: {banner}{why}");
            }
            if let Some(address) = banner[begin..].strip_prefix("Listening on ws://") {
                break address.trim().parse().unwrap();
            }
        };
        Self { child, stdout, stderr, address, banner }
    }

    pub(crate) fn client(&self) -> Client {
        Client::connect(self.address)
    }

    /// The next line of stdout.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    /// Memory that it has in use, kilobytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn resident_kb(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// The most memory that it ever had in use, kilobytes.
    #[cfg(target_os = "linux")]
    pub(super) fn peak_kb(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Sends a signal and gives the exit code, what was printed since, and the log.
    pub(crate) fn end(mut self, signal: &str) -> (Option<i32>, String, String) {
        let killed = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let (mut out, mut log) = (String::new(), String::new());
        self.stdout.read_to_string(&mut out).unwrap();
        self.stderr.read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), out, log)
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        // It has ended already if all went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn transfer(client: &mut Client, nonce: u32) -> String {
    let genesis = unhex(&client.text("chain_getBlockHash", json!([0]))).try_into().unwrap();
    hex(SignedExtrinsic::sign(&key("//Alice"), pay(&key("//Bob"), 5), nonce, &genesis).wire_bytes())
}

#[test]
fn the_chain_goes_on_after_every_kind_of_end() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["--store", "led"];
    let mut before: Option<(String, u64, String, u64)> = None;
    for (nonce, signal) in (0_u32..).zip(["-INT", "-TERM", "-KILL", "-INT"]) {
        let up = Up::start(dir.path(), &args);
        let mut client = up.client();
        let genesis = client.text("chain_getBlockHash", json!([0]));
        let bob = account(&mut client, &key("//Bob").account(), None).data.free.get();
        assert!(up.banner.contains(&format!("genesis {genesis}")), "{}", up.banner);
        if let Some((old_genesis, old_head, old_hash, old_bob)) = &before {
            assert_eq!(&genesis, old_genesis, "after {signal}: the same chain");
            assert_eq!(height(&mut client), *old_head, "its head goes on");
            assert_eq!(&client.text("chain_getHead", json!([])), old_hash);
            assert_eq!(bob, *old_bob, "the effect of the old extrinsic is there");
            assert!(up.banner.contains(&format!("head      block {old_head}, ")), "{}", up.banner);
        }
        let extrinsic = transfer(&mut client, nonce);
        let watched = watch(&mut client, &extrinsic);
        let head = client.ok("localnet_mine", json!([3])).as_u64().unwrap();
        let block = finalized(&mut client, &watched);
        let inside = client.ok("chain_getBlock", json!([block]))["block"]["extrinsics"][1].clone();
        assert_eq!(hash_of(inside.as_str().unwrap()), hash_of(&extrinsic));
        let hash = client.text("chain_getHead", json!([]));
        let bob_now = account(&mut client, &key("//Bob").account(), None).data.free.get();
        assert_eq!(bob_now, bob + 5);
        let (code, out, log) = up.end(signal);
        assert_eq!(out, "", "nothing more on stdout");
        if signal == "-KILL" {
            assert_eq!(code, None);
        } else {
            assert_eq!(code, Some(0), "{signal}: {log}");
            assert!(log.contains(&format!("closed at block {head}")), "{signal}: {log}");
        }
        before = Some((genesis, head, hash, bob_now));
    }
    // What is on disk still answers.
    let up = Up::start(dir.path(), &args);
    let mut client = up.client();
    for number in 0..=12_u64 {
        let hash = client.text("chain_getBlockHash", json!([number]));
        let header = client.ok("chain_getHeader", json!([hash]));
        assert_eq!(super::node::header_hash(&header), hash, "block {number}");
        // So do the states of the window: a transfer stands in the first of three blocks.
        let bob = account(&mut client, &key("//Bob").account(), Some(&hash)).data.free.get();
        assert_eq!(bob, 1_000_000 * TAO + number.div_ceil(3) * 5, "block {number}");
    }
    up.end("-TERM");
}

#[test]
fn a_chain_is_carried_from_one_process_to_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["hello-market", "--store", "memory", "--dump-state", "chain.dump"]);
    let mut client = up.client();
    client.ok("localnet_mine", json!([40]));
    let url = format!("ws://{}", up.address);
    let said = say(dir.path(), &["metagraph", "1", "--json", "--url", &url]);
    let shown: Json = serde_json::from_str(&said.stdout).unwrap_or_else(|why| panic!("{why}: {said:?}"));
    assert_eq!(shown, client.ok("localnet_metagraph", json!([1])));
    assert_eq!(shown["block"], 40);
    let table = say(dir.path(), &["metagraph", "--url", &url]);
    assert!(table.code == 0 && table.stdout.starts_with("subnet 1 "), "{table:?}");
    let then = say(dir.path(), &["metagraph", "--block", "7", "--json", "--url", &url]);
    let hash = client.text("chain_getBlockHash", json!([7]));
    let then: Json = serde_json::from_str(&then.stdout).unwrap_or_else(|why| panic!("{why}: {then:?}"));
    assert_eq!(then, client.ok("localnet_metagraph", json!([1, hash])));
    assert_eq!(then["block"], 7);
    let late = say(dir.path(), &["metagraph", "--block", "4000", "--url", &url]);
    assert!(late.code == 2 && late.stderr.contains("no block 4000"), "{late:?}");
    let none = say(dir.path(), &["metagraph", "77", "--url", &url]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("there is no subnet 77"), "{none:?}");
    let head = client.text("chain_getHead", json!([]));
    up.end("-TERM");
    let nobody = say(dir.path(), &["metagraph", "--url", &url]);
    assert_eq!(nobody.code, 2);
    assert!(nobody.stderr.contains("is a chain up there?"), "{nobody:?}");

    let up = Up::start(dir.path(), &["hello-market", "--store", "led", "--load-state", "chain.dump"]);
    assert!(up.banner.contains("head      block 40, "), "{}", up.banner);
    assert_eq!(up.client().text("chain_getHead", json!([])), head);
    up.end("-INT");
    let replayed = say(dir.path(), &["replay", "led"]);
    assert!(replayed.code == 0 && replayed.stdout.contains("40 blocks played again"), "{replayed:?}");
    let args = ["up", "--port", "0", "--store", "memory", "--load-state", "chain.dump"];
    let other = say(dir.path(), &args);
    assert_eq!(other.code, 2);
    assert!(
        other.stderr.contains("--load-state: chain.dump: the dump is of hello-market, seed 42,"),
        "{other:?}"
    );
}

#[test]
fn a_dump_that_cannot_be_written_is_told_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("folder")).unwrap();
    for place in ["nowhere/chain.dump", "folder"] {
        let said = say(dir.path(), &["up", "--port", "0", "--store", "memory", "--dump-state", place]);
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{said:?}");
        assert!(said.stderr.contains(&format!("--dump-state: {place}: ")), "{said:?}");
    }
    fs::write(dir.path().join("chain.dump"), "an older one").unwrap();
    let up = Up::start(dir.path(), &["--store", "memory", "--dump-state", "chain.dump"]);
    assert_eq!(fs::read_to_string(dir.path().join("chain.dump")).unwrap(), "an older one");
    up.client().ok("localnet_mine", json!([3]));
    up.end("-INT");
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|row| row.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "nothing but the dump and the folder: {left:?}");
    let up = Up::start(dir.path(), &["--store", "memory", "--load-state", "chain.dump"]);
    assert_eq!(height(&mut up.client()), 3);
    up.end("-INT");
}

#[test]
fn commit_reveal_is_off_unless_it_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    for (flags, on) in [([].as_slice(), false), (&["--commit-reveal"], true)] {
        let up = Up::start(dir.path(), &[&["--store", "memory"], flags].concat());
        let mut client = up.client();
        let graph = client.ok("localnet_metagraph", json!([1]));
        assert_eq!(graph["commit_reveal_weights_enabled"], on, "the subnet of genesis");
        up.end("-INT");
    }
}

#[test]
fn a_store_of_another_chain_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "led", "--seed", "1"]);
    up.client().ok("localnet_mine", json!([2]));
    up.end("-INT");
    let made = "up, seed 1, preset fast, a block every 250ms";
    for (flags, asked) in [
        (["--seed", "2"].as_slice(), "up, seed 2, preset fast, a block every 250ms"),
        (&["--seed", "1", "--preset", "production"], "up, seed 1, preset production, a block every 250ms"),
        (
            &["--seed", "1", "--preset", "mainnet"],
            "up, seed 1, preset mainnet, a block every 250ms, commit-reveal",
        ),
        (&["--seed", "1", "--block-time", "2s"], "up, seed 1, preset fast, a block every 2s"),
    ] {
        let said = say(dir.path(), &[&["up", "--port", "0", "--store", "led"], flags].concat());
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{said:?}");
        let why =
            format!("--store: led holds another chain ({made}) than was asked for ({asked}); start it as");
        assert!(said.stderr.contains(&why), "{said:?}");
    }
}

#[test]
fn a_fresh_start_begins_at_zero() {
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "led"]);
    up.client().ok("localnet_mine", json!([4]));
    let said = say(dir.path(), &["up", "--port", "0", "--store", "led", "--fresh"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains("--fresh: another process works on led"), "{said:?}");
    let mut client = up.client();
    assert_eq!(height(&mut client), 4, "the one that runs is not harmed");
    up.end("-INT");

    let up = Up::start(dir.path(), &["--store", "led", "--fresh"]);
    assert_eq!(height(&mut up.client()), 0);
    up.end("-INT");
    let up = Up::start(dir.path(), &["--store", "new/place", "--fresh"]);
    assert_eq!(height(&mut up.client()), 0);
    up.end("-INT");
}

#[test]
fn a_fresh_start_that_fails_leaves_the_old_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "led"]);
    let mut client = up.client();
    client.ok("localnet_mine", json!([4]));
    let head = client.text("chain_getHead", json!([]));
    up.end("-INT");
    fs::write(dir.path().join("cut.dump"), [0x1f, 0x8b, 8, 0]).unwrap();
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (flags, why) in [
        (["--port", &port, "--fresh"].as_slice(), "cannot be opened"),
        (&["--port", "0", "--fresh", "--load-state", "cut.dump"], "--load-state: cut.dump"),
        (&["--port", "0", "--fresh", "--load-state", "none.dump"], "--load-state: none.dump"),
        (&["--port", "0", "--load-state", "cut.dump"], "--load-state: led holds a chain of 4 blocks"),
    ] {
        let said = say(dir.path(), &[&["up", "--store", "led"], flags].concat());
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.stderr.contains(why), "{said:?}");
        let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|row| row.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| ["led", "cut.dump"].iter().any(|known| name == known)), "{left:?}");
    }
    let up = Up::start(dir.path(), &["--store", "led"]);
    assert_eq!(up.client().text("chain_getHead", json!([])), head);
    up.end("-INT");
}

#[test]
fn a_fresh_start_deletes_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("home")).unwrap();
    fs::write(dir.path().join("home/thesis.txt"), "years of work").unwrap();
    fs::write(dir.path().join("file"), "text").unwrap();
    for (place, why) in [("home", "--fresh: home is no ledger, so it is not deleted"), ("file", "file")] {
        let said = say(dir.path(), &["up", "--port", "0", "--store", place, "--fresh"]);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.stderr.contains(why), "{said:?}");
    }
    assert_eq!(fs::read_to_string(dir.path().join("home/thesis.txt")).unwrap(), "years of work");
    assert_eq!(fs::read_to_string(dir.path().join("file")).unwrap(), "text");
}

#[test]
fn a_port_that_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = say(dir.path(), &["up", "--store", "memory", "--port", &port]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains(&format!("127.0.0.1:{port} cannot be opened")), "{said:?}");
    assert!(said.stderr.contains("choose another with --host and --port"), "{said:?}");
}

#[test]
fn blocks_are_printed_when_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let mut up = Up::start(dir.path(), &["--store", "memory", "--print-blocks"]);
    assert!(up.banner.contains("ledger    nowhere; it ends with this process"), "{}", up.banner);
    for name in ["//Alice", "//Bob", "//Charlie"] {
        assert!(up.banner.contains(&format!("  {name:<10} ")), "{}", up.banner);
        assert!(up.banner.contains(&key(name).account().to_ss58()), "{}", up.banner);
    }
    let mut client = up.client();
    client.ok("localnet_mine", json!([2]));
    for number in 1..=2 {
        let line = up.line();
        let hash = client.text("chain_getBlockHash", json!([number]));
        assert_eq!(line, format!("Imported #{number} ({hash})\n"));
    }
    assert!(!dir.path().join(".localnet").exists(), "memory keeps nothing");
    let (code, out, log) = up.end("-TERM");
    assert_eq!((code, out.as_str()), (Some(0), ""), "{log}");
}

/// What cannot be opened is said, not swallowed.
#[test]
fn the_log_names_what_cannot_be_opened() {
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "memory", "--log", "warn"]);
    let mut client = up.client();
    let genesis = unhex(&client.text("chain_getBlockHash", json!([0]))).try_into().unwrap();
    // Hash of another key, the length of its secret, and the rest.
    let ciphertext = [&[1; 16][..], &1_088_u16.to_le_bytes(), &[1; 1_200]].concat();
    let call = chain::call::MevShieldCall::SubmitEncrypted { ciphertext };
    let call = chain::call::RuntimeCall::MevShield(call);
    let era = chain::wire::Mortality { period: 8, born: 0, birth: genesis };
    let carrier = SignedExtrinsic::sign_for(&key("//Alice"), call, 0, Some(era), &genesis).wire_bytes();
    client.ok("author_submitExtrinsic", json!([hex(carrier)]));
    client.ok("localnet_mine", json!([1]));
    let (_, _, log) = up.end("-INT");
    let line = log.lines().find(|line| line.contains("an encrypted extrinsic cannot be opened"));
    let line = line.unwrap_or_else(|| panic!("nothing is said of it: {log}"));
    assert!(line.contains("another key than MevShield.NextKey"), "{line}");
    assert!(line.contains(&key("//Alice").account().to_ss58()), "{line}");
}
