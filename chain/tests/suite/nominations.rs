//! Stake on hotkeys of others: how small it may be, and who gets it as a child.

use crate::world::{NET, OWNER, ROOT, STAKER, VALI, VALI_COLD, World, add, extrinsic, id, staked};
use chain::account::AccountOrder;
use chain::block::Extrinsic;
use chain::call::admin_utils::Call as Admin;
use chain::call::subtensor::Call;
use chain::event::{BalancesEvent, Event, SubtensorModuleEvent as S};
use chain::runtime::{Constants, Rules, Runtime};
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

/// Accounts in whose order their bytes, their numbers and their storage keys differ.
const HOLDERS: [u64; 4] = [257, 300, 512, 3];

fn held_by_many(order: AccountOrder, call: Extrinsic) -> Vec<Event> {
    let mut world = staked();
    for who in HOLDERS {
        world.ok(
            STAKER,
            Call::TransferStake {
                destination_coldkey: id(who),
                hotkey: id(VALI),
                origin_netuid: NET,
                destination_netuid: NET,
                alpha_amount: AlphaRao(TAO),
            },
        );
    }
    let mut runtime = Runtime::default().sorting(order);
    let env = world.env();
    let mut block = runtime.begin_block(&mut world.state, env);
    assert_eq!(runtime.apply_extrinsic(&mut world.state, &mut block, &call).result, Ok(()));
    runtime.end_block(&mut world.state, block).events.into_iter().map(|record| record.event).collect()
}

#[test]
fn small_nominations_are_sold_by_the_bytes_of_their_accounts() {
    let sold = |order| {
        let events = held_by_many(order, extrinsic(ROOT, minimum(50_000_000_000)));
        let sellers = events.into_iter().filter_map(|event| match event {
            Event::SubtensorModule(S::StakeRemoved(coldkey, ..)) => {
                HOLDERS.into_iter().find(|who| id(*who) == coldkey)
            }
            _ => None,
        });
        sellers.collect::<Vec<_>>()
    };
    assert_eq!(sold(AccountOrder::Bytes), [512, 257, 3, 300]);
    assert_eq!(sold(AccountOrder::Number), [3, 257, 300, 512]);
}

#[test]
fn a_dissolved_subnet_pays_the_holders_of_a_hotkey_in_one_order_or_by_remainders() {
    let call = Call::RootDissolveNetwork { netuid: NET };
    let events = held_by_many(AccountOrder::Bytes, extrinsic(ROOT, call));
    let paid: Vec<_> = events
        .into_iter()
        .filter_map(|event| match event {
            Event::Balances(BalancesEvent::Transfer { to, amount, .. }) => {
                HOLDERS.into_iter().find(|who| id(*who) == to).map(|who| (who, amount))
            }
            _ => None,
        })
        .collect();
    // Equal positions have equal remainders, so that they keep the order of their bytes.
    assert_eq!(paid.iter().map(|(who, _)| *who).collect::<Vec<_>>(), [512, 257, 3, 300]);
    assert!(paid.iter().all(|(_, amount)| amount.get().abs_diff(paid[0].1.get()) <= 1), "{paid:?}");
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
    let constants = Constants { set_children_interval: 15, ..Constants::FAST };
    assert_eq!(wait_for_children(Rules { constants, ..Rules::default() }), 15);
    assert_eq!(wait_for_children(chain::genesis::Genesis::new().with_fast_values().rules), 150);
}
