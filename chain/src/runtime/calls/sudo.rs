//! Calls as root, and who may make them.
//!
//! **Source**: spec/chain.md 10.6, and the pallet of the SDK.

use crate::call::SudoCall;
use crate::error::{DispatchError, DispatchOutcome};
use crate::event::SudoEvent;
use crate::runtime::dispatch::{self, Origin};
use crate::runtime::{Exec, PostInfo};

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &SudoCall) -> DispatchOutcome {
    ensure_sudo(exec, origin)?;
    // What a call does as root or as another account shows in the event alone: the call of `Sudo` succeeds.
    match call {
        SudoCall::Sudo { call } | SudoCall::SudoUncheckedWeight { call, .. } => {
            let sudo_result = dispatch::dispatch_bypass_filter(exec, Origin::Root, call);
            exec.emit(SudoEvent::Sudid { sudo_result });
        }
        SudoCall::SudoAs { who, call } => {
            let sudo_result = dispatch::dispatch_bypass_filter(exec, Origin::Signed(who.0), call);
            exec.emit(SudoEvent::SudoAsDone { sudo_result });
        }
        SudoCall::SetKey { new } => {
            let old = exec.state.globals_mut().sudo_key.replace(new.0);
            exec.emit(SudoEvent::KeyChanged { old, new: new.0 });
        }
        SudoCall::RemoveKey => {
            exec.state.globals_mut().sudo_key = None;
            exec.emit(SudoEvent::KeyRemoved);
        }
    }
    exec.post = PostInfo::FREE;
    Ok(())
}

/// The sudo key and root itself may pass.
fn ensure_sudo(exec: &Exec<'_>, origin: Origin) -> DispatchOutcome {
    match origin {
        Origin::Root => Ok(()),
        Origin::Signed(who) if exec.state.globals.sudo_key == Some(who) => Ok(()),
        Origin::Signed(_) => Err(DispatchError::SudoRequireSudo),
        Origin::None => Err(DispatchError::BadOrigin),
    }
}
