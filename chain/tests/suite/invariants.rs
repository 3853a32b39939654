//! Each invariant holds at genesis and is broken by exactly what it forbids.

use chain::account::AccountId;
use chain::genesis::Genesis;
use chain::invariants::{Checker, Invariant};
use chain::math::fixed::I96F32;
use chain::state::State;
use chain::units::{AlphaRao, NetUid, Rao};

fn genesis() -> State {
    let balances =
        [(AccountId::from_number(100), Rao(5_000_000_000)), (AccountId::from_number(101), Rao(7_000))];
    Genesis::reference(balances).unwrap().state
}

/// The invariants that fail when genesis turns into this, and their texts.
fn broken_by(change: impl FnOnce(&mut State)) -> (Vec<Invariant>, String) {
    let before = genesis();
    let mut after = before.clone();
    after.block = 1;
    change(&mut after);
    let mut texts = String::new();
    let broken = Invariant::ALL.into_iter().filter(|invariant| {
        let outcome = Checker::new(&before, [*invariant]).check(&before, &after, &[]);
        if let Err(violation) = &outcome {
            assert_eq!((violation.invariant, violation.block), (*invariant, 1));
            texts.push_str(&violation.to_string());
        }
        outcome.is_err()
    });
    (broken.collect(), texts)
}

#[track_caller]
fn breaks(expected: &[Invariant], words: &str, change: impl FnOnce(&mut State)) {
    let (broken, texts) = broken_by(change);
    assert_eq!(broken, expected, "{texts}");
    assert!(texts.contains(words), "{texts}");
}

#[test]
fn all_hold_when_nothing_happens() {
    breaks(&[], "", |_| {});
}

#[test]
fn each_is_broken_by_what_it_forbids() {
    use Invariant as I;
    breaks(&[I::I1, I::I2], "the balances sum to 5000007000 rao, the issuance is 5000007001 rao", |state| {
        state.balances.total_issuance = Rao(5_000_007_001);
    });
    breaks(&[I::I2], "the distance went from 0 to 5 rao", |state| {
        state.globals_mut().total_issuance = Rao(5_000_006_995);
    });
    breaks(&[I::I1, I::I2, I::I3], "there are 21000000.000000001 tao", |state| {
        state.balances.total_issuance = Rao(21_000_000_000_000_001);
    });
    breaks(&[I::I5, I::I8], "account 0, pool 3, stake 0, issued 0 rao", |state| {
        state.subnet_mut(NetUid::ROOT).pool.tao = Rao(3);
    });
    breaks(&[I::I6], "subnet 1: 1000000000 alpha rao are issued and 1000000009 owed", |state| {
        state.subnet_mut(NetUid(1)).pending.server = AlphaRao(9);
    });
    breaks(&[I::I6, I::I7], "moved by -1000 alpha rao without a registration", |state| {
        state.subnet_mut(NetUid(1)).pool.alpha_out = AlphaRao(1_000_001_000);
    });
    breaks(
        &[I::I8],
        "subnet 1: the account held -10000000000 rao more than the pool, and now -10000000007",
        |state| {
            state.subnet_mut(NetUid(1)).pool.tao = Rao(10_000_000_007);
        },
    );
    breaks(&[I::I12], "subnet 1: the weight is 9999999999999999 parts", |state| {
        state.subnet_mut(NetUid(1)).pool.quote_weight = 9_999_999_999_999_999;
    });
    breaks(&[I::I16], "subnet 1: active has 0 entries for 1 neurons", |state| {
        state.subnet_mut(NetUid(1)).neurons_mut().active.clear();
    });
    breaks(&[I::I16], "uid 0 is", |state| {
        state.subnet_mut(NetUid(1)).neurons_mut().uids.clear();
    });
    breaks(
        &[I::I18],
        "the price is 0.000499999 tao, the bounds are 0.000500000 and 100.000000000 tao",
        |state| {
            state.subnet_mut(NetUid(1)).registration.burn = Rao(499_999);
        },
    );
    breaks(&[I::I23], "the moving price is 4294967297 in units of 2^-32", |state| {
        state.subnet_mut(NetUid(1)).pool.moving_price = I96F32((1 << 32) + 1);
    });
    breaks(&[I::I25], "has number Some(1), and stands at 1", |state| {
        state.staking_coldkeys.insert(AccountId::from_number(100), 1);
        state.staking_coldkeys_by_index.insert(1, AccountId::from_number(100));
    });
}

#[test]
fn a_little_dust_is_allowed_and_no_more() {
    let dust = |rao: u64| {
        broken_by(move |state| {
            let pool = &mut state.subnet_mut(NetUid(1)).pool;
            pool.alpha_out = pool.alpha_out.saturating_add(AlphaRao(rao));
            pool.total_alpha_issuance = AlphaRao(rao);
        })
    };
    assert_eq!(dust(4).0, []);
    assert_eq!(dust(5).0, [Invariant::I6]);
}

#[test]
fn a_raw_write_that_was_accepted_is_not_held_against_later_blocks() {
    let before = genesis();
    let mut after = before.clone();
    after.subnet_mut(NetUid(1)).pool.alpha_out = AlphaRao(9_000_000_000);
    let mut checker = Checker::new(&before, Invariant::ALL);
    assert!(checker.clone().check(&before, &after, &[]).is_err());
    checker.accept(&before, &after, &[]);
    assert_eq!(checker.check(&after, &after, &[]), Ok(()));
}

#[test]
fn names_are_read_and_unknown_ones_named() {
    for invariant in Invariant::ALL {
        assert_eq!(invariant.to_string().parse(), Ok(invariant));
        assert!(!invariant.title().is_empty());
    }
    assert_eq!("i16".parse(), Ok(Invariant::I16));
    let unknown = "I99".parse::<Invariant>().unwrap_err().to_string();
    assert!(unknown.starts_with("`I99` is no invariant; known are I1, I2"), "{unknown}");
}
