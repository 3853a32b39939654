//! Arithmetic on non-negative raw bits, equal to that of [`crate::kernel::fixed`] but without its wide divisions.

/// One, in raw bits.
pub(super) const ONE: u64 = 1 << 32;

/// The floored product of two values whose product fits.
#[inline(always)]
pub(super) const fn mul(a: u64, b: u64) -> u64 {
    ((a as u128 * b as u128) >> 32) as u64
}

/// The floored product of a value up to [`ONE`] and a part below it, which 64 bits hold.
#[inline(always)]
pub(super) const fn part(part: u64, value: u64) -> u64 {
    part.wrapping_mul(value) >> 32
}

/// `floor(2^64 / x)` for `x` above 1.
#[inline(always)]
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
    #[inline(always)]
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
    #[inline(always)]
    pub(super) const fn of(&self, value: u64) -> u64 {
        if value > ONE {
            return (((value as u128) << 32) / self.divisor as u128) as u64;
        }
        let short = value.wrapping_mul(self.reciprocal) >> 32;
        let rest = (value << 32).wrapping_sub(short.wrapping_mul(self.divisor));
        short + (rest >= self.divisor) as u64
    }
}

/// Divides whole weights by the sum of a row, in which they are, by products that 64 bits hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    whole: u32,
    rest: u64,
}

impl Part {
    /// Of a sum below 2^31.
    #[inline(always)]
    pub(super) const fn of(sum: u64) -> Self {
        if sum == 0 {
            return Self { whole: 0, rest: 0 };
        }
        // One less than 2^32, so that the quotient by one fits too.
        let whole = (ONE - 1) / sum;
        let rest = (ONE - whole * sum) << 24;
        let (high, low) = (rest / sum, ((rest % sum) << 23) / sum);
        Self { whole: whole as u32, rest: (high << 23) + low + 1 }
    }

    /// `floor(weight * 2^32 / sum)`, exactly.
    ///
    /// With `2^32 = whole * sum + r` and `0 < r <= sum`, it is `weight * whole + floor(weight * r / sum)`. The field
    /// `rest` exceeds `r * 2^47 / sum` by at most one, so the second product, at 2^47, exceeds the true quotient by
    /// at most `weight / 2^47 < 2^-31 < 1 / sum`; and a quotient that is not whole is short of the next whole number
    /// by `1 / sum` or more. The product is below `2^16 * (2^47 + 2)`.
    #[inline(always)]
    pub(super) const fn share(&self, weight: u16) -> u64 {
        let weight = weight as u64;
        weight * self.whole as u64 + ((weight * self.rest) >> 47)
    }
}

/// The floored product of two values below one.
#[inline(always)]
pub(super) const fn narrow(a: u32, b: u32) -> u64 {
    (a as u64 * b as u64) >> 32
}

/// Divides every value by the sum of all and returns that sum.
#[inline(always)]
pub(super) fn normalize(values: &mut [u64]) -> u64 {
    let total = values.iter().sum();
    let ratio = Ratio::new(total);
    for value in values {
        *value = ratio.of(*value);
    }
    total
}

/// The proportion as parts of 65535, truncated.
#[inline(always)]
pub(super) const fn quantise(x: u64) -> u16 {
    if x >= ONE { u16::MAX } else { ((x * 65_535) >> 32) as u16 }
}

/// The same for a proportion up to one.
#[inline(always)]
pub(super) const fn quantise_part(x: u64) -> u16 {
    (((x << 16) - x) >> 32) as u16
}
