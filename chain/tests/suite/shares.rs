//! Share pools and TAO: the figures of spec/chain.md 14.2 and the laws of 1.3.

use chain::account::AccountId;
use chain::math::safe_float::SafeFloat;
use chain::runtime::{Env, Exec, shares, tao};
use chain::state::State;
use chain::units::{AlphaRao, NetUid, Rao};

const N: NetUid = NetUid(2);

fn env() -> Env {
    Env { number: 1, timestamp_ms: 0, parent_hash: [0; 32], lottery: [0; 32], author: None }
}

fn key(number: u64) -> AccountId {
    AccountId::from_number(number)
}

fn parts(mantissa: u128, exponent: i64) -> SafeFloat {
    SafeFloat { mantissa, exponent }
}

#[test]
fn a_pool_moves_as_the_worked_vector_says() {
    let (mut state, env) = (State::default(), env());
    let (hot, a, b, c) = (key(9), key(1), key(2), key(3));
    let mut exec = Exec::new(&mut state, &env);
    shares::increase_stake(&mut exec, &hot, &a, N, AlphaRao(1_000_000_000));
    shares::increase_stake(&mut exec, &hot, &b, N, AlphaRao(2_500_000_007));
    shares::increase_stake_of_all(&mut exec, &hot, N, AlphaRao(777_777_777));
    shares::increase_stake(&mut exec, &hot, &c, N, AlphaRao(123_456_789));
    shares::decrease_stake(&mut exec, &hot, &b, N, AlphaRao(1_000_000_000));
    shares::increase_stake_of_all(&mut exec, &hot, N, AlphaRao(13));

    let pool = shares::pool(&state, &hot, N).expect("staked");
    assert_eq!(pool.value, AlphaRao(3_401_234_586));
    assert_eq!(pool.denominator, parts(278_282_828_851_790_633_616, -11));
    let rows: Vec<_> =
        [a, b, c].map(|cold| (pool.shares.get(&cold).copied(), pool.value_of(&cold).get())).into();
    assert_eq!(
        rows,
        [
            (Some(parts(1_000_000_000_000_000_000_000, -12)), 1_222_222_226),
            (Some(parts(168_181_818_837_190_082_710, -11)), 2_055_555_570),
            (Some(parts(101_010_100_146_005_509_060, -12)), 123_456_789),
        ]
    );
    assert_eq!(state.coldkey(&a).expect("row").staking_hotkeys, [hot]);
}

#[test]
fn index_rows_come_and_go_with_shares() {
    let (mut state, env) = (State::default(), env());
    let (hot, cold) = (key(9), key(1));
    let mut exec = Exec::new(&mut state, &env);
    shares::increase_stake(&mut exec, &hot, &cold, N, AlphaRao(5_000));
    assert!(exec.state.alpha_index.contains_key(&(hot, cold, N)));

    shares::decrease_stake(&mut exec, &hot, &cold, N, AlphaRao(5_001));
    assert_eq!(shares::stake(exec.state, &hot, &cold, N), AlphaRao(5_000), "above the stake: nothing");

    shares::decrease_stake(&mut exec, &hot, &cold, N, AlphaRao(5_000));
    assert!(exec.state.alpha_index.is_empty());
    assert!(shares::pool(exec.state, &hot, N).is_none());
}

#[test]
fn dust_of_an_emptied_pool_goes_to_the_next_staker() {
    let (mut state, env) = (State::default(), env());
    let (hot, first, next) = (key(9), key(1), key(2));
    let mut exec = Exec::new(&mut state, &env);
    shares::set_totals(exec.state, &hot, N, AlphaRao(7), SafeFloat::ZERO);
    shares::increase_stake(&mut exec, &hot, &next, N, AlphaRao(100));
    assert_eq!(shares::stake(exec.state, &hot, &next, N), AlphaRao(107));
    assert_eq!(shares::stake(exec.state, &hot, &first, N), AlphaRao::ZERO);
}

/// Balances and issuances after a genesis of 1,000 rao each for two accounts and some step.
#[track_caller]
fn check_tao(step: impl FnOnce(&mut Exec<'_>, AccountId, AccountId), expected: [u64; 4]) {
    let (mut state, env) = (State::default(), env());
    let (a, b) = (key(1), key(2));
    let mut exec = Exec::new(&mut state, &env);
    for who in [a, b] {
        tao::endow(&mut exec, &who, Rao(1_000)).expect("above the deposit");
    }
    step(&mut exec, a, b);
    let sum: u64 = state.balances.accounts.values().map(|row| row.data.free.get()).sum();
    assert_eq!(sum, state.balances.total_issuance.get(), "every rao is in a balance");
    assert!(state.balances.accounts.values().all(|row| row.providers == 1 && row.nonce == 0));
    let found = [
        tao::total_balance(&state, &a).get(),
        tao::total_balance(&state, &b).get(),
        state.balances.total_issuance.get(),
        state.globals.total_issuance.get(),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_transfer_moves_tao() {
    check_tao(
        |exec, a, b| tao::transfer_tao(exec, &a, &b, Rao(300)).expect("can pay"),
        [700, 1_300, 2_000, 2_000],
    );
}

#[test]
fn a_transfer_that_leaves_dust_reaps_the_sender_in_both_issuances() {
    check_tao(
        |exec, a, b| tao::transfer_tao(exec, &a, &b, Rao(501)).expect("can pay"),
        [0, 1_501, 1_501, 1_501],
    );
}

#[test]
fn a_new_account_needs_the_existential_deposit() {
    check_tao(
        |exec, a, _| {
            let refused = tao::transfer_tao(exec, &a, &key(3), Rao(499)).expect_err("too little");
            assert_eq!(refused, chain::error::TokenError::BelowMinimum.into());
        },
        [1_000, 1_000, 2_000, 2_000],
    );
}

#[test]
fn a_transfer_into_a_subnet_keeps_the_payer_alive() {
    check_tao(
        |exec, a, _| {
            let moved = tao::transfer_tao_to_subnet(exec, NetUid::ROOT, &a, Rao(900)).expect("can pay");
            assert_eq!(moved, Rao(500));
        },
        [500, 1_000, 2_000, 2_000],
    );
}

#[test]
fn recycled_tao_leaves_both_issuances_and_burned_tao_none() {
    check_tao(|exec, a, _| tao::recycle_tao(exec, &a, Rao(500)).expect("alive"), [500, 1_000, 1_500, 1_500]);
    check_tao(
        |exec, a, _| assert!(tao::recycle_tao(exec, &a, Rao(501)).is_err()),
        [1_000, 1_000, 2_000, 2_000],
    );
    check_tao(|exec, a, _| tao::burn_tao(exec, &a, Rao(1_000)).expect("all"), [0, 1_000, 2_000, 2_000]);
}

#[test]
fn an_unspent_credit_is_recycled() {
    check_tao(
        |exec, a, _| {
            let mut credit = tao::mint_tao(exec, Rao(100));
            tao::spend_credit(exec, &mut credit, &a, Rao(60)).expect("holds it");
            assert!(tao::spend_credit(exec, &mut credit, &a, Rao(41)).is_err());
            assert_eq!(credit.amount(), Rao(40));
            tao::recycle_credit(exec, credit);
        },
        [1_060, 1_000, 2_060, 2_060],
    );
}

#[test]
fn pallet_accounts_are_the_chain_s() {
    let hex = |account: AccountId| hex::encode(account.bytes());
    assert_eq!(hex(tao::subnet_account(NetUid(1))), format!("6d6f646c73756274656e737201{}", "0".repeat(38)));
    assert_eq!(hex(tao::burn_address()), format!("6d6f646c6275726e746e7372{}", "0".repeat(40)));
    assert!(tao::is_subnet_account(&tao::subnet_account(NetUid::ROOT)));
    assert!(tao::is_subnet_account(&tao::subnet_account(N)));
    assert!(!tao::is_subnet_account(&key(2)));
}
