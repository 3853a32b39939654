//! A subnet changes hands by conviction.

use chain::account::AccountId;
use chain::event::{Event, SubtensorModuleEvent};
use chain::math::fixed::U64F64;
use chain::runtime::locks::OWNER_CHANGE_AGE;
use chain::runtime::{Buffers, Env, Exec, block_step, calls::uids, locks};
use chain::state::State;
use chain::types::LockState;
use chain::units::{AlphaRao, NetUid, Rao};

const N: NetUid = NetUid(2);
const OWNER: u64 = 100;
const OWNER_HOT: u64 = 200;
const RIVAL: u64 = 300;
const RIVAL_HOT: u64 = 400;
/// Born here, so it is old enough one year on.
const BORN: u64 = 5;
const OLD: u64 = BORN + OWNER_CHANGE_AGE;

fn key(number: u64) -> AccountId {
    AccountId::from_number(number)
}

fn lock(mass: u64, conviction: u64) -> LockState {
    let conviction = U64F64::from_u64(conviction);
    LockState { locked_mass: AlphaRao(mass), conviction, last_update: OLD }
}

/// A subnet with 10,000 alpha outside its pool, 500 conviction behind its owner and 600 behind a rival.
fn state() -> State {
    let mut state = State::default();
    let subnet = state.subnet_mut(N);
    subnet.added = true;
    subnet.has_owner = true;
    subnet.owner = key(OWNER);
    subnet.owner_hotkey = key(OWNER_HOT);
    subnet.schedule.registered_at = BORN;
    subnet.pool.alpha_out = AlphaRao(10_000);
    subnet.params_mut().max_allowed_uids = 3;
    subnet.decaying_owner_lock = Some(lock(500, 500));
    subnet.hotkey_locks.insert(key(RIVAL_HOT), lock(900, 600));
    uids::append_neuron(subnet, &key(OWNER_HOT), BORN);
    state.hotkey_mut(&key(OWNER_HOT)).owner = Some(key(OWNER));
    state.hotkey_mut(&key(RIVAL_HOT)).owner = Some(key(RIVAL));
    state
}

/// Lets the change happen at a block; gives who owns the subnet then.
fn owner_at(state: &mut State, number: u64) -> (AccountId, AccountId, Vec<Event>) {
    let env = Env { number, timestamp_ms: 0, parent_hash: [0; 32], lottery: [0; 32], author: None };
    let mut exec = Exec::new(state, &env);
    locks::change_owner_if_needed(&mut exec, N);
    let events = exec.events.into_iter().map(|record| record.event).collect();
    let subnet = state.subnet(N).unwrap();
    (subnet.owner, subnet.owner_hotkey, events)
}

#[track_caller]
fn stays(change: impl FnOnce(&mut State)) {
    let mut state = state();
    change(&mut state);
    let before = state.clone();
    let (owner, hotkey, events) = owner_at(&mut state, OLD);
    assert_eq!((owner, hotkey, events.len()), (key(OWNER), key(OWNER_HOT), 0));
    assert_eq!(state, before);
}

#[track_caller]
fn goes_to(coldkey: u64, hotkey: u64, change: impl FnOnce(&mut State)) -> State {
    let mut state = state();
    change(&mut state);
    let (owner, owner_hotkey, events) = owner_at(&mut state, OLD);
    assert_eq!((owner, owner_hotkey), (key(coldkey), key(hotkey)));
    let old_coldkey = key(OWNER);
    let changed = SubtensorModuleEvent::SubnetOwnerChanged { netuid: N, old_coldkey, new_coldkey: owner };
    assert_eq!(events, [Event::SubtensorModule(changed)]);
    state
}

#[test]
fn the_rival_with_more_conviction_takes_over() {
    let state = goes_to(RIVAL, RIVAL_HOT, |_| {});
    let subnet = state.subnet(N).unwrap();
    assert_eq!(subnet.neurons.uid_of(&key(RIVAL_HOT)), Some(1), "it got a uid for nothing");
    // The sums change buckets; an owner's conviction is the mass.
    assert_eq!(subnet.owner_lock, Some(lock(900, 900)));
    assert_eq!(subnet.decaying_owner_lock, None);
    assert_eq!(subnet.decaying_hotkey_locks.get(&key(OWNER_HOT)), Some(&lock(500, 500)));
    assert!(subnet.hotkey_locks.is_empty());
}

#[test]
fn a_young_subnet_keeps_its_owner() {
    let mut young = state();
    assert_eq!(owner_at(&mut young, OLD - 1).0, key(OWNER));
    assert_eq!(owner_at(&mut young, OLD).0, key(RIVAL));
}

#[test]
fn conviction_must_be_a_tenth_of_the_alpha() {
    stays(|state| state.subnet_mut(N).pool.alpha_out = AlphaRao(11_001));
    goes_to(RIVAL, RIVAL_HOT, |state| state.subnet_mut(N).pool.alpha_out = AlphaRao(11_000));
    stays(|state| state.subnet_mut(N).pool.alpha_out = AlphaRao::ZERO);
}

#[test]
fn the_owner_stays_while_it_has_the_most() {
    stays(|state| state.subnet_mut(N).owner_lock = Some(lock(101, 101)));
    // Both kinds of locks count together.
    goes_to(RIVAL, RIVAL_HOT, |state| {
        let subnet = state.subnet_mut(N);
        subnet.owner_lock = Some(lock(101, 101));
        subnet.decaying_hotkey_locks.insert(key(RIVAL_HOT), lock(200, 2));
    });
}

#[test]
fn another_hotkey_of_the_owner_changes_nothing() {
    stays(|state| state.hotkey_mut(&key(RIVAL_HOT)).owner = Some(key(OWNER)));
    stays(|state| state.hotkey_mut(&key(RIVAL_HOT)).owner = None);
    stays(|state| state.hotkey_mut(&key(RIVAL_HOT)).owner = Some(AccountId::zero()));
}

#[test]
fn of_equals_the_greatest_bytes_win() {
    // Accounts of numbers are little-endian, so 0x0190 = 400 is `90 01`, and 0x01ff = 511 is `ff 01`.
    for (other, winner) in [(511, 511), (0x0180, RIVAL_HOT)] {
        goes_to(if winner == other { 333 } else { RIVAL }, winner, |state| {
            state.hotkey_mut(&key(other)).owner = Some(key(333));
            state.subnet_mut(N).hotkey_locks.insert(key(other), lock(900, 600));
        });
    }
}

#[test]
fn conviction_counts_as_it_is_now() {
    // A year without a touch has let the decaying conviction of the rival fade below the owner's.
    stays(|state| {
        let subnet = state.subnet_mut(N);
        subnet.pool.alpha_out = AlphaRao(5_000);
        subnet.hotkey_locks.clear();
        let faded = LockState { last_update: BORN, ..lock(0, 3_000) };
        subnet.decaying_hotkey_locks.insert(key(RIVAL_HOT), faded);
    });
}

#[test]
fn a_full_subnet_prunes_for_the_king() {
    let state = goes_to(RIVAL, RIVAL_HOT, |state| {
        let subnet = state.subnet_mut(N);
        uids::append_neuron(subnet, &key(411), BORN);
        uids::append_neuron(subnet, &key(412), BORN);
        subnet.params_mut().min_non_immune_uids = 0;
        subnet.neurons_mut().emission[1] = AlphaRao(7);
    });
    let keys = &state.subnet(N).unwrap().neurons.keys;
    assert_eq!(*keys, [key(OWNER_HOT), key(411), key(RIVAL_HOT)]);
    // Nobody but the immune owner could leave.
    stays(|state| state.subnet_mut(N).params_mut().max_allowed_uids = 1);
}

#[test]
fn a_king_with_a_uid_keeps_it() {
    let state = goes_to(RIVAL, RIVAL_HOT, |state| {
        uids::append_neuron(state.subnet_mut(N), &key(RIVAL_HOT), BORN);
    });
    assert_eq!(state.subnet(N).unwrap().neurons.n(), 2);
}

#[test]
fn it_happens_when_an_epoch_runs() {
    let mut state = state();
    state.subnet_mut(N).params_mut().tempo = 10;
    state.globals_mut().total_issuance = Rao(0);
    let mut owners = Vec::new();
    let from = state.subnet(N).unwrap().schedule.last_epoch_block;
    state.subnet_mut(N).schedule.last_epoch_block = OLD + 3 - 10 + from;
    for number in OLD..OLD + 6 {
        let env = Env { number, timestamp_ms: 0, parent_hash: [0; 32], lottery: [0; 32], author: None };
        block_step(&mut Exec::new(&mut state, &env), &mut Buffers::new());
        owners.push(state.subnet(N).unwrap().owner == key(RIVAL));
    }
    assert_eq!(owners, [false, false, false, true, true, true]);
}
