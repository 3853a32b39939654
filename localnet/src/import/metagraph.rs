//! A metagraph as JSON: rows under `uids`, `neurons` or `data` or at the top, or one list for each column.
//!
//! `btcli subnets show --json-output` writes rows under `uids`; the SDK's metagraph has lists by uid, under names or
//! under its letters (S, AS, TS, W, B); an explorer's service writes rows under `data`, page by page, amounts in rao and
//! accounts as objects with an `ss58`. Its pages may stand one after another, in a list, or joined to one list of rows.

use super::cell::{Cell, Dense, Unit};
use super::{Notes, Refusal};
use chain::snapshot::{NeuronSnapshot, Owner, Params, Reserves, SubnetSnapshot};
use chain::units::{AlphaRao, NetUid, Rao};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const UID: &[&str] = &["uid", "uids"];
const NETUID: &[&str] = &["netuid", "subnet_id"];
const HOTKEY: &[&str] = &["hotkey", "hotkeys", "hotkey_ss58"];
const COLDKEY: &[&str] = &["coldkey", "coldkeys", "coldkey_ss58"];
const ALPHA: &[&str] = &["alpha_stake", "alpha", "AS"];
const ALPHA_RAO: &[&str] = &["alpha_stake_rao", "stake_rao"];
const STAKE: &[&str] = &["stake", "total_stake", "stake_tao", "S"];
const ROOT: &[&str] = &["tao_stake", "root_stake", "TS"];
const ROOT_RAO: &[&str] = &["tao_stake_rao", "root_stake_rao"];
const PERMIT: &[&str] = &["validator_permit", "validator_permits", "permit"];
const WEIGHTS: &[&str] = &["weights", "W"];
const BONDS: &[&str] = &["bonds", "B"];
/// Keys under which a document has its rows, and the unit of their amounts.
const ROWS: &[(&str, Unit)] = &[("uids", Unit::Whole), ("neurons", Unit::Whole), ("data", Unit::Rao)];

/// One neuron's cells by any of their names.
pub(super) type Lookup<'a> = dyn Fn(&[&str]) -> Option<Cell<'a>> + 'a;

/// Reads a metagraph from the documents of a file.
pub(super) fn read(
    documents: &[Value],
    netuid: Option<u16>,
    notes: &mut Notes,
) -> Result<SubnetSnapshot, Refusal> {
    let mut neurons = Vec::new();
    let mut places = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        let place = if documents.len() == 1 { String::new() } else { format!("document {}", at + 1) };
        pages(&Cell::new(document, place), &mut places)?;
    }
    // A stream of rows, one document each.
    let is_row = |cell: &Cell<'_>| cell.first(HOTKEY).is_some_and(|hotkey| !hotkey.value.is_array());
    if places.len() > 1 && places.iter().all(is_row) {
        neurons = by_row(&places, unit_of(&places))?;
    } else {
        for page in &places {
            neurons.extend(page_neurons(page)?);
        }
    }
    let top = places.first().ok_or_else(|| Refusal::new("", "there are no neurons"))?;
    let named = places.iter().filter_map(|page| page.get("netuid"));
    let named = named.map(|cell| Ok((cell.short()?, cell.place))).collect::<Result<Vec<_>, Refusal>>()?;
    let Ordered { neurons, netuid: of_rows } = in_order(neurons, notes)?;
    let netuid = which(netuid, named.into_iter().chain(of_rows), notes)?;
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
    Ok(SubnetSnapshot { netuid: NetUid(netuid), owner, pool, params: params(top)?, neurons })
}

/// The pages of a document: itself, or the items of a list whose items are pages.
fn pages<'a>(document: &Cell<'a>, found: &mut Vec<Cell<'a>>) -> Result<(), Refusal> {
    let is_page = |value: &Value| ROWS.iter().any(|(key, _)| value.get(key).is_some_and(Value::is_array));
    match document.value {
        Value::Array(items) if !items.is_empty() && items.iter().all(is_page) => {
            found.extend(document.items()?);
        }
        _ => found.push(document.clone()),
    }
    Ok(())
}

fn page_neurons(page: &Cell<'_>) -> Result<Vec<Placed>, Refusal> {
    let rows = ROWS.iter().find_map(|(key, unit)| {
        let list = page.get(key)?;
        let first = list.value.get(0)?;
        first.is_object().then_some((list, *unit))
    });
    match rows {
        Some((list, unit)) => {
            let rows = list.items()?;
            by_row(&rows, if unit_of(&rows) == Unit::Rao { Unit::Rao } else { unit })
        }
        None if page.value.is_array() => {
            let rows = page.items()?;
            by_row(&rows, unit_of(&rows))
        }
        None => by_column(page),
    }
}

/// The unit of amounts in rows without a name: accounts as objects are those of an explorer's service, which counts rao.
fn unit_of(rows: &[Cell<'_>]) -> Unit {
    let is_object = |row: &Cell<'_>| row.first(HOTKEY).is_some_and(|hotkey| hotkey.value.is_object());
    if rows.iter().any(is_object) { Unit::Rao } else { Unit::Whole }
}

fn by_row(rows: &[Cell<'_>], unit: Unit) -> Result<Vec<Placed>, Refusal> {
    let read = |row: &Cell<'_>| {
        let uid = row.first(UID).ok_or_else(|| Refusal::new(&row.place, "there is no `uid`"))?.short()?;
        placed(&|names| row.first(names), uid, &row.place, unit)
    };
    rows.iter().map(read).collect()
}

fn by_column(top: &Cell<'_>) -> Result<Vec<Placed>, Refusal> {
    let Some(hotkeys) = top.first(HOTKEY) else {
        let known = "stakes and balances of a network, rows under uids, neurons or data, or lists by column";
        return Err(Refusal::new(
            &top.place,
            format!("this is no metagraph: there are no hotkeys; known forms: {known}"),
        ));
    };
    let n = hotkeys.items()?.len();
    let mut columns = BTreeMap::new();
    for names in [UID, HOTKEY, COLDKEY, ALPHA, ALPHA_RAO, STAKE, ROOT, ROOT_RAO, PERMIT, WEIGHTS, BONDS] {
        let Some(column) = top.first(names) else { continue };
        let cells = column.items()?;
        if cells.len() != n {
            let what = format!("{} values for {n} hotkeys", cells.len());
            return Err(Refusal::new(column.place, what));
        }
        columns.insert(names, cells);
    }
    let read = |at: usize| {
        let cell = |names: &[&str]| columns.get(names).and_then(|cells| cells.get(at)).cloned();
        let place = format!("{}[{at}]", hotkeys.place);
        let uid = match cell(UID) {
            Some(uid) => uid.short()?,
            None => u16::try_from(at).map_err(|_| Refusal::new(&hotkeys.place, "more hotkeys than uids"))?,
        };
        placed(&cell, uid, &place, Unit::Whole)
    };
    (0..n).map(read).collect()
}

/// One neuron from its cells.
pub(super) fn placed(cell: &Lookup<'_>, uid: u16, place: &str, unit: Unit) -> Result<Placed, Refusal> {
    let hotkey = cell(HOTKEY).ok_or_else(|| Refusal::new(place, "there is no `hotkey`"))?.account()?;
    let coldkey = cell(COLDKEY).map(|cell| cell.account()).transpose()?;
    let alpha = amount(cell, ALPHA_RAO, ALPHA, unit)?;
    let total = amount(cell, &[], STAKE, unit)?;
    let root = amount(cell, ROOT_RAO, ROOT, unit)?;
    let weights = cell(WEIGHTS).map_or(Ok(Vec::new()), |cell| cell.row(Dense::OfLargest))?;
    let bonds = cell(BONDS).map_or(Ok(Vec::new()), |cell| cell.row(Dense::Stored))?;
    // A neuron with weights had a permit; a file without permits says no more.
    let permit = cell(PERMIT).map_or(Ok(!weights.is_empty()), |cell| cell.switch())?;
    let stakes = match (alpha, total, root) {
        (Some(_), _, _) => Stakes::Alpha,
        (None, Some(_), _) => Stakes::Total,
        (None, None, Some(_)) => Stakes::Alpha,
        (None, None, None) => {
            let known = "alpha_stake, stake, tao_stake, root_stake, S, AS, TS, or one of them in rao (alpha_stake_rao)";
            return Err(Refusal::new(
                place,
                format!("there is no stake; a stake has one of the names {known}"),
            ));
        }
    };
    let neuron = NeuronSnapshot {
        hotkey,
        coldkey: coldkey.unwrap_or(hotkey),
        stake: AlphaRao(alpha.or(total).unwrap_or_default()),
        root_stake: Rao(root.unwrap_or_default()),
        validator_permit: permit,
        weights,
        bonds,
    };
    let netuid = cell(NETUID).map(|cell| cell.short()).transpose()?;
    Ok(Placed { uid, netuid, has_coldkey: coldkey.is_some(), stakes, neuron, place: place.to_owned() })
}

/// An amount that a file may have in rao, in whole units, or both ways.
fn amount(cell: &Lookup<'_>, rao: &[&str], whole: &[&str], unit: Unit) -> Result<Option<u64>, Refusal> {
    let whole = cell(whole);
    let Some(rao) = cell(rao) else { return whole.map(|cell| cell.amount(unit)).transpose() };
    let exact = rao.amount(Unit::Rao)?;
    if let Some(whole) = whole {
        let other = whole.amount(unit)?;
        // A float keeps 15 digits, so the last ones may differ.
        if exact.abs_diff(other) > 1 + (exact >> 49) {
            let what = format!("{} contradicts {}, which is {other} rao", rao.value, whole.place);
            return Err(Refusal::new(rao.place, what));
        }
    }
    Ok(Some(exact))
}

/// Columns from which the alpha of a neuron was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stakes {
    /// One that has alpha alone.
    Alpha,
    /// One that may have root's share in it.
    Total,
}

/// A neuron and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    uid: u16,
    netuid: Option<u16>,
    has_coldkey: bool,
    stakes: Stakes,
    neuron: NeuronSnapshot,
    place: String,
}

/// The neurons of a file by uid.
#[derive(Clone, Debug)]
pub(super) struct Ordered {
    pub(super) neurons: Vec<NeuronSnapshot>,
    /// The subnet that all rows name, and where the first stands.
    pub(super) netuid: Option<(u16, String)>,
}

/// Neurons by uid, which must count 0, 1, 2, ... in whatever order they stand.
pub(super) fn in_order(mut placed: Vec<Placed>, notes: &mut Notes) -> Result<Ordered, Refusal> {
    let n = placed.len();
    let Some(first) = placed.first().cloned() else { return Err(Refusal::new("", "there are no neurons")) };
    agree(&placed, &first)?;
    let mut hotkeys = BTreeSet::new();
    for Placed { neuron, place, .. } in &placed {
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
    placed.sort_by_key(|placed| placed.uid);
    for (expected, placed) in (0_usize..).zip(&placed) {
        let uid = placed.uid;
        if usize::from(uid) < expected {
            return Err(Refusal::new(&placed.place, format!("uid {uid} stands twice")));
        }
        if usize::from(uid) > expected {
            return Err(Refusal::new(
                &placed.place,
                format!("uid {uid} stands here, but uid {expected} is missing"),
            ));
        }
    }
    if !first.has_coldkey {
        notes.add("there are no coldkeys: each neuron owns itself");
    }
    if placed.iter().any(|row| row.stakes == Stakes::Total) {
        notes.add("there is no alpha stake: the total stake is taken as alpha");
    }
    let netuid = first.netuid.map(|netuid| (netuid, first.place));
    Ok(Ordered { neurons: placed.into_iter().map(|placed| placed.neuron).collect(), netuid })
}

/// Checks that rows name one subnet, and that all or none have a coldkey.
fn agree(placed: &[Placed], first: &Placed) -> Result<(), Refusal> {
    for row in placed {
        if row.netuid != first.netuid {
            let say = |netuid: Option<u16>| {
                netuid.map_or("no netuid".to_owned(), |netuid| format!("netuid {netuid}"))
            };
            let (this, other) = (say(row.netuid), say(first.netuid));
            let what = format!("{this}, but {} has {other}: a file holds one subnet", first.place);
            return Err(Refusal::new(&row.place, what));
        }
        if row.has_coldkey != first.has_coldkey {
            let (with, without) = if row.has_coldkey { (row, first) } else { (first, row) };
            return Err(Refusal::new(
                &without.place,
                format!("there is no `coldkey`, but {} has one", with.place),
            ));
        }
    }
    Ok(())
}

/// The subnet's number: the one asked for, or the one that the file names in all places that name one, or 1.
pub(super) fn which(
    asked: Option<u16>,
    named: impl IntoIterator<Item = (u16, String)>,
    notes: &mut Notes,
) -> Result<u16, Refusal> {
    let mut found: Option<(u16, String)> = None;
    for (netuid, place) in named {
        match &found {
            Some((other, first)) if *other != netuid => {
                let what =
                    format!("netuid {netuid}, but {first} has netuid {other}: a file holds one subnet");
                return Err(Refusal::new(place, what));
            }
            Some(_) => {}
            None => found = Some((netuid, place)),
        }
    }
    match (asked, found) {
        (Some(asked), Some((named, _))) if asked != named => {
            notes.add(&format!("--netuid {asked} replaces netuid {named} of the file"));
            Ok(asked)
        }
        (Some(netuid), _) | (None, Some((netuid, _))) => Ok(netuid),
        (None, None) => {
            notes.add("the file names no netuid: it becomes subnet 1; --netuid chooses another");
            Ok(1)
        }
    }
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
