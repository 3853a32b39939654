//! What a developer may do to a live chain, between two blocks.

use super::Engine;
use crate::exit::Failure;
use crate::scenario::model;
use crate::scenario::resolve::{self, Finding};
use crate::scenario::selector::Selector;
use actors::Run;
use actors::gate::Input;
use actors::plan::{Change, OnCrash};
use chain::account::AccountId;
use chain::block::{BlockInput, Extrinsic, Receipt};
use chain::call::RuntimeCall;
use chain::units::{BlockNumber, NetUid};

/// Blocks that one order may seal.
const BLOCKS_MAX: u64 = 1_000_000;

/// What became of a call.
pub type Outcome = Result<(), String>;

/// What a developer lets go wrong between participants.
#[derive(Clone, Debug)]
pub enum Mishap {
    /// Messages are lost or late, as a scenario's `[[fault]]` says it.
    Fault {
        /// What goes wrong; its `during` does not count.
        fault: Box<model::Fault>,
        /// For how many blocks; for good unless said.
        blocks: Option<u64>,
    },
    /// These panic at their next reaction.
    Crash(Selector),
    /// These fall silent for good.
    Retire(Selector),
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

/// The last moment of the year 9999. **Units**: milliseconds since the Unix epoch.
const TIMESTAMP_MAX: u64 = 253_402_300_799_999;

impl Engine {
    /// Seals so many blocks at once and gives the new height. They are so many milliseconds apart, or one block time.
    ///
    /// # Errors
    /// For more than a million, times after the year 9999, or when a block cannot be played.
    pub fn mine(&mut self, blocks: u64, apart_ms: Option<u64>) -> Result<BlockNumber, DevError> {
        if blocks > BLOCKS_MAX {
            return Err(DevError::Refused(format!(
                "at most {BLOCKS_MAX} blocks at once, {blocks} were asked for"
            )));
        }
        let apart = apart_ms.unwrap_or_else(|| self.block_time_ms());
        let last = blocks.checked_mul(apart).and_then(|ms| ms.checked_add(self.run.view().timestamp_ms));
        if last.is_none_or(|last| last > TIMESTAMP_MAX) {
            return Err(DevError::Refused(format!(
                "time ends at {TIMESTAMP_MAX} here: {blocks} blocks cannot be {apart} ms apart"
            )));
        }
        for _ in 0..blocks {
            if crate::interrupt::requested() {
                break;
            }
            self.seal_after(apart)?;
        }
        Ok(self.run.block())
    }

    /// Time from block to block, as the chain counts it.
    fn block_time_ms(&self) -> u64 {
        self.run.context().plan.chain.block_time_ms
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
            if crate::interrupt::requested() {
                return Err(DevError::Failed("the node is closing".to_owned()));
            }
            self.seal_after(self.block_time_ms())?;
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
    /// When it lies before the last block, or after the year 9999.
    pub fn set_next_timestamp(&mut self, ms: u64) -> Result<(), DevError> {
        let now = self.run.view().timestamp_ms;
        if ms <= now {
            return Err(DevError::Refused(format!(
                "time never runs backwards: the last block is of {now}, {ms} was asked for"
            )));
        }
        if ms > TIMESTAMP_MAX {
            return Err(DevError::Refused(format!("time ends at {TIMESTAMP_MAX} here, {ms} was asked for")));
        }
        self.next_timestamp_ms = Some(ms);
        Ok(())
    }

    /// Sends calls as root with the next block, and seals it; gives what became of them.
    ///
    /// # Errors
    /// When the gate is full or the block cannot be played.
    pub fn as_root(&mut self, calls: Vec<RuntimeCall>) -> Result<Vec<Outcome>, DevError> {
        let inputs = calls.into_iter().map(Input::Root).collect();
        self.with_inputs(inputs, |extrinsic| matches!(extrinsic, Extrinsic::Root(_)))
    }

    /// Sends a call on behalf of an account with the next block, without its signature, nonce or fee, and seals the
    /// block; gives what became of it.
    ///
    /// # Errors
    /// When the gate is full or the block cannot be played.
    pub fn impersonate(&mut self, who: AccountId, call: RuntimeCall) -> Result<Vec<Outcome>, DevError> {
        let inputs = vec![Input::Call { who, call }];
        self.with_inputs(inputs, |extrinsic| matches!(extrinsic, Extrinsic::Unchecked { .. }))
    }

    /// Seals a block with inputs, and gives what became of the extrinsics that came of them: the last of their kind,
    /// since a scenario's own stand before them.
    fn with_inputs(
        &mut self,
        inputs: Vec<Input>,
        kind: fn(&Extrinsic) -> bool,
    ) -> Result<Vec<Outcome>, DevError> {
        let count = inputs.len();
        let sealed = self.seal_with(inputs)?;
        let view = self.run.view();
        let receipts = (0..).zip(sealed.extrinsics.iter().zip(view.receipts.iter()));
        let outcome = |index: u32, receipt: &Receipt| {
            receipt.result.clone().map_err(|failure| failure.to_string())?;
            let of_it = view.events.iter().filter(|record| record.extrinsic == Some(index));
            let inside = of_it.filter_map(|record| record.event.inner_failure()).next();
            inside.map_or(Ok(()), |error| Err(format!("a call inside it failed: {error}")))
        };
        let mut outcomes: Vec<Outcome> = receipts
            .filter(|(_, (extrinsic, _))| kind(extrinsic))
            .map(|(index, (_, receipt))| outcome(index, receipt))
            .collect();
        Ok(outcomes.split_off(outcomes.len().saturating_sub(count)))
    }

    /// Lets something go wrong between participants from the next block on, and seals that block; gives their names.
    ///
    /// # Errors
    /// For a selector that chooses nobody, a fault that makes no sense, and a crash where crashes end the chain.
    pub fn inject(&mut self, mishap: Mishap) -> Result<Vec<String>, DevError> {
        let refused = |findings: Vec<Finding>| DevError::Refused(in_words(&findings));
        let (names, inputs) = match mishap {
            Mishap::Fault { fault, blocks } => {
                let from = self.run.block().saturating_add(1);
                let last = from.saturating_add(blocks.unwrap_or(u64::MAX)).saturating_sub(1);
                let fault = resolve::fault(&model::Fault { during: [from, last], ..*fault }, &self.members)
                    .map_err(refused)?;
                (fault.rule.names(), vec![Input::Fault(fault)])
            }
            Mishap::Crash(whom) => {
                let names = resolve::participants(&whom, &self.members).map_err(refused)?;
                if self.run.context().plan.on_crash == OnCrash::Fail {
                    return Err(DevError::Refused(
                        "on_crash of the scenario is \"fail\", so a crash would end the chain; start it with --set \
                         chain.on_crash=retire or restart"
                            .to_owned(),
                    ));
                }
                let crash = |who: &String| Input::Change(Change::Crash { who: who.clone() });
                (names.clone(), names.iter().map(crash).collect())
            }
            Mishap::Retire(whom) => {
                let names = resolve::participants(&whom, &self.members).map_err(refused)?;
                let retire = |who: &String| Input::Change(Change::Retire { who: who.clone() });
                (names.clone(), names.iter().map(retire).collect())
            }
        };
        self.seal_with(inputs)?;
        Ok(names)
    }

    /// Puts inputs before the gate and seals the block that takes them in.
    fn seal_with(&mut self, inputs: Vec<Input>) -> Result<BlockInput, DevError> {
        for input in inputs {
            self.run.gate().put(input).map_err(|error| DevError::Refused(error.to_string()))?;
        }
        Ok(self.seal()?)
    }
}

fn in_words(findings: &[Finding]) -> String {
    let line = |(path, message): &Finding| match path.to_string() {
        path if path.is_empty() => message.clone(),
        path => format!("{path}: {message}"),
    };
    findings.iter().map(line).collect::<Vec<_>>().join("; ")
}
