//! `run` and what it prints.

use crate::binary::{localnet, say};
use crate::worlds::{SMALL, small, write};
use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

const QUICK: [&str; 4] = ["run", "small.toml", "--store", "memory"];

#[test]
fn a_run_that_passes() {
    let dir = small();
    let said = say(dir.path(), &QUICK);
    assert_eq!(said.code, 0, "{said:?}");
    for part in
        ["seed 5, 60 blocks", "vtrust", "pool: ", "miners: zoe earned most", "pass  answers_ok of liam = 0"]
    {
        assert!(said.stdout.contains(part), "no `{part}` in\n{}", said.stdout);
    }
    assert!(!said.stdout.contains("FAIL"), "{}", said.stdout);
    let last = said.stdout.lines().last().unwrap();
    assert_eq!(last, "replay with: localnet run small.toml --seed 5");
    assert!(!dir.path().join(".localnet").exists(), "memory keeps nothing");
}

#[test]
fn stdout_is_the_same_whatever_plays_it() {
    let dir = small();
    let first = say(dir.path(), &QUICK);
    assert_eq!(first.code, 0, "{first:?}");
    assert_eq!(say(dir.path(), &QUICK).stdout, first.stdout);
    for threads in ["0", "1", "4"] {
        let again = say(dir.path(), &[&QUICK[..], &["--threads", threads]].concat());
        assert_eq!(again.stdout, first.stdout, "with {threads} threads");
    }
    for durability in ["buffered", "durable"] {
        let kept = say(dir.path(), &["run", "small.toml", "--durability", durability]);
        assert_eq!(kept.stdout, first.stdout, "kept {durability}");
    }
}

#[test]
fn another_seed_is_another_run() {
    let dir = small();
    let one = say(dir.path(), &QUICK);
    let two = say(dir.path(), &[&QUICK[..], &["--seed", "6"]].concat());
    assert_eq!(two.code, 0, "{two:?}");
    assert_ne!(head(&one.stdout), head(&two.stdout));
    let by_env = localnet(dir.path()).args(QUICK).env("LOCALNET_SEED", "6").output().unwrap();
    assert_eq!(String::from_utf8(by_env.stdout).unwrap(), two.stdout, "the environment says the same");
}

#[test]
fn titles_and_expectations_change_no_run() {
    let dir = small();
    let one = say(dir.path(), &QUICK);
    let text = SMALL.replace("A market in a moment", "Another title").replace("at_least = 6", "at_least = 2");
    write(dir.path(), &text);
    let two = say(dir.path(), &QUICK);
    assert_eq!(head(&one.stdout), head(&two.stdout));
}

#[test]
fn a_failing_expectation_is_exit_1_and_prints_its_replay_line() {
    let dir = small();
    let set = "expect[1].of=vera";
    let said = say(dir.path(), &[&QUICK[..], &["--set", set, "--blocks", "61"]].concat());
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.contains("FAIL  earned of vera < least of miner:honest: vera "), "{}", said.stdout);
    let replay = "replay with: localnet run small.toml --seed 5 --blocks 61 --set 'expect[1].of=vera'\n";
    assert!(said.stdout.ends_with(&format!("1 failed\n{replay}")), "{}", said.stdout);
}

#[test]
fn an_expectation_beyond_the_end_is_refused() {
    let dir = small();
    let said = say(dir.path(), &[&QUICK[..], &["--blocks", "10"]].concat());
    assert_eq!(said.code, 2, "{said:?}");
    assert_eq!(said.stderr, "error: small.toml:77: expect[2].at_block: expected 1 to 10 blocks, found 20\n");
}

#[test]
fn a_crash_ends_the_run_with_its_place() {
    let dir = small();
    write(dir.path(), &format!("{SMALL}\n[[event]]\nat_block = 7\ncrash = \"zoe\"\n"));
    let said = say(dir.path(), &QUICK);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.stderr.contains("zoe panicked at block 7, phase observe"), "{said:?}");
    let retire = say(dir.path(), &[&QUICK[..], &["--set", "chain.on_crash=retire"]].concat());
    assert!(retire.code < 2, "the scenario may go on without it: {retire:?}");
}

#[test]
fn json_is_one_object_with_amounts_as_text() {
    let dir = small();
    let said = say(dir.path(), &[&QUICK[..], &["--json"]].concat());
    assert_eq!(said.code, 0, "{said:?}");
    let json: Value = serde_json::from_str(&said.stdout).expect("one JSON object");
    assert_eq!(json["seed"], 5);
    assert_eq!(json["passed"], true);
    assert_eq!(json["expectations"].as_array().unwrap().len(), 4);
    let amount = |value: &Value| value.as_str().unwrap().parse::<u64>().expect("an amount in rao");
    let subnet = &json["subnets"][0];
    assert!(amount(&subnet["pool_tao"]) > 0);
    assert!(amount(&subnet["price"]) > 0);
    let staked: u64 =
        subnet["neurons"].as_array().unwrap().iter().map(|neuron| amount(&neuron["stake"])).sum();
    assert!(staked > 0);
    for payout in json["payouts"].as_array().unwrap() {
        let _ = (amount(&payout["alpha"]), amount(&payout["fees_earned"]), amount(&payout["fees_paid"]));
    }
    no_floats(&json);
}

fn no_floats(value: &Value) {
    match value {
        Value::Number(number) => assert!(!number.is_f64(), "{number} is a float"),
        Value::Array(values) => values.iter().for_each(no_floats),
        Value::Object(values) => values.values().for_each(no_floats),
        _ => {}
    }
}

#[test]
fn junit_has_properties_and_the_replay_line() {
    let dir = small();
    let args = ["--set", "expect[1].of=vera", "--junit", "verdicts.xml"];
    let said = say(dir.path(), &[&QUICK[..], &args].concat());
    assert_eq!(said.code, 1, "{said:?}");
    let xml = fs::read_to_string(dir.path().join("verdicts.xml")).unwrap();
    let report = quick_junit::Report::deserialize_from_str(&xml).expect("well-formed JUnit");
    let suite = &report.test_suites[0];
    let names: Vec<_> = suite.properties.iter().map(|property| property.name.as_str()).collect();
    assert_eq!(names, ["seed", "version", "scenario_digest", "head_digest"]);
    assert_eq!(suite.properties[0].value.as_str(), "5");
    assert_eq!(suite.properties[3].value.as_str(), head(&said.stdout));
    assert_eq!((report.tests, report.failures), (6, 1));
    assert!(xml.contains("localnet run small.toml --seed 5"), "{xml}");
}

#[test]
fn junit_that_cannot_be_written() {
    let dir = small();
    let said = say(dir.path(), &[&QUICK[..], &["--junit", "no/such/dir.xml"]].concat());
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains("--junit no/such/dir.xml: cannot be written"), "{said:?}");
}

#[test]
fn the_log_names_block_phase_and_actor() {
    let dir = small();
    let said = say(dir.path(), &[&QUICK[..], &["--blocks", "20", "--log", "actors=debug"]].concat());
    let line = said.stderr.lines().find(|line| line.contains("turn{"));
    let line = line.unwrap_or_else(|| panic!("no turn in {}", said.stderr));
    for field in ["block=", "phase=", "actor="] {
        assert!(line.contains(field), "{line}");
    }
    let with = |name: &str, value: &str| {
        let output = localnet(dir.path()).args(QUICK).env(name, value).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(with("LOCALNET_LOG", "info").contains("sealed"));
    assert_eq!(with("LOCALNET_LOG", "error"), "");
    assert_eq!(with("RUST_LOG", "error"), "", "stands in for LOCALNET_LOG");
    let bad = say(dir.path(), &[&QUICK[..], &["--log", "actors=loud"]].concat());
    assert_eq!(bad.code, 2, "{bad:?}");
    assert!(bad.stderr.contains("--log: `actors=loud` is not a log filter"), "{bad:?}");
}

#[test]
fn own_texts_change_the_digest_and_are_used() {
    let dir = small();
    fs::create_dir(dir.path().join("texts")).unwrap();
    fs::write(dir.path().join("texts/a"), "the same line again and again\n".repeat(100)).unwrap();
    let own = say(dir.path(), &[&QUICK[..], &["--corpus", "texts", "--json"]].concat());
    let builtin = say(dir.path(), &[&QUICK[..], &["--json"]].concat());
    assert!(own.code < 2, "whatever it decides, it decides: {own:?}");
    let json = |said: &str| serde_json::from_str::<Value>(said).unwrap();
    let (own, builtin) = (json(&own.stdout), json(&builtin.stdout));
    assert_ne!(own["scenario_digest"], builtin["scenario_digest"]);
    let ratio = |json: &Value| {
        let payouts = json["payouts"].as_array().unwrap().clone();
        payouts.iter().find(|payout| payout["name"] == "zoe").unwrap()["quality_milli"].as_u64().unwrap()
    };
    assert!(ratio(&own) > 3 * ratio(&builtin), "repeated lines compress far better");

    fs::create_dir(dir.path().join("packed")).unwrap();
    let file = fs::File::create(dir.path().join("packed/a.gz")).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::default());
    gzip.write_all("the same line again and again\n".repeat(100).as_bytes()).unwrap();
    gzip.finish().unwrap();
    let packed = json(&say(dir.path(), &[&QUICK[..], &["--corpus", "packed", "--json"]].concat()).stdout);
    assert_eq!(ratio(&packed), ratio(&own), "a packed file stands for its text");
}

/// The head digest of a report.
pub(crate) fn head(stdout: &str) -> &str {
    let line = stdout.lines().find_map(|line| line.strip_prefix("head digest "));
    line.unwrap_or_else(|| panic!("no head digest in {stdout}"))
}

#[test]
fn verify_compares_the_drivers() {
    let dir = small();
    let said = say(dir.path(), &["verify", "small.toml"]);
    assert_eq!(said.code, 0, "{said:?}");
    let run = say(dir.path(), &QUICK);
    assert_eq!(head(&run.stdout), said.stdout.lines().nth(1).unwrap().rsplit(' ').next().unwrap());
    assert_eq!(said.stdout.matches("equal in every block, phase and participant").count(), 3, "{said:?}");
}

#[test]
fn plain_localnet_plays_hello_market() {
    let dir = tempfile::tempdir().unwrap();
    let said = say(dir.path(), &[]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(dir.path().join(".localnet/runs/hello-market-42-1/FORMAT").exists());
    insta::assert_snapshot!("hello_market", said.stdout);
}

#[test]
fn every_builtin_passes() {
    let dir = tempfile::tempdir().unwrap();
    let list = say(dir.path(), &["list"]).stdout;
    let names: Vec<_> = list.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert!(names.len() >= 3, "{list}");
    for name in names {
        let shown = say(dir.path(), &["show", name]);
        assert_eq!(shown.code, 0, "{shown:?}");
        write(dir.path(), &shown.stdout);
        if name != "hello-market" {
            let said = say(dir.path(), &["run", name, "--store", "memory"]);
            assert_eq!(said.code, 0, "{name}: {}", said.stdout);
        }
        let check = say(dir.path(), &["run", "small.toml", "--dry-run"]);
        let builtin = say(dir.path(), &["run", name, "--dry-run"]);
        assert_eq!(check.stdout, builtin.stdout, "what is shown is what is run");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let dir = tempfile::tempdir().unwrap();
    let mut child =
        localnet(dir.path()).arg("schema").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn small_commands() {
    let dir = tempfile::tempdir().unwrap();
    let version = say(dir.path(), &["--version"]);
    assert_eq!(
        (version.code, version.stdout.as_str()),
        (0, concat!("localnet ", env!("CARGO_PKG_VERSION"), "\n"))
    );
    let bash = say(dir.path(), &["completions", "bash"]);
    assert!(bash.code == 0 && bash.stdout.contains("_localnet"), "{bash:?}");
    assert_eq!(say(dir.path(), &["rum"]).code, 2, "usage");
    assert_eq!(say(dir.path(), &["run", "--threads", "many"]).code, 2, "usage");
    let schema: Value = serde_json::from_str(&say(dir.path(), &["schema"]).stdout).expect("a JSON schema");
    let metrics = schema["$defs"]["Expect"]["properties"]["metric"]["oneOf"].as_array().unwrap();
    assert!(metrics.iter().any(|metric| metric["const"] == "earned"), "{metrics:?}");
    let tempo = &schema["$defs"]["SubnetEntry"]["properties"]["hyperparameters"]["properties"]["tempo"];
    assert_eq!(tempo["maximum"], 65_535);
}

#[test]
fn conformance_of_nothing_is_red() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("cut.jsonl.gz"), [0x1f, 0x8b, 8, 0, 1]).unwrap();
    for kind in ["epoch", "chain"] {
        for file in ["missing.jsonl", "cut.jsonl.gz"] {
            let said = say(dir.path(), &["conformance", kind, file]);
            assert_eq!(said.code, 2, "{said:?}");
            assert_eq!(said.stdout.lines().last(), Some("0 passed, 1 failed"), "{said:?}");
            assert!(said.stdout.contains(file), "{said:?}");
        }
        assert_eq!(say(dir.path(), &["conformance", kind]).code, 2, "no file is usage");
    }
}

#[test]
fn a_run_that_is_checked_keeps_every_invariant() {
    let dir = small();
    let said = say(dir.path(), &["run", "small.toml", "--store", "memory", "--check"]);
    assert_eq!(said.code, 0, "{said:?}");
    let broken = localnet::exit::Failure::Broken("I6 does not hold".to_owned());
    assert_eq!((broken.exit().code(), broken.to_string()), (1, "I6 does not hold".to_owned()));
}

#[test]
fn a_list_of_calls_is_played_from_its_genesis() {
    let dir = small();
    let root = r#"{"by":"root","call":{"AdminUtils":{"sudo_set_network_rate_limit":{"rate_limit":0}}}}"#;
    let script = format!("{}\n[{root}]\n[]\n", r#"{"balances":[["100",5000]],"author":null}"#);
    std::fs::write(dir.path().join("good.jsonl"), &script).unwrap();
    let said = say(dir.path(), &["conformance", "calls", "good.jsonl"]);
    assert_eq!(
        (said.code, said.stdout.as_str()),
        (0, "good.jsonl: every invariant held at each of 2 blocks\n1 passed, 0 failed\n")
    );
    std::fs::write(dir.path().join("bad.jsonl"), script.replace("rate_limit\":0", "rate_limit\":x")).unwrap();
    let said = say(dir.path(), &["conformance", "calls", "bad.jsonl"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stdout.starts_with("bad.jsonl: line 2: expected value"), "{said:?}");
}
