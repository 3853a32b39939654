//! Each error of the calls about locks has a row that triggers exactly it, beside a row that passes.

use super::world::{NET, OWNER, OWNER_HOT, POOR, STAKER, VALI, VALI_COLD, World, check, id, nothing, staked};
use chain::block::Extrinsic;
use chain::call::subtensor::Call;
use chain::event::{Event, SubtensorModuleEvent};
use chain::math::fixed::U64F64;
use chain::runtime::locks;
use chain::state::State;
use chain::types::LockState;
use chain::units::{AlphaRao, NetUid, TAO};

const ROOT: NetUid = NetUid::ROOT;

fn lock(hotkey: u64, amount: u64) -> Call {
    Call::LockStake { hotkey: id(hotkey), netuid: NET, amount: AlphaRao(amount) }
}

fn move_lock(destination: u64) -> Call {
    Call::MoveLock { destination_hotkey: id(destination), netuid: NET }
}

fn perpetual(enabled: bool) -> Call {
    Call::SetPerpetualLock { netuid: NET, enabled }
}

fn reject(enabled: bool) -> Call {
    Call::SetRejectLockedAlpha { enabled }
}

fn give(to: u64, amount: u64) -> Call {
    Call::TransferStake {
        destination_coldkey: id(to),
        hotkey: id(VALI),
        origin_netuid: NET,
        destination_netuid: NET,
        alpha_amount: AlphaRao(amount),
    }
}

/// The staker has some 99 alpha, of which 40 are locked towards the validator.
fn locked() -> World {
    let mut world = staked();
    world.ok(STAKER, lock(VALI, 40 * TAO));
    world
}

fn held(state: &State, who: u64) -> Option<(u64, LockState)> {
    let numbers = [VALI, OWNER_HOT, STAKER];
    let (hotkey, lock) = locks::lock_of(state, &id(who), NET)?;
    let number = numbers.into_iter().find(|number| id(*number) == *hotkey).unwrap();
    Some((number, lock.clone()))
}

fn mass(state: &State, who: u64) -> u64 {
    held(state, who).map_or(0, |(_, lock)| lock.locked_mass.get())
}

/// Sum over a hotkey's locks that are not the owner's: perpetual, decaying.
fn sums(state: &State, hotkey: u64) -> (Option<LockState>, Option<LockState>) {
    let subnet = state.subnet(NET).unwrap();
    let sum = |rows: &chain::state::Map<_, LockState>| rows.get(&id(hotkey)).cloned();
    (sum(&subnet.hotkey_locks), sum(&subnet.decaying_hotkey_locks))
}

#[track_caller]
fn event_of(world: &mut World, who: u64, call: Call) -> SubtensorModuleEvent {
    let (results, events) = world.run_block(&[Extrinsic::Unchecked { who: id(who), call: call.into() }]);
    assert_eq!(results, ["ok"]);
    let of_pallet = |event| match event {
        Event::SubtensorModule(event) => Some(event),
        _ => None,
    };
    events.into_iter().rev().find_map(of_pallet).unwrap()
}

#[test]
fn lock_stake_refuses_what_is_not_there() {
    check(
        &staked(),
        vec![
            ("ok", STAKER, nothing, lock(VALI, TAO)),
            // Nothing needs to be staked to the hotkey of a lock.
            ("ok", STAKER, nothing, lock(OWNER_HOT, TAO)),
            ("AmountTooLow", STAKER, nothing, lock(VALI, 0)),
            ("HotKeyAccountNotExists", STAKER, nothing, lock(77, TAO)),
            ("InsufficientStakeForLock", STAKER, nothing, lock(VALI, 100 * TAO)),
            ("InsufficientStakeForLock", POOR, nothing, lock(VALI, 1)),
        ],
    );
    check(
        &locked(),
        vec![
            ("ok", STAKER, nothing, lock(VALI, 40 * TAO)),
            ("LockHotkeyMismatch", STAKER, nothing, lock(OWNER_HOT, TAO)),
            ("InsufficientStakeForLock", STAKER, nothing, lock(VALI, 60 * TAO)),
        ],
    );
}

#[test]
fn move_lock_needs_a_lock_and_a_hotkey() {
    check(
        &locked(),
        vec![
            ("ok", STAKER, nothing, move_lock(OWNER_HOT)),
            ("ok", STAKER, nothing, move_lock(VALI)),
            ("HotKeyAccountNotExists", STAKER, nothing, move_lock(77)),
            ("NoExistingLock", POOR, nothing, move_lock(OWNER_HOT)),
            (
                "NoExistingLock",
                STAKER,
                nothing,
                Call::MoveLock { destination_hotkey: id(VALI), netuid: ROOT },
            ),
        ],
    );
}

#[test]
fn what_is_locked_cannot_leave() {
    let remove =
        |amount| Call::RemoveStake { hotkey: id(VALI), netuid: NET, amount_unstaked: AlphaRao(amount) };
    let swap = |amount| Call::SwapStake {
        hotkey: id(VALI),
        origin_netuid: NET,
        destination_netuid: ROOT,
        alpha_amount: AlphaRao(amount),
    };
    let recycle = |amount| Call::RecycleAlpha { hotkey: id(VALI), netuid: NET, amount: AlphaRao(amount) };
    let burn = |amount| Call::BurnAlpha { hotkey: id(VALI), netuid: NET, amount: AlphaRao(amount) };
    let within = |amount| Call::MoveStake {
        origin_hotkey: id(VALI),
        destination_hotkey: id(OWNER_HOT),
        origin_netuid: NET,
        destination_netuid: NET,
        alpha_amount: AlphaRao(amount),
    };
    let root_open = |state: &mut State| state.subnet_mut(ROOT).pool.subtoken_enabled = true;
    check(
        &locked(),
        vec![
            ("ok", STAKER, nothing, remove(50 * TAO)),
            ("StakeUnavailable", STAKER, nothing, remove(60 * TAO)),
            ("ok", STAKER, root_open, swap(50 * TAO)),
            ("StakeUnavailable", STAKER, root_open, swap(60 * TAO)),
            ("ok", STAKER, nothing, recycle(50 * TAO)),
            ("StakeUnavailable", STAKER, nothing, recycle(60 * TAO)),
            ("ok", STAKER, nothing, burn(50 * TAO)),
            ("StakeUnavailable", STAKER, nothing, burn(60 * TAO)),
            // Locked alpha may move between hotkeys of its subnet.
            ("ok", STAKER, nothing, within(90 * TAO)),
        ],
    );
}

#[test]
fn a_transfer_takes_free_stake_first() {
    let accept = |state: &mut State| state.coldkey_mut(&id(POOR)).flags = 1;
    check(
        &locked(),
        vec![
            ("ok", STAKER, nothing, give(POOR, 50 * TAO)),
            ("AccountRejectsLockedAlpha", STAKER, nothing, give(POOR, 60 * TAO)),
            ("ok", STAKER, accept, give(POOR, 60 * TAO)),
        ],
    );
    // The receiver has a lock of its own, towards another hotkey.
    let mut world = locked();
    world.ok(STAKER, give(POOR, 10 * TAO));
    world.ok(POOR, lock(OWNER_HOT, TAO));
    world.ok(POOR, reject(false));
    check(
        &world,
        vec![
            ("ok", STAKER, nothing, give(POOR, 40 * TAO)),
            ("LockHotkeyMismatch", STAKER, nothing, give(POOR, 60 * TAO)),
            ("ok", POOR, nothing, move_lock(VALI)),
        ],
    );
    world.ok(POOR, move_lock(VALI));
    world.ok(STAKER, give(POOR, 60 * TAO));
    assert!(mass(&world.state, STAKER) < 30 * TAO && mass(&world.state, POOR) > 11 * TAO);
}

#[test]
fn a_transfer_of_free_stake_refreshes_both_locks_and_no_sum() {
    let mut world = locked();
    world.ok(STAKER, give(POOR, 10 * TAO));
    world.ok(POOR, lock(OWNER_HOT, TAO));
    world.step();
    let before = world.state.clone();
    world.ok(STAKER, give(POOR, 10 * TAO));
    let now = world.state.block;
    for who in [STAKER, POOR] {
        let (hotkey, lock) = held(&before, who).unwrap();
        let kind = locks::kind(&before, &id(who), &id(hotkey), NET);
        let expected = locks::rolled(&before, &lock, kind, now);
        assert!(lock.last_update < now);
        assert_eq!(held(&world.state, who).map(|(_, lock)| lock), expected);
    }
    assert_eq!(sums(&world.state, VALI), sums(&before, VALI));
    let owners = |state: &State| state.subnet(NET).unwrap().decaying_owner_lock.clone();
    assert_eq!(owners(&world.state), owners(&before));
}

#[test]
fn another_hotkey_of_the_receiver_is_refused_before_its_flags() {
    let mut world = locked();
    world.ok(STAKER, give(POOR, 10 * TAO));
    assert_eq!(world.send(STAKER, give(POOR, 70 * TAO)), "SubtensorModule.AccountRejectsLockedAlpha");
    world.ok(POOR, lock(OWNER_HOT, TAO));
    assert_eq!(world.send(STAKER, give(POOR, 70 * TAO)), "SubtensorModule.LockHotkeyMismatch");
}

#[test]
fn less_than_a_hundred_is_locked_in_words_only() {
    let mut world = staked();
    for amount in [1, 99] {
        let told = SubtensorModuleEvent::StakeLocked {
            coldkey: id(STAKER),
            hotkey: id(VALI),
            netuid: NET,
            amount: AlphaRao(amount),
        };
        assert_eq!(event_of(&mut world, STAKER, lock(VALI, amount)), told);
        assert_eq!(held(&world.state, STAKER), None);
        assert_eq!(sums(&world.state, VALI), (None, None));
    }
    world.ok(STAKER, lock(VALI, 100));
    assert_eq!(mass(&world.state, STAKER), 100);
}

#[test]
fn a_sum_is_rolled_as_one_lock_before_a_part_leaves() {
    let mut world = locked();
    world.ok(OWNER, super::world::add(VALI, NET, 100 * TAO));
    for _ in 0..20 {
        world.step();
    }
    world.ok(OWNER, lock(VALI, 10 * TAO));
    for _ in 0..20 {
        world.step();
    }
    let before = world.state.clone();
    world.ok(STAKER, move_lock(OWNER_HOT));
    let now = world.state.block;
    let kind = locks::Kind { perpetual: false, owner: false };
    let rolled = |lock: &LockState| locks::rolled(&before, lock, kind, now).unwrap();
    let (sum, part) = (rolled(&sums(&before, VALI).1.unwrap()), rolled(&held(&before, STAKER).unwrap().1));
    let left = LockState {
        locked_mass: sum.locked_mass.saturating_sub(part.locked_mass),
        conviction: sum.conviction.saturating_sub(part.conviction),
        last_update: now,
    };
    assert_eq!(sums(&world.state, VALI), (None, Some(left)));
}

#[test]
fn a_lock_that_has_become_dust_can_still_be_moved() {
    let mut world = locked();
    let row = LockState { locked_mass: AlphaRao(50), ..LockState::default() };
    world.state.subnet_mut(NET).locks.insert((id(STAKER), id(VALI)), row);
    world.ok(STAKER, move_lock(OWNER_HOT));
    assert_eq!(held(&world.state, STAKER), None);
}

#[test]
fn lock_and_conviction_move_in_one_proportion() {
    let mut world = staked();
    world.ok(STAKER, perpetual(true));
    world.ok(STAKER, lock(VALI, 40 * TAO));
    world.ok(POOR, reject(false));
    for _ in 0..50 {
        world.step();
    }
    let total = world.stake(STAKER, VALI, NET);
    let free = total.saturating_sub(AlphaRao(40 * TAO)).get();
    world.ok(STAKER, give(POOR, free + 10 * TAO));
    let ((_, sent), (_, got)) = (held(&world.state, STAKER).unwrap(), held(&world.state, POOR).unwrap());
    assert_eq!((sent.locked_mass, got.locked_mass), (AlphaRao(30 * TAO), AlphaRao(10 * TAO)));
    let thrice = got.conviction.saturating_mul(U64F64::from_u64(3));
    assert!(!got.conviction.is_zero() && sent.conviction.saturating_sub(thrice) < U64F64::ONE);
    // The receiver did not choose a perpetual lock, so its part decays.
    assert_eq!(sums(&world.state, VALI), (Some(sent), Some(got)));
}

#[test]
fn a_whole_lock_leaves_no_row() {
    let mut world = locked();
    world.ok(POOR, reject(false));
    let total = world.stake(STAKER, VALI, NET).get();
    world.ok(STAKER, give(POOR, total));
    assert_eq!(held(&world.state, STAKER), None);
    let (hotkey, lock) = held(&world.state, POOR).unwrap();
    assert_eq!(hotkey, VALI);
    assert_eq!(sums(&world.state, VALI), (None, Some(lock)));
}

#[test]
fn a_lock_moves_with_its_conviction_only_between_hotkeys_of_one_owner() {
    let mut world = locked();
    world.state.hotkey_mut(&id(35)).owner = Some(id(VALI_COLD));
    for _ in 0..20 {
        world.step();
    }
    let conviction = |world: &World| {
        let (_, lock) = locks::lock_of(&world.state, &id(STAKER), NET).unwrap();
        lock.conviction
    };
    let mut kept = world.clone();
    kept.ok(STAKER, move_lock(35));
    assert!(!conviction(&kept).is_zero());
    assert_eq!(sums(&kept.state, VALI), (None, None));
    let (_, sum) = sums(&kept.state, 35);
    assert_eq!(sum.unwrap().conviction, conviction(&kept));

    world.state.hotkey_mut(&id(36)).owner = Some(id(STAKER));
    let event = event_of(&mut world, STAKER, move_lock(36));
    let moved = SubtensorModuleEvent::LockMoved {
        coldkey: id(STAKER),
        origin_hotkey: id(VALI),
        destination_hotkey: id(36),
        netuid: NET,
    };
    assert_eq!(event, moved);
    assert!(conviction(&world).is_zero());
}

#[test]
fn a_lock_towards_the_owner_s_hotkey_has_its_mass_as_conviction() {
    let mut world = locked();
    world.ok(STAKER, move_lock(OWNER_HOT));
    let (_, lock) = held(&world.state, STAKER).unwrap();
    assert_eq!(lock.conviction, U64F64::from_u64(lock.locked_mass.get()));
    let subnet = world.state.subnet(NET).unwrap();
    assert_eq!((&subnet.owner_lock, &subnet.decaying_owner_lock), (&None, &Some(lock)));
    assert_eq!(sums(&world.state, VALI), (None, None));

    world.ok(STAKER, perpetual(true));
    let subnet = world.state.subnet(NET).unwrap();
    assert!(subnet.owner_lock.is_some() && subnet.decaying_owner_lock.is_none());
}

#[test]
fn perpetual_and_back_moves_the_lock_between_the_sums() {
    let mut world = locked();
    let event = event_of(&mut world, STAKER, perpetual(true));
    let updated =
        |enabled| SubtensorModuleEvent::PerpetualLockUpdated { coldkey: id(STAKER), netuid: NET, enabled };
    assert_eq!(event, updated(true));
    let (_, lock) = held(&world.state, STAKER).unwrap();
    assert_eq!(sums(&world.state, VALI), (Some(lock.clone()), None));
    let before = lock.locked_mass;
    for _ in 0..1_000 {
        world.step();
    }
    let event = event_of(&mut world, STAKER, perpetual(false));
    assert_eq!(event, updated(false));
    let (_, lock) = held(&world.state, STAKER).unwrap();
    assert_eq!(lock.locked_mass, before, "it kept its mass up to now");
    assert_eq!(sums(&world.state, VALI), (None, Some(lock)));
    assert!(world.state.subnet(NET).unwrap().decaying_lock.is_empty());
    for _ in 0..100 {
        world.step();
    }
    world.ok(STAKER, perpetual(false));
    assert!(mass(&world.state, STAKER) < before.get());
}

#[test]
fn without_a_lock_only_the_choice_is_kept() {
    let mut world = staked();
    world.ok(STAKER, perpetual(true));
    assert_eq!(held(&world.state, STAKER), None);
    world.ok(STAKER, lock(VALI, TAO));
    let (perpetual_sum, decaying) = sums(&world.state, VALI);
    assert!(perpetual_sum.is_some() && decaying.is_none());
}

#[test]
fn locked_alpha_is_refused_by_default() {
    let mut world = World::new();
    let flags = |world: &World| world.state.coldkey(&id(POOR)).map_or(0, |row| row.flags);
    let updated = |enabled| SubtensorModuleEvent::RejectLockedAlphaUpdated { coldkey: id(POOR), enabled };
    assert_eq!(flags(&world), 0);
    assert_eq!(event_of(&mut world, POOR, reject(false)), updated(false));
    assert_eq!(flags(&world), 1);
    assert_eq!(event_of(&mut world, POOR, reject(true)), updated(true));
    assert_eq!(flags(&world), 0);
}

#[test]
fn a_nomination_below_the_minimum_gives_up_its_lock() {
    let mut world = locked();
    // The rest of any sale is below this minimum, so it is paid out whatever is locked.
    world.state.globals_mut().nominator_min_required_stake = 1_000_000_000_000;
    world.ok(STAKER, Call::RemoveStake { hotkey: id(VALI), netuid: NET, amount_unstaked: AlphaRao(TAO) });
    assert_eq!(world.stake(STAKER, VALI, NET), AlphaRao::ZERO);
    assert_eq!(held(&world.state, STAKER), None);
    assert_eq!(sums(&world.state, VALI), (None, None));
}

#[test]
fn the_owner_s_cut_is_locked_when_the_subnet_asks_for_it() {
    for enabled in [false, true] {
        let mut world = World::new();
        let params = world.state.subnet_mut(NET).params_mut();
        params.tempo = 10;
        params.owner_cut_auto_lock_enabled = enabled;
        for _ in 0..25 {
            world.step();
        }
        let lock = held(&world.state, OWNER);
        assert!(!world.stake(OWNER, OWNER_HOT, NET).is_zero());
        assert_eq!(lock.is_some(), enabled);
        if let Some((hotkey, lock)) = lock {
            assert_eq!(hotkey, OWNER_HOT);
            assert_eq!(world.state.subnet(NET).unwrap().decaying_owner_lock, Some(lock));
        }
    }
}

#[test]
fn the_owner_s_cut_follows_a_lock_that_moved() {
    let mut world = World::new();
    let params = world.state.subnet_mut(NET).params_mut();
    params.tempo = 10;
    params.owner_cut_auto_lock_enabled = true;
    let locked = |world: &World| held(&world.state, OWNER).map(|(hotkey, lock)| (hotkey, lock.locked_mass));
    while locked(&world).is_none() {
        world.step();
    }
    world.ok(OWNER, Call::MoveLock { destination_hotkey: id(VALI), netuid: NET });
    let (hotkey, before) = locked(&world).unwrap();
    assert_eq!(hotkey, VALI);
    for _ in 0..25 {
        world.step();
    }
    let (hotkey, after) = locked(&world).unwrap();
    assert_eq!(hotkey, VALI);
    // It fades as any lock, so a growing one has been added to.
    assert!(after > before, "{before:?} became {after:?}");
}

#[test]
fn a_dissolved_subnet_forgets_its_locks_and_its_fee() {
    let mut world = locked();
    world.ok(STAKER, perpetual(true));
    let pristine = world.state.subnet(ROOT).unwrap().params.fee_rate;
    world.state.subnet_mut(NET).params_mut().fee_rate = 647;
    let call = Call::RootDissolveNetwork { netuid: NET };
    let (results, _) = world.run_block(&[Extrinsic::Root(call.into())]);
    assert_eq!(results, ["ok"]);
    let subnet = world.state.subnet(NET).unwrap();
    assert!(subnet.locks.is_empty() && subnet.hotkey_locks.is_empty() && subnet.decaying_lock.is_empty());
    assert_eq!(subnet.params.fee_rate, pristine);
}
