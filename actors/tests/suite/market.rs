//! Plans for the tests.

use actors::corpus::Corpus;
use actors::plan::{
    ActorId, CastMember, ChainPlan, CompressionPlan, Fault, FaultRule, MechanismPlan, Method, MinerTactic,
    OnCrash, Plan, Role, Setting, StakePlan, SubnetPlan, TimedEvent, ValidatorTactic, Value,
};
use actors::{BlockLog, BlockRecord, DriverKind, Options, Run};
use chain::units::{NetUid, Rao, TAO};
use std::num::NonZeroUsize;
use std::sync::Arc;

pub(crate) const NETUID: NetUid = NetUid(1);

/// One market; the cast is added by the methods of [`Market`].
pub(crate) struct Market(pub(crate) Plan);

impl Market {
    pub(crate) fn new(seed: u64, blocks: u64) -> Self {
        Self(Plan {
            name: "test".to_owned(),
            seed,
            blocks,
            digest: [0; 32],
            chain: ChainPlan::default(),
            subnets: vec![SubnetPlan {
                netuid: NETUID,
                title: "compression".to_owned(),
                mechanism: MechanismPlan::Compression(CompressionPlan::default()),
                settings: vec![
                    number("tempo", 20),
                    switch("yuma3_on", true),
                    switch("commit_reveal_weights_enabled", false),
                ],
            }],
            cast: Vec::new(),
            events: Vec::new(),
            faults: Vec::new(),
            corpus: Arc::new(Corpus::builtin()),
            on_crash: OnCrash::Fail,
        })
        .member("olga", Role::Owner { netuid: NETUID })
    }
    pub(crate) fn member(mut self, name: &str, role: Role) -> Self {
        self.0.cast.push(CastMember { name: name.to_owned(), balance: None, role });
        self
    }
    pub(crate) fn validator(self, name: &str, tao: u64, tactic: ValidatorTactic) -> Self {
        let (stake, root_stake) = (StakePlan::Tao(Rao(tao * TAO)), Rao::ZERO);
        self.member(name, Role::Validator { netuid: NETUID, stake, root_stake, tactic, fee_permille: 300 })
    }
    pub(crate) fn miner(self, name: &str, tactic: MinerTactic) -> Self {
        self.member(name, Role::Miner { netuid: NETUID, tactic })
    }
    pub(crate) fn honest(self, name: &str, method: Method, level: u8) -> Self {
        self.miner(name, MinerTactic::Honest { method, level })
    }
    pub(crate) fn user(self, name: &str, via: &str, every: u64) -> Self {
        let (via, fee, budget) = (Some(via.to_owned()), Rao(TAO / 20), Rao(5 * TAO));
        self.member(name, Role::User { netuid: NETUID, via, fee, budget, every })
    }
    pub(crate) fn fault(mut self, from: u64, to: u64, rule: FaultRule) -> Self {
        self.0.faults.push(Fault { from, to, rule });
        self
    }
    pub(crate) fn event(mut self, block: u64, change: actors::plan::Change) -> Self {
        self.0.events.push(TimedEvent { block, change });
        self
    }
    pub(crate) fn on_crash(mut self, on_crash: OnCrash) -> Self {
        self.0.on_crash = on_crash;
        self
    }
    /// Short rounds of short texts, so that a few dozen blocks hold plenty of work.
    pub(crate) fn quick(mut self) -> Self {
        let plan = CompressionPlan { slice_bytes: 512, round_every: 3, ..CompressionPlan::default() };
        self.0.subnets[0].mechanism = MechanismPlan::Compression(plan);
        self.set("tempo", Value::Number(8))
    }
    pub(crate) fn set(mut self, name: &str, value: Value) -> Self {
        let settings = &mut self.0.subnets[0].settings;
        settings.retain(|setting| setting.name != name);
        settings.push(Setting { name: name.to_owned(), value });
        self
    }
    pub(crate) fn run(self, driver: DriverKind) -> Run {
        Run::new(self.0, &Options { driver, ..Options::default() }).unwrap()
    }
}

pub(crate) fn number(name: &str, value: u64) -> Setting {
    Setting { name: name.to_owned(), value: Value::Number(value) }
}
pub(crate) fn switch(name: &str, on: bool) -> Setting {
    Setting { name: name.to_owned(), value: Value::Switch(on) }
}
pub(crate) fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
pub(crate) fn on_arbiters(arbiters: usize) -> DriverKind {
    DriverKind::Actix { arbiters: NonZeroUsize::new(arbiters).unwrap() }
}

/// The market that the program shows to newcomers, as `fixtures/scenarios/hello-market.toml` has it.
pub(crate) fn hello(blocks: u64) -> Market {
    Market::new(42, blocks)
        .validator("vera", 600, ValidatorTactic::Honest)
        .validator("victor", 300, ValidatorTactic::Honest)
        .validator("vince", 100, ValidatorTactic::Copier)
        .honest("brook", Method::Brotli, 7)
        .honest("zoe", Method::Zstd, 12)
        .honest("burt", Method::Bzip2, 1)
        .honest("dora", Method::Deflate, 6)
        .honest("leo", Method::Lz4, 0)
        .miner("cora", MinerTactic::Copycat)
        .miner("lazy", MinerTactic::Lazy)
        .miner("liam", MinerTactic::Liar)
        .honest("olaf", Method::Deflate, 9)
        .user("uma", "vera", 10)
        .user("ulf", "victor", 15)
        .fault(200, 300, FaultRule::Offline { who: names(&["olaf"]) })
        .set("activity_cutoff", Value::Number(400))
        .set("immunity_period", Value::Number(100))
}

pub(crate) fn play(run: &mut Run, blocks: u64) -> Vec<BlockRecord> {
    (0..blocks).map(|_| run.next_block().unwrap()).collect()
}
pub(crate) fn logs(records: Vec<BlockRecord>) -> Vec<BlockLog> {
    records.into_iter().map(|record| record.log).collect()
}
pub(crate) fn actor(run: &Run, name: &str) -> ActorId {
    run.stage().plan.actor(name).unwrap()
}
