//! Remarks, and raw writes to storage by root: how a developer changes a chain in a way that its log remembers.

use super::not_modelled;
use crate::call::SystemCall;
use crate::crypto::blake2_256;
use crate::error::{DispatchError, DispatchOutcome};
use crate::event::SystemEvent;
use crate::runtime::{Exec, Origin};
use crate::schema;
use crate::state::State;

pub(in crate::runtime) fn dispatch(
    exec: &mut Exec<'_>,
    origin: Origin,
    call: &SystemCall,
) -> DispatchOutcome {
    match call {
        SystemCall::Remark { .. } => origin.signed_or_root(),
        SystemCall::SetStorage { items } => {
            origin.root()?;
            exec.forced(|exec| {
                items.iter().try_for_each(|(key, value)| write(exec.state, &key.0, Some(&value.0)))
            })
        }
        SystemCall::KillPrefix { prefix, subkeys } => {
            origin.root()?;
            let keys = rows_under(exec.state, &prefix.0, *subkeys);
            exec.forced(|exec| keys.iter().try_for_each(|key| write(exec.state, key, None)))
        }
        SystemCall::RemarkWithEvent { remark } => {
            let sender = origin.signed()?;
            exec.emit(SystemEvent::Remarked { sender, hash: blake2_256(remark) });
            Ok(())
        }
        // Nothing can be authorized here.
        SystemCall::ApplyAuthorizedUpgrade { .. } => Err(DispatchError::SystemNothingAuthorized),
        SystemCall::SetHeapPages { .. }
        | SystemCall::SetCode { .. }
        | SystemCall::SetCodeWithoutChecks { .. }
        | SystemCall::AuthorizeUpgrade { .. }
        | SystemCall::AuthorizeUpgradeWithoutChecks { .. } => {
            origin.root()?;
            not_modelled("System", call)
        }
        SystemCall::KillStorage { keys } => {
            origin.root()?;
            exec.forced(|exec| keys.iter().try_for_each(|key| write(exec.state, &key.0, None)))
        }
    }
}

/// The raw keys of the first rows whose keys begin so, in the order of storage.
fn rows_under(state: &State, prefix: &[u8], most: u32) -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    for item in schema::items() {
        let start = item.prefix();
        if !start.starts_with(prefix) && !prefix.starts_with(&start) {
            continue;
        }
        let subnets: Vec<_> = if item.of_subnet() {
            state.subnets.keys().map(|netuid| Some(*netuid)).collect()
        } else {
            vec![None]
        };
        for subnet in subnets {
            item.each_row(state, subnet, &mut |(key, _)| {
                let raw = item.raw_key(&key);
                if raw.starts_with(prefix) {
                    keys.push(raw);
                }
            });
        }
    }
    keys.sort_unstable();
    keys.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    keys
}

/// Writes a row through the schema; a key that it does not know, or a value that it refuses, changes nothing.
fn write(state: &mut State, key: &[u8], value: Option<&[u8]>) -> DispatchOutcome {
    let unknown = || DispatchError::NotModelled(format!("the storage key 0x{}", hex::encode(key)));
    let item = schema::items().find(|item| key.starts_with(&item.prefix())).ok_or_else(unknown)?;
    let parts = item.key_of_raw(key).map_err(|_| unknown())?;
    item.set(state, &parts, value)
        .map_err(|why| DispatchError::NotModelled(format!("this write to {} ({why})", item.path())))
}
