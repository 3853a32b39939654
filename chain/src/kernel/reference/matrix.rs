//! Sparse matrices as vectors of rows, one function per step of the consensus.
//!
//! **Shape**: row `i` is a list of (column, bits) in the order it was stored; order and explicit zeros are kept
//! unless a function says that it densifies.

use crate::kernel::fixed::{Bits, ONE, add, div_or_zero, mul, mul_or_zero, proportion, sub, sum};

/// A row: (column, bits) in stored order.
pub type Row = Vec<(u16, Bits)>;

/// Rows of (column, bits).
pub type Matrix = Vec<Row>;

/// Divides every row by its sum; a row that sums to 0 stays.
pub fn row_normalize(matrix: &mut Matrix) {
    for row in matrix {
        let total = sum(row.iter().map(|&(_, v)| v));
        if total > 0 {
            for (_, v) in row {
                *v = div_or_zero(*v, total);
            }
        }
    }
}

/// Sums every column in row order, saturating.
#[must_use]
pub fn column_sums(matrix: &Matrix, columns: usize) -> Vec<Bits> {
    let mut sums = vec![0; columns];
    for row in matrix {
        for &(j, v) in row {
            if let Some(acc) = sums.get_mut(usize::from(j)) {
                *acc = add(*acc, v);
            }
        }
    }
    sums
}

/// Divides every entry by the sum of its column; a column that sums to 0 stays.
pub fn column_normalize(matrix: &mut Matrix, columns: usize) {
    let sums = column_sums(matrix, columns);
    divide_columns(matrix, &sums);
}

/// Divides every entry by the maximum of its column, so that the maximum becomes [`ONE`].
pub fn column_max_upscale(matrix: &mut Matrix, columns: usize) {
    let mut maxima = vec![0; columns];
    for row in matrix.iter() {
        for &(j, v) in row {
            if let Some(max) = maxima.get_mut(usize::from(j)) {
                *max = v.max(*max);
            }
        }
    }
    divide_columns(matrix, &maxima);
}

fn divide_columns(matrix: &mut Matrix, divisors: &[Bits]) {
    for row in matrix {
        for (j, v) in row {
            match divisors.get(usize::from(*j)) {
                Some(&divisor) if divisor != 0 => *v = div_or_zero(*v, divisor),
                _ => {}
            }
        }
    }
}

/// Clips every entry to the threshold of its column; an entry clipped to 0 is dropped, an explicit zero stays.
#[must_use]
pub fn column_clip(matrix: &Matrix, thresholds: &[Bits]) -> Matrix {
    let clip = |&(j, v): &(u16, Bits)| {
        let threshold = thresholds.get(usize::from(j)).copied().unwrap_or(0);
        match threshold < v {
            true if threshold > 0 => Some((j, threshold)),
            true => None,
            false => Some((j, v)),
        }
    };
    matrix.iter().map(|row| row.iter().filter_map(clip).collect()).collect()
}

/// Goes from `a` to `b` by `ratio`. 0 and [`ONE`] give `a` and `b` as they are; between, rows are densified.
#[must_use]
pub fn interpolate(a: &Matrix, b: &Matrix, columns: usize, ratio: Bits) -> Matrix {
    if ratio == 0 {
        return a.clone();
    }
    if ratio == ONE {
        return b.clone();
    }
    let mix = |(row_a, row_b): (&Row, &Row)| {
        let (dense_a, dense_b) = (densify(row_a, columns), densify(row_b, columns));
        let mixed = dense_a.iter().zip(&dense_b).map(|(&x, &y)| add(x, mul(ratio, sub(y, x))));
        (0..).zip(mixed).filter(|&(_, x)| x > 0).collect()
    };
    a.iter().zip(b).map(mix).collect()
}

/// A row with every column; the last of repeated entries wins.
#[must_use]
pub fn densify(row: &[(u16, Bits)], columns: usize) -> Vec<Bits> {
    let mut dense = vec![0; columns];
    for &(j, v) in row {
        if let Some(slot) = dense.get_mut(usize::from(j)) {
            *slot = v;
        }
    }
    dense
}

/// Sums every column weighted by `vector` (one value per row), saturating.
#[must_use]
pub fn weighted_column_sums(matrix: &Matrix, vector: &[Bits], columns: usize) -> Vec<Bits> {
    let mut sums = vec![0; columns];
    for (row, &factor) in matrix.iter().zip(vector) {
        for &(j, v) in row {
            if let Some(acc) = sums.get_mut(usize::from(j)) {
                *acc = add(*acc, mul(factor, v));
            }
        }
    }
    sums
}

/// Sums every row weighted by `vector` (one value per column), saturating.
#[must_use]
pub fn weighted_row_sums(matrix: &Matrix, vector: &[Bits]) -> Vec<Bits> {
    let weigh = |&(j, v): &(u16, Bits)| mul(v, vector.get(usize::from(j)).copied().unwrap_or(0));
    matrix.iter().map(|row| row.iter().map(weigh).fold(0, add)).collect()
}

/// Sums every row, wrapping.
#[must_use]
pub fn row_sums(matrix: &Matrix) -> Vec<Bits> {
    matrix.iter().map(|row| sum(row.iter().map(|&(_, v)| v))).collect()
}

/// Multiplies every row by its value of `vector`.
#[must_use]
pub fn row_hadamard(matrix: &Matrix, vector: &[Bits]) -> Matrix {
    let scale = |(row, &factor): (&Row, &Bits)| row.iter().map(|&(j, v)| (j, mul(v, factor))).collect();
    matrix.iter().zip(vector).map(scale).collect()
}

/// Element by element, 0 where the product overflows.
#[must_use]
pub fn vector_product(a: &[Bits], b: &[Bits]) -> Vec<Bits> {
    a.iter().zip(b).map(|(&x, &y)| mul_or_zero(x, y)).collect()
}

/// The moving average `alpha * new + (1 - alpha) * old`. Rows are densified over as many columns as there are rows;
/// what is not positive is dropped.
#[must_use]
pub fn ema(new: &Matrix, old: &Matrix, alpha: Bits) -> Matrix {
    let columns = new.len();
    let keep = sub(ONE, alpha);
    let average = |(new, old): (&Row, &Row)| {
        let mut acc: Vec<Bits> = vec![0; columns];
        for (row, factor) in [(new, alpha), (old, keep)] {
            for &(j, v) in row {
                if let Some(acc) = acc.get_mut(usize::from(j)) {
                    *acc = add(*acc, mul(factor, v));
                }
            }
        }
        (0..).zip(acc).filter(|&(_, x)| x > 0).collect()
    };
    new.iter().zip(old).map(average).collect()
}

/// Bonds as proportions of 65535, or as whole numbers.
#[must_use]
pub fn from_u16(row: &[(u16, u16)], as_proportion: bool) -> Vec<(u16, Bits)> {
    let bits = |v| if as_proportion { proportion(v) } else { Bits::from(v) << 32 };
    row.iter().map(|&(j, v)| (j, bits(v))).collect()
}
