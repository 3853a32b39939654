//! `author_*`: extrinsics on their way into a block.

use super::activity::Activity;
use super::form::{at_most, bytes, hex, list, text};
use super::{error, heads};
use crate::node::{SETTLE, Shared, Status};
use crate::pace::Tick;
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::ErrorObjectOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::unbounded_channel;

/// The same as [`SETTLE`] where blocks are final at once.
const APART: Duration = Duration::from_millis(100);

pub(super) fn register(module: &mut RpcModule<Arc<Shared>>) -> Result<(), RegisterMethodError> {
    module.register_method("author_submitExtrinsic", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 1)?;
        let extrinsic = bytes(text(&params, 0, "the bytes of an extrinsic")?)?;
        let hash = shared.submit(&extrinsic, None).map_err(|why| error::rejection(&why))?;
        Ok::<_, ErrorObjectOwned>(hex(hash))
    })?;
    module.register_method("author_pendingExtrinsics", |_, shared, _| {
        shared.pending().iter().map(hex).collect::<Vec<_>>()
    })?;
    module.register_subscription(
        "author_submitAndWatchExtrinsic",
        "author_extrinsicUpdate",
        "author_unwatchExtrinsic",
        |params, pending, shared, extensions| async move {
            let (sender, mut statuses) = unbounded_channel();
            let taken = list(&params)
                .and_then(|params| bytes(text(&params, 0, "the bytes of an extrinsic")?))
                .and_then(|bytes| shared.submit(&bytes, Some(sender)).map_err(|why| error::rejection(&why)));
            if let Err(refused) = taken {
                pending.reject(refused).await;
                return Ok(());
            }
            let sink = pending.accept().await?;
            let mut heard = None;
            loop {
                tokio::select! {
                    () = sink.closed() => return Ok(()),
                    status = statuses.recv() => {
                        let Some(status) = status else { return Ok(()) };
                        match status {
                            Status::InBlock(_) => heard = Some(Tick::now()),
                            Status::Finalized(_) => {
                                if let Some(heard) = heard.take() {
                                    let least = if shared.finality() == 0 { APART } else { SETTLE };
                                    Activity::of(&extensions).settle(heard, least).await;
                                }
                            }
                            _ => {}
                        }
                        for what in status.notifications() {
                            heads::send(&sink, &what).await?;
                        }
                        if status.is_last() {
                            return Ok(());
                        }
                    }
                }
            }
        },
    )?;
    Ok(())
}
