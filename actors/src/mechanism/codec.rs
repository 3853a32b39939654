//! Real compressors behind one pair of functions, and what they are declared to cost.

use super::RejectReason;
use crate::plan::Method;
use std::io::{self, Read, Write};

/// Window of brotli, log2 bytes. The longest slice would fit into a smaller one, but from here on the encoder
/// uses tables that it need not clear for every text.
const BROTLI_WINDOW: u32 = 18;

/// Compresses a text.
///
/// # Errors
/// Those of the compressor; none is known for a text in memory.
pub fn compress(method: Method, level: u8, text: &[u8]) -> io::Result<Vec<u8>> {
    let level = level.clamp(method.levels().0, method.levels().1);
    match method {
        Method::Stored => Ok(text.to_vec()),
        Method::Lz4 => Ok(lz4_flex::block::compress(text)),
        Method::Deflate => {
            let level = flate2::Compression::new(level.into());
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
            encoder.write_all(text)?;
            encoder.finish()
        }
        Method::Bzip2 => {
            let level = bzip2::Compression::new(level.into());
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), level);
            encoder.write_all(text)?;
            encoder.finish()
        }
        Method::Brotli => {
            let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4_096, level.into(), BROTLI_WINDOW);
            encoder.write_all(text)?;
            Ok(encoder.into_inner())
        }
        Method::Zstd => zstd::bulk::compress(text, level.into()),
    }
}

/// Decompresses an answer to a text of `len` bytes. Never holds more than `len + 1` bytes of output, so an
/// answer that would unfold without end does no harm.
///
/// # Errors
/// [`RejectReason::Undecodable`] and [`RejectReason::TooLong`].
pub fn decompress(method: Method, packed: &[u8], len: usize) -> Result<Vec<u8>, RejectReason> {
    match method {
        Method::Stored if packed.len() > len => Err(RejectReason::TooLong),
        Method::Stored => Ok(packed.to_vec()),
        Method::Lz4 => {
            let mut text = vec![0; len.saturating_add(1)];
            let held = lz4_flex::block::decompress_into(packed, &mut text).map_err(|error| match error {
                lz4_flex::block::DecompressError::OutputTooSmall { .. } => RejectReason::TooLong,
                _ => RejectReason::Undecodable,
            })?;
            text.truncate(held);
            within(text, len)
        }
        Method::Deflate => read(flate2::read::DeflateDecoder::new(packed), len),
        Method::Bzip2 => read(bzip2::read::BzDecoder::new(packed), len),
        Method::Brotli => read(brotli::Decompressor::new(packed, 4_096), len),
        Method::Zstd => zstd::bulk::decompress(packed, len.saturating_add(1))
            .map_err(|_| RejectReason::Undecodable)
            .and_then(|text| within(text, len)),
    }
}

fn read(decoder: impl Read, len: usize) -> Result<Vec<u8>, RejectReason> {
    let mut text = Vec::with_capacity(len.saturating_add(1));
    let bound = u64::try_from(len).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(bound).read_to_end(&mut text).map_err(|_| RejectReason::Undecodable)?;
    within(text, len)
}

fn within(text: Vec<u8>, len: usize) -> Result<Vec<u8>, RejectReason> {
    if text.len() > len { Err(RejectReason::TooLong) } else { Ok(text) }
}

/// Declared cost of a method at a level, a fixed table so that runs repeat: roughly what the method needs on
/// a few kilobytes of text, where LZ4 is 1. **Units**: `0..=100`.
#[must_use]
pub fn cost(method: Method, level: u8) -> u32 {
    let level = u32::from(level.clamp(method.levels().0, method.levels().1));
    match method {
        Method::Stored => 0,
        Method::Lz4 => 1,
        Method::Deflate => level.saturating_add(2),
        Method::Bzip2 => level.saturating_add(10),
        Method::Brotli => level.saturating_mul(level).wrapping_div(2).saturating_add(2),
        Method::Zstd => level.saturating_mul(2).saturating_add(1),
    }
}
