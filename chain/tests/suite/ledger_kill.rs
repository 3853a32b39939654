//! Processes that are killed or starved while they write, and what is left of their ledgers.

use std::hint::spin_loop;
use std::path::Path;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use chain::ledger::{Durability, Finding, Ledger};

use crate::ledger::identity;
use crate::ledger_child::{Dice, compare, lines, outcome, rounds, seed, start};

fn new_ledger(path: &Path) {
    Ledger::create(path, &identity(seed()), Durability::Buffered).unwrap().0.close().unwrap();
}

/// Lets a child append and kills it. Returns the last acknowledged block.
fn kill_one(path: &Path, durability: Durability, dice: &mut Dice) -> u64 {
    let said = kill_saying("append", path, durability, dice, |_| true);
    said.iter().filter_map(|line| line.strip_prefix("ack ")?.parse().ok()).max().unwrap_or(0)
}

/// What a child said that was killed a random moment after a random word, or the next such word after it.
fn kill_saying(
    task: &str,
    path: &Path,
    durability: Durability,
    dice: &mut Dice,
    such: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut child = start(task, path, durability, None);
    let receiver = lines(&mut child);
    let most = if durability == Durability::Durable { 60 } else { 2_500 };
    // Some die while they open, before the first word.
    let words = if dice.below(8) == 0 { 0 } else { 1 + dice.below(most) };
    let mut said: Vec<String> = Vec::new();
    while words > 0 && !(said.len() as u64 >= words && said.last().is_some_and(|word| such(word))) {
        match receiver.recv_timeout(Duration::from_secs(120)) {
            Ok(line) => said.push(line),
            Err(RecvTimeoutError::Disconnected) => panic!("the child ended by itself: {said:?}"),
            Err(RecvTimeoutError::Timeout) => panic!("the child hangs"),
        }
    }
    for _ in 0..dice.below(400_000) {
        spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What was said before the kill and not read yet counts too.
    said.extend(receiver);
    said
}

#[derive(Debug, Default)]
struct Tally {
    kills: u64,
    acknowledged: u64,
    lost: u64,
    rounds_with_loss: u64,
}

fn kill_often(durability: Durability, kills: u64) -> Tally {
    let mut dice = Dice::new(seed() ^ u64::from(durability == Durability::Durable));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger");
    new_ledger(&path);
    let mut tally = Tally::default();
    let mut before = 0;
    for round in 0..kills {
        let acknowledged = kill_one(&path, durability, &mut dice).max(before);
        let (ledger, opened) = Ledger::open(&path, Some(&identity(seed())), durability).unwrap();
        let head = opened.head.map_or(0, |(number, _)| number);
        let report = &opened.report;
        compare(&ledger, &opened);
        assert!(!report.is_damaged(), "round {round}: {report}");
        let lost: Vec<_> = report.findings.iter().filter_map(Finding::lost).collect();
        if durability == Durability::Durable {
            assert!(
                head >= acknowledged,
                "round {round}: block {acknowledged} acknowledged, head {head}: {report}"
            );
        }
        if head < acknowledged {
            assert!(
                lost.iter().any(|lost| *lost.start() == head + 1 && *lost.end() >= acknowledged),
                "round {round}: blocks {}..={acknowledged} lost without a word: {report}",
                head + 1
            );
            tally.lost += acknowledged - head;
            tally.rounds_with_loss += 1;
        }
        println!("{durability} {round}: acknowledged {acknowledged}, head {head}; {report}");
        tally.kills += 1;
        tally.acknowledged += acknowledged.saturating_sub(before);
        before = head;
        ledger.close().unwrap();
    }
    tally
}

/// The heights between which a head may lie after what was said: the last acknowledged one, or, where the child was
/// going back, any from where it went to.
fn bounds(said: &[String]) -> Option<(u64, u64)> {
    let mut bounds: Option<(u64, u64)> = None;
    for line in said {
        let (word, number) = line.split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        bounds = match (word, bounds) {
            ("back", Some((_, high))) => Some((number, high)),
            // One more may be stored and not yet acknowledged.
            _ => Some((number, number + 1)),
        };
    }
    bounds
}

#[test]
fn a_kill_while_going_back_leaves_a_whole_ledger() {
    let mut dice = Dice::new(seed());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger");
    new_ledger(&path);
    let mut before = (0, 0);
    let mut inside = 0;
    for round in 0..rounds(8, 300) {
        let back = |word: &str| word.starts_with("back ");
        let said = kill_saying("truncate", &path, Durability::Durable, &mut dice, back);
        inside += u64::from(said.last().is_some_and(|line| line.starts_with("back ")));
        let (low, high) = bounds(&said).unwrap_or(before);
        let (ledger, opened) = Ledger::open(&path, Some(&identity(seed())), Durability::Durable).unwrap();
        let head = opened.head.map_or(0, |(number, _)| number);
        compare(&ledger, &opened);
        assert!(!opened.report.is_damaged(), "round {round}: {}", opened.report);
        assert!((low..=high).contains(&head), "round {round}: {low} <= {head} <= {high}: {}", opened.report);
        println!("{round}: {low}..={high}, head {head}; {}", opened.report);
        before = (head, head);
        ledger.close().unwrap();
    }
    println!("{inside} kills while going back");
}

#[test]
fn durable_loses_no_acknowledged_block_to_a_kill() {
    let tally = kill_often(Durability::Durable, rounds(5, 50));
    println!("durable, seed {}: {tally:?}", seed());
    assert_eq!((tally.kills, tally.lost), (rounds(5, 50), 0));
    assert!(tally.acknowledged > 0);
}

#[test]
fn buffered_keeps_a_prefix_and_names_the_rest_after_a_kill() {
    let tally = kill_often(Durability::Buffered, rounds(5, 50));
    println!("buffered, seed {}: {tally:?}", seed());
    assert_eq!(tally.kills, rounds(5, 50));
    // Else the naming of lost blocks was never put to the test.
    assert!(tally.lost > 0 && tally.rounds_with_loss > 0, "{tally:?}");
}

/// A file that may not grow stands for a full disk: the same error path, and no mount is needed.
#[test]
#[cfg(unix)]
fn a_full_disk_stops_the_ledger_and_loses_nothing_acknowledged() {
    for durability in [Durability::Durable, Durability::Buffered] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger");
        new_ledger(&path);
        // 512-byte units in sh; the signal that comes with the limit is ignored, so that writes fail instead.
        let child = start("append", &path, durability, Some("trap '' XFSZ; ulimit -f 3000"));
        let (status, said, complaint) = outcome(child).expect("no hang on a full disk");
        let find = |word: &str| {
            said.iter().rev().find_map(|line| line.strip_prefix(word)).unwrap_or_else(|| {
                panic!("{durability}: no {word:?}, but {:?}\n{complaint}", said.last());
            })
        };
        assert!(status.success(), "{durability}: {status} {complaint}");
        let failed = find("failed ");
        assert!(failed.contains("the ledger stopped at block"), "{failed}");
        assert!(failed.contains("may not grow further"), "{failed}");
        let stored: u64 = find("stored ").parse().unwrap();
        let acknowledged: u64 = find("ack ").parse().unwrap();
        let (ledger, opened) = Ledger::open(&path, None, durability).unwrap();
        compare(&ledger, &opened);
        let head = opened.head.unwrap().0;
        assert!(!opened.report.clean && !opened.report.is_damaged(), "{}", opened.report);
        assert!(head >= stored, "{head} {stored}");
        match durability {
            Durability::Durable => assert!(head >= acknowledged),
            Durability::Buffered => assert!(
                head >= acknowledged || opened.report.lost().any(|lost| lost.contains(&acknowledged)),
                "{}",
                opened.report
            ),
        }
        println!("{durability}: stopped at {acknowledged} with {failed:?}, reopened at {head}");
    }
}

#[test]
fn a_second_process_is_refused_with_the_first_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger");
    new_ledger(&path);
    let (ledger, _) = Ledger::open(&path, None, Durability::Buffered).unwrap();
    let (status, said, complaint) = outcome(start("check", &path, Durability::Buffered, None)).unwrap();
    assert!(status.success(), "{complaint}");
    let expected = format!("in use by process {} ", std::process::id());
    assert!(said.len() == 1 && said[0].starts_with("refused ") && said[0].contains(&expected), "{said:?}");
    ledger.close().unwrap();
    let (_, said, complaint) = outcome(start("check", &path, Durability::Buffered, None)).unwrap();
    assert_eq!(said.last().map(String::as_str), Some("done"), "{said:?} {complaint}");
}
