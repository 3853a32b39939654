//! What goes into a block, what comes out of it, and how it is named.
//!
//! **Source**: design of the ledger: the header is Substrate's, its state-root field carries our rolling
//! digest, so a client recomputes the block hash and a run is compared by one number.

use crate::account::AccountId;
use crate::call::RuntimeCall;
use crate::economics::Economics;
use crate::error::DispatchError;
use crate::event::EventRecord;
use crate::invariants::Violation;
use crate::state::State;
use crate::types::hex_bytes;
use crate::units::{BlockNumber, Rao};
use crate::wire::Mortality;
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest as _};
use parity_scale_codec::{Compact, Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Thirty-two bytes that name something.
pub type Hash = [u8; 32];

/// Everything that `execute_block` needs beside the state.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BlockInput {
    /// Height; the state's block plus one.
    pub number: BlockNumber,
    /// Virtual time, milliseconds since the Unix epoch.
    pub timestamp_ms: u64,
    /// Hash of the parent block, as clients compute it.
    pub parent_hash: Hash,
    /// What the rules draw from where the real chain draws from the parent hash: see
    /// [`Env::lottery`](crate::runtime::Env::lottery).
    pub lottery: Hash,
    /// Who receives fees; `None` drops them.
    pub author: Option<AccountId>,
    /// Extrinsics in the order in which they run.
    pub extrinsics: Vec<Extrinsic>,
}

/// A call and who answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Extrinsic {
    /// Signed by an account; pays fees, moves its nonce.
    Signed(SignedExtrinsic),
    /// Without a signature, as root. Genesis scripts, cheats of a scenario, conformance; never from a client.
    Root(RuntimeCall),
    /// As an account but without signature, nonce or fee. Reference vectors only, and impersonation.
    Unchecked {
        /// On whose behalf.
        who: AccountId,
        /// The call.
        call: RuntimeCall,
    },
    /// Nobody's: the call itself proves that it may come, as a drand pulse does.
    Unsigned(RuntimeCall),
    /// Other rules from the next block on: what a forkless upgrade does to the network.
    Upgrade(Box<Economics>),
}

/// A signed extrinsic.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedExtrinsic {
    /// Who signs.
    pub signer: AccountId,
    /// The signer's nonce; one more than that of its last extrinsic.
    pub nonce: u32,
    /// A gift to the block's author.
    pub tip: Rao,
    /// For how long it may wait; `None` for ever.
    pub mortality: Option<Mortality>,
    /// What to do.
    pub call: RuntimeCall,
    /// Over [`SignedExtrinsic::payload`].
    pub signature: MultiSignature,
}

/// A signature with its scheme, indexed as on chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum MultiSignature {
    /// Ed25519: what participants inside the process use, since it draws no entropy.
    #[codec(index = 0)]
    Ed25519(#[serde(with = "hex_bytes")] [u8; 64]),
    /// Sr25519: what wallets use.
    #[codec(index = 1)]
    Sr25519(#[serde(with = "hex_bytes")] [u8; 64]),
    /// ECDSA on secp256k1, with the recovery id at the end. Its account is the hash of the compressed key.
    #[codec(index = 2)]
    Ecdsa(#[serde(with = "hex_bytes")] [u8; 65]),
}

impl MultiSignature {
    /// The signature without its scheme.
    #[must_use]
    pub const fn bytes(&self) -> &[u8] {
        match self {
            Self::Ed25519(bytes) | Self::Sr25519(bytes) => bytes,
            Self::Ecdsa(bytes) => bytes,
        }
    }
}

/// What became of an extrinsic.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    /// Result of its dispatch, or why it never came to that.
    pub result: Result<(), Failure>,
    /// Fee paid.
    pub fee: Rao,
}

/// Why an extrinsic did nothing (but, when dispatched, pay its fee and move its nonce).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, thiserror::Error)]
pub enum Failure {
    /// Never dispatched: it left no trace at all.
    #[error("invalid transaction: {0}")]
    Invalid(InvalidTransaction),
    /// Dispatched and rolled back.
    #[error("{0}")]
    Dispatch(DispatchError),
}

/// Why an extrinsic could not be dispatched (spec/chain.md 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, thiserror::Error)]
pub enum InvalidTransaction {
    /// Its nonce was used before.
    #[error("Stale: the nonce was used before")]
    Stale,
    /// Its nonce is ahead of the account's.
    #[error("Future: the nonce is ahead of the account's")]
    Future,
    /// The signature does not fit signer, call, nonce and genesis.
    #[error("BadProof: the signature does not fit")]
    BadProof,
    /// Its time is over, or has not begun.
    #[error("AncientBirthBlock: the time for which it was signed is over")]
    AncientBirthBlock,
    /// The block has no room for it, or no block ever has.
    #[error("ExhaustsResources: it weighs more or is longer than the block has room for")]
    ExhaustsResources,
    /// Unsigned, and of a pallet that takes no unsigned calls.
    #[error("NoUnsignedValidator: its pallet takes no unsigned extrinsics")]
    NoUnsignedValidator,
    /// The signer cannot pay the fee.
    #[error("Payment: the signer cannot pay the fee")]
    Payment,
    /// A `Sudo` call by anyone but the sudo key, or an unsigned call that a node must sign inside and did not.
    #[error("BadSigner: it is not of one who may send it")]
    BadSigner,
    /// A call that nobody may send without a signature.
    #[error("Call: it may not come unsigned")]
    Call,
    /// A guard of the chain refused it before dispatch.
    #[error("Custom({0})")]
    Custom(u8),
}

/// The header of a block, as Substrate encodes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// Hash of the parent block.
    pub parent_hash: Hash,
    /// Height.
    #[codec(compact)]
    pub number: u32,
    /// The rolling digest after this block.
    pub state_root: Hash,
    /// Hash over the encoded extrinsics.
    pub extrinsics_root: Hash,
    /// Log items; none.
    pub digest: Vec<Compact<u32>>,
}

impl Header {
    /// `blake2_256` of the SCALE-encoded header: the block hash that a client recomputes.
    pub fn hash(&self) -> Hash {
        Blake2b::<U32>::digest(self.encode()).into()
    }
}

/// A block after its execution: what readers see.
///
/// `System.Events` and `Timestamp.Now` are here and not in [`State`].
#[derive(Clone, Debug)]
pub struct Sealed {
    /// State after the block.
    pub state: State,
    /// Header.
    pub header: Header,
    /// Hash of the header.
    pub hash: Hash,
    /// Virtual time of the block, milliseconds.
    pub timestamp_ms: u64,
    /// Events in emission order.
    pub events: Arc<Vec<EventRecord>>,
    /// Receipts in the order of the extrinsics.
    pub receipts: Arc<Vec<Receipt>>,
}

/// What `execute_block` gives back beside the new state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockOutcome {
    /// Events in emission order.
    pub events: Vec<EventRecord>,
    /// Receipts in the order of the extrinsics.
    pub receipts: Vec<Receipt>,
    /// Invariants that the block broke, one violation of each at most; nobody looks unless the runtime was told to.
    pub violations: Vec<Violation>,
}
