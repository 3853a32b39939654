//! Children and parents of hotkeys: the checks, and the application of lists that have waited long enough.
//!
//! **Source**: spec/chain.md 6.8.

use crate::account::AccountId;
use crate::error::SubtensorModuleError as Error;
use crate::event::SubtensorModuleEvent;
use crate::runtime::Exec;
use crate::runtime::weights::Touched;
use crate::state::{Map, State, Subnet};
use crate::units::NetUid;
use std::collections::BTreeMap;

/// The most children a hotkey may have on a subnet.
pub const MAX_CHILDREN: usize = 5;

/// Children or parents of a hotkey: (share of 2^64 - 1, hotkey).
pub type Relations = Vec<(u64, AccountId)>;

/// Applies the lists that have matured on subnets whose epoch slot fired in this block.
pub(super) fn apply_pending(exec: &mut Exec<'_>) {
    let now = exec.now();
    let fired = |subnet: &Subnet| subnet.added && subnet.schedule.last_epoch_block == now;
    let waits = |subnet: &Subnet| fired(subnet) && !subnet.pending_children.is_empty();
    let netuids: Vec<_> =
        exec.state.subnets.iter().filter(|(_, row)| waits(row)).map(|(netuid, _)| *netuid).collect();
    for netuid in netuids {
        let Some(subnet) = exec.state.subnet(netuid) else { continue };
        let closed = !subnet.pool.subtoken_enabled;
        let rows = subnet.pending_children.iter().filter(|(_, (_, cooldown))| closed || *cooldown < now);
        let ready: Vec<_> = rows.map(|(hotkey, (list, _))| (*hotkey, list.clone())).collect();
        for (hotkey, list) in ready {
            if set_children(exec.state, netuid, &hotkey, &list).is_ok() {
                exec.emit(SubtensorModuleEvent::SetChildren(hotkey, netuid, list));
            }
            exec.state.subnet_mut(netuid).pending_children.remove(&hotkey);
        }
    }
}

/// Checks a list of children against what a hotkey already is to others.
///
/// # Errors
/// `InvalidChild` for itself, `TooManyChildren`, `ProportionOverflow` above one whole, `ChildParentInconsistency` for
/// a child that is also a parent.
pub fn check_children(
    state: &State,
    netuid: NetUid,
    hotkey: &AccountId,
    children: &[(u64, AccountId)],
) -> Result<(), Error> {
    let parents = state.subnet(netuid).and_then(|subnet| subnet.parents.get(hotkey));
    check_relations(hotkey, children, parents.map_or(&[], Vec::as_slice))
}

/// Checks a list of children of a hotkey against its parents.
fn check_relations(
    hotkey: &AccountId,
    children: &[(u64, AccountId)],
    parents: &[(u64, AccountId)],
) -> Result<(), Error> {
    let shares = by_hotkey(children);
    if shares.values().any(|(_, child)| child == hotkey) {
        return Err(Error::InvalidChild);
    }
    if shares.len() > MAX_CHILDREN {
        return Err(Error::TooManyChildren);
    }
    if shares.values().try_fold(0_u64, |sum, (share, _)| sum.checked_add(*share)).is_none() {
        return Err(Error::ProportionOverflow);
    }
    if parents.iter().any(|(_, parent)| shares.contains_key(parent.bytes())) {
        return Err(Error::ChildParentInconsistency);
    }
    Ok(())
}

/// Makes these the children of a hotkey, on both sides of the relation.
///
/// # Errors
/// Those of [`check_children`]; nothing has changed then.
pub fn set_children(
    state: &mut State,
    netuid: NetUid,
    hotkey: &AccountId,
    children: &[(u64, AccountId)],
) -> Result<(), Error> {
    check_children(state, netuid, hotkey, children)?;
    let new: Relations = by_hotkey(children).into_values().collect();
    let subnet = state.subnet_mut(netuid);
    let old = subnet.children.get(hotkey).cloned().unwrap_or_default();
    for (_, child) in &old {
        if !new.iter().any(|(_, kept)| kept == child) {
            unlink(&mut subnet.parents, child, hotkey);
        }
    }
    for (share, child) in &new {
        link(&mut subnet.parents, child, *share, hotkey);
    }
    if new.is_empty() {
        subnet.children.remove(hotkey);
    } else {
        subnet.children.insert(*hotkey, new);
    }
    Ok(())
}

/// Puts a hotkey in the place of another among the parents and children of a subnet, in lists that still wait too.
/// What the new hotkey was to others before, it is no more. Its own lists are sorted by account; in those of others it
/// comes last, unless it was in them before.
///
/// # Errors
/// `InvalidChild` when one is the other's parent, and those of [`check_children`] for a list that waits.
pub fn rebind(
    state: &mut State,
    netuid: NetUid,
    old: &AccountId,
    new: &AccountId,
    touched: &mut Touched,
) -> Result<(), Error> {
    touched.add(3, 3);
    let Some(subnet) = state.subnet(netuid) else { return Ok(()) };
    let of = |rows: &Map<AccountId, Relations>, hotkey| rows.get(hotkey).cloned().unwrap_or_default();
    let sorted = |list: Relations| -> Relations { by_hotkey(&list).into_values().collect() };
    let (children, parents) = (sorted(of(&subnet.children, old)), sorted(of(&subnet.parents, old)));
    if children.iter().chain(&parents).any(|(_, hotkey)| hotkey == new) {
        return Err(Error::InvalidChild);
    }
    if let Some((waiting, _)) = subnet.pending_children.get(old) {
        check_relations(new, waiting, &parents)?;
    }
    let before = (of(&subnet.children, new), of(&subnet.parents, new));
    for (related, before) in [(&children, &before.0), (&parents, &before.1)] {
        let kept = before.iter().filter(|(_, other)| related.iter().any(|(_, kept)| kept == other)).count();
        let either = related.len().saturating_add(before.len()).saturating_sub(kept);
        touched.add_each(related.len().saturating_add(either), 1, 1);
    }
    let subnet = state.subnet_mut(netuid);
    if let Some(row) = subnet.pending_children.remove(old) {
        subnet.pending_children.insert(*new, row);
        touched.add(1, 2);
    }
    rebind_side(&mut subnet.parents, [old, new], &children, &before.0);
    rebind_side(&mut subnet.children, [old, new], &parents, &before.1);
    for (rows, list) in [(&mut subnet.children, children), (&mut subnet.parents, parents)] {
        rows.remove(old);
        if list.is_empty() { drop(rows.remove(new)) } else { drop(rows.insert(*new, list)) }
    }
    rebind_pending(subnet, old, new, touched);
    Ok(())
}

/// Renames a hotkey in the lists of those it is related to, and takes it out of those it was related to `before`.
fn rebind_side(
    rows: &mut Map<AccountId, Relations>,
    [old, new]: [&AccountId; 2],
    related: &Relations,
    before: &Relations,
) {
    for (_, other) in related {
        unlink(rows, other, old);
    }
    for (share, other) in related {
        link(rows, other, *share, new);
    }
    for (_, other) in before {
        if !related.iter().any(|(_, kept)| kept == other) {
            unlink(rows, other, new);
        }
    }
}

fn rebind_pending(subnet: &mut Subnet, old: &AccountId, new: &AccountId, touched: &mut Touched) {
    touched.add_each(subnet.pending_children.len(), 1, 0);
    let named = |list: &Relations| list.iter().any(|(_, child)| child == old);
    let waiting = subnet.pending_children.iter().filter(|(_, (list, _))| named(list));
    let parents: Vec<AccountId> = waiting.map(|(parent, _)| *parent).collect();
    touched.add_each(parents.len(), 1, 2);
    for parent in parents {
        let Some((list, _)) = subnet.pending_children.get_mut(&parent) else { continue };
        if let Some(at) = list.iter().position(|(_, child)| child == old) {
            let (share, _) = list.remove(at);
            list.push((share, *new));
        }
    }
}

/// By the child's bytes; of two entries for one child the later counts.
fn by_hotkey(children: &[(u64, AccountId)]) -> BTreeMap<[u8; 32], (u64, AccountId)> {
    children.iter().map(|(share, child)| (*child.bytes(), (*share, *child))).collect()
}

fn link(rows: &mut Map<AccountId, Relations>, of: &AccountId, share: u64, to: &AccountId) {
    let row = rows.or_insert_with(*of, Relations::new);
    match row.iter_mut().find(|(_, known)| known == to) {
        Some(entry) => entry.0 = share,
        None => row.push((share, *to)),
    }
}

fn unlink(rows: &mut Map<AccountId, Relations>, of: &AccountId, from: &AccountId) {
    let Some(row) = rows.get_mut(of) else { return };
    row.retain(|(_, known)| known != from);
    if row.is_empty() {
        rows.remove(of);
    }
}
