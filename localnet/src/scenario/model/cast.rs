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
    /// TAO at the start; what the role needs unless said.
    #[serde(default)]
    pub balance: Option<Amount>,
    /// Validators: TAO staked on the subnet.
    #[serde(default)]
    pub stake: Option<Amount>,
    /// Validators: TAO staked on root.
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
