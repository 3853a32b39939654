//! Names of other development nodes, with the parameters, units and answers that these have there: `evm_`, `anvil_` (foundry),
//! `hardhat_` and `dev_` (chopsticks). What cannot be meant the same way here is refused in words.

use super::dev::{Answer, order, orders, set_pace};
use super::form::{at_most, bytes, hash, hex, list, number, text};
use super::{dev, error};
use crate::node::{DevError, Engine, Shared};
use crate::pace::Pace;
use chain::call::{RuntimeCall, SystemCall};
use chain::schema;
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::{ErrorObjectOwned, Params};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;
use std::time::Duration;

/// Seconds that a block time may have at most.
const INTERVAL_MAX_S: f64 = 3_600.0;

pub(super) fn register(module: &mut RpcModule<Arc<Shared>>) -> Result<(), RegisterMethodError> {
    orders! { module;
        "evm_mine" => evm_mine;
        "anvil_mine" => anvil_mine;
        "hardhat_mine" => hardhat_mine;
        "evm_increaseTime" as "anvil_increaseTime" => dev::increase_time;
        "evm_setNextBlockTimestamp" as "anvil_setNextBlockTimestamp" => set_next_timestamp;
        "anvil_setBlockTimestampInterval" => set_timestamp_interval;
        "anvil_removeBlockTimestampInterval" => remove_timestamp_interval;
        "evm_snapshot" as "anvil_snapshot" => snapshot;
        "evm_revert" as "anvil_revert" => revert;
        "anvil_rollback" => rollback;
        "evm_setAutomine" => dev::set_automine;
        "anvil_setAutomine" => anvil_set_automine;
        "anvil_getAutomine" as "hardhat_getAutomine" => dev::get_automine;
        "evm_setIntervalMining" => evm_set_interval;
        "anvil_setIntervalMining" => anvil_set_interval;
        "anvil_getIntervalMining" => anvil_get_interval;
        "hardhat_reset" => hardhat_reset;
        "anvil_reset" => anvil_reset;
        "anvil_dumpState" => dev::dump_state;
        "anvil_loadState" => load_state;
        "hardhat_setBalance" => dev::set_balance;
        "anvil_setBalance" => anvil_set_balance;
        "anvil_dropTransaction" => anvil_drop;
        "hardhat_dropTransaction" => hardhat_drop;
        "anvil_dropAllTransactions" => drop_all;
        "anvil_nodeInfo" => node_info;
        "dev_newBlock" => new_block;
        "dev_setHead" => dev_set_head;
        "dev_timeTravel" => time_travel;
        "dev_setBlockBuildMode" => build_mode;
        "dev_setStorage" => dev_set_storage;
    }
    Ok(())
}

fn nothing(_: Json) -> Json {
    Json::Null
}

/// Fields of an object of options, none but those that are known.
fn options<'a>(value: &'a Json, known: &[&str]) -> Result<&'a Map<String, Json>, ErrorObjectOwned> {
    let options = value.as_object().ok_or_else(|| error::params("options are given as an object"))?;
    match options.keys().find(|name| !known.contains(&name.as_str())) {
        Some(other) => {
            Err(error::params(&format!("unknown option `{other}`; allowed: {}", known.join(", "))))
        }
        None => Ok(options),
    }
}

/// An optional number of a list or an object.
fn optional(value: Option<&Json>, what: &str) -> Result<Option<u64>, ErrorObjectOwned> {
    match value {
        None | Some(Json::Null) => Ok(None),
        Some(value) => {
            number(value).map(Some).ok_or_else(|| error::params(&format!("{what}: expected a number")))
        }
    }
}

/// Seconds as milliseconds.
fn ms(seconds: u64) -> Result<u64, ErrorObjectOwned> {
    seconds.checked_mul(1_000).ok_or_else(|| error::params("too many seconds"))
}

async fn mine(
    shared: &Shared,
    blocks: u64,
    apart_ms: Option<u64>,
    first_ms: Option<u64>,
) -> Result<(), ErrorObjectOwned> {
    order(shared, move |engine| {
        if let Some(first) = first_ms {
            engine.set_next_timestamp(first)?;
        }
        engine.mine(blocks, apart_ms).map(drop)
    })
    .await
}

/// `evm_mine(timestamp)` or `evm_mine({timestamp, blocks})`, seconds.
async fn evm_mine(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let (blocks, timestamp) = match params.first() {
        Some(given @ Json::Object(_)) => {
            let options = options(given, &["timestamp", "blocks"])?;
            let blocks = optional(options.get("blocks"), "blocks")?.unwrap_or(1);
            (blocks, optional(options.get("timestamp"), "timestamp")?)
        }
        other => (1, optional(other, "the time of the block, seconds since the Unix epoch")?),
    };
    mine(shared, blocks, None, timestamp.map(ms).transpose()?).await?;
    Ok(json!("0x0"))
}

/// Numbers of blocks and of seconds between them.
fn blocks_and_seconds(params: &Params<'_>) -> Result<(u64, Option<u64>), ErrorObjectOwned> {
    let params = list(params)?;
    at_most(&params, 2)?;
    let blocks = optional(params.first(), "how many blocks")?.unwrap_or(1);
    let apart = optional(params.get(1), "seconds from block to block")?;
    Ok((blocks, apart.map(ms).transpose()?))
}

async fn anvil_mine(params: Params<'static>, shared: &Shared) -> Answer {
    let (blocks, apart) = blocks_and_seconds(&params)?;
    mine(shared, blocks, apart, None).await?;
    Ok(Json::Null)
}

/// Blocks are a second apart unless the second parameter says otherwise.
async fn hardhat_mine(params: Params<'static>, shared: &Shared) -> Answer {
    let (blocks, apart) = blocks_and_seconds(&params)?;
    mine(shared, blocks, Some(apart.unwrap_or(1_000)), None).await?;
    Ok(json!(true))
}

async fn set_next_timestamp(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let seconds = params.first().and_then(number);
    let at = ms(seconds.ok_or_else(|| error::params("seconds since the Unix epoch"))?)?;
    order(shared, move |engine| engine.set_next_timestamp(at)).await?;
    Ok(Json::Null)
}

async fn set_timestamp_interval(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let seconds = params.first().and_then(number).filter(|seconds| *seconds > 0);
    let apart = ms(seconds.ok_or_else(|| error::params("seconds from block to block, above 0"))?)?;
    order(shared, move |engine| Ok(engine.set_apart(Some(apart)))).await?;
    Ok(Json::Null)
}

async fn remove_timestamp_interval(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    let before = order(shared, |engine| Ok(engine.set_apart(None))).await?;
    Ok(json!(before.is_some()))
}

async fn snapshot(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    dev::snapshot_as(shared, None).await
}

/// A snapshot serves once; false when there is none of this name.
async fn revert(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let name = match params.first() {
        Some(Json::Number(number)) => number.as_u64().map(|number| format!("0x{number:x}")),
        Some(Json::String(name)) => Some(name.clone()),
        _ => None,
    };
    let name = name.ok_or_else(|| error::params("parameter 0: what evm_snapshot gave"))?;
    let done = order(shared, move |engine| {
        if engine.snapshots().iter().all(|(known, _)| *known != name) {
            return Ok(false);
        }
        engine.revert(&name)?;
        engine.forget(&name);
        Ok(true)
    });
    done.await.map(|done| json!(done))
}

async fn rollback(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let depth = optional(params.first(), "how many blocks to take back")?.unwrap_or(1);
    order(shared, move |engine| {
        let head = engine.run().block();
        let to = head.checked_sub(depth).ok_or_else(|| {
            DevError::Refused(format!("there are {head} blocks, {depth} cannot be taken back"))
        })?;
        engine.go_to(to)
    })
    .await?;
    Ok(Json::Null)
}

async fn anvil_set_automine(params: Params<'static>, shared: &Shared) -> Answer {
    dev::set_automine(params, shared).await.map(nothing)
}

/// Zero is understood; else it is seconds in one tool and milliseconds in another.
async fn evm_set_interval(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    if params.first().and_then(number) == Some(0) {
        return set_pace(shared, None).await;
    }
    Err(error::params(
        "evm_setIntervalMining takes milliseconds in hardhat and seconds in anvil, so only 0 is taken here; use \
         anvil_setIntervalMining (seconds) or localnet_setInterval (\"250ms\")",
    ))
}

async fn anvil_set_interval(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let seconds = match params.first() {
        Some(Json::Number(number)) => number.as_f64(),
        Some(other) => number(other).map(|seconds| seconds as f64),
        None => None,
    };
    let seconds = seconds.filter(|seconds| (0.0..=INTERVAL_MAX_S).contains(seconds));
    let seconds =
        seconds.ok_or_else(|| error::params("seconds from block to block, at most 3600; 0 for none"))?;
    let every = Duration::from_secs_f64(seconds);
    if seconds > 0.0 && every < Duration::from_millis(1) {
        return Err(error::params("blocks come every 1ms to 1h"));
    }
    set_pace(shared, Some(every).filter(|every| !every.is_zero())).await.map(nothing)
}

/// Seconds, as `anvil_setIntervalMining` takes them.
async fn anvil_get_interval(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    let pace = order(shared, |engine| Ok(engine.pace())).await?;
    Ok(match pace {
        Pace::Interval(every) if every.subsec_nanos() == 0 => json!(every.as_secs()),
        Pace::Interval(every) => json!(every.as_secs_f64()),
        Pace::Automine | Pace::Manual => Json::Null,
    })
}

/// Nothing to fork from is known here.
async fn reset(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    match params.first() {
        None | Some(Json::Null) => {}
        Some(given) => {
            options(given, &[])?;
        }
    }
    order(shared, Engine::reset).await?;
    Ok(json!(true))
}

async fn hardhat_reset(params: Params<'static>, shared: &Shared) -> Answer {
    reset(params, shared).await
}

async fn anvil_reset(params: Params<'static>, shared: &Shared) -> Answer {
    reset(params, shared).await.map(nothing)
}

async fn load_state(params: Params<'static>, shared: &Shared) -> Answer {
    dev::load_state(params, shared).await.map(|_| json!(true))
}

async fn anvil_set_balance(params: Params<'static>, shared: &Shared) -> Answer {
    dev::set_balance(params, shared).await.map(nothing)
}

/// The hash of an extrinsic that waits, and whether it did.
fn drop_one(params: &Params<'_>, shared: &Shared) -> Result<(String, bool), ErrorObjectOwned> {
    let params = list(params)?;
    at_most(&params, 1)?;
    let hash = hash(text(&params, 0, "the hash of an extrinsic")?)?;
    Ok((hex(hash), shared.discard(&hash)))
}

async fn anvil_drop(params: Params<'static>, shared: &Shared) -> Answer {
    let (hash, dropped) = drop_one(&params, shared)?;
    Ok(if dropped { json!(hash) } else { Json::Null })
}

async fn hardhat_drop(params: Params<'static>, shared: &Shared) -> Answer {
    drop_one(&params, shared).map(|(_, dropped)| json!(dropped))
}

async fn drop_all(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    for extrinsic in shared.pending() {
        let _ = shared.discard(&chain::wire::extrinsic_hash(&extrinsic));
    }
    Ok(Json::Null)
}

/// What anvil says of itself, but for what belongs to its machine.
async fn node_info(params: Params<'static>, shared: &Shared) -> Answer {
    at_most(&list(&params)?, 0)?;
    let head = shared.head();
    order(shared, move |engine| {
        let seconds = engine.run().view().timestamp_ms / 1_000;
        Ok(json!({
            "currentBlockNumber": format!("{:#x}", head.number),
            "currentBlockTimestamp": seconds,
            "currentBlockHash": hex(head.hash),
            "transactionOrder": "fifo",
        }))
    })
    .await
}

/// `dev_newBlock({count, to, transactions})`; gives the hash of the last block.
async fn new_block(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let none = json!({});
    let given = params.first().filter(|given| !given.is_null()).unwrap_or(&none);
    let options = options(given, &["count", "to", "transactions"])?;
    let (count, to) = (optional(options.get("count"), "count")?, optional(options.get("to"), "to")?);
    if count.is_some() && to.is_some() {
        return Err(error::params("count and to exclude each other"));
    }
    match options.get("transactions") {
        None | Some(Json::Null) => {}
        Some(Json::Array(all)) => {
            for one in all {
                let extrinsic = bytes(one.as_str().ok_or_else(|| error::params("an extrinsic is hex"))?)?;
                shared.submit(&extrinsic, None).map_err(|why| error::rejection(&why))?;
            }
        }
        Some(_) => return Err(error::params("transactions: a list of extrinsics")),
    }
    order(shared, move |engine| {
        let head = engine.run().block();
        let blocks = match to {
            Some(to) => to
                .checked_sub(head)
                .filter(|blocks| *blocks > 0)
                .ok_or_else(|| DevError::Refused(format!("to: the head is {head}, {to} is not above it")))?,
            None => count.unwrap_or(1),
        };
        engine.mine(blocks, None)
    })
    .await?;
    Ok(json!(hex(shared.head().hash)))
}

/// A height, a hash, or, below zero, how many blocks to take back.
async fn dev_set_head(params: Params<'static>, shared: &Shared) -> Answer {
    let mut params = list(&params)?;
    if let Some(back) = params.first().and_then(Json::as_i64).filter(|back| *back < 0) {
        let to = shared.head().number.checked_sub(back.unsigned_abs());
        let to =
            to.ok_or_else(|| error::params(&format!("there are fewer than {} blocks", back.unsigned_abs())))?;
        params = [json!(to)].into_iter().chain(params.into_iter().skip(1)).collect();
    }
    dev::go_to(&params, shared).await.map(nothing)
}

/// The time of the next block: milliseconds since the Unix epoch, or a date. Gives it in milliseconds.
async fn time_travel(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let date = |text: &str| {
        let time = humantime::parse_rfc3339_weak(text).ok()?;
        let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
        u64::try_from(since.as_millis()).ok()
    };
    let at = match params.first() {
        Some(Json::String(text)) => number(&json!(text)).or_else(|| date(text)),
        Some(other) => number(other),
        None => None,
    };
    let at = at.ok_or_else(|| {
        error::params("milliseconds since the Unix epoch, or a date such as 2027-01-31T12:00:00Z")
    })?;
    order(shared, move |engine| engine.set_next_timestamp(at)).await?;
    Ok(json!(at))
}

async fn build_mode(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let automine = match params.first().and_then(Json::as_str) {
        Some("Instant") => true,
        Some("Manual") => false,
        _ => return Err(error::params("Instant or Manual; there is no building in batches here")),
    };
    order(shared, move |engine| {
        match automine {
            true => engine.set_automine(true),
            false => engine.set_interval(None),
        }
        Ok(())
    })
    .await?;
    Ok(Json::Null)
}

/// `dev_setStorage([[key, value], ...])` with raw keys, or `({pallet: {item: value or [[keys, value], ...]}})`; null deletes a
/// row. Gives the hash of the block in which it happens.
async fn dev_set_storage(params: Params<'static>, shared: &Shared) -> Answer {
    let params = list(&params)?;
    at_most(&params, 1)?;
    let rows = match params.first() {
        Some(Json::Array(rows)) => rows.iter().map(raw_row).collect::<Result<Vec<_>, _>>()?,
        Some(Json::Object(pallets)) => rows_of(pallets)?,
        _ => return Err(error::params("a list of [key, value], or an object of pallets")),
    };
    let (mut set, mut killed) = (Vec::new(), Vec::new());
    for (key, value) in rows {
        match value {
            Some(value) => set.push((key.into(), value.into())),
            None => killed.push(key.into()),
        }
    }
    let calls = [SystemCall::KillStorage { keys: killed }, SystemCall::SetStorage { items: set }];
    let calls = calls.map(RuntimeCall::System).into();
    let outcomes = order(shared, move |engine| engine.as_root(calls)).await?;
    match outcomes.into_iter().find_map(Result::err) {
        Some(why) => Err(error::refused(why)),
        None => Ok(json!(hex(shared.head().hash))),
    }
}

type Row = (Vec<u8>, Option<Vec<u8>>);

fn raw_row(row: &Json) -> Result<Row, ErrorObjectOwned> {
    let wrong = || error::params("a row is [key, value], both hex, or null for the value");
    match row.as_array().map(Vec::as_slice) {
        Some([Json::String(key), Json::String(value)]) => Ok((bytes(key)?, Some(bytes(value)?))),
        Some([Json::String(key), Json::Null] | [Json::String(key)]) => Ok((bytes(key)?, None)),
        _ => Err(wrong()),
    }
}

fn rows_of(pallets: &Map<String, Json>) -> Result<Vec<Row>, ErrorObjectOwned> {
    let mut rows = Vec::new();
    for (pallet, items) in pallets {
        let items =
            items.as_object().ok_or_else(|| error::params(&format!("{pallet}: an object of items")))?;
        for (name, given) in items {
            let item = schema::lookup(pallet, name)
                .ok_or_else(|| error::params(&format!("there is no storage item {pallet}.{name}")))?;
            let wrong = |why: schema::SchemaError| error::params(&format!("{pallet}.{name}: {why}"));
            let mut row = |keys: &[Json], value: &Json| {
                let key = item.parse_key(keys).map_err(wrong)?;
                let value =
                    if value.is_null() { None } else { Some(item.parse_value(value).map_err(wrong)?) };
                rows.push((item.raw_key(&key), value));
                Ok::<_, ErrorObjectOwned>(())
            };
            if item.parse_key(&[]).is_ok() {
                row(&[], given)?;
                continue;
            }
            let all = given.as_array().ok_or_else(|| {
                error::params(&format!("{pallet}.{name}: a list of [[keys], value], since it has keys"))
            })?;
            for one in all {
                match one.as_array().map(Vec::as_slice) {
                    Some([Json::Array(keys), value]) => row(keys, value)?,
                    _ => return Err(error::params(&format!("{pallet}.{name}: a row is [[keys], value]"))),
                }
            }
        }
    }
    Ok(rows)
}
