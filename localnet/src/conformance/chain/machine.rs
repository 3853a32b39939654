//! This chain, driven as the recorded one was.

use super::expected::Difference;
use super::input::{Header, Operation, Origin, Root};
use chain::account::AccountId;
use chain::block::{BlockOutcome, Extrinsic, Failure, Hash};
use chain::call::{RuntimeCall, subtensor};
use chain::event::{Event, EventRecord, SubtensorModuleEvent};
use chain::genesis::Genesis;
use chain::invariants::{Checker, Invariant};
use chain::runtime::{Env, OpenBlock, Runtime};
use chain::schema;
use chain::state::State;
use chain::units::Rao;
use serde_json::{Value as Json, json};

/// Milliseconds from block to block.
const BLOCK_MS: u64 = 12_000;

/// The chain with its state.
pub(super) struct Machine {
    runtime: Runtime,
    /// The state after the last block.
    pub(super) state: State,
    author: Option<AccountId>,
}

impl Machine {
    /// The chain at genesis.
    pub(super) fn new(header: &Header) -> Result<Self, String> {
        let mut balances = Vec::new();
        for (account, balance) in &header.genesis_balances {
            let account: AccountId =
                serde_json::from_value(json!(account)).map_err(|error| error.to_string())?;
            balances.push((account, Rao(*balance)));
        }
        let genesis = Genesis::reference(balances).map_err(|error| error.to_string())?;
        let author = header.accounts.get("block_author").copied();
        let checker = Checker::new(&genesis.state, Invariant::ALL);
        let runtime = Runtime::new(genesis.rules.clone(), genesis.hash()).checked(checker);
        Ok(Self { runtime, state: genesis.state, author })
    }

    /// Opens a block.
    pub(super) fn begin(&mut self, number: u64, entropy: Hash) -> OpenBlock {
        let timestamp_ms = number.saturating_mul(BLOCK_MS);
        let env = Env { number, timestamp_ms, entropy, author: self.author };
        self.runtime.begin_block(&mut self.state, env)
    }

    /// Does what the operation says and compares its result; fails when it cannot be done at all.
    pub(super) fn operate(
        &mut self,
        block: &mut OpenBlock,
        operation: &Operation,
    ) -> Result<Option<Difference>, String> {
        match operation {
            Operation::Put { pallet, item, keys, value, result } => {
                self.put(pallet.as_deref().unwrap_or("SubtensorModule"), item, keys, value)?;
                Ok((result != "ok").then(|| Difference::new(format!("result of put {item}"), result, "ok")))
            }
            Operation::Call { pallet, who, call, args, result } => {
                let modelled = call_of(pallet.as_deref(), call, args)?;
                let extrinsic = match who {
                    Origin::Root(Root::Root) => Extrinsic::Root(modelled),
                    Origin::Account(who) => Extrinsic::Unchecked { who: *who, call: modelled },
                };
                let receipt = self.runtime.apply_extrinsic(&mut self.state, block, &extrinsic);
                let got = match receipt.result {
                    Ok(()) => "ok".to_owned(),
                    Err(Failure::Dispatch(error)) => error.to_string(),
                    Err(invalid) => invalid.to_string(),
                };
                Ok((got != *result).then(|| Difference::new(format!("result of {call} {args}"), result, got)))
            }
        }
    }

    fn put(&mut self, pallet: &str, name: &str, keys: &[Json], value: &Json) -> Result<(), String> {
        let item =
            schema::lookup(pallet, name).ok_or_else(|| format!("put: no such item: {pallet}.{name}"))?;
        let write = |state: &mut State| {
            let (key, value) = (item.parse_key(keys)?, item.parse_value(value)?);
            item.set(state, &key, Some(&value))
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

/// The events of the pallet.
pub(super) fn of_pallet(events: &[EventRecord]) -> Vec<&SubtensorModuleEvent> {
    let of_pallet = events.iter().filter_map(|record| match &record.event {
        Event::SubtensorModule(event) => Some(event),
        _ => None,
    });
    of_pallet.collect()
}

/// The typed call of a name and arguments.
fn call_of(pallet: Option<&str>, name: &str, args: &Json) -> Result<RuntimeCall, String> {
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
            format!("call not modelled: {}.{name}", pallet.unwrap_or("SubtensorModule"))
        } else {
            format!("call {name}: {error}")
        }
    })
}
