//! Which weights count, and their proportions; and the votes column by column.

use super::arith::Ratio;
use super::sparse::{Sparse, grow, zeroed};
use super::stake::{Neurons, at};
use crate::kernel::{EpochInput, EpochParams};

/// Writes the masked, row-normalised weights.
pub(super) fn normalized(input: &EpochInput, params: &EpochParams, neurons: &Neurons, weights: &mut Sparse) {
    weights.reset(input.weights.entry_count());
    for i in 0..neurons.n {
        let start = weights.open();
        if !neurons.permitted[i] {
            weights.close(start, true);
            continue;
        }
        let newest = newest_registration(input, params, i);
        let own = if input.owner_uid.map(usize::from) == Some(i) { usize::MAX } else { i };
        let row = input.weights.row(i);
        let columns = &mut weights.columns[start..start + row.len()];
        let values = &mut weights.values[start..start + row.len()];
        let (mut kept, mut sum, mut next, mut ascending) = (0, 0, 0, true);
        for &(column, weight) in row {
            let j = usize::from(column);
            let Some(&registered) = neurons.registered.get(j) else { continue };
            // Written in any case and overwritten by the next entry when it does not count: no branch to mispredict.
            columns[kept] = column;
            values[kept] = u64::from(weight);
            let counts = j != own && registered < newest;
            kept += usize::from(counts);
            sum += if counts { u64::from(weight) } else { 0 };
            ascending &= !counts || j >= next;
            next = if counts { j + 1 } else { next };
        }
        let ratio = Ratio::new(sum);
        for value in &mut values[..kept] {
            *value = ratio.of(*value);
        }
        weights.close(start + kept, ascending);
    }
}

/// The block before which a uid must have been registered for row `i` to have meant it.
fn newest_registration(input: &EpochInput, params: &EpochParams, i: usize) -> u64 {
    let updated = at(&input.last_update, i);
    match params.commit_reveal_weights_enabled {
        true => {
            let committed = input.min_commit_block.get(i).copied().unwrap_or(u64::MAX);
            updated.min(committed.saturating_add(1))
        }
        false => updated,
    }
}

/// The non-zero weights of every column, for those who have a voice.
///
/// A vote is the weight less one, which fits 32 bits, above 16 bits for the voter's number: votes are distinct and
/// compare as their weights do.
#[derive(Debug, Default)]
pub(super) struct Votes {
    pub(super) votes: Vec<u64>,
    /// End of every column; its start is the end of the one before.
    ends: Vec<usize>,
    /// The stake of every voter.
    pub(super) voices: Vec<u64>,
    voters: Vec<usize>,
    seen: Vec<usize>,
}

impl Votes {
    pub(super) fn cast(&mut self, neurons: &Neurons, weights: &Sparse) {
        let n = neurons.n;
        self.voters.clear();
        self.voters.extend((0..n).filter(|&i| neurons.active_stake[i] > 0));
        self.voices.clear();
        self.voices.extend(self.voters.iter().map(|&i| neurons.active_stake[i]));
        super::arith::normalize(&mut self.voices);

        zeroed(&mut self.ends, n + 1);
        zeroed(&mut self.seen, n);
        let Self { votes, ends, voters, seen, .. } = self;
        for (voter, &i) in voters.iter().enumerate() {
            each_vote(weights, i, seen, voter + 1, |j, _| ends[j + 1] += 1);
        }
        let mut total = 0;
        for end in ends.iter_mut() {
            total += *end;
            *end = total;
        }
        grow(votes, total);
        zeroed(seen, n);
        for (voter, &i) in voters.iter().enumerate() {
            each_vote(weights, i, seen, voter + 1, |j, weight| {
                votes[ends[j]] = (weight - 1) << 16 | voter as u64;
                ends[j] += 1;
            });
        }
    }

    pub(super) fn column(&self, j: usize) -> core::ops::Range<usize> {
        let start = if j == 0 { 0 } else { self.ends[j - 1] };
        start..self.ends[j]
    }
}

/// Calls `vote` for every column with a weight; of a repeated column, the last one counts.
#[inline]
fn each_vote(weights: &Sparse, i: usize, seen: &mut [usize], mark: usize, mut vote: impl FnMut(usize, u64)) {
    let row = weights.row(i);
    if row.ascending {
        for (j, weight) in row.iter() {
            if weight > 0 {
                vote(usize::from(j), weight);
            }
        }
        return;
    }
    for (j, weight) in row.iter().rev() {
        let j = usize::from(j);
        if seen[j] != mark {
            seen[j] = mark;
            if weight > 0 {
                vote(j, weight);
            }
        }
    }
}
