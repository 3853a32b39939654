//! The stake-weighted median of every column.
//!
//! The plain version narrows by pivots; with exact sums its answer does not depend on the pivots taken. It is the
//! score at which the stake of lower scores is at most the minority and that of scores up to it is more, or the
//! lowest or highest score when there is none. So absent weights are one block of zeros, and the rest is a selection.

use super::sparse::{grow, zeroed};
use super::weights::Votes;
use crate::kernel::fixed::proportion;

/// Selections shorter than this are sorted.
const SHORT: usize = 14;

/// Writes the consensus weight of every uid.
pub(super) fn medians(
    votes: &mut Votes,
    spill: &mut Vec<u64>,
    kappa: u16,
    n: usize,
    consensus: &mut Vec<u64>,
) {
    zeroed(consensus, n);
    let voters = votes.voters;
    grow(spill, voters);
    let total: u64 = votes.voices.iter().sum();
    let minority = total as i64 - proportion(kappa);
    for (j, consensus) in consensus.iter_mut().enumerate() {
        let part = votes.column(j);
        if part.is_empty() {
            continue;
        }
        let mut silent = 0;
        if part.len() < voters {
            silent = total - part.iter().map(|vote| voice(*vote)).sum::<u64>();
            if minority < silent as i64 {
                continue;
            }
        }
        let chosen = if minority < 0 || voters == 1 {
            part.iter().copied().min()
        } else if minority as u64 >= total {
            part.iter().copied().max()
        } else {
            select(part, spill, minority as u64 - silent)
        };
        *consensus = chosen.map_or(0, |vote| (vote >> 32) + 1);
    }
}

#[inline]
const fn voice(vote: u64) -> u64 {
    vote & 0xffff_ffff
}

/// The vote that holds position `rank` of the stake, counted from the lowest; `rank` is below the stake of all.
fn select<'a>(mut part: &'a mut [u64], mut spill: &'a mut [u64], mut rank: u64) -> Option<u64> {
    while part.len() > SHORT {
        let len = part.len();
        let pivot = middle(part[0], part[len / 2], part[len - 1]);
        let (low, high, below) = split(part, &mut spill[..len], pivot);
        if rank < below {
            part = &mut part[..low];
            continue;
        }
        rank -= below;
        core::mem::swap(&mut part, &mut spill);
        part = &mut part[..high];
        if low == 0 {
            // Nothing is below the pivot, as when many votes are equal: take all that equal it away at once.
            let (equal, high, stake) = split(part, &mut spill[..len], pivot + 1);
            if rank < stake || equal == len {
                return Some(pivot);
            }
            rank -= stake;
            core::mem::swap(&mut part, &mut spill);
            part = &mut part[..high];
        }
    }
    part.sort_unstable();
    for &mut vote in part {
        match rank.checked_sub(voice(vote)) {
            Some(rest) => rank = rest,
            None => return Some(vote),
        }
    }
    None
}

/// Moves what is below `pivot` to the front of `part` and the rest to `rest`, of the same length; returns how many
/// are where, and the stake below.
#[inline]
fn split(part: &mut [u64], rest: &mut [u64], pivot: u64) -> (usize, usize, u64) {
    let (mut low, mut high, mut below) = (0, 0, 0);
    for k in 0..part.len() {
        let vote = part[k];
        // Both are written and one is kept: a branch here would be mispredicted every other time.
        let lower = u64::from(vote < pivot);
        part[low] = vote;
        rest[high] = vote;
        low += lower as usize;
        high += 1 - lower as usize;
        below += voice(vote) & lower.wrapping_neg();
    }
    (low, high, below)
}

fn middle(a: u64, b: u64, c: u64) -> u64 {
    a.max(b).min(a.min(b).max(c))
}
