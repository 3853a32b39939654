//! `ProxyFilterRuntimeApi`: the kinds of proxies, and what each may call.

use super::runtime_api;
use crate::call::RuntimeCall;
use crate::runtime::calls::proxy_filter::{Right, right};
use crate::types::ProxyType;
use crate::wire::metadata::{NamedCall, named_calls};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// A kind of proxy.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ProxyTypeInfo {
    /// Its name.
    pub name: Vec<u8>,
    /// Its number.
    pub index: u8,
    /// Whether it is retired and allows nothing.
    pub deprecated: bool,
}

/// A kind of proxy, and what it may call.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ProxyFilterInfo {
    /// Its number.
    pub proxy_type: u8,
    /// Its name.
    pub name: Vec<u8>,
    /// Whether it is retired and allows nothing.
    pub deprecated: bool,
    /// What it may call.
    pub filter_mode: FilterMode,
}

/// What a kind of proxy may call.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum FilterMode {
    /// Everything.
    AllowAll,
    /// These calls and no others.
    Allow(Vec<CallInfo>),
}

/// A call that a kind of proxy may make.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CallInfo {
    /// The pallet's name.
    pub pallet_name: Vec<u8>,
    /// The pallet's number.
    pub pallet_index: u8,
    /// The call's name.
    pub call_name: Vec<u8>,
    /// The call's number.
    pub call_index: u8,
    /// What must hold for its arguments.
    pub constraint: Option<CallConstraint>,
}

/// What must hold for the arguments of a call.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum CallConstraint {
    /// An amount is below a limit.
    ParamLessThan {
        /// The argument.
        param_name: Vec<u8>,
        /// The first amount that is too much, rao.
        limit: u128,
    },
    /// A call within the call is this one. No kind of proxy asks for it here.
    NestedCallMustBe {
        /// The argument.
        param_name: Vec<u8>,
        /// The pallet of the call in it.
        pallet_name: Vec<u8>,
        /// The call in it.
        call_name: Vec<u8>,
    },
}

/// The kinds of proxies with their numbers, in the order of these.
fn kinds() -> impl Iterator<Item = (ProxyType, u8)> {
    (0..=u8::MAX).map_while(|index| ProxyType::decode(&mut &[index][..]).ok().zip(Some(index)))
}

fn name(kind: ProxyType) -> Vec<u8> {
    format!("{kind:?}").into_bytes()
}

const fn is_deprecated(kind: ProxyType) -> bool {
    matches!(
        kind,
        ProxyType::Senate | ProxyType::Triumvirate | ProxyType::Governance | ProxyType::RootWeights
    )
}

fn types() -> Vec<ProxyTypeInfo> {
    let info = |(kind, index)| ProxyTypeInfo { name: name(kind), index, deprecated: is_deprecated(kind) };
    kinds().map(info).collect()
}

/// The call with arguments that say nothing: zeros are a value of every argument there is.
fn empty(call: &NamedCall) -> Option<RuntimeCall> {
    let bytes: Vec<u8> =
        [call.pallet_index, call.index].into_iter().chain(std::iter::repeat_n(0, 512)).collect();
    RuntimeCall::decode(&mut bytes.as_slice()).ok()
}

/// The call as it is listed, if this kind may make it.
fn listed(kind: ProxyType, named: &NamedCall, call: &RuntimeCall) -> Option<CallInfo> {
    let constraint = match right(kind, call) {
        Right::Never => return None,
        Right::Always => None,
        Right::Below { parameter, limit } => Some(CallConstraint::ParamLessThan {
            param_name: parameter.as_bytes().to_vec(),
            limit: limit.into(),
        }),
    };
    Some(CallInfo {
        pallet_name: named.pallet.as_bytes().to_vec(),
        pallet_index: named.pallet_index,
        call_name: named.name.as_bytes().to_vec(),
        call_index: named.index,
        constraint,
    })
}

/// Of the kinds that are asked for, or all of them.
fn filters(asked: Option<Vec<u8>>) -> Vec<ProxyFilterInfo> {
    let calls: Vec<(NamedCall, RuntimeCall)> =
        named_calls().into_iter().filter_map(|named| empty(&named).map(|call| (named, call))).collect();
    let allowed = |kind| calls.iter().filter_map(move |(named, call)| listed(kind, named, call)).collect();
    kinds()
        .filter(|(_, index)| asked.as_ref().is_none_or(|asked| asked.contains(index)))
        .map(|(kind, index)| ProxyFilterInfo {
            proxy_type: index,
            name: name(kind),
            deprecated: is_deprecated(kind),
            filter_mode: match kind {
                ProxyType::Any => FilterMode::AllowAll,
                _ => FilterMode::Allow(allowed(kind)),
            },
        })
        .collect()
}

runtime_api! { METHODS of ProxyFilterRuntimeApi:
    /// All kinds of proxies, by number.
    get_proxy_types() -> Vec<ProxyTypeInfo> = |_| types();
    /// What each of these kinds of proxies may call, or all of them, by number.
    get_proxy_filters(proxy_types: Option<Vec<u8>>) -> Vec<ProxyFilterInfo> = |_, asked| filters(asked);
}
