//! What a scenario file may say, as it is written.
//!
//! Nothing is decided here: defaults that depend on other keys, names that must exist and numbers that must
//! fit are the work of `resolve`.

mod cast;
mod chain;
mod expect;
mod parameters;
mod rules;
mod timeline;

pub use self::chain::{Beacon, Chain, OnCrash, Preset, SubnetEntry, Task};
pub use cast::{Cast, Role};
pub use expect::{Always, Bound, BoundOf, Expect};
pub use parameters::{Parameter, Parameters};
pub use rules::{Halving, Rules};
pub use timeline::{Event, Fault, StakeMove, TacticChange, Transfer, UnstakeAll, Vote};

use ::chain::snapshot::Snapshot;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The version of the format that this program reads.
pub const FORMAT: u32 = 1;

/// A scenario: a market, who is in it, what happens, and what must come out.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Version of this format; 1.
    pub schema: u32,
    /// Name, in lower case with dashes.
    pub name: String,
    /// One line that says what it shows.
    #[serde(default)]
    pub title: String,
    /// More about it; never changes a run.
    #[serde(default)]
    pub description: String,
    /// Seed of every random stream; another seed gives another run of the same scenario.
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// How many blocks to play.
    pub blocks: u64,
    /// Parameters of the chain.
    #[serde(default)]
    pub chain: Chain,
    /// Subnets.
    #[serde(default)]
    pub subnet: Vec<SubnetEntry>,
    /// Participants.
    #[serde(default)]
    pub cast: Vec<Cast>,
    /// What happens at a block.
    #[serde(default)]
    pub event: Vec<Event>,
    /// What goes wrong, and when.
    #[serde(default)]
    pub fault: Vec<Fault>,
    /// What must hold at a block or at the end.
    #[serde(default)]
    pub expect: Vec<Expect>,
    /// What must hold at every block.
    #[serde(default)]
    pub always: Vec<Always>,
    /// What `chain.genesis` names, once it is read; no part of the file's text.
    #[serde(skip)]
    pub origin: Option<Arc<Snapshot>>,
    /// `blocks` as the file has it, where the command line asks for another length; no part of the file's text.
    #[serde(skip)]
    pub blocks_written: u64,
}

const fn default_seed() -> u64 {
    1
}
