//! The ledger: blocks, checkpoints and the digest that chains them, kept on sled.
//!
//! It stores opaque bytes and knows no chain type. The log of blocks is the truth; a checkpoint is a cache of
//! the state at some block, and may be lost at the price of executing again.
//!
//! ```
//! use chain::ledger::{Durability, Frame, Identity, Ledger};
//!
//! # let path = std::env::temp_dir().join(format!("ledger-doc-{}", std::process::id()));
//! let genesis = [7; 32];
//! let identity = Identity { genesis, scenario_digest: [1; 32], seed: 42, scenario: b"a run".to_vec() };
//! let (ledger, opened) = Ledger::create(&path, &identity, Durability::Buffered)?;
//! assert_eq!(opened.head, None);
//!
//! let digest = Frame::digest_of(&genesis, b"inputs", b"receipts", b"events");
//! ledger.append(Frame {
//!     number: 1,
//!     hash: [9; 32],
//!     parent_digest: genesis,
//!     digest,
//!     inputs: b"inputs".to_vec(),
//!     receipts: b"receipts".to_vec(),
//!     events: b"events".to_vec(),
//!     ..Frame::default()
//! })?;
//! ledger.checkpoint(1, b"the whole world".to_vec())?;
//! ledger.close()?;
//!
//! let (ledger, opened) = Ledger::open(&path, Some(&identity), Durability::Durable)?;
//! assert_eq!(opened.head, Some((1, digest)));
//! assert_eq!(opened.checkpoint, Some((1, b"the whole world".to_vec())));
//! assert!(opened.report.findings.is_empty());
//! assert_eq!(ledger.number_of(&[9; 32])?, Some(1));
//! # ledger.close()?;
//! # std::fs::remove_dir_all(&path).ok();
//! # Ok::<(), chain::ledger::Error>(())
//! ```
//!
//! # On disk
//! `FORMAT` (text: format, genesis, scenario, seed; it gets its name last of all in a creation), `LOCK` (held by the process,
//! with its id), `store/` (sled: one database, one tree), `HEAD` (what is known to be on the device), `MARK` (the last block
//! handed over), `LOADING` (while a load puts other blocks in the place of all that is there), `recovery.log` (what was ever
//! lost or repaired), `quarantine/` (damaged parts, kept). An opening copies the store to `store.trial/` and examines that.
//!
//! # What it promises
//! * `Durable`: a block that `append` returned for survives the death of the process, and a power cut on a
//!   device that honours a flush.
//! * `Buffered`: what survives is a prefix; at most the queue (1,024 blocks or 64 MiB) and the last 50 ms are lost
//!   when the process dies, and opening says which blocks they were.
//! * Opening verifies the chain of digests of all blocks up to [`Options::whole_chain_limit`]; a longer ledger from
//!   its newest sound checkpoint on, and the rest as it is read.
//! * A damaged end is cut off, with a report that names the blocks, and kept in `quarantine/`. Damage below
//!   sound blocks is an error that names them.
//!
//! # What it cannot notice
//! `store/`, `HEAD` and `MARK` all replaced by older ones of the same ledger. After a power cut in `Buffered`,
//! the last blocks handed over may be missing from `MARK` too, so the report may name fewer than were lost.

mod checkpoint;
mod error;
mod examine;
mod format;
mod frame;
mod guard;
mod identity;
mod inspect;
mod keys;
mod open;
mod read;
mod rebuild;
mod record;
mod recovery;
mod salvage;
mod site;
mod store;
mod trial;
mod witness;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

pub use error::Error;
pub use examine::Progress;
pub use frame::Frame;
pub use identity::Identity;
pub use inspect::{Summary, Witnessed};
pub use read::Frames;
pub use recovery::{Finding, Opened, Recovery};
pub use salvage::Salvaged;

use open::Ready;
use site::Site;
use store::Store;
use witness::{Load, Mark, Witness};
use writer::{Job, Shared};

/// Format of the ledgers this program writes, and the newest it reads.
pub const FORMAT: u32 = 1;

/// When a block counts as kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// When it is handed over. Storing happens behind.
    #[default]
    Buffered,
    /// When it is on the device.
    Durable,
}

impl fmt::Display for Durability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Buffered => "buffered",
            Self::Durable => "durable",
        })
    }
}

/// What to do about damage below sound blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDamage {
    /// Refuse to open.
    #[default]
    Refuse,
    /// Cut off everything from the first damaged block on, report it, and keep the old store in quarantine.
    Cut,
}

/// How to open a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// When a block counts as kept.
    pub durability: Durability,
    /// Up to this many blocks the whole chain is verified at open, beyond it only what follows the newest checkpoint.
    pub whole_chain_limit: u64,
    /// What to do about damage below sound blocks.
    pub on_damage: OnDamage,
    /// A store larger than this, and several times larger than what lies in it, is copied at open. **Units**: bytes.
    pub compact_above: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            durability: Durability::default(),
            whole_chain_limit: 200_000,
            on_damage: OnDamage::default(),
            compact_above: 256 << 20,
        }
    }
}

impl From<Durability> for Options {
    fn from(durability: Durability) -> Self {
        Self { durability, ..Self::default() }
    }
}

/// How a ledger stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Last block handed over, 0 for none.
    pub head: u64,
    /// Last block on the device, 0 for none.
    pub stored: u64,
    /// Blocks that wait.
    pub queued_frames: u64,
    /// Bytes that wait, checkpoints included.
    pub queued_bytes: u64,
    /// Newest checkpoint on the device.
    pub checkpoint: Option<u64>,
    /// When a block counts as kept.
    pub durability: Durability,
    /// Why writing stopped, if it did.
    pub degraded: Option<String>,
}

/// An open ledger. All methods may be called from any thread; blocks are written by one thread of its own.
///
/// Dropping it closes it as [`Ledger::close`] does, but failures are only logged.
#[derive(Debug)]
pub struct Ledger {
    // In the order in which they have to go: the store before the lock on the directory.
    writer: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    store: Arc<Store>,
    genesis: [u8; 32],
    site: Site,
    durability: Durability,
}

impl Ledger {
    /// Makes a new ledger at `path`, which must not exist or be an empty directory.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::IsFile`], [`Error::Foreign`], [`Error::InUse`], [`Error::ReadOnly`] or an I/O failure.
    pub fn create(
        path: impl AsRef<Path>,
        identity: &Identity,
        options: impl Into<Options>,
    ) -> Result<(Self, Opened), Error> {
        let options = options.into();
        Self::start(open::create(path.as_ref(), identity, options)?, options)
    }

    /// Opens the ledger at `path`; with `expected`, only if it is of that run.
    ///
    /// # Errors
    /// Any [`Error`] but those of writing. A lost tail is not an error: it is in [`Opened::report`].
    pub fn open(
        path: impl AsRef<Path>,
        expected: Option<&Identity>,
        options: impl Into<Options>,
    ) -> Result<(Self, Opened), Error> {
        Self::open_watched(path, expected, options, &mut |_| {})
    }

    /// [`Ledger::open`], with the progress of the verification, every thousand blocks.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_watched(
        path: impl AsRef<Path>,
        expected: Option<&Identity>,
        options: impl Into<Options>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Self, Opened), Error> {
        let options = options.into();
        Self::start(open::open(path.as_ref(), expected, options, progress)?, options)
    }

    /// Opens the ledger of this run at `path`, or makes it if there is none.
    ///
    /// # Errors
    /// As [`Ledger::create`] and [`Ledger::open`].
    pub fn resume(
        path: impl AsRef<Path>,
        identity: &Identity,
        options: impl Into<Options>,
    ) -> Result<(Self, Opened), Error> {
        let (path, options) = (path.as_ref(), options.into());
        if let site::Ground::Ledger(_) = site::survey(path)? {
            return Self::open(path, Some(identity), options);
        }
        match Self::create(path, identity, options) {
            // Another process has made and left it meanwhile.
            Err(Error::Exists { .. }) => Self::open(path, Some(identity), options),
            created => created,
        }
    }

    /// Whether a ledger lies at `path`, sound or not. A creation that was cut short is none.
    ///
    /// # Errors
    /// [`Error::Foreign`] or [`Error::IsFile`] when something else lies there, or an I/O failure.
    pub fn exists(path: impl AsRef<Path>) -> Result<bool, Error> {
        match site::survey(path.as_ref()) {
            Ok(site::Ground::Ledger(_)) => Ok(true),
            Ok(site::Ground::Free | site::Ground::Unfinished) => Ok(false),
            Err(Error::BadFormat { .. } | Error::NewerFormat { .. } | Error::Damaged { .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Describes the ledger at `path` without changing it; its store is read from a copy.
    ///
    /// # Errors
    /// Where there is no ledger. Damage is part of the summary.
    pub fn inspect(path: impl AsRef<Path>, progress: &mut dyn FnMut(Progress)) -> Result<Summary, Error> {
        inspect::inspect(path.as_ref(), progress)
    }

    /// Copies the readable prefix of the ledger at `path` into a new ledger at `to`, and changes nothing at `path`.
    ///
    /// # Errors
    /// [`Error::Lost`] when nothing can be saved, otherwise as [`Ledger::inspect`] and [`Ledger::create`].
    pub fn export(
        path: impl AsRef<Path>,
        to: impl AsRef<Path>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Salvaged, Error> {
        salvage::export(path.as_ref(), to.as_ref(), progress)
    }

    /// Cuts the ledger at `path` back to its last good block, so that the next opening has nothing to report. What was
    /// there before is kept in `quarantine/`. A sound ledger is left as it is.
    ///
    /// # Errors
    /// [`Error::Lost`] when nothing can be saved, [`Error::InUse`] or an I/O failure.
    pub fn cut(path: impl AsRef<Path>, progress: &mut dyn FnMut(Progress)) -> Result<Salvaged, Error> {
        salvage::cut(path.as_ref(), progress)
    }

    fn start(ready: Ready, options: Options) -> Result<(Self, Opened), Error> {
        let Ready { site, store, identity, head, checkpoint, statement, report, created } = ready;
        let first = statement.seq == 0;
        let mut witness =
            Witness::begin(&site.head(), statement).map_err(|error| Error::io(&site.head(), error))?;
        if first {
            witness.state(|_| {}).map_err(|error| Error::io(&site.head(), error))?;
        }
        let mark = Mark::begin(&site.mark(), head.0).map_err(|error| Error::io(&site.mark(), error))?;
        site::sync_dir(site.path()).map_err(|error| Error::io(site.path(), error))?;
        if created {
            site.publish_label()?;
        }
        let number = checkpoint.as_ref().map(|(number, _)| *number);
        let shared = Arc::new(Shared::new(head, number, mark, options.durability));
        let store = Arc::new(store);
        let thread = {
            let (shared, store) = (Arc::clone(&shared), Arc::clone(&store));
            std::thread::Builder::new()
                .name("ledger".to_owned())
                .spawn(move || writer::run(&shared, &store, witness))
                .map_err(|source| Error::Threads { path: site.path().to_path_buf(), source })?
        };
        let genesis = identity.genesis;
        let ledger =
            Self { writer: Some(thread), shared, store, genesis, site, durability: options.durability };
        let head = (head.0 > 0).then_some(head);
        Ok((ledger, Opened { head, checkpoint, identity, report }))
    }

    /// Adds the next block. `Buffered`: returns when it is queued, waiting for room if need be. `Durable`: returns
    /// when it is on the device.
    ///
    /// # Errors
    /// [`Error::Discontinuous`] when the frame does not continue the chain, [`Error::Degraded`] when writing has failed.
    pub fn append(&self, frame: Frame) -> Result<(), Error> {
        let holds = frame.holds();
        let queue = self.shared.room(frame.weight())?;
        let (head, digest) = queue.head;
        let refuse = |why| Err(Error::Discontinuous { number: frame.number, head, why });
        if Some(frame.number) != head.checked_add(1) {
            return refuse("it has another number than the next");
        }
        if frame.parent_digest != digest {
            return refuse("its parent digest is not the digest of the head");
        }
        if !holds {
            return refuse("its digest is not that of its sections");
        }
        let ticket = self.shared.push_frame(queue, frame)?;
        self.settle(ticket)
    }

    /// Keeps `bytes` as the state after block `number` (0: genesis), and drops checkpoints that age has made needless.
    ///
    /// # Errors
    /// [`Error::NoSuchState`] for a block that is not in the ledger, [`Error::Degraded`] when writing has failed.
    pub fn checkpoint(&self, number: u64, bytes: Vec<u8>) -> Result<(), Error> {
        let chain = self.digest_at(number)?;
        let queue = self.shared.room(bytes.len())?;
        let ticket = self.shared.push(queue, Job::Checkpoint { number, chain, bytes });
        self.settle(ticket)
    }

    /// Takes back all blocks above block `number` (0: genesis) with their checkpoints; the ledger goes on from there.
    /// Returns when that is on the device. A process that dies meanwhile leaves a ledger that ends at `number`, at the
    /// head it had, or in between.
    ///
    /// # Errors
    /// [`Error::NoSuchState`] for a block that is not in the ledger, [`Error::Degraded`] when writing has failed.
    pub fn truncate(&self, number: u64) -> Result<(), Error> {
        // Nothing may wait any more: what is read of a block that waits is not read from the store.
        self.sync()?;
        let digest = self.digest_at(number)?;
        let queue = self.shared.room(0)?;
        let ticket = self.shared.push_truncation(queue, number, digest)?;
        self.shared.wait(Some(ticket))
    }

    /// Rolling digest of a block, that of genesis for 0.
    fn digest_at(&self, number: u64) -> Result<[u8; 32], Error> {
        if number == 0 {
            return Ok(self.genesis);
        }
        let frame = self.frame(number)?;
        frame.map(|frame| frame.digest).ok_or(Error::NoSuchState { number, why: "it is not in the ledger" })
    }

    fn settle(&self, ticket: u64) -> Result<(), Error> {
        match self.durability {
            Durability::Buffered => Ok(()),
            Durability::Durable => self.shared.wait(Some(ticket)),
        }
    }

    /// States that the blocks 1 to `target` are about to take the place of all that is here. Until [`Ledger::end_load`]
    /// a ledger that ends elsewhere is not whole, and opening it is refused.
    ///
    /// # Errors
    /// [`Error::Degraded`] when writing has failed, or an I/O failure.
    pub fn begin_load(&self, target: u64, digest: [u8; 32]) -> Result<(), Error> {
        self.sync()?;
        let before = self.shared.lock().head;
        let (path, load) = (self.site.loading(), Load { before, target: (target, digest) });
        let written = witness::write_load(&path, &load).and_then(|()| site::sync_dir(self.site.path()));
        written.map_err(|error| Error::io(&path, error))
    }

    /// States that a load has come to its end; returns when all of it is on the device.
    ///
    /// # Errors
    /// [`Error::Degraded`] when writing has failed, or an I/O failure.
    pub fn end_load(&self) -> Result<(), Error> {
        self.sync()?;
        self.site.remove_loading()
    }

    /// Waits until everything handed over so far is on the device.
    ///
    /// # Errors
    /// [`Error::Degraded`].
    pub fn sync(&self) -> Result<(), Error> {
        self.shared.wait(None)
    }

    /// How the ledger stands.
    #[must_use]
    pub fn status(&self) -> Status {
        let queue = self.shared.lock();
        Status {
            head: queue.head.0,
            stored: queue.stored,
            queued_frames: queue.pending.len() as u64,
            queued_bytes: queue.bytes as u64,
            checkpoint: queue.checkpoint,
            durability: self.durability,
            degraded: queue.fault.as_ref().map(|stop| stop.why.clone()),
        }
    }

    /// The directory of the ledger.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.site.path().to_path_buf()
    }

    /// Writes all that waits, states that the session has ended as it should, and lets go of the directory.
    ///
    /// # Errors
    /// [`Error::Degraded`] when not everything could be written.
    pub fn close(mut self) -> Result<(), Error> {
        self.end()
    }

    fn end(&mut self) -> Result<(), Error> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        self.shared.close();
        // The thread catches its own panics and leaves them as the fault that is checked here.
        let _ = writer.join();
        self.shared.lock().check()
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::error!(%error, "ledger not closed cleanly");
        }
    }
}
