//! One scenario under several emission rules: the same seed, the same lotteries, another rule.

mod table;

pub use table::text;

use crate::exit::Failure;
use crate::interrupt;
use crate::metrics::price_rao;
use crate::play::{begin, failure};
use crate::progress::Progress;
use crate::report::{Refused, replay};
use crate::scenario::model::Role;
use crate::scenario::overrides::Override;
use crate::scenario::{self, Scenario};
use actors::{BlockRecord, Run};
use chain::economics::EmissionRule;
use chain::state::{State, Subnet};
use chain::units::{BlockNumber, NetUid, Rao, TAO};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// What each rule made of a scenario. Amounts are decimal strings in rao.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The scenario's name.
    pub scenario: String,
    /// One line about it.
    pub title: String,
    /// Seed.
    pub seed: u64,
    /// Last block.
    pub block: BlockNumber,
    /// One for each rule, in the order asked for.
    pub rules: Vec<Outcome>,
}

/// What one rule made of it.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The rule.
    pub rule: &'static str,
    /// The first block that is not like that of the first rule; nothing if all are.
    pub parts_at: Option<BlockNumber>,
    /// The command that plays this row alone.
    pub command: String,
    /// Rolling digest of the chain at the end, hex.
    pub head_digest: String,
    /// What the chain refused.
    pub refused: Vec<Refused>,
    /// The subnets of the scenario.
    pub subnets: Vec<SubnetOutcome>,
}

/// What one rule made of one subnet.
#[derive(Clone, Debug, Serialize)]
pub struct SubnetOutcome {
    /// Its number.
    pub netuid: u16,
    /// What it is about.
    pub title: String,
    /// TAO that blocks brought it.
    #[serde(serialize_with = "rao")]
    pub emitted: Rao,
    /// Part of all TAO that blocks brought subnets, millionths.
    pub share_ppm: u64,
    /// Spot price of one alpha at the end.
    #[serde(serialize_with = "rao")]
    pub price: Rao,
    /// What its owner earned, alpha at the spot price and fees.
    #[serde(serialize_with = "rao")]
    pub owner: Rao,
    /// What its validators earned together.
    #[serde(serialize_with = "rao")]
    pub validators: Rao,
    /// What its miners earned together.
    #[serde(serialize_with = "rao")]
    pub miners: Rao,
}

fn rao<S: Serializer>(amount: &Rao, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&amount.get())
}

/// Plays a scenario under each rule, all of them block by block. `None` when a stop was asked for.
///
/// Each run is the scenario with its rule set at genesis and in every event that sets one, as `--set` does it.
///
/// # Errors
/// When the scenario cannot be played.
pub fn compare(scenario: &Scenario, rules: &[EmissionRule]) -> Result<Option<Comparison>, Failure> {
    interrupt::orderly();
    let plan = &scenario.plan;
    let mut sides: Vec<Side> =
        rules.iter().map(|rule| Side::new(scenario, *rule)).collect::<Result<_, _>>()?;
    let progress = Progress::start(&plan.name, 0, plan.blocks);
    for block in 1..=plan.blocks {
        if interrupt::requested() {
            return Ok(None);
        }
        let records: Vec<_> = sides.iter_mut().map(Side::block).collect::<Result<_, _>>()?;
        if let Some(first) = records.first() {
            for (side, record) in sides.iter_mut().zip(&records) {
                if side.parts_at.is_none() && !alike(first, record) {
                    side.parts_at = Some(block);
                }
            }
        }
        progress.block(block);
    }
    progress.finish();
    Ok(Some(Comparison {
        scenario: plan.name.clone(),
        title: scenario.title.clone(),
        seed: plan.seed,
        block: plan.blocks,
        rules: sides.into_iter().map(|side| side.outcome(scenario)).collect::<Result<_, _>>()?,
    }))
}

/// A run under one rule.
struct Side {
    rule: EmissionRule,
    command: String,
    run: Run,
    emitted: BTreeMap<NetUid, u64>,
    parts_at: Option<BlockNumber>,
}

impl Side {
    fn new(scenario: &Scenario, rule: EmissionRule) -> Result<Self, Failure> {
        let scenario = under(scenario, rule)?;
        let run = begin(&scenario.plan, 0)?;
        let command = replay::command(&scenario);
        Ok(Self { rule, command, run, emitted: BTreeMap::new(), parts_at: None })
    }

    fn block(&mut self) -> Result<BlockRecord, Failure> {
        let record = self.run.next_block().map_err(failure)?;
        for (netuid, subnet) in record.sealed.state.subnets.iter().filter(|(netuid, _)| !netuid.is_root()) {
            let sum = self.emitted.entry(*netuid).or_default();
            *sum = sum.saturating_add(brought(subnet));
        }
        Ok(record)
    }

    /// What the chain refused.
    fn refused(&self, scenario: &Scenario) -> Vec<Refused> {
        self.run.refusals().map(|refusal| Refused::new(scenario, refusal)).collect()
    }

    fn outcome(mut self, scenario: &Scenario) -> Result<Outcome, Failure> {
        let plan = &scenario.plan;
        let earnings = self.run.earnings().map_err(failure)?;
        let state = self.run.view().state();
        let all: u128 = self.emitted.values().map(|emitted| u128::from(*emitted)).sum();
        let subnets = plan.subnets.iter().map(|subnet| {
            let (netuid, price) = (subnet.netuid, price_rao(state, subnet.netuid));
            let emitted = self.emitted.get(&netuid).copied().unwrap_or_default();
            let share = (u128::from(emitted) * 1_000_000).checked_div(all).unwrap_or_default();
            let earned = |role: Role| {
                let own = earnings.iter().filter(|one| one.netuid == netuid && one.role == role.name());
                own.fold(Rao::ZERO, |sum, one| {
                    let alpha = u128::from(one.alpha.get()) * u128::from(price) / u128::from(TAO);
                    let alpha = Rao(u64::try_from(alpha).unwrap_or(u64::MAX));
                    sum.saturating_add(alpha).saturating_add(one.fees_earned)
                })
            };
            SubnetOutcome {
                netuid: netuid.number(),
                title: subnet.title.clone(),
                emitted: Rao(emitted),
                share_ppm: u64::try_from(share).unwrap_or_default(),
                price: Rao(price),
                owner: earned(Role::Owner),
                validators: earned(Role::Validator),
                miners: earned(Role::Miner),
            }
        });
        let subnets = subnets.collect();
        let head_digest = hex::encode(self.run.digest());
        let refused = self.refused(scenario);
        let Self { rule, command, parts_at, .. } = self;
        Ok(Outcome { rule: rule.name(), parts_at, command, head_digest, refused, subnets })
    }
}

/// The scenario with one rule throughout.
fn under(scenario: &Scenario, rule: EmissionRule) -> Result<Scenario, Failure> {
    let mut request = scenario.request.clone();
    let genesis = "chain.rules.emission".to_owned();
    for key in std::iter::once(genesis).chain(scenario.emission_keys.iter().cloned()) {
        let change = Override::parse(&format!("{key}={}", rule.name()));
        request.overrides.push(change.map_err(Failure::Internal)?);
    }
    Ok(scenario::load(&request)?)
}

/// TAO that the last block brought a subnet.
fn brought(subnet: &Subnet) -> u64 {
    subnet.pending.tao_in_emission.saturating_add(subnet.pending.excess_tao).get()
}

/// Whether two blocks left the same to everyone: events, balances, pools, stake, neurons.
fn alike(one: &BlockRecord, other: &BlockRecord) -> bool {
    one.events == other.events && same(&one.sealed.state, &other.sealed.state)
}

fn same(one: &State, other: &State) -> bool {
    let pools = |a: &Subnet, b: &Subnet| {
        brought(a) == brought(b)
            && a.pool.reserves() == b.pool.reserves()
            && a.pool.alpha_out == b.pool.alpha_out
    };
    one.balances == other.balances
        && one.subnets.len() == other.subnets.len()
        && one
            .subnets
            .iter()
            .zip(other.subnets.iter())
            .all(|((_, a), (_, b))| pools(a, b) && a.stake == b.stake && a.neurons == b.neurons)
}
