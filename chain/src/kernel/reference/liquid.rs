//! Liquid alpha: a moving-average factor for every single bond, by the n x n method.
//!
//! **Source**: spec `epoch.md` section 11.

use super::matrix::{Matrix, Row};
use crate::kernel::EpochParams;
use crate::kernel::fixed::{Bits, ONE, add, div_saturating, mul, proportion, sub};

/// `exp(1)` as the chain has it: cut to 23 fractional bits, unlike every other value of [`exp`].
pub const EXP_ONE: Bits = 11_674_931_200;

/// `e^x` for `x` clamped to -20..=20, by the power series with 32 terms.
#[must_use]
pub fn exp(x: Bits) -> Bits {
    let x = x.clamp(-20 * ONE, 20 * ONE);
    if x == 0 {
        return ONE;
    }
    if x == ONE {
        return EXP_ONE;
    }
    let y = x.abs();
    let mut result = add(y, ONE);
    let mut term = y;
    for i in 2..32 {
        term = mul(term, y) / i;
        result = add(result, term);
    }
    if x < 0 { div_saturating(ONE, result) } else { result }
}

/// The bounds and steepness of the sigmoid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sigmoid {
    /// Lowest alpha.
    pub low: Bits,
    /// Highest alpha; below `low`, every alpha is `low`.
    pub high: Bits,
    /// Slope, in hundredths.
    pub steepness: i16,
}

impl Sigmoid {
    /// From the hyperparameters.
    #[must_use]
    pub fn of(params: &EpochParams) -> Self {
        Self {
            low: proportion(params.alpha_low),
            high: proportion(params.alpha_high),
            steepness: params.alpha_sigmoid_steepness,
        }
    }

    /// The alpha of one bond: the farther the weight moved away from consensus or bond, the higher.
    #[must_use]
    pub fn alpha(&self, consensus: Bits, weight: Bits, bond: Bits) -> Bits {
        let diff = if weight >= bond { sub(weight, consensus) } else { sub(bond, weight) }.clamp(0, ONE);
        let slope = div_saturating(Bits::from(self.steepness) << 32, -100 << 32);
        let x = mul(slope, sub(diff, ONE / 2));
        let share = div_saturating(ONE, add(ONE, exp(x)));
        add(self.low, mul(share, sub(self.high, self.low))).min(self.high).max(self.low)
    }

    /// The alpha of every pair of uids: one row per row of `weights`, one column per value of `consensus`.
    #[must_use]
    pub fn alphas(&self, weights: &Matrix, bonds: &Matrix, consensus: &[Bits]) -> Vec<Vec<Bits>> {
        let row = |(weights, bonds): (&Row, &Row)| {
            let (mut weight, mut bond) = (Cursor(weights), Cursor(bonds));
            let alpha = |(j, &c)| self.alpha(c, weight.at(j), bond.at(j));
            (0..).zip(consensus).map(alpha).collect()
        };
        weights.iter().zip(bonds).map(row).collect()
    }
}

/// Reads a row at ascending columns and never goes back: on an unsorted row, what comes late counts as absent.
struct Cursor<'a>(&'a [(u16, Bits)]);

impl Cursor<'_> {
    fn at(&mut self, column: usize) -> Bits {
        while let [(uid, value), rest @ ..] = self.0 {
            let uid = usize::from(*uid);
            if uid > column {
                return 0;
            }
            if uid == column {
                return *value;
            }
            self.0 = rest;
        }
        0
    }
}

/// The moving average with a factor for every entry: only entries of `new` live on, none above [`ONE`].
#[must_use]
pub fn ema_with_alphas(new: &Matrix, old: &Matrix, alphas: &[Vec<Bits>]) -> Matrix {
    let average = |((new, old), alphas): ((&Row, &Row), &Vec<Bits>)| {
        let mut decayed = vec![0; alphas.len()];
        for &(j, v) in old {
            let j = usize::from(j);
            if let (Some(slot), Some(&alpha)) = (decayed.get_mut(j), alphas.get(j)) {
                *slot = mul(sub(ONE, alpha), v);
            }
        }
        let mut row = Vec::with_capacity(new.len());
        for &(j, v) in new {
            let k = usize::from(j);
            if let (Some(&kept), Some(&alpha)) = (decayed.get(k), alphas.get(k)) {
                let x = add(kept, mul(alpha, v).max(0)).min(ONE);
                if x > 0 {
                    row.push((j, x));
                }
            }
        }
        row
    };
    new.iter().zip(old).zip(alphas).map(average).collect()
}
