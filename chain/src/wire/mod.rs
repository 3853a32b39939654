//! The Substrate form of the chain: the bytes that wallets and SDKs exchange with a node.
//!
//! What stands in blocks is typed; here it gets the form that clients read and sign: extrinsics of version 4,
//! event records with phases, and the metadata that describes every call, event, error, storage item, constant and
//! runtime API. All of it is made from the same types that the runtime executes, so it says what is implemented.
//!
//! **Source**: spec/clients.md sections 2 and 5.

mod address;
mod bounded;
mod event;
mod extrinsic;
pub mod metadata;
mod shape;
mod version;
mod view;

pub use crate::call::DispatchClass;
pub use address::Lookup;
pub use bounded::{MEMORY_MAX, decode_all_bounded, decode_bounded};
pub use event::system_events;
pub use extrinsic::{CALL_DEPTH_MAX, DecodeError, Mortality, Unchecked, bare, extrinsic_hash};
pub use version::RuntimeVersion;
pub use view::{BlockStorageItem, BlockView, EncodedBlock, ReadBlock, sealed_items};

/// The version of the rules that are served.
pub const SPEC_VERSION: u32 = 425;
/// The version of the form of extrinsics.
pub const TRANSACTION_VERSION: u32 = 1;
/// The name of the runtime, as the real chain gives it.
pub const SPEC_NAME: &str = "node-subtensor";
