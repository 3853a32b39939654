//! The shapes, by the chain's own type names, of types that we hold in another form than the chain does.
//!
//! Clients know some types by their path: an account is shown as SS58, a fixed point number by its `bits`.

use crate::account::AccountId;
use crate::call::{OriginCaller, RawOrigin};
use crate::math::fixed::{I32F32, I64F64, I96F32, U64F64, U96F32};
use crate::types::{CommitmentInfo, Data};
use crate::units::{AlphaRao, NetUid, Packed, Rao};
use parity_scale_codec::Compact;
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
    I32F32: "FixedI64", i64;
}

macro_rules! compact_shape {
    ($($ty:ty),*) => {
        $(impl TypeInfo for Packed<$ty> {
            type Identity = Compact<$ty>;
            fn type_info() -> Type {
                TypeDefCompact::new(meta_type::<$ty>()).into()
            }
        })*
    };
}
compact_shape!(NetUid, Rao, AlphaRao, u8, u16, u32, u64, u128);

/// Adds a variant for raw bytes of each length.
macro_rules! raw {
    ($variants:expr; $($length:literal)*) => {
        $variants$(.variant(concat!("Raw", $length), |v| {
            v.index($length + 1).fields(Fields::unnamed().field(|f| f.ty::<[u8; $length]>()))
        }))*
    };
}

impl TypeInfo for Data {
    type Identity = Self;
    fn type_info() -> Type {
        let hash = || Fields::unnamed().field(|f| f.ty::<[u8; 32]>());
        let variants = raw!(Variants::new().variant_unit("None", 0);
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
            33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61
            62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88 89 90
            91 92 93 94 95 96 97 98 99 100 101 102 103 104 105 106 107 108 109 110 111 112 113 114
            115 116 117 118 119 120 121 122 123 124 125 126 127 128
        );
        let variants = variants
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

/// The chain's bounded list is a type of its own around the list, and the SDK 10.x writes both brackets.
impl TypeInfo for CommitmentInfo {
    type Identity = Self;
    fn type_info() -> Type {
        let fields = Fields::named().field(|f| f.ty::<BoundedFields>().name("fields"));
        Type::builder().path(Path::new("CommitmentInfo", "pallet_commitments::types")).composite(fields)
    }
}

/// Origins are named as the runtime declares its pallets: `System` is written small there.
impl TypeInfo for OriginCaller {
    type Identity = Self;
    fn type_info() -> Type {
        let variants = Variants::new()
            .variant("system", |v| v.index(0).fields(Fields::unnamed().field(|f| f.ty::<RawOrigin>())));
        Type::builder().path(Path::new("OriginCaller", "node_subtensor_runtime")).variant(variants)
    }
}

struct BoundedFields;

impl TypeInfo for BoundedFields {
    type Identity = Self;
    fn type_info() -> Type {
        let path = Path::new("BoundedVec", "bounded_collections::bounded_vec");
        Type::builder().path(path).composite(Fields::unnamed().field(|f| f.ty::<Vec<Data>>()))
    }
}
