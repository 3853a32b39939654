//! What a node of the real chain answered to the SDK: read by the types that we declare, it says what the SDK read.

use super::metadata::{golden, ours, without_reference};
use super::samples::{Reader, bytes};
use frame_metadata::v14::StorageEntryType;
use frame_metadata::v15::RuntimeMetadataV15;
use serde_json::Value as Json;

/// The type of an item's value.
fn value_of(metadata: &RuntimeMetadataV15, pallet: &Json, item: &Json) -> u32 {
    let pallet = metadata.pallets.iter().find(|known| *pallet == known.name).unwrap();
    let entries = pallet.storage.iter().flat_map(|storage| &storage.entries);
    let entry = entries.into_iter().find(|known| *item == known.name).unwrap_or_else(|| panic!("no {item}"));
    match &entry.ty {
        StorageEntryType::Plain(value) | StorageEntryType::Map { value, .. } => value.id,
    }
}

#[track_caller]
fn reads(metadata: &RuntimeMetadataV15, id: u32, raw: &Json) -> Json {
    let raw = bytes(raw);
    let mut reader = Reader { types: &metadata.types, left: &raw };
    let value = reader.read(id).unwrap_or_else(|why| panic!("{why:?}, {} bytes left", reader.left.len()));
    assert!(reader.left.is_empty(), "{} bytes are left", reader.left.len());
    value
}

#[test]
fn recorded_answers_say_what_the_sdk_read() {
    if without_reference() {
        return;
    }
    let (golden, ours) = (golden(), ours());
    let mut read = 0;
    for case in golden["storage_values"].as_array().unwrap() {
        // Nothing is stored where the answer is a default.
        if case["raw_hex"].is_string() {
            let id = value_of(&ours, &case["pallet"], &case["storage_function"]);
            assert_eq!(reads(&ours, id, &case["raw_hex"]), case["decoded"], "{case}");
            read += 1;
        }
    }
    for case in golden["query_maps"].as_array().unwrap() {
        let id = value_of(&ours, &case["pallet"], &case["storage_function"]);
        let rows = case["raw_changes"].as_array().unwrap().iter().zip(case["pairs"].as_array().unwrap());
        for (row, pair) in rows {
            assert_eq!(reads(&ours, id, &row[1]), pair[1], "{row}");
            read += 1;
        }
    }
    for case in golden["runtime_calls"].as_array().unwrap() {
        let api = ours.apis.iter().find(|api| case["api"] == api.name).unwrap();
        let method = api.methods.iter().find(|method| case["method"] == method.name).unwrap();
        assert_eq!(reads(&ours, method.output.id, &case["raw_hex"]), case["decoded"], "{}", case["method"]);
        read += 1;
    }
    assert!(read > 15, "{read} answers");
}
