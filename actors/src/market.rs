//! [`Market`]: a builder of plans with one subnet.

use crate::corpus::Corpus;
use crate::plan::{
    CastMember, ChainPlan, Change, CompressionPlan, Fault, FaultRule, MechanismPlan, MinerTactic, OnCrash,
    Plan, Role, Setting, StakePlan, SubnetPlan, TimedEvent, ValidatorTactic, Value,
};
use crate::run::{Options, Run, RunError};
use chain::units::{BlockNumber, NetUid, Rao};
use std::sync::Arc;

/// The subnet of a [`Market`].
const NETUID: NetUid = NetUid(1);

/// A market on one subnet, netuid 1, with an owner called `olga`: the compression market with tempo 20, Yuma3, and weights in
/// the clear. Methods add the cast and change the rest; what they do not reach is a field of [`Market::plan`].
///
/// ```
/// use actors::Market;
/// use actors::plan::{Method, MinerTactic, StakePlan, ValidatorTactic};
/// use chain::units::{Rao, TAO};
///
/// let mut run = Market::new(42)
///     .validator("vera", StakePlan::Tao(Rao(500 * TAO)), ValidatorTactic::Honest)
///     .miner("zoe", MinerTactic::Honest { method: Method::Zstd, level: 12 })
///     .miners(3, "lazy", MinerTactic::Lazy)
///     .run(60)?;
/// let earnings = run.earnings()?;
/// let alpha = |name: &str| earnings.iter().find(|row| row.name == name).unwrap().alpha;
/// assert!(alpha("zoe") > alpha("lazy-1"), "stored bytes are the worst ratio");
/// # Ok::<(), actors::RunError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Market {
    /// The plan.
    pub plan: Plan,
}

impl Market {
    /// A market without validators and miners. Two markets with the same seed and cast give the same run.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let set = |name: &str, value| Setting { name: name.to_owned(), value };
        let subnet = SubnetPlan {
            netuid: NETUID,
            title: "compression".to_owned(),
            mechanism: MechanismPlan::Compression(CompressionPlan::default()),
            settings: vec![
                set("tempo", Value::Number(20)),
                set("yuma3_on", Value::Switch(true)),
                set("commit_reveal_weights_enabled", Value::Switch(false)),
            ],
        };
        let plan = Plan {
            name: "market".to_owned(),
            seed,
            blocks: 0,
            digest: [0; 32],
            chain: ChainPlan::default(),
            subnets: vec![subnet],
            cast: Vec::new(),
            events: Vec::new(),
            faults: Vec::new(),
            corpus: Arc::new(Corpus::builtin()),
            on_crash: OnCrash::Fail,
        };
        Self { plan }.member("olga", Role::Owner { netuid: NETUID })
    }

    /// Replaces the mechanism.
    #[must_use]
    pub fn mechanism(mut self, mechanism: MechanismPlan) -> Self {
        if let Some(subnet) = self.plan.subnets.first_mut() {
            subnet.mechanism = mechanism;
        }
        self
    }

    /// Adds a participant.
    #[must_use]
    pub fn member(mut self, name: &str, role: Role) -> Self {
        self.plan.cast.push(CastMember { name: name.to_owned(), balance: None, role });
        self
    }

    /// Adds a validator. It keeps 300 thousandths of the fees that users pay.
    #[must_use]
    pub fn validator(self, name: &str, stake: StakePlan, tactic: ValidatorTactic) -> Self {
        let role =
            Role::Validator { netuid: NETUID, stake, root_stake: Rao::ZERO, tactic, fee_permille: 300 };
        self.member(name, role)
    }

    /// Adds a miner.
    #[must_use]
    pub fn miner(self, name: &str, tactic: MinerTactic) -> Self {
        self.member(name, Role::Miner { netuid: NETUID, tactic })
    }

    /// Adds miners `name-1`, `name-2`, and so on.
    #[must_use]
    pub fn miners(self, count: u32, name: &str, tactic: MinerTactic) -> Self {
        (1..=count).fold(self, |market, number| market.miner(&format!("{name}-{number}"), tactic))
    }

    /// Adds a user that asks through the validator `via` every `every` blocks until its budget is spent.
    #[must_use]
    pub fn user(self, name: &str, via: &str, (fee, budget): (Rao, Rao), every: u64) -> Self {
        let via = Some(via.to_owned());
        self.member(name, Role::User { netuid: NETUID, via, fee, budget, every })
    }

    /// Adds an event at a block.
    #[must_use]
    pub fn event(mut self, block: BlockNumber, change: Change) -> Self {
        self.plan.events.push(TimedEvent { block, change });
        self
    }

    /// Adds a fault from one block to another, which is the first without it.
    #[must_use]
    pub fn fault(mut self, from: BlockNumber, to: BlockNumber, rule: FaultRule) -> Self {
        self.plan.faults.push(Fault { from, to, rule });
        self
    }

    /// Sets a hyperparameter of the subnet by its name in a scenario.
    #[must_use]
    pub fn set(mut self, name: &str, value: Value) -> Self {
        if let Some(subnet) = self.plan.subnets.first_mut() {
            subnet.settings.retain(|setting| setting.name != name);
            subnet.settings.push(Setting { name: name.to_owned(), value });
        }
        self
    }

    /// Begins a run, whose blocks the caller plays.
    ///
    /// # Errors
    /// Those of [`Run::new`].
    pub fn start(self, options: &Options) -> Result<Run, RunError> {
        Run::new(self.plan, options)
    }

    /// Runs `blocks` blocks.
    ///
    /// # Errors
    /// Those of [`Run::new`] and [`Run::next_block`].
    pub fn run(mut self, blocks: u64) -> Result<Run, RunError> {
        self.plan.blocks = blocks;
        let mut run = self.start(&Options::default())?;
        for _ in 0..blocks {
            run.next_block()?;
        }
        Ok(run)
    }
}
