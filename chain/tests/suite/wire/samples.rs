//! Values of the real chain's types, each with its bytes: read by the types that we declare, they say the same.
//!
//! The samples belong to spec version 461 and are part of the published source distribution of bittensor 11.3.0. Types
//! are paired by walking both metadata side by side from every name that both have.

use super::metadata::{ours, shape_corpus, theirs};
use chain::account::AccountId;
use frame_metadata::v14::StorageEntryType;
use frame_metadata::v15::RuntimeMetadataV15;
use parity_scale_codec::{Compact, Decode, DecodeAll as _, Encode};
use scale_info::form::PortableForm;
use scale_info::{Field, PortableRegistry, TypeDef, TypeDefPrimitive};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Samples by the number of their type in the reference metadata.
fn samples() -> BTreeMap<u32, Vec<(Json, Vec<u8>)>> {
    let corpus = shape_corpus();
    let of = |row: &Json| {
        let samples = row["samples"].as_array().unwrap().iter();
        let samples =
            samples.map(|sample| (sample["decoded"].clone(), bytes(&sample["scale_hex"]))).collect();
        (u32::try_from(row["id"].as_u64().unwrap()).unwrap(), samples)
    };
    corpus["types"].as_array().unwrap().iter().map(of).collect()
}

pub(super) fn bytes(hex: &Json) -> Vec<u8> {
    hex::decode(hex.as_str().unwrap().trim_start_matches("0x")).unwrap()
}

/// Why bytes are not read.
#[derive(Debug, PartialEq)]
pub(super) enum Stop {
    /// A variant that we do not have.
    Variant(String, u8),
    /// They end too early, or make no sense.
    Bytes,
}

/// Reads bytes by a declared type, into the form of the samples.
pub(super) struct Reader<'a> {
    pub(super) types: &'a PortableRegistry,
    pub(super) left: &'a [u8],
}

impl Reader<'_> {
    fn take<T: Decode>(&mut self) -> Result<T, Stop> {
        T::decode(&mut self.left).map_err(|_| Stop::Bytes)
    }

    pub(super) fn read(&mut self, id: u32) -> Result<Json, Stop> {
        let ty = self.types.resolve(id).unwrap();
        let path: Vec<_> = ty.path.segments.iter().map(String::as_str).collect();
        match (&ty.type_def, path.as_slice()) {
            (TypeDef::Composite(_), [.., "AccountId32"]) => Ok(json!(self.take::<AccountId>()?.to_ss58())),
            (TypeDef::Composite(_), ["primitive_types", "U256"]) => {
                let words = self.take::<[u64; 4]>()?;
                let number = ruint::aliases::U256::from_limbs(words).to_string();
                serde_json::from_str(&number).map_err(|_| Stop::Bytes)
            }
            // Clients show an event without where it came from, and a map by its keys.
            (TypeDef::Composite(inner), ["frame_system", "EventRecord"]) => {
                let record = self.fields(&inner.fields)?;
                Ok(record["event"].clone())
            }
            (TypeDef::Composite(inner), ["BTreeMap"]) => {
                let Json::Array(rows) = self.fields(&inner.fields)? else { return Err(Stop::Bytes) };
                Ok(rows.iter().map(|row| (row[0].to_string().replace('"', ""), row[1].clone())).collect())
            }
            (TypeDef::Composite(inner), _) => self.fields(&inner.fields),
            (TypeDef::Variant(inner), path) => {
                let index: u8 = self.take()?;
                let name = path.join("::");
                let variant = inner.variants.iter().find(|variant| variant.index == index);
                let variant = variant.ok_or(Stop::Variant(name, index))?;
                match (path, variant.name.as_str()) {
                    (["Option"], "None") => Ok(Json::Null),
                    (["Option"], _) | ([.., "MultiAddress"], "Id" | "Index") => self.fields(&variant.fields),
                    (_, name) if variant.fields.is_empty() => Ok(json!(name)),
                    (_, name) => Ok(json!({ name: self.fields(&variant.fields)? })),
                }
            }
            (TypeDef::Sequence(inner), _) => {
                let length = self.take::<Compact<u32>>()?.0;
                let raw = self.items(inner.type_param.id, length)?;
                Ok(match raw {
                    Items::Bytes(bytes) => {
                        json!(String::from_utf8(bytes).unwrap_or_else(|raw| hex(raw.as_bytes())))
                    }
                    Items::Values(values) => json!(values),
                })
            }
            (TypeDef::Array(inner), _) if inner.len == 0 => Ok(json!([])),
            (TypeDef::Array(inner), _) => Ok(match self.items(inner.type_param.id, inner.len)? {
                Items::Bytes(bytes) => json!(hex(&bytes)),
                Items::Values(values) => json!(values),
            }),
            (TypeDef::Tuple(inner), _) => inner
                .fields
                .iter()
                .map(|field| self.read(field.id))
                .collect::<Result<Vec<_>, _>>()
                .map(Json::Array),
            (TypeDef::Primitive(primitive), _) => self.primitive(primitive),
            (TypeDef::Compact(_), _) => Ok(number(self.take::<Compact<u128>>()?.0)),
            (TypeDef::BitSequence(_), _) => Err(Stop::Bytes),
        }
    }

    fn fields(&mut self, fields: &[Field<PortableForm>]) -> Result<Json, Stop> {
        match fields {
            [field] if field.name.is_none() => self.read(field.ty.id),
            [field, ..] if field.name.is_some() => {
                let mut named = Map::new();
                for field in fields {
                    let name = field.name.as_deref().unwrap().trim_start_matches("r#");
                    named.insert(name.to_owned(), self.read(field.ty.id)?);
                }
                Ok(Json::Object(named))
            }
            fields => fields
                .iter()
                .map(|field| self.read(field.ty.id))
                .collect::<Result<Vec<_>, _>>()
                .map(Json::Array),
        }
    }

    fn items(&mut self, id: u32, count: u32) -> Result<Items, Stop> {
        if let TypeDef::Primitive(TypeDefPrimitive::U8) = self.types.resolve(id).unwrap().type_def {
            let (bytes, left) = self.left.split_at_checked(count as usize).ok_or(Stop::Bytes)?;
            self.left = left;
            return Ok(Items::Bytes(bytes.to_vec()));
        }
        (0..count).map(|_| self.read(id)).collect::<Result<_, _>>().map(Items::Values)
    }

    fn primitive(&mut self, primitive: &TypeDefPrimitive) -> Result<Json, Stop> {
        use TypeDefPrimitive as P;
        Ok(match primitive {
            P::Bool => json!(self.take::<bool>()?),
            P::Str => json!(self.take::<String>()?),
            P::U8 => json!(self.take::<u8>()?),
            P::U16 => json!(self.take::<u16>()?),
            P::U32 => json!(self.take::<u32>()?),
            P::U64 => json!(self.take::<u64>()?),
            P::U128 => number(self.take()?),
            P::I8 => json!(self.take::<i8>()?),
            P::I16 => json!(self.take::<i16>()?),
            P::I32 => json!(self.take::<i32>()?),
            P::I64 => json!(self.take::<i64>()?),
            P::I128 => self.take::<i128>()?.to_string().parse().unwrap(),
            P::Char | P::U256 | P::I256 => return Err(Stop::Bytes),
        })
    }
}

enum Items {
    Bytes(Vec<u8>),
    Values(Vec<Json>),
}

fn hex(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// A number as the text of a sample is read.
fn number(value: u128) -> Json {
    value.to_string().parse().unwrap()
}

/// The form of the samples for calls and events, as a plain variant of variants; and without what is only told beside.
pub(super) fn plain(sample: &Json) -> Json {
    match sample {
        Json::Object(map) if map.contains_key("call_module") => {
            let args = map["call_args"].as_array().unwrap().iter();
            let args: Map<_, _> =
                args.map(|arg| (arg["name"].as_str().unwrap().to_owned(), plain(&arg["value"]))).collect();
            let function = map["call_function"].as_str().unwrap();
            let call = if args.is_empty() { json!(function) } else { json!({ function: args }) };
            json!({ map["call_module"].as_str().unwrap(): call })
        }
        Json::Object(map) if map.contains_key("module_id") => {
            let (module, event) = (map["module_id"].as_str().unwrap(), map["event_id"].as_str().unwrap());
            let attributes = plain(&map["attributes"]);
            let event = if attributes.is_null() { json!(event) } else { json!({ event: attributes }) };
            json!({ module: event })
        }
        Json::Object(map) => map.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
        Json::Array(list) => list.iter().map(plain).collect(),
        other => other.clone(),
    }
}

/// Pairs of types that stand in the same place: ours, theirs.
struct Pairs<'a> {
    ours: &'a PortableRegistry,
    theirs: &'a PortableRegistry,
    found: BTreeSet<(u32, u32)>,
}

impl Pairs<'_> {
    fn add(&mut self, ours: u32, theirs: u32) {
        if !self.found.insert((ours, theirs)) {
            return;
        }
        let (a, b) = (self.ours.resolve(ours).unwrap(), self.theirs.resolve(theirs).unwrap());
        match (&a.type_def, &b.type_def) {
            (TypeDef::Composite(x), TypeDef::Composite(y)) => self.fields(&x.fields, &y.fields),
            (TypeDef::Variant(x), TypeDef::Variant(y)) => {
                for variant in &x.variants {
                    if let Some(other) = y.variants.iter().find(|other| other.name == variant.name) {
                        self.fields(&variant.fields, &other.fields);
                    }
                }
            }
            (TypeDef::Sequence(x), TypeDef::Sequence(y)) => self.add(x.type_param.id, y.type_param.id),
            (TypeDef::Array(x), TypeDef::Array(y)) => self.add(x.type_param.id, y.type_param.id),
            (TypeDef::Compact(x), TypeDef::Compact(y)) => self.add(x.type_param.id, y.type_param.id),
            (TypeDef::Tuple(x), TypeDef::Tuple(y)) => {
                x.fields.iter().zip(&y.fields).for_each(|(x, y)| self.add(x.id, y.id));
            }
            _ => {}
        }
    }

    fn fields(&mut self, ours: &[Field<PortableForm>], theirs: &[Field<PortableForm>]) {
        if ours.len() == theirs.len() {
            ours.iter().zip(theirs).for_each(|(ours, theirs)| self.add(ours.ty.id, theirs.ty.id));
        }
    }

    fn all(&mut self, ours: &RuntimeMetadataV15, theirs: &RuntimeMetadataV15) {
        for pallet in &ours.pallets {
            let Some(other) = theirs.pallets.iter().find(|other| other.name == pallet.name) else { continue };
            let roots = [
                (pallet.calls.as_ref().map(|x| x.ty.id), other.calls.as_ref().map(|x| x.ty.id)),
                (pallet.event.as_ref().map(|x| x.ty.id), other.event.as_ref().map(|x| x.ty.id)),
                (pallet.error.as_ref().map(|x| x.ty.id), other.error.as_ref().map(|x| x.ty.id)),
            ];
            roots.into_iter().filter_map(|(x, y)| Some((x?, y?))).for_each(|(x, y)| self.add(x, y));
            for constant in &pallet.constants {
                if let Some(other) = other.constants.iter().find(|other| other.name == constant.name) {
                    self.add(constant.ty.id, other.ty.id);
                }
            }
            let entries = pallet.storage.iter().flat_map(|storage| &storage.entries);
            for entry in entries {
                let others = other.storage.iter().flat_map(|storage| &storage.entries);
                let Some(other) = others.into_iter().find(|other| other.name == entry.name) else { continue };
                match (&entry.ty, &other.ty) {
                    (StorageEntryType::Plain(x), StorageEntryType::Plain(y)) => self.add(x.id, y.id),
                    (
                        StorageEntryType::Map { key: key_x, value: x, .. },
                        StorageEntryType::Map { key: key_y, value: y, .. },
                    ) => {
                        self.add(key_x.id, key_y.id);
                        self.add(x.id, y.id);
                    }
                    _ => {}
                }
            }
        }
        for api in &ours.apis {
            let Some(other) = theirs.apis.iter().find(|other| other.name == api.name) else { continue };
            for method in &api.methods {
                let Some(other) = other.methods.iter().find(|other| other.name == method.name) else {
                    continue;
                };
                self.add(method.output.id, other.output.id);
                method.inputs.iter().zip(&other.inputs).for_each(|(x, y)| self.add(x.ty.id, y.ty.id));
            }
        }
        self.add(ours.outer_enums.call_enum_ty.id, theirs.outer_enums.call_enum_ty.id);
        self.add(ours.outer_enums.event_enum_ty.id, theirs.outer_enums.event_enum_ty.id);
    }
}

#[test]
#[ignore = "slow: downloads bittensor 11.3.0"]
fn samples_of_the_real_chain_are_read_by_our_types() {
    let (ours, theirs, samples) = (ours(), theirs(), samples());
    let mut pairs = Pairs { ours: &ours.types, theirs: &theirs.types, found: BTreeSet::new() };
    pairs.all(&ours, &theirs);
    let (mut read, mut types) = (0, BTreeSet::new());
    let mut absent: BTreeMap<String, BTreeSet<u8>> = BTreeMap::new();
    let (mut wrong, mut excused) = (Vec::new(), BTreeMap::new());
    for (our, their) in &pairs.found {
        let pair = format!("{} as {}", name(&theirs.types, *their), name(&ours.types, *our));
        for (decoded, bytes) in samples.get(their).into_iter().flatten() {
            let mut reader = Reader { types: &ours.types, left: bytes };
            let value = reader.read(*our);
            if reader.left.is_empty() && value == Ok(plain(decoded)) {
                read += 1;
                types.insert(their);
                continue;
            }
            let known = KNOWN.iter().find(|(part, _)| pair.contains(part));
            match (value, known) {
                (Err(Stop::Variant(name, index)), _) => drop(absent.entry(name).or_default().insert(index)),
                (_, Some((part, _))) => *excused.entry(*part).or_insert(0) += 1,
                (value, None) => {
                    let left = reader.left.len();
                    wrong.push(format!("{pair}: {value:?}, {left} bytes left, should be {}", plain(decoded)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
    for (part, reason) in KNOWN {
        let samples = excused.get(part).unwrap_or_else(|| panic!("nothing is excused by `{part}` any more"));
        println!("{samples} samples differ: {part}: {reason}");
    }
    println!("variants of 461 that are not here: {absent:?}");
    println!("{read} samples of {} types are the same", types.len());
    assert!(types.len() >= 300 && read >= 900, "{read} samples of {} types", types.len());
}

/// Types that say another thing for a reason, each a part of `theirs as ours`.
const KNOWN: &[(&str, &str)] = &[
    ("pallet_subtensor::pallet::Event as", "numbered as in the rules that are served"),
    ("RuntimeEvent as", "holds events of SubtensorModule"),
    ("EventRecord as", "holds events of SubtensorModule"),
    ("pallet_crowdloan::pallet::Error as", "numbered as in the rules that are served"),
];

/// The path of a type, or its shape where it has none.
fn name(types: &PortableRegistry, id: u32) -> String {
    let ty = types.resolve(id).unwrap();
    if !ty.path.segments.is_empty() {
        let inner = ty.type_params.iter().filter_map(|parameter| parameter.ty.map(|ty| name(types, ty.id)));
        let inner =
            if ty.path.segments == ["Option"] { inner.collect::<Vec<_>>().join(", ") } else { String::new() };
        return ty.path.segments.join("::") + &inner;
    }
    match &ty.type_def {
        TypeDef::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
        TypeDef::Array(inner) => format!("[{}; {}]", name(types, inner.type_param.id), inner.len),
        TypeDef::Sequence(inner) => format!("Vec<{}>", name(types, inner.type_param.id)),
        TypeDef::Compact(inner) => format!("Compact<{}>", name(types, inner.type_param.id)),
        TypeDef::Tuple(inner) => {
            format!(
                "({})",
                inner.fields.iter().map(|field| name(types, field.id)).collect::<Vec<_>>().join(", ")
            )
        }
        _ => "no name".to_owned(),
    }
}

/// Reads every sample of a type and writes it again; gives how many were read, and how many there are.
fn round_trip<T: Decode + Encode>(samples: &[&(Json, Vec<u8>)]) -> (usize, usize) {
    let read = samples.iter().filter(|(decoded, bytes)| {
        let value = T::decode_all(&mut bytes.as_slice());
        value.is_ok_and(|value| {
            assert_eq!(value.encode(), *bytes, "{decoded}");
            true
        })
    });
    (read.count(), samples.len())
}

macro_rules! round_trips {
    ($($path:literal: $ty:ty $(, of which $some:ident)?;)*) => {
        [$(($path, round_trip::<$ty> as fn(&[&(Json, Vec<u8>)]) -> (usize, usize), false $(|| stringify!($some) == "some")?)),*]
    };
}

#[test]
#[ignore = "slow: downloads bittensor 11.3.0"]
fn samples_of_the_real_chain_pass_our_codec() {
    let (theirs, samples) = (theirs(), samples());
    use chain::{api, types};
    // The samples of the large answers hold shares above 65,535 as compact numbers, which no node writes.
    let all = round_trips! {
        "node_subtensor_runtime::RuntimeCall": chain::call::RuntimeCall, of which some;
        "sp_runtime::MultiSignature": chain::block::MultiSignature, of which some;
        "frame_system::AccountInfo": chain::state::AccountInfo;
        "pallet_balances::types::AccountData": chain::state::AccountData;
        "pallet_multisig::Multisig": types::Multisig;
        "pallet_multisig::Timepoint": types::Timepoint;
        "pallet_drand::types::Pulse": types::Pulse;
        "pallet_drand::types::BeaconConfiguration": types::BeaconConfiguration;
        "pallet_drand::types::Metadata": types::BeaconMetadata;
        "pallet_commitments::types::Data": types::Data;
        "pallet_commitments::types::CommitmentInfo": types::CommitmentInfo;
        "pallet_commitments::types::Registration": types::Registration;
        "pallet_commitments::types::UsageTracker": types::UsageTracker;
        "pallet_subtensor::pallet::AxonInfo": types::AxonInfo;
        "pallet_subtensor::pallet::PrometheusInfo": types::PrometheusInfo;
        "pallet_subtensor::pallet::NeuronCertificate": types::NeuronCertificate;
        "pallet_subtensor::pallet::ChainIdentityV2": types::ChainIdentityOfV2;
        "pallet_subtensor::pallet::SubnetIdentityV3": types::SubnetIdentityOfV3;
        "pallet_subtensor::pallet::RecycleOrBurnEnum": types::RecycleOrBurnEnum;
        "pallet_subtensor::staking::lock::LockState": types::LockState;
        "pallet_subtensor_proxy::Announcement": types::Announcement;
        "pallet_subtensor_proxy::ProxyDefinition": types::ProxyDefinition;
        "subtensor_runtime_common::proxy::ProxyType": types::ProxyType;
        "subtensor_runtime_common::proxy::ProxyFilterInfo": api::proxy_types::ProxyFilterInfo;
        "subtensor_runtime_common::proxy::ProxyTypeInfo": api::proxy_types::ProxyTypeInfo;
        "pallet_subtensor::rpc_info::subnet_info::HyperparamEntry": api::hyperparams::HyperparamEntry;
        "pallet_subtensor::rpc_info::subnet_info::HyperparamValue": api::hyperparams::HyperparamValue, of which some;
        "pallet_subtensor_swap_runtime_api::SimSwapResult": api::swap::SimSwapResult;
        "pallet_subtensor_swap_runtime_api::SubnetPrice": api::swap::SubnetPrice;
        "pallet_transaction_payment::types::RuntimeDispatchInfo": api::fees::RuntimeDispatchInfo;
        "pallet_transaction_payment::types::FeeDetails": api::fees::FeeDetails;
        "pallet_transaction_payment::types::InclusionFee": api::fees::InclusionFee;
        "subtensor_runtime_common::NetUid": chain::units::NetUid;
        "subtensor_runtime_common::NetUidStorageIndex": chain::units::NetUidStorageIndex;
        "subtensor_runtime_common::currency::TaoBalance": chain::units::Rao;
        "subtensor_runtime_common::currency::AlphaBalance": chain::units::AlphaRao;
    };
    let mut total = 0;
    for (path, pass, some) in all {
        let types = theirs.types.types.iter().filter(|row| row.ty.path.segments.join("::") == path);
        let samples: Vec<_> = types.flat_map(|row| samples.get(&row.id).into_iter().flatten()).collect();
        let (read, there) = pass(&samples);
        assert!(read > 0 && (some || read == there), "{path}: {read} of {there}");
        total += read;
    }
    println!("{total} samples");
}
