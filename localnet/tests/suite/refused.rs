//! Events that the chain refuses are named and fail the run, unless they say that they may.

use crate::binary::{Said, say};
use crate::worlds::write;
use serde_json::Value;
use std::fs;

const MARKET: &str = r#"schema = 1
name = "small"
blocks = 60

[[subnet]]
netuid = 1
mechanism = "dummy"
hyperparameters = { tempo = 10, commit_reveal_weights_enabled = false }

[[cast]]
role = "owner"
name = "olga"

[[cast]]
role = "validator"
name = "vera"
alpha_stake = 100

[[cast]]
role = "miner"
name = "dan"
count = 2

[[expect]]
metric = "balance"
of = "miner"
at_least = 0
"#;

fn run(events: &str, more: &[&str]) -> Said {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &format!("{MARKET}{events}"));
    say(dir.path(), &[&["run", "small.toml", "--store", "memory"], more].concat())
}

/// The events that a run of these refuses, as (block, who, call, error).
fn refused(events: &str) -> Vec<(u64, String, String, String)> {
    let said = run(events, &["--json"]);
    assert_eq!(said.code, 1, "{said:?}");
    let json: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(json["passed"], false);
    let all = json["refused"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    all.filter(|one| one["fails"] == true)
        .map(|one| {
            (one["block"].as_u64().unwrap(), text(&one["who"]), text(&one["call"]), text(&one["error"]))
        })
        .collect()
}

/// One event at block 20, its refusal as "who: call: error".
#[track_caller]
fn one(event: &str) -> String {
    let all = refused(&format!("\n[[event]]\nat_block = 20\n{event}\n"));
    assert_eq!(all.len(), 1, "{all:?}");
    let (block, who, call, error) = &all[0];
    assert_eq!(*block, 20);
    format!("{who}: {call}: {error}")
}

#[test]
fn every_kind_of_event_is_named_when_it_is_refused() {
    let cases = [
        (
            "set = { max_allowed_uids = 3 }",
            "root: AdminUtils.sudo_set_max_allowed_uids: AdminUtils.MaxAllowedUidsLessThanMinAllowedUids",
        ),
        (
            "stake = { who = \"vera\", amount = 9000000 }",
            "vera: SubtensorModule.add_stake: SubtensorModule.InsufficientLiquidity",
        ),
        (
            "transfer = { from = \"dan-1\", to = \"vera\", amount = 9000000 }",
            "dan-1: Balances.transfer_keep_alive: Arithmetic.Underflow",
        ),
        (
            "unstake_all = { who = \"dan-1\", with = \"vera\" }",
            "dan-1: SubtensorModule.unstake_all: no stake was taken off: dan-1 has none with vera that can be taken off now",
        ),
        ("vote = { of = \"vera\", weights = [[1, 1]] }", "vera: SubtensorModule.set_weights: "),
        (
            "call = { AdminUtils = { sudo_set_tempo = { netuid = 9, tempo = 20 } } }",
            "root: AdminUtils.sudo_set_tempo: AdminUtils.SubnetDoesNotExist",
        ),
        (
            "call = { SubtensorModule = { set_weights = { netuid = 1, dests = [0], weights = [1], version_key = 0 } } }",
            "root: SubtensorModule.set_weights: BadOrigin",
        ),
    ];
    for (event, expected) in cases {
        let found = one(event);
        assert!(found.starts_with(expected), "{event}\n  gives {found}");
    }
}

#[test]
fn calls_inside_others_count() {
    let bad = "{ AdminUtils = { sudo_set_tempo = { netuid = 9, tempo = 20 } } }";
    let good = "{ AdminUtils = { sudo_set_tempo = { netuid = 1, tempo = 10 } } }";
    let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let signed = format!("as_origin = {{ system = {{ Signed = \"{alice}\" }} }}");
    let cases = [
        (
            format!("{{ Utility = {{ batch = {{ calls = [{good}, {bad}] }} }} }}"),
            "Utility.batch(2 calls): item 1, AdminUtils.sudo_set_tempo: AdminUtils.SubnetDoesNotExist",
        ),
        (
            format!("{{ Utility = {{ force_batch = {{ calls = [{bad}, {good}] }} }} }}"),
            "Utility.force_batch(2 calls): item 0, AdminUtils.sudo_set_tempo: AdminUtils.SubnetDoesNotExist",
        ),
        (
            format!("{{ Utility = {{ batch_all = {{ calls = [{good}, {bad}] }} }} }}"),
            "Utility.batch_all(2 calls): AdminUtils.SubnetDoesNotExist",
        ),
        (
            format!("{{ Utility = {{ dispatch_as = {{ {signed}, call = {good} }} }} }}"),
            "Utility.dispatch_as(AdminUtils.sudo_set_tempo): ",
        ),
        (
            format!("{{ Utility = {{ if_else = {{ main = {bad}, fallback = {good} }} }} }}"),
            "Utility.if_else(AdminUtils.sudo_set_tempo): the main call failed, the fallback was called: AdminUtils.SubnetDoesNotExist",
        ),
        (
            format!("{{ Utility = {{ if_else = {{ main = {bad}, fallback = {bad} }} }} }}"),
            "Utility.if_else(AdminUtils.sudo_set_tempo): AdminUtils.SubnetDoesNotExist",
        ),
    ];
    for (call, expected) in cases {
        let found = one(&format!("call = {call}"));
        assert!(found.starts_with(&format!("root: {expected}")), "{call}\n  gives {found}");
    }
}

#[test]
fn an_event_for_a_participant_that_is_gone_is_refused() {
    let events = "\n[[event]]\nat_block = 10\nretire = \"dan-1\"\n\n[[event]]\nat_block = 20\ntransfer = { from = \"dan-1\", to = \"vera\", amount = 1 }\n";
    let all = refused(events);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].3, "dan-1 takes no further part in the run");
}

const BAD: &str = "\n[[event]]\nat_block = 20\nset = { max_allowed_uids = 3 }\n";
const SENTENCE: &str = "AdminUtils.sudo_set_max_allowed_uids by root at block 20: AdminUtils.MaxAllowedUidsLessThanMinAllowedUids";

#[test]
fn text_stderr_and_junit_name_it() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &format!("{MARKET}{BAD}"));
    let said = say(dir.path(), &["run", "small.toml", "--store", "ledger", "--junit", "out.xml"]);
    assert_eq!(said.code, 1, "{said:?}");
    let line = format!("  FAIL  event[0], set max_allowed_uids = 3 on subnet 1: {SENTENCE}\n");
    assert!(said.stdout.contains(&line), "{}", said.stdout);
    assert!(said.stdout.contains("\n1 failed\n"), "{}", said.stdout);
    let line = format!(
        "error: small.toml:29: event[0]: set max_allowed_uids = 3 on subnet 1: refused by the chain: {SENTENCE}\n"
    );
    assert!(said.stderr.contains(&line), "{}", said.stderr);
    let xml = fs::read_to_string(dir.path().join("out.xml")).unwrap();
    let report = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!((report.tests, report.failures), (2, 1));
    assert!(xml.contains("small.event") && xml.contains("MaxAllowedUidsLessThanMinAllowedUids"), "{xml}");
    // A run that goes on where its ledger ends has not forgotten.
    let again = say(dir.path(), &["run", "small.toml", "--store", "ledger", "--blocks", "70"]);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.stdout.contains(SENTENCE), "{}", again.stdout);
}

#[test]
fn an_event_that_may_fail_is_named_and_passes() {
    let said = run(&BAD.replace("set =", "may_fail = true\nset ="), &[]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains(SENTENCE), "{}", said.stdout);
    assert!(!said.stderr.contains("error"), "{}", said.stderr);
}

#[test]
fn a_comparison_names_it_too() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &format!("{MARKET}{BAD}"));
    let said = say(dir.path(), &["compare", "small.toml", "--rule", "price-ema,tao-flow"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(
        said.stdout.contains(&format!(
            "FAIL  tao-flow: event[0], set max_allowed_uids = 3 on subnet 1: refused by the chain: {SENTENCE}"
        )),
        "{said:?}"
    );
}

#[test]
fn a_scripted_transfer_is_not_a_fee() {
    let user =
        "\n[[cast]]\nrole = \"user\"\nname = \"uma\"\nvia = \"vera\"\nfee = 0.05\nbudget = 0.25\nevery = 5\n";
    let paid = |events: &str| {
        let said = run(&format!("{user}{events}"), &["--json"]);
        assert_eq!(said.code, 0, "{said:?}");
        let json: Value = serde_json::from_str(&said.stdout).unwrap();
        let all = json["payouts"].as_array().unwrap().clone();
        let of = |name: &str, key: &str| all.iter().find(|one| one["name"] == name).unwrap()[key].clone();
        (of("uma", "fees_paid"), of("vera", "fees_earned"), of("dan-1", "fees_earned"))
    };
    let both_ways = "\n[[event]]\nat_block = 30\ntransfer = { from = \"uma\", to = \"vera\", amount = 3 }\n\n[[event]]\nat_block = 31\ntransfer = { from = \"vera\", to = \"uma\", amount = 1 }\n\n[[event]]\nat_block = 32\ntransfer = { from = \"vera\", to = \"dan-1\", amount = 2 }\n";
    let without = paid("");
    assert_eq!(without.0, "250000000");
    assert_eq!(paid(both_ways).0, without.0);
    assert_eq!(paid(both_ways).1, without.1);
}

#[test]
fn the_set_up_is_tried_in_a_dry_run() {
    let dir = tempfile::tempdir().unwrap();
    let said = |from: &str, to: &str| {
        assert!(MARKET.contains(from));
        write(dir.path(), &MARKET.replacen(from, to, 1));
        let said = say(dir.path(), &["run", "small.toml", "--dry-run"]);
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{said:?}");
        said.stderr
    };
    assert_eq!(
        said("tempo = 10,", "tempo = 10, max_allowed_uids = 20,"),
        "error: small.toml:8: subnet[0].hyperparameters.max_allowed_uids: 20 is refused by the chain (AdminUtils.MaxAllowedUidsLessThanMinAllowedUids); allowed: 64 to 256 (uids)\n"
    );
    assert_eq!(
        said("tempo = 10,", "tempo = 10, max_burn = 1000000,"),
        "error: small.toml:8: subnet[0].hyperparameters.max_burn: 1000000 is refused by the chain (AdminUtils.ValueNotInBounds); allowed: 100000001 or more (rao)\n"
    );
    assert_eq!(
        said("name = \"olga\"", "name = \"olga\"\nbalance = 10"),
        "error: small.toml:13: cast[0].balance: `olga` cannot pay the registration of subnet 1: it needs 1000.000000500 tao and has 10.000000000 tao left, 990.000000500 tao are missing\n"
    );
    let chain = "blocks = 60\n\n[chain.parameters]\nnum_root_claim = 51\n";
    assert_eq!(
        said("blocks = 60\n", chain),
        "error: small.toml:6: chain.parameters.num_root_claim: 51 is refused by the chain (SubtensorModule.InvalidNumRootClaim); allowed: 0 to 50 (coldkeys a block)\n"
    );
    let two = said("alpha_stake = 100", "alpha_stake = 100\nstake = 5");
    assert!(two.contains("exactly one of stake, alpha_stake, stake_share is needed"), "{two}");
    let share = said("alpha_stake = 100", "stake_share = 1.5");
    assert!(share.contains("cast[1].stake_share: expected a fraction above 0, at most 1"), "{share}");
}

#[test]
fn the_report_says_what_a_stake_bought() {
    let cast = "\n[[cast]]\nrole = \"validator\"\nname = \"victor\"\ncount = 2\nstake = 300\n";
    let said = run(cast, &["--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let json: Value = serde_json::from_str(&said.stdout).unwrap();
    let stakes = json["stakes"].as_array().unwrap();
    assert_eq!(stakes[0]["alpha"], "100000000000", "what is given is exact");
    assert_eq!((&stakes[0]["spent"], &stakes[1]["spent"]), (&Value::from("0"), &Value::from("300000000000")));
    let alpha = |place: usize| stakes[place]["alpha"].as_str().unwrap().parse::<u64>().unwrap();
    let slippage = |place: usize| stakes[place]["slippage_ppm"].as_u64().unwrap();
    assert!(alpha(1) > alpha(2), "the second purchase is dearer: {stakes:?}");
    assert!(slippage(1) > 100_000 && slippage(1) > slippage(2), "{stakes:?}");
    let text = run(cast, &[]).stdout;
    assert!(text.contains("\nstake at genesis\n") && text.contains("slippage"), "{text}");
}

#[test]
fn a_report_compares_within_a_subnet_and_speaks_of_its_own_figure() {
    let second = r#"
[[subnet]]
netuid = 2
mechanism = "compression"

[[cast]]
role = "owner"
name = "otto"
netuid = 2

[[cast]]
role = "validator"
name = "viola"
netuid = 2
stake_share = 1

[[cast]]
role = "miner"
name = "zoe"
netuid = 2
method = "zstd"
"#;
    let text = run(second, &[]).stdout;
    for part in [
        "  subnet 1: miners: ",
        "  subnet 1: validators: vera earned ",
        "  subnet 2: miners: zoe earned ",
        " bytes of text per byte of answer\n",
        "right answers per question",
        "alpha of subnet 2",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    let dummy = run("", &[]).stdout;
    assert!(
        !dummy.contains("bytes of text") && dummy.contains("  quality: right answers per question\n"),
        "{dummy}"
    );
}
