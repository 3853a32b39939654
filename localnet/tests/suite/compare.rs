//! Rules of the chain in a scenario, and one scenario under several of them.

use crate::binary::{Said, say};
use crate::worlds::{SMALL, small, write};
use insta::assert_snapshot;
use serde_json::Value;
use std::path::Path;

fn compare(dir: &Path, more: &[&str]) -> Said {
    say(dir, &[&["compare", "eras"], more].concat())
}

#[test]
fn the_eras_side_by_side() {
    let dir = tempfile::tempdir().unwrap();
    let said = compare(dir.path(), &[]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_snapshot!("eras", said.stdout);
    assert!(!dir.path().join(".localnet").exists(), "nothing is kept");
}

#[test]
fn a_comparison_as_json() {
    let dir = tempfile::tempdir().unwrap();
    let args =
        ["--rule", "price-ema,tao-flow,price-ema-unburned", "--blocks", "130", "--seed", "9", "--json"];
    let said = compare(dir.path(), &args);
    assert_eq!(said.code, 0, "{said:?}");
    let json: Value = serde_json::from_str(&said.stdout).expect("one JSON object");
    assert_eq!((&json["seed"], &json["block"]), (&Value::from(9), &Value::from(130)));
    let rules = json["rules"].as_array().unwrap();
    let names: Vec<_> = rules.iter().map(|rule| rule["rule"].as_str().unwrap()).collect();
    assert_eq!(names, ["price-ema", "tao-flow", "price-ema-unburned"], "in the order asked for");
    assert_eq!(rules[0]["parts_at"], Value::Null, "the first is what the others are compared with");
    let parts_at = |place: usize| rules[place]["parts_at"].as_u64().expect("a block");
    assert!(parts_at(1) < parts_at(2), "flows count at once, what is burned after the first epoch");
    for rule in rules {
        let subnets = rule["subnets"].as_array().unwrap();
        let shares: u64 = subnets.iter().map(|subnet| subnet["share_ppm"].as_u64().unwrap()).sum();
        assert!((999_990..=1_000_000).contains(&shares), "{rule}");
        for subnet in subnets {
            for amount in ["emitted", "price", "owner", "validators", "miners"] {
                subnet[amount].as_str().unwrap().parse::<u64>().expect("an amount in rao");
            }
        }
    }
    // Alone, a rule gives what it gives beside others.
    let alone = compare(dir.path(), &["--rule", "tao-flow", "--blocks", "130", "--seed", "9", "--json"]);
    let alone: Value = serde_json::from_str(&alone.stdout).unwrap();
    assert_eq!(alone["rules"][0]["head_digest"], rules[1]["head_digest"]);
}

/// The words of a command as a shell takes them; none of ours has a space in it.
fn words(command: &str) -> Vec<String> {
    command.split(' ').map(|word| word.trim_matches('\'').to_owned()).collect()
}

#[test]
fn each_row_can_be_played_alone() {
    let dir = small();
    let text = with_rules("miners_permille = 500", "{ emission = \"tao-flow\" }");
    write(dir.path(), &text);
    let args = [
        "compare",
        "small.toml",
        "--rule",
        "price-ema,root-votes",
        "--set",
        "subnet[0].hyperparameters.rho=11",
    ];
    let said = say(dir.path(), &[&args[..], &["--json"]].concat());
    assert_eq!(said.code, 0, "{said:?}");
    let shown = say(dir.path(), &args).stdout;
    let json: Value = serde_json::from_str(&said.stdout).unwrap();
    for row in json["rules"].as_array().unwrap() {
        let command = row["command"].as_str().unwrap();
        assert!(shown.contains(command), "{command}: {shown}");
        let rule = row["rule"].as_str().unwrap();
        assert!(command.contains(&format!("--set 'event[1].rules.emission={rule}'")), "{command}");
        let words = words(command);
        let args: Vec<&str> =
            words.iter().skip(1).map(String::as_str).chain(["--json", "--store", "memory"]).collect();
        let run = say(dir.path(), &args);
        assert!(run.code < 2, "{command}: {run:?}");
        let run: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(run["head_digest"], row["head_digest"], "{command}");
        let (there, here) = (&run["subnets"][0], &row["subnets"][0]);
        assert_eq!(there["price"], here["price"]);
        let number = |value: &Value| value.as_str().unwrap().parse::<u128>().unwrap();
        for (role, column) in [("owner", "owner"), ("validator", "validators"), ("miner", "miners")] {
            let paid = run["payouts"].as_array().unwrap().iter().filter(|payout| payout["role"] == role);
            let sum: u128 = paid
                .map(|payout| {
                    number(&payout["alpha"]) * number(&there["price"]) / 1_000_000_000
                        + number(&payout["fees_earned"])
                })
                .sum();
            assert_eq!(sum, number(&here[column]), "{command}: {role}");
        }
    }
}

/// Payouts of a run of the small scenario, and its head digest.
fn payouts(dir: &Path, set: &str) -> (Value, String) {
    let said = say(dir, &["run", "small.toml", "--json", "--store", "memory", "--set", set]);
    assert!(said.code < 2, "{said:?}");
    let report: Value = serde_json::from_str(&said.stdout).unwrap();
    (report["payouts"].clone(), report["head_digest"].as_str().unwrap().to_owned())
}

/// Two runs that differ in one thing differ by what follows from it: nothing follows from a value that no rule reads.
#[test]
fn a_hyperparameter_that_is_stored_and_unused_changes_no_payout() {
    let dir = small();
    write(dir.path(), &format!("{SMALL}\n[[fault]]\nduring = [5, 60]\nloss_permille = 200\n"));
    let was = payouts(dir.path(), "subnet[0].hyperparameters.rho=10");
    let other = payouts(dir.path(), "subnet[0].hyperparameters.rho=30");
    assert_ne!(was.1, other.1, "the chains differ");
    assert_eq!(was.0, other.0, "and nobody earns more or less");
    let seeded = payouts(dir.path(), "seed=6");
    assert_ne!(was.0, seeded.0, "another seed draws other lots");
}

#[test]
fn rules_that_give_the_same_do_not_part() {
    let dir = small();
    let said = say(dir.path(), &["compare", "small.toml", "--rule", "price-ema,price-ema-unburned"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.stdout.contains("\nprice-ema-unburned does not differ from price-ema\n"),
        "one subnet takes all under any price: {said:?}"
    );
}

#[test]
fn unknown_rules_list_the_known() {
    let dir = tempfile::tempdir().unwrap();
    let said = compare(dir.path(), &["--rule", "price-ema,tao-flaw"]);
    assert_eq!(said.code, 2, "{said:?}");
    let known = "root-votes, price-ema, tao-flow, net-tao-flow, price-ema-unburned";
    let expected = format!("unknown emission rule `tao-flaw`; did you mean `tao-flow`? allowed: {known}");
    assert!(said.stderr.contains(&expected), "{said:?}");
    let said = compare(dir.path(), &["--rule", "price-ema,price-ema"]);
    assert_eq!((said.code, said.stderr.as_str()), (2, "error: --rule price-ema: named twice\n"));
}

fn with_rules(rules: &str, event: &str) -> String {
    format!("{SMALL}\n[chain.rules]\n{rules}\n\n[[event]]\nat_block = 30\nrules = {event}\n")
}

#[test]
fn rules_that_are_wrong_are_named_with_their_line() {
    let dir = small();
    let text = with_rules(
        "emission = \"price\"\npool = \"uniswap\"\nminers_permille = 1001",
        "{ emission = \"net-flow\", owner_permille = 2000 }",
    );
    write(dir.path(), &text);
    let said = say(dir.path(), &["run", "small.toml", "--dry-run"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert_snapshot!("wrong_rules", said.stderr);
    write(dir.path(), &with_rules("halving = \"often\"", "{ }"));
    let said = say(dir.path(), &["run", "small.toml", "--dry-run"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains("true, false, or a list of amounts"), "{said:?}");
}

/// What miners get changes at block 30; a run that is cut there goes on as if it had not been, and can be replayed.
#[test]
fn rules_that_change_at_a_block_are_kept_with_the_chain() {
    let dir = small();
    let quick = ["run", "small.toml", "--store", "memory"];
    let before = say(dir.path(), &quick).stdout;
    let rules = "halving = [0, 2000000]\nminers_permille = 400";
    write(dir.path(), &with_rules(rules, "{ miners_permille = 900, emission = \"tao-flow\" }"));
    let whole = say(dir.path(), &quick);
    assert!(whole.code < 2 && whole.stdout != before, "{whole:?}");
    let stored = ["run", "small.toml", "--store", "led"];
    let first = say(dir.path(), &[&stored[..], &["--blocks", "41"]].concat());
    assert!(first.code < 2, "{first:?}");
    assert_eq!(say(dir.path(), &stored).stdout, whole.stdout);
    let replayed = say(dir.path(), &["replay", "led"]);
    assert_eq!(replayed.code, 0, "{replayed:?}");
    let other = with_rules(rules, "{ miners_permille = 800, emission = \"tao-flow\" }");
    write(dir.path(), &other);
    let refused = say(dir.path(), &stored);
    assert_eq!(refused.code, 2, "another rule is another scenario: {refused:?}");
}
