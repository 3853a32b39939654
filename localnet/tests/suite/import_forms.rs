//! Forms of numbers, units, netuids and owners in files of other programs.

use crate::binary::say;
use chain::account::AccountId;
use chain::snapshot::SubnetSnapshot;
use flate2::Compression;
use flate2::write::GzEncoder;
use localnet::import::{Imported, read};
use std::fs;
use std::io::Write as _;

fn id(n: u8) -> String {
    AccountId::new([n; 32]).to_ss58()
}

fn imported(name: &str, text: &str, netuid: Option<u16>) -> Result<Imported, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, text).unwrap();
    read(&path, netuid).map_err(|refusal| refusal.to_string())
}

#[track_caller]
fn subnet(name: &str, text: &str) -> SubnetSnapshot {
    imported(name, text, None).unwrap().snapshot.subnets.remove(0)
}

#[track_caller]
fn refusal(name: &str, text: &str, expected: &str) {
    let refusal = imported(name, text, None).unwrap_err();
    assert!(refusal.contains(expected), "no `{expected}` in {refusal}");
}

/// A table of one neuron with this stake.
fn one(stake: &str) -> String {
    format!("uid,hotkey,stake\n0,{},\"{stake}\"\n", id(1))
}

#[test]
fn amounts_are_read_in_every_form_or_refused() {
    for (text, rao) in [
        ("2.099999996119095e-08", 20),
        ("1.894367125e+06", 1_894_367_125_000_000),
        ("5.0675e-05", 50_675),
        ("1e6", 1_000_000_000_000_000),
        ("1.5E3", 1_500_000_000_000),
        ("0.1e-8", 1),
        ("1e-10", 0),
        ("12", 12_000_000_000),
        ("+12.", 12_000_000_000),
        (".5", 500_000_000),
        ("1,250.5", 1_250_500_000_000),
        ("1_000_000", 1_000_000_000_000_000),
        ("1 250", 1_250_000_000_000),
        ("\u{3c4}5.25", 5_250_000_000),
        ("5.25 \u{3c4}", 5_250_000_000),
        ("5.25 TAO", 5_250_000_000),
        ("5.25\u{200e}\u{3b1}", 5_250_000_000),
        ("0.0000000019", 1),
        ("-0.0", 0),
        ("21000000", 21_000_000_000_000_000),
    ] {
        assert_eq!(subnet("a.csv", &one(text)).neurons[0].stake.get(), rao, "{text}");
        let quoted = serde_json::to_string(text).unwrap();
        let json = format!(r#"{{"hotkeys": ["{}"], "stake": [{quoted}]}}"#, id(1));
        assert_eq!(subnet("a.json", &json).neurons[0].stake.get(), rao, "{text} as text in JSON");
    }
    for (text, why) in [
        ("-5", "-5 tao is negative"),
        ("1,5", "separators that do not stand between groups of three"),
        ("1,25,000", "separators"),
        ("1.2.3", "is not an amount"),
        ("0x10", "is not an amount"),
        ("NaN", "is not an amount"),
        ("inf", "is not an amount"),
        ("1e", "is not an amount"),
        ("e5", "is not an amount"),
        ("", "is not an amount"),
        ("1e12", "more than"),
        ("1e999999999999", "more than the chain can count"),
        ("5 xyz", "is not an amount"),
    ] {
        refusal("a.csv", &one(text), why);
        refusal("a.csv", &one(text), "line 2: stake: ");
    }
    for (number, rao) in
        [("2.099999996119095e-08", 20), ("1.894367125e+06", 1_894_367_125_000_000), ("7", 7_000_000_000)]
    {
        let json = format!(r#"{{"hotkeys": ["{}"], "stake": [{number}]}}"#, id(1));
        assert_eq!(subnet("a.json", &json).neurons[0].stake.get(), rao, "{number} as a number");
    }
}

/// Rows of an explorer's service: accounts as objects, amounts as whole text in rao, `netuid` in each row.
fn explorer(uid: u16, netuid: u16, alpha: &str) -> String {
    let key = id(u8::try_from(uid).unwrap() + 1);
    format!(
        r#"{{"hotkey": {{"ss58": "{key}", "hex": "0x00"}}, "coldkey": {{"ss58": "{key}"}}, "netuid": {netuid}, "uid": {uid},
        "stake": "0", "validator_permit": true, "alpha_stake": "{alpha}", "root_stake": "7000", "total_alpha_stake": "6.74"}}"#
    )
}

#[test]
fn pages_of_an_explorer_are_read_however_they_were_joined() {
    let (a, b) = (explorer(0, 8, "5000000000"), explorer(1, 8, "3000"));
    let pages = [
        format!(r#"{{"pagination": {{}}, "data": [{a}, {b}]}}"#),
        format!("[{a}, {b}]"),
        format!("{a}\n{b}\n"),
        format!(r#"{{"data": [{a}]}}{{"data": [{b}]}}"#),
        format!(r#"[{{"data": [{b}]}}, {{"data": [{a}]}}]"#),
    ];
    for text in pages {
        let subnet = subnet("page.json", &text);
        let stakes: Vec<_> = subnet.neurons.iter().map(|neuron| neuron.stake.get()).collect();
        assert_eq!((subnet.netuid.number(), stakes), (8, vec![5_000_000_000, 3_000]), "{text}");
        assert_eq!(subnet.neurons[0].root_stake.get(), 7_000);
    }
    refusal("a.json", &format!("[{a}, {}]", explorer(1, 9, "3000")), "[1]: netuid 9, but [0] has netuid 8");
    refusal("a.json", &format!("[{a}, {}]", explorer(1, 8, "0.5")), "whole numbers of rao");
    let other = format!(r#"{{"netuid": 3, "data": [{a}]}}"#);
    refusal("a.json", &other, "data[0]: netuid 8, but netuid has netuid 3");
    let replaced = imported("a.json", &format!("[{a}, {b}]"), Some(2)).unwrap();
    assert_eq!(replaced.snapshot.subnets[0].netuid.number(), 2);
    assert_eq!(replaced.notes.0, ["--netuid 2 replaces netuid 8 of the file"]);
}

#[test]
fn letters_of_the_sdk_are_read() {
    let (a, b) = (id(1), id(2));
    let json = format!(
        r#"{{"netuid": 4, "uids": [1, 0], "hotkeys": ["{b}", "{a}"], "coldkeys": ["{a}", "{a}"], "S": [9.0, 8.0],
        "AS": [2.5, 1.5], "TS": [0.25, 0.0], "W": [[0.0, 0.0], [0.25, 0.75]], "B": [[], [32768, 0]]}}"#
    );
    let subnet = subnet("sdk.json", &json);
    let [first, second] = subnet.neurons.as_slice() else { panic!("{subnet:?}") };
    assert_eq!(
        (first.hotkey.to_ss58(), second.hotkey.to_ss58()),
        (a.clone(), b.clone()),
        "in the order of uids"
    );
    assert_eq!((first.stake.get(), second.stake.get()), (1_500_000_000, 2_500_000_000));
    assert_eq!(second.root_stake.get(), 250_000_000);
    assert_eq!(first.weights, [(0, 21_845), (1, 65_535)]);
    assert_eq!(first.bonds, [(0, 32_768)], "bonds as the chain stores them");
    let csv = format!("UID,HOTKEY,AS,TS,W\n0,{a},1.5,0,\"[0.5, 0.5]\"\n1,{b},2,1,\n");
    let subnet = self::subnet("sdk.csv", &csv);
    assert_eq!(subnet.neurons[0].weights, [(0, 65_535), (1, 65_535)]);
    assert_eq!(subnet.neurons[1].root_stake.get(), 1_000_000_000);
}

#[test]
fn what_a_file_leaves_open_is_assumed_aloud() {
    let (a, b) = (id(1), id(2));
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("m.csv"), format!("uid,hotkey,stake\n0,{a},1\n1,{b},2\n")).unwrap();
    let said = say(dir.path(), &["import", "m.csv"]);
    assert_eq!(said.code, 0, "{said:?}");
    for note in [
        "m.csv: there are no coldkeys: each neuron owns itself",
        "m.csv: there is no alpha stake: the total stake is taken as alpha",
        "m.csv: the file names no netuid: it becomes subnet 1",
    ] {
        assert!(said.stderr.contains(note), "no `{note}` in {}", said.stderr);
    }
    let one_owner = format!("uid,hotkey,coldkey,stake\n0,{a},{a},1\n1,{b},,2\n");
    refusal("m.csv", &one_owner, "line 3: coldkey: ");
    let rows = format!(
        r#"[{{"uid": 0, "hotkey": "{a}", "coldkey": "{a}", "S": 1}}, {{"uid": 1, "hotkey": "{b}", "S": 1}}]"#
    );
    refusal("m.json", &rows, "[1]: there is no `coldkey`, but [0] has one");
    refusal(
        "m.csv",
        &format!("uid,hotkey\n0,{a}\n"),
        "there is no stake; a stake has one of the names alpha_stake",
    );
    let both = format!("uid,hotkey,alpha_stake,alpha_stake_rao\n0,{a},1.5,1600000000\n");
    refusal("m.csv", &both, "contradicts line 2: alpha_stake, which is 1500000000 rao");
}

#[test]
fn a_file_takes_no_more_than_is_allowed() {
    let columns = (0..2_000).map(|number| format!("c{number}")).collect::<Vec<_>>().join(",");
    refusal("a.csv", &format!("uid,hotkey,{columns}\n"), "line 1: 2002 columns; allowed: 1024");
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    let blank = vec![b' '; 1 << 20];
    for _ in 0..513 {
        bomb.write_all(&blank).unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.json.gz");
    fs::write(&path, bomb.finish().unwrap()).unwrap();
    assert_eq!(read(&path, None).unwrap_err().to_string(), "it holds more than 512 MiB, unpacked");
}
