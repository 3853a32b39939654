//! Stake in share pools: one pool per hotkey and subnet, shares by coldkey.
//!
//! Dividends raise the value of the whole pool, so a nominator's row is written only when that nominator acts.
//! **Source**: spec/chain.md 6.1.

use super::Exec;
use super::stake_weight::Places;
use crate::account::AccountId;
use crate::math::safe_float::SafeFloat;
use crate::state::{ShareStore, State};
use crate::units::{AlphaRao, NetUid};
use std::sync::Arc;

/// Places of rows of which nothing is known.
const ANYWHERE: Places = Places { stake: 0, root: 0, hotkey: 0, coldkey: 0, share: 0 };

/// Which way a position moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

impl ShareStore {
    /// What a coldkey's shares are worth, floored.
    pub fn value_of(&self, coldkey: &AccountId) -> AlphaRao {
        self.shares.get(coldkey).map_or(AlphaRao::ZERO, |shares| self.worth(*shares))
    }

    /// What so many shares are worth, floored.
    pub fn worth(&self, shares: SafeFloat) -> AlphaRao {
        let value = SafeFloat::from_u64(self.value.get());
        AlphaRao(value.mul_div(shares, self.denominator).unwrap_or_default().to_u64())
    }

    /// Whether an amount is large enough to give or take shares.
    pub fn can_express(&self, amount: AlphaRao) -> bool {
        self.denominator.is_zero() || !self.shares_for(amount).is_zero()
    }

    /// True when nothing of the pool needs storage.
    pub fn is_empty(&self) -> bool {
        self.value.is_zero() && self.denominator.is_zero() && self.shares.is_empty()
    }

    fn shares_for(&self, amount: AlphaRao) -> SafeFloat {
        let amount = SafeFloat::from_u64(amount.get());
        amount.mul_div(self.denominator, SafeFloat::from_u64(self.value.get())).unwrap_or_default()
    }

    /// Moves one coldkey's position and returns whether it had shares before it and has some after it.
    /// Its row is probably at this place.
    fn update_one(&mut self, coldkey: &AccountId, place: usize, amount: AlphaRao, way: Way) -> (bool, bool) {
        let first = self.denominator.is_zero();
        let shares = if first { SafeFloat::from_u64(amount.get()) } else { self.shares_for(amount) };
        let moved = |from: SafeFloat| match way {
            // The first one takes the whole pool, dust of earlier stakers included.
            _ if first => shares,
            Way::In => from.saturating_add(shares),
            Way::Out => from.checked_sub(shares).unwrap_or(from),
        };
        self.denominator = moved(self.denominator);
        self.value = match way {
            Way::In => self.value.saturating_add(amount),
            Way::Out => self.value.saturating_sub(amount),
        };
        let held = self.shares.get_mut_near(coldkey, place);
        let had = held.is_some();
        let after = moved(held.as_deref().copied().unwrap_or_default());
        match held {
            Some(held) if !after.is_zero() => *held = after,
            Some(_) => drop(self.shares.remove(coldkey)),
            None if !after.is_zero() => drop(self.shares.insert(*coldkey, after)),
            None => {}
        }
        (had, !after.is_zero())
    }
}

/// The pool of a hotkey on a subnet, if anything was ever staked there.
pub fn pool<'s>(state: &'s State, hotkey: &AccountId, netuid: NetUid) -> Option<&'s ShareStore> {
    state.subnet(netuid).and_then(|subnet| subnet.stake.get(hotkey)).map(Arc::as_ref)
}

/// All stake behind a hotkey on a subnet (`TotalHotkeyAlpha`).
pub fn hotkey_stake(state: &State, hotkey: &AccountId, netuid: NetUid) -> AlphaRao {
    pool(state, hotkey, netuid).map_or(AlphaRao::ZERO, |pool| pool.value)
}

/// What a coldkey has staked on a hotkey on a subnet.
pub fn stake(state: &State, hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid) -> AlphaRao {
    pool(state, hotkey, netuid).map_or(AlphaRao::ZERO, |pool| pool.value_of(coldkey))
}

/// Whether an amount is large enough to change the shares of a pool.
pub fn can_express(state: &State, hotkey: &AccountId, netuid: NetUid, amount: AlphaRao) -> bool {
    pool(state, hotkey, netuid).is_none_or(|pool| pool.can_express(amount))
}

/// Adds to all stakes behind a hotkey, pro rata: dividends of nominators.
pub fn increase_stake_of_all(exec: &mut Exec<'_>, hotkey: &AccountId, netuid: NetUid, amount: AlphaRao) {
    increase_stake_of_all_near(exec.state, hotkey, (netuid, usize::MAX), amount);
}

/// [`increase_stake_of_all`] of a pool that is probably at this place in the subnet; returns the stake after it.
pub(super) fn increase_stake_of_all_near(
    state: &mut State,
    hotkey: &AccountId,
    (netuid, place): (NetUid, usize),
    amount: AlphaRao,
) -> AlphaRao {
    if amount.is_zero() {
        let pool = state.subnet(netuid).and_then(|subnet| subnet.stake.get_near(hotkey, place));
        return pool.map_or(AlphaRao::ZERO, |pool| pool.value);
    }
    let pool = pool_near(state, hotkey, netuid, place);
    pool.value = pool.value.saturating_add(amount);
    pool.value
}

/// Adds to a coldkey's stake on a hotkey; nothing else moves with it.
pub fn increase_stake(
    exec: &mut Exec<'_>,
    hotkey: &AccountId,
    coldkey: &AccountId,
    netuid: NetUid,
    amount: AlphaRao,
) {
    if amount.is_zero() {
        return;
    }
    list_hotkey(exec.state, hotkey, coldkey);
    increase_listed_stake(exec.state, hotkey, coldkey, (netuid, ANYWHERE), amount);
}

/// Lists a hotkey among those that a coldkey stakes on.
pub(super) fn list_hotkey(state: &mut State, hotkey: &AccountId, coldkey: &AccountId) {
    if !state.coldkey(coldkey).is_some_and(|row| row.staking_hotkeys.contains(hotkey)) {
        state.coldkey_mut(coldkey).staking_hotkeys.push(*hotkey);
    }
}

/// [`increase_stake`] of a coldkey that is known to list the hotkey; pool and shares are probably at these places.
pub(super) fn increase_listed_stake(
    state: &mut State,
    hotkey: &AccountId,
    coldkey: &AccountId,
    (netuid, places): (NetUid, Places),
    amount: AlphaRao,
) {
    if !amount.is_zero() {
        move_shares(state, hotkey, coldkey, (netuid, places), (amount, Way::In));
    }
}

/// Takes from a coldkey's stake on a hotkey. An amount above the stake does nothing, as on chain.
pub fn decrease_stake(
    exec: &mut Exec<'_>,
    hotkey: &AccountId,
    coldkey: &AccountId,
    netuid: NetUid,
    amount: AlphaRao,
) {
    if !amount.is_zero() && stake(exec.state, hotkey, coldkey, netuid) >= amount {
        move_shares(exec.state, hotkey, coldkey, (netuid, ANYWHERE), (amount, Way::Out));
    }
}

/// Deletes a coldkey's row from a pool as it is: neither value nor denominator follow. Returns the shares.
pub fn remove_row(state: &mut State, hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid) -> SafeFloat {
    state.alpha_index.remove(&(*hotkey, *coldkey, netuid));
    let shares = pool_mut(state, hotkey, netuid).shares.remove(coldkey).unwrap_or_default();
    drop_if_empty(state, hotkey, netuid);
    shares
}

/// Sets a coldkey's shares as they are: neither value nor denominator follow. Zero deletes the row.
pub fn set_row(
    state: &mut State,
    hotkey: &AccountId,
    coldkey: &AccountId,
    netuid: NetUid,
    shares: SafeFloat,
) {
    if shares.is_zero() {
        remove_row(state, hotkey, coldkey, netuid);
    } else if pool_mut(state, hotkey, netuid).shares.insert(*coldkey, shares).is_none() {
        state.alpha_index.insert((*hotkey, *coldkey, netuid), ());
    }
}

/// Sets the value and the sum of shares of a pool, whatever the rows are.
pub fn set_totals(
    state: &mut State,
    hotkey: &AccountId,
    netuid: NetUid,
    value: AlphaRao,
    denominator: SafeFloat,
) {
    let pool = pool_mut(state, hotkey, netuid);
    pool.value = value;
    pool.denominator = denominator;
    drop_if_empty(state, hotkey, netuid);
}

fn pool_mut<'s>(state: &'s mut State, hotkey: &AccountId, netuid: NetUid) -> &'s mut ShareStore {
    pool_near(state, hotkey, netuid, usize::MAX)
}

/// The pool for change, probably at this place; made if there is none.
fn pool_near<'s>(
    state: &'s mut State,
    hotkey: &AccountId,
    netuid: NetUid,
    place: usize,
) -> &'s mut ShareStore {
    Arc::make_mut(state.subnet_mut(netuid).stake.or_insert_near(*hotkey, place, Arc::default))
}

fn move_shares(
    state: &mut State,
    hotkey: &AccountId,
    coldkey: &AccountId,
    (netuid, places): (NetUid, Places),
    (amount, way): (AlphaRao, Way),
) {
    match pool_near(state, hotkey, netuid, places.stake).update_one(coldkey, places.share, amount, way) {
        (true, false) => {
            state.alpha_index.remove(&(*hotkey, *coldkey, netuid));
            drop_if_empty(state, hotkey, netuid);
        }
        (false, true) => drop(state.alpha_index.insert((*hotkey, *coldkey, netuid), ())),
        _ => {}
    }
}

fn drop_if_empty(state: &mut State, hotkey: &AccountId, netuid: NetUid) {
    let subnet = state.subnet_mut(netuid);
    if subnet.stake.get(hotkey).is_some_and(|pool| pool.is_empty()) {
        subnet.stake.remove(hotkey);
    }
}
