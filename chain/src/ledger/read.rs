//! Reading blocks from an open ledger.

use std::ops::Bound;
use std::ops::RangeBounds;

use super::checkpoint;
use super::examine;
use super::keys::{self, Kind};
use super::record::Flaw;
use super::{Error, Frame, Ledger};

impl Ledger {
    /// Block `number`; `None` above the head and for 0.
    ///
    /// # Errors
    /// [`Error::DamagedBlock`]; [`Error::Degraded`] when writing has failed and the block is not in memory; an I/O failure.
    pub fn frame(&self, number: u64) -> Result<Option<Frame>, Error> {
        let (head, stored) = {
            let queue = self.shared.lock();
            let first = queue.pending.front().map_or(u64::MAX, |frame| frame.number);
            if let Some(offset) = number.checked_sub(first) {
                let index = usize::try_from(offset).unwrap_or(usize::MAX);
                return Ok(queue.pending.get(index).map(|frame| Frame::clone(frame)));
            }
            (queue.head.0, queue.stored)
        };
        if number == 0 || number > head.min(stored) {
            return Ok(None);
        }
        examine::frame(&self.store, number).map(Some).or_else(|flaw| {
            self.shared.lock().check()?;
            Err(Error::block(self.site.path(), number, flaw))
        })
    }

    /// Blocks of a range, rising, up to the head. Each is checked against the one before.
    ///
    /// ```
    /// # fn print(ledger: &chain::ledger::Ledger) -> Result<(), chain::ledger::Error> {
    /// let bytes = ledger.frames(1..)
    ///     .try_fold(0, |sum, frame| frame.map(|frame| sum + frame.events.len()))?;
    /// # Ok(()) }
    /// ```
    pub fn frames(&self, range: impl RangeBounds<u64>) -> Frames<'_> {
        let next = match range.start_bound() {
            Bound::Included(first) => *first,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 1,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => last.saturating_add(1),
            Bound::Excluded(end) => *end,
            Bound::Unbounded => u64::MAX,
        };
        Frames { ledger: self, next: next.max(1), end, before: None }
    }

    /// The newest whole checkpoint of block `number` or of one before it: where playing again begins that is to pass
    /// through that block. `None` when only genesis is before it.
    pub fn checkpoint_before(&self, number: u64) -> Option<(u64, Vec<u8>)> {
        let numbers = self.store.numbers(Kind::Checkpoint).unwrap_or_default();
        numbers.into_iter().rev().filter(|kept| *kept <= number).find_map(|kept| {
            let (_, bytes) = checkpoint::read(&self.store, kept, self.genesis).ok()?;
            Some((kept, bytes))
        })
    }

    /// Number of the block with this hash.
    ///
    /// # Errors
    /// [`Error::DamagedBlock`] when the block that the index names cannot be read, [`Error::Damaged`] or an I/O failure
    /// when the index cannot.
    pub fn number_of(&self, hash: &[u8; 32]) -> Result<Option<u64>, Error> {
        if let Some(frame) = self.shared.lock().pending.iter().find(|frame| frame.hash == *hash) {
            return Ok(Some(frame.number));
        }
        let found =
            self.store.get(&keys::hash(hash)).map_err(|fault| Error::store(self.site.path(), fault))?;
        let Some(number) = found.and_then(|bytes| Some(u64::from_be_bytes(bytes.try_into().ok()?))) else {
            return Ok(None);
        };
        Ok(self.frame(number)?.filter(|frame| frame.hash == *hash).map(|_| number))
    }
}

/// Blocks of a range, made by [`Ledger::frames`]. Ends after the first error.
#[derive(Debug)]
pub struct Frames<'a> {
    ledger: &'a Ledger,
    next: u64,
    end: u64,
    before: Option<[u8; 32]>,
}

impl Iterator for Frames<'_> {
    type Item = Result<Frame, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let number = self.next;
        let frame = match self.ledger.frame(number).transpose()? {
            Ok(frame) if self.before.is_none_or(|before| before == frame.parent_digest) => Ok(frame),
            Ok(_) => Err(Error::DamagedBlock {
                path: self.ledger.site.path().to_path_buf(),
                number,
                why: Flaw::Parent.to_string(),
            }),
            Err(error) => Err(error),
        };
        match &frame {
            Ok(frame) => {
                self.before = Some(frame.digest);
                self.next = number.saturating_add(1);
            }
            Err(_) => self.next = self.end,
        }
        Some(frame)
    }
}
