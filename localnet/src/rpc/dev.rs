//! `localnet_*`, and the names by which other development nodes call the same: what tests love a local chain for.

use super::error;
use super::form::{list, number, text};
use crate::metagraph::Metagraph;
use crate::node::{DevError, Engine, Mishap, Order, Outcome, Shared};
use crate::pace::{Lateness, Pace, block_time};
use crate::scenario::selector::Selector;
use actors::plan::{ActorId, Setting, Value};
use actors::settings;
use chain::account::AccountId;
use chain::call::RuntimeCall;
use chain::schema;
use chain::units::{NetUid, TAO};
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::{ErrorObjectOwned, Params};
use parity_scale_codec::DecodeAll as _;
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
        "localnet_reset" as "dev_reset" as "anvil_reset" as "hardhat_reset" => reset;
        "localnet_dumpState" as "dev_dumpState" as "anvil_dumpState" => dump_state;
        "localnet_loadState" as "dev_loadState" as "anvil_loadState" => load_state;
        "localnet_setBalance" as "dev_setBalance" as "anvil_setBalance" => set_balance;
        "localnet_setStorage" as "dev_setStorage" => set_storage;
        "localnet_setHyperparameter" as "dev_setHyperparameter" => set_hyperparameter;
        "localnet_sudo" as "dev_sudo" => sudo;
        "localnet_impersonate" as "dev_impersonate" => impersonate;
        "localnet_injectFault" as "dev_injectFault" => inject_fault;
        "localnet_metagraph" as "dev_metagraph" => metagraph;
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
        let taken = engine.snapshots();
        let free = |name: &String| taken.iter().all(|(other, _)| other != name);
        let mut names = (1_u64..).map(|number| format!("0x{number:x}"));
        let name = given.or_else(|| names.find(free)).unwrap_or_default();
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

async fn reset(_: Params<'static>, shared: &Shared) -> Answer {
    order(shared, Engine::reset).await.map(|()| json!(true))
}

async fn dump_state(_: Params<'static>, shared: &Shared) -> Answer {
    order(shared, |engine| engine.dump()).await.map(|dump| json!(super::form::hex(dump)))
}

async fn load_state(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let dump = super::form::bytes(text(&params, 0, "what localnet_dumpState gave")?)?;
    order(shared, move |engine| engine.load(&dump)).await.map(|head| json!(head))
}

async fn set_balance(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let account = address(&params, 0)?;
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

async fn set_hyperparameter(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let (netuid, name) = (netuid(&params, 0)?, text(&params, 1, "the name of a hyperparameter")?.to_owned());
    let value = match params.get(2) {
        Some(Json::Bool(on)) => Value::Switch(*on),
        Some(value) if number(value).is_some() => Value::Number(number(value).unwrap_or_default()),
        _ => {
            return Err(error::params(&format!(
                "parameter 2: the value of `{name}`, a number, true or false"
            )));
        }
    };
    let call =
        settings::call(netuid, &Setting { name, value }).map_err(|why| error::params(&why.to_string()))?;
    as_root(shared, call).await
}

async fn sudo(params: Params<'static>, shared: &Shared) -> Answer {
    as_root(shared, call(&list(&params)?, 0)?).await
}

async fn impersonate(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let (who, call) = (address(&params, 0)?, call(&params, 1)?);
    outcome(order(shared, move |engine| engine.impersonate(who, call)).await?)
}

/// The call whose bytes are a parameter.
fn call(params: &[Json], at: usize) -> Result<RuntimeCall, ErrorObjectOwned> {
    let bytes = super::form::bytes(text(params, at, "the bytes of a call")?)?;
    RuntimeCall::decode_all(&mut bytes.as_slice())
        .map_err(|why| error::params(&format!("these bytes are no call: {why}")))
}

fn address(params: &[Json], at: usize) -> Result<AccountId, ErrorObjectOwned> {
    let address = text(params, at, "an address")?.parse();
    address.map_err(|why: chain::account::ParseAccountError| error::params(&why.to_string()))
}

async fn inject_fault(params: Params<'static>, shared: &Shared) -> Answer {
    let mishap = mishap(list(&params)?.into_iter().next())?;
    order(shared, move |engine| engine.inject(mishap)).await.map(|names| json!(names))
}

/// `{"offline": who}`, `{"loss_permille": n, "of": who}`, `{"latency_blocks": n, "of": who}` or
/// `{"partition": [who, who]}`, each with `"blocks": n` or for good; `{"crash": who}` or `{"retire": who}`.
fn mishap(spec: Option<Json>) -> Result<Mishap, ErrorObjectOwned> {
    const HINT: &str =
        "{offline|loss_permille|latency_blocks|partition|crash|retire: ..., of: who, blocks: n}";
    let Some(Json::Object(mut spec)) = spec else {
        return Err(error::params(&format!("what goes wrong: {HINT}")));
    };
    let wrong = |why: serde_json::Error| error::params(&format!("{why}; allowed: {HINT}"));
    for (key, mishap) in [("crash", Mishap::Crash as fn(Selector) -> Mishap), ("retire", Mishap::Retire)] {
        let Some(whom) = spec.remove(key) else { continue };
        if let Some(other) = spec.keys().next() {
            return Err(error::params(&format!("`{key}` stands alone, here is `{other}` too")));
        }
        return Ok(mishap(serde_json::from_value(whom).map_err(wrong)?));
    }
    let blocks = spec.remove("blocks").map(|value| {
        number(&value).filter(|blocks| *blocks > 0).ok_or_else(|| error::params("blocks: a number above 0"))
    });
    // Counted from the next block on, which is not known here.
    if spec.insert("during".to_owned(), json!([1, 1])).is_some() {
        return Err(error::params(
            "`during` belongs in a scenario; here it is `blocks`, counted from the next one",
        ));
    }
    let fault = serde_json::from_value(Json::Object(spec)).map_err(wrong)?;
    Ok(Mishap::Fault { fault, blocks: blocks.transpose()? })
}

async fn metagraph(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    let netuid = netuid(&params, 0)?;
    // A hash is no number of 64 bits.
    let block = match params.get(1).and_then(number) {
        Some(number) => shared.block_at(number).ok_or_else(|| match shared.hash_at(number) {
            Some(hash) => error::discarded(&hash),
            None => error::refused(format!("no block {number}")),
        })?,
        None => super::form::block(shared, &params, 1)?,
    };
    let sealed = super::form::sealed(&block)?;
    let metagraph = Metagraph::of(&sealed.state, netuid);
    let metagraph = metagraph.ok_or_else(|| error::refused(format!("there is no subnet {netuid}")))?;
    serde_json::to_value(metagraph).map_err(|why| error::refused(why.to_string()))
}

/// Sends a call as root in a block of its own.
async fn as_root(shared: &Shared, call: RuntimeCall) -> Answer {
    outcome(order(shared, move |engine| engine.as_root(vec![call])).await?)
}

fn outcome(results: Vec<Outcome>) -> Answer {
    match results.into_iter().next() {
        Some(Ok(())) => Ok(json!(true)),
        Some(Err(why)) => Err(error::refused(why)),
        None => Err(error::ended()),
    }
}

async fn node_info(_: Params<'static>, shared: &Shared) -> Answer {
    let head = shared.head();
    order(shared, move |engine| {
        let stage = engine.run().stage();
        let plan = &stage.plan;
        let cast = (0..).map(ActorId).zip(&plan.cast).filter_map(|(id, member)| {
            let keys = stage.keys(id)?;
            let (role, coldkey, hotkey) = (member.role.label(), keys.cold.to_ss58(), keys.hot.to_ss58());
            Some(json!({ "name": member.name, "role": role, "coldkey": coldkey, "hotkey": hotkey }))
        });
        Ok(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "scenario": plan.name,
            "seed": plan.seed.to_string(),
            "block": head.number,
            "hash": super::form::hex(head.hash),
            "digest": super::form::hex(engine.run().digest()),
            "timestamp": engine.run().view().timestamp_ms,
            "pace": engine.pace_text(),
            "late": engine.lateness().and_then(late),
            "cast": cast.collect::<Vec<_>>(),
        }))
    })
    .await
}

/// By how much blocks are late, milliseconds: the last 1,024 of this pace, and how many were left out.
fn late(lateness: &Lateness) -> Option<Json> {
    let (median, worst) = lateness.median_and_worst()?;
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1e3;
    Some(json!({ "median": ms(median), "worst": ms(worst), "missed": lateness.missed() }))
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
