//! What a subnet is about: how a task is made, how an answer is judged, how scores become weights.

pub mod codec;
pub mod compression;

pub use compression::Compression;

use crate::corpus::Corpus;
use crate::letter::{Answer, Payload};
use crate::plan::MechanismPlan;
use crate::streams::Streams;

/// One, in the unit of scores.
pub const ONE: u64 = 1_000_000_000;

/// What an answer is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// Worth after cost. **Units**: billionths, at most [`ONE`].
    pub value: u64,
    /// What was saved of the text, cost aside. **Units**: billionths.
    pub saved: u64,
    /// Declared cost. **Units**: those of [`codec::cost`].
    pub cost: u32,
}

/// Why an answer is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It does not decompress.
    #[error("does not decompress")]
    Undecodable,
    /// It decompresses to more bytes than the text has; nothing beyond one byte more is ever held.
    #[error("decompresses to more than the text")]
    TooLong,
    /// It decompresses to something else.
    #[error("decompresses to other bytes")]
    OtherBytes,
    /// It claims a level that the method does not have.
    #[error("claims a level that its method does not have")]
    Level,
}

/// A market's rules. Deterministic, and free of state: what a validator has learned is its own.
pub trait Mechanism {
    /// A task for all miners.
    fn challenge(&self, corpus: &Corpus, streams: &mut Streams) -> Payload;

    /// What an answer to a task is worth.
    ///
    /// # Errors
    /// Why it is worth nothing.
    fn score(&self, task: &Payload, answer: &Answer) -> Result<Score, Flaw>;

    /// The moving average of scores after one more. **Units**: billionths.
    fn average(&self, old: Option<u64>, newest: u64) -> u64;

    /// Weights from averages, in the same order; all zero when nobody scored.
    fn weights(&self, averages: &[u64]) -> Vec<u16>;
}

/// The mechanism of a plan.
#[must_use]
pub fn of(plan: &MechanismPlan) -> Compression {
    match plan {
        MechanismPlan::Compression(plan) => Compression::new(*plan),
    }
}
