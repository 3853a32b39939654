//! `localnet run`.

use super::output::{print, print_with};
use crate::cli::{self, RunArgs};
use crate::exit::{Exit, Failure};
use crate::play::{self, Ending, Played, Settings, Store};
use crate::report::{Report, junit, replay, text};
use crate::scenario::{self, Scenario};
use crate::telemetry::say;
use chain::ledger::Durability;
use std::path::Path;

/// Plays a scenario and decides its expectations.
pub(crate) fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let scenario = scenario::load(&args.scenario.request())?;
    if args.dry_run {
        return print(&checked(&scenario));
    }
    match play::play(&scenario, &settings(args))? {
        Ending::Finished(played) => finish(args, &scenario, &played),
        Ending::Interrupted { block, ledger } => {
            match ledger {
                Some(ledger) => say(&format!(
                    "interrupted after block {block}; the ledger is closed. Continue with: {} --store {}",
                    replay::command(&scenario),
                    ledger.display()
                )),
                None => say(&format!("interrupted after block {block}; no ledger was kept")),
            }
            Ok(Exit::Interrupted)
        }
        Ending::Drifted(drift) => {
            say(&format!("error: the ledger is not what this program makes of it: {drift}"));
            Ok(Exit::Determinism)
        }
    }
}

fn settings(args: &RunArgs) -> Settings {
    let store = match &args.store {
        None => Store::Fresh,
        Some(path) if path == Path::new("memory") => Store::Memory,
        Some(path) => Store::At(path.clone()),
    };
    let durability = match args.durability {
        cli::Durability::Buffered => Durability::Buffered,
        cli::Durability::Durable => Durability::Durable,
    };
    Settings { store, durability, threads: args.threads, check: args.check }
}

fn finish(args: &RunArgs, scenario: &Scenario, played: &Played) -> Result<Exit, Failure> {
    let report = Report::new(scenario, played);
    if let Some(path) = &args.junit {
        let xml = junit::junit(&report).map_err(|error| Failure::Internal(format!("JUnit: {error}")))?;
        std::fs::write(path, xml).map_err(|error| {
            Failure::Usage(format!("--junit {}: cannot be written ({error})", path.display()))
        })?;
    }
    for refused in report.refused.iter().filter(|refused| refused.fails) {
        say(&refused.message());
    }
    let exit = if report.passed { Exit::Ok } else { Exit::CheckFailed };
    if args.json {
        let json = serde_json::to_string_pretty(&report)
            .map_err(|error| Failure::Internal(format!("the report is no JSON: {error}")))?;
        return print_with(&format!("{json}\n"), exit);
    }
    print_with(&text::text(&report), exit)
}

fn checked(scenario: &Scenario) -> String {
    let plan = &scenario.plan;
    format!(
        "{} can be played: {} blocks, {} in the cast, {} expectations, {} invariants\nseed {}, scenario digest {}\n",
        plan.name,
        plan.blocks,
        plan.cast.len(),
        scenario.expectations.len(),
        scenario.invariants.len(),
        plan.seed,
        hex::encode(plan.digest),
    )
}
