//! The ledgers of past runs: `.localnet/runs/<name>-<seed>-<n>`, the last five kept.

use crate::exit::Failure;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Where they are, from the working directory.
pub const ROOT: &str = ".localnet/runs";
/// How many are kept, the new one included.
const KEPT: usize = 5;
/// Names tried before giving up; another process may take one in between.
const TRIES: u64 = 100;

/// Makes room for a new run and names its directory, which is made empty.
///
/// # Errors
/// When the directory cannot be written.
pub fn fresh(root: &Path, name: &str, seed: u64) -> Result<PathBuf, Failure> {
    let refuse = |path: &Path, error: io::Error| {
        Failure::Usage(format!(
            "{}: cannot be written ({error}); choose another place with --store DIR, or keep no ledger with --store memory",
            path.display()
        ))
    };
    fs::create_dir_all(root).map_err(|error| refuse(root, error))?;
    let mut past = past(root).map_err(|error| refuse(root, error))?;
    let next = past.last().map_or(1, |(number, _)| number.saturating_add(1));
    let excess = (past.len() + 1).saturating_sub(KEPT);
    for (_, path) in past.drain(..excess.min(past.len())).filter(|(_, path)| !in_use(path)) {
        fs::remove_dir_all(&path).map_err(|error| refuse(&path, error))?;
    }
    for number in (next..).take(usize::try_from(TRIES).unwrap_or(usize::MAX)) {
        let path = root.join(format!("{name}-{seed}-{number}"));
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refuse(&path, error)),
        }
    }
    Err(Failure::Usage(format!("{}: too many runs start at once", root.display())))
}

/// Past runs, oldest first. What does not look like one is left alone.
fn past(root: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut past = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name();
        let mut parts = name.to_str().unwrap_or_default().rsplitn(3, '-');
        let number = parts.next().and_then(|number| number.parse().ok());
        let seed = parts.next().and_then(|seed| seed.parse::<u64>().ok());
        if let (Some(number), Some(_), Some(_), true) = (number, seed, parts.next(), entry.path().is_dir()) {
            past.push((number, entry.path()));
        }
    }
    past.sort();
    Ok(past)
}

/// Whether a process works on it.
pub(crate) fn in_use(path: &Path) -> bool {
    File::open(path.join("LOCK")).is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
}
