//! The decimal floating point number of share pools (`chain.md` section 6.1).

use std::cmp::Ordering;

use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

use super::wide;

/// The largest mantissa, 10^21. Normalised mantissas lie above a tenth of it.
const MANTISSA_MAX: u128 = 1_000_000_000_000_000_000_000;
/// The largest mantissa that normalisation still scales up, 10^20.
const MANTISSA_LOW: u128 = MANTISSA_MAX / 10;
/// Its digits after the first.
const LOW_DIGITS: u32 = 20;
/// Exponent distance from which aligning a mantissa always gives zero.
const ALIGN_MAX: u64 = 22;

/// Share of a pool, or the sum of all shares: `mantissa * 10^exponent`.
///
/// **Invariant** of every value made here: the mantissa is in (10^20, 10^21], or the number is zero and both fields
/// are 0. Divisions by ten truncate.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
pub struct SafeFloat {
    /// Decimal digits. JSON: a decimal string.
    #[serde(with = "crate::math::decimal")]
    pub mantissa: u128,
    /// Power of ten.
    pub exponent: i64,
}

impl SafeFloat {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, exponent: 0 };

    /// The normalised number, or `None` when the mantissa is above 10^21.
    #[must_use]
    pub const fn new(mantissa: u128, exponent: i64) -> Option<Self> {
        if mantissa > MANTISSA_MAX { None } else { Some(Self::normalised(mantissa, exponent)) }
    }

    /// From an integer, exact.
    #[must_use]
    pub const fn from_u64(value: u64) -> Self {
        Self::normalised(value as u128, 0)
    }

    /// Brings any mantissa into (10^20, 10^21] by truncating divisions or by multiplications by ten.
    #[must_use]
    pub const fn normalised(mantissa: u128, exponent: i64) -> Self {
        if mantissa == 0 {
            return Self::ZERO;
        }
        let (mut mantissa, mut exponent) = (mantissa, exponent);
        while mantissa > MANTISSA_MAX {
            mantissa /= 10;
            exponent = exponent.saturating_add(1);
        }
        if mantissa <= MANTISSA_LOW {
            // The least power of ten that lifts it above 10^20: so at most to 10^21.
            let digits = match mantissa.saturating_sub(1).checked_ilog10() {
                Some(log) => LOW_DIGITS.saturating_sub(log),
                None => LOW_DIGITS.saturating_add(1),
            };
            mantissa = mantissa.saturating_mul(10_u128.saturating_pow(digits));
            exponent = exponent.saturating_sub(digits as i64);
        }
        Self { mantissa, exponent }
    }

    /// Whether this is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Sum; the smaller number loses the digits that fall below the larger one's last.
    #[must_use]
    pub fn saturating_add(self, rhs: Self) -> Self {
        if self.is_zero() {
            return rhs;
        }
        if rhs.is_zero() {
            return self;
        }
        let (a, b, exponent) = self.aligned(rhs);
        Self::normalised(a.saturating_add(b), exponent)
    }

    /// Difference, zero when `rhs` is larger; `None` when zero is reduced by something (callers keep the zero).
    #[must_use]
    pub fn checked_sub(self, rhs: Self) -> Option<Self> {
        if rhs.is_zero() {
            return Some(self);
        }
        if self.is_zero() {
            return None;
        }
        let (a, b, exponent) = self.aligned(rhs);
        Some(Self::normalised(a.saturating_sub(b), exponent))
    }

    /// `self * a / b`, truncated; `None` when `b` is zero.
    #[must_use]
    pub fn mul_div(self, a: Self, b: Self) -> Option<Self> {
        // At most 10^42 over at least 10^20, unless a mantissa was set by hand: then what does not fit is an error too.
        let mantissa = wide::mul_div(self.mantissa, a.mantissa, b.mantissa)?;
        Some(Self::normalised(mantissa, self.exponent.saturating_add(a.exponent).saturating_sub(b.exponent)))
    }

    /// `self / rhs` to 21 digits, truncated; `None` when `rhs` is zero.
    #[must_use]
    pub fn checked_div(self, rhs: Self) -> Option<Self> {
        self.mul_div(Self { mantissa: MANTISSA_MAX, exponent: -21 }, rhs)
    }

    /// Floored to an integer, saturating at `u64::MAX`.
    #[must_use]
    pub fn to_u64(self) -> u64 {
        let power = u32::try_from(self.exponent.unsigned_abs()).ok().and_then(|e| 10_u128.checked_pow(e));
        let whole = match power {
            Some(power) if self.exponent < 0 => self.mantissa.checked_div(power).unwrap_or_default(),
            Some(power) => self.mantissa.saturating_mul(power),
            None if self.exponent < 0 || self.is_zero() => 0,
            None => u128::MAX,
        };
        u64::try_from(whole).unwrap_or(u64::MAX)
    }

    /// "Greater" as the chain decides it: exponents two or more apart decide alone, closer ones with the mantissas.
    ///
    /// Right for two positive numbers. Zero has exponent 0, so it counts as greater than any positive number whose
    /// exponent is below -1; the chain has this quirk, and [`Self::compare`] does not.
    #[must_use]
    pub fn gt(self, rhs: Self) -> bool {
        match i128::from(self.exponent).saturating_sub(i128::from(rhs.exponent)) {
            0 => self.mantissa > rhs.mantissa,
            1 => self.mantissa.saturating_mul(10) > rhs.mantissa,
            -1 => self.mantissa > rhs.mantissa.saturating_mul(10),
            distance => distance > 0,
        }
    }

    /// True numerical order of two normalised numbers.
    #[must_use]
    pub fn compare(self, rhs: Self) -> Ordering {
        (!self.is_zero(), self.exponent, self.mantissa).cmp(&(!rhs.is_zero(), rhs.exponent, rhs.mantissa))
    }

    /// Both mantissas under the larger exponent, and that exponent.
    fn aligned(self, rhs: Self) -> (u128, u128, i64) {
        let exponent = self.exponent.max(rhs.exponent);
        (self.mantissa_at(exponent), rhs.mantissa_at(exponent), exponent)
    }

    /// The mantissa under an exponent that is not below this number's own.
    fn mantissa_at(self, exponent: i64) -> u128 {
        let distance = exponent.abs_diff(self.exponent).min(ALIGN_MAX);
        let divisor = u32::try_from(distance).ok().and_then(|e| 10_u128.checked_pow(e));
        divisor.and_then(|divisor| self.mantissa.checked_div(divisor)).unwrap_or_default()
    }
}

impl From<u64> for SafeFloat {
    fn from(value: u64) -> Self {
        Self::from_u64(value)
    }
}
