//! Slots of a subnet: who gets a free one, and who must leave when none is free.
//!
//! **Source**: spec/chain.md 8.4.

use crate::account::AccountId;
use crate::state::{Mechanism, State, Subnet};
use crate::units::{AlphaRao, BlockNumber, MechId, NetUid, Uid};
use std::sync::Arc;

/// Gives a hotkey the next uid of a subnet and returns it. The caller made sure that there is room.
pub fn append_neuron(subnet: &mut Subnet, hotkey: &AccountId, now: BlockNumber) -> Uid {
    let mechanisms = subnet.params.mechanism_count.max(1);
    let neurons = subnet.neurons_mut();
    let uid = Uid::try_from(neurons.n()).unwrap_or(Uid::MAX);
    neurons.keys.push(*hotkey);
    neurons.uids.insert(*hotkey, uid);
    neurons.block_at_registration.push(now);
    neurons.active.push(true);
    neurons.emission.push(AlphaRao::ZERO);
    neurons.consensus.push(0);
    neurons.dividends.push(0);
    neurons.validator_trust.push(0);
    neurons.validator_permit.push(false);
    for mechid in 0..mechanisms {
        let mechanism = subnet.mechanism_mut(mechid);
        // A mechanism that came later has shorter arrays: this one only grows by one entry, as on chain.
        mechanism.incentive.push(0);
        set_last_update(subnet, mechid, uid, now);
    }
    uid
}

/// Notes that weights of a uid were set in a block. An array that is shorter than the uids, as that of a mechanism
/// that came later, is filled with zeros first.
pub(crate) fn set_last_update(subnet: &mut Subnet, mechid: MechId, uid: Uid, now: BlockNumber) {
    let n = subnet.neurons.n();
    if usize::from(uid) < n {
        let updates = &mut subnet.mechanism_mut(mechid).last_update;
        updates.resize(n.max(updates.len()), 0);
        put(updates, uid.into(), now);
    }
}

/// Gives a uid to another hotkey and forgets what the old one had there, but for its stake. When the old one is
/// the subnet owner's hotkey nothing happens, as on chain, and the caller does not learn of it.
pub fn replace_neuron(state: &mut State, netuid: NetUid, uid: Uid, hotkey: &AccountId, now: BlockNumber) {
    let subnet = state.subnet_mut(netuid);
    let Some(old) = subnet.neurons.key_of(uid).copied() else { return };
    if old == subnet.owner_hotkey {
        return;
    }
    subnet.axons.remove(&old);
    subnet.certificates.remove(&old);
    subnet.prometheus.remove(&old);
    let index = usize::from(uid);
    let neurons = subnet.neurons_mut();
    neurons.uids.remove(&old);
    neurons.uids.insert(*hotkey, uid);
    put(&mut neurons.keys, index, *hotkey);
    put(&mut neurons.block_at_registration, index, now);
    put(&mut neurons.active, index, true);
    put(&mut neurons.emission, index, AlphaRao::ZERO);
    put(&mut neurons.consensus, index, 0);
    put(&mut neurons.dividends, index, 0);
    put(&mut neurons.validator_trust, index, 0);
    put(&mut neurons.validator_permit, index, false);
    put(&mut neurons.stake_weight, index, 0);
    let mechanisms = subnet.params.mechanism_count.max(1);
    for mechid in 0..mechanisms {
        let mechanism = subnet.mechanism_mut(mechid);
        clear_slot(mechanism, uid);
        // On root, rows are votes: they name subnets and not uids.
        if !netuid.is_root() {
            forget_weights(mechanism, uid);
        }
        set_last_update(subnet, mechid, uid, now);
    }
}

/// Forgets a uid's own rows.
fn clear_slot(mechanism: &mut Mechanism, uid: Uid) {
    let index = usize::from(uid);
    put(&mut mechanism.incentive, index, 0);
    put(&mut mechanism.bonds, index, Arc::default());
    put(&mut mechanism.weights, index, Arc::default());
}

/// Sets what others gave a uid to zero.
fn forget_weights(mechanism: &mut Mechanism, uid: Uid) {
    for row in &mut mechanism.weights {
        if row.iter().any(|(to, weight)| *to == uid && *weight != 0) {
            for entry in Arc::make_mut(row).iter_mut().filter(|entry| entry.0 == uid) {
                entry.1 = 0;
            }
        }
    }
}

fn put<T>(column: &mut [T], index: usize, value: T) {
    if let Some(cell) = column.get_mut(index) {
        *cell = value;
    }
}

/// The uids of the owner that may never be pruned: the longest-registered of the owner's hotkeys, the subnet owner
/// hotkey always among them.
pub fn immune_owner_uids(state: &State, netuid: NetUid) -> Vec<Uid> {
    let Some(subnet) = state.subnet(netuid) else { return Vec::new() };
    let owned = state.coldkey(&subnet.owner).map_or(&[][..], |row| row.owned_hotkeys.as_slice());
    let registered = |uid: Uid| subnet.neurons.block_at_registration.get(usize::from(uid)).copied();
    let mut uids: Vec<(u64, Uid)> = owned
        .iter()
        .filter_map(|hotkey| subnet.neurons.uid_of(hotkey))
        .map(|uid| (registered(uid).unwrap_or(0), uid))
        .collect();
    uids.sort_unstable();
    let limit = usize::from(subnet.params.immune_owner_uids_limit);
    let mut uids: Vec<Uid> = uids.into_iter().map(|(_, uid)| uid).take(limit).collect();
    if let Some(uid) = subnet.neurons.uid_of(&subnet.owner_hotkey)
        && !uids.contains(&uid)
    {
        uids.insert(0, uid);
        uids.truncate(limit);
    }
    uids
}

/// Whether a neuron is still in its immunity period.
pub fn is_immune(subnet: &Subnet, uid: Uid, now: BlockNumber) -> bool {
    let registered = subnet.neurons.block_at_registration.get(usize::from(uid)).copied().unwrap_or(0);
    now.saturating_sub(registered) < u64::from(subnet.params.immunity_period)
}

/// Who leaves when a full subnet takes a new neuron: the least emission, then the longest registered, then the lowest
/// uid; immune ones only when too few others are left.
pub fn neuron_to_prune(state: &State, netuid: NetUid, now: BlockNumber) -> Option<Uid> {
    let subnet = state.subnet(netuid)?;
    let immortal = immune_owner_uids(state, netuid);
    let rank = |uid: Uid| {
        let index = usize::from(uid);
        let emission = subnet.neurons.emission.get(index).copied().unwrap_or_default();
        let registered = subnet.neurons.block_at_registration.get(index).copied().unwrap_or(0);
        (emission, registered, uid)
    };
    let n = Uid::try_from(subnet.neurons.n()).unwrap_or(Uid::MAX);
    let candidates = || (0..n).filter(|uid| !immortal.contains(uid));
    let free = candidates().filter(|uid| !is_immune(subnet, *uid, now));
    let free_count = free.clone().count();
    let best_free = free.min_by_key(|uid| rank(*uid));
    if free_count > usize::from(subnet.params.min_non_immune_uids) {
        return best_free;
    }
    candidates().filter(|uid| is_immune(subnet, *uid, now)).min_by_key(|uid| rank(*uid))
}
