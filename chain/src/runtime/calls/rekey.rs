//! What a hotkey has on a subnet passes to the hotkey that takes its place.
//!
//! **Source**: spec/chain.md 10.1.

use super::hotkey_swap::Swap;
use crate::account::AccountId;
use crate::error::DispatchOutcome;
use crate::event::SubtensorModuleEvent;
use crate::runtime::step::children;
use crate::runtime::weights::Touched;
use crate::runtime::{Exec, shares};
use crate::state::{Map, State, Subnet};
use crate::units::{AlphaRao, NetUid};
use std::sync::Arc;

/// Moves membership and relations, and unless they stay, stake and what came of it. Locks have been moved before.
///
/// # Errors
/// `InvalidChild` when the hotkeys are parent and child of each other, those of a list of children that waits.
pub(super) fn on_subnet(
    exec: &mut Exec<'_>,
    swap: &Swap,
    netuid: NetUid,
    touched: &mut Touched,
) -> DispatchOutcome {
    touched.add(1, 2);
    let is_there = exec.state.subnet(netuid).is_some();
    if is_there {
        move_membership(exec.state.subnet_mut(netuid), swap, touched);
    }
    children::rebind(exec.state, netuid, &swap.old, &swap.new, touched)?;
    if is_there {
        let subnet = exec.state.subnet_mut(netuid);
        move_auto_stake(subnet, swap);
        if let Some(owner) = owner_hotkey(subnet) {
            touched.add(1, 0);
            if owner == swap.old {
                touched.add(0, 1);
                subnet.owner_hotkey = swap.new;
                exec.emit(SubtensorModuleEvent::SubnetOwnerHotkeySet(netuid, swap.new));
            }
        }
    }
    if swap.keep_stake {
        return Ok(());
    }
    touched.add(6, 6);
    // The positions on all subnets are looked through.
    touched.add_each(stakers(exec.state, &swap.old).count(), 1, 1);
    if is_there {
        move_records(exec.state.subnet_mut(netuid), swap);
        move_stake(exec, swap, netuid, touched);
    }
    if netuid.is_root() {
        move_root_claims(exec.state, swap, touched);
    }
    Ok(())
}

/// The coldkey of each position on a hotkey, be it dust.
pub(super) fn stakers<'s>(state: &'s State, hotkey: &'s AccountId) -> impl Iterator<Item = AccountId> + 's {
    let pools = state.subnets.values().filter_map(|subnet| subnet.stake.get(hotkey));
    pools.flat_map(|pool| pool.shares.keys().copied())
}

fn owner_hotkey(subnet: &Subnet) -> Option<AccountId> {
    subnet.has_owner.then_some(subnet.owner_hotkey)
}

/// What a member has goes along; a hotkey without a uid keeps what is left of an earlier one, but for its take.
fn move_membership(subnet: &mut Subnet, swap: &Swap, touched: &mut Touched) {
    move_row(&mut subnet.childkey_take, swap, touched);
    let Some(uid) = subnet.neurons.uid_of(&swap.old) else { return };
    touched.add(1, 3);
    let neurons = subnet.neurons_mut();
    neurons.uids.remove(&swap.old);
    neurons.uids.insert(swap.new, uid);
    if let Some(key) = neurons.keys.get_mut(usize::from(uid)) {
        *key = swap.new;
    }
    move_row(&mut subnet.axons, swap, touched);
    move_row(&mut subnet.prometheus, swap, touched);
    move_row(&mut subnet.certificates, swap, touched);
    for mechanism in subnet.mechanisms.iter_mut() {
        if mechanism.weight_commits.contains_key(&swap.old) {
            let commits = &mut Arc::make_mut(mechanism).weight_commits;
            if let Some(row) = commits.remove(&swap.old) {
                commits.insert(swap.new, row);
                touched.add(1, 2);
            }
        }
    }
}

/// The list of the old hotkey replaces that of the new one, as on chain.
fn move_auto_stake(subnet: &mut Subnet, swap: &Swap) {
    let Some(coldkeys) = subnet.auto_stake_coldkeys.remove(&swap.old) else { return };
    for coldkey in &coldkeys {
        subnet.auto_stake_destination.insert(*coldkey, swap.new);
    }
    subnet.auto_stake_coldkeys.insert(swap.new, coldkeys);
}

/// The records of the last epoch, added to those of the new hotkey; root dividends of it stay under the old name, as
/// on chain.
fn move_records(subnet: &mut Subnet, swap: &Swap) {
    add_row(&mut subnet.alpha_last_epoch, swap, AlphaRao::saturating_add);
    add_row(&mut subnet.alpha_dividends, swap, AlphaRao::saturating_add);
    add_row(&mut subnet.voting_power, swap, u64::saturating_add);
}

fn move_row<V: Clone>(rows: &mut Map<AccountId, V>, swap: &Swap, touched: &mut Touched) {
    if let Some(row) = rows.remove(&swap.old) {
        rows.insert(swap.new, row);
        touched.add(1, 2);
    }
}

fn add_row<V: Copy>(rows: &mut Map<AccountId, V>, swap: &Swap, add: fn(V, V) -> V) {
    if let Some(row) = rows.remove(&swap.old) {
        let sum = rows.get(&swap.new).map_or(row, |there| add(row, *there));
        rows.insert(swap.new, sum);
    }
}

/// Moves every position by its value; what the shares are worth beyond it stays behind as dust.
fn move_stake(exec: &mut Exec<'_>, swap: &Swap, netuid: NetUid, touched: &mut Touched) {
    let pool = exec.state.subnet(netuid).and_then(|subnet| subnet.stake.get(&swap.old));
    let mut coldkeys: Vec<AccountId> =
        pool.into_iter().flat_map(|pool| pool.shares.keys().copied()).collect();
    // The chain collects the stakers first, in a map of its own; the order decides how the dust falls.
    coldkeys.sort_unstable_by_key(|coldkey| exec.account_order.key(coldkey));
    for coldkey in coldkeys {
        let amount = shares::stake(exec.state, &swap.old, &coldkey, netuid);
        shares::decrease_stake(exec, &swap.old, &coldkey, netuid, amount);
        shares::increase_stake(exec, &swap.new, &coldkey, netuid, amount);
        // A position that is worth nothing lists the new hotkey too.
        let lists = exec.state.coldkey(&coldkey).map_or(&[][..], |row| &row.staking_hotkeys);
        touched.add(3, 2);
        if lists.contains(&swap.old) && !lists.contains(&swap.new) {
            touched.add(0, 1);
            shares::list_hotkey(exec.state, &swap.new, &coldkey);
        }
    }
}

/// What root stakers of the hotkey can claim, and what they claimed of it.
fn move_root_claims(state: &mut State, swap: &Swap, touched: &mut Touched) {
    touched.add(3, 2);
    let rates = state.hotkey(&swap.old).map(|row| row.root_claimable.clone()).unwrap_or_default();
    let netuids: Vec<NetUid> = rates.keys().copied().map(NetUid).collect();
    if !rates.is_empty() {
        state.hotkey_mut(&swap.old).root_claimable.clear();
        state.hotkey_mut(&swap.new).root_claimable = rates;
    }
    for netuid in netuids {
        let Some(subnet) = state.subnet(netuid) else { continue };
        let rows = subnet.root_claimed.iter().filter(|((hotkey, _), _)| *hotkey == swap.old);
        let rows: Vec<_> = rows.map(|((_, coldkey), claimed)| (*coldkey, *claimed)).collect();
        touched.add_each(rows.len(), 3, 2);
        let root_claimed = &mut state.subnet_mut(netuid).root_claimed;
        for (coldkey, claimed) in rows {
            root_claimed.remove(&(swap.old, coldkey));
            let sum = root_claimed.or_insert_with((swap.new, coldkey), || 0);
            *sum = sum.saturating_add(claimed);
        }
    }
    if let Some(enabled) = state.hotkey(&swap.old).and_then(|row| row.auto_parent_delegation) {
        touched.add(1, 2);
        state.hotkey_mut(&swap.old).auto_parent_delegation = None;
        state.hotkey_mut(&swap.new).auto_parent_delegation = Some(enabled);
    }
}
