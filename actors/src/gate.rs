//! The only door for what comes from outside, and the tape of what came.
//!
//! Outside callers put inputs at the gate at any time; each block takes what is there and writes it to its
//! tape. A run is a function of its seed and its tape.

use chain::block::SignedExtrinsic;
use chain::call::RuntimeCall;
use parity_scale_codec::{Decode, DecodeAll as _, Encode};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Inputs that may wait at a gate.
const CAPACITY: usize = 65_536;

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
}

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
pub struct Gate {
    waiting: Arc<Mutex<VecDeque<Input>>>,
}

impl Gate {
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

    /// Takes all that waits.
    pub(crate) fn drain(&self) -> Tape {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        Tape(waiting.drain(..).collect())
    }
}
