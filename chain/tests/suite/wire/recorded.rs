//! What a node of the real chain answered to the SDK: read by the types that we declare, it says what the SDK read.

use super::metadata::{golden, ours};
use super::samples::{Reader, bytes, plain};
use chain::account::AccountId;
use chain::block::{BlockInput, Extrinsic, Header, Sealed, SignedExtrinsic};
use chain::call::BalancesCall;
use chain::crypto::Keypair;
use chain::genesis::Genesis;
use chain::runtime::Runtime;
use chain::units::{Rao, TAO};
use chain::wire::EncodedBlock;
use frame_metadata::v14::StorageEntryType;
use frame_metadata::v15::RuntimeMetadataV15;
use serde_json::Value as Json;
use std::sync::Arc;

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
#[ignore = "slow: downloads bittensor 11.3.0"]
fn recorded_answers_say_what_the_sdk_read() {
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

/// `Pallet.Event` of an event, without its fields.
fn name(event: &Json) -> String {
    let (pallet, event) = event.as_object().unwrap().iter().next().unwrap();
    let event = match event {
        Json::Object(fields) => fields.keys().next().unwrap(),
        unit => unit.as_str().unwrap(),
    };
    format!("{pallet}.{event}")
}

/// A block with a transfer and no author, as clients see its events.
fn events_of_a_transfer(metadata: &RuntimeMetadataV15) -> Vec<String> {
    let key = Keypair::ed25519(&[1; 32]);
    let (bob, account) = (AccountId::from_number(7), key.account());
    let genesis = Genesis::reference([(account, Rao(10 * TAO)), (bob, Rao(TAO))]).unwrap();
    let mut runtime = Runtime::new(genesis.rules.clone(), genesis.hash());
    let mut state = genesis.state;
    let call = BalancesCall::TransferKeepAlive { dest: bob.into(), value: Rao(TAO) };
    let signed = SignedExtrinsic::sign(&key, call.into(), 0, &runtime.genesis);
    let input = BlockInput {
        number: state.block + 1,
        timestamp_ms: 12_000,
        parent_hash: [0; 32],
        lottery: [0; 32],
        author: None,
        extrinsics: vec![Extrinsic::Signed(signed)],
    };
    let outcome = runtime.execute_block(&mut state, &input);
    let header = Header::default();
    let sealed = Sealed {
        state,
        hash: header.hash(),
        header,
        timestamp_ms: 12_000,
        events: Arc::new(outcome.events),
        receipts: Arc::new(outcome.receipts),
    };
    let events = format!("0x{}", hex::encode(EncodedBlock::of(&sealed, &input).events));
    let id = value_of(metadata, &Json::from("System"), &Json::from("Events"));
    let events = reads(metadata, id, &Json::from(events));
    events.as_array().unwrap().iter().map(name).collect()
}

#[test]
#[ignore = "slow: downloads bittensor 11.3.0"]
fn a_transfer_tells_what_it_told_in_the_recorded_block() {
    let (golden, ours) = (golden(), ours());
    let events = &golden["events"];
    let id = value_of(&ours, &Json::from("System"), &Json::from("Events"));
    let decoded: Vec<Json> =
        events["decoded"].as_array().unwrap().iter().map(|record| plain(&record["event"])).collect();
    assert_eq!(reads(&ours, id, &events["raw_hex"]), Json::from(decoded.clone()));
    // The second extrinsic of the block is its author's own: here no node publishes a key in a block.
    let told = events["decoded"].as_array().unwrap().iter().zip(&decoded);
    let told = told.filter(|(record, _)| record["extrinsic_idx"] != 1).map(|(_, event)| name(event));
    assert_eq!(events_of_a_transfer(&ours), told.collect::<Vec<_>>());
}
