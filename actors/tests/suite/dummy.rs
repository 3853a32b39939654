//! The dummy market, and what mechanisms say to those outside.

use crate::market::{Market, Tested as _};
use actors::mechanism::form::{Kind, Value};
use actors::mechanism::{Compression, Dummy, Mechanism, ONE, RejectReason};
use actors::message::{Answer, Payload};
use actors::participant::Phase;
use actors::plan::{CompressionPlan, DummyPlan, MechanismPlan, Method, MinerTactic, ValidatorTactic};
use actors::streams::{Streams, draw_key};
use actors::{DriverKind, corpus::Corpus};

fn dummy() -> Dummy {
    Dummy::new(DummyPlan::default())
}

fn task(digits: &str) -> Payload {
    Payload::new(digits.as_bytes().to_vec())
}

fn answer(digits: &str) -> Answer {
    Answer { method: Method::Stored, level: 0, body: task(digits) }
}

#[test]
fn the_double_is_worth_one_and_anything_else_nothing() {
    let worth =
        |asked: &str, given: &str| dummy().score(&task(asked), &answer(given)).map(|score| score.value);
    assert_eq!(worth("21", "42"), Ok(ONE));
    assert_eq!(worth("-21", "-42"), Ok(ONE));
    assert_eq!(worth("21", "43"), Err(RejectReason::OtherNumber));
    assert_eq!(worth("21", "4 2"), Err(RejectReason::Undecodable));
    assert_eq!(worth("9223372036854775807", "-2"), Err(RejectReason::OtherNumber));
    let honest = dummy().honest(Method::Zstd, 3, &task("21")).unwrap();
    assert_eq!(honest, answer("42"));
    assert!(dummy().honest(Method::Zstd, 3, &task("9223372036854775807")).is_err());
}

#[test]
fn a_challenge_is_a_number_up_to_a_hundred_and_a_lie_is_never_right() {
    let (mut streams, corpus) = (Streams::new(draw_key(1, "vera"), 1, Phase::Observe), Corpus::builtin());
    let mut seen = Vec::new();
    for _ in 0..500 {
        let asked = dummy().challenge(&corpus, &mut streams);
        let [Value::Number(number)] = dummy().ask(&asked)[..] else { panic!("a number") };
        assert!((0..=100).contains(&number), "{number}");
        let lie = dummy().lie(&asked, &mut streams);
        assert_eq!(dummy().score(&asked, &lie).unwrap_err(), RejectReason::OtherNumber);
        seen.push(number);
    }
    assert!(seen.contains(&0) && seen.contains(&100));
}

#[test]
fn averages_move_by_a_tenth_and_weights_are_in_proportion() {
    assert_eq!(dummy().average(None, ONE), ONE);
    assert_eq!(dummy().average(Some(ONE), 0), ONE / 10 * 9);
    assert_eq!(dummy().weights(&[ONE, ONE / 2, 0]), [65_535, 32_768, 0]);
}

#[test]
fn the_market_pays_those_who_double() {
    let mut market = Market::new(7)
        .blocks(60)
        .staker("vera", 600, ValidatorTactic::Honest)
        .miner("dan", MinerTactic::Honest { method: Method::Stored, level: 0 })
        .miner("liam", MinerTactic::Liar)
        .customer("uma", "vera", 10);
    market.plan.subnets[0].mechanism = MechanismPlan::Dummy(DummyPlan::default());
    let mut run = market.on(DriverKind::Lockstep);
    crate::market::play(&mut run, 60);
    let earned = run.earnings().unwrap();
    let of = |name: &str| earned.iter().find(|row| row.name == name).unwrap();
    assert!(of("dan").answers_ok >= 10 && of("dan").answers_bad == 0, "{:?}", of("dan"));
    assert!(of("liam").answers_ok == 0 && of("liam").answers_bad >= 10, "{:?}", of("liam"));
    assert!(!of("dan").alpha.is_zero() && of("liam").alpha.is_zero());
    assert!(of("uma").answers_ok >= 3, "{:?}", of("uma"));
}

#[test]
fn each_mechanism_says_its_synapse_and_takes_back_what_it_says() {
    let compression = Compression::new(CompressionPlan::default());
    let text = task("a text, a text, a text");
    let packed = compression.honest(Method::Zstd, 3, &text).unwrap();
    let cases: [(&dyn Mechanism, Payload, Answer); 2] =
        [(&dummy(), task("21"), answer("42")), (&compression, text, packed)];
    for (market, question, answer) in cases {
        let form = market.form();
        let (asked, told) = (market.ask(&question), market.tell(&answer));
        assert_eq!(market.read_question(&asked).unwrap(), question, "{form}");
        assert_eq!(market.read_answer(&told).unwrap(), answer, "{form}");
        for (fields, values) in [(form.question, asked), (form.answer, told)] {
            assert_eq!(fields.len(), values.len(), "{form}");
            for (field, value) in fields.iter().zip(values) {
                let kind = match value {
                    Value::Number(_) => Kind::Number,
                    Value::Text(_) => Kind::Text,
                    Value::Bytes(_) => Kind::Bytes,
                };
                assert_eq!(field.kind, kind, "{form}: {}", field.name);
            }
        }
        assert!(form.hashed.iter().all(|name| form.question.iter().any(|field| field.name == *name)));
    }
    assert_eq!(dummy().form().to_string(), "Dummy: dummy_input -> dummy_output");
    assert_eq!(compression.form().to_string(), "Compress: text -> method, level, packed");
}

#[test]
fn values_that_fit_no_answer_are_refused_with_the_reason() {
    let compression = Compression::new(CompressionPlan::default());
    let refused = |method: &str, level: i64| {
        let values = [Value::Text(method.to_owned()), Value::Number(level), Value::Bytes(Vec::new())];
        compression.read_answer(&values).unwrap_err().to_string()
    };
    assert_eq!(refused("gzip", 3), "no method is named \"gzip\"");
    assert_eq!(refused("zstd", 256), "Zstd has no level 256");
    assert_eq!(refused("zstd", -1), "Zstd has no level -1");
    assert!(compression.read_answer(&[Value::Number(3)]).is_err());
    assert!(dummy().read_answer(&[Value::Text("42".to_owned())]).is_err());
    let long = Value::Bytes(vec![0; 65_537]);
    assert_eq!(
        compression.read_question(&[long]).unwrap_err().to_string(),
        "a text of 65537 bytes; at most 65536 are compressed"
    );
    assert!(compression.read_question(&[Value::Bytes(vec![0; 65_536])]).is_ok());
}
