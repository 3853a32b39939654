//! The single writer of the chain: an actor of its own, so that a long epoch stalls nobody else.

use crate::driver::{DriverError, Executor};
use crate::seat::words_of;
use actix::{Actor, Context, Handler, Message};
use chain::block::{BlockInput, BlockOutcome};
use chain::state::State;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Executes a block, a panic of the chain turned into an error.
pub(crate) fn execute(
    chain: &mut dyn Executor,
    mut state: State,
    input: &BlockInput,
) -> Result<(State, BlockOutcome), DriverError> {
    match catch_unwind(AssertUnwindSafe(|| chain.execute(&mut state, input))) {
        Ok(outcome) => Ok((state, outcome)),
        Err(cause) => Err(DriverError::ChainPanic(words_of(cause.as_ref()))),
    }
}

/// The chain's host.
#[derive(Debug)]
pub struct ChainActor {
    chain: Box<dyn Executor>,
}

impl ChainActor {
    /// The host of a chain.
    #[must_use]
    pub fn new(chain: Box<dyn Executor>) -> Self {
        Self { chain }
    }
}

impl Actor for ChainActor {
    type Context = Context<Self>;
}

/// Asks for the execution of a block.
#[derive(Debug)]
pub struct SealBlock {
    /// The state to execute on.
    pub state: State,
    /// The block's input.
    pub input: BlockInput,
}

impl Message for SealBlock {
    type Result = Result<(State, BlockOutcome), DriverError>;
}

impl Handler<SealBlock> for ChainActor {
    type Result = Result<(State, BlockOutcome), DriverError>;
    fn handle(&mut self, block: SealBlock, _: &mut Context<Self>) -> Self::Result {
        execute(self.chain.as_mut(), block.state, &block.input)
    }
}
