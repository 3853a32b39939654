//! What passes between a live chain and outsiders. It comes as orders, so that it enters between two blocks; the gate and
//! the tape do the rest.

use super::Engine;
use crate::gateway::Port;
use actors::gate::{Input, Reply};
use chain::block::Hash;
use chain::units::BlockNumber;

impl Engine {
    /// From the next block on the cast meets outsiders through a door, or no longer.
    pub fn meet_outsiders(&mut self, port: Option<Port>) {
        self.outside = port;
    }

    /// Lets a question of an outsider into the next block. Somebody waits for the answer, so that at the pace of arrivals
    /// a block is sealed for it.
    pub fn outsider_asks(&mut self, query: Input) {
        self.let_in(query);
        self.asked = true;
    }

    /// Lets what an outsider replied into the next block, unless the block in which it was asked has been taken back.
    /// Nobody waits: no block is sealed for it alone, or chains that follow arrivals would never rest.
    pub fn outsider_replied(&mut self, reply: Reply, (number, hash): (BlockNumber, Hash)) {
        if self.shared.hash_at(number) == Some(hash) {
            self.let_in(Input::Reply(reply));
        }
    }

    fn let_in(&self, input: Input) {
        if let Err(full) = self.run.gate().put(input) {
            tracing::warn!(%full, "something from outside is lost");
        }
    }

    /// Tells the run where outsiders are met, when it does not know yet; a revert or a restart may have made it forget.
    pub(super) fn show_the_door(&self) {
        let door = self.outside.as_ref().map(Port::endpoint);
        if self.run.gateway() != door {
            self.let_in(Input::Gateway(door));
        }
    }
}
