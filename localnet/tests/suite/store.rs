//! Ledgers of runs: kept, continued, refused, played again, tampered with.

use crate::binary::say;
use crate::run::head;
use crate::worlds::small;
use actors::log::BlockLog;
use chain::ledger::{Durability, Frame, Ledger};
use parity_scale_codec::Encode as _;
use std::fs;
use std::path::Path;

const STORED: [&str; 4] = ["run", "small.toml", "--store", "led"];

#[test]
fn the_last_five_runs_are_kept() {
    let dir = small();
    fs::create_dir_all(dir.path().join(".localnet/runs/my own notes")).unwrap();
    for _ in 0..7 {
        assert_eq!(say(dir.path(), &["run", "small.toml"]).code, 0);
    }
    let mut names: Vec<_> = fs::read_dir(dir.path().join(".localnet/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["my own notes", "small-5-3", "small-5-4", "small-5-5", "small-5-6", "small-5-7"]);
    let said = say(dir.path(), &["replay", ".localnet/runs/small-5-7"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.starts_with("small, seed 5: 60 blocks played again, all equal\n"), "{said:?}");
}

#[test]
fn a_longer_run_continues_a_shorter_one() {
    let dir = small();
    let whole = say(dir.path(), &["run", "small.toml", "--store", "memory"]);
    let first = say(dir.path(), &[&STORED[..], &["--blocks", "33"]].concat());
    assert_eq!(first.code, 0, "{first:?}");
    let second = say(dir.path(), &STORED);
    assert_eq!(second.code, 0, "{second:?}");
    assert!(second.stderr.contains("led: continues at block 33"), "{second:?}");
    assert_eq!(second.stdout, whole.stdout, "as if it had never stopped");
    let third = say(dir.path(), &STORED);
    assert!(third.stderr.contains("led: continues at block 60"), "{third:?}");
    assert_eq!(third.stdout, whole.stdout, "nothing left to play, all still decided");
    let shorter = say(dir.path(), &[&STORED[..], &["--blocks", "50"]].concat());
    assert_eq!(shorter.code, 2, "{shorter:?}");
    assert!(shorter.stderr.contains("its head is block 60, beyond the 50 blocks asked for"), "{shorter:?}");
}

/// With no expectation in the past, the newest checkpoint is used, and the invariants still see every block.
#[test]
fn continuing_from_a_checkpoint_gives_the_same_report() {
    let dir = small();
    let late = ["--set", "expect[2].at_block=60"];
    let whole = say(dir.path(), &[&["run", "small.toml", "--store", "memory"], &late[..]].concat());
    assert_eq!(say(dir.path(), &[&STORED[..], &["--blocks", "60"], &late].concat()).code, 0);
    fs::remove_dir_all(dir.path().join("led")).unwrap();
    let none = ["--set", "expect=[]"];
    assert_eq!(say(dir.path(), &[&STORED[..], &["--blocks", "41"], &none].concat()).code, 0);
    let second = say(dir.path(), &[&STORED[..], &late].concat());
    assert_eq!(second.stdout, whole.stdout, "{second:?}");
}

#[test]
fn a_ledger_of_another_run_is_refused_with_both_named() {
    let dir = small();
    assert_eq!(say(dir.path(), &STORED).code, 0);
    let seed = say(dir.path(), &[&STORED[..], &["--seed", "6"]].concat());
    assert_eq!(seed.code, 2, "{seed:?}");
    assert!(seed.stderr.contains("its seed is 5, this run's is 6"), "{seed:?}");
    let other = say(dir.path(), &[&STORED[..], &["--set", "cast.vera.stake=301"]].concat());
    assert_eq!(other.code, 2, "{other:?}");
    let digest = |args: &[&str]| {
        let said = say(dir.path(), &[&["run", "small.toml", "--dry-run"], args].concat());
        said.stdout.trim_end().rsplit(' ').next().unwrap().to_owned()
    };
    let (old, new) = (digest(&[]), digest(&["--set", "cast.vera.stake=301"]));
    assert!(
        other.stderr.contains(&format!("its scenario digest is {old}, this run's is {new}")),
        "{other:?}"
    );
}

#[test]
fn paths_that_are_no_place_for_a_ledger() {
    let dir = small();
    fs::write(dir.path().join("file"), "text").unwrap();
    fs::create_dir(dir.path().join("foreign")).unwrap();
    fs::write(dir.path().join("foreign/notes.txt"), "text").unwrap();
    for (path, message) in [
        ("file", "--store: file: is a file, and a ledger is a directory"),
        ("foreign", "--store: foreign: not a ledger (no FORMAT file, but it holds \"notes.txt\")"),
    ] {
        let said = say(dir.path(), &["run", "small.toml", "--store", path]);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.stderr.contains(message), "{said:?}");
        let said = say(dir.path(), &["replay", path]);
        assert_eq!(said.code, 2, "{said:?}");
    }
    assert_eq!(
        fs::read_to_string(dir.path().join("foreign/notes.txt")).unwrap(),
        "text",
        "nothing was touched"
    );
    let said = say(dir.path(), &["replay", "missing"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains("missing: no ledger there"), "{said:?}");
}

#[test]
fn a_ledger_in_use_or_of_a_newer_format() {
    let dir = small();
    assert_eq!(say(dir.path(), &STORED).code, 0);
    let path = dir.path().join("led");
    let (ledger, _) = Ledger::open(&path, None, Durability::Buffered).unwrap();
    let said = say(dir.path(), &STORED);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains(&format!("led: in use by process {}", std::process::id())), "{said:?}");
    ledger.close().unwrap();
    let format = fs::read_to_string(path.join("FORMAT")).unwrap();
    let (body, _) = format.split_once("check = ").unwrap();
    let body = body.replace("format = 1\n", "format = 9\n");
    let check = &blake3::hash(body.as_bytes()).to_hex()[..16];
    fs::write(path.join("FORMAT"), format!("{body}check = {check}\n")).unwrap();
    let said = say(dir.path(), &STORED);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains("format 9 is newer than format 1"), "{said:?}");
}

/// Root may write everywhere, so the refusal shows only for others.
#[cfg(unix)]
#[test]
fn a_directory_that_may_not_be_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = small();
    let locked = dir.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    let writable = fs::write(locked.join("probe"), "").is_ok();
    let said = say(dir.path(), &["run", "small.toml", "--store", "locked/led"]);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    if writable {
        assert_eq!(said.code, 0, "{said:?}");
    } else {
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.stderr.contains("cannot be written"), "{said:?}");
    }
}

#[test]
fn a_place_for_runs_that_is_a_file() {
    let dir = small();
    fs::write(dir.path().join(".localnet"), "text").unwrap();
    let said = say(dir.path(), &["run", "small.toml"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains(".localnet/runs: cannot be written"), "{said:?}");
    assert!(said.stderr.contains("--store memory"), "{said:?}");
}

/// Copies a ledger with one block changed, all digests made right again: what no checksum can notice.
fn tampered(from: &Path, to: &Path, number: u64, change: impl Fn(&mut Frame)) {
    let (old, opened) = Ledger::open(from, None, Durability::Buffered).unwrap();
    let (new, _) = Ledger::create(to, &opened.identity, Durability::Buffered).unwrap();
    let mut parent = opened.identity.genesis;
    for frame in old.frames(1..) {
        let mut frame = frame.unwrap();
        if frame.number == number {
            change(&mut frame);
        }
        frame.parent_digest = parent;
        frame.digest = Frame::digest_of(&parent, &frame.inputs, &frame.receipts, &frame.events);
        parent = frame.digest;
        new.append(frame).unwrap();
    }
    old.close().unwrap();
    new.close().unwrap();
}

#[test]
fn a_changed_event_is_named_by_its_block() {
    let dir = small();
    let run = say(dir.path(), &STORED);
    let (led, bad) = (dir.path().join("led"), dir.path().join("bad"));
    tampered(&led, &bad, 17, |frame| frame.events.push(0));
    let said = say(dir.path(), &["replay", "bad"]);
    assert_eq!(said.code, 4, "{said:?}");
    let expected = "small, seed 5: first difference at block 17, phase seal, chain: other events; the ledger has digest ";
    assert!(said.stdout.starts_with(expected), "{said:?}");
    let resumed = say(dir.path(), &["run", "small.toml", "--store", "bad"]);
    assert_eq!(resumed.code, 4, "{resumed:?}");
    assert!(resumed.stderr.contains("block 17, phase seal, chain"), "{resumed:?}");
    let good = say(dir.path(), &["replay", "led"]);
    assert_eq!((good.code, head(&good.stdout)), (0, head(&run.stdout)), "{good:?}");
}

#[test]
fn a_changed_reaction_is_named_by_block_phase_and_actor() {
    let dir = small();
    assert_eq!(say(dir.path(), &STORED).code, 0);
    tampered(&dir.path().join("led"), &dir.path().join("bad"), 1, |frame| {
        let mut log = BlockLog::read(&frame.log).unwrap();
        let entry = log.entries.iter_mut().find(|entry| entry.actor.is_some()).expect("somebody acted");
        entry.digest[0] ^= 1;
        log.digest[0] ^= 1;
        frame.log = log.encode();
    });
    let said = say(dir.path(), &["replay", "bad"]);
    assert_eq!(said.code, 4, "{said:?}");
    assert!(said.stdout.contains("first difference at block 1, phase "), "{said:?}");
    let named = ["olga", "vera", "vince", "zoe", "leo", "liam", "uma"];
    assert!(named.iter().any(|name| said.stdout.contains(&format!(", {name}: "))), "{said:?}");
}
