//! A network that stood elsewhere, as a genesis: snapshots of a whole network, and metagraphs as JSON or CSV.
//!
//! Whatever the form, the same things are checked: addresses, hotkeys that stand twice, uids that nobody has, amounts
//! that are negative or too large. Nothing is written unless all is right.

mod cell;
mod decimal;
pub mod matrices;
mod metagraph;
mod network;
mod table;
mod write;

pub use write::write;

use crate::json::memory_of;
use chain::snapshot::{FORMAT, Snapshot};
use flate2::read::MultiGzDecoder;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What is unpacked of a file at most. **Units**: bytes.
const LEN_MAX: u64 = 512 << 20;
/// Memory that the values of a file may take, beside that of their texts. **Units**: bytes.
const MEMORY_MAX: usize = 1 << 30;

/// What cannot be imported, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// A line (`line 17`) or a path in JSON (`uids[3].hotkey`); empty for the file as a whole.
    pub place: String,
    /// What is wrong and what is allowed.
    pub what: String,
}

impl Refusal {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.what)
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        // The error's own words end with line and column.
        Self::new("", format!("this is no JSON of a known form: {error}"))
    }
}

/// What a reader had to assume, for standard error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes(pub Vec<String>);

impl Notes {
    fn add(&mut self, note: &str) {
        self.0.push(note.to_owned());
    }
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The network.
    pub snapshot: Snapshot,
    /// Assumptions made where the file is silent.
    pub notes: Notes,
}

/// Reads a file of any known form. `netuid` stands for one that the file does not name, or overrides it.
///
/// # Errors
/// What is wrong with it, and where.
pub fn read(path: &Path, netuid: Option<u16>) -> Result<Imported, Refusal> {
    let text = text(&bytes_of(path)?)?;
    let mut notes = Notes::default();
    let snapshot = if text.trim_start().starts_with(['{', '[']) {
        json(&text, netuid, &mut notes)?
    } else {
        csv(&text, netuid, &mut notes)?
    };
    snapshot.check().map_err(|error| Refusal::new(error.path, error.what))?;
    Ok(Imported { snapshot, notes })
}

/// Reads a genesis that [`write()`] wrote.
///
/// # Errors
/// What is wrong with it, and where.
pub fn genesis(path: &Path) -> Result<Snapshot, Refusal> {
    let snapshot: Snapshot = serde_json::from_str(&text(&bytes_of(path)?)?).map_err(|error| {
        Refusal::new("", format!("this is no genesis that `localnet import` wrote: {error}"))
    })?;
    snapshot.check().map_err(|error| Refusal::new(error.path, error.what))?;
    Ok(snapshot)
}

/// The bytes of a file.
fn bytes_of(path: &Path) -> Result<Vec<u8>, Refusal> {
    let cannot = |error| Refusal::new("", format!("cannot be read ({error})"));
    bounded(File::open(path).map_err(cannot)?).map_err(cannot)?.ok_or_else(too_long)
}

/// All that a reader gives; `None` if it is more than a file may hold.
fn bounded(reader: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = reader.take(LEN_MAX + 1).read_to_end(&mut bytes)?;
    Ok((read as u64 <= LEN_MAX).then_some(bytes))
}

fn too_long() -> Refusal {
    Refusal::new("", format!("it holds more than {} MiB, unpacked", LEN_MAX >> 20))
}

/// The text of a file, unpacked if it is gzip.
///
/// # Errors
/// When it is cut, too large, or no UTF-8.
pub fn text(bytes: &[u8]) -> Result<String, Refusal> {
    let unpacked;
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        let read = bounded(MultiGzDecoder::new(bytes)).map_err(|error| {
            Refusal::new("", format!("the gzip file cannot be unpacked, is it cut? ({error})"))
        })?;
        unpacked = read.ok_or_else(too_long)?;
        unpacked.as_slice()
    } else {
        bytes
    };
    let text = str::from_utf8(bytes).map_err(|error| {
        let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        Refusal::new(format!("line {line}"), "this is no UTF-8 text")
    })?;
    if text.trim().is_empty() {
        return Err(Refusal::new("", "the file is empty"));
    }
    Ok(text.to_owned())
}

fn json(text: &str, netuid: Option<u16>, notes: &mut Notes) -> Result<Snapshot, Refusal> {
    if memory_of(text.as_bytes()) > MEMORY_MAX {
        return Err(Refusal::new(
            "",
            format!("it holds more values than fit into {MEMORY_MAX} bytes of memory"),
        ));
    }
    let documents = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    let documents = documents.collect::<Result<Vec<_>, _>>()?;
    let is_network =
        |value: &serde_json::Value| value.get("stakes").is_some() && value.get("balances").is_some();
    if let [document] = documents.as_slice()
        && is_network(document)
    {
        return network::read(text, metagraph::which(netuid, None, notes)?);
    }
    let subnet = metagraph::read(&documents, netuid, notes)?;
    Ok(Snapshot { schema: FORMAT, balances: Vec::new(), subnets: vec![subnet] })
}

fn csv(text: &str, netuid: Option<u16>, notes: &mut Notes) -> Result<Snapshot, Refusal> {
    let subnet = table::read(text, netuid, notes)?;
    Ok(Snapshot { schema: FORMAT, balances: Vec::new(), subnets: vec![subnet] })
}
