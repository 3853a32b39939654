//! `chain_*`: blocks, headers, hashes.

use super::error;
use super::form::{at_most, block, header, hex, list, number};
use crate::node::Shared;
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::ErrorObjectOwned;
use serde_json::{Value as Json, json};
use std::sync::Arc;

pub(super) fn register(module: &mut RpcModule<Arc<Shared>>) -> Result<(), RegisterMethodError> {
    module.register_method("chain_getBlockHash", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 1)?;
        hash_of(shared, params.first())
    })?;
    module.register_alias("chain_getHead", "chain_getBlockHash")?;
    module.register_method("chain_getFinalizedHead", |_, shared, _| hex(shared.final_head().hash))?;
    module.register_alias("chain_getFinalisedHead", "chain_getFinalizedHead")?;
    module.register_method("chain_getHeader", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 1)?;
        match block(shared, &params, 0) {
            Ok(block) => Ok::<_, ErrorObjectOwned>(header(&block.header)),
            Err(refused) if refused.code() == 4_003 => Ok(Json::Null),
            Err(refused) => Err(refused),
        }
    })?;
    module.register_method("chain_getBlock", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 1)?;
        let block = match block(shared, &params, 0) {
            Ok(block) => block,
            Err(refused) if refused.code() == 4_003 => return Ok(Json::Null),
            Err(refused) => return Err(refused),
        };
        let extrinsics: Vec<String> = block.shown.extrinsics.iter().map(hex).collect();
        Ok::<_, ErrorObjectOwned>(json!({
            "block": { "header": header(&block.header), "extrinsics": extrinsics },
            "justifications": null,
        }))
    })?;
    Ok(())
}

/// One hash for one height, a list for a list, the head's when nothing is asked.
fn hash_of(shared: &Shared, asked: Option<&Json>) -> Result<Json, ErrorObjectOwned> {
    match asked {
        None | Some(Json::Null) => Ok(json!(hex(shared.head().hash))),
        Some(Json::Array(heights)) => heights
            .iter()
            .map(|height| hash_of(shared, Some(height)))
            .collect::<Result<Vec<_>, _>>()
            .map(Json::Array),
        Some(height) => {
            let number = number(height)
                .ok_or_else(|| error::params(&format!("expected the height of a block, got {height}")))?;
            Ok(shared.hash_at(number).map_or(Json::Null, |hash| json!(hex(hash))))
        }
    }
}
