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

use super::form::{Field, InvalidField, Kind, SynapseSchema, Value};
use super::{Measured, Mechanism, ONE, Quality, RejectReason, Score, codec, ema, proportional};
use crate::corpus::Corpus;
use crate::message::{Answer, Payload};
use crate::plan::{CompressionPlan, Method};
use crate::streams::{Purpose, Streams};
use std::io;

const MILLION: u128 = 1_000_000;
/// Longest text that an outsider may ask to be compressed: the longest slice of a plan.
const QUESTION_MAX: usize = 65_536;

const FORM: SynapseSchema = SynapseSchema {
    name: "Compress",
    question: &[Field { name: "text", kind: Kind::Bytes, about: "what to compress" }],
    answer: &[
        Field {
            name: "method",
            kind: Kind::Text,
            about: "stored, lz4 (block), deflate (raw), bzip2, brotli, zstd",
        },
        Field { name: "level", kind: Kind::Number, about: "how hard it tried, on the method's own scale" },
        Field { name: "packed", kind: Kind::Bytes, about: "what decompresses to the text" },
    ],
    hashed: &["text"],
};

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
}

impl Mechanism for Compression {
    fn round_every(&self) -> u64 {
        self.plan.round_every.max(1)
    }

    fn challenge(&self, corpus: &Corpus, streams: &mut Streams) -> Payload {
        let offset = streams.below(Purpose::Slice, corpus.total_len());
        let len = usize::try_from(self.plan.slice_bytes).unwrap_or(usize::MAX);
        Payload::new(corpus.slice(offset, len))
    }

    fn score(&self, task: &Payload, answer: &Answer) -> Result<Score, RejectReason> {
        let (min, max) = answer.method.levels();
        if !(min..=max).contains(&answer.level) {
            return Err(RejectReason::Level);
        }
        let text = codec::decompress(answer.method, answer.body.bytes(), task.len())?;
        if text != task.bytes() {
            return Err(RejectReason::OtherBytes);
        }
        let (len, packed) = (task.len() as u128, answer.body.len() as u128);
        let saved = (len.saturating_sub(packed) * u128::from(ONE)).checked_div(len).unwrap_or(0);
        let cost = codec::cost(answer.method, answer.level);
        let lost = (u128::from(self.plan.cost_ppm) * u128::from(cost)).min(MILLION);
        let value = saved * MILLION.saturating_sub(lost) / MILLION;
        let narrow = |wide: u128| u64::try_from(wide).unwrap_or(ONE);
        Ok(Score { value: narrow(value), saved: narrow(saved), cost })
    }

    fn quality(&self) -> Quality {
        Quality { unit: "bytes of text per byte of answer" }
    }

    /// Right answers only: the length of the text over that of the answer.
    fn measure(&self, task: &Payload, answered: Option<(&Answer, &Result<Score, RejectReason>)>) -> Measured {
        match answered {
            Some((answer, Ok(_))) => Measured { gained: task.len() as u64, given: answer.body.len() as u64 },
            _ => Measured::default(),
        }
    }

    fn describe(&self, task: &Payload, answer: &Answer) -> String {
        let (method, level) = (answer.method.name(), answer.level);
        format!("{method} {level}: {} bytes to {}", task.len(), answer.body.len())
    }

    fn average(&self, old: Option<u64>, newest: u64) -> u64 {
        ema(self.plan.ema_permille, old, newest)
    }

    fn weights(&self, averages: &[u64]) -> Vec<u16> {
        proportional(averages, self.plan.sharpness)
    }

    fn honest(&self, method: Method, level: u8, task: &Payload) -> io::Result<Answer> {
        let packed = codec::compress(method, level, task.bytes())?;
        Ok(Answer { method, level, body: Payload::new(packed) })
    }

    /// The text as it is.
    fn lazy(&self, task: &Payload) -> Answer {
        Answer { method: Method::Stored, level: 0, body: task.clone() }
    }

    /// Bytes that decompress to something else or to nothing.
    fn lie(&self, task: &Payload, streams: &mut Streams) -> Answer {
        let mut noise = Vec::new();
        while noise.len() < task.len() / 8 {
            noise.extend(streams.draw(Purpose::Noise).to_le_bytes());
        }
        Answer { method: Method::Brotli, level: 11, body: Payload::new(noise) }
    }

    fn form(&self) -> &'static SynapseSchema {
        &FORM
    }

    fn ask(&self, task: &Payload) -> Vec<Value> {
        vec![Value::Bytes(task.bytes().to_vec())]
    }

    fn read_question(&self, values: &[Value]) -> Result<Payload, InvalidField> {
        match values {
            [Value::Bytes(text)] if text.len() <= QUESTION_MAX => Ok(Payload::new(text.clone())),
            [Value::Bytes(text)] => Err(InvalidField::new(format!(
                "a text of {} bytes; at most {QUESTION_MAX} are compressed",
                text.len()
            ))),
            _ => Err(InvalidField::new("text is no base64")),
        }
    }

    fn tell(&self, answer: &Answer) -> Vec<Value> {
        let method = Value::Text(answer.method.name().to_owned());
        vec![method, Value::Number(answer.level.into()), Value::Bytes(answer.body.bytes().to_vec())]
    }

    fn read_answer(&self, values: &[Value]) -> Result<Answer, InvalidField> {
        let [Value::Text(method), Value::Number(level), Value::Bytes(packed)] = values else {
            return Err(InvalidField::new("method, level and packed are not a text, a number and base64"));
        };
        let known = Method::from_name(method);
        let method = known.ok_or_else(|| InvalidField::new(format!("no method is named {method:.32?}")))?;
        let level = u8::try_from(*level)
            .map_err(|_| InvalidField::new(format!("{method:?} has no level {level}")))?;
        Ok(Answer { method, level, body: Payload::new(packed.clone()) })
    }
}
