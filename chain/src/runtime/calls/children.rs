//! Child hotkeys: who gets part of a hotkey's stake weight, and what the child keeps of it.
//!
//! **Source**: spec/chain.md 6.8.

use super::{delegates, not_modelled, unstake};
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::runtime::step::children as rules;
use crate::units::NetUid;

/// Kinds of calls in `TransactionKeyLastBlock`.
const SET_CHILDREN: u16 = 0;
const SET_CHILDKEY_TAKE: u16 = 1;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::SetChildren { hotkey, netuid, children } => {
            schedule(exec, &origin.signed()?, hotkey, *netuid, children)
        }
        Call::SetChildkeyTake { hotkey, netuid, take } => {
            set_take(exec, &origin.signed()?, hotkey, *netuid, *take)
        }
        _ => {
            origin.root()?;
            set_bounds(exec, call)
        }
    }
}

/// Chain-wide bounds and delays, by root.
fn set_bounds(exec: &mut Exec<'_>, call: &Call) -> DispatchOutcome {
    let globals = exec.state.globals_mut();
    match *call {
        Call::SudoSetTxChildkeyTakeRateLimit { tx_rate_limit } => {
            globals.tx_childkey_take_rate_limit = tx_rate_limit;
            exec.emit(Event::TxChildKeyTakeRateLimitSet(tx_rate_limit));
        }
        Call::SudoSetMinChildkeyTake { take } => {
            globals.min_childkey_take = take;
            exec.emit(Event::MinChildKeyTakeSet(take));
        }
        Call::SudoSetMaxChildkeyTake { take } => {
            globals.max_childkey_take = take;
            exec.emit(Event::MaxChildKeyTakeSet(take));
        }
        Call::SetPendingChildkeyCooldown { cooldown } => globals.pending_childkey_cooldown = cooldown,
        _ => return not_modelled("SubtensorModule", call),
    }
    Ok(())
}

fn passes(exec: &Exec<'_>, hotkey: &AccountId, netuid: NetUid, kind: u16, limit: u64) -> bool {
    let last = exec.state.transaction_key_last_block.get(&(*hotkey, netuid, kind)).copied().unwrap_or(0);
    last == 0 || exec.now().saturating_sub(last) >= limit
}

fn record(exec: &mut Exec<'_>, hotkey: &AccountId, netuid: NetUid, kind: u16) {
    let now = exec.now();
    exec.state.transaction_key_last_block.insert((*hotkey, netuid, kind), now);
}

fn schedule(
    exec: &mut Exec<'_>,
    who: &AccountId,
    hotkey: &AccountId,
    netuid: NetUid,
    children: &[(u64, AccountId)],
) -> DispatchOutcome {
    if !passes(exec, hotkey, netuid, SET_CHILDREN, exec.constants.set_children_interval) {
        return Err(E::TxRateLimitExceeded.into());
    }
    if netuid.is_root() {
        return Err(E::RegistrationNotPermittedOnRootSubnet.into());
    }
    let subnet = exec.state.subnet(netuid).filter(|subnet| subnet.added).ok_or(E::SubnetNotExists)?;
    if !delegates::owns(exec.state, who, hotkey) {
        return Err(E::NonAssociatedColdKey.into());
    }
    let repeated = |at: usize, child: &AccountId| children.iter().skip(at).skip(1).any(|(_, c)| c == child);
    if children.iter().enumerate().any(|(at, (_, child))| repeated(at, child)) {
        return Err(E::DuplicateChild.into());
    }
    rules::check_children(exec.state, netuid, hotkey, children)?;
    let is_owner = subnet.has_owner && subnet.owner_hotkey == *hotkey;
    let threshold = exec.state.globals.stake_threshold;
    if !children.is_empty() && !is_owner && unstake::total_tao_value(exec.state, hotkey) < threshold {
        return Err(E::NotEnoughStakeToSetChildkeys.into());
    }
    record(exec, hotkey, netuid, SET_CHILDREN);
    if !exec.state.subnet(netuid).is_some_and(|subnet| subnet.pool.subtoken_enabled) {
        rules::set_children(exec.state, netuid, hotkey, children)?;
        exec.emit(Event::SetChildren(*hotkey, netuid, children.to_vec()));
        return Ok(());
    }
    let from = exec.now().saturating_add(exec.state.globals.pending_childkey_cooldown);
    exec.state.subnet_mut(netuid).pending_children.insert(*hotkey, (children.to_vec(), from));
    exec.emit(Event::SetChildrenScheduled(*hotkey, netuid, from, children.to_vec()));
    Ok(())
}

/// A new subnet's owner hotkey becomes the only child of every root validator that did not decline; refusals are
/// passed over.
pub(crate) fn adopt_owner_hotkey(exec: &mut Exec<'_>, netuid: NetUid, owner_hotkey: &AccountId) {
    let validators = exec.state.subnet(NetUid::ROOT).map(|root| root.neurons.keys.clone());
    for parent in validators.unwrap_or_default() {
        let row = exec.state.hotkey(&parent);
        let declined = row.is_some_and(|row| row.auto_parent_delegation == Some(false));
        let Some(coldkey) = row.and_then(|row| row.owner).filter(|_| !declined) else { continue };
        if parent != *owner_hotkey {
            let children = [(u64::MAX, *owner_hotkey)];
            let result = exec.transactional(|exec| schedule(exec, &coldkey, &parent, netuid, &children));
            if let Err(error) = result {
                tracing::debug!(%parent, %netuid, %error, "automatic parent");
            }
        }
    }
}

fn set_take(
    exec: &mut Exec<'_>,
    who: &AccountId,
    hotkey: &AccountId,
    netuid: NetUid,
    take: u16,
) -> DispatchOutcome {
    if !delegates::owns(exec.state, who, hotkey) {
        return Err(E::NonAssociatedColdKey.into());
    }
    let globals = &exec.state.globals;
    let (subnet_min, current) = exec.state.subnet(netuid).map_or((0, 0), |subnet| {
        (subnet.params.min_childkey_take, subnet.childkey_take.get(hotkey).copied().unwrap_or(0))
    });
    let min = globals.min_childkey_take.max(subnet_min);
    if !(min..=globals.max_childkey_take).contains(&take) {
        return Err(E::InvalidChildkeyTake.into());
    }
    let limit = globals.tx_childkey_take_rate_limit;
    if take > current.max(min) && !passes(exec, hotkey, netuid, SET_CHILDKEY_TAKE, limit) {
        return Err(E::TxChildkeyTakeRateLimitExceeded.into());
    }
    exec.state.subnet_mut(netuid).childkey_take.insert(*hotkey, take);
    record(exec, hotkey, netuid, SET_CHILDKEY_TAKE);
    exec.emit(Event::ChildKeyTakeSet(*hotkey, take));
    Ok(())
}
