//! What each command does.

mod list;
mod run;

use crate::cli::{Cli, Command, Conformance};
use crate::exit::{Exit, Failure};
use crate::scenario::schema;
use crate::{interrupt, scenario, telemetry};
use clap::{CommandFactory as _, Parser as _};
use std::io::{self, Write as _};
use std::panic::{self, AssertUnwindSafe};

/// Runs the program and gives back its exit code. A panic inside is an exit code too.
pub fn main(cli: Cli) -> Exit {
    if let Err(message) = telemetry::start(cli.log.as_deref()) {
        telemetry::say(&format!("error: {message}"));
        return Exit::Usage;
    }
    if let Err(error) = interrupt::install() {
        tracing::warn!(%error, "Ctrl-C will end the process at once");
    }
    let result = panic::catch_unwind(AssertUnwindSafe(|| dispatch(cli)));
    match result {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => {
            telemetry::say(&format!("error: {failure}"));
            failure.exit()
        }
        Err(_) => {
            telemetry::say(
                "error: a bug in localnet: it panicked, see above; the run's ledger ends before it",
            );
            Exit::Internal
        }
    }
}

fn dispatch(cli: Cli) -> Result<Exit, Failure> {
    let command = match cli.command {
        Some(command) => command,
        // Nothing said: as if `run` had been, with what the environment sets.
        None => match Cli::parse_from(["localnet", "run"]).command {
            Some(command) => command,
            None => return Err(Failure::Internal("the default command is missing".to_owned())),
        },
    };
    match command {
        Command::List => print(&list::list()),
        Command::Show { scenario } => print(&scenario::read(&scenario)?.1),
        Command::Schema => print(&schema::schema()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "localnet", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
        Command::Run(args) => run::run(&args),
        Command::Verify(_) | Command::Replay { .. } => Err(Failure::Internal("not wired yet".to_owned())),
        Command::Conformance(Conformance::Epoch { .. } | Conformance::Chain { .. }) => {
            Err(Failure::Internal("not wired yet".to_owned()))
        }
    }
}

/// Writes a result to stdout. A reader that has gone away is no failure.
pub(crate) fn print(text: &str) -> Result<Exit, Failure> {
    print_with(text, Exit::Ok)
}

pub(crate) fn print_with(text: &str, exit: Exit) -> Result<Exit, Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Internal(format!("stdout cannot be written: {error}")))
        }
        _ => Ok(exit),
    }
}
