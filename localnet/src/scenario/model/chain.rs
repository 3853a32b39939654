//! `[chain]` and `[[subnet]]`.

use super::{Parameters, Rules};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of the chain.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Chain {
    /// A file that `localnet import` wrote: the network that the chain begins with, beside the cast. Its path is
    /// seen from the scenario's directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genesis: Option<String>,
    /// How the chain is made ready: `market`, where TAO flows as soon as a subnet has started.
    pub preset: Preset,
    /// Virtual time between two blocks, milliseconds.
    pub block_time_ms: u64,
    /// Virtual time of genesis, milliseconds since 1970.
    pub start_ms: u64,
    /// What a panic of a participant leads to.
    pub on_crash: OnCrash,
    /// The drand beacon of the chain: `none`, or `local`, a beacon of its own with a pulse in every block, to which
    /// validators of subnets with commit-reveal then timelock their weights.
    pub beacon: Beacon,
    /// Chain-wide values by name, over those of the preset.
    pub parameters: Parameters,
    /// Rules that changed over the network's life.
    pub rules: Rules,
}

impl Default for Chain {
    fn default() -> Self {
        let plan = actors::plan::ChainPlan::default();
        Self {
            genesis: None,
            preset: Preset::Market,
            block_time_ms: plan.block_time_ms,
            start_ms: plan.start_ms,
            on_crash: OnCrash::Fail,
            beacon: Beacon::None,
            parameters: Parameters::new(),
            rules: Rules::default(),
        }
    }
}

/// The drand beacon of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Beacon {
    /// No pulses come.
    None,
    /// A beacon of its own, a function of the seed.
    Local,
}

/// How the chain is made ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Emission on, root open, no freeze window, moving prices warm.
    Market,
    /// The reference development chain of a fast build: tempo 10, short delays.
    Fast,
    /// The reference development chain of a production build: tempo 360, delays of hours and days.
    Production,
    /// A production build with the main network's stake threshold, TAO weight, rate limits and commit-reveal of October
    /// 2026.
    Mainnet,
}

/// What a panic of a participant leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnCrash {
    /// The run ends with an error.
    Fail,
    /// It takes no further part.
    Retire,
    /// It begins again as at genesis.
    Restart,
}

/// One subnet.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubnetEntry {
    /// Its number; subnets count 1, 2, 3, ... in the order of the file.
    pub netuid: u16,
    /// What it is about, as a person reads it; never changes a run.
    #[serde(default)]
    pub title: String,
    /// The task and how answers are judged: `compression`, or `dummy`, that of the subnet template.
    pub mechanism: String,
    /// Details of the task.
    #[serde(default)]
    pub task: Task,
    /// Hyperparameters by name, over those of the preset: `tempo`, `kappa`, ...
    #[serde(default)]
    pub hyperparameters: Parameters,
}

/// Details of the task; what is left out has its default. A dummy market has rounds and an average, nothing else.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Task {
    /// Length of a challenge, bytes.
    pub slice_bytes: Option<u32>,
    /// A validator asks all miners every so many blocks.
    pub round_every: Option<u64>,
    /// Weight of the newest score in the moving average, thousandths.
    pub ema_permille: Option<u16>,
    /// What one unit of declared cost takes from a score, millionths of it.
    pub cost_ppm: Option<u32>,
    /// Exponent that turns average scores into weights.
    pub sharpness: Option<u8>,
}
