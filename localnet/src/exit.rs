//! Exit codes, and how a failure says what it is.

use crate::scenario::ScenarioError;
use std::io;
use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All went well: 0.
    Ok,
    /// An expectation or an invariant failed, or a reference case did not match: 1.
    CheckFailed,
    /// Bad usage, a bad file, a ledger of another run, a full disk: 2.
    Usage,
    /// Something that should not happen, a panic included: 3.
    Internal,
    /// Two runs of one thing differ: 4.
    Determinism,
    /// Ctrl-C: 130.
    Interrupted,
}

impl Exit {
    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::CheckFailed => 1,
            Self::Usage => 2,
            Self::Internal => 3,
            Self::Determinism => 4,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The scenario cannot be played.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// Something else that the user can put right.
    #[error("{0}")]
    Usage(String),
    /// An invariant of the chain does not hold.
    #[error("{0}")]
    Broken(String),
    /// Ctrl-C, before there was anything to end in good order.
    #[error("{0}")]
    Interrupted(String),
    /// The disk is full, or a limit of the system is reached: what the user can put right outside the program.
    #[error("{0}")]
    NoRoom(String),
    /// Something that should not happen.
    #[error("{0}")]
    Internal(String),
}

impl Failure {
    /// A failure to write: a full disk is told from what should not happen.
    pub(crate) fn of_write(error: &io::Error, text: String) -> Self {
        use io::ErrorKind as K;
        match error.kind() {
            K::StorageFull | K::QuotaExceeded | K::FileTooLarge => Self::NoRoom(text),
            _ => Self::Internal(text),
        }
    }

    /// The exit code that goes with it.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Scenario(_) | Self::Usage(_) | Self::NoRoom(_) => Exit::Usage,
            Self::Broken(_) => Exit::CheckFailed,
            Self::Interrupted(_) => Exit::Interrupted,
            Self::Internal(_) => Exit::Internal,
        }
    }
}
