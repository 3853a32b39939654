//! Who pays for calls in the name of another account.

use super::proxy::{DELEGATE, OTHER, REAL, added, boxed, check_issuance, pay, proxied, removed, with};
use super::world::{NET, POOR, World, id};
use chain::account::AccountId;
use chain::block::{Extrinsic, Failure, InvalidTransaction, MultiSignature, SignedExtrinsic};
use chain::call::proxy::Call as P;
use chain::call::subtensor::Call as S;
use chain::call::{BalancesCall, RuntimeCall, UtilityCall};
use chain::error::ProxyError;
use chain::event::Event;
use chain::invariants::{Checker, Invariant};
use chain::runtime::fees::call_info;
use chain::runtime::tao::total_balance;
use chain::runtime::{Rules, Runtime};
use chain::types::ProxyType as T;
use chain::units::{Rao, TAO};

/// Who paid for a signed call of the proxy, and what became of it; what may be left behind is checked.
fn paid(world: &mut World, call: impl Into<RuntimeCall>) -> (AccountId, Result<(), Failure>) {
    let rules = Rules { check_signatures: false, ..Rules::default() };
    let mut runtime =
        Runtime::new(rules, [0; 32]).checked(Checker::new(&world.state, [Invariant::I1, Invariant::I24]));
    let nonce = world.state.balances.accounts.get(&id(DELEGATE)).unwrap().nonce;
    let extrinsic = SignedExtrinsic {
        signer: id(DELEGATE),
        nonce,
        tip: Rao::ZERO,
        mortality: None,
        call: call.into(),
        signature: MultiSignature::Ed25519([0; 64]),
    };
    let env = world.env();
    let mut block = runtime.begin_block(&mut world.state, env);
    let receipt = runtime.apply_extrinsic(&mut world.state, &mut block, &Extrinsic::Signed(extrinsic));
    let who = block.events().iter().find_map(|record| match &record.event {
        Event::TransactionFeePaid { who, actual_fee, .. } if *actual_fee == receipt.fee => Some(*who),
        _ => None,
    });
    assert_eq!(runtime.end_block(&mut world.state, block).violations, []);
    (who.unwrap(), receipt.result)
}

/// Who paid for a signed call of the proxy that succeeds.
#[track_caller]
fn payer(world: &mut World, call: impl Into<RuntimeCall>) -> AccountId {
    let (who, result) = paid(world, call);
    assert_eq!(result, Ok(()));
    who
}

#[test]
fn the_real_account_pays_if_it_said_so() {
    let mut world = with(T::Any, 0);
    world.ok(OTHER, P::AddProxy { delegate: id(REAL).into(), proxy_type: T::Any, delay: 0 });
    let nested =
        || proxied(P::Proxy { real: id(OTHER).into(), force_proxy_type: None, call: boxed(pay(TAO)) });
    let flag = |pays_fee| P::SetRealPaysFee { delegate: id(DELEGATE).into(), pays_fee };
    assert_eq!(payer(&mut world, proxied(pay(TAO))), id(DELEGATE));
    world.ok(REAL, flag(true));
    assert_eq!(payer(&mut world, proxied(pay(TAO))), id(REAL));
    assert_eq!(payer(&mut world, nested()), id(REAL));
    assert_eq!(
        payer(&mut world, UtilityCall::Batch { calls: vec![proxied(pay(TAO)).into()] }),
        id(DELEGATE),
        "a batch is no proxy"
    );
    world.ok(OTHER, P::SetRealPaysFee { delegate: id(REAL).into(), pays_fee: true });
    assert_eq!(payer(&mut world, nested()), id(OTHER));
    let by_other = || P::Proxy { real: id(OTHER).into(), force_proxy_type: None, call: boxed(pay(TAO)) };
    let both = |second: RuntimeCall| UtilityCall::Batch { calls: vec![by_other().into(), second] };
    assert_eq!(payer(&mut world, proxied(both(by_other().into()))), id(OTHER));
    assert_eq!(payer(&mut world, proxied(both(pay(TAO)))), id(REAL));
    assert_eq!(payer(&mut world, proxied(both(proxied(pay(TAO)).into()))), id(REAL));
    world.ok(REAL, flag(false));
    assert_eq!(payer(&mut world, nested()), id(DELEGATE));
    world.ok(REAL, flag(true));
    world.ok(REAL, removed(T::Any, 0));
    assert!(!world.state.proxy.real_pays_fee.contains_key(&(id(REAL), id(DELEGATE))));
    check_issuance(&world);
}

#[test]
fn the_real_account_pays_for_a_call_that_fails() {
    let mut world = with(T::Any, 0);
    world.ok(REAL, P::SetRealPaysFee { delegate: id(DELEGATE).into(), pays_fee: true });
    let held = |world: &World| [REAL, DELEGATE].map(|who| total_balance(&world.state, &id(who)));
    let nonce = |world: &World| world.state.balances.accounts.get(&id(DELEGATE)).unwrap().nonce;
    let before = (held(&world), nonce(&world));
    let call = P::Proxy { real: id(REAL).into(), force_proxy_type: Some(T::Staking), call: boxed(pay(TAO)) };
    let failed = Err(Failure::Dispatch(ProxyError::NotProxy.into()));
    assert_eq!(paid(&mut world, call), (id(REAL), failed));
    let after = held(&world);
    assert!(after[0] < before.0[0] && after[1] == before.0[1], "{after:?} after {before:?}");
    assert_eq!(nonce(&world), before.1 + 1);
}

#[test]
fn a_real_account_that_cannot_pay_makes_the_extrinsic_invalid() {
    let mut world = World::new();
    world.ok(POOR, P::AddProxy { delegate: id(DELEGATE).into(), proxy_type: T::Any, delay: 0 });
    world.ok(POOR, P::SetRealPaysFee { delegate: id(DELEGATE).into(), pays_fee: true });
    let call = || P::Proxy { real: id(POOR).into(), force_proxy_type: None, call: boxed(pay(1_000)) };
    assert_eq!(payer(&mut world, call()), id(POOR));
    let free = world.state.balances.accounts.get(&id(POOR)).unwrap().data.free;
    let value = free.saturating_sub(Rao(500));
    world.ok(POOR, BalancesCall::TransferAllowDeath { dest: id(5).into(), value });
    let rules = Rules { check_signatures: false, ..Rules::default() };
    let mut runtime = Runtime::new(rules, [0; 32]);
    let nonce = world.state.balances.accounts.get(&id(DELEGATE)).unwrap().nonce;
    let signature = MultiSignature::Ed25519([0; 64]);
    let extrinsic = SignedExtrinsic {
        signer: id(DELEGATE),
        nonce,
        tip: Rao::ZERO,
        mortality: None,
        call: call().into(),
        signature,
    };
    let env = world.env();
    let mut block = runtime.begin_block(&mut world.state, env);
    let receipt = runtime.apply_extrinsic(&mut world.state, &mut block, &Extrinsic::Signed(extrinsic));
    assert_eq!(receipt.result, Err(Failure::Invalid(InvalidTransaction::Payment)));
    assert_eq!(world.state.balances.accounts.get(&id(DELEGATE)).unwrap().nonce, nonce);
}

#[test]
fn a_proxy_of_a_free_call_is_free_and_announced_ones_are_not() {
    let free = || {
        let (dests, weights) = (Vec::new(), Vec::new());
        RuntimeCall::from(S::SetWeights { netuid: NET, dests, weights, version_key: 0 })
    };
    let announced = |call| P::ProxyAnnounced {
        delegate: id(DELEGATE).into(),
        real: id(REAL).into(),
        force_proxy_type: None,
        call: Box::new(call),
    };
    assert!(!call_info(&proxied(free()).into()).pays);
    assert!(call_info(&proxied(pay(TAO)).into()).pays);
    assert_eq!(call_info(&added(T::Any, 0).into()).weight.ref_time, 219_971_644);
    assert!(call_info(&announced(free()).into()).pays);
}
