//! The unsigned formats, both 128 bits wide.

use crate::math::wide;

macro_rules! unsigned_fixed {
    ($name:ident, $frac:literal, $doc:literal) => {
        fixed_type!($name, u128, $frac, $doc);

        impl $name {
            /// From an integer; every `u64` fits.
            #[must_use]
            pub const fn from_u64(value: u64) -> Self {
                Self((value as u128) << $frac)
            }

            /// From an integer, saturating.
            #[must_use]
            pub const fn saturating_from_u128(value: u128) -> Self {
                if value.leading_zeros() < $frac { Self::MAX } else { Self(value << $frac) }
            }

            /// Integer part, floored, saturating at `u64::MAX`.
            #[must_use]
            pub const fn to_u64(self) -> u64 {
                let whole = self.0 >> $frac;
                if whole > u64::MAX as u128 { u64::MAX } else { whole as u64 }
            }

            /// Integer part, floored.
            #[must_use]
            pub const fn to_u128(self) -> u128 {
                self.0 >> $frac
            }

            /// Floored product, or `None` when it does not fit.
            #[must_use]
            pub const fn checked_mul(self, rhs: Self) -> Option<Self> {
                match wide::mul_shr(self.0, rhs.0, $frac) {
                    Some(bits) => Some(Self(bits)),
                    None => None,
                }
            }

            /// Floored product, saturating.
            #[must_use]
            pub const fn saturating_mul(self, rhs: Self) -> Self {
                match self.checked_mul(rhs) {
                    Some(product) => product,
                    None => Self::MAX,
                }
            }

            /// Floored quotient; `None` when `rhs` is zero or the quotient does not fit.
            #[must_use]
            pub const fn checked_div(self, rhs: Self) -> Option<Self> {
                match wide::shl_div(self.0, $frac, rhs.0) {
                    Some(bits) => Some(Self(bits)),
                    None => None,
                }
            }

            /// Floored quotient, saturating; a zero divisor gives zero.
            #[must_use]
            pub const fn saturating_div(self, rhs: Self) -> Self {
                match self.checked_div(rhs) {
                    Some(quotient) => quotient,
                    None if rhs.0 == 0 => Self::ZERO,
                    None => Self::MAX,
                }
            }
        }
    };
}

unsigned_fixed!(U96F32, 32, "Unsigned, 96 integer and 32 fraction bits.");
unsigned_fixed!(U64F64, 64, "Unsigned, 64 integer and 64 fraction bits.");
