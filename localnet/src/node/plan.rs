//! What a live chain plays: a scenario's plan, or a chain without a cast.

use crate::exit::Failure;
use crate::play;
use crate::scenario::resolve::Member;
use crate::scenario::{self, Request};
use actors::RunError;
use actors::corpus::Corpus;
use actors::plan::{BeaconPlan, ChainPlan, OnCrash, Plan, Preset};
use chain::crypto::blake2_256;
use chain::units::BlockNumber;
use chain::wire::metadata::ChainConstants;
use parity_scale_codec::Encode as _;
use std::sync::Arc;
use std::time::Duration;

/// What to choose from the command line.
#[derive(Clone, Debug)]
pub struct Choice {
    /// A scenario whose cast lives on the chain.
    pub request: Option<Request>,
    /// Seed of a chain without scenario.
    pub seed: u64,
    /// Constants of the chain; a scenario has its own.
    pub preset: Preset,
    /// Time from block to block, as the metadata says it and virtual time counts it.
    pub block_time: Duration,
    /// Whether a new subnet asks for weights to be committed first.
    pub commit_reveal: bool,
    /// A drand beacon of the chain's own; a scenario that has one keeps it.
    pub beacon: bool,
}

/// The plan of a live chain, and its cast as selectors see it. It has the development accounts, and it does not end.
///
/// # Errors
/// When the scenario cannot be read.
pub fn plan(choice: &Choice) -> Result<(Plan, Vec<Member>), Failure> {
    let (mut plan, members) = match &choice.request {
        Some(request) => {
            let scenario = scenario::load(request)?;
            (scenario.plan, scenario.members)
        }
        None => (blank(choice), Vec::new()),
    };
    plan.blocks = BlockNumber::MAX;
    plan.chain.block_time_ms = u64::try_from(choice.block_time.as_millis()).unwrap_or(u64::MAX).max(1);
    plan.chain.dev_accounts = true;
    plan.chain.commit_reveal = choice.commit_reveal;
    if choice.beacon {
        plan.chain.beacon = BeaconPlan::Local;
    }
    let rules = actors::genesis::of(&plan).map_err(|errors| play::failure(RunError::Founding(errors)))?.rules;
    let figures = figures(&plan, &rules);
    plan.chain.metadata = blake2_256(&chain::wire::metadata::v15(&figures));
    plan.digest = blake2_256(&(plan.digest, &plan.chain).encode());
    Ok((plan, members))
}

/// A chain without a cast.
fn blank(choice: &Choice) -> Plan {
    Plan {
        name: "up".to_owned(),
        seed: choice.seed,
        blocks: BlockNumber::MAX,
        digest: [0; 32],
        chain: ChainPlan { preset: choice.preset, ..ChainPlan::default() },
        subnets: Vec::new(),
        cast: Vec::new(),
        events: Vec::new(),
        faults: Vec::new(),
        corpus: Arc::new(Corpus::builtin()),
        on_crash: OnCrash::Retire,
    }
}

/// What the metadata says of a chain.
#[must_use]
pub(super) fn figures(plan: &Plan, rules: &chain::runtime::Rules) -> ChainConstants {
    ChainConstants {
        block_time_ms: plan.chain.block_time_ms,
        start_call_delay: 0,
        initial_tempo: rules.newborn.tempo,
        crowdloan_duration: (rules.constants.crowdloan_min, rules.constants.crowdloan_max),
    }
}
