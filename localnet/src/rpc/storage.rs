//! Storage as the methods of the new interface ask for it: values, hashes, descendants page by page, Merkle values.

use super::form::{bytes, hex};
use super::keys::Lists;
use super::{error, state, trie};
use crate::node::{Block, Shared};
use chain::crypto::blake2_256;
use jsonrpsee::types::ErrorObjectOwned;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Rows of one page of descendants.
const PAGE: usize = 1_000;
/// Queries of one request.
const QUERIES_MAX: usize = 1_024;

/// What is asked about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Value,
    Hash,
    Merkle,
    DescendantsValues,
    DescendantsHashes,
}

/// A question, and how far it has been answered.
#[derive(Clone, Debug)]
pub(super) struct Query {
    key: Vec<u8>,
    kind: Kind,
    after: Option<Vec<u8>>,
}

/// The queries of a request for storage; those of an archive may begin after a key.
pub(super) fn queries(param: Option<&Json>, archive: bool) -> Result<Vec<Query>, ErrorObjectOwned> {
    let items = param.and_then(Json::as_array).ok_or_else(|| error::params("items: expected a list"))?;
    if items.len() > QUERIES_MAX {
        return Err(error::params(&format!("items: at most {QUERIES_MAX}, got {}", items.len())));
    }
    items.iter().map(|item| query(item, archive)).collect()
}

fn query(item: &Json, archive: bool) -> Result<Query, ErrorObjectOwned> {
    let item = item.as_object().ok_or_else(|| error::params("an item has a key and a type"))?;
    let field = |name: &str| match item.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_str())),
        Some(other) => Err(error::params(&format!("{name}: expected text, got {other}"))),
    };
    let known =
        |name: &&String| ["key", "type"].contains(&name.as_str()) || archive && *name == "paginationStartKey";
    if let Some(other) = item.keys().find(|name| !known(name)) {
        return Err(error::params(&format!("an item has no field `{other}`")));
    }
    let kind = match field("type")? {
        Some("value") => Kind::Value,
        Some("hash") => Kind::Hash,
        Some("closestDescendantMerkleValue") => Kind::Merkle,
        Some("descendantsValues") => Kind::DescendantsValues,
        Some("descendantsHashes") => Kind::DescendantsHashes,
        other => {
            return Err(error::params(&format!(
                "type: value, hash, closestDescendantMerkleValue, descendantsValues or descendantsHashes, not {}",
                other.unwrap_or("nothing")
            )));
        }
    };
    let key = bytes(field("key")?.ok_or_else(|| error::params("key: the key of an item as hex"))?)?;
    let after = field("paginationStartKey")?.map(bytes).transpose()?;
    if after.is_some() && !matches!(kind, Kind::DescendantsValues | Kind::DescendantsHashes) {
        return Err(error::params("paginationStartKey belongs to descendantsValues and descendantsHashes"));
    }
    Ok(Query { key, kind, after })
}

/// Whether the main trie is asked about. No child trie has a row here.
pub(super) fn main_trie(param: Option<&Json>) -> Result<bool, ErrorObjectOwned> {
    match param {
        None | Some(Json::Null) => Ok(true),
        Some(Json::String(key)) => bytes(key).map(|_| false),
        Some(other) => Err(error::params(&format!("childTrie: null or hex, not {other}"))),
    }
}

/// The next rows of an answer, and whether there are more.
pub(super) fn page(
    shared: &Shared,
    lists: &Lists,
    block: &Arc<Block>,
    query: &mut Query,
) -> Result<(Vec<Json>, bool), ErrorObjectOwned> {
    let key = hex(&query.key);
    let one = match query.kind {
        Kind::Value => {
            state::value(shared, block, &query.key)?.map(|value| json!({ "key": key, "value": hex(value) }))
        }
        Kind::Hash => state::value(shared, block, &query.key)?
            .map(|value| json!({ "key": key, "hash": hex(blake2_256(&value)) })),
        Kind::Merkle => merkle_value(shared, lists, block, &query.key)?
            .map(|value| json!({ "key": key, "closestDescendantMerkleValue": hex(value) })),
        Kind::DescendantsValues | Kind::DescendantsHashes => {
            let keys = lists.page(shared, block, &query.key, query.after.as_deref(), PAGE)?;
            let more = keys.len() >= PAGE;
            let mut rows = Vec::with_capacity(keys.len());
            for key in &keys {
                let Some(value) = state::value(shared, block, key)? else { continue };
                rows.push(match query.kind {
                    Kind::DescendantsHashes => json!({ "key": hex(key), "hash": hex(blake2_256(&value)) }),
                    _ => json!({ "key": hex(key), "value": hex(value) }),
                });
            }
            query.after = keys.into_iter().next_back();
            return Ok((rows, more));
        }
    };
    Ok((one.into_iter().collect(), false))
}

/// The Merkle value of the node under which all rows lie whose keys begin so.
fn merkle_value(
    shared: &Shared,
    lists: &Lists,
    block: &Arc<Block>,
    prefix: &[u8],
) -> Result<Option<Vec<u8>>, ErrorObjectOwned> {
    let keys = lists.page(shared, block, prefix, None, usize::MAX)?;
    let Some(last) = keys.last() else { return Ok(None) };
    let nibbles = trie::nibbles(prefix);
    // The nodes above are those at which other keys part.
    let mut above = 0;
    for length in (0..prefix.len()).rev() {
        let (Some(begin), Some(next)) = (prefix.get(..length), prefix.get(length)) else { break };
        let high = [begin, &[next & 0xf0]].concat();
        // The first key of all, the first with the same high nibble, and the one after those that are asked for.
        for start in [None, Some(high.as_slice()), Some(last.as_slice())] {
            let found = lists.page(shared, block, begin, start, 1)?;
            let other = found.first().filter(|key| !key.starts_with(prefix));
            let shared = other.map_or(0, |key| trie::common(&trie::nibbles(key), &nibbles).saturating_add(1));
            above = above.max(shared);
        }
        if above > 0 {
            break;
        }
    }
    let mut rows = Vec::with_capacity(keys.len());
    for key in &keys {
        if let Some(value) = state::value(shared, block, key)? {
            rows.push((trie::nibbles(key), value));
        }
    }
    Ok(trie::merkle_value(&rows, above))
}
