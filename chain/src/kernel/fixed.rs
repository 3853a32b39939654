//! Fixed-point primitives: a number is its raw bits, 32 of them fractional.
//!
//! **Source**: spec `epoch.md` section 0. Which operation saturates, wraps, truncates or floors is part of the
//! consensus, so each is a function with a name and nothing here is written with a bare operator that could
//! round another way.

use ruint::aliases::U256;

/// A signed number with 32 integer and 32 fractional bits, as raw bits: the value is `bits / 2^32`.
pub type Bits = i64;

/// One, in raw bits.
pub const ONE: Bits = 1 << 32;

/// Saturating addition.
#[inline]
#[must_use]
pub const fn add(a: Bits, b: Bits) -> Bits {
    a.saturating_add(b)
}

/// Saturating subtraction.
#[inline]
#[must_use]
pub const fn sub(a: Bits, b: Bits) -> Bits {
    a.saturating_sub(b)
}

/// Narrows a wide result; the sign decides which end a value out of range saturates to.
#[inline]
const fn clamp(wide: i128) -> Bits {
    if wide > Bits::MAX as i128 {
        Bits::MAX
    } else if wide < Bits::MIN as i128 {
        Bits::MIN
    } else {
        wide as Bits
    }
}

/// The product, floored (toward minus infinity), saturating.
#[inline]
#[must_use]
pub const fn mul(a: Bits, b: Bits) -> Bits {
    clamp((a as i128 * b as i128) >> 32)
}

/// The product, floored, or 0 on overflow.
#[inline]
#[must_use]
pub const fn mul_or_zero(a: Bits, b: Bits) -> Bits {
    let wide = (a as i128 * b as i128) >> 32;
    if wide == wide as Bits as i128 { wide as Bits } else { 0 }
}

/// The quotient, truncated toward zero; 0 when `b` is 0 and 0, not saturated, on overflow.
#[inline]
#[must_use]
pub const fn div_or_zero(a: Bits, b: Bits) -> Bits {
    if b == 0 {
        return 0;
    }
    let wide = ((a as i128) << 32) / b as i128;
    if wide == wide as Bits as i128 { wide as Bits } else { 0 }
}

/// The quotient, truncated toward zero, saturating; by zero it saturates with the sign of `a` (0 / 0 is 0).
#[inline]
#[must_use]
pub const fn div_saturating(a: Bits, b: Bits) -> Bits {
    match (a, b) {
        (0, 0) => 0,
        (1.., 0) => Bits::MAX,
        (_, 0) => Bits::MIN,
        _ => clamp(((a as i128) << 32) / b as i128),
    }
}

/// Plain addition from left to right, wrapping at 64 bits.
#[must_use]
pub fn sum(values: impl IntoIterator<Item = Bits>) -> Bits {
    values.into_iter().fold(0, Bits::wrapping_add)
}

/// A u16 as a proportion of 65535: 0 gives 0 and 65535 gives exactly [`ONE`].
#[inline]
#[must_use]
pub const fn proportion(share: u16) -> Bits {
    // 2^32 = 65535 * 65537 + 1, so the floored division is a product and a carry at the very end.
    share as Bits * 65_537 + (share == u16::MAX) as Bits
}

/// A proportion as a u16 of 65535, truncated: one less than what [`proportion`] was given for almost every value.
#[inline]
#[must_use]
pub const fn quantise(x: Bits) -> u16 {
    let scaled = mul(x, 65_535 << 32) >> 32;
    if scaled < 0 {
        0
    } else if scaled > 65_535 {
        65_535
    } else {
        scaled as u16
    }
}

/// Divides every value by the sum of all; leaves them when the sum is 0.
pub fn normalize(values: &mut [Bits]) {
    let total = sum(values.iter().copied());
    if total != 0 {
        for value in values {
            *value = div_or_zero(*value, total);
        }
    }
}

/// `floor(x * rao / 2^32)`, saturating at both ends of u64.
#[inline]
#[must_use]
pub const fn share_of_rao(x: Bits, rao: u64) -> u64 {
    if x <= 0 {
        return 0;
    }
    let wide = (x as u128 * rao as u128) >> 32;
    if wide > u64::MAX as u128 { u64::MAX } else { wide as u64 }
}

/// TAO weight (parts of 2^64 - 1) as raw bits.
#[must_use]
pub const fn tao_weight_bits(tao_weight: u64) -> u64 {
    (((tao_weight as u128) << 32) / u64::MAX as u128) as u64
}

/// Alpha and weighted TAO stake together, with 64 fractional bits.
///
/// **Units**: rao in, rao times 2^64 out. No rounding occurs; the sum saturates at 2^127 - 1.
#[must_use]
pub fn total_stake(alpha: u64, tao: u64, tao_weight_bits: u64) -> i128 {
    let cap = |rao: u64| i128::from(rao.min(i64::MAX as u64));
    let weighted_tao = (cap(tao) * i128::from(tao_weight_bits)).saturating_mul(1 << 32);
    (cap(alpha) << 64).saturating_add(weighted_tao)
}

/// `trunc(f * 2^64 / total)` for stakes with 64 fractional bits, or 0 when it does not fit or `total` is 0.
#[must_use]
pub fn stake_share_wide(f: i128, total: i128) -> i128 {
    if total == 0 {
        return 0;
    }
    let quotient = (U256::from(f.unsigned_abs()) << 64) / U256::from(total.unsigned_abs());
    match i128::try_from(quotient) {
        Ok(share) if (f < 0) != (total < 0) => share.wrapping_neg(),
        Ok(share) => share,
        Err(_) => 0,
    }
}

/// The factor of the moving average of bonds: what a new bond weighs. Not positive for averages of a million and more.
#[must_use]
pub fn bonds_alpha(bonds_moving_average: u64) -> Bits {
    let average = (u128::from(bonds_moving_average) << 32) / 1_000_000;
    sub(ONE, Bits::try_from(average).unwrap_or(Bits::MAX))
}
