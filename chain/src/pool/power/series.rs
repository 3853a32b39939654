//! The chain's series, term by term: it decides where the quick approximation cannot, and its errors are the result.
#![allow(clippy::arithmetic_side_effects, reason = "big integers do not overflow; no divisor here is zero")]

use num_bigint::{BigInt, Sign};

use super::Power;

/// Bits computed beyond the requested precision.
const GUARD: u32 = 24;

/// One computation's number format: fixed point with `fraction` bits, the last [`GUARD`] of them rounded away in the end.
struct Format {
    fraction: u32,
    terms_max: u32,
}

/// `scale * (a / b)^(p / q)` for positive arguments.
pub(super) fn pow((a, b): (u128, u128), (p, q): (u64, u64), precision: u32, scale: u64) -> Power {
    let precision = precision.max(32).max((u64::BITS - scale.leading_zeros()).saturating_add(8));
    let fraction = precision.saturating_add(GUARD);
    let format = Format { fraction, terms_max: fraction.saturating_add(128).min(4096) };
    let half = BigInt::from(1) << (fraction - 1);
    let ln2 = -format.ln1p(&-half);
    let ln = (format.ln(a, &ln2) - format.ln(b, &ln2)) * p;
    let power = format.exp(&floor_div(ln, q));
    let result: BigInt = (rounded(&power) * scale) >> precision;
    match (u64::try_from(&result), result.sign()) {
        (Ok(value), _) => Power::Fits(value),
        (Err(_), Sign::Minus) => Power::Negative(i128::try_from(result).unwrap_or(i128::MIN)),
        (Err(_), _) => Power::Above,
    }
}

impl Format {
    fn one(&self) -> BigInt {
        BigInt::from(1) << self.fraction
    }

    /// ln of a positive integer: of its mantissa in [3/4, 3/2), plus as many ln 2 as it was shifted.
    fn ln(&self, value: u128, ln2: &BigInt) -> BigInt {
        let mut shifts = value.ilog2();
        let mut mantissa = (BigInt::from(value) << self.fraction) >> shifts;
        if mantissa >= self.one() + (self.one() >> 1) {
            mantissa >>= 1;
            shifts += 1;
        }
        self.ln1p(&(mantissa - self.one())) + ln2 * shifts
    }

    /// `x - x^2/2 + x^3/3 - ...`
    fn ln1p(&self, x: &BigInt) -> BigInt {
        let mut sum = Sum::starting_with(x.clone());
        let mut power = x.clone();
        for n in 2..=self.terms_max {
            // Shifts of negative numbers floor, as all divisions of the series do.
            power = (power * x) >> self.fraction;
            let term = floor_div(power.clone(), u64::from(n));
            if term.sign() == Sign::NoSign || sum.settles_with(&term, n % 2 == 0) {
                break;
            }
        }
        sum.value
    }

    /// `1 + x + x^2/2! + ...`
    fn exp(&self, x: &BigInt) -> BigInt {
        let mut sum = Sum::starting_with(self.one());
        let mut term = self.one();
        for n in 1..=self.terms_max {
            // Flooring twice equals flooring once by the product.
            term = floor_div((term * x) >> self.fraction, u64::from(n));
            if term.sign() == Sign::NoSign || sum.settles_with(&term, false) {
                break;
            }
        }
        sum.value
    }
}

/// A series' sum and what it was when last rounded to the requested precision.
struct Sum {
    value: BigInt,
    rounded: BigInt,
}

impl Sum {
    fn starting_with(value: BigInt) -> Self {
        Self { rounded: rounded(&value), value }
    }

    /// Adds or subtracts a term; whether the series is to end with it.
    fn settles_with(&mut self, term: &BigInt, subtract: bool) -> bool {
        if subtract {
            self.value -= term;
        } else {
            self.value += term;
        }
        let rounded = rounded(&self.value);
        let settled = term.magnitude().bits() <= u64::from(GUARD) || rounded == self.rounded;
        self.rounded = rounded;
        settled
    }
}

/// Without the guard bits, halves away from zero.
fn rounded(value: &BigInt) -> BigInt {
    let size = (value.magnitude() + (num_bigint::BigUint::from(1_u8) << (GUARD - 1))) >> GUARD;
    BigInt::from_biguint(value.sign(), size)
}

/// Division by a positive number, towards minus infinity.
fn floor_div(value: BigInt, divisor: u64) -> BigInt {
    if value.sign() == Sign::Minus { -((-value + (divisor - 1)) / divisor) } else { value / divisor }
}
