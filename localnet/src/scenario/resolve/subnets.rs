//! Subnets, their tasks and their parameters.

use super::Findings;
use crate::scenario::document::KeyPath;
use crate::scenario::model::{File, Parameter, Parameters, Role, Task};
use crate::scenario::problem::unknown;
use actors::plan::{CompressionPlan, DummyPlan, MechanismPlan, Setting, SubnetPlan, Value};
use actors::settings;
use chain::units::NetUid;

/// The mechanisms that a subnet can have.
pub const MECHANISMS: [&str; 2] = [COMPRESSION, DUMMY];
const COMPRESSION: &str = "compression";
const DUMMY: &str = "dummy";

pub(super) fn resolve(file: &File, findings: &mut Findings) -> Vec<SubnetPlan> {
    let list = KeyPath::root().key("subnet");
    if file.subnet.is_empty() && file.origin.is_none() {
        findings.add(list.clone(), "there is no subnet; a scenario needs at least one [[subnet]]");
    }
    let taken = imported(file);
    let mut free = (1..=u16::MAX).filter(|number| !taken.contains(number));
    let mut plans: Vec<SubnetPlan> = Vec::new();
    for (index, entry) in file.subnet.iter().enumerate() {
        let path = list.index(index);
        let expected = free.next().unwrap_or(u16::MAX);
        check_netuid(entry.netuid, expected, &plans, &path.key("netuid"), findings);
        let hyperparameters = path.key("hyperparameters");
        plans.push(SubnetPlan {
            netuid: NetUid(entry.netuid),
            title: if entry.title.is_empty() { entry.mechanism.clone() } else { entry.title.clone() },
            mechanism: mechanism(&entry.mechanism, &entry.task, &path, findings),
            settings: settings(&entry.hyperparameters, settings::SUBNET, &hyperparameters, findings),
        });
    }
    plans
}

/// Numbers of the subnets that the chain begins with.
pub(super) fn imported(file: &File) -> Vec<u16> {
    file.origin.iter().flat_map(|origin| origin.netuids()).map(NetUid::number).collect()
}

fn check_netuid(netuid: u16, expected: u16, before: &[SubnetPlan], path: &KeyPath, findings: &mut Findings) {
    if before.iter().any(|plan| plan.netuid.number() == netuid) {
        findings.add(
            path.clone(),
            format!("expected {expected}, found {netuid}, which is taken by another subnet"),
        );
    } else if netuid != expected {
        let why = "the chain numbers subnets 1, 2, 3, ... as they register";
        findings.add(path.clone(), format!("expected {expected}, found {netuid}: {why}"));
    }
}

/// Each subnet needs an owner and a validator.
pub(super) fn check_people(file: &File, findings: &mut Findings) {
    let list = KeyPath::root().key("subnet");
    for (index, entry) in file.subnet.iter().enumerate() {
        check_people_of(file, entry.netuid, &list.index(index), findings);
    }
}

fn check_people_of(file: &File, netuid: u16, path: &KeyPath, findings: &mut Findings) {
    let first = file.subnet.first().map(|entry| entry.netuid);
    let count = |role: Role| {
        let here = |netuid_of: Option<u16>| netuid_of.or(first) == Some(netuid);
        let entries = file.cast.iter().filter(|entry| entry.role == role && here(entry.netuid));
        entries.map(|entry| u32::from(entry.count)).sum::<u32>()
    };
    if count(Role::Owner) != 1 {
        let message = format!(
            "subnet {netuid} has {} owners; it needs exactly one [[cast]] with role = \"owner\"",
            count(Role::Owner)
        );
        findings.add(path.clone(), message);
    }
    if count(Role::Validator) == 0 {
        let message = format!(
            "subnet {netuid} has no validator; it needs at least one [[cast]] with role = \"validator\""
        );
        findings.add(path.clone(), message);
    }
}

fn mechanism(name: &str, task: &Task, path: &KeyPath, findings: &mut Findings) -> MechanismPlan {
    let task_path = path.key("task");
    match name {
        DUMMY => MechanismPlan::Dummy(dummy(task, &task_path, findings)),
        COMPRESSION => MechanismPlan::Compression(compression(task, &task_path, findings)),
        _ => {
            findings.add(path.key("mechanism"), unknown("mechanism", name, MECHANISMS));
            MechanismPlan::Dummy(DummyPlan::default())
        }
    }
}

fn dummy(task: &Task, path: &KeyPath, findings: &mut Findings) -> DummyPlan {
    let foreign = [
        ("slice_bytes", task.slice_bytes.is_some()),
        ("cost_ppm", task.cost_ppm.is_some()),
        ("sharpness", task.sharpness.is_some()),
    ];
    for (key, _) in foreign.iter().filter(|(_, given)| *given) {
        let message = format!("the task of a dummy market has no {key}; it has round_every, ema_permille");
        findings.add(path.key(key), message);
    }
    let default = DummyPlan::default();
    let plan = DummyPlan {
        round_every: task.round_every.unwrap_or(default.round_every),
        ema_permille: task.ema_permille.unwrap_or(default.ema_permille),
    };
    rounds(plan.round_every, plan.ema_permille, path, findings);
    plan
}

fn rounds(round_every: u64, ema_permille: u16, path: &KeyPath, findings: &mut Findings) {
    findings.within(&path.key("round_every"), round_every, 1, u64::MAX, "blocks");
    findings.within(&path.key("ema_permille"), ema_permille.into(), 1, 1_000, "thousandths");
}

/// Whether miners of a subnet have a method; those of a dummy market have not.
pub(super) fn has_methods(file: &File, netuid: u16) -> bool {
    !file.subnet.iter().any(|entry| entry.netuid == netuid && entry.mechanism == DUMMY)
}

fn compression(task: &Task, path: &KeyPath, findings: &mut Findings) -> CompressionPlan {
    let default = CompressionPlan::default();
    let plan = CompressionPlan {
        slice_bytes: task.slice_bytes.unwrap_or(default.slice_bytes),
        round_every: task.round_every.unwrap_or(default.round_every),
        ema_permille: task.ema_permille.unwrap_or(default.ema_permille),
        cost_ppm: task.cost_ppm.unwrap_or(default.cost_ppm),
        sharpness: task.sharpness.unwrap_or(default.sharpness),
    };
    findings.within(&path.key("slice_bytes"), plan.slice_bytes.into(), 256, 65_536, "bytes");
    rounds(plan.round_every, plan.ema_permille, path, findings);
    findings.within(&path.key("cost_ppm"), plan.cost_ppm.into(), 0, 1_000, "millionths");
    findings.within(&path.key("sharpness"), plan.sharpness.into(), 1, 16, "");
    plan
}

/// Parameters by name, checked against those there are.
pub(super) fn settings(
    given: &Parameters,
    known: &[settings::Parameter],
    path: &KeyPath,
    findings: &mut Findings,
) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (name, parameter) in given {
        let of = known.iter().find(|parameter| parameter.name == name);
        let value = match *parameter {
            Parameter::Switch(on) => Value::Switch(on),
            Parameter::Number(number) => Value::Number(number),
            Parameter::Fraction(fraction) => match of.map(|of| (of, of.whole())) {
                Some((of, None)) => {
                    let message = format!(
                        "expected a whole number ({}), found {fraction}; {name} is not a share",
                        of.about
                    );
                    findings.add(path.key(name), message);
                    continue;
                }
                Some((_, Some(whole))) => Value::Number(fraction.of(whole)),
                None => Value::Number(0),
            },
        };
        let setting = Setting { name: name.clone(), value };
        if of.is_none() {
            let names: Vec<_> = known.iter().map(|parameter| parameter.name).collect();
            findings.add(path.key(name), unknown("parameter", name, names));
        } else if let Err(error) = settings::check(known, &setting) {
            findings.add(path.key(name), error.to_string());
        }
        settings.push(setting);
    }
    settings
}
