//! Playing a scenario: the run, its ledger, what is watched, and when to stop.

pub mod drift;
mod resume;
pub mod store;
pub mod verdict;
pub mod watch;

pub use store::Store;
pub use verdict::Verdict;

use crate::exit::Failure;
use crate::interrupt;
use crate::metrics::MetricContext;
use crate::progress::Progress;
use crate::report::replay;
use crate::scenario::Scenario;
use crate::telemetry::Stopwatch;
use actors::plan::Plan;
use actors::{BlockRecord, Checks, DriverKind, Earnings, Options, Run, RunError};
use chain::invariants::Invariant;
use chain::ledger::{Durability, Ledger};
use chain::units::BlockNumber;
use drift::Divergence;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use watch::Watch;

/// A checkpoint is due when playing again what came since the last one would cost as much as this. It counts
/// what participants did and what the chain executed, and takes about two seconds on a slow machine.
const CHECKPOINT_COST: u64 = 20_000;

/// How to play; never changes what is played.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to keep the blocks.
    pub store: Store,
    /// Durability of the ledger.
    pub durability: Durability,
    /// Threads for participants; 0 is a plain loop.
    pub threads: u16,
    /// Whether a broken invariant ends the run; in builds with debug assertions it always does.
    pub check: bool,
}

impl Settings {
    /// What is checked after every block. What the scenario itself watches is reported with its verdicts.
    fn checks(&self, scenario: &Scenario) -> Checks {
        let all = if self.check { Invariant::ALL.to_vec() } else { Checks::default().stop };
        let report = scenario.invariants.clone();
        let stop = all.into_iter().filter(|invariant| !report.contains(invariant)).collect();
        Checks { stop, report, seen: None }
    }
}

/// How a run ended.
#[derive(Debug)]
pub enum Ending {
    /// All blocks were played.
    Finished(Box<Played>),
    /// A stop was asked for; the ledger is closed.
    Interrupted {
        /// The last block.
        block: BlockNumber,
        /// Where it can be continued.
        ledger: Option<PathBuf>,
    },
    /// What the ledger holds is not what was played again.
    Drifted(Divergence),
}

/// A run that was played to its end.
#[derive(Debug)]
pub struct Played {
    /// The run, at its last block.
    pub run: Run,
    /// Who earned what, in the order of the cast.
    pub earnings: Vec<Earnings>,
    /// Verdicts on expectations, in the order of the file.
    pub expectations: Vec<Verdict>,
    /// Verdicts on invariants, in the order of the file.
    pub invariants: Vec<Verdict>,
    /// Where the blocks are kept.
    pub ledger: Option<PathBuf>,
}

impl Played {
    /// Whether every expectation and every invariant holds.
    pub fn passed(&self) -> bool {
        self.expectations.iter().chain(&self.invariants).all(|verdict| verdict.passed)
    }
}

/// The driver for so many threads.
pub fn options(threads: u16) -> Options {
    let driver = match NonZeroUsize::new(threads.into()) {
        None => DriverKind::Lockstep,
        Some(arbiters) => DriverKind::Actix { arbiters },
    };
    Options { driver, ..Options::default() }
}

/// Begins a run.
///
/// # Errors
/// When the plan cannot be played.
pub fn begin(plan: &Plan, threads: u16) -> Result<Run, Failure> {
    Run::new(plan.clone(), &options(threads)).map_err(failure)
}

/// What a run's own error means for the user.
pub fn failure(error: RunError) -> Failure {
    match error {
        RunError::Plan(_) | RunError::Setting(_) | RunError::Founding(_) => Failure::Usage(error.to_string()),
        RunError::Checkpoint(_) | RunError::Tape(_) => {
            Failure::Usage(format!("the ledger cannot be used: {error}"))
        }
        RunError::Broken(violation) => Failure::Broken(violation.to_string()),
        RunError::Crashed { .. } | RunError::Driver(_) | RunError::Over(_) => {
            Failure::Internal(error.to_string())
        }
    }
}

/// Plays a scenario to its end, or until a stop is asked for.
///
/// # Errors
/// When it cannot be begun, continued or stored.
pub fn play(scenario: &Scenario, settings: &Settings) -> Result<Ending, Failure> {
    played(scenario, settings).map_err(|failure| match failure {
        Failure::Broken(text) => {
            Failure::Broken(format!("{text}\nreplay with: {} --check", replay::command(scenario)))
        }
        failure => failure,
    })
}

fn played(scenario: &Scenario, settings: &Settings) -> Result<Ending, Failure> {
    let options = Options { checks: settings.checks(scenario), ..options(settings.threads) };
    let mut run = Run::new(scenario.plan.clone(), &options).map_err(failure)?;
    let mut watch = Watch::start(scenario);
    let opened = store::open(&settings.store, settings.durability, scenario, *run.genesis_digest())?;
    let ledger = match opened {
        None => None,
        Some((ledger, opened)) => {
            match resume::resume(scenario, settings, options, &ledger, &opened, &mut run, &mut watch)? {
                Some(drift) => return Ok(Ending::Drifted(drift)),
                None => Some(ledger),
            }
        }
    };
    let place = ledger.as_ref().map(Ledger::path);
    let ending = Player { scenario, run, watch, ledger, cost: 0 }.play();
    keep_apart(place, ending)
}

/// Keeps the ledger of a failing run where later runs do not prune it.
fn keep_apart(place: Option<PathBuf>, mut ending: Result<Ending, Failure>) -> Result<Ending, Failure> {
    let failed = match &ending {
        Ok(Ending::Finished(played)) => !played.passed(),
        Ok(_) | Err(Failure::Interrupted(_)) => false,
        Err(_) => true,
    };
    let Some(place) = place.filter(|_| failed) else { return ending };
    match crate::runs::keep_apart(&place) {
        Ok(apart) => {
            if apart != place {
                let (said, shown) = ("the ledger of this failing run is kept in", apart.display());
                crate::telemetry::say(&format!(
                    "{said} {shown}; play it again with: localnet replay {shown}"
                ));
            }
            if let Ok(Ending::Finished(played)) = &mut ending {
                played.ledger = Some(apart);
            }
        }
        // What the run itself has to say counts more.
        Err(failure) => crate::telemetry::say(&format!("warning: {failure}")),
    }
    ending
}

struct Player<'a> {
    scenario: &'a Scenario,
    run: Run,
    watch: Watch,
    ledger: Option<Ledger>,
    cost: u64,
}

impl Player<'_> {
    fn play(mut self) -> Result<Ending, Failure> {
        let plan = &self.scenario.plan;
        let first = self.run.block();
        let (progress, watch) = (Progress::start(&plan.name, first, plan.blocks), Stopwatch::start());
        while self.run.block() < plan.blocks && !interrupt::requested() {
            self.block()?;
            progress.block(self.run.block());
        }
        progress.finish();
        watch.log_blocks(self.run.block().saturating_sub(first));
        let block = self.run.block();
        let ledger = self.close()?;
        if block < plan.blocks {
            return Ok(Ending::Interrupted { block, ledger });
        }
        let earnings = self.run.earnings().map_err(failure)?;
        let at = MetricContext {
            state: self.run.view().state(),
            context: self.run.context(),
            earnings: &earnings,
            since: None,
        };
        self.watch.decide(self.scenario, at, true);
        let (expectations, invariants) = self.watch.verdicts(self.scenario, block);
        Ok(Ending::Finished(Box::new(Played { run: self.run, earnings, expectations, invariants, ledger })))
    }

    fn block(&mut self) -> Result<(), Failure> {
        let record = self.run.next_block().map_err(failure)?;
        self.watch.block(&record.violations);
        if self.watch.is_due(self.scenario, record.number()) {
            decide_now(self.scenario, &mut self.run, &mut self.watch)?;
        }
        self.cost = self.cost.saturating_add(cost(&record));
        if let Some(ledger) = &self.ledger {
            ledger.append(record.frame()).map_err(store::failure)?;
            if self.cost >= CHECKPOINT_COST {
                self.cost = 0;
                ledger
                    .checkpoint(record.number(), self.run.checkpoint().map_err(failure)?)
                    .map_err(store::failure)?;
            }
        }
        Ok(())
    }

    /// Leaves a checkpoint at the last block and closes the ledger.
    fn close(&mut self) -> Result<Option<PathBuf>, Failure> {
        let Some(ledger) = self.ledger.take() else { return Ok(None) };
        let path = ledger.path();
        if self.run.block() > 0 {
            let world = self.run.checkpoint().map_err(failure)?;
            ledger.checkpoint(self.run.block(), world).map_err(store::failure)?;
        }
        ledger.close().map_err(store::failure)?;
        tracing::info!(ledger = %path.display(), block = self.run.block(), "ledger closed");
        Ok(Some(path))
    }
}

/// What it would cost to play a block again.
fn cost(record: &BlockRecord) -> u64 {
    let (receipts, entries) = (record.sealed.receipts.len() as u64, record.log.entries.len() as u64);
    receipts.saturating_add(entries).saturating_add(1)
}

/// Decides the expectations of the block that the run stands at.
fn decide_now(scenario: &Scenario, run: &mut Run, watch: &mut Watch) -> Result<(), Failure> {
    let earnings = run.earnings().map_err(failure)?;
    let at =
        MetricContext { state: run.view().state(), context: run.context(), earnings: &earnings, since: None };
    watch.decide(scenario, at, false);
    Ok(())
}
