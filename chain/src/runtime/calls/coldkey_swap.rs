//! A coldkey gives all that it has to another: announced long before, or by root at once.
//!
//! **Source**: spec/chain.md 10.2.

use super::not_modelled;
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::crypto::blake2_256;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::dispatch::Origin;
use crate::runtime::step::claims;
use crate::runtime::{Exec, locks, shares, tao};
use crate::state::{RateLimitKey, State};
use crate::units::{NetUid, Rao};

/// What the first announcement of a coldkey costs; it is recycled.
const SWAP_COST: Rao = Rao(100_000_000);

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::SwapColdkey { old_coldkey, new_coldkey, swap_cost } => {
            origin.root()?;
            charge(exec, old_coldkey, *swap_cost)?;
            swap(exec, old_coldkey, new_coldkey)?;
            forget(exec.state, old_coldkey);
            Ok(())
        }
        Call::ScheduleSwapColdkey { .. } => Err(E::Deprecated.into()),
        Call::AnnounceColdkeySwap { new_coldkey_hash } => {
            announce(exec, &origin.signed()?, *new_coldkey_hash)
        }
        Call::SwapColdkeyAnnounced { new_coldkey } => swap_announced(exec, &origin.signed()?, new_coldkey),
        Call::DisputeColdkeySwap => dispute(exec, &origin.signed()?),
        Call::ResetColdkeySwap { coldkey } => {
            origin.root()?;
            forget(exec.state, coldkey);
            exec.emit(Event::ColdkeySwapReset { who: *coldkey });
            Ok(())
        }
        Call::ClearColdkeySwapAnnouncement => clear(exec, &origin.signed()?),
        _ => not_modelled("SubtensorModule", call),
    }
}

fn charge(exec: &mut Exec<'_>, coldkey: &AccountId, cost: Rao) -> DispatchOutcome {
    if cost.is_zero() {
        return Ok(());
    }
    tao::recycle_tao(exec, coldkey, cost).map_err(|_| E::NotEnoughBalanceToPaySwapColdKey.into())
}

fn announcement(state: &State, coldkey: &AccountId) -> Option<(u32, [u8; 32])> {
    state.coldkey(coldkey).and_then(|row| row.swap_announcement)
}

/// The block's number as the chain writes it.
fn now(exec: &Exec<'_>) -> u32 {
    u32::try_from(exec.now()).unwrap_or(u32::MAX)
}

/// The block from which an announcement that is due since `when` may be replaced or withdrawn.
fn replaceable_from(state: &State, when: u32) -> u32 {
    when.saturating_add(state.globals.coldkey_swap_reannouncement_delay)
}

/// Announces the hash of the new coldkey, once more when the swap was possible for long enough.
fn announce(exec: &mut Exec<'_>, who: &AccountId, hash: [u8; 32]) -> DispatchOutcome {
    match announcement(exec.state, who) {
        Some((when, _)) if now(exec) < replaceable_from(exec.state, when) => {
            return Err(E::ColdkeySwapReannouncedTooEarly.into());
        }
        Some(_) => {}
        None => charge(exec, who, SWAP_COST)?,
    }
    let when = now(exec).saturating_add(exec.state.globals.coldkey_swap_announcement_delay);
    exec.state.coldkey_mut(who).swap_announcement = Some((when, hash));
    exec.emit(Event::ColdkeySwapAnnounced { who: *who, new_coldkey_hash: hash });
    Ok(())
}

fn swap_announced(exec: &mut Exec<'_>, who: &AccountId, new: &AccountId) -> DispatchOutcome {
    let (when, hash) = announcement(exec.state, who).ok_or(E::ColdkeySwapAnnouncementNotFound)?;
    if blake2_256(new.bytes()) != hash {
        return Err(E::AnnouncedColdkeyHashDoesNotMatch.into());
    }
    if now(exec) < when {
        return Err(E::ColdkeySwapTooEarly.into());
    }
    exec.state.coldkey_mut(who).swap_announcement = None;
    swap(exec, who, new)
}

/// Freezes an announced swap, and the coldkey with it, until root decides.
fn dispute(exec: &mut Exec<'_>, who: &AccountId) -> DispatchOutcome {
    announcement(exec.state, who).ok_or(E::ColdkeySwapAnnouncementNotFound)?;
    let now = now(exec);
    let row = exec.state.coldkey_mut(who);
    if row.swap_dispute.is_some() {
        return Err(E::ColdkeySwapAlreadyDisputed.into());
    }
    row.swap_dispute = Some(now);
    exec.emit(Event::ColdkeySwapDisputed { coldkey: *who });
    Ok(())
}

fn clear(exec: &mut Exec<'_>, who: &AccountId) -> DispatchOutcome {
    let (when, _) = announcement(exec.state, who).ok_or(E::ColdkeySwapAnnouncementNotFound)?;
    if now(exec) < replaceable_from(exec.state, when) {
        return Err(E::ColdkeySwapClearTooEarly.into());
    }
    exec.state.coldkey_mut(who).swap_announcement = None;
    exec.emit(Event::ColdkeySwapCleared { who: *who });
    Ok(())
}

fn forget(state: &mut State, coldkey: &AccountId) {
    if state.coldkey(coldkey).is_some() {
        let row = state.coldkey_mut(coldkey);
        row.swap_announcement = None;
        row.swap_dispute = None;
    }
}

/// Moves all of a coldkey to another: identity, subnets, stake and its claims, hotkeys, locks, TAO.
fn swap(exec: &mut Exec<'_>, old: &AccountId, new: &AccountId) -> DispatchOutcome {
    if exec.state.coldkey(new).is_some_and(|row| !row.staking_hotkeys.is_empty()) {
        return Err(E::ColdKeyAlreadyAssociated.into());
    }
    if exec.state.owner_of(new).is_some() {
        return Err(E::NewColdKeyIsHotkey.into());
    }
    locks::check_no_active_lock(exec, new)?;
    move_identity(exec.state, old, new);
    let netuids: Vec<NetUid> = exec.state.subnets.keys().copied().collect();
    for netuid in &netuids {
        move_subnet(exec.state, *netuid, old, new);
        move_stake(exec, *netuid, old, new);
    }
    move_hotkeys(exec.state, old, new);
    for netuid in netuids {
        locks::pass_to_coldkey(exec, netuid, old, new);
    }
    move_flags(exec.state, old, new);
    let rest = tao::coldkey_balance(exec.state, old);
    if !rest.is_zero() {
        tao::transfer_tao(exec, old, new, rest)?;
    }
    let now = exec.now();
    exec.state.last_rate_limited.insert(RateLimitKey::LastTxBlock(*new), now);
    exec.emit(Event::ColdkeySwapped { old_coldkey: *old, new_coldkey: *new });
    Ok(())
}

fn move_identity(state: &mut State, old: &AccountId, new: &AccountId) {
    if state.coldkey(new).is_none_or(|row| row.identity.is_none())
        && let Some(identity) = state.coldkey(old).and_then(|row| row.identity.clone())
    {
        state.coldkey_mut(old).identity = None;
        state.coldkey_mut(new).identity = Some(identity);
    }
}

/// Ownership of a subnet, and where incentive that is earned there is staked.
fn move_subnet(state: &mut State, netuid: NetUid, old: &AccountId, new: &AccountId) {
    let Some(subnet) = state.subnet(netuid) else { return };
    let owns = subnet.has_owner && subnet.owner == *old;
    let destination = subnet.auto_stake_destination.get(old).copied();
    if owns {
        state.subnet_mut(netuid).owner = *new;
    }
    if let Some(hotkey) = destination {
        let subnet = state.subnet_mut(netuid);
        subnet.auto_stake_destination.remove(old);
        subnet.auto_stake_destination.insert(*new, hotkey);
        let coldkeys = subnet.auto_stake_coldkeys.or_insert_with(hotkey, Vec::new);
        coldkeys.retain(|coldkey| coldkey != old && coldkey != new);
        coldkeys.push(*new);
    }
}

/// Moves every position by its value; what the shares are worth beyond it stays behind as dust. What was claimed with
/// a position goes along.
fn move_stake(exec: &mut Exec<'_>, netuid: NetUid, old: &AccountId, new: &AccountId) {
    let hotkeys = exec.state.coldkey(old).map(|row| row.staking_hotkeys.clone()).unwrap_or_default();
    for hotkey in hotkeys {
        let amount = shares::stake(exec.state, &hotkey, old, netuid);
        shares::decrease_stake(exec, &hotkey, old, netuid, amount);
        shares::increase_stake(exec, &hotkey, new, netuid, amount);
        if shares::stake(exec.state, &hotkey, new, netuid).is_zero() {
            continue;
        }
        let root_claimed = &mut exec.state.subnet_mut(netuid).root_claimed;
        let claimed = root_claimed.remove(&(hotkey, *old)).unwrap_or_default();
        let sum = root_claimed.or_insert_with((hotkey, *new), || 0);
        *sum = sum.saturating_add(claimed);
        if netuid.is_root() {
            claims::add_to_index(exec.state, new);
        }
    }
    if netuid.is_root() {
        claims::remove_from_index(exec.state, old);
    }
}

/// The new coldkey takes over the old one's flags, none of its own.
fn move_flags(state: &mut State, old: &AccountId, new: &AccountId) {
    let flags = state.coldkey(old).map_or(0, |row| row.flags);
    for (coldkey, flags) in [(old, 0), (new, flags)] {
        if state.coldkey(coldkey).map_or(0, |row| row.flags) != flags {
            state.coldkey_mut(coldkey).flags = flags;
        }
    }
}

fn move_hotkeys(state: &mut State, old: &AccountId, new: &AccountId) {
    if state.coldkey(old).is_none() {
        return;
    }
    let row = state.coldkey_mut(old);
    let (staking, owned) = (std::mem::take(&mut row.staking_hotkeys), std::mem::take(&mut row.owned_hotkeys));
    for hotkey in &owned {
        state.hotkey_mut(hotkey).owner = Some(*new);
    }
    let row = state.coldkey_mut(new);
    for (list, moved) in [(&mut row.staking_hotkeys, staking), (&mut row.owned_hotkeys, owned)] {
        for hotkey in moved {
            if !list.contains(&hotkey) {
                list.push(hotkey);
            }
        }
    }
}
