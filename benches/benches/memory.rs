//! How much memory a day of a large network takes with the last states kept.
//!
//! `cargo bench -p benches --bench memory`; each window runs in a process of its own.
#![allow(clippy::print_stdout, reason = "the table is what it is for")]

use benches::networks::{Network, Play};
use std::collections::VecDeque;
use std::process::{Command, ExitCode};

/// Blocks of a day.
const DAY: u64 = 7_200;

fn main() -> ExitCode {
    if let Some(window) = std::env::var("WINDOW").ok().and_then(|window| window.parse().ok()) {
        return play(window);
    }
    println!("128 subnets x 256 neurons, {DAY} blocks");
    let Ok(this) = std::env::current_exe() else { return ExitCode::FAILURE };
    for window in [256, 4_096] {
        let done = Command::new(&this).env("WINDOW", window.to_string()).status();
        if !done.is_ok_and(|status| status.success()) {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Plays a day, keeps the last `window` states, and prints the memory at the end and the most there was.
fn play(window: usize) -> ExitCode {
    let mut play = Play::new(Network::of(128).state());
    let mut history = VecDeque::new();
    let start = resident("VmRSS");
    for _ in 0..DAY {
        play.next();
        history.push_back(play.state.clone());
        if history.len() > window {
            history.pop_front();
        }
    }
    let (Some(start), Some(end), Some(most)) = (start, resident("VmRSS"), resident("VmHWM")) else {
        println!("the memory of a process can be read on Linux only");
        return ExitCode::FAILURE;
    };
    println!("window {window}: {start} MB at the start, {end} MB at the end, {most} MB at most");
    ExitCode::SUCCESS
}

/// A line of the process's own status. **Units**: megabytes.
fn resident(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_000)
}
