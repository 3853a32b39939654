//! Calls within calls: `Utility` and `Sudo`.

use super::world::{NET, POOR, STAKER, VALI, World, add, id};
use chain::account::AccountId;
use chain::block::Extrinsic;
use chain::call::{BalancesCall, OriginCaller, RawOrigin, RuntimeCall, SudoCall, UtilityCall, Weight};
use chain::crypto::blake2_256;
use chain::event::{Event, SudoEvent, SystemEvent};
use chain::runtime::fees::call_info;
use chain::runtime::tao::total_balance;
use chain::units::{Rao, TAO};
use parity_scale_codec::Encode as _;

const SUDO: u64 = 77;
const WEIGHT: Weight = Weight { ref_time: 5, proof_size: 6 };

/// A call that a signer with TAO can make.
fn good() -> Box<RuntimeCall> {
    Box::new(BalancesCall::TransferAllowDeath { dest: id(5).into(), value: Rao(TAO) }.into())
}

/// A call that nobody can make.
fn bad() -> Box<RuntimeCall> {
    Box::new(add(77, NET, TAO).into())
}

/// A call that only root can make.
fn roots() -> Box<RuntimeCall> {
    Box::new(chain::call::admin_utils::Call::SudoSetTxRateLimit { tx_rate_limit: 9 }.into())
}

fn world() -> World {
    let mut world = World::new();
    world.state.globals_mut().sudo_key = Some(id(SUDO));
    world
}

fn root(call: impl Into<RuntimeCall>) -> Extrinsic {
    Extrinsic::Root(call.into())
}

fn signed(who: u64, call: impl Into<RuntimeCall>) -> Extrinsic {
    Extrinsic::Unchecked { who: id(who), call: call.into() }
}

/// The outcome of one extrinsic and the last event of `Utility` or `Sudo`.
fn run(world: &mut World, extrinsic: Extrinsic) -> (String, String) {
    let (results, events) = world.run_block(&[extrinsic]);
    let last = events.iter().rev().find_map(|event| match event {
        Event::Utility(event) => Some(format!("{event:?}")),
        Event::Sudo(event) => Some(format!("{event:?}")),
        _ => None,
    });
    (results[0].clone(), last.unwrap_or_default())
}

#[test]
fn a_call_in_anothers_name_is_refused_or_done() {
    let origin = |origin| Box::new(OriginCaller::System(origin));
    let staker = || origin(RawOrigin::Signed(id(STAKER)));
    let missing = "SubtensorModule.HotKeyAccountNotExists";
    let failed = "Err(SubtensorModule(HotKeyAccountNotExists))";
    let dispatch_as = |as_origin, call| UtilityCall::DispatchAs { as_origin, call };
    let fallible = |as_origin, call| UtilityCall::DispatchAsFallible { as_origin, call };
    let with_weight = |call| UtilityCall::WithWeight { call, weight: WEIGHT };
    let either = |main, fallback| UtilityCall::IfElse { main, fallback };
    let fine = "DispatchedAs { result: Ok(()) }".to_owned();
    let rows: Vec<(&str, String, Extrinsic)> = vec![
        ("ok", fine.clone(), root(dispatch_as(staker(), good()))),
        ("ok", format!("DispatchedAs {{ result: {failed} }}"), root(dispatch_as(staker(), bad()))),
        ("ok", "DispatchedAs { result: Err(BadOrigin) }".into(), root(dispatch_as(staker(), roots()))),
        ("ok", fine.clone(), root(dispatch_as(origin(RawOrigin::Root), roots()))),
        ("BadOrigin", String::new(), signed(STAKER, dispatch_as(staker(), good()))),
        ("ok", fine, root(fallible(staker(), good()))),
        (missing, String::new(), root(fallible(staker(), bad()))),
        ("BadOrigin", String::new(), root(fallible(origin(RawOrigin::None), good()))),
        ("BadOrigin", String::new(), signed(STAKER, fallible(staker(), good()))),
        ("ok", String::new(), root(with_weight(roots()))),
        ("BadOrigin", String::new(), root(with_weight(good()))),
        ("BadOrigin", String::new(), signed(STAKER, with_weight(roots()))),
        ("ok", "IfElseMainSuccess".into(), signed(STAKER, either(good(), bad()))),
        (
            "ok",
            "IfElseFallbackCalled { main_error: SubtensorModule(HotKeyAccountNotExists) }".into(),
            signed(STAKER, either(bad(), good())),
        ),
        (missing, String::new(), signed(STAKER, either(roots(), bad()))),
    ];
    for (expected, event, extrinsic) in rows {
        let text = format!("{extrinsic:?}");
        assert_eq!(run(&mut world(), extrinsic), (expected.to_owned(), event), "{text}");
    }
}

#[test]
fn what_a_failed_first_call_did_is_undone() {
    let main = Box::new(UtilityCall::BatchAll { calls: vec![*good(), *bad()] }.into());
    let mut world = world();
    world.ok(STAKER, UtilityCall::IfElse { main, fallback: good() });
    assert_eq!(total_balance(&world.state, &id(5)), Rao(TAO));
}

#[test]
fn a_derivative_is_an_account_of_its_own() {
    let derived = AccountId::new(blake2_256(&(b"modlpy/utilisuba", id(STAKER), 3u16).encode()));
    let call = |index| UtilityCall::AsDerivative { index, call: good() };
    let mut world = world();
    world.ok(STAKER, BalancesCall::TransferAllowDeath { dest: derived.into(), value: Rao(2 * TAO) });
    assert_eq!(world.send(STAKER, call(4)), "Token.FundsUnavailable");
    assert_eq!(world.send(POOR, call(3)), "Token.FundsUnavailable");
    world.ok(STAKER, call(3));
    assert_eq!(total_balance(&world.state, &derived), Rao(TAO));
    assert_eq!(run(&mut world, root(call(3))).0, "BadOrigin");
}

#[test]
fn only_a_batch_directly_in_a_batch_is_filtered() {
    let batch = |calls| RuntimeCall::from(UtilityCall::Batch { calls });
    let boxed = |call| RuntimeCall::from(UtilityCall::IfElse { main: Box::new(call), fallback: good() });
    let mut world = world();
    assert_eq!(world.send(STAKER, batch(vec![batch(vec![])])), "System.CallFiltered");
    assert_eq!(world.send(STAKER, batch(vec![boxed(batch(vec![]))])), "ok");
    assert_eq!(run(&mut world, root(batch(vec![batch(vec![])]))).0, "ok");
    let long = UtilityCall::Batch { calls: vec![*good(); 10_923] };
    assert_eq!(world.send(STAKER, long), "Utility.TooManyCalls");
    assert_eq!(world.send(STAKER, UtilityCall::Batch { calls: vec![*bad(); 10_922] }), "ok");
}

#[test]
fn a_batch_all_holds_no_other_however_deep() {
    let all = |call| RuntimeCall::from(UtilityCall::BatchAll { calls: vec![call] });
    let some = |call| RuntimeCall::from(UtilityCall::ForceBatch { calls: vec![call] });
    let derived = |call| RuntimeCall::from(UtilityCall::AsDerivative { index: 0, call: Box::new(call) });
    let empty = || RuntimeCall::from(UtilityCall::BatchAll { calls: vec![] });
    let mut world = world();
    assert_eq!(world.send(STAKER, all(derived(empty()))), "System.CallFiltered");
    assert_eq!(world.send(STAKER, some(derived(empty()))), "ok");
    let other = RuntimeCall::from(UtilityCall::Batch { calls: vec![] });
    assert_eq!(world.send(STAKER, all(derived(other))), "ok");
    // Another account's call is bound by nothing of this.
    let single = |call| chain::call::multisig::Call::AsMultiThreshold1 {
        other_signatories: vec![id(5)],
        call: Box::new(call),
    };
    assert_eq!(world.send(STAKER, all(single(empty()).into())), "ok");
    assert_eq!(world.send(STAKER, all(single(all(derived(empty()))).into())), "System.CallFiltered");
    assert_eq!(run(&mut world, root(all(derived(empty())))).0, "BadOrigin", "root passes the filter");
    assert_eq!(run(&mut world, root(all(all(empty())))).0, "ok");
}

#[test]
fn the_sudo_key_and_root_pass_and_nobody_else() {
    let calls = [
        SudoCall::Sudo { call: roots() },
        SudoCall::SudoUncheckedWeight { call: roots(), weight: WEIGHT },
        SudoCall::SetKey { new: id(STAKER).into() },
        SudoCall::SudoAs { who: id(STAKER).into(), call: good() },
        SudoCall::RemoveKey,
    ];
    let events = ["Sudid", "Sudid", "KeyChanged", "SudoAsDone", "KeyRemoved"];
    for (call, event) in calls.into_iter().zip(events) {
        assert_eq!(world().send(STAKER, call.clone()), "Sudo.RequireSudo", "{call:?}");
        let nobody = Box::new(OriginCaller::System(RawOrigin::None));
        let as_nobody =
            UtilityCall::DispatchAsFallible { as_origin: nobody, call: Box::new(call.clone().into()) };
        assert_eq!(run(&mut world(), root(as_nobody)).0, "BadOrigin", "{call:?}");
        for extrinsic in [signed(SUDO, call.clone()), root(call.clone())] {
            let (result, last) = run(&mut world(), extrinsic);
            assert_eq!(result, "ok", "{call:?}");
            assert!(last.starts_with(event), "{last}");
            assert!(!last.contains("Err"), "{last}");
        }
    }
}

#[test]
fn the_sudo_key_changes_hands_and_is_given_up() {
    let mut world = world();
    let (_, events) = world.run_block(&[signed(SUDO, SudoCall::SetKey { new: id(STAKER).into() })]);
    let changed = SudoEvent::KeyChanged { old: Some(id(SUDO)), new: id(STAKER) };
    assert!(events.contains(&Event::Sudo(changed)));
    assert_eq!(world.send(SUDO, SudoCall::RemoveKey), "Sudo.RequireSudo");
    world.ok(STAKER, SudoCall::RemoveKey);
    assert_eq!(world.state.globals.sudo_key, None);
    assert_eq!(world.send(STAKER, SudoCall::RemoveKey), "Sudo.RequireSudo");
}

#[test]
fn sudo_as_is_bound_by_what_binds_the_account() {
    let call = SudoCall::SudoAs { who: id(STAKER).into(), call: roots() };
    let (result, event) = run(&mut world(), signed(SUDO, call));
    assert_eq!((result.as_str(), event.as_str()), ("ok", "SudoAsDone { sudo_result: Err(BadOrigin) }"));
}

#[test]
fn a_call_within_a_call_is_weighed_with_it() {
    let inner = call_info(&good());
    let info = |call: UtilityCall| call_info(&call.into());
    let derived = info(UtilityCall::AsDerivative { index: 0, call: good() });
    let either = info(UtilityCall::IfElse { main: good(), fallback: good() });
    assert!(derived.pays && either.pays);
    let inner_time = inner.weight.ref_time;
    let alone = |call: UtilityCall, inner: u64| info(call).weight.ref_time - inner * inner_time;
    let (derived, either) = (
        alone(UtilityCall::AsDerivative { index: 0, call: good() }, 1),
        alone(UtilityCall::IfElse { main: good(), fallback: good() }, 2),
    );
    assert_eq!((derived, either), (257_961_000, 139_414_000));
    assert_eq!(info(UtilityCall::WithWeight { call: good(), weight: WEIGHT }).weight.ref_time, 67_583_005);
}

#[test]
fn calls_are_numbered_as_on_chain() {
    let as_origin = Box::new(OriginCaller::System(RawOrigin::Signed(id(1))));
    let calls: [(u8, UtilityCall); 5] = [
        (1, UtilityCall::AsDerivative { index: 0, call: good() }),
        (3, UtilityCall::DispatchAs { as_origin: as_origin.clone(), call: good() }),
        (5, UtilityCall::WithWeight { call: good(), weight: WEIGHT }),
        (6, UtilityCall::IfElse { main: good(), fallback: good() }),
        (7, UtilityCall::DispatchAsFallible { as_origin, call: good() }),
    ];
    for (index, call) in calls {
        assert_eq!(RuntimeCall::from(call).encode()[..2], [11, index]);
    }
    assert_eq!(WEIGHT.encode(), [20, 24]);
    let call = SudoCall::SudoUncheckedWeight { call: good(), weight: WEIGHT };
    assert_eq!(RuntimeCall::from(call).encode()[..2], [12, 1]);
    assert_eq!(RuntimeCall::from(SudoCall::RemoveKey).encode(), [12, 4]);
}

#[test]
fn a_derivative_makes_its_own_stake() {
    let derived = AccountId::new(blake2_256(&(b"modlpy/utilisuba", id(STAKER), 0u16).encode()));
    let mut world = world();
    world.ok(STAKER, BalancesCall::TransferAllowDeath { dest: derived.into(), value: Rao(5 * TAO) });
    let call = UtilityCall::AsDerivative { index: 0, call: Box::new(add(VALI, NET, TAO).into()) };
    let (_, events) = world.run_block(&[signed(STAKER, call)]);
    assert!(events.iter().any(|event| matches!(event, Event::System(SystemEvent::ExtrinsicSuccess { .. }))));
    assert!(!chain::runtime::shares::stake(&world.state, &id(VALI), &derived, NET).is_zero());
}
