//! Reads a store and tells how far it can be trusted, without changing it.

use parity_scale_codec::DecodeAll;

use super::Identity;
use super::checkpoint;
use super::frame::Frame;
use super::keys::{self, Kind};
use super::record::Flaw;
use super::store::Store;

/// How far the verification of a ledger has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Blocks checked so far.
    pub checked: u64,
    /// Blocks to check.
    pub of: u64,
}

const PROGRESS_EVERY: u64 = 1_000;

/// What a store holds.
#[derive(Debug)]
pub(super) struct Found {
    /// Last block up to which the chain holds, 0 for none.
    pub(super) head: u64,
    /// Its rolling digest.
    pub(super) digest: [u8; 32],
    /// Highest block of which there is any trace.
    pub(super) top: u64,
    /// First block that does not hold, and why.
    pub(super) flaw: Option<(u64, Flaw)>,
    /// First block above the flaw that is sound in itself.
    pub(super) intact_above: Option<u64>,
    /// First block whose entry in the hash index is wrong.
    pub(super) bad_index: Option<u64>,
    /// The newest checkpoint that holds.
    pub(super) checkpoint: Option<(u64, Vec<u8>)>,
    /// Checkpoints that hold, rising.
    pub(super) checkpoints: Vec<u64>,
    /// Those that do not.
    pub(super) bad_checkpoints: Vec<(Option<u64>, Flaw)>,
    /// First block that was checked.
    pub(super) from: u64,
    /// Bytes of the checked frames.
    pub(super) bytes: u64,
}

/// Reads the identity.
pub(super) fn identity(store: &Store) -> Result<Identity, Flaw> {
    let body = store.record(Kind::Identity, 0)?;
    Identity::decode_all(&mut &*body).map_err(|_| Flaw::Decode)
}

/// Examines a store: the chain from genesis when it has at most `limit` blocks, else from the newest
/// checkpoint that holds. `hint` is the highest block known from outside.
pub(super) fn examine(
    store: &Store,
    genesis: [u8; 32],
    hint: u64,
    limit: u64,
    progress: &mut dyn FnMut(Progress),
) -> Found {
    let mut found = Found {
        head: 0,
        digest: genesis,
        top: hint,
        flaw: None,
        intact_above: None,
        bad_index: None,
        checkpoint: None,
        checkpoints: Vec::new(),
        bad_checkpoints: Vec::new(),
        from: 1,
        bytes: 0,
    };
    let stored = store.last(Kind::Frame);
    if let Ok(stored) = &stored {
        found.top = stored.unwrap_or(0);
    }
    let start = read_checkpoints(store, genesis, &mut found);
    if found.top > limit
        && let Some((number, digest)) = start
    {
        found.head = number;
        found.digest = digest;
        found.from = number.saturating_add(1);
    }
    walk(store, &mut found, progress);
    if let (None, Err(fault)) = (&found.flaw, stored) {
        found.flaw = Some((found.head.saturating_add(1), Flaw::Store(fault)));
    }
    if let Some((first, _)) = &found.flaw {
        let above = first.saturating_add(1)..=found.top;
        found.intact_above = above.into_iter().find(|number| frame(store, *number).is_ok());
    }
    found
}

/// Reads block `number` and checks all that needs no neighbour.
pub(super) fn frame(store: &Store, number: u64) -> Result<Frame, Flaw> {
    Frame::read(number, &store.record(Kind::Frame, number)?)
}

fn walk(store: &Store, found: &mut Found, progress: &mut dyn FnMut(Progress)) {
    let base = found.head;
    while found.head < found.top {
        let number = found.head.saturating_add(1);
        let checked = frame(store, number).and_then(|frame| {
            if frame.parent_digest == found.digest { Ok(frame) } else { Err(Flaw::Parent) }
        });
        let frame = match checked {
            Ok(frame) => frame,
            Err(flaw) => {
                found.flaw = Some((number, flaw));
                break;
            }
        };
        let index = store.get(&keys::hash(&frame.hash)).ok().flatten();
        if found.bad_index.is_none() && index.as_deref() != Some(&number.to_be_bytes()) {
            found.bad_index = Some(number);
        }
        found.bytes = found.bytes.saturating_add(frame.weight() as u64);
        found.head = number;
        found.digest = frame.digest;
        let checked = number.saturating_sub(base);
        if checked.is_multiple_of(PROGRESS_EVERY) || number == found.top {
            progress(Progress { checked, of: found.top.saturating_sub(base) });
        }
    }
}

/// Proves the checkpoints. Returns block and digest of the newest that holds.
fn read_checkpoints(store: &Store, genesis: [u8; 32], found: &mut Found) -> Option<(u64, [u8; 32])> {
    let numbers = match store.numbers(Kind::Checkpoint) {
        Ok(numbers) => numbers,
        Err(fault) => {
            found.bad_checkpoints.push((None, Flaw::Store(fault)));
            return None;
        }
    };
    let mut start = None;
    for number in numbers {
        match checkpoint::read(store, number, genesis) {
            Ok((digest, bytes)) => {
                found.checkpoints.push(number);
                found.checkpoint = Some((number, bytes));
                start = Some((number, digest));
            }
            Err(flaw) => found.bad_checkpoints.push((Some(number), flaw)),
        }
    }
    start
}
