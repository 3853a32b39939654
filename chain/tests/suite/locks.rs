//! Locks against figures recorded from the real chain.

use chain::account::AccountId;
use chain::error::SubtensorModuleError as Error;
use chain::math::fixed::U64F64;
use chain::math::transcendental::exp_decay;
use chain::runtime::{Env, Exec, locks, shares};
use chain::state::State;
use chain::types::LockState;
use chain::units::{AlphaRao, NetUid};

const N: NetUid = NetUid(2);

fn key(number: u64) -> AccountId {
    AccountId::from_number(number)
}

fn state() -> State {
    let mut state = State::default();
    let subnet = state.subnet_mut(N);
    subnet.added = true;
    subnet.has_owner = true;
    subnet.owner = key(100);
    subnet.owner_hotkey = key(200);
    state.hotkey_mut(&key(200)).owner = Some(key(100));
    state.hotkey_mut(&key(401)).owner = Some(key(301));
    at(&mut state, 1, |exec| {
        shares::increase_stake(exec, &key(200), &key(100), N, AlphaRao(100_000_000_000));
        shares::increase_stake(exec, &key(401), &key(711), N, AlphaRao(100_000_000_000));
    });
    state
}

fn at<T>(state: &mut State, number: u64, rule: impl FnOnce(&mut Exec<'_>) -> T) -> T {
    let env = Env { number, timestamp_ms: 0, parent_hash: [0; 32], lottery: [0; 32], author: None };
    rule(&mut Exec::new(state, &env))
}

fn lock(mass: u64, conviction: u128, last_update: u64) -> LockState {
    LockState { locked_mass: AlphaRao(mass), conviction: U64F64(conviction), last_update }
}

#[test]
fn a_decaying_lock_loses_mass_and_gathers_conviction() {
    let mut state = state();
    let (cold, hot) = (key(711), key(401));
    at(&mut state, 175, |exec| locks::lock_stake(exec, &cold, &hot, N, AlphaRao(10_814_939_839))).unwrap();
    at(&mut state, 186, |exec| locks::refresh(exec, &cold, N));
    let row = |state: &State| {
        let subnet = state.subnet(N).unwrap();
        (subnet.locks.get(&(cold, hot)).cloned(), subnet.decaying_hotkey_locks.get(&hot).cloned())
    };
    let (own, sum) = row(&state);
    assert_eq!(own, Some(lock(10_814_812_586, 2_347_372_650_152_540_302_215_418, 186)));
    assert_eq!(sum, Some(lock(10_814_812_586, 0, 186)), "the sum loses mass and gains nothing");

    at(&mut state, 375, |exec| locks::lock_stake(exec, &cold, &hot, N, AlphaRao(5_000_000_000))).unwrap();
    let (own, sum) = row(&state);
    assert_eq!(own, Some(lock(15_812_626_397, 42_670_875_168_547_198_507_734_738, 375)));
    assert_eq!(sum, Some(lock(15_812_626_397, 0, 375)));
    let free = at(&mut state, 375, |exec| locks::available_to_unstake(exec, &cold, N));
    assert_eq!(free, AlphaRao(100_000_000_000 - 15_812_626_397));
}

#[test]
fn the_owner_s_conviction_is_the_mass() {
    let mut state = state();
    for (block, amount) in [(60, 10_259_739_054), (120, 10_799_725_320)] {
        at(&mut state, block, |exec| locks::lock_stake(exec, &key(100), &key(200), N, AlphaRao(amount)))
            .unwrap();
    }
    at(&mut state, 145, |exec| locks::refresh(exec, &key(100), N));
    let expected = lock(21_058_242_778, 388_456_015_167_808_464_987_250_229_248, 145);
    let subnet = state.subnet(N).unwrap();
    assert_eq!(subnet.locks.get(&(key(100), key(200))), Some(&expected));
    assert_eq!(subnet.decaying_owner_lock, Some(expected));
}

#[test]
fn a_perpetual_lock_keeps_its_mass() {
    let mut state = state();
    state.subnet_mut(N).decaying_lock.insert(key(711), false);
    at(&mut state, 1, |exec| locks::lock_stake(exec, &key(711), &key(401), N, AlphaRao(1_000))).unwrap();
    at(&mut state, 934_867, |exec| locks::refresh(exec, &key(711), N));
    let subnet = state.subnet(N).unwrap();
    let held = subnet.locks.get(&(key(711), key(401))).unwrap();
    assert_eq!((held.locked_mass, held.conviction.to_u64()), (AlphaRao(1_000), 632), "1 - 1/e of the mass");
    assert_eq!(subnet.hotkey_locks.get(&key(401)), Some(held));
}

#[test]
fn dust_is_dropped_from_lock_and_sum() {
    let mut state = state();
    at(&mut state, 1, |exec| locks::lock_stake(exec, &key(711), &key(401), N, AlphaRao(101))).unwrap();
    at(&mut state, 20_001, |exec| locks::refresh(exec, &key(711), N));
    let subnet = state.subnet(N).unwrap();
    assert!(subnet.locks.is_empty() && subnet.decaying_hotkey_locks.is_empty());
}

#[test]
fn each_refusal_of_a_lock() {
    let mut state = state();
    let mut lock = |hotkey: u64, amount| {
        at(&mut state, 5, |exec| locks::lock_stake(exec, &key(711), &key(hotkey), N, AlphaRao(amount)))
    };
    assert_eq!(lock(401, 0), Err(Error::AmountTooLow.into()));
    assert_eq!(lock(999, 1_000), Err(Error::HotKeyAccountNotExists.into()));
    assert_eq!(lock(401, 100_000_000_001), Err(Error::InsufficientStakeForLock.into()));
    assert_eq!(lock(401, 100_000_000_000), Ok(()));
    assert_eq!(lock(200, 1_000), Err(Error::LockHotkeyMismatch.into()));
}

#[test]
fn one_time_constant_leaves_one_part_in_e() {
    let left = exp_decay(934_866, 934_866);
    let millionths = left.saturating_mul(U64F64::from_u64(1_000_000)).to_u64();
    assert_eq!(millionths, 367_879, "1/e");
    assert_eq!(exp_decay(0, 934_866), U64F64::ONE);
    assert_eq!(exp_decay(5, 0), U64F64::ZERO, "no time constant: gone at once");
    assert_eq!(exp_decay(u64::MAX, 10), exp_decay(400, 10), "cut at forty time constants");
}

/// Mass and conviction, in rao, of a lock of 10^9 rao with 10^8 of conviction.
fn rolled(unlock: u64, maturity: u64, age: u64, perpetual: bool) -> (u64, u64) {
    let mut state = state();
    let globals = state.globals_mut();
    (globals.unlock_rate, globals.maturity_rate) = (unlock, maturity);
    let lock = LockState { conviction: U64F64::from_u64(100_000_000), ..lock(1_000_000_000, 0, 7) };
    let kind = locks::Kind { perpetual, owner: false };
    let lock = locks::rolled(&state, &lock, kind, 7 + age).unwrap();
    (lock.locked_mass.get(), lock.conviction.to_u64())
}

#[test]
fn a_lock_rolls_forward_by_the_closed_form() {
    // Figures of the formulas, computed to forty digits.
    assert_eq!(rolled(5_000, 3_000, 2_500, false), (606_530_659, 473_290_948));
    assert_eq!(rolled(3_000, 5_000, 2_500, false), (434_598_208, 318_551_742));
    assert_eq!(rolled(4_000, 4_000, 2_500, false), (535_261_428, 388_064_535));
    assert_eq!(rolled(934_866, 311_622, 100_000, false), (898_555_143, 332_140_229));
    assert_eq!(rolled(5_000, 3_000, 2_500, true), (1_000_000_000, 608_861_612));
}

#[test]
fn rolling_twice_is_rolling_once() {
    let (state, kind) = (state(), locks::Kind { perpetual: false, owner: false });
    let start = lock(1_000_000_000, 0, 1);
    let step = locks::rolled(&state, &start, kind, 300_001).unwrap();
    let twice = locks::rolled(&state, &step, kind, 900_001).unwrap();
    let once = locks::rolled(&state, &start, kind, 900_001).unwrap();
    assert!(once.locked_mass.get().abs_diff(twice.locked_mass.get()) <= 1);
    assert!(once.conviction.to_u64().abs_diff(twice.conviction.to_u64()) <= 1);
}
