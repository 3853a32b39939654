//! Merkle values of parts of the state, as Substrate's trie of version 1 has them.
//!
//! The chain's own state root is a rolling digest and no trie root, so these values prove nothing about a block. They are
//! for clients that compare them: equal values mean equal rows.

use chain::crypto::blake2_256;
use parity_scale_codec::{Compact, Encode as _};

/// A value of more bytes stands in its node as its hash.
const INLINE_MAX: usize = 32;

/// A row: the nibbles of its key, and its value.
pub(super) type Row = (Vec<u8>, Vec<u8>);

/// The nibbles of a key, the high one of each byte first.
pub(super) fn nibbles(key: &[u8]) -> Vec<u8> {
    key.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect()
}

/// Nibbles that two keys begin with alike.
pub(super) fn common(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// The Merkle value of the node under which all these rows lie, when so many nibbles of their keys stand above it; nothing
/// for no rows. The rows are sorted by key, and no key is there twice.
pub(super) fn merkle_value(rows: &[Row], above: usize) -> Option<Vec<u8>> {
    let node = node(rows, above)?;
    Some(if node.len() < 32 { node } else { blake2_256(&node).to_vec() })
}

fn node(rows: &[Row], above: usize) -> Option<Vec<u8>> {
    let ((first, value), (last, _)) = (rows.first()?, rows.last()?);
    if rows.len() == 1 {
        let mut out = head([0x40, 0x20], value, first.get(above..)?);
        put_value(&mut out, value);
        return Some(out);
    }
    let end = common(first, last);
    let partial = first.get(above..end)?;
    let (value, below) = if first.len() == end { (Some(value), rows.get(1..)?) } else { (None, rows) };
    let mut out = match value {
        Some(value) => head([0xc0, 0x10], value, partial),
        None => head([0x80, 0x80], &[], partial),
    };
    let mut children = Vec::new();
    let mut bitmap = 0_u16;
    for child in below.chunk_by(|(one, _), (other, _)| one.get(end) == other.get(end)) {
        bitmap |= 1 << child.first()?.0.get(end)?;
        merkle_value(child, end.saturating_add(1))?.encode_to(&mut children);
    }
    out.extend(bitmap.to_le_bytes());
    if let Some(value) = value {
        put_value(&mut out, value);
    }
    out.extend(children);
    Some(out)
}

/// The first bytes of a node: its kind, for a value in it and for the hash of one, and its part of the key.
fn head([inline, hashed]: [u8; 2], value: &[u8], partial: &[u8]) -> Vec<u8> {
    let kind = if value.len() > INLINE_MAX { hashed } else { inline };
    // The bits below the highest that is set, or below the highest two.
    let room = match kind {
        0x10 => 15,
        0x20 => 31,
        _ => 63,
    };
    let length = partial.len();
    let mut out = vec![kind | u8::try_from(length.min(room)).unwrap_or_default()];
    if length >= room {
        let mut rest = length.saturating_sub(room);
        while rest >= 255 {
            out.push(255);
            rest = rest.saturating_sub(255);
        }
        out.push(u8::try_from(rest).unwrap_or_default());
    }
    let (odd, pairs) = partial.split_at(length % 2);
    out.extend(odd);
    out.extend(pairs.chunks(2).map(|pair| pair.iter().fold(0, |byte, nibble| byte << 4 | nibble)));
    out
}

fn put_value(out: &mut Vec<u8>, value: &[u8]) {
    if value.len() > INLINE_MAX {
        out.extend(blake2_256(value));
    } else {
        Compact(u32::try_from(value.len()).unwrap_or_default()).encode_to(out);
        out.extend(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[(&[u8], &[u8])]) -> Vec<Row> {
        rows.iter().map(|(key, value)| (nibbles(key), value.to_vec())).collect()
    }

    /// Encodings of Substrate's own trie.
    #[test]
    fn nodes_are_encoded_as_substrate_does() {
        let leaf = rows(&[(&[0xaa], &[0xbb])]);
        assert_eq!(node(&leaf, 0).unwrap(), [0x42, 0xaa, 4, 0xbb]);
        let two = rows(&[(&[0x13, 0x14], &[0xff]), (&[0x48, 0x19], &[0xfe])]);
        let branch = [
            &[0x80, 0x12, 0x00][..],
            &[5 << 2, 0x43, 0x03, 0x14, 4, 0xff],
            &[5 << 2, 0x43, 0x08, 0x19, 4, 0xfe],
        ];
        assert_eq!(node(&two, 0).unwrap(), branch.concat());
        let nested = rows(&[(&[0x12], &[1]), (&[0x12, 0x34], &[2])]);
        let expected = [0xc2, 0x12, 8, 0, 4, 1, 4 << 2, 0x41, 0x04, 4, 2];
        assert_eq!(node(&nested, 0).unwrap(), expected);
    }

    #[test]
    fn long_values_stand_as_hashes_and_long_keys_go_on() {
        let value = [7; 33];
        let long = rows(&[(&[0x11; 32], &value)]);
        let out = node(&long, 0).unwrap();
        assert_eq!(out[..2], [0x20 | 31, 64 - 31]);
        assert_eq!(out[2 + 32..], blake2_256(&value));
        assert_eq!(merkle_value(&long, 0).unwrap(), blake2_256(&out));
        let inline = node(&rows(&[(&[0x11; 32], &[7; 32])]), 0).unwrap();
        assert_eq!(inline[..2], [0x40 | 63, 1]);
        assert_eq!(merkle_value(&[], 0), None);
    }
}
