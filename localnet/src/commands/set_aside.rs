//! An old ledger that makes room for a fresh one, and comes back if that does not start.

use crate::exit::Failure;
use crate::telemetry::say;
use std::path::{Path, PathBuf};

/// A ledger beside its place. It goes back there when this is dropped.
#[derive(Debug)]
pub(super) struct SetAside {
    place: PathBuf,
    aside: Option<PathBuf>,
}

impl SetAside {
    /// Moves the ledger at a place beside it; `None` when there is nothing.
    ///
    /// # Errors
    /// When something else is there, another process works on it, or it cannot be moved.
    pub(super) fn ledger(place: &Path) -> Result<Option<Self>, Failure> {
        if !place.exists() || place.read_dir().is_ok_and(|mut rows| rows.next().is_none()) {
            return Ok(None);
        }
        let failed = |why: String| Failure::Usage(format!("--fresh: {} {why}", place.display()));
        if !place.join("FORMAT").is_file() {
            return Err(failed(
                "is no ledger, so it is not deleted; name another place with --store".to_owned(),
            ));
        }
        if crate::runs::in_use(place) {
            return Err(Failure::Usage(format!("--fresh: another process works on {}", place.display())));
        }
        let mut name = place.file_name().unwrap_or_default().to_owned();
        name.push(format!(".old-{}", std::process::id()));
        let aside = place.with_file_name(name);
        std::fs::rename(place, &aside).map_err(|error| failed(format!("cannot be moved: {error}")))?;
        Ok(Some(Self { place: place.to_owned(), aside: Some(aside) }))
    }

    /// Deletes it, since the fresh one lives.
    pub(super) fn discard(mut self) {
        let Some(aside) = self.aside.take() else { return };
        if let Err(error) = std::fs::remove_dir_all(&aside) {
            say(&format!("warning: the old ledger is left in {}: {error}", aside.display()));
        }
    }
}

impl Drop for SetAside {
    fn drop(&mut self) {
        let Some(aside) = self.aside.take() else { return };
        // What the start that failed has left there.
        let cleared = if self.place.exists() { std::fs::remove_dir_all(&self.place) } else { Ok(()) };
        if let Err(error) = cleared.and_then(|()| std::fs::rename(&aside, &self.place)) {
            say(&format!("warning: the old ledger is left in {}: {error}", aside.display()));
        }
    }
}
