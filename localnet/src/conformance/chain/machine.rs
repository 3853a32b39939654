//! This chain, driven as the recorded one was.

use super::input::Header;
use chain::account::{AccountId, AccountOrder};
use chain::block::{BlockOutcome, Extrinsic, Failure, Hash, InvalidTransaction, Receipt, SignedExtrinsic};
use chain::call::{RuntimeCall, subtensor};
use chain::genesis::Genesis;
use chain::invariants::{Checker, Invariant};
use chain::runtime::{Env, OpenBlock, Runtime, Validity};
use chain::schema;
use chain::state::{AccountInfo, State};
use chain::units::Rao;
use parity_scale_codec::DecodeAll as _;
use serde_json::{Value as Json, json};

/// Milliseconds from block to block.
const BLOCK_MS: u64 = 12_000;
/// The same in a build with fast blocks.
const FAST_BLOCK_MS: u64 = 250;

/// The chain with its state.
pub(super) struct Machine {
    /// The rules.
    pub(super) runtime: Runtime,
    /// The state after the last block.
    pub(super) state: State,
    author: Option<AccountId>,
    block_ms: u64,
}

impl Machine {
    /// The chain at genesis; `fast` when it was recorded from a build with fast blocks, `whole` when from the whole
    /// runtime and not from the test runtime of one pallet.
    pub(super) fn new(header: &Header, fast: bool, whole: bool) -> Result<Self, String> {
        let signed = header.kind.as_deref() == Some("extrinsics");
        let mut genesis = if signed {
            Genesis::localnet().map_err(|error| error.to_string())?
        } else {
            let mut balances = Vec::new();
            for (account, balance) in &header.genesis_balances {
                let account: AccountId =
                    serde_json::from_value(json!(account)).map_err(|error| error.to_string())?;
                balances.push((account, Rao(*balance)));
            }
            Genesis::reference(balances).map_err(|error| error.to_string())?
        };
        if fast {
            genesis = genesis.with_fast_values();
        }
        let author = header.accounts.get("block_author").copied();
        let checker = Checker::new(&genesis.state, Invariant::ALL);
        let hash = header.genesis_hash.map_or_else(|| genesis.hash(), |hash| hash.0);
        let order = if whole { AccountOrder::Bytes } else { AccountOrder::Number };
        let runtime = Runtime::new(genesis.rules.clone(), hash).checked(checker).sorting(order);
        let block_ms = if fast { FAST_BLOCK_MS } else { BLOCK_MS };
        Ok(Self { runtime, state: genesis.state, author, block_ms })
    }

    fn env(&self, number: u64, parent_hash: Hash) -> Env {
        let timestamp_ms = number.saturating_mul(self.block_ms);
        Env { number, timestamp_ms, parent_hash, lottery: parent_hash, author: self.author }
    }

    /// Opens a block.
    pub(super) fn begin(&mut self, number: u64, parent_hash: Hash) -> OpenBlock {
        let env = self.env(number, parent_hash);
        self.runtime.begin_block(&mut self.state, env)
    }

    /// Applies an extrinsic.
    pub(super) fn apply(&mut self, block: &mut OpenBlock, extrinsic: &Extrinsic) -> Receipt {
        self.runtime.apply_extrinsic(&mut self.state, block, extrinsic)
    }

    /// Counts up the nonce of an account.
    pub(super) fn use_nonce(&mut self, who: &AccountId) {
        let row = self.state.balances.accounts.or_insert_with(*who, AccountInfo::default);
        row.nonce = row.nonce.saturating_add(1);
    }

    /// Whether an extrinsic could be dispatched in the block after the open one.
    pub(super) fn validate(
        &self,
        block: &OpenBlock,
        signed: &SignedExtrinsic,
    ) -> Result<Validity, InvalidTransaction> {
        let env = self.env(block.env().number.saturating_add(1), block.env().parent_hash);
        self.runtime.validate(&self.state, &env, signed)
    }

    /// Whether the pool would take an unsigned extrinsic for the block after the open one.
    pub(super) fn validate_unsigned(
        &self,
        block: &OpenBlock,
        call: &RuntimeCall,
    ) -> Result<(), InvalidTransaction> {
        let env = self.env(block.env().number.saturating_add(1), block.env().parent_hash);
        self.runtime.validate_unsigned(&self.state, &env, call)
    }

    /// Writes a row of storage as it is; null removes it.
    pub(super) fn put(
        &mut self,
        pallet: &str,
        name: &str,
        keys: &[Json],
        value: &Json,
    ) -> Result<(), String> {
        let item =
            schema::lookup(pallet, name).ok_or_else(|| format!("put: no such item: {pallet}.{name}"))?;
        let write = |state: &mut State| {
            let key = item.parse_key(keys)?;
            if value.is_null() {
                return item.set(state, &key, None);
            }
            item.set(state, &key, Some(&item.parse_value(value)?))
        };
        let before = self.state.clone();
        write(&mut self.state).map_err(|error| format!("put {}: {error}", item.path()))?;
        self.runtime.raw_write(&before, &self.state);
        Ok(())
    }

    /// Seals the block; its outcome names every invariant that it broke.
    pub(super) fn end(&mut self, block: OpenBlock) -> BlockOutcome {
        self.runtime.end_block(&mut self.state, block)
    }
}

/// The result of a receipt as it is recorded.
pub(super) fn result_of(receipt: &Receipt) -> String {
    match &receipt.result {
        Ok(()) => "ok".to_owned(),
        Err(Failure::Dispatch(error)) => error.to_string(),
        Err(Failure::Invalid(invalid)) => format!("invalid: {invalid:?}"),
    }
}

/// A call of this chain that could not be made out of a recorded one.
pub(super) enum NoCall {
    /// This chain has no such call; what it is named.
    NotModelled(String),
    /// Its arguments cannot be read.
    Malformed(String),
}

/// The call of encoded bytes.
pub(super) fn decoded(pallet: &str, name: &str, bytes: &[u8]) -> Result<RuntimeCall, NoCall> {
    RuntimeCall::decode_all(&mut &*bytes)
        .map_err(|error| NoCall::NotModelled(format!("call not modelled: {pallet}.{name} ({error})")))
}

/// The typed call of a name and arguments.
pub(super) fn call_of(pallet: Option<&str>, name: &str, args: &Json) -> Result<RuntimeCall, NoCall> {
    let empty = args.as_object().is_none_or(serde_json::Map::is_empty);
    let call = if empty { json!(name) } else { json!({ name: args }) };
    let call = match pallet {
        None | Some("SubtensorModule") => {
            serde_json::from_value::<subtensor::Call>(call).map(RuntimeCall::from)
        }
        Some(pallet) => serde_json::from_value(json!({ pallet: call })),
    };
    call.map_err(|error| {
        let error = error.to_string();
        if error.starts_with("unknown variant") {
            NoCall::NotModelled(format!("call not modelled: {}.{name}", pallet.unwrap_or("SubtensorModule")))
        } else {
            NoCall::Malformed(format!("call {name}: {error}"))
        }
    })
}
