//! The directory of a ledger: whose it is, who holds it, and where damaged parts are kept.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::format::Label;
use super::{Error, Identity};

/// A directory that this process holds.
#[derive(Debug)]
pub(super) struct Site {
    path: PathBuf,
    // Held for the lock on it; the system lets go of it when the process dies.
    lock: File,
}

impl Drop for Site {
    fn drop(&mut self) {
        // Closing the file is not enough: a process that is just being started from another thread holds a copy
        // of it until it becomes its own program, and the lock with it.
        let _ = self.lock.unlock();
    }
}

/// What lies at a path, found without touching it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// Nothing, or an empty directory.
    Free,
    /// A ledger with this label.
    Ledger(Label),
}

/// Looks at `path` without changing anything.
///
/// # Errors
/// [`Error::IsFile`], [`Error::Foreign`], [`Error::NewerFormat`], [`Error::BadFormat`] or an I/O failure.
pub(super) fn survey(path: &Path) -> Result<Ground, Error> {
    match fs::metadata(path) {
        Ok(meta) if !meta.is_dir() => return Err(Error::IsFile { path: path.to_path_buf() }),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ground::Free),
        Err(error) => return Err(Error::io(path, error)),
    }
    let format = path.join("FORMAT");
    match fs::read(&format) {
        Ok(bytes) => return Label::parse(&bytes, path).map(Ground::Ledger),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::io(&format, error)),
    }
    for entry in fs::read_dir(path).map_err(|error| Error::io(path, error))? {
        let name = entry.map_err(|error| Error::io(path, error))?.file_name();
        // A lock alone is what a creation leaves that died in its first moment.
        if name != "LOCK" {
            return Err(Error::Foreign {
                path: path.to_path_buf(),
                found: name.to_string_lossy().into_owned(),
            });
        }
    }
    Ok(Ground::Free)
}

/// The process that holds the ledger at `path`, if one does: `Some(None)` when it does not say its id.
pub(super) fn holder(path: &Path) -> Option<Option<u32>> {
    let file = File::open(path.join("LOCK")).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(read_pid(&file)),
        _ => None,
    }
}

fn read_pid(file: &File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

impl Site {
    /// Makes the directory and takes it.
    pub(super) fn found(path: &Path, identity: &Identity) -> Result<Self, Error> {
        fs::create_dir_all(path).map_err(|error| Error::io(path, error))?;
        let site = Self::lock(path)?;
        // Looked at again under the lock: two creations may have found the ground free.
        if survey(path)? != Ground::Free {
            return Err(Error::Exists { path: path.to_path_buf() });
        }
        site.write_label(identity)?;
        Ok(site)
    }

    /// Takes a directory for this process.
    pub(super) fn lock(path: &Path) -> Result<Self, Error> {
        let file = path.join("LOCK");
        let failed = |error| Error::io(&file, error);
        let mut lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&file)
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::InUse { path: path.to_path_buf(), pid: read_pid(&lock) });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        lock.set_len(0).map_err(failed)?;
        lock.seek(SeekFrom::Start(0)).map_err(failed)?;
        writeln!(lock, "{}", std::process::id()).map_err(failed)?;
        Ok(Self { path: path.to_path_buf(), lock })
    }

    fn write_label(&self, identity: &Identity) -> Result<(), Error> {
        let (part, whole) = (self.path.join("FORMAT.part"), self.path.join("FORMAT"));
        let write = || {
            let mut file = File::create(&part)?;
            file.write_all(Label::of(identity).text().as_bytes())?;
            file.sync_all()?;
            fs::rename(&part, &whole)?;
            sync_dir(&self.path)
        };
        write().map_err(|error| Error::io(&whole, error))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn store(&self) -> PathBuf {
        self.path.join("store")
    }

    pub(super) fn fresh_store(&self) -> PathBuf {
        self.path.join("store.new")
    }

    pub(super) fn head(&self) -> PathBuf {
        self.path.join("HEAD")
    }

    pub(super) fn mark(&self) -> PathBuf {
        self.path.join("MARK")
    }

    /// Removes snapshots that were being written when the process died. sled takes the last name in sort
    /// order, a torn one included, and refuses to open for ever after.
    pub(super) fn remove_unfinished_snapshots(&self) -> Result<(), Error> {
        for file in self.snapshots()? {
            if file.extension().is_some_and(|extension| extension == "generating") {
                fs::remove_file(&file).map_err(|error| Error::io(&file, error))?;
            }
        }
        Ok(())
    }

    /// Moves sled's snapshots away, so that it reads its whole log instead. Returns where to, if there were any.
    pub(super) fn set_snapshots_aside(&self) -> Result<Option<PathBuf>, Error> {
        let files = self.snapshots()?;
        if files.is_empty() {
            return Ok(None);
        }
        let place = self.quarantine()?;
        for file in files {
            let to = place.join(file.file_name().unwrap_or_default());
            fs::rename(&file, to).map_err(|error| Error::io(&file, error))?;
        }
        Ok(Some(place))
    }

    fn snapshots(&self) -> Result<Vec<PathBuf>, Error> {
        let dir = self.store();
        let failed = |error| Error::io(&dir, error);
        let mut files = Vec::new();
        for entry in fs::read_dir(&dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_name().to_string_lossy().starts_with("snap.") {
                files.push(entry.path());
            }
        }
        files.sort();
        Ok(files)
    }

    /// A new directory for parts that are set aside; nothing is ever deleted there.
    fn quarantine(&self) -> Result<PathBuf, Error> {
        let parent = self.path.join("quarantine");
        fs::create_dir_all(&parent).map_err(|error| Error::io(&parent, error))?;
        for index in 1u32.. {
            let place = parent.join(index.to_string());
            match fs::create_dir(&place) {
                Ok(()) => return Ok(place),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::io(&place, error)),
            }
        }
        Ok(parent)
    }

    /// Puts the copied store in the place of the old one, which is kept. Returns where.
    pub(super) fn swap_store(&self) -> Result<PathBuf, Error> {
        let kept = self.quarantine()?.join("store");
        let swap = || {
            fs::rename(self.store(), &kept)?;
            fs::rename(self.fresh_store(), self.store())?;
            sync_dir(&self.path)
        };
        swap().map_err(|error| Error::io(&self.store(), error))?;
        Ok(kept)
    }

    /// Ends a swap that was cut short, and clears what an unfinished copy left.
    pub(super) fn settle_swap(&self) -> Result<(), Error> {
        let (store, fresh) = (self.store(), self.fresh_store());
        let settled = match (store.is_dir(), fresh.is_dir()) {
            // The old store is moved away only after the copy is complete and on the device.
            (false, true) => fs::rename(&fresh, &store),
            (true, true) => fs::remove_dir_all(&fresh),
            _ => Ok(()),
        };
        settled.map_err(|error| Error::io(&fresh, error))
    }

    /// Adds lines to `recovery.log`, so that what was once reported can be read again.
    pub(super) fn log_recovery(&self, lines: &[String]) -> Result<(), Error> {
        let path = self.path.join("recovery.log");
        let write = || {
            let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
            for line in lines {
                writeln!(file, "{line}")?;
            }
            file.sync_data()
        };
        write().map_err(|error| Error::io(&path, error))
    }
}

/// Brings the names in a directory to the device, and sled's own first files, which it does not sync itself.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

/// Brings every file of a new store to the device.
pub(super) fn sync_files(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_file() {
            File::open(path)?.sync_all()?;
        }
    }
    sync_dir(dir)
}
