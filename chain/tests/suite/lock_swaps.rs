//! What a swap of keys does to locks, lists of relations, and rows that are kept by key.

use crate::world::{
    NET, OWNER, OWNER_HOT, POOR, ROOT, STAKER, VALI, VALI_COLD, World, add, extrinsic, id, staked,
};
use chain::call::subtensor::Call;
use chain::event::{Event, SubtensorModuleEvent as S};
use chain::math::fixed::U64F64;
use chain::runtime::locks::{self, Kind};
use chain::runtime::step::children::set_children;
use chain::state::State;
use chain::types::LockState;
use chain::units::{AlphaRao, TAO};

/// A hotkey without an owner.
const NEW: u64 = 40;
/// A coldkey without anything.
const FRESH: u64 = 41;
/// The last block before the swaps.
const LAST: u64 = 20_000;

fn swap(old: u64, new: u64) -> Call {
    Call::SwapHotkey { hotkey: id(old), new_hotkey: id(new), netuid: Some(NET) }
}

fn swap_coldkey(old: u64, new: u64) -> Call {
    Call::SwapColdkey { old_coldkey: id(old), new_coldkey: id(new), swap_cost: 0.into() }
}

/// Locks of two coldkeys towards a hotkey, made in different blocks, some hundred blocks before the swap.
fn locked_towards(hotkey: u64) -> World {
    let mut world = staked();
    world.ok(VALI_COLD, add(VALI, NET, 50 * TAO));
    world.state.subnet_mut(NET).params_mut().tempo = 0;
    for (block, who) in [(LAST - 700, STAKER), (LAST - 300, VALI_COLD)] {
        world.state.block = block;
        world.ok(who, Call::LockStake { hotkey: id(hotkey), netuid: NET, amount: AlphaRao(20 * TAO) });
    }
    world.state.block = LAST;
    world
}

fn lock(state: &State, coldkey: u64, hotkey: u64) -> Option<LockState> {
    state.subnet(NET).unwrap().locks.get(&(id(coldkey), id(hotkey))).cloned()
}

fn at_swap(state: &State, lock: &LockState, owner: bool) -> LockState {
    locks::rolled(state, lock, Kind { perpetual: false, owner }, LAST + 1).unwrap()
}

#[test]
fn a_hotkey_swap_brings_what_it_moves_up_to_date() {
    let mut world = locked_towards(VALI);
    let before = world.state.clone();
    world.ok(VALI_COLD, swap(VALI, NEW));
    for who in [STAKER, VALI_COLD] {
        let expected = at_swap(&before, &lock(&before, who, VALI).unwrap(), false);
        assert_eq!(lock(&world.state, who, NEW), Some(expected));
        assert_eq!(lock(&world.state, who, VALI), None);
    }
    let sums = |state: &State| state.subnet(NET).unwrap().decaying_hotkey_locks.clone();
    let expected = at_swap(&before, sums(&before).get(&id(VALI)).unwrap(), false);
    assert_eq!(sums(&world.state).get(&id(NEW)), Some(&expected));
    assert!(!sums(&world.state).contains_key(&id(VALI)));
}

#[test]
fn a_swap_of_the_owner_hotkey_is_announced_first_and_keeps_the_owners_sum() {
    let mut world = locked_towards(OWNER_HOT);
    // A sum of the new hotkey's own is not joined to it.
    let own = LockState { locked_mass: AlphaRao(500), conviction: U64F64::ZERO, last_update: 1 };
    world.state.subnet_mut(NET).decaying_hotkey_locks.insert(id(NEW), own.clone());
    let before = world.state.clone();
    let (results, events) = world.run_block(&[extrinsic(OWNER, swap(OWNER_HOT, NEW))]);
    assert_eq!(results, ["ok"]);
    let of_swap: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::SubtensorModule(S::SubnetOwnerHotkeySet(netuid, hotkey)) => Some((*netuid, *hotkey, true)),
            Event::SubtensorModule(S::HotkeySwappedOnSubnet { netuid, new_hotkey, .. }) => {
                Some((*netuid, *new_hotkey, false))
            }
            _ => None,
        })
        .collect();
    assert_eq!(of_swap, [(NET, id(NEW), true), (NET, id(NEW), false)]);
    let subnet = world.state.subnet(NET).unwrap();
    let expected = at_swap(&before, before.subnet(NET).unwrap().decaying_owner_lock.as_ref().unwrap(), true);
    assert_eq!(expected.conviction, U64F64::from_u64(expected.locked_mass.get()), "the owner's is the mass");
    assert_eq!(subnet.decaying_owner_lock, Some(expected));
    assert_eq!(subnet.decaying_hotkey_locks.get(&id(NEW)), Some(&own));
}

#[test]
fn a_coldkey_swap_takes_a_lock_out_of_its_sum_and_adds_it_again() {
    let mut world = locked_towards(VALI);
    let before = world.state.clone();
    world.ok(ROOT, swap_coldkey(STAKER, FRESH));
    let moved = at_swap(&before, &lock(&before, STAKER, VALI).unwrap(), false);
    assert_eq!(lock(&world.state, FRESH, VALI), Some(moved.clone()));
    let sum =
        |state: &State| state.subnet(NET).unwrap().decaying_hotkey_locks.get(&id(VALI)).cloned().unwrap();
    // The sum is that of two locks rolled as one: it lags behind the conviction of the part that leaves.
    let mut expected = at_swap(&before, &sum(&before), false);
    expected.conviction =
        expected.conviction.saturating_sub(moved.conviction).saturating_add(moved.conviction);
    assert_eq!(sum(&world.state), expected);
}

#[test]
fn a_coldkey_swap_moves_every_choice_and_flag() {
    let mut world = staked();
    let (old, new) = (id(STAKER), id(FRESH));
    // Without any lock, and on a subnet without stake.
    for netuid in [NET, 1.into()] {
        world.state.subnet_mut(netuid).decaying_lock.insert(old, false);
    }
    world.state.coldkey_mut(&old).flags = 1;
    world.ok(ROOT, swap_coldkey(STAKER, FRESH));
    for netuid in [NET, 1.into()] {
        let choices = &world.state.subnet(netuid).unwrap().decaying_lock;
        assert_eq!((choices.get(&old), choices.get(&new)), (None, Some(&false)));
    }
    let flags = |world: &World, who| world.state.coldkey(who).map_or(0, |row| row.flags);
    assert_eq!((flags(&world, &old), flags(&world, &new)), (0, 1));
    // What the old one does not have, the new one loses.
    world.state.coldkey_mut(&id(POOR)).flags = 1;
    world.ok(ROOT, swap_coldkey(VALI_COLD, POOR));
    assert_eq!(flags(&world, &id(POOR)), 0);
}

#[test]
fn a_lock_with_mass_bars_its_coldkey_from_taking_over() {
    let mut world = locked_towards(VALI);
    let dust = LockState { conviction: U64F64::from_u64(1_000), ..LockState::default() };
    world.state.subnet_mut(NET).locks.insert((id(FRESH), id(VALI)), dust);
    let mut barred = world.clone();
    let row = barred.state.subnet_mut(NET).locks.get_mut(&(id(FRESH), id(VALI))).unwrap();
    (row.locked_mass, row.last_update) = (AlphaRao(1_000), LAST);
    assert_eq!(barred.send(ROOT, swap_coldkey(STAKER, FRESH)), "SubtensorModule.ActiveLockExists");
    world.ok(ROOT, swap_coldkey(STAKER, FRESH));
}

#[test]
fn relations_are_listed_anew_after_a_hotkey_swap() {
    let (vali, new) = (id(VALI), id(NEW));
    let mut world = locked_towards(VALI);
    let state = &mut world.state;
    for (parent, children) in [
        (VALI, vec![(5, id(258)), (4, id(3)), (3, id(257))]),
        (60, vec![(1, vali), (1, id(3))]),
        // What the new hotkey was to others before is gone.
        (NEW, vec![(7, id(61))]),
    ] {
        set_children(state, NET, &id(parent), &children).unwrap();
    }
    let pending = &mut state.subnet_mut(NET).pending_children;
    pending.insert(id(62), (vec![(1, vali), (2, id(3))], 90_000));
    let rows = &mut state.subnet_mut(NET).children;
    rows.insert(vali, vec![(5, id(258)), (4, id(3)), (3, id(257))]);
    world.ok(VALI_COLD, swap(VALI, NEW));
    let subnet = world.state.subnet(NET).unwrap();
    // By the bytes of the accounts: 257 and 258 begin with 1 and 2.
    assert_eq!(subnet.children.get(&new), Some(&vec![(3, id(257)), (5, id(258)), (4, id(3))]));
    assert_eq!(subnet.children.get(&id(60)), Some(&vec![(1, id(3)), (1, new)]), "the new one comes last");
    assert_eq!(subnet.parents.get(&new), Some(&vec![(1, id(60))]));
    assert_eq!(subnet.parents.get(&id(61)), None);
    assert_eq!(subnet.pending_children.get(&id(62)), Some(&(vec![(2, id(3)), (1, new)], 90_000)));
}

#[test]
fn a_list_that_waits_must_suit_the_new_hotkey() {
    let mut world = locked_towards(VALI);
    world.state.subnet_mut(NET).pending_children.insert(id(VALI), (vec![(1, id(NEW))], 90_000));
    assert_eq!(world.send(VALI_COLD, swap(VALI, NEW)), "SubtensorModule.InvalidChild");
}

#[test]
fn a_hotkey_without_a_uid_keeps_what_an_earlier_one_left() {
    let mut world = locked_towards(VALI);
    let old = id(77);
    world.state.hotkey_mut(&old).owner = Some(id(VALI_COLD));
    let subnet = world.state.subnet_mut(NET);
    subnet.prometheus.insert(old, Default::default());
    subnet.childkey_take.insert(old, 9);
    world.ok(VALI_COLD, swap(77, NEW));
    let subnet = world.state.subnet(NET).unwrap();
    assert!(subnet.prometheus.contains_key(&old) && !subnet.prometheus.contains_key(&id(NEW)));
    assert_eq!(subnet.childkey_take.get(&id(NEW)), Some(&9));
}
