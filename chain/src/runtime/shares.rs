//! Stake in share pools: one pool per hotkey and subnet, shares by coldkey.
//!
//! Dividends raise the value of the whole pool, so a nominator's row is written only when that nominator acts.
//! **Source**: spec/chain.md 6.1.

use super::Exec;
use crate::account::AccountId;
use crate::math::safe_float::SafeFloat;
use crate::state::{ShareStore, State};
use crate::units::{AlphaRao, NetUid};
use std::sync::Arc;

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

    /// Moves one coldkey's position and returns its shares after it.
    fn update_one(&mut self, coldkey: &AccountId, amount: AlphaRao, way: Way) -> SafeFloat {
        let held = self.shares.get(coldkey).copied().unwrap_or_default();
        let held = if self.denominator.is_zero() {
            // The first one takes the whole pool, dust of earlier stakers included.
            self.denominator = SafeFloat::from_u64(amount.get());
            self.denominator
        } else {
            let shares = self.shares_for(amount);
            let moved = |from: SafeFloat| match way {
                Way::In => from.saturating_add(shares),
                Way::Out => from.checked_sub(shares).unwrap_or(from),
            };
            self.denominator = moved(self.denominator);
            moved(held)
        };
        self.value = match way {
            Way::In => self.value.saturating_add(amount),
            Way::Out => self.value.saturating_sub(amount),
        };
        if held.is_zero() {
            self.shares.remove(coldkey);
        } else {
            self.shares.insert(*coldkey, held);
        }
        held
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
    if !amount.is_zero() {
        let pool = pool_mut(exec.state, hotkey, netuid);
        pool.value = pool.value.saturating_add(amount);
    }
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
    if !exec.state.coldkey(coldkey).is_some_and(|row| row.staking_hotkeys.contains(hotkey)) {
        exec.state.coldkey_mut(coldkey).staking_hotkeys.push(*hotkey);
    }
    move_shares(exec.state, hotkey, coldkey, netuid, amount, Way::In);
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
        move_shares(exec.state, hotkey, coldkey, netuid, amount, Way::Out);
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
    Arc::make_mut(state.subnet_mut(netuid).stake.or_insert_with(*hotkey, Arc::default))
}

fn move_shares(
    state: &mut State,
    hotkey: &AccountId,
    coldkey: &AccountId,
    netuid: NetUid,
    amount: AlphaRao,
    way: Way,
) {
    let pool = pool_mut(state, hotkey, netuid);
    let had = pool.shares.contains_key(coldkey);
    let has = !pool.update_one(coldkey, amount, way).is_zero();
    if had && !has {
        state.alpha_index.remove(&(*hotkey, *coldkey, netuid));
        drop_if_empty(state, hotkey, netuid);
    } else if has && !had {
        state.alpha_index.insert((*hotkey, *coldkey, netuid), ());
    }
}

fn drop_if_empty(state: &mut State, hotkey: &AccountId, netuid: NetUid) {
    let subnet = state.subnet_mut(netuid);
    if subnet.stake.get(hotkey).is_some_and(|pool| pool.is_empty()) {
        subnet.stake.remove(hotkey);
    }
}
