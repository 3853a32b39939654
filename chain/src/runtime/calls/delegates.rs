//! Hotkeys and their coldkeys: accounts, takes, where incentive is staked.
//!
//! **Source**: spec/chain.md 1.2, 6.12.

use super::not_modelled;
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, tao};
use crate::state::State;
use crate::units::NetUid;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let who = origin.signed()?;
    match call {
        Call::IncreaseTake { hotkey, take } => increase_take(exec, &who, hotkey, *take),
        Call::DecreaseTake { hotkey, take } => decrease_take(exec, &who, hotkey, *take),
        Call::SetColdkeyAutoStakeHotkey { netuid, hotkey } => set_auto_stake(exec, &who, *netuid, hotkey),
        Call::TryAssociateHotkey { hotkey } => create_account(exec, &who, hotkey),
        Call::SetAutoParentDelegationEnabled { hotkey, enabled } => {
            set_auto_parent(exec, &who, hotkey, *enabled)
        }
        _ => not_modelled("SubtensorModule", call),
    }
}

/// Makes the hotkey an account of the coldkey if it has no owner yet; otherwise nothing happens, whoever owns it.
///
/// # Errors
/// `CannotUseSystemAccount` for the account of a subnet.
pub(crate) fn create_account(
    exec: &mut Exec<'_>,
    coldkey: &AccountId,
    hotkey: &AccountId,
) -> DispatchOutcome {
    if tao::is_subnet_account(hotkey) {
        return Err(E::CannotUseSystemAccount.into());
    }
    if exec.state.owner_of(hotkey).is_some() {
        return Ok(());
    }
    exec.state.hotkey_mut(hotkey).owner = Some(*coldkey);
    let row = exec.state.coldkey_mut(coldkey);
    for list in [&mut row.owned_hotkeys, &mut row.staking_hotkeys] {
        if !list.contains(hotkey) {
            list.push(*hotkey);
        }
    }
    Ok(())
}

/// Whether the coldkey owns the hotkey.
pub(crate) fn owns(state: &State, coldkey: &AccountId, hotkey: &AccountId) -> bool {
    state.owner_of(hotkey).as_ref() == Some(coldkey)
}

/// The hotkey must exist and belong to the coldkey.
pub(crate) fn check_owner(state: &State, coldkey: &AccountId, hotkey: &AccountId) -> DispatchOutcome {
    match state.owner_of(hotkey) {
        None => Err(E::HotKeyAccountNotExists.into()),
        Some(owner) if owner != *coldkey => Err(E::NonAssociatedColdKey.into()),
        Some(_) => Ok(()),
    }
}

/// A hotkey without a take becomes a delegate with the default one.
pub(crate) fn delegate_by_default(state: &mut State, hotkey: &AccountId) {
    if state.hotkey(hotkey).is_none_or(|row| row.take.is_none()) {
        let take = state.globals.max_delegate_take;
        state.hotkey_mut(hotkey).take = Some(take);
    }
}

fn decrease_take(exec: &mut Exec<'_>, who: &AccountId, hotkey: &AccountId, take: u16) -> DispatchOutcome {
    check_owner(exec.state, who, hotkey)?;
    if exec.state.hotkey(hotkey).and_then(|row| row.take).is_some_and(|current| take >= current) {
        return Err(E::DelegateTakeTooLow.into());
    }
    if take < exec.state.globals.min_delegate_take {
        return Err(E::DelegateTakeTooLow.into());
    }
    set_take(exec, hotkey, take);
    exec.emit(Event::TakeDecreased(*who, *hotkey, take));
    Ok(())
}

fn increase_take(exec: &mut Exec<'_>, who: &AccountId, hotkey: &AccountId, take: u16) -> DispatchOutcome {
    check_owner(exec.state, who, hotkey)?;
    let row = exec.state.hotkey(hotkey).cloned().unwrap_or_default();
    if row.take.is_some_and(|current| take <= current) {
        return Err(E::DelegateTakeTooLow.into());
    }
    if take > exec.state.globals.max_delegate_take {
        return Err(E::DelegateTakeTooHigh.into());
    }
    let (last, limit) = (last_take_block(exec.state, hotkey), exec.state.globals.tx_delegate_take_rate_limit);
    if limit != 0 && last != 0 && exec.now().saturating_sub(last) <= limit {
        return Err(E::DelegateTxRateLimitExceeded.into());
    }
    set_take(exec, hotkey, take);
    exec.emit(Event::TakeIncreased(*who, *hotkey, take));
    Ok(())
}

fn last_take_block(state: &State, hotkey: &AccountId) -> u64 {
    state
        .last_rate_limited
        .get(&crate::state::RateLimitKey::LastTxBlockDelegateTake(*hotkey))
        .copied()
        .unwrap_or(0)
}

fn set_take(exec: &mut Exec<'_>, hotkey: &AccountId, take: u16) {
    let now = exec.now();
    exec.state.hotkey_mut(hotkey).take = Some(take);
    exec.state.last_rate_limited.insert(crate::state::RateLimitKey::LastTxBlockDelegateTake(*hotkey), now);
}

fn set_auto_stake(
    exec: &mut Exec<'_>,
    who: &AccountId,
    netuid: NetUid,
    hotkey: &AccountId,
) -> DispatchOutcome {
    let subnet = exec.state.subnet(netuid).filter(|subnet| subnet.added).ok_or(E::SubnetNotExists)?;
    if subnet.neurons.uid_of(hotkey).is_none() {
        return Err(E::HotKeyNotRegisteredInSubNet.into());
    }
    let old = subnet.auto_stake_destination.get(who).copied();
    if old.as_ref() == Some(hotkey) {
        return Err(E::SameAutoStakeHotkeyAlreadySet.into());
    }
    let subnet = exec.state.subnet_mut(netuid);
    if let Some(old) = old
        && let Some(coldkeys) = subnet.auto_stake_coldkeys.get_mut(&old)
    {
        coldkeys.retain(|coldkey| coldkey != who);
    }
    subnet.auto_stake_destination.insert(*who, *hotkey);
    let coldkeys = subnet.auto_stake_coldkeys.or_insert_with(*hotkey, Vec::new);
    if !coldkeys.contains(who) {
        coldkeys.push(*who);
    }
    exec.emit(Event::AutoStakeDestinationSet { coldkey: *who, netuid, hotkey: *hotkey });
    Ok(())
}

fn set_auto_parent(
    exec: &mut Exec<'_>,
    who: &AccountId,
    hotkey: &AccountId,
    enabled: bool,
) -> DispatchOutcome {
    if !owns(exec.state, who, hotkey) {
        return Err(E::NonAssociatedColdKey.into());
    }
    let root = exec.state.subnet(NetUid::ROOT);
    if root.is_none_or(|root| root.neurons.uid_of(hotkey).is_none()) {
        return Err(E::HotKeyNotRegisteredInSubNet.into());
    }
    exec.state.hotkey_mut(hotkey).auto_parent_delegation = Some(enabled);
    exec.emit(Event::AutoParentDelegationEnabledSet { hotkey: *hotkey, enabled });
    Ok(())
}
