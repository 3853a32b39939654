//! `transaction_v1_*` and `transactionWatch_v1_*`: extrinsics on their way into a block, by the new interface.

use super::activity::Activity;
use super::error;
use super::form::{at_most, bytes, hex, list, text};
use super::heads::send;
use crate::node::{News, Refusal, Rejection, SETTLE, Shared, Status};
use crate::pace::Tick;
use jsonrpsee::core::{RegisterMethodError, SubscriptionError};
use jsonrpsee::types::ErrorObjectOwned;
use jsonrpsee::{ConnectionId, Extensions, PendingSubscriptionSink, RpcModule};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::AbortHandle;

/// Extrinsics that one connection may broadcast at a time.
const BROADCASTS_MAX: usize = 64;
/// Extrinsics that all connections may broadcast at a time.
const ALL_BROADCASTS_MAX: usize = 4_096;
/// Blocks for which an extrinsic is tried again: as many as the longest era of clients has.
const TRIES_MAX: u32 = 128;

/// Number of the newest broadcast, and the broadcasts by number: the connection, and the task.
type Running = (u64, BTreeMap<u64, (usize, AbortHandle)>);

/// What is being broadcast, in the order in which it came: the connection, and the task.
#[derive(Debug, Default)]
struct Broadcasts {
    running: Mutex<Running>,
}

impl Broadcasts {
    fn start(&self, connection: usize, task: impl Future<Output = ()> + Send + 'static) -> Option<String> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, tasks) = &mut *running;
        if tasks.values().filter(|(of, _)| *of == connection).count() >= BROADCASTS_MAX {
            return None;
        }
        // Connections end without stopping what they began.
        if tasks.len() >= ALL_BROADCASTS_MAX
            && let Some((_, (_, oldest))) = tasks.pop_first()
        {
            oldest.abort();
        }
        *last = last.saturating_add(1);
        tasks.insert(*last, (connection, tokio::spawn(task).abort_handle()));
        Some(last.to_string())
    }

    fn stop(&self, connection: usize, id: &str) -> bool {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let tasks = &mut running.1;
        let id = id.parse().ok().filter(|id| tasks.get(id).is_some_and(|(of, _)| *of == connection));
        let task = id.and_then(|id| tasks.remove(&id));
        task.inspect(|(_, task)| task.abort()).is_some()
    }
}

fn connection(extensions: &Extensions) -> usize {
    extensions.get::<ConnectionId>().map_or(usize::MAX, |id| id.0)
}

pub(super) fn register(module: &mut RpcModule<Arc<Shared>>) -> Result<(), RegisterMethodError> {
    let broadcasts = Arc::new(Broadcasts::default());
    let all = Arc::clone(&broadcasts);
    // Tasks begin, so it has to be inside the runtime, as asynchronous methods are.
    module.register_async_method("transaction_v1_broadcast", move |params, shared, extensions| {
        let all = Arc::clone(&all);
        async move {
            let params = list(&params)?;
            at_most(&params, 1)?;
            let extrinsic = bytes(text(&params, 0, "the bytes of an extrinsic")?)?;
            let task = broadcast(Arc::clone(&shared), extrinsic);
            Ok::<_, ErrorObjectOwned>(all.start(connection(&extensions), task))
        }
    })?;
    module.register_method("transaction_v1_stop", move |params, _, extensions| {
        let params = list(&params)?;
        at_most(&params, 1)?;
        let id = text(&params, 0, "operationId")?;
        match broadcasts.stop(connection(extensions), id) {
            true => Ok(Json::Null),
            false => Err(error::no_operation(id)),
        }
    })?;
    module.register_subscription(
        "transactionWatch_v1_submitAndWatch",
        "transactionWatch_v1_watchEvent",
        "transactionWatch_v1_unwatch",
        |params, pending, shared, extensions| async move {
            let extrinsic = list(&params).and_then(|params| {
                at_most(&params, 1)?;
                bytes(text(&params, 0, "the bytes of an extrinsic")?)
            });
            match extrinsic {
                Ok(extrinsic) => watch(pending, &shared, &extrinsic, &Activity::of(&extensions)).await,
                Err(refused) => {
                    pending.reject(refused).await;
                    Ok(())
                }
            }
        },
    )?;
    Ok(())
}

/// Submits an extrinsic, and again after each block for as long as the pool does not take it. What is taken counts for the
/// connection until it is stopped.
async fn broadcast(shared: Arc<Shared>, extrinsic: Vec<u8>) {
    let mut news = shared.follow().news;
    let mut tries = 0;
    loop {
        match shared.submit(&extrinsic, None) {
            Ok(_) | Err(Rejection::Pool(Refusal::Known, _)) => return,
            Err(why) => tracing::debug!(?why, "a broadcast extrinsic is not taken yet"),
        }
        tries += 1;
        if tries > TRIES_MAX {
            return;
        }
        loop {
            match news.recv().await {
                Ok(News::Sealed(_) | News::Back(_)) | Err(RecvError::Lagged(_)) => break,
                Ok(News::Final(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }
}

async fn watch(
    pending: PendingSubscriptionSink,
    shared: &Shared,
    extrinsic: &[u8],
    activity: &Activity,
) -> Result<(), SubscriptionError> {
    let (sender, mut statuses) = unbounded_channel();
    let taken = shared.submit(extrinsic, Some(sender));
    let sink = pending.accept().await?;
    if let Err(rejection) = taken {
        let event = match &rejection {
            Rejection::Pool(Refusal::Full, _) => "dropped",
            _ => "invalid",
        };
        return send(&sink, &json!({ "event": event, "error": in_words(&rejection) })).await;
    }
    let place = |hash: &chain::block::Hash| {
        let block = shared.block_of(hash)?;
        let index = block.shown.extrinsics.iter().position(|bytes| bytes.as_slice() == extrinsic)?;
        Some(json!({ "hash": hex(hash), "index": index }))
    };
    let mut heard = None;
    loop {
        let status = tokio::select! {
            () = sink.closed() => return Ok(()),
            status = statuses.recv() => status,
        };
        let Some(status) = status else { return Ok(()) };
        let event = match status {
            Status::Future => continue,
            Status::Ready => json!({ "event": "validated" }),
            Status::InBlock(hash) => {
                heard = Some(Tick::now());
                json!({ "event": "bestChainBlockIncluded", "block": place(&hash) })
            }
            Status::Retracted(_) => json!({ "event": "bestChainBlockIncluded", "block": null }),
            Status::Finalized(hash) => {
                if let (Some(heard), true) = (heard.take(), shared.finality() > 0) {
                    activity.settle(heard, SETTLE).await;
                }
                json!({ "event": "finalized", "block": place(&hash) })
            }
            Status::Usurped(_) => {
                json!({ "event": "invalid", "error": "another extrinsic with its nonce took its place" })
            }
            Status::Invalid => {
                json!({ "event": "invalid", "error": "its time is over, or the chain refuses it now" })
            }
            Status::Dropped => {
                json!({ "event": "dropped", "error": "the chain went back to before it came" })
            }
        };
        send(&sink, &event).await?;
        if status.is_last() {
            return Ok(());
        }
    }
}

fn in_words(rejection: &Rejection) -> String {
    let refused = error::rejection(rejection);
    let data = refused.data().and_then(|data| serde_json::from_str::<String>(data.get()).ok());
    data.map_or_else(|| refused.message().to_owned(), |data| format!("{}: {data}", refused.message()))
}
