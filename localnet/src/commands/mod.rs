//! What each command does.

mod compare;
mod conformance;
mod doctor;
mod epoch;
mod import;
mod list;
mod metagraph;
pub(crate) mod output;
mod replay;
mod run;
mod set_aside;
mod up;
mod verify;

use crate::cli::{Cli, Command};
use crate::exit::{Exit, Failure};
use crate::scenario::schema;
use crate::{interrupt, scenario, telemetry};
use clap::{CommandFactory as _, Parser as _};
use output::print;
use std::panic::{self, AssertUnwindSafe};

/// Runs the program and gives back its exit code. A panic inside is an exit code too.
pub fn main(cli: Cli) -> Exit {
    if let Err(message) = telemetry::start(cli.log.as_deref()) {
        telemetry::say(&format!("error: {message}"));
        return Exit::Usage;
    }
    interrupt::hold_file_size_signal();
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
    // Without a command it is `run`.
    let cli = if cli.command.is_none() { Cli::parse_from(["localnet", "run"]) } else { cli };
    let cli = cli.with_environment().map_err(Failure::Usage)?;
    let Some(command) = cli.command else {
        return Err(Failure::Internal("the default command is missing".to_owned()));
    };
    match command {
        Command::Metagraph(args) => metagraph::metagraph(&args),
        Command::Epoch(args) => epoch::epoch(&args),
        Command::List => print(&list::list()),
        Command::Show { scenario } => print(&scenario::read(&scenario)?.1),
        Command::Schema => print(&schema::schema()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "localnet", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
        Command::Run(args) => run::run(&args),
        Command::Up(args) => up::up(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Import(args) => import::import(&args),
        Command::Verify(args) => verify::verify(&args),
        Command::Replay { ledger } => replay::replay(&ledger),
        Command::Doctor(args) => doctor::doctor(&args),
        Command::Conformance(command) => conformance::conformance(&command),
    }
}
