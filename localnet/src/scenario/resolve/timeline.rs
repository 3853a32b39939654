//! Events and faults.

use super::cast::{Skill, miner_tactic, validator_tactic};
use super::{Findings, Member, Statement, call, chosen, named, rules, subnets};
use crate::report::amount::tao;
use crate::scenario::amount::Amount;
use crate::scenario::document::KeyPath;
use crate::scenario::model::{self, File, Role};
use crate::scenario::selector::Selector;
use actors::plan::{Change, Fault, FaultRule, TimedEvent, Value};
use actors::settings;
use chain::units::{NetUid, Rao};

/// An event happens again at most this often.
const REPEATS_MAX: usize = 100_000;

pub(super) fn events(
    file: &File,
    members: &[Member],
    findings: &mut Findings,
) -> (Vec<TimedEvent>, Vec<Statement>) {
    let list = KeyPath::root().key("event");
    let (mut events, mut statements) = (Vec::new(), Vec::new());
    let mut upgrades = rules::upgrades(file, findings).into_iter();
    for (index, event) in file.event.iter().enumerate() {
        let path = list.index(index);
        within_run(file, event.at_block, &path.key("at_block"), findings);
        if event.netuid.is_some() && event.set.is_none() {
            findings.add(path.key("netuid"), "`netuid` goes with `set`");
        }
        let changes = changes(file, event, members, &path, findings);
        let upgrade = upgrades.next().flatten().map(|economics| Change::Upgrade(Box::new(economics)));
        let changes: Vec<_> = changes.into_iter().chain(upgrade).collect();
        for block in blocks(file, event, &path, findings) {
            for change in &changes {
                let (path, label) = (path.clone(), label(change));
                statements.push(Statement { path, place: String::new(), label, may_fail: event.may_fail });
                events.push(TimedEvent { block, change: change.clone() });
            }
        }
    }
    (events, statements)
}

/// A block that the scenario reaches. A shorter run, asked for on the command line, leaves later events out.
fn within_run(file: &File, block: u64, path: &KeyPath, findings: &mut Findings) {
    let last = file.blocks_written.max(file.blocks);
    if !(1..=last).contains(&block) {
        findings.add(path.clone(), format!("expected 1 to {last}, the scenario's last block, found {block}"));
    }
}

/// An amount of an event, which must move something.
fn some(amount: Amount, path: &KeyPath, findings: &mut Findings) -> Rao {
    if amount.rao().is_zero() {
        findings.add(path.key("amount"), "0 moves nothing; allowed: more than 0");
    }
    amount.rao()
}

fn changes(
    file: &File,
    event: &model::Event,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Vec<Change> {
    let given = [
        ("set", event.set.is_some()),
        ("tactic", event.tactic.is_some()),
        ("transfer", event.transfer.is_some()),
        ("stake", event.stake.is_some()),
        ("unstake_all", event.unstake_all.is_some()),
        ("vote", event.vote.is_some()),
        ("rules", event.rules.is_some()),
        ("call", event.call.is_some()),
        ("crash", event.crash.is_some()),
        ("retire", event.retire.is_some()),
    ];
    exactly_one(&given, path, findings);
    let mut changes = Vec::new();
    if let Some(set) = &event.set {
        let netuid = NetUid(subnet(file, event.netuid, &path.key("netuid"), findings));
        let settings = subnets::settings(set, settings::SUBNET, &path.key("set"), findings);
        changes.extend(settings.into_iter().map(|setting| Change::Hyperparameter { netuid, setting }));
    }
    if let Some(change) = &event.tactic {
        changes.extend(tactics(file, change, members, &path.key("tactic"), findings));
    }
    if let Some(transfer) = &event.transfer {
        let path = path.key("transfer");
        named(&transfer.from, members, &path.key("from"), findings);
        named(&transfer.to, members, &path.key("to"), findings);
        let (from, to) = (transfer.from.clone(), transfer.to.clone());
        let amount = some(transfer.amount, &path, findings);
        changes.push(Change::Transfer { from, to, amount });
    }
    if let Some(stake) = &event.stake {
        let path = path.key("stake");
        let with = stake.with.clone().unwrap_or_else(|| stake.who.clone());
        named(&stake.who, members, &path.key("who"), findings);
        named(&with, members, &path.key("with"), findings);
        let netuid = match stake.netuid {
            Some(0) => 0,
            netuid => subnet(file, netuid, &path.key("netuid"), findings),
        };
        let (who, amount) = (stake.who.clone(), some(stake.amount, &path, findings));
        changes.push(Change::Stake { who, with, netuid: NetUid(netuid), amount });
    }
    if let Some(unstake) = &event.unstake_all {
        let path = path.key("unstake_all");
        let with = unstake.with.clone().unwrap_or_else(|| unstake.who.clone());
        named(&unstake.who, members, &path.key("who"), findings);
        named(&with, members, &path.key("with"), findings);
        changes.push(Change::UnstakeAll { who: unstake.who.clone(), with });
    }
    if let Some(vote) = &event.vote {
        changes.extend(votes(file, vote, members, &path.key("vote"), findings));
    }
    if let Some(call) = &event.call {
        match call::resolve(call) {
            Ok(call) => changes.push(Change::Root(Box::new(call))),
            Err(message) => findings.add(path.key("call"), message),
        }
    }
    for who in each(event.crash.as_ref(), members, &path.key("crash"), findings) {
        changes.push(Change::Crash { who });
    }
    for who in each(event.retire.as_ref(), members, &path.key("retire"), findings) {
        changes.push(Change::Retire { who });
    }
    changes
}

/// The blocks of an event that may happen again and again.
fn blocks(file: &File, event: &model::Event, path: &KeyPath, findings: &mut Findings) -> Vec<u64> {
    let Some(every) = event.every else { return vec![event.at_block] };
    findings.within(&path.key("every"), every, 1, u64::MAX, "blocks");
    let next = |block: &u64| block.checked_add(every.max(1)).filter(|block| *block <= file.blocks);
    let blocks: Vec<_> = std::iter::successors(Some(event.at_block), next).take(REPEATS_MAX + 1).collect();
    if blocks.len() > REPEATS_MAX {
        let message =
            format!("expected at most {REPEATS_MAX} repetitions of the event, found every = {every}");
        findings.add(path.key("every"), message);
    }
    blocks
}

/// An event in words.
fn label(change: &Change) -> String {
    match change {
        Change::Hyperparameter { netuid, setting } => {
            let value = match setting.value {
                Value::Switch(on) => on.to_string(),
                Value::Number(number) => number.to_string(),
            };
            format!("set {} = {value} on subnet {netuid}", setting.name)
        }
        Change::MinerTactic { who, .. } | Change::ValidatorTactic { who, .. } => {
            format!("another tactic of {who}")
        }
        Change::Transfer { from, to, amount } => {
            format!("transfer of {} tao from {from} to {to}", tao(*amount))
        }
        Change::Stake { who, with, netuid, amount } => {
            format!("stake of {} tao by {who} with {with} on subnet {netuid}", tao(*amount))
        }
        Change::UnstakeAll { who, with } => format!("unstake_all by {who} from {with}"),
        Change::Vote { who, .. } => format!("vote of {who}"),
        Change::Root(_) => "call as root".to_owned(),
        Change::Upgrade(_) => "other rules".to_owned(),
        Change::Crash { who } => format!("crash of {who}"),
        Change::Retire { who } => format!("retirement of {who}"),
    }
}

fn votes(
    file: &File,
    vote: &model::Vote,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Vec<Change> {
    let list = path.key("weights");
    let weights: Vec<_> = (0..)
        .zip(&vote.weights)
        .map(|(at, [netuid, weight])| {
            (NetUid(subnet(file, Some(*netuid), &list.index(at), findings)), *weight)
        })
        .collect();
    let voters = each(Some(&vote.of), members, &path.key("of"), findings);
    voters.into_iter().map(|who| Change::Vote { who, weights: weights.clone() }).collect()
}

fn tactics(
    file: &File,
    change: &model::TacticChange,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Vec<Change> {
    let places = chosen(&change.of, members, &path.key("of"), findings);
    let mut changes = Vec::new();
    for member in places.iter().filter_map(|place| members.get(*place)) {
        let who = member.name.clone();
        match member.role {
            Role::Miner => {
                let asked = subnets::has_methods(file, member.netuid);
                let skill = Skill { method: change.method.as_deref(), level: change.level, asked };
                let tactic = miner_tactic(&change.to, skill, path, "to", findings);
                changes.push(Change::MinerTactic { who, tactic });
            }
            Role::Validator => {
                let tactic = validator_tactic(&change.to, &path.key("to"), findings);
                changes.push(Change::ValidatorTactic { who, tactic });
            }
            Role::Owner | Role::User => {
                let message = format!("`{who}` has no tactic; allowed: miners and validators");
                findings.add(path.key("of"), message);
            }
        }
    }
    changes
}

pub(super) fn faults(file: &File, members: &[Member], findings: &mut Findings) -> Vec<Fault> {
    let list = KeyPath::root().key("fault");
    let resolved = (0..).zip(&file.fault).filter_map(|(at, row)| {
        let path = list.index(at);
        for (place, block) in (0..).zip(row.during) {
            if block > 0 {
                within_run(file, block, &path.key("during").index(place), findings);
            }
        }
        fault(row, members, &path, findings)
    });
    resolved.collect()
}

/// One fault; `path` is where it stands.
pub(super) fn fault(
    fault: &model::Fault,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<Fault> {
    let [from, last] = fault.during;
    if from == 0 || last < from {
        let message = format!("expected first and last block, from 1, in order, found [{from}, {last}]");
        findings.add(path.key("during"), message);
    }
    let rule = rule(fault, members, path, findings)?;
    Some(Fault { from, to: last.saturating_add(1), rule })
}

fn rule(
    fault: &model::Fault,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<FaultRule> {
    let given = [
        ("offline", fault.offline.is_some()),
        ("loss_permille", fault.loss_permille.is_some()),
        ("latency_blocks", fault.latency_blocks.is_some()),
        ("partition", fault.partition.is_some()),
    ];
    exactly_one(&given, path, findings);
    let of = path.key("of");
    if fault.of.is_some() && fault.loss_permille.is_none() && fault.latency_blocks.is_none() {
        findings.add(of.clone(), "`of` goes with loss_permille or latency_blocks");
    }
    if fault.offline.is_some() {
        let who = each(fault.offline.as_ref(), members, &path.key("offline"), findings);
        return Some(FaultRule::Offline { who });
    }
    if let Some(permille) = fault.loss_permille {
        findings.within(&path.key("loss_permille"), permille.into(), 0, 1_000, "thousandths");
        return Some(FaultRule::Loss { who: each(fault.of.as_ref(), members, &of, findings), permille });
    }
    if let Some(blocks) = fault.latency_blocks {
        findings.within(&path.key("latency_blocks"), blocks, 1, u64::MAX, "blocks");
        return Some(FaultRule::Latency { who: each(fault.of.as_ref(), members, &of, findings), blocks });
    }
    let [left, right] = fault.partition.as_ref()?;
    let path = path.key("partition");
    let left = each(Some(left), members, &path.index(0), findings);
    let right = each(Some(right), members, &path.index(1), findings);
    Some(FaultRule::Partition { left, right })
}

/// True if one key is given; a finding otherwise.
pub(super) fn exactly_one(given: &[(&str, bool)], path: &KeyPath, findings: &mut Findings) -> bool {
    let there: Vec<_> = given.iter().filter(|(_, given)| *given).map(|(key, _)| *key).collect();
    if there.len() != 1 {
        let keys: Vec<_> = given.iter().map(|(key, _)| *key).collect();
        let has = if there.is_empty() { "none".to_owned() } else { there.join(" and ") };
        findings.add(path.clone(), format!("exactly one of {} is needed, here is {has}", keys.join(", ")));
    }
    there.len() == 1
}

pub(super) fn each(
    selector: Option<&Selector>,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Vec<String> {
    let Some(selector) = selector else { return Vec::new() };
    let places = chosen(selector, members, path, findings);
    places.iter().filter_map(|place| members.get(*place)).map(|member| member.name.clone()).collect()
}

pub(super) fn subnet(file: &File, netuid: Option<u16>, path: &KeyPath, findings: &mut Findings) -> u16 {
    let mut netuids: Vec<u16> = file.subnet.iter().map(|subnet| subnet.netuid).collect();
    netuids.extend(subnets::imported(file));
    match netuid {
        Some(netuid) if !netuids.contains(&netuid) => {
            findings.add(path.clone(), format!("there is no subnet {netuid}; allowed: {netuids:?}"));
            netuid
        }
        Some(netuid) => netuid,
        None => netuids.first().copied().unwrap_or(1),
    }
}
