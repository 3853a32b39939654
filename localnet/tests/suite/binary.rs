//! The real program, and what it said.

use std::path::Path;
use std::process::{Command, Output};

/// The program, in a directory of its own and without what the environment would set.
pub(crate) fn localnet(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_localnet"));
    command.current_dir(dir).env("NO_COLOR", "1").env("CI", "1");
    for name in ["LOCALNET_SEED", "LOCALNET_LOG", "RUST_LOG"] {
        command.env_remove(name);
    }
    command
}

/// What a finished program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
        }
    }
}

/// Runs the program to its end.
#[track_caller]
pub(crate) fn say(dir: &Path, args: &[&str]) -> Said {
    localnet(dir).args(args).output().expect("the program starts").into()
}
