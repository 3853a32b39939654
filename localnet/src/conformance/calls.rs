//! Lists of calls, played from their genesis with every invariant checked after every block.

use chain::script::Script;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Plays every file and reports to `out`, a line for each. Gives how many held and how many did not.
///
/// # Errors
/// Only those of `out`: what is wrong with a file is reported and counted.
pub fn run(paths: &[PathBuf], out: &mut dyn Write) -> io::Result<(u64, u64)> {
    let (mut held, mut broken) = (0_u64, 0_u64);
    for path in paths {
        match play(path) {
            Ok(blocks) => {
                held = held.saturating_add(1);
                writeln!(out, "{}: every invariant held at each of {blocks} blocks", path.display())?;
            }
            Err(why) => {
                broken = broken.saturating_add(1);
                writeln!(out, "{}: {why}", path.display())?;
            }
        }
    }
    writeln!(out, "{held} passed, {broken} failed")?;
    Ok((held, broken))
}

fn play(path: &Path) -> Result<u64, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let script = Script::parse(&text).map_err(|error| error.to_string())?;
    script.play().map(|state| state.block).map_err(|error| error.to_string())
}
