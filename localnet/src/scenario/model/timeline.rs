//! `[[event]]` and `[[fault]]`: what happens, and what goes wrong.

use super::{Parameters, Rules};
use crate::scenario::amount::Amount;
use crate::scenario::pair::{pair, pairs, some_pair};
use crate::scenario::selector::Selector;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that happens at a block. Exactly one of the keys beside `at_block`, `every`, `netuid` and `may_fail` is given.
///
/// An event that the chain refuses fails the run, unless it says `may_fail = true`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// At which block, from 1.
    pub at_block: u64,
    /// It happens again and again, this many blocks apart, until the scenario ends.
    #[serde(default)]
    pub every: Option<u64>,
    /// Whether the chain may refuse it: the report then names the refusal, and the run passes.
    #[serde(default)]
    pub may_fail: bool,
    /// The subnet whose hyperparameters `set` changes; the first unless said.
    #[serde(default)]
    pub netuid: Option<u16>,
    /// Root sets hyperparameters, by name.
    #[serde(default)]
    pub set: Option<Parameters>,
    /// A participant changes its ways.
    #[serde(default)]
    pub tactic: Option<TacticChange>,
    /// A coldkey sends TAO to another.
    #[serde(default)]
    pub transfer: Option<Transfer>,
    /// A coldkey stakes TAO with a hotkey.
    #[serde(default)]
    pub stake: Option<StakeMove>,
    /// A coldkey takes all its stake off a hotkey.
    #[serde(default)]
    pub unstake_all: Option<UnstakeAll>,
    /// Members of root vote on subnets; counts under the rule root-votes.
    #[serde(default)]
    pub vote: Option<Vote>,
    /// Other rules from the next block on, as a forkless upgrade brings them.
    #[serde(default)]
    pub rules: Option<Rules>,
    /// A call of the chain by the chain's names, sent as root:
    /// `call = { AdminUtils = { sudo_set_tempo = { netuid = 1, tempo = 20 } } }`.
    #[serde(default)]
    pub call: Option<serde_json::Value>,
    /// These panic at their next reaction.
    #[serde(default)]
    pub crash: Option<Selector>,
    /// These fall silent for good.
    #[serde(default)]
    pub retire: Option<Selector>,
}

/// A participant changes its ways.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TacticChange {
    /// Who.
    pub of: Selector,
    /// The new tactic.
    pub to: String,
    /// Honest miners: the compressor.
    #[serde(default)]
    pub method: Option<String>,
    /// Honest miners: its level.
    #[serde(default)]
    pub level: Option<u8>,
}

/// A coldkey sends TAO to another.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// Who pays, by name.
    pub from: String,
    /// Who receives, by name.
    pub to: String,
    /// How much.
    pub amount: Amount,
}

/// A coldkey stakes TAO with a hotkey.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StakeMove {
    /// Whose TAO, by name.
    pub who: String,
    /// With whose hotkey, by name; its own unless said.
    #[serde(default)]
    pub with: Option<String>,
    /// On which subnet; 0 is root, the first subnet unless said.
    #[serde(default)]
    pub netuid: Option<u16>,
    /// How much.
    pub amount: Amount,
}

/// A coldkey takes all its stake off a hotkey.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnstakeAll {
    /// Whose stake, by name.
    pub who: String,
    /// Off whose hotkey, by name; its own unless said.
    #[serde(default)]
    pub with: Option<String>,
}

/// Members of root vote on subnets.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// Who; validators with stake on root.
    pub of: Selector,
    /// Pairs of a subnet's number and its weight.
    #[serde(deserialize_with = "pairs")]
    pub weights: Vec<[u16; 2]>,
}

/// Something that goes wrong between participants for a while. Exactly one of `offline`, `loss_permille`,
/// `latency_blocks` and `partition` is given.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// First and last block.
    #[serde(deserialize_with = "pair")]
    pub during: [u64; 2],
    /// Nothing reaches or leaves these.
    #[serde(default)]
    pub offline: Option<Selector>,
    /// How many of a thousand messages are lost.
    #[serde(default)]
    pub loss_permille: Option<u16>,
    /// Messages arrive so many blocks late.
    #[serde(default)]
    pub latency_blocks: Option<u64>,
    /// Whose messages are lost or late; everyone's unless said.
    #[serde(default)]
    pub of: Option<Selector>,
    /// Nothing passes between these two sides.
    #[serde(default, deserialize_with = "some_pair")]
    pub partition: Option<[Selector; 2]>,
}
