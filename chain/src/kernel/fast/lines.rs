//! The pass over the weights after consensus: trust, ranks, and the weights that bonds are bought with.

use super::arith::{ONE, mul, narrow, part, quantise};
use super::sparse::{Row, Sparse, grow, zeroed};
use super::stake::Neurons;
use crate::kernel::fixed::{self, proportion};

/// The weights that bonds are bought with, and where they stand in between.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rows: Sparse,
    /// Whether the weights themselves are the lines, at no penalty.
    plain: bool,
    /// Whether the lines are the clipped weights, at full penalty.
    clipped: bool,
    /// Consensus, or the highest value below one.
    caps: Vec<u32>,
    dense: Vec<u64>,
    order: Vec<u16>,
}

impl Lines {
    /// Clips the weights to consensus: adds up the ranks, writes validator trust and, by the penalty, the lines.
    #[inline(always)]
    pub(super) fn clip(
        &mut self,
        neurons: &Neurons,
        consensus: &[u64],
        penalty: u16,
        weights: &Sparse,
        ranks: &mut Vec<u64>,
        trust: &mut Vec<u16>,
    ) {
        zeroed(ranks, neurons.n);
        trust.clear();
        self.caps.clear();
        self.caps.extend(consensus.iter().map(|&c| c.min(ONE - 1) as u32));
        self.plain = penalty == 0;
        self.clipped = penalty == u16::MAX;
        self.rows.reset(if self.plain { 0 } else { weights.open() });
        for i in 0..neurons.n {
            let row = weights.row(i);
            let stake = neurons.active_stake[i];
            let start = self.rows.open();
            let sum = match penalty {
                0 => clip_row(row, (consensus, &self.caps), stake, ranks),
                u16::MAX => {
                    let end = start + row.columns.len();
                    let out = (&mut self.rows.columns[start..end], &mut self.rows.values[start..end]);
                    let (sum, kept) = clip_row_into(row, (consensus, &self.caps), stake, ranks, out);
                    self.rows.close(start + kept, row.ascending);
                    sum
                }
                _ => {
                    self.mix_row(row, consensus, proportion(penalty), neurons.n);
                    clip_row(row, (consensus, &self.caps), stake, ranks)
                }
            };
            trust.push(quantise(sum));
        }
    }

    /// The line of uid `i`.
    #[inline(always)]
    pub(super) fn row<'a>(&'a self, weights: &'a Sparse, i: usize) -> Row<'a> {
        if self.plain { weights.row(i) } else { self.rows.row(i) }
    }

    /// Consensus by uid, or the highest value below one; `None` when no line is above it.
    #[inline(always)]
    pub(super) fn caps(&self) -> Option<&[u32]> {
        (!self.clipped).then_some(&self.caps)
    }

    /// Between the weights of a row and its clipped weights; sorted, the last of repeated columns counting.
    fn mix_row(&mut self, row: Row<'_>, consensus: &[u64], penalty: i64, n: usize) {
        let start = self.rows.open();
        let mut kept = start;
        let mut keep = |column: u16, value: u64| {
            let clipped = value.min(consensus[usize::from(column)]);
            // Weight and consensus fit 33 bits, so nothing saturates; the product of a negative floors downward.
            let mixed = value as i64 + fixed::mul(penalty, clipped as i64 - value as i64);
            if mixed > 0 {
                self.rows.columns[kept] = column;
                self.rows.values[kept] = mixed as u64;
                kept += 1;
            }
        };
        if row.ascending {
            for (column, value) in row.iter() {
                keep(column, value);
            }
        } else {
            grow(&mut self.dense, n);
            for (column, value) in row.iter() {
                self.dense[usize::from(column)] = value;
            }
            self.order.clear();
            self.order.extend_from_slice(row.columns);
            self.order.sort_unstable();
            self.order.dedup();
            for &column in &self.order {
                keep(column, self.dense[usize::from(column)]);
            }
        }
        self.rows.close(kept, true);
    }
}

/// A product with a stake. Only a lone validator's stake is one, for which 64 bits do not do.
#[inline(always)]
fn weigh(stake: u64, weight: u64) -> u64 {
    if stake < ONE { part(stake, weight) } else { mul(stake, weight) }
}

/// Adds a clipped row to the ranks; returns its sum.
#[inline(always)]
fn clip_row(row: Row<'_>, (consensus, caps): (&[u64], &[u32]), stake: u64, ranks: &mut [u64]) -> u64 {
    let mut sum = 0;
    if let (Ok(stake), Some(runs)) = (u32::try_from(stake), row.runs())
        && row.is_narrow()
    {
        for (first, places) in runs {
            let columns = caps[first..].iter().zip(&mut ranks[first..]);
            for (&value, (&cap, rank)) in row.values[places].iter().zip(columns) {
                let clipped = (value as u32).min(cap);
                sum += u64::from(clipped);
                *rank += narrow(stake, clipped);
            }
        }
        return sum;
    }
    for (column, value) in row.iter() {
        let j = usize::from(column);
        let clipped = value.min(consensus[j]);
        sum += clipped;
        ranks[j] += weigh(stake, clipped);
    }
    sum
}

/// The same, and writes what is kept; entries clipped to zero are dropped, explicit zeros are not.
#[inline(always)]
fn clip_row_into(
    row: Row<'_>,
    (consensus, caps): (&[u64], &[u32]),
    stake: u64,
    ranks: &mut [u64],
    (columns, values): (&mut [u16], &mut [u64]),
) -> (u64, usize) {
    let (mut sum, mut kept) = (0, 0);
    if let (Ok(stake), Some(runs)) = (u32::try_from(stake), row.runs())
        && row.is_narrow()
    {
        let mut dropped = 0;
        for (first, places) in runs {
            let line = &mut values[places.clone()];
            let entries = row.values[places].iter().zip(line);
            for ((&value, line), (&cap, rank)) in entries.zip(caps[first..].iter().zip(&mut ranks[first..])) {
                let clipped = (value as u32).min(cap);
                sum += u64::from(clipped);
                *rank += narrow(stake, clipped);
                *line = u64::from(clipped);
                dropped += u32::from(clipped == 0);
            }
        }
        columns.copy_from_slice(row.columns);
        if dropped == 0 {
            return (sum, row.columns.len());
        }
        for (k, (column, value)) in row.iter().enumerate() {
            columns[kept] = column;
            values[kept] = values[k];
            kept += usize::from(values[k] > 0 || value == 0);
        }
        return (sum, kept);
    }
    for (column, value) in row.iter() {
        let j = usize::from(column);
        let threshold = consensus[j];
        let clipped = value.min(threshold);
        sum += clipped;
        ranks[j] += weigh(stake, clipped);
        columns[kept] = column;
        values[kept] = clipped;
        kept += usize::from(threshold > 0 || value == 0);
    }
    (sum, kept)
}
