//! A sequence: epochs of one mechanism, each starting from the bonds and permits of the one before.

use super::case::{Bonds, Case, to_rows};
use super::json::{Row, array, field, get, int, ints, list, optional, pair, row, rows};
use super::{Checker, Fault};
use crate::kernel::{EpochInput, Rows};
use serde_json::Value;

impl Checker {
    pub(super) fn check_sequence(&mut self, line: &Value) -> Result<(), Fault> {
        let mut case = Case::read(field(line, "in")?).map_err(|fault| fault.within("in"))?;
        let steps = get(line, "steps", array)?;
        if case.mechanisms.len() != 1 {
            let found = case.mechanisms.len();
            return Err(Fault::WrongLength { path: "in.mechs".to_owned(), expected: 1, found });
        }
        for (index, step) in steps.iter().enumerate() {
            self.check_step(&mut case, step).map_err(|fault| fault.within(&format!("steps[{index}]")))?;
        }
        match steps.is_empty() {
            true => Err(Fault::WrongLength { path: "steps".to_owned(), expected: 1, found: 0 }),
            false => Ok(()),
        }
    }

    fn check_step(&mut self, case: &mut Case, step: &Value) -> Result<(), Fault> {
        if let Some(rao) = optional(step, "rao_emission") {
            case.rao_emission = int(rao, "rao_emission")?;
        }
        if let Some(input) = case.mechanisms.first_mut() {
            apply(input, step)?;
        }
        let out = field(step, "out")?;
        self.check_epoch(case, out, step.get("trace"), Bonds::Compared)?;
        let first = get(out, "mechs", array)?.first();
        if let (Some(input), Some(out)) = (case.mechanisms.first_mut(), first) {
            input.bonds = to_rows(get(out, "bonds", rows)?);
            input.validator_permit =
                get(out, "validator_permit", |value, path| list(value, path, super::json::boolean))?;
        }
        Ok(())
    }
}

/// What happens between two epochs.
fn apply(input: &mut EpochInput, step: &Value) -> Result<(), Fault> {
    if let Some(block) = optional(step, "current_block") {
        input.current_block = int(block, "current_block")?;
    }
    if let Some(block) = optional(step, "last_mechanism_step_block") {
        input.last_mechanism_step_block = int(block, "last_mechanism_step_block")?;
    }
    if let Some(uids) = optional(step, "reset_bonds") {
        let uids: Vec<u16> = ints(uids, "reset_bonds")?;
        input.bonds = edit(&input.bonds, |_, row| row.retain(|(j, _)| !uids.contains(j)));
    }
    if let Some(changes) = optional(step, "weights") {
        let change = |value, path: &str| pair(value, path, int::<u16>, row::<u16>);
        for (uid, changed) in list(changes, "weights", change)? {
            let uid = usize::from(uid);
            while input.weights.len() <= uid {
                input.weights.end_row();
            }
            input.weights = edit(&input.weights, |i, row| {
                if i == uid {
                    row.clone_from(&changed);
                }
            });
        }
    }
    let n = input.n();
    if input.last_update.len() < n {
        input.last_update.resize(n, 0);
    }
    overwrite(&mut input.last_update, step, "last_update")?;
    overwrite(&mut input.block_at_registration, step, "block_at_registration")?;
    overwrite(&mut input.alpha_stake, step, "alpha_stake")
}

fn edit(rows: &Rows, change: impl Fn(usize, &mut Row<u16>)) -> Rows {
    let mut edited: Vec<Row<u16>> = rows.iter().map(<[(u16, u16)]>::to_vec).collect();
    for (i, row) in edited.iter_mut().enumerate() {
        change(i, row);
    }
    to_rows(edited)
}

fn overwrite(values: &mut [u64], step: &Value, name: &str) -> Result<(), Fault> {
    let Some(changes) = optional(step, name) else { return Ok(()) };
    for (uid, value) in list(changes, name, |value, path| pair(value, path, int::<u16>, int::<u64>))? {
        let expected = values.len();
        match values.get_mut(usize::from(uid)) {
            Some(slot) => *slot = value,
            None => {
                let (path, found) = (format!("{name}: uid {uid}"), usize::from(uid) + 1);
                return Err(Fault::WrongLength { path, expected, found });
            }
        }
    }
    Ok(())
}
