//! A metagraph as JSON: rows under `uids`, `neurons` or `data` or at the top, or one list for each column.
//!
//! `btcli subnets show --json-output` writes rows under `uids`; the SDK's metagraph has lists by uid; an explorer's
//! service writes rows under `data`, amounts in rao.

use super::Refusal;
use super::cell::{Cell, Unit};
use chain::snapshot::{NeuronSnapshot, Owner, Params, Reserves, SubnetSnapshot};
use chain::units::{AlphaRao, NetUid, Rao};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const UID: &[&str] = &["uid", "uids"];
const HOTKEY: &[&str] = &["hotkey", "hotkeys", "hotkey_ss58"];
const COLDKEY: &[&str] = &["coldkey", "coldkeys", "coldkey_ss58"];
const ALPHA: &[&str] = &["alpha_stake", "alpha"];
const ALPHA_RAO: &[&str] = &["alpha_stake_rao", "stake_rao"];
const STAKE: &[&str] = &["stake", "total_stake", "stake_tao"];
const ROOT: &[&str] = &["tao_stake", "root_stake"];
const ROOT_RAO: &[&str] = &["tao_stake_rao", "root_stake_rao"];
const PERMIT: &[&str] = &["validator_permit", "validator_permits", "permit"];
const WEIGHTS: &[&str] = &["weights"];
const BONDS: &[&str] = &["bonds"];

/// One neuron's cells by any of their names.
pub(super) type Lookup<'a> = dyn Fn(&[&str]) -> Option<Cell<'a>> + 'a;

/// Reads a metagraph.
pub(super) fn read(value: &Value, netuid: Option<u16>) -> Result<SubnetSnapshot, Refusal> {
    let top = Cell::new(value, "");
    let netuid = match (netuid, top.get("netuid")) {
        (Some(netuid), _) => netuid,
        (None, Some(cell)) => cell.short()?,
        (None, None) => 1,
    };
    let rows = ["uids", "neurons", "data"].iter().find_map(|key| {
        let list = top.get(key)?;
        let first = list.value.get(0)?;
        first.is_object().then_some((list, if *key == "data" { Unit::Rao } else { Unit::Whole }))
    });
    let neurons = match rows {
        Some((list, unit)) => by_row(&list, unit)?,
        None if value.is_array() => by_row(&top, Unit::Whole)?,
        None => by_column(&top)?,
    };
    let neurons = in_order(neurons)?;
    let pool = match (top.first(&["tao_in", "tao_pool"]), top.first(&["alpha_in", "alpha_pool"])) {
        (Some(tao), Some(alpha)) => {
            let (tao, alpha) = (Rao(tao.amount(Unit::Whole)?), AlphaRao(alpha.amount(Unit::Whole)?));
            Some(Reserves { tao, alpha }).filter(|pool| !pool.tao.is_zero() && !pool.alpha.is_zero())
        }
        _ => None,
    };
    let owner = match (top.get("owner_coldkey"), top.get("owner_hotkey")) {
        (Some(coldkey), Some(hotkey)) => {
            Some(Owner { coldkey: coldkey.account()?, hotkey: hotkey.account()? })
        }
        _ => None,
    };
    Ok(SubnetSnapshot { netuid: NetUid(netuid), owner, pool, params: params(&top)?, neurons })
}

fn by_row(list: &Cell<'_>, unit: Unit) -> Result<Vec<Placed>, Refusal> {
    let rows = list.items()?;
    let read = |row: &Cell<'_>| {
        let uid = row.first(UID).ok_or_else(|| Refusal::new(&row.place, "there is no `uid`"))?.short()?;
        let neuron = neuron(&|names| row.first(names), &row.place, unit)?;
        Ok(Placed { uid, neuron, place: row.place.clone() })
    };
    rows.iter().map(read).collect()
}

fn by_column(top: &Cell<'_>) -> Result<Vec<Placed>, Refusal> {
    let Some(hotkeys) = top.first(HOTKEY) else {
        let known = "stakes and balances of a network, rows under uids, neurons or data, or lists by column";
        return Err(Refusal::new(
            "",
            format!("this is no metagraph: there are no hotkeys; known forms: {known}"),
        ));
    };
    let n = hotkeys.items()?.len();
    let mut columns = BTreeMap::new();
    for names in [HOTKEY, COLDKEY, ALPHA, ALPHA_RAO, STAKE, ROOT, ROOT_RAO, PERMIT, WEIGHTS, BONDS] {
        let Some(column) = top.first(names) else { continue };
        let cells = column.items()?;
        if cells.len() != n {
            let what = format!("{} values for {n} hotkeys", cells.len());
            return Err(Refusal::new(column.place, what));
        }
        columns.insert(names, cells);
    }
    let read = |uid: usize| {
        let cell = |names: &[&str]| columns.get(names).and_then(|cells| cells.get(uid)).cloned();
        let uid = u16::try_from(uid).map_err(|_| Refusal::new(&hotkeys.place, "more hotkeys than uids"))?;
        let place = format!("{}[{uid}]", hotkeys.place);
        Ok(Placed { uid, neuron: neuron(&cell, &place, Unit::Whole)?, place })
    };
    (0..n).map(read).collect()
}

/// One neuron from its cells.
pub(super) fn neuron(cell: &Lookup<'_>, place: &str, unit: Unit) -> Result<NeuronSnapshot, Refusal> {
    let needed = |names: &'static [&'static str]| {
        let name = names.first().copied().unwrap_or_default();
        cell(names).ok_or_else(|| Refusal::new(place, format!("there is no `{name}`")))
    };
    let amount = |rao: &[&str], whole: &[&str]| match (cell(rao), cell(whole)) {
        (Some(cell), _) => cell.amount(Unit::Rao).map(Some),
        (None, Some(cell)) => cell.amount(unit).map(Some),
        (None, None) => Ok(None),
    };
    let stake = match amount(ALPHA_RAO, ALPHA)? {
        Some(stake) => Some(stake),
        None => amount(&[], STAKE)?,
    };
    let row = |names: &[&str]| cell(names).map_or(Ok(Vec::new()), |cell| cell.row());
    let weights = row(WEIGHTS)?;
    // Who has set weights could; a file without permits says no more.
    let permit = cell(PERMIT).map_or(Ok(!weights.is_empty()), |cell| cell.switch())?;
    Ok(NeuronSnapshot {
        hotkey: needed(HOTKEY)?.account()?,
        coldkey: needed(COLDKEY)?.account()?,
        stake: AlphaRao(stake.unwrap_or_default()),
        root_stake: Rao(amount(ROOT_RAO, ROOT)?.unwrap_or_default()),
        validator_permit: permit,
        weights,
        bonds: row(BONDS)?,
    })
}

/// A neuron and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) uid: u16,
    pub(super) neuron: NeuronSnapshot,
    pub(super) place: String,
}

/// Neurons by uid, which must count 0, 1, 2, ... in whatever order they stand.
pub(super) fn in_order(mut neurons: Vec<Placed>) -> Result<Vec<NeuronSnapshot>, Refusal> {
    let n = neurons.len();
    if n == 0 {
        return Err(Refusal::new("", "there are no neurons"));
    }
    let mut hotkeys = BTreeSet::new();
    for Placed { neuron, place, .. } in &neurons {
        if !hotkeys.insert(neuron.hotkey) {
            return Err(Refusal::new(place, format!("hotkey {} stands twice", neuron.hotkey)));
        }
        for (name, row) in [("weights", &neuron.weights), ("bonds", &neuron.bonds)] {
            if let Some((uid, _)) = row.iter().find(|(uid, _)| usize::from(*uid) >= n) {
                return Err(Refusal::new(
                    place,
                    format!("{name}: uid {uid} is unknown: there are {n} neurons"),
                ));
            }
        }
    }
    neurons.sort_by_key(|placed| placed.uid);
    for (expected, placed) in (0_usize..).zip(&neurons) {
        let uid = placed.uid;
        if usize::from(uid) < expected {
            return Err(Refusal::new(&placed.place, format!("uid {uid} stands twice")));
        }
        if usize::from(uid) > expected {
            return Err(Refusal::new(
                &placed.place,
                format!("uid {uid} stands here, but nobody has uid {expected}"),
            ));
        }
    }
    Ok(neurons.into_iter().map(|placed| placed.neuron).collect())
}

fn params(top: &Cell<'_>) -> Result<Params, Refusal> {
    let nested = top.first(&["hyperparameters", "hyperparams", "hparams"]);
    let find = |name: &str| nested.as_ref().and_then(|inner| inner.get(name)).or_else(|| top.get(name));
    let short = |name: &str| find(name).map(|cell| cell.short()).transpose();
    let switch = |name: &str| find(name).map(|cell| cell.switch()).transpose();
    // btcli writes `tempo` as an object of its own.
    let tempo = find("tempo").map(|cell| cell.get("tempo").unwrap_or(cell));
    Ok(Params {
        tempo: tempo.map(|cell| cell.short()).transpose()?,
        kappa: find("kappa").map(|cell| share(&cell)).transpose()?,
        immunity_period: short("immunity_period")?,
        max_validators: short("max_validators")?,
        weights_rate_limit: find("weights_rate_limit").map(|cell| cell.number(u64::MAX)).transpose()?,
        commit_reveal_weights_enabled: switch("commit_reveal_weights_enabled")?,
        liquid_alpha_enabled: switch("liquid_alpha_enabled")?,
        yuma3_enabled: switch("yuma3_enabled")?,
    })
}

/// A share of 65,535, or the part of one that the SDK makes of it.
fn share(cell: &Cell<'_>) -> Result<u16, Refusal> {
    match cell.value.as_f64() {
        Some(part) if cell.value.is_f64() && (0.0..=1.0).contains(&part) => {
            Ok((part * f64::from(u16::MAX)).round() as u16)
        }
        _ => cell.short(),
    }
}
