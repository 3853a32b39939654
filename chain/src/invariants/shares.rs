//! Share pools: the stakes of coldkeys against the value they are shares of.

use super::Step;
use crate::account::AccountId;
use crate::event::{Event, SubtensorModuleEvent};
use crate::math::safe_float::SafeFloat;
use crate::state::{ShareStore, Subnet};
use crate::units::NetUid;
use std::sync::Arc;

/// I9, of every pool that the block changed.
///
/// Shares are decimal numbers of 21 digits, so each change of a pool may lose the last digit of the largest total that
/// the pool had while it was made. What the sum of all shares lacks of their total, or exceeds it by, may not grow by
/// more; what the stakes lack of the pool's value follows from it.
pub(super) fn pools_add_up(
    step: &Step<'_>,
    netuid: NetUid,
    before: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let before = step.survivor(netuid, before);
    let earlier = before.map(|subnet| subnet.stake.clone()).unwrap_or_default();
    let mut staked = None;
    for (hotkey, old, new) in after.stake.changes_since(&earlier) {
        let Some(new) = new else { continue };
        let staked = *staked.get_or_insert_with(|| staked_in_block(step, netuid));
        pool_adds_up(step, old.map(Arc::as_ref), new, staked).map_err(|text| format!("{hotkey}: {text}"))?;
    }
    Ok(())
}

/// Alpha that extrinsics of the block staked on a subnet, at most: what a pool may have held for a while.
fn staked_in_block(step: &Step<'_>, netuid: NetUid) -> u64 {
    step.events.iter().fold(0, |sum: u64, record| match &record.event {
        Event::SubtensorModule(SubtensorModuleEvent::StakeAdded(_, _, _, alpha, at, _)) if *at == netuid => {
            sum.saturating_add(alpha.get())
        }
        _ => sum,
    })
}

/// How far the sum of all shares is from their total: (sum above it, sum below it).
fn drift(pool: &ShareStore) -> (SafeFloat, SafeFloat) {
    let sum = pool.shares.values().fold(SafeFloat::ZERO, |sum, shares| sum.saturating_add(*shares));
    let less = |a: SafeFloat, b: SafeFloat| a.checked_sub(b).unwrap_or_default();
    (less(sum, pool.denominator), less(pool.denominator, sum))
}

fn pool_adds_up(
    step: &Step<'_>,
    before: Option<&ShareStore>,
    after: &ShareStore,
    staked: u64,
) -> Result<(), String> {
    let none = ShareStore::default();
    let before = before.unwrap_or(&none);
    let ((was_above, was_below), (above, below)) = (drift(before), drift(after));
    let changes = before.shares.len().max(after.shares.len()).saturating_add(step.events.len());
    let lost = largest_total(before, after, staked)
        .mul_div(SafeFloat::from_u64(u64::try_from(changes).unwrap_or(u64::MAX)), LAST_DIGIT)
        .unwrap_or_default();
    let (most_above, most_below) = (was_above.saturating_add(lost), was_below.saturating_add(lost));
    let within = |is: SafeFloat, most: SafeFloat| is.compare(most).is_le();
    if !within(above, most_above) || !within(below, most_below) {
        let total = after.denominator;
        return Err(format!("the shares are {above:?} above and {below:?} below their total {total:?}"));
    }
    values_add_up(after, above, below)
}

/// 10^20: a digit behind the last of a number with 21.
const LAST_DIGIT: SafeFloat = SafeFloat { mantissa: 1_000_000_000_000_000_000_000, exponent: -1 };

/// The largest total of shares that the pool had during the block, at most.
fn largest_total(before: &ShareStore, after: &ShareStore, staked: u64) -> SafeFloat {
    let total = |pool: &ShareStore| {
        let most = SafeFloat::from_u64(pool.value.get().saturating_add(staked));
        let grown = most.mul_div(pool.denominator, SafeFloat::from_u64(pool.value.get())).unwrap_or_default();
        if grown.compare(pool.denominator).is_gt() { grown } else { pool.denominator }
    };
    // A pool that was empty begins with one share for each rao.
    let fresh = SafeFloat::from_u64(staked.max(after.value.get()).max(before.value.get()));
    [total(before), total(after), fresh]
        .into_iter()
        .fold(SafeFloat::ZERO, |largest, total| if total.compare(largest).is_gt() { total } else { largest })
}

/// The stakes sum to the value of the pool, but for one rao of each and the drift of the shares.
fn values_add_up(pool: &ShareStore, above: SafeFloat, below: SafeFloat) -> Result<(), String> {
    if pool.shares.is_empty() {
        return Ok(());
    }
    let stake = |coldkey: &AccountId| u128::from(pool.value_of(coldkey).get());
    let sum = pool.shares.keys().map(stake).fold(0, u128::saturating_add);
    let value = u128::from(pool.value.get());
    let worth = |drift: SafeFloat| {
        let worth = SafeFloat::from_u64(pool.value.get()).mul_div(drift, pool.denominator);
        u128::from(worth.unwrap_or_default().to_u64())
    };
    let rows = pool.shares.len() as u128;
    let most = value.saturating_add(worth(above)).saturating_add(1);
    let least = value.saturating_sub(worth(below)).saturating_sub(rows.saturating_add(1));
    if least <= sum && sum <= most {
        return Ok(());
    }
    Err(format!("{rows} stakes sum to {sum} rao of a pool of {value} rao"))
}
