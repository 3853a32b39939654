//! `localnet run`.

use super::print;
use crate::cli::RunArgs;
use crate::exit::{Exit, Failure};
use crate::scenario::{self, Scenario};

/// Plays a scenario and decides its expectations.
pub(crate) fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let scenario = scenario::load(&args.scenario.request())?;
    if args.check {
        return print(&checked(&scenario));
    }
    Err(Failure::Internal("not wired yet".to_owned()))
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
