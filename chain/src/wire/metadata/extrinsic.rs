//! The form of extrinsics, as metadata describes it.

use crate::block::MultiSignature;
use crate::call::RuntimeCall;
use crate::wire::Lookup;
use crate::wire::event::H256;
use frame_metadata::{v14, v15};
use scale_info::build::{Fields, Variants};
use scale_info::{MetaType, Path, Type, TypeInfo, TypeParameter, meta_type};

/// The era of an extrinsic: `Immortal`, or one variant for each first byte with the second inside.
struct Era;

impl TypeInfo for Era {
    type Identity = Self;
    fn type_info() -> Type {
        let variants = (1..=u8::MAX).fold(Variants::new().variant_unit("Immortal", 0), |all, first| {
            // Names are static; each is made once for the life of the program.
            let name: &'static str = Box::leak(format!("Mortal{first}").into_boxed_str());
            all.variant(name, |v| v.index(first).fields(Fields::unnamed().field(|f| f.ty::<u8>())))
        });
        Type::builder().path(Path::new("Era", "sp_runtime::generic::era")).variant(variants)
    }
}

/// Whether the hash of the metadata is signed too; it is not served.
#[derive(TypeInfo)]
#[allow(dead_code, reason = "a shape")]
enum Mode {
    Disabled,
    Enabled,
}

/// An extrinsic without its inner form, which the other entries give.
pub(crate) struct UncheckedExtrinsic;

/// The extras of all extensions.
type Extra =
    ((), (), (), (), Era, parity_scale_codec::Compact<u32>, (), parity_scale_codec::Compact<u64>, Mode);

impl TypeInfo for UncheckedExtrinsic {
    type Identity = Self;
    fn type_info() -> Type {
        let parameter = |name, ty| TypeParameter::new(name, Some(ty));
        Type::builder()
            .path(Path::new("UncheckedExtrinsic", "sp_runtime::generic::unchecked_extrinsic"))
            .type_params([
                parameter("Address", meta_type::<Lookup>()),
                parameter("Call", meta_type::<RuntimeCall>()),
                parameter("Signature", meta_type::<MultiSignature>()),
                parameter("Extra", meta_type::<Extra>()),
            ])
            .composite(Fields::unnamed().field(|f| f.ty::<Vec<u8>>()))
    }
}

/// Name, what stands in the extrinsic, what is signed besides; in order.
fn extensions() -> [(&'static str, MetaType, MetaType); 9] {
    let none = meta_type::<()>;
    [
        ("CheckNonZeroSender", none(), none()),
        ("CheckSpecVersion", none(), meta_type::<u32>()),
        ("CheckTxVersion", none(), meta_type::<u32>()),
        ("CheckGenesis", none(), meta_type::<H256>()),
        ("CheckMortality", meta_type::<Era>(), meta_type::<H256>()),
        ("CheckNonce", meta_type::<parity_scale_codec::Compact<u32>>(), none()),
        ("CheckWeight", none(), none()),
        ("ChargeTransactionPayment", meta_type::<parity_scale_codec::Compact<u64>>(), none()),
        ("CheckMetadataHash", meta_type::<Mode>(), meta_type::<Option<[u8; 32]>>()),
    ]
}

pub(super) fn v15() -> v15::ExtrinsicMetadata {
    v15::ExtrinsicMetadata {
        version: 4,
        address_ty: meta_type::<Lookup>(),
        call_ty: meta_type::<RuntimeCall>(),
        signature_ty: meta_type::<MultiSignature>(),
        extra_ty: meta_type::<Extra>(),
        signed_extensions: extensions()
            .into_iter()
            .map(|(identifier, ty, additional_signed)| v15::SignedExtensionMetadata {
                identifier,
                ty,
                additional_signed,
            })
            .collect(),
    }
}

pub(super) fn v14() -> v14::ExtrinsicMetadata {
    v14::ExtrinsicMetadata {
        ty: meta_type::<UncheckedExtrinsic>(),
        version: 4,
        signed_extensions: extensions()
            .into_iter()
            .map(|(identifier, ty, additional_signed)| v14::SignedExtensionMetadata {
                identifier,
                ty,
                additional_signed,
            })
            .collect(),
    }
}
