//! The built-in `commit-reveal` shows what it says, under any seed.

use crate::binary::say;

#[test]
fn a_copier_earns_less_per_stake_where_weights_are_committed() {
    let dir = tempfile::tempdir().unwrap();
    let seeds = if fixtures::slow() { 1..=20 } else { 1..=2 };
    for seed in seeds.clone() {
        let seed = seed.to_string();
        let said = say(dir.path(), &["run", "commit-reveal", "--store", "memory", "--seed", &seed]);
        assert_eq!(said.code, 0, "seed {seed}: {}", said.stdout);
    }
    println!("seeds {seeds:?}");
}
