//! The chain against scenarios recorded from the real pallet, and single functions against recorded calls.
//!
//! A scenario is replayed block by block: the recorded operations go in, and after every block the whole
//! storage, the derived values and the events must be the recorded ones. A file whose lines are no scenario
//! is one of recorded function calls. Plain and gzip files are taken alike.

mod derived;
mod expected;
mod input;
mod machine;
mod scenario;

use super::functions::Function;
use input::{Lines, Problem};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Differences of one block that are printed.
const SHOWN: usize = 10;

/// How many cases passed and failed.
///
/// A case is a block of a scenario, up to and including the first that differs, or a line of recorded function
/// calls. What keeps a file from being read counts as one failed case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases that came out as recorded.
    pub passed: u64,
    /// Cases that did not.
    pub failed: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
    }
}

/// Replays every file and reports to `out`, one line or paragraph for each; the last line is
/// `N passed, M failed`.
///
/// # Errors
/// Only those of `out`: what is wrong with a file is reported and counted as failed.
pub fn run(paths: &[PathBuf], out: &mut dyn Write) -> io::Result<Tally> {
    let mut total = Tally::default();
    for path in paths {
        let mut tally = Tally::default();
        let outcome = check_file(path, &mut tally);
        let failed = outcome.is_err();
        match outcome {
            Ok(Report { noted }) => {
                writeln!(out, "{}: {} passed, {} failed", path.display(), tally.passed, tally.failed)?;
                noted.iter().try_for_each(|note| writeln!(out, "  {note}"))?;
            }
            Err(Stop { place, lines }) => {
                tally.failed = tally.failed.saturating_add(1);
                writeln!(out, "{}: {} passed, {} failed", path.display(), tally.passed, tally.failed)?;
                writeln!(out, "  {}{place}", path.display())?;
                lines.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
            }
        }
        debug_assert!(!failed || tally.failed > 0);
        total.add(tally);
    }
    writeln!(out, "{} passed, {} failed", total.passed, total.failed)?;
    Ok(total)
}

/// What a file that was read to its end leaves to say.
struct Report {
    noted: Vec<String>,
}

/// Why a file was not read to its end.
struct Stop {
    /// Where and what, to follow the file's name.
    place: String,
    /// Details.
    lines: Vec<String>,
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self { place: problem.to_string(), lines: Vec::new() }
    }
}

fn check_file(path: &Path, tally: &mut Tally) -> Result<Report, Stop> {
    let mut lines = Lines::open(path)?;
    let Some(first) = lines.next_line()? else {
        return Err(lines.problem("the file is empty").into());
    };
    if first.get("type").is_some() {
        return scenario::check(first, lines, tally);
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let function = Function::from_file_name(&name).or_else(|_| Function::of_line(&first));
    let function = function.map_err(|error| lines.problem(error))?;
    let mut noted = Vec::new();
    let mut next = Some(first);
    while let Some(line) = next {
        match function.check(&line) {
            Ok(()) => tally.passed = tally.passed.saturating_add(1),
            Err(error) => {
                tally.failed = tally.failed.saturating_add(1);
                if noted.len() < SHOWN {
                    noted.push(format!("line {}: {error}", lines.number()));
                }
            }
        }
        next = lines.next_line()?;
    }
    Ok(Report { noted })
}
