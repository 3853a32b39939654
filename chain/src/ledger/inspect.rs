//! A look at a ledger that changes nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::examine::{self, Found, Progress};
use super::format::Label;
use super::open;
use super::site::{self, Ground};
use super::store::Store;
use super::trial::Trial;
use super::witness::{self, Reading};
use super::{Error, Identity};

/// What `HEAD` states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witnessed {
    /// Head on the device, 0 for none.
    pub head: u64,
    /// Its rolling digest.
    pub digest: [u8; 32],
    /// Newest checkpoint on the device.
    pub checkpoint: Option<u64>,
    /// Whether the last session ended as it should.
    pub clean: bool,
}

/// What lies in a ledger, as far as it can be told without repairing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The ledger.
    pub path: PathBuf,
    /// Format of the ledger, `None` where `FORMAT` cannot be read.
    pub format: Option<u32>,
    /// Genesis digest, hex; from the store where `FORMAT` cannot be read, as the next two.
    pub genesis: Option<String>,
    /// Scenario digest, hex.
    pub scenario_digest: Option<String>,
    /// Seed of the run.
    pub seed: Option<u64>,
    /// Whether its creation was cut short before the first block.
    pub unfinished: bool,
    /// Whether a process holds it; then the store is not read.
    pub in_use: bool,
    /// That process, where it says.
    pub pid: Option<u32>,
    /// What `HEAD` states, if it can be read.
    pub witnessed: Option<Witnessed>,
    /// Last block handed over, if `MARK` can be read.
    pub announced: Option<u64>,
    /// Last block up to which the chain of digests holds: all blocks up to it can be saved. `None` when the store was not
    /// read, or not even the identity of the run can be.
    pub head: Option<u64>,
    /// Highest block of which the store has any trace.
    pub top: Option<u64>,
    /// Checkpoints that hold, rising.
    pub checkpoints: Vec<u64>,
    /// What is wrong so that blocks are lost or the ledger does not open, in sentences.
    pub damage: Vec<String>,
    /// What the next opening puts right without losing a stored block, in sentences.
    pub repairs: Vec<String>,
    /// Size of the store, bytes.
    pub store_bytes: u64,
    /// What was lost or repaired in former openings, a line each.
    pub recoveries: Vec<String>,
}

/// A ledger's store, copied and examined.
#[derive(Debug)]
pub(super) struct Patient {
    pub(super) trial: Trial,
    pub(super) identity: Identity,
    pub(super) found: Found,
}

/// How often a store is opened that reads as shorter than it was.
const OPENINGS_MAX: u32 = 3;

impl Patient {
    /// Examines the store that `open` copies and opens. sled reads a torn page differently from one opening to the next,
    /// so a store that ends below `hint` is opened again, until it reads no longer than before.
    ///
    /// The inner error says why nothing can be read.
    pub(super) fn best_of(
        hint: u64,
        progress: &mut dyn FnMut(Progress),
        mut open: impl FnMut() -> Result<Result<Trial, String>, Error>,
    ) -> Result<Result<Self, String>, Error> {
        let mut reached = None;
        let mut opening = 1;
        loop {
            let examined = match open()? {
                Ok(trial) => Self::of(trial, hint, progress),
                Err(why) => Err(why),
            };
            let head = examined.as_ref().ok().map(|patient| patient.found.head);
            let whole =
                examined.as_ref().is_ok_and(|patient| patient.found.flaw.is_none()) && head >= Some(hint);
            if whole || opening >= OPENINGS_MAX || (opening > 1 && head >= reached) {
                return Ok(examined);
            }
            reached = reached.max(head);
            opening = opening.saturating_add(1);
        }
    }

    /// Reads the store that was copied to `dir`.
    fn of(trial: Trial, hint: u64, progress: &mut dyn FnMut(Progress)) -> Result<Self, String> {
        let read = |store: &Store| {
            let identity = examine::identity(store);
            let identity =
                identity.map_err(|flaw| format!("the identity of the run cannot be read: {flaw}"))?;
            let found = examine::examine(store, identity.genesis, hint, u64::MAX, progress);
            Ok((identity, found))
        };
        let (identity, found) = trial.store().map_err(|error| error.to_string()).and_then(read)?;
        Ok(Self { trial, identity, found })
    }
}

/// Copies a store to a place for temporary files and opens the copy, since opening is what changes a sled store.
pub(super) fn trial(ledger: &Path) -> Result<Result<Trial, String>, Error> {
    let store = ledger.join("store");
    if !store.join("db").is_file() {
        return Ok(Err("store/db is missing".to_owned()));
    }
    let copy = copy_place();
    if let Err(error) = site::copy_store(&store, &copy) {
        let _ = fs::remove_dir_all(&copy);
        return Err(match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                Error::NoRoom { path: copy, bytes: site::size(&store), source: error }
            }
            _ => Error::io(&copy, error),
        });
    }
    match Trial::copy_at(copy.clone(), ledger) {
        Ok(trial) => Ok(Ok(trial)),
        Err(Error::Damaged { why, .. }) => {
            let _ = fs::remove_dir_all(&copy);
            Ok(Err(format!("the store does not open: {why}")))
        }
        Err(error) => Err(error),
    }
}

/// A name of this process for a copy, which must not be taken.
fn copy_place() -> PathBuf {
    static COPIES: AtomicU32 = AtomicU32::new(0);
    loop {
        let index = COPIES.fetch_add(1, Ordering::Relaxed);
        let copy = std::env::temp_dir().join(format!("localnet-inspect-{}-{index}", std::process::id()));
        if fs::symlink_metadata(&copy).is_err() {
            return copy;
        }
    }
}

/// Reads what is beside the store. The label is `None` where `FORMAT` cannot be read, which is noted as damage.
fn outside(path: &Path) -> Result<(Summary, Reading), Error> {
    let mut damage = Vec::new();
    let (label, unfinished) = match site::survey(path) {
        Ok(Ground::Ledger(label)) => (Some(label), false),
        Ok(Ground::Unfinished) => (None, true),
        Ok(Ground::Free) => return Err(Error::NotFound { path: path.to_path_buf() }),
        Err(Error::BadFormat { why, .. }) => {
            damage.push(format!("FORMAT: {why}"));
            (None, false)
        }
        Err(Error::Damaged { why, .. }) => {
            damage.push(why);
            (None, false)
        }
        Err(error) => return Err(error),
    };
    let holder = site::holder(path);
    let (head, mark) = (path.join("HEAD"), path.join("MARK"));
    let reading = witness::read(&head).map_err(|error| Error::io(&head, error))?;
    let announced = witness::read_mark(&mark).map_err(|error| Error::io(&mark, error))?;
    let log = fs::read_to_string(path.join("recovery.log")).unwrap_or_default();
    let field = |field: fn(&Label) -> &String| label.as_ref().map(field).cloned();
    let summary = Summary {
        path: path.to_path_buf(),
        format: label.as_ref().map(|label| label.format),
        genesis: field(|label| &label.genesis),
        scenario_digest: field(|label| &label.scenario),
        seed: label.as_ref().map(|label| label.seed),
        unfinished,
        in_use: holder.is_some(),
        pid: holder.flatten(),
        witnessed: reading.newest.as_ref().map(|statement| Witnessed {
            head: statement.head,
            digest: statement.digest,
            checkpoint: statement.checkpoint,
            clean: statement.clean,
        }),
        announced,
        head: None,
        top: None,
        checkpoints: Vec::new(),
        damage,
        repairs: Vec::new(),
        store_bytes: site::size(&path.join("store")),
        recoveries: log.lines().map(str::to_owned).collect(),
    };
    Ok((summary, reading))
}

pub(super) fn inspect(path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Summary, Error> {
    let (mut summary, reading) = outside(path)?;
    if summary.in_use || summary.unfinished {
        return Ok(summary);
    }
    let hint = open::highest(&reading, summary.announced);
    match Patient::best_of(hint, progress, || trial(path))? {
        Ok(patient) => describe(&patient, &reading, &mut summary)?,
        Err(why) => summary.damage.push(why),
    }
    Ok(summary)
}

/// Says what was found in the store.
fn describe(patient: &Patient, reading: &Reading, summary: &mut Summary) -> Result<(), Error> {
    let Patient { trial, identity, found } = patient;
    let path = summary.path.clone();
    let of_store = Label::of(identity);
    match (&summary.genesis, &summary.scenario_digest, summary.seed) {
        (Some(genesis), Some(scenario), Some(seed))
            if (genesis, scenario, seed) != (&of_store.genesis, &of_store.scenario, identity.seed) =>
        {
            summary.damage.push("FORMAT names another run than the store".to_owned());
        }
        _ => {}
    }
    summary.genesis = Some(of_store.genesis);
    summary.scenario_digest = Some(of_store.scenario);
    summary.seed = Some(identity.seed);
    if let Some((number, flaw)) = &found.flaw {
        summary.damage.push(format!("block {number}: {flaw}"));
    }
    if let Some(number) = found.intact_above {
        summary.damage.push(format!("block {number} above it is sound, but does not continue a whole chain"));
    }
    match open::check_witness(trial.store()?, &path, reading, found) {
        Err(Error::Diverged { number, .. }) => {
            summary.damage.push(format!("block {number} is another than the one that HEAD witnessed"));
        }
        Err(error) => summary.damage.push(error.to_string()),
        Ok(()) => {}
    }
    let witnessed = reading.newest.as_ref().map_or(0, |statement| statement.head);
    if witnessed > found.head {
        summary
            .damage
            .push(format!("the chain ends at block {}, but block {witnessed} was once stored", found.head));
    }
    match open::check_load(&path, found) {
        Err(Error::LoadCutShort { target, .. }) => {
            let head = found.head;
            summary.damage.push(format!("a load of {target} blocks was cut short at block {head}"));
        }
        Err(Error::Damaged { why, .. }) => summary.damage.push(why),
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    if let Some(why) = &trial.bad_snapshots {
        summary.repairs.push(format!("the store opens only without its snapshots ({why})"));
    }
    for (number, flaw) in &found.bad_checkpoints {
        let number = number.map_or_else(|| "unknown".to_owned(), |number| number.to_string());
        summary.repairs.push(format!("checkpoint of block {number}: {flaw}"));
    }
    if let Some(number) = found.bad_index {
        summary.repairs.push(format!("hash index of block {number} is wrong"));
    }
    if let Some(why) = open::witness_flaw(found, reading, summary.announced) {
        summary.repairs.push(why);
    }
    if summary.announced.is_some_and(|mark| mark > found.head.max(witnessed)) {
        let (first, last) = (found.head.saturating_add(1), summary.announced.unwrap_or_default());
        summary.repairs.push(format!("blocks {first}..={last} were announced, but never stored"));
    }
    summary.head = Some(found.head);
    summary.top = Some(found.top);
    summary.checkpoints.clone_from(&found.checkpoints);
    Ok(())
}
