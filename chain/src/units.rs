//! Newtypes for everything that has a unit or is an index.
//!
//! There is no `From<Rao> for AlphaRao`: crossing from TAO to alpha goes through a price.
//!
//! **Source**: spec/chain.md section 1.1.

use parity_scale_codec::{Compact, CompactAs, Decode, Encode, Error, Input, Output};
use scale_info::{Type, TypeInfo};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// A block height.
pub type BlockNumber = u64;
/// A neuron's slot on a subnet, `0..n`.
pub type Uid = u16;
/// A mechanism (sub-market) of a subnet, `0..16`.
pub type MechId = u8;

/// One TAO in rao.
pub const TAO: u64 = 1_000_000_000;

macro_rules! amount {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            Encode, Decode, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u64);

        /// A plain number in metadata, as on chain.
        impl TypeInfo for $name {
            type Identity = u64;
            fn type_info() -> Type {
                u64::type_info()
            }
        }

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
            /// The largest amount the chain can hold.
            pub const MAX: Self = Self(u64::MAX);

            /// The amount in its smallest unit.
            pub const fn get(self) -> u64 {
                self.0
            }
            /// True for zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }
            /// Addition that stops at the largest amount, as the chain's does.
            #[must_use]
            pub const fn saturating_add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
            /// Subtraction that stops at zero, as the chain's does.
            #[must_use]
            pub const fn saturating_sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
            /// Addition, `None` on overflow.
            #[must_use]
            pub fn checked_add(self, other: Self) -> Option<Self> {
                self.0.checked_add(other.0).map(Self)
            }
            /// Subtraction, `None` below zero.
            #[must_use]
            pub fn checked_sub(self, other: Self) -> Option<Self> {
                self.0.checked_sub(other.0).map(Self)
            }
        }

        impl CompactAs for $name {
            type As = u64;
            fn encode_as(&self) -> &u64 {
                &self.0
            }
            fn decode_from(raw: u64) -> Result<Self, Error> {
                Ok(Self(raw))
            }
        }
        impl From<Compact<$name>> for $name {
            fn from(Compact(amount): Compact<Self>) -> Self {
                amount
            }
        }

        impl From<u64> for $name {
            fn from(raw: u64) -> Self {
                Self(raw)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let (whole, part) = (self.0.div_euclid(TAO), self.0.rem_euclid(TAO));
                write!(f, "{whole}.{part:09}")
            }
        }
    };
}

amount! {
    /// An amount of TAO.
    ///
    /// **Units**: rao, 10^-9 TAO. `Display` prints TAO with nine digits.
    Rao
}
amount! {
    /// An amount of one subnet's alpha; which subnet is known from where it stands.
    ///
    /// **Units**: 10^-9 alpha. `Display` prints alpha with nine digits.
    AlphaRao
}

/// A subnet. Zero is the root network.
///
/// **Invariant**: ordered as the chain iterates its storage, by the little-endian bytes, so 256 stands
/// between 0 and 1 (spec/chain.md section 13.1). Use [`NetUid::number`] for the numeric order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NetUid(pub u16);

impl NetUid {
    /// The root network.
    pub const ROOT: Self = Self(0);

    /// The plain number.
    pub const fn number(self) -> u16 {
        self.0
    }
    /// True for the root network.
    pub const fn is_root(self) -> bool {
        self.0 == 0
    }
}

impl Ord for NetUid {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.swap_bytes().cmp(&other.0.swap_bytes())
    }
}
impl PartialOrd for NetUid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl From<u16> for NetUid {
    fn from(number: u16) -> Self {
        Self(number)
    }
}
impl fmt::Display for NetUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A plain number in metadata, as on chain.
impl TypeInfo for NetUid {
    type Identity = u16;
    fn type_info() -> Type {
        u16::type_info()
    }
}

/// Where the chain keeps per-mechanism rows: `mechid * 4096 + netuid`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NetUidStorageIndex(pub u16);

impl NetUidStorageIndex {
    /// The index of a mechanism of a subnet.
    pub const fn new(netuid: NetUid, mechid: MechId) -> Self {
        Self((mechid as u16).wrapping_mul(4096).wrapping_add(netuid.0))
    }
    /// The subnet of an index.
    pub const fn netuid(self) -> NetUid {
        NetUid(self.0 & 0x0fff)
    }
    /// The mechanism of an index.
    pub const fn mechid(self) -> MechId {
        (self.0 >> 12) as MechId
    }
}

/// A plain number in metadata, as on chain.
impl TypeInfo for NetUidStorageIndex {
    type Identity = u16;
    fn type_info() -> Type {
        u16::type_info()
    }
}

/// A number that SCALE writes in its compact form, as some arguments of calls are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Packed<T>(pub T);

macro_rules! packed {
    ($($ty:ty as $raw:ty: $unwrap:expr, $wrap:expr;)*) => {
        $(
            impl Encode for Packed<$ty> {
                fn encode_to<O: Output + ?Sized>(&self, dest: &mut O) {
                    let unwrap: fn($ty) -> $raw = $unwrap;
                    Compact(unwrap(self.0)).encode_to(dest);
                }
            }
            impl Decode for Packed<$ty> {
                fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
                    let Compact(raw) = Compact::<$raw>::decode(input)?;
                    Ok(Self($wrap(raw)))
                }
            }
        )*
    };
}
packed! {
    Rao as u64: |amount| amount.0, Rao;
    AlphaRao as u64: |amount| amount.0, AlphaRao;
    u128 as u128: |number| number, u128::from;
    NetUid as u16: |netuid| netuid.0, NetUid;
    u8 as u8: |number| number, u8::from;
    u16 as u16: |number| number, u16::from;
    u32 as u32: |number| number, u32::from;
    u64 as u64: |number| number, u64::from;
}
