//! Lines of a vector file and their members.

use chain::account::AccountId;
use chain::block::Hash;
use flate2::bufread::MultiGzDecoder;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// What is wrong with a file, and at which line.
#[derive(Debug)]
pub(super) struct Problem {
    line: u64,
    what: String,
}

impl Problem {
    /// A problem of the file as a whole.
    pub(super) fn of_file(what: impl fmt::Display) -> Self {
        Self { line: 0, what: what.to_string() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, ": {}", self.what),
            line => write!(f, ":{line}: {}", self.what),
        }
    }
}

/// The lines of a file, unpacked when it starts as gzip does.
pub(super) struct Lines {
    reader: Box<dyn BufRead>,
    number: u64,
}

impl Lines {
    /// Opens a file.
    pub(super) fn open(path: &Path) -> Result<Self, Problem> {
        let unread = |error: std::io::Error| Problem::of_file(format!("it cannot be read: {error}"));
        let mut file = BufReader::new(File::open(path).map_err(unread)?);
        let packed = file.fill_buf().map_err(unread)?.starts_with(&[0x1f, 0x8b]);
        let reader: Box<dyn BufRead> =
            if packed { Box::new(BufReader::new(MultiGzDecoder::new(file))) } else { Box::new(file) };
        Ok(Self { reader, number: 0 })
    }
    /// A problem at the line read last.
    pub(super) fn problem(&self, what: impl fmt::Display) -> Problem {
        Problem { line: self.number, what: what.to_string() }
    }
    /// The bytes of the next line that is not blank.
    pub(super) fn next_bytes(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        loop {
            let mut bytes = Vec::new();
            self.number = self.number.saturating_add(1);
            let count = self.reader.read_until(b'\n', &mut bytes);
            match count.map_err(|error| self.problem(format!("it cannot be read on: {error}")))? {
                0 => return Ok(None),
                _ if bytes.trim_ascii().is_empty() => {}
                _ => return Ok(Some(bytes)),
            }
        }
    }
    /// The next line that is not blank.
    pub(super) fn next_line(&mut self) -> Result<Option<Json>, Problem> {
        let Some(bytes) = self.next_bytes()? else { return Ok(None) };
        let line = serde_json::from_slice(&bytes);
        line.map(Some).map_err(|error| self.problem(format!("it is no JSON: {error}")))
    }
    /// The type of a line and its other members read as `T`.
    pub(super) fn read_as<T: for<'de> Deserialize<'de>>(&self, line: Json) -> Result<T, Problem> {
        serde_json::from_value(line).map_err(|error| self.problem(error))
    }
}

/// First line of a scenario.
#[derive(Deserialize)]
pub(super) struct Header {
    /// Name of the scenario.
    pub(super) scenario: String,
    /// `extrinsics` for a file of signed extrinsics.
    #[serde(default)]
    pub(super) kind: Option<String>,
    /// Balances of genesis, rao by account.
    #[serde(default)]
    pub(super) genesis_balances: BTreeMap<String, u64>,
    /// Hash of block 0, which signatures cover.
    #[serde(default)]
    pub(super) genesis_hash: Option<HexHash>,
    /// The special accounts by name.
    #[serde(default)]
    pub(super) accounts: BTreeMap<String, AccountId>,
}

/// A block of a scenario; the storage members are what changed since the block before.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Block {
    #[serde(rename = "type")]
    _type: String,
    /// Height.
    pub(super) n: u64,
    /// The randomness of the block; none at genesis.
    #[serde(default)]
    pub(super) parent_hash: Option<HexHash>,
    /// What happened in the block, in order.
    #[serde(default)]
    pub(super) ops: Vec<Operation>,
    /// Events: of the pallet alone in emission order, or of all pallets with their phases.
    #[serde(default)]
    pub(super) events: Vec<Json>,
    /// Rows that were set.
    #[serde(default)]
    pub(super) set: Map<String, Json>,
    /// Rows that were removed.
    #[serde(default)]
    pub(super) del: Vec<String>,
    /// Derived values that changed.
    #[serde(default)]
    pub(super) derived: Map<String, Json>,
}

/// Thirty-two bytes written as `0x` hex.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct HexHash(#[serde(with = "chain::types::hex_bytes")] pub(super) Hash);

/// Bytes written as `0x` hex.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct HexBytes(#[serde(with = "chain::types::hex_bytes")] pub(super) Vec<u8>);

/// An operation of a block.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Operation {
    /// A call, dispatched without fee.
    Call {
        /// The pallet; `SubtensorModule` when not given.
        #[serde(default)]
        pallet: Option<String>,
        /// Who sends it.
        who: Origin,
        /// The call.
        call: String,
        /// Its arguments.
        #[serde(default)]
        args: Json,
        /// `ok` or `Pallet.Error`.
        result: String,
    },
    /// A raw write to storage.
    Put {
        /// The pallet; `SubtensorModule` when not given.
        #[serde(default)]
        pallet: Option<String>,
        /// The item.
        item: String,
        /// Its key parts.
        keys: Vec<Json>,
        /// The value; null removes the row.
        value: Json,
        /// Always `ok`.
        result: String,
    },
    /// An encoded extrinsic.
    Xt(Box<super::extrinsic::Recorded>),
}

/// Who sends a call.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Origin {
    /// A word.
    Word(OriginWord),
    /// An account.
    Account(AccountId),
}

/// An origin that is not an account.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OriginWord {
    /// The chain itself.
    Root,
    /// Unsigned.
    None,
}
