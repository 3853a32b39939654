//! Networks from elsewhere: what is read, what is refused, and that chains run from it.

use crate::binary::say;
use chain::account::AccountId;
use chain::snapshot::{NeuronSnapshot, Snapshot};
use chain::units::{AlphaRao, NetUid, Rao, TAO};
use flate2::Compression;
use flate2::write::GzEncoder;
use localnet::import::{genesis, read};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A real network: 4,096 neurons with stake, 18,618 balances.
fn finney() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/network/finney-genesis.json.gz")
}

fn id(n: u8) -> String {
    AccountId::new([n; 32]).to_ss58()
}

fn account(n: u8) -> AccountId {
    AccountId::new([n; 32])
}

/// Two coldkeys with three hotkeys, and two balances.
fn network() -> String {
    format!(
        r#"{{"stakes": {{"{c}": {{"{h1}": [5000000000, 0], "{h3}": [7000000000, 2]}}, "{d}": {{"{h2}": [3000000000, 1]}}}},
"balances": {{"{c}": 1000000000, "{d}": 600}}}}"#,
        c = id(10),
        d = id(20),
        h1 = id(1),
        h2 = id(2),
        h3 = id(3)
    )
}

fn read_text(name: &str, text: &str) -> Result<Snapshot, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, text).unwrap();
    read(&path, None).map(|imported| imported.snapshot).map_err(|refusal| refusal.to_string())
}

/// Imports a text with the program; it is refused with this message, and nothing is written.
#[track_caller]
fn refused(name: &str, text: &str, expected: &str) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(name), text).unwrap();
    let said = say(dir.path(), &["import", name, "--out", "out.json"]);
    assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{said:?}");
    assert!(said.stderr.contains(expected), "no `{expected}` in {}", said.stderr);
    assert!(said.stderr.starts_with(&format!("error: {name}: ")), "{said:?}");
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [name], "nothing is written");
}

#[test]
fn a_network_becomes_a_genesis_from_which_epochs_run() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("net.json"), network()).unwrap();
    let said = say(dir.path(), &["import", "net.json", "--out", "net.genesis.json"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.stderr.contains("net.genesis.json: 3 neurons on 1 subnet(s), 2 balances; digest "),
        "{said:?}"
    );
    fs::write(dir.path().join("world.toml"), &said.stdout).unwrap();
    let run = ["run", "world.toml", "--store", "memory"];
    let said = say(dir.path(), &run);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains("subnet 1: imported, 3 neurons, 3 epochs"), "{said:?}");
    assert_eq!(say(dir.path(), &run).stdout, said.stdout);

    let digest = |text: &str| {
        let said = say(dir.path(), &["run", text, "--dry-run"]);
        assert_eq!(said.code, 0, "{said:?}");
        said.stdout.rsplit(' ').next().unwrap().to_owned()
    };
    let before = digest("world.toml");
    let changed = network().replace("600}", "601}");
    fs::write(dir.path().join("net.json"), changed).unwrap();
    assert_eq!(say(dir.path(), &["import", "net.json", "--out", "net.genesis.json"]).code, 0);
    assert_ne!(digest("world.toml"), before, "one rao more is another scenario");
}

#[test]
fn a_cast_joins_an_imported_network() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("net.json"), network()).unwrap();
    assert_eq!(say(dir.path(), &["import", "net.json", "--out", "g.json.gz"]).code, 0);
    let scenario = |netuid: u16| {
        format!(
            r#"schema = 1
name = "joined"
blocks = 60
chain.genesis = "g.json.gz"
[[subnet]]
netuid = {netuid}
mechanism = "compression"
task = {{ slice_bytes = 512 }}
hyperparameters = {{ tempo = 10, commit_reveal_weights_enabled = false }}
[[cast]]
role = "owner"
name = "olga"
[[cast]]
role = "validator"
name = "vera"
stake = 100
[[cast]]
role = "miner"
name = "zoe"
method = "lz4"
[[expect]]
metric = "earned"
of = "zoe"
more_than = 0
[[expect]]
metric = "neurons"
netuid = 1
equals = 3
"#
        )
    };
    fs::write(dir.path().join("joined.toml"), scenario(2)).unwrap();
    let said = say(dir.path(), &["run", "joined.toml", "--store", "led"]);
    assert_eq!(said.code, 0, "{said:?}");
    fs::remove_file(dir.path().join("g.json.gz")).unwrap();
    assert_eq!(say(dir.path(), &["replay", "led"]).code, 0, "a ledger carries its genesis");
    let missing = say(dir.path(), &["run", "joined.toml", "--dry-run"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("chain.genesis: g.json.gz: cannot be read"), "{missing:?}");
    assert_eq!(say(dir.path(), &["import", "net.json", "--out", "g.json.gz"]).code, 0);
    fs::write(dir.path().join("joined.toml"), scenario(1)).unwrap();
    let taken = say(dir.path(), &["run", "joined.toml", "--dry-run"]);
    assert!(taken.stderr.contains("subnet[0].netuid: expected 2, found 1"), "{taken:?}");
}

#[test]
fn a_network_that_is_wrong_is_refused() {
    let good = network();
    let spoiled = |from: &str, to: &str| {
        assert!(good.contains(from), "nothing to spoil: {from}");
        good.replacen(from, to, 1)
    };
    let file = "net.json";
    refused(
        file,
        &spoiled(&id(2), &id(1)),
        &format!("stakes.{}.{}: this hotkey stands twice", id(20), id(1)),
    );
    refused(file, &spoiled(&id(3), &id(1)), "this hotkey stands twice");
    refused(file, &spoiled("5000000000", "-5"), "invalid value: integer `-5`, expected u64 at line 1 column");
    refused(file, &spoiled("5000000000", "18446744073709551616"), "expected u64 at line 1 column");
    refused(file, &spoiled("5000000000", "21000000000000001"), "more than the 21 million");
    refused(
        file,
        &spoiled("5000000000", "\"5\""),
        "invalid type: string \"5\", expected u64 at line 1 column",
    );
    refused(file, &spoiled(", 2]", ", 1]"), "[1]: uid 1 is taken by ");
    refused(file, &spoiled(", 2]", ", 7]"), "stakes: nobody has uid 2");
    refused(file, &spoiled("\"balances\"", "\"balance\""), "this is no metagraph");
    let bad = id(2).replace(id(2).get(10..12).unwrap(), "zz");
    refused(file, &spoiled(&id(2), &bad), &format!("stakes.{}.{bad}: ", id(20)));
    refused(file, good.get(..good.len() / 2).unwrap(), "EOF while parsing");
    refused(file, "", "the file is empty");
    let twice = spoiled(&format!("\"{}\": 600", id(20)), &format!("\"{}\": 600", id(10)));
    refused(file, &twice, &format!("balances.{}: this account stands twice", id(10)));
}

#[test]
fn a_packed_file_that_is_cut_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let packed = fs::read(finney()).unwrap();
    fs::write(dir.path().join("cut.json.gz"), packed.get(..packed.len() / 2).unwrap()).unwrap();
    let said = say(dir.path(), &["import", "cut.json.gz"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains("cut.json.gz: the gzip file cannot be unpacked, is it cut?"), "{said:?}");
    assert!(!dir.path().join("genesis.json.gz").exists());
}

/// The neurons that all forms below describe.
fn expected() -> Vec<NeuronSnapshot> {
    let neuron = |hot, stake, root, permit, weights: &[(u16, u16)]| NeuronSnapshot {
        hotkey: account(hot),
        coldkey: account(10),
        stake: AlphaRao(stake),
        root_stake: Rao(root),
        validator_permit: permit,
        weights: weights.to_vec(),
        bonds: Vec::new(),
    };
    vec![neuron(1, 1_250_000_000_000, 40 * TAO, true, &[(1, 65_535)]), neuron(2, 500_000_001, 0, false, &[])]
}

#[test]
fn every_form_of_a_metagraph_says_the_same() {
    let (c, h1, h2) = (id(10), id(1), id(2));
    let csv = format!(
        "UID,Hotkey,Coldkey,Alpha Stake,tao_stake,validator_permit,last_update,weights\n\
         1,{h2},{c},0.500000001,0,False,5000,\n\
         0,{h1},{c},\"1,250\",40,True,5100,\"[[1, 65535]]\"\n"
    );
    let rao = format!(
        "uid,hotkey,coldkey,stake_rao,root_stake_rao,validator_permit,weights\n\
         0,{h1},{c},1250000000000,40000000000,1,\"[[1,65535]]\"\n1,{h2},{c},500000001,0,0,\n"
    );
    let rows = format!(
        r#"{{"netuid": 5, "name": "x", "owner": "{c}", "tempo": {{"block_since_last_step": 3, "tempo": 99}},
        "uids": [{{"uid": 0, "stake": 1290.0, "alpha_stake": 1250.0, "tao_stake": 40.0, "hotkey": "{h1}", "coldkey": "{c}",
                   "identity": "~", "weights": [[1, 65535]]}},
                 {{"uid": 1, "stake": 0.5, "alpha_stake": 0.500000001, "tao_stake": 0.0, "hotkey": "{h2}", "coldkey": "{c}"}}]}}"#
    );
    let columns = format!(
        r#"{{"netuid": 5, "tempo": 99, "kappa": 0.5, "owner_coldkey": "{c}", "owner_hotkey": "{h1}",
        "tao_in": 100.5, "alpha_in": {{"rao": 7000000000}}, "max_validators": 64, "hotkeys": ["{h1}", "{h2}"],
        "coldkeys": ["{c}", "{c}"], "alpha_stake": [1250.0, 0.500000001], "tao_stake": [40, 0],
        "validator_permit": [true, false], "last_update": [1, 2], "weights": [[0.0, 0.25], []]}}"#
    );
    let service = format!(
        r#"{{"data": [{{"uid": 0, "hotkey": {{"ss58": "{h1}"}}, "coldkey": {{"ss58": "{c}"}}, "validator_permit": true,
        "alpha_stake": "1250000000000", "root_stake": "40000000000", "weights": [[1, 65535]]}},
        {{"uid": 1, "hotkey": {{"ss58": "{h2}"}}, "coldkey": {{"ss58": "{c}"}}, "alpha_stake": "500000001"}}]}}"#
    );
    let read = |name: &str, text: &str| read_text(name, text).unwrap().subnets.remove(0);
    for (name, text) in
        [("a.csv", &csv), ("b.csv", &rao), ("c.json", &rows), ("d.json", &columns), ("e.json", &service)]
    {
        assert_eq!(read(name, text).neurons, expected(), "{name}");
    }
    assert_eq!(read("a.csv", &csv).netuid, NetUid(1));
    let subnet = read("c.json", &rows);
    assert_eq!((subnet.netuid, subnet.params.tempo, subnet.pool), (NetUid(5), Some(99), None));
    let subnet = read("d.json", &columns);
    assert_eq!((subnet.params.kappa, subnet.params.max_validators), (Some(32_768), Some(64)));
    let pool = subnet.pool.unwrap();
    assert_eq!((pool.tao, pool.alpha), (Rao(100_500_000_000), AlphaRao(7_000_000_000)));
    assert_eq!(subnet.owner.unwrap().hotkey, account(1));
}

#[test]
fn a_metagraph_that_is_wrong_is_refused_with_its_place() {
    let (c, h1, h2) = (id(10), id(1), id(2));
    let csv = |second: &str| format!("uid,hotkey,coldkey,stake,weights\n0,{h1},{c},5,\n{second}\n");
    let file = "meta.csv";
    refused(file, &csv(&format!("1,{h1},{c},5,")), &format!("line 3: hotkey {h1} stands twice"));
    refused(file, &csv(&format!("1,{h2},{c},-5,")), "line 3: stake: -5 tao is negative");
    refused(file, &csv(&format!("1,{h2},{c},99999999999,")), "line 3: stake: 99999999999 tao is more than");
    refused(file, &csv(&format!("1,{h2},{c},a,")), "line 3: stake: \"a\" is not an amount");
    refused(
        file,
        &csv(&format!("1,{h2},{c},5,\"[[2, 1]]\"")),
        "line 3: weights: uid 2 is unknown: there are 2 neurons",
    );
    refused(
        file,
        &csv(&format!("1,{h2},{c},5,\"[[0, 70000]]\"")),
        "line 3: weights[0][1]: expected a whole number from 0 to 65535, found 70000",
    );
    refused(file, &csv(&format!("one,{h2},{c},5,")), "line 3: uid: expected a whole number");
    refused(file, &csv(&format!("0,{h2},{c},5,")), "line 3: uid 0 stands twice");
    refused(file, &csv(&format!("2,{h2},{c},5,")), "line 3: uid 2 stands here, but uid 1 is missing");
    refused(file, &csv(&format!("1,{h2},5Bad,5,")), "line 3: coldkey: `5Bad` is no SS58 address");
    refused(file, &csv(&format!("1,{h2}")), "line 3");
    refused(file, "uid,coldkey\n", "line 1: there is no column `hotkey`; the columns are uid, coldkey");
    refused(file, "uid,hotkey,stake,stake\n", "line 1: column `stake` stands twice");
    refused(file, "uid,hotkey,coldkey\n", "there are no neurons");

    let json = |row: &str| {
        format!(
            r#"{{"netuid": 1, "uids": [{{"uid": 0, "hotkey": "{h1}", "coldkey": "{c}", "stake": 1}}, {row}]}}"#
        )
    };
    let file = "meta.json";
    let row =
        |rest: &str| json(&format!(r#"{{"uid": 1, "hotkey": "{h2}", "coldkey": "{c}", "S": 2, {rest}}}"#));
    refused(
        file,
        &json(&format!(r#"{{"uid": 1, "hotkey": "{h1}", "coldkey": "{c}", "S": 1}}"#)),
        "uids[1]: hotkey ",
    );
    refused(file, &row(r#""alpha_stake": -1"#), "uids[1].alpha_stake: -1 tao is negative");
    refused(file, &row(r#""alpha_stake": [1]"#), "uids[1].alpha_stake: expected an amount");
    refused(file, &row(r#""alpha_stake": {"rao": -1}"#), "uids[1].alpha_stake.rao: expected");
    refused(file, &row(r#""alpha_stake": 21000001"#), "more than the 21 million");
    refused(file, &row(r#""weights": [[9, 1]]"#), "uids[1]: weights: uid 9 is unknown: there are 2 neurons");
    refused(file, &row(r#""weights": [[0, 1], [0, 2]]"#), "uid 0 stands twice");
    refused(file, &row(r#""weights": [-1.0]"#), "uids[1].weights[0]: expected");
    refused(file, &row(r#""validator_permit": "maybe""#), "uids[1].validator_permit: expected");
    refused(file, &json(r#"{"uid": 1}"#), "uids[1]: there is no `hotkey`");
    refused(file, &json(r#"{"hotkey": 1}"#), "uids[1]: there is no `uid`");
    refused(
        file,
        &json(&format!(r#"{{"uid": 1, "hotkey": 7, "coldkey": "{c}"}}"#)),
        "uids[1].hotkey: expected",
    );
    refused(file, r#"{"uids": [1, 2"#, "EOF while parsing a list at line 1 column");
    let columns = format!(r#"{{"hotkeys": ["{h1}", "{h2}"], "coldkeys": ["{c}"]}}"#);
    refused(file, &columns, "coldkeys: 1 values for 2 hotkeys");
}

#[test]
fn a_genesis_that_was_tampered_with_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("net.json"), network()).unwrap();
    assert_eq!(say(dir.path(), &["import", "net.json", "--out", "g.json"]).code, 0);
    let path = dir.path().join("g.json");
    let good = fs::read_to_string(&path).unwrap();
    let spoiled = |from: &str, to: &str| {
        fs::write(&path, good.replacen(from, to, 1)).unwrap();
        genesis(&path).unwrap_err().to_string()
    };
    assert!(spoiled("\"schema\":1", "\"schema\":2").starts_with("schema: 2 is not a form"));
    assert_eq!(spoiled(&id(2), &id(1)), format!("subnets[0].neurons[1].hotkey: {} stands twice", id(1)));
    assert!(spoiled("\"stake\":", "\"steak\":").contains("unknown field `steak`"), "{good}");
    assert!(spoiled("\"netuid\":1", "\"netuid\":0").starts_with("subnets[0].netuid: 0 is root"));
}

#[test]
fn a_place_that_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("net.json"), network()).unwrap();
    let said = say(dir.path(), &["import", "net.json", "--out", "no/such/g.json"]);
    assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{said:?}");
    assert!(said.stderr.contains("--out no/such/g.json: cannot be written"), "{said:?}");
    let gz = GzEncoder::new(Vec::new(), Compression::default());
    let mut gz = gz;
    gz.write_all(network().as_bytes()).unwrap();
    fs::write(dir.path().join("net.gz"), gz.finish().unwrap()).unwrap();
    assert_eq!(read(&dir.path().join("net.gz"), Some(3)).unwrap().snapshot.subnets[0].netuid, NetUid(3));
}

/// Three epochs of a real network with 4,096 neurons.
#[test]
fn a_real_network_runs() {
    let dir = tempfile::tempdir().unwrap();
    let file = finney();
    let said = say(dir.path(), &["import", file.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stderr.contains("4,096 neurons on 1 subnet(s), 18,618 balances"), "{said:?}");
    let watched: String = ["I1", "I2", "I3", "I5", "I16", "I18", "I23", "I25"]
        .map(|invariant| format!("[[always]]\ninvariant = \"{invariant}\"\n"))
        .concat();
    let text = format!(
        "schema = 1\nname = \"finney\"\nblocks = 80\nchain.genesis = \"genesis.json.gz\"\n\
         [[event]]\nat_block = 1\nnetuid = 1\nset = {{ tempo = 20 }}\n\
         [[expect]]\nmetric = \"neurons\"\nnetuid = 1\nequals = 4096\n\
         [[expect]]\nmetric = \"epochs\"\nnetuid = 1\nat_least = 3\n{watched}"
    );
    fs::write(dir.path().join("finney.toml"), text).unwrap();
    let said = say(dir.path(), &["run", "finney.toml", "--store", "memory"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains("subnet 1: imported, 4,096 neurons, "), "{said:?}");
    assert!(!said.stdout.contains("payouts"), "nobody of a cast is paid: {said:?}");
}
