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
    let (p, q) = match reduced(base, exponent, scale) {
        Reduced::Undefined => return None,
        Reduced::Known(value) => return Some(Power::Fits(value)),
        Reduced::Exponent(p, q) => (p, q),
    };
    let by_roots = p <= EXACT_EXPONENT_MAX && q <= EXACT_EXPONENT_MAX;
    if !by_roots && precision < QUICK_PRECISION_MIN {
        return Some(series::pow(base, (p, q), precision, scale));
    }
    Some(match quick::pow(a, b, p, q, scale) {
        Estimate::Floor(value) => Power::Fits(value),
        Estimate::Above => Power::Above,
        Estimate::Below if by_roots => Power::Fits(0),
        Estimate::Near(candidate) if by_roots => exact::settle(base, (p, q), scale, candidate),
        Estimate::Unknown if by_roots => exact::pow(base, (p, q), scale),
        Estimate::Below | Estimate::Near(_) | Estimate::Unknown => {
            series::pow(base, (p, q), precision, scale)
        }
    })
}

/// The same by the chain's own algorithms alone: integer roots or the full series. Slow; the measure for [`pow`].
#[must_use]
pub fn pow_by_series(base: (u128, u128), exponent: (u64, u64), precision: u32, scale: u64) -> Option<Power> {
    match reduced(base, exponent, scale) {
        Reduced::Undefined => None,
        Reduced::Known(value) => Some(Power::Fits(value)),
        Reduced::Exponent(p, q) if p <= EXACT_EXPONENT_MAX && q <= EXACT_EXPONENT_MAX => {
            Some(exact::pow(base, (p, q), scale))
        }
        Reduced::Exponent(p, q) => Some(series::pow(base, (p, q), precision, scale)),
    }
}

/// What the arguments alone say.
enum Reduced {
    Undefined,
    Known(u64),
    /// The exponent in lowest terms, both parts positive; base and scale are positive and the base is not one.
    Exponent(u64, u64),
}

fn reduced((a, b): (u128, u128), (p, q): (u64, u64), scale: u64) -> Reduced {
    if b == 0 || q == 0 {
        return Reduced::Undefined;
    }
    if a == 0 || scale == 0 {
        return Reduced::Known(0);
    }
    if p == 0 || a == b {
        return Reduced::Known(scale);
    }
    let divisor = gcd(p, q);
    Reduced::Exponent(p.checked_div(divisor).unwrap_or(p), q.checked_div(divisor).unwrap_or(q))
}

const fn gcd(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
