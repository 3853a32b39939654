//! Products and quotients of 128-bit numbers through 192 or 256 bits.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "every partial product and sum fits its width, as the comment beside it shows"
)]

const LOW: u128 = u64::MAX as u128;

/// The full 256-bit product `a * b` as (high half, low half).
#[must_use]
pub const fn mul_wide(a: u128, b: u128) -> (u128, u128) {
    let (a1, a0) = (a >> 64, a & LOW);
    let (b1, b0) = (b >> 64, b & LOW);
    let low = a0 * b0;
    // (2^64-1)^2 + 2^64-1 < 2^128, so each of these sums fits.
    let mid = a1 * b0 + (low >> 64);
    let mid2 = a0 * b1 + (mid & LOW);
    let high = a1 * b1 + (mid >> 64) + (mid2 >> 64);
    (high, (mid2 << 64) | (low & LOW))
}

/// `floor(a * b / 2^shift)` for `0 < shift < 128`; `None` when it does not fit 128 bits.
#[must_use]
pub const fn mul_shr(a: u128, b: u128, shift: u32) -> Option<u128> {
    let (high, low) = mul_wide(a, b);
    if high >> shift != 0 {
        return None;
    }
    Some((high << (128 - shift)) | (low >> shift))
}

/// `floor(a * 2^shift / b)` for `0 < shift <= 64`; `None` when `b` is zero or the quotient does not fit 128 bits.
#[must_use]
pub const fn shl_div(a: u128, shift: u32, b: u128) -> Option<u128> {
    if b == 0 {
        return None;
    }
    if a.leading_zeros() >= shift {
        return Some((a << shift) / b);
    }
    if a & LOW == 0 && b & LOW == 0 && shift <= 64 {
        // Whole numbers of a format with 64 fraction bits: what both have in common cancels, and the rest fits.
        return Some(((a >> 64) << shift) / (b >> 64));
    }
    let (whole, rest) = (a / b, a % b);
    if whole.leading_zeros() < shift {
        return None;
    }
    Some((whole << shift) + shl_div_fraction(rest, shift, b))
}

/// `floor(rest * 2^shift / b)` with `rest < b`: a fraction below `2^shift`.
const fn shl_div_fraction(rest: u128, shift: u32, b: u128) -> u128 {
    if rest.leading_zeros() >= shift {
        return (rest << shift) / b;
    }
    // rest * 2^shift as 192 bits, handed to the 256-bit division.
    match div_wide(rest >> (128 - shift), rest << shift, b) {
        Some((quotient, _)) => quotient,
        // Unreachable: rest < b keeps the quotient below 2^shift.
        None => 0,
    }
}

/// Quotient digit of `(top * 2^64 + low) / b`, for normalised `b > top` and `low < 2^64`.
const fn div_three_by_two(top: u128, low: u128, b: u128) -> u128 {
    let (b1, b0) = (b >> 64, b & LOW);
    let mut digit = top / b1;
    if digit > LOW {
        digit = LOW;
    }
    let mut rest = top - digit * b1;
    // At most two corrections: the estimate from the leading digit is never too small.
    while rest <= LOW && digit * b0 > ((rest << 64) | low) {
        digit -= 1;
        rest += b1;
    }
    digit
}

/// `floor(a * b / c)` through 256 bits; `None` when `c` is zero or the result does not fit 128 bits.
#[must_use]
pub fn mul_div(a: u128, b: u128, c: u128) -> Option<u128> {
    let (high, low) = mul_wide(a, b);
    div_wide(high, low, c).map(|(quotient, _)| quotient)
}

/// Quotient and remainder of `(high * 2^128 + low) / c`; `None` when `c` is zero or the quotient does not fit 128 bits.
#[must_use]
pub const fn div_wide(high: u128, low: u128, c: u128) -> Option<(u128, u128)> {
    if high >= c {
        return None;
    }
    if high == 0 {
        return Some((low / c, low % c));
    }
    let up = c.leading_zeros();
    let c = c << up;
    let top = if up == 0 { high } else { (high << up) | (low >> (128 - up)) };
    let low = low << up;
    let first = div_three_by_two(top, low >> 64, c);
    // The true remainder is below c, so wrapping arithmetic modulo 2^128 yields it exactly.
    let rest = ((top << 64) | (low >> 64)).wrapping_sub(first.wrapping_mul(c));
    let second = div_three_by_two(rest, low & LOW, c);
    let rest = ((rest << 64) | (low & LOW)).wrapping_sub(second.wrapping_mul(c));
    Some(((first << 64) | second, rest >> up))
}
