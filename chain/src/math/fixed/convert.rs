//! Conversion between formats: low bits are dropped (floor), the ends saturate.

use super::{I32F32, I64F64, I96F32, U64F64, U96F32};

/// Raw bits of any format, wide enough for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawBits {
    /// Of an unsigned format.
    Unsigned(u128),
    /// Of a signed format.
    Signed(i128),
}

impl RawBits {
    /// Moves the binary point from `from` to `to` fraction bits: floors, saturates at 128 bits. What is not negative
    /// becomes unsigned, so that an unsigned format can hold all that it has room for.
    #[must_use]
    const fn rescaled(self, from: u32, to: u32) -> Self {
        let (down, up) = (from.saturating_sub(to), to.saturating_sub(from));
        match self {
            Self::Unsigned(bits) if bits.leading_zeros() < up => Self::Unsigned(u128::MAX),
            Self::Unsigned(bits) => Self::Unsigned((bits >> down) << up),
            Self::Signed(bits) if bits >= 0 => Self::Unsigned(bits.unsigned_abs()).rescaled(from, to),
            Self::Signed(bits) if bits < i128::MIN >> up => Self::Signed(i128::MIN),
            Self::Signed(bits) => Self::Signed((bits >> down) << up),
        }
    }

    const fn to_u128(self) -> u128 {
        match self {
            Self::Unsigned(bits) => bits,
            Self::Signed(bits) if bits < 0 => 0,
            Self::Signed(bits) => bits.unsigned_abs(),
        }
    }

    const fn to_i128(self) -> i128 {
        match self {
            Self::Unsigned(bits) if bits > i128::MAX.unsigned_abs() => i128::MAX,
            Self::Unsigned(bits) => bits.cast_signed(),
            Self::Signed(bits) => bits,
        }
    }

    const fn to_i64(self) -> i64 {
        let bits = self.to_i128();
        if bits > i64::MAX as i128 {
            i64::MAX
        } else if bits < i64::MIN as i128 {
            i64::MIN
        } else {
            bits as i64
        }
    }
}

/// A fixed point format.
pub trait FixedPoint: Copy {
    /// Number of fraction bits.
    const FRAC: u32;

    /// The raw bits.
    fn to_raw(self) -> RawBits;

    /// The value whose raw bits under `frac <= 64` fraction bits are `raw`: floored and saturating.
    fn from_raw(raw: RawBits, frac: u32) -> Self;
}

macro_rules! fixed_point {
    ($($name:ident: $raw:ident($wide:ty), $narrow:ident);* $(;)?) => {$(
        impl FixedPoint for $name {
            const FRAC: u32 = $name::FRAC_BITS;

            fn to_raw(self) -> RawBits {
                RawBits::$raw(<$wide>::from(self.0))
            }

            fn from_raw(raw: RawBits, frac: u32) -> Self {
                Self(raw.rescaled(frac, Self::FRAC).$narrow())
            }
        }
    )*};
}

fixed_point! {
    U96F32: Unsigned(u128), to_u128;
    U64F64: Unsigned(u128), to_u128;
    I96F32: Signed(i128), to_i128;
    I64F64: Signed(i128), to_i128;
    I32F32: Signed(i128), to_i64;
}
