//! Errors with the codes and words that clients look for.

use super::form::hex;
use crate::node::{DevError, Refusal, Rejection};
use chain::block::{Hash, InvalidTransaction};
use jsonrpsee::types::ErrorObjectOwned;

/// A block or state that cannot be had, or a runtime call that failed.
const CLIENT: i32 = 4_003;
/// More keys than a page holds.
const COUNT: i32 = 4_002;
/// Bytes that are no extrinsic.
const BAD_FORMAT: i32 = 1_001;
/// The chain refuses it.
const INVALID: i32 = 1_010;
/// It is here already.
const KNOWN: i32 = 1_013;
/// Another with its nonce is here.
const PRIORITY: i32 = 1_014;
/// No room.
const DROPPED: i32 = 1_016;
/// Parameters that do not fit.
const PARAMS: i32 = -32_602;
/// The node cannot do it.
const INTERNAL: i32 = -32_603;
/// A developer's order that is refused.
const DEVELOPER: i32 = 5_001;

/// A method of the chain's own failed.
const OWN_METHOD: i32 = 1;
/// A connection follows the chain too often.
const FOLLOWS: i32 = -32_800;
/// A block that is not pinned.
const NOT_PINNED: i32 = -32_801;
/// The runtime is asked by a follower without it.
const WITHOUT_RUNTIME: i32 = -32_802;
/// An operation that does not wait is told to go on.
const NO_CONTINUE: i32 = -32_803;
/// A hash that is given twice.
const TWICE: i32 = -32_804;

/// More followers than a connection may have.
pub(super) fn too_many_follows(max: usize) -> ErrorObjectOwned {
    plain(FOLLOWS, format!("a connection has at most {max} chainHead_v1_follow subscriptions"))
}

/// A block that is not pinned.
pub(super) fn not_pinned() -> ErrorObjectOwned {
    plain(NOT_PINNED, "the block was not reported by chainHead_v1_follow, or has been unpinned".to_owned())
}

/// A follower that did not ask for the runtime.
pub(super) fn without_runtime() -> ErrorObjectOwned {
    plain(WITHOUT_RUNTIME, "chainHead_v1_follow was called with withRuntime false".to_owned())
}

/// An operation that does not wait.
pub(super) fn no_continue() -> ErrorObjectOwned {
    plain(NO_CONTINUE, "the operation does not wait for chainHead_v1_continue".to_owned())
}

/// A hash that is given twice.
pub(super) fn twice() -> ErrorObjectOwned {
    plain(TWICE, "a block hash is given twice".to_owned())
}

/// A method of the chain's own that its runtime cannot answer.
pub(super) fn own_method(why: &str) -> ErrorObjectOwned {
    plain(OWN_METHOD, why.to_owned())
}

/// A proof that does not exist.
pub(super) fn no_proof() -> ErrorObjectOwned {
    plain(
        CLIENT,
        "Client error: there are no read proofs: the state root of this chain is a rolling digest over inputs, receipts and \
         events and no trie root; read the values themselves with state_getStorage or state_queryStorageAt"
            .to_owned(),
    )
}

/// An operation that does not exist.
pub(super) fn no_operation(id: &str) -> ErrorObjectOwned {
    plain(PARAMS, format!("Invalid params: there is no operation {id} on this connection"))
}

fn plain(code: i32, message: String) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(code, message, None::<()>)
}

/// More than a page holds.
pub(super) fn count(value: u64, max: u64) -> ErrorObjectOwned {
    plain(COUNT, format!("count exceeds maximum value. value: {value}, max: {max}"))
}

/// Parameters that do not fit.
pub(super) fn params(what: &str) -> ErrorObjectOwned {
    plain(PARAMS, format!("Invalid params: {what}"))
}

/// A hash that no block has.
pub(super) fn unknown_block(hash: &Hash) -> ErrorObjectOwned {
    plain(CLIENT, format!("Client error: UnknownBlock: Header was not found in the database: {}", hex(hash)))
}

/// A block that has left the window.
pub(super) fn discarded(hash: &Hash) -> ErrorObjectOwned {
    plain(CLIENT, format!("Client error: UnknownBlock: State already discarded for {}", hex(hash)))
}

/// The same, where a node would have to run the runtime of that block: the SDK knows it by these words.
pub(super) fn no_runtime(hash: &Hash) -> ErrorObjectOwned {
    plain(
        CLIENT,
        format!("Client error: Api called for an unknown Block: State already discarded for {}", hex(hash)),
    )
}

/// A runtime API that is not there.
pub(super) fn no_method(method: &str) -> ErrorObjectOwned {
    plain(CLIENT, format!("Client error: Execution failed: Other: Exported method {method} is not found"))
}

/// Arguments that a runtime API cannot read.
pub(super) fn bad_arguments(method: &str) -> ErrorObjectOwned {
    plain(
        CLIENT,
        format!(
            "Client error: Execution failed: Execution aborted due to trap: Bad input data provided to {method}"
        ),
    )
}

/// The node ended.
pub(super) fn ended() -> ErrorObjectOwned {
    plain(INTERNAL, "the node is closing".to_owned())
}

/// A developer's order that failed.
pub(super) fn developer(error: &DevError) -> ErrorObjectOwned {
    match error {
        DevError::Refused(why) => plain(DEVELOPER, why.clone()),
        DevError::Failed(why) => plain(INTERNAL, why.clone()),
    }
}

/// An order that makes no sense.
pub(super) fn refused(why: String) -> ErrorObjectOwned {
    plain(DEVELOPER, why)
}

/// An extrinsic that is not taken.
pub(super) fn rejection(rejection: &Rejection) -> ErrorObjectOwned {
    match rejection {
        Rejection::Format(why) => plain(BAD_FORMAT, format!("Extrinsic has invalid format: {why}")),
        Rejection::Invalid(why) => ErrorObjectOwned::owned(INVALID, "Invalid Transaction", Some(words(*why))),
        Rejection::Pool(Refusal::Known, hash) => {
            ErrorObjectOwned::owned(KNOWN, "Transaction Already Imported", Some(hex(hash)))
        }
        Rejection::Pool(Refusal::Priority, _) => ErrorObjectOwned::owned(
            PRIORITY,
            "Priority is too low: (1 vs 1)",
            Some("The transaction has too low priority to replace another transaction already in the pool."),
        ),
        Rejection::Pool(Refusal::Full, _) => ErrorObjectOwned::owned(
            DROPPED,
            "Immediately Dropped",
            Some("The transaction couldn't enter the pool because of the limit"),
        ),
        Rejection::Pool(Refusal::TooFar, _) => {
            ErrorObjectOwned::owned(INVALID, "Invalid Transaction", Some(words(InvalidTransaction::Future)))
        }
    }
}

/// The words of the chain's SDK.
fn words(why: InvalidTransaction) -> String {
    match why {
        InvalidTransaction::Stale => "Transaction is outdated",
        InvalidTransaction::Future => "Transaction will be valid in the future",
        InvalidTransaction::BadProof => "Transaction has a bad signature",
        InvalidTransaction::AncientBirthBlock => "Transaction has an ancient birth block",
        InvalidTransaction::Payment => "Inability to pay some fees (e.g. account balance too low)",
        InvalidTransaction::BadSigner => "Invalid signing address",
        InvalidTransaction::ExhaustsResources => "Transaction would exhaust the block limits",
        InvalidTransaction::NoUnsignedValidator => {
            "Could not find an unsigned validator for the unsigned transaction"
        }
        InvalidTransaction::Call => "Transaction call is not expected",
        InvalidTransaction::Custom(code) => return format!("Custom error: {code}"),
    }
    .to_owned()
}
