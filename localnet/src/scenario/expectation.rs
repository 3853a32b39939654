//! Expectations with everything looked up, ready to be decided.

use crate::metrics::{Metric, Value};
use crate::scenario::selector::Neurons;
use chain::units::{BlockNumber, NetUid};

/// An expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The sentence of a report: `earned of miner:liar less_than min_of miner:honest`.
    pub label: String,
    /// Why it is expected, in the author's words.
    pub because: String,
    /// What is measured.
    pub metric: Metric,
    /// Of whom; empty for a metric of a subnet.
    pub of: Vec<Subject>,
    /// On which subnet.
    pub netuid: NetUid,
    /// After which block; the end if `None`.
    pub at_block: Option<BlockNumber>,
    /// After which block the measuring begins; genesis if `None`.
    pub since: Option<BlockNumber>,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what.
    pub bound: Target,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    LessThan,
    /// `<=`
    AtMost,
    /// `=`
    Equals,
    /// `>=`
    AtLeast,
    /// `>`
    MoreThan,
}

impl Comparison {
    /// The sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::LessThan => "<",
            Self::AtMost => "<=",
            Self::Equals => "=",
            Self::AtLeast => ">=",
            Self::MoreThan => ">",
        }
    }
    /// The words for a comparison that does not hold.
    pub const fn refuted(self) -> &'static str {
        match self {
            Self::LessThan => "is not less than",
            Self::AtMost => "is more than",
            Self::Equals => "is not",
            Self::AtLeast => "is less than",
            Self::MoreThan => "is not more than",
        }
    }
    /// Whether it holds.
    pub fn holds(self, value: i128, bound: i128) -> bool {
        match self {
            Self::LessThan => value < bound,
            Self::AtMost => value <= bound,
            Self::Equals => value == bound,
            Self::AtLeast => value >= bound,
            Self::MoreThan => value > bound,
        }
    }
}

/// What a metric is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A fixed value.
    Value(Value),
    /// The same metric of others.
    Of(Fold, Vec<Subject>),
}

/// What a metric is measured of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A participant, by place in the cast.
    Cast(usize),
    /// Neurons of the expectation's subnet.
    Neurons(Neurons),
}

/// How several values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// The sum.
    Sum,
    /// The mean, rounded down.
    Mean,
}

impl Fold {
    /// The word of a report.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Min => "least",
            Self::Max => "greatest",
            Self::Sum => "sum",
            Self::Mean => "mean",
        }
    }
    /// One value of several; `None` of none.
    pub fn fold(self, values: &[i128]) -> Option<i128> {
        match self {
            Self::Min => values.iter().copied().min(),
            Self::Max => values.iter().copied().max(),
            Self::Sum => Some(values.iter().sum()),
            Self::Mean => values.iter().sum::<i128>().checked_div(i128::try_from(values.len()).ok()?),
        }
    }
}
