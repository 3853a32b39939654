//! Ledgers whose creation or loading was cut short, and what opening them leaves as it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chain::ledger::{Durability, Error, Ledger, Options};

use crate::ledger::{frames, identity};
use crate::ledger_child::{Dice, compare, lines, rounds, seed, start};

/// Every file below a directory with its bytes, but for the lock.
pub(crate) fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(dir: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.file_name().unwrap() != "LOCK" {
                let bytes = fs::read(&path).unwrap();
                found.insert(path, bytes);
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(dir, &mut found);
    found
}

fn fill(path: &Path, count: u64) {
    let (ledger, _) = Ledger::create(path, &identity(1), Durability::Buffered).unwrap();
    for frame in frames(1, count, 300) {
        ledger.append(frame).unwrap();
    }
    ledger.close().unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for (file, bytes) in contents(from) {
        let place = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }
}

/// What lies there after each step of a creation, torn files included.
#[test]
fn a_creation_that_was_cut_short_is_made_again_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole");
    fill(&whole, 0);
    let files = contents(&whole);
    let read = |name: &str| files[&whole.join(name)].clone();
    let db = read("store/db");
    let steps: [&[(&str, &[u8])]; 9] = [
        &[("LOCK", b"")],
        &[("LOCK", b"77\n"), ("FORMAT.part", b"")],
        &[("FORMAT.part", b"localnet led")],
        &[("FORMAT.part", &read("FORMAT")), ("store/conf", b"")],
        &[("FORMAT.part", &read("FORMAT")), ("store/conf", &read("store/conf")), ("store/db", b"")],
        &[("FORMAT.part", &read("FORMAT")), ("store/db", &db[..db.len() / 2])],
        &[("FORMAT.part", &read("FORMAT")), ("store/db", &db), ("HEAD", b"")],
        &[("FORMAT.part", &read("FORMAT")), ("store/db", &db), ("HEAD", &read("HEAD")[..300])],
        &[("FORMAT.part", &read("FORMAT")), ("store/db", &db), ("HEAD", &read("HEAD")), ("MARK", b"")],
    ];
    for (index, step) in steps.iter().enumerate() {
        let path = dir.path().join(index.to_string());
        for (name, bytes) in *step {
            let file = path.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        if index > 0 {
            let error = Ledger::open(&path, None, Durability::Buffered).unwrap_err();
            assert!(matches!(error, Error::Unfinished { .. }), "{index}: {error}");
            assert!(Ledger::inspect(&path, &mut |_| {}).unwrap().unfinished);
        }
        // Of another run too: there is nothing that it could be taken for.
        let (ledger, opened) = Ledger::resume(&path, &identity(2), Durability::Durable).unwrap();
        assert!(opened.head.is_none() && opened.report.findings.is_empty(), "{index}: {}", opened.report);
        ledger.append(frames(2, 1, 100).remove(0)).unwrap();
        drop(ledger);
        let (_ledger, opened) = Ledger::open(&path, Some(&identity(2)), Durability::Durable).unwrap();
        assert_eq!(opened.head.unwrap().0, 1);
        assert!(opened.report.findings.is_empty() && opened.report.clean, "{index}: {}", opened.report);
    }
}

#[test]
fn a_ledger_with_blocks_is_never_taken_for_an_unfinished_creation() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole");
    fill(&whole, 40);
    let cases: [(&str, &[&str], &[&str]); 6] = [
        ("no store", &["store/db"], &[]),
        ("no store, HEAD and MARK torn", &["store/db"], &["HEAD", "MARK"]),
        ("no store, HEAD and MARK gone", &["store/db", "HEAD", "MARK"], &[]),
        ("store emptied, HEAD and MARK torn", &[], &["store/db", "HEAD", "MARK"]),
        ("no FORMAT", &["FORMAT"], &[]),
        ("no FORMAT, HEAD and MARK torn", &["FORMAT"], &["HEAD", "MARK"]),
    ];
    for (name, gone, torn) in cases {
        let path = dir.path().join(name.replace(' ', "-"));
        copy(&whole, &path);
        gone.iter().for_each(|file| fs::remove_file(path.join(file)).unwrap());
        torn.iter().for_each(|file| fs::write(path.join(file), [7; 90]).unwrap());
        let before = contents(&path);
        for error in [
            Ledger::open(&path, None, Durability::Buffered).unwrap_err(),
            Ledger::resume(&path, &identity(1), Durability::Buffered).unwrap_err(),
        ] {
            assert!(matches!(error, Error::Damaged { .. } | Error::BadFormat { .. }), "{name}: {error}");
            let advice = format!("`localnet doctor {}` shows what can be saved", path.display());
            assert!(error.to_string().ends_with(&advice), "{name}: {error}");
        }
        assert!(contents(&path) == before, "{name}: something was changed");
    }
    // FORMAT gets its name last, so a part beside announced blocks is damage too.
    let path = dir.path().join("part");
    copy(&whole, &path);
    fs::rename(path.join("FORMAT"), path.join("FORMAT.part")).unwrap();
    let error = Ledger::resume(&path, &identity(1), Durability::Buffered).unwrap_err();
    assert!(error.to_string().contains("block 40 was announced"), "{error}");
}

#[test]
fn of_two_creations_at_once_one_is_told_of_the_other() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..8 {
        let path = dir.path().join(round.to_string());
        let tried: Vec<_> = std::thread::scope(|scope| {
            let start = || Ledger::resume(&path, &identity(1), Durability::Buffered);
            let both = [scope.spawn(start), scope.spawn(start)];
            both.map(|thread| thread.join().unwrap()).into_iter().collect()
        });
        assert_eq!(tried.iter().filter(|result| result.is_ok()).count(), 1, "{tried:?}");
        let error = tried.iter().find_map(|result| result.as_ref().err()).unwrap();
        assert!(matches!(error, Error::InUse { .. }), "{error}");
        assert!(error.to_string().contains("another process is using it"), "{error}");
    }
}

#[test]
fn a_load_that_was_cut_short_is_refused_until_something_is_done() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    fill(path, 12);
    let blocks = frames(1, 30, 300);
    let open = || Ledger::open(path, None, Durability::Buffered);
    // Stated, and not begun: the chain is as it was.
    let (ledger, _) = open().unwrap();
    ledger.begin_load(30, blocks[29].digest).unwrap();
    drop(ledger);
    let (ledger, opened) = open().unwrap();
    assert_eq!(opened.head.unwrap().0, 12);
    // Begun, and not ended.
    ledger.begin_load(30, blocks[29].digest).unwrap();
    ledger.truncate(0).unwrap();
    for block in &blocks[..9] {
        ledger.append(block.clone()).unwrap();
    }
    drop(ledger);
    for _ in 0..2 {
        let error = open().unwrap_err();
        assert!(matches!(error, Error::LoadCutShort { head: 9, target: 30, .. }), "{error}");
        assert!(error.to_string().contains("a load of 30 blocks was cut short at block 9"), "{error}");
    }
    let summary = Ledger::inspect(path, &mut |_| {}).unwrap();
    assert!(summary.damage.iter().any(|line| line.contains("load of 30 blocks")), "{summary:?}");
    // What there is may be kept on request.
    assert_eq!(Ledger::cut(path, &mut |_| {}).unwrap().head, 9);
    let (ledger, opened) = open().unwrap();
    assert_eq!(opened.head.unwrap().0, 9);
    assert!(opened.report.findings.is_empty(), "{}", opened.report);
    // Ended, but the statement is still there.
    ledger.begin_load(30, blocks[29].digest).unwrap();
    ledger.truncate(0).unwrap();
    blocks.iter().for_each(|block| ledger.append(block.clone()).unwrap());
    drop(ledger);
    let (ledger, opened) = open().unwrap();
    assert_eq!(opened.head.unwrap().0, 30);
    ledger.begin_load(12, blocks[11].digest).unwrap();
    ledger.truncate(12).unwrap();
    ledger.end_load().unwrap();
    ledger.append(blocks[12].clone()).unwrap();
    drop(ledger);
    assert_eq!(open().unwrap().1.head.unwrap().0, 13);
}

/// A large store is copied at opening; a kill leaves the old one or the new one.
#[test]
fn a_kill_while_compacting_leaves_a_whole_ledger() {
    let mut dice = Dice::new(seed());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger");
    Ledger::create(&path, &identity(seed()), Durability::Buffered).unwrap().0.close().unwrap();
    let mut copied = 0;
    for round in 0..rounds(3, 25) {
        let mut child = start("compact", &path, Durability::Buffered, None);
        let receiver = lines(&mut child);
        let head: u64 = receiver.recv().unwrap().parse().unwrap();
        for _ in 0..dice.below(4_000_000) {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        copied += receiver.iter().count();
        let (ledger, opened) = Ledger::open(&path, None, Options::default()).unwrap();
        compare(&ledger, &opened);
        assert!(opened.report.findings.is_empty(), "round {round}: {}", opened.report);
        assert_eq!(opened.head.map_or(0, |(number, _)| number), head, "round {round}");
        ledger.close().unwrap();
        assert!(!path.join("store.trial").exists() && !path.join("store.new").exists(), "round {round}");
    }
    println!("{copied} copies were made");
}
