//! Copies the sound part of a store into a new one. sled cannot remove what lies on a damaged page, and gives
//! little space back; a copy in key order cures both.

use super::checkpoint;
use super::examine;
use super::keys::{self, Kind};
use super::record::Flaw;
use super::site::Site;
use super::store::{Batch, Fault, Store};

/// Bytes copied in one batch.
const BATCH_BYTES: usize = 1 << 20;

/// Why a copy failed.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// A block that has to be kept is unreadable.
    Block(u64, Flaw),
    /// The new store failed.
    Store(Fault),
}

impl From<Fault> for Obstacle {
    fn from(fault: Fault) -> Self {
        Self::Store(fault)
    }
}

/// Copies identity, blocks 1 to `head` and the given checkpoints into `site.fresh_store()`.
pub(super) fn copy(
    old: &Store,
    site: &Site,
    identity: &[u8],
    genesis: [u8; 32],
    head: u64,
    checkpoints: &[u64],
) -> Result<(), Obstacle> {
    let new = Store::open(&site.fresh_store())?;
    let mut batch = Batch::default();
    batch.put_record(Kind::Identity, 0, identity);
    let mut held = 0usize;
    for number in 1..=head {
        let body = old.record(Kind::Frame, number).map_err(|flaw| Obstacle::Block(number, flaw))?;
        let frame = examine::frame(old, number).map_err(|flaw| Obstacle::Block(number, flaw))?;
        batch.put_record(Kind::Frame, number, &body);
        batch.put(&keys::hash(&frame.hash), &number.to_be_bytes());
        held = held.saturating_add(body.len());
        if held >= BATCH_BYTES {
            new.apply(std::mem::take(&mut batch))?;
            held = 0;
        }
    }
    new.apply(batch)?;
    for number in checkpoints.iter().filter(|number| **number <= head) {
        // One that cannot be read any more is left behind: it can be computed again.
        if let Ok((chain, bytes)) = checkpoint::read(old, *number, genesis) {
            checkpoint::write(&new, *number, chain, &bytes)?;
        }
    }
    new.sync()?;
    super::site::sync_files(&site.fresh_store()).map_err(Fault::Io)?;
    Ok(())
}
