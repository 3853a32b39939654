//! The order of signed extrinsics in a block: a function of the block alone.

use chain::account::AccountId;
use chain::block::{Hash, SignedExtrinsic};
use parity_scale_codec::Encode as _;
use std::collections::{BTreeMap, VecDeque};

/// Orders extrinsics: each signer's by nonce; between signers a lottery keyed by the block's entropy, with a
/// ticket for every extrinsic. The order in which they came does not matter.
#[must_use]
pub fn canonical(extrinsics: Vec<SignedExtrinsic>, entropy: &Hash) -> Vec<SignedExtrinsic> {
    let mut by_signer: BTreeMap<AccountId, VecDeque<([u8; 32], SignedExtrinsic)>> = BTreeMap::new();
    let total = extrinsics.len();
    for extrinsic in extrinsics {
        let ticket = *blake3::keyed_hash(entropy, &extrinsic.encode()).as_bytes();
        by_signer.entry(extrinsic.signer).or_default().push_back((ticket, extrinsic));
    }
    for queue in by_signer.values_mut() {
        queue.make_contiguous().sort_by_key(|(ticket, extrinsic)| (extrinsic.nonce, *ticket));
    }
    // The signer whose next ticket is lowest goes first.
    let mut heads: BTreeMap<([u8; 32], AccountId), ()> = BTreeMap::new();
    for (signer, queue) in &by_signer {
        if let Some((ticket, _)) = queue.front() {
            heads.insert((*ticket, *signer), ());
        }
    }
    let mut ordered = Vec::with_capacity(total);
    while let Some(((_, signer), ())) = heads.pop_first() {
        let Some(queue) = by_signer.get_mut(&signer) else { continue };
        if let Some((_, extrinsic)) = queue.pop_front() {
            ordered.push(extrinsic);
        }
        if let Some((ticket, _)) = queue.front() {
            heads.insert((*ticket, signer), ());
        }
    }
    ordered
}
