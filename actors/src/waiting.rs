//! Extrinsics of participants that wait for room in a block.

use crate::participant::Intent;
use chain::block::{BlockInput, Extrinsic, Failure, InvalidTransaction, Receipt, SignedExtrinsic};
use parity_scale_codec::{Decode, Encode};

/// Extrinsics that found no room in the last block, with their purposes.
#[derive(Clone, Debug, Default, Encode, Decode)]
pub(crate) struct Waiting(Vec<(Intent, SignedExtrinsic)>);

impl Waiting {
    /// The extrinsics for which a block had no room, and those that their signers signed after them. When the block held no
    /// other signed extrinsic, the next one has no room either: then none waits.
    pub(crate) fn after(input: &BlockInput, receipts: &[Receipt], intents: &[Option<Intent>]) -> Self {
        let mut waiting: Vec<(Intent, SignedExtrinsic)> = Vec::new();
        let mut held = false;
        for ((extrinsic, receipt), intent) in input.extrinsics.iter().zip(receipts).zip(intents) {
            let Extrinsic::Signed(signed) = extrinsic else { continue };
            let waits = match &receipt.result {
                Err(Failure::Invalid(InvalidTransaction::ExhaustsResources)) => true,
                Err(Failure::Invalid(InvalidTransaction::Future)) => {
                    waiting.iter().any(|(_, old)| old.signer == signed.signer)
                }
                Err(Failure::Invalid(_)) => false,
                Ok(()) | Err(_) => {
                    held = true;
                    false
                }
            };
            if let (true, Some(intent)) = (waits, intent) {
                waiting.push((*intent, signed.clone()));
            }
        }
        if held { Self(waiting) } else { Self::default() }
    }

    /// Splits off those whose signer has signed again: the new extrinsic bears the same nonce, since its signer had not seen
    /// the old one in a block. The others come first in the pair.
    pub(crate) fn split(self, signed: &[SignedExtrinsic]) -> (Self, Self) {
        let has_signed = |old: &SignedExtrinsic| signed.iter().any(|new| new.signer == old.signer);
        let (superseded, kept) = self.0.into_iter().partition(|(_, old)| has_signed(old));
        (Self(kept), Self(superseded))
    }

    pub(crate) fn contains(&self, extrinsic: &Extrinsic) -> bool {
        let Extrinsic::Signed(signed) = extrinsic else { return false };
        self.0.iter().any(|(_, old)| old.signer == signed.signer && old.nonce == signed.nonce)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Intent, SignedExtrinsic)> {
        self.0.iter()
    }
}
