//! Where the blocks of a run are kept.

use crate::exit::Failure;
use crate::runs;
use crate::scenario::Scenario;
use actors::plan::Plan;
use chain::ledger::{self, Durability, Identity, Ledger, Opened};
use parity_scale_codec::{DecodeAll as _, Encode as _};
use std::path::{Path, PathBuf};

/// Where to keep a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// Nowhere.
    Memory,
    /// In a fresh directory below `.localnet/runs`.
    Fresh,
    /// In this directory, which is continued if it holds this run.
    At(PathBuf),
}

/// Opens the ledger of a run, made if there is none.
pub(super) fn open(
    store: &Store,
    durability: Durability,
    scenario: &Scenario,
    genesis: [u8; 32],
) -> Result<Option<(Ledger, Opened)>, Failure> {
    let identity = Identity {
        genesis,
        scenario_digest: scenario.plan.digest,
        seed: scenario.plan.seed,
        scenario: scenario.plan.encode(),
    };
    match store {
        Store::Memory => Ok(None),
        Store::Fresh => {
            let name = &scenario.plan.name;
            let (path, _turn) = runs::fresh(Path::new(runs::ROOT), name, scenario.plan.seed)?;
            Ledger::create(path, &identity, durability).map(Some).map_err(failure)
        }
        Store::At(path) => Ledger::resume(path, &identity, durability).map(Some).map_err(failure),
    }
}

/// Opens a ledger of any run, and the plan it was made with.
pub(crate) fn open_any(path: &Path) -> Result<(Ledger, Opened, Plan), Failure> {
    let (ledger, opened) = Ledger::open(path, None, Durability::Buffered).map_err(failure)?;
    let plan = Plan::decode_all(&mut opened.identity.scenario.as_slice());
    let plan = plan.map_err(|error| {
        Failure::Usage(format!(
            "{}: made by another version of localnet, its plan cannot be read ({error})",
            path.display()
        ))
    })?;
    Ok((ledger, opened, plan))
}

/// What the user can put right is usage; the rest is not.
pub(crate) fn failure(error: ledger::Error) -> Failure {
    if error.is_full() {
        return Failure::NoRoom(format!("--store: {error}"));
    }
    match error {
        ledger::Error::Threads { .. } | ledger::Error::Stalled { .. } => {
            Failure::NoRoom(format!("--store: {error}"))
        }
        ledger::Error::Degraded { .. }
        | ledger::Error::Discontinuous { .. }
        | ledger::Error::NoSuchState { .. } => Failure::Internal(format!("ledger: {error}")),
        error => Failure::Usage(format!("--store: {error}")),
    }
}
