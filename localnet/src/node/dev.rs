//! What a developer may do to a live chain, between two blocks.

use super::{Block, Engine};
use crate::exit::Failure;
use crate::play;
use actors::Run;
use actors::gate::Input;
use chain::call::RuntimeCall;
use chain::units::{BlockNumber, NetUid};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Blocks that one order may seal.
const BLOCKS_MAX: u64 = 1_000_000;

/// Named moments to go back to.
#[derive(Debug, Default)]
pub struct Snapshots(BTreeMap<String, Snapshot>);

/// A moment: the whole world, and the clock beside it.
#[derive(Debug)]
struct Snapshot {
    head: Arc<Block>,
    world: Vec<u8>,
    clock_ahead_ms: i64,
    next_timestamp_ms: Option<u64>,
    pending: Vec<Vec<u8>>,
}

/// Why an order cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum DevError {
    /// Out of range.
    #[error("{0}")]
    Refused(String),
    /// The node failed.
    #[error("{0}")]
    Failed(String),
}

impl From<Failure> for DevError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.to_string())
    }
}

impl Engine {
    /// Seals so many blocks at once and gives the new height.
    ///
    /// # Errors
    /// For more than a million, or when a block cannot be played.
    pub fn mine(&mut self, blocks: u64) -> Result<BlockNumber, DevError> {
        if blocks > BLOCKS_MAX {
            return Err(DevError::Refused(format!(
                "at most {BLOCKS_MAX} blocks at once, {blocks} were asked for"
            )));
        }
        for _ in 0..blocks {
            if crate::interrupt::requested() {
                break;
            }
            self.seal()?;
        }
        Ok(self.run.block())
    }

    /// Seals blocks until a subnet's next epoch has run, and gives the new height.
    ///
    /// # Errors
    /// When there is no such subnet, or it has no epochs.
    pub fn mine_to_epoch(&mut self, netuid: NetUid) -> Result<BlockNumber, DevError> {
        let last = |run: &Run| run.view().subnet(netuid).map(|subnet| subnet.schedule.last_epoch_block);
        let Some(before) = last(&self.run) else {
            return Err(DevError::Refused(format!("there is no subnet {netuid}")));
        };
        let tempo = self.run.view().subnet(netuid).map_or(0, |subnet| subnet.params.tempo);
        if tempo == 0 {
            return Err(DevError::Refused(format!("subnet {netuid} has tempo 0: it has no epochs")));
        }
        for _ in 0..=u64::from(tempo).saturating_mul(2) {
            self.seal()?;
            if last(&self.run) != Some(before) {
                return Ok(self.run.block());
            }
        }
        Err(DevError::Refused(format!("subnet {netuid} ran no epoch within two tempos")))
    }

    /// Puts the clock ahead, and gives by how much it is ahead of the wall clock now, milliseconds.
    pub const fn increase_time(&mut self, ms: i64) -> i64 {
        self.clock_ahead_ms = self.clock_ahead_ms.saturating_add(ms);
        self.clock_ahead_ms
    }

    /// Sets the time of the next block; the clock goes on from there.
    ///
    /// # Errors
    /// When it lies before the last block.
    pub fn set_next_timestamp(&mut self, ms: u64) -> Result<(), DevError> {
        let now = self.run.view().timestamp_ms;
        if ms <= now {
            return Err(DevError::Refused(format!(
                "time never runs backwards: the last block is of {now}, {ms} was asked for"
            )));
        }
        self.next_timestamp_ms = Some(ms);
        Ok(())
    }

    /// Sends calls as root with the next block, and seals it; gives what became of them.
    ///
    /// # Errors
    /// When the gate is full or the block cannot be played.
    pub fn as_root(&mut self, calls: Vec<RuntimeCall>) -> Result<Vec<Result<(), String>>, DevError> {
        let count = calls.len();
        for call in calls {
            self.run.gate().put(Input::Root(call)).map_err(|error| DevError::Refused(error.to_string()))?;
        }
        self.seal()?;
        let receipts = &self.run.view().receipts;
        // Root calls stand first in a block, but for the set-up of subnets that a scenario has just registered.
        Ok(receipts
            .iter()
            .take(count)
            .map(|receipt| receipt.result.clone().map_err(|failure| failure.to_string()))
            .collect())
    }

    /// Remembers this moment under a name: chain, participants, streams, letters on their way, clock and pool.
    ///
    /// # Errors
    /// When a participant's host is gone.
    pub fn snapshot(&mut self, name: String) -> Result<BlockNumber, DevError> {
        let world = self.run.checkpoint().map_err(play::failure)?;
        let head = self.shared().head();
        let block = head.number;
        let pending = self.shared().pending();
        let (clock_ahead_ms, next_timestamp_ms) = (self.clock_ahead_ms, self.next_timestamp_ms);
        self.snapshots.0.insert(name, Snapshot { head, world, clock_ahead_ms, next_timestamp_ms, pending });
        Ok(block)
    }

    /// Names and heights of the moments.
    #[must_use]
    pub fn snapshots(&self) -> Vec<(String, BlockNumber)> {
        self.snapshots.0.iter().map(|(name, snapshot)| (name.clone(), snapshot.head.number)).collect()
    }

    /// Goes back to a moment. Later ones are forgotten, since they belong to a past that did not happen.
    ///
    /// # Errors
    /// For a name that nobody gave, and on a chain whose blocks are on disk, where nothing is taken back.
    pub fn revert(&mut self, name: &str) -> Result<BlockNumber, DevError> {
        if self.ledger.is_some() {
            return Err(DevError::Refused(
                "a ledger on disk only grows; start with --store memory to go back in time".to_owned(),
            ));
        }
        let Some(snapshot) = self.snapshots.0.get(name) else {
            let known = self.snapshots.0.keys().cloned().collect::<Vec<_>>().join(", ");
            return Err(DevError::Refused(format!("no snapshot `{name}`; there are: {known}")));
        };
        let plan = self.run.stage().plan.clone();
        let run = Run::resume(plan, &snapshot.world, &super::engine::options(self.threads))
            .map_err(play::failure)?;
        let (head, pending) = (Arc::clone(&snapshot.head), snapshot.pending.clone());
        let block = head.number;
        (self.clock_ahead_ms, self.next_timestamp_ms) = (snapshot.clock_ahead_ms, snapshot.next_timestamp_ms);
        self.run = run;
        self.snapshots.0.retain(|_, other| other.head.number <= block);
        self.shared().write().rewind(&head);
        self.shared().lock_pool().clear();
        for bytes in pending {
            // What waited then can wait again; the chain is the same.
            let _ = self.shared().submit(&bytes, None);
        }
        Ok(block)
    }
}
