//! The storage view against the list of items of the real chain.

use chain::account::AccountId;
use chain::schema::{self, Item, Modifier, SchemaError};
use chain::state::State;
use chain::units::NetUid;
use serde_json::{Value as Json, json};

fn real_items() -> Vec<Json> {
    let items = fixtures::pallet::json("items").unwrap();
    items.as_array().unwrap().clone()
}

fn text<'a>(item: &'a Json, field: &str) -> &'a str {
    item[field].as_str().unwrap()
}

#[track_caller]
fn item(name: &str) -> &'static Item {
    let (pallet, name) = name.split_once('.').unwrap_or(("SubtensorModule", name));
    schema::lookup(pallet, name).unwrap()
}

#[test]
fn every_item_of_the_real_chain_is_declared_or_named_as_missing() {
    for real in real_items() {
        let (pallet, name) = (text(&real, "pallet"), text(&real, "item"));
        let missing = schema::NOT_MODELLED.iter().any(|entry| entry.0 == pallet && entry.1 == name);
        let declared = schema::lookup(pallet, name);
        assert!(missing != declared.is_some(), "{pallet}.{name}: declared and missing, or neither");
    }
}

#[test]
fn hashers_modifiers_and_defaults_are_those_of_the_real_chain() {
    for real in real_items() {
        let (pallet, name) = (text(&real, "pallet"), text(&real, "item"));
        let Some(item) = schema::lookup(pallet, name) else { continue };
        let hashers: Vec<_> = item.hashers.iter().map(|hasher| json!(format!("{hasher:?}"))).collect();
        assert_eq!(json!(hashers), real["hashers"], "{pallet}.{name}");
        assert_eq!(item.key_types().len(), hashers.len(), "{pallet}.{name}");
        assert_eq!(format!("{:?}", item.modifier()), text(&real, "modifier"), "{pallet}.{name}");
        let expected = match item.modifier() {
            Modifier::Default => Some(item.parse_value(&real["default"]).unwrap()),
            Modifier::Optional => None,
        };
        assert_eq!(item.default(), expected, "{pallet}.{name}");
    }
}

#[test]
fn items_are_declared_once() {
    let mut paths: Vec<_> = schema::items().map(Item::path).collect();
    let count = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), count);
}

#[test]
fn known_raw_keys() {
    // The keys that every client computes for these items.
    let key = |name: &str, parts: &[Json]| {
        let item = item(name);
        hex::encode(item.raw_key(&item.parse_key(parts).unwrap()))
    };
    let alice = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
    assert_eq!(
        key("System.Account", &[json!(alice)]),
        "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9\
         de1e86a9a8c739864cf3cc5ec2bea59fd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
    );
    assert_eq!(
        key("Multisig.Multisigs", &[json!(alice), json!(format!("0x{}", "ab".repeat(32)))]),
        "7474449cca95dc5d0c00e71735a6d17d3cd15a3fd6e04e47bee3922dbfa92c8d518366b5b1bc7c99\
         d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d\
         6bb3853c34cfcf3b081e5715f3c82748abababababababababababababababababababababababababababababababab"
    );
    assert_eq!(
        key("Balances.TotalIssuance", &[]),
        "c2261276cc9d1f8598ea4b6a74b15c2f57c875e4cff74148e4628f264b974c80"
    );
}

#[test]
fn a_raw_key_leads_back_to_its_row() {
    let cases: &[(&str, Json)] = &[
        ("Tempo", json!([2])),
        ("AlphaV2", json!([401, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", 300])),
        ("Lock", json!([7, 300, 9])),
        ("LastRateLimitedBlock", json!([{"OwnerHyperparamUpdate": [2, 5]}])),
        ("WeightCommits", json!([4098, 401])),
        ("SubnetLimit", json!([])),
        ("LastColdkeyHotkeyStakeBlock", json!([1, 2])),
    ];
    for (name, parts) in cases {
        let item = item(name);
        let key = item.parse_key(parts.as_array().unwrap()).unwrap();
        let raw = item.raw_key(&key);
        assert_eq!(item.key_of_raw(&raw), Ok(key.clone()), "{name}");
        let again = item.parse_key(&item.print_key(&key).unwrap()).unwrap();
        assert_eq!(again, key, "{name}");
        let mut longer = raw.clone();
        longer.push(0);
        assert_eq!(item.key_of_raw(&longer), Err(SchemaError::RawKey), "{name}");
    }
}

#[test]
fn a_hyperparameter_in_a_key_goes_by_number_or_name() {
    let item = item("LastRateLimitedBlock");
    let key = |parameter: Json| item.parse_key(&[json!({"OwnerHyperparamUpdate": [2, parameter]})]);
    assert_eq!(key(json!("TriggerEpoch")).unwrap(), key(json!(31)).unwrap());
    assert!(key(json!("TriggerHappiness")).is_err());
}

/// Sets a row, reads it back, finds it among the rows, removes it again.
#[track_caller]
fn round_trip(name: &str, parts: Json, value: Json) {
    let item = item(name);
    let mut state = State::default();
    let n = 3;
    let neurons = state.subnet_mut(NetUid(2)).neurons_mut();
    for uid in 0..n {
        let hotkey = AccountId::from_number(400 + u64::from(uid));
        neurons.keys.push(hotkey);
        neurons.uids.insert(hotkey, uid);
        neurons.block_at_registration.push(0);
    }
    let key = item.parse_key(parts.as_array().unwrap()).unwrap();
    let before = item.get(&state, &key).unwrap();
    let bytes = item.parse_value(&value).unwrap();
    assert_eq!(item.print_value(&bytes).unwrap(), value, "{name}");
    item.set(&mut state, &key, Some(&bytes)).unwrap();
    assert_eq!(item.get(&state, &key).unwrap(), Some(bytes.clone()), "{name}");
    assert!(item.rows(&state).contains(&(key.clone(), bytes)), "{name}");
    // An array by uid cannot go while there are neurons.
    if before.is_none() && name != "Active" {
        item.set(&mut state, &key, None).unwrap();
        let after = item.get(&state, &key).unwrap();
        assert!(after.is_none() || after == item.default(), "{name}: {after:?}");
    }
}

#[test]
fn rows_of_every_shape_are_set_read_and_removed() {
    round_trip("Tempo", json!([2]), json!(30));
    round_trip("TotalIssuance", json!([]), json!(10_499_849_500_000_000_u64));
    round_trip("SubnetMovingPrice", json!([2]), json!("-3435973836"));
    round_trip("Swap.SwapBalancer", json!([2]), json!(400_000_000_000_000_000_u64));
    round_trip("Swap.FeeRate", json!([2]), json!(0));
    round_trip("RecycleOrBurn", json!([3]), json!("Recycle"));
    round_trip(
        "AlphaV2",
        json!([401, 301, 2]),
        json!({"exponent": -12, "mantissa": "1000000000000000000000"}),
    );
    round_trip("RootClaimable", json!([401]), json!([[1, "0"], [2, "77"]]));
    round_trip("RootClaimType", json!([401]), json!({"KeepSubnets": {"subnets": [1, 2]}}));
    round_trip("LastRateLimitedBlock", json!([{"LastTxBlock": 301}]), json!(9));
    round_trip("Weights", json!([2, 1]), json!([[0, 65535], [2, 3]]));
    round_trip("Bonds", json!([4098, 2]), json!([[0, 1]]));
    round_trip("Active", json!([2]), json!([true, false, true]));
    round_trip("LastUpdate", json!([2]), json!([1, 2, 3]));
    round_trip("StakeWeight", json!([2]), json!([1]));
    round_trip("AlphaV2MapLastKey", json!([]), json!("0x0102"));
    round_trip("TokenSymbol", json!([0]), json!("0xcea4"));
    round_trip("SubnetEmaTaoFlow", json!([2]), json!([5, "-1"]));
    round_trip("ColdkeySwapAnnouncements", json!([711]), json!([8239, format!("0x{}", "ab".repeat(32))]));
    round_trip("PendingChildKeys", json!([2, 401]), json!([[[9, 403]], 61]));
    round_trip(
        "Lock",
        json!([100, 2, 200]),
        json!({"conviction": "189258780592180941367504011264", "last_update": 60, "locked_mass": 10}),
    );
    round_trip("WeightCommits", json!([2, 401]), json!([[format!("0x{}", "0c".repeat(32)), 1, 85, 0]]));
    round_trip("TimelockedWeightCommits", json!([2, 3]), json!([[403, 198, "0xb996", 1000]]));
    round_trip("MechanismEmissionSplit", json!([3]), json!([40000, 25535]));
    round_trip(
        "Drand.Pulses",
        json!([1000]),
        json!({"randomness": "0x00", "round": 1000, "signature": "0xb4"}),
    );
    round_trip("Drand.LastStoredRound", json!([]), json!(1000));
    round_trip("Drand.NextUnsignedAt", json!([]), json!(12));
    round_trip("Commitments.MaxSpace", json!([]), json!(4000));
    round_trip("Commitments.TimelockedIndex", json!([]), json!([[2, 403], [300, 401]]));
    round_trip("Commitments.LastCommitment", json!([2, 401]), json!(7));
    round_trip("Commitments.UsedSpaceOf", json!([2, 401]), json!({"last_epoch": 3, "used_space": 100}));
    round_trip("Commitments.RevealedCommitments", json!([2, 401]), json!([["0x0102", 9]]));
    round_trip(
        "Commitments.CommitmentOf",
        json!([2, 401]),
        json!({"block": 7, "deposit": 0, "info": {"fields": [{"Raw": "0x01"}, "ResetBondsFlag"]}}),
    );
    round_trip(
        "Proxy.Proxies",
        json!([401]),
        json!([[{"delegate": 402, "proxy_type": "NonTransfer", "delay": 3}], 93_000_000]),
    );
    let hash = format!("0x{}", "0c".repeat(32));
    round_trip(
        "Proxy.Announcements",
        json!([402]),
        json!([[{"real": 401, "call_hash": hash, "height": 7}], 104_000_000]),
    );
    round_trip("Proxy.LastCallResult", json!([401]), json!({"Ok": null}));
    round_trip("Proxy.RealPaysFee", json!([401, 402]), json!([]));
    let when = json!({"height": 7, "index": 1});
    round_trip(
        "Multisig.Multisigs",
        json!([401, hash]),
        json!({"when": when, "deposit": 196_000_000, "depositor": 402, "approvals": [402, 403]}),
    );
    round_trip("Sudo.Key", json!([]), json!(401));
    round_trip("UsedWork", json!(["0x0102"]), json!(5));
    round_trip("Keys", json!([2, 1]), json!(77));
    round_trip("StakingColdkeysByIndex", json!([0]), json!(301));
    round_trip(
        "SubnetOwner",
        json!([2]),
        json!("0x6d6f646c73756274656e73720100000000000000000000000000000000000000"),
    );
}

#[test]
fn others_names_lie_where_clients_look_for_them() {
    use chain::schema::Hasher::{Blake2_128Concat, Twox64Concat};
    let rows = [
        ("Proxy.Proxies", vec![Twox64Concat], Modifier::Default),
        ("Proxy.Announcements", vec![Twox64Concat], Modifier::Default),
        ("Proxy.LastCallResult", vec![Twox64Concat], Modifier::Optional),
        ("Proxy.RealPaysFee", vec![Twox64Concat, Twox64Concat], Modifier::Optional),
        ("Multisig.Multisigs", vec![Twox64Concat, Blake2_128Concat], Modifier::Optional),
        ("Sudo.Key", vec![], Modifier::Optional),
    ];
    for (name, hashers, modifier) in rows {
        assert_eq!((item(name).hashers, item(name).modifier()), (hashers.as_slice(), modifier), "{name}");
    }
    // No proxies: an empty list and a deposit of zero.
    assert_eq!(item("Proxy.Proxies").default(), Some(vec![0; 9]));
}

#[test]
fn an_absent_beacon_is_quicknet() {
    let item = item("Drand.BeaconConfig");
    let value = item.print_value(&item.default().unwrap()).unwrap();
    assert_eq!(value["metadata"]["beacon_id"], json!(format!("0x{}", hex::encode("quicknet"))));
    assert_eq!(value["period"], json!(3));
    assert_eq!(value["public_key"].as_str().unwrap().len(), 2 + 2 * 96);
}

#[track_caller]
fn refused(name: &str, parts: Json, value: Json) -> SchemaError {
    let item = item(name);
    let mut state = State::default();
    let key = item.parse_key(parts.as_array().unwrap()).unwrap();
    let bytes = item.parse_value(&value).unwrap();
    item.set(&mut state, &key, Some(&bytes)).unwrap_err()
}

#[test]
fn what_would_break_the_state_is_refused() {
    let follows = SchemaError::Refused("it follows from other items");
    assert_eq!(refused("SubnetworkN", json!([2]), json!(3)), follows);
    assert_eq!(refused("Uids", json!([2, 401]), json!(3)), follows);
    assert_eq!(refused("NumStakingColdkeys", json!([]), json!(3)), follows);
    assert_eq!(
        refused("Active", json!([2]), json!([true])),
        SchemaError::Refused("it needs one entry for each neuron")
    );
    assert_eq!(
        refused("Weights", json!([2, 0]), json!([])),
        SchemaError::Refused("there is no neuron with this uid")
    );
}

#[test]
fn wrong_json_is_named() {
    let tempo = item("Tempo");
    assert_eq!(tempo.parse_value(&json!(70_000)).unwrap_err().to_string(), "expected u16, got 70000");
    assert_eq!(tempo.parse_key(&[]).unwrap_err(), SchemaError::KeyCount { expected: 1, got: 0 });
    assert!(item("SubnetMovingPrice").parse_value(&json!("1.5")).is_err());
    assert!(item("TokenSymbol").parse_value(&json!("0xzz")).is_err());
    assert!(item("System.Account").parse_key(&[json!("5GrwvaEF")]).is_err());
}

#[test]
fn rows_stand_in_chain_key_order() {
    let mut state = State::default();
    for netuid in [3_u16, 256, 1] {
        state.subnet_mut(NetUid(netuid)).added = true;
    }
    let item = item("NetworksAdded");
    let netuids: Vec<_> = item.rows(&state).iter().map(|(key, _)| item.print_key(key).unwrap()).collect();
    assert_eq!(json!(netuids), json!([[256], [1], [3]]));
}

#[test]
fn stretches_make_up_the_raw_keys_of_an_item() {
    let mut state = State::default();
    for netuid in [3_u16, 256, 1] {
        state.subnet_mut(NetUid(netuid)).added = true;
    }
    let rows = [
        ("Uids", json!([3, 401]), json!(0)),
        ("Uids", json!([1, 402]), json!(0)),
        ("Keys", json!([256, 0]), json!(403)),
        ("Weights", json!([1, 0]), json!([[0, 1]])),
        // Mechanism 1 of subnets 1 and 3.
        ("Weights", json!([4097, 0]), json!([[0, 2]])),
        ("WeightCommits", json!([4099, 401]), json!([[format!("0x{}", "0c".repeat(32)), 1, 85, 0]])),
        ("IsNetworkMember", json!([401, 3]), json!(true)),
        ("TotalHotkeyAlpha", json!([401, 1]), json!(5)),
        ("Commitments.LastCommitment", json!([256, 401]), json!(7)),
        ("Owner", json!([401]), json!(301)),
    ];
    let one = |netuid: u16| {
        let hotkey = AccountId::from_number(400 + u64::from(netuid));
        (NetUid(netuid), hotkey)
    };
    for (netuid, hotkey) in [3, 256, 1].map(one) {
        let subnet = state.subnet_mut(netuid).neurons_mut();
        subnet.keys.push(hotkey);
        subnet.uids.insert(hotkey, 0);
        subnet.block_at_registration.push(0);
    }
    for (name, parts, value) in rows {
        let item = item(name);
        let key = item.parse_key(parts.as_array().unwrap()).unwrap();
        match item.set(&mut state, &key, Some(&item.parse_value(&value).unwrap())) {
            Ok(()) | Err(SchemaError::Refused(_)) => {}
            Err(other) => panic!("{name}: {other}"),
        }
    }
    let (mut in_subnets, mut of_mechanisms) = (0, 0);
    for item in chain::schema::items() {
        let whole: Vec<_> = item.rows(&state).iter().map(|(key, _)| item.raw_key(key)).collect();
        assert_eq!(item.raw_keys(&state, None), whole, "{}", item.path());
        let mut pieces = Vec::new();
        let stretches = item.stretches(&state);
        assert!(stretches.is_sorted(), "{}", item.path());
        for (begin, subnet) in stretches {
            let keys = item.raw_keys(&state, subnet);
            let count = pieces.len();
            pieces.extend(keys.into_iter().filter(|key| key.starts_with(&begin)));
            in_subnets += usize::from(subnet.is_some() && pieces.len() > count);
            of_mechanisms += usize::from(begin.ends_with(&[0x10]) && pieces.len() > count);
        }
        assert_eq!(pieces, whole, "{}", item.path());
    }
    assert!(in_subnets >= 15 && of_mechanisms == 2, "{in_subnets}, {of_mechanisms}: too few rows to tell");
}
