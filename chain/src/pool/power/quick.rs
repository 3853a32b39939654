//! Powers in 128-bit fixed point, with a bound on the error.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "values carry 120 fraction bits and are below 2^7; tables are indexed by loops over their own length"
)]

use crate::math::wide::{div_wide, mul_div, mul_wide};

/// Fraction bits of every number here.
const FRAC: u32 = 120;
const ONE: u128 = 1 << FRAC;
/// ln 2 with 184 fraction bits: the first 120, then 64 more so that a multiple of it is right in its last place.
const LN2: u128 = 0x00b1_7217_f7d1_cf79_abc9_e3b3_9803_f2f6;
const LN2_TAIL: u64 = 0xaf40_f343_2672_98b6;
/// Beyond this size of the logarithm the result is not approximated: e^-64 * 2^64 is below 1, e^64 above 2^64.
const LN_MAX: u128 = 64 << FRAC;
/// Largest exponent that keeps the error bound; the pool's weights stop at 99 to 1.
const EXPONENT_MAX: u64 = 128;
/// Logarithms are right to 2^-117, which the exponent lifts to 2^-110. The relative error of a result is therefore
/// below 2^-109; this allows 32 times as much.
const ERROR_BITS: u32 = 104;
/// A series ends where its terms are below 2^-121, a half of the last place.
const LAST_BITS: usize = 121;

/// What the approximation can prove about the floor.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Estimate {
    /// The floor.
    Floor(u64),
    /// The value is this integer, give or take less than 2^-30: the floor is it or the one below.
    Near(u64),
    /// The value is above `u64::MAX`.
    Above,
    /// The value is positive and below one, by a factor at least e^-64 from the scale.
    Below,
    /// Outside the domain.
    Unknown,
}

/// `scale * (a / b)^(p / q)`; all arguments positive.
pub(super) fn pow(a: u128, b: u128, p: u64, q: u64, scale: u64) -> Estimate {
    if p / q >= EXPONENT_MAX {
        return Estimate::Unknown;
    }
    let ln_base = ln_ratio(a, b);
    let ln = mul_div(ln_base.unsigned_abs(), u128::from(p), u128::from(q)).unwrap_or(u128::MAX);
    match (ln >= LN_MAX, ln_base < 0) {
        (true, true) => Estimate::Below,
        (true, false) => Estimate::Above,
        (false, negative) => {
            let ln = ln.cast_signed();
            scaled_exp(if negative { -ln } else { ln }, scale)
        }
    }
}

/// `scale * e^ln` for `|ln| < 64`.
fn scaled_exp(ln: i128, scale: u64) -> Estimate {
    // To the nearest multiple of ln 2, of which there is none in what most swaps ask for.
    let half = LN2.cast_signed() / 2;
    let doublings = if ln.abs() <= half { 0 } else { (ln + half).div_euclid(LN2.cast_signed()) };
    let (high, low) = mul_wide(u128::from(scale), exp(ln - ln2_times(doublings)));
    // |ln| < 64 keeps the doublings within 93, so the shift is within 27 ..= 213.
    let point = u32::try_from(i128::from(FRAC) - doublings).unwrap_or_default();
    // The product is below 2^185 and at least 2^119: the error fits, and is far smaller than the product.
    let error = ((high << (128 - ERROR_BITS)) | (low >> ERROR_BITS)) + 1;
    let (below, borrow) = low.overflowing_sub(error + 1);
    let (above, carry) = low.overflowing_add(error);
    let whole = shifted(high, low, point);
    let near_floor = shifted(high - u128::from(borrow), below, point) != whole;
    let near_next = shifted(high + u128::from(carry), above, point) != whole;
    let fits = if whole.0 == 0 { u64::try_from(whole.1).ok() } else { None };
    match fits {
        Some(floor) if near_floor => Estimate::Near(floor),
        Some(floor) if near_next => floor.checked_add(1).map_or(Estimate::Unknown, Estimate::Near),
        Some(floor) => Estimate::Floor(floor),
        None if near_floor => Estimate::Unknown,
        None => Estimate::Above,
    }
}

/// A 256-bit number without its last `by` bits, for `0 < by < 256`.
const fn shifted(high: u128, low: u128, by: u32) -> (u128, u128) {
    if by < 128 { (high >> by, (high << (128 - by)) | (low >> by)) } else { (0, high >> (by - 128)) }
}

/// `ln(a / b)`, at most 89 in size.
fn ln_ratio(a: u128, b: u128) -> i128 {
    let mut halvings = i128::from(b.leading_zeros()) - i128::from(a.leading_zeros());
    // Both in [2^125, 2^126): room for a doubling and a sum. What falls off is far below the last place.
    let mut x = (a << a.leading_zeros()) >> 2;
    let mut y = (b << b.leading_zeros()) >> 2;
    if x > y + y / 2 {
        y *= 2;
        halvings += 1;
    } else if y > x + x / 2 {
        x *= 2;
        halvings -= 1;
    }
    // ln(x / y) = 2 artanh((x - y) / (x + y)), whose argument is at most a fifth.
    let distance = x.abs_diff(y);
    let z = div_wide(distance >> (128 - FRAC), distance << FRAC, x + y).map_or(0, |(z, _)| z);
    let ln = (2 * mul(z, artanh_over_z(mul(z, z)))).cast_signed();
    ln2_times(halvings) + if x < y { -ln } else { ln }
}

fn ln2_times(n: i128) -> i128 {
    let size = n.unsigned_abs();
    let product = (size * LN2 + ((size * u128::from(LN2_TAIL)) >> 64)).cast_signed();
    if n < 0 { -product } else { product }
}

/// `sum of z^(2k) / (2k + 1)` given `z^2 <= 1 / 25`.
fn artanh_over_z(z2: u128) -> u128 {
    // Below 2^-small, which is at least 4: every term is so many bits smaller than the one before.
    let small = (z2.leading_zeros() - (128 - FRAC)) as usize;
    let terms = (LAST_BITS / small + 1).min(ODD_INVERSES.len());
    let mut sum = 0;
    for coefficient in ODD_INVERSES[..terms].iter().rev() {
        sum = coefficient + mul(z2, sum);
    }
    sum
}

/// `e^x` for `|x| <= ln 2 / 2` and a hair.
fn exp(x: i128) -> u128 {
    let (size, falls) = (x.unsigned_abs(), x < 0);
    // Below 2^-small, which is at least 1: term n is at least `small + log2(n)` bits smaller than the one before.
    let small = (size.leading_zeros() - (128 - FRAC)) as usize;
    let (mut terms, mut bits) = (1, 0);
    while bits < LAST_BITS && terms < INVERSE_FACTORIALS.len() {
        bits += small + terms.ilog2() as usize;
        terms += 1;
    }
    let mut sum = 0;
    for coefficient in INVERSE_FACTORIALS[..terms].iter().rev() {
        // What is taken off is smaller than the coefficient, since |x| is below a half.
        let rest = mul(size, sum);
        sum = if falls { coefficient - rest } else { coefficient + rest };
    }
    sum
}

/// Floored product of two numbers below 2^7.
const fn mul(a: u128, b: u128) -> u128 {
    let (high, low) = mul_wide(a, b);
    (high << (128 - FRAC)) | (low >> FRAC)
}

/// 1/1, 1/3, 1/5, ...: the first term left out is below 2^-121.
const ODD_INVERSES: [u128; 26] = {
    let mut table = [0; 26];
    let mut k = 0;
    while k < table.len() {
        table[k] = ONE / (2 * k as u128 + 1);
        k += 1;
    }
    table
};

/// 1/0!, 1/1!, 1/2!, ...: the first term left out is below 2^-130.
const INVERSE_FACTORIALS: [u128; 33] = {
    let mut table = [ONE; 33];
    let mut n = 1;
    while n < table.len() {
        table[n] = table[n - 1] / n as u128;
        n += 1;
    }
    table
};
