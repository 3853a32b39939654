//! Proportions in parts of 10^18.

use super::wide;

/// The number of parts in one whole.
pub const ACCURACY: u64 = 1_000_000_000_000_000_000;

/// A proportion between zero and one, in parts of 10^18.
///
/// JSON and SCALE form: the parts as a plain `u64`.
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
    scale_info::TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct Perquintill(u64);

impl Perquintill {
    /// One whole.
    pub const ONE: Self = Self(ACCURACY);

    /// From parts, saturating at one whole.
    #[must_use]
    pub const fn from_parts(parts: u64) -> Self {
        Self(if parts > ACCURACY { ACCURACY } else { parts })
    }

    /// The parts of 10^18.
    #[must_use]
    pub const fn parts(self) -> u64 {
        self.0
    }

    /// `floor(numerator / denominator)` in parts, saturating at one whole; a zero denominator counts as one whole.
    #[must_use]
    pub fn from_rational(numerator: u128, denominator: u128) -> Self {
        if numerator >= denominator {
            return Self::ONE;
        }
        let parts = wide::mul_div(u128::from(ACCURACY), numerator, denominator).unwrap_or_default();
        Self::from_parts(u64::try_from(parts).unwrap_or(ACCURACY))
    }

    /// What is missing to one whole.
    #[must_use]
    pub const fn complement(self) -> Self {
        Self(ACCURACY.saturating_sub(self.0))
    }

    /// This proportion of `value`, rounded half up.
    #[must_use]
    pub fn mul_round(self, value: u128) -> u128 {
        let (high, low) = wide::mul_wide(value, u128::from(self.0));
        let (low, carry) = low.overflowing_add(u128::from(ACCURACY >> 1));
        let high = high.saturating_add(u128::from(carry));
        wide::div_wide(high, low, u128::from(ACCURACY)).map_or(u128::MAX, |(quotient, _)| quotient)
    }
}
