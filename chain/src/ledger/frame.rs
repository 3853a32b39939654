//! One block as the ledger keeps it.

use parity_scale_codec::{Decode, DecodeAll, Encode};

use super::record::Flaw;

const TAG: &[u8] = b"localnet/ledger/frame/1";

/// One block: opaque sections, and the rolling digest that chains them.
///
/// **Invariant** of every frame in a ledger: `digest` is [`Frame::digest_of`] its sections, `parent_digest`
/// is the digest of the frame before (the genesis digest for the first), numbers run from 1 without gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Frame {
    /// Height of the block; the first frame of a ledger is 1.
    pub number: u64,
    /// Block hash as clients know it, given by the caller.
    pub hash: [u8; 32],
    /// Rolling digest of the block before.
    pub parent_digest: [u8; 32],
    /// Rolling digest of this block.
    pub digest: [u8; 32],
    /// Encoded header.
    pub header: Vec<u8>,
    /// Ordered inputs: what has to be executed again to get the block.
    pub inputs: Vec<u8>,
    /// Receipts of the inputs.
    pub receipts: Vec<u8>,
    /// Events of the block.
    pub events: Vec<u8>,
    /// What came from outside during the block.
    pub tape: Vec<u8>,
    /// Digests of the participants' event log.
    pub log: Vec<u8>,
}

impl Frame {
    /// Rolling digest: `blake3(tag, parent digest, inputs, receipts, events)`, each section behind its
    /// length as u64 LE. Header, tape and log are not part of it, so that what a header says can never
    /// change a run; a checksum over the whole frame guards them on disk.
    #[must_use]
    pub fn digest_of(parent_digest: &[u8; 32], inputs: &[u8], receipts: &[u8], events: &[u8]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(TAG).update(parent_digest);
        for section in [inputs, receipts, events] {
            hasher.update(&(section.len() as u64).to_le_bytes()).update(section);
        }
        *hasher.finalize().as_bytes()
    }

    /// Whether `digest` is that of the sections and the parent digest.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.digest == Self::digest_of(&self.parent_digest, &self.inputs, &self.receipts, &self.events)
    }

    /// Bytes the frame weighs in the queue.
    pub(super) fn weight(&self) -> usize {
        [&self.header, &self.inputs, &self.receipts, &self.events, &self.tape, &self.log]
            .into_iter()
            .fold(160, |sum, section| sum.saturating_add(section.len()))
    }

    /// Reads the body of the record of block `number` and checks all that needs no neighbour.
    pub(super) fn read(number: u64, body: &[u8]) -> Result<Self, Flaw> {
        let frame = Self::decode_all(&mut &*body).map_err(|_| Flaw::Decode)?;
        if frame.number != number {
            return Err(Flaw::Number(frame.number));
        }
        if !frame.holds() {
            return Err(Flaw::Digest);
        }
        Ok(frame)
    }
}
