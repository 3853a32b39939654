//! What can be saved of a damaged ledger: its readable prefix, in place or as a new ledger.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::examine::{self, Found, Progress};
use super::inspect::{self, Patient};
use super::site::{self, Ground, Site};
use super::trial::Trial;
use super::witness::{self, Mark, Reading, Statement, Witness};
use super::{Durability, Error, Ledger, checkpoint, open};

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvaged {
    /// Last block that was saved, 0 for none.
    pub head: u64,
    /// Its rolling digest.
    pub digest: [u8; 32],
    /// Blocks that were stored or announced once and are not among them.
    pub lost: Option<RangeInclusive<u64>>,
    /// Where the damaged parts are kept; `None` when nothing had to be changed.
    pub kept: Option<PathBuf>,
}

impl Salvaged {
    fn of(found: &Found, hint: u64, kept: Option<PathBuf>) -> Self {
        let last = found.top.max(hint);
        let lost = (last > found.head).then(|| found.head.saturating_add(1)..=last);
        Self { head: found.head, digest: found.digest, lost, kept }
    }
}

/// Copies the readable prefix of the ledger at `path` into a new ledger at `to`.
pub(super) fn export(path: &Path, to: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Salvaged, Error> {
    let (reading, mark) = outside(path)?;
    if let Some(pid) = site::holder(path) {
        return Err(Error::InUse { path: path.to_path_buf(), pid });
    }
    let lost = |why| Error::Lost { path: path.to_path_buf(), why };
    let hint = open::highest(&reading, mark);
    let patient = Patient::best_of(hint, progress, || inspect::trial(path))?.map_err(lost)?;
    let (store, found) = (patient.trial.store()?, &patient.found);
    let (ledger, _) = Ledger::create(to, &patient.identity, Durability::Buffered)?;
    let copied = || {
        for number in 1..=found.head {
            let frame = examine::frame(store, number).map_err(|flaw| Error::block(path, number, flaw))?;
            ledger.append(frame)?;
        }
        for number in found.checkpoints.iter().filter(|number| **number <= found.head) {
            // One that cannot be read any more is left behind: it can be computed again.
            if let Ok((_, bytes)) = checkpoint::read(store, *number, patient.identity.genesis) {
                ledger.checkpoint(*number, bytes)?;
            }
        }
        Ok(())
    };
    copied()?;
    ledger.close()?;
    Ok(Salvaged::of(found, hint, None))
}

/// Cuts the ledger at `path` back to its last good block, and makes `FORMAT`, `HEAD` and `MARK` agree with it. What was
/// there is kept in `quarantine/`.
pub(super) fn cut(path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Salvaged, Error> {
    outside(path)?;
    let lost = |why| Error::Lost { path: path.to_path_buf(), why };
    let site = Site::lock(path)?;
    site.settle_swap()?;
    let (reading, mark) = outside(path)?;
    if !site.store().join("db").is_file() {
        return Err(lost("store/db is missing".to_owned()));
    }
    let hint = open::highest(&reading, mark);
    let open = || match Trial::of_site(&site) {
        Err(Error::Damaged { why, .. }) => Ok(Err(format!("the store does not open: {why}"))),
        trial => trial.map(Ok),
    };
    let patient = Patient::best_of(hint, progress, open)?.map_err(lost)?;
    if is_sound(&site, &patient, &reading, mark)? {
        return Ok(Salvaged::of(&patient.found, 0, None));
    }
    open::rebuild(patient.trial.store()?, &site, &patient.identity, &patient.found)?;
    let Patient { trial, identity, found } = patient;
    drop(trial);
    let kept = site.swap_store()?;
    let kept = kept.parent().unwrap_or(&kept).to_path_buf();
    for name in ["FORMAT", "HEAD", "MARK", "LOADING"] {
        let (file, copy) = (path.join(name), kept.join(name));
        if file.is_file() {
            fs::copy(&file, &copy).map_err(|error| Error::io(&copy, error))?;
        }
    }
    restate(&site, &found, &reading)?;
    site.renew_label(&identity)?;
    let salvaged = Salvaged::of(&found, hint, Some(kept));
    let lost = salvaged.lost.as_ref().map_or_else(
        || "no block was lost".to_owned(),
        |lost| format!("blocks {}..={} are gone", lost.start(), lost.end()),
    );
    site.log_recovery(&[format!("cut back to block {} on request: {lost}", found.head)])?;
    if site.loading().is_file() {
        site.remove_loading()?;
    }
    Ok(salvaged)
}

/// Whether a start would open the ledger as it is and lose nothing.
fn is_sound(site: &Site, patient: &Patient, reading: &Reading, mark: Option<u64>) -> Result<bool, Error> {
    let found = &patient.found;
    let labelled = match site::survey(site.path()) {
        Ok(Ground::Ledger(label)) => label.expect(&patient.identity, site.path()).is_ok(),
        _ => false,
    };
    let witnessed = open::check_witness(patient.trial.store()?, site.path(), reading, found).is_ok();
    let whole = open::highest(reading, mark) <= found.head && open::check_load(site.path(), found).is_ok();
    let clean = found.flaw.is_none() && found.bad_checkpoints.is_empty() && found.bad_index.is_none();
    Ok(labelled && witnessed && whole && clean && patient.trial.bad_snapshots.is_none())
}

/// Makes `HEAD` and `MARK` state what was found.
fn restate(site: &Site, found: &Found, reading: &Reading) -> Result<(), Error> {
    let checkpoint = found.checkpoints.iter().copied().filter(|number| *number <= found.head).max();
    let statement = Statement {
        seq: reading.newest.as_ref().map_or(0, |statement| statement.seq),
        head: found.head,
        digest: found.digest,
        checkpoint,
        clean: false,
        durable: true,
    };
    let stated = Witness::begin(&site.head(), statement).and_then(|mut witness| witness.end());
    stated.map_err(|error| Error::io(&site.head(), error))?;
    Mark::begin(&site.mark(), found.head).map_err(|error| Error::io(&site.mark(), error))?;
    site::sync_dir(site.path()).map_err(|error| Error::io(site.path(), error))
}

/// What is beside the store, of a directory that holds a ledger, whatever its `FORMAT` is like.
fn outside(path: &Path) -> Result<(Reading, Option<u64>), Error> {
    match site::survey(path) {
        Ok(Ground::Free) => return Err(Error::NotFound { path: path.to_path_buf() }),
        Ok(Ground::Unfinished) => return Err(open::unfinished(path)),
        Ok(Ground::Ledger(_)) | Err(Error::BadFormat { .. } | Error::Damaged { .. }) => {}
        Err(error) => return Err(error),
    }
    let (head, mark) = (path.join("HEAD"), path.join("MARK"));
    let reading = witness::read(&head).map_err(|error| Error::io(&head, error))?;
    let mark = witness::read_mark(&mark).map_err(|error| Error::io(&mark, error))?;
    Ok((reading, mark))
}
