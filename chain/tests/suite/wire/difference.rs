//! Two metadata side by side: the same names, numbers, hashers and shapes, or a line that says what differs.

use frame_metadata::v14::{StorageEntryMetadata, StorageEntryType};
use frame_metadata::v15::{PalletMetadata, RuntimeMetadataV15};
use scale_info::form::PortableForm;
use scale_info::{Field, PortableRegistry, TypeDef, TypeDefPrimitive, Variant};
use std::collections::BTreeMap;

/// Differences, by the reason why.
pub(super) type Differences = BTreeMap<&'static str, Vec<String>>;

/// Why a name of 461 is not here: by a word in it.
const LATER: &[(&str, &str)] = &[
    ("asket", "baskets came after these rules"),
    ("Beta", "baskets came after these rules"),
    ("ollateral", "collateral came after these rules"),
    ("ease", "leases are not modelled"),
    ("Crowdloan", "crowdloans are not modelled"),
    ("vm", "the EVM is not modelled"),
    ("Evm", "the EVM is not modelled"),
    ("HasMigrationRun", "a new chain runs no migrations"),
];

/// What is compared of one side.
pub(super) struct Side<'a>(pub(super) &'a RuntimeMetadataV15);

impl Side<'_> {
    fn types(&self) -> &PortableRegistry {
        &self.0.types
    }
    fn shape(&self, id: u32) -> String {
        self.shape_within(id, 0)
    }
    fn shape_within(&self, id: u32, depth: u32) -> String {
        let ty = self.types().resolve(id).unwrap();
        let name = ty.path.segments.last().map_or("", String::as_str);
        if depth > 12 || ["RuntimeCall", "RuntimeEvent", "DispatchError", "OriginCaller"].contains(&name) {
            return name.to_owned();
        }
        let shape = |id| self.shape_within(id, depth + 1);
        match &ty.type_def {
            TypeDef::Primitive(primitive) => primitive_name(primitive).to_owned(),
            TypeDef::Compact(inner) => format!("Compact<{}>", shape(inner.type_param.id)),
            TypeDef::Sequence(inner) => format!("Vec<{}>", shape(inner.type_param.id)),
            TypeDef::Array(inner) => format!("[{}; {}]", shape(inner.type_param.id), inner.len),
            TypeDef::Tuple(inner) => {
                format!(
                    "({})",
                    inner.fields.iter().map(|field| shape(field.id)).collect::<Vec<_>>().join(", ")
                )
            }
            TypeDef::BitSequence(_) => "bits".to_owned(),
            TypeDef::Composite(_) if name == "AccountId32" => name.to_owned(),
            TypeDef::Composite(inner) => match inner.fields.as_slice() {
                // A newtype reads as what is inside.
                [field] if field.name.is_none() => shape(field.ty.id),
                fields => format!("{{{}}}", self.fields(fields, depth)),
            },
            TypeDef::Variant(inner) => {
                let mut variants: Vec<&Variant<PortableForm>> = inner.variants.iter().collect();
                variants.sort_by_key(|variant| variant.index);
                let one = |variant: &&Variant<PortableForm>| {
                    format!("{}:{}({})", variant.index, variant.name, self.fields(&variant.fields, depth))
                };
                format!("<{}>", variants.iter().map(one).collect::<Vec<_>>().join("|"))
            }
        }
    }
    fn fields(&self, fields: &[Field<PortableForm>], depth: u32) -> String {
        let one = |field: &Field<PortableForm>| {
            let shape = self.shape_within(field.ty.id, depth + 1);
            field
                .name
                .as_ref()
                .map_or(shape.clone(), |name| format!("{}: {shape}", name.trim_start_matches('_')))
        };
        fields.iter().map(one).collect::<Vec<_>>().join(", ")
    }
    /// Name to number and fields.
    fn variants(&self, id: Option<u32>) -> BTreeMap<String, (u8, String)> {
        let Some(id) = id else { return BTreeMap::new() };
        let TypeDef::Variant(def) = &self.types().resolve(id).unwrap().type_def else { panic!("an enum") };
        let row = |variant: &Variant<PortableForm>| {
            (variant.name.clone(), (variant.index, self.fields(&variant.fields, 0)))
        };
        def.variants.iter().map(row).collect()
    }
    fn entry(&self, entry: &StorageEntryMetadata<PortableForm>) -> String {
        let default = hex::encode(&entry.default);
        match &entry.ty {
            StorageEntryType::Plain(value) => {
                format!("{} {:?} {default}", self.shape(value.id), entry.modifier)
            }
            StorageEntryType::Map { hashers, key, value } => {
                let (key, value) = (self.shape(key.id), self.shape(value.id));
                format!("{hashers:?} {key} -> {value} {:?} {default}", entry.modifier)
            }
        }
    }
    pub(super) fn pallet(&self, name: &str) -> Option<&PalletMetadata<PortableForm>> {
        self.0.pallets.iter().find(|pallet| pallet.name == name)
    }
}

/// What differs between our pallet and theirs.
pub(super) fn compare(ours: &Side<'_>, theirs: &Side<'_>, pallet: &str, out: &mut Differences) {
    let (a, b) = (ours.pallet(pallet).unwrap(), theirs.pallet(pallet).unwrap());
    assert_eq!(a.index, b.index, "{pallet}");
    let kinds = [
        ("call", a.calls.as_ref().map(|c| c.ty.id), b.calls.as_ref().map(|c| c.ty.id)),
        ("event", a.event.as_ref().map(|c| c.ty.id), b.event.as_ref().map(|c| c.ty.id)),
        ("error", a.error.as_ref().map(|c| c.ty.id), b.error.as_ref().map(|c| c.ty.id)),
    ];
    for (kind, a, b) in kinds {
        let (a, b) = (ours.variants(a), theirs.variants(b));
        let text = |map: BTreeMap<String, (u8, String)>| -> BTreeMap<String, String> {
            map.into_iter().map(|(name, (index, fields))| (name, format!("{index} ({fields})"))).collect()
        };
        rows(pallet, kind, text(a), text(b), out);
    }
    let entries = |side: &Side<'_>, pallet: &PalletMetadata<PortableForm>| -> BTreeMap<String, String> {
        let storage = pallet.storage.iter().flat_map(|storage| &storage.entries);
        storage.map(|entry| (entry.name.clone(), side.entry(entry))).collect()
    };
    rows(pallet, "storage", entries(ours, a), entries(theirs, b), out);
    let constants = |side: &Side<'_>, pallet: &PalletMetadata<PortableForm>| -> BTreeMap<String, String> {
        let one = |constant: &frame_metadata::v14::PalletConstantMetadata<PortableForm>| {
            (
                constant.name.clone(),
                format!("{} {}", side.shape(constant.ty.id), hex::encode(&constant.value)),
            )
        };
        pallet.constants.iter().map(one).collect()
    };
    rows(pallet, "constant", constants(ours, a), constants(theirs, b), out);
}

fn rows(
    pallet: &str,
    kind: &str,
    ours: BTreeMap<String, String>,
    theirs: BTreeMap<String, String>,
    out: &mut Differences,
) {
    for (name, a) in &ours {
        let line = match theirs.get(name) {
            Some(b) if a == b => continue,
            Some(b) => format!("{kind} {pallet}.{name}\n    ours   {a}\n    theirs {b}"),
            None => format!("{kind} {pallet}.{name}"),
        };
        let reason = match (theirs.get(name), kind) {
            (None, _) => "A. here and not in 461: of the rules that are served, or read by newer clients",
            (Some(b), "event" | "error") if number_less(a) == number_less(b) => {
                "B. numbered as in the rules that are served; clients go by name"
            }
            (Some(b), _) if *a == b.replace(BASKET_PROXY, "") => {
                "BB. but for the proxy type of baskets, which came after these rules"
            }
            (Some(_), _) => "C. differs",
        };
        out.entry(reason).or_default().push(line);
    }
    for name in theirs.keys().filter(|name| !ours.contains_key(*name)) {
        let reason = LATER.iter().find(|(word, _)| name.contains(word)).map_or_else(
            || match kind {
                "constant" => "Z. constants of 461 that are not here: no recorded flow reads them",
                _ => "Y. in 461 and not here: newer than the rules that are served, or not modelled",
            },
            |(_, why)| *why,
        );
        out.entry(reason).or_default().push(format!("{kind} {pallet}.{name}"));
    }
}

/// What a row says beside its number.
fn number_less(row: &str) -> &str {
    row.trim_start_matches(|letter: char| letter.is_ascii_digit())
}

/// A variant of `ProxyType` that these rules do not have.
const BASKET_PROXY: &str = "|18:BasketTrading()";

fn primitive_name(primitive: &TypeDefPrimitive) -> &'static str {
    match primitive {
        TypeDefPrimitive::Bool => "bool",
        TypeDefPrimitive::Char => "char",
        TypeDefPrimitive::Str => "str",
        TypeDefPrimitive::U8 => "u8",
        TypeDefPrimitive::U16 => "u16",
        TypeDefPrimitive::U32 => "u32",
        TypeDefPrimitive::U64 => "u64",
        TypeDefPrimitive::U128 => "u128",
        TypeDefPrimitive::U256 => "u256",
        TypeDefPrimitive::I8 => "i8",
        TypeDefPrimitive::I16 => "i16",
        TypeDefPrimitive::I32 => "i32",
        TypeDefPrimitive::I64 => "i64",
        TypeDefPrimitive::I128 => "i128",
        TypeDefPrimitive::I256 => "i256",
    }
}
