//! The ledger: round trips, the rules of appending, and every refusal with its words.

use std::fs;
use std::path::Path;

use chain::ledger::{Durability, Error, FORMAT, Finding, Frame, Identity, Ledger, Options};

/// The run that all ledgers of these tests belong to.
pub(crate) fn identity(seed: u64) -> Identity {
    // Larger than one chunk of the store, as a scenario with its corpus is.
    let scenario = (0..100_000u32).map(|index| (index % 251) as u8).collect();
    Identity { genesis: [3; 32], scenario_digest: [5; 32], seed, scenario }
}

/// Block `number` of the run with this seed: the same bytes whenever it is asked for.
pub(crate) fn frame(seed: u64, parent: [u8; 32], number: u64, bytes: usize) -> Frame {
    let mut source = blake3::Hasher::new();
    source.update(&seed.to_le_bytes()).update(&number.to_le_bytes());
    let mut reader = source.finalize_xof();
    let mut section = |len: usize| {
        let mut bytes = vec![0; len];
        reader.fill(&mut bytes);
        bytes
    };
    let hash = section(32).try_into().unwrap();
    let (inputs, receipts, events) = (section(bytes / 2), section(bytes / 8), section(bytes / 4));
    let digest = Frame::digest_of(&parent, &inputs, &receipts, &events);
    let (header, tape, log) = (section(100), section(number as usize % 7), section(32));
    Frame { number, hash, parent_digest: parent, digest, header, inputs, receipts, events, tape, log }
}

/// The first `count` blocks of the run.
pub(crate) fn frames(seed: u64, count: u64, bytes: usize) -> Vec<Frame> {
    let mut parent = identity(seed).genesis;
    (1..=count)
        .map(|number| {
            let frame = frame(seed, parent, number, bytes);
            parent = frame.digest;
            frame
        })
        .collect()
}

fn fill(path: &Path, frames: &[Frame]) {
    let (ledger, _) = Ledger::create(path, &identity(1), Durability::Buffered).unwrap();
    for frame in frames {
        ledger.append(frame.clone()).unwrap();
    }
    ledger.close().unwrap();
}

#[test]
fn what_is_appended_is_read_before_and_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    for durability in [Durability::Buffered, Durability::Durable] {
        let path = dir.path().join(durability.to_string());
        let mut blocks = frames(1, 40, 900);
        // One that takes many chunks, and one whose record ends exactly on a chunk.
        blocks.push(frame(1, blocks[39].digest, 41, 100_000));
        blocks.push(frame(1, blocks[40].digest, 42, 0));
        let (ledger, opened) = Ledger::create(&path, &identity(1), durability).unwrap();
        assert_eq!((opened.head, opened.checkpoint), (None, None));
        for (index, block) in blocks.iter().enumerate() {
            ledger.append(block.clone()).unwrap();
            assert_eq!(ledger.frame(block.number).unwrap().as_ref(), Some(block));
            assert_eq!(ledger.number_of(&block.hash).unwrap(), Some(index as u64 + 1));
        }
        ledger.checkpoint(42, vec![8; 50_000]).unwrap();
        ledger.sync().unwrap();
        let status = ledger.status();
        assert_eq!((status.head, status.stored, status.queued_bytes), (42, 42, 0));
        assert_eq!((status.checkpoint, status.degraded), (Some(42), None));
        ledger.close().unwrap();

        let (ledger, opened) = Ledger::open(&path, Some(&identity(1)), durability).unwrap();
        assert_eq!(opened.head, Some((42, blocks[41].digest)));
        assert_eq!(opened.checkpoint, Some((42, vec![8; 50_000])));
        assert_eq!(opened.identity, identity(1));
        assert!(opened.report.clean && opened.report.findings.is_empty(), "{}", opened.report);
        let read: Vec<_> = ledger.frames(..).map(Result::unwrap).collect();
        assert_eq!(read, blocks);
        let part: Vec<_> = ledger.frames(3..=5).map(|frame| frame.unwrap().number).collect();
        assert_eq!(part, [3, 4, 5]);
        assert_eq!(ledger.frame(0).unwrap(), None);
        assert_eq!(ledger.frame(43).unwrap(), None);
        assert_eq!(ledger.number_of(&[0; 32]).unwrap(), None);
        // Nothing large: sled 0.34 keeps what it replaces there for ever.
        assert_eq!(fs::read_dir(path.join("store/blobs")).unwrap().count(), 0);
    }
}

#[test]
fn resume_makes_a_ledger_and_then_goes_on_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/run");
    let blocks = frames(1, 30, 300);
    for session in blocks.chunks(10) {
        let (ledger, opened) = Ledger::resume(&path, &identity(1), Durability::Buffered).unwrap();
        let head = session[0].number - 1;
        assert_eq!(opened.head.map_or(0, |(number, _)| number), head);
        for block in session {
            ledger.append(block.clone()).unwrap();
        }
        // Dropping closes too.
    }
    let (ledger, opened) = Ledger::open(&path, None, Durability::Buffered).unwrap();
    assert!(opened.report.clean);
    assert_eq!(ledger.frames(1..).map(Result::unwrap).collect::<Vec<_>>(), blocks);
}

#[test]
fn a_frame_that_does_not_continue_the_chain_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let blocks = frames(1, 4, 200);
    let (ledger, _) = Ledger::create(dir.path(), &identity(1), Durability::Buffered).unwrap();
    ledger.append(blocks[0].clone()).unwrap();
    let foreign = frame(1, [1; 32], 2, 200);
    let forged = Frame { events: b"other".to_vec(), ..blocks[1].clone() };
    for (offered, word) in
        [(&blocks[2], "number"), (&blocks[0], "number"), (&foreign, "parent"), (&forged, "sections")]
    {
        let error = ledger.append(offered.clone()).unwrap_err();
        assert!(matches!(error, Error::Discontinuous { head: 1, .. }), "{error}");
        assert!(error.to_string().contains(word), "{error}");
    }
    ledger.append(blocks[1].clone()).unwrap();
    assert!(matches!(ledger.checkpoint(3, vec![]), Err(Error::NoSuchState { number: 3, .. })));
    ledger.checkpoint(0, b"genesis".to_vec()).unwrap();
    ledger.close().unwrap();
    let (_ledger, opened) = Ledger::open(dir.path(), None, Durability::Buffered).unwrap();
    assert_eq!(opened.head, Some((2, blocks[1].digest)));
    assert_eq!(opened.checkpoint, Some((0, b"genesis".to_vec())));
}

#[test]
fn the_digest_covers_length_and_order_of_the_sections() {
    let digest = |a: &[u8], b: &[u8], c: &[u8]| Frame::digest_of(&[0; 32], a, b, c);
    let all = [
        digest(b"ab", b"c", b""),
        digest(b"a", b"bc", b""),
        digest(b"c", b"ab", b""),
        digest(b"ab", b"", b"c"),
    ];
    for (index, one) in all.iter().enumerate() {
        assert!(all[index + 1..].iter().all(|other| other != one));
    }
    assert_ne!(digest(b"ab", b"c", b""), Frame::digest_of(&[1; 32], b"ab", b"c", b""));
}

#[test]
fn checkpoints_are_thinned_but_the_newest_two_stay() {
    let dir = tempfile::tempdir().unwrap();
    let blocks = frames(1, 200, 50);
    let (ledger, _) = Ledger::create(dir.path(), &identity(1), Durability::Buffered).unwrap();
    for block in &blocks {
        ledger.append(block.clone()).unwrap();
        if block.number % 4 == 0 {
            ledger.checkpoint(block.number, block.number.to_le_bytes().repeat(1_000)).unwrap();
        }
    }
    ledger.close().unwrap();
    let summary = Ledger::inspect(dir.path(), &mut |_| {}).unwrap();
    let kept = summary.checkpoints;
    assert!(kept.ends_with(&[196, 200]), "{kept:?}");
    assert!((3..=8).contains(&kept.len()), "{kept:?}");
    assert!(kept[0] <= 100, "an old one stays: {kept:?}");
    let (reopened, opened) = Ledger::open(dir.path(), None, Durability::Buffered).unwrap();
    assert_eq!(opened.checkpoint, Some((200, 200u64.to_le_bytes().repeat(1_000))));
    // From any block back there is the nearest that was kept, or none but genesis.
    for number in 0..=200 {
        let before = reopened.checkpoint_before(number).map(|(kept, _)| kept);
        assert_eq!(before, kept.iter().copied().filter(|kept| *kept <= number).max(), "{number}");
    }
}

#[test]
fn a_long_ledger_is_verified_from_its_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    let blocks = frames(1, 60, 100);
    let (ledger, _) = Ledger::create(dir.path(), &identity(1), Durability::Buffered).unwrap();
    for block in &blocks {
        ledger.append(block.clone()).unwrap();
        if block.number == 50 {
            ledger.checkpoint(50, b"fifty".to_vec()).unwrap();
        }
    }
    ledger.close().unwrap();
    let options = Options { whole_chain_limit: 59, ..Options::default() };
    let mut seen = Vec::new();
    let (ledger, opened) =
        Ledger::open_watched(dir.path(), None, options, &mut |progress| seen.push(progress.checked)).unwrap();
    assert_eq!((opened.report.verified_from, opened.head.unwrap().0), (51, 60));
    assert_eq!(seen, [10]);
    drop(ledger);
    let (_ledger, opened) = Ledger::open(dir.path(), None, Durability::Buffered).unwrap();
    assert_eq!(opened.report.verified_from, 1);
}

#[test]
fn places_that_are_not_ledgers_are_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "text").unwrap();
    let create = |path: &Path| Ledger::create(path, &identity(1), Durability::Buffered).unwrap_err();
    let open = |path: &Path| Ledger::open(path, None, Durability::Buffered).unwrap_err();
    assert!(matches!(create(&file), Error::IsFile { .. }));
    assert!(matches!(open(&file), Error::IsFile { .. }));
    assert!(create(&file).to_string().contains("is a file, and a ledger is a directory"));
    assert!(matches!(create(&file.join("below")), Error::IsFile { .. }));

    assert!(matches!(open(&dir.path().join("none")), Error::NotFound { .. }));
    assert!(!dir.path().join("none").exists());

    let foreign = dir.path().join("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("thesis.tex"), "text").unwrap();
    for error in [create(&foreign), open(&foreign)] {
        assert!(matches!(&error, Error::Foreign { found, .. } if found == "thesis.tex"), "{error}");
    }
    assert_eq!(fs::read_dir(&foreign).unwrap().count(), 1);

    let ledger = dir.path().join("ledger");
    fill(&ledger, &frames(1, 2, 10));
    assert!(matches!(create(&ledger), Error::Exists { .. }));
}

#[test]
fn a_newer_or_damaged_format_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), &frames(1, 2, 10));
    let file = dir.path().join("FORMAT");
    let text = fs::read_to_string(&file).unwrap();
    let open = || Ledger::open(dir.path(), None, Durability::Buffered).unwrap_err();

    let body = text.replace("format = 1\n", "format = 7\n");
    let body = body.split_once("check = ").unwrap().0;
    let check: String = blake3::hash(body.as_bytes()).to_hex().chars().take(16).collect();
    fs::write(&file, format!("{body}check = {check}\n")).unwrap();
    let error = open();
    assert!(matches!(error, Error::NewerFormat { found: 7, supported: FORMAT, .. }), "{error}");
    assert!(error.to_string().contains("format 7 is newer than format 1"), "{error}");

    fs::write(&file, text.replace("seed = 1\n", "seed = 2\n")).unwrap();
    assert!(matches!(open(), Error::BadFormat { .. }));
    fs::write(&file, b"\xff\xfe").unwrap();
    assert!(matches!(open(), Error::BadFormat { .. }));
    fs::write(&file, &text).unwrap();
    Ledger::open(dir.path(), None, Durability::Buffered).unwrap();
}

#[test]
fn a_ledger_of_another_run_is_refused_with_both_named() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), &frames(1, 2, 10));
    let cases = [
        (Identity { seed: 2, ..identity(1) }, "seed", "1", "2"),
        (Identity { genesis: [4; 32], ..identity(1) }, "genesis", "0303", "0404"),
        (Identity { scenario_digest: [6; 32], ..identity(1) }, "scenario digest", "0505", "0606"),
    ];
    for (other, name, found, expected) in cases {
        let error = Ledger::open(dir.path(), Some(&other), Durability::Buffered).unwrap_err();
        assert!(matches!(error, Error::OtherIdentity { field, .. } if field == name), "{error}");
        let text = error.to_string();
        assert!(text.contains(found) && text.contains(expected), "{text}");
        assert!(Ledger::resume(dir.path(), &other, Durability::Buffered).is_err());
    }
}

#[test]
fn a_directory_that_cannot_be_written_is_named() {
    // Root writes where permission bits forbid it, so a place where the kernel itself refuses is taken.
    let places = ["/sys/kernel/ledger", "/proc/sys/ledger", "/proc/1/ledger"];
    let mut refused = 0;
    for place in places.into_iter().filter(|place| Path::new(place).parent().is_some_and(Path::is_dir)) {
        let error = Ledger::create(place, &identity(1), Durability::Buffered).unwrap_err();
        assert!(matches!(error, Error::ReadOnly { .. } | Error::Io { .. }), "{error}");
        assert!(error.to_string().starts_with(place), "{error}");
        refused += u32::from(matches!(error, Error::ReadOnly { .. }));
    }
    if cfg!(target_os = "linux") {
        assert!(refused > 0, "no place was refused as read-only");
    }
}

#[test]
fn a_second_opening_is_refused_with_the_process_named() {
    let dir = tempfile::tempdir().unwrap();
    let (ledger, _) = Ledger::create(dir.path(), &identity(1), Durability::Buffered).unwrap();
    let pid = std::process::id();
    let error = Ledger::open(dir.path(), None, Durability::Buffered).unwrap_err();
    assert!(matches!(error, Error::InUse { pid: Some(found), .. } if found == pid), "{error}");
    assert!(
        error.to_string().contains(&format!("in use by process {pid} (another process is using it)")),
        "{error}"
    );
    let summary = Ledger::inspect(dir.path(), &mut |_| {}).unwrap();
    assert_eq!((summary.in_use, summary.pid, summary.head), (true, Some(pid), None));
    ledger.close().unwrap();
    Ledger::open(dir.path(), None, Durability::Buffered).unwrap();
}

#[test]
fn an_older_store_put_back_is_a_rollback_with_its_blocks_named() {
    let dir = tempfile::tempdir().unwrap();
    let (path, old) = (dir.path().join("ledger"), dir.path().join("old"));
    let blocks = frames(1, 50, 300);
    fill(&path, &blocks[..20]);
    fs::create_dir(&old).unwrap();
    let files = |dir: &Path| -> Vec<_> {
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
    };
    for file in files(&path.join("store")) {
        fs::copy(&file, old.join(file.file_name().unwrap())).unwrap();
    }
    let (ledger, _) = Ledger::open(&path, None, Durability::Durable).unwrap();
    for block in &blocks[20..] {
        ledger.append(block.clone()).unwrap();
    }
    ledger.close().unwrap();
    for file in files(&path.join("store")) {
        fs::remove_file(file).unwrap();
    }
    for file in files(&old) {
        fs::copy(&file, path.join("store").join(file.file_name().unwrap())).unwrap();
    }
    let summary = Ledger::inspect(&path, &mut |_| {}).unwrap();
    assert_eq!(summary.head, Some(20));
    assert!(summary.damage.iter().any(|line| line.contains("block 50 was once stored")), "{summary:?}");
    let (ledger, opened) = Ledger::open(&path, None, Durability::Durable).unwrap();
    assert_eq!(opened.head, Some((20, blocks[19].digest)));
    assert_eq!(opened.report.findings, [Finding::RolledBack { first: 21, last: 50 }]);
    // What was reported is not reported again, and the blocks can be made again.
    ledger.append(blocks[20].clone()).unwrap();
    ledger.close().unwrap();
    let (_ledger, opened) = Ledger::open(&path, None, Durability::Durable).unwrap();
    assert!(opened.report.findings.is_empty());
    assert_eq!(Ledger::inspect(&path, &mut |_| {}).unwrap().recoveries.len(), 1);
}
