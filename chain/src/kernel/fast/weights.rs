//! Which weights count, and their proportions; and the votes column by column.

use super::arith::{Ratio, normalize};
use super::sparse::{Row, Sparse, grow, scan, zeroed};
use super::stake::{Neurons, at};
use crate::kernel::{EpochInput, EpochParams, Rows};

/// Up to this many slots, every column of votes has one for every voter; beyond, columns are counted first.
const SLOTS_MAX: usize = 1 << 22;

/// Writes the masked, row-normalised weights, and casts the votes.
pub(super) fn normalized(
    input: &EpochInput,
    params: &EpochParams,
    neurons: &Neurons,
    weights: &mut Sparse,
    votes: &mut Votes,
) {
    weights.reset(input.weights.entry_count());
    votes.reset(neurons, &input.weights);
    for i in 0..neurons.n {
        if !neurons.permitted[i] {
            weights.close(weights.open(), true);
            continue;
        }
        let row = input.weights.row(i);
        let newest = newest_registration(input, params, i);
        let own = if input.owner_uid.map(usize::from) == Some(i) { usize::MAX } else { i };
        let (sum, ascending) = scan(row);
        let inside = row.last().is_none_or(|&(column, _)| usize::from(column) < neurons.n);
        if ascending && inside && neurons.last_registration < newest {
            tidy_row(row, sum, own, weights, votes, i);
        } else {
            masked_row(row, own, newest, neurons, weights);
            votes.cast(weights.row(i), i);
        }
    }
}

/// A row of which everything but the own entry counts.
#[inline]
fn tidy_row(row: &[(u16, u16)], sum: u64, own: usize, weights: &mut Sparse, votes: &mut Votes, i: usize) {
    let (before, after, sum) = match row.binary_search_by_key(&own, |entry| usize::from(entry.0)) {
        Ok(place) => (&row[..place], &row[place + 1..], sum - u64::from(row[place].1)),
        Err(_) => (row, &row[..0], sum),
    };
    let start = weights.open();
    let end = start + before.len() + after.len();
    let ratio = Ratio::new(sum);
    let entries = before.iter().chain(after);
    let places = weights.columns[start..end].iter_mut().zip(&mut weights.values[start..end]);
    match votes.voices[i] {
        0 => entries.zip(places).for_each(|(&(j, weight), (column, value))| {
            *column = j;
            *value = ratio.of(u64::from(weight));
        }),
        voice => entries.zip(places).for_each(|(&(j, weight), (column, value))| {
            *column = j;
            *value = ratio.of(u64::from(weight));
            votes.write(usize::from(j), *value, voice);
        }),
    }
    weights.close(end, true);
}

/// A row of which any entry may not count.
fn masked_row(row: &[(u16, u16)], own: usize, newest: u64, neurons: &Neurons, weights: &mut Sparse) {
    let start = weights.open();
    let columns = &mut weights.columns[start..start + row.len()];
    let values = &mut weights.values[start..start + row.len()];
    let (mut kept, mut sum, mut next, mut ascending) = (0, 0, 0, true);
    for &(column, weight) in row {
        let j = usize::from(column);
        let counts = neurons.registered.get(j).is_some_and(|&registered| j != own && registered < newest);
        if counts {
            columns[kept] = column;
            values[kept] = u64::from(weight);
            kept += 1;
            sum += u64::from(weight);
            ascending &= j >= next;
            next = j + 1;
        }
    }
    let ratio = Ratio::new(sum);
    for value in &mut values[..kept] {
        *value = ratio.of(*value);
    }
    weights.close(start + kept, ascending);
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

/// The non-zero weights of every column, of those who have a voice.
///
/// A vote is the weight less one in the high 32 bits and the voter's stake in the low ones, so that votes compare as
/// their weights do. With one voter alone the stake, being one, does not fit; then it is not needed.
#[derive(Debug, Default)]
pub(super) struct Votes {
    pub(super) votes: Vec<u64>,
    starts: Vec<usize>,
    ends: Vec<usize>,
    /// Stake among the voters by uid; 0 for those who have no voice.
    pub(super) voices: Vec<u64>,
    pub(super) voters: usize,
    seen: Vec<usize>,
}

impl Votes {
    fn reset(&mut self, neurons: &Neurons, rows: &Rows) {
        let n = neurons.n;
        self.voices.clear();
        self.voices.extend_from_slice(&neurons.active_stake);
        normalize(&mut self.voices);
        self.voters = self.voices.iter().filter(|&&voice| voice > 0).count();
        zeroed(&mut self.seen, n);
        self.starts.clear();
        if n * self.voters <= SLOTS_MAX {
            self.starts.extend((0..n).map(|j| j * self.voters));
            grow(&mut self.votes, n * self.voters);
        } else {
            self.count(rows);
        }
        self.ends.clear();
        self.ends.extend_from_slice(&self.starts);
    }

    /// Makes room in every column for as many votes as there are entries.
    fn count(&mut self, rows: &Rows) {
        self.starts.resize(self.voices.len(), 0);
        for (i, _) in self.voices.iter().enumerate().filter(|&(_, voice)| *voice > 0) {
            for &(column, _) in rows.row(i) {
                if let Some(count) = self.starts.get_mut(usize::from(column)) {
                    *count += 1;
                }
            }
        }
        let mut total = 0;
        for start in &mut self.starts {
            total += core::mem::replace(start, total);
        }
        grow(&mut self.votes, total);
    }

    /// Writes a vote into the next slot of its column and, unless it is for nothing, keeps it.
    #[inline]
    fn write(&mut self, j: usize, weight: u64, voice: u64) {
        let end = &mut self.ends[j];
        self.votes[*end] = weight.wrapping_sub(1) << 32 | voice & 0xffff_ffff;
        *end += usize::from(weight > 0);
    }

    /// Casts the votes of a row that may not ascend; of a repeated column, the last entry counts.
    fn cast(&mut self, row: Row<'_>, i: usize) {
        let voice = self.voices[i];
        if voice == 0 {
            return;
        }
        for (column, weight) in row.iter().rev() {
            let j = usize::from(column);
            if self.seen[j] != i + 1 {
                self.seen[j] = i + 1;
                self.write(j, weight, voice);
            }
        }
    }

    pub(super) fn column(&mut self, j: usize) -> &mut [u64] {
        &mut self.votes[self.starts[j]..self.ends[j]]
    }
}
