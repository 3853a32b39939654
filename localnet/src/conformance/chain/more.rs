//! `NAME.more.jsonl.gz` beside a scenario: rows and events of all other pallets, and dispatch information.

use super::input::{HexBytes, Lines, Problem};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is recorded of a block beside its line in the scenario.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct More {
    /// Height.
    #[serde(rename = "n")]
    height: u64,
    /// Rows that were set.
    #[serde(default)]
    pub(super) set: Map<String, Json>,
    /// Rows that were removed.
    #[serde(default)]
    pub(super) del: Vec<String>,
    /// Events of all pallets in order; none at genesis.
    #[serde(default)]
    pub(super) events: Option<Vec<Json>>,
    /// Dispatch information of each operation; null for a raw write.
    #[serde(default)]
    pub(super) infos: Vec<Option<CallInfo>>,
}

/// Dispatch information of a call, before and after.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallInfo {
    /// Before dispatch.
    pub(super) info: Info,
    /// `ref_time` after dispatch; null when it is that of before.
    pub(super) actual: Option<u64>,
    /// Whether it pays after dispatch.
    pub(super) post_pays: String,
    /// The encoded call.
    pub(super) hex: HexBytes,
}

/// Dispatch information as the chain computes it for a call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Info {
    /// `ref_time` and `proof_size` of the call.
    pub(super) call_weight: (u64, u64),
    /// Those of the transaction extensions.
    pub(super) ext_weight: (u64, u64),
    /// `Normal`, `Operational` or `Mandatory`.
    pub(super) class: String,
    /// `Yes` or `No`.
    pub(super) pays: String,
}

impl Info {
    /// Dispatch information of ours in the same form.
    pub(super) fn of(info: &chain::runtime::CallInfo) -> Self {
        Self {
            call_weight: (info.weight.ref_time, info.weight.proof_size),
            ext_weight: (0, 0),
            class: format!("{:?}", info.class),
            pays: if info.pays { "Yes" } else { "No" }.to_owned(),
        }
    }
    /// As it is shown.
    pub(super) fn print(&self) -> String {
        let Self { call_weight, ext_weight, class, pays } = self;
        format!("weight {call_weight:?}, extensions {ext_weight:?}, {class}, pays {pays}")
    }
}

/// Ends of the names of such files.
const ENDS: [(&str, &str); 2] = [(".more.jsonl.gz", ".jsonl.gz"), (".more.jsonl", ".jsonl")];

/// The scenario that a file belongs to, if it is one of these by its name.
pub(super) fn scenario_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let stem = |(end, plain): &(&str, &str)| Some(format!("{}{plain}", name.strip_suffix(end)?));
    ENDS.iter().find_map(stem).map(|name| path.with_file_name(name))
}

/// Reads the file beside a scenario; nothing when there is none.
pub(super) fn beside(path: &Path) -> Result<Option<BTreeMap<u64, More>>, Problem> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Ok(None) };
    let stem = name.strip_suffix(".jsonl.gz").or_else(|| name.strip_suffix(".jsonl")).unwrap_or(name);
    let found =
        ENDS.iter().map(|(end, _)| path.with_file_name(format!("{stem}{end}"))).find(|path| path.exists());
    let Some(found) = found else { return Ok(None) };
    let named = |problem: Problem| Problem::of_file(format!("{}{problem}", found.display()));
    let mut lines = Lines::open(&found).map_err(named)?;
    let mut blocks = BTreeMap::new();
    while let Some(bytes) = lines.next_bytes().map_err(named)? {
        let more: More = serde_json::from_slice(&bytes).map_err(|error| named(lines.problem(error)))?;
        blocks.insert(more.height, more);
    }
    Ok(Some(blocks))
}
