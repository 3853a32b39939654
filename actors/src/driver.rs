//! What the conductor asks of a driver: to play turns, and to execute a block.

use crate::plan::ActorId;
use crate::seat::{Activation, Reaction, Seat};
use chain::block::{BlockInput, BlockOutcome};
use chain::state::State;
use std::fmt;

/// The chain as a driver sees it: one function from a state and an input to the next state.
pub trait Executor: fmt::Debug + Send {
    /// Executes a block.
    fn execute(&mut self, state: &mut State, input: &BlockInput) -> BlockOutcome;
}

/// A driver lost a part of itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DriverError {
    /// A participant's host does not answer.
    #[error("the host of participant #{0} is gone")]
    Host(u32),
    /// The chain's host does not answer.
    #[error("the host of the chain is gone")]
    Chain,
    /// The chain itself panicked.
    #[error("the chain panicked: {0}")]
    ChainPanic(String),
    /// A thread could not be started.
    #[error("cannot start a thread for participants: {0}")]
    Start(String),
}

/// Plays turns and executes blocks. Every driver gives the same results; they differ in threads only.
pub trait Driver: fmt::Debug {
    /// Plays one turn of each, and gives the reactions in the same order.
    ///
    /// # Errors
    /// When a host is gone. A participant that panics is a reaction and not an error.
    fn play(&mut self, turns: Vec<Activation>) -> Result<Vec<Reaction>, DriverError>;

    /// Makes a participant anew as at genesis.
    ///
    /// # Errors
    /// When its host is gone.
    fn restart(&mut self, actor: ActorId) -> Result<(), DriverError>;

    /// Copies of all participants as they are now, in [`ActorId`] order.
    ///
    /// # Errors
    /// When a host is gone.
    fn seats(&mut self) -> Result<Vec<Seat>, DriverError>;

    /// Executes a block on a state.
    ///
    /// # Errors
    /// When the chain panics or its host is gone.
    fn seal(&mut self, state: State, input: &BlockInput) -> Result<(State, BlockOutcome), DriverError>;
}
