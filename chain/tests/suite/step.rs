//! Parts of the block step beside the coinbase: claims, children, prices, the walk over stakes.

use chain::account::AccountId;
use chain::error::SubtensorModuleError as Error;
use chain::event::{Event, SubtensorModuleEvent};
use chain::math::fixed::{I96F32, U96F32};
use chain::runtime::step::{children, claims};
use chain::runtime::{Buffers, Env, Exec, block_step, shares, stake_weight, tao};
use chain::state::State;
use chain::types::RootClaimTypeEnum;
use chain::units::{AlphaRao, NetUid, Rao};

const N: NetUid = NetUid(2);

fn env(number: u64) -> Env {
    Env { number, timestamp_ms: 0, parent_hash: [0; 32], lottery: [0; 32], author: None }
}

fn key(number: u64) -> AccountId {
    AccountId::from_number(number)
}

#[test]
fn indices_of_automatic_claims_walk_over_the_hash() {
    // keccak256("some").
    let hash = hex::decode("4e7e8301f5d206748d1c4f822e3564ddb1124f86591a839f58dfc2f007983b61")
        .unwrap()
        .try_into()
        .unwrap();
    let expected =
        [265, 630, 1286, 1558, 4496, 4861, 5517, 5789, 6803, 8096, 9092, 11034, 11399, 12055, 12327];
    assert!(claims::indices(&hash, 15, 15_000).into_iter().eq(expected));
    assert!(claims::indices(&hash, 15, 0).into_iter().eq([0]));
    assert!(claims::indices(&hash, 0, 15_000).is_empty());
}

#[test]
fn the_index_of_root_stakers_stays_dense() {
    let mut state = State::default();
    for number in [1, 2, 3, 2] {
        claims::add_to_index(&mut state, &key(number));
    }
    claims::remove_from_index(&mut state, &key(1));
    claims::remove_from_index(&mut state, &key(9));
    let rows: Vec<_> = state.staking_coldkeys_by_index.iter().map(|(index, who)| (*index, *who)).collect();
    assert_eq!(rows, [(0, key(3)), (1, key(2))]);
    assert_eq!(state.staking_coldkeys.get(&key(3)), Some(&0));
    assert_eq!(state.staking_coldkeys.len(), 2);
}

/// A hotkey with 1,000,000 rao of one coldkey on root, whose stakers were paid 600,000 alpha rao on one subnet.
fn with_dividends(kind: RootClaimTypeEnum) -> State {
    let mut state = State::default();
    state.subnet_mut(NetUid::ROOT).added = true;
    let subnet = state.subnet_mut(N);
    subnet.added = true;
    subnet.pool.mechanism = 1;
    subnet.pool.tao = Rao(1_000_000_000);
    subnet.pool.alpha_in = AlphaRao(1_000_000_000);
    subnet.pool.alpha_out = AlphaRao(600_000);
    state.coldkey_mut(&key(1)).root_claim_type = Some(kind);
    let env = env(1);
    let mut exec = Exec::new(&mut state, &env);
    tao::endow(&mut exec, &tao::subnet_account(N), Rao(1_000_000_000)).unwrap();
    shares::increase_stake(&mut exec, &key(9), &key(1), NetUid::ROOT, AlphaRao(1_000_000));
    claims::increase_root_claimable(&mut exec, &key(9), N, AlphaRao(600_000));
    state
}

/// Root stake and alpha stake of the coldkey, and what it is still owed, after a claim.
fn claimed(state: &mut State) -> [u64; 3] {
    let env = env(1);
    let mut exec = Exec::new(state, &env);
    claims::claim(&mut exec, &key(1), None).unwrap();
    assert_eq!(
        exec.events.last().unwrap().event,
        SubtensorModuleEvent::RootClaimed { coldkey: key(1) }.into()
    );
    let stake = |netuid| shares::stake(state, &key(9), &key(1), netuid).get();
    [stake(NetUid::ROOT), stake(N), claims::owed(state, &key(9), &key(1), N).to_u64()]
}

#[test]
fn a_claim_keeps_alpha_or_sells_it_for_root_stake() {
    assert_eq!(claimed(&mut with_dividends(RootClaimTypeEnum::Keep)), [1_000_000, 599_999, 0]);
    let keeps = |n| RootClaimTypeEnum::KeepSubnets { subnets: [NetUid(n)].into() };
    assert_eq!(claimed(&mut with_dividends(keeps(2))), [1_000_000, 599_999, 0]);

    let mut state = with_dividends(RootClaimTypeEnum::Swap);
    let [root, alpha, owed] = claimed(&mut state);
    // Claimed and adjusted amounts are floored one by one; together they leave one rao.
    assert_eq!([alpha, owed], [0, 1]);
    let got = root - 1_000_000;
    let subnet = state.subnet(N).unwrap();
    assert_eq!(subnet.pool.tao.get(), 1_000_000_000 - got);
    assert_eq!(subnet.pending.root_sell_tao, Rao(got));
    assert_eq!(subnet.pool.alpha_out, AlphaRao(1));
    assert_eq!(tao::total_balance(&state, &tao::subnet_account(NetUid::ROOT)), Rao(got));
    assert_eq!(state.subnet(NetUid::ROOT).unwrap().pool.tao, Rao(got));
    assert_eq!(claimed(&mut with_dividends(keeps(3))), [root, 0, 1]);
}

#[test]
fn a_claim_below_the_threshold_waits() {
    let mut state = with_dividends(RootClaimTypeEnum::Keep);
    state.subnet_mut(N).params_mut().root_claimable_threshold = I96F32(600_000 << 32);
    assert_eq!(claimed(&mut state), [1_000_000, 0, 599_999]);
}

#[test]
fn who_joins_late_is_owed_nothing_of_what_was_paid_before() {
    let mut state = with_dividends(RootClaimTypeEnum::Keep);
    let env = env(1);
    let mut exec = Exec::new(&mut state, &env);
    shares::increase_stake(&mut exec, &key(9), &key(2), NetUid::ROOT, AlphaRao(500_000));
    claims::adjust_added(exec.state, &key(9), &key(2), AlphaRao(500_000));
    assert_eq!(claims::owed(exec.state, &key(9), &key(2), N).to_u64(), 0);
    claims::adjust_removed(exec.state, &key(9), &key(2), AlphaRao(500_000));
    assert_eq!(claims::owed(exec.state, &key(9), &key(2), N).to_u64(), 299_999);
}

#[test]
fn dividends_above_the_root_stake_go_to_the_owner() {
    let mut state = with_dividends(RootClaimTypeEnum::Keep);
    state.hotkey_mut(&key(9)).owner = Some(key(7));
    let env = env(1);
    let mut exec = Exec::new(&mut state, &env);
    claims::increase_root_claimable(&mut exec, &key(9), N, AlphaRao(1_000_001));
    assert_eq!(shares::stake(exec.state, &key(9), &key(7), N), AlphaRao(1_000_001));
    assert_eq!(claims::owed(exec.state, &key(9), &key(1), N).to_u64(), 599_999);
}

#[test]
fn lists_of_children_are_checked_in_the_chain_s_order() {
    let mut state = State::default();
    children::set_children(&mut state, N, &key(8), &[(1, key(1))]).unwrap();
    let check = |list: &[(u64, u64)]| {
        let list: Vec<_> = list.iter().map(|(share, child)| (*share, key(*child))).collect();
        children::check_children(&state, N, &key(1), &list)
    };
    assert_eq!(check(&[(1, 1)]), Err(Error::InvalidChild));
    assert_eq!(check(&[(1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7)]), Err(Error::TooManyChildren));
    assert_eq!(check(&[(1, 2), (1, 3), (1, 4), (1, 5), (1, 6)]), Ok(()));
    assert_eq!(check(&[(u64::MAX, 2), (1, 3)]), Err(Error::ProportionOverflow));
    assert_eq!(check(&[(u64::MAX - 1, 2), (1, 3)]), Ok(()));
    assert_eq!(check(&[(1, 8)]), Err(Error::ChildParentInconsistency));
    assert_eq!(check(&[]), Ok(()));
}

#[test]
fn children_and_parents_mirror_each_other() {
    let mut state = State::default();
    children::set_children(&mut state, N, &key(1), &[(7, key(300)), (5, key(2)), (9, key(2))]).unwrap();
    children::set_children(&mut state, N, &key(4), &[(3, key(2))]).unwrap();
    let subnet = state.subnet(N).unwrap();
    // Sorted by bytes, 300 is 2c 01; of two entries for one child the later counts.
    assert_eq!(subnet.children.get(&key(1)), Some(&vec![(9, key(2)), (7, key(300))]));
    assert_eq!(subnet.parents.get(&key(2)), Some(&vec![(9, key(1)), (3, key(4))]));

    children::set_children(&mut state, N, &key(1), &[(1, key(2))]).unwrap();
    let subnet = state.subnet(N).unwrap();
    assert_eq!(subnet.parents.get(&key(2)), Some(&vec![(1, key(1)), (3, key(4))]));
    assert_eq!(subnet.parents.get(&key(300)), None);

    children::set_children(&mut state, N, &key(1), &[]).unwrap();
    assert_eq!(state.subnet(N).unwrap().children.get(&key(1)), None);
    assert_eq!(state.subnet(N).unwrap().parents.get(&key(2)), Some(&vec![(3, key(4))]));
}

#[test]
fn children_wait_for_the_block_after_their_cooldown_and_for_an_epoch() {
    let pending = |at: u64, last_epoch: u64| {
        let mut state = State::default();
        let subnet = state.subnet_mut(N);
        subnet.added = true;
        subnet.pool.subtoken_enabled = true;
        subnet.params_mut().tempo = 10;
        subnet.schedule.last_epoch_block = last_epoch;
        subnet.pending_children.insert(key(1), (vec![(5, key(2))], 100));
        let env = env(at);
        let mut exec = Exec::new(&mut state, &env);
        block_step(&mut exec, &mut Buffers::new());
        let set =
            |event: &Event| matches!(event, Event::SubtensorModule(SubtensorModuleEvent::SetChildren(..)));
        let emitted = exec.events.iter().any(|record| set(&record.event));
        assert_eq!(emitted, state.subnet(N).unwrap().pending_children.is_empty());
        emitted
    };
    assert!(!pending(100, 90), "not in the block of the cooldown");
    assert!(pending(101, 91));
    assert!(!pending(101, 95), "no epoch in this block");
}

#[test]
fn children_take_their_part_of_the_stake_weight() {
    let mut state = State::default();
    let env = env(1);
    let mut exec = Exec::new(&mut state, &env);
    shares::increase_stake(&mut exec, &key(1), &key(5), N, AlphaRao(1_000));
    shares::increase_stake(&mut exec, &key(1), &key(5), NetUid::ROOT, AlphaRao(4_000));
    children::set_children(&mut state, N, &key(1), &[(u64::MAX / 4, key(2))]).unwrap();
    let inherited = |hotkey| stake_weight::inherited_stakes(&state, &key(hotkey), N);
    // The share is just below a quarter, and each side is floored on its own.
    assert_eq!(inherited(1), (AlphaRao(750), Rao(3_000)));
    assert_eq!(inherited(2), (AlphaRao(249), Rao(999)));
    let weight = stake_weight::stake_weight(&state, &key(2), N);
    let tao = U96F32::from_u64(999).saturating_mul(stake_weight::tao_weight(&state));
    assert_eq!(weight.total.to_fixed::<U96F32>(), U96F32::from_u64(249).saturating_add(tao));
}

#[test]
fn registration_prices_halve_in_their_half_life_and_stay_within_bounds() {
    let burn_after = |burn: u64, blocks: u64| {
        let mut state = State::default();
        let subnet = state.subnet_mut(N);
        subnet.added = true;
        subnet.registration.burn = Rao(burn);
        subnet.registration.this_block = 3;
        let mut buffers = Buffers::new();
        for number in 2..2 + blocks {
            let env = env(number);
            block_step(&mut Exec::new(&mut state, &env), &mut buffers);
        }
        let registration = &state.subnet(N).unwrap().registration;
        assert_eq!(registration.this_block, 0);
        registration.burn.get()
    };
    assert_eq!(burn_after(1_000_000_000, 360), 499_999_865);
    assert_eq!(burn_after(500_100, 1), 500_000);
}

#[test]
fn the_walk_over_stakes_finds_root_stakers_and_starts_again() {
    let mut state = State::default();
    let env = env(1);
    let mut exec = Exec::new(&mut state, &env);
    for cold in 0..40 {
        shares::increase_stake(&mut exec, &key(1), &key(cold), NetUid::ROOT, AlphaRao(10));
    }
    let mut buffers = Buffers::new();
    block_step(&mut exec, &mut buffers);
    assert_eq!(exec.state.staking_coldkeys.len(), 30);
    let cursor = exec.state.globals.alpha_v2_map_last_key.clone().expect("a full page");
    assert_eq!(cursor.len(), 130);
    assert_eq!(
        hex::encode(&cursor[..32]),
        "658faa385070e074c85bf6b568cf0555421d8174603a6a6036511a7619b402f0"
    );
    block_step(&mut exec, &mut buffers);
    assert_eq!(exec.state.staking_coldkeys.len(), 40);
    assert_eq!(exec.state.globals.alpha_v2_map_last_key, None);
}

#[test]
fn the_walk_over_stakes_sees_what_the_epochs_of_its_block_made() {
    // One short of a full page, unless the epoch's owner cut makes the last row.
    for (tempo, full) in [(0, false), (1, true)] {
        let mut state = State::default();
        let subnet = state.subnet_mut(N);
        subnet.added = true;
        subnet.has_owner = true;
        subnet.owner = key(100);
        subnet.owner_hotkey = key(200);
        subnet.params_mut().tempo = tempo;
        subnet.pending.owner_cut = AlphaRao(5);
        let env = env(1);
        let mut exec = Exec::new(&mut state, &env);
        for cold in 0..29 {
            shares::increase_stake(&mut exec, &key(1), &key(cold), NetUid::ROOT, AlphaRao(10));
        }
        block_step(&mut exec, &mut Buffers::new());
        assert_eq!(exec.state.globals.alpha_v2_map_last_key.is_some(), full, "tempo {tempo}");
    }
}
