//! Going back in time, and taking a chain elsewhere: snapshots, reset, dump and load.

use super::engine::{input_of, options};
use super::{Block, DevError, Engine};
use crate::exit::Failure;
use crate::files;
use crate::play::{self, store};
use crate::progress::Progress;
use actors::plan::Plan;
use actors::{BlockRecord, Run};
use chain::block::Hash;
use chain::units::BlockNumber;
use chain::wire::extrinsic_hash;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use parity_scale_codec::{Decode, DecodeAll as _, Encode};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

/// First bytes of a dump, before it is packed: what it is, and the version of its form.
const MARK: [u8; 8] = *b"dump\0\0\0\x02";
/// A dump larger than this is not unpacked. **Units**: bytes.
const DUMP_MAX: u64 = 1 << 30;

/// Named moments to go back to.
#[derive(Debug, Default)]
pub struct Snapshots(BTreeMap<String, Snapshot>);

/// A moment: the whole world, and the clock beside it.
#[derive(Debug)]
struct Snapshot {
    head: Arc<Block>,
    world: Vec<u8>,
    clock_ahead_ms: i64,
    next_timestamp_ms: Option<u64>,
    pending: Vec<Vec<u8>>,
}

/// A chain as it can be carried elsewhere: what it plays, and all that is not a function of that. It is made again from
/// these, so that nothing in it has to be believed.
#[derive(Encode, Decode)]
struct Dump {
    mark: [u8; 8],
    /// Name of what is played, for messages.
    name: String,
    seed: u64,
    genesis: Hash,
    /// Digest of the plan.
    plan: Hash,
    /// The tape of every block.
    tapes: Vec<Vec<u8>>,
    /// The named moments, without their worlds.
    moments: Vec<Moment>,
    /// The rolling digest that must come out.
    digest: Hash,
}

/// A named moment: what is not a function of the chain.
#[derive(Encode, Decode)]
struct Moment {
    name: String,
    block: BlockNumber,
    clock_ahead_ms: i64,
    next_timestamp_ms: Option<u64>,
    pending: Vec<Vec<u8>>,
}

impl Engine {
    /// Remembers this moment under a name: chain, participants, streams, letters on their way, clock and pool. It is
    /// kept for as long as the process lives.
    ///
    /// # Errors
    /// When a participant's host is gone.
    pub fn snapshot(&mut self, name: String) -> Result<BlockNumber, DevError> {
        let world = self.run.checkpoint().map_err(play::failure)?;
        let head = self.shared().head();
        let block = head.number;
        let pending = self.shared().pending();
        let (clock_ahead_ms, next_timestamp_ms) = (self.clock_ahead_ms, self.next_timestamp_ms);
        self.snapshots.0.insert(name, Snapshot { head, world, clock_ahead_ms, next_timestamp_ms, pending });
        Ok(block)
    }

    /// Names and heights of the moments.
    #[must_use]
    pub fn snapshots(&self) -> Vec<(String, BlockNumber)> {
        self.snapshots.0.iter().map(|(name, snapshot)| (name.clone(), snapshot.head.number)).collect()
    }

    /// Goes back to a moment; blocks after it are gone from the ledger too. Later moments are forgotten, since they
    /// belong to a past that did not happen.
    ///
    /// # Errors
    /// For a name that nobody gave, or when the ledger fails.
    pub fn revert(&mut self, name: &str) -> Result<BlockNumber, DevError> {
        let Some(snapshot) = self.snapshots.0.get(name) else {
            let known = self.snapshots.0.keys().cloned().collect::<Vec<_>>().join(", ");
            return Err(DevError::Refused(format!("no snapshot `{name}`; there are: {known}")));
        };
        let plan = self.run.stage().plan.clone();
        let run = Run::resume(plan, &snapshot.world, &options(self.threads)).map_err(play::failure)?;
        let (head, pending) = (Arc::clone(&snapshot.head), snapshot.pending.clone());
        let clock = (snapshot.clock_ahead_ms, snapshot.next_timestamp_ms);
        self.return_to(run, &head, pending)?;
        (self.clock_ahead_ms, self.next_timestamp_ms) = clock;
        Ok(head.number)
    }

    /// Forgets a named moment.
    pub fn forget(&mut self, name: &str) {
        self.snapshots.0.remove(name);
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
        let moments = self.snapshots.0.values().filter(|moment| moment.head.number < number);
        let moment = moments.max_by_key(|moment| moment.head.number);
        let moment = moment.map(|moment| (moment.head.number, moment.world.clone()));
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
        self.snapshots.0.retain(|_, other| other.head.number <= head.number);
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
        self.snapshots.0.clear();
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
        self.run.stage().plan.clone()
    }

    fn begin_again(&self) -> Result<Run, DevError> {
        Ok(Run::new(self.plan(), &options(self.threads)).map_err(play::failure)?)
    }

    /// The chain as bytes: what it plays, and the tape of every block, packed.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn dump(&self) -> Result<Vec<u8>, DevError> {
        let tapes = match &self.ledger {
            Some(ledger) => {
                let tapes = ledger.frames(..).map(|frame| frame.map(|frame| frame.tape));
                tapes.collect::<Result<_, _>>().map_err(store::failure)?
            }
            None => self.tapes.clone(),
        };
        let plan = &self.run.stage().plan;
        let (genesis, digest) = (*self.run.genesis_digest(), *self.run.digest());
        let (name, seed) = (plan.name.clone(), plan.seed);
        let moments = self.snapshots.0.iter().map(|(name, moment)| Moment {
            name: name.clone(),
            block: moment.head.number,
            clock_ahead_ms: moment.clock_ahead_ms,
            next_timestamp_ms: moment.next_timestamp_ms,
            pending: moment.pending.clone(),
        });
        let moments = moments.collect();
        let dump = Dump { mark: MARK, name, seed, genesis, plan: plan.digest, tapes, moments, digest };
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        let done = packed.write_all(&dump.encode()).and_then(|()| packed.finish());
        done.map_err(|error| DevError::Failed(format!("the dump cannot be packed: {error}")))
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

    /// Puts the chain of a dump in the place of this one, made again block by block. Nothing is touched before all of it
    /// has been played and has come out as the dump says.
    ///
    /// # Errors
    /// For bytes that are no dump, a dump of another scenario, seed or genesis, one that does not come out, or when the
    /// ledger fails.
    pub fn load(&mut self, packed: &[u8]) -> Result<BlockNumber, DevError> {
        let dump = Dump::read(packed)?;
        let plan = &self.run.stage().plan;
        if (dump.seed, dump.plan, dump.genesis) != (plan.seed, plan.digest, *self.run.genesis_digest()) {
            return Err(DevError::Refused(format!(
                "the dump is of {}, seed {}, genesis 0x{}; this chain plays {}, seed {}, genesis 0x{}: start it with the \
                 same scenario, seed and flags",
                dump.name,
                dump.seed,
                hex::encode(dump.genesis),
                plan.name,
                plan.seed,
                hex::encode(self.run.genesis_digest()),
            )));
        }
        self.rehearse(&dump)?;
        let target = dump.tapes.len() as u64;
        if let Some(ledger) = &self.ledger {
            ledger.begin_load(target, dump.digest).map_err(store::failure)?;
        }
        self.put_in(&dump).inspect_err(|error| {
            let at = self.run.block();
            self.failed = Some(format!("the load of {target} blocks was cut short at block {at}: {error}"));
        })?;
        if let Some(ledger) = &self.ledger {
            ledger.end_load().map_err(store::failure)?;
        }
        // Who follows hears of the new head, not of all the way there.
        self.shared().replaced();
        Ok(self.run.block())
    }

    /// Puts the blocks of a dump in the place of those that are there.
    fn put_in(&mut self, dump: &Dump) -> Result<(), DevError> {
        self.reset()?;
        self.remember(&dump.moments)?;
        let progress = Progress::start("load", 0, dump.tapes.len() as u64);
        for tape in &dump.tapes {
            let record = self.run.replay_block(tape).map_err(play::failure)?;
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
            let taken = Snapshot {
                head: self.shared().head(),
                world,
                clock_ahead_ms: moment.clock_ahead_ms,
                next_timestamp_ms: moment.next_timestamp_ms,
                pending: moment.pending.clone(),
            };
            self.snapshots.0.insert(moment.name.clone(), taken);
        }
        Ok(())
    }

    /// Plays a dump on the side.
    fn rehearse(&self, dump: &Dump) -> Result<(), DevError> {
        let mut run = self.begin_again()?;
        for tape in &dump.tapes {
            let number = run.block().saturating_add(1);
            run.replay_block(tape)
                .map_err(|error| DevError::Refused(format!("block {number} of the dump: {error}")))?;
        }
        if *run.digest() == dump.digest {
            return Ok(());
        }
        Err(DevError::Refused(format!(
            "the dump does not come out: its head digest is 0x{}, played again it is 0x{}; it was made by other rules or \
             is damaged",
            hex::encode(dump.digest),
            hex::encode(run.digest()),
        )))
    }
}

impl Dump {
    fn read(packed: &[u8]) -> Result<Self, DevError> {
        let refused = |why: String| DevError::Refused(format!("these bytes are no dump: {why}"));
        let mut bytes = Vec::new();
        let mut unpacked = GzDecoder::new(packed).take(DUMP_MAX);
        unpacked.read_to_end(&mut bytes).map_err(|error| refused(error.to_string()))?;
        if !bytes.starts_with(&MARK) {
            return Err(refused("they begin otherwise".to_owned()));
        }
        Self::decode_all(&mut bytes.as_slice()).map_err(|error| refused(error.to_string()))
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
