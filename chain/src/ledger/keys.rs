//! Keys of the one tree. Numbers are big-endian, so that byte order is block order.
//!
//! | prefix | key | value |
//! |--|--|--|
//! | `B` | number u64, chunk u32 | frame record |
//! | `H` | first 16 bytes of the block hash | number u64 |
//! | `C` | number u64, chunk u32 | checkpoint description record |
//! | `P` | number u64, chunk u32 | checkpoint bytes record |
//! | `I` | 0 u64, chunk u32 | identity record |

/// What a key leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Frame = b'B',
    Hash = b'H',
    Checkpoint = b'C',
    Pages = b'P',
    Identity = b'I',
}

/// Key of one chunk of a record.
pub(super) fn chunk(kind: Kind, number: u64, chunk: u32) -> [u8; 13] {
    let mut key = [0; 13];
    let (prefix, rest) = key.split_at_mut(1);
    prefix.fill(kind as u8);
    let (number_part, chunk_part) = rest.split_at_mut(8);
    number_part.copy_from_slice(&number.to_be_bytes());
    chunk_part.copy_from_slice(&chunk.to_be_bytes());
    key
}

/// Key of the hash index. Sixteen bytes tell all blocks apart; the frame confirms the rest.
pub(super) fn hash(hash: &[u8; 32]) -> [u8; 17] {
    let mut key = [Kind::Hash as u8; 17];
    for (to, from) in key.iter_mut().skip(1).zip(hash) {
        *to = *from;
    }
    key
}

/// Number in a key made by [`chunk`].
pub(super) fn number(key: &[u8]) -> Option<u64> {
    let (_, rest) = key.split_first()?;
    rest.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes))
}
