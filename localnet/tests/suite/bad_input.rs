//! Every way a scenario can be wrong is refused with file, line, key, value and what is allowed.

use crate::binary::say;
use actors::plan::Value;
use insta::assert_snapshot;
use localnet::scenario::overrides::Override;
use localnet::scenario::{Request, builtin, load};
use std::collections::BTreeSet;
use std::fs;

/// A scenario that is right; tests spoil one thing each.
const GOOD: &str = r#"schema = 1
name = "small"
blocks = 10

[[subnet]]
netuid = 1
mechanism = "compression"

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
method = "zstd"

[[expect]]
metric = "earned"
of = "zoe"
more_than = 0
"#;

/// What the program says to a scenario, with the exit code.
#[track_caller]
fn refusal(text: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), text).unwrap();
    let said = say(dir.path(), &["run", "small.toml", "--dry-run"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert_eq!(said.stdout, "", "a refusal is no result");
    said.stderr
}

#[track_caller]
fn spoiled(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "nothing to spoil: {from}");
    refusal(&GOOD.replacen(from, to, 1))
}

#[test]
fn the_unspoiled_one_is_accepted() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), GOOD).unwrap();
    let said = say(dir.path(), &["run", "small.toml", "--dry-run"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.starts_with("small can be played: 10 blocks, 3 in the cast"), "{said:?}");
}

#[test]
fn misspelt_key() {
    assert_snapshot!(spoiled("stake = 100", "steak = 100"), @"error: small.toml:16: cast[1].steak: unknown key `steak`; allowed: role, name, count, netuid, tactic, balance, stake, alpha_stake, stake_share, root_stake, fee_permille, method, level, via, fee, budget, every");
}
#[test]
fn unknown_key() {
    assert_snapshot!(spoiled("blocks = 10", "blocks = 10\nweather = 1"), @"error: small.toml:4: weather: unknown key `weather`; allowed: schema, name, title, description, seed, blocks, chain, subnet, cast, event, fault, expect, always");
}
#[test]
fn missing_key() {
    assert_snapshot!(spoiled("name = \"vera\"\n", ""), @"error: small.toml:13: cast[1]: the key `name` is missing");
}
#[test]
fn wrong_type() {
    assert_snapshot!(spoiled("blocks = 10", "blocks = \"ten\""), @r#"error: small.toml:3: blocks: expected a whole number, zero or more, found "ten""#);
}
#[test]
fn negative_blocks() {
    assert_snapshot!(spoiled("blocks = 10", "blocks = -10"), @"error: small.toml:3: blocks: expected a whole number, zero or more, found -10");
}
#[test]
fn no_toml() {
    assert_snapshot!(spoiled("blocks = 10", "blocks = = 10"), @"error: small.toml:3: extra `=`, expected nothing");
}
#[test]
fn negative_stake() {
    assert_snapshot!(spoiled("stake = 100", "stake = -5"), @r#"error: small.toml:16: cast[1].stake: -5 tao is negative; an amount is a number of TAO, zero or more, with at most nine decimals (1000, 0.25), or text with its unit ("250000 rao")"#);
}
#[test]
fn stake_below_the_minimum() {
    assert_snapshot!(spoiled("stake = 100", "stake = 0.001"), @"error: small.toml:16: cast[1].stake: 0.001 tao is below the minimum of 0.002 tao");
}
#[test]
fn stake_finer_than_a_rao() {
    assert_snapshot!(spoiled("stake = 100", "stake = 0.12345678912"), @r#"error: small.toml:16: cast[1].stake: 0.12345678912 tao has more than nine decimals; an amount is a number of TAO, zero or more, with at most nine decimals (1000, 0.25), or text with its unit ("250000 rao")"#);
}
#[test]
fn two_subnets_of_one_netuid() {
    let again = "[[subnet]]\nnetuid = 1\nmechanism = \"compression\"\n";
    assert_snapshot!(spoiled(again, &format!("{again}\n{again}")), @"error: small.toml:10: subnet[1].netuid: expected 2, found 1, which is taken by another subnet");
}
#[test]
fn no_validator() {
    assert_snapshot!(spoiled(
        "role = \"validator\"\nname = \"vera\"\nstake = 100",
        "role = \"user\"\nname = \"uma\""
    ), @r#"error: small.toml:5: subnet[0]: subnet 1 has no validator; it needs at least one [[cast]] with role = "validator""#);
}
#[test]
fn no_subnet() {
    assert_snapshot!(spoiled("[[subnet]]\nnetuid = 1\nmechanism = \"compression\"\n", ""), @"error: small.toml: subnet: there is no subnet; a scenario needs at least one [[subnet]]");
}
#[test]
fn unknown_mechanism() {
    assert_snapshot!(spoiled("\"compression\"", "\"compresion\""), @"error: small.toml:7: subnet[0].mechanism: unknown mechanism `compresion`; did you mean `compression`? allowed: compression, dummy");
}
#[test]
fn unknown_metric() {
    assert_snapshot!(spoiled("metric = \"earned\"", "metric = \"earnt\""), @"error: small.toml:24: expect[0].metric: unknown metric `earnt`; did you mean `earned`? allowed: earned, alpha_earned, fees_earned, fees_paid, return, balance, answers, answers_ok, ratio, stake, incentive, dividends, consensus, vtrust, emission, updated, price, pool_tao, pool_alpha, alpha_out, neurons, epochs");
}
#[test]
fn unknown_role() {
    assert_snapshot!(spoiled("role = \"miner\"", "role = \"minor\""), @"error: small.toml:19: cast[2].role: unknown value `minor`; did you mean `miner`? allowed: owner, miner, validator, user");
}
#[test]
fn unknown_tactic() {
    assert_snapshot!(spoiled("method = \"zstd\"", "tactic = \"layzy\""), @"error: small.toml:21: cast[2].tactic: unknown tactic `layzy`; did you mean `lazy`? allowed: honest, lazy, liar, copycat, silent");
}
#[test]
fn unknown_method_and_level_out_of_range() {
    assert_snapshot!(spoiled("method = \"zstd\"", "method = \"zsdt\""), @"error: small.toml:21: cast[2].method: unknown method `zsdt`; did you mean `zstd`? allowed: stored, lz4, deflate, bzip2, brotli, zstd");
    assert_snapshot!(spoiled("method = \"zstd\"", "method = \"zstd\"\nlevel = 99"), @"error: small.toml:22: cast[2].level: expected 1 to 19 with zstd, found 99");
}
#[test]
fn key_of_another_role() {
    assert_snapshot!(spoiled("method = \"zstd\"", "method = \"zstd\"\nstake = 5"), @"error: small.toml:22: cast[2].stake: a miner has no stake; allowed for: validator");
}
#[test]
fn selector_that_means_nobody() {
    assert_snapshot!(spoiled("of = \"zoe\"", "of = \"zeo\""), @"error: small.toml:25: expect[0].of: no cast member is called `zeo`; did you mean `zoe`? The cast: olga, vera, zoe");
}
#[test]
fn two_comparisons() {
    assert_snapshot!(spoiled("more_than = 0", "more_than = 0\nat_most = 3"), @"error: small.toml:23: expect[0]: exactly one of less_than, at_most, equals, at_least, more_than, is_max_among, is_min_among is needed, here is at_most and more_than");
}
#[test]
fn two_of_one_name() {
    assert_snapshot!(spoiled("name = \"zoe\"", "name = \"vera\""), @r#"error: small.toml:20: cast[2].name: "vera" is taken by another participant"#);
}
#[test]
fn unknown_hyperparameter_and_value_out_of_range() {
    let with = |line: &str| format!("mechanism = \"compression\"\n[subnet.hyperparameters]\n{line}\n");
    assert_snapshot!(spoiled("mechanism = \"compression\"\n", &with("tempos = 20")), @"error: small.toml:9: subnet[0].hyperparameters.tempos: unknown parameter `tempos`; did you mean `tempo`? allowed: tempo, kappa, rho, immunity_period, min_allowed_weights, max_allowed_uids, max_allowed_validators, activity_cutoff, weights_set_rate_limit, weights_version_key, commit_reveal_weights_enabled, reveal_period_epochs, bonds_moving_average, bonds_penalty, yuma3_on, liquid_alpha_on, bonds_reset_on, serving_rate_limit, min_burn, max_burn, burn_half_life, registration_allowed, emission_enabled, owner_cut_enabled, ema_price_halving_blocks, fee_rate");
    assert_snapshot!(spoiled("mechanism = \"compression\"\n", &with("tempo = 70000")), @"error: small.toml:9: subnet[0].hyperparameters.tempo: `tempo` is 70000, allowed are 1 to 65535");
    assert_snapshot!(spoiled("mechanism = \"compression\"\n", &with("tempo = true")), @"error: small.toml:9: subnet[0].hyperparameters.tempo: `tempo` takes a whole number");
}
#[test]
fn unknown_invariant() {
    assert_snapshot!(spoiled("more_than = 0\n", "more_than = 0\n[[always]]\ninvariant = \"I99\"\n"), @"error: small.toml:28: always[0].invariant: unknown invariant `I99`; did you mean `I9`? allowed: I1, I2, I3, I4, I5, I6, I7, I8, I9, I10, I11, I12, I13, I14, I15, I16, I17, I18, I19, I20, I21, I22, I23, I24, I25, I26");
}
#[test]
fn event_of_no_kind() {
    assert_snapshot!(spoiled("more_than = 0\n", "more_than = 0\n[[event]]\nat_block = 3\n"), @"error: small.toml:27: event[0]: exactly one of set, tactic, transfer, stake, unstake_all, vote, rules, call, crash, retire is needed, here is none");
}
#[test]
fn fault_that_ends_before_it_begins() {
    assert_snapshot!(spoiled(
        "more_than = 0\n",
        "more_than = 0\n[[fault]]\nduring = [9, 3]\noffline = \"zoe\"\n"
    ), @"error: small.toml:28: fault[0].during: expected first and last block, from 1, in order, found [9, 3]");
}
#[test]
fn several_mistakes_are_named_at_once() {
    let text =
        GOOD.replace("\"zstd\"", "\"zsdt\"").replace("earned", "earnt").replace("stake = 100", "stake = 0");
    assert_snapshot!(refusal(&text), @r#"
error: small.toml:16: cast[1].stake: 0 tao is below the minimum of 0.002 tao
small.toml:21: cast[2].method: unknown method `zsdt`; did you mean `zstd`? allowed: stored, lz4, deflate, bzip2, brotli, zstd
small.toml:24: expect[0].metric: unknown metric `earnt`; did you mean `earned`? allowed: earned, alpha_earned, fees_earned, fees_paid, return, balance, answers, answers_ok, ratio, stake, incentive, dividends, consensus, vtrust, emission, updated, price, pool_tao, pool_alpha, alpha_out, neurons, epochs
"#);
}

#[test]
fn unknown_scenario() {
    let dir = tempfile::tempdir().unwrap();
    let said = say(dir.path(), &["run", "hello-markt"]);
    assert_eq!(said.code, 2);
    assert_snapshot!(said.stderr, @"error: `hello-markt` is neither a built-in scenario (did you mean `hello-market`?) nor a readable file (No such file or directory (os error 2))");
}

/// `--set` names itself, not a line of a file that is right.
#[test]
fn bad_overrides() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), GOOD).unwrap();
    let refused = |set: &str| {
        let said = say(dir.path(), &["run", "small.toml", "--dry-run", "--set", set]);
        assert_eq!(said.code, 2, "{said:?}");
        said.stderr
    };
    assert_snapshot!(refused("cast.vera.stake=-3"), @r#"error: --set cast.vera.stake=-3: -3 tao is negative; an amount is a number of TAO, zero or more, with at most nine decimals (1000, 0.25), or text with its unit ("250000 rao")"#);
    assert_snapshot!(refused("cast.vero.stake=3"), @"error: --set cast.vero.stake=3: no entry of cast is named `vero`");
    assert_snapshot!(refused("cast[9].stake=3"), @"error: --set cast[9].stake=3: there is no cast[9]: it has 3 entries, counted from 0");
    assert_snapshot!(refused("chain.blok_time_ms=3"), @"error: --set chain.blok_time_ms=3: unknown key `blok_time_ms`; did you mean `block_time_ms`? allowed: genesis, preset, block_time_ms, start_ms, on_crash, beacon, parameters, rules");
    assert_snapshot!(refused("subnet[0].mechanism=telepathy"), @"error: --set subnet[0].mechanism=telepathy: unknown mechanism `telepathy`; allowed: compression, dummy");
}

#[test]
fn bad_corpus() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("empty")).unwrap();
    fs::write(dir.path().join("file"), "text").unwrap();
    fs::create_dir(dir.path().join("cut")).unwrap();
    fs::write(dir.path().join("cut/page.gz"), [0x1f, 0x8b, 8, 0, 0]).unwrap();
    let refused = |corpus: &str| {
        let said = say(dir.path(), &["run", "--dry-run", "--corpus", corpus]);
        assert_eq!(said.code, 2, "{said:?}");
        said.stderr
    };
    assert_snapshot!(refused("empty"), @"error: --corpus empty: the corpus is empty: 0 files and not one byte in them; put at least one file with text into it");
    assert_snapshot!(refused("cut"), @"error: --corpus: cut/page.gz cannot be read: unexpected end of file");
    assert_snapshot!(refused("file"), @"error: --corpus file: this is not a directory; name the directory that holds the files");
    assert_snapshot!(refused("missing"), @"error: --corpus missing: the directory cannot be read: No such file or directory (os error 2)");
}

/// Root reads everything, so the refusal shows only for others; then it names directory and reason.
#[cfg(unix)]
#[test]
fn unreadable_corpus() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let locked = dir.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::write(locked.join("file"), "text").unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let readable = fs::read_dir(&locked).is_ok();
    let said = say(dir.path(), &["run", "--dry-run", "--corpus", "locked"]);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    if readable {
        assert_eq!(said.code, 0, "{said:?}");
    } else {
        assert_eq!(said.code, 2, "{said:?}");
        assert!(
            said.stderr.contains("--corpus locked: the directory cannot be read: Permission denied"),
            "{said:?}"
        );
    }
}

/// Every key of every built-in scenario, spoiled in several ways: what follows from a mistake is not named beside it.
#[test]
fn one_mistake_gives_one_message() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spoiled.toml");
    let request = Request { scenario: path.to_str().unwrap().to_owned(), ..Request::default() };
    let mut seen = BTreeSet::new();
    let mut refused = 0;
    for builtin in builtin::BUILTINS {
        let lines: Vec<&str> = builtin.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.starts_with('#')) else {
                continue;
            };
            for value in ["\"zzz\"", "-1", "0", "99999999999", "0.5"] {
                if !seen.insert((key, value)) {
                    continue;
                }
                let spoiled = format!("{key} = {value}");
                let mut text = lines.clone();
                text[at] = &spoiled;
                fs::write(&path, text.join("\n")).unwrap();
                if let Err(error) = load(&request) {
                    let said = error.to_string();
                    assert_eq!(said.lines().count(), 1, "{}:{}: {spoiled}\n{said}", builtin.name, at + 1);
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn a_share_is_a_fraction_or_a_number_of_its_parts() {
    let kappa = |value: &str| {
        let change = Override::parse(&format!("subnet.netuid:1.hyperparameters.kappa={value}")).unwrap();
        let request =
            Request { scenario: "hello-market".to_owned(), overrides: vec![change], ..Request::default() };
        let settings = load(&request).unwrap().plan.subnets.remove(0).settings;
        settings.into_iter().find(|setting| setting.name == "kappa").unwrap().value
    };
    for (written, parts) in
        [("0.5", 32_768), ("0.4", 26_214), ("0.0", 0), ("1.0", 65_535), ("1", 1), ("32767", 32_767)]
    {
        assert_eq!(kappa(written), Value::Number(parts), "{written}");
    }
    let said = |change: &str| {
        let dir = tempfile::tempdir().unwrap();
        say(dir.path(), &["run", "hello-market", "--dry-run", "--set", change]).stderr
    };
    assert_snapshot!(said("subnet.0.hyperparameters.tempo=0.5"), @"error: --set subnet.0.hyperparameters.tempo=0.5: expected a whole number (blocks), found 0.5; tempo is not a share");
    assert_snapshot!(said("subnet.0.hyperparameters.kappa=1.5"), @r#"error: --set subnet.0.hyperparameters.kappa=1.5: 1.5 is no fraction of one with at most nine decimals; a value is true, false, a whole number in the parameter's own unit, a fraction of one with a point for a share (0.5), or an amount with its unit ("0.5 tao")"#);
    assert_snapshot!(said("subnet.1.hyperparameters.kappa=0.5"), @"error: --set subnet.1.hyperparameters.kappa=0.5: there is no subnet[1]: it has 1 entries, counted from 0; by netuid write subnet.netuid:1");
    assert_snapshot!(said("subnet.netuid:2.hyperparameters.kappa=0.5"), @"error: --set subnet.netuid:2.hyperparameters.kappa=0.5: there is no subnet of netuid 2");
}
