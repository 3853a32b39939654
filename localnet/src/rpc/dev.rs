//! `localnet_*`, and the names by which other development nodes call the same: what tests love a local chain for.

use super::error;
use super::form::{list, number, text};
use crate::node::{DevError, Engine, Order, Shared};
use crate::pace::{Pace, block_time};
use chain::account::AccountId;
use chain::call::RuntimeCall;
use chain::schema;
use chain::units::{NetUid, TAO};
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::{ErrorObjectOwned, Params};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use tokio::sync::oneshot;

type Answer = Result<Json, ErrorObjectOwned>;

/// Carries out an order between two blocks and waits for what comes of it.
async fn order<T: Send + 'static>(
    shared: &Shared,
    what: impl FnOnce(&mut Engine) -> Result<T, DevError> + Send + 'static,
) -> Result<T, ErrorObjectOwned> {
    let (sender, receiver) = oneshot::channel();
    let task = Order::Do(Box::new(move |engine: &mut Engine| {
        // Who asked may have gone away.
        let _ = sender.send(what(engine));
    }));
    if !shared.order(task) {
        return Err(error::ended());
    }
    receiver.await.map_err(|_| error::ended())?.map_err(|why| error::developer(&why))
}

macro_rules! orders {
    ($module:ident; $($name:literal $(as $alias:literal)* => $handler:ident;)*) => {
        $(
            $module.register_async_method($name, |params, shared, _| async move {
                $handler(params, &shared).await
            })?;
            $($module.register_alias($alias, $name)?;)*
        )*
    };
}

pub(super) fn register(module: &mut RpcModule<Arc<Shared>>) -> Result<(), RegisterMethodError> {
    orders! { module;
        "localnet_mine" as "dev_mine" as "anvil_mine" as "evm_mine" as "dev_newBlock" => mine;
        "localnet_mineToEpoch" as "dev_mineToEpoch" => mine_to_epoch;
        "localnet_setAutomine" as "dev_setAutomine" as "evm_setAutomine" => set_automine;
        "localnet_setInterval" as "dev_setInterval" as "anvil_setIntervalMining" => set_interval;
        "localnet_increaseTime" as "dev_increaseTime" as "evm_increaseTime" => increase_time;
        "localnet_setNextTimestamp" as "dev_setNextTimestamp" as "evm_setNextBlockTimestamp" => set_next_timestamp;
        "localnet_snapshot" as "dev_snapshot" as "evm_snapshot" => snapshot;
        "localnet_revert" as "dev_revert" as "evm_revert" => revert;
        "localnet_listSnapshots" as "dev_listSnapshots" => list_snapshots;
        "localnet_setBalance" as "dev_setBalance" as "anvil_setBalance" => set_balance;
        "localnet_setStorage" as "dev_setStorage" => set_storage;
        "localnet_sudo" as "dev_sudo" => sudo;
        "localnet_nodeInfo" as "dev_nodeInfo" as "anvil_nodeInfo" => node_info;
        "localnet_ledgerStatus" as "dev_ledgerStatus" => ledger_status;
    }
    Ok(())
}

async fn mine(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let blocks = match params.first() {
        None | Some(Json::Null) => 1,
        Some(Json::Object(options)) => options.get("count").and_then(number).unwrap_or(1),
        Some(value) => number(value).ok_or_else(|| error::params("how many blocks: a number"))?,
    };
    order(shared, move |engine| engine.mine(blocks)).await.map(|head| json!(head))
}

async fn mine_to_epoch(params: Params<'static>, shared: &Shared) -> Answer {
    let netuid = netuid(&list(&params)?, 0)?;
    order(shared, move |engine| engine.mine_to_epoch(netuid)).await.map(|head| json!(head))
}

async fn set_automine(params: Params<'static>, shared: &Shared) -> Answer {
    let on = match list(&params)?.first() {
        Some(Json::Bool(on)) => *on,
        _ => {
            return Err(error::params(
                "true for a block as soon as an extrinsic waits, false for blocks on demand",
            ));
        }
    };
    let pace = if on { Pace::Automine } else { Pace::Manual };
    set_pace(shared, pace).await
}

async fn set_interval(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let text = match params.first() {
        // As elsewhere, no interval means blocks on demand.
        Some(value) if number(value) == Some(0) => return set_pace(shared, Pace::Manual).await,
        Some(Json::String(text)) => text.clone(),
        Some(value) => {
            let ms = number(value)
                .ok_or_else(|| error::params("a block time such as \"250ms\", or milliseconds"))?;
            format!("{ms}ms")
        }
        None => return Err(error::params("a block time such as \"250ms\", or milliseconds")),
    };
    let every = block_time(&text).map_err(|why| error::params(&why))?;
    set_pace(shared, Pace::Interval(every)).await
}

async fn set_pace(shared: &Shared, pace: Pace) -> Answer {
    order(shared, move |engine| {
        engine.set_pace(pace);
        Ok(())
    })
    .await
    .map(|()| json!(true))
}

async fn increase_time(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let seconds = params.first().and_then(number).ok_or_else(|| error::params("by how many seconds"))?;
    let ms = i64::try_from(seconds).ok().and_then(|seconds| seconds.checked_mul(1_000));
    let ms = ms.ok_or_else(|| error::params("too many seconds"))?;
    order(shared, move |engine| Ok(engine.increase_time(ms))).await.map(|ahead| json!(ahead))
}

async fn set_next_timestamp(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let ms =
        params.first().and_then(number).ok_or_else(|| error::params("milliseconds since the Unix epoch"))?;
    order(shared, move |engine| engine.set_next_timestamp(ms)).await.map(|()| json!(true))
}

async fn snapshot(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let given = params.first().and_then(Json::as_str).map(str::to_owned);
    order(shared, move |engine| {
        let name = given.unwrap_or_else(|| format!("0x{:x}", engine.snapshots().len().saturating_add(1)));
        engine.snapshot(name.clone())?;
        Ok(name)
    })
    .await
    .map(|name| json!(name))
}

async fn revert(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let name = text(&params, 0, "the name of a snapshot")?.to_owned();
    order(shared, move |engine| engine.revert(&name)).await.map(|block| json!(block))
}

async fn list_snapshots(_: Params<'static>, shared: &Shared) -> Answer {
    let all = order(shared, |engine| Ok(engine.snapshots())).await?;
    Ok(all.into_iter().map(|(name, block)| json!({ "name": name, "block": block })).collect())
}

async fn set_balance(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let account: AccountId = text(&params, 0, "an address")?
        .parse()
        .map_err(|why: chain::account::ParseAccountError| error::params(&why.to_string()))?;
    let rao = params
        .get(1)
        .and_then(number)
        .ok_or_else(|| error::params(&format!("parameter 1: the free balance in rao ({TAO} for one TAO)")))?;
    let call =
        chain::call::BalancesCall::ForceSetBalance { who: account.into(), new_free: chain::units::Rao(rao) };
    as_root(shared, call.into()).await
}

async fn set_storage(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let (pallet, name) = (text(&params, 0, "a pallet")?, text(&params, 1, "a storage item")?);
    let item = schema::lookup(pallet, name)
        .ok_or_else(|| error::params(&format!("there is no storage item {pallet}.{name}")))?;
    let parts = params.get(2).and_then(Json::as_array).cloned().unwrap_or_default();
    let wrong = |why: schema::SchemaError| error::params(&format!("{pallet}.{name}: {why}"));
    let key = item.parse_key(&parts).map_err(wrong)?;
    let raw = item.raw_key(&key);
    let call = match params.get(3) {
        None | Some(Json::Null) => chain::call::SystemCall::KillStorage { keys: vec![raw.into()] },
        Some(value) => {
            let value = item.parse_value(value).map_err(wrong)?;
            chain::call::SystemCall::SetStorage { items: vec![(raw.into(), value.into())] }
        }
    };
    as_root(shared, RuntimeCall::System(call)).await
}

async fn sudo(params: Params<'static>, shared: &Shared) -> Answer {
    use parity_scale_codec::DecodeAll as _;
    let params = list(&params)?;
    let bytes = super::form::bytes(text(&params, 0, "the bytes of a call")?)?;
    let call = RuntimeCall::decode_all(&mut bytes.as_slice())
        .map_err(|why| error::params(&format!("these bytes are no call: {why}")))?;
    as_root(shared, call).await
}

/// Sends a call as root in a block of its own.
async fn as_root(shared: &Shared, call: RuntimeCall) -> Answer {
    let results = order(shared, move |engine| engine.as_root(vec![call])).await?;
    match results.into_iter().next() {
        Some(Ok(())) => Ok(json!(true)),
        Some(Err(why)) => Err(error::refused(why)),
        None => Err(error::ended()),
    }
}

async fn node_info(_: Params<'static>, shared: &Shared) -> Answer {
    let head = shared.head();
    order(shared, move |engine| {
        let plan = &engine.run().stage().plan;
        Ok(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "scenario": plan.name,
            "seed": plan.seed.to_string(),
            "block": head.number,
            "hash": super::form::hex(head.hash),
            "digest": super::form::hex(engine.run().digest()),
            "timestamp": engine.run().view().timestamp_ms,
            "pace": engine.pace_text(),
        }))
    })
    .await
}

async fn ledger_status(_: Params<'static>, shared: &Shared) -> Answer {
    order(shared, |engine| {
        Ok(engine.ledger_status().map_or(Json::Null, |(path, status)| {
            json!({
                "path": path.display().to_string(),
                "head": status.head,
                "stored": status.stored,
                "queuedFrames": status.queued_frames,
                "queuedBytes": status.queued_bytes,
                "checkpoint": status.checkpoint,
                "durability": status.durability.to_string(),
                "degraded": status.degraded,
            })
        }))
    })
    .await
}

fn netuid(params: &[Json], at: usize) -> Result<NetUid, ErrorObjectOwned> {
    let number = params.get(at).and_then(number).and_then(|number| u16::try_from(number).ok());
    number.map(NetUid).ok_or_else(|| error::params(&format!("parameter {at}: a netuid")))
}
