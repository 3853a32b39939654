//! The shapes, by the chain's own type names, of types that we hold in another form than the chain does.
//!
//! Clients know some types by their path: an account is shown as SS58, a fixed point number by its `bits`.

use crate::account::AccountId;
use crate::math::fixed::{I64F64, I96F32, U64F64, U96F32};
use crate::types::Data;
use crate::units::{NetUid, Packed, Rao};
use scale_info::build::{Fields, Variants};
use scale_info::{Path, Type, TypeDefCompact, TypeInfo, meta_type};

impl TypeInfo for AccountId {
    type Identity = Self;
    fn type_info() -> Type {
        Type::builder()
            .path(Path::new("AccountId32", "sp_core::crypto"))
            .composite(Fields::unnamed().field(|f| f.ty::<[u8; 32]>()))
    }
}

macro_rules! fixed_shape {
    ($($ty:ty: $name:literal, $bits:ty;)*) => {
        $(impl TypeInfo for $ty {
            type Identity = Self;
            fn type_info() -> Type {
                Type::builder()
                    .path(Path::new($name, "substrate_fixed"))
                    .composite(Fields::named().field(|f| f.ty::<$bits>().name("bits")))
            }
        })*
    };
}
fixed_shape! {
    U64F64: "FixedU128", u128;
    U96F32: "FixedU128", u128;
    I64F64: "FixedI128", i128;
    I96F32: "FixedI128", i128;
}

macro_rules! compact_shape {
    ($($ty:ty),*) => {
        $(impl TypeInfo for Packed<$ty> {
            type Identity = Self;
            fn type_info() -> Type {
                Type::builder().composite(Fields::unit()).with_def(TypeDefCompact::new(meta_type::<$ty>()))
            }
        })*
    };
}

impl TypeInfo for Data {
    type Identity = Self;
    fn type_info() -> Type {
        let hash = || Fields::unnamed().field(|f| f.ty::<[u8; 32]>());
        let mut variants = Variants::new().variant_unit("None", 0);
        for length in 0..=128 {
            variants = raw(variants, length);
        }
        variants = variants
            .variant("BlakeTwo256", |v| v.index(130).fields(hash()))
            .variant("Sha256", |v| v.index(131).fields(hash()))
            .variant("Keccak256", |v| v.index(132).fields(hash()))
            .variant("ShaThree256", |v| v.index(133).fields(hash()))
            .variant("TimelockEncrypted", |v| {
                let fields = Fields::named()
                    .field(|f| f.ty::<Vec<u8>>().name("encrypted"))
                    .field(|f| f.ty::<u64>().name("reveal_round"));
                v.index(134).fields(fields)
            })
            .variant_unit("ResetBondsFlag", 135)
            .variant("BigRaw", |v| v.index(136).fields(Fields::unnamed().field(|f| f.ty::<Vec<u8>>())));
        Type::builder().path(Path::new("Data", "pallet_commitments::types")).variant(variants)
    }
}
