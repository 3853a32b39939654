//! The only door for what comes from outside, and the tape of what came.
//!
//! Outside callers put inputs at the gate at any time; each block takes what is there and writes it to its
//! tape. A run is a function of its seed and its tape.

use crate::message::{Answer, Payload};
use crate::plan::{ActorId, Change, Fault};
use chain::account::AccountId;
use chain::block::SignedExtrinsic;
use chain::call::RuntimeCall;
use parity_scale_codec::{Decode, DecodeAll as _, Encode};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Inputs that may wait at a gate.
const CAPACITY: usize = 65_536;

/// Outside questions that one block takes, so that it is not held up by them; the others wait for the next, in their
/// order. **Units**: bytes of their tasks. A block takes one question at least.
pub const QUESTION_BYTES: usize = 256 << 10;

/// An input that is not a function of the seed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Input {
    /// An extrinsic signed outside.
    Extrinsic(SignedExtrinsic),
    /// A developer's call as root.
    Root(RuntimeCall),
    /// A wall clock's time for the block, milliseconds since the Unix epoch; the last one of a block counts,
    /// and time never runs backwards.
    Timestamp(u64),
    /// From this block on outsiders reach the cast at this place, and the cast asks outsiders; `None` ends both.
    Gateway(Option<Endpoint>),
    /// An outsider asks a miner.
    Query(Query),
    /// What became of a question to an outsider.
    Reply(Reply),
    /// A developer's call on behalf of an account: without its signature, nonce or fee.
    Call {
        /// The account.
        who: AccountId,
        /// The call.
        call: RuntimeCall,
    },
    /// A fault between participants that the plan does not know.
    Fault(Fault),
    /// A change that the plan does not know, such as a crash.
    Change(Change),
}

/// How long an outsider's answer is waited for. **Units**: milliseconds. **Source**: the default of the SDK's client.
pub const QUERY_TIMEOUT_MS: u64 = 12_000;

/// A place where something listens, as the chain writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Endpoint {
    /// IPv4 or IPv6 as a number.
    pub ip: u128,
    /// 4 or 6.
    pub ip_type: u8,
    /// TCP port.
    pub port: u16,
}

/// A question from outside.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Query {
    /// Its number, which the answer carries; the door gives each question another.
    pub id: u64,
    /// The hotkey that asks.
    pub from: AccountId,
    /// The hotkey that is asked. A question to one that is no miner of the cast is dropped.
    pub to: AccountId,
    /// The task.
    pub task: Payload,
}

/// What became of a question of a validator to an outsider.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Reply {
    /// The validator. A reply to anybody else is dropped.
    pub to: ActorId,
    /// The hotkey that was asked.
    pub from: AccountId,
    /// The validator's number of the question.
    pub round: u64,
    /// The answer, or why there is none.
    pub outcome: Result<Answer, String>,
}

/// Memory that the inputs of one block may take when they come from outside. **Units**: bytes.
pub const TAPE_MEMORY_MAX: usize = 256 * 1_024 * 1_024;

/// The inputs of one block, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Tape(pub Vec<Input>);

impl Tape {
    /// Reads a tape as a ledger keeps it.
    ///
    /// # Errors
    /// When the bytes are no tape.
    pub fn read(mut bytes: &[u8]) -> Result<Self, TapeError> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        Self::decode_all(&mut bytes).map_err(TapeError)
    }

    /// Reads a tape that came from outside: its inputs may take `memory` bytes and nest no
    /// deeper than a call.
    ///
    /// # Errors
    /// When the bytes are no tape, or hold more.
    pub fn read_bounded(bytes: &[u8], memory: usize) -> Result<Self, TapeError> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        chain::wire::decode_all_bounded(bytes, memory).map_err(TapeError)
    }

    /// The bytes for a ledger; none for an empty tape.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        if self.0.is_empty() { Vec::new() } else { self.encode() }
    }
}

/// Bytes that are no tape.
#[derive(Debug, thiserror::Error)]
#[error("these bytes are no tape: {0}")]
pub struct TapeError(parity_scale_codec::Error);

/// The gate is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{CAPACITY} inputs wait already; try again after the next block")]
pub struct GateFull;

/// Where outside inputs wait for the next block. Clones are doors to the same place.
#[derive(Clone, Debug, Default)]
pub struct InputQueue {
    waiting: Arc<Mutex<VecDeque<Input>>>,
}

impl InputQueue {
    /// Puts an input before the gate. Any thread may.
    ///
    /// # Errors
    /// When too many wait already.
    pub fn put(&self, input: Input) -> Result<(), GateFull> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= CAPACITY {
            return Err(GateFull);
        }
        waiting.push_back(input);
        Ok(())
    }

    /// True when nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Takes all that waits, of questions as many as a block takes.
    pub(crate) fn drain(&self) -> Tape {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut asked = 0_usize;
        let (taken, later): (Vec<_>, Vec<_>) = waiting.drain(..).partition(|input| {
            let Input::Query(query) = input else { return true };
            let first = asked == 0;
            asked = asked.saturating_add(query.task.len().max(1));
            first || asked <= QUESTION_BYTES
        });
        *waiting = later.into();
        Tape(taken)
    }
}
