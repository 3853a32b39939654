//! The signed formats: two 128 bits wide and one of 64.

use crate::math::wide;

macro_rules! signed_fixed {
    ($name:ident, $bits:ty, $frac:literal, $doc:literal) => {
        fixed_type!($name, $bits, $frac, $doc);

        impl $name {
            /// From an integer, saturating.
            #[must_use]
            pub const fn saturating_from_u64(value: u64) -> Self {
                Self::saturating_from_i128(value as i128)
            }

            /// From an integer, saturating.
            #[must_use]
            pub const fn saturating_from_i64(value: i64) -> Self {
                Self::saturating_from_i128(value as i128)
            }

            /// From an integer, saturating.
            #[must_use]
            pub const fn saturating_from_i128(value: i128) -> Self {
                if value > (<$bits>::MAX >> $frac) as i128 {
                    Self::MAX
                } else if value < (<$bits>::MIN >> $frac) as i128 {
                    Self::MIN
                } else {
                    Self((value as $bits) << $frac)
                }
            }

            /// Integer part, floored, saturating to `0 ..= u64::MAX`.
            #[must_use]
            pub const fn to_u64(self) -> u64 {
                let whole = (self.0 >> $frac) as i128;
                if whole < 0 {
                    0
                } else if whole > u64::MAX as i128 {
                    u64::MAX
                } else {
                    whole as u64
                }
            }

            /// Integer part, floored, saturating to the range of `i64`.
            #[must_use]
            pub const fn to_i64(self) -> i64 {
                let whole = (self.0 >> $frac) as i128;
                if whole < i64::MIN as i128 {
                    i64::MIN
                } else if whole > i64::MAX as i128 {
                    i64::MAX
                } else {
                    whole as i64
                }
            }

            /// Whether this is below zero.
            #[must_use]
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// Negation, saturating.
            #[must_use]
            pub const fn saturating_neg(self) -> Self {
                Self(self.0.saturating_neg())
            }

            /// The value with this sign and magnitude, if it fits.
            const fn with_sign(negative: bool, magnitude: u128) -> Option<Self> {
                if magnitude <= <$bits>::MAX as u128 {
                    let bits = magnitude as $bits;
                    Some(Self(if negative { bits.wrapping_neg() } else { bits }))
                } else if negative && magnitude == <$bits>::MIN.unsigned_abs() as u128 {
                    Some(Self::MIN)
                } else {
                    None
                }
            }

            /// Product floored towards minus infinity, or `None` when it does not fit.
            #[must_use]
            pub const fn checked_mul(self, rhs: Self) -> Option<Self> {
                let negative = (self.0 < 0) != (rhs.0 < 0);
                let (a, b) = (self.0.unsigned_abs() as u128, rhs.0.unsigned_abs() as u128);
                match wide::mul_shr(a, b, $frac) {
                    // Flooring a negative product rounds its magnitude up when bits were dropped.
                    Some(magnitude) if negative => {
                        let dropped = a.wrapping_mul(b) & ((1 << $frac) - 1) != 0;
                        match magnitude.checked_add(dropped as u128) {
                            Some(magnitude) => Self::with_sign(true, magnitude),
                            None => None,
                        }
                    }
                    Some(magnitude) => Self::with_sign(false, magnitude),
                    None => None,
                }
            }

            /// Product floored towards minus infinity, saturating.
            #[must_use]
            pub const fn saturating_mul(self, rhs: Self) -> Self {
                match self.checked_mul(rhs) {
                    Some(product) => product,
                    None => Self::end(self, rhs),
                }
            }

            /// Quotient truncated towards zero; `None` when `rhs` is zero or the quotient does not fit.
            #[must_use]
            pub const fn checked_div(self, rhs: Self) -> Option<Self> {
                let (a, b) = (self.0.unsigned_abs() as u128, rhs.0.unsigned_abs() as u128);
                match wide::shl_div(a, $frac, b) {
                    Some(magnitude) => Self::with_sign((self.0 < 0) != (rhs.0 < 0), magnitude),
                    None => None,
                }
            }

            /// Quotient truncated towards zero, saturating; a zero divisor gives zero.
            #[must_use]
            pub const fn saturating_div(self, rhs: Self) -> Self {
                match self.checked_div(rhs) {
                    Some(quotient) => quotient,
                    None if rhs.0 == 0 => Self::ZERO,
                    None => Self::end(self, rhs),
                }
            }

            /// The end of the range at which a product or quotient of these signs saturates.
            const fn end(a: Self, b: Self) -> Self {
                if (a.0 < 0) != (b.0 < 0) { Self::MIN } else { Self::MAX }
            }
        }
    };
}

signed_fixed!(I96F32, i128, 32, "Signed, 96 integer and 32 fraction bits.");
signed_fixed!(I64F64, i128, 64, "Signed, 64 integer and 64 fraction bits.");
signed_fixed!(I32F32, i64, 32, "Signed, 32 integer and 32 fraction bits.");
