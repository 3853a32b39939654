//! The compression market.
//!
//! A task is a slice of the corpus; an answer is bytes that decompress to it. Its score is
//!
//! ```text
//! saved = 1 - |answer| / |text|            (0 if the answer is no shorter, or wrong in one byte)
//! score = saved * (1 - cost_ppm * cost / 10^6)
//! ```
//!
//! `cost` is the declared figure of [`codec::cost`], at most 100, and `cost_ppm` at most 1,000: at the default
//! of 100 the dearest method loses one hundredth of its score, so cost decides between answers of equal
//! length and never between clearly different ones. A weight is `(average / best average) ^ sharpness`.
//! Everything is a whole number, so it is the same on every machine.

use super::{Flaw, Mechanism, ONE, Score, codec};
use crate::corpus::Corpus;
use crate::letter::{Answer, Payload};
use crate::plan::CompressionPlan;
use crate::streams::{Purpose, Streams};

const MILLION: u128 = 1_000_000;

/// The compression market with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compression {
    plan: CompressionPlan,
}

impl Compression {
    /// The market of a plan.
    #[must_use]
    pub const fn new(plan: CompressionPlan) -> Self {
        Self { plan }
    }

    /// A validator asks all miners every so many blocks; at least 1.
    #[must_use]
    pub fn round_every(&self) -> u64 {
        self.plan.round_every.max(1)
    }
}

impl Mechanism for Compression {
    fn challenge(&self, corpus: &Corpus, streams: &mut Streams) -> Payload {
        let offset = streams.below(Purpose::Slice, corpus.total_len());
        let len = usize::try_from(self.plan.slice_bytes).unwrap_or(usize::MAX);
        Payload::new(corpus.slice(offset, len))
    }

    fn score(&self, task: &Payload, answer: &Answer) -> Result<Score, Flaw> {
        let (min, max) = answer.method.levels();
        if !(min..=max).contains(&answer.level) {
            return Err(Flaw::Level);
        }
        let text = codec::decompress(answer.method, answer.body.bytes(), task.len())?;
        if text != task.bytes() {
            return Err(Flaw::OtherBytes);
        }
        let (len, packed) = (task.len() as u128, answer.body.len() as u128);
        let saved = (len.saturating_sub(packed) * u128::from(ONE)).checked_div(len).unwrap_or(0);
        let cost = codec::cost(answer.method, answer.level);
        let lost = (u128::from(self.plan.cost_ppm) * u128::from(cost)).min(MILLION);
        let value = saved * MILLION.saturating_sub(lost) / MILLION;
        let narrow = |wide: u128| u64::try_from(wide).unwrap_or(ONE);
        Ok(Score { value: narrow(value), saved: narrow(saved), cost })
    }

    fn average(&self, old: Option<u64>, newest: u64) -> u64 {
        let Some(old) = old else { return newest };
        let share = u128::from(self.plan.ema_permille).min(1_000);
        let sum = u128::from(old) * 1_000u128.saturating_sub(share) + u128::from(newest) * share;
        u64::try_from(sum / 1_000).unwrap_or(ONE)
    }

    fn weights(&self, averages: &[u64]) -> Vec<u16> {
        let best = averages.iter().copied().max().unwrap_or(0);
        let weigh = |average: &u64| {
            // 32 fraction bits: the power of a proportion stays below one.
            let proportion = (u128::from(*average) << 32).checked_div(u128::from(best)).unwrap_or(0);
            let power = (1..self.plan.sharpness.max(1)).fold(proportion, |p, _| (p * proportion) >> 32);
            u16::try_from((power * 65_535 + (1 << 31)) >> 32).unwrap_or(u16::MAX)
        };
        averages.iter().map(weigh).collect()
    }
}
