//! The JSON forms of hashes, headers and numbers.

use super::error;
use crate::json::memory_of;
use crate::node::{Block, Shared};
use chain::block::{Hash, Header, Sealed};
use jsonrpsee::types::{ErrorObjectOwned, Params};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Bytes as `0x` hex.
pub(super) fn hex(bytes: impl AsRef<[u8]>) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// Hex with or without `0x` as bytes.
pub(super) fn bytes(text: &str) -> Result<Vec<u8>, ErrorObjectOwned> {
    hex::decode(text.strip_prefix("0x").unwrap_or(text))
        .map_err(|why| error::params(&format!("`{}` is not hex: {why}", shortened(text))))
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A hash of 32 bytes.
pub(super) fn hash(text: &str) -> Result<Hash, ErrorObjectOwned> {
    let length = |_| error::params(&format!("`{}` is not a hash of 32 bytes", shortened(text)));
    bytes(text)?.try_into().map_err(length)
}

/// A header as clients read it.
pub(super) fn header(header: &Header) -> Json {
    json!({
        "parentHash": hex(header.parent_hash),
        "number": format!("{:#x}", header.number),
        "stateRoot": hex(header.state_root),
        "extrinsicsRoot": hex(header.extrinsics_root),
        "digest": { "logs": [] },
    })
}

/// Memory that the parameters of one call may take, beside that of their texts. **Units**: bytes.
const MEMORY_MAX: usize = 32 << 20;

/// The parameters of a call, as a list; a missing one is null.
pub(super) fn list(params: &Params<'_>) -> Result<Vec<Json>, ErrorObjectOwned> {
    if params.as_str().is_none_or(|text| text.trim().is_empty() || text.trim() == "null") {
        return Ok(Vec::new());
    }
    let memory = params.as_str().map_or(0, |text| memory_of(text.as_bytes()));
    if memory > MEMORY_MAX {
        return Err(error::params(&format!(
            "the parameters hold too many values: they take about {memory} bytes of memory, allowed are {MEMORY_MAX}"
        )));
    }
    params.parse::<Vec<Json>>().map_err(|_| error::params("parameters are given as a list"))
}

/// Refuses more parameters than a method has.
pub(super) fn at_most(params: &[Json], most: usize) -> Result<(), ErrorObjectOwned> {
    if params.len() > most {
        return Err(error::params(&format!("expected at most {most} parameters, got {}", params.len())));
    }
    Ok(())
}

/// A parameter that has to be text.
pub(super) fn text<'a>(params: &'a [Json], at: usize, what: &str) -> Result<&'a str, ErrorObjectOwned> {
    match params.get(at) {
        Some(Json::String(text)) => Ok(text),
        Some(other) => Err(error::params(&format!("{what}: expected text, got {other}"))),
        None => Err(error::params(&format!("parameter {at} is missing: {what}"))),
    }
}

/// A number, as JSON or as text in decimal or hex.
pub(super) fn number(value: &Json) -> Option<u64> {
    match value {
        Json::Number(number) => number.as_u64(),
        Json::String(text) => match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        },
        _ => None,
    }
}

/// The block of an optional hash; the head when there is none.
pub(super) fn block(shared: &Shared, params: &[Json], at: usize) -> Result<Arc<Block>, ErrorObjectOwned> {
    block_or(shared, params, at, error::discarded)
}

/// Holds an optional hash to be that of a block whose state the window holds, as what asks the runtime of a block does.
pub(super) fn block_with_runtime(
    shared: &Shared,
    params: &[Json],
    at: usize,
) -> Result<(), ErrorObjectOwned> {
    let block = block_or(shared, params, at, error::no_runtime)?;
    block.sealed.is_some().then_some(()).ok_or_else(|| error::no_runtime(&block.hash))
}

fn block_or(
    shared: &Shared,
    params: &[Json],
    at: usize,
    discarded: fn(&Hash) -> ErrorObjectOwned,
) -> Result<Arc<Block>, ErrorObjectOwned> {
    match params.get(at) {
        None | Some(Json::Null) => Ok(shared.head()),
        Some(Json::String(text)) => {
            let hash = hash(text)?;
            shared.block_of(&hash).ok_or_else(|| match shared.has_left(&hash) {
                true => discarded(&hash),
                false => error::unknown_block(&hash),
            })
        }
        Some(other) => Err(error::params(&format!("expected the hash of a block, got {other}"))),
    }
}

/// The state of a block, while the window holds it.
pub(super) fn sealed(block: &Block) -> Result<&Sealed, ErrorObjectOwned> {
    block.sealed.as_ref().ok_or_else(|| error::discarded(&block.hash))
}
