//! The store as it is examined: a copy, so that not even sled's own recovery changes a byte before all of it is known.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Error;
use super::site::{self, Site};
use super::store::{Fault, Store};

/// A larger store is examined where it lies.
const COPY_BYTES: u64 = 1 << 30;

/// An open store that goes when this is dropped, its files too if they are a copy.
#[derive(Debug)]
pub(super) struct Trial {
    store: Option<Store>,
    dir: PathBuf,
    copied: bool,
    /// What sled said with its snapshots, where it opened only without them.
    pub(super) bad_snapshots: Option<String>,
}

impl Trial {
    /// Opens the store of a site for examination.
    pub(super) fn of_site(site: &Site) -> Result<Self, Error> {
        let (store, trial) = (site.store(), site.trial_store());
        if site::size(&store) > COPY_BYTES {
            return Self::in_place(site);
        }
        match site::copy_store(&store, &trial) {
            Ok(()) => Self::copy_at(trial, site.path()),
            Err(error) => {
                let _ = fs::remove_dir_all(&trial);
                match error.kind() {
                    // No room for a copy is no reason not to open.
                    ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                        Self::in_place(site)
                    }
                    _ => Err(Error::io(&store, error)),
                }
            }
        }
    }

    /// Opens a copy that was made at `dir`, without its snapshots if need be.
    pub(super) fn copy_at(dir: PathBuf, ledger: &Path) -> Result<Self, Error> {
        let mut trial = Self { store: None, dir, copied: true, bad_snapshots: None };
        let first = match Store::open(&trial.dir) {
            Ok(store) => {
                trial.store = Some(store);
                return Ok(trial);
            }
            Err(fault) => fault,
        };
        let snapshots = site::snapshots(&trial.dir)?;
        if !first.is_damage() || snapshots.is_empty() {
            return Err(Error::store(ledger, first));
        }
        for file in &snapshots {
            fs::remove_file(file).map_err(|error| Error::io(file, error))?;
        }
        trial.store = Some(Store::open(&trial.dir).map_err(|second| neither(ledger, &first, second))?);
        trial.bad_snapshots = Some(first.to_string());
        Ok(trial)
    }

    /// Opens the store where it lies.
    fn in_place(site: &Site) -> Result<Self, Error> {
        site.remove_unfinished_snapshots()?;
        let mut trial = Self { store: None, dir: site.store(), copied: false, bad_snapshots: None };
        match Store::open(&trial.dir) {
            Ok(store) => trial.store = Some(store),
            Err(fault) if !fault.is_damage() => return Err(Error::store(site.path(), fault)),
            Err(first) => {
                let Some(kept) = site.set_snapshots_aside()? else {
                    return Err(Error::store(site.path(), first));
                };
                let second = |second| neither(site.path(), &first, second);
                trial.store = Some(Store::open(&trial.dir).map_err(second)?);
                trial.bad_snapshots = Some(format!("{first}; they are in {}", kept.display()));
            }
        }
        Ok(trial)
    }

    /// The store.
    pub(super) fn store(&self) -> Result<&Store, Error> {
        let closed = || Error::Damaged { path: self.dir.clone(), why: "it is closed".to_owned() };
        self.store.as_ref().ok_or_else(closed)
    }

    /// Whether the ledger's own files are untouched.
    pub(super) const fn is_copy(&self) -> bool {
        self.copied
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        drop(self.store.take());
        if self.copied {
            // What is left is cleared at the next opening.
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}

fn neither(ledger: &Path, first: &Fault, second: Fault) -> Error {
    if second.is_damage() {
        let why = format!("{first}; without its snapshots: {second}");
        return Error::Damaged { path: ledger.to_path_buf(), why };
    }
    Error::store(ledger, second)
}
