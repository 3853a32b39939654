//! What the chain refused of a scenario, and what stakes came to at genesis.

use super::model::{alpha, rao};
use crate::scenario::Scenario;
use actors::founding::Holding;
use actors::{Refusal, Run};
use chain::units::{AlphaRao, BlockNumber, Rao, TAO};
use serde::Serialize;

/// A refused call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The block; the first one of several.
    pub block: BlockNumber,
    /// Where its event stands, such as `event[2]`; empty for a call that a participant made for its role.
    pub event: String,
    /// The event in words; empty without one.
    pub what: String,
    /// Who sent it: `root`, a name of the cast, an address.
    pub who: String,
    /// The call by the chain's names.
    pub call: String,
    /// The chain's error.
    pub error: String,
    /// How often.
    pub times: u64,
    /// Whether the event says `may_fail = true`.
    pub may_fail: bool,
    /// Whether it fails the run.
    pub fails: bool,
    /// The event's place with file and line.
    #[serde(skip)]
    pub place: String,
}

impl Refused {
    /// A refusal with what the scenario says about it.
    pub fn new(scenario: &Scenario, refusal: Refusal) -> Self {
        let place = refusal.event.and_then(|place| usize::try_from(place).ok());
        let statement = place.and_then(|place| scenario.statements.get(place));
        let may_fail = statement.is_some_and(|statement| statement.may_fail);
        Self {
            block: refusal.block,
            event: statement.map(|statement| statement.path.to_string()).unwrap_or_default(),
            what: statement.map(|statement| statement.label.clone()).unwrap_or_default(),
            who: refusal.who,
            call: refusal.call,
            error: refusal.error,
            times: refusal.times,
            may_fail,
            fails: refusal.event.is_some() && !may_fail,
            place: statement.map(|statement| statement.place.clone()).unwrap_or_default(),
        }
    }

    /// All refusals of a run.
    pub fn all(scenario: &Scenario, run: &Run) -> Vec<Self> {
        run.refusals().map(|refusal| Self::new(scenario, refusal)).collect()
    }

    /// What was refused and why, in one sentence without its place.
    pub fn sentence(&self) -> String {
        let Self { block, who, call, error, .. } = self;
        match self.times {
            1 => format!("{call} by {who} at block {block}: {error}"),
            times => format!("{call} by {who}, {times} times since block {block}: {error}"),
        }
    }

    /// The same as an error of the scenario, with file and line.
    pub fn message(&self) -> String {
        format!("error: {}: refused by the chain: {}", self.place, self.sentence())
    }
}

/// The stake of a validator on its subnet at genesis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StakeReport {
    /// Name.
    pub name: String,
    /// Subnet.
    pub netuid: u16,
    /// TAO spent; zero for stake that was given.
    #[serde(serialize_with = "rao")]
    pub spent: Rao,
    /// Alpha held.
    #[serde(serialize_with = "alpha")]
    pub alpha: AlphaRao,
    /// Its share of the stake of all validators there, millionths.
    pub share_ppm: u64,
    /// Spot price of one alpha just before its purchase.
    #[serde(serialize_with = "rao")]
    pub price_before: Rao,
    /// What it got less than the price before promised, fee of the swap included, millionths.
    pub slippage_ppm: u64,
}

impl StakeReport {
    /// The stakes of a run, in the order of subnets, then of the cast.
    pub fn all(run: &Run) -> Vec<Self> {
        let (context, holdings) = (run.context(), &run.context().holdings);
        let report = |holding: &Holding| {
            let own = holdings.iter().filter(|other| other.netuid == holding.netuid);
            let all: u128 = own.map(|other| u128::from(other.alpha.get())).sum();
            let alpha = u128::from(holding.alpha.get());
            let share = (alpha * 1_000_000).checked_div(all).unwrap_or_default();
            let (spent, price) = (u128::from(holding.spent.get()), u128::from(holding.price.get()));
            let promised = (spent * u128::from(TAO)).checked_div(price).unwrap_or_default();
            let lost = (promised.saturating_sub(alpha) * 1_000_000).checked_div(promised).unwrap_or_default();
            Self {
                name: context.plan.name_of(holding.actor).to_owned(),
                netuid: holding.netuid.number(),
                spent: holding.spent,
                alpha: holding.alpha,
                share_ppm: u64::try_from(share).unwrap_or_default(),
                price_before: holding.price,
                slippage_ppm: u64::try_from(lost).unwrap_or_default(),
            }
        };
        holdings.iter().map(report).collect()
    }
}
