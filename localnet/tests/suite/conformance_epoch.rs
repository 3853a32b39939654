//! `conformance epoch` on whole files, mixed files and damaged ones.

use std::io::Write;
use std::path::PathBuf;

use fixtures::epoch::{EDGE, FUNCTIONS, Packed, RANDOM_SMALL, SEQUENCES};
use flate2::{Compression, write::GzEncoder};
use localnet::conformance::epoch::{Tally, run};
use serde_json::{Value, json};

/// Writes files, runs them, and returns the tally and what was written.
fn check(files: &[&[u8]]) -> (Tally, String) {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files
        .iter()
        .enumerate()
        .map(|(index, bytes)| {
            let path = folder.path().join(format!("file{index}"));
            std::fs::write(&path, bytes).unwrap();
            path
        })
        .collect();
    let mut out = Vec::new();
    let tally = run(&paths, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let last = format!("{} passed, {} failed", tally.passed, tally.failed);
    assert_eq!(text.lines().last(), Some(&last[..]));
    (tally, text)
}

/// One damaged file: one failure, and the message holds all of `parts`.
#[track_caller]
fn fails(bytes: &[u8], parts: &[&str]) {
    let (tally, text) = check(&[bytes]);
    assert_eq!(tally.failed, 1, "{text}");
    for part in parts {
        assert!(text.contains(part), "`{part}` in: {text}");
    }
}

fn first_line(file: Packed) -> Value {
    serde_json::from_str(file.text().unwrap().lines().next().unwrap()).unwrap()
}

fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut case = first_line(EDGE);
    change(&mut case);
    case.to_string().into_bytes()
}

#[test]
fn whole_files() {
    let (tally, text) = check(&[RANDOM_SMALL.gzip, FUNCTIONS.gzip]);
    assert_eq!(tally, Tally { passed: 400 + 4_198, failed: 0, unread: 0 }, "{text}");
    assert!(tally.is_green());
}

#[test]
fn one_plain_file_mixes_all_kinds() {
    let mut mixed = String::new();
    for file in [EDGE, FUNCTIONS, SEQUENCES] {
        mixed.push_str(file.text().unwrap().lines().next().unwrap());
        mixed.push_str("\r\n\n");
    }
    let (tally, text) = check(&[mixed.trim_end().as_bytes()]);
    assert_eq!(tally, Tally { passed: 3, failed: 0, unread: 0 }, "{text}");
}

#[test]
fn the_first_differing_field_is_named() {
    let wrong = |pointer: &str, value: Value| {
        changed(|case| *case.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value)
    };
    fails(
        &wrong("/out/mechs/0/incentive/4", json!(7)),
        &["file0:1: edge/base/y2: mechs[0].incentive[4]: expected 7, got 4828"],
    );
    fails(
        &wrong("/out/mechs/0/bonds/1/2", json!([5, 1])),
        &["mechs[0].bonds[1][2]: expected (5, 1), got (5, 48619)"],
    );
    fails(&wrong("/out/mechs/0/bonds/1", json!([])), &["mechs[0].bonds[1]: expected 0 entries"]);
    fails(&wrong("/out/mechs/0/active/0", json!(false)), &["mechs[0].active[0]: expected false, got true"]);
    fails(&wrong("/out/mechs/0/stake", json!([])), &["mechs[0].stake: expected 0 elements, got 8"]);
    fails(&wrong("/trace/vecs/consensus/3", json!(1)), &["reference.trace.consensus[3]: expected 1, got "]);
    let mut sequence = first_line(SEQUENCES);
    sequence["steps"][2]["out"]["mechs"][0]["dividends"][0] = json!(3);
    fails(sequence.to_string().as_bytes(), &["seq/0/n4v2/y2: steps[2].mechs[0].dividends[0]: expected 3"]);
    let mut function = first_line(FUNCTIONS);
    function["ret"] = json!(123);
    fails(function.to_string().as_bytes(), &["i32f32_saturating_mul: ret: expected 123, got "]);
}

#[test]
fn damaged_lines_say_what_is_wrong() {
    let without = |name: &str| changed(|case| _ = case["in"].as_object_mut().unwrap().remove(name).unwrap());
    let with = |name: &str, value: Value| changed(|case| case["in"][name] = value);
    fails(&without("kappa"), &["edge/base/y2: in.kappa: missing field"]);
    fails(&without("mechs"), &["in.mechs: missing field"]);
    fails(&changed(|case| _ = case.as_object_mut().unwrap().remove("out")), &["out: missing field"]);
    fails(
        &changed(|case| _ = case["out"]["mechs"][0].as_object_mut().unwrap().remove("bonds")),
        &["bonds: missing field"],
    );
    fails(&with("tempo", json!("often")), &["in.tempo: expected u16, found \"often\""]);
    fails(&with("tempo", json!(70_000)), &["in.tempo: expected u16, found 70000"]);
    fails(&with("kappa", json!(1.5)), &["in.kappa: expected u16, found 1.5"]);
    fails(&with("n", json!(9)), &["in.alpha_stake: 8 elements, expected 9"]);
    fails(&with("n", json!(-1)), &["in.n: expected u16"]);
    fails(
        &changed(|case| case["in"]["mechs"][0]["weights"][1] = json!([[1, 2, 3]])),
        &["in.mechs[0].weights[1][0]: expected a pair"],
    );
    fails(&changed(|case| case["in"]["mechs"] = json!([])), &["out.mechs: 1 elements, expected 0"]);
    fails(br#"{"id":"x","in":{}}"#, &["file0:1: x: in."]);
    fails(br#"{"fn":"sqrt","args":[4],"ret":2}"#, &["unknown function `sqrt`"]);
    fails(br#"{"fn":"exp_safe","args":[],"ret":2}"#, &["exp_safe: args[0]: missing field"]);
    fails(br#"{"fn":"exp_safe","ret":2}"#, &["exp_safe: args: missing field"]);
    fails(br#"{"id":"x"}"#, &["x: neither a case"]);
    fails(b"[1]", &["neither a case"]);
    fails(b"{\"id\": \"cut", &["file0:1: not a JSON line"]);
    fails(b"\xff\xfe\n", &["file0:1: not UTF-8"]);
    fails(b"", &["file0: holds no case"]);
    fails(b"\n\n", &["file0: holds no case"]);
}

#[test]
fn fields_that_may_be_absent() {
    let lean = changed(|case| {
        let input = case["in"].as_object_mut().unwrap();
        input.remove("owner_uid").unwrap();
        input.remove("bonds_reset_on").unwrap();
        input["alpha_stake"][0] = json!(input["alpha_stake"][0].to_string());
        case.as_object_mut().unwrap().remove("trace").unwrap();
    });
    let (tally, text) = check(&[&lean]);
    assert_eq!(tally, Tally { passed: 1, failed: 0, unread: 0 }, "{text}");
}

#[test]
fn files_that_cannot_be_read() {
    let whole = EDGE.gzip;
    let (tally, text) = check(&[&whole[..whole.len() / 2]]);
    assert_eq!(tally.failed, 1, "{text}");
    assert!(tally.passed > 0 && text.contains("the file is damaged or cut"), "{text}");
    assert!(!tally.is_green());

    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(b"").unwrap();
    fails(&packed.finish().unwrap(), &["holds no case"]);
    fails(&[0x1f, 0x8b], &["the file is damaged or cut"]);

    let folder = tempfile::tempdir().unwrap();
    let mut out = Vec::new();
    let tally = run(&[folder.path().join("absent"), folder.path().to_owned()], &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(tally, Tally { passed: 0, failed: 2, unread: 2 }, "{text}");
    assert!(text.contains("absent: cannot be opened"), "{text}");
    assert!(text.ends_with("0 passed, 2 failed\n"), "{text}");
    assert_eq!(run(&[], &mut Vec::new()).unwrap(), Tally { passed: 0, failed: 1, unread: 1 });
}
