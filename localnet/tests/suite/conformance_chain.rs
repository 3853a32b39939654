//! Replay of scenarios recorded from the real chain, and reports on files that differ or are damaged.

use localnet::conformance::chain::{Tally, run};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

fn replay(path: &Path) -> (Tally, String) {
    replay_all(&[path.to_owned()], true)
}

fn replay_all(paths: &[PathBuf], all: bool) -> (Tally, String) {
    let mut out = Vec::new();
    let tally = run(paths, all, &mut out).unwrap();
    (tally, String::from_utf8(out).unwrap())
}

const fn clean(passed: u64) -> Tally {
    Tally { passed, failed: 0, unread: 0 }
}

/// Every line but header and end is a block. A block that breaks an invariant fails.
#[track_caller]
fn passes(name: &str) {
    let blocks = fixtures::pallet::lines(name).unwrap().len() as u64 - 2;
    let (tally, report) = replay(&fixtures::pallet::path(name));
    assert_eq!(tally, clean(blocks), "{report}");
    assert!(report.ends_with(&format!("{blocks} passed, 0 failed\n")), "{report}");
}

#[test]
fn s1_one_subnet_over_four_tempos() {
    passes("s1_single_subnet");
}

#[test]
fn s2_three_subnets_with_swaps() {
    passes("s2_three_subnets");
}

#[test]
fn s3_root_stake_and_claims() {
    passes("s3_root");
}

#[test]
fn s4_more_subnets_than_there_is_room_for() {
    passes("s4_subnet_limit");
}

#[test]
fn s5_registration_and_replacement() {
    passes("s5_registration");
}

#[test]
fn s6_children_and_takes() {
    passes("s6_children_takes");
}

#[test]
fn s7_weights_committed_by_hash_and_timelocked() {
    passes("s7_commit_reveal");
}

#[test]
fn s8_halvings_of_tao_and_alpha() {
    passes("s8_halving");
}

#[test]
fn s9_limits_and_fees_of_the_pool() {
    passes("s9_swaps");
}

#[test]
fn s10_burned_recycled_and_locked_alpha() {
    passes("s10_burn_lock");
}

#[test]
fn s11_variants_of_the_epoch() {
    passes("s11_epoch_variants");
}

#[test]
fn s12_swaps_of_hotkeys_and_coldkeys() {
    passes("s12_key_swaps");
}

#[test]
fn s13_and_s14_a_bit_of_everything() {
    if fixtures::slow() {
        passes("s13_fuzz");
        passes("s14_fuzz2");
    }
}

#[test]
fn s15_epochs_beyond_the_cap() {
    passes("s15_epoch_cap_gating");
}

#[test]
fn files_of_recorded_function_calls_are_taken_too() {
    let (tally, report) = replay(&fixtures::pallet::path("fn_swap"));
    let lines = fixtures::pallet::lines("fn_swap").unwrap().len() as u64;
    assert_eq!(tally, clean(lines), "{report}");
}

/// The first blocks of the swap scenario with what the test does to them; gives the report.
#[track_caller]
fn broken(count: usize, spoil: impl FnOnce(&mut Vec<Json>)) -> (Tally, String) {
    let mut lines = fixtures::pallet::lines("s9_swaps").unwrap();
    lines.truncate(count);
    lines.push(json!({"type": "end", "n": count}));
    spoil(&mut lines);
    let text: Vec<String> = lines.iter().map(Json::to_string).collect();
    report_of(text.join("\n").as_bytes())
}

fn report_of(content: &[u8]) -> (Tally, String) {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("scenario.jsonl");
    std::fs::write(&path, content).unwrap();
    let (tally, report) = replay(&path);
    assert!(report.contains("scenario.jsonl"), "{report}");
    (tally, report)
}

/// The index of the first block line, after genesis, for which this holds.
#[track_caller]
fn find(lines: &[Json], wanted: impl Fn(&Json) -> bool) -> usize {
    2 + lines[2..].iter().position(wanted).unwrap()
}

/// Asserts that the line at `index` is the first that fails, that the report shows these words, and that the replay went
/// on to the end of the file.
#[track_caller]
fn fails_at(index: usize, (tally, report): (Tally, String), words: &[&str]) {
    assert!(tally.failed > 0, "{report}");
    assert_eq!((tally.passed + tally.failed, tally.unread), (59, 0), "{report}");
    first_at(index, &report, words);
}

/// Asserts that the file cannot be read beyond the line at `index`.
#[track_caller]
fn spoilt_at(index: usize, (tally, report): (Tally, String), words: &[&str]) {
    assert_eq!(tally, Tally { passed: index as u64 - 1, failed: 1, unread: 1 }, "{report}");
    first_at(index, &report, words);
    assert!(report.contains("1 of 1 files could not be read to their end"), "{report}");
    assert!(report.ends_with(&format!("{} passed, 1 failed\n", tally.passed)), "{report}");
}

#[track_caller]
fn first_at(index: usize, report: &str, words: &[&str]) {
    let first = report.split("scenario.jsonl:").nth(1).unwrap();
    assert!(first.starts_with(&format!("{}:", index + 1)), "{report}");
    for word in words {
        assert!(report.contains(word), "`{word}` is missing in: {report}");
    }
}

#[test]
fn an_unspoiled_part_passes() {
    let (tally, report) = broken(60, |_| {});
    assert_eq!(tally, clean(59), "{report}");
}

#[test]
fn a_changed_number_is_named() {
    let report = broken(60, |lines| lines[40]["set"]["SubnetTAO[2]"] = json!(123));
    fails_at(40, report, &["block 39 differs", "SubnetTAO[2]: expected 123, got "]);
}

#[test]
fn a_changed_row_in_what_does_not_move_is_named() {
    let report = broken(60, |lines| lines[40]["set"]["Kappa[1]"] = json!(5));
    fails_at(40, report, &["Kappa[1]: expected 5, got 32767"]);
}

#[test]
fn a_row_that_only_they_have_is_named() {
    let report =
        broken(60, |lines| lines[40]["set"]["AlphaV2[9;8;2]"] = json!({"mantissa": "1", "exponent": 0}));
    fails_at(40, report, &["AlphaV2[9;8;2]: expected {\"exponent\":0,\"mantissa\":\"1\"}, got"]);
}

#[test]
fn a_row_that_only_we_have_is_named() {
    let mut at = 0;
    let report = broken(60, |lines| {
        at = find(lines, |line| line["set"].get("Uids[2;401]").is_some());
        lines[at]["set"].as_object_mut().unwrap().remove("Uids[2;401]");
    });
    fails_at(at, report, &["Uids[2;401]: expected nothing, got"]);
}

#[test]
fn a_row_that_they_removed_is_named() {
    let report = broken(60, |lines| lines[40]["del"] = json!(["NetworksAdded[2]"]));
    fails_at(40, report, &["NetworksAdded[2]: expected false, got true"]);
}

#[test]
fn a_changed_result_is_named() {
    let mut at = 0;
    let report = broken(60, |lines| {
        at = find(lines, |line| line["ops"][0]["call"] == "add_stake");
        lines[at]["ops"][0]["result"] = json!("SubtensorModule.NotEnoughStake");
    });
    fails_at(at, report, &["result of add_stake", "expected SubtensorModule.NotEnoughStake, got ok"]);
}

#[test]
fn changed_events_are_named() {
    let mut at = 0;
    let report = broken(60, |lines| {
        at = find(lines, |line| line["events"][0].get("StakeAdded").is_some());
        lines[at]["events"][0]["StakeAdded"][3] = json!(1);
    });
    fails_at(
        at,
        report,
        &[
            "events[0]: expected {\"SubtensorModule\":{\"StakeAdded\":[",
            "got {\"SubtensorModule\":{\"StakeAdded\":[",
        ],
    );
    let report = broken(60, |lines| {
        let events = lines[at]["events"].as_array_mut().unwrap();
        events.pop();
    });
    fails_at(at, report, &["events[", "expected nothing, got"]);
}

#[test]
fn a_changed_derived_value_is_named() {
    let report = broken(60, |lines| lines[40]["derived"]["price_u64f64[2]"] = json!("1"));
    fails_at(40, report, &["price_u64f64[2]: expected \"1\", got"]);
}

#[test]
fn other_randomness_is_refused_when_missing() {
    let report = broken(60, |lines| {
        lines[40].as_object_mut().unwrap().remove("parent_hash");
    });
    spoilt_at(40, report, &["a block needs its parent_hash"]);
}

#[test]
fn what_no_chain_knows_is_an_error_with_its_line() {
    let spoiled = |field: &'static str, value: Json| broken(60, move |lines| lines[40][field] = value);
    spoilt_at(40, spoiled("set", json!({"Nonsense[2]": 1})), &["Nonsense[2]: no such item"]);
    spoilt_at(40, spoiled("set", json!({"Tempo[2": 1})), &["Tempo[2: its key has no end"]);
    spoilt_at(40, spoiled("set", json!({"Tempo[2;3]": 1})), &["Tempo[2;3]: expected 1 key parts, got 2"]);
    spoilt_at(40, spoiled("set", json!({"Tempo[2]": "often"})), &["Tempo[2]: expected u16, got \"often\""]);
    spoilt_at(40, spoiled("ops", json!([{"op": "pray", "result": "ok"}])), &["unknown variant `pray`"]);
    spoilt_at(40, spoiled("surprise", json!(1)), &["unknown field `surprise`"]);
    spoilt_at(40, spoiled("n", json!(77)), &["block 77 follows block 38"]);
    spoilt_at(40, spoiled("type", json!("blck")), &["a line is a `block` or the `end`"]);
    let call = |name: &str, args: Json| json!([{"op": "call", "who": 1, "call": name, "args": args, "result": "ok"}]);
    fails_at(
        40,
        spoiled("ops", call("set_mood", json!({}))),
        &["expected ok, got call not modelled: SubtensorModule.set_mood"],
    );
    let stake = json!({"hotkey": 1, "netuid": 2});
    spoilt_at(
        40,
        spoiled("ops", call("add_stake", stake)),
        &["call add_stake: missing field `amount_staked`"],
    );
    let put = json!([{"op": "put", "item": "SubnetworkN", "keys": [2], "value": 9, "result": "ok"}]);
    spoilt_at(40, spoiled("ops", put), &["put SubtensorModule.SubnetworkN: it cannot be set"]);
}

#[test]
fn an_item_without_a_place_in_this_chain_is_named_and_may_not_change() {
    let (tally, report) = broken(60, |lines| lines[1]["set"]["TotalHotkeyShares[1;2]"] = json!("5"));
    assert_eq!(tally.failed, 0, "{report}");
    assert!(
        report.contains("SubtensorModule.TotalHotkeyShares is not modelled; 1 rows at genesis"),
        "{report}"
    );
    let report = broken(60, |lines| lines[40]["set"]["TotalHotkeyShares[1;2]"] = json!("5"));
    fails_at(40, report, &["TotalHotkeyShares[1;2]: expected \"5\", got no such item in this chain"]);
}

#[test]
fn files_that_are_no_whole_scenario_are_errors() {
    spoilt_at(1, broken(60, |lines| drop(lines.drain(1..))), &["without its `end` line"]);
    let (_, report) = broken(60, |lines| drop(lines.remove(0)));
    assert!(report.contains(":1: a scenario begins with its header"), "{report}");
    let (_, report) = broken(60, |lines| lines.push(json!({"type": "end"})));
    assert!(report.contains("there is more after the `end` line"), "{report}");
    let (tally, report) = report_of(b"");
    assert_eq!(tally, Tally { passed: 0, failed: 1, unread: 1 });
    assert!(report.contains("the file is empty"), "{report}");
    let (_, report) = report_of(b"{\"type\":\"header\"\n");
    assert!(report.contains(":1: it is no JSON"), "{report}");
    let (_, report) = report_of(b"{\"weather\":\"fine\"}\n");
    assert!(report.contains("no recorded function has the fields weather"), "{report}");
    let (tally, report) = replay(Path::new("no/such/file.jsonl.gz"));
    assert_eq!(tally, Tally { passed: 0, failed: 1, unread: 1 });
    assert!(report.contains("no/such/file.jsonl.gz: it cannot be read"), "{report}");
}

#[test]
fn a_cut_file_is_an_error_however_it_is_cut() {
    let packed = std::fs::read(fixtures::pallet::path("s9_swaps")).unwrap();
    let (tally, report) = report_of(&packed[..packed.len() / 8]);
    assert_eq!(tally.failed, 1, "{report}");
    assert!(tally.passed > 0 && report.contains("it cannot be read on"), "{report}");
    let text: Vec<String> =
        fixtures::pallet::lines("s9_swaps").unwrap().iter().map(Json::to_string).collect();
    let text = text.join("\n");
    let end = text.match_indices('\n').nth(20).unwrap().0;
    let (tally, report) = report_of(&text.as_bytes()[..end]);
    assert_eq!(tally, Tally { passed: 20, failed: 1, unread: 1 }, "{report}");
    let (tally, report) = report_of(&text.as_bytes()[..end + 20]);
    assert_eq!(tally, Tally { passed: 20, failed: 1, unread: 1 }, "{report}");
    assert!(report.contains("it is no JSON"), "{report}");
}

#[test]
fn every_difference_is_listed_and_the_next_block_starts_from_what_was_recorded() {
    let report = broken(60, |lines| {
        lines[30]["set"]["SubnetTAO[2]"] = json!(123);
        lines[31]["set"]["SubnetTAO[2]"] = lines[29]["set"]["SubnetTAO[2]"].clone();
        lines[50]["set"]["TxRateLimit"] = json!(7);
    });
    assert!(report.1.contains("TxRateLimit: expected 7, got"), "{}", report.1);
    assert!(report.1.contains("differences by kind: "), "{}", report.1);
    // Set once, the value stays without being reported again.
    assert_eq!(report.1.matches("TxRateLimit").count(), 1, "{}", report.1);
    fails_at(30, report, &["block 29 differs", "SubnetTAO[2]: expected 123"]);
}

#[test]
fn the_text_of_a_file_is_bounded_unless_all_is_asked_for() {
    let mut lines = fixtures::pallet::lines("s9_swaps").unwrap();
    for line in lines.iter_mut().skip(2) {
        for netuid in 0..30 {
            line["del"] = json!([]);
            line["set"][format!("Tempo[{}]", 100 + netuid)] = json!(line["n"].as_u64().unwrap() % 1000 + 7);
        }
    }
    let text: Vec<String> = lines.iter().map(Json::to_string).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.jsonl");
    std::fs::write(&path, text.join("\n")).unwrap();
    let (_, short) = replay_all(std::slice::from_ref(&path), false);
    assert!(short.lines().count() < 140, "{}", short.lines().count());
    assert!(short.contains("more differences; --all shows them"), "{short}");
    let (_, all) = replay_all(&[path], true);
    assert!(all.lines().count() > 1000, "{}", all.lines().count());
}
