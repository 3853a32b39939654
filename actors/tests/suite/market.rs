//! Plans for the tests.

pub(crate) use actors::Market;
use actors::plan::{
    ActorId, CompressionPlan, FaultRule, MechanismPlan, Method, MinerTactic, OnCrash, Setting, StakePlan,
    ValidatorTactic, Value,
};
use actors::{BlockLog, BlockRecord, DriverKind, Options, Run};
use chain::units::{NetUid, Rao, TAO};
use std::num::NonZeroUsize;

pub(crate) const NETUID: NetUid = NetUid(1);

/// Test helpers beside [`Market`].
pub(crate) trait Tested: Sized {
    fn blocks(self, blocks: u64) -> Self;
    fn staker(self, name: &str, tao: u64, tactic: ValidatorTactic) -> Self;
    fn honest(self, name: &str, method: Method, level: u8) -> Self;
    fn customer(self, name: &str, via: &str, every: u64) -> Self;
    fn on_crash(self, on_crash: OnCrash) -> Self;
    /// Short rounds of short texts, so that a few dozen blocks hold plenty of work.
    fn quick(self) -> Self;
    fn on(self, driver: DriverKind) -> Run;
}

impl Tested for Market {
    fn blocks(mut self, blocks: u64) -> Self {
        self.plan.blocks = blocks;
        self
    }
    fn staker(self, name: &str, tao: u64, tactic: ValidatorTactic) -> Self {
        self.validator(name, StakePlan::Tao(Rao(tao * TAO)), tactic)
    }
    fn honest(self, name: &str, method: Method, level: u8) -> Self {
        self.miner(name, MinerTactic::Honest { method, level })
    }
    fn customer(self, name: &str, via: &str, every: u64) -> Self {
        self.user(name, via, (Rao(TAO / 20), Rao(5 * TAO)), every)
    }
    fn on_crash(mut self, on_crash: OnCrash) -> Self {
        self.plan.on_crash = on_crash;
        self
    }
    fn quick(self) -> Self {
        let plan = CompressionPlan { slice_bytes: 512, round_every: 3, ..CompressionPlan::default() };
        self.mechanism(MechanismPlan::Compression(plan)).set("tempo", Value::Number(8))
    }
    fn on(self, driver: DriverKind) -> Run {
        self.start(&Options { driver, ..Options::default() }).unwrap()
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
    Market::new(42)
        .blocks(blocks)
        .staker("vera", 600, ValidatorTactic::Honest)
        .staker("victor", 300, ValidatorTactic::Honest)
        .staker("vince", 100, ValidatorTactic::Copier)
        .honest("brook", Method::Brotli, 7)
        .honest("zoe", Method::Zstd, 12)
        .honest("burt", Method::Bzip2, 1)
        .honest("dora", Method::Deflate, 6)
        .honest("leo", Method::Lz4, 0)
        .miner("cora", MinerTactic::Copycat)
        .miner("lazy", MinerTactic::Lazy)
        .miner("liam", MinerTactic::Liar)
        .honest("olaf", Method::Deflate, 9)
        .customer("uma", "vera", 10)
        .customer("ulf", "victor", 15)
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
    run.context().plan.actor(name).unwrap()
}
