//! `localnet compare`: one scenario, several emission rules.

use super::output::print;
use crate::cli::CompareArgs;
use crate::compare::{compare as play, text};
use crate::exit::{Exit, Failure};
use crate::scenario;
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
    if args.json {
        let json = serde_json::to_string_pretty(&comparison)
            .map_err(|error| Failure::Internal(format!("the comparison is no JSON: {error}")))?;
        return print(&format!("{json}\n"));
    }
    print(&text(&comparison))
}
