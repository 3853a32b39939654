//! What a scenario can measure: each metric has a name, a unit and a scope.
mod measure;
mod value;

pub use measure::{MetricContext, measure, measure_hotkey, price_rao};
pub use value::{Unit, Value};

/// What a metric is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A participant, chosen by `of`.
    Participant,
    /// A participant that holds a uid.
    Neuron,
    /// A subnet, chosen by `netuid`.
    Subnet,
}

impl Scope {
    /// What it needs, for people.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Participant => "per participant, chosen by `of`",
            Self::Neuron => "per neuron, chosen by `of`",
            Self::Subnet => "per subnet, chosen by `netuid`",
        }
    }
}

macro_rules! metrics {
    ($($(#[$doc:meta])* $variant:ident = ($name:literal, $unit:ident, $scope:ident, $about:literal),)*) => {
        /// A metric.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Metric {
            $(#[doc = $about] $variant,)*
        }
        impl Metric {
            /// All metrics, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
            /// Name in a scenario.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
            /// Unit.
            pub const fn unit(self) -> Unit {
                match self { $(Self::$variant => Unit::$unit,)* }
            }
            /// What it is about.
            pub const fn scope(self) -> Scope {
                match self { $(Self::$variant => Scope::$scope,)* }
            }
            /// What it says, for people.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }
        }
    };
}

metrics! {
    Earned = ("earned", Tao, Participant, "alpha earned, at the pool's spot price, plus TAO from fees"),
    AlphaEarned = ("alpha_earned", Alpha, Participant, "alpha by which the own stake grew, beyond what was bought and sold"),
    FeesEarned = ("fees_earned", Tao, Participant, "TAO received for answers and requests"),
    FeesPaid = ("fees_paid", Tao, Participant, "TAO paid for answers"),
    Return = ("return", Ratio, Participant, "alpha earned per alpha of own stake at genesis, or at the block that `since` names"),
    Balance = ("balance", Tao, Participant, "free TAO of the coldkey"),
    Answers = ("answers", Count, Participant, "answers: given by a miner, judged by a validator, received by a user"),
    AnswersOk = ("answers_ok", Count, Participant, "answers among them that were right, byte for byte"),
    Ratio = ("ratio", Ratio, Participant, "the mechanism's figure of quality: bytes of text per byte of answer (compression), right answers per question (dummy)"),
    Stake = ("stake", Alpha, Neuron, "alpha staked with the hotkey"),
    Incentive = ("incentive", Share, Neuron, "share of the miners' emission in the last epoch"),
    Dividends = ("dividends", Share, Neuron, "share of the validators' emission in the last epoch"),
    Consensus = ("consensus", Share, Neuron, "weight on which the stake majority agrees"),
    Vtrust = ("vtrust", Share, Neuron, "share of the validator's weights that consensus kept"),
    Emission = ("emission", Alpha, Neuron, "alpha of the last epoch, as miner and validator together"),
    Updated = ("updated", Blocks, Neuron, "blocks since the last weights"),
    Price = ("price", Tao, Subnet, "spot price of one alpha"),
    PoolTao = ("pool_tao", Tao, Subnet, "TAO in the pool"),
    PoolAlpha = ("pool_alpha", Alpha, Subnet, "alpha in the pool"),
    AlphaOut = ("alpha_out", Alpha, Subnet, "alpha outside the pool"),
    Neurons = ("neurons", Count, Subnet, "uids in use"),
    Epochs = ("epochs", Count, Subnet, "epochs so far"),
}

impl Metric {
    /// Whether it adds up over blocks, so that it can be measured from a block on.
    pub const fn adds_up(self) -> bool {
        matches!(
            self,
            Self::Earned
                | Self::AlphaEarned
                | Self::FeesEarned
                | Self::FeesPaid
                | Self::Return
                | Self::Answers
                | Self::AnswersOk
        )
    }
    /// The metric of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|metric| metric.name() == name)
    }
}
