//! A run: a plan being played, block by block.

use crate::accounting::Accounting;
use crate::conductor::Conductor;
use crate::context::RunContext;
use crate::driver::{Driver, DriverError, Executor};
use crate::drivers::actix::{Actix, Jitter};
use crate::drivers::lockstep::Lockstep;
use crate::earnings::{self, Earnings};
use crate::founding::{Founding, FoundingError};
use crate::gate::{Endpoint, InputQueue, TAPE_MEMORY_MAX, Tape, TapeError};
use crate::genesis;
use crate::participant::Phase;
use crate::plan::{ActorId, Plan, PlanError};
use crate::record::BlockRecord;
use crate::refusals::{Refusal, Refusals};
use crate::seat::Seat;
use crate::settings::SettingError;
use crate::view::ChainView;
use crate::waiting::Waiting;
use crate::world::{CheckpointError, RunState};
use chain::block::{BlockInput, BlockOutcome, Hash};
use chain::invariants::{Checker, Invariant, Violation};
use chain::runtime::Runtime;
use chain::state::State;
use chain::units::BlockNumber;
use parity_scale_codec::Encode as _;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Why a run cannot begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The plan's parts do not fit.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A setting is not known.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The chain refuses the set-up of the plan.
    #[error("{}", lines(.0))]
    Founding(Vec<FoundingError>),
    /// The checkpoint cannot be used.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The tape cannot be read.
    #[error(transparent)]
    Tape(#[from] TapeError),
    /// The driver failed.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// A participant panicked, and the plan says that this ends the run.
    #[error("{name} panicked at block {block}, phase {phase}: {why}")]
    Crashed {
        /// The block.
        block: BlockNumber,
        /// The phase.
        phase: Phase,
        /// Its name.
        name: String,
        /// The words of the panic.
        why: String,
    },
    /// A block broke an invariant of the chain.
    #[error("{0}")]
    Broken(Box<Violation>),
    /// An earlier block failed; what came of it is not known.
    #[error("the run has failed at block {0} and cannot go on")]
    Over(BlockNumber),
}

fn lines(errors: &[FoundingError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Who plays the turns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DriverKind {
    /// A plain loop on the caller's thread.
    #[default]
    Lockstep,
    /// One actix actor per participant.
    Actix {
        /// Threads for participants; the chain has one more.
        arbiters: NonZeroUsize,
    },
}

/// How to play; never changes what is played.
#[derive(Clone, Default)]
pub struct Options {
    /// Who plays the turns.
    pub driver: DriverKind,
    /// Disturbs the timing of the actix driver; for tests.
    pub jitter: Option<Jitter>,
    /// Which invariants of the chain are checked after every block.
    pub checks: Checks,
}

/// Which invariants of the chain are checked after every block, and what happens when one does not hold.
#[derive(Clone, Debug)]
pub struct Checks {
    /// Those that end the run. In builds with debug assertions all of them, unless said otherwise.
    pub stop: Vec<Invariant>,
    /// Those that a block's record reports.
    pub report: Vec<Invariant>,
    /// For a resumed run: a checker that has seen every block up to the checkpoint, so that it goes on as if the run
    /// had never stopped.
    pub seen: Option<Checker>,
}

impl Default for Checks {
    fn default() -> Self {
        let stop = if cfg!(debug_assertions) { Invariant::ALL.to_vec() } else { Vec::new() };
        Self { stop, report: Vec::new(), seen: None }
    }
}

impl Checks {
    /// The checker of a run that begins at a state; `None` when there is nothing to check.
    fn checker(&self, state: &State, resumed: bool) -> Option<Checker> {
        let mut all = self.stop.clone();
        all.extend(self.report.iter().filter(|invariant| !self.stop.contains(invariant)));
        match &self.seen {
            _ if all.is_empty() => None,
            Some(checker) => Some(checker.clone().watching(all)),
            None if resumed => Some(Checker::resume(state, all)),
            None => Some(Checker::new(state, all)),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("driver", &self.driver).finish_non_exhaustive()
    }
}

/// A plan being played. It belongs to the thread that made it.
#[derive(Debug)]
pub struct Run {
    // First of all, so that threads end before what they use.
    driver: Box<dyn Driver>,
    context: Arc<RunContext>,
    conductor: Conductor,
    world: RunState,
    gate: InputQueue,
    genesis: Hash,
    identity: Hash,
    stop: Vec<Invariant>,
    failed: Option<BlockNumber>,
}

impl Executor for Runtime {
    fn execute(&mut self, state: &mut State, input: &BlockInput) -> BlockOutcome {
        self.execute_block(state, input)
    }
}

impl Run {
    /// Begins a run at its genesis.
    ///
    /// # Errors
    /// When the plan's parts do not fit, or a thread cannot be started.
    pub fn new(plan: Plan, options: &Options) -> Result<Self, RunError> {
        Self::begin(plan, None, &options.checks, |context, seats, chain| {
            driver(&context, seats, chain, options)
        })
    }

    /// Begins a run with a driver of the caller's own.
    ///
    /// # Errors
    /// As [`Run::new`], and what `make` gives.
    pub fn with_driver(
        plan: Plan,
        make: impl FnOnce(Arc<RunContext>, Vec<Seat>, Box<dyn Executor>) -> Result<Box<dyn Driver>, DriverError>,
    ) -> Result<Self, RunError> {
        Self::begin(plan, None, &Checks::default(), make)
    }

    /// Goes on from a checkpoint, exactly as if the run had never stopped.
    ///
    /// # Errors
    /// As [`Run::new`], and when the bytes are no checkpoint of this plan.
    pub fn resume(plan: Plan, checkpoint: &[u8], options: &Options) -> Result<Self, RunError> {
        Self::begin(plan, Some(checkpoint), &options.checks, |context, seats, chain| {
            driver(&context, seats, chain, options)
        })
    }

    fn begin(
        plan: Plan,
        checkpoint: Option<&[u8]>,
        checks: &Checks,
        make: impl FnOnce(Arc<RunContext>, Vec<Seat>, Box<dyn Executor>) -> Result<Box<dyn Driver>, DriverError>,
    ) -> Result<Self, RunError> {
        plan.check()?;
        let Founding { genesis: begun, holdings } = genesis::found(&plan).map_err(RunError::Founding)?;
        let rules = begun.rules.clone();
        let digest = genesis::digest(&plan, &begun);
        let sealed = genesis::sealed(&plan, begun, digest);
        let identity = identity_of(&plan);
        let genesis_hash = sealed.hash;
        let context = Arc::new(RunContext::new(plan, genesis_hash, holdings));
        let cast = context.plan.cast.len();
        let (world, seats) = match checkpoint {
            Some(bytes) => RunState::decode(identity, bytes)?,
            None => {
                let world = RunState {
                    view: Arc::new(ChainView::new(sealed, Arc::default())),
                    digest,
                    log: [0; 32],
                    mail: BTreeMap::new(),
                    retired: BTreeSet::new(),
                    faults: Vec::new(),
                    books: Accounting::new(&context),
                    refusals: Refusals::default(),
                    gateway: None,
                    waiting: Waiting::default(),
                };
                (world, (0..).take(cast).map(|id| Seat::new(&context, ActorId(id))).collect())
            }
        };
        if seats.len() != cast {
            return Err(CheckpointError::Cast { found: seats.len(), expected: cast }.into());
        }
        let mut runtime = Runtime::new(rules, genesis_hash);
        if let Some(checker) = checks.checker(world.view.state(), checkpoint.is_some()) {
            runtime = runtime.checked(checker);
        }
        let driver = make(Arc::clone(&context), seats, Box::new(runtime))?;
        let stop = checks.stop.clone();
        let conductor = Conductor::new(Arc::clone(&context));
        let gate = InputQueue::default();
        Ok(Self { driver, context, conductor, world, gate, genesis: digest, identity, stop, failed: None })
    }

    /// Plays the next block, with what waits at the gate.
    ///
    /// # Errors
    /// When a participant's crash ends the run, the chain refuses the plan's own hyperparameters, or the
    /// driver fails. After an error the run is over.
    pub fn next_block(&mut self) -> Result<BlockRecord, RunError> {
        let tape = self.gate.drain();
        self.play_block(tape)
    }

    /// Plays the next block with a recorded tape in place of the gate.
    ///
    /// # Errors
    /// As [`Run::next_block`], and when the bytes are no tape.
    pub fn replay_block(&mut self, tape: &[u8]) -> Result<BlockRecord, RunError> {
        let tape = Tape::read(tape)?;
        self.play_block(tape)
    }

    /// As [`Run::replay_block`], with a tape that came from outside and may take only so much memory.
    ///
    /// # Errors
    /// As [`Run::replay_block`], and when it takes more.
    pub fn replay_from_outside(&mut self, tape: &[u8]) -> Result<BlockRecord, RunError> {
        let tape = Tape::read_bounded(tape, TAPE_MEMORY_MAX)?;
        self.play_block(tape)
    }

    fn play_block(&mut self, tape: Tape) -> Result<BlockRecord, RunError> {
        if let Some(block) = self.failed {
            return Err(RunError::Over(block));
        }
        let next = self.block().saturating_add(1);
        let played = self.conductor.play(&mut self.world, self.driver.as_mut(), tape).and_then(|record| {
            let stops = |violation: &&Violation| self.stop.contains(&violation.invariant);
            match record.violations.iter().find(stops) {
                Some(violation) => Err(RunError::Broken(Box::new(violation.clone()))),
                None => Ok(record),
            }
        });
        if played.is_err() {
            self.failed = Some(next);
        }
        played
    }

    /// Plays up to a block, handing every block out, until `stop` is set; it is looked at between blocks.
    ///
    /// # Errors
    /// As [`Run::next_block`], or what `each` gives.
    pub fn play<E: From<RunError>>(
        &mut self,
        until: BlockNumber,
        stop: &AtomicBool,
        mut each: impl FnMut(&Self, BlockRecord) -> Result<(), E>,
    ) -> Result<(), E> {
        while self.block() < until && !stop.load(Ordering::Relaxed) {
            let record = self.next_block()?;
            each(self, record)?;
        }
        Ok(())
    }

    /// The whole world as bytes: chain, participants, messages on their way, logs.
    ///
    /// # Errors
    /// When a participant's host is gone.
    pub fn checkpoint(&mut self) -> Result<Vec<u8>, RunError> {
        let seats = self.driver.seats()?;
        Ok(self.world.encode(self.identity, seats))
    }

    /// Who earned what, in the order of the cast.
    ///
    /// # Errors
    /// When a participant's host is gone.
    pub fn earnings(&mut self) -> Result<Vec<Earnings>, RunError> {
        let seats = self.driver.seats()?;
        Ok(earnings::of(&self.context, &self.world.view, &self.world.books, &seats))
    }

    /// Calls that the chain refused since genesis: events one by one, then those of duty, counted, then events that
    /// still wait for room in a block.
    pub fn refusals(&self) -> impl Iterator<Item = Refusal> + '_ {
        self.world.refusals.list().chain(self.conductor.still_waiting(&self.world))
    }

    /// The last sealed block.
    #[must_use]
    pub fn view(&self) -> &Arc<ChainView> {
        &self.world.view
    }
    /// Height of the last sealed block; 0 at genesis.
    #[must_use]
    pub fn block(&self) -> BlockNumber {
        self.world.view.block()
    }
    /// Rolling digest of the chain after the last block.
    #[must_use]
    pub const fn digest(&self) -> &Hash {
        &self.world.digest
    }
    /// Rolling digest of the event log after the last block.
    #[must_use]
    pub const fn log_digest(&self) -> &Hash {
        &self.world.log
    }
    /// Digest of the genesis: the parent digest of the first block.
    #[must_use]
    pub const fn genesis_digest(&self) -> &Hash {
        &self.genesis
    }
    /// What never changes: plan, keys, markets.
    #[must_use]
    pub fn context(&self) -> &RunContext {
        &self.context
    }
    /// Where outsiders reach the cast, as the last block had it.
    #[must_use]
    pub const fn gateway(&self) -> Option<Endpoint> {
        self.world.gateway
    }
    /// The door for outside inputs; clones may go to other threads.
    #[must_use]
    pub const fn gate(&self) -> &InputQueue {
        &self.gate
    }
}

fn driver(
    context: &Arc<RunContext>,
    seats: Vec<Seat>,
    chain: Box<dyn Executor>,
    options: &Options,
) -> Result<Box<dyn Driver>, DriverError> {
    Ok(match options.driver {
        DriverKind::Lockstep => Box::new(Lockstep::new(Arc::clone(context), seats, chain)),
        DriverKind::Actix { arbiters } => {
            Box::new(Actix::new(context, seats, chain, arbiters, options.jitter.as_ref())?)
        }
    })
}

/// What a checkpoint must have been made with: all that decides a run but for its length and its title.
fn identity_of(plan: &Plan) -> Hash {
    let Plan { name: _, seed, blocks: _, digest: _, chain, subnets, cast, events, faults, corpus, on_crash } =
        plan;
    let mut hasher = blake3::Hasher::new_derive_key("localnet 2026 plan");
    hasher.update(&(seed, chain, cast, events, faults, on_crash).encode()).update(corpus.digest());
    for subnet in subnets {
        hasher.update(&(subnet.netuid, &subnet.mechanism, &subnet.settings).encode());
    }
    *hasher.finalize().as_bytes()
}
