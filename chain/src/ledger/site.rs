//! The directory of a ledger: whose it is, who holds it, and where damaged parts are kept.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::format::Label;
use super::{Error, Identity, witness};

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
    /// A creation that was cut short. `FORMAT` gets its name last of all, so no block can exist yet.
    Unfinished,
    /// A ledger with this label.
    Ledger(Label),
}

/// Where the links at the end of a path lead to, even where nothing is yet: no directory can be made at a link itself.
fn behind_links(path: &Path) -> PathBuf {
    let mut place = path.to_path_buf();
    for _ in 0..LINKS_MAX {
        let Ok(target) = fs::read_link(&place) else { break };
        place = place.parent().map_or_else(|| target.clone(), |parent| parent.join(&target));
    }
    place
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
    survey_unlabelled(path)
}

/// Name of the statement about a load under way.
pub(super) const LOADING: &str = "LOADING";
/// Entries that a creation makes before `FORMAT` gets its name.
const EARLY: [&str; 5] = ["LOCK", PART, "store", "HEAD", "MARK"];
const PART: &str = "FORMAT.part";
/// Links that are followed before they count as a circle, as the system does.
const LINKS_MAX: usize = 40;

/// [`survey`] of a directory without `FORMAT`.
fn survey_unlabelled(path: &Path) -> Result<Ground, Error> {
    let entries = fs::read_dir(path).map_err(|error| Error::io(path, error))?;
    let names = entries.map(|entry| entry.map(|entry| entry.file_name()));
    let names = names.collect::<Result<Vec<_>, _>>().map_err(|error| Error::io(path, error))?;
    let holds = |name: &str| names.iter().any(|found| found == name);
    if !holds(PART) && holds("store") && (holds("HEAD") || holds("MARK")) {
        let format = path.join("FORMAT");
        return Err(Error::BadFormat {
            path: format,
            why: "it is missing beside HEAD, MARK and store".to_owned(),
        });
    }
    let known: &[&str] = if holds(PART) { &EARLY } else { &["LOCK"] };
    if let Some(foreign) = names.iter().find(|name| !known.iter().any(|known| name.as_os_str() == *known)) {
        let found = foreign.to_string_lossy().into_owned();
        return Err(Error::Foreign { path: path.to_path_buf(), found });
    }
    if !holds(PART) {
        return Ok(Ground::Free);
    }
    let announced = witness::highest(path)?;
    if announced > 0 {
        let why = format!("FORMAT never got its name, but block {announced} was announced");
        return Err(Error::Damaged { path: path.to_path_buf(), why });
    }
    Ok(Ground::Unfinished)
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
        fs::create_dir_all(behind_links(path)).map_err(|error| Error::io(path, error))?;
        let site = Self::lock(path)?;
        // Looked at again under the lock: two creations may have found the ground free.
        if matches!(survey(path)?, Ground::Ledger(_)) {
            return Err(Error::Exists { path: path.to_path_buf() });
        }
        // From here on what lies in the directory is known to be a creation.
        site.write_label_part(identity)?;
        site.clear()?;
        Ok(site)
    }

    /// Removes what an earlier creation left that was cut short.
    fn clear(&self) -> Result<(), Error> {
        for (path, remove) in [
            (self.store(), fs::remove_dir_all as fn(PathBuf) -> io::Result<()>),
            (self.head(), fs::remove_file),
            (self.mark(), fs::remove_file),
        ] {
            match remove(path.clone()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::io(&path, error)),
                _ => {}
            }
        }
        Ok(())
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

    fn write_label_part(&self, identity: &Identity) -> Result<(), Error> {
        let part = self.path.join(PART);
        let write = || {
            let mut file = File::create(&part)?;
            file.write_all(Label::of(identity).text().as_bytes())?;
            file.sync_all()?;
            sync_dir(&self.path)
        };
        write().map_err(|error| Error::io(&part, error))
    }

    /// Gives `FORMAT` its name: the end of a creation, before which there is no ledger.
    pub(super) fn publish_label(&self) -> Result<(), Error> {
        let whole = self.path.join("FORMAT");
        let published = fs::rename(self.path.join(PART), &whole).and_then(|()| sync_dir(&self.path));
        published.map_err(|error| Error::io(&whole, error))
    }

    /// Writes `FORMAT` again.
    pub(super) fn renew_label(&self, identity: &Identity) -> Result<(), Error> {
        self.write_label_part(identity)?;
        self.publish_label()
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

    /// Copy of the store that is examined in its place.
    pub(super) fn trial_store(&self) -> PathBuf {
        self.path.join("store.trial")
    }

    pub(super) fn loading(&self) -> PathBuf {
        self.path.join(LOADING)
    }

    pub(super) fn remove_loading(&self) -> Result<(), Error> {
        let path = self.loading();
        let removed = fs::remove_file(&path).and_then(|()| sync_dir(&self.path));
        removed.map_err(|error| Error::io(&path, error))
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
        for file in snapshots(&self.store())? {
            if file.extension().is_some_and(|extension| extension == "generating") {
                fs::remove_file(&file).map_err(|error| Error::io(&file, error))?;
            }
        }
        Ok(())
    }

    /// Moves sled's snapshots away, so that it reads its whole log instead. Returns where to, if there were any.
    pub(super) fn set_snapshots_aside(&self) -> Result<Option<PathBuf>, Error> {
        let files = snapshots(&self.store())?;
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

    /// Where damaged parts are kept.
    pub(super) fn quarantined(&self) -> PathBuf {
        self.path.join("quarantine")
    }

    /// A new directory for parts that are set aside; nothing is ever deleted there.
    pub(super) fn quarantine(&self) -> Result<PathBuf, Error> {
        let parent = self.quarantined();
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

    /// Ends a swap that was cut short, and clears what an unfinished copy or examination left.
    pub(super) fn settle_swap(&self) -> Result<(), Error> {
        let (store, fresh, trial) = (self.store(), self.fresh_store(), self.trial_store());
        if trial.is_dir() {
            fs::remove_dir_all(&trial).map_err(|error| Error::io(&trial, error))?;
        }
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

/// Copies the files of a store, without snapshots that were being written when a process died.
pub(super) fn copy_store(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            copy_store(&path, &to.join(name))?;
        } else if path.extension().is_none_or(|extension| extension != "generating") {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Snapshots and configuration of a store, sorted by name: what sled makes again from its log and from what it is opened with.
pub(super) fn snapshots(store: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |error| Error::io(store, error);
    let mut files = Vec::new();
    for entry in fs::read_dir(store).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name() == "conf" || entry.file_name().to_string_lossy().starts_with("snap.") {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

/// Size of the files in a directory, bytes.
pub(super) fn size(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    let sizes = entries.filter_map(|entry| entry.ok()?.metadata().ok()).map(|meta| meta.len());
    sizes.fold(0, u64::saturating_add)
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
