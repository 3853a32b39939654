//! The consensus kernel against the tables and unit-test figures of the chain's own tests.

use chain::kernel::conformance::Checker;
use chain::kernel::{EpochInput, EpochOutput, EpochParams, Rows, Scratch, epoch, reference};
use fixtures::epoch::{Packed, UNIT_TESTS, YUMA3_TABLES};
use serde_json::{Value, json};

fn load(file: Packed) -> Value {
    serde_json::from_str(&file.text().expect("a readable file")).expect("JSON")
}

fn numbers(value: &Value) -> Vec<u16> {
    let number = |v: &Value| u16::try_from(v.as_u64().expect("a number")).expect("a u16");
    value.as_array().expect("a list").iter().map(number).collect()
}

/// The chain's unit tests as cases: whole outputs and the figures asserted there.
#[test]
fn unit_tests() {
    let mut checker = Checker::default();
    let mut steps = 0;
    for step in load(UNIT_TESTS).as_array().expect("a list") {
        if step["test"] == "test_512_graph" {
            assert!(step["input"]["mechs"].is_null(), "its input is only described");
            continue;
        }
        let name = format!("{} / {}", step["test"], step["step"]);
        let case = json!({ "id": name, "in": step["input"], "out": { "mechs": [step["output"]] } });
        checker.check_value(&case).unwrap_or_else(|failure| panic!("{failure}"));
        check_asserted_figures(&name, step);
        steps += 1;
    }
    assert_eq!(steps, 11);
}

fn check_asserted_figures(name: &str, step: &Value) {
    for (field, figures) in step["expected_by_subtensor_asserts"].as_object().expect("figures") {
        for figure in figures.as_array().expect("a list") {
            let figure: Vec<u64> =
                figure.as_array().expect("a list").iter().filter_map(Value::as_u64).collect();
            match figure[..] {
                [validator, server, bond] if field == "bonds" => {
                    let row = &step["output"]["bonds"][validator as usize];
                    assert!(row.as_array().unwrap().contains(&json!([server, bond])), "{name}: {field}");
                }
                [uid, value] => {
                    assert_eq!(step["output"][field][uid as usize], json!(value), "{name}: {field}")
                }
                _ => panic!("{name}: {field}: {figure:?}"),
            }
        }
    }
}

/// A subnet that carries its own state from epoch to epoch.
struct Story {
    input: EpochInput,
    params: EpochParams,
    scratch: Scratch,
}

impl Story {
    fn new(table: &Value) -> Self {
        let n = table["n"].as_u64().unwrap() as usize;
        let mut input = EpochInput {
            current_block: 2,
            rao_emission: 1_000_000_000,
            alpha_stake: numbers(&table["stakes"]).into_iter().map(u64::from).collect(),
            tao_stake: vec![0; n],
            block_at_registration: vec![1; n],
            validator_permit: vec![false; n],
            last_update: vec![1; n],
            ..EpochInput::default()
        };
        for _ in 0..n {
            input.weights.end_row();
            input.bonds.end_row();
        }
        let params = EpochParams {
            tempo: 1,
            kappa: 32_767,
            bonds_penalty: 0,
            bonds_moving_average: 975_000,
            liquid_alpha_on: table["liquid_alpha"].as_bool().unwrap(),
            alpha_low: 6_553,
            alpha_high: 19_660,
            max_allowed_validators: 3,
            tao_weight: 0,
            commit_reveal_weights_enabled: false,
            ..EpochParams::default()
        };
        Self { input, params, scratch: Scratch::default() }
    }

    /// The validators' weights on the servers, scaled as a submission is.
    fn set_weights(&mut self, weights: &Value, servers: &[u16]) {
        let n = self.input.n();
        self.input.weights.clear();
        for (uid, row) in weights.as_array().expect("rows").iter().enumerate() {
            let mut values = numbers(row);
            chain::kernel::weights::max_upscale(&mut values);
            self.input.weights.push_row(servers.iter().copied().zip(values));
            self.input.last_update[uid] = self.input.current_block;
        }
        while self.input.weights.len() < n {
            self.input.weights.end_row();
        }
    }

    fn reset_bonds_of(&mut self, uid: u16) {
        let mut kept = Rows::new();
        for row in self.input.bonds.iter() {
            kept.push_row(row.iter().copied().filter(|&(j, _)| j != uid));
        }
        self.input.bonds = kept;
    }

    /// Runs both versions of the epoch and keeps what it stores.
    fn run(&mut self, check: impl FnOnce(&EpochOutput<'_>)) {
        let plain = reference::epoch(&self.input, &self.params);
        let out = epoch(&self.input, &self.params, &mut self.scratch);
        assert_eq!(out, plain.output(), "fast and plain version");
        check(&out);
        let (bonds, permits) = (out.bonds.clone(), out.validator_permit.to_vec());
        self.input.bonds = bonds;
        self.input.validator_permit = permits;
        self.input.last_mechanism_step_block = self.input.current_block;
    }
}

#[test]
fn yuma3_tables() {
    for file in YUMA3_TABLES {
        let table = load(file);
        let servers = numbers(&table["servers"]);
        let mut story = Story::new(&table);
        story.run(|_| {});
        let mut compared = 0;
        for (number, expected) in table["epochs"].as_array().expect("epochs").iter().enumerate() {
            let set = table["weights_set_before_epoch"].as_array().unwrap();
            if let Some(set) = set.iter().find(|set| set["epoch"] == json!(number)) {
                story.set_weights(&set["weights"], &servers);
            }
            if let Some(uid) = table["reset_bonds_of_uid_before_epoch"].get(number.to_string()) {
                story.reset_bonds_of(uid.as_u64().unwrap() as u16);
            }
            story.input.current_block += 1;
            let name = format!("{} epoch {number}", file.name);
            story.run(|out| compared += check_epoch(&name, expected, out, &servers));
        }
        assert_eq!(compared, 5 * table["epochs"].as_array().unwrap().len(), "{}", file.name);
    }
}

/// Compares every exact column of the table; returns how many there were.
fn check_epoch(name: &str, expected: &Value, out: &EpochOutput<'_>, servers: &[u16]) -> usize {
    let columns = [
        ("exact_dividends_u16", out.dividends),
        ("exact_incentive_u16", out.incentive),
        ("exact_consensus_u16", out.consensus),
        ("exact_validator_trust_u16", out.validator_trust),
    ];
    for (column, got) in columns {
        assert_eq!(numbers(&expected[column]), got, "{name}: {column}");
    }
    for (uid, row) in expected["exact_bonds_u16"].as_array().expect("bonds").iter().enumerate() {
        let bond =
            |server: &u16| out.bonds.row(uid).iter().find(|(j, _)| j == server).map_or(0, |entry| entry.1);
        let got: Vec<u16> = servers.iter().map(bond).collect();
        assert_eq!(numbers(row), got, "{name}: bonds of {uid}");
    }
    5
}
