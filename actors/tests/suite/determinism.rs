//! Every driver gives the same log, and the alarm that says so works.

use crate::market::{Market, Tested as _, hello, logs, names, on_arbiters, play};
use actors::driver::{Driver, DriverError};
use actors::drivers::actix::Jitter;
use actors::drivers::lockstep::Lockstep;
use actors::plan::{ActorId, Change, FaultRule, Method, MinerTactic, OnCrash, Plan, ValidatorTactic, Value};
use actors::seat::{Activation, Reaction, Seat};
use actors::{BlockLog, DriverKind, Options, Run, RunError, compare};
use chain::block::{BlockInput, BlockOutcome};
use chain::invariants::{Invariant, Violation};
use chain::state::State;
use proptest::prelude::*;
use std::sync::Arc;

/// Yields and spins as the operating system's entropy says.
pub(crate) fn jitter() -> Jitter {
    use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    Arc::new(|| {
        let entropy = RandomState::new().build_hasher().finish();
        for _ in 0..entropy % 7 {
            std::thread::yield_now();
        }
        for _ in 0..(entropy >> 8) % 2_000 {
            std::hint::spin_loop();
        }
    })
}

fn play_with(plan: Plan, driver: DriverKind, blocks: u64) -> Vec<BlockLog> {
    let disturbed = matches!(driver, DriverKind::Actix { .. }).then(jitter);
    let mut run = Run::new(plan, &Options { driver, jitter: disturbed, ..Options::default() }).unwrap();
    logs(play(&mut run, blocks))
}

fn tactic() -> impl Strategy<Value = MinerTactic> {
    let method = prop::sample::select(Method::ALL.to_vec());
    prop_oneof![
        5 => (method, 0u8..=6).prop_map(|(method, level)| {
            let (min, max) = method.levels();
            MinerTactic::Honest { method, level: level.clamp(min, max) }
        }),
        1 => Just(MinerTactic::Lazy),
        1 => Just(MinerTactic::Liar),
        1 => Just(MinerTactic::Copycat),
        1 => Just(MinerTactic::Silent),
    ]
}

prop_compose! {
    fn scenario()(
        seed in any::<u64>(),
        miners in prop::collection::vec(tactic(), 1..6),
        validators in prop::collection::vec((1u64..500, any::<bool>()), 0..3),
        users in 0usize..3,
        commit in any::<bool>(),
        faults in prop::collection::vec((0u8..4, 0u64..20, 1u64..20, 0usize..6), 0..3),
        crash in prop::option::of((1u64..30, 0usize..6, any::<bool>())),
    ) -> Plan {
        let mut market = Market::new(seed).blocks(30).staker("vera", 100, ValidatorTactic::Honest);
        for (index, (stake, copies)) in validators.into_iter().enumerate() {
            let tactic = if copies { ValidatorTactic::Copier } else { ValidatorTactic::Honest };
            market = market.staker(&format!("validator {index}"), stake, tactic);
        }
        for (index, tactic) in miners.into_iter().enumerate() {
            market = market.miner(&format!("miner {index}"), tactic);
        }
        for user in 0..users {
            market = market.customer(&format!("user {user}"), "vera", 3 + user as u64);
        }
        market = market.quick().set("commit_reveal_weights_enabled", Value::Switch(commit));
        let cast: Vec<_> = market.plan.cast.iter().map(|member| member.name.clone()).collect();
        let who = |index: usize| names(&[&cast[index % cast.len()]]);
        for (kind, from, len, index) in faults {
            let rule = match kind {
                0 => FaultRule::Offline { who: who(index) },
                1 => FaultRule::Latency { who: Vec::new(), blocks: 1 + len % 3 },
                2 => FaultRule::Loss { who: Vec::new(), permille: 200 },
                _ => FaultRule::Partition { left: who(index), right: who(index + 1) },
            };
            market = market.fault(from, from + len, rule);
        }
        if let Some((block, index, restart)) = crash {
            let on_crash = if restart { OnCrash::Restart } else { OnCrash::Retire };
            market = market.event(block, Change::Crash { who: who(index).remove(0) }).on_crash(on_crash);
        }
        market.plan
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn lockstep_equals_actix(plan in scenario()) {
        let expected = play_with(plan.clone(), DriverKind::Lockstep, 30);
        for arbiters in [1, 2, 4] {
            let found = play_with(plan.clone(), on_arbiters(arbiters), 30);
            prop_assert_eq!(compare(&expected, &found), None);
        }
    }
}

pub(crate) fn cases() -> u32 {
    if fixtures::slow() { 100 } else { 12 }
}

#[test]
fn hello_market_is_one_log_whatever_plays_it() {
    let expected = play_with(hello(60).plan, DriverKind::Lockstep, 60);
    for arbiters in [1, 2, 4] {
        assert_eq!(compare(&expected, &play_with(hello(60).plan, on_arbiters(arbiters), 60)), None);
    }
}

#[test]
fn another_seed_is_another_run() {
    let expected = play_with(hello(20).plan, DriverKind::Lockstep, 20);
    let mut plan = hello(20).plan;
    plan.seed = 43;
    let difference = compare(&expected, &play_with(plan, DriverKind::Lockstep, 20)).unwrap();
    assert_eq!(difference.block, 1);
}

/// A participant that goes through a `HashMap` in its own order when it sends its messages.
#[derive(Debug)]
struct Planted(Lockstep);

#[expect(clippy::disallowed_types, reason = "the planted bug")]
impl Driver for Planted {
    fn play(&mut self, turns: Vec<Activation>) -> Result<Vec<Reaction>, DriverError> {
        let mut reactions = self.0.play(turns)?;
        for reaction in &mut reactions {
            let messages: std::collections::HashMap<_, _> =
                reaction.messages.drain(..).map(|message| (message.number, message)).collect();
            reaction.messages = messages.into_values().collect();
        }
        Ok(reactions)
    }
    fn restart(&mut self, actor: ActorId) -> Result<(), DriverError> {
        self.0.restart(actor)
    }
    fn seats(&mut self) -> Result<Vec<Seat>, DriverError> {
        self.0.seats()
    }
    fn seal(&mut self, state: State, input: &BlockInput) -> Result<(State, BlockOutcome), DriverError> {
        self.0.seal(state, input)
    }
}

#[test]
fn the_alarm_rings_for_a_planted_bug() {
    let expected = play_with(hello(20).plan, DriverKind::Lockstep, 20);
    let mut run = Run::with_driver(hello(20).plan, |context, seats, chain| {
        Ok(Box::new(Planted(Lockstep::new(context, seats, chain))))
    })
    .unwrap();
    let difference = compare(&expected, &logs(play(&mut run, 20))).unwrap();
    let plan = hello(20).plan;
    // The first messages that could change places are those of a first round.
    assert_eq!(difference.phase.map(|phase| phase.name()), Some("observe"), "{difference}");
    assert!(["vera", "victor"].contains(&plan.name_of(difference.actor.unwrap())), "{difference}");
    assert_ne!(difference.left, difference.right);
}

/// A chain that says of its third block that it broke an invariant.
#[derive(Debug)]
struct Broken(Lockstep);

impl Driver for Broken {
    fn play(&mut self, turns: Vec<Activation>) -> Result<Vec<Reaction>, DriverError> {
        self.0.play(turns)
    }
    fn restart(&mut self, actor: ActorId) -> Result<(), DriverError> {
        self.0.restart(actor)
    }
    fn seats(&mut self) -> Result<Vec<Seat>, DriverError> {
        self.0.seats()
    }
    fn seal(&mut self, state: State, input: &BlockInput) -> Result<(State, BlockOutcome), DriverError> {
        let (state, mut outcome) = self.0.seal(state, input)?;
        if input.number == 3 {
            let text = "as planted".to_owned();
            outcome.violations.push(Violation { invariant: Invariant::I6, block: 3, text });
        }
        Ok((state, outcome))
    }
}

#[test]
fn a_broken_invariant_ends_the_run() {
    let mut run = Run::with_driver(hello(20).plan, |context, seats, chain| {
        Ok(Box::new(Broken(Lockstep::new(context, seats, chain))))
    })
    .unwrap();
    play(&mut run, 2);
    let error = run.next_block().unwrap_err().to_string();
    assert!(error.starts_with("I6 does not hold at block 3") && error.ends_with("as planted"), "{error}");
    assert!(matches!(run.next_block(), Err(RunError::Over(3))));
}
