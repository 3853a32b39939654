//! A block, from its opening to its seal.
//!
//! [`Runtime::execute_block`] is `begin_block`, then `apply_extrinsic` for each, then `end_block`. The phases are
//! public since a conformance run writes raw storage between the calls of one block.

use super::dispatch::{self, Origin};
use super::{Buffers, Env, Exec, block_step, calls, fees, validity};
use crate::block::{BlockInput, BlockOutcome, Extrinsic, Failure, Hash, Receipt, SignedExtrinsic};
use crate::economics;
use crate::error::DispatchOutcome;
use crate::event::{EventRecord, SystemEvent};
use crate::state::State;
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};

/// What is a matter of choice in the rules. Plain data: it is part of genesis.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Rules {
    /// What a signed extrinsic pays.
    pub fees: fees::FeePolicy,
    /// Whether signatures are checked. A run in which every extrinsic is made inside the process may do without.
    pub check_signatures: bool,
    /// Whether `faucet` pays for work; the real chain has it on development networks only.
    pub pow_faucet: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { fees: fees::FeePolicy::default(), check_signatures: true, pow_faucet: false }
    }
}

/// Executes blocks. It holds no state of the chain, only rules and memory that is used again.
#[derive(Debug, Default)]
pub struct Runtime {
    /// The rules.
    pub rules: Rules,
    /// The genesis that signatures must name.
    pub genesis: Hash,
    buffers: Buffers,
}

/// A block that was opened and not yet sealed.
#[derive(Debug)]
pub struct OpenBlock {
    env: Env,
    events: Vec<EventRecord>,
    receipts: Vec<Receipt>,
}

impl OpenBlock {
    /// The block's own facts.
    pub fn env(&self) -> &Env {
        &self.env
    }
    /// Events so far, in emission order.
    pub fn events(&self) -> &[EventRecord] {
        &self.events
    }
    /// Receipts so far, in the order of the extrinsics.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }
}

impl From<&BlockInput> for Env {
    fn from(input: &BlockInput) -> Self {
        Self {
            number: input.number,
            timestamp_ms: input.timestamp_ms,
            entropy: input.entropy,
            author: input.author,
        }
    }
}

impl Runtime {
    /// A runtime for the chain of this genesis.
    pub fn new(rules: Rules, genesis: Hash) -> Self {
        Self { rules, genesis, buffers: Buffers::new() }
    }

    /// Executes a block: the block step, then every extrinsic in the given order.
    pub fn execute_block(&mut self, state: &mut State, input: &BlockInput) -> BlockOutcome {
        let mut block = self.begin_block(state, input.into());
        for extrinsic in &input.extrinsics {
            self.apply_extrinsic(state, &mut block, extrinsic);
        }
        self.end_block(state, block)
    }

    /// Opens a block: sets its number and runs the block step (prices, mint, reveals, coinbase, epochs, claims),
    /// then opens timelocked commitments.
    pub fn begin_block(&mut self, state: &mut State, env: Env) -> OpenBlock {
        state.block = env.number;
        if self.rules.pow_faucet {
            calls::faucet::remember_parent(state, env.number, env.entropy);
        }
        let mut exec = Exec::new(state, &env);
        block_step(&mut exec, &mut self.buffers);
        calls::commitments::reveal_timelocked(&mut exec);
        let events = exec.events;
        OpenBlock { env, events, receipts: Vec::new() }
    }

    /// Validates and dispatches one extrinsic. An invalid one leaves no trace; a failed one leaves its fee and its
    /// nonce.
    pub fn apply_extrinsic(
        &mut self,
        state: &mut State,
        block: &mut OpenBlock,
        extrinsic: &Extrinsic,
    ) -> Receipt {
        let index = u32::try_from(block.receipts.len()).unwrap_or(u32::MAX);
        let mut exec = Exec {
            state,
            env: &block.env,
            events: std::mem::take(&mut block.events),
            extrinsic: Some(index),
            pow_faucet: self.rules.pow_faucet,
        };
        let receipt = self.apply(&mut exec, extrinsic);
        block.events = exec.events;
        block.receipts.push(receipt.clone());
        receipt
    }

    /// Seals a block.
    pub fn end_block(&mut self, _state: &mut State, block: OpenBlock) -> BlockOutcome {
        BlockOutcome { events: block.events, receipts: block.receipts }
    }

    fn apply(&self, exec: &mut Exec<'_>, extrinsic: &Extrinsic) -> Receipt {
        match extrinsic {
            Extrinsic::Signed(signed) => self.apply_signed(exec, signed),
            Extrinsic::Root(call) => {
                let result = dispatch::dispatch(exec, Origin::Root, call);
                close(exec, result, Rao::ZERO)
            }
            Extrinsic::Unchecked { who, call } => {
                let result = dispatch::dispatch(exec, Origin::Signed(*who), call);
                close(exec, result, Rao::ZERO)
            }
            Extrinsic::Unsigned(call) => match validity::admit_unsigned(exec, call, self) {
                Ok(()) => {
                    let result = dispatch::dispatch(exec, Origin::None, call);
                    close(exec, result, Rao::ZERO)
                }
                Err(invalid) => Receipt { result: Err(Failure::Invalid(invalid)), fee: Rao::ZERO },
            },
            Extrinsic::Upgrade(economics) => {
                economics::adopt(exec.state, economics);
                exec.emit(SystemEvent::CodeUpdated);
                close(exec, Ok(()), Rao::ZERO)
            }
        }
    }

    fn apply_signed(&self, exec: &mut Exec<'_>, signed: &SignedExtrinsic) -> Receipt {
        let (state, events) = (exec.state.clone(), exec.events.len());
        match validity::admit(exec, signed, self) {
            Ok(fee) => {
                let result = dispatch::dispatch(exec, Origin::Signed(signed.signer), &signed.call);
                fees::settle(exec, &signed.signer, fee);
                close(exec, result, fee)
            }
            Err(invalid) => {
                *exec.state = state;
                exec.events.truncate(events);
                Receipt { result: Err(Failure::Invalid(invalid)), fee: Rao::ZERO }
            }
        }
    }
}

fn close(exec: &mut Exec<'_>, result: DispatchOutcome, fee: Rao) -> Receipt {
    exec.emit(match &result {
        Ok(()) => SystemEvent::ExtrinsicSuccess,
        Err(error) => SystemEvent::ExtrinsicFailed { error: error.clone() },
    });
    Receipt { result: result.map_err(Failure::Dispatch), fee }
}
