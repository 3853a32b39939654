//! `archive_v1_*`: any block of the chain, and its state while the window holds it.

use super::form::{at_most, bytes, hash, hex, list, number, sealed, text};
use super::heads::send;
use super::keys::Lists;
use super::storage::{self, Query};
use super::{error, state};
use crate::node::{Block, Shared};
use chain::block::Hash;
use chain::crypto::blake2_256;
use jsonrpsee::core::{RegisterMethodError, SubscriptionError};
use jsonrpsee::types::ErrorObjectOwned;
use jsonrpsee::{PendingSubscriptionSink, RpcModule, SubscriptionSink};
use parity_scale_codec::Encode as _;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) fn register(
    module: &mut RpcModule<Arc<Shared>>,
    lists: &Arc<Lists>,
) -> Result<(), RegisterMethodError> {
    module.register_method("archive_v1_genesisHash", |_, shared, _| hex(shared.genesis()))?;
    module.register_method("archive_v1_finalizedHeight", |_, shared, _| shared.final_head().number)?;
    module.register_method("archive_v1_hashByHeight", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 1)?;
        let height = params.first().filter(|height| height.is_u64()).and_then(number);
        let height = height.ok_or_else(|| error::params("parameter 0: the height of a block, a number"))?;
        let hashes: Vec<_> = shared.hash_at(height).iter().map(hex).collect();
        Ok::<_, ErrorObjectOwned>(hashes)
    })?;
    module.register_method("archive_v1_header", |params, shared, _| {
        let block = block_of(shared, &list(&params)?, 1)?;
        Ok::<_, ErrorObjectOwned>(block.map(|block| hex(block.header.encode())))
    })?;
    module.register_method("archive_v1_body", |params, shared, _| {
        let block = block_of(shared, &list(&params)?, 1)?;
        let body = |block: &Arc<Block>| block.shown.extrinsics.iter().map(hex).collect::<Vec<_>>();
        Ok::<_, ErrorObjectOwned>(block.as_ref().map(body))
    })?;
    module.register_blocking_method("archive_v1_call", |params, shared, _| {
        let params = list(&params)?;
        let block = block_of(&shared, &params, 3)?;
        let (function, arguments) =
            (text(&params, 1, "function")?, bytes(text(&params, 2, "callParameters")?)?);
        let Some(block) = block else { return Ok(Json::Null) };
        Ok::<_, ErrorObjectOwned>(match state::call(&shared, &block, function, &arguments) {
            Ok(value) => json!({ "success": true, "value": hex(value) }),
            Err(refused) => json!({ "success": false, "error": refused.message() }),
        })
    })?;
    register_storage(module, lists)?;
    register_difference(module, lists)
}

fn hash_param(params: &[Json], at: usize) -> Result<Hash, ErrorObjectOwned> {
    hash(text(params, at, "the hash of a block")?)
}

/// The block of the first parameter, if there is one.
fn block_of(shared: &Shared, params: &[Json], most: usize) -> Result<Option<Arc<Block>>, ErrorObjectOwned> {
    at_most(params, most)?;
    Ok(shared.block_of(&hash_param(params, 0)?))
}

fn register_storage(
    module: &mut RpcModule<Arc<Shared>>,
    lists: &Arc<Lists>,
) -> Result<(), RegisterMethodError> {
    let lists = Arc::clone(lists);
    module.register_subscription(
        "archive_v1_storage",
        "archive_v1_storageEvent",
        "archive_v1_stopStorage",
        move |params, pending, shared, _| {
            let lists = Arc::clone(&lists);
            async move {
                let asked = list(&params).and_then(|params| {
                    let block = block_of(&shared, &params, 3)?;
                    let queries = storage::queries(params.get(1), true)?;
                    let is_main = storage::main_trie(params.get(2))?;
                    Ok((block, if is_main { queries } else { Vec::new() }))
                });
                match asked {
                    Ok((block, queries)) => look_up(pending, &shared, &lists, block, queries).await,
                    Err(refused) => {
                        pending.reject(refused).await;
                        Ok(())
                    }
                }
            }
        },
    )?;
    Ok(())
}

async fn look_up(
    pending: PendingSubscriptionSink,
    shared: &Arc<Shared>,
    lists: &Arc<Lists>,
    block: Option<Arc<Block>>,
    queries: Vec<Query>,
) -> Result<(), SubscriptionError> {
    let sink = pending.accept().await?;
    let Some(block) = block else { return failed(&sink, "storageError", "no block has this hash").await };
    for mut query in queries {
        loop {
            let (shared, lists, at) = (Arc::clone(shared), Arc::clone(lists), Arc::clone(&block));
            let read = tokio::task::spawn_blocking(move || {
                let page = storage::page(&shared, &lists, &at, &mut query);
                (query, page)
            });
            let (left, page) = read.await?;
            query = left;
            let (items, more) = match page {
                Ok(page) => page,
                Err(refused) => return failed(&sink, "storageError", refused.message()).await,
            };
            for mut item in items {
                if let Some(item) = item.as_object_mut() {
                    item.insert("event".to_owned(), json!("storage"));
                }
                send(&sink, &item).await?;
            }
            if !more {
                break;
            }
        }
    }
    send(&sink, &json!({ "event": "storageDone" })).await
}

async fn failed(sink: &SubscriptionSink, event: &str, why: &str) -> Result<(), SubscriptionError> {
    send(sink, &json!({ "event": event, "error": why })).await
}

/// Which keys a difference is asked for, and whether values or their hashes are told.
struct Part {
    prefix: Vec<u8>,
    hashes: bool,
}

fn register_difference(
    module: &mut RpcModule<Arc<Shared>>,
    lists: &Arc<Lists>,
) -> Result<(), RegisterMethodError> {
    let lists = Arc::clone(lists);
    module.register_subscription(
        "archive_v1_storageDiff",
        "archive_v1_storageDiffEvent",
        "archive_v1_stopStorageDiff",
        move |params, pending, shared, _| {
            let lists = Arc::clone(&lists);
            async move {
                let asked = list(&params).and_then(|params| difference(&shared, &params));
                let (blocks, parts) = match asked {
                    Ok(asked) => asked,
                    Err(refused) => {
                        pending.reject(refused).await;
                        return Ok(());
                    }
                };
                let sink = pending.accept().await?;
                let Some((before, after)) = blocks else {
                    return failed(&sink, "storageDiffError", "a block, or the one before it, is not there")
                        .await;
                };
                for part in parts {
                    let (shared, lists) = (Arc::clone(&shared), Arc::clone(&lists));
                    let (before, after) = (Arc::clone(&before), Arc::clone(&after));
                    let read =
                        tokio::task::spawn_blocking(move || compare(&shared, &lists, &before, &after, &part));
                    match read.await? {
                        Ok(events) => {
                            for event in events {
                                send(&sink, &event).await?;
                            }
                        }
                        Err(refused) => return failed(&sink, "storageDiffError", refused.message()).await,
                    }
                }
                send(&sink, &json!({ "event": "storageDiffDone" })).await
            }
        },
    )?;
    Ok(())
}

type Difference = (Option<(Arc<Block>, Arc<Block>)>, Vec<Part>);

fn difference(shared: &Shared, params: &[Json]) -> Result<Difference, ErrorObjectOwned> {
    let after = block_of(shared, params, 3)?;
    let parts = match params.get(1) {
        None | Some(Json::Null) => vec![Part { prefix: Vec::new(), hashes: false }],
        Some(Json::Array(items)) => {
            items.iter().filter_map(|item| part(item).transpose()).collect::<Result<_, _>>()?
        }
        Some(other) => return Err(error::params(&format!("items: expected a list, got {other}"))),
    };
    let before = match params.get(2) {
        None | Some(Json::Null) => {
            after.as_ref().and_then(|block| shared.block_of(&block.header.parent_hash))
        }
        Some(_) => shared.block_of(&hash_param(params, 2)?),
    };
    Ok((before.zip(after), parts))
}

/// An item of a difference; nothing for a child trie, in which no row ever is.
fn part(item: &Json) -> Result<Option<Part>, ErrorObjectOwned> {
    let field = |name: &str| match item.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_str())),
        Some(other) => Err(error::params(&format!("{name}: expected text, got {other}"))),
    };
    let hashes = match field("returnType")? {
        Some("value") => false,
        Some("hash") => true,
        _ => return Err(error::params("returnType: value or hash")),
    };
    let prefix = field("key")?.map(bytes).transpose()?.unwrap_or_default();
    Ok(match field("childTrieKey")? {
        Some(_) => None,
        None => Some(Part { prefix, hashes }),
    })
}

/// What is different between two blocks.
fn compare(
    shared: &Shared,
    lists: &Lists,
    before: &Arc<Block>,
    after: &Arc<Block>,
    part: &Part,
) -> Result<Vec<Json>, ErrorObjectOwned> {
    for block in [before, after] {
        sealed(block)?;
    }
    let mut keys = BTreeSet::new();
    for block in [before, after] {
        keys.extend(lists.page(shared, block, &part.prefix, None, usize::MAX)?);
    }
    let mut events = Vec::new();
    for key in keys {
        let (was, is) = (state::value(shared, before, &key)?, state::value(shared, after, &key)?);
        if was == is {
            continue;
        }
        let kind = match (&was, &is) {
            (None, _) => "added",
            (_, None) => "deleted",
            _ => "modified",
        };
        events.push(match is {
            None => json!({ "event": "storageDiff", "key": hex(&key), "type": kind }),
            Some(value) if part.hashes => {
                let hash = hex(blake2_256(&value));
                json!({ "event": "storageDiff", "key": hex(&key), "type": kind, "hash": hash })
            }
            Some(value) => {
                json!({ "event": "storageDiff", "key": hex(&key), "type": kind, "value": hex(value) })
            }
        });
    }
    Ok(events)
}
