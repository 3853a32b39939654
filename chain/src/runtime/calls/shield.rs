//! Extrinsics that are encrypted until they are in a block (`MevShield`).
//!
//! The chain only carries them: whoever has the key opens them and sends what was inside. Calls that the chain itself
//! is to open cannot be opened by it yet.

use crate::call::MevShieldCall;
use crate::crypto::blake2_256;
use crate::error::{DispatchOutcome, MevShieldError as E};
use crate::event::MevShieldEvent as Event;
use crate::runtime::{Exec, Origin};
use crate::state::PendingExtrinsic;
use parity_scale_codec::Encode as _;

/// Most time that root may set, picoseconds.
const WEIGHT_MAX: u64 = 2_000_000_000_000;

pub(in crate::runtime) fn dispatch(
    exec: &mut Exec<'_>,
    origin: Origin,
    call: &MevShieldCall,
) -> DispatchOutcome {
    match call {
        MevShieldCall::AnnounceNextKey { .. } => origin.none(),
        MevShieldCall::SubmitEncrypted { ciphertext } => {
            let who = origin.signed()?;
            let id = blake2_256(&(who, ciphertext).encode());
            exec.emit(Event::EncryptedSubmitted { id, who });
            Ok(())
        }
        MevShieldCall::StoreEncrypted { encrypted_call } => store(exec, origin, encrypted_call),
        MevShieldCall::SetMaxPendingExtrinsicsNumber { value } => {
            origin.root()?;
            exec.state.shield_mut().max_pending = *value;
            exec.emit(Event::MaxPendingExtrinsicsNumberSet { value: *value });
            Ok(())
        }
        MevShieldCall::SetOnInitializeWeight { value } => {
            origin.root()?;
            bounded(*value)?;
            exec.state.shield_mut().on_initialize_weight = *value;
            exec.emit(Event::OnInitializeWeightSet { value: *value });
            Ok(())
        }
        MevShieldCall::SetStoredExtrinsicLifetime { value } => {
            origin.root()?;
            exec.state.shield_mut().lifetime = *value;
            exec.emit(Event::ExtrinsicLifetimeSet { value: *value });
            Ok(())
        }
        MevShieldCall::SetMaxExtrinsicWeight { value } => {
            origin.root()?;
            bounded(*value)?;
            exec.state.shield_mut().max_extrinsic_weight = *value;
            exec.emit(Event::MaxExtrinsicWeightSet { value: *value });
            Ok(())
        }
    }
}

fn bounded(weight: u64) -> DispatchOutcome {
    if weight > WEIGHT_MAX { Err(E::WeightExceedsAbsoluteMax.into()) } else { Ok(()) }
}

fn height(exec: &Exec<'_>) -> u32 {
    u32::try_from(exec.now()).unwrap_or(u32::MAX)
}

fn store(exec: &mut Exec<'_>, origin: Origin, encrypted_call: &[u8]) -> DispatchOutcome {
    let who = origin.signed()?;
    let submitted_at = height(exec);
    let shield = &exec.state.shield;
    if u32::try_from(shield.pending.len()).unwrap_or(u32::MAX) >= shield.max_pending {
        return Err(E::TooManyPendingExtrinsics.into());
    }
    let shield = exec.state.shield_mut();
    let index = shield.next_index;
    let row = PendingExtrinsic { who, encrypted_call: encrypted_call.to_vec(), submitted_at };
    shield.pending.insert(index, row);
    shield.next_index = index.saturating_add(1);
    exec.emit(Event::ExtrinsicStored { index, who });
    Ok(())
}

/// Before anything else of a block, calls that wait are opened, which fails.
pub(in crate::runtime) fn open_pending(exec: &mut Exec<'_>) {
    if exec.state.shield.pending.is_empty() {
        return;
    }
    let (now, lifetime) = (height(exec), exec.state.shield.lifetime);
    let mut waiting: Vec<(u32, u32)> =
        exec.state.shield.pending.iter().map(|(index, row)| (*index, row.submitted_at)).collect();
    waiting.sort_unstable();
    for (index, submitted_at) in waiting {
        exec.state.shield_mut().pending.remove(&index);
        exec.emit(if now.saturating_sub(submitted_at) > lifetime {
            Event::ExtrinsicExpired { index }
        } else {
            Event::ExtrinsicDecodeFailed { index }
        });
    }
}

/// Whether a ciphertext has the form that nodes read: hash of the key, length and bytes of the encapsulated key, nonce,
/// and what was encrypted.
pub(crate) fn is_well_formed(ciphertext: &[u8]) -> bool {
    let key_length = ciphertext.get(16..18).and_then(|bytes| <[u8; 2]>::try_from(bytes).ok());
    let nonce_at = key_length.map(|length| usize::from(u16::from_le_bytes(length)).saturating_add(18));
    nonce_at.is_some_and(|at| ciphertext.get(at..at.saturating_add(24)).is_some())
}
