//! `localnet conformance`: reference vectors against the rules.

use super::output::{Output, failed};
use crate::cli::Conformance;
use crate::conformance::{calls, chain, epoch};
use crate::exit::{Exit, Failure};
use std::io::Write as _;

/// Runs vector files; green only if something was found and all of it passed. A file that is missing or damaged is bad
/// usage.
pub(crate) fn conformance(command: &Conformance) -> Result<Exit, Failure> {
    let mut output = Output::new();
    let (passed, failures, unread) = match command {
        Conformance::Epoch { files } => {
            let tally = epoch::run(files, &mut output).map_err(failed)?;
            (tally.passed, tally.failed, tally.unread)
        }
        Conformance::Chain { files, all } => {
            let tally = chain::run(files, *all, &mut output).map_err(failed)?;
            (tally.passed, tally.failed, tally.unread)
        }
        Conformance::Calls { files } => {
            let tally = calls::run(files, &mut output).map_err(failed)?;
            (tally.passed, tally.failed, tally.unread)
        }
    };
    output.flush().map_err(failed)?;
    Ok(match (passed, failures, unread) {
        (_, _, 1..) => Exit::Usage,
        (1.., 0, 0) => Exit::Ok,
        _ => Exit::CheckFailed,
    })
}
