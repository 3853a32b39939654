//! How far a run is: a bar on a terminal, log lines elsewhere.

use crate::telemetry;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal as _;

/// Lines of log that a whole run writes where there is no terminal.
const LINES: u64 = 10;

/// Shows how far a run is, on stderr.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    blocks: u64,
}

impl Progress {
    /// For a run of so many blocks, of which some are there already.
    pub fn start(name: &str, done: u64, blocks: u64) -> Self {
        let quiet = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
        let bar = (std::io::stderr().is_terminal() && !quiet).then(|| bar(name, done, blocks));
        if let Some(bar) = &bar {
            telemetry::write_above(bar.clone());
        }
        Self { bar, blocks }
    }
    /// A block was sealed.
    pub fn block(&self, number: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(number);
        } else if number.checked_rem((self.blocks / LINES).max(1)) == Some(0) {
            tracing::info!(block = number, of = self.blocks, "sealed");
        }
    }
    /// The run has ended.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(name: &str, done: u64, blocks: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(blocks), ProgressDrawTarget::stderr_with_hz(10));
    let style = ProgressStyle::with_template("{msg} {wide_bar} block {pos} of {len}, {per_sec}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(name.to_owned());
    bar.set_position(done);
    bar
}
