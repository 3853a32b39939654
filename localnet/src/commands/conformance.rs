//! `localnet conformance`: reference vectors against the rules.

use super::output::{Output, failed};
use crate::cli::Conformance;
use crate::conformance::{calls, chain, epoch};
use crate::exit::{Exit, Failure};
use std::io::Write as _;

/// Runs vector files; green only if something was found and all of it passed.
pub(crate) fn conformance(command: &Conformance) -> Result<Exit, Failure> {
    let mut output = Output::new();
    let (passed, failures) = match command {
        Conformance::Epoch { files } => {
            let tally = epoch::run(files, &mut output).map_err(failed)?;
            (tally.passed, tally.failed)
        }
        Conformance::Chain { files } => {
            let tally = chain::run(files, &mut output).map_err(failed)?;
            (tally.passed, tally.failed)
        }
        Conformance::Calls { files } => calls::run(files, &mut output).map_err(failed)?,
    };
    output.flush().map_err(failed)?;
    Ok(if passed > 0 && failures == 0 { Exit::Ok } else { Exit::CheckFailed })
}
