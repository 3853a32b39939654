//! Arithmetic on non-negative raw bits, equal to that of [`crate::kernel::fixed`] but without its wide divisions.

/// One, in raw bits.
pub(super) const ONE: u64 = 1 << 32;

/// The floored product of two values whose product fits.
#[inline]
pub(super) const fn mul(a: u64, b: u64) -> u64 {
    ((a as u128 * b as u128) >> 32) as u64
}

/// The floored product of a value up to [`ONE`] and a part below it, which 64 bits hold.
#[inline]
pub(super) const fn part(part: u64, value: u64) -> u64 {
    part.wrapping_mul(value) >> 32
}

/// `floor(2^64 / x)` for `x` above 1.
#[inline]
pub(super) const fn inverse(x: u64) -> u64 {
    // 2^64 - 1 has the same quotient unless x divides 2^64, which only powers of two do.
    u64::MAX / x + x.is_power_of_two() as u64
}

/// Divides many values by one divisor that none of them exceeds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ratio {
    divisor: u64,
    reciprocal: u64,
}

impl Ratio {
    /// By `divisor`; by 0, only 0 may be divided, and stays 0.
    #[inline]
    pub(super) const fn new(divisor: u64) -> Self {
        match divisor {
            0 => Self { divisor: u64::MAX, reciprocal: 1 },
            _ => Self { divisor, reciprocal: u64::MAX / divisor },
        }
    }

    /// `floor(value * 2^32 / divisor)`, exactly, for `value <= divisor`.
    ///
    /// The reciprocal is at most one too small in its last place, so for values up to [`ONE`] the product is short
    /// by at most one, which the remainder shows. It cannot overflow, since `value * floor((2^64 - 1) / divisor)`
    /// is below 2^64 while `value <= divisor`; the remainder is below `2 * divisor`, hence right modulo 2^64.
    #[inline]
    pub(super) const fn of(&self, value: u64) -> u64 {
        if value > ONE {
            return (((value as u128) << 32) / self.divisor as u128) as u64;
        }
        let short = value.wrapping_mul(self.reciprocal) >> 32;
        let rest = (value << 32).wrapping_sub(short.wrapping_mul(self.divisor));
        short + (rest >= self.divisor) as u64
    }
}

/// Divides every value by the sum of all and returns that sum.
pub(super) fn normalize(values: &mut [u64]) -> u64 {
    let total = values.iter().sum();
    let ratio = Ratio::new(total);
    for value in values {
        *value = ratio.of(*value);
    }
    total
}

/// The proportion as parts of 65535, truncated.
#[inline]
pub(super) const fn quantise(x: u64) -> u16 {
    if x >= ONE { u16::MAX } else { ((x * 65_535) >> 32) as u16 }
}
