//! Lists of calls, played from their genesis with every invariant checked after every block.

use chain::script::Script;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How many files passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files in which every invariant held at every block.
    pub passed: u64,
    /// Files that failed, those that cannot be read included.
    pub failed: u64,
    /// Files that cannot be read.
    pub unread: u64,
}

/// Plays every file and reports to `out`, a line for each.
///
/// # Errors
/// Only those of `out`: what is wrong with a file is reported and counted.
pub fn run(paths: &[PathBuf], out: &mut dyn Write) -> io::Result<Tally> {
    let mut tally = Tally::default();
    for path in paths {
        let script = match read(path) {
            Ok(script) => script,
            Err(why) => {
                tally.failed = tally.failed.saturating_add(1);
                tally.unread = tally.unread.saturating_add(1);
                writeln!(out, "{}: {why}", path.display())?;
                continue;
            }
        };
        match script.play() {
            Ok(state) => {
                tally.passed = tally.passed.saturating_add(1);
                writeln!(out, "{}: every invariant held at each of {} blocks", path.display(), state.block)?;
            }
            Err(why) => {
                tally.failed = tally.failed.saturating_add(1);
                writeln!(out, "{}: {why}", path.display())?;
            }
        }
    }
    writeln!(out, "{} passed, {} failed", tally.passed, tally.failed)?;
    Ok(tally)
}

fn read(path: &Path) -> Result<Script, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    Script::parse(&text).map_err(|error| error.to_string())
}
