//! The dummy market: a number is asked, its double is the answer.
//!
//! The smallest mechanism there is, and that of the public subnet template (opentensor/subnet-template): the synapse
//! `Dummy` with `dummy_input` and `dummy_output`. A task is the number in decimal digits; so is the body of an answer,
//! whose method is always [`Method::Stored`]. A right answer is worth one, any other nothing; weights are in proportion
//! to the moving averages.

use super::form::{Field, InvalidField, Kind, SynapseSchema, Value};
use super::{Measured, Mechanism, ONE, Quality, RejectReason, Score, ema, proportional};
use crate::corpus::Corpus;
use crate::message::{Answer, Payload};
use crate::plan::{DummyPlan, Method};
use crate::streams::{Purpose, Streams};
use std::io;

/// Largest number that a validator asks, as in the template.
const ASKED_MAX: u64 = 100;

const FORM: SynapseSchema = SynapseSchema {
    name: "Dummy",
    question: &[Field { name: "dummy_input", kind: Kind::Number, about: "the number to double" }],
    answer: &[Field { name: "dummy_output", kind: Kind::Number, about: "twice the number" }],
    hashed: &[],
};

/// The dummy market with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dummy {
    plan: DummyPlan,
}

impl Dummy {
    /// The market of a plan.
    #[must_use]
    pub const fn new(plan: DummyPlan) -> Self {
        Self { plan }
    }
}

fn number(payload: &Payload) -> Option<i64> {
    std::str::from_utf8(payload.bytes()).ok()?.parse().ok()
}

fn digits(number: i64) -> Payload {
    Payload::new(number.to_string().into_bytes())
}

fn stored(body: Payload) -> Answer {
    Answer { method: Method::Stored, level: 0, body }
}

impl Mechanism for Dummy {
    fn round_every(&self) -> u64 {
        self.plan.round_every.max(1)
    }

    fn challenge(&self, _: &Corpus, streams: &mut Streams) -> Payload {
        let asked = streams.below(Purpose::Number, ASKED_MAX.saturating_add(1));
        digits(i64::try_from(asked).unwrap_or(0))
    }

    fn score(&self, task: &Payload, answer: &Answer) -> Result<Score, RejectReason> {
        let right = number(task).and_then(|asked| asked.checked_mul(2));
        match number(&answer.body) {
            None => Err(RejectReason::Undecodable),
            given if given == right => Ok(Score { value: ONE, saved: ONE, cost: 0 }),
            Some(_) => Err(RejectReason::OtherNumber),
        }
    }

    fn quality(&self) -> Quality {
        Quality { unit: "right answers per question" }
    }

    fn measure(&self, _: &Payload, answered: Option<(&Answer, &Result<Score, RejectReason>)>) -> Measured {
        Measured { gained: u64::from(matches!(answered, Some((_, Ok(_))))), given: 1 }
    }

    fn describe(&self, task: &Payload, answer: &Answer) -> String {
        format!("{} for {}", number(&answer.body).unwrap_or(0), number(task).unwrap_or(0))
    }

    fn average(&self, old: Option<u64>, newest: u64) -> u64 {
        ema(self.plan.ema_permille, old, newest)
    }

    fn weights(&self, averages: &[u64]) -> Vec<u16> {
        proportional(averages, 1)
    }

    fn honest(&self, _: Method, _: u8, task: &Payload) -> io::Result<Answer> {
        let double = number(task).and_then(|asked| asked.checked_mul(2));
        let double = double.ok_or_else(|| io::Error::other("twice the number does not fit 64 bits"))?;
        Ok(stored(digits(double)))
    }

    /// The number as it is.
    fn lazy(&self, task: &Payload) -> Answer {
        stored(task.clone())
    }

    /// Any number but the right one.
    fn lie(&self, task: &Payload, streams: &mut Streams) -> Answer {
        let off = i64::try_from(streams.below(Purpose::Noise, ASKED_MAX)).unwrap_or(0).saturating_add(1);
        stored(digits(number(task).unwrap_or(0).saturating_mul(2).saturating_sub(off)))
    }

    fn form(&self) -> &'static SynapseSchema {
        &FORM
    }

    fn ask(&self, task: &Payload) -> Vec<Value> {
        vec![Value::Number(number(task).unwrap_or(0))]
    }

    fn read_question(&self, values: &[Value]) -> Result<Payload, InvalidField> {
        match values {
            [Value::Number(number)] => Ok(digits(*number)),
            _ => Err(InvalidField::new("dummy_input is no number")),
        }
    }

    fn tell(&self, answer: &Answer) -> Vec<Value> {
        vec![Value::Number(number(&answer.body).unwrap_or(0))]
    }

    fn read_answer(&self, values: &[Value]) -> Result<Answer, InvalidField> {
        match values {
            [Value::Number(number)] => Ok(stored(digits(*number))),
            _ => Err(InvalidField::new("dummy_output is no number")),
        }
    }
}
