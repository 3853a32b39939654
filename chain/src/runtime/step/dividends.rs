//! A hotkey shares its dividends with the parents whose stake it validates with.
//!
//! **Source**: spec/chain.md 6.9.

use crate::account::AccountId;
use crate::math::fixed::U96F32;
use crate::runtime::{Exec, shares, stake_weight};
use crate::units::{AlphaRao, NetUid};

/// The childkey take in force: what was set, but not below what the chain or the subnet demand.
pub(super) fn childkey_take(exec: &Exec<'_>, hotkey: &AccountId, netuid: NetUid) -> u16 {
    let Some(subnet) = exec.state.subnet(netuid) else { return 0 };
    let stored = subnet.childkey_take.get(hotkey).copied().unwrap_or_default();
    stored.max(exec.state.globals.min_childkey_take).max(subnet.params.min_childkey_take)
}

/// Splits a dividend between a hotkey and its parents and hands each part out; what burns is recycled.
pub(super) fn split_to_parents(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    hotkey: &AccountId,
    dividend: AlphaRao,
    mut pay: impl FnMut(AccountId, U96F32),
) {
    let Some(subnet) = exec.state.subnet(netuid) else { return };
    let parents = subnet.parents.get(hotkey).cloned().unwrap_or_default();
    if parents.is_empty() {
        return pay(*hotkey, U96F32::from_u64(dividend.get()));
    }
    let dividend = U96F32::from_u64(dividend.get());
    let tao_weight = stake_weight::tao_weight(exec.state);
    let burn_rate = stake_weight::proportion(exec.state.globals.ck_burn);
    let take = U96F32::from_u64(childkey_take(exec, hotkey, netuid).into())
        .safe_div(U96F32::from_u64(u16::MAX.into()));
    let owner = exec.state.owner_of(hotkey).unwrap_or_default();

    let contribution = |(share, parent): &(u64, AccountId)| {
        contribution(exec, netuid, parent, stake_weight::proportion(*share), tao_weight)
    };
    let own = U96F32::from_u64(own_contribution(exec, netuid, hotkey, tao_weight).to_u64());
    let total = parents.iter().map(contribution).fold(own, U96F32::saturating_add);
    let (mut remaining, mut taken, mut burned) = (dividend, U96F32::ZERO, AlphaRao::ZERO);
    for parent in &parents {
        let mut part = dividend.saturating_mul(contribution(parent).safe_div(total));
        remaining = remaining.saturating_sub(part);
        if exec.state.owner_of(&parent.1).unwrap_or_default() != owner {
            let (burn, take) = (burn_rate.saturating_mul(part), take.saturating_mul(part));
            part = part.saturating_sub(burn).saturating_sub(take);
            taken = taken.saturating_add(take);
            burned = burned.saturating_add(AlphaRao(burn.to_u64()));
        }
        pay(parent.1, U96F32::from_u64(part.to_u64()));
    }
    pay(*hotkey, U96F32::from_u64(remaining.saturating_add(taken).to_u64()));
    if !burned.is_zero() {
        exec.state.subnet_mut(netuid).pool.recycle(burned);
    }
}

/// What a hotkey's stake adds to the weight of another (or its own) through a share of it.
fn contribution(
    exec: &Exec<'_>,
    netuid: NetUid,
    hotkey: &AccountId,
    share: U96F32,
    tao_weight: U96F32,
) -> U96F32 {
    let stake = |netuid| U96F32::from_u64(shares::hotkey_stake(exec.state, hotkey, netuid).get());
    let root = stake(NetUid::ROOT).saturating_mul(share).saturating_mul(tao_weight);
    stake(netuid).saturating_mul(share).saturating_add(root)
}

/// What a hotkey's own stake weighs after its children took their parts.
fn own_contribution(exec: &Exec<'_>, netuid: NetUid, hotkey: &AccountId, tao_weight: U96F32) -> U96F32 {
    let children = exec.state.subnet(netuid).and_then(|subnet| subnet.children.get(hotkey));
    let kept = children
        .into_iter()
        .flatten()
        .fold(U96F32::ONE, |kept, (share, _)| kept.saturating_sub(stake_weight::proportion(*share)));
    contribution(exec, netuid, hotkey, kept, tao_weight)
}
