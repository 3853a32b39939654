//! Which subnet gives way to a new one, and what becomes of a dissolved one.
//!
//! **Source**: spec/chain.md 7.5, 7.6.

use super::not_modelled;
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::math::safe_float::SafeFloat;
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, swap, tao};
use crate::state::{AlphaKey, Hotkey, Hyperparams, ShareStore, State, Subnet};
use crate::units::{AlphaRao, BlockNumber, NetUid, Rao};
use std::sync::Arc;

/// The subnet to dissolve for a new one; `None` while there is room.
///
/// # Errors
/// `SubnetLimitReached` when there is no room and every subnet is immune.
pub(crate) fn victim_if_full(state: &State, now: BlockNumber) -> Result<Option<NetUid>, DispatchError> {
    let count = state.subnets.iter().filter(|(netuid, subnet)| !netuid.is_root() && subnet.added).count();
    if count < usize::from(state.globals.subnet_limit) {
        return Ok(None);
    }
    victim(state, now).map(Some).ok_or_else(|| E::SubnetLimitReached.into())
}

/// The subnet with the lowest moving price, the older one of equals, immune ones excepted.
pub(crate) fn victim(state: &State, now: BlockNumber) -> Option<NetUid> {
    let immunity = state.globals.network_immunity_period;
    state
        .subnets
        .iter()
        .filter(|(netuid, subnet)| !netuid.is_root() && subnet.added)
        .filter(|(_, subnet)| now >= subnet.schedule.registered_at.saturating_add(immunity))
        .map(|(netuid, subnet)| (swap::moving_price(state, *netuid), subnet.schedule.registered_at, *netuid))
        .min_by_key(|(price, registered, _)| (*price, *registered))
        .map(|(_, _, netuid)| netuid)
}

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::RootDissolveNetwork { netuid } | Call::DissolveNetwork { netuid, .. } => {
            origin.root()?;
            dissolve(exec, *netuid)
        }
        _ => not_modelled("SubtensorModule", call),
    }
}

/// Dissolves a subnet: its stakers are paid out of the pool, all else of it vanishes.
///
/// # Errors
/// `SubnetNotExists`.
pub(crate) fn dissolve(exec: &mut Exec<'_>, netuid: NetUid) -> DispatchOutcome {
    if netuid.is_root() || !exec.state.subnet_exists(netuid) {
        return Err(E::SubnetNotExists.into());
    }
    drop_root_claims(exec.state, netuid);
    drop_votes(exec.state, netuid);
    pay_stakers(exec, netuid);
    recycle_rest(exec, netuid);
    forget(exec.state, netuid);
    let networks = &mut exec.state.globals_mut().total_networks;
    *networks = networks.saturating_sub(1);
    exec.emit(Event::NetworkRemoved(netuid));
    Ok(())
}

fn drop_root_claims(state: &mut State, netuid: NetUid) {
    let claimable = |row: &Arc<Hotkey>| row.root_claimable.contains_key(&netuid.number());
    let hotkeys: Vec<AccountId> =
        state.hotkeys.iter().filter(|(_, row)| claimable(row)).map(|(key, _)| *key).collect();
    for hotkey in hotkeys {
        state.hotkey_mut(&hotkey).root_claimable.remove(&netuid.number());
    }
}

/// A later subnet of this number begins without votes.
fn drop_votes(state: &mut State, netuid: NetUid) {
    let names = |row: &Arc<Vec<(u16, u16)>>| row.iter().any(|(subnet, _)| *subnet == netuid.number());
    let rows = |root: &Subnet| root.mechanisms.first().is_some_and(|votes| votes.weights.iter().any(names));
    if state.subnet(NetUid::ROOT).is_some_and(rows) {
        for row in &mut state.subnet_mut(NetUid::ROOT).mechanism_mut(0).weights {
            Arc::make_mut(row).retain(|(subnet, _)| *subnet != netuid.number());
        }
    }
}

/// Every position and its part of what the pool holds, largest remainders first; the protocol's own part is kept
/// back.
fn payouts(state: &State, netuid: NetUid) -> Vec<(AccountId, Rao)> {
    let Some(subnet) = state.subnet(netuid) else { return Vec::new() };
    let born_with_pool = subnet.schedule.registered_at > state.globals.tao_in_refund_deployment_block;
    let mut protocol = u128::from(subnet.pool.protocol_alpha.get());
    if born_with_pool {
        protocol = protocol.saturating_add(subnet.pool.alpha_in.get().into());
    }
    // A position worth less than one unit counts by its bare shares.
    let value = |pool: &ShareStore, shares: SafeFloat| match pool.worth(shares) {
        AlphaRao(0) => shares.to_u64(),
        AlphaRao(value) => value,
    };
    let mut rows: Vec<(AccountId, u128)> = Vec::new();
    for (hotkey, coldkey) in state
        .alpha_index
        .keys()
        .filter(|(_, _, place)| *place == netuid)
        .map(|(hotkey, coldkey, _)| (hotkey, coldkey))
    {
        if let Some(pool) = subnet.stake.get(hotkey)
            && let Some(shares) = pool.shares.get(coldkey)
        {
            rows.push((*coldkey, value(pool, *shares).into()));
        }
    }
    let pot = u128::from(subnet.pool.tao.get());
    let total = rows.iter().fold(protocol, |sum, (_, value)| sum.saturating_add(*value));
    if total == 0 {
        return Vec::new();
    }
    let values = rows.iter().map(|(_, value)| *value).chain([protocol]);
    let mut parts: Vec<(usize, u128, u128)> = values
        .enumerate()
        .map(|(index, value)| {
            let product = pot.saturating_mul(value);
            let (share, rest) = (product.checked_div(total), product.checked_rem(total));
            (index, share.unwrap_or(0), rest.unwrap_or(0))
        })
        .collect();
    let paid = parts.iter().fold(0_u128, |sum, (_, share, _)| sum.saturating_add(*share));
    let left = usize::try_from(pot.saturating_sub(paid)).unwrap_or(usize::MAX);
    parts.sort_by_key(|part| std::cmp::Reverse(part.2));
    for part in parts.iter_mut().take(left) {
        part.1 = part.1.saturating_add(1);
    }
    parts.sort_by_key(|part| part.0);
    let share = |part: &(usize, u128, u128)| Rao(u64::try_from(part.1).unwrap_or(u64::MAX));
    rows.iter().zip(&parts).map(|((coldkey, _), part)| (*coldkey, share(part))).collect()
}

fn pay_stakers(exec: &mut Exec<'_>, netuid: NetUid) {
    let payouts = payouts(exec.state, netuid);
    let pot = exec.state.subnet(netuid).map_or(Rao::ZERO, |subnet| subnet.pool.tao);
    let globals = exec.state.globals_mut();
    globals.total_stake = globals.total_stake.saturating_sub(pot);
    for (coldkey, share) in payouts {
        if !share.is_zero()
            && let Err(error) =
                exec.transactional(|exec| tao::transfer_tao_from_subnet(exec, netuid, &coldkey, share))
        {
            tracing::debug!(%coldkey, %netuid, %error, "share of a dissolved subnet");
        }
    }
    let rows: Vec<AlphaKey> = exec.state.alpha_index.keys().filter(|row| row.2 == netuid).copied().collect();
    for row in rows {
        exec.state.alpha_index.remove(&row);
    }
    exec.state.subnet_mut(netuid).stake.clear();
}

/// What is left on the account but for the existential deposit can be emitted again.
fn recycle_rest(exec: &mut Exec<'_>, netuid: NetUid) {
    let account = tao::subnet_account(netuid);
    let rest = tao::keep_alive_balance(exec.state, &account);
    if !rest.is_zero()
        && let Err(error) = tao::recycle_tao(exec, &account, rest)
    {
        tracing::debug!(%netuid, %error, "rest of a dissolved subnet");
    }
}

/// Clears the row but for what the chain forgets to clear.
fn forget(state: &mut State, netuid: NetUid) {
    let keys: Vec<_> =
        state.transaction_key_last_block.keys().filter(|key| key.1 == netuid).copied().collect();
    for key in keys {
        state.transaction_key_last_block.remove(&key);
    }
    state.commitments_mut().purge(netuid);
    let old = std::mem::take(state.subnet_mut(netuid));
    let (params, pool) = (&old.params, &old.pool);
    let kept = Hyperparams {
        emission_enabled: params.emission_enabled,
        owner_cut_enabled: params.owner_cut_enabled,
        recycle_or_burn: params.recycle_or_burn,
        min_allowed_uids: params.min_allowed_uids,
        min_non_immune_uids: params.min_non_immune_uids,
        min_childkey_take: params.min_childkey_take,
        adjustment_interval: params.adjustment_interval,
        adjustment_alpha: params.adjustment_alpha,
        max_weights_limit: params.max_weights_limit,
        root_claimable_threshold: params.root_claimable_threshold,
        voting_power_tracking_enabled: params.voting_power_tracking_enabled,
        voting_power_disable_at_block: params.voting_power_disable_at_block,
        voting_power_ema_alpha: params.voting_power_ema_alpha,
        ..Hyperparams::default()
    };
    let row = state.subnet_mut(netuid);
    *row.params_mut() = kept;
    row.pool.root_prop = pool.root_prop;
    row.pool.total_alpha_issuance = pool.total_alpha_issuance;
    row.pool.alpha_burned = pool.alpha_burned;
    row.pool.alpha_recycled = pool.alpha_recycled;
    row.schedule.registered_counter = old.schedule.registered_counter;
    row.root_alpha_dividends = old.root_alpha_dividends;
    row.auto_stake_destination = old.auto_stake_destination;
    row.auto_stake_coldkeys = old.auto_stake_coldkeys;
    row.voting_power = old.voting_power;
}
