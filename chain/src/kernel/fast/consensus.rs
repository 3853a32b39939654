//! The stake-weighted median of every column.
//!
//! The plain version narrows by pivots; with exact sums its answer does not depend on the pivots taken. It is the
//! score at which the stake of lower scores is at most the minority and that of scores up to it is more, or the
//! lowest or highest score when there is none. So any bracket around that score will do, and thresholds between the
//! scores find one without moving a vote.

use super::sparse::{grow, zeroed};
use super::votes::{Column, Votes, weight_of};
use crate::kernel::fixed::proportion;

/// How often a bracket is narrowed before what it holds is sorted.
const ROUNDS: usize = 5;

/// Writes the consensus weight of every uid.
#[inline(always)]
pub(super) fn medians(votes: &Votes, spill: &mut Vec<u64>, kappa: u16, n: usize, consensus: &mut Vec<u64>) {
    zeroed(consensus, n);
    let voters = votes.voters;
    grow(spill, voters + 1);
    let total: u64 = votes.voices.iter().sum();
    let minority = total as i64 - proportion(kappa);
    for (j, consensus) in consensus.iter_mut().enumerate() {
        let column = votes.column(j);
        let (low, high) = column.bounds();
        if weight_of(high) == 0 || column.scores.is_empty() {
            continue;
        }
        // Here somebody has a score above zero, so that the stake of the others is not all of it and fits.
        let silent = match column.scores.len() < voters {
            true => total - column.stake(),
            false if weight_of(low) == 0 => column.below(low + 1),
            false => 0,
        };
        if voters > 1 && minority < silent as i64 && silent > 0 {
            continue;
        }
        let chosen = if minority < 0 || voters == 1 {
            low
        } else if minority as u64 >= total {
            high
        } else {
            // Absent votes are below all others; where they have slots, they are counted like those.
            let rank = if column.scores.len() < voters { minority as u64 - silent } else { minority as u64 };
            let all = if column.scores.len() < voters { total - silent } else { total };
            select(column, spill, Bracket { low, high, below: 0, up_to: all }, rank)
        };
        *consensus = weight_of(chosen);
    }
}

/// Between which scores the one sought is.
#[derive(Clone, Copy, Debug)]
struct Bracket {
    low: i32,
    high: i32,
    /// Stake of scores below `low`; at most the rank sought.
    below: u64,
    /// Stake of scores up to `high`; more than the rank sought.
    up_to: u64,
}

impl Bracket {
    /// The score that would hold position `rank` if stake were spread evenly; above `low`, at most `high`.
    #[inline(always)]
    fn guess(&self, rank: u64) -> i32 {
        let span = self.high.abs_diff(self.low);
        let into = rank.clamp(self.below, self.up_to) - self.below;
        // Halved, stake fits 32 bits even when it is all there is.
        let steps = u64::from(span) * (into >> 1) / ((self.up_to - self.below) >> 1).max(1);
        self.low.wrapping_add(steps.clamp(1, u64::from(span)) as i32)
    }

    /// Takes in what is `below` the score `at`.
    #[inline(always)]
    fn narrow(&mut self, at: i32, below: u64, rank: u64) {
        if below <= rank {
            if at > self.low {
                (self.low, self.below) = (at, below);
            }
        } else if at <= self.high {
            (self.high, self.up_to) = (at - 1, below);
        }
    }
}

/// The score that holds position `rank` of the stake, counted from the lowest; `rank` is below the stake of all.
#[inline(always)]
fn select(column: Column<'_>, spill: &mut [u64], mut bracket: Bracket, rank: u64) -> i32 {
    let margin = (bracket.up_to - bracket.below) >> 4;
    for _ in 0..ROUNDS {
        if bracket.low == bracket.high {
            return bracket.low;
        }
        if bracket.up_to - bracket.below < 4 * margin {
            break;
        }
        let at = (bracket.guess(rank.saturating_sub(margin)), bracket.guess(rank + margin));
        // Neither is above the highest of all, who thus is not below them: the stake fits.
        let below = column.below_both(at);
        bracket.narrow(at.0, below.0, rank);
        bracket.narrow(at.1, below.1, rank);
    }
    let span = bracket.high.abs_diff(bracket.low);
    let mut kept = 0;
    for (&score, &voice) in column.scores.iter().zip(column.voices) {
        let height = score.wrapping_sub(bracket.low) as u32;
        spill[kept] = u64::from(height) << 32 | u64::from(voice);
        kept += usize::from(height <= span);
    }
    let inside = &mut spill[..kept];
    inside.sort_unstable();
    let mut rest = rank - bracket.below;
    for &mut vote in inside {
        match rest.checked_sub(vote & 0xffff_ffff) {
            Some(left) => rest = left,
            None => return bracket.low.wrapping_add((vote >> 32) as i32),
        }
    }
    bracket.high
}
