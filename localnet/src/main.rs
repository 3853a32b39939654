//! `localnet`: Bittensor in one process.

use clap::Parser as _;
use localnet::{cli::Cli, commands};
use std::process::ExitCode;

fn main() -> ExitCode {
    commands::main(Cli::parse()).into()
}
