//! `system_*`, `account_nextIndex`, `payment_*`.

use super::form::{at_most, block, bytes, hex, list, text};
use super::{error, state};
use crate::node::Shared;
use chain::account::AccountId;
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::ErrorObjectOwned;
use serde_json::json;
use std::sync::Arc;

pub(super) fn register(module: &mut RpcModule<Arc<Shared>>) -> Result<(), RegisterMethodError> {
    module.register_method("system_chain", |_, shared, _| shared.chain_name().to_owned())?;
    module.register_method("chainSpec_v1_chainName", |_, shared, _| shared.chain_name().to_owned())?;
    module.register_method("chainSpec_v1_genesisHash", |_, shared, _| hex(shared.genesis()))?;
    module.register_method("chainSpec_v1_properties", |_, _, _| properties())?;
    module.register_method("system_name", |_, _, _| "localnet")?;
    module.register_method("system_version", |_, _, _| env!("CARGO_PKG_VERSION"))?;
    module.register_method("system_chainType", |_, _, _| "Development")?;
    module.register_method(
        "system_health",
        |_, _, _| json!({ "peers": 0, "isSyncing": false, "shouldHavePeers": false }),
    )?;
    module.register_method("system_properties", |_, _, _| properties())?;
    module.register_method("system_peers", |_, _, _| json!([]))?;
    module.register_method("system_nodeRoles", |_, _, _| json!(["Authority"]))?;
    module.register_method("system_localPeerId", |_, shared, _| peer_id(shared))?;
    module.register_method("system_localListenAddresses", |_, _, _| json!([]))?;
    module.register_method("system_reservedPeers", |_, _, _| json!([]))?;
    module.register_blocking_method("system_dryRun", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 2)?;
        let extrinsic = bytes(text(&params, 0, "the bytes of an extrinsic")?)?;
        let block = block(&shared, &params, 1)?;
        super::validity::dry_run(&shared, &block, &extrinsic).map(hex)
    })?;
    module.register_method("system_syncState", |_, shared, _| {
        let head = shared.head().number;
        json!({ "startingBlock": 0, "currentBlock": head, "highestBlock": head })
    })?;
    module.register_method("account_nextIndex", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 1)?;
        let account = text(&params, 0, "an address")?;
        let account: AccountId = account
            .parse()
            .map_err(|why: chain::account::ParseAccountError| error::params(&why.to_string()))?;
        Ok::<_, ErrorObjectOwned>(shared.next_nonce(&account))
    })?;
    module.register_alias("system_accountNextIndex", "account_nextIndex")?;
    module.register_method("payment_queryInfo", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 2)?;
        let extrinsic = bytes(text(&params, 0, "the bytes of an extrinsic")?)?;
        block(shared, &params, 1)?;
        state::payment(shared, &extrinsic)
    })?;
    module.register_method("payment_queryFeeDetails", |params, shared, _| {
        let params = list(&params)?;
        at_most(&params, 2)?;
        let extrinsic = bytes(text(&params, 0, "the bytes of an extrinsic")?)?;
        block(shared, &params, 1)?;
        state::fee_details(shared, &extrinsic)
    })?;
    Ok(())
}

/// The identity of the node, as libp2p writes one: base58 of an ed25519 key with its marks. The key is the hash of genesis;
/// no node listens under it.
fn peer_id(shared: &Shared) -> String {
    // An identity multihash of 36 bytes: a protobuf with the type of the key, and its 32 bytes.
    let marked = [&[0x00, 0x24, 0x08, 0x01, 0x12, 0x20][..], &shared.genesis()].concat();
    bs58::encode(marked).into_string()
}

/// What wallets know a chain's money by.
fn properties() -> serde_json::Value {
    json!({ "isEthereum": false, "ss58Format": 42, "tokenDecimals": 9, "tokenSymbol": "TAO" })
}
