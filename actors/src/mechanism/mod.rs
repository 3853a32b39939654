//! What a subnet is about: how a task is made, how an answer is judged, how scores become weights.

pub mod codec;
pub mod compression;
pub mod dummy;
pub mod form;

pub use compression::Compression;
pub use dummy::Dummy;

use crate::corpus::Corpus;
use crate::message::{Answer, Payload};
use crate::plan::{MechanismPlan, Method};
use crate::streams::Streams;
use form::{InvalidField, SynapseSchema, Value};
use std::fmt;
use std::io;
use std::sync::Arc;

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
pub enum RejectReason {
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
    /// It is another number than the right one.
    #[error("is another number")]
    OtherNumber,
}

/// The figure by which a mechanism compares answers, beside right and wrong: more is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quality {
    /// Its unit, as a report writes it behind the number.
    pub unit: &'static str,
}

/// A part of a figure of quality: the figure over several questions is the sum of `gained` over that of `given`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Upper number.
    pub gained: u64,
    /// Lower number.
    pub given: u64,
}

/// A market's rules. Deterministic, and free of state: what a validator has learned is its own.
pub trait Mechanism: fmt::Debug + Send + Sync {
    /// A validator asks all miners every so many blocks; at least 1.
    fn round_every(&self) -> u64;

    /// A task for all miners.
    fn challenge(&self, corpus: &Corpus, streams: &mut Streams) -> Payload;

    /// What an answer to a task is worth.
    ///
    /// # Errors
    /// Why it is worth nothing.
    fn score(&self, task: &Payload, answer: &Answer) -> Result<Score, RejectReason>;

    /// The figure of quality that reports show.
    fn quality(&self) -> Quality;

    /// What one question adds to the figure of quality; `None` for a question without an answer.
    fn measure(&self, task: &Payload, answered: Option<(&Answer, &Result<Score, RejectReason>)>) -> Measured;

    /// A right answer in words, for reports.
    fn describe(&self, task: &Payload, answer: &Answer) -> String;

    /// The moving average of scores after one more. **Units**: billionths.
    fn average(&self, old: Option<u64>, newest: u64) -> u64;

    /// Weights from averages, in the same order; all zero when nobody scored.
    fn weights(&self, averages: &[u64]) -> Vec<u16>;

    /// What an honest miner of a method and a level answers; a market without methods ignores both.
    ///
    /// # Errors
    /// When it has no answer.
    fn honest(&self, method: Method, level: u8, task: &Payload) -> io::Result<Answer>;

    /// What a miner answers that does no work.
    fn lazy(&self, task: &Payload) -> Answer;

    /// What a miner answers that makes something up.
    fn lie(&self, task: &Payload, streams: &mut Streams) -> Answer;

    /// The synapse by which outsiders ask and answer.
    fn form(&self) -> &'static SynapseSchema;

    /// A task as values of the form's question, in its order.
    fn ask(&self, task: &Payload) -> Vec<Value>;

    /// The task of such values.
    ///
    /// # Errors
    /// What is wrong with them.
    fn read_question(&self, values: &[Value]) -> Result<Payload, InvalidField>;

    /// An answer as values of the form's answer, in its order.
    fn tell(&self, answer: &Answer) -> Vec<Value>;

    /// The answer of such values. It may still be wrong: that is for [`Mechanism::score`].
    ///
    /// # Errors
    /// What is wrong with them.
    fn read_answer(&self, values: &[Value]) -> Result<Answer, InvalidField>;
}

/// The mechanism of a plan.
#[must_use]
pub fn of(plan: &MechanismPlan) -> Arc<dyn Mechanism> {
    match plan {
        MechanismPlan::Compression(plan) => Arc::new(Compression::new(*plan)),
        MechanismPlan::Dummy(plan) => Arc::new(Dummy::new(*plan)),
    }
}

/// The moving average in which the newest has so many thousandths, at most all of it.
fn ema(permille: u16, old: Option<u64>, newest: u64) -> u64 {
    let Some(old) = old else { return newest };
    let share = u128::from(permille).min(1_000);
    let sum = u128::from(old) * 1_000u128.saturating_sub(share) + u128::from(newest) * share;
    u64::try_from(sum / 1_000).unwrap_or(ONE)
}

/// Weights in proportion to averages raised to a power; the best has 65,535.
fn proportional(averages: &[u64], power: u8) -> Vec<u16> {
    let best = averages.iter().copied().max().unwrap_or(0);
    let weigh = |average: &u64| {
        // 32 fraction bits: the power of a proportion stays below one.
        let proportion = (u128::from(*average) << 32).checked_div(u128::from(best)).unwrap_or(0);
        let power = (1..power.max(1)).fold(proportion, |p, _| (p * proportion) >> 32);
        u16::try_from((power * 65_535 + (1 << 31)) >> 32).unwrap_or(u16::MAX)
    };
    averages.iter().map(weigh).collect()
}
