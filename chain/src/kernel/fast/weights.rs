//! Which weights count, and their proportions.

use super::arith::{Part, Ratio};
use super::sparse::{Sparse, ascends, sum};
use super::stake::{Neurons, at};
use super::votes::Votes;
use crate::kernel::{EpochInput, EpochParams};

/// Writes the masked, row-normalised weights, and casts the votes.
#[inline(always)]
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
        let inside = row.last().is_none_or(|&(column, _)| usize::from(column) < neurons.n);
        if inside && neurons.last_registration < newest && ascends(row) {
            tidy_row(row, own, weights);
        } else {
            masked_row(row, own, newest, neurons, weights);
        }
        votes.cast(weights.row(i), i);
    }
}

/// A row of which everything but the own entry counts.
#[inline(always)]
fn tidy_row(row: &[(u16, u16)], own: usize, weights: &mut Sparse) {
    let (before, after) = match row.binary_search_by_key(&own, |entry| usize::from(entry.0)) {
        Ok(place) => (&row[..place], &row[place + 1..]),
        Err(_) => (row, &row[..0]),
    };
    let part = Part::of(sum(before) + sum(after));
    let mut end = weights.open();
    for entries in [before, after] {
        let places = end..end + entries.len();
        end = places.end;
        let columns = weights.columns[places.clone()].iter_mut();
        for (&(j, weight), (column, value)) in entries.iter().zip(columns.zip(&mut weights.values[places])) {
            *column = j;
            *value = part.share(weight);
        }
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
