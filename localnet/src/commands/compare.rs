//! `localnet compare`: one scenario, several emission rules.

use super::output::print_with;
use crate::cli::CompareArgs;
use crate::compare::{compare as play, text};
use crate::exit::{Exit, Failure};
use crate::scenario;
use crate::telemetry::say;
use chain::economics::EmissionRule;

/// Plays a scenario under each rule and prints the table.
pub(crate) fn compare(args: &CompareArgs) -> Result<Exit, Failure> {
    let scenario = scenario::load(&args.scenario.request())?;
    let rules = if args.rules.is_empty() { EmissionRule::ALL.to_vec() } else { args.rules.clone() };
    let twice =
        rules.iter().enumerate().find(|(at, rule)| rules.iter().take(*at).any(|other| other == *rule));
    if let Some((_, rule)) = twice {
        return Err(Failure::Usage(format!("--rule {}: named twice", rule.name())));
    }
    let Some(comparison) = play(&scenario, &rules)? else { return Ok(Exit::Interrupted) };
    let refused = || comparison.rules.iter().flat_map(|outcome| &outcome.refused).filter(|one| one.fails);
    for one in refused() {
        say(&one.message());
    }
    let exit = if refused().next().is_some() { Exit::CheckFailed } else { Exit::Ok };
    if args.json {
        let json = serde_json::to_string_pretty(&comparison)
            .map_err(|error| Failure::Internal(format!("the comparison is no JSON: {error}")))?;
        return print_with(&format!("{json}\n"), exit);
    }
    print_with(&text(&comparison), exit)
}
