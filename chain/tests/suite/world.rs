//! A small market that tests of calls start from, and how a table of calls is checked in it.

use chain::account::AccountId;
use chain::block::{Extrinsic, Failure};
use chain::call::{RuntimeCall, subtensor::Call};
use chain::event::Event;
use chain::genesis::Genesis;
use chain::runtime::{Env, Runtime};
use chain::state::State;
use chain::units::{AlphaRao, NetUid, Rao, TAO};
use std::fmt::Debug;

/// Who sends a call as root.
pub(crate) const ROOT: u64 = 0;
pub(crate) const OWNER: u64 = 10;
pub(crate) const OWNER_HOT: u64 = 11;
pub(crate) const STAKER: u64 = 20;
pub(crate) const VALI_COLD: u64 = 30;
pub(crate) const VALI: u64 = 31;
pub(crate) const POOR: u64 = 90;
pub(crate) const NET: NetUid = NetUid(2);

pub(crate) fn id(number: u64) -> AccountId {
    AccountId::from_number(number)
}

/// A chain with one started subnet, a registered validator, and people with TAO.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) state: State,
}

impl World {
    pub(crate) fn new() -> Self {
        let rich = [OWNER, STAKER, VALI_COLD].map(|who| (id(who), Rao(100_000 * TAO)));
        let genesis = Genesis::reference(rich).unwrap().with_balance(id(POOR), Rao(TAO)).unwrap();
        let mut world = Self { state: genesis.state };
        world.step();
        world.ok(OWNER, Call::RegisterNetwork { hotkey: id(OWNER_HOT) });
        world.state.subnet_mut(NET).params_mut().commit_reveal_weights_enabled = false;
        world.ok(OWNER, Call::StartCall { netuid: NET });
        world.ok(VALI_COLD, Call::BurnedRegister { netuid: NET, hotkey: id(VALI) });
        world
    }

    pub(crate) fn env(&self) -> Env {
        let number = self.state.block + 1;
        Env {
            number,
            timestamp_ms: number * 12_000,
            parent_hash: [0; 32],
            lottery: [0; 32],
            author: Some(id(12_345)),
        }
    }

    pub(crate) fn step(&mut self) {
        self.run_block(&[]);
    }

    /// One block; gives the outcome of each call as the reference data writes it, and the events.
    pub(crate) fn run_block(&mut self, extrinsics: &[Extrinsic]) -> (Vec<String>, Vec<Event>) {
        let mut runtime = Runtime::default();
        let env = self.env();
        let mut block = runtime.begin_block(&mut self.state, env);
        let results = extrinsics
            .iter()
            .map(|extrinsic| match runtime.apply_extrinsic(&mut self.state, &mut block, extrinsic).result {
                Ok(()) => "ok".to_owned(),
                Err(Failure::Dispatch(error)) => error.to_string(),
                Err(invalid) => invalid.to_string(),
            })
            .collect();
        let outcome = runtime.end_block(&mut self.state, block);
        (results, outcome.events.into_iter().map(|record| record.event).collect())
    }

    pub(crate) fn send(&mut self, who: u64, call: impl Into<RuntimeCall>) -> String {
        self.run_block(&[extrinsic(who, call)]).0.remove(0)
    }

    #[track_caller]
    pub(crate) fn ok(&mut self, who: u64, call: impl Into<RuntimeCall>) {
        assert_eq!(self.send(who, call), "ok");
    }

    pub(crate) fn stake(&self, who: u64, hotkey: u64, netuid: NetUid) -> AlphaRao {
        chain::runtime::shares::stake(&self.state, &id(hotkey), &id(who), netuid)
    }
}

/// A call of root, or of an account.
pub(crate) fn extrinsic(who: u64, call: impl Into<RuntimeCall>) -> Extrinsic {
    match who {
        ROOT => Extrinsic::Root(call.into()),
        _ => Extrinsic::Unchecked { who: id(who), call: call.into() },
    }
}

/// Outcome of a call that passes and changes nothing.
pub(crate) const NO_OP: &str = "ok, without a trace";

/// One call after a change of the world, and what it gives.
pub(crate) type Row<C = Call> = (&'static str, u64, fn(&mut State), C);

pub(crate) fn nothing(_: &mut State) {}

#[track_caller]
pub(crate) fn check<C: Into<RuntimeCall> + Debug>(base: &World, rows: Vec<Row<C>>) {
    for (expected, who, change, call) in rows {
        let mut world = base.clone();
        change(&mut world.state);
        let text = format!("{call:?}");
        let twin = {
            let mut world = world.clone();
            world.step();
            world.state
        };
        let passes = expected == "ok";
        let expected = if expected == NO_OP { "ok" } else { expected };
        let expected = if expected == "ok" || expected.contains('.') || expected == "BadOrigin" {
            expected.to_owned()
        } else {
            format!("SubtensorModule.{expected}")
        };
        assert_eq!(world.send(who, call), expected, "{text}");
        if passes {
            assert_ne!(world.state, twin, "{text}: a call that passes leaves more than an empty block");
        } else {
            assert_eq!(world.state, twin, "{text}: the call leaves what an empty block leaves");
        }
    }
}

pub(crate) fn add(hotkey: u64, netuid: NetUid, tao: u64) -> Call {
    Call::AddStake { hotkey: id(hotkey), netuid, amount_staked: Rao(tao) }
}

/// A world in which the staker staked 100 TAO on the validator.
pub(crate) fn staked() -> World {
    let mut world = World::new();
    world.ok(STAKER, add(VALI, NET, 100 * TAO));
    world
}
