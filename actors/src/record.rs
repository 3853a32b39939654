//! A block as a run gives it out.

use crate::log::BlockLog;
use crate::message::Message;
use crate::participant::Intent;
use crate::refusals::Refusal;
use chain::block::{Hash, Sealed};
use chain::invariants::Violation;
use chain::ledger::Frame;
use parity_scale_codec::Encode as _;
use std::sync::Arc;

/// A sealed block with all that a ledger keeps of it.
#[derive(Clone, Debug)]
pub struct BlockRecord {
    /// The block.
    pub sealed: Sealed,
    /// Rolling digest of the block before.
    pub parent_digest: Hash,
    /// Rolling digest of this block.
    pub digest: Hash,
    /// Encoded `BlockInput`.
    pub inputs: Vec<u8>,
    /// Encoded receipts.
    pub receipts: Vec<u8>,
    /// Encoded events.
    pub events: Vec<u8>,
    /// Encoded tape; empty when nothing came from outside.
    pub tape: Vec<u8>,
    /// What the participants did.
    pub log: BlockLog,
    /// Messages that left for outsiders in this block: questions of validators and answers of miners. Whoever replays a
    /// block lets them be, since what became of them is on the tape.
    pub outbound: Vec<Message>,
    /// What each extrinsic is for, in their order; `None` where it is not of the cast or the scenario.
    pub intents: Arc<Vec<Option<Intent>>>,
    /// Calls of the cast and the scenario that the block refused.
    pub refusals: Vec<Refusal>,
    /// Invariants that the block broke, of those that are to be reported.
    pub violations: Vec<Violation>,
}

impl BlockRecord {
    /// The block's height.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.sealed.state.block
    }

    /// The block as a ledger keeps it.
    #[must_use]
    pub fn frame(&self) -> Frame {
        Frame {
            number: self.number(),
            hash: self.sealed.hash,
            parent_digest: self.parent_digest,
            digest: self.digest,
            header: self.sealed.header.encode(),
            inputs: self.inputs.clone(),
            receipts: self.receipts.clone(),
            events: self.events.clone(),
            tape: self.tape.clone(),
            log: self.log.encode(),
        }
    }
}
