//! Why a cast cannot take its places.

use crate::plan::{ActorId, Value};
use chain::genesis::GenesisError;
use chain::units::{NetUid, Rao};
use std::fmt;

/// A value of a parameter that the chain refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedValue {
    /// The parameter.
    pub name: String,
    /// The value.
    pub value: Value,
    /// Its unit.
    pub unit: &'static str,
    /// The chain's error.
    pub error: String,
    /// The least and the greatest value that the chain accepts here, if it accepts any.
    pub allowed: Option<(u64, u64)>,
}

impl fmt::Display for RefusedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Switch(on) => write!(f, "{on}")?,
            Value::Number(number) => write!(f, "{number}")?,
        }
        write!(f, " is refused by the chain ({})", self.error)?;
        match self.allowed {
            Some((least, u64::MAX)) => write!(f, "; allowed: {least} or more ({})", self.unit),
            Some((least, most)) => write!(f, "; allowed: {least} to {most} ({})", self.unit),
            None => Ok(()),
        }
    }
}

/// Something that the chain refuses of a plan's set-up.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoundingError {
    /// Balances that cannot be.
    #[error(transparent)]
    Genesis(GenesisError),
    /// The balance of a participant cannot be.
    #[error("`{name}`: {error}")]
    Balance {
        /// The participant.
        actor: ActorId,
        /// Its name.
        name: String,
        /// Why.
        error: GenesisError,
    },
    /// A participant has too little TAO for its place.
    #[error(
        "`{name}` cannot pay {what}: it needs {needed} tao and has {held} tao left, {} tao are missing",
        needed.saturating_sub(*held)
    )]
    Lacks {
        /// The participant.
        actor: ActorId,
        /// Its name.
        name: String,
        /// What it cannot pay.
        what: String,
        /// What it needs, with what its account must keep.
        needed: Rao,
        /// What it has.
        held: Rao,
    },
    /// A call of the set-up of a participant is refused for another reason.
    #[error("`{name}` cannot take its place: {what} is refused by the chain ({error})")]
    Refused {
        /// The participant.
        actor: ActorId,
        /// Its name.
        name: String,
        /// What is refused.
        what: String,
        /// The chain's error.
        error: String,
    },
    /// A subnet has fewer slots than its cast needs.
    #[error("`{name}` finds no slot: subnet {netuid} has {most} of them, all taken")]
    Full {
        /// The participant.
        actor: ActorId,
        /// Its name.
        name: String,
        /// The subnet.
        netuid: NetUid,
        /// How many slots it has.
        most: usize,
    },
    /// Shares of a subnet's stake that cannot be.
    #[error("`{name}`: {why}")]
    Shares {
        /// The first validator with a share.
        actor: ActorId,
        /// Its name.
        name: String,
        /// Why.
        why: String,
    },
    /// A hyperparameter of a subnet.
    #[error("subnet {netuid}: {}: {refused}", refused.name)]
    Hyperparameter {
        /// The subnet.
        netuid: NetUid,
        /// The value.
        refused: RefusedValue,
    },
    /// A parameter of the chain.
    #[error("chain: {}: {refused}", refused.name)]
    Chain {
        /// The value.
        refused: RefusedValue,
    },
}

impl FoundingError {
    /// The participant that it is about.
    #[must_use]
    pub const fn actor(&self) -> Option<ActorId> {
        match self {
            Self::Balance { actor, .. }
            | Self::Lacks { actor, .. }
            | Self::Refused { actor, .. }
            | Self::Full { actor, .. }
            | Self::Shares { actor, .. } => Some(*actor),
            Self::Genesis(_) | Self::Hyperparameter { .. } | Self::Chain { .. } => None,
        }
    }
}
