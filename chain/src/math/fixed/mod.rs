//! Fixed point numbers as raw bits, with the chain's rounding (`chain.md` section 0).
//!
//! `UaFb` has `a` integer and `b` fraction bits; the value is `bits / 2^b`. Products are floored (towards minus
//! infinity when signed), quotients truncated towards zero, and what does not fit saturates.
//! A division by zero gives zero or the named default.

/// Declares one raw-bit newtype with what signed and unsigned formats share.
macro_rules! fixed_type {
    ($name:ident, $bits:ty, $frac:literal, $doc:literal) => {
        #[doc = $doc]
        ///
        /// JSON form: the raw bits as a decimal string. SCALE form: the raw bits, little-endian.
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            PartialOrd,
            Ord,
            Hash,
            Default,
            parity_scale_codec::Encode,
            parity_scale_codec::Decode,
        )]
        pub struct $name(pub $bits);

        impl $name {
            /// Number of fraction bits.
            pub const FRAC_BITS: u32 = $frac;
            /// Zero.
            pub const ZERO: Self = Self(0);
            /// One.
            pub const ONE: Self = Self(1 << $frac);
            /// The largest value.
            pub const MAX: Self = Self(<$bits>::MAX);
            /// The smallest value.
            pub const MIN: Self = Self(<$bits>::MIN);

            /// From raw bits.
            #[must_use]
            pub const fn from_bits(bits: $bits) -> Self {
                Self(bits)
            }

            /// The raw bits.
            #[must_use]
            pub const fn to_bits(self) -> $bits {
                self.0
            }

            /// Whether this is zero.
            #[must_use]
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// Sum, saturating.
            #[must_use]
            pub const fn saturating_add(self, rhs: Self) -> Self {
                Self(self.0.saturating_add(rhs.0))
            }

            /// Difference, saturating (unsigned formats stop at zero).
            #[must_use]
            pub const fn saturating_sub(self, rhs: Self) -> Self {
                Self(self.0.saturating_sub(rhs.0))
            }

            /// Sum, or `None` when it does not fit.
            #[must_use]
            pub const fn checked_add(self, rhs: Self) -> Option<Self> {
                match self.0.checked_add(rhs.0) {
                    Some(bits) => Some(Self(bits)),
                    None => None,
                }
            }

            /// Difference, or `None` when it does not fit.
            #[must_use]
            pub const fn checked_sub(self, rhs: Self) -> Option<Self> {
                match self.0.checked_sub(rhs.0) {
                    Some(bits) => Some(Self(bits)),
                    None => None,
                }
            }

            /// Quotient truncated towards zero, or `default` when `rhs` is zero **or** the quotient does not fit:
            /// the chain's `safe_div_or` swallows an overflow like a division by zero.
            #[must_use]
            pub fn safe_div_or(self, rhs: Self, default: Self) -> Self {
                self.checked_div(rhs).unwrap_or(default)
            }

            /// [`Self::safe_div_or`] with zero as the default.
            #[must_use]
            pub fn safe_div(self, rhs: Self) -> Self {
                self.safe_div_or(rhs, Self::ZERO)
            }

            /// Another format's nearest value from below (drops low bits), saturating at this format's ends.
            #[must_use]
            pub fn saturating_from_fixed<F: $crate::math::fixed::FixedPoint>(value: F) -> Self {
                <Self as $crate::math::fixed::FixedPoint>::from_raw(value.to_raw(), F::FRAC)
            }

            /// This value in another format: floored and saturating.
            #[must_use]
            pub fn to_fixed<F: $crate::math::fixed::FixedPoint>(self) -> F {
                F::from_raw($crate::math::fixed::FixedPoint::to_raw(self), Self::FRAC_BITS)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::math::decimal::deserialize(deserializer).map(Self)
            }
        }
    };
}

mod convert;
mod signed;
mod unsigned;

pub use convert::{FixedPoint, RawBits};

pub use signed::{I32F32, I64F64, I96F32};
pub use unsigned::{U64F64, U96F32};
