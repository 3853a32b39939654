//! A case: one epoch of one or more mechanisms.

use super::json::{
    Row, array, boolean, field, get, int, ints, list, optional, pair, row, rows, same, same_rows,
};
use super::{Checker, Fault};
use crate::kernel::reference::{self, Trace};
use crate::kernel::{
    Aggregate, EpochInput, EpochOutput, EpochParams, MinCommitBlocks, Rows, epochs, mechanism_weight,
    split_emission,
};
use serde_json::Value;

/// The plain version needs memory for every pair of uids, so beyond the chain's own limit only the fast one runs.
const REFERENCE_UIDS_MAX: usize = 4_096;

/// Whether the expected results hold bonds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bonds {
    /// They do, and are compared.
    Compared,
    /// The file leaves them out (`out_without_bonds`).
    LeftOut,
}

/// What a line's `in` says.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) params: EpochParams,
    pub(super) mechanisms: Vec<EpochInput>,
    pub(super) rao_emission: u64,
    split: Option<Vec<u16>>,
}

impl Case {
    pub(super) fn read(input: &Value) -> Result<Self, Fault> {
        let params = read_params(input)?;
        let shared = read_neurons(input)?;
        let commits = MinCommitBlocks {
            current_epoch: get(input, "current_epoch", int)?,
            reveal_period_epochs: get(input, "reveal_period_epochs", int)?,
        };
        let mechanism = |(index, value)| {
            read_mechanism(value, &shared, commits).map_err(|fault| fault.within(&format!("mechs[{index}]")))
        };
        let mechanisms = array(field(input, "mechs")?, "mechs")?.iter().enumerate();
        Ok(Self {
            params,
            mechanisms: mechanisms.map(mechanism).collect::<Result<_, _>>()?,
            rao_emission: get(input, "rao_emission", int)?,
            split: optional(input, "mechanism_emission_split")
                .map(|split| ints(split, "mechanism_emission_split"))
                .transpose()?,
        })
    }
}

fn read_params(input: &Value) -> Result<EpochParams, Fault> {
    Ok(EpochParams {
        tempo: get(input, "tempo", int)?,
        activity_cutoff_factor_milli: get(input, "activity_cutoff_factor_milli", int)?,
        kappa: get(input, "kappa", int)?,
        bonds_penalty: get(input, "bonds_penalty", int)?,
        bonds_moving_average: get(input, "bonds_moving_average", int)?,
        max_allowed_validators: get(input, "max_allowed_validators", int)?,
        stake_threshold: get(input, "stake_threshold", int)?,
        tao_weight: get(input, "tao_weight", int)?,
        yuma3_on: get(input, "yuma3_on", boolean)?,
        liquid_alpha_on: get(input, "liquid_alpha_on", boolean)?,
        alpha_low: get(input, "alpha_low", int)?,
        alpha_high: get(input, "alpha_high", int)?,
        alpha_sigmoid_steepness: get(input, "alpha_sigmoid_steepness", int)?,
        commit_reveal_weights_enabled: get(input, "commit_reveal_weights_enabled", boolean)?,
    })
}

/// All but what belongs to a mechanism.
fn read_neurons(input: &Value) -> Result<EpochInput, Fault> {
    let n: u16 = get(input, "n", int)?;
    let per_uid = |name: &str| -> Result<Vec<u64>, Fault> {
        let values: Vec<u64> = get(input, name, ints)?;
        match values.len() == usize::from(n) {
            true => Ok(values),
            false => Err(Fault::WrongLength {
                path: name.to_owned(),
                expected: usize::from(n),
                found: values.len(),
            }),
        }
    };
    Ok(EpochInput {
        current_block: get(input, "current_block", int)?,
        last_mechanism_step_block: get(input, "last_mechanism_step_block", int)?,
        owner_uid: optional(input, "owner_uid").map(|uid| int(uid, "owner_uid")).transpose()?,
        alpha_stake: per_uid("alpha_stake")?,
        tao_stake: per_uid("tao_stake")?,
        block_at_registration: per_uid("block_at_registration")?,
        validator_permit: get(input, "validator_permit", |value, path| list(value, path, boolean))?,
        ..EpochInput::default()
    })
}

fn read_mechanism(
    value: &Value,
    neurons: &EpochInput,
    commits: MinCommitBlocks,
) -> Result<EpochInput, Fault> {
    let mut input = neurons.clone();
    input.last_update = get(value, "last_update", ints)?;
    input.weights = to_rows(get(value, "weights", rows)?);
    input.bonds = to_rows(get(value, "bonds", rows)?);
    MinCommitBlocks::reset(&mut input.min_commit_block, neurons.n());
    if let Some(queues) = optional(value, "commits_v2") {
        let commit = |value, path: &str| pair(value, path, int::<u64>, int::<u64>);
        let account =
            |value, path: &str| pair(value, path, int::<u16>, |queue, path: &str| list(queue, path, commit));
        for (uid, queue) in list(queues, "commits_v2", account)? {
            commits.queue(&mut input.min_commit_block, uid, queue);
        }
    }
    if let Some(buckets) = optional(value, "commits_timelocked") {
        let commit = |value, path: &str| pair(value, path, int::<u16>, int::<u64>);
        let bucket =
            |value, path: &str| pair(value, path, int::<u64>, |list_, path: &str| list(list_, path, commit));
        for (epoch, bucket) in list(buckets, "commits_timelocked", bucket)? {
            commits.timelocked(&mut input.min_commit_block, epoch, bucket);
        }
    }
    Ok(input)
}

pub(super) fn to_rows(matrix: Vec<Row<u16>>) -> Rows {
    let mut rows = Rows::new();
    for row in matrix {
        rows.push_row(row);
    }
    rows
}

impl Checker {
    pub(super) fn check_case(&mut self, line: &Value) -> Result<(), Fault> {
        let case = Case::read(field(line, "in")?).map_err(|fault| fault.within("in"))?;
        match (line.get("out"), line.get("out_without_bonds")) {
            (Some(out), _) => self.check_epoch(&case, out, line.get("trace"), Bonds::Compared),
            (None, Some(flat)) => {
                let out = serde_json::json!({ "mechs": [flat] });
                self.check_epoch(&case, &out, None, Bonds::LeftOut)
            }
            (None, None) => Err(Fault::Missing("out".to_owned())),
        }
    }

    /// Runs both versions and compares them with `out`.
    pub(super) fn check_epoch(
        &mut self,
        case: &Case,
        out: &Value,
        trace: Option<&Value>,
        bonds: Bonds,
    ) -> Result<(), Fault> {
        let expected = get(out, "mechs", array).map_err(|fault| fault.within("out"))?;
        if expected.len() != case.mechanisms.len() {
            let (expected, found) = (case.mechanisms.len(), expected.len());
            return Err(Fault::WrongLength { path: "out.mechs".to_owned(), expected, found });
        }
        let Self { scratch, aggregate } = self;
        let mut checked = Ok(());
        let mut each = |index: usize, out: EpochOutput<'_>| {
            if let (Ok(()), Some(expected)) = (&checked, expected.get(index)) {
                checked = same_output(expected, &out, bonds)
                    .map_err(|fault| fault.within(&format!("mechs[{index}]")));
            }
        };
        let split = case.split.as_deref();
        epochs(&case.mechanisms, &case.params, case.rao_emission, split, scratch, aggregate, &mut each);
        checked?;
        if let Some(expected) = optional(out, "aggregate") {
            same_aggregate(expected, aggregate).map_err(|fault| fault.within("aggregate"))?;
        }
        check_reference(case, out, trace, bonds).map_err(|fault| fault.within("reference"))
    }
}

fn check_reference(case: &Case, out: &Value, trace: Option<&Value>, bonds: Bonds) -> Result<(), Fault> {
    let expected = get(out, "mechs", array)?;
    let mut aggregate = Aggregate::default();
    split_emission(case.rao_emission, case.split.as_deref(), case.mechanisms.len(), &mut aggregate.split);
    aggregate.reset(case.mechanisms.first().map_or(0, EpochInput::n));
    for (index, (input, expected)) in case.mechanisms.iter().zip(expected).enumerate() {
        if input.n() > REFERENCE_UIDS_MAX {
            return Ok(());
        }
        let part = aggregate.split.get(index).copied().unwrap_or(0);
        let outcome = reference::epoch_with_emission(input, &case.params, part);
        if let (0, Some(trace)) = (index, trace) {
            same_trace(trace, &outcome.trace).map_err(|fault| fault.within("trace"))?;
        }
        same_output(expected, &outcome.output(), bonds)
            .map_err(|fault| fault.within(&format!("mechs[{index}]")))?;
        aggregate.add(&outcome.output(), mechanism_weight(index, part, case.rao_emission));
    }
    match optional(out, "aggregate") {
        Some(expected) => same_aggregate(expected, &aggregate).map_err(|fault| fault.within("aggregate")),
        None => Ok(()),
    }
}

fn same_output(expected: &Value, got: &EpochOutput<'_>, bonds: Bonds) -> Result<(), Fault> {
    let flags = |value, path: &str| list(value, path, boolean);
    same("incentive", &get(expected, "incentive", ints)?, got.incentive)?;
    same("dividends", &get(expected, "dividends", ints)?, got.dividends)?;
    same("consensus", &get(expected, "consensus", ints)?, got.consensus)?;
    same("validator_trust", &get(expected, "validator_trust", ints)?, got.validator_trust)?;
    same("stake_weight", &get(expected, "stake_weight", ints)?, got.stake_weight)?;
    same("active", &get(expected, "active", flags)?, got.active)?;
    same("validator_permit", &get(expected, "validator_permit", flags)?, got.validator_permit)?;
    same("server_emission", &get(expected, "server_emission", ints)?, got.server_emission)?;
    same("validator_emission", &get(expected, "validator_emission", ints)?, got.validator_emission)?;
    same("emission", &get(expected, "emission", ints)?, got.emission)?;
    same("stake", &get(expected, "stake", ints)?, got.stake)?;
    match bonds {
        Bonds::LeftOut => Ok(()),
        Bonds::Compared => {
            let got: Vec<Row<u16>> = got.bonds.iter().map(<[(u16, u16)]>::to_vec).collect();
            same_rows("bonds", &get(expected, "bonds", rows)?, &got)
        }
    }
}

fn same_aggregate(expected: &Value, got: &Aggregate) -> Result<(), Fault> {
    let flags = |value, path: &str| list(value, path, boolean);
    same("split", &get(expected, "split", ints)?, &got.split)?;
    same("dividends", &get(expected, "dividends", ints)?, &got.dividends)?;
    same("consensus", &get(expected, "consensus", ints)?, &got.consensus)?;
    same("validator_trust", &get(expected, "validator_trust", ints)?, &got.validator_trust)?;
    same("stake_weight", &get(expected, "stake_weight", ints)?, &got.stake_weight)?;
    same("active", &get(expected, "active", flags)?, &got.active)?;
    same("validator_permit", &get(expected, "validator_permit", flags)?, &got.validator_permit)?;
    same("server_emission", &get(expected, "server_emission", ints)?, &got.server_emission)?;
    same("validator_emission", &get(expected, "validator_emission", ints)?, &got.validator_emission)?;
    same("emission", &get(expected, "emission", ints)?, &got.emission)?;
    match optional(expected, "stake") {
        Some(stake) => same("stake", &ints(stake, "stake")?, &got.stake),
        None => Ok(()),
    }
}

fn same_trace(expected: &Value, got: &Trace) -> Result<(), Fault> {
    let object = |name: &str| optional(expected, name).and_then(Value::as_object).into_iter().flatten();
    for (name, value) in object("vecs") {
        let got = got.vector(name).ok_or_else(|| unknown("vecs", name))?;
        same(name, &ints(value, name)?, got)?;
    }
    for (name, value) in object("mats") {
        let got = got.matrix(name).ok_or_else(|| unknown("mats", name))?;
        same_rows(name, &list(value, name, row)?, got)?;
    }
    Ok(())
}

fn unknown(kind: &str, name: &str) -> Fault {
    let expected = "the name of a step of the epoch".to_owned();
    Fault::WrongType { path: kind.to_owned(), expected, found: name.to_owned() }
}
