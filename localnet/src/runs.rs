//! The ledgers of past runs: `.localnet/runs/<name>-<seed>-<n>`, the last five kept, and `.localnet/failed/`, where those of
//! failing runs are kept apart.

use crate::exit::Failure;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Where they are, from the working directory.
pub const ROOT: &str = ".localnet/runs";
/// Where those of failing runs are, from the working directory.
pub const FAILED: &str = ".localnet/failed";
/// How many are kept, the new one included.
const KEPT: usize = 5;
/// How many of failing runs are kept.
const FAILED_KEPT: usize = 20;
/// Names tried before giving up; something else may have one.
const TRIES: u64 = 100;

/// The turn of one process among those that make and prune runs in one directory. It ends when this is dropped.
#[derive(Debug)]
pub struct Activation {
    _lock: Option<File>,
}

/// Makes room for a new run and names its directory, which is made empty. The turn is to be kept until the ledger in it is
/// locked, since another process might take the empty directory for an old one.
///
/// # Errors
/// When the directory cannot be written.
pub fn fresh(root: &Path, name: &str, seed: u64) -> Result<(PathBuf, Activation), Failure> {
    let turn = turn(root)?;
    let past = past(root).map_err(|error| refuse(root, &error))?;
    let next = next(&past);
    prune(past, KEPT.saturating_sub(1))?;
    let path = take(root, next, |number| format!("{name}-{seed}-{number}"), |path| fs::create_dir(path))?;
    Ok((path, turn))
}

/// Moves the ledger of a failing run to where later runs do not prune it. Returns its new place, or the old one for a ledger
/// that is not among the past runs.
///
/// # Errors
/// When it cannot be moved.
pub fn keep_apart(path: &Path) -> Result<PathBuf, Failure> {
    if path.parent() != Some(Path::new(ROOT)) {
        return Ok(path.to_path_buf());
    }
    let _runs = turn(Path::new(ROOT))?;
    let root = Path::new(FAILED);
    let _failed = turn(root)?;
    let past = past(root).map_err(|error| refuse(root, &error))?;
    let next = next(&past);
    prune(past, FAILED_KEPT.saturating_sub(1))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = name.rsplit_once('-').map_or(name.as_str(), |(name, _)| name).to_owned();
    take(
        root,
        next,
        |number| format!("{name}-{number}"),
        |place| match place.try_exists()? {
            true => Err(ErrorKind::AlreadyExists.into()),
            false => fs::rename(path, place),
        },
    )
}

fn refuse(path: &Path, error: &io::Error) -> Failure {
    Failure::Usage(format!(
        "{}: cannot be written ({error}); choose another place with --store DIR, or keep no ledger with --store memory",
        path.display()
    ))
}

/// Waits for the turn of this process.
fn turn(root: &Path) -> Result<Activation, Failure> {
    fs::create_dir_all(root).map_err(|error| refuse(root, &error))?;
    let path = root.with_extension("lock");
    let lock = File::options().create(true).truncate(false).write(true).open(&path);
    let lock = lock.map_err(|error| refuse(&path, &error))?;
    // Where a file system knows no locks, runs that start at once are not told apart.
    let held = lock.lock().is_ok();
    Ok(Activation { _lock: held.then_some(lock) })
}

fn next(past: &[(u64, PathBuf)]) -> u64 {
    past.last().map_or(1, |(number, _)| number.saturating_add(1))
}

/// Deletes the oldest until so many are left; those in use stay.
fn prune(mut past: Vec<(u64, PathBuf)>, left: usize) -> Result<(), Failure> {
    let excess = past.len().saturating_sub(left);
    for (_, path) in past.drain(..excess).filter(|(_, path)| !in_use(path)) {
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(refuse(&path, &error)),
            _ => {}
        }
    }
    Ok(())
}

/// Takes the first name that is free.
fn take(
    root: &Path,
    next: u64,
    name: impl Fn(u64) -> String,
    make: impl Fn(&Path) -> io::Result<()>,
) -> Result<PathBuf, Failure> {
    for number in (next..).take(usize::try_from(TRIES).unwrap_or(usize::MAX)) {
        let path = root.join(name(number));
        match make(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refuse(&path, &error)),
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
