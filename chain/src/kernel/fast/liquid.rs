//! Liquid alpha only where a weight entry is, several at a time.

use super::arith::{ONE, inverse, mul, part};
use super::sparse::{Row, Sparse, grow, zeroed};
use crate::kernel::EpochParams;
use crate::kernel::fixed::{self, Bits, div_saturating, proportion};
use crate::kernel::reference::liquid::EXP_ONE;

/// How many series run side by side, to hide the latency of each one's chain of products.
const LANES: usize = 4;

/// `floor(t / i)` for `t` below 2^63, as a product: `(t * FACTOR[i] >> 64) >> SHIFT[i]`.
const DIVISORS: [(u64, u32); 32] = {
    let mut table = [(0, 0); 32];
    let mut i = 2u32;
    while i < 32 {
        // With 2^bits >= i, a factor rounded up at 63 + bits binary places is exact for every t below 2^63.
        let bits = 32 - (i - 1).leading_zeros();
        table[i as usize] = (((1u128 << (63 + bits)) / i as u128 + 1) as u64, bits - 1);
        i += 1;
    }
    table
};

/// The sigmoid with its constants worked out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sigmoid {
    slope: Bits,
    low: u64,
    span: u64,
    /// The alpha of no difference at all, the commonest.
    still: u64,
}

impl Sigmoid {
    pub(crate) fn of(params: &EpochParams) -> Self {
        let (low, high) = (proportion(params.alpha_low) as u64, proportion(params.alpha_high) as u64);
        let slope = div_saturating(Bits::from(params.alpha_sigmoid_steepness) << 32, -100 << 32);
        // With low above high every alpha is low.
        let mut sigmoid = Self { slope, low, span: high.saturating_sub(low), still: 0 };
        let mut still = [0];
        sigmoid.alphas(&mut still);
        sigmoid.still = still[0];
        sigmoid
    }

    /// What new and old bonds weigh where nothing moved.
    pub(super) const fn still_pair(&self) -> (u64, u64) {
        (self.still, ONE - self.still)
    }

    /// Turns differences into alphas, in place.
    pub(crate) fn alphas(&self, differences: &mut [u64]) {
        let mut lanes = differences.chunks_exact_mut(LANES);
        for chunk in &mut lanes {
            let mut lane = [0; LANES];
            lane.copy_from_slice(chunk);
            chunk.copy_from_slice(&self.lanes(lane));
        }
        let rest = lanes.into_remainder();
        if rest.is_empty() {
            return;
        }
        let mut lane = [0; LANES];
        lane[..rest.len()].copy_from_slice(rest);
        rest.copy_from_slice(&self.lanes(lane)[..rest.len()]);
    }

    #[inline]
    fn lanes(&self, differences: [u64; LANES]) -> [u64; LANES] {
        let half = fixed::ONE / 2;
        let limit = 20 * fixed::ONE;
        let exponents = differences.map(|d| fixed::mul(self.slope, d as Bits - half).clamp(-limit, limit));
        let series = exp_of_magnitudes(exponents.map(Bits::unsigned_abs));
        let mut alphas = [0; LANES];
        for lane in 0..LANES {
            let exp = match exponents[lane] {
                fixed::ONE => EXP_ONE as u64,
                Bits::MIN..0 => inverse(series[lane]),
                _ => series[lane],
            };
            alphas[lane] = self.low + mul(inverse(ONE + exp), self.span);
        }
        alphas
    }
}

/// The power series of `e^y` for `y` up to 20, cut exactly as the chain cuts it.
#[inline]
fn exp_of_magnitudes(y: [u64; LANES]) -> [u64; LANES] {
    let mut result = y.map(|y| y + ONE);
    let mut term = y;
    for (factor, shift) in &DIVISORS[2..] {
        for lane in 0..LANES {
            // Both cuts of the chain at once would be the same; y^i / (i-1)! stays below 2^62 for y up to 20.
            let product = mul(term[lane], y[lane]);
            term[lane] = (((u128::from(product) * u128::from(*factor)) >> 64) as u64) >> shift;
            result[lane] += term[lane];
        }
        // Once a term is zero, so are all after it.
        if term == [0; LANES] {
            break;
        }
    }
    result
}

/// How far a weight moved: up from the consensus, or down from the bond.
#[inline(always)]
fn difference(weight: u64, bond: u64, consensus: u64) -> u64 {
    let from = if weight >= bond { consensus } else { weight };
    weight.max(bond).saturating_sub(from).min(ONE)
}

/// Whether every weight stands beside its bond, in columns with few gaps, and none moved: the bond is not above the
/// weight nor the weight above consensus. Then one alpha serves the row, and no average can exceed one. Without
/// `caps` the weights were clipped to consensus before.
#[inline(always)]
pub(super) fn is_still(line: Row<'_>, caps: Option<&[u32]>, bonds: &[(u16, u16)]) -> bool {
    if !line.is_narrow() || !line.has_columns_of(bonds) {
        return false;
    }
    let Some(mut runs) = line.runs() else { return false };
    let faded = |(&weight, &(_, bond)): (&u64, &(u16, u16))| {
        // A whole bond is cut to the highest value below one, which is above any weight that is not one.
        u32::from((weight as u32) < u32::from(bond) * 65_537)
    };
    let above = |(&weight, &cap): (&u64, &u32)| u32::from(weight as u32 > cap);
    runs.all(|(first, places)| {
        let weights = &line.values[places.clone()];
        let moved = weights.iter().zip(&bonds[places]).fold(0, |moved, entry| moved | faded(entry));
        let over = caps
            .map_or(0, |caps| weights.iter().zip(&caps[first..]).fold(0, |over, entry| over | above(entry)));
        moved | over == 0
    })
}

#[inline]
fn average(alpha: u64, weight: u64, bond: u64) -> u64 {
    (mul(ONE - alpha, bond) + mul(alpha, weight)).min(ONE)
}

/// The arrays of the moving average with liquid alpha.
#[derive(Debug, Default)]
pub(super) struct Liquid {
    /// Weight of the line that the chain's cursor sees, by column; only used for lines that do not ascend.
    seen_weight: Vec<u64>,
    /// Bond that the chain's cursor sees, by column.
    seen_bond: Vec<u64>,
    /// Bond that decays, by column: the last of repeated ones.
    bond: Vec<u64>,
    alphas: Vec<u64>,
    differences: Vec<u64>,
    /// Places in the line with a difference, and their bonds.
    moved: Vec<(usize, u64)>,
}

impl Liquid {
    pub(super) fn reset(&mut self, n: usize) {
        for array in [&mut self.seen_weight, &mut self.seen_bond, &mut self.bond] {
            zeroed(array, n);
        }
    }

    /// Averages two rows whose columns both ascend, so that the cursor sees every entry.
    pub(super) fn merge(
        &mut self,
        sigmoid: &Sigmoid,
        consensus: &[u64],
        line: Row<'_>,
        bonds: &[(u16, u16)],
        averaged: &mut Sparse,
        column_sums: &mut [u64],
    ) {
        let count = line.columns.len();
        let start = averaged.open();
        let columns = &mut averaged.columns[start..start + count];
        let values = &mut averaged.values[start..start + count];
        grow(&mut self.differences, count);
        self.moved.clear();
        columns.copy_from_slice(line.columns);
        let (mut rest, mut moved, mut gone) = (bonds, 0, 0);
        if line.has_columns_of(bonds) && sigmoid.still > 0 && sigmoid.still < ONE {
            // Nothing to look for: every weight stands beside its bond.
            let (alpha, keep) = (sigmoid.still, ONE - sigmoid.still);
            let entries = line.columns.iter().zip(line.values).zip(bonds).zip(values.iter_mut());
            for (k, (((&column, &weight), &(_, bond)), value)) in entries.enumerate() {
                let j = usize::from(column);
                let bond = proportion(bond) as u64;
                let difference = difference(weight, bond, consensus[j]);
                if difference > 0 {
                    self.differences[moved] = difference;
                    moved += 1;
                    self.moved.push((k, bond));
                    continue;
                }
                *value = (part(keep, bond) + part(alpha, weight)).min(ONE);
                gone += usize::from(*value == 0);
                column_sums[j] += *value;
            }
        } else {
            for (k, ((column, weight), value)) in line.iter().zip(values.iter_mut()).enumerate() {
                let mut bond = 0;
                while let [(j, stored), after @ ..] = rest
                    && *j <= column
                {
                    bond = if *j == column { proportion(*stored) as u64 } else { 0 };
                    rest = after;
                }
                let j = usize::from(column);
                let difference = difference(weight, bond, consensus[j]);
                if difference > 0 {
                    self.differences[moved] = difference;
                    moved += 1;
                    self.moved.push((k, bond));
                    continue;
                }
                *value = average(sigmoid.still, weight, bond);
                gone += usize::from(*value == 0);
                column_sums[j] += *value;
            }
        }
        sigmoid.alphas(&mut self.differences[..moved]);
        for (&(k, bond), &alpha) in self.moved.iter().zip(&self.differences) {
            values[k] = average(alpha, line.values[k], bond);
            gone += usize::from(values[k] == 0);
            column_sums[usize::from(columns[k])] += values[k];
        }
        if gone > 0 {
            let mut kept = 0;
            for k in 0..count {
                columns[kept] = columns[k];
                values[kept] = values[k];
                kept += usize::from(values[k] > 0);
            }
        }
        averaged.close(start + count - gone, true);
    }

    /// Averages one row of any order. `bonds` are the old ones that count, as proportions; columns beyond the last uid may occur.
    pub(super) fn average(
        &mut self,
        sigmoid: &Sigmoid,
        consensus: &[u64],
        line: Row<'_>,
        bonds: impl Iterator<Item = (usize, u64)> + Clone,
        averaged: &mut Sparse,
        column_sums: &mut [u64],
    ) {
        self.lay_out(bonds.clone());
        self.find_alphas(sigmoid, consensus, line);
        let start = averaged.open();
        let mut kept = start;
        for ((column, weight), &alpha) in line.iter().zip(&self.alphas) {
            let j = usize::from(column);
            let value = average(alpha, weight, self.bond[j]);
            averaged.columns[kept] = column;
            averaged.values[kept] = value;
            kept += usize::from(value > 0);
            column_sums[j] += value;
        }
        averaged.close(kept, line.ascending);
        for (j, _) in bonds {
            if let (Some(bond), Some(seen)) = (self.bond.get_mut(j), self.seen_bond.get_mut(j)) {
                *bond = 0;
                *seen = 0;
            }
        }
    }

    /// Spreads the bonds over the columns. The cursor never goes back, so it sees an entry only when its column is
    /// higher than all before.
    fn lay_out(&mut self, bonds: impl Iterator<Item = (usize, u64)>) {
        let mut next = 0;
        for (j, value) in bonds {
            if let Some(bond) = self.bond.get_mut(j) {
                *bond = value;
                if j >= next {
                    self.seen_bond[j] = value;
                }
            }
            next = next.max(j + 1);
        }
    }

    /// The alpha of every entry of the line.
    fn find_alphas(&mut self, sigmoid: &Sigmoid, consensus: &[u64], line: Row<'_>) {
        let Self { seen_weight, seen_bond, alphas, differences, .. } = self;
        grow(alphas, line.columns.len());
        grow(differences, line.columns.len());
        let difference = |j: usize, weight: u64| difference(weight, seen_bond[j], consensus[j]);
        if line.ascending {
            for ((column, weight), alpha) in line.iter().zip(alphas.iter_mut()) {
                *alpha = difference(usize::from(column), weight);
            }
        } else {
            let mut next = 0;
            for (column, weight) in line.iter() {
                let j = usize::from(column);
                if j >= next {
                    seen_weight[j] = weight;
                    next = j + 1;
                }
            }
            for (&column, alpha) in line.columns.iter().zip(alphas.iter_mut()) {
                let j = usize::from(column);
                *alpha = difference(j, seen_weight[j]);
            }
            for &column in line.columns {
                seen_weight[usize::from(column)] = 0;
            }
        }
        alphas.truncate(line.columns.len());
        let mut moved = 0;
        for &alpha in alphas.iter() {
            differences[moved] = alpha;
            moved += usize::from(alpha > 0);
        }
        sigmoid.alphas(&mut differences[..moved]);
        let mut found = differences.iter();
        for alpha in alphas {
            *alpha = match *alpha {
                0 => sigmoid.still,
                _ => found.next().copied().unwrap_or_default(),
            };
        }
    }
}
