//! What is to be played: a scenario with every choice resolved, free of any file format.
//!
//! The scenario loader builds a [`Plan`]; a run is a function of the plan (its seed is part of it) and of
//! the tape. Amounts are in rao, times in blocks; names tie the parts together.

mod cast;
mod chain;
mod check;

pub use self::cast::{CastMember, Method, MinerTactic, Role, StakePlan, ValidatorTactic};
pub use self::chain::{BeaconPlan, ChainPlan, Preset, Setting, Value};
pub use check::PlanError;

use crate::corpus::Corpus;
use ::chain::call::RuntimeCall;
use ::chain::economics::Economics;
use ::chain::units::{BlockNumber, NetUid, Rao};
use parity_scale_codec::{Decode, Encode};
use std::sync::Arc;

/// A participant: its place in [`Plan::cast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct ActorId(pub u32);

impl ActorId {
    /// The place as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A whole run, resolved.
///
/// **Invariant** (checked by [`Plan::check`]): names of the cast are unique and not empty, every name and
/// netuid used exists, each subnet has one owner and at least one validator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Plan {
    /// The scenario's name.
    pub name: String,
    /// Where all randomness comes from.
    pub seed: u64,
    /// How many blocks the scenario lasts; block 0 is genesis and does not count.
    pub blocks: BlockNumber,
    /// The scenario's digest, given by the loader.
    pub digest: [u8; 32],
    /// Chain-wide choices.
    pub chain: ChainPlan,
    /// The subnets, netuid 1 first and without gaps but for those that the chain begins with: the chain gives numbers
    /// in the order of registration.
    pub subnets: Vec<SubnetPlan>,
    /// The participants; the place in this list is the [`ActorId`].
    pub cast: Vec<CastMember>,
    /// What happens at known blocks.
    pub events: Vec<TimedEvent>,
    /// What goes wrong between participants. In order: the first rule that does not pass a message decides.
    pub faults: Vec<Fault>,
    /// The text that the markets work on.
    pub corpus: Arc<Corpus>,
    /// What a panic of a participant leads to.
    pub on_crash: OnCrash,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SubnetPlan {
    /// Its number.
    pub netuid: NetUid,
    /// What it is about, as a person reads it.
    pub title: String,
    /// The task and how answers are judged.
    pub mechanism: MechanismPlan,
    /// Hyperparameters set by root right after registration, over those of the preset. Names and limits:
    /// [`settings::SUBNET`](crate::settings::SUBNET).
    pub settings: Vec<Setting>,
}

/// A built-in mechanism with its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum MechanismPlan {
    /// A compression market: validators send text, miners answer with compressed bytes.
    Compression(CompressionPlan),
    /// The market of the public subnet template: validators send a number, miners answer with its double.
    Dummy(DummyPlan),
}

/// Parameters of the dummy market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DummyPlan {
    /// A validator asks all miners every so many blocks; at least 1.
    pub round_every: u64,
    /// Weight of the newest score in the moving average, thousandths, `1..=1_000`.
    pub ema_permille: u16,
}

impl Default for DummyPlan {
    fn default() -> Self {
        Self { round_every: 5, ema_permille: 100 }
    }
}

/// Parameters of the compression market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CompressionPlan {
    /// Length of a challenge. **Units**: bytes, `256..=65_536`; shorter only when the whole corpus is.
    pub slice_bytes: u32,
    /// A validator asks all miners every so many blocks; at least 1.
    pub round_every: u64,
    /// Weight of the newest score in the moving average, thousandths, `1..=1_000`.
    pub ema_permille: u16,
    /// What one unit of declared cost takes from a score, millionths of it.
    pub cost_ppm: u32,
    /// Exponent that turns average scores into weights, `1..=16`: how much more a better answer earns.
    pub sharpness: u8,
}

impl Default for CompressionPlan {
    fn default() -> Self {
        Self { slice_bytes: 4_096, round_every: 5, ema_permille: 200, cost_ppm: 100, sharpness: 3 }
    }
}

/// Something that happens at a block.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TimedEvent {
    /// The block; at least 1.
    pub block: BlockNumber,
    /// What happens.
    pub change: Change,
}

/// A change as participants are asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// The place of its event in [`Plan::events`]; `None` for a change that came through the gate.
    pub event: Option<u32>,
    /// What happens.
    pub change: Change,
}

/// What happens at a block.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Change {
    /// Root sets a hyperparameter of a subnet.
    Hyperparameter {
        /// The subnet.
        netuid: NetUid,
        /// The parameter.
        setting: Setting,
    },
    /// A miner takes up another tactic.
    MinerTactic {
        /// Which miner.
        who: String,
        /// Its new tactic.
        tactic: MinerTactic,
    },
    /// A validator takes up another tactic.
    ValidatorTactic {
        /// Which validator.
        who: String,
        /// Its new tactic.
        tactic: ValidatorTactic,
    },
    /// A participant's coldkey sends TAO to another's.
    Transfer {
        /// Who pays.
        from: String,
        /// Who receives.
        to: String,
        /// How much.
        amount: Rao,
    },
    /// A participant stakes TAO with a hotkey of the cast.
    Stake {
        /// Whose TAO.
        who: String,
        /// With whose hotkey; the same name is its own.
        with: String,
        /// The subnet; zero is root.
        netuid: NetUid,
        /// How much.
        amount: Rao,
    },
    /// A participant takes all its stake off a hotkey of the cast, on every subnet.
    UnstakeAll {
        /// Whose stake.
        who: String,
        /// Off whose hotkey.
        with: String,
    },
    /// A member of root votes on subnets, where the rules say that votes count.
    Vote {
        /// Which participant.
        who: String,
        /// How much it gives each subnet.
        weights: Vec<(NetUid, u16)>,
    },
    /// Any call as root.
    Root(Box<RuntimeCall>),
    /// Other rules from the next block on.
    Upgrade(Box<Economics>),
    /// A participant's next reaction panics: a rehearsal of [`Plan::on_crash`].
    Crash {
        /// Which participant.
        who: String,
    },
    /// A participant falls silent for good.
    Retire {
        /// Which participant.
        who: String,
    },
}

impl Change {
    /// The participant that acts on it, if one does.
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        match self {
            Self::MinerTactic { who, .. }
            | Self::ValidatorTactic { who, .. }
            | Self::Stake { who, .. }
            | Self::UnstakeAll { who, .. }
            | Self::Vote { who, .. }
            | Self::Crash { who } => Some(who),
            Self::Transfer { from, .. } => Some(from),
            Self::Hyperparameter { .. } | Self::Root(_) | Self::Upgrade(_) | Self::Retire { .. } => None,
        }
    }
}

/// A fault between participants for some blocks.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Fault {
    /// First block.
    pub from: BlockNumber,
    /// First block after it; `u64::MAX` for the rest of the run.
    pub to: BlockNumber,
    /// What goes wrong.
    pub rule: FaultRule,
}

/// What goes wrong with messages between participants. The chain is not touched: a participant that is
/// offline to others can still send extrinsics.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum FaultRule {
    /// Nothing reaches or leaves these participants.
    Offline {
        /// Names; at least one.
        who: Vec<String>,
    },
    /// Messages come later.
    Latency {
        /// Whose messages, sent or received; empty for everyone's.
        who: Vec<String>,
        /// By how many blocks; at least 1.
        blocks: u64,
    },
    /// Messages are lost by chance.
    Loss {
        /// Whose messages, sent or received; empty for everyone's.
        who: Vec<String>,
        /// How many of a thousand.
        permille: u16,
    },
    /// Nothing passes between two groups.
    Partition {
        /// One side.
        left: Vec<String>,
        /// The other; empty for everyone else.
        right: Vec<String>,
    },
}

impl FaultRule {
    /// The names in it.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Offline { who } | Self::Latency { who, .. } | Self::Loss { who, .. } => who.clone(),
            Self::Partition { left, right } => left.iter().chain(right).cloned().collect(),
        }
    }
}

/// What a panic of a participant leads to. In every case the panic is an event at a known block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum OnCrash {
    /// The run ends with an error that names block, phase and participant.
    #[default]
    Fail,
    /// The participant takes no further part.
    Retire,
    /// It begins again as it was at genesis.
    Restart,
}

impl Plan {
    /// The participant of a name.
    #[must_use]
    pub fn actor(&self, name: &str) -> Option<ActorId> {
        let index = self.cast.iter().position(|member| member.name == name)?;
        u32::try_from(index).ok().map(ActorId)
    }

    /// A participant's name; empty for an id outside the cast.
    #[must_use]
    pub fn name_of(&self, id: ActorId) -> &str {
        self.cast.get(id.index()).map_or("", |member| &member.name)
    }

    /// Numbers of the subnets that the chain begins with.
    pub fn imported(&self) -> impl Iterator<Item = NetUid> + '_ {
        self.chain.origin.iter().flat_map(|origin| origin.netuids())
    }

    /// The plan of a subnet.
    #[must_use]
    pub fn subnet(&self, netuid: NetUid) -> Option<&SubnetPlan> {
        self.subnets.iter().find(|subnet| subnet.netuid == netuid)
    }
}
