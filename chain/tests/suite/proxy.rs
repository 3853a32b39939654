//! Calls in the name of another account.

use super::world::{NET, POOR, STAKER, VALI, World, add, extrinsic, id};
use chain::account::AccountId;
use chain::block::Extrinsic;
use chain::call::proxy::Call as P;
use chain::call::{BalancesCall, RuntimeCall, UtilityCall, drand};
use chain::crypto::blake2_256;
use chain::error::ProxyError;
use chain::event::{Event, ProxyEvent};
use chain::runtime::Runtime;
use chain::runtime::tao::total_balance;
use chain::types::{MultiSigner, ProxyType as T, PulsesPayload};
use chain::units::{Rao, TAO};
use parity_scale_codec::Encode as _;

/// The account in whose name is called, and its proxy.
pub(crate) const REAL: u64 = STAKER;
pub(crate) const DELEGATE: u64 = 30;
pub(crate) const OTHER: u64 = 10;

pub(crate) fn boxed(call: impl Into<RuntimeCall>) -> Box<RuntimeCall> {
    Box::new(call.into())
}

pub(crate) fn pay(tao: u64) -> RuntimeCall {
    BalancesCall::TransferAllowDeath { dest: id(5).into(), value: Rao(tao) }.into()
}

pub(crate) fn added(proxy_type: T, delay: u32) -> P {
    P::AddProxy { delegate: id(DELEGATE).into(), proxy_type, delay }
}

pub(crate) fn removed(proxy_type: T, delay: u32) -> P {
    P::RemoveProxy { delegate: id(DELEGATE).into(), proxy_type, delay }
}

pub(crate) fn proxied(call: impl Into<RuntimeCall>) -> P {
    P::Proxy { real: id(REAL).into(), force_proxy_type: None, call: boxed(call) }
}

pub(crate) fn with(proxy_type: T, delay: u32) -> World {
    let mut world = World::new();
    world.ok(REAL, added(proxy_type, delay));
    world
}

pub(crate) fn reserved(world: &World, who: u64) -> u64 {
    let accounts = &world.state.balances.accounts;
    accounts.get(&id(who)).map_or(0, |row| row.data.reserved.0)
}

/// I1: what accounts hold is what was issued.
#[track_caller]
pub(crate) fn check_issuance(world: &World) {
    let rows = world.state.balances.accounts.values();
    let sum: u64 = rows.map(|row| row.data.free.0 + row.data.reserved.0).sum();
    assert_eq!(Rao(sum), world.state.balances.total_issuance);
}

/// The outcome of an extrinsic, and of the call that it made in another's name.
fn run(world: &mut World, who: u64, call: impl Into<RuntimeCall>) -> (String, Option<String>) {
    let (results, events) = world.run_block(&[Extrinsic::Unchecked { who: id(who), call: call.into() }]);
    let inner = events.iter().find_map(|event| match event {
        Event::Proxy(ProxyEvent::ProxyExecuted { result }) => Some(match result {
            Ok(()) => "ok".to_owned(),
            Err(error) => error.to_string(),
        }),
        _ => None,
    });
    (results[0].clone(), inner)
}

/// The outcome of a call that a proxy of this type makes.
pub(crate) fn told(proxy_type: T, call: impl Into<RuntimeCall>) -> String {
    told_in(with(proxy_type, 0), call)
}

/// The same, in a world in which it is the proxy.
pub(crate) fn told_in(mut world: World, call: impl Into<RuntimeCall>) -> String {
    let (result, inner) = run(&mut world, DELEGATE, proxied(call));
    assert_eq!(result, "ok");
    inner.unwrap()
}

#[test]
fn a_proxy_calls_in_the_name_of_the_real_account() {
    let mut world = with(T::Any, 0);
    let before = total_balance(&world.state, &id(DELEGATE));
    assert_eq!(run(&mut world, DELEGATE, proxied(add(VALI, NET, TAO))), ("ok".into(), Some("ok".into())));
    assert!(!world.stake(REAL, VALI, NET).is_zero());
    assert_eq!(total_balance(&world.state, &id(DELEGATE)), before);
    let (result, inner) = run(&mut world, DELEGATE, proxied(add(77, NET, TAO)));
    assert_eq!(result, "ok", "only the event tells");
    assert_eq!(inner.unwrap(), "SubtensorModule.HotKeyAccountNotExists");
}

#[test]
fn what_became_of_a_call_is_known_until_the_end_of_the_block() {
    let mut world = with(T::Any, 0);
    let (mut runtime, env) = (Runtime::default(), world.env());
    let mut block = runtime.begin_block(&mut world.state, env);
    for (hotkey, is_ok) in [(VALI, true), (77, false)] {
        let extrinsic = extrinsic(DELEGATE, proxied(add(hotkey, NET, TAO)));
        assert_eq!(runtime.apply_extrinsic(&mut world.state, &mut block, &extrinsic).result, Ok(()));
        let last = world.state.proxy.last_call_result.get(&id(REAL)).unwrap();
        assert_eq!(last.is_ok(), is_ok);
    }
    runtime.end_block(&mut world.state, block);
    assert!(world.state.proxy.last_call_result.is_empty());
}

#[test]
fn guards_see_the_real_account() {
    let mut world = with(T::Any, 0);
    world.state.coldkey_mut(&id(REAL)).swap_announcement = Some((1, [0; 32]));
    let (_, inner) = run(&mut world, DELEGATE, proxied(pay(TAO)));
    assert_eq!(inner.unwrap(), "SubtensorModule.ColdkeySwapAnnounced");
}

#[test]
fn each_error_and_a_neighbour_that_passes() {
    let forced =
        |force| P::Proxy { real: id(REAL).into(), force_proxy_type: Some(force), call: boxed(pay(TAO)) };
    let own = P::AddProxy { delegate: id(REAL).into(), proxy_type: T::Any, delay: 0 };
    let flag = |delegate| P::SetRealPaysFee { delegate: id(delegate).into(), pays_fee: true };
    let rows: Vec<(&str, u64, P)> = vec![
        ("ok", DELEGATE, proxied(pay(TAO))),
        ("Proxy.NotProxy", OTHER, proxied(pay(TAO))),
        ("ok", DELEGATE, forced(T::Any)),
        ("Proxy.NotProxy", DELEGATE, forced(T::Transfer)),
        ("Proxy.Unannounced", DELEGATE, forced(T::Staking)),
        ("Proxy.NoSelfProxy", REAL, own),
        ("Proxy.Duplicate", REAL, added(T::Any, 0)),
        ("ok", REAL, added(T::Any, 1)),
        ("ok", REAL, removed(T::Any, 0)),
        ("Proxy.NotFound", REAL, removed(T::Any, 1)),
        ("Proxy.NotFound", OTHER, removed(T::Any, 0)),
        ("ok", REAL, flag(DELEGATE)),
        ("Proxy.NotProxy", REAL, flag(OTHER)),
    ];
    let mut base = with(T::Any, 0);
    base.ok(REAL, added(T::Staking, 3));
    for (expected, who, call) in rows {
        let mut world = base.clone();
        assert_eq!(world.send(who, call.clone()), expected, "{call:?}");
        check_issuance(&world);
    }
    let root = Extrinsic::Root(proxied(pay(TAO)).into());
    assert_eq!(base.run_block(&[root]).0, ["BadOrigin"]);
}

#[test]
fn deposits_follow_the_number_of_proxies() {
    let mut world = World::new();
    assert_eq!(reserved(&world, REAL), 0);
    for (number, expected) in [(0, 93_000_000), (1, 126_000_000), (2, 159_000_000)] {
        world.ok(REAL, added(T::Any, number));
        assert_eq!(reserved(&world, REAL), expected);
        check_issuance(&world);
    }
    assert_eq!(world.state.balances.accounts.get(&id(REAL)).unwrap().consumers, 1);
    world.ok(REAL, removed(T::Any, 1));
    assert_eq!(reserved(&world, REAL), 126_000_000);
    world.ok(REAL, P::RemoveProxies);
    assert_eq!(reserved(&world, REAL), 0);
    assert_eq!(world.state.balances.accounts.get(&id(REAL)).unwrap().consumers, 0);
    assert!(world.state.proxy.proxies.is_empty());
    check_issuance(&world);
}

#[test]
fn a_deposit_must_be_there_and_leave_the_account_alive() {
    let short = |left: u64| {
        let mut world = World::new();
        let spare = Rao(TAO - left);
        world.ok(POOR, BalancesCall::TransferAllowDeath { dest: id(5).into(), value: spare });
        world.send(POOR, added(T::Any, 0))
    };
    assert_eq!(short(93_000_500), "ok");
    assert_eq!(short(93_000_499), "ConsumerRemaining");
    assert_eq!(short(92_999_999), "Balances.InsufficientBalance");
}

#[test]
fn a_deposit_is_no_part_of_what_is_frozen() {
    let frozen = |frozen| {
        let mut world = World::new();
        world.state.balances.accounts.get_mut(&id(POOR)).unwrap().data.frozen = Rao(frozen);
        world.send(POOR, added(T::Any, 0))
    };
    assert_eq!(frozen(TAO - 93_000_000), "ok");
    assert_eq!(frozen(TAO - 92_999_999), "Balances.LiquidityRestrictions");
}

#[test]
fn each_deposit_must_be_there() {
    let announce = P::Announce { real: id(REAL).into(), call_hash: [1; 32] };
    let create = P::CreatePure { proxy_type: T::Any, delay: 0, index: 0 };
    for (call, deposit) in [(announce, 104_000_000), (create, 93_000_000)] {
        for (left, expected) in [(deposit + 500, "ok"), (deposit - 1, "Balances.InsufficientBalance")] {
            let mut world = World::new();
            world.ok(REAL, P::AddProxy { delegate: id(POOR).into(), proxy_type: T::Any, delay: 0 });
            world.ok(POOR, pay(TAO - left));
            assert_eq!(world.send(POOR, call.clone()), expected, "{call:?}");
        }
    }
}

#[test]
fn what_is_reserved_cannot_be_spent() {
    let mut world = World::new();
    world.ok(POOR, added(T::Any, 0));
    let free = TAO - 93_000_000;
    assert_eq!(world.send(POOR, pay(free + 1)), "Token.FundsUnavailable");
    assert_eq!(world.send(POOR, pay(free)), "Token.Frozen");
    world.ok(POOR, pay(free - 500));
    world.ok(POOR, P::RemoveProxies);
    assert_eq!(total_balance(&world.state, &id(POOR)), Rao(93_000_500));
}

#[test]
fn there_are_twenty_proxies_and_seventy_five_announcements_at_most() {
    let mut world = World::new();
    for delay in 0..20 {
        world.ok(REAL, added(T::Any, delay));
    }
    assert_eq!(world.send(REAL, added(T::Any, 20)), "Proxy.TooMany");
    let announce = |number: u8| P::Announce { real: id(REAL).into(), call_hash: [number; 32] };
    for number in 0..75 {
        world.ok(DELEGATE, announce(number));
    }
    assert_eq!(reserved(&world, DELEGATE), 36_000_000 + 75 * 68_000_000);
    assert_eq!(world.send(DELEGATE, announce(75)), "Proxy.TooMany");
    check_issuance(&world);
}

#[test]
fn a_proxy_with_a_delay_announces_first() {
    let call = pay(TAO);
    let call_hash = blake2_256(&call.encode());
    let announced = P::ProxyAnnounced {
        delegate: id(DELEGATE).into(),
        real: id(REAL).into(),
        force_proxy_type: None,
        call: boxed(call.clone()),
    };
    let mut world = with(T::Any, 3);
    assert_eq!(world.send(DELEGATE, proxied(call)), "Proxy.Unannounced");
    assert_eq!(world.send(OTHER, announced.clone()), "Proxy.Unannounced");
    assert_eq!(world.send(OTHER, P::Announce { real: id(REAL).into(), call_hash }), "Proxy.NotProxy");
    world.ok(DELEGATE, P::Announce { real: id(REAL).into(), call_hash });
    assert_eq!(reserved(&world, DELEGATE), 104_000_000);
    assert_eq!(world.send(OTHER, announced.clone()), "Proxy.Unannounced", "one block later");
    assert_eq!(world.send(OTHER, announced.clone()), "Proxy.Unannounced", "two blocks later");
    assert_eq!(run(&mut world, OTHER, announced.clone()), ("ok".into(), Some("ok".into())));
    assert_eq!(reserved(&world, DELEGATE), 0);
    assert_eq!(total_balance(&world.state, &id(5)), Rao(TAO));
    assert_eq!(world.send(OTHER, announced), "Proxy.Unannounced", "once only");
    check_issuance(&world);
}

#[test]
fn an_announcement_is_taken_back_or_rejected() {
    let call_hash = [7; 32];
    let rows: [(&str, u64, P); 6] = [
        ("ok", DELEGATE, P::RemoveAnnouncement { real: id(REAL).into(), call_hash }),
        ("Proxy.NotFound", DELEGATE, P::RemoveAnnouncement { real: id(REAL).into(), call_hash: [8; 32] }),
        ("Proxy.NotFound", DELEGATE, P::RemoveAnnouncement { real: id(OTHER).into(), call_hash }),
        ("ok", REAL, P::RejectAnnouncement { delegate: id(DELEGATE).into(), call_hash }),
        ("Proxy.NotFound", OTHER, P::RejectAnnouncement { delegate: id(DELEGATE).into(), call_hash }),
        ("Proxy.NotFound", REAL, P::RejectAnnouncement { delegate: id(OTHER).into(), call_hash }),
    ];
    let mut base = with(T::Any, 3);
    base.ok(DELEGATE, P::Announce { real: id(REAL).into(), call_hash });
    for (expected, who, call) in rows {
        let mut world = base.clone();
        assert_eq!(world.send(who, call.clone()), expected, "{call:?}");
        let left = if expected == "ok" { 0 } else { 104_000_000 };
        assert_eq!(reserved(&world, DELEGATE), left, "{call:?}");
    }
}

#[test]
fn a_pure_account_lives_by_its_proxy() {
    let mut world = World::new();
    let create = Extrinsic::Unchecked {
        who: id(REAL),
        call: P::CreatePure { proxy_type: T::Any, delay: 0, index: 4 }.into(),
    };
    let height = u32::try_from(world.env().number).unwrap();
    let (results, events) = world.run_block(&[create.clone(), create]);
    assert_eq!(results, ["ok", "ok"], "each extrinsic makes another account");
    let mut made = events.iter().filter_map(|event| match event {
        Event::Proxy(ProxyEvent::PureCreated { pure, .. }) => Some(*pure),
        _ => None,
    });
    let pure = made.next().unwrap();
    let entropy = (b"modlpy/proxy____", id(REAL), height, 1u32, T::Any, 4u16).encode();
    assert_eq!(pure, AccountId::new(blake2_256(&entropy)));
    assert_ne!(made.next().unwrap(), pure);
    assert_eq!(reserved(&world, REAL), 2 * 93_000_000);
    let as_pure = |call| P::Proxy { real: pure.into(), force_proxy_type: None, call: boxed(call) };
    let kill =
        |index| P::KillPure { spawner: id(REAL).into(), proxy_type: T::Any, index, height, ext_index: 1 };
    world.ok(REAL, BalancesCall::TransferAllowDeath { dest: pure.into(), value: Rao(TAO) });
    assert_eq!(run(&mut world, REAL, as_pure(pay(TAO / 2))).1.unwrap(), "ok");
    assert_eq!(world.send(REAL, kill(4)), "Proxy.NoPermission");
    assert_eq!(run(&mut world, REAL, as_pure(kill(5).into())).1.unwrap(), "Proxy.NoPermission");
    assert_eq!(run(&mut world, REAL, as_pure(kill(4).into())).1.unwrap(), "ok");
    assert_eq!(reserved(&world, REAL), 93_000_000);
    assert_eq!(world.send(REAL, as_pure(pay(1))), "Proxy.NotProxy");
    check_issuance(&world);
}

#[test]
fn what_was_never_dispatched_has_no_place_in_the_block() {
    let mut world = World::new();
    let create = || Extrinsic::Unchecked {
        who: id(REAL),
        call: P::CreatePure { proxy_type: T::Any, delay: 0, index: 0 }.into(),
    };
    let height = u32::try_from(world.env().number).unwrap();
    let failing = Extrinsic::Unchecked { who: id(OTHER), call: removed(T::Any, 0).into() };
    let pulses_payload =
        PulsesPayload { block_number: 1, pulses: vec![], public: MultiSigner::Ed25519([0; 32]) };
    let invalid = Extrinsic::Unsigned(drand::Call::WritePulse { pulses_payload, signature: None }.into());
    let (results, _) = world.run_block(&[failing, invalid, create()]);
    assert_eq!((results[0].as_str(), results[2].as_str()), ("Proxy.NotFound", "ok"));
    assert!(results[1].starts_with("invalid transaction"), "{results:?}");
    let entropy = (b"modlpy/proxy____", id(REAL), height, 2u32, T::Any, 0u16).encode();
    assert!(world.state.proxy.proxies.contains_key(&AccountId::new(blake2_256(&entropy))));
}

#[test]
fn one_extrinsic_makes_a_pure_account_once() {
    let create = |index| RuntimeCall::from(P::CreatePure { proxy_type: T::Any, delay: 0, index });
    let both = |first, second| UtilityCall::BatchAll { calls: vec![create(first), create(second)] };
    assert_eq!(World::new().send(REAL, both(0, 0)), "Proxy.Duplicate");
    assert_eq!(World::new().send(REAL, both(0, 1)), "ok");
}

#[test]
fn a_wrong_deposit_is_put_right() {
    let mut world = with(T::Any, 0);
    world.ok(DELEGATE, P::Announce { real: id(REAL).into(), call_hash: [1; 32] });
    let before = (reserved(&world, REAL), reserved(&world, DELEGATE));
    world.state.proxy_mut().proxies.get_mut(&id(REAL)).unwrap().1 = Rao(83_000_000);
    world.state.proxy_mut().announcements.get_mut(&id(DELEGATE)).unwrap().1 = Rao(105_000_000);
    for who in [REAL, DELEGATE, REAL, DELEGATE] {
        world.ok(who, P::PokeDeposit);
    }
    let after = (reserved(&world, REAL), reserved(&world, DELEGATE));
    assert_eq!(after, (before.0 + 10_000_000, before.1 - 1_000_000));
    check_issuance(&world);
}

#[test]
fn no_wrapping_widens_a_proxys_right() {
    let batch = |call| UtilityCall::Batch { calls: vec![call] };
    let mut world = with(T::NonTransfer, 0);
    run(&mut world, DELEGATE, proxied(batch(pay(TAO))));
    let either = UtilityCall::IfElse { main: boxed(pay(TAO)), fallback: boxed(batch(pay(TAO))) };
    run(&mut world, DELEGATE, proxied(either));
    assert!(total_balance(&world.state, &id(5)).is_zero());
    assert_eq!(told(T::NonTransfer, UtilityCall::BatchAll { calls: vec![pay(TAO)] }), "System.CallFiltered");
    // The right of the second proxy is another's.
    world.ok(OTHER, P::AddProxy { delegate: id(REAL).into(), proxy_type: T::Any, delay: 0 });
    let nested = P::Proxy { real: id(OTHER).into(), force_proxy_type: None, call: boxed(pay(TAO)) };
    world.ok(DELEGATE, proxied(nested));
    assert_eq!(total_balance(&world.state, &id(5)), Rao(TAO));
    world.ok(DELEGATE, pay(TAO));
}

#[test]
fn a_proxy_gives_no_more_than_it_has() {
    let filtered = "System.CallFiltered";
    let other = |proxy_type| P::AddProxy { delegate: id(OTHER).into(), proxy_type, delay: 0 };
    assert_eq!(told(T::Any, other(T::Any)), "ok");
    assert_eq!(told(T::NonTransfer, other(T::NonTransfer)), "ok");
    assert_eq!(told(T::NonTransfer, other(T::Staking)), "ok");
    for wider in [T::Any, T::Transfer, T::SmallTransfer] {
        assert_eq!(told(T::NonTransfer, other(wider)), filtered);
    }
    assert_eq!(told(T::NonCritical, other(T::NonTransfer)), filtered);
    assert_eq!(told(T::NonTransfer, removed(T::NonTransfer, 0)), "ok");
    assert_eq!(told(T::NonCritical, removed(T::Any, 0)), filtered);
    assert_eq!(told(T::NonTransfer, P::RemoveProxies), filtered);
    assert_eq!(told(T::Any, P::RemoveProxies), "ok");
}

#[test]
fn types_and_calls_are_numbered_as_on_chain() {
    let numbered = [(T::Any, 0), (T::NonFungible, 5), (T::SmallTransfer, 11), (T::RootClaim, 17)];
    for (proxy_type, index) in numbered {
        assert_eq!(proxy_type.encode(), [index]);
    }
    let event = ProxyEvent::RealPaysFeeSet { real: id(1), delegate: id(2), pays_fee: true };
    assert_eq!((event.encode()[0], event.encode()[65]), (7, 1));
    assert_eq!(ProxyEvent::ProxyExecuted { result: Ok(()) }.encode()[..2], [0, 0]);
    assert_eq!(ProxyError::InvalidDerivedAccountId.encode(), [9]);
    assert_eq!(RuntimeCall::from(P::RemoveProxies).encode(), [16, 3]);
    assert_eq!(RuntimeCall::from(P::PokeDeposit).encode(), [16, 10]);
    let kill = P::KillPure { spawner: id(1).into(), proxy_type: T::Any, index: 2, height: 3, ext_index: 4 };
    assert_eq!(kill.encode()[34..], [0, 2, 0, 12, 16]);
}
