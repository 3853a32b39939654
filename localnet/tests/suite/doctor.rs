//! `localnet doctor`: what it says, what it changes, and how it ends.

use crate::binary::{Said, say};
use crate::worlds::small;
use chain::ledger::{Durability, Ledger};
use serde_json::Value as Json;
use std::fs;
use std::path::Path;

fn run(dir: &Path) {
    assert_eq!(say(dir, &["run", "small.toml", "--store", "led"]).code, 0);
}

fn json(said: &Said) -> Json {
    serde_json::from_str(&said.stdout).unwrap_or_else(|why| panic!("{why}: {said:?}"))
}

#[test]
fn a_sound_ledger_is_described_and_left_alone() {
    let dir = small();
    run(dir.path());
    let said = say(dir.path(), &["doctor", "led"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.starts_with("led: sound\n"), "{said:?}");
    assert!(said.stdout.contains("blocks    1..=60 can be read\n"), "{said:?}");
    let said = say(dir.path(), &["doctor", "led", "--json"]);
    assert_eq!((said.code, json(&said)["head"].as_u64()), (0, Some(60)), "{said:?}");
    let said = say(dir.path(), &["doctor", "led", "--cut"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains("led: sound up to block 60; nothing was changed"), "{said:?}");
    let said = say(dir.path(), &["doctor", "led", "--export", "copy"]);
    assert_eq!(said.code, 0, "{said:?}");
    for ledger in ["led", "copy"] {
        let said = say(dir.path(), &["replay", ledger]);
        assert!(said.code == 0 && said.stdout.contains("60 blocks played again, all equal"), "{said:?}");
    }
}

/// Every message about damage ends with a command, and that command works.
#[test]
fn the_command_that_a_message_names_saves_what_can_be_saved() {
    let dir = small();
    run(dir.path());
    let format = dir.path().join("led/FORMAT");
    let whole = fs::read(&format).unwrap();
    fs::write(&format, &whole[..whole.len() / 2]).unwrap();
    let said = say(dir.path(), &["run", "small.toml", "--store", "led"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains("`localnet doctor led` shows what can be saved"), "{said:?}");
    let said = say(dir.path(), &["doctor", "led"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(
        said.stdout.starts_with("led: damaged\n") && said.stdout.contains("damage    FORMAT: "),
        "{said:?}"
    );
    assert!(said.stdout.contains("localnet doctor led --cut "), "{said:?}");
    let said = say(dir.path(), &["doctor", "led", "--export", "saved", "--json"]);
    assert_eq!((said.code, json(&said)["head"].as_u64()), (0, Some(60)), "{said:?}");
    assert_eq!(fs::read(&format).unwrap().len(), whole.len() / 2, "exporting changes nothing");
    let said = say(dir.path(), &["doctor", "led", "--cut"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains("led: ends at block 60 now"), "{said:?}");
    for ledger in ["led", "saved"] {
        let said = say(dir.path(), &["run", "small.toml", "--blocks", "70", "--store", ledger]);
        assert!(said.code == 0 && said.stderr.contains("continues at block 60"), "{said:?}");
    }
}

#[test]
fn where_nothing_can_be_saved_or_nothing_is_the_code_says_so() {
    let dir = small();
    run(dir.path());
    let said = say(dir.path(), &["doctor", "none"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains("none: no ledger there"), "{said:?}");
    let said = say(dir.path(), &["doctor", "small.toml"]);
    assert_eq!(said.code, 2, "{said:?}");
    let (ledger, _) = Ledger::open(dir.path().join("led"), None, Durability::Buffered).unwrap();
    for flags in [["led", "--cut"].as_slice(), &["led", "--export", "copy"], &["led"]] {
        let said = say(dir.path(), &[&["doctor"], flags].concat());
        assert_eq!(said.code, 2, "{said:?}");
        assert!(format!("{}{}", said.stdout, said.stderr).contains("in use"), "{said:?}");
    }
    ledger.close().unwrap();
    fs::write(dir.path().join("led/store/db"), [7; 4_096]).unwrap();
    for flags in [["led", "--cut"].as_slice(), &["led", "--export", "copy"], &["led"]] {
        let said = say(dir.path(), &[&["doctor"], flags].concat());
        assert_eq!(said.code, 1, "{said:?}");
        assert!(!said.stderr.contains("panicked at"), "{said:?}");
        assert!(format!("{}{}", said.stdout, said.stderr).contains("nothing can be saved"), "{said:?}");
    }
    assert_eq!(fs::read(dir.path().join("led/store/db")).unwrap(), [7; 4_096]);
    assert!(!dir.path().join("copy").exists());
}
