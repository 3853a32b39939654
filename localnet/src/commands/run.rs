//! `localnet run`.

use super::output::{print, print_with};
use crate::cli::{self, RunArgs};
use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::play::{self, Ending, Played, Settings, Store};
use crate::report::{Report, junit, replay, text};
use crate::scenario::{self, Scenario};
use crate::telemetry::say;
use chain::ledger::Durability;
use quick_junit::SerializeError;
use serde_json::json;
use std::path::Path;

/// Plays a scenario and decides its expectations. With `--junit`, a run without a verdict leaves a file too.
pub(crate) fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let ended = play(args);
    let why = match &ended {
        Ok(Exit::Interrupted) => "interrupted before its last block".to_owned(),
        Ok(Exit::Determinism) => "replay diverges from the ledger".to_owned(),
        Ok(_) => return ended,
        Err(failure) => failure.to_string(),
    };
    if let Some(path) = &args.junit {
        // The first error is the one that counts.
        if let Err(failure) = write_junit(path, junit::without_verdict(&args.scenario.scenario, &why)) {
            say(&format!("error: {failure}"));
        }
    }
    ended
}

fn play(args: &RunArgs) -> Result<Exit, Failure> {
    let scenario = scenario::load(&args.scenario.request())?;
    if args.dry_run {
        return print(&checked(args, &scenario)?);
    }
    interrupt::orderly();
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

fn write_junit(path: &Path, xml: Result<String, SerializeError>) -> Result<(), Failure> {
    let xml = xml.map_err(|error| Failure::Internal(format!("JUnit: {error}")))?;
    std::fs::write(path, xml)
        .map_err(|error| Failure::Usage(format!("--junit {}: cannot be written ({error})", path.display())))
}

fn finish(args: &RunArgs, scenario: &Scenario, played: &Played) -> Result<Exit, Failure> {
    let mut report = Report::new(scenario, played);
    if args.check {
        report.replay.push_str(" --check");
    }
    if let Some(path) = &args.junit {
        write_junit(path, junit::junit(&report))?;
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

fn checked(args: &RunArgs, scenario: &Scenario) -> Result<String, Failure> {
    let plan = &scenario.plan;
    if args.json {
        let json = json!({
            "scenario": plan.name,
            "blocks": plan.blocks,
            "cast": plan.cast.len(),
            "expectations": scenario.expectations.len(),
            "invariants": scenario.invariants.len(),
            "seed": plan.seed,
            "scenario_digest": hex::encode(plan.digest),
        });
        return Ok(format!("{json:#}\n"));
    }
    Ok(format!(
        "{} can be played: {} blocks, {} in the cast, {} expectations, {} invariants\nseed {}, scenario digest {}\n",
        plan.name,
        plan.blocks,
        plan.cast.len(),
        scenario.expectations.len(),
        scenario.invariants.len(),
        plan.seed,
        hex::encode(plan.digest),
    ))
}
