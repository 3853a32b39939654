//! The metadata: what a client asks first, and by which it builds and reads everything else.
//!
//! It is made from the types that the runtime executes: calls, events and errors by their derives, storage from the
//! schema's list, runtime APIs from theirs. Nothing is declared twice.
//!
//! **Source**: spec/clients.md section 2.

mod constants;
mod extrinsic;
mod pallets;
mod portable;

pub use constants::Figures;
pub(crate) use extrinsic::UncheckedExtrinsic;
pub(crate) use pallets::{NamedCall, named_calls};

use crate::call::RuntimeCall;
use crate::wire::event::RuntimeEvent;
use frame_metadata::v15::{CustomMetadata, OuterEnums, RuntimeMetadataV15};
use frame_metadata::{RuntimeMetadataPrefixed, v14};
use pallets::RuntimeError;
use parity_scale_codec::Encode as _;
use scale_info::{TypeInfo, meta_type};
use std::collections::BTreeMap;

/// The runtime as a type of its own; clients never look into it.
#[derive(TypeInfo)]
struct Runtime;

/// The metadata in version 15, the bytes of `Metadata_metadata_at_version(15)` without the outer option and length.
#[must_use]
pub fn v15(figures: &Figures) -> Vec<u8> {
    let mut metadata = RuntimeMetadataV15::new(
        pallets::all(figures),
        extrinsic::v15(),
        meta_type::<Runtime>(),
        pallets::apis(),
        OuterEnums {
            call_enum_ty: meta_type::<RuntimeCall>(),
            event_enum_ty: meta_type::<RuntimeEvent>(),
            error_enum_ty: meta_type::<RuntimeError>(),
        },
        CustomMetadata { map: BTreeMap::new() },
    );
    let calls =
        metadata.pallets.iter().filter_map(|pallet| Some(pallet.calls.as_ref()?.ty.id)).collect::<Vec<_>>();
    portable::by_chain_names(&mut metadata.types, &calls);
    let errors =
        metadata.pallets.iter().filter_map(|pallet| Some(pallet.error.as_ref()?.ty.id)).collect::<Vec<_>>();
    portable::errors_in_words(&mut metadata.types, &errors);
    RuntimeMetadataPrefixed::from(metadata).encode()
}

/// The metadata in version 14, the bytes of `state_getMetadata`.
#[must_use]
pub fn v14(figures: &Figures) -> Vec<u8> {
    let pallets = pallets::all(figures).into_iter().map(|pallet| v14::PalletMetadata {
        name: pallet.name,
        storage: pallet.storage,
        calls: pallet.calls,
        event: pallet.event,
        constants: pallet.constants,
        error: pallet.error,
        index: pallet.index,
    });
    let mut metadata =
        v14::RuntimeMetadataV14::new(pallets.collect(), extrinsic::v14(), meta_type::<Runtime>());
    let calls =
        metadata.pallets.iter().filter_map(|pallet| Some(pallet.calls.as_ref()?.ty.id)).collect::<Vec<_>>();
    portable::by_chain_names(&mut metadata.types, &calls);
    let errors =
        metadata.pallets.iter().filter_map(|pallet| Some(pallet.error.as_ref()?.ty.id)).collect::<Vec<_>>();
    portable::errors_in_words(&mut metadata.types, &errors);
    RuntimeMetadataPrefixed::from(metadata).encode()
}
