//! A node in the process of the test, wallets, and the forms of Substrate as the tests write them themselves.

use super::client::Client;
use chain::account::AccountId;
use chain::block::{Hash, SignedExtrinsic};
use chain::call::{BalancesCall, RuntimeCall};
use chain::crypto::{Keypair, blake2_256};
use chain::schema;
use chain::state::AccountInfo;
use chain::units::Rao;
use chain::wire::Mortality;
use localnet::pace::Pace;
use localnet::rpc::Limits;
use localnet::scenario::Request;
use localnet::scenario::overrides::Override;
use localnet::{NodeConfig, spawn};
use parity_scale_codec::{Compact, DecodeAll as _, Encode as _};
use serde_json::{Value as Json, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What may differ from node to node.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) pace: Pace,
    pub(crate) window: usize,
    pub(crate) pool_limit: usize,
    pub(crate) finality: u64,
    pub(crate) settle: Option<Duration>,
    pub(crate) store: Option<PathBuf>,
    pub(crate) limits: Limits,
    pub(crate) scenario: Option<&'static str>,
    pub(crate) overrides: Vec<&'static str>,
    pub(crate) seed: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            pace: Pace::Manual,
            window: 4_096,
            pool_limit: 8_192,
            finality: 0,
            settle: None,
            store: None,
            limits: Limits::default(),
            scenario: None,
            overrides: Vec::new(),
            seed: 1,
        }
    }
}

/// A node in this process until it is dropped.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) address: SocketAddr,
    pub(crate) genesis: Hash,
    node: Option<localnet::Node>,
}

impl Node {
    /// Blocks on demand only.
    pub(crate) fn manual() -> Self {
        Self::start(Setup::default())
    }
    /// A block as soon as something waits.
    pub(crate) fn automine() -> Self {
        Self::start(Setup { pace: Pace::Automine, ..Setup::default() })
    }

    pub(crate) fn start(setup: Setup) -> Self {
        let Setup { pace, window, pool_limit, finality, settle, store, limits, scenario, overrides, seed } =
            setup;
        let overrides = overrides.iter().map(|text| Override::parse(text).unwrap()).collect();
        let scenario = scenario.map(|scenario| Request {
            scenario: scenario.to_owned(),
            seed: Some(seed),
            overrides,
            ..Request::default()
        });
        let config = NodeConfig {
            scenario,
            seed,
            pace,
            store,
            history: window,
            pool: pool_limit,
            finality,
            settle,
            limits,
            ..NodeConfig::default()
        };
        let node = spawn(config).unwrap();
        Self { address: node.address(), genesis: node.genesis(), node: Some(node) }
    }

    pub(crate) fn client(&self) -> Client {
        Client::connect(self.address)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let ended = self.node.take().map(localnet::Node::stop);
        if !std::thread::panicking() {
            assert!(matches!(ended, Some(Ok(_))), "the node ended in good order: {ended:?}");
        }
    }
}

/// A key pair of the development phrase.
pub(crate) fn key(name: &str) -> Keypair {
    Keypair::dev(name).unwrap()
}

pub(crate) fn hex(bytes: impl AsRef<[u8]>) -> String {
    format!("0x{}", hex::encode(bytes))
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    hex::decode(text.strip_prefix("0x").unwrap_or_else(|| panic!("`{text}` begins with 0x"))).unwrap()
}

/// A transfer that keeps the sender alive.
pub(crate) fn pay(to: &Keypair, rao: u64) -> RuntimeCall {
    BalancesCall::TransferKeepAlive { dest: to.account().into(), value: Rao(rao) }.into()
}

/// What to sign, beside the call and its nonce.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extra {
    pub(crate) tip: u64,
    pub(crate) mortality: Option<Mortality>,
}

/// A signed extrinsic.
pub(crate) fn signed(
    node: &Node,
    from: &Keypair,
    call: RuntimeCall,
    nonce: u32,
    extra: Extra,
) -> SignedExtrinsic {
    let (tip, mortality) = (Rao(extra.tip), extra.mortality);
    let payload = SignedExtrinsic::payload(&call, nonce, tip, mortality, &node.genesis);
    let signature = from.sign(&payload, blake2_256(&payload));
    SignedExtrinsic { signer: from.account(), nonce, tip, mortality, call, signature }
}

/// The bytes of a signed extrinsic as hex.
pub(crate) fn wire(node: &Node, from: &Keypair, call: RuntimeCall, nonce: u32) -> String {
    hex(signed(node, from, call, nonce, Extra::default()).wire_bytes())
}

/// The same for the next eight blocks: what carries an encrypted extrinsic is of such an era.
pub(crate) fn wire_shortly(
    client: &mut Client,
    node: &Node,
    from: &Keypair,
    call: RuntimeCall,
    nonce: u32,
) -> String {
    let born = height(client);
    let birth = unhex(&client.text("chain_getBlockHash", json!([born]))).try_into().unwrap();
    let mortality = Some(Mortality { period: 8, born, birth });
    hex(signed(node, from, call, nonce, Extra { tip: 0, mortality }).wire_bytes())
}

/// The hash by which clients know an extrinsic.
pub(crate) fn hash_of(extrinsic: &str) -> String {
    hex(blake2_256(&unhex(extrinsic)))
}

/// The storage key of an item's row.
pub(crate) fn storage_key(pallet: &str, item: &str, parts: &[Json]) -> String {
    let item = schema::lookup(pallet, item).unwrap();
    hex(item.raw_key(&item.parse_key(parts).unwrap()))
}

pub(crate) fn account_key(account: &AccountId) -> String {
    storage_key("System", "Account", &[json!(account.to_ss58())])
}

/// An account's row at a block; the head's for `None`.
#[track_caller]
pub(crate) fn account(client: &mut Client, of: &AccountId, block: Option<&str>) -> AccountInfo {
    match client.ok("state_getStorage", json!([account_key(of), block])) {
        Json::Null => AccountInfo::default(),
        value => AccountInfo::decode_all(&mut unhex(value.as_str().unwrap()).as_slice()).unwrap(),
    }
}

#[track_caller]
pub(crate) fn free(client: &mut Client, of: &Keypair) -> u64 {
    account(client, &of.account(), None).data.free.get()
}

/// The height of the head.
#[track_caller]
pub(crate) fn height(client: &mut Client) -> u64 {
    number(&client.ok("chain_getHeader", json!([])))
}

/// The height in a header.
#[track_caller]
pub(crate) fn number(header: &Json) -> u64 {
    let text = header["number"].as_str().unwrap_or_else(|| panic!("no number in {header}"));
    u64::from_str_radix(text.strip_prefix("0x").unwrap(), 16).unwrap()
}

/// The hash of a header as a client computes it: `blake2_256` of its SCALE form.
pub(crate) fn header_hash(header: &Json) -> String {
    let field = |name: &str| unhex(header[name].as_str().unwrap());
    let number = Compact(u32::try_from(number(header)).unwrap()).encode();
    let logs: Vec<Vec<u8>> =
        header["digest"]["logs"].as_array().unwrap().iter().map(|log| unhex(log.as_str().unwrap())).collect();
    let count = Compact(u32::try_from(logs.len()).unwrap()).encode();
    let parts =
        [field("parentHash"), number, field("stateRoot"), field("extrinsicsRoot"), count, logs.concat()];
    hex(blake2_256(&parts.concat()))
}

/// Seals a block, which shows that the node is alive.
#[track_caller]
pub(crate) fn still_seals(client: &mut Client) {
    let before = height(client);
    assert_eq!(client.ok("localnet_mine", json!([1])), before + 1);
    assert_eq!(height(client), before + 1);
}

/// Submits and watches; the subscription.
#[track_caller]
pub(crate) fn watch(client: &mut Client, extrinsic: &str) -> String {
    client.text("author_submitAndWatchExtrinsic", json!([extrinsic]))
}

/// Reads statuses up to the final one, and gives the block of it.
#[track_caller]
pub(crate) fn finalized(client: &mut Client, watched: &str) -> String {
    loop {
        let status = client.note(watched);
        if let Some(hash) = status["finalized"].as_str() {
            return hash.to_owned();
        }
        assert!(
            status == "ready" || status == "future" || status.get("inBlock").is_some(),
            "{status} before it is final"
        );
    }
}

/// `Timestamp.Now` of the head, milliseconds.
pub(crate) fn now(client: &mut Client) -> u64 {
    let item =
        chain::wire::sealed_items().iter().find(|item| item.pallet == "Timestamp" && item.name == "Now");
    let value = client.text("state_getStorage", json!([hex(item.unwrap().prefix())]));
    u64::from_le_bytes(unhex(&value).try_into().unwrap())
}
