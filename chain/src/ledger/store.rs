//! The only file that knows sled: one database, one tree, blocking calls, every call guarded against panics.
//!
//! Rules that come from what sled 0.34.7 is: values stay small (see [`super::record::CHUNK`]); writes go
//! through one thread as batches; `flush` only hands the bytes to the kernel, so that [`Store::sync`] adds an
//! `fdatasync` of its own; the timer thread stays on, because garbage collection runs nowhere else.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use super::guard::{guarded, watched};
use super::keys::{self, Kind};
use super::record::{self, CHUNK, Flaw};
use super::site;

const TREE: &str = "l";
const CACHE_BYTES: u64 = 64 << 20;
const FLUSH_MS: u64 = 500;
/// How long opening may take, and what is added for each second that its size takes at a slow disk's pace.
const PATIENCE: Duration = Duration::from_secs(60);
const BYTES_PER_SECOND: u64 = 1 << 20;

/// Why the store failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The system refused.
    #[error("{}", super::error::io_text(.0))]
    Io(#[from] io::Error),
    /// sled found its own files damaged.
    #[error("{0}")]
    Corrupt(String),
    /// sled panicked; the panic was caught.
    #[error("the store panicked: {0}")]
    Panicked(String),
    /// The threads that sled needs cannot be made.
    #[error("{}", super::guard::threads_text(.0))]
    Threads(io::Error),
    /// sled did not return.
    #[error(
        "the store has not answered for {} s: its threads do not run, or the disk does not answer; look at the limits on \
         threads and memory (ulimit -u, ulimit -v, pids.max)",
        .0.as_secs()
    )]
    Stalled(Duration),
}

impl Fault {
    /// Whether the files are at fault, and not the system around them.
    pub(super) fn is_damage(&self) -> bool {
        match self {
            Self::Io(source) => Self::io_is_damage(source),
            Self::Corrupt(_) | Self::Panicked(_) => true,
            Self::Threads(_) | Self::Stalled(_) => false,
        }
    }

    /// Whether an I/O error only says that a file is shorter or other than it should be.
    pub(super) fn io_is_damage(source: &io::Error) -> bool {
        matches!(source.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData)
    }
}

impl From<sled::Error> for Fault {
    fn from(error: sled::Error) -> Self {
        match error {
            sled::Error::Io(source) => Self::Io(source),
            // The empty backtrace is sled's own; it tells nobody anything.
            other => Self::Corrupt(other.to_string().replace(" backtrace ()", "")),
        }
    }
}

/// Writes that take effect together or not at all.
#[derive(Debug, Default)]
pub(super) struct Batch(sled::Batch);

impl Batch {
    pub(super) fn put(&mut self, key: &[u8], value: &[u8]) {
        self.0.insert(key, value);
    }

    pub(super) fn remove(&mut self, key: &[u8]) {
        self.0.remove(key);
    }

    /// Seals `body` and adds it chunk by chunk.
    pub(super) fn put_record(&mut self, kind: Kind, number: u64, body: &[u8]) {
        for (index, chunk) in (0u32..).zip(record::seal(body).chunks(CHUNK)) {
            self.put(&keys::chunk(kind, number, index), chunk);
        }
    }
}

/// An open store.
#[derive(Debug)]
pub(super) struct Store {
    handles: Option<Handles>,
    file: File,
}

#[derive(Debug)]
struct Handles {
    tree: sled::Tree,
    // Goes after the tree: sled writes out and joins its thread when the last handle is dropped.
    _db: sled::Db,
}

impl Store {
    /// Opens or creates the store in `dir`, and flushes it once, since a flush is what never returns where sled has no
    /// threads.
    pub(super) fn open(dir: &Path) -> Result<Self, Fault> {
        Self::open_within(
            dir,
            PATIENCE.saturating_add(Duration::from_secs(site::size(dir) / BYTES_PER_SECOND)),
        )
    }

    /// [`Store::open`], given up after `patience`.
    fn open_within(dir: &Path, patience: Duration) -> Result<Self, Fault> {
        let dir = dir.to_path_buf();
        watched(patience, move || {
            let store = Self::open_now(&dir)?;
            guarded(|| Ok(store.tree()?.flush()?))?;
            Ok(store)
        })
    }

    fn open_now(dir: &Path) -> Result<Self, Fault> {
        let (_keep, never) = mpsc::channel::<()>();
        let mut tries = 0u32;
        loop {
            match guarded(|| Self::open_once(dir)) {
                // The threads of a store closed a moment ago may still hold sled's own lock.
                Err(Fault::Io(source)) if is_lock(&source) && tries < 40 => {
                    tries = tries.saturating_add(1);
                    let _ = never.recv_timeout(Duration::from_millis(50));
                }
                other => return other,
            }
        }
    }

    fn open_once(dir: &Path) -> Result<Self, Fault> {
        let db = sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .mode(sled::Mode::LowSpace)
            .flush_every_ms(Some(FLUSH_MS))
            .open()?;
        let tree = db.open_tree(TREE)?;
        let file = File::open(dir.join("db"))?;
        Ok(Self { handles: Some(Handles { tree, _db: db }), file })
    }

    fn tree(&self) -> Result<&sled::Tree, Fault> {
        let handles = self.handles.as_ref();
        handles.map(|handles| &handles.tree).ok_or_else(|| Fault::Corrupt("the store is closed".to_owned()))
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        guarded(|| Ok(self.tree()?.get(key)?.map(|value| value.to_vec())))
    }

    /// Body of a record.
    pub(super) fn record(&self, kind: Kind, number: u64) -> Result<Vec<u8>, Flaw> {
        record::unseal(|index| self.get(&keys::chunk(kind, number, index)))
    }

    pub(super) fn apply(&self, batch: Batch) -> Result<(), Fault> {
        guarded(|| Ok(self.tree()?.apply_batch(batch.0)?))
    }

    /// Brings all that was applied to the device.
    pub(super) fn sync(&self) -> Result<(), Fault> {
        guarded(|| {
            self.tree()?.flush()?;
            Ok(self.file.sync_data()?)
        })
    }

    /// Highest number under `kind`.
    pub(super) fn last(&self, kind: Kind) -> Result<Option<u64>, Fault> {
        let (from, to) = (keys::chunk(kind, 0, 0), keys::chunk(kind, u64::MAX, u32::MAX));
        guarded(|| match self.tree()?.range(from..=to).next_back() {
            Some(entry) => Ok(keys::number(&entry?.0)),
            None => Ok(None),
        })
    }

    /// Numbers under `kind`, rising. One seek for each number, however many chunks it has.
    pub(super) fn numbers(&self, kind: Kind) -> Result<Vec<u64>, Fault> {
        let to = keys::chunk(kind, u64::MAX, u32::MAX);
        let mut numbers = Vec::new();
        let mut from = keys::chunk(kind, 0, 0);
        guarded(|| {
            while let Some(entry) = self.tree()?.range(from..=to).next() {
                let Some(number) = keys::number(&entry?.0) else { break };
                numbers.push(number);
                let Some(next) = number.checked_add(1) else { break };
                from = keys::chunk(kind, next, 0);
            }
            Ok(())
        })?;
        Ok(numbers)
    }

    /// Keys of the chunks of one record.
    pub(super) fn chunk_keys(&self, kind: Kind, number: u64) -> Result<Vec<Vec<u8>>, Fault> {
        let (from, to) = (keys::chunk(kind, number, 0), keys::chunk(kind, number, u32::MAX));
        guarded(|| {
            let keys = self.tree()?.range(from..=to).keys();
            Ok(keys.map(|key| key.map(|key| key.to_vec())).collect::<Result<_, _>>()?)
        })
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let handles = self.handles.take();
        if let Err(fault) = guarded(|| {
            drop(handles);
            Ok(())
        }) {
            tracing::error!(%fault, "store not closed cleanly");
        }
    }
}

fn is_lock(source: &io::Error) -> bool {
    source.kind() == io::ErrorKind::WouldBlock || source.to_string().contains("could not acquire lock")
}
