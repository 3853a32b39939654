//! What clients are told that a proxy may call, beside what a proxy may call.

use super::ask;
use crate::proxy::{told_in, with};
use crate::wire::metadata::ours;
use chain::api::proxy_types::{CallConstraint, CallInfo, FilterMode, ProxyFilterInfo};
use chain::call::subtensor::Call as S;
use chain::call::{BalancesCall, RuntimeCall, proxy};
use chain::state::State;
use chain::types::ProxyType as T;
use chain::units::{AlphaRao, NetUid, Rao};
use parity_scale_codec::{Decode as _, Encode as _};
use scale_info::TypeDef;

const METHOD: &str = "ProxyFilterRuntimeApi_get_proxy_filters";

fn filters(asked: Option<Vec<u8>>) -> Vec<ProxyFilterInfo> {
    ask(&State::default(), METHOD, asked)
}

/// Every call of the metadata, with arguments of zeros: pallet, name, call.
fn calls() -> Vec<(String, String, RuntimeCall)> {
    let metadata = ours();
    let mut all = Vec::new();
    for pallet in &metadata.pallets {
        let Some(calls) = &pallet.calls else { continue };
        let TypeDef::Variant(calls) = &metadata.types.resolve(calls.ty.id).unwrap().type_def else {
            panic!("an enum")
        };
        for call in &calls.variants {
            let mut bytes = vec![pallet.index, call.index];
            bytes.resize(600, 0);
            let empty = RuntimeCall::decode(&mut bytes.as_slice());
            let empty = empty.unwrap_or_else(|error| panic!("{}.{}: {error}", pallet.name, call.name));
            all.push((pallet.name.clone(), call.name.clone(), empty));
        }
    }
    all
}

fn is(info: &CallInfo, pallet: &str, name: &str, call: &RuntimeCall) -> bool {
    let found = info.pallet_name == pallet.as_bytes() && info.call_name == name.as_bytes();
    assert_eq!(found, [info.pallet_index, info.call_index] == call.encode()[..2], "{pallet}.{name}");
    found
}

/// Calls of the pallet that it refuses itself, whatever a kind may call: those that would widen or end a right.
fn is_refused_besides(call: &RuntimeCall) -> bool {
    use proxy::Call as P;
    matches!(
        call,
        RuntimeCall::Proxy(
            P::AddProxy { .. } | P::RemoveProxy { .. } | P::RemoveProxies | P::KillPure { .. }
        )
    )
}

#[test]
fn every_kind_may_make_the_calls_that_are_listed_and_no_others() {
    let (filters, calls) = (filters(None), calls());
    assert_eq!(filters.len(), 18);
    assert!(calls.len() > 190, "{}", calls.len());
    for filter in filters {
        let kind = T::decode(&mut [filter.proxy_type].as_slice()).unwrap();
        assert_eq!(filter.name, format!("{kind:?}").into_bytes());
        let base = with(kind, 0);
        let mut listed = 0;
        for (pallet, name, call) in &calls {
            let allowed = match &filter.filter_mode {
                FilterMode::AllowAll => true,
                FilterMode::Allow(infos) => {
                    let count = infos.iter().filter(|info| is(info, pallet, name, call)).count();
                    assert!(count <= 1, "{kind:?}: {pallet}.{name} stands {count} times");
                    listed += count;
                    count == 1
                }
            };
            if kind != T::Any && is_refused_besides(call) {
                continue;
            }
            let told = told_in(base.clone(), call.clone());
            assert_eq!(told != "System.CallFiltered", allowed, "{kind:?}: {pallet}.{name}: {told}");
        }
        match filter.filter_mode {
            FilterMode::AllowAll => assert_eq!(kind, T::Any),
            FilterMode::Allow(infos) => {
                assert_eq!(infos.len(), listed, "{kind:?} may make a call that is none");
                assert!(!filter.deprecated || infos.is_empty(), "{kind:?}");
            }
        }
    }
}

#[test]
fn an_amount_is_bound_as_it_is_said() {
    let small = filters(Some(vec![11])).remove(0);
    assert_eq!(small.name, b"SmallTransfer");
    let FilterMode::Allow(infos) = small.filter_mode else { panic!("a list") };
    let names: Vec<_> = infos.iter().map(|info| String::from_utf8_lossy(&info.call_name)).collect();
    assert_eq!(names, ["transfer_allow_death", "transfer_keep_alive", "transfer_stake"]);
    let base = with(T::SmallTransfer, 0);
    for info in &infos {
        let Some(CallConstraint::ParamLessThan { param_name, limit }) = &info.constraint else {
            panic!("bound")
        };
        let limit = u64::try_from(*limit).unwrap();
        let call = |amount| -> RuntimeCall {
            let dest = crate::world::id(5).into();
            match (info.call_name.as_slice(), param_name.as_slice()) {
                (b"transfer_allow_death", b"value") => {
                    BalancesCall::TransferAllowDeath { dest, value: Rao(amount) }.into()
                }
                (b"transfer_keep_alive", b"value") => {
                    BalancesCall::TransferKeepAlive { dest, value: Rao(amount) }.into()
                }
                (b"transfer_stake", b"alpha_amount") => S::TransferStake {
                    destination_coldkey: crate::world::id(5),
                    hotkey: crate::world::id(6),
                    origin_netuid: NetUid(2),
                    destination_netuid: NetUid(2),
                    alpha_amount: AlphaRao(amount),
                }
                .into(),
                other => panic!("{other:?}"),
            }
        };
        let told = |amount| told_in(base.clone(), call(amount));
        assert_ne!(told(limit - 1), "System.CallFiltered");
        assert_eq!(told(limit), "System.CallFiltered");
    }
    let bound = filters(None).into_iter().filter(|filter| match &filter.filter_mode {
        FilterMode::AllowAll => false,
        FilterMode::Allow(infos) => infos.iter().any(|info| info.constraint.is_some()),
    });
    assert_eq!(bound.map(|filter| filter.proxy_type).collect::<Vec<_>>(), [11]);
}

#[test]
fn kinds_are_asked_for_by_number() {
    let numbers = |asked| filters(asked).into_iter().map(|filter| filter.proxy_type).collect::<Vec<_>>();
    assert_eq!(numbers(Some(vec![15, 3, 200, 3])), [3, 15]);
    assert_eq!(numbers(Some(Vec::new())), [0_u8; 0]);
}
