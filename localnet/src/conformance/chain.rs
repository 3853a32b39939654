//! The chain against scenarios recorded from the real one, and single functions against recorded calls.
//!
//! A scenario is replayed block by block: the recorded operations go in, and after every block the whole storage, the
//! derived values, the events and, where they are recorded, weights, fees and validity must be the recorded ones. Every
//! difference is reported, and the state is set to what was recorded before the next block. A file whose lines are no
//! scenario is one of recorded function calls. Plain and gzip files are taken alike; `NAME.more.jsonl.gz` beside a
//! scenario is read with it.

mod derived;
mod difference;
mod events;
mod expected;
mod extrinsic;
mod input;
mod machine;
mod more;
mod scenario;
mod weights;

use super::functions::Function;
use difference::{Difference, Kind, Report};
use input::{Lines, Problem};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How many lines passed and failed.
///
/// A line is a block, an extrinsic or a row of recorded function calls. What keeps a file from being read to its end
/// counts as one failed line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines that came out as recorded.
    pub passed: u64,
    /// Lines that did not.
    pub failed: u64,
    /// Files that could not be read to their end.
    pub unread: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
        self.unread = self.unread.saturating_add(other.unread);
    }
}

/// Replays every file and reports its differences to `out`, with `all` every one of them in full; the last line is
/// `N passed, M failed`.
///
/// # Errors
/// Only those of `out`: what is wrong with a file is reported and counted.
pub fn run(paths: &[PathBuf], all: bool, out: &mut dyn Write) -> io::Result<Tally> {
    let mut total = Tally::default();
    for path in paths {
        let mut sink =
            Sink { tally: Tally::default(), report: Report::new(out, all), file: path.display().to_string() };
        match check_file(path, paths, &mut sink) {
            Ok(()) => {}
            Err(Stop::Output(error)) => return Err(error),
            Err(Stop::Unread(place)) => {
                sink.tally.failed = sink.tally.failed.saturating_add(1);
                sink.tally.unread = 1;
                sink.note(&format!("{}{place}", path.display()))?;
            }
        }
        sink.report.close()?;
        let tally = sink.tally;
        writeln!(out, "{}: {} passed, {} failed", path.display(), tally.passed, tally.failed)?;
        total.add(tally);
    }
    if total.unread > 0 {
        writeln!(out, "{} of {} files could not be read to their end", total.unread, paths.len())?;
    }
    writeln!(out, "{} passed, {} failed", total.passed, total.failed)?;
    Ok(total)
}

/// Where the lines of a file are counted and reported.
struct Sink<'a> {
    tally: Tally,
    report: Report<'a>,
    file: String,
}

impl Sink<'_> {
    /// Counts a line, and reports its differences; `place` follows the file's name.
    fn line(&mut self, place: &str, differences: &[Difference]) -> io::Result<()> {
        if differences.is_empty() {
            self.tally.passed = self.tally.passed.saturating_add(1);
            return Ok(());
        }
        self.tally.failed = self.tally.failed.saturating_add(1);
        self.report.add(&format!("{}{place}", self.file), differences)
    }
    /// Reports something that is not a difference.
    fn note(&mut self, line: &str) -> io::Result<()> {
        self.report.note(line)
    }
}

/// Why a file was not read to its end.
enum Stop {
    /// The file is missing or spoilt: where and what, to follow the file's name.
    Unread(String),
    /// The report cannot be written.
    Output(io::Error),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Unread(problem.to_string())
    }
}
impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn check_file(path: &Path, paths: &[PathBuf], sink: &mut Sink<'_>) -> Result<(), Stop> {
    if let Some(scenario) = more::scenario_of(path) {
        if paths.contains(&scenario) {
            return Ok(sink.note(&format!("read with {}", scenario.display()))?);
        }
        let what = format!("it is read with {}, which is not among the files", scenario.display());
        return Err(Problem::of_file(what).into());
    }
    let mut lines = Lines::open(path)?;
    let Some(first) = lines.next_line()? else {
        return Err(lines.problem("the file is empty").into());
    };
    if first.get("type").is_some() {
        return scenario::check(first, lines, more::beside(path)?, sink);
    }
    if weights::is_row(&first) {
        return weights::check(first, lines, sink);
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let function = Function::from_file_name(&name).or_else(|_| Function::of_line(&first));
    let function = function.map_err(|error| lines.problem(error))?;
    let mut next = Some(first);
    while let Some(line) = next {
        let differences = match function.check(&line) {
            Ok(()) => Vec::new(),
            Err(error) => vec![Difference::new(Kind::Function, function.name(), "the recorded row", error)],
        };
        sink.line(&lines.problem("").to_string(), &differences)?;
        next = lines.next_line()?;
    }
    Ok(())
}
