//! Going on where a ledger ends, with every verdict that an unbroken run would give.

use super::drift::{Divergence, compare};
use super::watch::Watch;
use super::{Settings, decide_now, failure, store};
use crate::exit::Failure;
use crate::scenario::Scenario;
use actors::{Options, Run, RunError, genesis};
use chain::block::BlockInput;
use chain::invariants::Checker;
use chain::ledger::{Frame, Ledger, Opened};
use chain::runtime::Runtime;
use chain::units::BlockNumber;
use parity_scale_codec::{DecodeAll as _, Encode as _};

/// Brings a run to the head of its ledger, from the newest checkpoint if that loses no verdict.
pub(super) fn resume(
    scenario: &Scenario,
    settings: &Settings,
    mut options: Options,
    ledger: &Ledger,
    opened: &Opened,
    run: &mut Run,
    watch: &mut Watch,
) -> Result<Option<Divergence>, Failure> {
    let path = ledger.path();
    for finding in &opened.report.findings {
        crate::telemetry::say(&format!("{}: {finding}", path.display()));
    }
    let Some((head, _)) = opened.head else {
        tracing::info!(ledger = %path.display(), durability = %settings.durability, "new ledger");
        return Ok(None);
    };
    if head > scenario.plan.blocks {
        return Err(Failure::Usage(format!(
            "--store: {}: its head is block {head}, beyond the {} blocks asked for; give --blocks {head} or more",
            path.display(),
            scenario.plan.blocks
        )));
    }
    let past = |block: Option<BlockNumber>| block.is_some_and(|block| block <= head);
    let past = scenario.expectations.iter().any(|of| past(of.at_block) || past(of.since));
    if let Some((number, world)) = opened.checkpoint.as_ref().filter(|_| !past) {
        if watch.sees_every_block() {
            match watch_chain(scenario, ledger, run, *number, watch)? {
                Ok(checker) => options.checks.seen = checker,
                Err(drift) => return Ok(Some(drift)),
            }
        }
        *run = Run::resume(scenario.plan.clone(), world, &options).map_err(failure)?;
    }
    let from = run.block();
    for frame in ledger.frames(from.saturating_add(1)..) {
        let frame = frame.map_err(store::failure)?;
        let record = run.replay_block(&frame.tape).map_err(failure)?;
        if let Some(drift) = compare(&frame, &record, &scenario.plan) {
            return Ok(Some(drift));
        }
        watch.block(&record.violations);
        if watch.is_due(scenario, record.number()) {
            decide_now(scenario, run, watch)?;
        }
    }
    crate::telemetry::say(&format!("{}: continues at block {head}", path.display()));
    Ok(None)
}

/// Shows the watch every block up to a checkpoint, by executing the recorded inputs: the chain alone, which
/// takes a fraction of what the participants took. Gives the checker that has seen them, or where they differ.
fn watch_chain(
    scenario: &Scenario,
    ledger: &Ledger,
    run: &Run,
    until: BlockNumber,
    watch: &mut Watch,
) -> Result<Result<Option<Checker>, Divergence>, Failure> {
    let genesis = genesis::of(&scenario.plan).map_err(|errors| failure(RunError::Founding(errors)))?;
    let mut state = run.view().state().clone();
    let checker = Checker::new(&state, scenario.invariants.iter().copied());
    let mut runtime = Runtime::new(genesis.rules, run.context().genesis).checked(checker);
    for frame in ledger.frames(1..=until) {
        let frame = frame.map_err(store::failure)?;
        let Ok(input) = BlockInput::decode_all(&mut frame.inputs.as_slice()) else {
            return Ok(Err(drifted(&frame, "its inputs cannot be read")));
        };
        let outcome = runtime.execute_block(&mut state, &input);
        if outcome.receipts.encode() != frame.receipts || outcome.events.encode() != frame.events {
            return Ok(Err(drifted(&frame, "the recorded inputs give other receipts or events")));
        }
        watch.block(&outcome.violations);
    }
    Ok(Ok(runtime.checker().cloned()))
}

fn drifted(frame: &Frame, what: &str) -> Divergence {
    Divergence { place: format!("block {}, phase seal, chain", frame.number), what: what.to_owned() }
}
