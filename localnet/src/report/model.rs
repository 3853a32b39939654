//! What a finished run has to say, as data: the text and the JSON are two forms of it.

use crate::metrics::price_rao;
use crate::play::{Played, Verdict};
use crate::report::amount::grouped;
use crate::report::refused::{Refused, StakeReport};
use crate::report::{replay, why};
use crate::scenario::{Member, Scenario};
use actors::Earnings;
use chain::runtime::shares;
use chain::state::Subnet;
use chain::units::{AlphaRao, BlockNumber, NetUid, Rao, TAO, Uid};
use serde::{Serialize, Serializer};

/// The result of a run. Amounts are decimal strings in rao (or alpha rao), shares are of 65,535.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The scenario's name.
    pub scenario: String,
    /// One line about it.
    pub title: String,
    /// Version of the program.
    pub version: &'static str,
    /// Seed.
    pub seed: u64,
    /// Digest of all that decides what happens, hex.
    pub scenario_digest: String,
    /// Digest of the texts that the markets worked on, hex.
    pub corpus_digest: String,
    /// Last block.
    pub block: BlockNumber,
    /// Rolling digest of the chain after it, hex.
    pub head_digest: String,
    /// Rolling digest of what the participants did, hex.
    pub log_digest: String,
    /// The subnets of the scenario.
    pub subnets: Vec<SubnetReport>,
    /// Stakes of validators at genesis.
    pub stakes: Vec<StakeReport>,
    /// Who earned what, in the order of the cast.
    pub payouts: Vec<Payout>,
    /// Who earned what and why, in a few sentences.
    pub why: Vec<String>,
    /// What the chain refused: events, then calls that participants made for their roles.
    pub refused: Vec<Refused>,
    /// Verdicts on expectations.
    pub expectations: Vec<Verdict>,
    /// Verdicts on invariants.
    pub invariants: Vec<Verdict>,
    /// Whether all of them hold, and no event was refused that may not fail.
    pub passed: bool,
    /// The command that plays it again.
    pub replay: String,
}

/// A subnet at the end of a run.
#[derive(Clone, Debug, Serialize)]
pub struct SubnetReport {
    /// Its number.
    pub netuid: u16,
    /// What it is about.
    pub title: String,
    /// Spot price of one alpha.
    #[serde(serialize_with = "rao")]
    pub price: Rao,
    /// TAO in the pool.
    #[serde(serialize_with = "rao")]
    pub pool_tao: Rao,
    /// Alpha in the pool.
    #[serde(serialize_with = "alpha")]
    pub pool_alpha: AlphaRao,
    /// Alpha outside the pool.
    #[serde(serialize_with = "alpha")]
    pub alpha_out: AlphaRao,
    /// Epochs so far.
    pub epochs: u64,
    /// The metagraph, by uid.
    pub neurons: Vec<Neuron>,
}

/// A line of the metagraph.
#[derive(Clone, Debug, Serialize)]
pub struct Neuron {
    /// Its slot.
    pub uid: Uid,
    /// Role in the scenario; empty for a stranger.
    pub role: &'static str,
    /// Name in the scenario; empty for a stranger.
    pub name: String,
    /// Hotkey, SS58.
    pub hotkey: String,
    /// Alpha staked with the hotkey.
    #[serde(serialize_with = "alpha")]
    pub stake: AlphaRao,
    /// Share of its weights that consensus kept.
    pub vtrust: u16,
    /// Weight on which the stake majority agrees.
    pub consensus: u16,
    /// Share of the miners' emission.
    pub incentive: u16,
    /// Share of the validators' emission.
    pub dividends: u16,
    /// Alpha of the last epoch.
    #[serde(serialize_with = "alpha")]
    pub emission: AlphaRao,
    /// Blocks since its last weights.
    pub updated: u64,
    /// Whether its weights are recent enough to count.
    pub active: bool,
}

/// What a participant earned.
#[derive(Clone, Debug, Serialize)]
pub struct Payout {
    /// Name.
    pub name: String,
    /// Role.
    pub role: &'static str,
    /// Tactic at the start.
    pub tactic: String,
    /// Subnet.
    pub netuid: u16,
    /// Alpha by which its stake grew, beyond what it bought and sold.
    #[serde(serialize_with = "alpha")]
    pub alpha: AlphaRao,
    /// What it earned in TAO: the alpha at the spot price of the end, and the fees received.
    #[serde(serialize_with = "rao")]
    pub value: Rao,
    /// Fees received.
    #[serde(serialize_with = "rao")]
    pub fees_earned: Rao,
    /// Fees paid.
    #[serde(serialize_with = "rao")]
    pub fees_paid: Rao,
    /// Right answers.
    pub answers_ok: u64,
    /// Wrong answers.
    pub answers_bad: u64,
    /// Questions without an answer.
    pub answers_missing: u64,
    /// The mechanism's figure of quality over these answers, thousandths of its unit; 0 without any.
    pub quality_milli: u64,
    /// Unit of the figure of quality.
    pub quality_unit: &'static str,
    /// What explains it best, in words.
    pub reason: String,
}

pub(super) fn rao<S: Serializer>(amount: &Rao, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&amount.get())
}
pub(super) fn alpha<S: Serializer>(amount: &AlphaRao, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&amount.get())
}

impl Report {
    /// The report of a run.
    pub fn new(scenario: &Scenario, played: &Played) -> Self {
        let plan = &scenario.plan;
        let payouts: Vec<_> = played
            .earnings
            .iter()
            .zip(&scenario.members)
            .map(|(earned, member)| payout(played, earned, member))
            .collect();
        let subnets: Vec<_> =
            plan.subnets.iter().map(|subnet| subnet_report(played, subnet.netuid, &subnet.title)).collect();
        let imported = plan.imported().map(|netuid| imported(played, netuid));
        let subnets: Vec<_> = imported.chain(subnets).collect();
        let refused = Refused::all(scenario, &played.run);
        let verdicts = || played.expectations.iter().chain(&played.invariants);
        Self {
            scenario: plan.name.clone(),
            title: scenario.title.clone(),
            version: env!("CARGO_PKG_VERSION"),
            seed: plan.seed,
            scenario_digest: hex::encode(plan.digest),
            corpus_digest: hex::encode(plan.corpus.digest()),
            block: played.run.block(),
            head_digest: hex::encode(played.run.digest()),
            log_digest: hex::encode(played.run.log_digest()),
            why: why::lines(&payouts, &subnets),
            payouts,
            subnets,
            stakes: StakeReport::all(&played.run),
            passed: verdicts().all(|verdict| verdict.passed) && !refused.iter().any(|one| one.fails),
            refused,
            expectations: played.expectations.clone(),
            invariants: played.invariants.clone(),
            replay: replay::command(scenario),
        }
    }
}

fn payout(played: &Played, earned: &Earnings, member: &Member) -> Payout {
    let price = u128::from(price_rao(played.run.view().state(), earned.netuid));
    let worth = u128::from(earned.alpha.get()) * price / u128::from(TAO);
    let worth = Rao(u64::try_from(worth).unwrap_or(u64::MAX));
    Payout {
        name: earned.name.clone(),
        role: earned.role,
        tactic: member.tactic.clone(),
        netuid: earned.netuid.number(),
        alpha: earned.alpha,
        value: worth.saturating_add(earned.fees_earned),
        fees_earned: earned.fees_earned,
        fees_paid: earned.fees_paid,
        answers_ok: earned.answers_ok,
        answers_bad: earned.answers_bad,
        answers_missing: earned.answers_missing,
        quality_milli: earned.quality_milli,
        quality_unit: earned.quality_unit,
        reason: earned.reason.clone(),
    }
}

fn subnet_report(played: &Played, netuid: NetUid, title: &str) -> SubnetReport {
    let state = played.run.view().state();
    let none = Subnet::default();
    let subnet = state.subnet(netuid).unwrap_or(&none);
    let neurons = (0..subnet.neurons.n()).filter_map(|uid| neuron(played, netuid, subnet, uid));
    SubnetReport {
        netuid: netuid.number(),
        title: title.to_owned(),
        price: Rao(price_rao(state, netuid)),
        pool_tao: subnet.pool.tao,
        pool_alpha: subnet.pool.alpha_in,
        alpha_out: subnet.pool.alpha_out,
        epochs: subnet.schedule.epoch_index,
        neurons: neurons.collect(),
    }
}

/// A subnet of the network that the chain began with.
fn imported(played: &Played, netuid: NetUid) -> SubnetReport {
    let n = played.run.view().state().subnet(netuid).map_or(0, |subnet| subnet.neurons.n());
    subnet_report(played, netuid, &format!("imported, {} neurons", grouped(n as u128)))
}

fn neuron(played: &Played, netuid: NetUid, subnet: &Subnet, uid: usize) -> Option<Neuron> {
    let (state, context) = (played.run.view().state(), played.run.context());
    let neurons = &subnet.neurons;
    let hotkey = neurons.keys.get(uid)?;
    let member = context.of_hotkey(hotkey).and_then(|id| context.member(id));
    let share = |column: &[u16]| column.get(uid).copied().unwrap_or_default();
    let mechanism = subnet.mechanisms.first();
    let last = mechanism.and_then(|mechanism| mechanism.last_update.get(uid)).copied().unwrap_or_default();
    Some(Neuron {
        uid: Uid::try_from(uid).ok()?,
        role: member.map_or("", |member| member.role.label()),
        name: member.map(|member| member.name.clone()).unwrap_or_default(),
        hotkey: hotkey.to_string(),
        stake: shares::hotkey_stake(state, hotkey, netuid),
        vtrust: share(&neurons.validator_trust),
        consensus: share(&neurons.consensus),
        incentive: mechanism.map(|mechanism| share(&mechanism.incentive)).unwrap_or_default(),
        dividends: share(&neurons.dividends),
        emission: neurons.emission.get(uid).copied().unwrap_or_default(),
        updated: state.block.saturating_sub(last),
        active: neurons.active.get(uid).copied().unwrap_or_default(),
    })
}
