//! `localnet`: Bittensor in one process, as a command.

use clap::Parser as _;
use localnet::exit::Exit;
use localnet::{cli::Cli, commands, telemetry, terminal};
use std::process::ExitCode;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => commands::main(cli).into(),
        Err(error) => {
            let text = error.render().to_string();
            // Arguments are echoed: what would harm a terminal goes there escaped and without colours.
            if error.use_stderr() && terminal::message(&text) != text.trim_end() {
                telemetry::say(text.trim_end());
                return Exit::Usage.into();
            }
            error.exit()
        }
    }
}
