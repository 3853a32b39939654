//! Remarks, and raw writes to storage by root: how a developer changes a chain in a way that its log remembers.

use crate::call::SystemCall;
use crate::error::{DispatchError, DispatchOutcome};
use crate::invariants::Fact;
use crate::runtime::{Exec, Origin};
use crate::schema;
use crate::state::State;

pub(in crate::runtime) fn dispatch(
    exec: &mut Exec<'_>,
    origin: Origin,
    call: &SystemCall,
) -> DispatchOutcome {
    match call {
        SystemCall::Remark { .. } => origin.signed().map(|_| ()),
        SystemCall::SetStorage { items } => {
            origin.root()?;
            told(exec, |state| items.iter().try_for_each(|(key, value)| write(state, &key.0, Some(&value.0))))
        }
        SystemCall::KillStorage { keys } => {
            origin.root()?;
            told(exec, |state| keys.iter().try_for_each(|key| write(state, &key.0, None)))
        }
    }
}

/// Writes, and tells whoever checks the block that no rule did it.
fn told(exec: &mut Exec<'_>, writes: impl FnOnce(&mut State) -> DispatchOutcome) -> DispatchOutcome {
    let before = exec.facts.is_some().then(|| exec.state.clone());
    writes(exec.state)?;
    if let Some(before) = before {
        let after = exec.state.clone();
        exec.tell(|| Fact::RawWrite { states: Box::new((before, after)) });
    }
    Ok(())
}

/// Writes a row through the schema; a key that it does not know, or a value that it refuses, changes nothing.
fn write(state: &mut State, key: &[u8], value: Option<&[u8]>) -> DispatchOutcome {
    let unknown = || DispatchError::NotModelled(format!("the storage key 0x{}", hex::encode(key)));
    let item = schema::items().find(|item| key.starts_with(&item.prefix())).ok_or_else(unknown)?;
    let parts = item.key_of_raw(key).map_err(|_| unknown())?;
    item.set(state, &parts, value)
        .map_err(|why| DispatchError::NotModelled(format!("this write to {} ({why})", item.path())))
}
