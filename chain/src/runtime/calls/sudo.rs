//! Calls as root.

use crate::call::SudoCall;
use crate::error::{DispatchError, DispatchOutcome};
use crate::event::SudoEvent;
use crate::runtime::Exec;
use crate::runtime::dispatch::{self, Origin};

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &SudoCall) -> DispatchOutcome {
    let SudoCall::Sudo { call } = call;
    if exec.state.globals.sudo_key != Some(origin.signed()?) {
        return Err(DispatchError::SudoRequireSudo);
    }
    // The call of `sudo` succeeds whatever the inner one does; only the event tells.
    let sudo_result = dispatch::dispatch(exec, Origin::Root, call);
    exec.emit(SudoEvent::Sudid { sudo_result });
    Ok(())
}
