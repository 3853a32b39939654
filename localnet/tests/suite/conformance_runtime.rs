//! Replay of what the whole runtime was recorded to do: extrinsics, fees, weights, validity, events of all pallets.

use localnet::conformance::chain::{Tally, run};
use std::path::PathBuf;

fn replay(name: &str) -> (Tally, String) {
    let mut out = Vec::new();
    let paths: [PathBuf; 1] = [fixtures::runtime::path(name)];
    let tally = run(&paths, false, &mut out).unwrap();
    (tally, String::from_utf8(out).unwrap())
}

#[test]
fn every_line_passes() {
    let names = fixtures::runtime::names().unwrap();
    assert_eq!(names.len(), 32, "{names:?}");
    for name in &names {
        let (tally, report) = replay(name);
        assert_eq!((tally.failed, tally.unread), (0, 0), "{report}");
        assert!(tally.passed > 0, "{report}");
    }
}

#[test]
fn a_file_beside_a_scenario_is_not_one_of_its_own() {
    let (tally, report) = replay("sy_symbols.more");
    assert_eq!((tally.failed, tally.unread), (1, 1), "{report}");
    assert!(report.contains("it is read with"), "{report}");
}
