//! Calls that are allowed to move what invariants hold still: no alarm is raised.

use crate::world::{NET, ROOT, STAKER, World, extrinsic, id};
use chain::account::AccountId;
use chain::block::Extrinsic;
use chain::call::admin_utils::Call as Admin;
use chain::call::{BalancesCall, RuntimeCall, subtensor::Call};
use chain::genesis::Genesis;
use chain::invariants::{Checker, Invariant};
use chain::math::fixed::I96F32;
use chain::runtime::{Env, Runtime};
use chain::state::State;
use chain::units::{Rao, TAO};

/// Plays blocks of calls under all invariants.
#[track_caller]
fn play(runtime: &mut Runtime, state: &mut State, blocks: Vec<Vec<Extrinsic>>) {
    for calls in blocks {
        let number = state.block + 1;
        let env = Env {
            number,
            timestamp_ms: number * 12_000,
            parent_hash: [0; 32],
            lottery: [0; 32],
            author: Some(id(12_345)),
        };
        let mut block = runtime.begin_block(state, env);
        for call in calls {
            let receipt = runtime.apply_extrinsic(state, &mut block, &call);
            assert_eq!(receipt.result, Ok(()), "{call:?}");
        }
        let outcome = runtime.end_block(state, block);
        assert_eq!(outcome.violations, [], "block {number}");
    }
}

fn set_balance(who: u64, free: u64) -> Extrinsic {
    extrinsic(ROOT, BalancesCall::ForceSetBalance { who: id(who).into(), new_free: Rao(free) })
}

fn moving_alpha(parts: i128) -> Extrinsic {
    extrinsic(ROOT, Admin::SudoSetSubnetMovingAlpha { alpha: I96F32(parts) })
}

fn checked(state: &State) -> Runtime {
    Runtime::default().checked(Checker::resume(state, Invariant::ALL))
}

#[test]
fn root_may_set_balances() {
    let mut state = World::new().state;
    let blocks = vec![
        vec![set_balance(STAKER, 7 * TAO)],
        vec![set_balance(STAKER, 70_000 * TAO), set_balance(500, TAO), set_balance(STAKER, 499)],
        // Above all that may ever be issued by the rules, and down again.
        vec![set_balance(501, 21_000_000 * TAO)],
        vec![],
        vec![set_balance(501, 0)],
        vec![],
    ];
    play(&mut checked(&state), &mut state, blocks);
}

#[test]
fn root_may_set_any_factor_of_the_moving_price() {
    let mut state = World::new().state;
    // From the start call on the price is followed; the factor is a million, and then that of genesis.
    let usual = state.globals.subnet_moving_alpha.to_bits();
    let mut blocks = vec![vec![]; 20];
    blocks.push(vec![moving_alpha(1_000_000 << 32)]);
    blocks.extend(vec![vec![]; 5]);
    blocks.push(vec![moving_alpha(usual)]);
    blocks.extend(vec![vec![]; 5]);
    play(&mut checked(&state), &mut state, blocks);
    assert!(state.subnet(NET).unwrap().pool.moving_price > I96F32::ONE, "it was driven out of its range");
}

#[test]
fn a_fresh_development_chain_recycles_more_than_it_counted() {
    let genesis = Genesis::localnet().unwrap();
    let mut state = genesis.state.clone();
    let mut runtime =
        Runtime::new(genesis.rules.clone(), genesis.hash()).checked(Checker::new(&state, Invariant::ALL));
    let rich = state.balances.accounts.iter().max_by_key(|(_, row)| row.data.free);
    let who: AccountId = *rich.unwrap().0;
    let announce: RuntimeCall = Call::AnnounceColdkeySwap { new_coldkey_hash: [7; 32] }.into();
    play(&mut runtime, &mut state, vec![vec![Extrinsic::Unchecked { who, call: announce }], vec![]]);
}
