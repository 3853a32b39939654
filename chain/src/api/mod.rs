//! The runtime APIs of a Bittensor node: what SDKs ask by `state_call`, answered from a sealed block.
//!
//! Each method is declared once, with its name, typed arguments, typed result and how to answer it; the metadata lists
//! the same declarations. Names of fields are part of the contract, since clients read results by name. Results have
//! the shapes of the runtime that today's clients know (461); what the rules that are served (425) do not have yet is
//! neutral and listed in [`baskets::NOT_MODELLED`].
//!
//! **Source**: spec/clients.md section 3, spec/tables/461/runtime_api_types.txt.

mod accounts;
pub mod baskets;
pub mod delegates;
pub mod fees;
pub mod hyperparams;
mod lists;
pub mod metagraph;
mod names;
pub mod neurons;
pub mod proxy_types;
pub mod stake;
pub mod subnet_state;
pub mod subnets;
pub mod swap;

pub use lists::ByKey;

use crate::block::Sealed;
use crate::crypto::blake2_64;
use crate::runtime::Rules;
use crate::state::{State, Subnet};
use crate::units::{BlockNumber, NetUid};
use crate::wire::{MEMORY_MAX, decode_all_bounded};
use parity_scale_codec::Decode;
use scale_info::MetaType;

/// What an answer is made from.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The block that is asked about.
    pub sealed: &'a Sealed,
    /// What is a matter of choice in the rules.
    pub rules: &'a Rules,
}

impl<'a> View<'a> {
    const fn state(&self) -> &'a State {
        &self.sealed.state
    }
    const fn now(&self) -> BlockNumber {
        self.sealed.state.block
    }
    /// A subnet that exists.
    fn subnet(&self, netuid: NetUid) -> Option<&'a Subnet> {
        self.state().subnet(netuid).filter(|subnet| subnet.added)
    }
    /// Subnets that exist, root included, in the order in which the chain iterates them.
    fn netuids(&self) -> impl Iterator<Item = NetUid> + use<'a> {
        self.state().subnets.iter().filter(|(_, subnet)| subnet.added).map(|(netuid, _)| *netuid)
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// No method has this name.
    #[error("Exported method {0} is not found")]
    Unknown(String),
    /// The arguments are not those of the method.
    #[error("{method}: the arguments do not decode: {reason}")]
    Arguments {
        /// The method.
        method: String,
        /// What is wrong with them.
        reason: String,
    },
}

/// One method of a runtime API.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// The API.
    pub api: &'static str,
    /// The method.
    pub name: &'static str,
    /// What it answers.
    pub doc: &'static str,
    inputs: fn() -> Vec<(&'static str, MetaType)>,
    output: fn() -> MetaType,
    answer: fn(&View<'_>, &[u8]) -> Result<Vec<u8>, parity_scale_codec::Error>,
}

impl Method {
    /// Names and types of its arguments.
    #[must_use]
    pub fn inputs(&self) -> Vec<(&'static str, MetaType)> {
        (self.inputs)()
    }
    /// Type of its result.
    #[must_use]
    pub fn output(&self) -> MetaType {
        (self.output)()
    }
    /// The name by which clients call it.
    #[must_use]
    pub fn exported_name(&self) -> String {
        format!("{}_{}", self.api, self.name)
    }
    fn is_named(&self, name: &str) -> bool {
        name.strip_prefix(self.api).and_then(|rest| rest.strip_prefix('_')) == Some(self.name)
    }
}

/// The runtime APIs that are served, each with its version (of 461). `Metadata` is answered by the node from what it
/// keeps ready.
const APIS: &[(&str, u32)] = &[
    ("Core", 5),
    ("Metadata", 2),
    ("AccountNonceApi", 1),
    ("TransactionPaymentApi", 4),
    ("TransactionPaymentCallApi", 3),
    ("DelegateInfoRuntimeApi", 1),
    ("NeuronInfoRuntimeApi", 1),
    ("SubnetInfoRuntimeApi", 2),
    ("StakeInfoRuntimeApi", 1),
    ("SubnetRegistrationRuntimeApi", 1),
    ("BetaBasketRuntimeApi", 4),
    ("ProxyFilterRuntimeApi", 1),
    ("SwapRuntimeApi", 1),
];

/// The APIs that are served, by the hash of their name, with their versions: as `state_getRuntimeVersion` lists them.
/// polkadot.js asks for older metadata when `Metadata` is not among them.
pub fn versions() -> impl Iterator<Item = ([u8; 8], u32)> {
    APIS.iter().map(|(name, version)| (blake2_64(name.as_bytes()), *version))
}

/// All methods, those of one API one after another.
pub fn methods() -> impl Iterator<Item = &'static Method> {
    [
        accounts::VERSION,
        accounts::NONCE,
        fees::METHODS,
        fees::CALL_METHODS,
        delegates::METHODS,
        neurons::METHODS,
        subnets::METHODS,
        hyperparams::METHODS,
        metagraph::METHODS,
        subnet_state::METHODS,
        stake::METHODS,
        accounts::REGISTRATION,
        baskets::METHODS,
        proxy_types::METHODS,
        swap::METHODS,
    ]
    .into_iter()
    .flatten()
}

/// Answers a call: `method` as in `NeuronInfoRuntimeApi_get_neurons_lite`, arguments and answer SCALE-encoded.
///
/// # Errors
/// When there is no such method, or the arguments are not its own.
pub fn call(view: &View<'_>, method: &str, args: &[u8]) -> Result<Vec<u8>, CallError> {
    let found = methods().find(|candidate| candidate.is_named(method));
    let found = found.ok_or_else(|| CallError::Unknown(method.to_owned()))?;
    (found.answer)(view, args)
        .map_err(|error| CallError::Arguments { method: method.to_owned(), reason: error.to_string() })
}

/// Reads arguments, all of them and nothing besides.
fn arguments<T: Decode>(args: &[u8]) -> Result<T, parity_scale_codec::Error> {
    decode_all_bounded(args, MEMORY_MAX)
}

/// Declares methods of an API: documentation, name, arguments, result, and the function of the view and the arguments
/// that answers.
macro_rules! runtime_api {
    ($list:ident of $api:ident: $(
        #[doc = $doc:literal]
        $method:ident($($arg:ident: $ty:ty),*) -> $out:ty = $answer:expr;
    )*) => {
        pub(super) const $list: &[$crate::api::Method] = &[$($crate::api::Method {
            api: stringify!($api),
            name: stringify!($method),
            doc: $doc.trim_ascii(),
            inputs: || vec![$((stringify!($arg), scale_info::meta_type::<$ty>())),*],
            output: || scale_info::meta_type::<$out>(),
            answer: |view, args| {
                let answer: fn(&$crate::api::View<'_>, $($ty),*) -> $out = $answer;
                let ($($arg,)*): ($($ty,)*) = $crate::api::arguments(args)?;
                Ok(parity_scale_codec::Encode::encode(&answer(view, $($arg),*)))
            },
        }),*];
    };
}
use runtime_api;
