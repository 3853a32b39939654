//! The log, on stderr, and the only place of a run that looks at a clock.
//!
//! Spans carry `block`, `phase` and `actor`, so `--log actors=debug` shows who did what and when. What is
//! logged never reaches stdout.
#![expect(clippy::disallowed_types, reason = "how fast a run is goes to the log, and nowhere else")]

use crate::terminal;
use indicatif::ProgressBar;
use std::io::{self, IsTerminal as _, Write};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// What is logged when nobody asks: what a run does, and what is wrong.
const DEFAULT: &str = "warn,localnet=info,sled=off";

static BAR: OnceLock<Mutex<Option<ProgressBar>>> = OnceLock::new();

/// Starts the log. The filter is that of the command line, else of `LOCALNET_LOG`, else of `RUST_LOG`.
///
/// # Errors
/// A filter that cannot be read.
pub fn start(filter: Option<&str>) -> Result<(), String> {
    let from_env =
        |name| std::env::var(name).ok().filter(|value| !value.is_empty()).map(|value| (name, value));
    let asked = filter.map(|filter| ("--log", filter.to_owned()));
    let asked = asked.or_else(|| from_env("LOCALNET_LOG")).or_else(|| from_env("RUST_LOG"));
    let (origin, filter) = asked.unwrap_or(("default", DEFAULT.to_owned()));
    let refuse = |why: String| {
        format!(
            "{origin}: `{filter}` is not a log filter ({why}); allowed: off, error, warn, info, debug, trace, or target=level, separated by commas"
        )
    };
    // The library takes any word for a target, so a misspelt level would switch the log off.
    let is_level = |word: &str| word.parse::<tracing::level_filters::LevelFilter>().is_ok();
    let mut words = filter.split(',').map(str::trim).filter(|word| !word.is_empty());
    if let Some(word) = words.find(|word| !word.contains(['=', '[']) && !is_level(word)) {
        return Err(refuse(format!("`{word}` is not a level")));
    }
    let filter = EnvFilter::try_new(&filter).map_err(|error| refuse(error.to_string()))?;
    let color =
        io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // A stderr that cannot be written must not end the run: its result goes to stdout.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(Stderr)
        .with_ansi(color)
        .log_internal_errors(false);
    // A second start in one process (tests) keeps the first.
    let _ = log.try_init();
    Ok(())
}

/// Lets log lines appear above a progress bar instead of through it.
pub fn write_above(bar: ProgressBar) {
    let slot = BAR.get_or_init(Mutex::default);
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar);
}

/// Writes a message to stderr, above the progress bar if there is one, with what comes from outside made harmless. Failing
/// to is no failure of the run.
pub fn say(message: &str) {
    let message = terminal::message(message);
    let _ = Stderr.make_writer().write_all(format!("{message}\n").as_bytes());
}

#[derive(Clone, Copy, Debug)]
struct Stderr;

impl MakeWriter<'_> for Stderr {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        *self
    }
}
impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bar = BAR.get().and_then(|slot| slot.lock().unwrap_or_else(PoisonError::into_inner).clone());
        match bar {
            Some(bar) => bar.suspend(|| io::stderr().write_all(bytes))?,
            None => io::stderr().write_all(bytes)?,
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self(Instant::now())
    }
    /// Logs how fast blocks came.
    pub fn log_blocks(&self, blocks: u64) {
        let seconds = self.0.elapsed().as_secs_f64();
        let rate = if seconds > 0.0 { blocks as f64 / seconds } else { 0.0 };
        tracing::info!(blocks, seconds = format!("{seconds:.3}"), blocks_per_second = rate.round(), "played");
    }
}
