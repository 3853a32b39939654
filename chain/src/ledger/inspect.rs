//! A look at a ledger that changes nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::Error;
use super::examine;
use super::format::Label;
use super::open;
use super::site::{self, Ground};
use super::store::Store;
use super::witness;

/// A larger store is not copied, so only its witness is told.
const COPY_BYTES: u64 = 2 << 30;

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
    /// Its format.
    pub format: u32,
    /// Genesis digest, hex.
    pub genesis: String,
    /// Scenario digest, hex.
    pub scenario_digest: String,
    /// Seed of the run.
    pub seed: u64,
    /// Whether a process holds it; then the store is not read.
    pub in_use: bool,
    /// That process, where it says.
    pub pid: Option<u32>,
    /// What `HEAD` states, if it can be read.
    pub witnessed: Option<Witnessed>,
    /// Last block handed over, if `MARK` can be read.
    pub announced: Option<u64>,
    /// Last block up to which the chain of digests holds; `None` when the store was not read.
    pub head: Option<u64>,
    /// Checkpoints that hold, rising.
    pub checkpoints: Vec<u64>,
    /// What is wrong with the store, in sentences.
    pub damage: Vec<String>,
    /// Size of the store, bytes.
    pub store_bytes: u64,
    /// What was lost or repaired in former openings, a line each.
    pub recoveries: Vec<String>,
}

pub(super) fn inspect(path: &Path) -> Result<Summary, Error> {
    let Ground::Ledger(Label { format, genesis, scenario, seed }) = site::survey(path)? else {
        return Err(Error::NotFound { path: path.to_path_buf() });
    };
    let holder = site::holder(path);
    let (head, mark, store) = (path.join("HEAD"), path.join("MARK"), path.join("store"));
    let reading = witness::read(&head).map_err(|error| Error::io(&head, error))?;
    let announced = witness::read_mark(&mark).map_err(|error| Error::io(&mark, error))?;
    let log = fs::read_to_string(path.join("recovery.log")).unwrap_or_default();
    let mut summary = Summary {
        path: path.to_path_buf(),
        format,
        genesis,
        scenario_digest: scenario,
        seed,
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
        checkpoints: Vec::new(),
        damage: Vec::new(),
        store_bytes: size(&store),
        recoveries: log.lines().map(str::to_owned).collect(),
    };
    if !summary.in_use {
        read_copy(&store, &mut summary, open::highest(&reading, announced))?;
    }
    Ok(summary)
}

/// Opening is what changes a sled store, so a copy is opened.
fn read_copy(store: &Path, summary: &mut Summary, hint: u64) -> Result<(), Error> {
    if summary.store_bytes > COPY_BYTES {
        summary.damage.push("not read: the store is too large to be copied".to_owned());
        return Ok(());
    }
    static COPIES: AtomicU32 = AtomicU32::new(0);
    let index = COPIES.fetch_add(1, Ordering::Relaxed);
    let copy = std::env::temp_dir().join(format!("localnet-inspect-{}-{index}", std::process::id()));
    let copied = copy_files(store, &copy).map_err(|error| Error::io(&copy, error));
    if copied.is_ok() {
        match Store::open(&copy) {
            Ok(store) => read_store(&store, summary, hint),
            Err(fault) => summary.damage.push(format!("the store does not open: {fault}")),
        }
    }
    let _ = fs::remove_dir_all(&copy);
    copied
}

fn read_store(store: &Store, summary: &mut Summary, hint: u64) {
    let identity = match examine::identity(store) {
        Ok(identity) => identity,
        Err(flaw) => {
            summary.damage.push(format!("the identity of the run cannot be read: {flaw}"));
            return;
        }
    };
    let found = examine::examine(store, identity.genesis, hint, u64::MAX, &mut |_| {});
    if let Some((number, flaw)) = &found.flaw {
        summary.damage.push(format!("block {number}: {flaw}"));
    }
    if let Some(number) = found.intact_above {
        summary.damage.push(format!("block {number} above it is sound"));
    }
    for (number, flaw) in &found.bad_checkpoints {
        let number = number.map_or_else(|| "unknown".to_owned(), |number| number.to_string());
        summary.damage.push(format!("checkpoint of block {number}: {flaw}"));
    }
    if let Some(number) = found.bad_index {
        summary.damage.push(format!("hash index of block {number} is wrong"));
    }
    if let Some(witnessed) = summary.witnessed.as_ref().filter(|witnessed| witnessed.head > found.head) {
        summary.damage.push(format!(
            "the chain ends at block {}, but block {} was once stored",
            found.head, witnessed.head
        ));
    }
    summary.head = Some(found.head);
    summary.checkpoints = found.checkpoints;
}

fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_file() && path.extension().is_none_or(|extension| extension != "generating") {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

fn size(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    let sizes = entries.filter_map(|entry| entry.ok()?.metadata().ok()).map(|meta| meta.len());
    sizes.fold(0, u64::saturating_add)
}
