//! Which runtime this is.

use super::{SPEC_NAME, SPEC_VERSION, TRANSACTION_VERSION};
use parity_scale_codec::Encode;
use scale_info::TypeInfo;

/// Runtime APIs by the hash of their name, with their versions, as `state_getRuntimeVersion` lists them.
///
/// `Metadata` has to be among them: polkadot.js asks for older metadata otherwise.
pub const APIS: &[([u8; 8], u32)] = &[
    ([0xdf, 0x6a, 0xcb, 0x68, 0x99, 0x07, 0x60, 0x9b], 5),
    ([0x37, 0xe3, 0x97, 0xfc, 0x7c, 0x91, 0xf5, 0xe4], 2),
    ([0xbc, 0x9d, 0x89, 0x90, 0x4f, 0x5b, 0x92, 0x3f], 1),
    ([0x37, 0xc8, 0xbb, 0x13, 0x50, 0xa9, 0xa2, 0xa8], 4),
];

/// The version of the runtime (`System.Version`, `Core_version`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, TypeInfo)]
pub struct RuntimeVersion {
    /// Name of the runtime.
    pub spec_name: String,
    /// Name of the node.
    pub impl_name: String,
    /// Version of block production.
    pub authoring_version: u32,
    /// Version of the rules.
    pub spec_version: u32,
    /// Version of the node.
    pub impl_version: u32,
    /// Runtime APIs and their versions.
    pub apis: Vec<([u8; 8], u32)>,
    /// Version of the form of extrinsics.
    pub transaction_version: u32,
    /// Version of the storage's form.
    pub system_version: u8,
}

impl RuntimeVersion {
    /// What this program serves.
    #[must_use]
    pub fn current() -> Self {
        Self {
            spec_name: SPEC_NAME.to_owned(),
            impl_name: SPEC_NAME.to_owned(),
            authoring_version: 1,
            spec_version: SPEC_VERSION,
            impl_version: 1,
            apis: APIS.to_vec(),
            transaction_version: TRANSACTION_VERSION,
            system_version: 1,
        }
    }
}
