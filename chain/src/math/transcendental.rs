//! Exponential and logarithms of fixed point numbers, by the series and the bit loop that the chain's library uses.
//!
//! The results carry that library's truncation errors on purpose: a better approximation would be a different number.

use super::fixed::{I32F32, I64F64, U64F64};

/// Euler's number cut to 23 fraction bits: what the chain answers for an exponent of exactly one.
const E_CUT: I32F32 = I32F32(22_802_600 << 9);
/// log2(e) cut to 23 fraction bits: the divisor that turns log2 into ln.
const LOG2_E_CUT: I32F32 = I32F32(12_102_203 << 9);

/// Declares the Taylor series of e^x in one format.
macro_rules! exp_series {
    ($name:ident, $fixed:ident) => {
        /// `1 + x + sum of x^i / i!` for `i` below the number of fraction bits, each product floored, each quotient
        /// truncated; for negative `x` the inverse of the series at `-x`. `None` on overflow.
        fn $name(x: $fixed) -> Option<$fixed> {
            let size = if x.is_negative() { x.saturating_neg() } else { x };
            let mut sum = size.checked_add($fixed::ONE)?;
            let mut term = size;
            for i in 2..i64::from($fixed::FRAC_BITS) {
                term = term.checked_mul(size)?.checked_div($fixed::saturating_from_i64(i))?;
                sum = sum.checked_add(term)?;
            }
            if x.is_negative() { $fixed::ONE.checked_div(sum) } else { Some(sum) }
        }
    };
}

exp_series!(exp_series_i32f32, I32F32);
exp_series!(exp_series_i64f64, I64F64);

/// e^x; `None` when an intermediate does not fit.
///
/// Exactly one gives e with only 23 fraction bits, as in the chain's library.
#[must_use]
pub fn exp(x: I32F32) -> Option<I32F32> {
    if x == I32F32::ONE { Some(E_CUT) } else { exp_series_i32f32(x) }
}

/// Logarithm to base 2; `None` unless `x > 0`, or when the inverse of a tiny `x` does not fit.
#[must_use]
pub fn log2(x: I32F32) -> Option<I32F32> {
    if x <= I32F32::ZERO {
        None
    } else if x < I32F32::ONE {
        Some(log2_from_one(I32F32::ONE.checked_div(x)?).saturating_neg())
    } else {
        Some(log2_from_one(x))
    }
}

/// Natural logarithm; `None` where [`log2`] has none.
#[must_use]
pub fn ln(x: I32F32) -> Option<I32F32> {
    log2(x)?.checked_div(LOG2_E_CUT)
}

/// log2 of `x >= 1`: halvings give the integer part, squarings one fraction bit each.
fn log2_from_one(x: I32F32) -> I32F32 {
    let two = I32F32::ONE.saturating_add(I32F32::ONE);
    // Halving rounds half up, unlike everything else here.
    let halved = |x: I32F32| I32F32((x.0 >> 1).saturating_add(x.0 & 1));
    let mut x = x;
    let mut bits = 0_i64;
    while x >= two {
        bits = bits.saturating_add(1);
        x = halved(x);
    }
    if x == I32F32::ONE {
        return I32F32::saturating_from_i64(bits);
    }
    for _ in 0..I32F32::FRAC_BITS {
        x = x.saturating_mul(x);
        bits <<= 1;
        if x >= two {
            bits |= 1;
            x = halved(x);
        }
    }
    I32F32(bits)
}

/// The decay factor of locks, `exp(-min(dt / tau, 40))` (`chain.md` section 6.11).
///
/// One for `dt = 0`, zero for `tau = 0`. The series has not converged near 40; that error is part of the chain.
#[must_use]
pub fn exp_decay(dt: u64, tau: u64) -> U64F64 {
    if dt == 0 {
        return U64F64::ONE;
    }
    if tau == 0 {
        return U64F64::ZERO;
    }
    let ratio = I64F64::saturating_from_u64(dt).saturating_div(I64F64::saturating_from_u64(tau));
    let age = ratio.min(I64F64::saturating_from_u64(40));
    exp_series_i64f64(age.saturating_neg()).unwrap_or_default().to_fixed()
}
