//! `localnet epoch`: the consensus of one's own matrices.

use crate::binary::say;
use serde_json::Value as Json;
use std::fs;
use std::path::Path;

/// Three validators and two miners; the third validator disagrees.
const SPLIT: &str = r#"{"S": [600, 300, 100], "W": [[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]}"#;

#[track_caller]
fn json(dir: &Path, args: &[&str]) -> Json {
    let said = say(dir, args);
    assert_eq!(said.code, 0, "{said:?}");
    serde_json::from_str(&said.stdout).unwrap()
}

fn shares(epoch: &Json, column: &str) -> Vec<u64> {
    epoch[column].as_array().unwrap().iter().map(|share| share.as_u64().unwrap()).collect()
}

#[test]
fn an_epoch_of_own_matrices() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("m.json"), SPLIT).unwrap();
    let epochs = json(dir.path(), &["epoch", "m.json", "--json", "--emission", "1000000000"]);
    let epoch = &epochs[0];
    // Both miners are weighed 0.5 by nine tenths of the stake, so consensus is 0.5 and the third's surplus is clipped.
    assert_eq!(shares(epoch, "consensus"), [0, 0, 0, 32_767, 32_767]);
    assert_eq!(shares(epoch, "validator_trust"), [65_535, 65_535, 32_767, 0, 0]);
    let incentive = shares(epoch, "incentive");
    assert_eq!(incentive[..3], [0, 0, 0]);
    // Clipped weights: 0.5 * (0.6 + 0.3 + 0.1) and 0.5 * (0.6 + 0.3), so 10 to 9.
    assert!(
        incentive[3].abs_diff(65_535 * 10 / 19) <= 1 && incentive[4].abs_diff(65_535 * 9 / 19) <= 1,
        "{epoch}"
    );
    assert_eq!(epoch["validator_permit"], serde_json::json!([true, true, true, false, false]));
    let emission: u64 = shares(epoch, "emission").iter().sum();
    assert!((999_999_000..=1_000_000_000).contains(&emission), "{emission}");
    let dividends = shares(epoch, "dividends");
    assert!(dividends[0] > dividends[1] && dividends[1] > dividends[2], "{dividends:?}");

    fs::write(dir.path().join("w.csv"), "a,b\n0.5,0.5\n0.5,0.5\n1,0\n").unwrap();
    fs::write(dir.path().join("s.csv"), "600\n300\n100\n").unwrap();
    let from_csv = json(dir.path(), &["epoch", "w.csv", "--stake", "s.csv", "--json"]);
    assert_eq!(from_csv, epochs, "CSV and JSON say the same");

    let table = say(dir.path(), &["epoch", "m.json"]);
    assert!(
        table.stdout.contains("uid     stake  permit  vtrust  consensus  incentive  dividends"),
        "{table:?}"
    );
    assert!(table.stdout.contains("bonds\n  0  3: "), "{table:?}");
}

#[test]
fn bonds_are_carried_from_epoch_to_epoch() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("m.json"), SPLIT).unwrap();
    let epochs = json(dir.path(), &["epoch", "m.json", "--json", "--epochs", "3"]);
    let rows: Vec<_> = epochs.as_array().unwrap().iter().map(|epoch| epoch["bonds"].clone()).collect();
    assert_ne!(rows[0], rows[1]);
    let dense = |row: &Json| {
        let pairs: Vec<(usize, u64)> = serde_json::from_value(row.clone()).unwrap();
        let mut dense = vec![0; 2];
        for (uid, bond) in pairs {
            dense[uid - 3] = bond;
        }
        dense
    };
    let bonds: Vec<_> = rows[0].as_array().unwrap()[..3].iter().map(dense).collect();
    fs::write(dir.path().join("b.json"), serde_json::to_string(&bonds).unwrap()).unwrap();
    let next = json(dir.path(), &["epoch", "m.json", "--bonds", "b.json", "--json"]);
    assert_eq!(next[0]["bonds"], rows[1]);
    let yuma2 = json(dir.path(), &["epoch", "m.json", "--yuma", "2", "--json"]);
    assert_ne!(yuma2[0]["bonds"], rows[0]);
}

#[test]
fn a_square_matrix_is_by_uid_unless_it_is_split() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("m.json"), r#"{"S": [2, 1], "W": [[0, 1], [1, 0]]}"#).unwrap();
    let by_uid = json(dir.path(), &["epoch", "m.json", "--json"]);
    assert_eq!(shares(&by_uid[0], "incentive").len(), 2);
    let split = json(dir.path(), &["epoch", "m.json", "--split", "--json"]);
    assert_eq!(shares(&split[0], "incentive").len(), 4);
}

#[test]
fn matrices_that_do_not_fit_are_refused_with_their_place() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |text: &str, expected: &str| {
        fs::write(dir.path().join("m.json"), text).unwrap();
        let said = say(dir.path(), &["epoch", "m.json"]);
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{said:?}");
        assert!(said.stderr.contains(expected), "no `{expected}` in {}", said.stderr);
    };
    refused(r#"{"W": [[1]]}"#, "there is no stake");
    refused(r#"{"S": [1]}"#, "there are no weights");
    refused(r#"{"S": [1, 2, 3], "W": [[1, 2], [1, 2]]}"#, "does not go with 3 stakes");
    refused(r#"{"S": [1, 2], "W": [[1, 2], [1]]}"#, "W[1]: 1 elements, but another row has 2");
    refused(
        r#"{"S": [1, 2], "W": [[1, -2], [1, 1]]}"#,
        "W[0][1]: expected a number that is not negative, found -2",
    );
    refused(r#"{"S": [0, 0], "W": [[1, 2], [1, 1]]}"#, "all stakes are 0");
    refused(r#"{"S": [1, -1], "W": [[1, 2], [1, 1]]}"#, "S[1]: -1 tao is negative");
    refused(r#"{"S": [1, 1], "W": [[[5, 1]], [[0, 1]]]}"#, "uid 5 has no stake");
    refused("1,x\n", "`x` is not a number");
    assert_eq!(say(dir.path(), &["epoch", "none.json"]).code, 2);
    assert_eq!(say(dir.path(), &["epoch", "m.json", "--kappa", "1.5"]).code, 2);
}
