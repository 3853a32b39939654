//! A subnet goes to whom its stakers trust: the hotkey with the most conviction behind it, once there is enough of it.
//!
//! **Source**: spec/chain.md 6.11 (5).

use super::{Kind, moves, roll};
use crate::account::AccountId;
use crate::event::SubtensorModuleEvent;
use crate::math::fixed::U64F64;
use crate::runtime::Exec;
use crate::runtime::calls::registration;
use crate::state::{State, Subnet};
use crate::types::LockState;
use crate::units::{BlockNumber, NetUid};
use std::collections::BTreeMap;

/// A subnet younger than this keeps its owner: a year of 365 1/4 days.
///
/// **Units**: blocks.
pub const OWNER_CHANGE_AGE: u64 = 7_200 * 365 + 1_800;
/// Conviction times this must reach the alpha outside the pool.
const CONVICTION_QUORUM: u64 = 10;

/// The conviction behind each hotkey of a subnet, in the order of the hotkeys' bytes.
fn convictions(state: &State, subnet: &Subnet, now: BlockNumber) -> BTreeMap<[u8; 32], (AccountId, U64F64)> {
    let mut rows = BTreeMap::new();
    let mut count = |hotkey: &AccountId, lock: &LockState, kind: Kind| {
        let lock = roll(state, lock, kind, now);
        let row = rows.entry(*hotkey.bytes()).or_insert((*hotkey, U64F64::ZERO));
        row.1 = row.1.saturating_add(lock.conviction);
    };
    for (sums, perpetual) in [(&subnet.hotkey_locks, true), (&subnet.decaying_hotkey_locks, false)] {
        sums.iter().for_each(|(hotkey, sum)| count(hotkey, sum, Kind { perpetual, owner: false }));
    }
    for (sum, perpetual) in [(&subnet.owner_lock, true), (&subnet.decaying_owner_lock, false)] {
        if let Some(sum) = sum {
            count(&subnet.owner_hotkey, sum, Kind { perpetual, owner: true });
        }
    }
    rows
}

/// The conviction behind one hotkey of a subnet.
pub fn conviction_of(state: &State, hotkey: &AccountId, netuid: NetUid, now: BlockNumber) -> U64F64 {
    let rows = state.subnet(netuid).map(|subnet| convictions(state, subnet, now)).unwrap_or_default();
    rows.get(hotkey.bytes()).map_or(U64F64::ZERO, |(_, conviction)| *conviction)
}

/// The hotkey with the most conviction on a subnet, of equals the one with the greatest bytes.
pub fn most_convicted(state: &State, netuid: NetUid, now: BlockNumber) -> Option<AccountId> {
    most(&convictions(state, state.subnet(netuid)?, now))
}

fn most(convictions: &BTreeMap<[u8; 32], (AccountId, U64F64)>) -> Option<AccountId> {
    convictions.values().max_by_key(|(_, conviction)| *conviction).map(|(hotkey, _)| *hotkey)
}

/// The hotkey with the most conviction, of equals the one with the greatest bytes, when all conviction together is a
/// tenth of the alpha outside the pool and the subnet is old enough.
fn king(state: &State, netuid: NetUid, now: BlockNumber) -> Option<AccountId> {
    let subnet = state.subnet(netuid)?;
    let alpha_out = subnet.pool.alpha_out;
    let age = now.saturating_sub(subnet.schedule.registered_at);
    if alpha_out.is_zero() || age < OWNER_CHANGE_AGE {
        return None;
    }
    let convictions = convictions(state, subnet, now);
    let total = convictions.values().fold(U64F64::ZERO, |sum, (_, part)| sum.saturating_add(*part));
    if total.saturating_mul(U64F64::from_u64(CONVICTION_QUORUM)) < U64F64::from_u64(alpha_out.get()) {
        return None;
    }
    most(&convictions)
}

/// Gives a subnet to the coldkey of its king, unless that is the owner already. The king gets a uid if it has none,
/// for nothing, in place of another neuron when the subnet is full; without a slot for it nothing changes.
pub fn change_owner_if_needed(exec: &mut Exec<'_>, netuid: NetUid) {
    let Some(king) = king(exec.state, netuid, exec.now()) else { return };
    let Some(new_coldkey) = exec.state.owner_of(&king).filter(|owner| *owner != AccountId::zero()) else {
        return;
    };
    let Some(subnet) = exec.state.subnet(netuid) else { return };
    let (old_coldkey, old_hotkey) = (subnet.owner, subnet.owner_hotkey);
    if new_coldkey == old_coldkey {
        return;
    }
    if subnet.neurons.uid_of(&king).is_none()
        && let Err(error) = registration::take_slot(exec, netuid, &king)
    {
        tracing::debug!(%netuid, %king, %error, "no slot for a new owner");
        return;
    }
    moves::exchange_owner_sums(exec, netuid, &old_hotkey, &king);
    let subnet = exec.state.subnet_mut(netuid);
    subnet.owner = new_coldkey;
    subnet.owner_hotkey = king;
    subnet.has_owner = true;
    exec.emit(SubtensorModuleEvent::SubnetOwnerChanged { netuid, old_coldkey, new_coldkey });
}
