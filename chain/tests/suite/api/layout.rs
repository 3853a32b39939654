//! The shape of every method against a dump of the real chain's metadata (spec version 461).

use chain::api::{Method, methods};
use scale_info::{Field, PortableRegistry, Registry, TypeDef, TypeDefPrimitive, form::PortableForm};
use std::collections::BTreeSet;

/// What reads otherwise in the dump: theirs, ours, and why.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("Cow{:str}", "str", "text that is borrowed there"),
    ("Cow{:Vec<([u8;8],u32)>}", "Vec<([u8;8],u32)>", "a list that is borrowed there"),
    ("PerU16=u16", "u16", "shares are plain numbers in the rules that are served"),
    ("MechId{:u8}", "u8", "a mechanism is a plain number here"),
    ("NetUid=u16", "u16", "a netuid is a plain number in the rules that are served"),
    ("TaoBalance=u64", "u64", "an amount of TAO is a plain number in the rules that are served"),
    ("AlphaBalance=u64", "u64", "an amount of alpha is a plain number in the rules that are served"),
    (
        "SubnetIdentityV3{",
        "SubnetIdentityOfV3{",
        "by the name of the stored type in the rules that are served",
    ),
    ("ChainIdentityV2{", "ChainIdentityOfV2{", "by the name of the stored type in the rules that are served"),
];

/// Methods that are served and not in the fixture: the dump writes out every call there is.
const NOT_IN_DUMP: &[&str] =
    &["TransactionPaymentCallApi_query_call_fee_details", "TransactionPaymentCallApi_query_call_info"];

/// Types that the dump writes by name with their one field.
const TRANSPARENT: &[&str] = &["NetUid", "Rao", "AlphaRao", "FixedU128", "FixedI128"];

struct Printer {
    types: PortableRegistry,
}

impl Printer {
    fn shape(&self, id: u32) -> String {
        let ty = self.types.resolve(id).unwrap();
        let name = ty.path.segments.last().map_or("", String::as_str);
        match &ty.type_def {
            TypeDef::Primitive(primitive) => self::primitive(primitive).to_owned(),
            TypeDef::Compact(compact) => format!("Compact<{}>", self.shape(compact.type_param.id)),
            TypeDef::Sequence(sequence) => format!("Vec<{}>", self.shape(sequence.type_param.id)),
            TypeDef::Array(array) => format!("[{};{}]", self.shape(array.type_param.id), array.len),
            TypeDef::Tuple(tuple) => {
                let fields: Vec<String> = tuple.fields.iter().map(|field| self.shape(field.id)).collect();
                format!("({})", fields.join(","))
            }
            TypeDef::Composite(_) if name == "AccountId32" => name.to_owned(),
            TypeDef::Composite(composite) => match composite.fields.as_slice() {
                [field] if TRANSPARENT.contains(&name) => format!("{name}={}", self.shape(field.ty.id)),
                fields => format!("{name}{{{}}}", self.fields(fields, ", ")),
            },
            TypeDef::Variant(variant) if name == "Option" => {
                format!("Option<{}>", self.shape(variant.variants[1].fields[0].ty.id))
            }
            TypeDef::Variant(variant) => {
                let variants = variant.variants.iter().map(|variant| match variant.fields.as_slice() {
                    [] => format!("{}:{}", variant.index, variant.name),
                    fields => {
                        let types: Vec<String> = fields.iter().map(|field| self.shape(field.ty.id)).collect();
                        format!("{}:{}({})", variant.index, variant.name, types.join(","))
                    }
                });
                format!("{name}<{}>", variants.collect::<Vec<_>>().join("|"))
            }
            TypeDef::BitSequence(_) => panic!("no bits in runtime APIs"),
        }
    }
    fn fields(&self, fields: &[Field<PortableForm>], between: &str) -> String {
        let one = |field: &Field<PortableForm>| {
            format!("{}:{}", field.name.as_deref().unwrap_or_default(), self.shape(field.ty.id))
        };
        fields.iter().map(one).collect::<Vec<_>>().join(between)
    }
}

fn primitive(primitive: &TypeDefPrimitive) -> &'static str {
    match primitive {
        TypeDefPrimitive::Bool => "bool",
        TypeDefPrimitive::Str => "str",
        TypeDefPrimitive::U8 => "u8",
        TypeDefPrimitive::U16 => "u16",
        TypeDefPrimitive::U32 => "u32",
        TypeDefPrimitive::U64 => "u64",
        TypeDefPrimitive::U128 => "u128",
        TypeDefPrimitive::I64 => "i64",
        TypeDefPrimitive::I128 => "i128",
        _ => panic!("{primitive:?} is in no runtime API"),
    }
}

/// A method as the dump writes it.
fn line(method: &Method) -> String {
    let mut registry = Registry::new();
    let inputs: Vec<(&str, u32)> =
        method.inputs().into_iter().map(|(name, ty)| (name, registry.register_type(&ty).id)).collect();
    let output = registry.register_type(&method.output()).id;
    let printer = Printer { types: registry.into() };
    let inputs: Vec<String> =
        inputs.into_iter().map(|(name, id)| format!("{name}:{}", printer.shape(id))).collect();
    format!("{}({}) -> {}", method.exported_name(), inputs.join(", "), printer.shape(output))
}

fn dump() -> Vec<String> {
    let file = fixtures::clients::json("runtime_apis").unwrap();
    file["methods"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

/// Methods that stand in the dump too; the calls in the arguments of the others have no end.
fn compared() -> impl Iterator<Item = &'static Method> {
    methods().filter(|method| !NOT_IN_DUMP.contains(&method.exported_name().as_str()))
}

fn name_of(line: &str) -> &str {
    line.split_once('(').unwrap().0
}

#[test]
fn every_method_has_the_shape_that_clients_expect() {
    let dump = dump();
    for method in compared() {
        let name = method.exported_name();
        let theirs = dump.iter().find(|line| name_of(line) == name);
        let theirs = theirs.unwrap_or_else(|| panic!("{name} is not in the dump"));
        let expected =
            DIFFERENCES.iter().fold(theirs.clone(), |line, (theirs, ours, _)| line.replace(theirs, ours));
        assert_eq!(line(method), expected);
    }
    assert_eq!(compared().count(), 65);
}

#[test]
fn the_lists_of_differences_hold_nothing_that_is_none() {
    let dump = dump();
    let lines: Vec<String> = compared().map(line).collect();
    for (theirs, ours, why) in DIFFERENCES {
        assert!(dump.iter().any(|line| line.contains(theirs)), "{theirs} is in no line");
        assert!(lines.iter().any(|line| line.contains(ours)), "{ours} is in no method");
        assert!(!why.is_empty());
    }
    let served: BTreeSet<String> = methods().map(Method::exported_name).collect();
    let dumped: BTreeSet<String> = dump.iter().map(|line| name_of(line).to_owned()).collect();
    assert_eq!(dumped.difference(&served).collect::<Vec<_>>(), Vec::<&String>::new(), "not served");
    assert_eq!(served.difference(&dumped).collect::<Vec<_>>(), NOT_IN_DUMP);
}
