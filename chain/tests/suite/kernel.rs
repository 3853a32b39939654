//! Both versions of the consensus kernel against every reference vector.

use chain::kernel::conformance::Checker;
use fixtures::epoch::{self, Packed};

/// Checks every line of a file and that it holds as many as it should.
#[track_caller]
fn check(file: Packed, lines_expected: usize) {
    let text = file.text().expect("a readable file");
    let mut checker = Checker::default();
    let mut failures = Vec::new();
    let mut lines = 0;
    for line in text.lines() {
        lines += 1;
        if let Err(failure) = checker.check_line(line) {
            failures.push(failure.to_string());
        }
    }
    let shown = failures.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{}: {} of {lines} failed:\n{shown}", file.name, failures.len());
    assert_eq!(lines, lines_expected, "{}", file.name);
}

#[test]
fn edge_cases() {
    check(epoch::EDGE, 588);
}

#[test]
fn random_small() {
    check(epoch::RANDOM_SMALL, 400);
}

#[test]
fn random_mid() {
    check(epoch::RANDOM_MID, 60);
}

#[test]
fn random_large() {
    check(epoch::RANDOM_LARGE, 12);
}

#[test]
fn sequences() {
    check(epoch::SEQUENCES, 30);
}

#[test]
fn functions() {
    check(epoch::FUNCTIONS, 4198);
}

#[test]
fn consensus_guarantees() {
    check(epoch::CONSENSUS_GUARANTEES, 28);
}
