//! `chainHead_v1_follow`: what a client hears of the head of the chain, and the blocks that are kept for it.

use super::error;
use super::form::{at_most, hex, list};
use super::heads::send;
use super::state;
use crate::node::{Block, Followed, News, Shared};
use chain::block::Hash;
use jsonrpsee::core::{RegisterMethodError, SubscriptionError};
use jsonrpsee::types::SubscriptionId;
use jsonrpsee::{ConnectionId, Extensions, PendingSubscriptionSink, RpcModule, SubscriptionSink};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;

/// Follow subscriptions of one connection.
const FOLLOWS_MAX: usize = 8;
/// Final blocks that a new follower hears of at most.
const FINAL_AT_FIRST: u64 = 16;
/// Final blocks that a follower may keep pinned.
const PINNED_MAX: usize = 1_024;
/// Operations of one follower at a time.
const OPERATIONS_MAX: usize = 64;

/// All followers, by connection and the id of their subscription.
#[derive(Debug, Default)]
pub(super) struct Follows(Mutex<BTreeMap<(usize, String), Arc<Follow>>>);

/// One follower.
#[derive(Debug)]
pub(super) struct Follow {
    /// Whether it hears of the runtime, and may ask it.
    pub(super) with_runtime: bool,
    sink: Mutex<Option<SubscriptionSink>>,
    ended: Notify,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    pinned: BTreeMap<Hash, Arc<Block>>,
    last_final: u64,
    operations: BTreeMap<String, Arc<Operation>>,
    items: usize,
    last_operation: u64,
}

/// An operation that goes on.
#[derive(Debug)]
pub(super) struct Operation {
    /// Its id.
    pub(super) id: String,
    /// How many of the follower's operations it counts for.
    items: usize,
    /// Told when it is to stop.
    pub(super) stopped: Notify,
    /// Told when it is to go on.
    pub(super) go_on: Notify,
    waits: Mutex<bool>,
}

impl Operation {
    /// Sets whether it waits for the client, and gives whether it did.
    pub(super) fn waits(&self, waits: bool) -> bool {
        std::mem::replace(&mut *lock(&self.waits), waits)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connection(extensions: &Extensions) -> usize {
    extensions.get::<ConnectionId>().map_or(usize::MAX, |id| id.0)
}

impl Follows {
    /// The follower of a connection whose subscription has this id.
    pub(super) fn find(&self, extensions: &Extensions, id: &str) -> Option<Arc<Follow>> {
        lock(&self.0).get(&(connection(extensions), id.to_owned())).cloned()
    }

    fn add(&self, key: &(usize, String), with_runtime: bool) -> Option<Arc<Follow>> {
        let mut all = lock(&self.0);
        let of_connection = all.keys().filter(|(connection, _)| *connection == key.0).count();
        if of_connection >= FOLLOWS_MAX {
            return None;
        }
        let follow = Arc::new(Follow {
            with_runtime,
            sink: Mutex::default(),
            ended: Notify::new(),
            kept: Mutex::default(),
        });
        all.insert(key.clone(), Arc::clone(&follow));
        Some(follow)
    }

    fn remove(&self, key: &(usize, String)) {
        let Some(follow) = lock(&self.0).remove(key) else { return };
        follow.end();
    }

    /// Ends a follower, if there is one.
    pub(super) fn unfollow(&self, extensions: &Extensions, id: &str) {
        self.remove(&(connection(extensions), id.to_owned()));
    }
}

impl Follow {
    /// A block that is pinned.
    pub(super) fn pinned(&self, hash: &Hash) -> Option<Arc<Block>> {
        lock(&self.kept).pinned.get(hash).cloned()
    }

    /// Unpins all of these, or none when one of them is not pinned.
    pub(super) fn unpin(&self, hashes: &[Hash]) -> bool {
        let mut kept = lock(&self.kept);
        let all = hashes.iter().all(|hash| kept.pinned.contains_key(hash));
        if all {
            kept.pinned.retain(|hash, _| !hashes.contains(hash));
        }
        all
    }

    /// Begins an operation of so many items, or of as many as there is room for; gives it and their number.
    pub(super) fn begin(&self, items: usize) -> Option<(Arc<Operation>, usize)> {
        let mut kept = lock(&self.kept);
        let taken = items.min(OPERATIONS_MAX.saturating_sub(kept.items));
        if taken == 0 {
            return None;
        }
        kept.items = kept.items.saturating_add(taken);
        kept.last_operation = kept.last_operation.saturating_add(1);
        let id = kept.last_operation.to_string();
        let operation = Arc::new(Operation {
            id: id.clone(),
            items: taken,
            stopped: Notify::new(),
            go_on: Notify::new(),
            waits: Mutex::new(false),
        });
        kept.operations.insert(id, Arc::clone(&operation));
        Some((operation, taken))
    }

    /// An operation that goes on.
    pub(super) fn operation(&self, id: &str) -> Option<Arc<Operation>> {
        lock(&self.kept).operations.get(id).cloned()
    }

    /// Ends an operation.
    pub(super) fn finish(&self, id: &str) {
        let mut kept = lock(&self.kept);
        if let Some(operation) = kept.operations.remove(id) {
            kept.items = kept.items.saturating_sub(operation.items);
            operation.stopped.notify_one();
        }
    }

    /// Tells the follower something; false when it has gone.
    pub(super) async fn tell(&self, what: &Json) -> bool {
        let sink = lock(&self.sink).clone();
        match sink {
            Some(sink) => send(&sink, what).await.is_ok(),
            None => false,
        }
    }

    fn end(&self) {
        *lock(&self.sink) = None;
        let mut kept = lock(&self.kept);
        kept.pinned.clear();
        kept.operations.values().for_each(|operation| operation.stopped.notify_one());
        kept.operations.clear();
        drop(kept);
        self.ended.notify_one();
    }

    fn pin(&self, block: &Arc<Block>) {
        lock(&self.kept).pinned.insert(block.hash, Arc::clone(block));
    }

    /// Marks a block as final; false when too many final blocks are pinned.
    fn finalised(&self, block: &Block) -> bool {
        let mut kept = lock(&self.kept);
        kept.last_final = block.number;
        let last = kept.last_final;
        // Few blocks are not final, so the count need not be exact before it can matter.
        kept.pinned.len() <= PINNED_MAX
            || kept.pinned.values().filter(|block| block.number <= last).count() <= PINNED_MAX
    }

    fn runtime(&self, of: fn() -> Json, field: &str, mut event: Json) -> Json {
        if let (true, Some(event)) = (self.with_runtime, event.as_object_mut()) {
            event.insert(field.to_owned(), of());
        }
        event
    }

    fn new_block(&self, block: &Block) -> Json {
        let event = json!({
            "event": "newBlock",
            "blockHash": hex(block.hash),
            "parentBlockHash": hex(block.header.parent_hash),
        });
        // The rules are those of genesis for good.
        self.runtime(|| Json::Null, "newRuntime", event)
    }
}

fn best(block: &Block) -> Json {
    json!({ "event": "bestBlockChanged", "bestBlockHash": hex(block.hash) })
}

/// The runtime as an event names it.
fn runtime() -> Json {
    let mut spec = state::version();
    let apis = spec.get_mut("apis").map(Json::take).unwrap_or_default();
    let apis: serde_json::Map<String, Json> = apis
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| Some((row.get(0)?.as_str()?.to_owned(), row.get(1)?.clone())))
        .collect();
    let field = |name: &str| spec.get(name).cloned().unwrap_or_default();
    json!({ "type": "valid", "spec": {
        "specName": field("specName"),
        "implName": field("implName"),
        "specVersion": field("specVersion"),
        "implVersion": field("implVersion"),
        "transactionVersion": field("transactionVersion"),
        "apis": apis,
    }})
}

pub(super) fn register(
    module: &mut RpcModule<Arc<Shared>>,
    follows: &Arc<Follows>,
) -> Result<(), RegisterMethodError> {
    let follows = Arc::clone(follows);
    module.register_subscription(
        "chainHead_v1_follow",
        "chainHead_v1_followEvent",
        "_chainHead_v1_unfollow",
        move |params, pending, shared, _| {
            let follows = Arc::clone(&follows);
            async move {
                let wanted = list(&params).and_then(|params| {
                    at_most(&params, 1)?;
                    match params.first() {
                        Some(Json::Bool(with_runtime)) => Ok(*with_runtime),
                        _ => Err(error::params("parameter 0, withRuntime: true or false")),
                    }
                });
                match wanted {
                    Ok(with_runtime) => follow(pending, &shared, &follows, with_runtime).await,
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

async fn follow(
    pending: PendingSubscriptionSink,
    shared: &Shared,
    follows: &Follows,
    with_runtime: bool,
) -> Result<(), SubscriptionError> {
    let id = match pending.subscription_id() {
        SubscriptionId::Str(id) => id.into_owned(),
        SubscriptionId::Num(id) => id.to_string(),
    };
    let key = (pending.connection_id().0, id);
    let Some(follow) = follows.add(&key, with_runtime) else {
        pending.reject(error::too_many_follows(FOLLOWS_MAX)).await;
        return Ok(());
    };
    let told = tell_all(pending, shared, &follow).await;
    follows.remove(&key);
    told
}

/// Tells of the chain until the follower goes, or cannot be told any more.
async fn tell_all(
    pending: PendingSubscriptionSink,
    shared: &Shared,
    follow: &Follow,
) -> Result<(), SubscriptionError> {
    let Followed { head, last_final, mut news } = shared.follow();
    let sink = pending.accept().await?;
    *lock(&follow.sink) = Some(sink.clone());
    let numbers = last_final.number.saturating_sub(FINAL_AT_FIRST.saturating_sub(1))..last_final.number;
    let mut finals: Vec<_> =
        numbers.filter_map(|number| shared.block_at(number)).filter(|block| block.sealed.is_some()).collect();
    finals.push(last_final);
    finals.iter().for_each(|block| follow.pin(block));
    let hashes: Vec<_> = finals.iter().map(|block| hex(block.hash)).collect();
    let begin = json!({ "event": "initialized", "finalizedBlockHashes": hashes });
    send(&sink, &follow.runtime(runtime, "finalizedBlockRuntime", begin)).await?;
    let first = finals.last().map_or(head.number, |block| block.number).saturating_add(1);
    for number in first..=head.number {
        let block = if number == head.number { Some(Arc::clone(&head)) } else { shared.block_at(number) };
        let Some(block) = block else { return stop(&sink).await };
        follow.pin(&block);
        send(&sink, &follow.new_block(&block)).await?;
    }
    send(&sink, &best(&head)).await?;
    loop {
        let news = tokio::select! {
            () = sink.closed() => return Ok(()),
            () = follow.ended.notified() => return Ok(()),
            news = news.recv() => news,
        };
        match news {
            Ok(News::Sealed(block)) => {
                follow.pin(&block);
                send(&sink, &follow.new_block(&block)).await?;
                send(&sink, &best(&block)).await?;
            }
            Ok(News::Final(block)) => {
                let event = json!({
                    "event": "finalized",
                    "finalizedBlockHashes": [hex(block.hash)],
                    "prunedBlockHashes": [],
                });
                send(&sink, &event).await?;
                if !follow.finalised(&block) {
                    return stop(&sink).await;
                }
            }
            // A past that was final is no more, or some news are lost.
            Ok(News::Back(_)) | Err(RecvError::Lagged(_)) => return stop(&sink).await,
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}

async fn stop(sink: &SubscriptionSink) -> Result<(), SubscriptionError> {
    send(sink, &json!({ "event": "stop" })).await
}
