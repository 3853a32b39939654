//! The pallets, by their numbers on chain.

use super::constants::{self, ChainConstants};
use super::portable;
use crate::api;
use crate::call::{
    BalancesCall, BaseFeeCall, GrandpaCall, LimitOrdersCall, MevShieldCall, PreimageCall, SafeModeCall,
    SchedulerCall, SudoCall, SwapCall, SystemCall, TimestampCall, UtilityCall, admin_utils, commitments,
    crowdloan, drand, multisig, proxy, subtensor,
};
use crate::error::{
    AdminUtilsError, BalancesError, CommitmentsError, CrowdloanError, DrandError, LimitOrdersError,
    MevShieldError, MultisigError, PreimageError, ProxyError, SafeModeError, SubtensorModuleError, SwapError,
};
use crate::event::{
    AdminUtilsEvent, BalancesEvent, CommitmentsEvent, CrowdloanEvent, DrandEvent, MevShieldEvent,
    MultisigEvent, PreimageEvent, ProxyEvent, SubtensorModuleEvent, SudoEvent, SwapEvent, UtilityEvent,
};
use crate::schema::{self, Hasher, Modifier};
use crate::wire::event::{TransactionPaymentEvent, WireSystemEvent};
use crate::wire::sealed_items;
use frame_metadata::v14;
use frame_metadata::v15::{
    PalletCallMetadata, PalletErrorMetadata, PalletEventMetadata, PalletMetadata, PalletStorageMetadata,
    RuntimeApiMetadata, RuntimeApiMethodMetadata, RuntimeApiMethodParamMetadata, StorageEntryMetadata,
    StorageEntryModifier, StorageEntryType, StorageHasher,
};
use scale_info::form::PortableForm;
use scale_info::interner::UntrackedSymbol;
use scale_info::{MetaType, TypeDef, TypeInfo, meta_type};
use std::any::TypeId;

/// What a pallet has besides its storage and constants.
struct Pallet {
    index: u8,
    name: &'static str,
    calls: Option<MetaType>,
    events: Option<MetaType>,
    errors: Option<MetaType>,
}

/// Errors of pallets that have one or two only.
macro_rules! small_errors {
    ($($name:ident { $($variant:ident = $index:literal),* })*) => {
        $(
            #[derive(TypeInfo)]
            #[allow(dead_code, reason = "a shape: failures are encoded by number")]
            pub(in crate::wire) enum $name {
                $(#[codec(index = $index)] $variant,)*
            }
        )*
    };
}
small_errors! {
    SystemError { CallFiltered = 5, NothingAuthorized = 7 }
    SudoError { RequireSudo = 0 }
    UtilityError { TooManyCalls = 0 }
}

/// An error of any pallet, by the pallet's number.
#[derive(TypeInfo)]
#[allow(dead_code, reason = "a shape")]
pub(super) enum RuntimeError {
    #[codec(index = 0)]
    System(SystemError),
    #[codec(index = 5)]
    Balances(BalancesError),
    #[codec(index = 7)]
    SubtensorModule(SubtensorModuleError),
    #[codec(index = 11)]
    Utility(UtilityError),
    #[codec(index = 12)]
    Sudo(SudoError),
    #[codec(index = 13)]
    Multisig(MultisigError),
    #[codec(index = 14)]
    Preimage(PreimageError),
    #[codec(index = 16)]
    Proxy(ProxyError),
    #[codec(index = 18)]
    Commitments(CommitmentsError),
    #[codec(index = 19)]
    AdminUtils(AdminUtilsError),
    #[codec(index = 26)]
    Drand(DrandError),
    #[codec(index = 27)]
    Crowdloan(CrowdloanError),
    #[codec(index = 20)]
    SafeMode(SafeModeError),
    #[codec(index = 28)]
    Swap(SwapError),
    #[codec(index = 30)]
    MevShield(MevShieldError),
    #[codec(index = 32)]
    LimitOrders(LimitOrdersError),
}

macro_rules! pallets {
    ($($index:literal $name:literal: [$($calls:ty)?] [$($events:ty)?] [$($errors:ty)?];)*) => {
        /// The pallets: number, name, calls, events, errors.
        fn pallets() -> Vec<Pallet> {
            fn one(types: &[MetaType]) -> Option<MetaType> {
                types.first().copied()
            }
            vec![$(Pallet {
                index: $index,
                name: $name,
                calls: one(&[$(meta_type::<$calls>())?]),
                events: one(&[$(meta_type::<$events>())?]),
                errors: one(&[$(meta_type::<$errors>())?]),
            }),*]
        }
    };
}
pallets! {
    0 "System": [SystemCall] [WireSystemEvent] [SystemError];
    2 "Timestamp": [TimestampCall] [] [];
    3 "Aura": [] [] [];
    4 "Grandpa": [GrandpaCall] [] [];
    5 "Balances": [BalancesCall] [BalancesEvent] [BalancesError];
    6 "TransactionPayment": [] [TransactionPaymentEvent] [];
    7 "SubtensorModule": [subtensor::Call] [SubtensorModuleEvent] [SubtensorModuleError];
    11 "Utility": [UtilityCall] [UtilityEvent] [UtilityError];
    12 "Sudo": [SudoCall] [SudoEvent] [SudoError];
    13 "Multisig": [multisig::Call] [MultisigEvent] [MultisigError];
    14 "Preimage": [PreimageCall] [PreimageEvent] [PreimageError];
    15 "Scheduler": [SchedulerCall] [] [];
    16 "Proxy": [proxy::Call] [ProxyEvent] [ProxyError];
    18 "Commitments": [commitments::Call] [CommitmentsEvent] [CommitmentsError];
    19 "AdminUtils": [admin_utils::Call] [AdminUtilsEvent] [AdminUtilsError];
    20 "SafeMode": [SafeModeCall] [] [SafeModeError];
    25 "BaseFee": [BaseFeeCall] [] [];
    26 "Drand": [drand::Call] [DrandEvent] [DrandError];
    27 "Crowdloan": [crowdloan::Call] [CrowdloanEvent] [CrowdloanError];
    28 "Swap": [SwapCall] [SwapEvent] [SwapError];
    30 "MevShield": [MevShieldCall] [MevShieldEvent] [MevShieldError];
    31 "AlphaAssets": [] [] [];
    32 "LimitOrders": [LimitOrdersCall] [] [LimitOrdersError];
}

/// A call by its names and numbers.
#[derive(Clone, Debug)]
pub(crate) struct NamedCall {
    /// The pallet's name.
    pub(crate) pallet: &'static str,
    /// The pallet's number.
    pub(crate) pallet_index: u8,
    /// The call's name.
    pub(crate) name: String,
    /// The call's number.
    pub(crate) index: u8,
}

/// Every call of every pallet, by their numbers.
pub(crate) fn named_calls() -> Vec<NamedCall> {
    let mut all = Vec::new();
    for pallet in pallets() {
        let Some(TypeDef::Variant(calls)) = pallet.calls.map(|calls| calls.type_info().type_def) else {
            continue;
        };
        all.extend(calls.variants.iter().map(|call| NamedCall {
            pallet: pallet.name,
            pallet_index: pallet.index,
            name: portable::call_name(call.name),
            index: call.index,
        }));
    }
    all.sort_by_key(|call| (call.pallet_index, call.index));
    all
}

/// A reference to a type from outside the registry, and the type that is declared for the same place.
pub(super) type Place<'p> = (&'p mut UntrackedSymbol<TypeId>, Option<u32>);

/// All types that a pallet refers to, in the order in which the runtime registers them.
pub(super) fn places<'p>(
    pallet: &'p mut PalletMetadata<PortableForm>,
    declared: Option<&v14::PalletMetadata<PortableForm>>,
) -> Vec<Place<'p>> {
    let mut places: Vec<Place<'p>> = Vec::new();
    for entry in pallet.storage.iter_mut().flat_map(|storage| &mut storage.entries) {
        let same = declared.and_then(|pallet| pallet.storage.as_ref());
        let same = same.and_then(|storage| storage.entries.iter().find(|same| same.name == entry.name));
        match (&mut entry.ty, same.map(|same| &same.ty)) {
            (StorageEntryType::Plain(value), Some(StorageEntryType::Plain(same))) => {
                places.push((value, Some(same.id)));
            }
            (
                StorageEntryType::Map { key, value, .. },
                Some(StorageEntryType::Map { key: same_key, value: same_value, .. }),
            ) => places.extend([(key, Some(same_key.id)), (value, Some(same_value.id))]),
            (StorageEntryType::Plain(value), _) => places.push((value, None)),
            (StorageEntryType::Map { key, value, .. }, _) => places.extend([(key, None), (value, None)]),
        }
    }
    if let Some(calls) = &mut pallet.calls {
        places.push((&mut calls.ty, declared.and_then(|same| Some(same.calls.as_ref()?.ty.id))));
    }
    if let Some(event) = &mut pallet.event {
        places.push((&mut event.ty, declared.and_then(|same| Some(same.event.as_ref()?.ty.id))));
    }
    for constant in &mut pallet.constants {
        let same = declared.and_then(|same| same.constants.iter().find(|same| same.name == constant.name));
        places.push((&mut constant.ty, same.map(|same| same.ty.id)));
    }
    if let Some(error) = &mut pallet.error {
        places.push((&mut error.ty, declared.and_then(|same| Some(same.error.as_ref()?.ty.id))));
    }
    places
}

/// Puts storage items and constants in their declared order, before those that are ours alone.
pub(super) fn sort(pallet: &mut PalletMetadata<PortableForm>, declared: &v14::PalletMetadata<PortableForm>) {
    let entries = declared.storage.as_ref().map(|storage| storage.entries.as_slice()).unwrap_or_default();
    let place = |name: &str| entries.iter().position(|entry| entry.name == name).unwrap_or(usize::MAX);
    if let Some(storage) = &mut pallet.storage {
        storage.entries.sort_by_key(|entry| place(&entry.name));
    }
    let place =
        |name: &str| declared.constants.iter().position(|same| same.name == name).unwrap_or(usize::MAX);
    pallet.constants.sort_by_key(|constant| place(&constant.name));
}

/// All pallets with their storage and constants.
pub(super) fn all(figures: &ChainConstants) -> Vec<PalletMetadata> {
    let constants = constants::all(figures);
    let describe = |pallet: Pallet| {
        let entries = entries(pallet.name);
        PalletMetadata {
            name: pallet.name,
            storage: (!entries.is_empty()).then_some(PalletStorageMetadata { prefix: pallet.name, entries }),
            calls: pallet.calls.map(|ty| PalletCallMetadata { ty }),
            event: pallet.events.map(|ty| PalletEventMetadata { ty }),
            constants: constants
                .iter()
                .filter(|constant| constant.pallet == pallet.name)
                .map(constants::Constant::metadata)
                .collect(),
            error: pallet.errors.map(|ty| PalletErrorMetadata { ty }),
            index: pallet.index,
            docs: Vec::new(),
        }
    };
    pallets().into_iter().map(describe).collect()
}

/// The storage items of a pallet: those of the state, those of the block itself, and those that are declared only.
fn entries(pallet: &str) -> Vec<StorageEntryMetadata> {
    let of_state = schema::items().filter(|item| item.pallet == pallet).map(|item| {
        let modifier = item.modifier();
        let default = item.default().unwrap_or_else(|| vec![0]);
        entry(item.name, item.doc, modifier, item.hashers, item.key_shape(), item.value_shape(), default)
    });
    let others = sealed_items().iter().filter(|item| item.pallet == pallet).map(|item| {
        let default = item.default.map_or_else(|| vec![0], |default| default());
        let modifier = if item.default.is_some() { Modifier::Default } else { Modifier::Optional };
        let key = item.key.map(|key| key());
        entry(item.name, item.doc, modifier, item.hashers, key, (item.value)(), default)
    });
    of_state.chain(others).collect()
}

fn entry(
    name: &'static str,
    doc: &'static str,
    modifier: Modifier,
    hashers: &'static [Hasher],
    key: Option<MetaType>,
    value: MetaType,
    default: Vec<u8>,
) -> StorageEntryMetadata {
    let hasher = |hasher: &Hasher| match hasher {
        Hasher::Identity => StorageHasher::Identity,
        Hasher::Twox64Concat => StorageHasher::Twox64Concat,
        Hasher::Blake2_128Concat => StorageHasher::Blake2_128Concat,
    };
    StorageEntryMetadata {
        name,
        modifier: match modifier {
            Modifier::Default => StorageEntryModifier::Default,
            Modifier::Optional => StorageEntryModifier::Optional,
        },
        ty: match key {
            None => StorageEntryType::Plain(value),
            Some(key) => StorageEntryType::Map { hashers: hashers.iter().map(hasher).collect(), key, value },
        },
        default,
        docs: vec![doc],
    }
}

/// The runtime APIs.
pub(super) fn apis() -> Vec<RuntimeApiMetadata> {
    let mut apis: Vec<RuntimeApiMetadata> = Vec::new();
    let about_metadata = [
        ("metadata", Vec::new(), meta_type::<OpaqueMetadata>()),
        ("metadata_at_version", vec![("version", meta_type::<u32>())], meta_type::<Option<OpaqueMetadata>>()),
        ("metadata_versions", Vec::new(), meta_type::<Vec<u32>>()),
    ];
    for (name, inputs, output) in about_metadata {
        add(&mut apis, "Metadata", name, "Answered by the node.", inputs, output);
    }
    for method in api::methods() {
        add(&mut apis, method.api, method.name, method.doc, method.inputs(), method.output());
    }
    apis
}

fn add(
    apis: &mut Vec<RuntimeApiMetadata>,
    api: &'static str,
    name: &'static str,
    doc: &'static str,
    inputs: Vec<(&'static str, MetaType)>,
    output: MetaType,
) {
    let inputs = inputs.into_iter().map(|(name, ty)| RuntimeApiMethodParamMetadata { name, ty }).collect();
    let method = RuntimeApiMethodMetadata { name, inputs, output, docs: vec![doc] };
    match apis.iter_mut().find(|known| known.name == api) {
        Some(known) => known.methods.push(method),
        None => apis.push(RuntimeApiMetadata { name: api, methods: vec![method], docs: Vec::new() }),
    }
}

/// Metadata as bytes with their length.
#[derive(TypeInfo)]
#[allow(dead_code, reason = "a shape")]
struct OpaqueMetadata(Vec<u8>);
