//! The real chain's own declaration of its metadata at the served spec version: names, paths and order, without
//! documentation, constants' values and defaults of storage items.
//!
//! Which types, items and calls are served, and how they are encoded, is decided by our types alone; see
//! [`super::unify`]. The file is made from the recorded metadata, which a test holds it to.

use frame_metadata::v14::RuntimeMetadataV14;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use parity_scale_codec::DecodeAll as _;

/// The declaration, SCALE-encoded metadata of version 14.
pub(crate) const BYTES: &[u8] = include_bytes!("declared.scale");

/// Reads the declaration.
pub(super) fn read() -> Option<RuntimeMetadataV14> {
    let prefixed = RuntimeMetadataPrefixed::decode_all(&mut &*BYTES).ok()?;
    match prefixed.1 {
        RuntimeMetadata::V14(metadata) => Some(metadata),
        _ => None,
    }
}
