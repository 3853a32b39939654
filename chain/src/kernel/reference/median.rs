//! The stake-weighted median of the weights on a uid: its consensus weight.
//!
//! **Source**: spec `epoch.md` section 7.

use super::matrix::{Matrix, densify};
use crate::kernel::fixed::{Bits, add, normalize, proportion, sub, sum};

/// The score at position `minority` of the stake, counted from the lowest score. `total` is the sum of `stake`.
#[must_use]
pub fn weighted_median(stake: &[Bits], score: &[Bits], minority: Bits, total: Bits) -> Bits {
    let of = |values: &[Bits], k: usize| values.get(k).copied().unwrap_or(0);
    let (mut lo, mut hi) = (0, total);
    let mut part: Vec<usize> = (0..stake.len()).collect();
    for _ in 0..=stake.len() {
        let Some(&middle) = part.get(part.len() / 2) else { return 0 };
        let pivot = of(score, middle);
        if part.len() == 1 {
            return pivot;
        }
        let lower: Vec<usize> = part.iter().copied().filter(|&k| of(score, k) < pivot).collect();
        let upper: Vec<usize> = part.iter().copied().filter(|&k| of(score, k) > pivot).collect();
        let lower_stake = lower.iter().fold(0, |acc, &k| add(acc, of(stake, k)));
        let upper_stake = upper.iter().fold(0, |acc, &k| add(acc, of(stake, k)));
        if minority < add(lo, lower_stake) && !lower.is_empty() {
            part = lower;
            hi = add(lo, lower_stake);
        } else if sub(hi, upper_stake) <= minority && !upper.is_empty() {
            part = upper;
            lo = sub(hi, upper_stake);
        } else {
            return pivot;
        }
    }
    0
}

/// The weighted median of every column over the rows with positive stake; `kappa` is in parts of 65535.
#[must_use]
pub fn weighted_median_columns(stake: &[Bits], score: &Matrix, columns: usize, kappa: u16) -> Vec<Bits> {
    let voters: Vec<usize> = (0..stake.len()).filter(|&i| stake.get(i).is_some_and(|&s| s > 0)).collect();
    let mut voices: Vec<Bits> = voters.iter().filter_map(|&i| stake.get(i).copied()).collect();
    normalize(&mut voices);
    let total = sum(voices.iter().copied());
    let minority = sub(total, proportion(kappa));
    let mut scores = vec![Vec::with_capacity(voters.len()); columns];
    for &i in &voters {
        let dense = densify(score.get(i).map_or(&[], Vec::as_slice), columns);
        for (column, v) in scores.iter_mut().zip(dense) {
            column.push(v);
        }
    }
    scores.iter().map(|column| weighted_median(&voices, column, minority, total)).collect()
}
