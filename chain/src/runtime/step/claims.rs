//! Root dividends: what each root staker is owed, and how it is claimed.
//!
//! **Source**: spec/chain.md 6.10.

use crate::account::AccountId;
use crate::block::Hash;
use crate::error::{DispatchError, SubtensorModuleError};
use crate::event::SubtensorModuleEvent;
use crate::math::fixed::I96F32;
use crate::pool::Side;
use crate::runtime::{Exec, shares, swap, tao};
use crate::state::{Hotkey, State};
use crate::types::RootClaimTypeEnum;
use crate::units::{AlphaRao, NetUid, Rao};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Adds dividends to what the root stakers of a hotkey can claim.
///
/// More alpha than there is root stake would overflow the rate; it goes to the hotkey's owner instead.
pub fn increase_root_claimable(exec: &mut Exec<'_>, hotkey: &AccountId, netuid: NetUid, amount: AlphaRao) {
    let total = shares::hotkey_stake(exec.state, hotkey, NetUid::ROOT);
    if amount > total {
        let owner = exec.state.owner_of(hotkey).unwrap_or_default();
        shares::increase_stake(exec, hotkey, &owner, netuid, amount);
        return;
    }
    let more = rate(amount, total);
    let known = |row: &Hotkey| row.root_claimable.contains_key(&netuid.number());
    if !(more.is_zero() && exec.state.hotkey(hotkey).is_some_and(known)) {
        raise_rate(exec.state, hotkey, usize::MAX, netuid, more);
    }
}

/// Dividends per rao of root stake.
pub(super) fn rate(amount: AlphaRao, total: AlphaRao) -> I96F32 {
    I96F32::saturating_from_u64(amount.get()).safe_div(I96F32::saturating_from_u64(total.get()))
}

/// Raises what each rao of root stake on a hotkey, whose row is probably at this place, can claim on a subnet.
pub(super) fn raise_rate(state: &mut State, hotkey: &AccountId, place: usize, netuid: NetUid, more: I96F32) {
    let row = Arc::make_mut(state.hotkeys.or_insert_near(*hotkey, place, Arc::default));
    let rate = row.root_claimable.entry(netuid.number()).or_default();
    *rate = rate.saturating_add(more);
}

/// What a coldkey's root stake on a hotkey is owed on a subnet; below zero after roundings.
pub fn owed(state: &State, hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid) -> I96F32 {
    let rate = state.hotkey(hotkey).and_then(|row| row.root_claimable.get(&netuid.number())).copied();
    let stake = shares::stake(state, hotkey, coldkey, NetUid::ROOT);
    let claimed = state.subnet(netuid).and_then(|subnet| subnet.root_claimed.get(&(*hotkey, *coldkey)));
    let claimed = i128::try_from(claimed.copied().unwrap_or_default()).unwrap_or(i128::MAX);
    let earned = rate.unwrap_or_default().saturating_mul(I96F32::saturating_from_u64(stake.get()));
    earned.saturating_sub(I96F32::saturating_from_i128(claimed))
}

/// Claims for a coldkey: from every hotkey it stakes on, on every subnet that owes, or on those of `only`.
///
/// # Errors
/// Those of a sale that fails; earlier ones of the same claim stay done.
pub fn claim(
    exec: &mut Exec<'_>,
    coldkey: &AccountId,
    only: Option<&BTreeSet<NetUid>>,
) -> Result<(), DispatchError> {
    let row = exec.state.coldkey(coldkey);
    let kind = row.and_then(|row| row.root_claim_type.clone()).unwrap_or_default();
    let hotkeys = row.map(|row| row.staking_hotkeys.clone()).unwrap_or_default();
    for hotkey in &hotkeys {
        let rates = exec.state.hotkey(hotkey).map(|row| &row.root_claimable);
        let netuids: Vec<_> = rates.into_iter().flat_map(BTreeMap::keys).copied().map(NetUid).collect();
        for netuid in netuids {
            if only.is_none_or(|only| only.contains(&netuid)) {
                claim_on_subnet(exec, hotkey, coldkey, netuid, &kind)?;
            }
        }
    }
    exec.emit(SubtensorModuleEvent::RootClaimed { coldkey: *coldkey });
    Ok(())
}

fn claim_on_subnet(
    exec: &mut Exec<'_>,
    hotkey: &AccountId,
    coldkey: &AccountId,
    netuid: NetUid,
    kind: &RootClaimTypeEnum,
) -> Result<(), DispatchError> {
    let owed = owed(exec.state, hotkey, coldkey, netuid);
    let threshold = exec.state.subnet(netuid).map(|subnet| subnet.params.root_claimable_threshold);
    if threshold.is_some_and(|threshold| owed < threshold) {
        return Ok(());
    }
    let amount = AlphaRao(owed.to_u64());
    if amount.is_zero() {
        return Ok(());
    }
    let sells = match kind {
        RootClaimTypeEnum::Swap => true,
        RootClaimTypeEnum::Keep => false,
        RootClaimTypeEnum::KeepSubnets { subnets } => !subnets.contains(&netuid),
    };
    if sells {
        exec.transactional(|exec| sell_to_root(exec, hotkey, coldkey, netuid, amount))?;
    } else {
        shares::increase_stake(exec, hotkey, coldkey, netuid, amount);
    }
    let claimed = exec.state.subnet_mut(netuid).root_claimed.or_insert_with((*hotkey, *coldkey), || 0);
    *claimed = claimed.saturating_add(amount.get().into());
    Ok(())
}

/// Sells alpha and stakes the TAO on root.
fn sell_to_root(
    exec: &mut Exec<'_>,
    hotkey: &AccountId,
    coldkey: &AccountId,
    netuid: NetUid,
    amount: AlphaRao,
) -> Result<(), DispatchError> {
    let sold = swap::swap_alpha_for_tao(exec, netuid, amount, swap::Terms::market(Side::Sell).free())?;
    let got = Rao(sold.amount_paid_out);
    tao::transfer_tao(exec, &tao::subnet_account(netuid), &tao::subnet_account(NetUid::ROOT), got)?;
    let subnet = exec.state.subnet_mut(netuid);
    subnet.pending.root_sell_tao = subnet.pending.root_sell_tao.saturating_add(got);
    subnet.pool.protocol_flow = subnet.pool.protocol_flow.saturating_sub_unsigned(got.get());

    let stake = AlphaRao(got.get());
    shares::increase_stake(exec, hotkey, coldkey, NetUid::ROOT, stake);
    let root = &mut exec.state.subnet_mut(NetUid::ROOT).pool;
    root.tao = root.tao.saturating_add(got);
    root.alpha_out = root.alpha_out.saturating_add(stake);
    let globals = exec.state.globals_mut();
    globals.total_stake = globals.total_stake.saturating_add(got);
    adjust_added(exec.state, hotkey, coldkey, stake);
    Ok(())
}

/// New root stake earns nothing of what was paid before: counts it as claimed.
pub fn adjust_added(state: &mut State, hotkey: &AccountId, coldkey: &AccountId, stake: AlphaRao) {
    adjust(state, hotkey, coldkey, stake, false, u128::saturating_add);
}

/// Root stake that leaves takes its part of what was claimed with it.
pub fn adjust_removed(state: &mut State, hotkey: &AccountId, coldkey: &AccountId, stake: AlphaRao) {
    adjust(state, hotkey, coldkey, stake, true, u128::saturating_sub);
}

fn adjust(
    state: &mut State,
    hotkey: &AccountId,
    coldkey: &AccountId,
    stake: AlphaRao,
    skips_root: bool,
    change: fn(u128, u128) -> u128,
) {
    let rates = state.hotkey(hotkey).map(|row| row.root_claimable.clone()).unwrap_or_default();
    for (netuid, rate) in rates {
        let netuid = NetUid(netuid);
        if skips_root && netuid.is_root() {
            continue;
        }
        let part = rate.saturating_mul(I96F32::saturating_from_u64(stake.get())).to_u64();
        let claimed = state.subnet_mut(netuid).root_claimed.or_insert_with((*hotkey, *coldkey), || 0);
        *claimed = change(*claimed, part.into());
    }
}

/// Claims for a few coldkeys of the index, chosen by the lottery of the block.
pub(super) fn auto_claim(exec: &mut Exec<'_>) {
    let count = exec.state.staking_coldkeys.len() as u64;
    let indices = indices(&exec.env.lottery, exec.state.globals.num_root_claim, count);
    for index in indices {
        if let Some(coldkey) = exec.state.staking_coldkeys_by_index.get(&index).copied()
            && let Err(error) = claim(exec, &coldkey, None)
        {
            tracing::debug!(%coldkey, %error, "automatic claim");
        }
    }
}

/// The indices, below `count`, of the coldkeys that a block claims for: a walk of `steps` over the hash.
pub fn indices(hash: &Hash, steps: u64, count: u64) -> BTreeSet<u64> {
    let word = |at: u64| {
        let words = hash.as_chunks::<8>().0;
        let word = usize::try_from(at % 4).ok().and_then(|at| words.get(at));
        u64::from_be_bytes(word.copied().unwrap_or_default())
    };
    let mut last = word(0);
    let walk = (0..steps).map(|step| {
        last = last.saturating_add(word(step)).checked_rem(count).unwrap_or_default();
        last
    });
    walk.collect()
}

/// Lists a coldkey among those that are claimed for.
pub fn add_to_index(state: &mut State, coldkey: &AccountId) {
    if !state.staking_coldkeys.contains_key(coldkey) {
        let index = state.staking_coldkeys.len() as u64;
        state.staking_coldkeys.insert(*coldkey, index);
        state.staking_coldkeys_by_index.insert(index, *coldkey);
    }
}

/// Takes a coldkey off the list; the last one moves to its place.
pub fn remove_from_index(state: &mut State, coldkey: &AccountId) {
    let Some(index) = state.staking_coldkeys.remove(coldkey) else { return };
    let last = state.staking_coldkeys.len() as u64;
    let moved = state.staking_coldkeys_by_index.remove(&last);
    if let Some(moved) = moved.filter(|_| index != last) {
        state.staking_coldkeys.insert(moved, index);
        state.staking_coldkeys_by_index.insert(index, moved);
    }
}

/// Takes a coldkey off the list when it has no root stake left.
pub fn remove_from_index_without_stake(state: &mut State, coldkey: &AccountId) {
    let hotkeys = state.coldkey(coldkey).map_or(&[][..], |row| &row.staking_hotkeys);
    let staked = |hotkey| !shares::stake(state, hotkey, coldkey, NetUid::ROOT).is_zero();
    if !hotkeys.iter().any(staked) {
        remove_from_index(state, coldkey);
    }
}

/// How a coldkey wants its root dividends from now on.
///
/// # Errors
/// `InvalidSubnetNumber` for an empty list of subnets.
pub fn set_claim_type(
    exec: &mut Exec<'_>,
    coldkey: &AccountId,
    kind: RootClaimTypeEnum,
) -> Result<(), DispatchError> {
    if matches!(&kind, RootClaimTypeEnum::KeepSubnets { subnets } if subnets.is_empty()) {
        return Err(SubtensorModuleError::InvalidSubnetNumber.into());
    }
    add_to_index(exec.state, coldkey);
    exec.state.coldkey_mut(coldkey).root_claim_type = Some(kind.clone());
    exec.emit(SubtensorModuleEvent::RootClaimTypeSet { coldkey: *coldkey, root_claim_type: kind });
    Ok(())
}
