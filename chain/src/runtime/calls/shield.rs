//! Extrinsics that are encrypted until they are in a block (`MevShield`).
//!
//! The chain only carries them: whoever has the key opens them and sends what was inside.

use crate::call::MevShieldCall;
use crate::crypto::blake2_256;
use crate::error::DispatchOutcome;
use crate::event::MevShieldEvent;
use crate::runtime::{Exec, Origin};
use parity_scale_codec::Encode as _;

/// `submit_encrypted`: says that it is here.
pub(in crate::runtime) fn dispatch(
    exec: &mut Exec<'_>,
    origin: Origin,
    call: &MevShieldCall,
) -> DispatchOutcome {
    let who = origin.signed()?;
    let MevShieldCall::SubmitEncrypted { ciphertext } = call;
    let id = blake2_256(&(who, ciphertext).encode());
    exec.emit(MevShieldEvent::EncryptedSubmitted { id, who });
    Ok(())
}
