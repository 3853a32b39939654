//! What can go wrong with a ledger, each with what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::record::Flaw;
use super::store::Fault;

/// Why a ledger could not be created, opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The path names a file.
    #[error("{}: is a file, and a ledger is a directory; give another path", .path.display())]
    IsFile {
        /// The path as given.
        path: PathBuf,
    },
    /// There is nothing at the path.
    #[error("{}: no ledger there; create one by running a scenario with this store", .path.display())]
    NotFound {
        /// The path as given.
        path: PathBuf,
    },
    /// The directory may not be written.
    #[error("{}: cannot be written ({source}); a ledger needs a writable directory", .path.display())]
    ReadOnly {
        /// The file or directory that refused.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process holds the ledger.
    #[error("{}: {}; stop it or give another path", .path.display(), holder_text(.pid))]
    InUse {
        /// The ledger.
        path: PathBuf,
        /// The process that holds it, where its `LOCK` file tells.
        pid: Option<u32>,
    },
    /// The directory holds something that is not a ledger.
    #[error(
        "{}: not a ledger (no FORMAT file, but it holds {found:?}); nothing was touched, give an empty or a new directory",
        .path.display()
    )]
    Foreign {
        /// The directory.
        path: PathBuf,
        /// One of the entries found there.
        found: String,
    },
    /// `create` was asked for where a ledger is.
    #[error("{}: already holds a ledger; open it, or give another path", .path.display())]
    Exists {
        /// The ledger.
        path: PathBuf,
    },
    /// The ledger was written by a later version.
    #[error(
        "{}: ledger format {found} is newer than format {supported}, the newest this program reads; use a newer localnet",
        .path.display()
    )]
    NewerFormat {
        /// The ledger.
        path: PathBuf,
        /// Format of the ledger.
        found: u32,
        /// Newest format this program reads.
        supported: u32,
    },
    /// The `FORMAT` file cannot be read as one.
    #[error("{}: damaged ({why}); {}", .path.display(), doctor(.path.parent().unwrap_or(.path)))]
    BadFormat {
        /// The `FORMAT` file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The ledger belongs to another run.
    #[error(
        "{}: ledger of another run: its {field} is {found}, this run's is {expected}; give another path, or run what it was made with",
        .path.display()
    )]
    OtherIdentity {
        /// The ledger.
        path: PathBuf,
        /// What differs: `genesis`, `scenario digest`, `seed` or `scenario`.
        field: &'static str,
        /// Value in the ledger.
        found: String,
        /// Value of the caller.
        expected: String,
    },
    /// Creation was cut short, so there is no block to lose.
    #[error(
        "{}: its creation was cut short before the first block, so there is nothing in it; a start with this store makes it \
         again",
        .path.display()
    )]
    Unfinished {
        /// The ledger.
        path: PathBuf,
    },
    /// The store cannot be opened, or lacks what every store has.
    #[error("{}: the store is damaged: {why}; {}", .path.display(), doctor(.path))]
    Damaged {
        /// The ledger.
        path: PathBuf,
        /// What is wrong, with the last witnessed block where known.
        why: String,
    },
    /// Blocks below intact ones are damaged.
    #[error(
        "{}: blocks {first}..={last} are damaged ({why}) while later blocks up to {head} are intact{}; {}",
        .path.display(),
        if *.untouched { "; nothing was changed" } else { "" },
        doctor(.path)
    )]
    DamagedMiddle {
        /// The ledger.
        path: PathBuf,
        /// First damaged block.
        first: u64,
        /// Last damaged block before the next intact one.
        last: u64,
        /// Highest block in the store.
        head: u64,
        /// What is wrong with the first.
        why: String,
        /// Whether a copy was examined, so that not even the store's own recovery has changed a byte.
        untouched: bool,
    },
    /// A load was cut short.
    #[error(
        "{}: a load of {target} blocks was cut short at block {head}, so the chain is not whole; load it again with --fresh \
         --load-state, or keep what is there: {}",
        .path.display(),
        doctor(.path)
    )]
    LoadCutShort {
        /// The ledger.
        path: PathBuf,
        /// Its last block.
        head: u64,
        /// Last block of what was being loaded.
        target: u64,
    },
    /// Nothing of the ledger can be saved.
    #[error("{}: nothing can be saved: {why}", .path.display())]
    Lost {
        /// The ledger.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// There is no room for a copy of the store.
    #[error(
        "{}: no room for a copy of the store of {bytes} bytes ({source}); set TMPDIR to a place that has it",
        .path.display()
    )]
    NoRoom {
        /// The copy.
        path: PathBuf,
        /// Size of the store.
        bytes: u64,
        /// What the system said.
        source: io::Error,
    },
    /// The store holds another chain than the witness saw.
    #[error(
        "{}: block {number} in the store has digest {found}, but {witnessed} was witnessed: these are blocks of another chain; {}",
        .path.display(),
        doctor(.path)
    )]
    Diverged {
        /// The ledger.
        path: PathBuf,
        /// The witnessed block.
        number: u64,
        /// Digest in the store, hex.
        found: String,
        /// Digest in `HEAD`, hex.
        witnessed: String,
    },
    /// One block cannot be read.
    #[error("{}: block {number} is damaged: {why}; {}", .path.display(), doctor(.path))]
    DamagedBlock {
        /// The ledger.
        path: PathBuf,
        /// The block.
        number: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A frame that does not continue the chain was offered.
    #[error("block {number} does not continue the ledger at block {head}: {why}")]
    Discontinuous {
        /// Number of the frame.
        number: u64,
        /// Head of the ledger.
        head: u64,
        /// Which rule it breaks.
        why: &'static str,
    },
    /// A checkpoint of a block that is not in the ledger was offered.
    #[error("no checkpoint can be taken of block {number}: {why}")]
    NoSuchState {
        /// The block asked for.
        number: u64,
        /// Why not.
        why: &'static str,
    },
    /// Writing failed earlier; the ledger takes no more blocks until it is opened again.
    #[error(
        "the ledger stopped at block {stored}: {why}; later blocks are not kept, free space or repair the disk and open it again"
    )]
    Degraded {
        /// Last block that is safely stored.
        stored: u64,
        /// The first failure.
        why: String,
        /// Whether it was that there is no room any more.
        full: bool,
    },
    /// The threads that a ledger needs cannot be made.
    #[error("{}: {}", .path.display(), super::guard::threads_text(.source))]
    Threads {
        /// The ledger.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The store does not answer, or cannot be made.
    #[error("{}: {why}", .path.display())]
    Stalled {
        /// The ledger.
        path: PathBuf,
        /// What it does not do, and what may be behind it.
        why: String,
    },
    /// The system refused an operation on a file.
    #[error("{}: {}", .path.display(), io_text(.source))]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What every message about damage ends with.
fn doctor(ledger: &Path) -> String {
    format!("`localnet doctor {}` shows what can be saved", ledger.display())
}

impl Error {
    /// Whether there was no room: a full disk, a quota, or a limit on the size of files.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match self {
            Self::Degraded { full, .. } => *full,
            Self::NoRoom { .. } => true,
            Self::Io { source, .. } => no_room(source),
            _ => false,
        }
    }

    /// An I/O failure at `path`, sorted into the variant that says what to do.
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { path, source }
            }
            io::ErrorKind::NotADirectory => Self::IsFile { path },
            _ => Self::Io { path, source },
        }
    }

    /// Block `number` of the ledger at `path` could not be read.
    pub(super) fn block(path: &Path, number: u64, flaw: Flaw) -> Self {
        match flaw {
            // Nothing is known about the block then, so that nothing may be cut off for it.
            Flaw::Store(fault) if !fault.is_damage() => Self::store(path, fault),
            flaw => Self::DamagedBlock { path: path.to_path_buf(), number, why: flaw.to_string() },
        }
    }

    /// A failure of the store of the ledger at `path`.
    pub(super) fn store(path: &Path, fault: Fault) -> Self {
        match fault {
            Fault::Io(source) if !Fault::io_is_damage(&source) => Self::io(path, source),
            Fault::Threads(source) => Self::Threads { path: path.to_path_buf(), source },
            Fault::Stalled(_) => Self::Stalled { path: path.to_path_buf(), why: fault.to_string() },
            other => Self::Damaged { path: path.to_path_buf(), why: other.to_string() },
        }
    }
}

fn holder_text(pid: &Option<u32>) -> String {
    match pid {
        Some(pid) => format!("in use by process {pid} (another process is using it)"),
        None => "another process is using it".to_owned(),
    }
}

/// Whether an I/O error says that there is no room.
pub(super) fn no_room(source: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(source.kind(), K::StorageFull | K::QuotaExceeded | K::FileTooLarge)
}

/// The system's words, with the plain ones in front for the case everybody meets.
pub(super) fn io_text(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => format!("the disk is full ({source})"),
        io::ErrorKind::FileTooLarge => format!("the file may not grow further ({source})"),
        _ => source.to_string(),
    }
}
