//! Real clients as processes beside our cast: miner and validator on SDK 10.x, signed requests of SDK 11.x. Slow, so
//! ignored unless asked for (`-- --include-ignored`), and installed as `clients.rs` says.

use super::process::{Process, up};
use crate::binary::{localnet, say};
use crate::clients::{PYTHON_10, PYTHON_11, finish, script};
use serde_json::{Value as Json, json};
use std::path::Path;

/// The hotkey of a participant, as the banner has it.
fn hotkey(dir: &Path, scenario: &str, name: &str) -> String {
    let mut command = localnet(dir);
    command.args(["up", scenario, "--store", "memory", "--port", "0", "--no-gateway", "--manual"]);
    let mut node = Process::start(command);
    let start = format!("  {name} ");
    let hotkey = node.wait(|line| line.strip_prefix(&start)?.split_whitespace().last().map(str::to_owned));
    node.end("-INT");
    hotkey
}

fn json_of(line: &str, key: &str) -> Option<Json> {
    serde_json::from_str::<Json>(line).ok().filter(|line| line.get(key).is_some())
}

/// A real miner and a real validator beside our cast for three epochs: the miner is paid, both for what our validators and
/// for what the real one found; and what happened replays without any of them.
#[test]
#[ignore = "slow: installs the pinned client"]
fn a_real_miner_and_a_real_validator_beside_our_cast_for_three_epochs() {
    let dir = tempfile::tempdir().unwrap();
    let (zoe, liam) = (hotkey(dir.path(), "hello-market", "zoe"), hotkey(dir.path(), "hello-market", "liam"));
    let (node, url, _) = up(dir.path(), "hello-market", "led", &[]);
    let python = |name: &str, args: &[&str]| {
        let mut command = script(&PYTHON_10, name);
        command.arg(&url).args(args).env("HOME", dir.path()).current_dir(dir.path());
        Process::start(command)
    };
    let mut miner = python("miner.py", &["--key", "//Bob", "--port", "18092"]);
    let joined = miner.wait(|line| json_of(line, "axon"));
    let hotkey = joined["hotkey"].as_str().unwrap();
    let mut validator = python("validator.py", &["--key", "//Charlie", "--epochs", "3"]);

    // The real dendrite is answered through the door, by each miner in its own way, and by the real miner.
    let round = validator.wait(|line| {
        json_of(line, "codes").filter(|line| line["codes"][hotkey] == 200 && line["codes"][&zoe] == 200)
    });
    assert!(round["saved"][hotkey].as_f64().unwrap() > 0.5, "{round}");
    assert_eq!(round["codes"][&liam], 200, "{round}");
    let end = validator.wait(|line| json_of(line, "neurons"));
    assert_eq!(end["epochs"], 3);
    let of = |who: &str, what: &str| end["neurons"][who][what].as_f64().unwrap();
    assert!(of(hotkey, "incentive") > 0.0 && of(hotkey, "emission") > 0.0, "{end:#}");
    assert!(of(hotkey, "alpha") > 0.0, "it was paid: {end:#}");
    assert!(of(&zoe, "incentive") > 0.0 && of(&liam, "incentive") == 0.0, "{end:#}");
    let own = end["hotkey"].as_str().unwrap();
    assert!(of(own, "validator_trust") > 0.5 && of(own, "dividends") > 0.0, "{end:#}");
    drop(validator);
    miner.end("-TERM");
    let said = node.end("-INT");
    assert!(said.contains("closed at block") && !said.contains("panicked"), "{said}");

    // Played again from genesis with nothing but seed and tape, block by block.
    let again = say(dir.path(), &["replay", "led"]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    assert!(again.stdout.contains("blocks played again, all equal"), "{}", again.stdout);
    assert!(again.stdout.contains("head digest "), "{}", again.stdout);
}

#[test]
#[ignore = "slow: installs the pinned client"]
fn sdk_11_signs_requests_that_our_miners_take() {
    let dir = tempfile::tempdir().unwrap();
    let dan = hotkey(dir.path(), "dummy", "dan");
    let (mut node, _, door) = up(dir.path(), "dummy", "memory", &[]);
    // The cast has to be there first.
    let mut command = script(&PYTHON_11, "signed.py");
    command.args([&door, &dan]).env("HOME", dir.path()).current_dir(dir.path());
    let said = finish(&mut command);
    let line = |key: &str| said.lines().find_map(|line| json_of(line, key)).unwrap()[key].clone();
    assert_eq!(line("good"), json!([200, { "dummy_input": 21, "dummy_output": 42 }]));
    let mismatch = "signature does not verify against the claimed hotkey";
    assert_eq!(line("changed"), json!([401, { "message": mismatch }]));
    assert_eq!(
        line("stranger"),
        json!([403, { "message": "request was signed for a different receiving hotkey" }])
    );
    assert!(node.child.try_wait().unwrap().is_none());
    node.end("-INT");
}

/// Whatever is wrong with a request: code and text are those of the real axon, asked at the same time.
#[test]
#[ignore = "slow: installs the pinned client"]
fn our_miners_refuse_what_the_real_axon_refuses_and_in_its_words() {
    let dir = tempfile::tempdir().unwrap();
    let dan = hotkey(dir.path(), "dummy", "dan");
    let (node, _, door) = up(dir.path(), "dummy", "memory", &[]);
    let mut command = script(&PYTHON_10, "axon_probe.py");
    command.args([&door, &dan]).env("HOME", dir.path()).current_dir(dir.path());
    let said = finish(&mut command);
    let rows: Vec<_> = said.lines().filter_map(|line| json_of(line, "label")).collect();
    let other: Vec<_> = rows.iter().filter(|row| row["real"] != row["ours"]).collect();
    assert!(other.is_empty(), "{other:#?}");
    let codes = |code: u16| rows.iter().filter(|row| row["real"][0] == code).count();
    println!(
        "{} requests: {} answered, {} refused as the real axon does",
        rows.len(),
        codes(200),
        rows.len() - codes(200)
    );
    for code in [200, 401, 404, 405, 422, 500] {
        assert!(codes(code) > 0, "no request was {code}");
    }
    assert!(rows.len() >= 45, "{} requests", rows.len());
    node.end("-INT");
}
