//! An old ledger that makes room for a fresh one, and comes back if that does not start, even after a kill.
//!
//! While the fresh ledger does not live yet, the old one lies beside it as `NAME.old`; once it lives, the old one becomes
//! `NAME.gone` and is deleted. So what a kill leaves says by its name what is to be done with it.

use crate::exit::Failure;
use crate::files;
use crate::telemetry::say;
use chain::ledger::Ledger;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A ledger beside its place. It goes back there when this is dropped.
#[derive(Debug)]
pub(super) struct LedgerBackup {
    place: PathBuf,
    aside: Option<PathBuf>,
    /// The old ledger's own lock, which keeps other processes from putting it back.
    _lock: File,
}

impl LedgerBackup {
    /// Puts back or deletes what an earlier start with `--fresh` left at a place when it was killed.
    ///
    /// # Errors
    /// When another process works on it, or it cannot be moved.
    pub(super) fn settle(place: &Path) -> Result<(), Failure> {
        let place = &files::resolve(place);
        delete(&beside(place, "gone"));
        let aside = beside(place, "old");
        let Some(lock) = lock(&aside, "--store", place)? else { return Ok(()) };
        if crate::runs::in_use(place) {
            return Err(in_use("--store", place));
        }
        // Dropping it puts it back.
        drop(Self { place: place.clone(), aside: Some(aside), _lock: lock });
        say(&format!(
            "{}: a start with --fresh was cut short; the old ledger is in its place again",
            place.display()
        ));
        Ok(())
    }

    /// Moves the ledger at a place beside it; `None` when there is nothing.
    ///
    /// # Errors
    /// When something else is there, another process works on it, or it cannot be moved.
    pub(super) fn ledger(place: &Path) -> Result<Option<Self>, Failure> {
        let shown = place;
        let place = &files::resolve(place);
        let failed = |why: String| Failure::Usage(format!("--fresh: {} {why}", shown.display()));
        match fs::metadata(place) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(format!("cannot be looked at: {error}"))),
            Ok(_) => {}
        }
        match Ledger::exists(place) {
            Ok(true) => {}
            // Nothing there, or a creation that was cut short: it is made again in place.
            Ok(false) => return Ok(None),
            Err(_) => {
                let why = "is no ledger, so it is not deleted; name another place with --store";
                return Err(failed(why.to_owned()));
            }
        }
        let Some(lock) = lock(place, "--fresh", shown)? else { return Ok(None) };
        let aside = beside(place, "old");
        fs::rename(place, &aside).map_err(|error| failed(format!("cannot be moved: {error}")))?;
        Ok(Some(Self { place: place.clone(), aside: Some(aside), _lock: lock }))
    }

    /// Gives the old ledger up, since the fresh one lives.
    pub(super) fn discard(mut self) {
        let Some(aside) = self.aside.take() else { return };
        let gone = beside(&self.place, "gone");
        match fs::rename(&aside, &gone) {
            Ok(()) => delete(&gone),
            Err(error) => {
                say(&format!("warning: the old ledger is left in {}: {error}", aside.display()));
            }
        }
    }
}

impl Drop for LedgerBackup {
    fn drop(&mut self) {
        let Some(aside) = self.aside.take() else { return };
        // What the start that failed has left there.
        let cleared = if self.place.exists() { fs::remove_dir_all(&self.place) } else { Ok(()) };
        if let Err(error) = cleared.and_then(|()| fs::rename(&aside, &self.place)) {
            say(&format!("warning: the old ledger is left in {}: {error}", aside.display()));
        }
    }
}

/// The place of a ledger with a word behind its name.
fn beside(place: &Path, word: &str) -> PathBuf {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{word}"));
    place.with_file_name(name)
}

fn delete(dir: &Path) {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            say(&format!("warning: an old ledger is left in {}: {error}", dir.display()));
        }
        _ => {}
    }
}

fn in_use(flag: &str, place: &Path) -> Failure {
    Failure::Usage(format!("{flag}: another process works on {}", place.display()))
}

/// Takes the lock of the ledger in a directory; `None` where there is no directory.
fn lock(dir: &Path, flag: &str, place: &Path) -> Result<Option<File>, Failure> {
    let failed = |error: io::Error| Failure::Usage(format!("{flag}: {}: {error}", dir.display()));
    if !dir.try_exists().map_err(failed)? {
        return Ok(None);
    }
    let lock =
        File::options().create(true).truncate(false).write(true).open(dir.join("LOCK")).map_err(failed)?;
    match lock.try_lock() {
        // Another process may have moved it away before the lock was taken.
        Ok(()) => Ok(dir.try_exists().map_err(failed)?.then_some(lock)),
        Err(TryLockError::WouldBlock) => Err(in_use(flag, place)),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
