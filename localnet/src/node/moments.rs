//! Going back in time, and taking a chain elsewhere: snapshots, reset, writing and loading of dumps.

use super::dump::{self, Checked, Head, Moment, Origin};
use super::engine::{input_of, options};
use super::{Block, DevError, Engine};
use crate::exit::Failure;
use crate::files;
use crate::interrupt;
use crate::play::{self, store};
use crate::progress::Progress;
use actors::plan::Plan;
use actors::{BlockRecord, Run};
use chain::block::Hash;
use chain::units::BlockNumber;
use chain::wire::extrinsic_hash;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Names that a message lists.
const SHOWN: usize = 20;
/// Snapshots that may be kept.
pub(super) const SNAPSHOTS_MAX: usize = 4_096;

/// Named moments to go back to.
#[derive(Debug, Default)]
pub struct Snapshots {
    by_name: BTreeMap<String, Snapshot>,
    /// Snapshots that were ever taken.
    taken: u64,
    /// Number in the last name that was chosen here.
    named: u64,
}

impl Snapshots {
    /// The next number that is no name yet.
    fn free_name(&mut self) -> String {
        loop {
            self.named = self.named.saturating_add(1);
            let name = format!("0x{:x}", self.named);
            if !self.by_name.contains_key(&name) {
                return name;
            }
        }
    }

    /// Keeps a moment; one that is kept under another name already is not kept twice.
    fn keep(&mut self, name: String, head: Arc<Block>, world: Vec<u8>, rest: Moment) {
        let alike = |other: &&Snapshot| other.head.hash == head.hash && *other.world == world;
        let shared = self.by_name.values().find(alike).map(|other| Arc::clone(&other.world));
        let world = shared.unwrap_or_else(|| Arc::new(world));
        let place = self.taken;
        self.taken = place.saturating_add(1);
        let Moment { clock_ahead_ms, next_timestamp_ms, pending, .. } = rest;
        self.by_name
            .insert(name, Snapshot { place, head, world, clock_ahead_ms, next_timestamp_ms, pending });
    }
}

/// A moment: the whole world, and the clock beside it.
#[derive(Debug)]
struct Snapshot {
    /// Its place in the order in which snapshots were taken.
    place: u64,
    head: Arc<Block>,
    /// Shared with other snapshots of the same moment.
    world: Arc<Vec<u8>>,
    clock_ahead_ms: i64,
    next_timestamp_ms: Option<u64>,
    pending: Vec<Vec<u8>>,
}

impl Engine {
    /// Remembers this moment under a name, or under a number that is free: chain, participants, messages on their way, clock
    /// and pool. It is kept until the chain goes back to an earlier one. Gives the name.
    ///
    /// # Errors
    /// When a participant's host is gone, or too many snapshots are kept.
    pub fn snapshot(&mut self, name: Option<String>) -> Result<String, DevError> {
        let replaces = name.as_ref().is_some_and(|name| self.snapshots.by_name.contains_key(name));
        if !replaces && self.snapshots.by_name.len() >= SNAPSHOTS_MAX {
            return Err(DevError::Refused(format!(
                "{SNAPSHOTS_MAX} snapshots are kept already; going back to an early one forgets those after it"
            )));
        }
        let world = self.run.checkpoint().map_err(play::failure)?;
        let head = self.shared().head();
        let name = name.unwrap_or_else(|| self.snapshots.free_name());
        let rest = Moment {
            name: name.clone(),
            block: head.number,
            clock_ahead_ms: self.clock_ahead_ms,
            next_timestamp_ms: self.next_timestamp_ms,
            pending: self.shared().pending(),
        };
        self.snapshots.keep(name.clone(), head, world, rest);
        Ok(name)
    }

    /// Names and heights of the moments.
    #[must_use]
    pub fn snapshots(&self) -> Vec<(String, BlockNumber)> {
        let named = self.snapshots.by_name.iter();
        named.map(|(name, snapshot)| (name.clone(), snapshot.head.number)).collect()
    }

    /// Goes back to a moment; blocks after it are gone from the ledger too. Later moments are forgotten, since they
    /// belong to a past that did not happen.
    ///
    /// # Errors
    /// For a name that nobody gave, or when the ledger fails.
    pub fn revert(&mut self, name: &str) -> Result<BlockNumber, DevError> {
        let Some(snapshot) = self.snapshots.by_name.get(name) else {
            let known = self.snapshots.by_name.keys().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
            return Err(DevError::Refused(format!("no snapshot `{name}`; there are: {known}")));
        };
        let plan = self.run.context().plan.clone();
        let run = Run::resume(plan, &snapshot.world, &options(self.threads)).map_err(play::failure)?;
        let (place, head, pending) = (snapshot.place, Arc::clone(&snapshot.head), snapshot.pending.clone());
        let clock = (snapshot.clock_ahead_ms, snapshot.next_timestamp_ms);
        self.return_to(run, &head, pending)?;
        self.snapshots.by_name.retain(|_, other| other.place <= place);
        (self.clock_ahead_ms, self.next_timestamp_ms) = clock;
        Ok(head.number)
    }

    /// Forgets a named moment.
    pub fn forget(&mut self, name: &str) {
        self.snapshots.by_name.remove(name);
    }

    /// Goes back to a block by its height, played again from the nearest moment or checkpoint before it; blocks after it are
    /// gone from the ledger too. What waits goes on waiting, and the clock goes on.
    ///
    /// # Errors
    /// For a height above the head, when somebody asks for an end meanwhile, or when the ledger fails.
    pub fn go_to(&mut self, number: BlockNumber) -> Result<(), DevError> {
        let at = self.run.block();
        if number >= at {
            let above = || DevError::Refused(format!("there is no block {number}: the head is {at}"));
            return (number == at).then_some(()).ok_or_else(above);
        }
        let (run, played) = self.run_at(number)?;
        let kept = self.shared().block_at(number).filter(|block| block.sealed.is_some());
        let head = match (kept, played) {
            (Some(block), _) => block,
            (None, Some(record)) => Arc::new(Block::new(record.sealed.clone(), &input_of(&record)?)),
            (None, None) if number == 0 => Arc::new(Block::genesis(run.view().sealed().clone())),
            (None, None) => return Err(DevError::Failed(format!("block {number} cannot be played again"))),
        };
        let pending = self.shared().pending();
        self.return_to(run, &head, pending)
    }

    /// The run after a block of the past, and that block if it was played.
    fn run_at(&self, number: BlockNumber) -> Result<(Run, Option<BlockRecord>), DevError> {
        let moments = self.snapshots.by_name.values().filter(|moment| moment.head.number < number);
        let moment = moments.max_by_key(|moment| moment.head.number);
        let moment = moment.map(|moment| (moment.head.number, Vec::clone(&moment.world)));
        let checkpoint = self.ledger.as_ref().and_then(|ledger| {
            ledger.checkpoint_before(number.saturating_sub(1)).filter(|(at, _)| *at < number)
        });
        let mut run = match moment.into_iter().chain(checkpoint).max_by_key(|(at, _)| *at) {
            Some((_, world)) => {
                Run::resume(self.plan(), &world, &options(self.threads)).map_err(play::failure)?
            }
            None => self.begin_again()?,
        };
        let mut last = None;
        while run.block() < number {
            if crate::interrupt::requested() {
                return Err(DevError::Refused(format!(
                    "stopped on the way back to block {number}; nothing has changed"
                )));
            }
            let next = run.block().saturating_add(1);
            let tape = self.tape_of(next)?;
            last = Some(run.replay_block(&tape).map_err(play::failure)?);
        }
        Ok((run, last))
    }

    fn tape_of(&self, number: BlockNumber) -> Result<Vec<u8>, DevError> {
        let missing = || DevError::Failed(format!("the tape of block {number} is missing"));
        match &self.ledger {
            Some(ledger) => {
                let frame = ledger.frame(number).map_err(store::failure)?;
                frame.map(|frame| frame.tape).ok_or_else(missing)
            }
            None => {
                let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
                index.and_then(|index| self.tapes.get(index)).cloned().ok_or_else(missing)
            }
        }
    }

    /// Puts a run of the past in the place of the present one. Later moments are forgotten; what is to wait waits again.
    fn return_to(&mut self, run: Run, head: &Arc<Block>, pending: Vec<Vec<u8>>) -> Result<(), DevError> {
        let pending: Vec<_> = pending.into_iter().map(|bytes| (extrinsic_hash(&bytes), bytes)).collect();
        self.go_back(run, head, &pending.iter().map(|(hash, _)| *hash).collect())?;
        self.snapshots.by_name.retain(|_, other| other.head.number <= head.number);
        for (hash, bytes) in pending {
            // What waited then can wait again; the chain is the same.
            if self.shared().submit(&bytes, None).is_err() {
                self.shared().lock_pool().lose(&hash);
            }
        }
        Ok(())
    }

    /// Goes back to genesis: no block, no snapshot, nothing waiting, and the wall clock's time.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn reset(&mut self) -> Result<(), DevError> {
        let run = self.begin_again()?;
        let genesis = Arc::new(Block::genesis(run.view().sealed().clone()));
        self.go_back(run, &genesis, &BTreeSet::new())?;
        (self.clock_ahead_ms, self.next_timestamp_ms) = (0, None);
        self.snapshots.by_name.clear();
        Ok(())
    }

    /// Puts a run of the past in the place of the present one; extrinsics that come again keep their watchers.
    fn go_back(&mut self, run: Run, head: &Arc<Block>, come_again: &BTreeSet<Hash>) -> Result<(), DevError> {
        match &self.ledger {
            Some(ledger) => ledger.truncate(head.number).map_err(store::failure)?,
            None => self.tapes.truncate(usize::try_from(head.number).unwrap_or(usize::MAX)),
        }
        self.run = run;
        self.shared().go_back(head);
        self.shared().lock_pool().rewind(come_again);
        self.quiet.begin();
        Ok(())
    }

    fn plan(&self) -> Plan {
        self.run.context().plan.clone()
    }

    fn begin_again(&self) -> Result<Run, DevError> {
        Ok(Run::new(self.plan(), &options(self.threads)).map_err(play::failure)?)
    }

    /// The chain as bytes: what it plays, and the tape of every block, packed.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn dump(&self) -> Result<Vec<u8>, DevError> {
        let tapes: Vec<_> = match &self.ledger {
            Some(ledger) => {
                let tapes = ledger.frames(..).map(|frame| frame.map(|frame| frame.tape));
                tapes.collect::<Result<_, _>>().map_err(store::failure)?
            }
            None => self.tapes.clone(),
        };
        let plan = &self.run.context().plan;
        let (name, seed, genesis) = (plan.name.clone(), plan.seed, *self.run.genesis_digest());
        let moments = self.snapshots.by_name.iter().map(|(name, moment)| Moment {
            name: name.clone(),
            block: moment.head.number,
            clock_ahead_ms: moment.clock_ahead_ms,
            next_timestamp_ms: moment.next_timestamp_ms,
            pending: moment.pending.clone(),
        });
        let moments: Vec<_> = moments.collect();
        dump::write(&Head { name, seed, genesis, plan: plan.digest }, &tapes, &moments, *self.run.digest())
    }

    /// Writes a dump to a file.
    ///
    /// # Errors
    /// When the chain cannot be dumped or the file not be written.
    pub(super) fn dump_to(&self, path: &Path) -> Result<(), Failure> {
        let failed = |why: String| Failure::Usage(format!("--dump-state: {}: {why}", path.display()));
        let dump = self.dump().map_err(|error| failed(error.to_string()))?;
        // An older dump stays whole until the new one is.
        files::write_whole(path, &dump).map_err(|error| match failed(error.to_string()) {
            Failure::Usage(text) => Failure::of_write(&error, text),
            failure => failure,
        })
    }

    /// What a dump must be of to be loaded here.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin { plan: self.plan(), genesis: *self.run.genesis_digest(), threads: self.threads }
    }

    /// Puts the chain of a dump in the place of this one, made again block by block. Nothing is touched before all of it
    /// has been played and has come out as the dump says: see [`Origin::check`].
    ///
    /// # Errors
    /// When a stop is asked for, or the ledger fails.
    pub fn load(&mut self, dump: &Checked) -> Result<BlockNumber, DevError> {
        if let Some(ledger) = &self.ledger {
            ledger.begin_load(dump.blocks, dump.digest).map_err(store::failure)?;
        }
        self.put_in(dump).inspect_err(|error| {
            let at = self.run.block();
            self.failed =
                Some(format!("the load of {} blocks was cut short at block {at}: {error}", dump.blocks));
        })?;
        if let Some(ledger) = &self.ledger {
            ledger.end_load().map_err(store::failure)?;
        }
        // Subscribers receive the new head, not the blocks on the way to it.
        self.shared().replaced();
        Ok(self.run.block())
    }

    /// Puts the blocks of a dump in the place of those that are there.
    fn put_in(&mut self, dump: &Checked) -> Result<(), DevError> {
        let mut tapes = dump.tapes()?;
        self.reset()?;
        self.remember(&dump.moments)?;
        let progress = Progress::start("load", 0, dump.blocks);
        for number in 1..=dump.blocks {
            if interrupt::requested() {
                let (at, all) = (number.saturating_sub(1), dump.blocks);
                return Err(DevError::Failed(format!("stopped after {at} of {all} blocks of the dump")));
            }
            let record = self.run.replay_from_outside(&tapes.next_tape()?).map_err(play::failure)?;
            self.keep(&record)?;
            let block = Arc::new(Block::new(record.sealed.clone(), &input_of(&record)?));
            self.shared().write().push(block);
            self.remember(&dump.moments)?;
            progress.block(record.number());
        }
        progress.finish();
        Ok(())
    }

    /// Takes the moments of a dump that are of the block at which it is.
    fn remember(&mut self, moments: &[Moment]) -> Result<(), DevError> {
        let at = self.run.block();
        for moment in moments.iter().filter(|moment| moment.block == at) {
            let world = self.run.checkpoint().map_err(play::failure)?;
            let head = self.shared().head();
            self.snapshots.keep(moment.name.clone(), head, world, moment.clone());
        }
        Ok(())
    }
}

/// Finds out whether a dump could be written to a place, before there is something to lose.
///
/// # Errors
/// When it could not.
pub fn dumps_to(path: &Path) -> Result<(), Failure> {
    files::can_write(path)
        .map_err(|error| Failure::Usage(format!("--dump-state: {}: {error}", path.display())))
}
