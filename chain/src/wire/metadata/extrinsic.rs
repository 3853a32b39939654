//! The form of extrinsics, as metadata describes it.

use super::pallets::Place;
use crate::block::MultiSignature;
use crate::call::RuntimeCall;
use crate::wire::Lookup;
use crate::wire::event::H256;
use frame_metadata::v14::RuntimeMetadataV14;
use frame_metadata::v15;
use scale_info::build::{Fields, Variants};
use scale_info::form::PortableForm;
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
#[derive(Debug)]
pub struct UncheckedExtrinsic;

/// What [`UncheckedExtrinsic`] is a newtype around, as on chain.
struct Inner;

/// The extras of all extensions, grouped as the runtime groups them.
type Extra = (
    ((), (), (), (), Era, parity_scale_codec::Compact<u32>, ()),
    (parity_scale_codec::Compact<u64>, (), (), (), ()),
    Mode,
);

fn parameters() -> [TypeParameter; 4] {
    let parameter = |name, ty| TypeParameter::new(name, Some(ty));
    [
        parameter("Address", meta_type::<Lookup>()),
        parameter("Call", meta_type::<RuntimeCall>()),
        parameter("Signature", meta_type::<MultiSignature>()),
        parameter("Extra", meta_type::<Extra>()),
    ]
}

impl TypeInfo for UncheckedExtrinsic {
    type Identity = Self;
    fn type_info() -> Type {
        Type::builder()
            .path(Path::new("UncheckedExtrinsic", "fp_self_contained::unchecked_extrinsic"))
            .type_params(parameters())
            .composite(Fields::unnamed().field(|f| f.ty::<Inner>()))
    }
}

impl TypeInfo for Inner {
    type Identity = Self;
    fn type_info() -> Type {
        Type::builder()
            .path(Path::new("UncheckedExtrinsic", "sp_runtime::generic::unchecked_extrinsic"))
            .type_params(parameters())
            .composite(Fields::unnamed().field(|f| f.ty::<Vec<u8>>()))
    }
}

/// Name, what stands in the extrinsic, what is signed besides; in order.
fn extensions() -> [(&'static str, MetaType, MetaType); 13] {
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
        ("SudoTransactionExtension", none(), none()),
        ("CheckShieldedTxValidity", none(), none()),
        ("SubtensorTransactionExtension", none(), none()),
        ("DrandPriority", none(), none()),
        ("CheckMetadataHash", meta_type::<Mode>(), meta_type::<Option<[u8; 32]>>()),
    ]
}

pub(super) fn metadata() -> v15::ExtrinsicMetadata {
    let extension = |(identifier, ty, additional_signed)| v15::SignedExtensionMetadata {
        identifier,
        ty,
        additional_signed,
    };
    v15::ExtrinsicMetadata {
        version: 4,
        address_ty: meta_type::<Lookup>(),
        call_ty: meta_type::<RuntimeCall>(),
        signature_ty: meta_type::<MultiSignature>(),
        extra_ty: meta_type::<Extra>(),
        signed_extensions: extensions().into_iter().map(extension).collect(),
    }
}

/// All types that the form of extrinsics refers to, in the order in which the runtime registers them.
pub(super) fn places<'p>(
    extrinsic: &'p mut v15::ExtrinsicMetadata<PortableForm>,
    declared: Option<&RuntimeMetadataV14>,
) -> Vec<Place<'p>> {
    let parameters =
        declared.and_then(|all| all.types.resolve(all.extrinsic.ty.id)).map(|ty| &ty.type_params);
    let parameter = |place: usize| parameters.and_then(|all| Some(all.get(place)?.ty?.id));
    let mut places = vec![
        (&mut extrinsic.address_ty, parameter(0)),
        (&mut extrinsic.call_ty, parameter(1)),
        (&mut extrinsic.signature_ty, parameter(2)),
        (&mut extrinsic.extra_ty, parameter(3)),
    ];
    let known = declared.map(|all| all.extrinsic.signed_extensions.as_slice()).unwrap_or_default();
    for extension in &mut extrinsic.signed_extensions {
        let same = known.iter().find(|same| same.identifier == extension.identifier);
        places.push((&mut extension.ty, same.map(|same| same.ty.id)));
        places.push((&mut extension.additional_signed, same.map(|same| same.additional_signed.id)));
    }
    places
}
