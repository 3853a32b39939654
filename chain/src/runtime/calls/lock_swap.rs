//! Locks follow the keys they stand under.
//!
//! **Source**: spec/chain.md 6.11, 10.1, 10.2.

use super::hotkey_swap::Swap;
use crate::account::AccountId;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::runtime::Exec;
use crate::runtime::locks::{self, Kind};
use crate::state::{State, Subnet};
use crate::types::LockState;
use crate::units::{BlockNumber, NetUid};

/// Binds every lock on the old hotkey, and their sums, to the new one. `owners` are the subnet owner's hotkeys before
/// and after the swap, which have sums of their own.
pub(super) fn to_hotkey(exec: &mut Exec<'_>, netuid: NetUid, swap: &Swap, owners: [Option<AccountId>; 2]) {
    let now = exec.now();
    let Some(subnet) = exec.state.subnet(netuid) else { return };
    let bound = subnet.locks.iter().filter(|((_, hotkey), _)| *hotkey == swap.old);
    let bound: Vec<_> = bound.map(|((coldkey, _), lock)| (*coldkey, lock.clone())).collect();
    let rows = &mut exec.state.subnet_mut(netuid).locks;
    for (coldkey, lock) in bound {
        rows.remove(&(coldkey, swap.old));
        rows.insert((coldkey, swap.new), lock);
    }
    let [before, after] = owners;
    for perpetual in [true, false] {
        let from = Kind { perpetual, owner: before == Some(swap.old) };
        let to = Kind { perpetual, owner: after == Some(swap.new) };
        // The owner's sum has no key. When the owner's hotkey is what changes, it stays, and what lies on the new
        // hotkey joins it.
        let moved = if from.owner { swap.new } else { swap.old };
        let sum = sums(exec.state.subnet_mut(netuid), perpetual).remove(&moved);
        if let Some(sum) = sum {
            join(exec.state, netuid, &swap.new, to, sum, now);
        }
    }
}

/// Adds a sum to the one of a hotkey; alone it is taken over as it is, together both are brought up to date.
fn join(state: &mut State, netuid: NetUid, hotkey: &AccountId, kind: Kind, sum: LockState, now: BlockNumber) {
    let subnet = state.subnet_mut(netuid);
    let there = match (kind.owner, kind.perpetual) {
        (true, true) => subnet.owner_lock.take(),
        (true, false) => subnet.decaying_owner_lock.take(),
        (false, perpetual) => sums(subnet, perpetual).remove(hotkey),
    };
    let joined = match there {
        None => Some(sum),
        Some(there) => add(locks::rolled(state, &there, kind, now), locks::rolled(state, &sum, kind, now)),
    };
    let Some(joined) = joined else { return };
    let subnet = state.subnet_mut(netuid);
    match (kind.owner, kind.perpetual) {
        (true, true) => subnet.owner_lock = Some(joined),
        (true, false) => subnet.decaying_owner_lock = Some(joined),
        (false, perpetual) => {
            sums(subnet, perpetual).insert(*hotkey, joined);
        }
    }
}

fn add(one: Option<LockState>, other: Option<LockState>) -> Option<LockState> {
    match (one, other) {
        (Some(one), Some(other)) => Some(LockState {
            locked_mass: one.locked_mass.saturating_add(other.locked_mass),
            conviction: one.conviction.saturating_add(other.conviction),
            last_update: one.last_update,
        }),
        (one, other) => one.or(other),
    }
}

fn sums(subnet: &mut Subnet, perpetual: bool) -> &mut crate::state::Map<AccountId, LockState> {
    if perpetual { &mut subnet.hotkey_locks } else { &mut subnet.decaying_hotkey_locks }
}

/// A coldkey that is to take over another's locks may have none of its own.
///
/// # Errors
/// `ActiveLockExists` for a lock that is more than dust by now.
pub(super) fn check_no_active_lock(exec: &Exec<'_>, coldkey: &AccountId) -> DispatchOutcome {
    let active = |netuid: &NetUid| {
        locks::lock_of(exec.state, coldkey, *netuid).is_some_and(|(hotkey, lock)| {
            let kind = locks::kind(exec.state, coldkey, hotkey, *netuid);
            locks::rolled(exec.state, lock, kind, exec.now()).is_some()
        })
    };
    if exec.state.subnets.keys().any(active) {
        return Err(E::ActiveLockExists.into());
    }
    Ok(())
}

/// Gives a coldkey's lock on a subnet to another, with the way it changes. The sums by hotkey stay what they are.
pub(super) fn to_coldkey(state: &mut State, netuid: NetUid, old: &AccountId, new: &AccountId) {
    let dust = locks::lock_of(state, new, netuid).map(|(hotkey, _)| *hotkey);
    let lock = locks::lock_of(state, old, netuid).map(|(hotkey, lock)| (*hotkey, lock.clone()));
    let Some((hotkey, lock)) = lock else { return };
    let subnet = state.subnet_mut(netuid);
    if let Some(hotkey) = dust {
        subnet.locks.remove(&(*new, hotkey));
    }
    subnet.locks.remove(&(*old, hotkey));
    subnet.locks.insert((*new, hotkey), lock);
    match subnet.decaying_lock.remove(old) {
        Some(decays) => subnet.decaying_lock.insert(*new, decays),
        None => subnet.decaying_lock.remove(new),
    };
}
