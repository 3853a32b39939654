//! The power function of the pool: `scale * (a / b)^(p / q)` rounded down (`chain.md` section 5.3).
//!
//! The chain computes it exactly for small exponents and by Taylor series of up to 1,048 bits otherwise. Wherever the
//! series converges both give the true floor, so a quick approximation with a proven error bound answers almost every
//! call; only when a result lies within that bound of an integer, or where the series no longer converges, is the
//! chain's own algorithm repeated.

mod exact;
mod quick;
mod series;

use quick::Estimate;

/// Largest reduced numerator and denominator of an exponent that the chain takes by integer roots.
const EXACT_EXPONENT_MAX: u64 = 1024;
/// Precision from which the chain's series is exact over the whole domain of the quick approximation.
const QUICK_PRECISION_MIN: u32 = 256;

/// Result of [`pow`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// A result of at most 64 bits.
    Fits(u64),
    /// A result above `u64::MAX`: the true value is, or the chain's series did not converge.
    Above,
    /// A series that did not converge ended below zero. The value saturates at `i128::MIN`.
    Negative(i128),
}

impl Power {
    /// The result if it fits.
    #[must_use]
    pub const fn to_u64(self) -> Option<u64> {
        match self {
            Self::Fits(value) => Some(value),
            Self::Above | Self::Negative(_) => None,
        }
    }
}

/// `floor(scale * (base_num / base_den)^(exp_num / exp_den))` as the chain computes it with `precision` bits.
///
/// `None` when a denominator is zero. A zero base gives 0 for every exponent, then a zero exponent gives `scale`.
#[must_use]
pub fn pow(base: (u128, u128), exponent: (u64, u64), precision: u32, scale: u64) -> Option<Power> {
    let (a, b) = base;
    let (p, q) = match known(base, exponent, scale) {
        Known::Undefined => return None,
        Known::Value(value) => return Some(Power::Fits(value)),
        Known::Nothing => exponent,
    };
    let converges = precision >= QUICK_PRECISION_MIN;
    let estimate = quick::pow(a, b, p, q, scale);
    match estimate {
        // Whichever of its two ways the chain takes: the lowest terms, which decide it, are a walk of many divisions.
        Estimate::Floor(value) if converges => return Some(Power::Fits(value)),
        Estimate::Above if converges => return Some(Power::Above),
        _ => {}
    }
    let (p, q) = lowest_terms(p, q);
    let by_roots = p <= EXACT_EXPONENT_MAX && q <= EXACT_EXPONENT_MAX;
    if !by_roots {
        return Some(series::pow(base, (p, q), precision, scale));
    }
    Some(match estimate {
        Estimate::Floor(value) => Power::Fits(value),
        Estimate::Above => Power::Above,
        Estimate::Below => Power::Fits(0),
        Estimate::Near(candidate) => exact::settle(base, (p, q), scale, candidate),
        Estimate::Unknown => exact::pow(base, (p, q), scale),
    })
}

/// The same by the chain's own algorithms alone: integer roots or the full series. Slow; the measure for [`pow`].
#[must_use]
pub fn pow_by_series(base: (u128, u128), exponent: (u64, u64), precision: u32, scale: u64) -> Option<Power> {
    match known(base, exponent, scale) {
        Known::Undefined => None,
        Known::Value(value) => Some(Power::Fits(value)),
        Known::Nothing => Some(match lowest_terms(exponent.0, exponent.1) {
            (p, q) if p <= EXACT_EXPONENT_MAX && q <= EXACT_EXPONENT_MAX => exact::pow(base, (p, q), scale),
            terms => series::pow(base, terms, precision, scale),
        }),
    }
}

/// What the arguments alone say.
enum Known {
    Undefined,
    Value(u64),
    /// Both parts of the exponent, base and scale are positive, and the base is not one.
    Nothing,
}

const fn known((a, b): (u128, u128), (p, q): (u64, u64), scale: u64) -> Known {
    if b == 0 || q == 0 {
        return Known::Undefined;
    }
    if a == 0 || scale == 0 {
        return Known::Value(0);
    }
    if p == 0 || a == b {
        return Known::Value(scale);
    }
    Known::Nothing
}

/// A fraction in lowest terms.
fn lowest_terms(p: u64, q: u64) -> (u64, u64) {
    let divisor = gcd(p, q);
    (p.checked_div(divisor).unwrap_or(p), q.checked_div(divisor).unwrap_or(q))
}

const fn gcd(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
