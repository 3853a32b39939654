//! `localnet_*`: what tests love a local chain for. [`super::borrowed`] has the names of other development nodes.

use super::error;
use super::form::{at_most, list, number, text};
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
use chain::wire::{MEMORY_MAX, decode_all_bounded};
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::{ErrorObjectOwned, Params};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

pub(super) type Answer = Result<Json, ErrorObjectOwned>;

/// Carries out an order between two blocks and waits for what comes of it.
pub(super) async fn order<T: Send + 'static>(
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
    ($module:ident; $($name:literal $(as $alias:literal)* => $handler:path;)*) => {
        $(
            $module.register_async_method($name, |params, shared, _| async move {
                $handler(params, &shared).await
            })?;
            $($module.register_alias($alias, $name)?;)*
        )*
    };
}
pub(super) use orders;

pub(super) fn register(module: &mut RpcModule<Arc<Shared>>) -> Result<(), RegisterMethodError> {
    orders! { module;
        "localnet_mine" => mine;
        "localnet_mineToEpoch" => mine_to_epoch;
        "localnet_setAutomine" => set_automine;
        "localnet_getAutomine" => get_automine;
        "localnet_setInterval" => set_interval;
        "localnet_getInterval" => get_interval;
        "localnet_increaseTime" => increase_time;
        "localnet_setNextTimestamp" => set_next_timestamp;
        "localnet_snapshot" => snapshot;
        "localnet_revert" => revert;
        "localnet_listSnapshots" => list_snapshots;
        "localnet_setHead" => set_head;
        "localnet_reset" => reset;
        "localnet_dumpState" => dump_state;
        "localnet_loadState" => load_state;
        "localnet_setBalance" => set_balance;
        "localnet_setStorage" => set_storage;
        "localnet_setHyperparameter" => set_hyperparameter;
        "localnet_sudo" => sudo;
        "localnet_impersonate" => impersonate;
        "localnet_injectFault" => inject_fault;
        "localnet_metagraph" => metagraph;
        "localnet_nodeInfo" => node_info;
        "localnet_ledgerStatus" => ledger_status;
    }
    Ok(())
}

/// A time from block to block: text with its unit, or milliseconds; nothing for null and 0.
fn apart(value: Option<&Json>) -> Result<Option<Duration>, ErrorObjectOwned> {
    const WHAT: &str = "a block time such as \"250ms\", or milliseconds";
    let text = match value {
        None | Some(Json::Null) => return Ok(None),
        Some(value) if number(value) == Some(0) => return Ok(None),
        Some(Json::String(text)) if number(&json!(text)).is_none() => text.clone(),
        Some(value) => format!("{}ms", number(value).ok_or_else(|| error::params(WHAT))?),
    };
    block_time(&text).map(Some).map_err(|why| error::params(&format!("{why}; {WHAT}")))
}

/// Blocks, one block time apart or as the second parameter says.
async fn mine(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 2)?;
    let (blocks, between) = match params.first() {
        Some(Json::Object(options)) => {
            if let Some(other) = options.keys().find(|name| !["count", "apart"].contains(&name.as_str())) {
                return Err(error::params(&format!("unknown option `{other}`; allowed: count, apart")));
            }
            (options.get("count"), options.get("apart"))
        }
        first => (first, params.get(1)),
    };
    let blocks = match blocks {
        None | Some(Json::Null) => 1,
        Some(value) => number(value).ok_or_else(|| error::params("how many blocks: a number"))?,
    };
    let apart_ms = apart(between)?.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    order(shared, move |engine| engine.mine(blocks, apart_ms)).await.map(|head| json!(head))
}

async fn mine_to_epoch(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let netuid = netuid(&params, 0)?;
    order(shared, move |engine| engine.mine_to_epoch(netuid)).await.map(|head| json!(head))
}

/// Off goes back to the interval, or to blocks on demand where there is none.
pub(super) async fn set_automine(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let Some(Json::Bool(on)) = params.first().cloned() else {
        return Err(error::params(
            "true for a block as soon as an extrinsic waits, false to go back to the interval, if there is one",
        ));
    };
    order(shared, move |engine| {
        engine.set_automine(on);
        Ok(json!(true))
    })
    .await
}

pub(super) async fn get_automine(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    order(shared, |engine| Ok(json!(engine.pace() == Pace::Automine))).await
}

async fn set_interval(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    if params.is_empty() {
        return Err(error::params(
            "a block time such as \"250ms\", or milliseconds; null for blocks on demand",
        ));
    }
    set_pace(shared, apart(params.first())?).await
}

/// What `localnet_setInterval` takes: text with its unit, or null.
async fn get_interval(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    order(shared, |engine| Ok(json!(engine.interval().map(in_words)))).await
}

fn in_words(time: Duration) -> String {
    humantime::format_duration(time).to_string().replace(' ', "")
}

/// Blocks at an interval, or on demand.
pub(super) async fn set_pace(shared: &Shared, every: Option<Duration>) -> Answer {
    order(shared, move |engine| {
        engine.set_interval(every);
        Ok(json!(true))
    })
    .await
}

/// Seconds; gives by how many the clock is ahead of the wall clock.
pub(super) async fn increase_time(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let seconds = params.first().and_then(number).ok_or_else(|| error::params("by how many seconds"))?;
    let ms = i64::try_from(seconds).ok().and_then(|seconds| seconds.checked_mul(1_000));
    let ms = ms.ok_or_else(|| error::params("too many seconds"))?;
    order(shared, move |engine| Ok(engine.increase_time(ms))).await.map(|ahead| json!(ahead / 1_000))
}

async fn set_next_timestamp(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let ms =
        params.first().and_then(number).ok_or_else(|| error::params("milliseconds since the Unix epoch"))?;
    order(shared, move |engine| engine.set_next_timestamp(ms)).await.map(|()| json!(true))
}

async fn snapshot(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let name = match params.first() {
        None | Some(Json::Null) => None,
        Some(Json::String(name)) => Some(name.clone()),
        Some(other) => {
            return Err(error::params(&format!("the name of a snapshot: expected text, got {other}")));
        }
    };
    snapshot_as(shared, name).await
}

/// Takes a snapshot under a name, or the next free number, and gives the name.
pub(super) async fn snapshot_as(shared: &Shared, given: Option<String>) -> Answer {
    order(shared, move |engine| engine.snapshot(given)).await.map(|name| json!(name))
}

/// Back to a snapshot by its name, or to a block by its height; gives the height.
async fn revert(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    if params.first().is_some_and(Json::is_number) {
        return go_to(&params, shared).await;
    }
    let name = text(&params, 0, "the name of a snapshot, or the height of a block")?.to_owned();
    order(shared, move |engine| engine.revert(&name)).await.map(|block| json!(block))
}

async fn set_head(params: Params<'static>, shared: &Shared) -> Answer {
    go_to(&list(&params)?, shared).await
}

/// Back to a block by its height or hash; gives the height.
pub(super) async fn go_to(params: &[Json], shared: &Shared) -> Answer {
    at_most(params, 1)?;
    let height = match params.first() {
        Some(Json::String(text)) if text.len() == 66 => {
            let hash = super::form::hash(text)?;
            shared.number_of(&hash).ok_or_else(|| error::unknown_block(&hash))?
        }
        Some(value) => {
            number(value).ok_or_else(|| error::params("parameter 0: the height or the hash of a block"))?
        }
        None => return Err(error::params("parameter 0: the height or the hash of a block")),
    };
    order(shared, move |engine| engine.go_to(height)).await.map(|()| json!(height))
}

async fn list_snapshots(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    let all = order(shared, |engine| Ok(engine.snapshots())).await?;
    Ok(all.into_iter().map(|(name, block)| json!({ "name": name, "block": block })).collect())
}

async fn reset(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    order(shared, Engine::reset).await.map(|()| json!(true))
}

pub(super) async fn dump_state(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    order(shared, |engine| engine.dump()).await.map(|dump| json!(super::form::hex(dump)))
}

pub(super) async fn load_state(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let dump = super::form::bytes(text(&params, 0, "what localnet_dumpState gave")?)?;
    // Played on the side first, while the chain goes on: one at a time, since each plays a whole chain.
    let (origin, one) = order(shared, |engine| Ok((engine.origin(), engine.loads()))).await?;
    let Ok(_one) = one.try_acquire_owned() else {
        return Err(error::refused("another dump is being loaded".to_owned()));
    };
    let checked = tokio::task::spawn_blocking(move || origin.check(dump)).await;
    let checked = checked.map_err(|_| error::ended())?.map_err(|why| error::developer(&why))?;
    order(shared, move |engine| engine.load(&checked)).await.map(|head| json!(head))
}

/// The free balance of an account, in rao.
pub(super) async fn set_balance(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 2)?;
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
    at_most(&params, 4)?;
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
    at_most(&params, 3)?;
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
    let params = list(&params)?;
    at_most(&params, 1)?;
    as_root(shared, call(&params, 0)?).await
}

async fn impersonate(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 2)?;
    let (who, call) = (address(&params, 0)?, call(&params, 1)?);
    outcome(order(shared, move |engine| engine.impersonate(who, call)).await?)
}

/// The call whose bytes are a parameter.
fn call(params: &[Json], at: usize) -> Result<RuntimeCall, ErrorObjectOwned> {
    let bytes = super::form::bytes(text(params, at, "the bytes of a call")?)?;
    decode_all_bounded(&bytes, MEMORY_MAX)
        .map_err(|why| error::params(&format!("these bytes are no call: {why}")))
}

fn address(params: &[Json], at: usize) -> Result<AccountId, ErrorObjectOwned> {
    let address = text(params, at, "an address")?.parse();
    address.map_err(|why: chain::account::ParseAccountError| error::params(&why.to_string()))
}

async fn inject_fault(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let mishap = mishap(params.into_iter().next())?;
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
    Ok(Mishap::Fault { fault: Box::new(fault), blocks: blocks.transpose()? })
}

async fn metagraph(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 2)?;
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

async fn node_info(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    let head = shared.head();
    order(shared, move |engine| {
        let context = engine.run().context();
        let plan = &context.plan;
        let cast = (0..).map(ActorId).zip(&plan.cast).filter_map(|(id, member)| {
            let keys = context.keys(id)?;
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
            "pace": {
                "automine": engine.pace() == Pace::Automine,
                "interval": engine.interval().map(in_words),
                "text": engine.pace_text(),
            },
            "late": engine.lateness().and_then(late),
            "cast": cast.collect::<Vec<_>>(),
        }))
    })
    .await
}

/// By how much blocks are late, milliseconds: the last 1,024 of this pace, and how many were left out.
fn late(lateness: &Lateness) -> Option<Json> {
    let (median, worst) = lateness.median_and_worst()?;
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    Some(json!({ "median": ms(median), "worst": ms(worst), "missed": lateness.missed() }))
}

async fn ledger_status(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
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
