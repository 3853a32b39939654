//! Weights, stake and bonds as matrices: what people who study consensus have, as JSON or CSV.

use super::cell::{Cell, Dense, Unit};
use super::{Refusal, text};
use serde_json::{Number, Value};
use std::path::Path;

/// Entries of a row: (uid, value of 65,535).
pub type Row = Vec<(u16, u16)>;

/// The input of one epoch.
///
/// **Shape**: `stake` has one element per uid; `weights` and `bonds` have one row per uid or fewer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrices {
    /// Stake by uid. **Units**: rao.
    pub stake: Vec<u64>,
    /// Weights, row = validator.
    pub weights: Vec<Row>,
    /// Bonds before the epoch, row = validator; none for a first epoch.
    pub bonds: Vec<Row>,
    /// Uid of the first column where the columns are miners only; 0 where they are all uids.
    pub first_column: u16,
}

/// Files to read; `weights` may hold all three under the keys W, S and B.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// JSON object with W, S and perhaps B, or a matrix of weights as JSON or CSV.
    pub weights: &'a Path,
    /// Stakes, where the first file is a matrix.
    pub stake: Option<&'a Path>,
    /// Bonds, where the first file is a matrix.
    pub bonds: Option<&'a Path>,
    /// Whether the columns of a square matrix are miners of their own, and not the uids of its rows.
    pub split: bool,
}

const W: &[&str] = &["W", "weights"];
const S: &[&str] = &["S", "stake", "stakes"];
const B: &[&str] = &["B", "bonds"];

/// Reads the matrices of an epoch.
///
/// # Errors
/// The file, the place in it, and what is wrong there.
pub fn read(sources: Sources<'_>) -> Result<Matrices, Refusal> {
    let main = value(sources.weights)?;
    let top = Cell::new(&main, "");
    let [stake_file, bonds_file] = [sources.stake, sources.bonds].map(|path| path.map(value));
    let (stake_file, bonds_file) = (stake_file.transpose()?, bonds_file.transpose()?);
    let other = |file: &Option<Value>, flag: &str, keys: &[&str]| match (file, top.first(keys)) {
        (Some(_), Some(cell)) => {
            Err(Refusal::new(cell.place, format!("{flag} gives it too; leave one of them out")))
        }
        (Some(_), None) | (None, None) => Ok(None),
        (None, Some(cell)) => Ok(Some(cell)),
    };
    let weights = if main.is_array() {
        top.clone()
    } else {
        top.first(W).ok_or_else(|| {
            Refusal::new("", "there are no weights: a matrix under W, or a file that is a matrix")
        })?
    };
    let stake = other(&stake_file, "--stake", S)?;
    let stake = stake.or_else(|| stake_file.as_ref().map(|value| Cell::new(value, "--stake")));
    let stake =
        stake.ok_or_else(|| Refusal::new("", "there is no stake: a list under S, or --stake FILE"))?;
    let bonds = other(&bonds_file, "--bonds", B)?;
    let bonds = bonds.or_else(|| bonds_file.as_ref().map(|value| Cell::new(value, "--bonds")));

    let stake = stakes(&stake)?;
    let first_column = first_column(&weights, stake.len(), sources.split)?;
    let weights = matrix(&weights, &stake, first_column, Dense::OfLargest)?;
    let bonds = bonds.map(|bonds| matrix(&bonds, &stake, first_column, Dense::Stored)).transpose()?;
    let mut stake = stake;
    if first_column > 0 {
        let miners = weights.iter().flatten().map(|(uid, _)| usize::from(*uid) + 1).max();
        let columns = usize::from(first_column) + width(top.first(W).as_ref().unwrap_or(&top))?;
        stake.resize(columns.max(miners.unwrap_or_default()), 0);
    }
    Ok(Matrices { stake, weights, bonds: bonds.unwrap_or_default(), first_column })
}

/// A file as JSON; a CSV table becomes a list of rows, one of a single column or row a plain list.
fn value(path: &Path) -> Result<Value, Refusal> {
    let name = path.display().to_string();
    let within = |refusal: Refusal| {
        let place =
            if refusal.place.is_empty() { name.clone() } else { format!("{name}: {}", refusal.place) };
        Refusal::new(place, refusal.what)
    };
    let bytes =
        std::fs::read(path).map_err(|error| Refusal::new(&name, format!("cannot be read ({error})")))?;
    let text = text(&bytes).map_err(within)?;
    if text.trim_start().starts_with(['{', '[']) {
        return serde_json::from_str(&text).map_err(|error| within(error.into()));
    }
    table(&text).map_err(within)
}

fn table(text: &str) -> Result<Value, Refusal> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| Refusal::new("", format!("this is no CSV table: {error}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells: Vec<_> = record.iter().map(|cell| number(cell).ok_or(cell)).collect();
        if at == 0 && cells.iter().all(Result::is_err) {
            // A head of names.
            continue;
        }
        let cells = cells
            .into_iter()
            .collect::<Result<Vec<_>, _>>()
            .map_err(|cell| Refusal::new(format!("line {line}"), format!("`{cell}` is not a number")))?;
        rows.push(Value::Array(cells));
    }
    let single = |row: &Value| row.as_array().is_some_and(|cells| cells.len() == 1);
    if !rows.is_empty() && rows.iter().all(single) {
        return Ok(rows.iter().filter_map(|row| row.get(0).cloned()).collect());
    }
    Ok(Value::Array(rows))
}

fn number(text: &str) -> Option<Value> {
    if text.is_empty() {
        return Some(Value::from(0));
    }
    let whole = text.parse::<u64>().ok().map(Number::from);
    whole.or_else(|| Number::from_f64(text.parse().ok()?)).map(Value::Number)
}

fn stakes(cell: &Cell<'_>) -> Result<Vec<u64>, Refusal> {
    let mut items = cell.items()?;
    // One row of a CSV table.
    if let [row] = items.as_slice()
        && row.value.is_array()
    {
        items = row.items()?;
    }
    let stakes = items.iter().map(|item| item.amount(Unit::Whole)).collect::<Result<Vec<_>, _>>()?;
    if stakes.is_empty() || stakes.len() > usize::from(u16::MAX) {
        return Err(Refusal::new(&cell.place, format!("{} stakes; allowed: 1 to 65535", stakes.len())));
    }
    if stakes.iter().all(|stake| *stake == 0) {
        return Err(Refusal::new(&cell.place, "all stakes are 0, so nothing is weighed"));
    }
    Ok(stakes)
}

/// Elements of the longest row of plain numbers; 0 where rows are pairs of uid and value.
fn width(weights: &Cell<'_>) -> Result<usize, Refusal> {
    let mut width = 0;
    for row in weights.items()? {
        let items = row.items()?;
        if items.first().is_some_and(|item| !item.value.is_array()) {
            width = width.max(items.len());
        }
    }
    Ok(width)
}

fn first_column(weights: &Cell<'_>, n: usize, split: bool) -> Result<u16, Refusal> {
    let (rows, columns) = (weights.items()?.len(), width(weights)?);
    let all_uids = columns == 0 || columns == n;
    if rows > n || (!all_uids && rows != n) {
        let what = format!(
            "a matrix of {rows} rows and {columns} columns does not go with {n} stakes; allowed: a row for each \
             stake, or fewer with a column for each stake"
        );
        return Err(Refusal::new(&weights.place, what));
    }
    if (all_uids && !split) || columns == 0 {
        return Ok(0);
    }
    u16::try_from(n)
        .ok()
        .filter(|first| usize::from(*first) + columns <= usize::from(u16::MAX))
        .ok_or_else(|| Refusal::new(&weights.place, "more rows and columns than there are uids"))
}

fn matrix(cell: &Cell<'_>, stake: &[u64], first: u16, dense: Dense) -> Result<Vec<Row>, Refusal> {
    let rows = cell.items()?;
    if rows.len() > stake.len() {
        let what = format!("{} rows for {} stakes", rows.len(), stake.len());
        return Err(Refusal::new(&cell.place, what));
    }
    let width = width(cell)?;
    let mut matrix = Vec::with_capacity(rows.len());
    for row in rows {
        let items = row.items()?;
        let is_dense = items.first().is_some_and(|item| !item.value.is_array());
        if is_dense && items.len() != width {
            let what = format!("{} elements, but another row has {width}", items.len());
            return Err(Refusal::new(&row.place, what));
        }
        let entries = row.row(dense)?;
        if let Some((uid, _)) = entries.iter().find(|(uid, _)| first == 0 && usize::from(*uid) >= stake.len())
        {
            return Err(Refusal::new(
                &row.place,
                format!("uid {uid} has no stake of its own; there are {}", stake.len()),
            ));
        }
        matrix.push(entries.into_iter().map(|(uid, value)| (uid.saturating_add(first), value)).collect());
    }
    Ok(matrix)
}
