//! New bonds and dividends in both versions of the consensus.

use super::arith::{ONE, Ratio, mul, normalize, part, quantise, quantise_part};
use super::blend::{Accumulator, Factor, add_positive, merge, merge_beside};
use super::lines::Lines;
use super::liquid::{Liquid, Sigmoid, is_still};
use super::sparse::{Row, Sparse, ascends, zeroed};
use super::stake::Neurons;
use crate::kernel::fixed::{bonds_alpha, proportion};
use crate::kernel::{EpochInput, EpochParams, Rows};
use core::ops::Range;

/// What the bonds step works in.
#[derive(Debug, Default)]
pub(super) struct Bonds {
    averaged: Sparse,
    delta: Sparse,
    accumulator: Accumulator,
    liquid: Liquid,
    sums: Vec<u64>,
    old_sums: Vec<u64>,
    ratios: Vec<Ratio>,
    old_ratios: Vec<Ratio>,
    earnings: Vec<Earning>,
    /// Dividends, as shares.
    pub(super) dividends: Vec<u64>,
}

/// What the bonds of a column are divided by, and the incentive they share.
#[derive(Clone, Copy, Debug)]
struct Earning {
    ratio: Ratio,
    incentive: u64,
}

/// What the earlier steps found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    pub(super) input: &'a EpochInput,
    pub(super) params: &'a EpochParams,
    pub(super) neurons: &'a Neurons,
    pub(super) weights: &'a Sparse,
    pub(super) lines: &'a Lines,
    pub(super) consensus: &'a [u64],
    pub(super) incentive: &'a [u64],
    pub(super) permits: &'a [bool],
}

impl<'a> Found<'a> {
    /// The old bonds of row `i` in uids that were there at the last epoch; columns beyond the last uid stay.
    #[inline(always)]
    fn old_bonds(&self, i: usize, last_tempo: u64) -> impl Iterator<Item = (usize, u16)> + Clone + use<'a> {
        let registered = &self.neurons.registered[..];
        self.input.bonds.row(i).iter().filter_map(move |&(j, bond)| {
            let j = usize::from(j);
            registered.get(j).is_none_or(|&block| block < last_tempo).then_some((j, bond))
        })
    }

    /// The stored bonds of row `i` when all of them count and their columns ascend.
    #[inline(always)]
    fn tidy_bonds(&self, i: usize, last_tempo: u64) -> Option<&'a [(u16, u16)]> {
        let row = self.input.bonds.row(i);
        let inside = row.last().is_none_or(|&(column, _)| usize::from(column) < self.neurons.n);
        (inside && self.neurons.last_registration < last_tempo && ascends(row)).then_some(row)
    }

    #[inline(always)]
    fn last_tempo(&self) -> u64 {
        self.params.last_tempo(self.input.current_block, self.input.last_mechanism_step_block)
    }
}

#[inline(always)]
fn ratios(ratios: &mut Vec<Ratio>, sums: &[u64]) {
    ratios.clear();
    ratios.extend(sums.iter().map(|&sum| Ratio::new(sum)));
}

impl Bonds {
    #[inline(always)]
    fn reset(&mut self, found: &Found<'_>, stored: &mut Rows) {
        let n = found.neurons.n;
        self.averaged.reset(found.weights.open() + found.input.bonds.entry_count() + n);
        self.accumulator.reset(n);
        zeroed(&mut self.sums, n);
        self.dividends.clear();
        stored.clear();
    }

    /// Yuma3: bonds are shares of what a validator weighed, each column on its own.
    #[inline(always)]
    pub(super) fn yuma3(&mut self, found: Found<'_>, stored: &mut Rows) {
        self.reset(&found, stored);
        let liquid = found.params.liquid_alpha_on && found.consensus.iter().any(|&c| c != 0);
        if liquid {
            self.average_liquid(found, stored);
        } else {
            self.average(found, stored);
        }
        self.dividends_of_bonds(&found);
    }

    #[inline(always)]
    fn dividends_of_bonds(&mut self, found: &Found<'_>) {
        self.earnings.clear();
        let columns = self.sums.iter().zip(found.incentive);
        // A sole earner's incentive does not fit the narrow product.
        let whole = found.incentive.contains(&ONE);
        self.earnings.extend(columns.map(|(&sum, &incentive)| Earning { ratio: Ratio::new(sum), incentive }));
        for i in 0..found.neurons.n {
            let stake = found.neurons.active_stake[i];
            let mut total = 0;
            let row = self.averaged.row(i);
            if stake > 0 {
                total = match whole {
                    true => self.earned(row, |earning, bond| mul(earning.incentive, earning.ratio.of(bond))),
                    false => {
                        self.earned(row, |earning, bond| part(earning.incentive, earning.ratio.of(bond)))
                    }
                };
            }
            self.dividends.push(mul(total, stake));
        }
        normalize(&mut self.dividends);
    }

    /// What the bonds of a row earn.
    #[inline(always)]
    fn earned(&self, row: Row<'_>, each: impl Fn(&Earning, u64) -> u64) -> u64 {
        match row.runs() {
            Some(runs) => {
                let earned = |(first, places): (usize, Range<usize>)| {
                    let columns = &self.earnings[first..];
                    row.values[places]
                        .iter()
                        .zip(columns)
                        .map(|(&bond, earning)| each(earning, bond))
                        .sum::<u64>()
                };
                runs.map(earned).sum()
            }
            None => row.iter().map(|(j, bond)| each(&self.earnings[usize::from(j)], bond)).sum(),
        }
    }

    #[inline(always)]
    fn average(&mut self, found: Found<'_>, stored: &mut Rows) {
        let n = found.neurons.n;
        let last_tempo = found.last_tempo();
        let (new, old) = Factor::pair(bonds_alpha(found.params.bonds_moving_average));
        for i in 0..n {
            let line = found.lines.row(found.weights, i);
            if let (Factor::Part(new), Factor::Part(old), true) = (new, old, line.ascending)
                && let Some(bonds) = found.tidy_bonds(i, last_tempo)
            {
                merge((new, old), line, bonds, &mut self.averaged, &mut self.sums);
                self.store(i, found.permits, stored);
                continue;
            }
            let bonds = found.old_bonds(i, last_tempo).filter(|&(j, _)| j < n);
            self.accumulator.start(line.columns.len() + found.input.bonds.row(i).len());
            self.accumulator.add(new, line.iter().map(|(j, weight)| (usize::from(j), weight)));
            self.accumulator.add(old, bonds.map(|(j, bond)| (j, proportion(bond) as u64)));
            self.accumulator.finish(&mut self.averaged, &mut self.sums);
            self.store(i, found.permits, stored);
        }
    }

    #[inline(always)]
    fn average_liquid(&mut self, found: Found<'_>, stored: &mut Rows) {
        let sigmoid = Sigmoid::of(found.params);
        let last_tempo = found.last_tempo();
        self.liquid.reset(found.neurons.n);
        for i in 0..found.neurons.n {
            let line = found.lines.row(found.weights, i);
            let Self { liquid, averaged, sums, .. } = self;
            if line.ascending
                && let Some(bonds) = found.tidy_bonds(i, last_tempo)
            {
                let still = is_still(line, found.lines.caps(), bonds);
                if !(still && merge_beside(sigmoid.still_pair(), line, bonds, averaged, sums)) {
                    liquid.merge(&sigmoid, found.consensus, line, bonds, averaged, sums);
                }
                self.store(i, found.permits, stored);
                continue;
            }
            let bonds = found.old_bonds(i, last_tempo).map(|(j, bond)| (j, proportion(bond) as u64));
            liquid.average(&sigmoid, found.consensus, line, bonds, averaged, sums);
            self.store(i, found.permits, stored);
        }
    }

    /// Stores the averaged row `i` when its uid is permitted.
    #[inline(always)]
    fn store(&self, i: usize, permits: &[bool], stored: &mut Rows) {
        let row = self.averaged.row(i);
        if !permits[i] {
            stored.end_row();
        } else if row.is_narrow() {
            stored.push_row(row.iter().map(|(j, bond)| (j, quantise_part(bond))));
        } else {
            stored.push_row(row.iter().map(|(j, bond)| (j, quantise(bond))));
        }
    }

    /// Yuma2: bonds are shares of each column, bought with stake times weight.
    #[inline(always)]
    pub(super) fn yuma2(&mut self, found: Found<'_>, stored: &mut Rows) {
        self.reset(&found, stored);
        let n = found.neurons.n;
        let last_tempo = found.last_tempo();
        self.delta(found);
        zeroed(&mut self.old_sums, n);
        for i in 0..n {
            for (j, bond) in found.old_bonds(i, last_tempo) {
                if let Some(sum) = self.old_sums.get_mut(j) {
                    *sum += u64::from(bond);
                }
            }
        }
        // The chain sums whole bonds with 32 fractional bits and saturates there.
        self.old_ratios.clear();
        self.old_ratios.extend(self.old_sums.iter().map(|&sum| Ratio::new(sum.min(1 << 31))));
        let (new, old) = Factor::pair(bonds_alpha(found.params.bonds_moving_average));
        zeroed(&mut self.sums, n);
        for i in 0..n {
            let delta = self.delta.row(i);
            let bonds = found.old_bonds(i, last_tempo).filter(|&(j, _)| j < n);
            let (ratios, old_ratios) = (&self.ratios, &self.old_ratios);
            self.accumulator.start(delta.columns.len() + found.input.bonds.row(i).len());
            let share = |(j, value): (u16, u64)| (usize::from(j), ratios[usize::from(j)].of(value));
            self.accumulator.add(new, delta.iter().map(share));
            self.accumulator.add(old, bonds.map(|(j, bond)| (j, old_ratios[j].of(u64::from(bond)))));
            self.accumulator.finish(&mut self.averaged, &mut self.sums);
        }
        self.dividends_of_shares(found);
        self.store_upscaled(found.permits, stored);
    }

    /// What each validator buys now, with the ratios of its columns.
    #[inline(always)]
    fn delta(&mut self, found: Found<'_>) {
        self.delta.reset(found.weights.open());
        for i in 0..found.neurons.n {
            let line = found.lines.row(found.weights, i);
            let stake = found.neurons.active_stake[i];
            let mut end = self.delta.open();
            for (column, weight) in line.iter() {
                let bought = mul(weight, stake);
                self.delta.columns[end] = column;
                self.delta.values[end] = bought;
                self.sums[usize::from(column)] += bought;
                end += 1;
            }
            self.delta.close(end, line.ascending);
        }
        ratios(&mut self.ratios, &self.sums);
    }

    /// Divides the columns by their sums, adds up dividends, and leaves the highest share of every column.
    #[inline(always)]
    fn dividends_of_shares(&mut self, found: Found<'_>) {
        ratios(&mut self.ratios, &self.sums);
        zeroed(&mut self.sums, found.neurons.n);
        for i in 0..found.neurons.n {
            let range = self.averaged.range(i);
            let mut total = 0;
            for k in range {
                let j = usize::from(self.averaged.columns[k]);
                let share = self.ratios[j].of(self.averaged.values[k]);
                self.averaged.values[k] = share;
                self.sums[j] = self.sums[j].max(share);
                total = add_positive(total, mul(share, found.incentive[j]));
            }
            self.dividends.push(total);
        }
        normalize(&mut self.dividends);
        ratios(&mut self.ratios, &self.sums);
    }

    #[inline(always)]
    fn store_upscaled(&self, permits: &[bool], stored: &mut Rows) {
        for (i, permitted) in permits.iter().enumerate() {
            if *permitted {
                let bonds = self.averaged.row(i).iter();
                stored.push_row(bonds.map(|(j, share)| (j, quantise(self.ratios[usize::from(j)].of(share)))));
            } else {
                stored.end_row();
            }
        }
    }
}
