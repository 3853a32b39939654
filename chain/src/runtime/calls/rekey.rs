//! What a hotkey has on a subnet passes to the hotkey that takes its place.
//!
//! **Source**: spec/chain.md 10.1.

use super::hotkey_swap::Swap;
use super::lock_swap;
use crate::account::AccountId;
use crate::error::DispatchOutcome;
use crate::runtime::step::children;
use crate::runtime::{Exec, shares};
use crate::state::{Map, State, Subnet};
use crate::units::NetUid;
use std::sync::Arc;

/// Moves membership, relations and locks, and unless they stay, stake and what came of it.
///
/// # Errors
/// `InvalidChild` when the hotkeys are parent and child of each other.
pub(super) fn on_subnet(exec: &mut Exec<'_>, swap: &Swap, netuid: NetUid) -> DispatchOutcome {
    let Some(owner_before) = exec.state.subnet(netuid).map(owner_hotkey) else { return Ok(()) };
    children::rebind(exec.state, netuid, &swap.old, &swap.new)?;
    let subnet = exec.state.subnet_mut(netuid);
    move_membership(subnet, swap);
    move_auto_stake(subnet, swap);
    let owner_after = owner_hotkey(subnet);
    lock_swap::to_hotkey(exec, netuid, swap, [owner_before, owner_after]);
    if !swap.keep_stake {
        move_records(exec.state.subnet_mut(netuid), swap);
        move_stake(exec, swap, netuid);
        if netuid.is_root() {
            move_root_claims(exec.state, swap);
        }
    }
    Ok(())
}

fn owner_hotkey(subnet: &Subnet) -> Option<AccountId> {
    subnet.has_owner.then_some(subnet.owner_hotkey)
}

fn move_membership(subnet: &mut Subnet, swap: &Swap) {
    if let Some(uid) = subnet.neurons.uid_of(&swap.old) {
        let neurons = subnet.neurons_mut();
        neurons.uids.remove(&swap.old);
        neurons.uids.insert(swap.new, uid);
        if let Some(key) = neurons.keys.get_mut(usize::from(uid)) {
            *key = swap.new;
        }
    }
    move_row(&mut subnet.axons, swap);
    move_row(&mut subnet.prometheus, swap);
    move_row(&mut subnet.certificates, swap);
    move_row(&mut subnet.childkey_take, swap);
    for mechanism in subnet.mechanisms.iter_mut() {
        if mechanism.weight_commits.contains_key(&swap.old) {
            let commits = &mut Arc::make_mut(mechanism).weight_commits;
            if let Some(row) = commits.remove(&swap.old) {
                commits.insert(swap.new, row);
            }
        }
    }
    if owner_hotkey(subnet) == Some(swap.old) {
        subnet.owner_hotkey = swap.new;
    }
}

fn move_auto_stake(subnet: &mut Subnet, swap: &Swap) {
    let Some(coldkeys) = subnet.auto_stake_coldkeys.remove(&swap.old) else { return };
    for coldkey in coldkeys {
        subnet.auto_stake_destination.insert(coldkey, swap.new);
        let listed = subnet.auto_stake_coldkeys.or_insert_with(swap.new, Vec::new);
        if !listed.contains(&coldkey) {
            listed.push(coldkey);
        }
    }
}

/// The records of the last epoch; root dividends of it stay under the old name, as on chain.
fn move_records(subnet: &mut Subnet, swap: &Swap) {
    move_row(&mut subnet.alpha_last_epoch, swap);
    move_row(&mut subnet.alpha_dividends, swap);
    move_row(&mut subnet.voting_power, swap);
}

fn move_row<V: Clone>(rows: &mut Map<AccountId, V>, swap: &Swap) {
    if let Some(row) = rows.remove(&swap.old) {
        rows.insert(swap.new, row);
    }
}

/// Moves every position by its value; what the shares are worth beyond it stays behind as dust.
fn move_stake(exec: &mut Exec<'_>, swap: &Swap, netuid: NetUid) {
    let pool = exec.state.subnet(netuid).and_then(|subnet| subnet.stake.get(&swap.old));
    let mut coldkeys: Vec<AccountId> =
        pool.into_iter().flat_map(|pool| pool.shares.keys().copied()).collect();
    // The chain collects the stakers first, in a map by their bytes; the order decides how the dust falls.
    coldkeys.sort_unstable_by_key(|coldkey| *coldkey.bytes());
    for coldkey in coldkeys {
        let amount = shares::stake(exec.state, &swap.old, &coldkey, netuid);
        shares::decrease_stake(exec, &swap.old, &coldkey, netuid, amount);
        shares::increase_stake(exec, &swap.new, &coldkey, netuid, amount);
    }
}

/// What root stakers of the hotkey can claim, and what they claimed, on every subnet.
fn move_root_claims(state: &mut State, swap: &Swap) {
    if let Some(rates) = state.hotkey(&swap.old).map(|row| row.root_claimable.clone()) {
        state.hotkey_mut(&swap.old).root_claimable.clear();
        state.hotkey_mut(&swap.new).root_claimable = rates;
    }
    let netuids: Vec<NetUid> = state.subnets.keys().copied().collect();
    for netuid in netuids {
        let Some(subnet) = state.subnet(netuid) else { continue };
        let rows = subnet.root_claimed.iter().filter(|((hotkey, _), _)| *hotkey == swap.old);
        let rows: Vec<_> = rows.map(|((_, coldkey), claimed)| (*coldkey, *claimed)).collect();
        for (coldkey, claimed) in rows {
            let root_claimed = &mut state.subnet_mut(netuid).root_claimed;
            root_claimed.remove(&(swap.old, coldkey));
            root_claimed.insert((swap.new, coldkey), claimed);
        }
    }
}
