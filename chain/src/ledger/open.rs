//! Opening a ledger: from whatever lies on the disk to a head that holds and a report of what does not.

use std::path::Path;

use parity_scale_codec::Encode;

use super::checkpoint;
use super::examine::{self, Found, Progress};
use super::keys::Kind;
use super::rebuild::{self, Obstacle};
use super::record::Flaw;
use super::recovery::{Finding, Recovery};
use super::site::{self, Ground, LOADING, Site};
use super::store::{Batch, Fault, Store};
use super::trial::Trial;
use super::witness::{self, Reading, Statement};
use super::{Error, Identity, OnDamage, Options};

/// A large store is copied at open when it is this many times larger than what lies in it.
const COMPACT_RATIO: u64 = 4;

/// A site made ready to go on.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) site: Site,
    pub(super) store: Store,
    pub(super) identity: Identity,
    pub(super) head: (u64, [u8; 32]),
    pub(super) checkpoint: Option<(u64, Vec<u8>)>,
    pub(super) statement: Statement,
    pub(super) report: Recovery,
    /// Whether it was made just now, and `FORMAT` has no name yet.
    pub(super) created: bool,
}

/// Makes a new, empty ledger.
pub(super) fn create(path: &Path, identity: &Identity, options: Options) -> Result<Ready, Error> {
    if let Ground::Ledger(_) = site::survey(path)? {
        return Err(Error::Exists { path: path.to_path_buf() });
    }
    let site = Site::found(path, identity)?;
    let store = Store::open(&site.store()).map_err(|fault| not_made(path, fault))?;
    let mut batch = Batch::default();
    batch.put_record(Kind::Identity, 0, &identity.encode());
    let stored = store.apply(batch).and_then(|()| store.sync());
    stored.map_err(|fault| not_made(path, fault))?;
    let synced = site::sync_files(&site.store()).and_then(|()| site::sync_dir(path));
    synced.map_err(|error| Error::io(path, error))?;
    let statement = start_statement(0, identity.genesis, None, 0, options);
    let report = Recovery { clean: true, verified_from: 1, findings: Vec::new() };
    let head = (0, identity.genesis);
    let identity = identity.clone();
    Ok(Ready { site, store, identity, head, checkpoint: None, statement, report, created: true })
}

/// A failure while a store is made: there is nothing yet that could be damaged.
fn not_made(path: &Path, fault: Fault) -> Error {
    match fault {
        fault @ (Fault::Corrupt(_) | Fault::Panicked(_)) => Error::Stalled {
            path: path.to_path_buf(),
            why: format!("the store cannot be made: {fault}; look at the limit on memory (ulimit -v)"),
        },
        fault => Error::store(path, fault),
    }
}

fn start_statement(
    head: u64,
    digest: [u8; 32],
    checkpoint: Option<u64>,
    seq: u64,
    options: Options,
) -> Statement {
    let durable = options.durability == super::Durability::Durable;
    Statement { seq, head, digest, checkpoint, clean: false, durable }
}

/// Opens a ledger, verifies it and repairs what can be repaired without losing a block in silence.
pub(super) fn open(
    path: &Path,
    expected: Option<&Identity>,
    options: Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Ready, Error> {
    let label = match site::survey(path)? {
        Ground::Ledger(label) => label,
        Ground::Unfinished => return Err(unfinished(path)),
        Ground::Free => return Err(Error::NotFound { path: path.to_path_buf() }),
    };
    if let Some(expected) = expected {
        label.expect(expected, path)?;
    }
    let site = Site::lock(path)?;
    site.settle_swap()?;
    let io = |file: &Path, error| Error::io(file, error);
    let reading = witness::read(&site.head()).map_err(|error| io(&site.head(), error))?;
    let mark = witness::read_mark(&site.mark()).map_err(|error| io(&site.mark(), error))?;
    if !site.store().join("db").is_file() {
        return Err(damaged(path, "store/db is missing".to_owned(), &reading));
    }
    let trial = Trial::of_site(&site).map_err(|error| with_witness(error, &reading))?;
    let identity = read_identity(trial.store()?, path, &reading)?;
    label.expect(&identity, path)?;
    if let Some(expected) = expected {
        identity.expect(expected, path)?;
    }
    let limit = match options.on_damage {
        OnDamage::Refuse => options.whole_chain_limit,
        // Where to cut is only known when everything has been looked at.
        OnDamage::Cut => u64::MAX,
    };
    let hint = highest(&reading, mark);
    let found = examine::examine(trial.store()?, identity.genesis, hint, limit, progress);
    let found = only_damage(found, path)?;
    check_witness(trial.store()?, path, &reading, &found)?;
    let loaded = check_load(path, &found)?;
    let mut findings = Vec::new();
    let store = repair(&site, trial, &identity, &found, &reading, options, &mut findings)?;
    if loaded {
        site.remove_loading()?;
    }
    let report = conclude(&found, &reading, mark, findings);
    if !report.findings.is_empty() {
        site.log_recovery(&report.findings.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        tracing::warn!(path = %path.display(), %report, "ledger recovered");
    }
    let tidied = checkpoint::remove_above(&store, found.head).and_then(|()| checkpoint::sweep(&store));
    tidied.map_err(|fault| Error::store(path, fault))?;
    let checkpoint = usable_checkpoint(&store, &identity, found.checkpoint, found.head);
    let seq = reading.newest.as_ref().map_or(0, |statement| statement.seq);
    let number = checkpoint.as_ref().map(|(number, _)| *number);
    let statement = start_statement(found.head, found.digest, number, seq, options);
    let head = (found.head, found.digest);
    Ok(Ready { site, store, identity, head, checkpoint, statement, report, created: false })
}

/// The error of a creation that was cut short, or, while it is still under way, of a ledger in use.
pub(super) fn unfinished(path: &Path) -> Error {
    let path = path.to_path_buf();
    match site::holder(&path) {
        Some(pid) => Error::InUse { path, pid },
        None => Error::Unfinished { path },
    }
}

/// Highest block known outside the store.
pub(super) fn highest(reading: &Reading, mark: Option<u64>) -> u64 {
    reading.newest.as_ref().map_or(0, |statement| statement.head).max(mark.unwrap_or(0))
}

fn damaged(path: &Path, why: String, reading: &Reading) -> Error {
    let why = match &reading.newest {
        Some(statement) => format!("{why} (the last witnessed block is {})", statement.head),
        None => why,
    };
    Error::Damaged { path: path.to_path_buf(), why }
}

/// Adds the last witnessed block to an error that does not name it.
fn with_witness(error: Error, reading: &Reading) -> Error {
    match error {
        Error::Damaged { path, why } => damaged(&path, why, reading),
        other => other,
    }
}

/// Refuses a chain that is part of a load. Returns whether there is a statement about a load that has become idle: the load
/// came to its end, or had not begun.
pub(super) fn check_load(ledger: &Path, found: &Found) -> Result<bool, Error> {
    let (file, path) = (ledger.join(LOADING), ledger.to_path_buf());
    let Some(load) = witness::read_load(&file).map_err(|error| Error::io(&file, error))? else {
        return Ok(false);
    };
    let Some(load) = load else {
        let why = "LOADING is unreadable, so that the chain may be part of a load".to_owned();
        return Err(Error::Damaged { path, why });
    };
    let head = (found.head, found.digest);
    if head == load.target || head == load.before {
        return Ok(true);
    }
    Err(Error::LoadCutShort { path, head: found.head, target: load.target.0 })
}

/// Gives up where the system failed to read: a block may only be cut off when its bytes are known to be wrong.
fn only_damage(mut found: Found, path: &Path) -> Result<Found, Error> {
    if let Some((number, flaw)) = found.flaw.take_if(|(_, flaw)| !flaw.is_damage()) {
        return Err(Error::block(path, number, flaw));
    }
    if let Some(index) = found.bad_checkpoints.iter().position(|(_, flaw)| !flaw.is_damage()) {
        let (number, flaw) = found.bad_checkpoints.swap_remove(index);
        return Err(Error::block(path, number.unwrap_or(0), flaw));
    }
    Ok(found)
}

fn read_identity(store: &Store, path: &Path, reading: &Reading) -> Result<Identity, Error> {
    examine::identity(store).map_err(|flaw| match flaw {
        Flaw::Store(fault) if !fault.is_damage() => Error::store(path, fault),
        flaw => damaged(path, format!("the identity of the run cannot be read: {flaw}"), reading),
    })
}

/// Refuses a store whose witnessed block is another one.
pub(super) fn check_witness(
    store: &Store,
    path: &Path,
    reading: &Reading,
    found: &Found,
) -> Result<(), Error> {
    let Some(statement) = &reading.newest else { return Ok(()) };
    if statement.head == 0 || statement.head > found.head {
        return Ok(());
    }
    let frame =
        examine::frame(store, statement.head).map_err(|flaw| Error::block(path, statement.head, flaw))?;
    if frame.digest == statement.digest {
        return Ok(());
    }
    Err(Error::Diverged {
        path: path.to_path_buf(),
        number: statement.head,
        found: hex::encode(frame.digest),
        witnessed: hex::encode(statement.digest),
    })
}

/// Opens the store where all of it holds. Where it has damaged parts or is far too large, its sound part is copied into a
/// new one.
fn repair(
    site: &Site,
    trial: Trial,
    identity: &Identity,
    found: &Found,
    reading: &Reading,
    options: Options,
    findings: &mut Vec<Finding>,
) -> Result<Store, Error> {
    if let (Some((first, flaw)), Some(next), OnDamage::Refuse) =
        (&found.flaw, found.intact_above, options.on_damage)
    {
        return Err(Error::DamagedMiddle {
            path: site.path().to_path_buf(),
            first: *first,
            last: next.saturating_sub(1),
            head: found.top,
            why: flaw.to_string(),
            untouched: trial.is_copy(),
        });
    }
    if let Some(number) = vanished_checkpoint(found, reading) {
        findings.push(Finding::CheckpointLost { number: Some(number), why: Flaw::Missing.to_string() });
    }
    for (number, flaw) in &found.bad_checkpoints {
        findings.push(Finding::CheckpointLost { number: *number, why: flaw.to_string() });
    }
    if let Some(number) = found.bad_index {
        findings.push(Finding::IndexRebuilt { number });
    }
    let sound = found.flaw.is_none() && found.bad_checkpoints.is_empty() && found.bad_index.is_none();
    if sound && !is_bloated(site, found, options.compact_above) {
        return open_sound(site, trial, found, findings);
    }
    rebuild(trial.store()?, site, identity, found)?;
    drop(trial);
    let kept = site.swap_store()?;
    match &found.flaw {
        Some((first, flaw)) => findings.push(Finding::CutTail {
            first: *first,
            last: found.top.max(reading.newest.as_ref().map_or(0, |statement| statement.head)),
            why: flaw.to_string(),
            kept,
        }),
        None if !sound => findings.push(Finding::StoreCopied { kept }),
        // Nothing was wrong with it but its size.
        None => {
            let _ = std::fs::remove_dir_all(kept.parent().unwrap_or(&kept));
        }
    }
    Store::open(&site.store()).map_err(|fault| Error::store(site.path(), fault))
}

/// Copies what holds into the fresh store of a site.
pub(super) fn rebuild(store: &Store, site: &Site, identity: &Identity, found: &Found) -> Result<(), Error> {
    let bytes = identity.encode();
    rebuild::copy(store, site, &bytes, identity.genesis, found.head, &found.checkpoints).map_err(|obstacle| {
        match obstacle {
            Obstacle::Block(number, flaw) => Error::block(site.path(), number, flaw),
            Obstacle::Store(fault) => Error::store(site.path(), fault),
        }
    })
}

/// Opens a store whose copy holds, and makes sure that it is the same.
fn open_sound(site: &Site, trial: Trial, found: &Found, findings: &mut Vec<Finding>) -> Result<Store, Error> {
    let (copied, bad_snapshots) = (trial.is_copy(), trial.bad_snapshots.clone());
    drop(trial);
    if copied {
        site.remove_unfinished_snapshots()?;
    }
    if let Some(why) = bad_snapshots {
        let kept = if copied { site.set_snapshots_aside()? } else { None };
        findings.push(Finding::SnapshotsSetAside { why, kept: kept.unwrap_or_else(|| site.quarantined()) });
    }
    let store = Store::open(&site.store()).map_err(|fault| Error::store(site.path(), fault))?;
    let same = match store.last(Kind::Frame) {
        Ok(None) => found.head == 0,
        Ok(Some(last)) => {
            last == found.head && examine::frame(&store, last).is_ok_and(|frame| frame.digest == found.digest)
        }
        Err(fault) => return Err(Error::store(site.path(), fault)),
    };
    if same {
        return Ok(store);
    }
    let why = format!("a copy of it ended at block {}, and it ends elsewhere", found.head);
    Err(Error::Damaged { path: site.path().to_path_buf(), why })
}

/// A checkpoint that was witnessed, of which the store has no trace although it has its block.
fn vanished_checkpoint(found: &Found, reading: &Reading) -> Option<u64> {
    let number = reading.newest.as_ref()?.checkpoint?;
    let traced = found.checkpoints.contains(&number)
        || found.bad_checkpoints.iter().any(|(bad, _)| bad.is_none_or(|bad| bad == number));
    (!traced && number <= found.head).then_some(number)
}

fn is_bloated(site: &Site, found: &Found, above: u64) -> bool {
    let size = std::fs::metadata(site.store().join("db")).map_or(0, |meta| meta.len());
    found.from == 1 && size > above && size / COMPACT_RATIO > found.bytes
}

/// Compares what was found with what was witnessed.
fn conclude(found: &Found, reading: &Reading, mark: Option<u64>, mut findings: Vec<Finding>) -> Recovery {
    let mut known = found.head;
    known = findings.iter().filter_map(Finding::lost).fold(known, |known, lost| known.max(*lost.end()));
    if let Some(statement) = &reading.newest
        && statement.head > known
    {
        findings.push(Finding::RolledBack { first: known.saturating_add(1), last: statement.head });
        known = statement.head;
    }
    let durable = reading.newest.as_ref().is_some_and(|statement| statement.durable);
    match mark {
        Some(mark) if mark > known => {
            findings.push(Finding::LostTail { first: known.saturating_add(1), last: mark, durable });
        }
        _ => {}
    }
    if let Some(why) = witness_flaw(found, reading, mark) {
        let statement = reading.newest.as_ref();
        let proven = statement.is_some_and(|statement| statement.clean && statement.head == found.head);
        findings.push(Finding::WitnessDamaged { head: found.head, proven, why });
    }
    let clean = reading.newest.as_ref().is_some_and(|statement| statement.clean);
    Recovery { clean, verified_from: found.from, findings }
}

pub(super) fn witness_flaw(found: &Found, reading: &Reading, mark: Option<u64>) -> Option<String> {
    let mut flaws = Vec::new();
    match (&reading.newest, reading.bad.as_slice()) {
        (None, _) => flaws.push("HEAD holds no valid statement".to_owned()),
        (Some(_), [bad]) => flaws.push(format!("slot {bad} of HEAD is unreadable")),
        (Some(statement), _) if statement.clean && statement.head < found.head => {
            flaws.push(format!("HEAD names block {} as the last of a clean stop", statement.head));
        }
        _ => {}
    }
    if mark.is_none() {
        flaws.push("MARK is unreadable".to_owned());
    }
    if flaws.is_empty() { None } else { Some(flaws.join(", ")) }
}

fn usable_checkpoint(
    store: &Store,
    identity: &Identity,
    newest: Option<(u64, Vec<u8>)>,
    head: u64,
) -> Option<(u64, Vec<u8>)> {
    match newest {
        Some((number, _)) if number > head => {
            let numbers = store.numbers(Kind::Checkpoint).unwrap_or_default();
            numbers.into_iter().rev().find_map(|number| {
                let (_, bytes) = checkpoint::read(store, number, identity.genesis).ok()?;
                Some((number, bytes))
            })
        }
        newest => newest,
    }
}
