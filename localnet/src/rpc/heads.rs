//! Subscriptions: heads, storage, runtime version.

use super::form::{header, list};
use super::{error, state};
use crate::node::{Block, Followed, News, Shared};
use jsonrpsee::core::{RegisterMethodError, SubscriptionError};
use jsonrpsee::server::SubscriptionMessage;
use jsonrpsee::{PendingSubscriptionSink, RpcModule, SubscriptionSink};
use serde_json::{Value as Json, json, value::to_raw_value};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

pub(super) fn register(module: &mut RpcModule<Arc<Shared>>) -> Result<(), RegisterMethodError> {
    const FINALIZED: &str = "chain_finalizedHead";
    const HEADS: [(&str, &str, &str); 4] = [
        ("chain_subscribeNewHeads", "chain_newHead", "chain_unsubscribeNewHeads"),
        ("chain_subscribeNewHead", "chain_newHead", "chain_unsubscribeNewHead"),
        ("chain_subscribeFinalizedHeads", FINALIZED, "chain_unsubscribeFinalizedHeads"),
        ("chain_subscribeAllHeads", "chain_allHead", "chain_unsubscribeAllHeads"),
    ];
    for (subscribe, name, unsubscribe) in HEADS {
        module.register_subscription(
            subscribe,
            name,
            unsubscribe,
            move |_, pending, shared, _| async move {
                if name == FINALIZED {
                    return follow_final(pending, &shared).await;
                }
                follow(pending, &shared, |block| Some(header(&block.header))).await
            },
        )?;
    }
    module.register_subscription(
        "state_subscribeRuntimeVersion",
        "state_runtimeVersion",
        "state_unsubscribeRuntimeVersion",
        |_, pending, shared, _| async move {
            let mut told = false;
            follow(pending, &shared, move |_| (!std::mem::replace(&mut told, true)).then(state::version))
                .await
        },
    )?;
    module.register_alias("chain_subscribeRuntimeVersion", "state_subscribeRuntimeVersion")?;
    module.register_alias("chain_unsubscribeRuntimeVersion", "state_unsubscribeRuntimeVersion")?;
    module.register_subscription(
        "state_subscribeStorage",
        "state_storage",
        "state_unsubscribeStorage",
        |params, pending, shared, _| async move {
            let keys = list(&params).and_then(|params| state::keys_of(params.first()));
            let keys = match keys {
                Ok(keys) if !keys.is_empty() => keys,
                Ok(_) => {
                    pending.reject(error::params("give the keys to watch")).await;
                    return Ok(());
                }
                Err(refused) => {
                    pending.reject(refused).await;
                    return Ok(());
                }
            };
            let reader = Arc::clone(&shared);
            let mut last: Vec<Option<Json>> = vec![None; keys.len()];
            follow(pending, &shared, move |block| state::changes(&reader, block, &keys, &mut last)).await
        },
    )?;
    Ok(())
}

/// Tells of the head at once and of every block after it, as long as the subscriber keeps up.
async fn follow(
    pending: PendingSubscriptionSink,
    shared: &Shared,
    mut say: impl FnMut(&Block) -> Option<Json>,
) -> Result<(), SubscriptionError> {
    // Before the subscriber hears that it is one: it misses nothing from then on.
    let Followed { head, mut news, .. } = shared.follow();
    let sink = pending.accept().await?;
    if let Some(what) = say(&head) {
        send(&sink, &what).await?;
    }
    loop {
        tokio::select! {
            () = sink.closed() => return Ok(()),
            next = news.recv() => match next {
                Ok(News::Sealed(block) | News::Back(block)) => {
                    if let Some(what) = say(&block) {
                        send(&sink, &what).await?;
                    }
                }
                Ok(News::Final(_)) => {}
                // It lost some: blocks are numbered, so it can ask for them.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Ok(()),
            },
        }
    }
}

/// Tells of the final head at once and of every block that becomes final.
async fn follow_final(pending: PendingSubscriptionSink, shared: &Shared) -> Result<(), SubscriptionError> {
    let Followed { last_final, mut news, .. } = shared.follow();
    let sink = pending.accept().await?;
    send(&sink, &header(&last_final.header)).await?;
    let mut told = last_final.hash;
    loop {
        tokio::select! {
            () = sink.closed() => return Ok(()),
            next = news.recv() => {
                let block = match next {
                    Ok(News::Final(block)) => block,
                    Ok(News::Back(_)) => shared.final_head(),
                    Ok(News::Sealed(_)) | Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return Ok(()),
                };
                if std::mem::replace(&mut told, block.hash) != block.hash {
                    send(&sink, &header(&block.header)).await?;
                }
            }
        }
    }
}

/// Sends one notification, waiting for room.
pub(super) async fn send(sink: &SubscriptionSink, what: &Json) -> Result<(), SubscriptionError> {
    let message: SubscriptionMessage = to_raw_value(what)?.into();
    sink.send(message).await?;
    Ok(())
}

/// Keeps the shape of a change set in one place.
pub(super) fn change_set(block: &Block, changes: Vec<(String, Json)>) -> Json {
    json!({ "block": super::form::hex(block.hash), "changes": changes })
}
