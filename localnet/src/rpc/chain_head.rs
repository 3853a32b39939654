//! `chainHead_v1_*`: what a follower asks about the blocks that are pinned for it.

use super::follow::{Follow, Follows, Operation};
use super::form::{at_most, bytes, hash, hex, list, text};
use super::keys::Lists;
use super::storage::{self, Query};
use super::{error, follow, state};
use crate::node::{Block, Shared};
use chain::block::Hash;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::core::server::ResponsePayload;
use jsonrpsee::types::{ErrorObjectOwned, Params};
use jsonrpsee::{Extensions, RpcModule};
use parity_scale_codec::Encode as _;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// The answer to a request that begins an operation.
type Begun = ResponsePayload<'static, Json>;

/// What an operation does.
enum Task {
    Body,
    Call(String, Vec<u8>),
    Storage(Vec<Query>),
}

/// What the methods share.
#[derive(Clone)]
struct Context {
    shared: Arc<Shared>,
    follows: Arc<Follows>,
    lists: Arc<Lists>,
}

pub(super) fn register(
    module: &mut RpcModule<Arc<Shared>>,
    lists: &Arc<Lists>,
) -> Result<(), RegisterMethodError> {
    let follows = Arc::new(Follows::default());
    follow::register(module, &follows)?;
    register_operations(module, &follows, lists)?;
    let all = Arc::clone(&follows);
    module.register_method("chainHead_v1_unfollow", move |params, _, extensions| {
        let params = list(&params)?;
        at_most(&params, 1)?;
        all.unfollow(extensions, text(&params, 0, "followSubscription")?);
        Ok::<_, ErrorObjectOwned>(Json::Null)
    })?;
    let all = Arc::clone(&follows);
    module.register_method("chainHead_v1_header", move |params, _, extensions| {
        let params = list(&params)?;
        at_most(&params, 2)?;
        let found = all.find(extensions, text(&params, 0, "followSubscription")?);
        let hash = hash(text(&params, 1, "the hash of a block")?)?;
        let Some(follow) = found else { return Ok(Json::Null) };
        Ok::<_, ErrorObjectOwned>(json!(hex(pinned(&follow, &hash)?.header.encode())))
    })?;
    let all = Arc::clone(&follows);
    module.register_method("chainHead_v1_unpin", move |params, _, extensions| {
        let params = list(&params)?;
        at_most(&params, 2)?;
        let found = all.find(extensions, text(&params, 0, "followSubscription")?);
        let hashes = hashes(params.get(1))?;
        match found.is_none_or(|follow| follow.unpin(&hashes)) {
            true => Ok(Json::Null),
            false => Err(error::not_pinned()),
        }
    })?;
    let all = Arc::clone(&follows);
    module.register_method("chainHead_v1_stopOperation", move |params, _, extensions| {
        let (follow, id) = operation_of(&all, &params, extensions)?;
        if let Some(follow) = follow {
            follow.finish(&id);
        }
        Ok::<_, ErrorObjectOwned>(Json::Null)
    })?;
    let all = Arc::clone(&follows);
    module.register_method("chainHead_v1_continue", move |params, _, extensions| {
        let (follow, id) = operation_of(&all, &params, extensions)?;
        let Some(operation) = follow.and_then(|follow| follow.operation(&id)) else { return Ok(Json::Null) };
        if !operation.waits(false) {
            return Err(error::no_continue());
        }
        operation.go_on.notify_one();
        Ok::<_, ErrorObjectOwned>(Json::Null)
    })?;
    Ok(())
}

fn operation_of(
    follows: &Follows,
    params: &Params<'_>,
    extensions: &Extensions,
) -> Result<(Option<Arc<Follow>>, String), ErrorObjectOwned> {
    let params = list(params)?;
    at_most(&params, 2)?;
    let follow = follows.find(extensions, text(&params, 0, "followSubscription")?);
    Ok((follow, text(&params, 1, "operationId")?.to_owned()))
}

fn register_operations(
    module: &mut RpcModule<Arc<Shared>>,
    follows: &Arc<Follows>,
    lists: &Arc<Lists>,
) -> Result<(), RegisterMethodError> {
    type Read = fn(&[Json]) -> Result<Task, ErrorObjectOwned>;
    let methods: [(&'static str, Read); 3] = [
        ("chainHead_v1_body", |params| {
            at_most(params, 2)?;
            Ok(Task::Body)
        }),
        ("chainHead_v1_call", |params| {
            at_most(params, 4)?;
            let function = text(params, 2, "function")?.to_owned();
            Ok(Task::Call(function, bytes(text(params, 3, "callParameters")?)?))
        }),
        ("chainHead_v1_storage", |params| {
            at_most(params, 4)?;
            let queries = storage::queries(params.get(2), false)?;
            Ok(Task::Storage(if storage::main_trie(params.get(3))? { queries } else { Vec::new() }))
        }),
    ];
    for (name, read) in methods {
        let (follows, lists) = (Arc::clone(follows), Arc::clone(lists));
        module.register_method(name, move |params, shared, extensions| {
            let context = Context {
                shared: Arc::clone(shared),
                follows: Arc::clone(&follows),
                lists: Arc::clone(&lists),
            };
            let begun = list(&params).and_then(|params| begin(&context, &params, extensions, read));
            begun.unwrap_or_else(Begun::error)
        })?;
    }
    Ok(())
}

/// Begins an operation, which goes on once the client has the answer.
fn begin(
    context: &Context,
    params: &[Json],
    extensions: &Extensions,
    read: fn(&[Json]) -> Result<Task, ErrorObjectOwned>,
) -> Result<Begun, ErrorObjectOwned> {
    let found = context.follows.find(extensions, text(params, 0, "followSubscription")?);
    let hash = hash(text(params, 1, "the hash of a block")?)?;
    let mut task = read(params)?;
    let limit = || Begun::success(json!({ "result": "limitReached" }));
    let Some(follow) = found else { return Ok(limit()) };
    if matches!(task, Task::Call(..)) && !follow.with_runtime {
        return Err(error::without_runtime());
    }
    let block = pinned(&follow, &hash)?;
    let items = if let Task::Storage(items) = &task { items.len().max(1) } else { 1 };
    let Some((operation, taken)) = follow.begin(items) else { return Ok(limit()) };
    let answer = if let Task::Storage(items) = &mut task {
        let discarded = items.len().saturating_sub(taken);
        items.truncate(taken);
        json!({ "result": "started", "operationId": operation.id, "discardedItems": discarded })
    } else {
        json!({ "result": "started", "operationId": operation.id })
    };
    let (answer, told) = Begun::success(answer).notify_on_completion();
    let context = context.clone();
    tokio::spawn(async move {
        if told.await.is_ok() {
            tokio::select! {
                () = operation.stopped.notified() => {}
                () = perform(&context, &follow, &operation, &block, task) => {}
            }
        }
        follow.finish(&operation.id);
    });
    Ok(answer)
}

async fn perform(
    context: &Context,
    follow: &Arc<Follow>,
    operation: &Arc<Operation>,
    block: &Arc<Block>,
    task: Task,
) {
    let id = &operation.id;
    let failed = |why: &str| json!({ "event": "operationError", "operationId": id, "error": why });
    let last = match task {
        Task::Body => {
            let body: Vec<_> = block.shown.extrinsics.iter().map(hex).collect();
            json!({ "event": "operationBodyDone", "operationId": id, "value": body })
        }
        Task::Call(function, arguments) => {
            let (shared, block) = (Arc::clone(&context.shared), Arc::clone(block));
            let asked =
                tokio::task::spawn_blocking(move || state::call(&shared, &block, &function, &arguments));
            match asked.await {
                Ok(Ok(output)) => {
                    json!({ "event": "operationCallDone", "operationId": id, "output": hex(output) })
                }
                Ok(Err(refused)) => failed(refused.message()),
                Err(_) => json!({ "event": "operationInaccessible", "operationId": id }),
            }
        }
        Task::Storage(queries) => match look_up(context, follow, operation, block, queries).await {
            Ok(()) => json!({ "event": "operationStorageDone", "operationId": id }),
            Err(why) => failed(&why),
        },
    };
    follow.tell(&last).await;
}

/// Sends what the storage holds, a page at a time.
async fn look_up(
    context: &Context,
    follow: &Follow,
    operation: &Operation,
    block: &Arc<Block>,
    queries: Vec<Query>,
) -> Result<(), String> {
    for mut query in queries {
        loop {
            let (shared, lists, at) =
                (Arc::clone(&context.shared), Arc::clone(&context.lists), Arc::clone(block));
            let read = tokio::task::spawn_blocking(move || {
                let page = storage::page(&shared, &lists, &at, &mut query);
                (query, page)
            });
            let (left, page) = read.await.map_err(|error| error.to_string())?;
            query = left;
            let (items, more) = page.map_err(|refused| refused.message().to_owned())?;
            if !items.is_empty() {
                let items = json!({
                    "event": "operationStorageItems", "operationId": operation.id, "items": items,
                });
                follow.tell(&items).await;
            }
            if !more {
                break;
            }
            operation.waits(true);
            let wait = json!({ "event": "operationWaitingForContinue", "operationId": operation.id });
            follow.tell(&wait).await;
            operation.go_on.notified().await;
        }
    }
    Ok(())
}

fn pinned(follow: &Follow, hash: &Hash) -> Result<Arc<Block>, ErrorObjectOwned> {
    follow.pinned(hash).ok_or_else(error::not_pinned)
}

/// The hash, or hashes, to unpin.
fn hashes(param: Option<&Json>) -> Result<Vec<Hash>, ErrorObjectOwned> {
    const WHAT: &str = "parameter 1, hashOrHashes: the hash of a block, or a list of them";
    let read = |value: &Json| hash(value.as_str().ok_or_else(|| error::params(WHAT))?);
    let mut hashes = match param {
        Some(Json::Array(all)) => all.iter().map(read).collect::<Result<Vec<_>, _>>()?,
        Some(one) => vec![read(one)?],
        None => return Err(error::params(WHAT)),
    };
    let count = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    if hashes.len() < count {
        return Err(error::twice());
    }
    Ok(hashes)
}
