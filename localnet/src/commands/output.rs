//! stdout: the result and nothing else.

use crate::exit::{Exit, Failure};
use crate::terminal;
use std::io::{self, IsTerminal as _, StdoutLock, Write};

/// stdout, to which a reader that has gone away is no failure: what is written then goes nowhere.
#[derive(Debug)]
pub(crate) struct Output {
    stdout: StdoutLock<'static>,
    gone: bool,
}

impl Output {
    /// The process's stdout.
    pub(crate) fn new() -> Self {
        Self { stdout: io::stdout().lock(), gone: false }
    }
    fn unless_gone(
        &mut self,
        work: impl FnOnce(&mut StdoutLock<'static>) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        match work(&mut self.stdout) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(())
            }
            result => result,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_gone(|stdout| stdout.write_all(bytes)).map(|()| bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.unless_gone(Write::flush)
    }
}

/// What it means that stdout cannot be written.
pub(crate) fn failed(error: io::Error) -> Failure {
    Failure::of_write(&error, format!("stdout cannot be written: {error}"))
}

/// Writes a result that is good.
pub(crate) fn print(text: &str) -> Result<Exit, Failure> {
    print_with(text, Exit::Ok)
}

/// Writes a result and gives back how the program ends. A terminal gets it without control characters.
pub(crate) fn print_with(text: &str, exit: Exit) -> Result<Exit, Failure> {
    let mut output = Output::new();
    let text = if io::stdout().is_terminal() { &terminal::escape(text) } else { text };
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).map_err(failed)?;
    Ok(exit)
}
