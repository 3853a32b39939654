//! A metagraph as CSV: a header, then a line for each neuron.

use super::cell::{Cell, Unit};
use super::metagraph::{Ordered, UID, in_order, placed, which};
use super::{Notes, Refusal};
use chain::snapshot::{Params, SubnetSnapshot};
use chain::units::NetUid;
use serde_json::Value;

/// Columns that a table may have.
const COLUMNS_MAX: usize = 1_024;

/// Reads a metagraph. Names of columns are those of the JSON forms, in any case, words joined by blanks or `_`.
pub(super) fn read(text: &str, netuid: Option<u16>, notes: &mut Notes) -> Result<SubnetSnapshot, Refusal> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let refuse = |error: csv::Error| {
        let line = error.position().map(|position| format!("line {}", position.line()));
        Refusal::new(line.unwrap_or_default(), format!("this is no CSV table: {error}"))
    };
    let head: Vec<String> = reader
        .headers()
        .map_err(refuse)?
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').to_ascii_lowercase().replace([' ', '-'], "_"))
        .collect();
    if head.len() > COLUMNS_MAX {
        return Err(Refusal::new("line 1", format!("{} columns; allowed: {COLUMNS_MAX}", head.len())));
    }
    for (at, name) in head.iter().enumerate() {
        if head.iter().take(at).any(|earlier| earlier == name) {
            return Err(Refusal::new("line 1", format!("column `{name}` stands twice")));
        }
    }
    for name in ["uid", "hotkey"] {
        if !head.iter().any(|column| column == name) {
            let columns = head.join(", ");
            return Err(Refusal::new(
                "line 1",
                format!("there is no column `{name}`; the columns are {columns}"),
            ));
        }
    }
    let mut neurons = Vec::new();
    for record in reader.records() {
        let record = record.map_err(refuse)?;
        let line = record.position().map_or(0, csv::Position::line);
        let values: Vec<Value> = record.iter().map(|text| Value::String(text.to_owned())).collect();
        let place = format!("line {line}");
        let cell = |names: &[&str]| {
            let at = names
                .iter()
                .find_map(|name| head.iter().position(|column| column.eq_ignore_ascii_case(name)))?;
            let value = values.get(at)?;
            Some(Cell::new(value, format!("{place}: {}", head.get(at)?)))
        };
        let uid = cell(UID).ok_or_else(|| Refusal::new(&place, "there is no `uid`"))?.short()?;
        if neurons.len() > usize::from(u16::MAX) {
            return Err(Refusal::new(place, "more rows than there are uids, 65,536"));
        }
        neurons.push(placed(&cell, uid, &place, Unit::Whole)?);
    }
    let Ordered { neurons, netuid: of_rows } = in_order(neurons, notes)?;
    let netuid = which(netuid, of_rows, notes)?;
    Ok(SubnetSnapshot { netuid: NetUid(netuid), owner: None, pool: None, params: Params::default(), neurons })
}
