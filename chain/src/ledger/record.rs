//! Sealed byte strings in pieces: the one shape in which everything lies in the store.
//!
//! A record is `version u8 | body length u64 LE | body | blake3 of all before`, cut into chunks of at most
//! [`CHUNK`] bytes. sled keeps values of this size inside its log; larger ones become files that 0.34.7
//! never deletes.

use super::store::Fault;

/// Largest value given to the store, bytes.
pub(super) const CHUNK: usize = 4_000;

const VERSION: u8 = 1;
const HEADER: usize = 9;
const SEAL: usize = 32;

/// Why bytes read from the store are not what was written.
#[derive(Debug, thiserror::Error)]
pub(super) enum Flaw {
    /// Nothing lies under the key.
    #[error("it is missing")]
    Missing,
    /// A later chunk is absent.
    #[error("chunk {0} is missing")]
    MissingChunk(u32),
    /// The first chunk is too short or of an unknown version.
    #[error("its header is unreadable")]
    Header,
    /// The checksum does not hold.
    #[error("its checksum does not hold")]
    Checksum,
    /// The body does not decode.
    #[error("its bytes do not decode")]
    Decode,
    /// It lies under the number of another block.
    #[error("it says it is block {0}")]
    Number(u64),
    /// The rolling digest is not that of the sections.
    #[error("its digest is not that of its contents")]
    Digest,
    /// It does not continue the block before it.
    #[error("it does not continue the block before it")]
    Parent,
    /// It belongs to another chain.
    #[error("it was taken on another chain")]
    Chain,
    /// The store itself failed.
    #[error("{0}")]
    Store(#[from] Fault),
}

impl Flaw {
    /// Whether the bytes are at fault, and not the system that should have delivered them.
    pub(super) fn is_damage(&self) -> bool {
        !matches!(self, Self::Store(fault) if !fault.is_damage())
    }
}

/// Seals `body` into a record.
pub(super) fn seal(body: &[u8]) -> Vec<u8> {
    let mut record = Vec::with_capacity(body.len().saturating_add(HEADER).saturating_add(SEAL));
    record.push(VERSION);
    record.extend_from_slice(&(body.len() as u64).to_le_bytes());
    record.extend_from_slice(body);
    let checksum = blake3::hash(&record);
    record.extend_from_slice(checksum.as_bytes());
    record
}

/// Puts a record together from its chunks, asked for by index, and opens the seal.
///
/// # Errors
/// [`Flaw::Missing`] when there is no first chunk, otherwise what is wrong with the bytes.
pub(super) fn unseal(mut chunk: impl FnMut(u32) -> Result<Option<Vec<u8>>, Fault>) -> Result<Vec<u8>, Flaw> {
    let mut record = chunk(0)?.ok_or(Flaw::Missing)?;
    let total = total_len(&record)?;
    let mut index = 0u32;
    while (record.len() as u64) < total {
        index = index.saturating_add(1);
        let next = chunk(index)?.ok_or(Flaw::MissingChunk(index))?;
        if next.is_empty() {
            return Err(Flaw::MissingChunk(index));
        }
        record.extend_from_slice(&next);
    }
    if record.len() as u64 != total {
        return Err(Flaw::Checksum);
    }
    let (sealed, seal) = record.split_last_chunk::<SEAL>().ok_or(Flaw::Header)?;
    if blake3::hash(sealed) != blake3::Hash::from_bytes(*seal) {
        return Err(Flaw::Checksum);
    }
    record.truncate(record.len().saturating_sub(SEAL));
    record.drain(..HEADER);
    Ok(record)
}

fn total_len(first: &[u8]) -> Result<u64, Flaw> {
    let (version, rest) = first.split_first().ok_or(Flaw::Header)?;
    let (len, _) = rest.split_first_chunk::<8>().ok_or(Flaw::Header)?;
    if *version != VERSION {
        return Err(Flaw::Header);
    }
    u64::from_le_bytes(*len).checked_add((HEADER.saturating_add(SEAL)) as u64).ok_or(Flaw::Header)
}
