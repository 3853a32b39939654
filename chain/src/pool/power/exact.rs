//! Powers with small exponents by exact integer comparison.
#![allow(clippy::arithmetic_side_effects, reason = "big integers do not overflow")]

use num_bigint::BigUint;

use super::Power;

/// Both sides of the comparison `r^q * b^p <= a^p * scale^q`, apart from `r`.
struct Comparison {
    q: u32,
    factor: BigUint,
    target: BigUint,
}

impl Comparison {
    fn new((a, b): (u128, u128), (p, q): (u64, u64), scale: u64) -> Self {
        // The caller keeps both parts of the exponent at 1,024 or less.
        let (p, q) = (u32::try_from(p).unwrap_or(u32::MAX), u32::try_from(q).unwrap_or(u32::MAX));
        let target = BigUint::from(a).pow(p) * BigUint::from(scale).pow(q);
        Self { q, factor: BigUint::from(b).pow(p), target }
    }

    /// Whether the true value is at least `r`.
    fn reaches(&self, r: u64) -> bool {
        BigUint::from(r).pow(self.q) * &self.factor <= self.target
    }

    /// Whether the true value is at least 2^64.
    fn overflows(&self) -> bool {
        (BigUint::from(1_u8) << 64_u32).pow(self.q) * &self.factor <= self.target
    }
}

/// The floor, known to be `candidate` or the integer below it.
pub(super) fn settle(base: (u128, u128), exponent: (u64, u64), scale: u64, candidate: u64) -> Power {
    let reached = Comparison::new(base, exponent, scale).reaches(candidate);
    Power::Fits(if reached { candidate } else { candidate.saturating_sub(1) })
}

/// The floor by bisection.
pub(super) fn pow(base: (u128, u128), exponent: (u64, u64), scale: u64) -> Power {
    let comparison = Comparison::new(base, exponent, scale);
    if comparison.overflows() {
        return Power::Above;
    }
    let (mut low, mut high) = (0_u64, u64::MAX);
    while low < high {
        let middle = high - (high - low) / 2;
        if comparison.reaches(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Power::Fits(low)
}
