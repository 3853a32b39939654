//! Runs vector files of the consensus: JSON lines, plain or gzip, holding cases, sequences and functions alike.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use chain::kernel::conformance::{Checker, Fault};
use flate2::bufread::MultiGzDecoder;

/// The first two bytes of every gzip file.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// How many lines passed and failed.
///
/// A file that cannot be read to its end, or that holds no line at all, counts as one failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines whose every field was as expected.
    pub passed: u64,
    /// Lines and files that failed.
    pub failed: u64,
    /// Files that are missing, hold no line, or have a line that cannot be read.
    pub unread: u64,
}

impl Tally {
    /// Whether something was found and all of it passed.
    #[must_use]
    pub const fn is_green(&self) -> bool {
        self.passed > 0 && self.failed == 0
    }
}

/// Checks every line of every file against the fast kernel and the plain one.
///
/// What fails is written to `out` with file, line, name and the first field that differs; the last line written is
/// always `N passed, M failed`.
///
/// # Errors
/// Only when `out` cannot be written. Files that are missing, damaged or empty are failures in the tally.
pub fn run(paths: &[PathBuf], out: &mut dyn Write) -> io::Result<Tally> {
    let mut tally = Tally::default();
    let mut checker = Checker::default();
    for path in paths {
        run_file(path, &mut checker, &mut tally, out)?;
    }
    if paths.is_empty() {
        tally.failed += 1;
        tally.unread += 1;
        writeln!(out, "no files given")?;
    }
    writeln!(out, "{} passed, {} failed", tally.passed, tally.failed)?;
    Ok(tally)
}

/// Checks the lines of a file; a file of which a line cannot be read counts as unread.
fn run_file(path: &Path, checker: &mut Checker, tally: &mut Tally, out: &mut dyn Write) -> io::Result<()> {
    let name = path.display();
    let mut reader = match open(path) {
        Ok(reader) => reader,
        Err(error) => {
            tally.failed += 1;
            tally.unread += 1;
            return writeln!(out, "{name}: cannot be opened: {error}");
        }
    };
    let mut buffer = Vec::new();
    let (mut number, mut found, mut spoilt) = (0u64, false, false);
    loop {
        buffer.clear();
        number += 1;
        match reader.read_until(b'\n', &mut buffer) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                tally.failed += 1;
                tally.unread += 1;
                return writeln!(
                    out,
                    "{name}:{number}: cannot be read further, the file is damaged or cut: {error}"
                );
            }
        }
        if buffer.trim_ascii().is_empty() {
            continue;
        }
        found = true;
        let checked = match std::str::from_utf8(&buffer) {
            Ok(line) => checker.check_line(line).map_err(|failure| {
                spoilt |= !matches!(failure.fault, Fault::Differs { .. });
                failure.to_string()
            }),
            Err(error) => {
                spoilt = true;
                Err(format!("not UTF-8: {error}"))
            }
        };
        match checked {
            Ok(()) => tally.passed += 1,
            Err(failure) => {
                tally.failed += 1;
                writeln!(out, "{name}:{number}: {failure}")?;
            }
        }
    }
    if !found {
        tally.failed += 1;
        spoilt = true;
        writeln!(out, "{name}: holds no case")?;
    }
    tally.unread += u64::from(spoilt);
    Ok(())
}

/// Opens a file and unpacks it when its first bytes say that it is packed.
fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::new(File::open(path)?);
    let packed = file.fill_buf()?.starts_with(&GZIP_MAGIC);
    let unpacked: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(Box::new(BufReader::new(unpacked)))
}
