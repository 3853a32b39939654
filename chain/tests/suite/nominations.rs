//! Stake on hotkeys of others: how small it may be, and who gets it as a child.

use crate::world::{NET, OWNER, ROOT, STAKER, VALI, VALI_COLD, World, add, extrinsic, id, staked};
use chain::call::admin_utils::Call as Admin;
use chain::call::subtensor::Call;
use chain::event::{Event, SubtensorModuleEvent as S};
use chain::runtime::{Rules, Runtime};
use chain::units::{AlphaRao, TAO};

fn minimum(millionths: u64) -> Admin {
    Admin::SudoSetNominatorMinRequiredStake { min_stake: millionths }
}

#[test]
fn a_raised_minimum_pays_out_what_is_below_it() {
    let mut world = staked();
    world.ok(OWNER, add(VALI, NET, 1_000 * TAO));
    world.ok(VALI_COLD, add(VALI, NET, TAO));
    let before = world.stake(OWNER, VALI, NET);
    // A minimum of 1,000 TAO: between what the two positions are worth.
    let (results, events) = world.run_block(&[extrinsic(ROOT, minimum(500_000_000_000))]);
    assert_eq!(results, ["ok"]);
    assert_eq!(world.stake(STAKER, VALI, NET), AlphaRao::ZERO);
    assert!(world.stake(OWNER, VALI, NET) >= before);
    assert!(!world.stake(VALI_COLD, VALI, NET).is_zero(), "the hotkey is its own");
    let paid: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::SubtensorModule(S::StakeRemoved(coldkey, hotkey, ..)) => Some((*coldkey, *hotkey)),
            _ => None,
        })
        .collect();
    assert_eq!(paid, [(id(STAKER), id(VALI))]);
}

#[test]
fn a_minimum_that_is_not_raised_pays_out_nothing() {
    let mut world = staked();
    world.state.globals_mut().nominator_min_required_stake = 100_000_000_000;
    let before = world.stake(STAKER, VALI, NET);
    world.ok(ROOT, minimum(100_000_000_000));
    world.ok(ROOT, minimum(99_000_000_000));
    assert!(world.stake(STAKER, VALI, NET) >= before);
}

/// Blocks after which a hotkey may set its children again.
fn wait_for_children(rules: Rules) -> u64 {
    let mut world = World::new();
    let mut runtime = Runtime::new(rules, [0; 32]);
    let call = || Call::SetChildren { hotkey: id(VALI), netuid: NET, children: vec![(1, id(50))] };
    world.ok(VALI_COLD, call());
    let set_at = world.state.block;
    loop {
        let env = world.env();
        let mut block = runtime.begin_block(&mut world.state, env);
        let receipt = runtime.apply_extrinsic(&mut world.state, &mut block, &extrinsic(VALI_COLD, call()));
        runtime.end_block(&mut world.state, block);
        if receipt.result.is_ok() {
            return world.state.block - set_at;
        }
    }
}

#[test]
fn children_are_set_again_after_the_interval_of_the_rules() {
    assert_eq!(wait_for_children(Rules::default()), 150);
    assert_eq!(wait_for_children(chain::genesis::Genesis::new().with_fast_values().rules), 15);
}
