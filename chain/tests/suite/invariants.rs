//! Each invariant holds at genesis and is broken by exactly what it forbids.

use chain::account::AccountId;
use chain::event::{Event, EventRecord, SubtensorModuleEvent};
use chain::genesis::Genesis;
use chain::invariants::{Checker, Fact, Invariant, Payment, Price, left_behind};
use chain::math::fixed::I96F32;
use chain::math::safe_float::SafeFloat;
use chain::pool::{Order, Reserves, Side, SwapResult};
use chain::runtime::step::children::set_children;
use chain::runtime::{Env, Exec, shares, tao};
use chain::state::{AccountInfo, RateLimitKey, ShareStore, State};
use chain::types::{LockState, Multisig, Timepoint};
use chain::units::{AlphaRao, NetUid, Rao, TAO};
use std::sync::Arc;

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
        let outcome = Checker::new(&before, [*invariant]).check(&before, &after, &[], &[]);
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

/// The invariants of the states that fail when a chain on which much has happened takes one more block like this.
#[track_caller]
fn breaks_with(expected: &[Invariant], words: &str, events: &[Event], change: impl FnOnce(&mut State)) {
    let before = lively();
    let mut after = before.clone();
    after.block += 1;
    change(&mut after);
    let events: Vec<_> =
        events.iter().map(|event| EventRecord { extrinsic: None, event: event.clone() }).collect();
    let violations = Checker::resume(&before, Invariant::ALL).check_all(&before, &after, &events, &[]);
    let broken: Vec<_> = violations.iter().map(|violation| violation.invariant).collect();
    assert_eq!(broken, expected, "{violations:#?}");
    let found = violations.iter().any(|violation| violation.text.contains(words));
    assert!(found || expected.is_empty(), "{violations:#?}");
}

/// Genesis with two stakers of one hotkey on subnet 1, a root staker with dividends, a lock, and a child.
fn lively() -> State {
    let mut state = genesis();
    state.block = 10;
    let env = Env { number: 10, timestamp_ms: 0, parent_hash: [0; 32], lottery: [0; 32], author: None };
    let mut exec = Exec::new(&mut state, &env);
    for (who, netuid, amount) in [(100, 1, 3_000), (101, 1, 7_777), (100, 0, 1_000)] {
        shares::increase_stake(&mut exec, &id(50), &id(who), NetUid(netuid), AlphaRao(amount));
    }
    set_children(&mut state, NetUid(1), &id(50), &[(1 << 63, id(51))]).unwrap();
    state.hotkey_mut(&id(50)).root_claimable.insert(1, I96F32(2 << 32));
    state.hotkey_mut(&id(50)).owner = Some(id(100));
    let root = &mut state.subnet_mut(NetUid::ROOT).pool;
    (root.tao, root.alpha_out) = (Rao(1_000), AlphaRao(1_000));
    let exec = &mut Exec::new(&mut state, &env);
    tao::transfer_tao(exec, &id(100), &tao::subnet_account(NetUid::ROOT), Rao(1_000)).unwrap();
    let subnet = state.subnet_mut(NetUid(1));
    subnet.root_claimed.insert((id(50), id(100)), 1_500);
    // Two stakes, and what the root staker has not claimed yet.
    subnet.pool.alpha_out = AlphaRao(1_000_000_000 + 3_000 + 7_777 + 500);
    let lock = LockState { locked_mass: AlphaRao(2_000), last_update: 10, ..LockState::default() };
    subnet.locks.insert((id(100), id(50)), lock);
    subnet.schedule.last_epoch_block = 5;
    state
}

fn id(number: u64) -> AccountId {
    AccountId::from_number(number)
}

fn pool_of(state: &mut State) -> &mut ShareStore {
    Arc::make_mut(state.subnet_mut(NetUid(1)).stake.get_mut(&id(50)).unwrap())
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
    breaks(&[I::I1, I::I3], "1000000001 rao were minted of an emission of 1000000000 rao", |state| {
        state.balances.total_issuance = Rao(6_000_007_001);
        state.globals_mut().total_issuance = Rao(6_000_007_001);
    });
    breaks(&[I::I4, I::I5, I::I8], "account 0, pool 3, stake 0, issued 0 rao", |state| {
        state.subnet_mut(NetUid::ROOT).pool.tao = Rao(3);
    });
    breaks(&[I::I6], "subnet 1: 1000000000 alpha rao are issued and 1000000009 owed", |state| {
        state.subnet_mut(NetUid(1)).pending.server = AlphaRao(9);
    });
    breaks(&[I::I6, I::I7], "moved by -1000 alpha rao without a registration", |state| {
        state.subnet_mut(NetUid(1)).pool.alpha_out = AlphaRao(1_000_001_000);
    });
    breaks(
        &[I::I4, I::I8],
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
    breaks(&[I::I18], "the price rose from 0.100000000 to 0.100000001 tao without a registration", |state| {
        state.subnet_mut(NetUid(1)).registration.burn = Rao(TAO / 10 + 1);
    });
    breaks(&[I::I23], "the moving price is 4294967297 in units of 2^-32", |state| {
        state.subnet_mut(NetUid(1)).pool.moving_price = I96F32((1 << 32) + 1);
    });
    breaks(&[I::I25], "has number Some(1), and stands at 1", |state| {
        state.staking_coldkeys.insert(AccountId::from_number(100), 1);
        state.staking_coldkeys_by_index.insert(1, AccountId::from_number(100));
    });
}

#[test]
fn each_is_broken_by_what_it_forbids_where_much_has_happened() {
    use Invariant as I;
    breaks_with(&[], "", &[], |_| {});
    breaks_with(&[I::I9], "below their total", &[], |state| {
        pool_of(state).denominator = SafeFloat::from_u64(10_778);
    });
    breaks_with(&[I::I9], "above and SafeFloat", &[], |state| {
        pool_of(state).shares.insert(id(100), SafeFloat::from_u64(3_001));
    });
    breaks_with(&[I::I17], "only one of", &[], |state| {
        state.subnet_mut(NetUid(1)).parents.clear();
    });
    breaks_with(&[I::I17], "is a child of", &[], |state| {
        let subnet = state.subnet_mut(NetUid(1));
        subnet.children.insert(id(51), vec![(1, id(50))]);
        subnet.parents.insert(id(50), vec![(1, id(51))]);
    });
    breaks_with(&[I::I17], "whose shares sum to None", &[], |state| {
        let subnet = state.subnet_mut(NetUid(1));
        subnet.children.insert(id(50), vec![(1 << 63, id(51)), (1 << 63, id(52))]);
        subnet.parents.insert(id(52), vec![(1 << 63, id(50))]);
    });
    let added = Event::from(SubtensorModuleEvent::NetworkAdded(NetUid(1), 1));
    breaks_with(
        &[I::I4, I::I19],
        "0.000000001 tao are locked where 1000.000000000 tao are the minimum",
        &[added],
        |_| {},
    );
    breaks_with(&[I::I20], "moved from 5 back to 4", &[], |state| {
        state.subnet_mut(NetUid(1)).schedule.last_epoch_block = 4;
    });
    breaks_with(&[I::I20], "its epoch ran; due: false", &[], |state| {
        state.subnet_mut(NetUid(1)).schedule.epoch_index += 1;
    });
    let deferred = SubtensorModuleEvent::EpochDeferred { netuid: NetUid(1), from_block: 11, to_block: 12 };
    breaks_with(&[I::I20], "put off: true", &[deferred.into()], |_| {});
    breaks_with(&[I::I6, I::I21], "has claimed 1500 alpha rao more than was due", &[], |state| {
        state.subnet_mut(NetUid(1)).root_claimed.insert((id(50), id(100)), 3_500);
    });
    breaks_with(&[I::I22], "has locked 3002 alpha rao and holds 3000", &[], |state| {
        let lock = LockState { locked_mass: AlphaRao(3_002), last_update: 11, ..LockState::default() };
        state.subnet_mut(NetUid(1)).locks.insert((id(100), id(50)), lock);
    });
    breaks_with(&[I::I26], "129 subnets after 1, where 128 are allowed", &[], |state| {
        for netuid in 2..=129 {
            let subnet = Arc::clone(state.subnets.get(&NetUid(1)).unwrap());
            state.subnets.insert(NetUid(netuid), subnet);
            // An empty pool, and dividends of the first subnet only, so that nothing else is broken.
            let pool = &mut state.subnet_mut(NetUid(netuid)).pool;
            pool.tao = Rao::ZERO;
            pool.alpha_out = pool.alpha_out.saturating_sub(AlphaRao(500));
        }
    });
}

#[test]
fn an_epoch_that_is_due_runs_or_is_put_off() {
    let mut before = lively();
    before.subnet_mut(NetUid(1)).params_mut().tempo = 6;
    let mut after = before.clone();
    after.block += 1;
    let check = |events: &[Event]| {
        let events: Vec<_> =
            events.iter().map(|event| EventRecord { extrinsic: None, event: event.clone() }).collect();
        Checker::resume(&before, [Invariant::I20]).check(&before, &after, &events, &[])
    };
    let error = check(&[]).unwrap_err().text;
    assert_eq!(error, "subnet 1: its epoch did not run; due: true, put off: false; last slot 5, tempo 6");
    let deferred = SubtensorModuleEvent::EpochDeferred { netuid: NetUid(1), from_block: 11, to_block: 12 };
    assert_eq!(check(&[deferred.into()]), Ok(()));
}

/// What a rule tells of itself, and whether the invariant about it holds.
#[track_caller]
fn told(invariant: Invariant, fact: Fact, expected: Result<(), &str>) {
    let state = genesis();
    let outcome = Checker::new(&state, [invariant]).check(&state, &state, &[], &[fact]);
    match (outcome, expected) {
        (Ok(()), Ok(())) => {}
        (Err(violation), Err(words)) => assert!(violation.text.contains(words), "{violation}"),
        (outcome, expected) => panic!("{outcome:?} and not {expected:?}"),
    }
}

#[test]
fn swaps_that_cannot_be_are_found() {
    let before =
        Price { reserves: Reserves { tao: 1_000_000_000, alpha: 1_000_000_000 }, weight: TAO.pow(2) / 2 };
    let swap = |side, limit_price, amount_paid_in, amount_paid_out| Fact::Swap {
        netuid: NetUid(1),
        before,
        order: Order { side, amount: 1_000_000, limit_price, fee_rate: 33, drop_fees: true },
        done: SwapResult { amount_paid_in, amount_paid_out, ..SwapResult::default() },
        by_user: true,
    };
    let (buy, sell) = (Side::Buy, Side::Sell);
    let (high, low) = (u64::MAX, 1_000);
    told(Invariant::I10, swap(buy, high, 1_000_000, 999_000), Ok(()));
    told(
        Invariant::I10,
        swap(buy, high, 1_000_000, 1_000_000_000),
        Err("were paid out of a reserve of 1000000000"),
    );
    told(Invariant::I10, swap(sell, low, 1_000_000, 999_000), Ok(()));
    told(Invariant::I10, swap(buy, high, 1_000_002, 999_000), Err("were taken of 1000000"));
    told(Invariant::I10, swap(buy, high, 1_000_000, 1_000_100), Err("1000000 rao became 1000100, and those"));
    told(
        Invariant::I10,
        swap(buy, 1_001_000_000, 1_000_000, 999_000),
        Err("Buy passed its limit of 1001000000"),
    );
    told(
        Invariant::I10,
        swap(sell, 999_000_000, 1_000_000, 999_000),
        Err("Sell passed its limit of 999000000"),
    );
    told(Invariant::I10, swap(buy, 1_003_000_000, 1_000_000, 999_000), Ok(()));
}

#[test]
fn a_price_that_goes_the_wrong_way_is_found() {
    // Reserves beyond 64 bits: what is added does not show, what is taken does.
    let full = Price { reserves: Reserves { tao: 5, alpha: u64::MAX }, weight: TAO.pow(2) / 2 };
    let fact = Fact::Swap {
        netuid: NetUid(1),
        before: Price { reserves: Reserves { tao: u64::MAX, alpha: 5 }, ..full },
        order: Order { side: Side::Buy, amount: 9, limit_price: u64::MAX, fee_rate: 0, drop_fees: true },
        done: SwapResult { amount_paid_in: 9, ..SwapResult::default() },
        by_user: false,
    };
    told(Invariant::I10, fact, Ok(()));
    let moving = |before, spot, after| Fact::MovingPrice { netuid: NetUid(1), before, spot, after };
    told(Invariant::I23, moving(100, 200, 101), Ok(()));
    told(Invariant::I23, moving(100, 200, 99), Ok(()));
    told(Invariant::I23, moving(100, 200, 97), Err("from 100 with the price at 200 it went to 97"));
    told(Invariant::I23, moving(100, 50, 102), Err("from 100 with the price at 50 it went to 102"));
    told(Invariant::I23, moving(100, 200, 202), Err("it went to 202"));
}

#[test]
fn amounts_that_do_not_add_up_are_found() {
    let half = TAO.pow(2) / 2;
    let liquidity = |tao, alpha, weight| Fact::Liquidity {
        netuid: NetUid(1),
        before: Price { reserves: Reserves { tao: 1_000 * TAO, alpha: 4_000 * TAO }, weight: half },
        tao,
        alpha,
        weight,
    };
    told(Invariant::I11, liquidity(500_000_000, 2_000_000_000, half), Ok(()));
    told(Invariant::I11, liquidity(500_000_000, 0, 500_124_968_757_810_547), Ok(()));
    told(Invariant::I11, liquidity(500_000_000, 0, 500_124_968_757_820_547), Err("moved the price"));
    told(Invariant::I11, liquidity(500_000_000, 2_000_000_100, half), Err("moved the price"));
    let emission = |parts: [u64; 4]| Fact::Emission {
        netuid: NetUid(1),
        created: AlphaRao(1_000),
        parts: parts.map(AlphaRao),
    };
    told(Invariant::I14, emission([180, 410, 200, 206]), Ok(()));
    told(Invariant::I14, emission([180, 410, 200, 205]), Err("995 of 1000 alpha rao were given"));
    told(Invariant::I14, emission([180, 410, 200, 211]), Err("1001 of 1000 alpha rao were given"));
    let split =
        |parts: &[u64]| Fact::Split { netuid: NetUid(1), amount: AlphaRao(10), parts: parts.to_vec() };
    told(Invariant::I15, split(&[6, 4]), Ok(()));
    told(Invariant::I15, split(&[6, 5]), Err("mechanisms get 11 of 10 alpha rao"));
    told(Invariant::I15, split(&[]), Err("mechanisms get 0 of 10 alpha rao"));
    told(
        Invariant::I24,
        Fact::Left { extrinsic: 3, what: "a trace".to_owned() },
        Err("extrinsic 3 failed and left a trace"),
    );
}

#[test]
fn more_tao_than_there_is_cannot_be_shared_out() {
    let mut before = genesis();
    let subnet = before.subnet_mut(NetUid(1));
    subnet.schedule.first_emission_block = Some(1);
    subnet.pool.subtoken_enabled = true;
    let mut after = before.clone();
    after.block = 1;
    after.subnet_mut(NetUid(1)).pending.tao_in_emission = Rao(400_000_000);
    after.subnet_mut(NetUid(1)).pending.excess_tao = Rao(600_000_000);
    let check = |after: &State| Checker::new(&before, [Invariant::I13]).check(&before, after, &[], &[]);
    assert_eq!(check(&after), Ok(()));
    after.subnet_mut(NetUid(1)).pending.excess_tao = Rao(600_000_001);
    assert_eq!(check(&after).unwrap_err().text, "1000000001 rao of an emission of 1000000000 rao");
}

#[test]
fn what_a_failed_extrinsic_leaves_is_found() {
    type Case = (&'static str, Option<Payment>, fn(&mut State));
    let before = lively();
    let payment = |fee| Payment { signer: id(100), payer: id(100), fee: Rao(fee), author: Some(id(101)) };
    let mut paid = before.clone();
    let row = paid.balances.accounts.get_mut(&id(100)).unwrap();
    row.nonce += 1;
    row.data.free = row.data.free.saturating_sub(Rao(7));
    let author = paid.balances.accounts.get_mut(&id(101)).unwrap();
    author.data.free = author.data.free.saturating_add(Rao(7));
    assert_eq!(left_behind(&before, &before, None), None);
    assert_eq!(left_behind(&before, &paid, Some(payment(7))), None);
    let cases: [Case; 10] = [
        ("other balances", None, |_| {}),
        ("7 rao less with the payer and 7 more with the author, for a fee of 8", Some(payment(8)), |_| {}),
        ("nonce 2 after 0", Some(payment(7)), |state| {
            state.balances.accounts.get_mut(&id(100)).unwrap().nonce += 1;
        }),
        ("an issuance of", Some(payment(7)), |state| state.balances.total_issuance = Rao(1)),
        ("another balance of", Some(payment(7)), |state| {
            state.balances.accounts.insert(id(102), AccountInfo::default());
        }),
        ("other subnets", Some(payment(7)), |state| state.subnet_mut(NetUid(1)).pool.tao = Rao(1)),
        ("other proxies", Some(payment(7)), |state| {
            state.proxy_mut().real_pays_fee.insert((id(1), id(2)), ());
        }),
        ("other multisigs", Some(payment(7)), |state| {
            let when = Timepoint { height: 1, index: 0 };
            let waiting = Multisig { when, deposit: Rao(1), depositor: id(1), approvals: vec![id(1)] };
            state.multisigs.insert((id(3), [0; 32]), waiting);
        }),
        ("other globals", Some(payment(7)), |state| state.globals_mut().tx_rate_limit = 9),
        ("other rate limits", Some(payment(7)), |state| {
            state.last_rate_limited.insert(RateLimitKey::NetworkLastRegistered, 9);
        }),
    ];
    // Another account paid in the signer's stead.
    let instead = Payment { signer: id(102), ..payment(7) };
    let mut by_other = paid.clone();
    by_other.balances.accounts.get_mut(&id(100)).unwrap().nonce -= 1;
    by_other.balances.accounts.insert(id(102), AccountInfo { nonce: 1, ..AccountInfo::default() });
    assert_eq!(left_behind(&before, &by_other, Some(instead)), None);
    let left = left_behind(&before, &by_other, Some(payment(7))).unwrap();
    assert!(left.contains("nonce 0 after 0"), "{left}");
    by_other.balances.accounts.get_mut(&id(102)).unwrap().data.free = Rao(1);
    let left = left_behind(&before, &by_other, Some(instead)).unwrap();
    assert!(left.contains("another balance of the signer"), "{left}");
    for (expected, payment, change) in cases {
        let mut after = paid.clone();
        change(&mut after);
        let left = left_behind(&before, &after, payment).unwrap_or_default();
        assert!(left.contains(expected), "{left} is not {expected}");
    }
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
fn a_raw_write_is_taken_as_it_is_and_nothing_beside_it() {
    let before = genesis();
    let mut written = before.clone();
    written.block = 1;
    let subnet = written.subnet_mut(NetUid(1));
    subnet.pool.alpha_out = AlphaRao(9_000_000_000);
    subnet.pool.tao = Rao(10_000_000_077);
    subnet.pool.moving_price = I96F32(2 << 32);
    subnet.neurons_mut().active.clear();
    written.subnet_mut(NetUid::ROOT).pool.alpha_out = AlphaRao(5);
    written.balances.total_issuance = Rao(6_000_000_000);
    let mut checker = Checker::new(&before, Invariant::ALL);
    let broken = checker.clone().check_all(&before, &written, &[], &[]);
    let broken: Vec<_> = broken.iter().map(|violation| violation.invariant.to_string()).collect();
    assert_eq!(broken.join(" "), "I1 I2 I4 I5 I6 I7 I8 I16 I23");
    checker.raw_write(&before, &written);
    assert_eq!(checker.clone().check_all(&before, &written, &[], &[]), []);
    // What else a block does is held against it.
    let mut spoiled = written.clone();
    spoiled.subnet_mut(NetUid(1)).pool.alpha_out = AlphaRao(9_000_000_005);
    spoiled.subnet_mut(NetUid(1)).pool.quote_weight = 1;
    spoiled.balances.total_issuance = Rao(6_000_000_001);
    let broken: Vec<_> = checker.clone().check_all(&before, &spoiled, &[], &[]);
    let broken: Vec<_> = broken.into_iter().map(|violation| violation.invariant).collect();
    assert_eq!(broken, [Invariant::I1, Invariant::I2, Invariant::I6, Invariant::I7, Invariant::I12]);
    // So is what comes after it, and an excuse ends with its reason.
    assert_eq!(checker.check_all(&before, &written, &[], &[]), []);
    let mut mended = written.clone();
    mended.block = 2;
    mended.subnet_mut(NetUid(1)).pool.moving_price = I96F32(1 << 32);
    assert_eq!(checker.check_all(&written, &mended, &[], &[]), []);
    assert_eq!(checker.check(&mended, &written, &[], &[]).unwrap_err().invariant, Invariant::I23);
}

#[test]
fn a_resumed_checker_takes_the_dust_that_lies_there() {
    let mut state = genesis();
    state.block = 1;
    let pool = &mut state.subnet_mut(NetUid(1)).pool;
    pool.alpha_out = pool.alpha_out.saturating_add(AlphaRao(1_000));
    let fresh = Checker::new(&state, [Invariant::I6]).check(&state, &state, &[], &[]);
    assert!(fresh.unwrap_err().text.contains("the difference should be 0 to 4"));
    assert_eq!(Checker::resume(&state, Invariant::ALL).check(&state, &state, &[], &[]), Ok(()));
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
