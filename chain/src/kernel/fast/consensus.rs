//! The stake-weighted median of every column.
//!
//! The plain version narrows by pivots; with exact sums its answer does not depend on the pivots taken. It is the
//! score at which the stake of lower scores is at most the minority and that of scores up to it is more, or the
//! lowest or highest score when there is none. So absent weights are one block of zeros, and the rest is a selection.

use super::sparse::{grow, zeroed};
use super::weights::Votes;
use crate::kernel::fixed::proportion;

/// Selections shorter than this are sorted.
const SHORT: usize = 8;

/// Writes the consensus weight of every uid.
pub(super) fn medians(
    votes: &mut Votes,
    spill: &mut Vec<u64>,
    kappa: u16,
    n: usize,
    consensus: &mut Vec<u64>,
) {
    zeroed(consensus, n);
    let voters = votes.voices.len();
    grow(spill, voters);
    let total: u64 = votes.voices.iter().sum();
    let minority = total as i64 - proportion(kappa);
    for (j, consensus) in consensus.iter_mut().enumerate() {
        let column = votes.column(j);
        let part = &mut votes.votes[column];
        let voices = &votes.voices;
        if part.is_empty() {
            continue;
        }
        let mut silent = 0;
        if part.len() < voters {
            silent = total - part.iter().map(|vote| voice(voices, *vote)).sum::<u64>();
            if minority < silent as i64 {
                continue;
            }
        }
        let chosen = if minority < 0 {
            part.iter().copied().min()
        } else if minority as u64 >= total {
            part.iter().copied().max()
        } else {
            select(part, spill, voices, minority as u64 - silent)
        };
        *consensus = chosen.map_or(0, |vote| (vote >> 16) + 1);
    }
}

#[inline]
fn voice(voices: &[u64], vote: u64) -> u64 {
    voices[(vote & 0xffff) as usize]
}

/// The vote that holds position `rank` of the stake, counted from the lowest; `rank` is below the stake of all.
fn select<'a>(
    mut part: &'a mut [u64],
    mut spill: &'a mut [u64],
    voices: &[u64],
    mut rank: u64,
) -> Option<u64> {
    while part.len() > SHORT {
        let len = part.len();
        let pivot = middle(part[0], part[len / 2], part[len - 1]);
        let (mut low, mut high, mut below) = (0, 0, 0);
        for k in 0..len {
            let vote = part[k];
            let lower = vote < pivot;
            part[low] = vote;
            spill[high] = vote;
            low += usize::from(lower);
            high += usize::from(!lower);
            below += if lower { voice(voices, vote) } else { 0 };
        }
        // The middle of three distinct votes is neither lowest nor highest, so both sides are shorter than the whole.
        if rank < below {
            part = &mut part[..low];
        } else {
            rank -= below;
            core::mem::swap(&mut part, &mut spill);
            part = &mut part[..high];
        }
    }
    part.sort_unstable();
    for &mut vote in part {
        match rank.checked_sub(voice(voices, vote)) {
            Some(rest) => rank = rest,
            None => return Some(vote),
        }
    }
    None
}

fn middle(a: u64, b: u64, c: u64) -> u64 {
    a.max(b).min(a.min(b).max(c))
}
