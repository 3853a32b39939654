//! `TaggedTransactionQueue_validate_transaction`: whether the pool would take an extrinsic after a block, as clients ask
//! before they send it.

use super::error;
use crate::node::{Block, Rejection, Shared};
use chain::block::{Failure, InvalidTransaction};
use jsonrpsee::types::ErrorObjectOwned;
use parity_scale_codec::{Compact, Decode as _, Encode as _};

/// The name by which clients call it.
pub(super) const METHOD: &str = "TaggedTransactionQueue_validate_transaction";

/// Answers the call. Its arguments are where the extrinsic came from, the extrinsic, and the hash of the block.
pub(super) fn validate(
    shared: &Shared,
    block: &Block,
    arguments: &[u8],
) -> Result<Vec<u8>, ErrorObjectOwned> {
    let bad = || error::bad_arguments(METHOD);
    let Some((0..=2, rest)) = arguments.split_first() else { return Err(bad()) };
    let mut body = rest;
    let Compact(length) = Compact::<u32>::decode(&mut body).map_err(|_| bad())?;
    let length =
        rest.len().saturating_sub(body.len()).saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
    let (extrinsic, hash) = rest.split_at_checked(length).ok_or_else(bad)?;
    if hash.len() != 32 {
        return Err(bad());
    }
    let checked = shared
        .read(block, extrinsic)
        .and_then(|extrinsic| shared.validate(block, &extrinsic).map_err(Rejection::Invalid));
    match checked {
        Ok(validity) => Ok((0_u8, validity).encode()),
        Err(Rejection::Invalid(why)) => Ok(invalid(why)),
        Err(_) => Err(bad()),
    }
}

fn invalid(why: InvalidTransaction) -> Vec<u8> {
    let index = match why {
        InvalidTransaction::Call => 0,
        InvalidTransaction::Payment => 1,
        InvalidTransaction::Future => 2,
        InvalidTransaction::Stale => 3,
        InvalidTransaction::BadProof => 4,
        InvalidTransaction::AncientBirthBlock => 5,
        InvalidTransaction::ExhaustsResources => 6,
        InvalidTransaction::NoUnsignedValidator => return vec![1, 1, 1],
        InvalidTransaction::Custom(code) => return vec![1, 0, 7, code],
        InvalidTransaction::BadSigner => 10,
    };
    vec![1, 0, index]
}

/// What would become of an extrinsic alone in the next block, as `system_dryRun` gives it.
pub(super) fn dry_run(shared: &Shared, block: &Block, extrinsic: &[u8]) -> Result<Vec<u8>, ErrorObjectOwned> {
    super::form::sealed(block)?;
    let read = match shared.read(block, extrinsic) {
        Ok(read) => read,
        Err(Rejection::Invalid(why)) => return Ok(invalid(why)),
        Err(rejection) => return Err(error::rejection(&rejection)),
    };
    let receipt = shared.dry_run(block, read).ok_or_else(|| error::discarded(&block.hash))?;
    Ok(match receipt.result {
        Ok(()) => vec![0, 0],
        Err(Failure::Invalid(why)) => invalid(why),
        Err(Failure::Dispatch(error)) => (0_u8, 1_u8, error).encode(),
    })
}
