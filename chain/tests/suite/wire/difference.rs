//! Two metadata of version 14 side by side: names, numbers, types and their order, or a line that says what differs.

use frame_metadata::v14::{PalletMetadata, RuntimeMetadataV14, StorageEntryMetadata, StorageEntryType};
use scale_info::form::PortableForm;
use scale_info::{Field, PortableRegistry, Type, TypeDef, Variant};
use std::collections::{BTreeMap, BTreeSet};

/// Differences, by the reason for them.
pub(super) type Differences = BTreeMap<&'static str, Vec<String>>;

const NEWER: &str = "here and not in 425: declared with a neutral default, since newer clients read it";
const DIFFERS: &str = "differs without a reason";

/// Pallets that are not here, and why.
const NO_PALLETS: &[(&str, &str)] = &[
    ("RandomnessCollectiveFlip", "pallets that serve the node or other pallets only"),
    ("Grandpa", "blocks are final by count, without votes"),
    ("Preimage", "governance of the real node: preimages and scheduled calls"),
    ("Scheduler", "governance of the real node: preimages and scheduled calls"),
    ("SafeMode", "pallets that serve the node or other pallets only"),
    ("Ethereum", "the EVM is not modelled"),
    ("EVM", "the EVM is not modelled"),
    ("EVMChainId", "the EVM is not modelled"),
    ("BaseFee", "the EVM is not modelled"),
    ("Contracts", "contracts are not modelled"),
    ("LimitOrders", "limit orders are not modelled"),
];

/// Why an item of a pallet is not here: by its kind, its pallet, and a word in its name.
const NO_ITEMS: &[(&str, &str, &str, &str)] = &[
    ("", "Crowdloan", "", "crowdloans are not modelled"),
    ("", "", "ease", "leases are not modelled"),
    ("", "", "vm", "the EVM is not modelled"),
    ("", "", "Evm", "the EVM is not modelled"),
    ("", "", "HasMigrationRun", "a new chain runs no migrations"),
    ("constant", "", "", "constants that no recorded flow of a client reads"),
    ("error", "", "", "errors that nothing here returns"),
    ("event", "", "", "events that nothing here emits"),
    ("call", "", "", "calls that are not modelled"),
    ("storage", "", "", "storage items that nothing here keeps"),
];

struct Side<'a>(&'a RuntimeMetadataV14);

impl Side<'_> {
    fn pallet(&self, name: &str) -> Option<&PalletMetadata<PortableForm>> {
        self.0.pallets.iter().find(|pallet| pallet.name == name)
    }
    /// A name or form of a type: types without a path are spelled out.
    fn name(&self, id: u32) -> String {
        let ty = self.0.types.resolve(id).unwrap();
        let name = |id| self.name(id);
        match &ty.type_def {
            _ if !ty.path.segments.is_empty() => {
                let parameters = ty.type_params.iter().map(|one| {
                    one.ty.map_or("_".to_owned(), |ty| {
                        // The call enum is a parameter of types that it holds.
                        if self.path(ty.id).ends_with("RuntimeCall") { self.path(ty.id) } else { name(ty.id) }
                    })
                });
                let parameters: Vec<_> = parameters.collect();
                let path = ty.path.segments.join("::");
                if parameters.is_empty() { path } else { format!("{path}<{}>", parameters.join(", ")) }
            }
            TypeDef::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
            TypeDef::Compact(inner) => format!("Compact<{}>", name(inner.type_param.id)),
            TypeDef::Sequence(inner) => format!("Vec<{}>", name(inner.type_param.id)),
            TypeDef::Array(inner) => format!("[{}; {}]", name(inner.type_param.id), inner.len),
            TypeDef::Tuple(inner) => {
                format!(
                    "({})",
                    inner.fields.iter().map(|field| name(field.id)).collect::<Vec<_>>().join(", ")
                )
            }
            TypeDef::Composite(_) | TypeDef::Variant(_) | TypeDef::BitSequence(_) => "no name".to_owned(),
        }
    }
    fn path(&self, id: u32) -> String {
        self.0.types.resolve(id).unwrap().path.segments.join("::")
    }
    fn fields(&self, fields: &[Field<PortableForm>]) -> String {
        let one = |field: &Field<PortableForm>| {
            let name = field.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
            format!("{name}{} `{}`", self.name(field.ty.id), field.type_name.as_deref().unwrap_or_default())
        };
        fields.iter().map(one).collect::<Vec<_>>().join(", ")
    }
    /// Name to number and fields.
    fn variants(&self, id: Option<u32>) -> BTreeMap<String, String> {
        let Some(id) = id else { return BTreeMap::new() };
        let TypeDef::Variant(def) = &self.0.types.resolve(id).unwrap().type_def else { panic!("an enum") };
        let row = |variant: &Variant<PortableForm>| {
            (variant.name.clone(), format!("{} ({})", variant.index, self.fields(&variant.fields)))
        };
        def.variants.iter().map(row).collect()
    }
    fn entry(&self, entry: &StorageEntryMetadata<PortableForm>) -> String {
        let default = hex::encode(&entry.default);
        match &entry.ty {
            StorageEntryType::Plain(value) => {
                format!("{} {:?} {default}", self.name(value.id), entry.modifier)
            }
            StorageEntryType::Map { hashers, key, value } => {
                let (key, value) = (self.name(key.id), self.name(value.id));
                format!("{hashers:?} {key} -> {value} {:?} {default}", entry.modifier)
            }
        }
    }
    fn entries(&self, pallet: &PalletMetadata<PortableForm>) -> BTreeMap<String, String> {
        let storage = pallet.storage.iter().flat_map(|storage| &storage.entries);
        storage.map(|entry| (entry.name.clone(), self.entry(entry))).collect()
    }
    fn constants(&self, pallet: &PalletMetadata<PortableForm>) -> BTreeMap<String, String> {
        let row = |constant: &frame_metadata::v14::PalletConstantMetadata<PortableForm>| {
            (constant.name.clone(), format!("{} {}", self.name(constant.ty.id), hex::encode(&constant.value)))
        };
        pallet.constants.iter().map(row).collect()
    }
}

/// All that differs between ours and theirs.
pub(super) fn compare(ours: &RuntimeMetadataV14, theirs: &RuntimeMetadataV14) -> Differences {
    let mut out = Differences::new();
    let (a, b) = (Side(ours), Side(theirs));
    for pallet in &theirs.pallets {
        let Some(our) = a.pallet(&pallet.name) else {
            let why =
                NO_PALLETS.iter().find(|(name, _)| *name == pallet.name).map_or(DIFFERS, |(_, why)| why);
            out.entry(why).or_default().push(format!("pallet {}", pallet.name));
            continue;
        };
        assert_eq!(our.index, pallet.index, "{}", pallet.name);
        let of = |side: &Side<'_>, pallet: &PalletMetadata<PortableForm>| {
            [
                ("call", side.variants(pallet.calls.as_ref().map(|all| all.ty.id))),
                ("event", side.variants(pallet.event.as_ref().map(|all| all.ty.id))),
                ("error", side.variants(pallet.error.as_ref().map(|all| all.ty.id))),
                ("storage", side.entries(pallet)),
                ("constant", side.constants(pallet)),
            ]
        };
        for ((kind, ours), (_, theirs)) in of(&a, our).into_iter().zip(of(&b, pallet)) {
            rows(&pallet.name, kind, &ours, &theirs, &mut out);
        }
    }
    for pallet in ours.pallets.iter().filter(|pallet| b.pallet(&pallet.name).is_none()) {
        out.entry(NEWER).or_default().push(format!("pallet {}", pallet.name));
    }
    let extensions = |side: &Side<'_>| {
        let row = |one: &frame_metadata::v14::SignedExtensionMetadata<PortableForm>| {
            format!("{} {} {}", one.identifier, side.name(one.ty.id), side.name(one.additional_signed.id))
        };
        side.0.extrinsic.signed_extensions.iter().map(row).collect::<Vec<_>>()
    };
    if extensions(&a) != extensions(&b) {
        let line = format!("extensions\n    ours   {:?}\n    theirs {:?}", extensions(&a), extensions(&b));
        out.entry(DIFFERS).or_default().push(line);
    }
    types(&a, &b, &mut out);
    out
}

fn rows(
    pallet: &str,
    kind: &str,
    ours: &BTreeMap<String, String>,
    theirs: &BTreeMap<String, String>,
    out: &mut Differences,
) {
    for (name, a) in ours {
        let (reason, line) = match theirs.get(name) {
            Some(b) if a == b => continue,
            Some(_) if (pallet, name.as_str()) == ("System", "Version") => {
                ("the runtime APIs that are served are others", "constant System.Version".to_owned())
            }
            None if name == "faucet" => {
                ("here and in builds with a faucet only", format!("{kind} {pallet}.{name}"))
            }
            Some(b) => (DIFFERS, format!("{kind} {pallet}.{name}\n    ours   {a}\n    theirs {b}")),
            None => (NEWER, format!("{kind} {pallet}.{name}")),
        };
        out.entry(reason).or_default().push(line);
    }
    for name in theirs.keys().filter(|name| !ours.contains_key(*name)) {
        let fits = |(of_kind, of_pallet, word, _): &&(&str, &str, &str, &str)| {
            (of_kind.is_empty() || *of_kind == kind)
                && (of_pallet.is_empty() || *of_pallet == pallet)
                && name.contains(word)
        };
        let reason = NO_ITEMS.iter().find(fits).map_or(DIFFERS, |(.., why)| why);
        out.entry(reason).or_default().push(format!("{kind} {pallet}.{name}"));
    }
}

/// Types that stand in the same place: equal but for what is inside, and in the same order.
fn types(ours: &Side<'_>, theirs: &Side<'_>, out: &mut Differences) {
    let mut pairs = Pairs { ours: &ours.0.types, theirs: &theirs.0.types, found: BTreeSet::new() };
    pairs.all(ours.0, theirs.0);
    for (a, b) in &pairs.found {
        let (x, y) = (ours.0.types.resolve(*a).unwrap(), theirs.0.types.resolve(*b).unwrap());
        if let Some(line) = unequal(ours, theirs, x, y) {
            out.entry(DIFFERS).or_default().push(format!("type {}: {line}", theirs.name(*b)));
        }
    }
    // Sorted by our number, so theirs must rise too: a type of ours for one of theirs, in the same order.
    let found: Vec<_> = pairs.found.iter().collect();
    for pair in found.windows(2) {
        if pair[0].0 >= pair[1].0 || pair[0].1 >= pair[1].1 {
            let line = format!(
                "order {:?} {:?}: {} {}",
                pair[0],
                pair[1],
                theirs.name(pair[0].1),
                theirs.name(pair[1].1)
            );
            out.entry(DIFFERS).or_default().push(line);
        }
    }
    println!("{} types compared", found.len());
}

fn unequal(
    ours: &Side<'_>,
    theirs: &Side<'_>,
    a: &Type<PortableForm>,
    b: &Type<PortableForm>,
) -> Option<String> {
    let parameters = |side: &Side<'_>, ty: &Type<PortableForm>| {
        let one = |one: &scale_info::TypeParameter<PortableForm>| {
            (one.name.clone(), one.ty.map(|ty| side.path(ty.id)))
        };
        ty.type_params.iter().map(one).collect::<Vec<_>>()
    };
    if a.path != b.path || parameters(ours, a) != parameters(theirs, b) {
        return Some(format!("{:?} {:?}", a.path.segments, parameters(ours, a)));
    }
    let form = |ty: &Type<PortableForm>| std::mem::discriminant(&ty.type_def);
    if form(a) != form(b) {
        return Some("of another form".to_owned());
    }
    match (&a.type_def, &b.type_def) {
        (TypeDef::Composite(x), TypeDef::Composite(y)) => {
            let (x, y) = (ours.fields(&x.fields), theirs.fields(&y.fields));
            (x != y).then(|| format!("{x}\n    theirs {y}"))
        }
        (TypeDef::Variant(x), TypeDef::Variant(y)) => {
            // Ours are some of theirs, in their order.
            let names =
                |all: &[Variant<PortableForm>]| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
            let (mine, all) = (names(&x.variants), names(&y.variants));
            let ours: Vec<_> = mine.iter().filter(|name| all.contains(name)).collect();
            let theirs: Vec<_> = all.iter().filter(|name| mine.contains(name)).collect();
            (ours != theirs).then(|| format!("variants {mine:?}"))
        }
        (TypeDef::Array(x), TypeDef::Array(y)) => (x.len != y.len).then(|| format!("{} long", x.len)),
        _ => None,
    }
}

/// Pairs of types that stand in the same place: ours, theirs.
pub(super) struct Pairs<'a> {
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
        for (x, y) in a.type_params.iter().zip(&b.type_params) {
            if let (Some(x), Some(y)) = (x.ty, y.ty) {
                self.add(x.id, y.id);
            }
        }
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
        ours.iter().zip(theirs).for_each(|(ours, theirs)| self.add(ours.ty.id, theirs.ty.id));
    }

    fn all(&mut self, ours: &RuntimeMetadataV14, theirs: &RuntimeMetadataV14) {
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
            for entry in pallet.storage.iter().flat_map(|storage| &storage.entries) {
                let mut others = other.storage.iter().flat_map(|storage| &storage.entries);
                let Some(other) = others.find(|other| other.name == entry.name) else { continue };
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
        self.add(ours.extrinsic.ty.id, theirs.extrinsic.ty.id);
        for (x, y) in ours.extrinsic.signed_extensions.iter().zip(&theirs.extrinsic.signed_extensions) {
            self.add(x.ty.id, y.ty.id);
            self.add(x.additional_signed.id, y.additional_signed.id);
        }
        self.add(ours.ty.id, theirs.ty.id);
    }
}
