//! Bytes that are kept by their hash, so that a short call can stand for a long one.
//!
//! **Source**: the pallet of the SDK.
//!
//! **Differs**: `ensure_updated` is never free, since no row is in the older form.

use crate::account::AccountId;
use crate::call::PreimageCall;
use crate::crypto::blake2_256;
use crate::error::{DispatchError, DispatchOutcome, PreimageError as E};
use crate::event::PreimageEvent as Event;
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, reserve};
use crate::state::RequestStatus;
use crate::units::Rao;

/// Most bytes.
const SIZE_MAX: usize = 4 * 1_024 * 1_024;
/// Most rows that one call brings into the newer form.
const UPDATES_MAX: usize = 1_024;
/// Deposit for any bytes, and for each.
const DEPOSIT: (Rao, Rao) = (Rao(104_000_000), Rao(1_000_000));

type Hash = [u8; 32];

pub(in crate::runtime) fn dispatch(
    exec: &mut Exec<'_>,
    origin: Origin,
    call: &PreimageCall,
) -> DispatchOutcome {
    match call {
        PreimageCall::NotePreimage { bytes } => note(exec, account_or_root(origin)?, bytes),
        PreimageCall::UnnotePreimage { hash } => unnote(exec, account_or_root(origin)?, hash.0),
        PreimageCall::RequestPreimage { hash } => {
            origin.root()?;
            request(exec, hash.0);
            Ok(())
        }
        PreimageCall::UnrequestPreimage { hash } => {
            origin.root()?;
            unrequest(exec, hash.0)
        }
        PreimageCall::EnsureUpdated { hashes } => {
            origin.signed()?;
            match hashes.len() {
                0 => Err(E::TooFew.into()),
                1..=UPDATES_MAX => Ok(()),
                _ => Err(E::TooMany.into()),
            }
        }
    }
}

/// The account of a signed call, nothing for root.
fn account_or_root(origin: Origin) -> Result<Option<AccountId>, DispatchError> {
    if origin == Origin::Root { Ok(None) } else { origin.signed().map(Some) }
}

pub(super) fn note(exec: &mut Exec<'_>, depositor: Option<AccountId>, bytes: &[u8]) -> DispatchOutcome {
    if bytes.len() > SIZE_MAX {
        return Err(E::TooBig.into());
    }
    let hash = blake2_256(bytes);
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let known = exec.state.preimages.status.get(&hash).copied();
    let status = match (known, depositor) {
        (Some(RequestStatus::Requested { maybe_ticket, count, .. }), _) => {
            RequestStatus::Requested { maybe_ticket, count, maybe_len: Some(len) }
        }
        (Some(RequestStatus::Unrequested { .. }), Some(_)) => return Err(E::AlreadyNoted.into()),
        (Some(RequestStatus::Unrequested { ticket, len }), None) => {
            RequestStatus::Requested { maybe_ticket: Some(ticket), count: 1, maybe_len: Some(len) }
        }
        (None, None) => RequestStatus::Requested { maybe_ticket: None, count: 1, maybe_len: Some(len) },
        (None, Some(who)) => {
            let (base, factor) = DEPOSIT;
            let deposit = base.saturating_add(Rao(factor.get().saturating_mul(len.into())));
            reserve::hold(exec, &who, deposit)?;
            RequestStatus::Unrequested { ticket: (who, deposit), len }
        }
    };
    let pallet = exec.state.preimages_mut();
    pallet.status.insert(hash, status);
    pallet.bytes.insert((hash, len), bytes.to_vec());
    exec.emit(Event::Noted { hash });
    Ok(())
}

fn unnote(exec: &mut Exec<'_>, who: Option<AccountId>, hash: Hash) -> DispatchOutcome {
    let may = |owner: &AccountId| who.is_none_or(|who| who == *owner);
    match exec.state.preimages.status.get(&hash).copied().ok_or(E::NotNoted)? {
        RequestStatus::Requested { maybe_ticket: Some((owner, deposit)), count, maybe_len } => {
            if !may(&owner) {
                return Err(E::NotAuthorized.into());
            }
            reserve::release(exec, &owner, deposit);
            let status = RequestStatus::Requested { maybe_ticket: None, count, maybe_len };
            exec.state.preimages_mut().status.insert(hash, status);
            Ok(())
        }
        RequestStatus::Requested { maybe_ticket: None, .. } if who.is_some() => Err(E::NotAuthorized.into()),
        RequestStatus::Requested { maybe_ticket: None, .. } => unrequest(exec, hash),
        RequestStatus::Unrequested { ticket: (owner, deposit), len } => {
            if !may(&owner) {
                return Err(E::NotAuthorized.into());
            }
            reserve::release(exec, &owner, deposit);
            clear(exec, hash, len);
            Ok(())
        }
    }
}

fn request(exec: &mut Exec<'_>, hash: Hash) {
    let status = match exec.state.preimages.status.get(&hash).copied() {
        None => RequestStatus::Requested { maybe_ticket: None, count: 1, maybe_len: None },
        Some(RequestStatus::Requested { maybe_ticket, count, maybe_len }) => {
            RequestStatus::Requested { maybe_ticket, count: count.saturating_add(1), maybe_len }
        }
        Some(RequestStatus::Unrequested { ticket, len }) => {
            RequestStatus::Requested { maybe_ticket: Some(ticket), count: 1, maybe_len: Some(len) }
        }
    };
    exec.state.preimages_mut().status.insert(hash, status);
    if matches!(status, RequestStatus::Requested { count: 1, .. }) {
        exec.emit(Event::Requested { hash });
    }
}

pub(super) fn unrequest(exec: &mut Exec<'_>, hash: Hash) -> DispatchOutcome {
    let status = exec.state.preimages.status.get(&hash).copied().ok_or(E::NotRequested)?;
    let RequestStatus::Requested { maybe_ticket, count, maybe_len } = status else {
        return Err(E::NotRequested.into());
    };
    let rows = &mut exec.state.preimages_mut().status;
    match (count, maybe_len, maybe_ticket) {
        (2.., ..) => {
            let count = count.saturating_sub(1);
            rows.insert(hash, RequestStatus::Requested { maybe_ticket, count, maybe_len });
        }
        (_, None, _) => {
            rows.remove(&hash);
        }
        (_, Some(len), Some(ticket)) => {
            rows.insert(hash, RequestStatus::Unrequested { ticket, len });
        }
        (_, Some(len), None) => clear(exec, hash, len),
    }
    Ok(())
}

/// Forgets bytes.
fn clear(exec: &mut Exec<'_>, hash: Hash, len: u32) {
    let pallet = exec.state.preimages_mut();
    pallet.status.remove(&hash);
    pallet.bytes.remove(&(hash, len));
    exec.emit(Event::Cleared { hash });
}
