//! `state_*`: storage, runtime APIs, metadata.

use super::form::{at_most, block, block_with_runtime, bytes, hex, list, sealed, text};
use super::{error, heads, keys};
use crate::node::{Block, Rejection, Shared};
use chain::call::RuntimeCall;
use chain::schema::{self, Item};
use chain::wire::{BlockStorageItem, BlockView, RuntimeVersion, Unchecked, sealed_items};
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::ErrorObjectOwned;
use parity_scale_codec::{Decode as _, Encode as _};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Key of the runtime's code.
pub(super) const CODE_KEY: &[u8] = b":code";

/// The value of `:code`, the same on every chain of this rule set: an empty WebAssembly module with one custom section
/// that names the runtime. The rules are native code, so there is nothing in it to execute.
pub(super) fn code() -> &'static [u8] {
    static CODE: OnceLock<Vec<u8>> = OnceLock::new();
    CODE.get_or_init(|| {
        let version = RuntimeVersion::current();
        let (name, text) = ("localnet", format!("{} {}, native", version.spec_name, version.spec_version));
        let length = |text: &str| u8::try_from(text.len()).unwrap_or_default();
        let mut code = b"\0asm\x01\0\0\0\0".to_vec();
        code.extend([length(&text).saturating_add(length(name)).saturating_add(1), length(name)]);
        code.extend(name.bytes().chain(text.bytes()));
        code
    })
}

pub(super) fn register(
    module: &mut RpcModule<Arc<Shared>>,
    lists: Arc<keys::Lists>,
) -> Result<(), RegisterMethodError> {
    module.register_method("state_getRuntimeVersion", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 1)?;
        block_with_runtime(shared, &params, 0)?;
        Ok::<_, ErrorObjectOwned>(version())
    })?;
    module.register_alias("chain_getRuntimeVersion", "state_getRuntimeVersion")?;
    module.register_method("state_getMetadata", |params, shared, _| {
        let params = list(&params)?;
        block_with_runtime(shared, &params, 0)?;
        Ok::<_, ErrorObjectOwned>(hex(shared.metadata(14).unwrap_or_default()))
    })?;
    module.register_blocking_method("state_call", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 3)?;
        let (method, arguments) =
            (text(&params, 0, "a runtime API")?, text(&params, 1, "its arguments as hex")?);
        let block = block(&shared, &params, 2)?;
        call(&shared, &block, method, &bytes(arguments)?).map(hex)
    })?;
    register_storage(module)?;
    keys::register(module, lists)
}

fn register_storage(module: &mut RpcModule<Arc<Shared>>) -> Result<(), RegisterMethodError> {
    module.register_method("state_getStorage", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 2)?;
        let (key, block) = (bytes(text(&params, 0, "a storage key")?)?, block(shared, &params, 1)?);
        Ok::<_, ErrorObjectOwned>(value(shared, &block, &key)?.map(hex))
    })?;
    module.register_alias("state_getStorageAt", "state_getStorage")?;
    module.register_method("state_getStorageSize", |params, shared, _| {
        let params = list(&params)?;
        let (key, block) = (bytes(text(&params, 0, "a storage key")?)?, block(shared, &params, 1)?);
        Ok::<_, ErrorObjectOwned>(value(shared, &block, &key)?.map(|value| value.len()))
    })?;
    module.register_method("state_getStorageHash", |params, shared, _| {
        let params = list(&params)?;
        let (key, block) = (bytes(text(&params, 0, "a storage key")?)?, block(shared, &params, 1)?);
        let hash = value(shared, &block, &key)?.map(|value| hex(chain::crypto::blake2_256(&value)));
        Ok::<_, ErrorObjectOwned>(hash)
    })?;
    module.register_method("state_getReadProof", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 2)?;
        keys_of(params.first())?;
        block(shared, &params, 1)?;
        Err::<Json, _>(error::no_proof())
    })?;
    module.register_method("state_queryStorageAt", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 2)?;
        let (keys, block) = (keys_of(params.first())?, block(shared, &params, 1)?);
        let mut rows = Vec::with_capacity(keys.len());
        for key in keys {
            rows.push((
                hex(&key),
                value(shared, &block, &key)?.map_or(Json::Null, |value| json!(hex(value))),
            ));
        }
        Ok::<_, ErrorObjectOwned>(json!([heads::change_set(&block, rows)]))
    })?;
    Ok(())
}

/// The runtime version as JSON.
pub(super) fn version() -> Json {
    let version = RuntimeVersion::current();
    let apis: Vec<Json> = version.apis.iter().map(|(name, number)| json!([hex(name), number])).collect();
    json!({
        "specName": version.spec_name,
        "implName": version.impl_name,
        "authoringVersion": version.authoring_version,
        "specVersion": version.spec_version,
        "implVersion": version.impl_version,
        "apis": apis,
        "transactionVersion": version.transaction_version,
        "systemVersion": version.system_version,
        "stateVersion": version.system_version,
    })
}

/// Answers a runtime API.
pub(super) fn call(
    shared: &Shared,
    block: &Block,
    method: &str,
    arguments: &[u8],
) -> Result<Vec<u8>, ErrorObjectOwned> {
    match method {
        "Metadata_metadata" => Ok(shared.metadata(14).map(<[u8]>::to_vec).encode().split_off(1)),
        "Metadata_metadata_versions" => Ok(vec![14_u32, 15].encode()),
        "Metadata_metadata_at_version" => {
            let version = u32::decode(&mut &*arguments).map_err(|_| error::bad_arguments(method))?;
            Ok(shared.metadata(version).map(<[u8]>::to_vec).encode())
        }
        super::validity::METHOD => super::validity::validate(shared, block, arguments),
        _ => {
            let view = chain::api::View { sealed: sealed(block)?, rules: shared.rules() };
            chain::api::call(&view, method, arguments).map_err(|why| match why {
                chain::api::CallError::Unknown(_) => error::no_method(method),
                _ => error::bad_arguments(method),
            })
        }
    }
}

/// The call of an extrinsic.
fn call_of(extrinsic: &[u8]) -> Result<RuntimeCall, ErrorObjectOwned> {
    let unchecked = Unchecked::read(extrinsic).map_err(|why| error::rejection(&Rejection::Format(why)))?;
    Ok(unchecked.call)
}

/// What an extrinsic would pay.
pub(super) fn payment(shared: &Shared, extrinsic: &[u8]) -> Result<Json, ErrorObjectOwned> {
    let call = call_of(extrinsic)?;
    let fee = shared.rules().fees.fee_of_call(&call, extrinsic.len());
    let info = chain::runtime::call_info(&call);
    Ok(json!({
        "weight": { "ref_time": info.weight.ref_time, "proof_size": info.weight.proof_size },
        "class": format!("{:?}", info.class).to_lowercase(),
        "partialFee": fee.get().to_string(),
    }))
}

/// What the fee of an extrinsic is made of.
pub(super) fn fee_details(shared: &Shared, extrinsic: &[u8]) -> Result<Json, ErrorObjectOwned> {
    let call = call_of(extrinsic)?;
    let parts = shared.rules().fees.parts_of_call(&call, extrinsic.len());
    let number = |fee: chain::units::Rao| format!("0x{:x}", fee.get());
    Ok(json!({
        "inclusionFee": parts.map(|parts| json!({
            "baseFee": number(parts.base),
            "lenFee": number(parts.length),
            "adjustedWeightFee": number(parts.weight),
        })),
    }))
}

/// What the first half of a raw key stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry {
    State(&'static Item),
    Block(&'static BlockStorageItem),
}

/// Every item by the first half of its keys.
pub(super) fn index() -> &'static BTreeMap<[u8; 32], Entry> {
    static INDEX: OnceLock<BTreeMap<[u8; 32], Entry>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let of_block = sealed_items().iter().map(|item| (item.prefix(), Entry::Block(item)));
        of_block.chain(schema::items().map(|item| (item.prefix(), Entry::State(item)))).collect()
    })
}

/// The value of a raw key; `None` where there is no row.
pub(super) fn value(shared: &Shared, block: &Block, key: &[u8]) -> Result<Option<Vec<u8>>, ErrorObjectOwned> {
    let sealed = sealed(block)?;
    let Some((prefix, rest)) = key.split_first_chunk::<32>() else {
        return Ok((key == CODE_KEY).then(|| code().to_vec()));
    };
    Ok(match index().get(prefix) {
        None => None,
        // A key that no row can have reads as one that none has.
        Some(Entry::State(item)) => {
            item.key_of_raw(key).ok().and_then(|key| item.get(&sealed.state, &key).ok().flatten())
        }
        Some(Entry::Block(item)) => {
            let hash_at = |number| shared.hash_at(number);
            let shield_key = shared.shield().public();
            item.value(&BlockView { sealed, shown: &block.shown, shield_key, hash_at: &hash_at }, rest)
        }
    })
}

/// The keys of a list parameter.
pub(super) fn keys_of(param: Option<&Json>) -> Result<Vec<Vec<u8>>, ErrorObjectOwned> {
    let keys =
        param.and_then(Json::as_array).ok_or_else(|| error::params("expected a list of storage keys"))?;
    keys.iter().map(|key| bytes(key.as_str().ok_or_else(|| error::params("a storage key is hex"))?)).collect()
}

/// What changed at the watched keys since the last look; `None` when nothing did.
pub(super) fn changes(
    shared: &Shared,
    block: &Block,
    keys: &[Vec<u8>],
    last: &mut [Option<Json>],
) -> Option<Json> {
    let mut rows = Vec::new();
    for (key, last) in keys.iter().zip(last) {
        let now = value(shared, block, key).ok()?.map_or(Json::Null, |value| json!(hex(value)));
        if last.as_ref() != Some(&now) {
            *last = Some(now.clone());
            rows.push((hex(key), now));
        }
    }
    (!rows.is_empty()).then(|| heads::change_set(block, rows))
}
