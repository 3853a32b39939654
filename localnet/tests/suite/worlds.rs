//! Scenarios that the tests play.

use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A market that is played in a moment, with all roles, a fault, an event and every kind of expectation.
pub(crate) const SMALL: &str = r#"schema = 1
name = "small"
title = "A market in a moment"
seed = 5
blocks = 60

[[subnet]]
netuid = 1
mechanism = "compression"

[subnet.task]
slice_bytes = 512

[subnet.hyperparameters]
tempo = 10
commit_reveal_weights_enabled = false

[[cast]]
role = "owner"
name = "olga"

[[cast]]
role = "validator"
name = "vera"
stake = 300

[[cast]]
role = "validator"
name = "vince"
stake = 100
tactic = "copier"

[[cast]]
role = "miner"
name = "zoe"
method = "zstd"
level = 3

[[cast]]
role = "miner"
name = "leo"
method = "lz4"

[[cast]]
role = "miner"
name = "liam"
tactic = "liar"

[[cast]]
role = "user"
name = "uma"
via = "vera"
fee = 0.05
budget = 1
every = 10

[[event]]
at_block = 40
set = { bonds_penalty = 65535 }

[[fault]]
during = [30, 34]
offline = "leo"

[[expect]]
metric = "answers_ok"
of = "liam"
equals = 0

[[expect]]
metric = "earned"
of = "miner:liar"
less_than = { min_of = "miner:honest" }

[[expect]]
metric = "neurons"
at_block = 20
at_least = 6

[[expect]]
metric = "ratio"
of = "zoe"
is_max_among = "miner:*"

[[always]]
invariant = "I1"

[[always]]
invariant = "I5"
"#;

/// A directory with the small scenario in it.
pub(crate) fn small() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), SMALL);
    dir
}

/// Writes the small scenario, changed.
pub(crate) fn write(dir: &Path, text: &str) {
    fs::write(dir.join("small.toml"), text).unwrap();
}
