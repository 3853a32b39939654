//! Voting power where a subnet keeps it, and root's bounds for child keys.

use crate::world::{NET, OWNER, ROOT, STAKER, VALI, World, check, extrinsic, id, nothing, staked};
use chain::call::subtensor::Call;
use chain::event::{Event, SubtensorModuleEvent as S};
use chain::runtime::calls::uids::append_neuron;
use chain::units::NetUid;

const ONE: u64 = 1_000_000_000_000_000_000;

fn enable() -> Call {
    Call::EnableVotingPowerTracking { netuid: NET }
}

fn disable() -> Call {
    Call::DisableVotingPowerTracking { netuid: NET }
}

fn alpha(alpha: u64) -> Call {
    Call::SudoSetVotingPowerEmaAlpha { netuid: NET, alpha }
}

#[test]
fn owner_and_root_switch_it_and_root_sets_its_pace() {
    check(
        &World::new(),
        vec![
            ("ok", OWNER, nothing, enable()),
            ("ok", ROOT, nothing, enable()),
            ("BadOrigin", STAKER, nothing, enable()),
            ("BadOrigin", OWNER, nothing, Call::EnableVotingPowerTracking { netuid: NetUid(9) }),
            ("ok", OWNER, |s| s.subnet_mut(NET).params_mut().voting_power_tracking_enabled = true, disable()),
            ("VotingPowerTrackingNotEnabled", OWNER, nothing, disable()),
            ("BadOrigin", STAKER, nothing, disable()),
            ("BadOrigin", OWNER, nothing, Call::DisableVotingPowerTracking { netuid: NetUid(9) }),
            ("ok", ROOT, nothing, alpha(ONE)),
            ("InvalidVotingPowerEmaAlpha", ROOT, nothing, alpha(ONE + 1)),
            ("BadOrigin", OWNER, nothing, alpha(1)),
        ],
    );
}

/// Runs up to and with the next epoch of the subnet.
fn run_epoch(world: &mut World) {
    let before = world.state.subnet(NET).unwrap().schedule.epoch_index;
    let tempo = world.state.subnet(NET).unwrap().params.tempo;
    for _ in 0..=tempo {
        world.step();
        if world.state.subnet(NET).unwrap().schedule.epoch_index > before {
            return;
        }
    }
    panic!("no epoch in {tempo} blocks");
}

fn power(world: &World, hotkey: u64) -> Option<u64> {
    world.state.subnet(NET).unwrap().voting_power.get(&id(hotkey)).copied()
}

/// Registered without stake, so without a permit.
const MINER: u64 = 41;

/// A short tempo, a miner, and an average that takes the half of what is new.
fn tracked() -> World {
    let mut world = staked();
    let params = world.state.subnet_mut(NET).params_mut();
    params.tempo = 5;
    params.voting_power_ema_alpha = ONE / 2;
    append_neuron(world.state.subnet_mut(NET), &id(MINER), 1);
    world.ok(OWNER, enable());
    world
}

#[test]
fn power_is_a_slow_average_of_the_stake_of_those_with_a_permit() {
    let mut world = tracked();
    world.state.subnet_mut(NET).voting_power.insert(id(MINER), 1_000);
    run_epoch(&mut world);
    let first = power(&world, VALI).unwrap();
    assert!(first > 0);
    assert_eq!(power(&world, MINER), None, "no permit");
    // Halfway from what it was to the stake, which the epoch sees as it is before the epoch pays.
    let stake = chain::runtime::shares::hotkey_stake(&world.state, &id(VALI), NET).0;
    run_epoch(&mut world);
    assert_eq!(
        power(&world, VALI),
        Some(u64::try_from((u128::from(stake) + u128::from(first)) / 2).unwrap())
    );
}

#[test]
fn power_goes_with_the_permit_and_below_the_threshold() {
    let mut world = tracked();
    run_epoch(&mut world);
    let row = world.state.subnet_mut(NET);
    row.voting_power.insert(id(VALI), u64::MAX);
    row.voting_power.insert(id(77), 5);
    world.state.globals_mut().stake_threshold = u64::MAX;
    run_epoch(&mut world);
    assert_eq!(power(&world, VALI), None);
    assert_eq!(power(&world, 77), None, "not registered");
}

#[test]
fn tracking_ends_with_the_first_epoch_after_the_delay() {
    let mut world = tracked();
    run_epoch(&mut world);
    let (_, events) = world.run_block(&[extrinsic(OWNER, disable())]);
    let ends = world.state.block + 100_800;
    let told = S::VotingPowerTrackingDisableScheduled { netuid: NET, disable_at_block: ends };
    assert!(events.contains(&Event::SubtensorModule(told)));
    run_epoch(&mut world);
    assert!(power(&world, VALI).is_some());
    world.state.block = ends - 1;
    let (_, events) = world.run_block(&[]);
    assert!(events.contains(&Event::SubtensorModule(S::VotingPowerTrackingDisabled { netuid: NET })));
    let subnet = world.state.subnet(NET).unwrap();
    assert!(subnet.voting_power.is_empty() && !subnet.params.voting_power_tracking_enabled);
    assert_eq!(subnet.params.voting_power_disable_at_block, 0);
}

#[test]
fn enabling_again_withdraws_the_end() {
    let mut world = tracked();
    world.ok(OWNER, disable());
    let (_, events) = world.run_block(&[extrinsic(OWNER, enable())]);
    assert!(events.contains(&Event::SubtensorModule(S::VotingPowerTrackingEnabled { netuid: NET })));
    assert_eq!(world.state.subnet(NET).unwrap().params.voting_power_disable_at_block, 0);
}

#[test]
fn root_sets_the_bounds_of_child_keys() {
    let calls = || {
        [
            Call::SudoSetTxChildkeyTakeRateLimit { tx_rate_limit: 9 },
            Call::SudoSetMinChildkeyTake { take: 10 },
            Call::SudoSetMaxChildkeyTake { take: 11 },
            Call::SetPendingChildkeyCooldown { cooldown: 12 },
        ]
    };
    check(&World::new(), calls().map(|call| ("ok", ROOT, nothing as fn(&mut _), call)).into());
    check(&World::new(), calls().map(|call| ("BadOrigin", OWNER, nothing as fn(&mut _), call)).into());
    let mut world = World::new();
    let (_, events) = world.run_block(&calls().map(|call| extrinsic(ROOT, call)));
    for told in [S::TxChildKeyTakeRateLimitSet(9), S::MinChildKeyTakeSet(10), S::MaxChildKeyTakeSet(11)] {
        assert!(events.contains(&Event::SubtensorModule(told)));
    }
    let globals = &world.state.globals;
    assert_eq!((globals.min_childkey_take, globals.max_childkey_take), (10, 11));
    assert_eq!((globals.tx_childkey_take_rate_limit, globals.pending_childkey_cooldown), (9, 12));
}
