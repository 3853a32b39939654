//! Which runtime this is.

use super::{SPEC_NAME, SPEC_VERSION, TRANSACTION_VERSION};
use parity_scale_codec::Encode;
use scale_info::TypeInfo;

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
            apis: crate::api::versions().collect(),
            transaction_version: TRANSACTION_VERSION,
            system_version: 1,
        }
    }
}
