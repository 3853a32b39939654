//! From what a file says to what is played: defaults filled in, names looked up, numbers checked.

mod call;
mod cast;
mod expect;
mod rules;
mod setup;
mod subnets;
mod timeline;

pub use cast::{METHODS, MINER_TACTICS, VALIDATOR_TACTICS};
pub use rules::unknown_rule;
pub use subnets::MECHANISMS;

use super::document::{KeyPath, Step};
use super::expectation::Expectation;
use super::model::{self, File, Role};
use super::selector::{Selector, Traits};
use actors::corpus::Corpus;
use actors::plan::{BeaconPlan, ChainPlan, Fault, OnCrash, Plan, Preset};
use chain::invariants::Invariant;
use std::sync::Arc;

/// A participant as selectors and reports see it; its place is that in the plan's cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Own name.
    pub name: String,
    /// Name of its `[[cast]]` entry.
    pub group: String,
    /// Role.
    pub role: Role,
    /// Tactic at the start.
    pub tactic: String,
    /// Subnet.
    pub netuid: u16,
}

impl Member {
    /// What a selector looks at.
    pub fn traits(&self) -> Traits<'_> {
        Traits { role: self.role, name: &self.name, group: &self.group, tactic: &self.tactic }
    }
}

/// An event of a plan as its author wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Where it stands: `event[2]`.
    pub path: KeyPath,
    /// The same with the file and the line, for messages.
    pub place: String,
    /// What it says, in words.
    pub label: String,
    /// Whether the chain may refuse it.
    pub may_fail: bool,
}

/// What a file resolves to.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// What is played; its digest is set, see [`crate::scenario::digest`].
    pub plan: Plan,
    /// The cast as selectors see it.
    pub members: Vec<Member>,
    /// The events as they were written; same places as in the plan.
    pub statements: Vec<Statement>,
    /// What must hold at a block or at the end.
    pub expectations: Vec<Expectation>,
    /// What must hold at every block.
    pub invariants: Vec<Invariant>,
}

/// What is wrong, and where.
pub type Finding = (KeyPath, String);

/// Collects findings, so that one run over a file names all of them.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, path: KeyPath, message: impl Into<String>) {
        self.0.push((path, message.into()));
    }
    /// Whether any is about one of these keys.
    fn is_about(&self, keys: &[&str]) -> bool {
        let last = |path: &KeyPath| match path.steps().last() {
            Some(Step::Key(key)) => keys.contains(&key.as_str()),
            _ => false,
        };
        self.0.iter().any(|(path, _)| last(path))
    }
    fn within(&mut self, path: &KeyPath, value: u64, min: u64, max: u64, unit: &str) {
        if !(min..=max).contains(&value) {
            let upper = if max == u64::MAX { "or more".to_owned() } else { format!("to {max}") };
            let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
            self.add(path.clone(), format!("expected {min} {upper}{unit}, found {value}"));
        }
    }
}

/// Resolves a file.
///
/// # Errors
/// All that is wrong with it, each with its key.
pub fn resolve(file: &File, corpus: Arc<Corpus>) -> Result<Resolved, Vec<Finding>> {
    let mut findings = Findings::default();
    check_head(file, &mut findings);
    let subnets = subnets::resolve(file, &mut findings);
    let chain = chain_plan(file, &mut findings);
    // One mistake gives one message: what is looked up in a wrong value would fail for its sake.
    if findings.is_about(&["blocks", "netuid"]) {
        return Err(findings.0);
    }
    let (members, cast, entries) = cast::resolve(file, &mut findings);
    if findings.is_about(&["count", "name", "netuid"]) {
        return Err(findings.0);
    }
    subnets::check_people(file, &mut findings);
    let (events, statements) = timeline::events(file, &members, &mut findings);
    let faults = timeline::faults(file, &members, &mut findings);
    let (expectations, invariants) = expect::resolve(file, &members, &mut findings);
    let mut plan = Plan {
        name: file.name.clone(),
        seed: file.seed,
        blocks: file.blocks,
        digest: [0; 32],
        chain,
        subnets,
        cast,
        events,
        faults,
        corpus,
        on_crash: on_crash(file),
    };
    if findings.0.is_empty()
        && let Err(error) = plan.check()
    {
        findings.add(KeyPath::root(), error.to_string());
    }
    // The set-up is tried, so that what the chain refuses of it is named before anything is played.
    if findings.0.is_empty()
        && let Err(errors) = actors::genesis::found(&plan)
    {
        findings.0.extend(setup::findings(&plan, &entries, errors));
    }
    if !findings.0.is_empty() {
        return Err(findings.0);
    }
    plan.digest = super::digest::digest(&plan);
    Ok(Resolved { plan, members, statements, expectations, invariants })
}

/// A fault that stands in no file, of a cast that is being played.
///
/// # Errors
/// All that is wrong with it, each with its key.
pub fn fault(given: &model::Fault, members: &[Member]) -> Result<Fault, Vec<Finding>> {
    let mut findings = Findings::default();
    let fault = timeline::fault(given, members, &KeyPath::root(), &mut findings);
    fault.filter(|_| findings.0.is_empty()).ok_or(findings.0)
}

/// Names of those that a selector chooses.
///
/// # Errors
/// When it chooses nobody.
pub fn participants(selector: &Selector, members: &[Member]) -> Result<Vec<String>, Vec<Finding>> {
    let mut findings = Findings::default();
    let names = timeline::each(Some(selector), members, &KeyPath::root(), &mut findings);
    if findings.0.is_empty() { Ok(names) } else { Err(findings.0) }
}

fn check_head(file: &File, findings: &mut Findings) {
    let root = KeyPath::root();
    if file.schema != super::model::FORMAT {
        let message = format!("expected schema = {}, found {}", super::model::FORMAT, file.schema);
        findings.add(root.key("schema"), message);
    }
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if file.name.is_empty() || !file.name.bytes().all(plain) {
        let message = format!("expected lower case letters, digits and dashes, found \"{}\"", file.name);
        findings.add(root.key("name"), message);
    }
    findings.within(&root.key("blocks"), file.blocks, 1, u64::from(u32::MAX), "blocks");
    findings.within(&root.key("chain").key("block_time_ms"), file.chain.block_time_ms, 1, 3_600_000, "ms");
}

fn chain_plan(file: &File, findings: &mut Findings) -> ChainPlan {
    let path = KeyPath::root().key("chain").key("parameters");
    ChainPlan {
        preset: match file.chain.preset {
            super::model::Preset::Market => Preset::Market,
            super::model::Preset::Fast => Preset::Fast,
            super::model::Preset::Production => Preset::Production,
            super::model::Preset::Mainnet => Preset::Mainnet,
        },
        block_time_ms: file.chain.block_time_ms,
        start_ms: file.chain.start_ms,
        beacon: match file.chain.beacon {
            super::model::Beacon::None => BeaconPlan::None,
            super::model::Beacon::Local => BeaconPlan::Local,
        },
        settings: subnets::settings(&file.chain.parameters, actors::settings::CHAIN, &path, findings),
        economics: rules::genesis(file, findings),
        dev_accounts: false,
        commit_reveal: true,
        metadata: [0; 32],
        origin: file.origin.clone(),
    }
}

fn on_crash(file: &File) -> OnCrash {
    match file.chain.on_crash {
        super::model::OnCrash::Fail => OnCrash::Fail,
        super::model::OnCrash::Retire => OnCrash::Retire,
        super::model::OnCrash::Restart => OnCrash::Restart,
    }
}

/// The participants that a selector means, by place; a finding if there is none.
fn chosen(selector: &Selector, members: &[Member], path: &KeyPath, findings: &mut Findings) -> Vec<usize> {
    let places: Vec<usize> = (0..)
        .zip(members)
        .filter(|(_, member)| selector.matches(member.traits()))
        .map(|(at, _)| at)
        .collect();
    if places.is_empty() {
        findings.add(path.clone(), unknown_member(&selector.to_string(), members));
    }
    places
}

/// The participant of a name, by place; a finding if there is none.
fn named(name: &str, members: &[Member], path: &KeyPath, findings: &mut Findings) -> Option<usize> {
    let place = members.iter().position(|member| member.name == name);
    if place.is_none() {
        findings.add(path.clone(), unknown_member(name, members));
    }
    place
}

fn unknown_member(word: &str, members: &[Member]) -> String {
    let hint = super::problem::nearest(word, members.iter().map(|member| member.name.as_str()));
    let hint = hint.map_or_else(|| ".".to_owned(), |hint| format!("; did you mean `{hint}`?"));
    let names: Vec<_> = members.iter().map(|member| member.name.as_str()).collect();
    format!("no cast member is called `{word}`{hint} The cast: {}", names.join(", "))
}
