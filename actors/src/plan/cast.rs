//! The cast: roles, tactics, stakes.

use ::chain::units::{AlphaRao, NetUid, Rao, TAO};
use parity_scale_codec::{Decode, Encode};

/// A participant.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CastMember {
    /// Its name; keys are derived from it and the seed.
    pub name: String,
    /// TAO of its coldkey at genesis; `None` is what its role needs, see [`Role::balance`].
    pub balance: Option<Rao>,
    /// What it does.
    pub role: Role,
}

/// What a participant does.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Role {
    /// Registers a subnet, starts it, and earns the owner cut.
    Owner {
        /// Its subnet.
        netuid: NetUid,
    },
    /// Asks, verifies, scores, sets weights.
    Validator {
        /// Its subnet.
        netuid: NetUid,
        /// Its stake on its subnet at genesis.
        stake: StakePlan,
        /// TAO it stakes on root at genesis; zero for none.
        root_stake: Rao,
        /// How it comes to its weights.
        tactic: ValidatorTactic,
        /// What it keeps of a user's fee, thousandths.
        fee_permille: u16,
    },
    /// Answers.
    Miner {
        /// Its subnet.
        netuid: NetUid,
        /// How it comes to its answers.
        tactic: MinerTactic,
    },
    /// Pays for answers.
    User {
        /// The subnet it asks.
        netuid: NetUid,
        /// Name of the validator it asks through; `None` is the honest one with the most stake.
        via: Option<String>,
        /// What it pays for one answer.
        fee: Rao,
        /// What it spends at most.
        budget: Rao,
        /// It asks every so many blocks; at least 1.
        every: u64,
    },
}

/// The stake of a validator on its subnet at genesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum StakePlan {
    /// TAO that it spends: it buys alpha from the pool, after those before it in the cast.
    Tao(Rao),
    /// Alpha that it is given, exactly.
    Alpha(AlphaRao),
    /// Its share of all stake on the subnet, which it is given. **Units**: billionths.
    Share(u64),
}

impl StakePlan {
    /// TAO that it takes.
    #[must_use]
    pub const fn tao(self) -> Rao {
        match self {
            Self::Tao(amount) => amount,
            Self::Alpha(_) | Self::Share(_) => Rao::ZERO,
        }
    }
}

impl Role {
    /// The subnet it works on.
    #[must_use]
    pub const fn netuid(&self) -> NetUid {
        match self {
            Self::Owner { netuid }
            | Self::Validator { netuid, .. }
            | Self::Miner { netuid, .. }
            | Self::User { netuid, .. } => *netuid,
        }
    }

    /// The role's name in scenarios and reports.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Owner { .. } => "owner",
            Self::Validator { .. } => "validator",
            Self::Miner { .. } => "miner",
            Self::User { .. } => "user",
        }
    }

    /// TAO that the role needs at genesis: the price of a subnet, the stake, the budget, and some for slots
    /// and fees.
    #[must_use]
    pub const fn balance(&self, subnet_price: Rao) -> Rao {
        let spare = Rao(100 * TAO);
        match self {
            Self::Owner { .. } => subnet_price.saturating_add(Rao(1_000 * TAO)),
            Self::Validator { stake, root_stake, .. } => {
                stake.tao().saturating_add(*root_stake).saturating_add(spare)
            }
            Self::Miner { .. } => spare,
            Self::User { budget, .. } => budget.saturating_add(spare),
        }
    }
}

/// How a validator comes to its weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ValidatorTactic {
    /// Asks, decompresses, compares every byte, scores.
    Honest,
    /// Copies the stake-weighted weights that others have on chain, and never asks.
    Copier,
    /// Gives all weight to the subnet owner's hotkey, so that what miners would earn is withheld and burned: what
    /// subnets do that have nothing to pay for yet.
    Burner,
}

/// How a miner comes to its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum MinerTactic {
    /// Compresses.
    Honest {
        /// With what.
        method: Method,
        /// How hard; the method's own scale, see [`Method::levels`].
        level: u8,
    },
    /// Answers with the text as it is.
    Lazy,
    /// Answers with bytes that decompress to something else or to nothing.
    Liar,
    /// Answers with the last answer of the miner before it in the cast.
    Copycat,
    /// Does not answer.
    Silent,
}

/// A way to compress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Method {
    /// The bytes as they are.
    Stored,
    /// LZ4 block format.
    Lz4,
    /// Raw deflate.
    Deflate,
    /// bzip2.
    Bzip2,
    /// Brotli.
    Brotli,
    /// Zstandard.
    Zstd,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 6] =
        [Self::Stored, Self::Lz4, Self::Deflate, Self::Bzip2, Self::Brotli, Self::Zstd];

    /// Its name in scenarios.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Lz4 => "lz4",
            Self::Deflate => "deflate",
            Self::Bzip2 => "bzip2",
            Self::Brotli => "brotli",
            Self::Zstd => "zstd",
        }
    }

    /// The method of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// Lowest and highest level that a scenario may ask for.
    #[must_use]
    pub const fn levels(self) -> (u8, u8) {
        match self {
            Self::Stored | Self::Lz4 => (0, 0),
            Self::Deflate => (1, 9),
            Self::Bzip2 => (1, 9),
            Self::Brotli => (0, 11),
            Self::Zstd => (1, 19),
        }
    }
}
