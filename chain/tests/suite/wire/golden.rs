//! Bytes that the SDK 11.3.0 made against a node of the real chain.

use chain::block::{Hash, MultiSignature, SignedExtrinsic};
use chain::call::RuntimeCall;
use chain::schema;
use chain::units::Rao;
use chain::wire::{DecodeError, Mortality, SPEC_VERSION, Unchecked, extrinsic_hash};
use parity_scale_codec::{DecodeAll as _, Encode as _};
use serde_json::Value as Json;

fn golden() -> Json {
    fixtures::clients::json("golden").unwrap()
}
fn bytes(value: &Json) -> Vec<u8> {
    hex::decode(value.as_str().unwrap().trim_start_matches("0x")).unwrap()
}
fn hash(value: &Json) -> Hash {
    bytes(value).try_into().unwrap()
}
fn mortality(case: &Json, birth: Hash) -> Option<Mortality> {
    let era = case["era"].as_object()?;
    let (period, current) = (era["period"].as_u64().unwrap(), era["current"].as_u64().unwrap());
    Some(Mortality { period: u32::try_from(period).unwrap(), born: current, birth })
}

#[test]
fn calls_have_the_bytes_of_the_chain() {
    let golden = golden();
    let calls = golden["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 10);
    for call in calls {
        let recorded = bytes(&call["data_hex"]);
        let read =
            RuntimeCall::decode_all(&mut recorded.as_slice()).unwrap_or_else(|why| panic!("{call}: {why}"));
        assert_eq!(read.encode(), recorded, "{call}");
    }
}

#[test]
fn payloads_are_signed_as_the_chain_reads_them() {
    let golden = golden();
    let genesis = hash(&golden["network"]["genesis_hash"]);
    let theirs = u32::try_from(golden["network"]["spec_version"].as_u64().unwrap()).unwrap();
    for case in golden["signature_payloads"].as_array().unwrap() {
        let call = RuntimeCall::decode_all(&mut bytes(&case["call_data_hex"]).as_slice()).unwrap();
        let birth = case.get("era_birth_block_hash").map_or(genesis, hash);
        let nonce = u32::try_from(case["nonce"].as_u64().unwrap()).unwrap();
        let tip = Rao(case["tip"].as_u64().unwrap());
        let ours = SignedExtrinsic::payload(&call, nonce, tip, mortality(case, birth), &genesis);
        // They were signed for another version of the rules: its four bytes stand 72 before the end.
        let mut expected = bytes(&case["payload_hex"]);
        let at = expected.len() - 73;
        assert_eq!(expected[at..at + 4], theirs.to_le_bytes());
        expected[at..at + 4].copy_from_slice(&SPEC_VERSION.to_le_bytes());
        assert_eq!(ours, expected, "{case}");
    }
}

#[test]
fn extrinsics_are_read_and_written_alike() {
    let golden = golden();
    for case in golden["extrinsics"].as_array().unwrap() {
        let recorded = bytes(&case["extrinsic_hex"]);
        let unchecked = Unchecked::read(&recorded).unwrap();
        assert_eq!(unchecked.signer.to_ss58(), case["address"].as_str().unwrap());
        assert_eq!(u64::from(unchecked.nonce), case["nonce"].as_u64().unwrap());
        assert_eq!(
            unchecked.signature,
            MultiSignature::Sr25519(bytes(&case["signature_hex"]).try_into().unwrap())
        );
        // An era names its block only up to the period: the reader stands at that block or a little later.
        let current = case["era"]["current"].as_u64().unwrap_or(0);
        assert_eq!(unchecked.birth(current + 3), current);
        let extrinsic = unchecked.born(current + 3, [7; 32]);
        assert_eq!(extrinsic.mortality, mortality(case, [7; 32]));
        assert_eq!(extrinsic.wire_bytes(), recorded);
        assert_eq!(extrinsic.wire_length(), recorded.len());
        assert_eq!(extrinsic_hash(&recorded), hash(&case["extrinsic_hash"]));
    }
}

#[test]
fn what_is_no_extrinsic_says_why() {
    let golden = golden();
    let good = bytes(&golden["extrinsics"][0]["extrinsic_hex"]);
    assert_eq!(Unchecked::read(&good[..good.len() - 1]), Err(DecodeError::Length));
    let change = |at: usize, to: u8| {
        let mut bad = good.clone();
        bad[at] = to;
        Unchecked::read(&bad)
    };
    assert_eq!(change(2, 0x04), Err(DecodeError::Version(0x04)));
    // Signer, signature scheme, metadata mode, pallet.
    assert!(matches!(change(3, 1), Err(DecodeError::Codec(_))));
    assert!(matches!(change(36, 3), Err(DecodeError::Codec(_))));
    let mode = good.len() - golden["extrinsics"][0]["call_data_hex"].as_str().unwrap().len() / 2;
    assert_eq!(change(mode, 1), Err(DecodeError::MetadataHash));
    assert!(matches!(change(mode + 1, 99), Err(DecodeError::Codec(_))));
    let mut longer = good.clone();
    longer.push(0);
    assert_eq!(Unchecked::read(&longer), Err(DecodeError::Length));
    assert!(Unchecked::read(&[]).is_err());
}

#[test]
fn storage_keys_are_those_that_clients_ask_for() {
    let golden = golden();
    let mut checked = 0;
    for case in golden["storage_keys"].as_array().unwrap() {
        let (pallet, name) = (case["pallet"].as_str().unwrap(), case["storage_function"].as_str().unwrap());
        let Some(item) = schema::lookup(pallet, name) else {
            let block =
                chain::wire::sealed_items().iter().find(|item| item.pallet == pallet && item.name == name);
            match block {
                Some(item) => assert!(bytes(&case["key_hex"]).starts_with(&item.prefix()), "{case}"),
                None => panic!("no item for {case}"),
            }
            continue;
        };
        let Ok(key) = item.parse_key(case["params"].as_array().unwrap()) else { continue };
        assert_eq!(item.raw_key(&key), bytes(&case["key_hex"]), "{case}");
        checked += 1;
    }
    assert!(checked >= 6, "{checked} keys of the schema were compared");
}

#[test]
fn a_mortal_extrinsic_counts_for_its_period() {
    let era = Mortality { period: 64, born: 66, birth: [0; 32] };
    for (current, holds) in [(65, false), (66, true), (129, true), (130, false), (194, false)] {
        assert_eq!(era.holds_at(current), holds, "{current}");
    }
}
