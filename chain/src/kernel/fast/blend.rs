//! The moving average of bonds, row by row, and the sums of its columns.

use super::arith::{mul, narrow};
use super::sparse::{Row, Sparse};
use crate::kernel::fixed::{self, Bits, ONE, proportion};

/// A row of sums by column, of which only the touched ones are visited.
#[derive(Debug, Default)]
pub(super) struct Accumulator {
    sums: Vec<u64>,
    touched: Vec<u64>,
    /// Whether so many columns are touched that all are visited.
    dense: bool,
}

impl Accumulator {
    #[inline(always)]
    pub(super) fn reset(&mut self, n: usize) {
        super::sparse::zeroed(&mut self.sums, n);
        super::sparse::zeroed(&mut self.touched, n.div_ceil(64));
    }

    /// Starts a row of at most `entries`.
    #[inline(always)]
    pub(super) fn start(&mut self, entries: usize) {
        self.dense = entries * 4 >= self.sums.len();
    }

    /// Adds `factor` times each value.
    #[inline(always)]
    pub(super) fn add(&mut self, factor: Factor, entries: impl Iterator<Item = (usize, u64)>) {
        let Self { sums, touched, dense } = self;
        match factor {
            Factor::Part(part) if *dense => {
                for (j, value) in entries {
                    sums[j] += mul(part, value);
                }
            }
            Factor::Part(part) => {
                for (j, value) in entries {
                    sums[j] += mul(part, value);
                    touched[j / 64] |= 1 << (j % 64);
                }
            }
            Factor::Any(factor) => {
                for (j, value) in entries {
                    sums[j] = fixed::add(sums[j] as Bits, fixed::mul(factor, value as Bits)) as u64;
                    touched[j / 64] |= 1 << (j % 64);
                }
            }
        }
    }

    /// Moves the positive sums to the end of `rows` as its next row, in ascending order, and into `column_sums`.
    #[inline(always)]
    pub(super) fn finish(&mut self, rows: &mut Sparse, column_sums: &mut [u64]) {
        let start = rows.open();
        let mut kept = start;
        let Self { sums, touched, dense } = self;
        let columns = &mut rows.columns;
        let values = &mut rows.values;
        let mut take = |j: usize, sum: &mut u64, total: &mut u64| {
            let value = core::mem::take(sum);
            columns[kept] = j as u16;
            values[kept] = value;
            if value as Bits > 0 {
                kept += 1;
                *total = add_positive(*total, value);
            }
        };
        if *dense {
            touched.fill(0);
            for (j, (sum, total)) in sums.iter_mut().zip(column_sums).enumerate() {
                take(j, sum, total);
            }
        } else {
            for (word, bits) in touched.iter_mut().enumerate() {
                while *bits != 0 {
                    let j = word * 64 + bits.trailing_zeros() as usize;
                    *bits &= *bits - 1;
                    take(j, &mut sums[j], &mut column_sums[j]);
                }
            }
        }
        rows.close(kept, true);
    }
}

/// Averages a row with the bonds that stand beside its narrow weights, column by column, with nothing to look for;
/// adds to `column_sums`. Does nothing and says so when the factors do not fit or the columns have many gaps.
#[inline(always)]
pub(super) fn merge_beside(
    (new, old): (u64, u64),
    line: Row<'_>,
    bonds: &[(u16, u16)],
    rows: &mut Sparse,
    column_sums: &mut [u64],
) -> bool {
    let (Ok(new), Ok(old), Some(runs)) = (u32::try_from(new), u32::try_from(old), line.runs()) else {
        return false;
    };
    let start = rows.open();
    let mut kept = line.columns.len();
    let (columns, values) = (&mut rows.columns[start..start + kept], &mut rows.values[start..start + kept]);
    let decay = Decay::by(old);
    let mut gone = 0u32;
    for (first, places) in runs {
        let weights = line.values[places.clone()].iter().zip(&bonds[places.clone()]);
        let out = values[places].iter_mut().zip(&mut column_sums[first..]);
        for ((&weight, &(_, bond)), (value, sum)) in weights.zip(out) {
            *value = narrow(new, weight as u32) + decay.of(bond);
            *sum += *value;
            gone += u32::from(*value == 0);
        }
    }
    columns.copy_from_slice(line.columns);
    if gone > 0 {
        kept = compact(columns, values, kept);
    }
    rows.close(start + kept, true);
    true
}

/// Averages two rows whose columns both ascend, side by side; adds to `column_sums`.
#[inline(always)]
pub(super) fn merge(
    (new, old): (u64, u64),
    line: Row<'_>,
    bonds: &[(u16, u16)],
    rows: &mut Sparse,
    column_sums: &mut [u64],
) {
    let beside = line.is_narrow() && line.has_columns_of(bonds);
    if beside && merge_beside((new, old), line, bonds, rows, column_sums) {
        return;
    }
    let start = rows.open();
    let end = start + line.columns.len() + bonds.len() + 1;
    let (columns, values) = (&mut rows.columns[start..end], &mut rows.values[start..end]);
    let mut kept = 0;
    let mut keep = |column: u16, value: u64| {
        columns[kept] = column;
        values[kept] = value;
        kept += usize::from(value > 0);
        column_sums[usize::from(column)] += value;
    };
    let mut rest = bonds;
    for (column, weight) in line.iter() {
        let mut value = mul(new, weight);
        while let [(j, bond), after @ ..] = rest
            && *j <= column
        {
            rest = after;
            let decayed = mul(old, proportion(*bond) as u64);
            match *j == column {
                true => value += decayed,
                false => keep(*j, decayed),
            }
        }
        keep(column, value);
    }
    for &(j, bond) in rest {
        keep(j, mul(old, proportion(bond) as u64));
    }
    rows.close(start + kept, true);
}

/// Moves the first `len` entries that are not zero together; returns how many they are.
pub(super) fn compact(columns: &mut [u16], values: &mut [u64], len: usize) -> usize {
    let mut kept = 0;
    for k in 0..len {
        columns[kept] = columns[k];
        values[kept] = values[k];
        kept += usize::from(values[kept] > 0);
    }
    kept
}

/// Multiplies stored bonds with a part below one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decay(u32);

impl Decay {
    #[inline(always)]
    pub(super) const fn by(part: u32) -> Self {
        Self(part)
    }

    /// The floored product with the bond's proportion, which is 65537 for every unit and one more for a whole bond:
    /// that one adds the part itself.
    #[inline(always)]
    pub(super) const fn of(self, bond: u16) -> u64 {
        let whole = if bond == u16::MAX { self.0 } else { 0 };
        (self.0 as u64 * (bond as u32 * 65_537) as u64 + whole as u64) >> 32
    }
}

/// The saturating sum of two values that are not negative as [`Bits`].
#[inline(always)]
pub(super) fn add_positive(a: u64, b: u64) -> u64 {
    (a + b).min(Bits::MAX as u64)
}

/// What a value is multiplied with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Factor {
    /// Between zero and one, so that no product or sum can overflow.
    Part(u64),
    /// Anything: a moving average beyond a million gives a negative factor and one above one.
    Any(Bits),
}

impl Factor {
    /// The factors of new and old bonds.
    pub(super) fn pair(alpha: Bits) -> (Self, Self) {
        match alpha {
            0..=ONE => (Self::Part(alpha as u64), Self::Part((ONE - alpha) as u64)),
            _ => (Self::Any(alpha), Self::Any(fixed::sub(ONE, alpha))),
        }
    }
}
