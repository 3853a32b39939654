//! Weights, classes, payment and fees of recorded calls.

use chain::rules::calls::CALLS;
use chain::runtime::call_info_of_bytes;
use chain::runtime::fees::FeePolicy;
use serde_json::Value as Json;

fn number(value: &Json) -> u64 {
    value.as_u64().unwrap()
}

#[test]
fn every_call_has_one_row_in_order() {
    assert!(CALLS.windows(2).all(|pair| (pair[0].pallet, pair[0].call) < (pair[1].pallet, pair[1].call)));
    // Those of the production runtime, and the faucet.
    assert_eq!(CALLS.len(), 269 + 1);
}

#[test]
fn every_recorded_call_weighs_and_pays_what_was_recorded() {
    let rows = fixtures::runtime::lines("fn_dispatch_info").unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for row in &rows {
        let bytes = hex::decode(row["hex"].as_str().unwrap().trim_start_matches("0x")).unwrap();
        let info = call_info_of_bytes(&bytes).unwrap();
        let ours = (info.weight.ref_time, info.weight.proof_size, format!("{:?}", info.class), info.pays);
        let weight = &row["call_weight"];
        let class = row["class"].as_str().unwrap().to_owned();
        let theirs = (number(&weight[0]), number(&weight[1]), class, row["pays"] == "Yes");
        assert_eq!(ours, theirs, "{}.{} {}", row["pallet"], row["call"], row["args"]);
        seen.insert((bytes[0], bytes[1]));
    }
    assert_eq!(seen.len(), 269);
}

#[test]
fn fees_of_weight_and_bytes_are_the_recorded_ones() {
    let fees = FeePolicy::default();
    for row in fixtures::runtime::lines("fn_fee").unwrap() {
        let got = match row.get("weight") {
            Some(weight) => fees.weight_fee(number(weight)),
            None => fees.length_fee(number(&row["length"])),
        };
        assert_eq!(got.get(), number(&row["fee"]), "{row}");
    }
    assert_eq!(fees.weight_fee(u64::MAX).get(), 2_000_000_000);
}
