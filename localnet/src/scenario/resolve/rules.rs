//! Rules by name, and how one set of them follows another.

use super::Findings;
use crate::scenario::document::KeyPath;
use crate::scenario::model::{File, Halving, Rules};
use crate::scenario::problem::unknown;
use chain::economics::{self, Economics, EmissionRule, PoolKind};

/// The rules at genesis.
pub(super) fn genesis(file: &File, findings: &mut Findings) -> Economics {
    let mut economics = Economics::default();
    change(&mut economics, &file.chain.rules, &KeyPath::root().key("chain").key("rules"), findings);
    economics
}

/// The rules that each event with rules leaves, by the event's place in the file. Events of one block follow each
/// other as they stand in the file.
pub(super) fn upgrades(file: &File, findings: &mut Findings) -> Vec<Option<Economics>> {
    // What is wrong with genesis is named elsewhere.
    let mut economics = genesis(file, &mut Findings::default());
    let mut order: Vec<_> = (0..file.event.len()).collect();
    order.sort_by_key(|place| file.event.get(*place).map(|event| event.at_block));
    let mut upgrades = vec![None; file.event.len()];
    for place in order {
        let Some(rules) = file.event.get(place).and_then(|event| event.rules.as_ref()) else { continue };
        let path = KeyPath::root().key("event").index(place).key("rules");
        change(&mut economics, rules, &path, findings);
        if let Some(slot) = upgrades.get_mut(place) {
            *slot = Some(economics.clone());
        }
    }
    upgrades
}

fn change(economics: &mut Economics, rules: &Rules, path: &KeyPath, findings: &mut Findings) {
    if let Some(name) = &rules.emission {
        match EmissionRule::from_name(name) {
            Some(rule) => economics.emission = rule,
            None => findings.add(path.key("emission"), unknown_rule(name)),
        }
    }
    if let Some(name) = &rules.pool {
        let names = PoolKind::ALL.map(PoolKind::name);
        match PoolKind::from_name(name) {
            Some(kind) => economics.pool = kind,
            None => findings.add(path.key("pool"), unknown("kind of pool", name, names)),
        }
    }
    if let Some(permille) = rules.owner_permille {
        findings.within(&path.key("owner_permille"), permille.into(), 0, 1_000, "thousandths");
        economics.split.owner_permille = Some(permille);
    }
    if let Some(permille) = rules.miners_permille {
        findings.within(&path.key("miners_permille"), permille.into(), 0, 1_000, "thousandths");
        economics.split.miners_permille = permille;
    }
    match &rules.halving {
        None => {}
        Some(Halving::Switch(true)) => economics.halving = economics::Halving::Halves,
        Some(Halving::Switch(false)) => economics.halving = economics::Halving::Never,
        Some(Halving::At(amounts)) => {
            if amounts.windows(2).any(|pair| matches!(pair, [one, next] if next <= one)) {
                findings.add(
                    path.key("halving"),
                    "the issuances are out of order; allowed: each more than the one before",
                );
            }
            economics.halving = economics::Halving::At(amounts.iter().map(|amount| amount.0).collect());
        }
    }
}

/// What to say of a rule that there is not.
pub fn unknown_rule(name: &str) -> String {
    unknown("emission rule", name, EmissionRule::ALL.map(EmissionRule::name))
}
