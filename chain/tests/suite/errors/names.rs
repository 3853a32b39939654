//! That nothing is missing: every documented error of every call has a row, and every error that exists has a row or
//! a reason.

use super::documented::{BOUNDS, GATES, OTHERS, SUBTENSOR};
use super::row::{Row, name_of};
use super::untriggered::{UNTRIGGERED, UNUSED_CODES, Why};
use crate::world::ROOT;
use chain::block::Failure;
use chain::call::RuntimeCall;
use chain::error::DispatchError;
use parity_scale_codec::Decode as _;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Pallets with tests of their own.
const OWN_TESTS: [&str; 14] = [
    "Crowdloan",
    "Proxy",
    "Multisig",
    "Utility",
    "Sudo",
    "System",
    "Timestamp",
    "MevShield",
    "Grandpa",
    "Preimage",
    "Scheduler",
    "SafeMode",
    "BaseFee",
    "LimitOrders",
];

fn rows() -> Vec<Row> {
    super::tables().into_iter().flat_map(|table| table.rows).collect()
}

/// `Pallet.Error`; without a pallet it is `SubtensorModule`'s.
fn full_name(error: &str) -> String {
    let whole = error.contains('.') || ["BadOrigin", "ConsumerRemaining"].contains(&error);
    if whole { error.to_owned() } else { format!("SubtensorModule.{error}") }
}

fn call_name(pallet: &str, call: &str) -> String {
    match (pallet, call) {
        (_, call) if call.contains('.') => call.to_owned(),
        ("AdminUtils", "trim") => "AdminUtils.sudo_trim_to_max_allowed_uids".to_owned(),
        ("AdminUtils", call) => format!("AdminUtils.sudo_set_{call}"),
        _ => format!("{pallet}.{call}"),
    }
}

/// The calls of the tables, and every (call, error).
fn documented() -> (BTreeSet<String>, BTreeSet<(String, String)>) {
    let lists =
        [("SubtensorModule", SUBTENSOR), ("Other", OTHERS), ("AdminUtils", GATES), ("AdminUtils", BOUNDS)];
    let (mut calls, mut pairs) = (BTreeSet::new(), BTreeSet::new());
    for (pallet, list) in lists {
        for (names, errors) in list {
            for call in names.iter().flat_map(|names| names.split_whitespace()) {
                let call = call_name(pallet, call);
                pairs.extend(errors.split_whitespace().map(|error| (call.clone(), full_name(error))));
                calls.insert(call);
            }
        }
    }
    (calls, pairs)
}

/// Every call that the chain knows, found by decoding each index with zeros for arguments.
fn known_calls() -> BTreeSet<String> {
    let mut calls = BTreeSet::new();
    for pallet in 0..=u8::MAX {
        for index in 0..=u8::MAX {
            let mut bytes = [0; 512];
            (bytes[0], bytes[1]) = (pallet, index);
            calls.extend(RuntimeCall::decode(&mut &bytes[..]).ok().map(|call| name_of(&call)));
        }
    }
    calls
}

/// Every error that a receipt can hold, found by decoding each index.
fn known_errors() -> BTreeSet<String> {
    let mut errors = BTreeSet::new();
    for pallet in 0..=u8::MAX {
        for index in 0..=u8::MAX {
            // An error of a pallet, or one of the token or of dispatch itself.
            let form = if pallet == u8::MAX { vec![index] } else { vec![3, pallet, index, 0, 0, 0] };
            let form = if pallet == u8::MAX - 1 { vec![7, index] } else { form };
            let form = if pallet == u8::MAX - 2 { vec![8, index] } else { form };
            match DispatchError::decode(&mut form.as_slice()) {
                // The text of a call that the chain has not, which the tables do not know either.
                Ok(DispatchError::NotModelled(_)) | Err(_) => {}
                Ok(error) => {
                    errors.insert(error.to_string());
                }
            }
        }
    }
    errors
}

fn pallet_of(name: &str) -> &str {
    name.split('.').next().unwrap()
}

#[test]
fn every_documented_error_of_every_call_has_a_row() {
    let (calls, pairs) = documented();
    let known: BTreeSet<String> =
        known_calls().into_iter().filter(|call| !OWN_TESTS.contains(&pallet_of(call))).collect();
    assert!(known.len() > 150, "{}", known.len());
    assert_eq!(calls, known, "the tables name the calls that the chain has");
    let triggered: BTreeSet<(String, String)> = rows()
        .iter()
        .map(|row| (row.call_name(), row.error_name()))
        .filter(|(call, _)| !OWN_TESTS.contains(&pallet_of(call)))
        .collect();
    let missing: Vec<_> = pairs.difference(&triggered).collect();
    let undocumented: Vec<_> = triggered.difference(&pairs).collect();
    assert_eq!((missing, undocumented), (vec![], vec![]), "(without a row, not documented)");
}

#[test]
fn every_error_has_a_row_or_a_reason() {
    let triggered: BTreeSet<String> = rows().iter().map(Row::error_name).collect();
    let listed: BTreeSet<String> = UNTRIGGERED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(listed.len(), UNTRIGGERED.len(), "an error is listed once");
    let both: Vec<_> = listed.intersection(&triggered).collect();
    assert_eq!(both, Vec::<&String>::new(), "listed as without a row, and there is one");
    let all: BTreeSet<String> = listed.union(&triggered).cloned().collect();
    assert_eq!(all, known_errors());
}

#[test]
fn every_code_of_a_guard_has_a_row_or_a_reason() {
    let triggered: BTreeSet<u8> = rows().iter().filter_map(Row::code).collect();
    let unused: BTreeSet<u8> = UNUSED_CODES.iter().map(|(code, _)| *code).collect();
    assert!(triggered.is_disjoint(&unused), "{triggered:?} {unused:?}");
    let all: BTreeSet<u8> = triggered.union(&unused).copied().collect();
    assert_eq!(all, (0..=27).chain([255]).collect::<BTreeSet<u8>>());
}

#[test]
fn root_may_send_what_a_row_shows_and_nothing_else() {
    let tables = super::tables();
    let rows = || tables.iter().flat_map(|table| table.rows.iter().map(move |row| (&table.world, row)));
    let roots: BTreeSet<String> = rows()
        .filter(|(_, row)| row.neighbours_sender() == ROOT)
        .map(|(_, row)| row.neighbours_name())
        .collect();
    let mut others = BTreeSet::new();
    for (world, row) in rows().filter(|(_, row)| !roots.contains(&row.neighbours_name())) {
        let refused = Err(Failure::Dispatch(DispatchError::BadOrigin));
        if row.sent_by_root(world).result != refused {
            others.insert(row.neighbours_name());
        }
    }
    assert_eq!(others, BTreeSet::new(), "root is not refused, and no row shows that it may");
}

fn crate_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of every source file but those that declare the errors.
fn sources(folder: PathBuf, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("src/error") {
            sources(path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

/// Whether a source names an error, by its type or by what a `use` calls it.
fn names(text: &str, error: &str) -> bool {
    let (pallet, variant) = error.split_once('.').unwrap();
    let kind = format!("{pallet}Error");
    if !text.contains("error::") || !text.contains(&kind) {
        return false;
    }
    let renamed = text.split_once(&format!("{kind} as ")).map(|(_, rest)| rest);
    let alias =
        renamed.map_or(kind.as_str(), |rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap());
    let path = format!("{alias}::{variant}");
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
    text.split(&path).skip(1).any(ends)
}

#[test]
fn the_reasons_hold() {
    let mut texts = Vec::new();
    sources(crate_root().join("src"), &mut texts);
    assert!(texts.iter().any(|text| names(text, "SubtensorModule.ColdkeySwapTooEarly")));
    assert!(texts.iter().any(|text| names(text, "Swap.PriceLimitExceeded")));
    for (error, why) in UNTRIGGERED {
        let returned = texts.iter().any(|text| names(text, error));
        match why {
            Why::Never(reason) => assert!(!returned, "{error} is returned, and is listed since {reason}"),
            Why::Shadowed(reason) => {
                assert!(returned, "{error} is never returned, and is listed since {reason}")
            }
            Why::OwnTests(file) => {
                let text = std::fs::read_to_string(crate_root().join("tests/suite").join(file)).unwrap();
                let (pallet, variant) = error.split_once('.').unwrap();
                let quoted = [format!("\"{error}\""), format!("{pallet}Error::{variant}")];
                assert!(quoted.iter().any(|name| text.contains(name)), "{file} does not expect {error}");
            }
        }
    }
}
