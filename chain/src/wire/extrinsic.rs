//! Extrinsics as clients sign and send them: version 4 of Substrate's form.

use super::{MEMORY_MAX, SPEC_VERSION, TRANSACTION_VERSION, decode_bounded};
use crate::account::AccountId;
use crate::block::{Hash, MultiSignature, SignedExtrinsic};
use crate::call::RuntimeCall;
use crate::crypto::blake2_256;
use crate::units::{BlockNumber, Rao};
use parity_scale_codec::{Compact, Decode, Encode, Error, Input};

/// The version byte of a signed extrinsic.
const SIGNED: u8 = 0x84;
/// The version byte of one that nobody signed.
const BARE: u8 = 0x04;
/// How deep calls may stand within calls: reading them takes stack.
pub const CALL_DEPTH_MAX: u32 = 64;
/// Above this length the hash of a payload is signed in its place.
const LONG_PAYLOAD: usize = 256;

/// For how long an extrinsic may wait: from a block on, for a number of blocks.
///
/// **Source**: spec/clients.md section 5 (mortal era).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Mortality {
    /// Blocks, a power of two from 4 to 65,536.
    pub period: u32,
    /// The block from which on it counts.
    pub born: BlockNumber,
    /// Hash of that block; part of what is signed.
    pub birth: Hash,
}

/// An era as it stands on the wire: without the hash it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Era {
    period: u32,
    phase: u32,
}

impl Era {
    /// Every phase is kept as a multiple of this, so that it fits twelve bits.
    const fn quantum(self) -> u32 {
        let quantum = self.period >> 12;
        if quantum == 0 { 1 } else { quantum }
    }
    fn bytes(self) -> [u8; 2] {
        let exponent = self.period.trailing_zeros().clamp(2, 16).saturating_sub(1) as u16;
        let phase = self.phase.checked_div(self.quantum()).unwrap_or_default();
        (exponent | (phase as u16) << 4).to_le_bytes()
    }
    fn read<I: Input>(input: &mut I) -> Result<Option<Self>, Error> {
        let first = input.read_byte()?;
        if first == 0 {
            return Ok(None);
        }
        let word = u16::from_le_bytes([first, input.read_byte()?]);
        let era = Self { period: 2_u32 << (word & 15), phase: 0 };
        let era = Self { phase: u32::from(word >> 4).saturating_mul(era.quantum()), ..era };
        if era.period >= 4 && era.phase < era.period && era.bytes() == word.to_le_bytes() {
            Ok(Some(era))
        } else {
            Err("the era is none".into())
        }
    }
    /// The block from which on it counts, seen from `current`.
    fn birth(self, current: BlockNumber) -> BlockNumber {
        let (period, phase) = (u64::from(self.period), u64::from(self.phase));
        let since = current.max(phase).saturating_sub(phase);
        since.saturating_sub(since.checked_rem(period).unwrap_or_default()).saturating_add(phase)
    }
}

impl Mortality {
    fn era(self) -> Era {
        let phase = self.born.checked_rem(self.period.into()).unwrap_or_default();
        Era { period: self.period, phase: u32::try_from(phase).unwrap_or_default() }
    }
    /// False when its time is over at a block, or has not begun.
    #[must_use]
    pub fn holds_at(&self, current: BlockNumber) -> bool {
        current >= self.born && current < self.born.saturating_add(self.period.into())
    }
}

/// A signed extrinsic as it comes from a client: not yet known to fit this chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// Who says to have signed.
    pub signer: AccountId,
    /// The signature.
    pub signature: MultiSignature,
    /// The signer's nonce.
    pub nonce: u32,
    /// A gift to the block's author.
    pub tip: Rao,
    /// What to do.
    pub call: RuntimeCall,
    era: Option<Era>,
}

/// Bytes that are no extrinsic of this chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The length before it is not that of the bytes.
    #[error("the length at its front is not that of the bytes that follow")]
    Length,
    /// Another version.
    #[error("version byte {0:#04x}: expected 0x84, a signed extrinsic of version 4")]
    Version(u8),
    /// It asks for a check of the metadata's hash.
    #[error("CheckMetadataHash is not served; sign with mode 0")]
    MetadataHash,
    /// Something in it cannot be read.
    #[error("{0}")]
    Codec(String),
    /// Something follows, or a value stands in another form than the one that is signed.
    #[error("the bytes are not in the one canonical form")]
    Form,
}

impl From<Error> for DecodeError {
    fn from(error: Error) -> Self {
        Self::Codec(error.to_string())
    }
}

impl Unchecked {
    /// Reads the bytes of a client, with the length at their front.
    ///
    /// # Errors
    /// Why they are no extrinsic of this chain.
    pub fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut rest = bytes;
        let Compact(length) = Compact::<u32>::decode(&mut rest)?;
        if usize::try_from(length).ok() != Some(rest.len()) {
            return Err(DecodeError::Length);
        }
        let version = rest.read_byte()?;
        if version != SIGNED {
            return Err(DecodeError::Version(version));
        }
        let super::Lookup(signer) = Decode::decode(&mut rest)?;
        let signature = MultiSignature::decode(&mut rest)?;
        let era = Era::read(&mut rest)?;
        let (Compact(nonce), Compact(tip)) = <(Compact<u32>, Compact<u64>)>::decode(&mut rest)?;
        if rest.read_byte()? != 0 {
            return Err(DecodeError::MetadataHash);
        }
        let call = decode_bounded(&mut rest, MEMORY_MAX)?;
        let unchecked = Self { signer, signature, nonce, tip: Rao(tip), call, era };
        if unchecked.clone().born(0, Hash::default()).wire_bytes() == bytes {
            Ok(unchecked)
        } else {
            Err(DecodeError::Form)
        }
    }

    /// Height of the block that its signature names, seen from `current`; genesis for one that never ends.
    #[must_use]
    pub fn birth(&self, current: BlockNumber) -> BlockNumber {
        self.era.map_or(0, |era| era.birth(current))
    }

    /// The extrinsic, with the block that its signature names as seen from `current`, and that block's hash.
    #[must_use]
    pub fn born(self, current: BlockNumber, birth: Hash) -> SignedExtrinsic {
        let Self { signer, signature, nonce, tip, call, era } = self;
        let mortality = era.map(|era| Mortality { period: era.period, born: era.birth(current), birth });
        SignedExtrinsic { signer, nonce, tip, mortality, call, signature }
    }
}

impl SignedExtrinsic {
    /// The bytes that are signed: call, era, nonce, tip, and the chain that they belong to; their hash when they are
    /// long.
    pub fn payload(
        call: &RuntimeCall,
        nonce: u32,
        tip: Rao,
        mortality: Option<Mortality>,
        genesis: &Hash,
    ) -> Vec<u8> {
        let mut out = call.encode();
        push_extra(&mut out, nonce, tip, mortality);
        (SPEC_VERSION, TRANSACTION_VERSION, genesis, mortality.map_or(*genesis, |era| era.birth), 0_u8)
            .encode_to(&mut out);
        if out.len() > LONG_PAYLOAD { blake2_256(&out).to_vec() } else { out }
    }

    /// The bytes as they stand in a block, with their length in front.
    #[must_use]
    pub fn wire_bytes(&self) -> Vec<u8> {
        let mut body = vec![SIGNED];
        super::Lookup(self.signer).encode_to(&mut body);
        self.signature.encode_to(&mut body);
        push_extra(&mut body, self.nonce, self.tip, self.mortality);
        self.call.encode_to(&mut body);
        body.encode()
    }

    /// Length of [`SignedExtrinsic::wire_bytes`], without making them.
    #[must_use]
    pub fn wire_length(&self) -> usize {
        const FIXED: usize = 1 + 33 + 65 + 1;
        let era = if self.mortality.is_some() { 2 } else { 1 };
        let extra = Compact(self.nonce).encoded_size().saturating_add(Compact(self.tip.get()).encoded_size());
        let body = self.call.encoded_size().saturating_add(extra).saturating_add(FIXED).saturating_add(era);
        let front = Compact(u32::try_from(body).unwrap_or(u32::MAX)).encoded_size();
        body.saturating_add(front)
    }
}

/// Era, nonce, tip and the mode of the metadata check.
fn push_extra(out: &mut Vec<u8>, nonce: u32, tip: Rao, mortality: Option<Mortality>) {
    match mortality {
        Some(mortality) => out.extend(mortality.era().bytes()),
        None => out.push(0),
    }
    (Compact(nonce), Compact(tip.get()), 0_u8).encode_to(out);
}

/// The bytes of an extrinsic that nobody signed, with their length in front: what a node itself puts into a block.
#[must_use]
pub fn bare(call: &RuntimeCall) -> Vec<u8> {
    let mut body = vec![BARE];
    call.encode_to(&mut body);
    body.encode()
}

/// The hash by which clients know an extrinsic: `blake2_256` of its bytes, length included.
#[must_use]
pub fn extrinsic_hash(bytes: &[u8]) -> Hash {
    blake2_256(bytes)
}
