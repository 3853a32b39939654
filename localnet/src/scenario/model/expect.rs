//! `[[expect]]` and `[[always]]`: what must come out.

use crate::scenario::selector::Selector;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A metric compared with a bound. Exactly one comparison is given.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// What is measured: `localnet schema` lists the metrics.
    pub metric: String,
    /// Of whom. With several, each of them must pass.
    #[serde(default)]
    pub of: Option<Selector>,
    /// On which subnet; the first unless said.
    #[serde(default)]
    pub netuid: Option<u16>,
    /// After which block; the end unless said.
    #[serde(default)]
    pub at_block: Option<u64>,
    /// After which block the measuring begins: for what adds up, such as `earned`, and for `return`; from genesis unless
    /// said.
    #[serde(default)]
    pub since: Option<u64>,
    /// Why it is expected; shown beside the verdict.
    #[serde(default)]
    pub because: String,
    /// Passes below the bound.
    #[serde(default)]
    pub less_than: Option<Bound>,
    /// Passes at or below the bound.
    #[serde(default)]
    pub at_most: Option<Bound>,
    /// Passes at the bound.
    #[serde(default)]
    pub equals: Option<Bound>,
    /// Passes at or above the bound.
    #[serde(default)]
    pub at_least: Option<Bound>,
    /// Passes above the bound.
    #[serde(default)]
    pub more_than: Option<Bound>,
    /// Passes when nobody chosen here has more.
    #[serde(default)]
    pub is_max_among: Option<Selector>,
    /// Passes when nobody chosen here has less.
    #[serde(default)]
    pub is_min_among: Option<Selector>,
}

/// What a metric is compared with: a number, or the same metric of others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "a number, text with a unit (\"1.5 tao\"), or { min_of | max_of | sum_of | mean_of = \"selector\" }"
)]
pub enum Bound {
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// An amount with its unit.
    Text(String),
    /// The metric of others.
    Of(BoundOf),
}

/// The same metric of others, drawn together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum BoundOf {
    /// The least of them.
    MinOf(Selector),
    /// The greatest of them.
    MaxOf(Selector),
    /// Their sum.
    SumOf(Selector),
    /// Their mean.
    MeanOf(Selector),
}

/// An invariant that is checked after every block.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Always {
    /// Its name: `I1` to `I26` as far as they are checked; `localnet schema` lists them.
    pub invariant: String,
}
