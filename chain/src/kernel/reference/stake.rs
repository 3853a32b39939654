//! Stake, permits and activity.
//!
//! **Source**: spec `epoch.md` sections 2 to 5.

use crate::kernel::fixed::{Bits, stake_share_wide, tao_weight_bits, total_stake};
use crate::kernel::{EpochInput, EpochParams};

/// The value of uid `i`, or the zero beyond the array's end.
pub(super) fn at<T: Copy + Default>(values: &[T], i: usize) -> T {
    values.get(i).copied().unwrap_or_default()
}

/// Total stake of every uid with 64 fractional bits.
#[must_use]
pub fn totals(input: &EpochInput, params: &EpochParams) -> Vec<i128> {
    let weight = tao_weight_bits(params.tao_weight);
    (0..input.n()).map(|i| total_stake(at(&input.alpha_stake, i), at(&input.tao_stake, i), weight)).collect()
}

/// Shares of the stake that passes the threshold; the owner always passes.
#[must_use]
pub fn shares(totals: &[i128], owner: Option<u16>, threshold: u64) -> Vec<Bits> {
    let passes =
        |i: usize, total: i128| owner.map(usize::from) == Some(i) || (total >> 64) >= i128::from(threshold);
    let filtered: Vec<i128> =
        totals.iter().enumerate().map(|(i, &total)| if passes(i, total) { total } else { 0 }).collect();
    normalize_stake(&filtered).into_iter().map(|share| (share >> 32) as Bits).collect()
}

/// Divides by the sum, with 64 fractional bits.
#[must_use]
pub fn normalize_stake(stake: &[i128]) -> Vec<i128> {
    let total = stake.iter().fold(0i128, |acc, &f| acc.wrapping_add(f));
    stake.iter().map(|&f| stake_share_wide(f, total)).collect()
}

/// The `k` highest non-zero stakes; on ties the higher uid wins.
#[must_use]
pub fn top_k_nonzero(stake: &[Bits], k: usize) -> Vec<bool> {
    let mut permits: Vec<bool> = stake.iter().map(|&s| s != 0).collect();
    let mut order: Vec<usize> = (0..stake.len()).collect();
    order.sort_by_key(|&i| at(stake, i));
    for &i in order.iter().take(stake.len().saturating_sub(k)) {
        if let Some(permit) = permits.get_mut(i) {
            *permit = false;
        }
    }
    permits
}

/// Forces the owner's permit when the owner is among the uids.
pub fn permit_owner(permits: &mut [bool], owner: Option<u16>) {
    if let Some(permit) = owner.and_then(|o| permits.get_mut(usize::from(o))) {
        *permit = true;
    }
}

/// Whether a uid updated within the cutoff.
#[must_use]
pub fn active(input: &EpochInput, params: &EpochParams) -> Vec<bool> {
    let cutoff = params.activity_cutoff();
    let updated = |i| at(&input.last_update, i).saturating_add(cutoff) >= input.current_block;
    (0..input.n()).map(updated).collect()
}
