//! `--set key=value`: a scenario changed from the command line.

use super::document::{KeyPath, Step};
use toml::{Table, Value};

/// One `--set`.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// The key.
    pub path: KeyPath,
    /// The new value.
    pub value: Value,
    /// As it was written.
    pub text: String,
}

impl Override {
    /// Reads `chain.block_time_ms=6000`, `cast[3].stake=10`, `cast.vera.stake=10`, `subnet.compression.task.sharpness=2`
    /// or `subnet.netuid:1.hyperparameters.tempo=20`. Places count from 0, in brackets or behind a point.
    ///
    /// The value is read as TOML; what is not TOML is taken as text, so `--set cast.zara.method=zstd` needs
    /// no quotes.
    ///
    /// # Errors
    /// Without `=`, or when the key is no path.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (key, value) = text
            .split_once('=')
            .ok_or_else(|| "expected key=value, for example subnet[0].task.slice_bytes=2048".to_owned())?;
        let path = KeyPath::parse(key.trim()).ok_or_else(|| {
            format!("`{key}` is no key: expected something like cast[3].stake or cast.vera.stake")
        })?;
        let value = value.trim();
        let parsed = format!("v = {value}").parse::<Table>().ok().and_then(|mut table| table.remove("v"));
        let value = parsed.unwrap_or_else(|| Value::String(value.to_owned()));
        Ok(Self { path, value, text: text.to_owned() })
    }
    /// Writes the value into a document and gives back the path at which it then stands.
    ///
    /// # Errors
    /// When the path leads through something that is not there or not a table.
    pub fn apply(&self, table: &mut Table) -> Result<KeyPath, String> {
        let mut slot = Slot::Table(table);
        let mut path = KeyPath::root();
        let (last, holders) = self.path.steps().split_last().ok_or("it names no key")?;
        for step in holders {
            let (next, taken) = slot.enter(step, &path)?;
            slot = next;
            path = taken;
        }
        slot.put(last, self.value.clone(), &path)
    }
}

enum Slot<'a> {
    Table(&'a mut Table),
    Array(&'a mut Vec<Value>),
}

impl<'a> Slot<'a> {
    fn enter(self, step: &Step, path: &KeyPath) -> Result<(Self, KeyPath), String> {
        let (value, path) = match (self, step) {
            (Self::Table(table), Step::Key(key)) => {
                (table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new())), path.key(key))
            }
            (Self::Array(array), step) => {
                let index = index_of(array, step, path)?;
                let value =
                    array.get_mut(index).ok_or_else(|| format!("there is no {}", path.index(index)))?;
                (value, path.index(index))
            }
            (Self::Table(_), Step::Index(_)) => return Err(format!("{path} is a table, not a list")),
        };
        match value {
            Value::Table(table) => Ok((Self::Table(table), path)),
            Value::Array(array) => Ok((Self::Array(array), path)),
            _ => Err(format!("{path} is a plain value: nothing lies within it")),
        }
    }
    fn put(self, step: &Step, value: Value, path: &KeyPath) -> Result<KeyPath, String> {
        match (self, step) {
            (Self::Table(table), Step::Key(key)) => {
                table.insert(key.clone(), value);
                Ok(path.key(key))
            }
            (Self::Array(array), step) => {
                let index = index_of(array, step, path)?;
                let slot =
                    array.get_mut(index).ok_or_else(|| format!("there is no {}", path.index(index)))?;
                *slot = value;
                Ok(path.index(index))
            }
            (Self::Table(_), Step::Index(_)) => Err(format!("{path} is a table, not a list")),
        }
    }
}

/// An element by its place, its `name`, its `title`, or by `netuid:2`.
fn index_of(array: &[Value], step: &Step, path: &KeyPath) -> Result<usize, String> {
    let by_netuid = *path == KeyPath::root().key("subnet");
    match step {
        Step::Index(index) if *index < array.len() => Ok(*index),
        Step::Index(index) => {
            let hint =
                if by_netuid { format!("; by netuid write {path}.netuid:{index}") } else { String::new() };
            let count = array.len();
            Err(format!("there is no {path}[{index}]: it has {count} entries, counted from 0{hint}"))
        }
        Step::Key(key) => {
            let netuid = key.strip_prefix("netuid:").and_then(|number| number.parse().ok());
            let text = |element: &Value, of: &str| element.get(of).and_then(Value::as_str) == Some(key);
            let is_meant = |element: &Value| match netuid {
                Some(netuid) => element.get("netuid").and_then(Value::as_integer) == Some(netuid),
                None => text(element, "name") || text(element, "title"),
            };
            let mut meant = (0..).zip(array).filter(|(_, element)| is_meant(element)).map(|(index, _)| index);
            let first = meant.next().ok_or_else(|| match (netuid, by_netuid) {
                (Some(netuid), true) => format!("there is no subnet of netuid {netuid}"),
                (_, true) => format!("no subnet has the title `{key}`"),
                _ => format!("no entry of {path} is named `{key}`"),
            })?;
            match meant.next() {
                None => Ok(first),
                Some(second) => {
                    Err(format!("`{key}` is {path}[{first}] and {path}[{second}]; say which by its place"))
                }
            }
        }
    }
}
