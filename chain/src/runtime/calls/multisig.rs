//! Calls in the name of several accounts at once.
//!
//! **Source**: spec/chain.md 10.4, and the pallet of the SDK.
//!
//! Nothing gives `NoApprovalsNeeded` or `AlreadyStored`, which are left from older forms of the pallet.
//!
//! **Differs**: of a weight only the time of execution is known, so only that is compared with `max_weight`;
//! `poke_deposit` is never free.

use crate::account::AccountId;
use crate::call::multisig::Call;
use crate::call::{RuntimeCall, Weight};
use crate::crypto;
use crate::error::{DispatchError, DispatchOutcome, MultisigError as E};
use crate::event::MultisigEvent as Event;
use crate::runtime::dispatch::{self, Origin};
use crate::runtime::weights::Approval;
use crate::runtime::{Exec, PostInfo, call_info, reserve};
use crate::types::{Multisig, Timepoint};
use crate::units::Rao;
use parity_scale_codec::Encode as _;

/// Most signatories.
const SIGNATORIES_MAX: usize = 100;
/// Deposit for a call that waits, and for each approval that it needs.
const DEPOSIT: (Rao, Rao) = (Rao(132_000_000), Rao(32_000_000));

/// A call in full, and what it may weigh; or its hash alone.
enum CallOrHash<'c> {
    Call(&'c RuntimeCall, Weight),
    Hash([u8; 32]),
}

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let who = origin.signed()?;
    match call {
        Call::AsMultiThreshold1 { other_signatories, call } => {
            let account = account_of(&who, other_signatories, 1)?;
            let result = dispatch::dispatch_as_new(exec, &account, None, call);
            let (approving, timepoint, multisig) = (who, timepoint(exec), account);
            let (call_hash, result_told) = (crypto::blake2_256(&call.encode()), result.clone());
            exec.emit(Event::MultisigExecuted {
                approving,
                timepoint,
                multisig,
                call_hash,
                result: result_told,
            });
            let size = Approval { others: other_signatories.len(), bytes: call.encoded_size() };
            exec.post.actual = exec.post.actual.map(|inner| size.alone().plus(inner));
            exec.post.pays = true;
            result
        }
        Call::AsMulti { threshold, other_signatories, maybe_timepoint, call, max_weight } => {
            let account = shared(&who, other_signatories, *threshold)?;
            let size = Approval { others: other_signatories.len(), bytes: call.encoded_size() };
            let call = CallOrHash::Call(call, *max_weight);
            operate(exec, &who, &account, (*threshold, size), *maybe_timepoint, &call)
        }
        Call::ApproveAsMulti { threshold, other_signatories, maybe_timepoint, call_hash, .. } => {
            let account = shared(&who, other_signatories, *threshold)?;
            let size = Approval { others: other_signatories.len(), bytes: 0 };
            let call = CallOrHash::Hash(*call_hash);
            operate(exec, &who, &account, (*threshold, size), *maybe_timepoint, &call)
        }
        Call::CancelAsMulti { threshold, other_signatories, timepoint, call_hash } => {
            let account = shared(&who, other_signatories, *threshold)?;
            cancel(exec, &who, (account, *call_hash), *timepoint)
        }
        Call::PokeDeposit { threshold, other_signatories, call_hash } => {
            let account = shared(&who, other_signatories, *threshold)?;
            poke(exec, &who, (account, *call_hash), *threshold)
        }
    }
}

/// The account of several signatories, where more than one must approve.
fn shared(who: &AccountId, others: &[AccountId], threshold: u16) -> Result<AccountId, DispatchError> {
    if threshold < 2 {
        return Err(E::MinimumThreshold.into());
    }
    account_of(who, others, threshold)
}

fn account_of(who: &AccountId, others: &[AccountId], threshold: u16) -> Result<AccountId, DispatchError> {
    if others.is_empty() {
        return Err(E::TooFewSignatories.into());
    }
    if others.len() >= SIGNATORIES_MAX {
        return Err(E::TooManySignatories.into());
    }
    let signatories = with_sender(who, others)?;
    let entropy = (b"modlpy/utilisuba", signatories, threshold);
    Ok(AccountId::new(crypto::blake2_256(&entropy.encode())))
}

/// All signatories in order. The first fault from the left decides.
fn with_sender(who: &AccountId, others: &[AccountId]) -> Result<Vec<AccountId>, E> {
    let mut last: Option<&AccountId> = None;
    for item in others {
        if last.is_some_and(|last| last.bytes() >= item.bytes()) {
            return Err(E::SignatoriesOutOfOrder);
        }
        if item == who {
            return Err(E::SenderInSignatories);
        }
        last = Some(item);
    }
    let before = others.iter().take_while(|item| item.bytes() < who.bytes()).count();
    let mut signatories = others.to_vec();
    signatories.insert(before, *who);
    Ok(signatories)
}

/// The running call's own place.
fn timepoint(exec: &Exec<'_>) -> Timepoint {
    Timepoint { height: u32::try_from(exec.now()).unwrap_or(u32::MAX), index: exec.place }
}

fn operate(
    exec: &mut Exec<'_>,
    who: &AccountId,
    account: &AccountId,
    (threshold, size): (u16, Approval),
    maybe_timepoint: Option<Timepoint>,
    call: &CallOrHash<'_>,
) -> DispatchOutcome {
    let call_hash = match call {
        CallOrHash::Call(call, _) => crypto::blake2_256(&call.encode()),
        CallOrHash::Hash(hash) => *hash,
    };
    let key = (*account, call_hash);
    let Some(mut waiting) = exec.state.multisigs.get(&key).cloned() else {
        open(exec, who, key, threshold, maybe_timepoint)?;
        exec.post = PostInfo::weighed(size.opened());
        return Ok(());
    };
    let timepoint = maybe_timepoint.ok_or(E::NoTimepoint)?;
    if waiting.when != timepoint {
        return Err(E::WrongTimepoint.into());
    }
    let needed = usize::from(threshold);
    let at = waiting.approvals.binary_search_by_key(who.bytes(), |approval| *approval.bytes()).err();
    let at = at.filter(|_| waiting.approvals.len() < needed);
    let approvals = waiting.approvals.len().saturating_add(usize::from(at.is_some()));
    if let CallOrHash::Call(call, max_weight) = call
        && approvals >= needed
    {
        if call_info(call).weight.exceeds(*max_weight) {
            return Err(E::MaxWeightTooLow.into());
        }
        exec.state.multisigs.remove(&key);
        reserve::unreserve(exec, &waiting.depositor, waiting.deposit);
        let result = dispatch::dispatch_as_new(exec, account, None, call);
        exec.post.actual = exec.post.actual.map(|inner| size.completed().plus(inner));
        exec.post.pays = true;
        let (approving, multisig) = (*who, *account);
        exec.emit(Event::MultisigExecuted { approving, timepoint, multisig, call_hash, result });
        return Ok(());
    }
    waiting.approvals.insert(at.ok_or(E::AlreadyApproved)?, *who);
    exec.state.multisigs.insert(key, waiting);
    exec.post = PostInfo::weighed(size.approved());
    exec.emit(Event::MultisigApproval { approving: *who, timepoint, multisig: *account, call_hash });
    Ok(())
}

/// What the first signatory reserves.
fn deposit(threshold: u16) -> Rao {
    let (base, factor) = DEPOSIT;
    base.saturating_add(Rao(factor.get().saturating_mul(threshold.into())))
}

/// The first approval of a call.
fn open(
    exec: &mut Exec<'_>,
    who: &AccountId,
    key: (AccountId, [u8; 32]),
    threshold: u16,
    maybe_timepoint: Option<Timepoint>,
) -> DispatchOutcome {
    if maybe_timepoint.is_some() {
        return Err(E::UnexpectedTimepoint.into());
    }
    let deposit = deposit(threshold);
    reserve::reserve(exec, who, deposit)?;
    let when = timepoint(exec);
    let waiting = Multisig { when, deposit, depositor: *who, approvals: vec![*who] };
    exec.state.multisigs.insert(key, waiting);
    exec.emit(Event::NewMultisig { approving: *who, multisig: key.0, call_hash: key.1 });
    Ok(())
}

fn cancel(
    exec: &mut Exec<'_>,
    who: &AccountId,
    key: (AccountId, [u8; 32]),
    timepoint: Timepoint,
) -> DispatchOutcome {
    let waiting = exec.state.multisigs.get(&key).ok_or(E::NotFound)?;
    if waiting.when != timepoint {
        return Err(E::WrongTimepoint.into());
    }
    if waiting.depositor != *who {
        return Err(E::NotOwner.into());
    }
    let deposit = waiting.deposit;
    exec.state.multisigs.remove(&key);
    reserve::unreserve(exec, who, deposit);
    let (multisig, call_hash) = key;
    exec.emit(Event::MultisigCancelled { cancelling: *who, timepoint, multisig, call_hash });
    Ok(())
}

/// Makes a deposit what it should be.
fn poke(exec: &mut Exec<'_>, who: &AccountId, key: (AccountId, [u8; 32]), threshold: u16) -> DispatchOutcome {
    let mut waiting = exec.state.multisigs.get(&key).cloned().ok_or(E::NotFound)?;
    if waiting.depositor != *who {
        return Err(E::NotOwner.into());
    }
    let (old_deposit, new_deposit) = (waiting.deposit, deposit(threshold));
    if new_deposit == old_deposit {
        return Ok(());
    }
    reserve::adjust(exec, who, old_deposit, new_deposit)?;
    waiting.deposit = new_deposit;
    exec.state.multisigs.insert(key, waiting);
    exec.emit(Event::DepositPoked { who: *who, call_hash: key.1, old_deposit, new_deposit });
    Ok(())
}
