//! The cast: roles, tactics, money.

use super::timeline::exactly_one;
use super::{Findings, Member, named, subnets};
use crate::metrics::{Unit, Value};
use crate::scenario::amount::Amount;
use crate::scenario::document::KeyPath;
use crate::scenario::model::{Cast, File, Role};
use crate::scenario::problem::unknown;
use actors::plan::{self, CastMember, Method, MinerTactic, StakePlan, ValidatorTactic};
use chain::units::{AlphaRao, NetUid, TAO};

/// Tactics of miners by name.
pub const MINER_TACTICS: [&str; 5] = ["honest", "lazy", "liar", "copycat", "silent"];
/// Tactics of validators by name.
pub const VALIDATOR_TACTICS: [&str; 3] = ["honest", "copier", "burner"];

/// Methods of honest miners by name.
pub const METHODS: [&str; 6] = [
    Method::Stored.name(),
    Method::Lz4.name(),
    Method::Deflate.name(),
    Method::Bzip2.name(),
    Method::Brotli.name(),
    Method::Zstd.name(),
];

/// Stake of a validator that says none. **Units**: rao.
const STAKE: Amount = Amount(100 * TAO);
/// What a validator keeps of a fee, unless said. **Units**: thousandths.
const FEE_PERMILLE: u16 = 300;
/// What a user pays for an answer, unless said. **Units**: rao.
const FEE: Amount = Amount(TAO / 100);
/// What a user spends at most, unless said. **Units**: rao.
const BUDGET: Amount = Amount(10 * TAO);
/// The least stake the chain takes. **Units**: rao.
const STAKE_MIN: Amount = Amount(2_000_000);

/// All stake of a subnet, in the unit of shares.
const WHOLE_SHARE: u64 = 1_000_000_000;

/// A method and a level, as a file gives them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Skill<'a> {
    pub(super) method: Option<&'a str>,
    pub(super) level: Option<u8>,
    /// Whether the market has methods at all.
    pub(super) asked: bool,
}

/// The cast, and the entry of the file that each member stands in.
pub(super) fn resolve(file: &File, findings: &mut Findings) -> (Vec<Member>, Vec<CastMember>, Vec<usize>) {
    let list = KeyPath::root().key("cast");
    let mut members: Vec<Member> = Vec::new();
    let mut entries: Vec<usize> = Vec::new();
    for (index, entry) in file.cast.iter().enumerate() {
        let path = list.index(index);
        findings.within(&path.key("count"), entry.count.into(), 1, 1_024, "participants");
        let netuid = subnet_of(file, entry, &path, findings);
        for name in names(entry) {
            if name.is_empty() || Role::from_name(&name).is_some() || name.contains([':', '@', '/', ' ']) {
                let message =
                    format!("expected a word that is not a role, without : @ / or spaces, found \"{name}\"");
                findings.add(path.key("name"), message);
            } else if members.iter().any(|member| member.name == name) {
                findings.add(path.key("name"), format!("\"{name}\" is taken by another participant"));
            }
            let tactic = entry.tactic.clone().unwrap_or_else(|| tactic_default(entry.role).to_owned());
            members.push(Member { name, group: entry.name.clone(), role: entry.role, tactic, netuid });
            entries.push(index);
        }
    }
    let mut cast = Vec::with_capacity(members.len());
    for (at, (member, index)) in members.iter().zip(&entries).enumerate() {
        let Some(entry) = file.cast.get(*index) else { continue };
        // Several of one entry share its problems: name them once.
        let first = at == 0 || entries.get(at - 1) != Some(index);
        let mut scratch = Findings::default();
        let role = role(
            (file, entry),
            member,
            &members,
            &list.index(*index),
            if first { &mut *findings } else { &mut scratch },
        );
        let balance = entry.balance.map(Amount::rao);
        cast.push(CastMember { name: member.name.clone(), balance, role });
    }
    (members, cast, entries)
}

fn names(entry: &Cast) -> Vec<String> {
    if entry.count == 1 {
        return vec![entry.name.clone()];
    }
    (1..=entry.count.min(1_024)).map(|number| format!("{}-{number}", entry.name)).collect()
}

fn subnet_of(file: &File, entry: &Cast, path: &KeyPath, findings: &mut Findings) -> u16 {
    let netuids: Vec<u16> = file.subnet.iter().map(|subnet| subnet.netuid).collect();
    let netuid = entry.netuid.or(netuids.first().copied()).unwrap_or(1);
    if entry.netuid.is_some() && !netuids.contains(&netuid) {
        findings.add(path.key("netuid"), format!("there is no subnet {netuid}; allowed: {netuids:?}"));
    }
    netuid
}

const fn tactic_default(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::User => "user",
        Role::Miner | Role::Validator => "honest",
    }
}

fn role(
    (file, entry): (&File, &Cast),
    member: &Member,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> plan::Role {
    refuse_foreign_keys(entry, path, findings);
    let netuid = NetUid(member.netuid);
    match entry.role {
        Role::Owner => plan::Role::Owner { netuid },
        Role::Validator => {
            let fee_permille = entry.fee_permille.unwrap_or(FEE_PERMILLE);
            findings.within(&path.key("fee_permille"), fee_permille.into(), 0, 1_000, "thousandths");
            plan::Role::Validator {
                netuid,
                stake: stake(entry, path, findings),
                root_stake: entry.root_stake.unwrap_or_default().rao(),
                tactic: validator_tactic(&member.tactic, &path.key("tactic"), findings),
                fee_permille,
            }
        }
        Role::Miner => {
            let asked = subnets::has_methods(file, member.netuid);
            let skill = Skill { method: entry.method.as_deref(), level: entry.level, asked };
            plan::Role::Miner {
                netuid,
                tactic: miner_tactic(&member.tactic, skill, path, "tactic", findings),
            }
        }
        Role::User => {
            let every = entry.every.unwrap_or(10);
            findings.within(&path.key("every"), every, 1, u64::MAX, "blocks");
            if let Some(via) = &entry.via
                && let Some(place) = named(via, members, &path.key("via"), findings)
                && members.get(place).is_some_and(|member| member.role != Role::Validator)
            {
                findings.add(
                    path.key("via"),
                    format!("`{via}` is no validator; allowed: the name of a validator"),
                );
            }
            let (fee, budget) = (entry.fee.unwrap_or(FEE).rao(), entry.budget.unwrap_or(BUDGET).rao());
            plan::Role::User { netuid, via: entry.via.clone(), fee, budget, every }
        }
    }
}

/// The stake at genesis: one of three ways to say it.
fn stake(entry: &Cast, path: &KeyPath, findings: &mut Findings) -> StakePlan {
    let given = [
        ("stake", entry.stake.is_some()),
        ("alpha_stake", entry.alpha_stake.is_some()),
        ("stake_share", entry.stake_share.is_some()),
    ];
    if given.iter().filter(|(_, given)| *given).count() > 1 {
        exactly_one(&given, path, findings);
    }
    let mut least = |key: &str, amount: Amount, unit: &str| {
        if amount < STAKE_MIN {
            let message = format!("{amount} {unit} is below the minimum of {STAKE_MIN} {unit}");
            findings.add(path.key(key), message);
        }
    };
    if let Some(share) = entry.stake_share {
        let billionths = Value::parse(&share.to_string(), Unit::Tao).map_or(0, |value| value.raw);
        return match u64::try_from(billionths) {
            Ok(billionths) if (1..=WHOLE_SHARE).contains(&billionths) => StakePlan::Share(billionths),
            _ => {
                let message = format!(
                    "expected a fraction above 0, at most 1, with at most nine decimals, found {share}"
                );
                findings.add(path.key("stake_share"), message);
                StakePlan::Share(WHOLE_SHARE)
            }
        };
    }
    if let Some(amount) = entry.alpha_stake {
        least("alpha_stake", amount, "alpha");
        return StakePlan::Alpha(AlphaRao(amount.0));
    }
    let amount = entry.stake.unwrap_or(STAKE);
    least("stake", amount, "tao");
    StakePlan::Tao(amount.rao())
}

pub(super) fn validator_tactic(name: &str, path: &KeyPath, findings: &mut Findings) -> ValidatorTactic {
    match name {
        "honest" => ValidatorTactic::Honest,
        "copier" => ValidatorTactic::Copier,
        "burner" => ValidatorTactic::Burner,
        _ => {
            findings.add(path.clone(), unknown("tactic", name, VALIDATOR_TACTICS));
            ValidatorTactic::Honest
        }
    }
}

pub(super) fn miner_tactic(
    name: &str,
    skill: Skill<'_>,
    path: &KeyPath,
    key: &str,
    findings: &mut Findings,
) -> MinerTactic {
    if MINER_TACTICS.contains(&name) && (name != "honest" || !skill.asked) {
        for (given, key) in [(skill.method.is_some(), "method"), (skill.level.is_some(), "level")] {
            if given {
                let whose = if skill.asked { "only an honest one has" } else { "its market has no methods" };
                findings.add(path.key(key), format!("a {name} miner has no {key}; {whose}"));
            }
        }
    }
    match name {
        "honest" if !skill.asked => MinerTactic::Honest { method: Method::Stored, level: 0 },
        "honest" => honest(skill, path, findings),
        "lazy" => MinerTactic::Lazy,
        "liar" => MinerTactic::Liar,
        "copycat" => MinerTactic::Copycat,
        "silent" => MinerTactic::Silent,
        _ => {
            findings.add(path.key(key), unknown("tactic", name, MINER_TACTICS));
            MinerTactic::Silent
        }
    }
}

fn honest(skill: Skill<'_>, path: &KeyPath, findings: &mut Findings) -> MinerTactic {
    let method = match skill.method {
        Some(name) => {
            Method::from_name(name).ok_or_else(|| (path.key("method"), unknown("method", name, METHODS)))
        }
        None => Err((path.clone(), format!("the key `method` is missing; allowed: {}", METHODS.join(", ")))),
    };
    let method = match method {
        Ok(method) => method,
        Err(finding) => {
            findings.0.push(finding);
            return MinerTactic::Silent;
        }
    };
    let (min, max) = method.levels();
    let level = skill.level.unwrap_or(max);
    findings.within(
        &path.key("level"),
        level.into(),
        min.into(),
        max.into(),
        &format!("with {}", method.name()),
    );
    MinerTactic::Honest { method, level }
}

/// A key that means nothing for the role is a mistake that would pass unseen.
fn refuse_foreign_keys(entry: &Cast, path: &KeyPath, findings: &mut Findings) {
    let keys = [
        ("tactic", entry.tactic.is_some(), &[Role::Miner, Role::Validator][..]),
        ("stake", entry.stake.is_some(), &[Role::Validator]),
        ("alpha_stake", entry.alpha_stake.is_some(), &[Role::Validator]),
        ("stake_share", entry.stake_share.is_some(), &[Role::Validator]),
        ("root_stake", entry.root_stake.is_some(), &[Role::Validator]),
        ("fee_permille", entry.fee_permille.is_some(), &[Role::Validator]),
        ("method", entry.method.is_some(), &[Role::Miner]),
        ("level", entry.level.is_some(), &[Role::Miner]),
        ("via", entry.via.is_some(), &[Role::User]),
        ("fee", entry.fee.is_some(), &[Role::User]),
        ("budget", entry.budget.is_some(), &[Role::User]),
        ("every", entry.every.is_some(), &[Role::User]),
    ];
    for (key, given, roles) in keys {
        if given && !roles.contains(&entry.role) {
            let names: Vec<_> = roles.iter().map(|role| role.name()).collect();
            let message = format!("a {} has no {key}; allowed for: {}", entry.role.name(), names.join(", "));
            findings.add(path.key(key), message);
        }
    }
}
