//! `localnet verify`: one scenario, several drivers, equal logs.

use super::output::print_with;
use crate::cli::ScenarioArgs;
use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::play::drift::Divergence;
use crate::play::{begin, failure};
use crate::progress::Progress;
use crate::scenario::{self, Scenario};
use actors::log::{BlockLog, compare_block};
use chain::block::Hash;
use std::fmt::Write as _;

/// Threads of the runs that are compared with the plain loop.
const THREADS: [u16; 3] = [1, 2, 4];

/// Plays a scenario in a plain loop and with actors on 1, 2 and 4 threads, and compares block by block.
pub(crate) fn verify(args: &ScenarioArgs) -> Result<Exit, Failure> {
    let scenario = scenario::load(&args.request())?;
    interrupt::orderly();
    let Some(oracle) = oracle(&scenario)? else { return Ok(Exit::Interrupted) };
    let plan = &scenario.plan;
    let mut text = format!("{}, seed {}, {} blocks\n", plan.name, plan.seed, plan.blocks);
    let _ = writeln!(text, "plain loop          head digest {}", hex::encode(oracle.head));
    for threads in THREADS {
        let name = if threads == 1 { "1 thread" } else { &format!("{threads} threads") };
        match against(&scenario, &oracle, threads)? {
            Outcome::Equal => {
                let _ = writeln!(text, "actors, {name:<10}  equal in every block, phase and participant");
            }
            Outcome::Divergence(drift) => {
                let _ = writeln!(text, "actors, {name:<10}  {drift}");
                return print_with(&text, Exit::Determinism);
            }
            Outcome::Interrupted => return Ok(Exit::Interrupted),
        }
    }
    print_with(&text, Exit::Ok)
}

struct Oracle {
    logs: Vec<(Hash, BlockLog)>,
    head: Hash,
}

enum Outcome {
    Equal,
    Divergence(Divergence),
    Interrupted,
}

fn oracle(scenario: &Scenario) -> Result<Option<Oracle>, Failure> {
    let mut run = begin(&scenario.plan, 0)?;
    let progress = Progress::start(&scenario.plan.name, 0, scenario.plan.blocks);
    let mut logs = Vec::new();
    while run.block() < scenario.plan.blocks {
        if interrupt::requested() {
            return Ok(None);
        }
        let record = run.next_block().map_err(failure)?;
        progress.block(record.number());
        logs.push((record.digest, record.log));
    }
    progress.finish();
    Ok(Some(Oracle { logs, head: *run.digest() }))
}

fn against(scenario: &Scenario, oracle: &Oracle, threads: u16) -> Result<Outcome, Failure> {
    let mut run = begin(&scenario.plan, threads)?;
    let progress = Progress::start(&scenario.plan.name, 0, scenario.plan.blocks);
    for (digest, log) in &oracle.logs {
        if interrupt::requested() {
            return Ok(Outcome::Interrupted);
        }
        let record = run.next_block().map_err(failure)?;
        progress.block(record.number());
        if let Some(difference) = compare_block(log, &record.log) {
            let sides = ("the plain loop", "the actors' run");
            return Ok(Outcome::Divergence(Divergence::of_logs(&difference, &scenario.plan, sides)));
        }
        if *digest != record.digest {
            let place = format!("block {}, phase seal, chain", record.number());
            let what = format!("digest {} against {}", hex::encode(digest), hex::encode(record.digest));
            return Ok(Outcome::Divergence(Divergence { place, what }));
        }
    }
    progress.finish();
    Ok(Outcome::Equal)
}
