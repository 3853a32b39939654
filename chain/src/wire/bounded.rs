//! Decoding of bytes from outside: a few bytes may stand for a large value, so memory and depth are bounded.

use super::CALL_DEPTH_MAX;
use parity_scale_codec::{Decode, DecodeLimit as _, Error, Input};

/// Memory that a value decoded from outside may take, its own bytes apart. **Units**: bytes.
///
/// The real chain allows an extrinsic as much.
pub const MEMORY_MAX: usize = 16 * 1_024 * 1_024;

/// An input that refuses values of more than `left` bytes of memory.
struct Bounded<'a, 'b> {
    bytes: &'a mut &'b [u8],
    left: usize,
}

impl Input for Bounded<'_, '_> {
    fn remaining_len(&mut self) -> Result<Option<usize>, Error> {
        self.bytes.remaining_len()
    }
    fn read(&mut self, into: &mut [u8]) -> Result<(), Error> {
        self.bytes.read(into)
    }
    fn on_before_alloc_mem(&mut self, size: usize) -> Result<(), Error> {
        self.left = self.left.checked_sub(size).ok_or("the value takes too much memory")?;
        Ok(())
    }
}

/// Decodes a value from the front of `bytes` that takes at most `memory` bytes and nests no deeper than a call may.
///
/// # Errors
/// When the bytes do not hold the value, or it is larger or deeper.
pub fn decode_bounded<T: Decode>(bytes: &mut &[u8], memory: usize) -> Result<T, Error> {
    T::decode_with_depth_limit(CALL_DEPTH_MAX, &mut Bounded { bytes, left: memory })
}

/// The same for a value that is all of `bytes`.
///
/// # Errors
/// As [`decode_bounded`], and when something follows.
pub fn decode_all_bounded<T: Decode>(mut bytes: &[u8], memory: usize) -> Result<T, Error> {
    let value = decode_bounded(&mut bytes, memory)?;
    if bytes.is_empty() { Ok(value) } else { Err("more bytes follow the value".into()) }
}
