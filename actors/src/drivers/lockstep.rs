//! The plain loop: the oracle that every other driver has to equal, and the fastest with light participants.

use crate::chain_actor::execute;
use crate::context::RunContext;
use crate::driver::{Driver, DriverError, Executor};
use crate::plan::ActorId;
use crate::seat::{Activation, Reaction, Seat};
use chain::block::{BlockInput, BlockOutcome};
use chain::state::State;
use std::sync::Arc;

/// Everything on the caller's thread, one after another.
#[derive(Debug)]
pub struct Lockstep {
    context: Arc<RunContext>,
    seats: Vec<Seat>,
    chain: Box<dyn Executor>,
}

impl Lockstep {
    /// A driver of these participants, which stand in [`ActorId`] order.
    #[must_use]
    pub fn new(context: Arc<RunContext>, seats: Vec<Seat>, chain: Box<dyn Executor>) -> Self {
        Self { context, seats, chain }
    }

    fn seat(&mut self, actor: ActorId) -> Result<&mut Seat, DriverError> {
        self.seats.get_mut(actor.index()).ok_or(DriverError::Host(actor.0))
    }
}

impl Driver for Lockstep {
    fn play(&mut self, turns: Vec<Activation>) -> Result<Vec<Reaction>, DriverError> {
        let context = Arc::clone(&self.context);
        turns.iter().map(|turn| Ok(self.seat(turn.actor)?.play(&context, turn))).collect()
    }

    fn restart(&mut self, actor: ActorId) -> Result<(), DriverError> {
        let context = Arc::clone(&self.context);
        self.seat(actor)?.restart(&context);
        Ok(())
    }

    fn seats(&mut self) -> Result<Vec<Seat>, DriverError> {
        Ok(self.seats.clone())
    }

    fn seal(&mut self, state: State, input: &BlockInput) -> Result<(State, BlockOutcome), DriverError> {
        execute(self.chain.as_mut(), state, input)
    }
}
