//! `[[cast]]`: who takes part.

use crate::scenario::amount::Amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a participant is on the subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Registers the subnet and earns the owner cut.
    Owner,
    /// Answers tasks.
    Miner,
    /// Sets tasks, judges answers, sets weights.
    Validator,
    /// Pays for answers.
    User,
}

impl Role {
    /// All roles, in the order of a report.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Miner, Self::Validator, Self::User];

    /// The name in files and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Miner => "miner",
            Self::Validator => "validator",
            Self::User => "user",
        }
    }
    /// The role of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A participant, or several of one kind.
///
/// Keys that do not belong to the role or the tactic are refused, so that a misplaced one is noticed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cast {
    /// What it is.
    pub role: Role,
    /// Name in tables and selectors; with `count` above one, `name-1`, `name-2`, ...
    pub name: String,
    /// How many of this kind.
    #[serde(default = "one")]
    pub count: u16,
    /// Where it takes part; the first subnet unless said.
    #[serde(default)]
    pub netuid: Option<u16>,
    /// How it behaves; the honest way unless said. Miners: honest, lazy, liar, copycat, silent.
    /// Validators: honest, copier, burner.
    #[serde(default)]
    pub tactic: Option<String>,
    /// TAO before the set-up, which is paid from it: an owner's subnet, a slot, `stake` and `root_stake`. What the role
    /// needs, and 100 TAO or more to spare, unless said.
    #[serde(default)]
    pub balance: Option<Amount>,
    /// Validators: TAO spent on stake at genesis. It buys alpha from the subnet's pool, at a price that rises with every
    /// purchase, so of two validators with the same `stake` the earlier one in the file holds more; the report says what
    /// it bought. 100 TAO unless one of `stake`, `alpha_stake` and `stake_share` is given.
    #[serde(default)]
    pub stake: Option<Amount>,
    /// Validators: alpha held on the subnet at genesis, exactly. It is given: no TAO is spent, and no price moves.
    #[serde(default)]
    pub alpha_stake: Option<Amount>,
    /// Validators: share of the subnet's stake at genesis, given like `alpha_stake`: 0.25 is a quarter of all stake there.
    /// Shares that sum to 1 are of 1,000 alpha; below 1 the rest is what the other validators hold.
    #[serde(default)]
    pub stake_share: Option<f64>,
    /// Validators: TAO staked on root at genesis.
    #[serde(default)]
    pub root_stake: Option<Amount>,
    /// Validators: what they keep of a user's fee, thousandths.
    #[serde(default)]
    pub fee_permille: Option<u16>,
    /// Honest miners: the compressor.
    #[serde(default)]
    pub method: Option<String>,
    /// Honest miners: level of the compressor.
    #[serde(default)]
    pub level: Option<u8>,
    /// Users: the validator that is asked; the honest one with the most stake unless said.
    #[serde(default)]
    pub via: Option<String>,
    /// Users: TAO that each request pays.
    #[serde(default)]
    pub fee: Option<Amount>,
    /// Users: TAO that all requests together may cost.
    #[serde(default)]
    pub budget: Option<Amount>,
    /// Users: a request each so many blocks.
    #[serde(default)]
    pub every: Option<u64>,
}

const fn one() -> u16 {
    1
}
