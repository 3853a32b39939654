//! The thread that seals blocks.

use super::{Block, History, Parts, Shared, Snapshots, nonce_of, resume};
use crate::exit::Failure;
use crate::interrupt;
use crate::pace::{Lateness, Metronome, Pace, Quiet, unix_ms};
use crate::play::{self, store};
use crate::scenario::resolve::Member;
use actors::gate::Input;
use actors::plan::{BeaconPlan, Plan};
use actors::{BlockRecord, Checks, Options, Run, RunError};
use chain::block::{BlockInput, Extrinsic, Receipt};
use chain::call::{MevShieldCall, RuntimeCall, subtensor};
use chain::ledger::{Durability, Ledger};
use chain::wire::extrinsic_hash;
use parity_scale_codec::DecodeAll as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

/// How long the thread sleeps at most before it looks whether it shall end.
const GLANCE: Duration = Duration::from_millis(100);
/// A checkpoint is due when playing again what came since the last one would cost as much as this, counted as `run` does.
const CHECKPOINT_COST: u64 = 20_000;

/// Extrinsics that one block takes from the pool; the others wait for the next. The gate has room for more.
const EXTRINSICS_MAX: usize = 4_096;

/// What the thread is asked to do.
pub enum Order {
    /// An extrinsic waits.
    Wake,
    /// Anything else, between two blocks.
    Do(Box<dyn FnOnce(&mut Engine) + Send>),
    /// End.
    Stop,
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Wake => "Wake",
            Self::Do(_) => "Do",
            Self::Stop => "Stop",
        })
    }
}

/// How a node begins.
#[derive(Clone, Debug)]
pub struct Start {
    /// The plan of the run.
    pub plan: Plan,
    /// The cast as selectors see it.
    pub members: Vec<Member>,
    /// Where the ledger lies; `None` keeps none.
    pub store: Option<PathBuf>,
    /// Durability of the ledger.
    pub durability: Durability,
    /// Sealing mode of blocks.
    pub pace: Pace,
    /// Blocks whose state can be read.
    pub window: usize,
    /// Extrinsics that may wait.
    pub pool_limit: usize,
    /// Blocks on top of which a block is final.
    pub finality: u64,
    /// Without an interval: how long no block comes before the head is final; `None` waits for blocks.
    pub settle: Option<Duration>,
    /// Threads for participants; 0 is a plain loop.
    pub threads: u16,
}

/// A chain that is alive.
#[derive(Debug)]
pub struct Engine {
    pub(super) run: Run,
    pub(super) shared: Arc<Shared>,
    pub(super) ledger: Option<Arc<Ledger>>,
    pub(super) pace: Pace,
    /// Where blocks come by themselves, or would without automine.
    interval: Option<Duration>,
    pub(super) snapshots: Snapshots,
    /// One dump is loaded at a time.
    loads: Arc<tokio::sync::Semaphore>,
    /// What is added to the wall clock. **Units**: milliseconds.
    pub(super) clock_ahead_ms: i64,
    /// The time of the next block alone.
    pub(super) next_timestamp_ms: Option<u64>,
    /// How far each block is from the one before, whatever the clock says. **Units**: milliseconds.
    pub(super) apart_ms: Option<u64>,
    pub(super) threads: u16,
    /// Without a ledger: the tape of every block so far.
    pub(super) tapes: Vec<Vec<u8>>,
    /// The cast as selectors see it.
    pub(super) members: Vec<Member>,
    /// The door to those outside.
    pub(super) outside: Option<crate::gateway::Port>,
    /// Whether an outsider's question waits.
    pub(super) asked: bool,
    /// How long no block has come.
    pub(super) quiet: Quiet,
    orders: Receiver<Order>,
    metronome: Option<Metronome>,
    cost: u64,
    over: bool,
    /// Why no block can be sealed any more.
    pub(super) failed: Option<String>,
    print_blocks: bool,
}

impl Engine {
    /// Begins a node on the caller's thread: opens its ledger and goes on where it ends.
    ///
    /// # Errors
    /// When the plan cannot be played, or the ledger not be used.
    pub fn start(start: Start) -> Result<Self, Failure> {
        let Start { plan, members, store, durability, pace, window, pool_limit, finality, settle, threads } =
            start;
        let mut run = Run::new(plan.clone(), &options(threads)).map_err(play::failure)?;
        let genesis = Arc::new(Block::genesis(run.view().sealed().clone()));
        let (sender, orders) = mpsc::channel();
        let mut ledger = None;
        let mut replayed = Vec::new();
        if let Some(path) = store {
            let opened = resume::open(&path, &plan, &run, durability)?;
            replayed = resume::replay(&opened, &plan, &mut run, threads, window)?;
            ledger = Some(Arc::new(opened.0));
        }
        let least = usize::try_from(finality).unwrap_or(usize::MAX).saturating_add(1);
        let mut history = History::new(genesis, window.max(least), ledger.clone());
        for block in replayed {
            history.push(Arc::new(block));
        }
        // What a ledger holds stays.
        history.finalise(history.head().number);
        let rules =
            actors::genesis::of(&plan).map_err(|errors| play::failure(RunError::Founding(errors)))?.rules;
        let figures = super::plan::figures(&plan, &rules);
        let shield = super::shield::Shield::of_seed(plan.seed);
        let shared = Arc::new(Shared::new(Parts {
            history,
            pool_limit,
            finality,
            rules,
            figures,
            shield,
            orders: sender,
        }));
        let mut engine = Self {
            run,
            shared,
            ledger,
            pace,
            interval: None,
            snapshots: Snapshots::default(),
            loads: Arc::new(tokio::sync::Semaphore::new(1)),
            clock_ahead_ms: 0,
            next_timestamp_ms: None,
            apart_ms: None,
            threads,
            tapes: Vec::new(),
            members,
            outside: None,
            asked: false,
            quiet: Quiet::new(settle),
            orders,
            metronome: None,
            cost: 0,
            over: false,
            failed: None,
            print_blocks: false,
        };
        if let Pace::Interval(every) = pace {
            engine.set_interval(Some(every));
        }
        Ok(engine)
    }

    /// What readers share.
    #[must_use]
    pub const fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
    /// Held by whoever loads a dump.
    #[must_use]
    pub fn loads(&self) -> Arc<tokio::sync::Semaphore> {
        Arc::clone(&self.loads)
    }
    /// The chain as it is being played.
    #[must_use]
    pub const fn run(&self) -> &Run {
        &self.run
    }

    /// Seals blocks until somebody asks for an end, then writes the chain to `dump` if there is such a file, and closes the
    /// ledger.
    ///
    /// # Errors
    /// When a block cannot be played or kept, or the dump not be written.
    pub fn live(mut self, print_blocks: bool, dump: Option<&Path>) -> Result<u64, Failure> {
        self.print_blocks = print_blocks;
        while !self.over && !interrupt::requested() {
            let wait = self.metronome.as_ref().map_or(GLANCE, |metronome| metronome.wait().min(GLANCE));
            let order = if wait.is_zero() { self.orders.try_recv().ok() } else { self.next_order(wait) };
            match order {
                Some(Order::Do(what)) => what(&mut self),
                Some(Order::Stop) => self.over = true,
                Some(Order::Wake) | None => {}
            }
            self.seal_what_is_due()?;
            if !matches!(self.pace, Pace::Interval(_)) && self.quiet.is_over() {
                self.shared.finalise(self.run.block());
            }
            // An order's block failed too, and who gave the order has been told.
            if let Some(why) = self.failed.take() {
                return Err(Failure::Internal(why));
            }
        }
        let dumped = dump.map_or(Ok(()), |path| self.dump_to(path));
        self.close().and_then(|head| dumped.map(|()| head))
    }

    fn next_order(&mut self, wait: Duration) -> Option<Order> {
        match self.orders.recv_timeout(wait) {
            Ok(order) => Some(order),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                self.over = true;
                None
            }
        }
    }

    fn seal_what_is_due(&mut self) -> Result<(), Failure> {
        match self.pace {
            Pace::Manual => Ok(()),
            Pace::Automine => {
                while (self.asked || self.something_waits()) && !interrupt::requested() {
                    self.seal()?;
                }
                Ok(())
            }
            Pace::Interval(_) => {
                let due = self.metronome.as_mut().filter(|metronome| metronome.wait().is_zero());
                let Some(metronome) = due else { return Ok(()) };
                let late = metronome.beat();
                tracing::debug!(late_ms = late.as_millis(), "beat");
                self.seal().map(drop)
            }
        }
    }

    fn something_waits(&self) -> bool {
        let head = self.shared.head();
        !self.shared.lock_pool().ready(|account| nonce_of(&head, account)).is_empty()
    }

    /// When blocks are sealed, in words.
    #[must_use]
    pub fn pace_text(&self) -> String {
        match self.pace {
            Pace::Interval(every) => format!("a block every {}", humantime::format_duration(every)),
            Pace::Automine => "a block as soon as an extrinsic waits".to_owned(),
            Pace::Manual => "blocks on demand".to_owned(),
        }
    }

    /// How late blocks came, at the pace of an interval.
    #[must_use]
    pub fn lateness(&self) -> Option<&Lateness> {
        self.metronome.as_ref().map(Metronome::lateness)
    }

    /// Where the ledger lies and how it stands.
    #[must_use]
    pub fn ledger_status(&self) -> Option<(PathBuf, chain::ledger::Status)> {
        self.ledger.as_ref().map(|ledger| (ledger.path(), ledger.status()))
    }

    /// Sealing mode of blocks.
    #[must_use]
    pub const fn pace(&self) -> Pace {
        self.pace
    }
    /// The time from block to block, where blocks come by themselves or would without automine.
    #[must_use]
    pub const fn interval(&self) -> Option<Duration> {
        self.interval
    }

    /// Seals a block as soon as an extrinsic waits, or goes back to the interval; without one, to blocks on demand.
    pub fn set_automine(&mut self, on: bool) {
        self.pace = match (on, self.interval) {
            (true, _) => Pace::Automine,
            (false, Some(every)) => Pace::Interval(every),
            (false, None) => Pace::Manual,
        };
        self.metronome = match self.pace {
            Pace::Interval(every) => Some(Metronome::new(every)),
            Pace::Automine | Pace::Manual => None,
        };
    }

    /// Seals blocks at an interval, or on demand.
    pub fn set_interval(&mut self, every: Option<Duration>) {
        self.interval = every;
        self.set_automine(false);
    }

    /// Sets how far each block is from the one before, whatever the clock says, and gives what was set before.
    pub const fn set_apart(&mut self, ms: Option<u64>) -> Option<u64> {
        std::mem::replace(&mut self.apart_ms, ms)
    }

    /// Seals the next block with all that is ready, and gives what it was made of.
    ///
    /// # Errors
    /// When it cannot be played or kept: after that the node ends.
    pub fn seal(&mut self) -> Result<BlockInput, Failure> {
        self.seal_after(0)
    }

    /// The same, with a block that is at least so many milliseconds after the last.
    pub(super) fn seal_after(&mut self, least_ms: u64) -> Result<BlockInput, Failure> {
        let sealed = self.try_seal(least_ms);
        if let Err(failure) = &sealed {
            self.failed = Some(failure.to_string());
        }
        sealed
    }

    fn try_seal(&mut self, least_ms: u64) -> Result<BlockInput, Failure> {
        let head = self.shared.head();
        let ready = self.shared.lock_pool().ready(|account| nonce_of(&head, account));
        let full = |error: actors::gate::GateFull| Failure::Internal(error.to_string());
        for extrinsic in ready.into_iter().take(EXTRINSICS_MAX) {
            self.run.gate().put(Input::Extrinsic(extrinsic)).map_err(full)?;
        }
        self.show_the_door();
        let now = self.next_timestamp(least_ms);
        self.run.gate().put(Input::Timestamp(now)).map_err(full)?;
        let record = self.run.next_block().map_err(play::failure)?;
        for refusal in record.refusals.iter().filter(|refusal| refusal.event.is_some()) {
            let actors::Refusal { block, who, call, error, .. } = refusal;
            crate::telemetry::say(&format!(
                "an event was refused by the chain: {call} by {who} at block {block}: {error}"
            ));
        }
        // Questions for which this block had no time.
        self.asked = !self.run.gate().is_empty();
        self.keep(&record)?;
        let input = self.publish(&record)?;
        if let Some(port) = &self.outside {
            port.carry(&record);
        }
        Ok(input)
    }

    /// The time of the next block: the wall clock's, or what a developer has set; it never stands still.
    fn next_timestamp(&mut self, least_ms: u64) -> u64 {
        let before = self.run.view().timestamp_ms;
        let clock = unix_ms().saturating_add_signed(self.clock_ahead_ms);
        // Genesis has no time.
        let apart = self.apart_ms.filter(|_| self.run.block() > 0).map(|apart| before.saturating_add(apart));
        let set = self.next_timestamp_ms.take().or(apart);
        let least = before.saturating_add(if set.is_some() { 1 } else { least_ms.max(1) });
        let now = set.unwrap_or(clock).max(least);
        if set.is_some() || (least_ms > 0 && now > clock) {
            self.clock_ahead_ms = i64::try_from(now)
                .unwrap_or(i64::MAX)
                .saturating_sub(i64::try_from(unix_ms()).unwrap_or(i64::MAX));
        }
        now
    }

    pub(super) fn keep(&mut self, record: &BlockRecord) -> Result<(), Failure> {
        let Some(ledger) = &self.ledger else {
            self.tapes.push(record.tape.clone());
            return Ok(());
        };
        ledger.append(record.frame()).map_err(store::failure)?;
        let cost = record.sealed.receipts.len().saturating_add(record.log.entries.len());
        self.cost = self.cost.saturating_add(cost as u64).saturating_add(1);
        if self.cost >= CHECKPOINT_COST {
            self.cost = 0;
            let world = self.run.checkpoint().map_err(play::failure)?;
            ledger.checkpoint(record.number(), world).map_err(store::failure)?;
        }
        Ok(())
    }

    fn publish(&mut self, record: &BlockRecord) -> Result<BlockInput, Failure> {
        let input = input_of(record)?;
        let block = Arc::new(Block::new(record.sealed.clone(), &input));
        self.shared.add(&block);
        for violation in &record.violations {
            tracing::error!(block = block.number, %violation, "an invariant of the chain does not hold");
        }
        let hashes: Vec<_> = input
            .extrinsics
            .iter()
            .map(|extrinsic| match extrinsic {
                Extrinsic::Signed(signed) => Some(extrinsic_hash(&signed.wire_bytes())),
                _ => None,
            })
            .collect();
        let outcomes = hashes.iter().zip(record.sealed.receipts.iter());
        let outcomes = outcomes.filter_map(|(hash, receipt)| Some(((*hash)?, receipt)));
        self.shared
            .lock_pool()
            .sealed(block.number, block.hash, outcomes, |account| nonce_of(&block, account));
        self.shared.finalise(block.number.saturating_sub(self.shared.finality()));
        self.quiet.begin();
        if self.print_blocks {
            let line = format!("Imported #{} (0x{})\n", block.number, hex::encode(block.hash));
            let mut output = crate::commands::output::Output::new();
            output
                .write_all(line.as_bytes())
                .and_then(|()| output.flush())
                .map_err(crate::commands::output::failed)?;
        }
        self.open_shielded(&input, &record.sealed.receipts);
        Ok(input)
    }

    /// Opens what was encrypted and lets it wait for a later block; warns of what will never open.
    fn open_shielded(&self, input: &BlockInput, receipts: &[Receipt]) {
        for (extrinsic, receipt) in input.extrinsics.iter().zip(receipts) {
            let (Extrinsic::Signed(signed), Ok(())) = (extrinsic, &receipt.result) else { continue };
            let ciphertext = match &signed.call {
                RuntimeCall::MevShield(MevShieldCall::SubmitEncrypted { ciphertext }) => ciphertext,
                RuntimeCall::SubtensorModule(call) if is_timelock(call) && !self.has_beacon() => {
                    tracing::warn!(
                        who = %signed.signer,
                        "timelocked weights were committed: no drand beacon is here, so they are never opened; turn \
                         commit-reveal off for the subnet (sudo_set_commit_reveal_weights_enabled)"
                    );
                    continue;
                }
                _ => continue,
            };
            match self.shared.shield.open(ciphertext) {
                Ok(inner) => {
                    if let Err(rejection) = self.shared.submit(&inner, None) {
                        tracing::warn!(who = %signed.signer, ?rejection, "an encrypted extrinsic is not taken");
                    }
                }
                Err(error) => {
                    tracing::warn!(who = %signed.signer, %error, "an encrypted extrinsic cannot be opened")
                }
            }
        }
    }

    fn has_beacon(&self) -> bool {
        self.run.context().plan.chain.beacon == BeaconPlan::Local
    }

    fn close(mut self) -> Result<u64, Failure> {
        let head = self.run.block();
        if let Some(ledger) = self.ledger.take() {
            if head > 0 {
                let world = self.run.checkpoint().map_err(play::failure)?;
                ledger.checkpoint(head, world).map_err(store::failure)?;
            }
            // Readers hold the ledger too; the last of them closes it.
            ledger.sync().map_err(store::failure)?;
            tracing::info!(ledger = %ledger.path().display(), block = head, "ledger closed");
        }
        Ok(head)
    }
}

/// What a block was made of.
pub(super) fn input_of(record: &BlockRecord) -> Result<BlockInput, Failure> {
    BlockInput::decode_all(&mut record.inputs.as_slice())
        .map_err(|error| Failure::Internal(format!("a block's own inputs cannot be read: {error}")))
}

/// Whether a call commits weights that only a drand beacon can open.
const fn is_timelock(call: &subtensor::Call) -> bool {
    use subtensor::Call as C;
    matches!(
        call,
        C::CommitTimelockedWeights { .. }
            | C::CommitTimelockedMechanismWeights { .. }
            | C::CommitCrv3MechanismWeights { .. }
    )
}

/// A broken invariant is told and does not end a live chain: a developer's raw writes may break any of them.
pub(super) fn options(threads: u16) -> Options {
    let report = Checks::default().stop;
    Options { checks: Checks { stop: Vec::new(), report, seen: None }, ..play::options(threads) }
}
