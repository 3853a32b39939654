//! The metadata: what a client asks first, and by which it builds and reads everything else.
//!
//! It is made from the types that the runtime executes: calls, events and errors by their derives, storage from the
//! schema's list, runtime APIs from theirs. What the real chain has too is served under its names and in its order,
//! which `unify` takes from the chain's own declaration.
//!
//! **Source**: spec/clients.md section 2.

mod constants;
mod declared;
mod extrinsic;
mod pallets;
mod portable;
mod unify;

pub use constants::ChainConstants;
pub(crate) use extrinsic::UncheckedExtrinsic;
pub(crate) use pallets::{NamedCall, named_calls};

use crate::call::RuntimeCall;
use crate::wire::event::RuntimeEvent;
use frame_metadata::v14::RuntimeMetadataV14;
use frame_metadata::v15::{
    CustomMetadata, ExtrinsicMetadata, OuterEnums, PalletMetadata, RuntimeApiMetadata, RuntimeMetadataV15,
};
use frame_metadata::{RuntimeMetadataPrefixed, v14};
use pallets::{Place, RuntimeError};
use parity_scale_codec::Encode as _;
use scale_info::form::PortableForm;
use scale_info::interner::UntrackedSymbol;
use scale_info::{IntoPortable as _, PortableRegistry, Registry, TypeInfo, meta_type};
use std::any::TypeId;
use std::collections::BTreeMap;
use unify::Unifier;

/// The runtime as a type of its own; clients never look into it.
#[derive(TypeInfo)]
struct Runtime;

/// The parts that both versions are made of.
struct Parts {
    types: PortableRegistry,
    pallets: Vec<PalletMetadata<PortableForm>>,
    extrinsic: ExtrinsicMetadata<PortableForm>,
    unchecked_extrinsic: Symbol,
    runtime: Symbol,
    apis: Vec<RuntimeApiMetadata<PortableForm>>,
    outer_enums: OuterEnums<PortableForm>,
}

type Symbol = UntrackedSymbol<TypeId>;

/// Which parts a version holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// Pallets and the form of extrinsics.
    V14,
    /// Runtime APIs and the outer enums too.
    V15,
}

impl Parts {
    /// The parts by our own types alone.
    fn ours(figures: &ChainConstants) -> Self {
        let mut registry = Registry::new();
        let pallets = registry.map_into_portable(pallets::all(figures));
        let extrinsic = extrinsic::metadata().into_portable(&mut registry);
        let unchecked_extrinsic = registry.register_type(&meta_type::<UncheckedExtrinsic>());
        let runtime = registry.register_type(&meta_type::<Runtime>());
        let apis = registry.map_into_portable(pallets::apis());
        let outer_enums = OuterEnums {
            call_enum_ty: meta_type::<RuntimeCall>(),
            event_enum_ty: meta_type::<RuntimeEvent>(),
            error_enum_ty: meta_type::<RuntimeError>(),
        };
        let outer_enums = outer_enums.into_portable(&mut registry);
        Self { types: registry.into(), pallets, extrinsic, unchecked_extrinsic, runtime, apis, outer_enums }
    }

    /// The parts under the real chain's names, with types numbered in the order of its runtime.
    fn new(figures: &ChainConstants, version: Version) -> Self {
        let mut parts = Self::ours(figures);
        let declared = declared::read();
        let ours = std::mem::replace(&mut parts.types, PortableRegistry { types: Vec::new() });
        let none = PortableRegistry { types: Vec::new() };
        let mut unifier = Unifier::new(&ours, declared.as_ref().map_or(&none, |declared| &declared.types));
        for pallet in &mut parts.pallets {
            if let Some(same) = same_pallet(declared.as_ref(), &pallet.name) {
                pallets::sort(pallet, same);
            }
        }
        // All pairs are known before the first id is given.
        for (ours, declared) in parts.places(version, declared.as_ref()) {
            if let Some(declared) = declared {
                unifier.pair(ours.id, declared);
            }
        }
        for (ours, declared) in parts.places(version, declared.as_ref()) {
            unifier.id_at(ours.id, declared);
        }
        unifier.number();
        for (place, declared) in parts.places(version, declared.as_ref()) {
            *place = unifier.id_at(place.id, declared).into();
        }
        parts.types = unifier.finish();
        parts.name_variants();
        parts
    }

    /// All references to types, in the order in which the runtime registers them.
    fn places(&mut self, version: Version, declared: Option<&RuntimeMetadataV14>) -> Vec<Place<'_>> {
        let mut places = Vec::new();
        for pallet in &mut self.pallets {
            let same = same_pallet(declared, &pallet.name);
            places.extend(pallets::places(pallet, same));
        }
        // Version 15 names it in its APIs only; here it has its number in both.
        places.push((&mut self.unchecked_extrinsic, declared.map(|all| all.extrinsic.ty.id)));
        places.extend(extrinsic::places(&mut self.extrinsic, declared));
        places.push((&mut self.runtime, declared.map(|all| all.ty.id)));
        if version == Version::V15 {
            for method in self.apis.iter_mut().flat_map(|api| &mut api.methods) {
                places.extend(method.inputs.iter_mut().map(|input| (&mut input.ty, None)));
                places.push((&mut method.output, None));
            }
            let OuterEnums { call_enum_ty, event_enum_ty, error_enum_ty } = &mut self.outer_enums;
            places.extend([(call_enum_ty, None), (event_enum_ty, None), (error_enum_ty, None)]);
        }
        places
    }

    /// Names calls as on chain, and gives errors words.
    fn name_variants(&mut self) {
        let calls =
            self.pallets.iter().filter_map(|pallet| Some(pallet.calls.as_ref()?.ty.id)).collect::<Vec<_>>();
        portable::snake_case_calls(&mut self.types, &calls);
        let errors =
            self.pallets.iter().filter_map(|pallet| Some(pallet.error.as_ref()?.ty.id)).collect::<Vec<_>>();
        portable::errors_in_words(&mut self.types, &errors);
        portable::rename(
            &mut self.types,
            self.outer_enums.error_enum_ty.id,
            &["node_subtensor_runtime", "RuntimeError"],
        );
    }
}

fn same_pallet<'d>(
    declared: Option<&'d RuntimeMetadataV14>,
    name: &str,
) -> Option<&'d v14::PalletMetadata<PortableForm>> {
    declared?.pallets.iter().find(|pallet| pallet.name == name)
}

/// The metadata in version 15, the bytes of `Metadata_metadata_at_version(15)` without the outer option and length.
#[must_use]
pub fn v15(figures: &ChainConstants) -> Vec<u8> {
    let parts = Parts::new(figures, Version::V15);
    let metadata = RuntimeMetadataV15 {
        types: parts.types,
        pallets: parts.pallets,
        extrinsic: parts.extrinsic,
        ty: parts.runtime,
        apis: parts.apis,
        outer_enums: parts.outer_enums,
        custom: CustomMetadata { map: BTreeMap::new() },
    };
    RuntimeMetadataPrefixed::from(metadata).encode()
}

/// The metadata in version 14, the bytes of `state_getMetadata`.
#[must_use]
pub fn v14(figures: &ChainConstants) -> Vec<u8> {
    let parts = Parts::new(figures, Version::V14);
    let pallets = parts.pallets.into_iter().map(|pallet| v14::PalletMetadata {
        name: pallet.name,
        storage: pallet.storage,
        calls: pallet.calls,
        event: pallet.event,
        constants: pallet.constants,
        error: pallet.error,
        index: pallet.index,
    });
    let extensions =
        parts.extrinsic.signed_extensions.into_iter().map(|extension| v14::SignedExtensionMetadata {
            identifier: extension.identifier,
            ty: extension.ty,
            additional_signed: extension.additional_signed,
        });
    let metadata = RuntimeMetadataV14 {
        pallets: pallets.collect(),
        extrinsic: v14::ExtrinsicMetadata {
            ty: parts.unchecked_extrinsic,
            version: parts.extrinsic.version,
            signed_extensions: extensions.collect(),
        },
        ty: parts.runtime,
        types: parts.types,
    };
    RuntimeMetadataPrefixed::from(metadata).encode()
}
