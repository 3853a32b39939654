//! A coldkey gives one of its hotkeys up for another, on one subnet or on all.
//!
//! **Source**: spec/chain.md 10.1.

use super::{delegates, not_modelled, rekey};
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::dispatch::Origin;
use crate::runtime::weights::Touched;
use crate::runtime::{Exec, PostInfo, locks, shares, tao};
use crate::state::{RateLimitKey, State};
use crate::units::{NetUid, Rao};

/// What a swap on all subnets costs; it is recycled.
const SWAP_COST: Rao = Rao(100_000_000);
/// What a swap on one subnet costs; it is recycled.
const SWAP_ON_SUBNET_COST: Rao = Rao(1_000_000);

/// Who takes the place of whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Swap {
    pub(super) coldkey: AccountId,
    pub(super) old: AccountId,
    pub(super) new: AccountId,
    /// The stake, and what was earned with it, stays with the old hotkey.
    pub(super) keep_stake: bool,
}

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let coldkey = origin.signed()?;
    let (swap, netuid) = match *call {
        Call::SwapHotkey { hotkey: old, new_hotkey: new, netuid } => {
            (Swap { coldkey, old, new, keep_stake: false }, netuid)
        }
        Call::SwapHotkeyV2 { hotkey: old, new_hotkey: new, netuid, keep_stake } => {
            (Swap { coldkey, old, new, keep_stake }, netuid)
        }
        _ => return not_modelled("SubtensorModule", call),
    };
    check(exec, &swap, netuid)?;
    inherit_limits(exec.state, &swap);
    let mut touched = Touched::default();
    touched.add(7, 3);
    match netuid {
        Some(netuid) => on_subnet(exec, &swap, netuid, &mut touched)?,
        None => on_all_subnets(exec, &swap, &mut touched)?,
    }
    exec.post = PostInfo::weighed(touched.weight());
    let now = exec.now();
    exec.state.last_rate_limited.insert(RateLimitKey::LastTxBlock(coldkey), now);
    let Swap { old: old_hotkey, new: new_hotkey, .. } = swap;
    exec.emit(match netuid {
        Some(netuid) => Event::HotkeySwappedOnSubnet { coldkey, old_hotkey, new_hotkey, netuid },
        None => Event::HotkeySwapped { coldkey, old_hotkey, new_hotkey },
    });
    Ok(())
}

fn check(exec: &Exec<'_>, swap: &Swap, netuid: Option<NetUid>) -> DispatchOutcome {
    let state = &*exec.state;
    let foreign = state.owner_of(&swap.new).is_some_and(|owner| owner != swap.coldkey);
    if !delegates::owns(state, &swap.coldkey, &swap.old) || foreign {
        return Err(E::NonAssociatedColdKey.into());
    }
    if swap.old == swap.new {
        return Err(E::NewHotKeyIsSameWithOld.into());
    }
    let last = state.last_rate_limited.get(&RateLimitKey::LastTxBlock(swap.coldkey)).copied().unwrap_or(0);
    let limit = state.globals.tx_rate_limit;
    if limit != 0 && last != 0 && exec.now().saturating_sub(last) <= limit {
        return Err(E::HotKeySetTxRateLimitExceeded.into());
    }
    let registered = |netuid: NetUid| {
        state.subnet(netuid).is_some_and(|subnet| subnet.neurons.uid_of(&swap.new).is_some())
    };
    if netuid.map_or_else(|| state.subnets.keys().copied().any(registered), registered) {
        return Err(E::HotKeyAlreadyRegisteredInSubNet.into());
    }
    if netuid.is_none_or(NetUid::is_root) && !is_clean_for_root(state, &swap.new) {
        return Err(E::NewHotKeyNotCleanForRootSwap.into());
    }
    Ok(())
}

/// Whether a hotkey has no root stake and no claims of root dividends, which could not be told from those that come.
/// Of what was claimed only rows of the root subnet count, whatever their value, as on chain.
fn is_clean_for_root(state: &State, hotkey: &AccountId) -> bool {
    let claimed = state.subnet(NetUid::ROOT).map(|root| &root.root_claimed);
    state.hotkey(hotkey).is_none_or(|row| row.root_claimable.is_empty())
        && shares::hotkey_stake(state, hotkey, NetUid::ROOT).is_zero()
        && !claimed.into_iter().flat_map(|rows| rows.keys()).any(|(claimed_from, _)| claimed_from == hotkey)
}

/// Kinds of rate limits that follow a hotkey.
const LIMITS: [fn(AccountId) -> RateLimitKey; 3] =
    [RateLimitKey::LastTxBlock, RateLimitKey::LastTxBlockDelegateTake, RateLimitKey::LastTxBlockChildKeyTake];

/// The new hotkey stands where the old one stands in its rate limits.
fn inherit_limits(state: &mut State, swap: &Swap) {
    for key in LIMITS {
        let last = state.last_rate_limited.get(&key(swap.old)).copied().unwrap_or(0);
        state.last_rate_limited.insert(key(swap.new), last);
    }
}

fn charge(exec: &mut Exec<'_>, coldkey: &AccountId, cost: Rao) -> DispatchOutcome {
    tao::recycle_tao(exec, coldkey, cost).map_err(|_| E::NotEnoughBalanceToPaySwapHotKey.into())
}

fn last_swap(state: &State, coldkey: &AccountId, netuid: NetUid) -> u64 {
    state.subnet(netuid).and_then(|subnet| subnet.last_hotkey_swap.get(coldkey)).copied().unwrap_or(0)
}

/// On one subnet the old hotkey keeps existing. A coldkey that never swapped there counts as if it had at block 0.
fn on_subnet(exec: &mut Exec<'_>, swap: &Swap, netuid: NetUid, touched: &mut Touched) -> DispatchOutcome {
    let now = exec.now();
    if last_swap(exec.state, &swap.coldkey, netuid).saturating_add(exec.constants.hotkey_swap_interval) >= now
    {
        return Err(E::HotKeySwapOnSubnetIntervalNotPassed.into());
    }
    check_not_system(&swap.new)?;
    charge(exec, &swap.coldkey, SWAP_ON_SUBNET_COST)?;
    touched.add(7, 4);
    if own(exec.state, swap) {
        touched.add(1, 1);
    }
    locks::pass_to_hotkey(exec, netuid, &swap.old, &swap.new, touched);
    rekey::on_subnet(exec, swap, netuid, touched)?;
    exec.state.subnet_mut(netuid).last_hotkey_swap.insert(swap.coldkey, now);
    Ok(())
}

fn on_all_subnets(exec: &mut Exec<'_>, swap: &Swap, touched: &mut Touched) -> DispatchOutcome {
    let (now, state) = (exec.now(), &*exec.state);
    let netuids: Vec<NetUid> =
        state.subnets.iter().filter(|(_, subnet)| subnet.added).map(|(netuid, _)| *netuid).collect();
    let takes_part = |netuid: &NetUid| {
        state.subnet(*netuid).is_some_and(|subnet| {
            subnet.neurons.uid_of(&swap.old).is_some()
                || subnet.children.get(&swap.old).is_some_and(|list| !list.is_empty())
        })
    };
    let affected: Vec<NetUid> = netuids.iter().filter(|netuid| takes_part(netuid)).copied().collect();
    let too_early = |netuid: &NetUid| {
        let last = last_swap(state, &swap.coldkey, *netuid);
        last != 0 && last.saturating_add(exec.constants.hotkey_swap_interval) >= now
    };
    if affected.iter().any(too_early) {
        return Err(E::HotKeySwapOnSubnetIntervalNotPassed.into());
    }
    charge(exec, &swap.coldkey, SWAP_COST)?;
    let stakers: Vec<AccountId> = rekey::stakers(exec.state, &swap.old).collect();
    // Two rows of each subnet tell whether the hotkey takes part there, one of each where it does when it was swapped.
    touched.add_each(netuids.len(), 2, 0);
    touched.add_each(affected.len(), 1, 1);
    touched.add(6, 5);
    touched.add_each(stakers.len(), 1, 0);
    for netuid in &netuids {
        locks::pass_to_hotkey(exec, *netuid, &swap.old, &swap.new, touched);
    }
    check_not_system(&swap.new)?;
    exec.state.hotkey_mut(&swap.old).owner = None;
    own(exec.state, swap);
    exec.state.coldkey_mut(&swap.coldkey).owned_hotkeys.retain(|hotkey| *hotkey != swap.old);
    for netuid in netuids {
        rekey::on_subnet(exec, swap, netuid, touched)?;
    }
    for key in LIMITS {
        exec.state.last_rate_limited.remove(&key(swap.old));
        touched.add(1, 2);
    }
    if let Some(take) = exec.state.hotkey_mut(&swap.old).take.take() {
        exec.state.hotkey_mut(&swap.new).take = Some(take);
        touched.add(2, 2);
    }
    if !swap.keep_stake {
        relist(exec.state, swap, &stakers, touched);
    }
    for netuid in affected {
        exec.state.subnet_mut(netuid).last_hotkey_swap.insert(swap.coldkey, now);
    }
    Ok(())
}

/// # Errors
/// `CannotUseSystemAccount` for the account of a subnet.
fn check_not_system(hotkey: &AccountId) -> DispatchOutcome {
    if tao::is_subnet_account(hotkey) { Err(E::CannotUseSystemAccount.into()) } else { Ok(()) }
}

/// Makes the new hotkey one of the coldkey's; true if it was none before.
fn own(state: &mut State, swap: &Swap) -> bool {
    state.hotkey_mut(&swap.new).owner = Some(swap.coldkey);
    let owned = &mut state.coldkey_mut(&swap.coldkey).owned_hotkeys;
    let is_new = !owned.contains(&swap.new);
    if is_new {
        owned.push(swap.new);
    }
    is_new
}

/// Coldkeys that staked to the old hotkey stake to the new one, which goes to the end of their lists.
fn relist(state: &mut State, swap: &Swap, stakers: &[AccountId], touched: &mut Touched) {
    for staker in stakers {
        touched.add(1, 0);
        let hotkeys = &mut state.coldkey_mut(staker).staking_hotkeys;
        if hotkeys.contains(&swap.old) {
            touched.add(0, 1);
            hotkeys.retain(|hotkey| *hotkey != swap.old && *hotkey != swap.new);
            hotkeys.push(swap.new);
        }
    }
}
