//! Which subnet gives way to a new one, and what becomes of a dissolved one.
//!
//! **Source**: spec/chain.md 7.5, 7.6.

use super::not_modelled;
use crate::account::{AccountId, AccountOrder};
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

/// Part of a dissolved pool: of a position, or of the protocol, which keeps it back.
struct Portion {
    coldkey: Option<AccountId>,
    share: u128,
    rest: u128,
}

/// The pools of a subnet that are worth something: the chain finds positions by the value of their hotkey, and forgets
/// those of hotkeys without any.
fn worthy_pools(subnet: &Subnet) -> impl Iterator<Item = (&AccountId, &ShareStore)> {
    subnet.stake.iter().filter(|(_, pool)| !pool.value.is_zero()).map(|(hotkey, pool)| (hotkey, &**pool))
}

/// Every position and its value: hotkeys as they are stored, the coldkeys of each sorted.
fn positions(subnet: &Subnet, order: AccountOrder) -> Vec<(AccountId, u128)> {
    // A position worth less than one unit counts by its bare shares.
    let value = |pool: &ShareStore, shares: SafeFloat| match pool.worth(shares) {
        AlphaRao(0) => shares.to_u64(),
        AlphaRao(value) => value,
    };
    let mut rows = Vec::new();
    for (_, pool) in worthy_pools(subnet) {
        let mut holders: Vec<_> = pool.shares.iter().collect();
        holders.sort_unstable_by_key(|(coldkey, _)| order.key(coldkey));
        let values = holders.into_iter().map(|(coldkey, shares)| (*coldkey, value(pool, *shares).into()));
        rows.extend(values.filter(|(_, value)| *value > 0));
    }
    rows
}

/// What each position gets of what the pool holds, in the order of payment: as they were found, or by falling
/// remainders when these decide who gets one more. The protocol's own part is kept back.
fn payouts(state: &State, netuid: NetUid, order: AccountOrder) -> Vec<(AccountId, Rao)> {
    let Some(subnet) = state.subnet(netuid) else { return Vec::new() };
    let born_with_pool = subnet.schedule.registered_at > state.globals.tao_in_refund_deployment_block;
    let mut protocol = u128::from(subnet.pool.protocol_alpha.get());
    if born_with_pool {
        protocol = protocol.saturating_add(subnet.pool.alpha_in.get().into());
    }
    let rows = positions(subnet, order);
    let pot = u128::from(subnet.pool.tao.get());
    let total = rows.iter().fold(protocol, |sum, (_, value)| sum.saturating_add(*value));
    let portion = |coldkey: Option<AccountId>, value: u128| {
        let product = pot.saturating_mul(value);
        let share = product.checked_div(total).unwrap_or_default();
        Portion { coldkey, share, rest: product.checked_rem(total).unwrap_or_default() }
    };
    let mut portions: Vec<Portion> =
        rows.into_iter().map(|(coldkey, value)| portion(Some(coldkey), value)).collect();
    if protocol > 0 {
        portions.push(portion(None, protocol));
    }
    let paid = portions.iter().fold(0_u128, |sum, portion| sum.saturating_add(portion.share));
    let left = usize::try_from(pot.saturating_sub(paid)).unwrap_or(usize::MAX);
    if left > 0 {
        portions.sort_by_key(|portion| std::cmp::Reverse(portion.rest));
        for portion in portions.iter_mut().take(left) {
            portion.share = portion.share.saturating_add(1);
        }
    }
    let rao = |share: u128| Rao(u64::try_from(share).unwrap_or(u64::MAX));
    let payouts = portions.into_iter().filter_map(|part| Some((part.coldkey?, rao(part.share))));
    payouts.collect()
}

fn pay_stakers(exec: &mut Exec<'_>, netuid: NetUid) {
    let payouts = payouts(exec.state, netuid, exec.account_order);
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
    let Some(subnet) = exec.state.subnet(netuid) else { return };
    let rows = worthy_pools(subnet)
        .flat_map(|(hotkey, pool)| pool.shares.keys().map(|coldkey| (*hotkey, *coldkey, netuid)));
    let (rows, hotkeys): (Vec<AlphaKey>, Vec<AccountId>) =
        (rows.collect(), worthy_pools(subnet).map(|(hotkey, _)| *hotkey).collect());
    for row in rows {
        exec.state.alpha_index.remove(&row);
    }
    let stake = &mut exec.state.subnet_mut(netuid).stake;
    for hotkey in hotkeys {
        stake.remove(&hotkey);
    }
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
    if let Some(lease_id) = state.leases.of_subnet.get(&netuid).copied() {
        let leases = state.leases_mut();
        leases.of_subnet.remove(&netuid);
        leases.forget(lease_id);
    }
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
    row.stake = old.stake;
}
