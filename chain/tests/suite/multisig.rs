//! Calls in the name of several accounts.

use super::world::{NET, OWNER, POOR, ROOT, STAKER, VALI, VALI_COLD, World, add, extrinsic, id};
use chain::account::AccountId;
use chain::block::Extrinsic;
use chain::call::multisig::Call as M;
use chain::call::{BalancesCall, RuntimeCall, Weight};
use chain::crypto::blake2_256;
use chain::error::MultisigError;
use chain::event::{Event, MultisigEvent};
use chain::runtime::shares;
use chain::runtime::tao::total_balance;
use chain::types::Timepoint;
use chain::units::{Rao, TAO};
use parity_scale_codec::Encode as _;

/// The signatories, in the order of their bytes.
const ALL: [u64; 3] = [OWNER, STAKER, VALI_COLD];
const ENOUGH: Weight = Weight { ref_time: u64::MAX, proof_size: u64::MAX };

fn others(who: u64) -> Vec<AccountId> {
    ALL.into_iter().filter(|other| *other != who).map(id).collect()
}

fn account(threshold: u16) -> AccountId {
    AccountId::new(blake2_256(&(b"modlpy/utilisuba", ALL.map(id).to_vec(), threshold).encode()))
}

fn call() -> RuntimeCall {
    BalancesCall::TransferAllowDeath { dest: id(5).into(), value: Rao(TAO) }.into()
}

fn hash() -> [u8; 32] {
    blake2_256(&call().encode())
}

fn full(who: u64, threshold: u16, maybe_timepoint: Option<Timepoint>) -> M {
    let (other_signatories, call) = (others(who), Box::new(call()));
    M::AsMulti { threshold, other_signatories, maybe_timepoint, call, max_weight: ENOUGH }
}

fn approve(who: u64, threshold: u16, maybe_timepoint: Option<Timepoint>) -> M {
    let (other_signatories, call_hash) = (others(who), hash());
    M::ApproveAsMulti { threshold, other_signatories, maybe_timepoint, call_hash, max_weight: ENOUGH }
}

fn cancel(who: u64, threshold: u16, timepoint: Timepoint) -> M {
    M::CancelAsMulti { threshold, other_signatories: others(who), timepoint, call_hash: hash() }
}

fn poke(who: u64, threshold: u16) -> M {
    M::PokeDeposit { threshold, other_signatories: others(who), call_hash: hash() }
}

fn reserved(world: &World, who: u64) -> u64 {
    world.state.balances.accounts.get(&id(who)).map_or(0, |row| row.data.reserved.0)
}

/// A world in which the owner was the first to approve, and where.
fn opened(threshold: u16) -> (World, Timepoint) {
    let mut world = World::new();
    world.ok(
        STAKER,
        BalancesCall::TransferAllowDeath { dest: account(threshold).into(), value: Rao(10 * TAO) },
    );
    world.ok(OWNER, approve(OWNER, threshold, None));
    let at = Timepoint { height: u32::try_from(world.state.block).unwrap(), index: 1 };
    (world, at)
}

/// The outcome of a call, and of the call that it made in the name of all.
fn run(world: &mut World, who: u64, call: M) -> (String, Option<String>) {
    let (results, events) = world.run_block(&[extrinsic(who, call)]);
    let inner = events.iter().find_map(|event| match event {
        Event::Multisig(MultisigEvent::MultisigExecuted { result, .. }) => Some(match result {
            Ok(()) => "ok".to_owned(),
            Err(error) => error.to_string(),
        }),
        _ => None,
    });
    (results[0].clone(), inner)
}

#[test]
fn two_of_three_make_a_call() {
    let (mut world, at) = opened(2);
    assert_eq!(reserved(&world, OWNER), 132_000_000 + 2 * 32_000_000);
    let done = run(&mut world, VALI_COLD, full(VALI_COLD, 2, Some(at)));
    assert_eq!(done, ("ok".to_owned(), Some("ok".to_owned())));
    assert_eq!(total_balance(&world.state, &id(5)), Rao(TAO));
    assert_eq!(reserved(&world, OWNER), 0);
    assert!(world.state.multisigs.is_empty());
    let rows = world.state.balances.accounts.values();
    let sum: u64 = rows.map(|row| row.data.free.0 + row.data.reserved.0).sum();
    assert_eq!(Rao(sum), world.state.balances.total_issuance);
}

#[test]
fn all_approvals_by_hash_still_need_the_call() {
    let (mut world, at) = opened(3);
    for who in [VALI_COLD, STAKER] {
        assert_eq!(run(&mut world, who, approve(who, 3, Some(at))), ("ok".to_owned(), None));
    }
    let approvals = &world.state.multisigs.get(&(account(3), hash())).unwrap().approvals;
    assert_eq!(*approvals, ALL.map(id), "in the order of their bytes");
    assert_eq!(run(&mut world, OWNER, approve(OWNER, 3, Some(at))).0, "Multisig.AlreadyApproved");
    assert_eq!(run(&mut world, OWNER, full(OWNER, 3, Some(at))).1.unwrap(), "ok");
}

#[test]
fn a_call_that_fails_is_done_all_the_same() {
    let (mut world, at) = opened(2);
    world.state.balances.accounts.get_mut(&account(2)).unwrap().data.free = Rao(TAO / 2);
    let (result, inner) = run(&mut world, STAKER, full(STAKER, 2, Some(at)));
    assert_eq!((result.as_str(), inner.unwrap().as_str()), ("ok", "Token.FundsUnavailable"));
    assert!(world.state.multisigs.is_empty());
}

#[test]
fn each_error_and_a_neighbour_that_passes() {
    let (base, at) = opened(2);
    let late = Timepoint { index: 2, ..at };
    let among = |other_signatories: Vec<AccountId>| M::ApproveAsMulti {
        threshold: 2,
        other_signatories,
        maybe_timepoint: None,
        call_hash: hash(),
        max_weight: ENOUGH,
    };
    let many = |count: u64| among((100..100 + count).map(id).collect());
    let Weight { ref_time: weight, proof_size } = chain::runtime::fees::call_info(&call()).weight;
    let light = |ref_time| M::AsMulti {
        threshold: 2,
        other_signatories: others(STAKER),
        maybe_timepoint: Some(at),
        call: Box::new(call()),
        max_weight: Weight { ref_time, proof_size },
    };
    let rows: Vec<(&str, u64, M)> = vec![
        ("Multisig.MinimumThreshold", OWNER, approve(OWNER, 1, None)),
        ("Multisig.MinimumThreshold", OWNER, full(OWNER, 1, None)),
        ("Multisig.MinimumThreshold", OWNER, cancel(OWNER, 1, at)),
        ("Multisig.TooFewSignatories", OWNER, among(vec![])),
        ("ok", OWNER, many(99)),
        ("Multisig.TooManySignatories", OWNER, many(100)),
        ("Multisig.SignatoriesOutOfOrder", OWNER, among(vec![id(5), id(4)])),
        ("Multisig.SignatoriesOutOfOrder", OWNER, among(vec![id(5), id(5)])),
        ("ok", OWNER, among(vec![id(4), id(5)])),
        ("Multisig.SenderInSignatories", OWNER, among(vec![id(4), id(OWNER)])),
        ("Multisig.NoTimepoint", STAKER, full(STAKER, 2, None)),
        ("Multisig.WrongTimepoint", STAKER, full(STAKER, 2, Some(late))),
        ("ok", STAKER, full(STAKER, 2, Some(at))),
        ("Multisig.AlreadyApproved", OWNER, full(OWNER, 2, Some(at))),
        ("Multisig.MaxWeightTooLow", STAKER, light(weight - 1)),
        ("ok", STAKER, light(weight)),
        ("Multisig.UnexpectedTimepoint", OWNER, approve(OWNER, 3, Some(at))),
        ("ok", OWNER, approve(OWNER, 3, None)),
        ("Multisig.NotFound", OWNER, cancel(OWNER, 3, at)),
        ("Multisig.WrongTimepoint", OWNER, cancel(OWNER, 2, late)),
        ("Multisig.NotOwner", STAKER, cancel(STAKER, 2, at)),
        ("ok", OWNER, cancel(OWNER, 2, at)),
        ("Multisig.MinimumThreshold", OWNER, poke(OWNER, 1)),
        ("Multisig.NotFound", OWNER, poke(OWNER, 3)),
        ("Multisig.NotOwner", STAKER, poke(STAKER, 2)),
        ("ok", OWNER, poke(OWNER, 2)),
        ("BadOrigin", ROOT, approve(OWNER, 2, None)),
    ];
    for (expected, who, call) in rows {
        let mut world = base.clone();
        assert_eq!(world.send(who, call.clone()), expected, "{call:?}");
    }
}

#[test]
fn a_deposit_that_cannot_be_paid_opens_nothing() {
    let mut world = World::new();
    world.ok(POOR, BalancesCall::TransferAllowDeath { dest: id(5).into(), value: Rao(TAO - 100_000_000) });
    let call = M::ApproveAsMulti {
        threshold: 2,
        other_signatories: vec![id(OWNER)],
        maybe_timepoint: None,
        call_hash: hash(),
        max_weight: ENOUGH,
    };
    assert_eq!(world.send(POOR, call), "Balances.InsufficientBalance");
    assert!(world.state.multisigs.is_empty());
}

#[test]
fn a_wrong_deposit_is_put_right() {
    let (mut world, _) = opened(2);
    let old_deposit = Rao(200_000_000);
    world.state.multisigs.get_mut(&(account(2), hash())).unwrap().deposit = old_deposit;
    let row = world.state.balances.accounts.get_mut(&id(OWNER)).unwrap();
    row.data.free = row.data.free.saturating_sub(Rao(4_000_000));
    row.data.reserved = old_deposit;
    let new_deposit = Rao(196_000_000);
    let expected =
        MultisigEvent::DepositPoked { who: id(OWNER), call_hash: hash(), old_deposit, new_deposit };
    let (_, events) = world.run_block(&[extrinsic(OWNER, poke(OWNER, 2))]);
    assert!(events.contains(&Event::Multisig(expected.clone())));
    assert_eq!(reserved(&world, OWNER), new_deposit.0);
    let (results, events) = world.run_block(&[extrinsic(OWNER, poke(OWNER, 2))]);
    assert_eq!(results, ["ok"]);
    assert!(!events.contains(&Event::Multisig(expected)), "nothing is left to put right");
}

#[test]
fn what_is_taken_back_gives_the_deposit_back() {
    let (mut world, at) = opened(2);
    world.ok(OWNER, cancel(OWNER, 2, at));
    assert_eq!(reserved(&world, OWNER), 0);
    assert_eq!(world.send(OWNER, cancel(OWNER, 2, at)), "Multisig.NotFound");
}

#[test]
fn one_of_three_makes_a_call_at_once() {
    let one = |who, call: RuntimeCall| M::AsMultiThreshold1 {
        other_signatories: others(who),
        call: Box::new(call),
    };
    let mut world = World::new();
    world.ok(STAKER, BalancesCall::TransferAllowDeath { dest: account(1).into(), value: Rao(10 * TAO) });
    world.ok(VALI_COLD, one(VALI_COLD, add(VALI, NET, TAO).into()));
    assert!(!shares::stake(&world.state, &id(VALI), &account(1), NET).is_zero());
    let missing = one(OWNER, add(77, NET, TAO).into());
    assert_eq!(world.send(OWNER, missing), "SubtensorModule.HotKeyAccountNotExists");
    let alone = M::AsMultiThreshold1 { other_signatories: vec![], call: Box::new(call()) };
    assert_eq!(world.send(OWNER, alone), "Multisig.TooFewSignatories");
}

/// Addresses as the Python client computes them.
#[test]
fn an_account_of_several_has_the_address_that_clients_expect() {
    let [alice, bob, charlie] = [
        "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
        "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
        "5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y",
    ]
    .map(|address| address.parse::<AccountId>().unwrap());
    let rows = [
        (2, vec![bob], "5F3QVbS78a4aTYLiRAD8N3czjqVoNyV42L19CXyhqUMCh4Ch"),
        (2, vec![bob, charlie], "5DjYJStmdZ2rcqXbXGX7TW85JsrW6uG4y9MUcLq2BoPMpRA7"),
        (3, vec![bob, charlie], "5EAkPWNziBqEnrw6hkjFVu6EJej7Xf9wEK4CXir6YDS4kvUL"),
    ];
    for (threshold, other_signatories, address) in rows {
        let mut world = World::new();
        world.ok(STAKER, BalancesCall::TransferAllowDeath { dest: alice.into(), value: Rao(TAO) });
        let (maybe_timepoint, call_hash) = (None, hash());
        let call = M::ApproveAsMulti {
            threshold,
            other_signatories,
            maybe_timepoint,
            call_hash,
            max_weight: ENOUGH,
        };
        let (results, _) = world.run_block(&[Extrinsic::Unchecked { who: alice, call: call.into() }]);
        assert_eq!(results, ["ok"]);
        assert!(world.state.multisigs.contains_key(&(address.parse().unwrap(), hash())), "{address}");
    }
}

#[test]
fn calls_are_numbered_as_on_chain() {
    let at = Timepoint { height: 1, index: 2 };
    let calls = [full(OWNER, 2, None), approve(OWNER, 2, None), cancel(OWNER, 2, at)];
    for (call, index) in calls.into_iter().zip(1..) {
        assert_eq!(RuntimeCall::from(call).encode()[..4], [13, index, 2, 0]);
    }
    assert_eq!(RuntimeCall::from(poke(OWNER, 2)).encode()[..4], [13, 4, 2, 0]);
    assert_eq!(MultisigError::MaxWeightTooLow.encode(), [12]);
    let (cancelling, multisig, call_hash) = (id(1), id(2), [0; 32]);
    let event = MultisigEvent::MultisigCancelled { cancelling, timepoint: at, multisig, call_hash };
    assert_eq!(event.encode()[0], 3);
}
