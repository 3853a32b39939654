//! The order of signed extrinsics in a block: a function of its lottery and of who sends.

use chain::account::AccountId;
use chain::block::{Hash, SignedExtrinsic};
use parity_scale_codec::Encode as _;
use std::collections::{BTreeMap, VecDeque};

/// Orders extrinsics: each signer's by nonce; between signers by the lottery of the block, with a ticket for each of a
/// signer's extrinsics by its place among them. Neither the order in which they came nor what they hold matters.
#[must_use]
pub fn canonical(extrinsics: Vec<SignedExtrinsic>, lottery: &Hash) -> Vec<SignedExtrinsic> {
    let total = extrinsics.len();
    let mut by_signer: BTreeMap<AccountId, VecDeque<SignedExtrinsic>> = BTreeMap::new();
    for extrinsic in extrinsics {
        by_signer.entry(extrinsic.signer).or_default().push_back(extrinsic);
    }
    // The signer whose next ticket is lowest goes first.
    let mut heads: BTreeMap<(Hash, AccountId), u64> = BTreeMap::new();
    for (signer, queue) in &mut by_signer {
        // Several of one nonce, of which one at most can be dispatched, go by what they hold.
        queue
            .make_contiguous()
            .sort_by(|a, b| a.nonce.cmp(&b.nonce).then_with(|| hash_of(a).cmp(&hash_of(b))));
        heads.insert((ticket(lottery, signer, 0), *signer), 0);
    }
    let mut ordered = Vec::with_capacity(total);
    while let Some(((_, signer), place)) = heads.pop_first() {
        let Some(queue) = by_signer.get_mut(&signer) else { continue };
        ordered.extend(queue.pop_front());
        if !queue.is_empty() {
            let next = place.saturating_add(1);
            heads.insert((ticket(lottery, &signer, next), signer), next);
        }
    }
    ordered
}

/// Ticket of the extrinsic at this place among those of its signer in the block.
fn ticket(lottery: &Hash, signer: &AccountId, place: u64) -> Hash {
    *blake3::keyed_hash(lottery, &(signer, place).encode()).as_bytes()
}

fn hash_of(extrinsic: &SignedExtrinsic) -> Hash {
    *blake3::hash(&extrinsic.encode()).as_bytes()
}
