//! Crowdloans: TAO that many accounts put together, for an account or for a call.
//!
//! **Source**: spec/chain.md 7.8, and the chain's own pallet.

use super::preimage;
use crate::account::AccountId;
use crate::call::RuntimeCall;
use crate::call::crowdloan::Call;
use crate::crypto::blake2_256;
use crate::error::{CrowdloanError as E, DispatchError, DispatchOutcome, TokenError};
use crate::event::CrowdloanEvent as Event;
use crate::runtime::dispatch::{Origin, dispatch_as_new};
use crate::runtime::{Exec, PostInfo, tao, weights};
use crate::state::State;
use crate::types::{Bounded, CrowdloanInfo};
use crate::units::Rao;
use parity_scale_codec::{DecodeAll, Encode};

/// Least first contribution.
const MINIMUM_DEPOSIT: Rao = Rao(10_000_000_000);
/// Least that a least contribution may be.
const MINIMUM_CONTRIBUTION: Rao = Rao(100_000_000);
/// Contributions that one call gives back.
const REFUNDS_MAX: usize = 50;
/// Accounts that may contribute.
const CONTRIBUTORS_MAX: u32 = 500;
/// Longest encoded call that is kept in place. **Units**: bytes.
const INLINE_MAX: usize = 128;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let who = origin.signed()?;
    match call {
        Call::Create { .. } => create(exec, &who, call),
        Call::Contribute { crowdloan_id, amount } => contribute(exec, &who, *crowdloan_id, *amount),
        Call::Withdraw { crowdloan_id } => withdraw(exec, &who, *crowdloan_id),
        Call::Finalize { crowdloan_id } => finalize(exec, &who, *crowdloan_id),
        Call::Refund { crowdloan_id } => refund(exec, &who, *crowdloan_id),
        Call::Dissolve { crowdloan_id } => dissolve(exec, &who, *crowdloan_id),
        Call::UpdateMinContribution { crowdloan_id, new_min_contribution } => {
            update_min_contribution(exec, &who, *crowdloan_id, *new_min_contribution)
        }
        Call::UpdateEnd { crowdloan_id, new_end } => update_end(exec, &who, *crowdloan_id, *new_end),
        Call::UpdateCap { crowdloan_id, new_cap } => update_cap(exec, &who, *crowdloan_id, *new_cap),
        Call::SetMaxContribution { crowdloan_id, new_max_contribution } => {
            set_max_contribution(exec, &who, *crowdloan_id, *new_max_contribution)
        }
    }
}

/// The account that holds what a crowdloan raises.
fn funds_account(id: u32) -> AccountId {
    AccountId::of_pallet(b"bt/cloan", &id.to_le_bytes())
}

fn contribution(state: &State, id: u32, who: &AccountId) -> Option<Rao> {
    state.crowdloans.contributions.get(&(id, *who.bytes())).copied()
}

fn put(exec: &mut Exec<'_>, id: u32, loan: CrowdloanInfo) {
    exec.state.crowdloans_mut().loans.insert(id, loan);
}

fn existing(state: &State, id: u32) -> Result<CrowdloanInfo, E> {
    state.crowdloans.loans.get(&id).cloned().ok_or(E::InvalidCrowdloanId)
}

/// A crowdloan that is open still, for its creator.
fn own(state: &State, id: u32, who: &AccountId) -> Result<CrowdloanInfo, E> {
    let loan = existing(state, id)?;
    if loan.finalized {
        return Err(E::AlreadyFinalized);
    }
    if loan.creator != *who {
        return Err(E::InvalidOrigin);
    }
    Ok(loan)
}

/// Moves TAO of an account that may end by it.
fn pay(exec: &mut Exec<'_>, from: &AccountId, to: &AccountId, amount: Rao) -> DispatchOutcome {
    if amount > tao::coldkey_balance(exec.state, from) {
        return Err(TokenError::FundsUnavailable.into());
    }
    tao::move_balance(exec, from, to, amount)
}

fn free(state: &State, who: &AccountId) -> Rao {
    state.balances.accounts.get(who).map_or(Rao::ZERO, |row| row.data.free)
}

fn check_end(exec: &Exec<'_>, end: u32) -> Result<(), E> {
    let Some(duration) = u64::from(end).checked_sub(exec.now()).filter(|duration| *duration > 0) else {
        return Err(E::CannotEndInPast);
    };
    if duration < exec.constants.crowdloan_min.into() {
        return Err(E::BlockDurationTooShort);
    }
    if duration > exec.constants.crowdloan_max.into() {
        return Err(E::BlockDurationTooLong);
    }
    Ok(())
}

fn create(exec: &mut Exec<'_>, who: &AccountId, call: &Call) -> DispatchOutcome {
    let Call::Create { deposit, min_contribution, cap, end, call, target_address } = call else {
        return Ok(());
    };
    let (deposit, min_contribution, cap, end) = (*deposit, *min_contribution, *cap, *end);
    if deposit < MINIMUM_DEPOSIT {
        return Err(E::DepositTooLow.into());
    }
    if cap <= deposit {
        return Err(E::CapTooLow.into());
    }
    if min_contribution < MINIMUM_CONTRIBUTION {
        return Err(E::MinimumContributionTooLow.into());
    }
    if call.is_some() == target_address.is_some() {
        return Err(E::InvalidFinalizationConfig.into());
    }
    check_end(exec, end)?;
    if free(exec.state, who) < deposit {
        return Err(E::InsufficientBalance.into());
    }
    let id = exec.state.crowdloans.next_id;
    exec.state.crowdloans_mut().next_id = id.checked_add(1).ok_or(E::Overflow)?;
    let funds = funds_account(id);
    tao::hold_open(exec, &funds);
    let call = match call {
        Some(call) => Some(bound(exec, call)?),
        None => None,
    };
    let loan = CrowdloanInfo {
        creator: *who,
        deposit,
        min_contribution,
        end,
        cap,
        funds_account: funds,
        raised: deposit,
        target_address: *target_address,
        call,
        finalized: false,
        contributors_count: 1,
    };
    put(exec, id, loan);
    pay(exec, who, &funds, deposit)?;
    exec.state.crowdloans_mut().contributions.insert((id, *who.bytes()), deposit);
    exec.emit(Event::Created { crowdloan_id: id, creator: *who, end, cap });
    Ok(())
}

/// Keeps a call: in place, or as a preimage when it is long.
fn bound(exec: &mut Exec<'_>, call: &RuntimeCall) -> Result<Bounded, DispatchError> {
    let bytes = call.encode();
    if bytes.len() <= INLINE_MAX {
        return Ok(Bounded::Inline(bytes));
    }
    preimage::note(exec, None, &bytes)?;
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    Ok(Bounded::Lookup { hash: blake2_256(&bytes), len })
}

/// The call that was kept.
fn kept(state: &State, call: &Bounded) -> Result<RuntimeCall, E> {
    let bytes = match call {
        Bounded::Inline(bytes) => Some(bytes),
        Bounded::Lookup { hash, len } => state.preimages.bytes.get(&(*hash, *len)),
        Bounded::Legacy { .. } => None,
    };
    let call = bytes.and_then(|bytes| RuntimeCall::decode_all(&mut bytes.as_slice()).ok());
    call.ok_or(E::CallUnavailable)
}

fn contribute(exec: &mut Exec<'_>, who: &AccountId, id: u32, amount: Rao) -> DispatchOutcome {
    let mut loan = existing(exec.state, id)?;
    if exec.now() >= loan.end.into() {
        return Err(E::ContributionPeriodEnded.into());
    }
    if loan.raised >= loan.cap {
        return Err(E::CapRaised.into());
    }
    if amount < loan.min_contribution {
        return Err(E::ContributionTooLow.into());
    }
    if loan.contributors_count >= CONTRIBUTORS_MAX {
        return Err(E::MaxContributorsReached.into());
    }
    let before = contribution(exec.state, id, who);
    let mut amount = amount.min(loan.cap.saturating_sub(loan.raised));
    if let Some(most) = exec.state.crowdloans.max_contributions.get(&id) {
        let left = most.saturating_sub(before.unwrap_or_default());
        if left.is_zero() {
            return Err(E::MaxContributionReached.into());
        }
        amount = amount.min(left);
    }
    loan.raised = loan.raised.saturating_add(amount);
    if before.is_none() {
        loan.contributors_count = loan.contributors_count.saturating_add(1);
    }
    if free(exec.state, who) < amount {
        return Err(E::InsufficientBalance.into());
    }
    pay(exec, who, &loan.funds_account, amount)?;
    let sum = before.unwrap_or_default().saturating_add(amount);
    exec.state.crowdloans_mut().contributions.insert((id, *who.bytes()), sum);
    put(exec, id, loan);
    exec.emit(Event::Contributed { crowdloan_id: id, contributor: *who, amount });
    Ok(())
}

fn withdraw(exec: &mut Exec<'_>, who: &AccountId, id: u32) -> DispatchOutcome {
    let mut loan = existing(exec.state, id)?;
    if loan.finalized {
        return Err(E::AlreadyFinalized.into());
    }
    let mut amount = contribution(exec.state, id, who).unwrap_or_default();
    if amount.is_zero() {
        return Err(E::NoContribution.into());
    }
    let contributions = &mut exec.state.crowdloans_mut().contributions;
    if *who == loan.creator {
        amount = amount.saturating_sub(loan.deposit);
        if amount.is_zero() {
            return Err(E::DepositCannotBeWithdrawn.into());
        }
        contributions.insert((id, *who.bytes()), loan.deposit);
    } else {
        contributions.remove(&(id, *who.bytes()));
        loan.contributors_count = loan.contributors_count.checked_sub(1).ok_or(E::Underflow)?;
    }
    pay(exec, &loan.funds_account, who, amount)?;
    loan.raised = loan.raised.saturating_sub(amount);
    put(exec, id, loan);
    exec.emit(Event::Withdrew { crowdloan_id: id, contributor: *who, amount });
    Ok(())
}

fn finalize(exec: &mut Exec<'_>, who: &AccountId, id: u32) -> DispatchOutcome {
    let mut loan = existing(exec.state, id)?;
    if loan.creator != *who {
        return Err(E::InvalidOrigin.into());
    }
    if loan.raised != loan.cap {
        return Err(E::CapNotRaised.into());
    }
    if loan.finalized {
        return Err(E::AlreadyFinalized.into());
    }
    match (&loan.call, &loan.target_address) {
        (Some(call), None) => {
            let call = kept(exec.state, call)?;
            exec.state.crowdloans_mut().current_id = Some(id);
            dispatch_as_new(exec, who, None, &call)?;
            exec.state.crowdloans_mut().current_id = None;
        }
        (None, Some(target)) => pay(exec, &loan.funds_account, target, loan.raised)?,
        _ => return Err(E::InvalidFinalizationConfig.into()),
    }
    loan.finalized = true;
    put(exec, id, loan);
    exec.emit(Event::Finalized { crowdloan_id: id });
    Ok(())
}

fn refund(exec: &mut Exec<'_>, who: &AccountId, id: u32) -> DispatchOutcome {
    let mut loan = own(exec.state, id, who)?;
    let rows = contributions(exec.state, id).filter(|(contributor, _)| *contributor != loan.creator);
    let due: Vec<(AccountId, Rao)> = rows.take(REFUNDS_MAX.saturating_add(1)).collect();
    let all = due.len() <= REFUNDS_MAX;
    exec.post = PostInfo::weighed(weights::refund_after(due.len().min(REFUNDS_MAX)));
    for (contributor, amount) in due.into_iter().take(REFUNDS_MAX) {
        pay(exec, &loan.funds_account, &contributor, amount)?;
        loan.raised = loan.raised.saturating_sub(amount);
        loan.contributors_count = loan.contributors_count.checked_sub(1).ok_or(E::Underflow)?;
        exec.state.crowdloans_mut().contributions.remove(&(id, *contributor.bytes()));
    }
    put(exec, id, loan);
    exec.emit(if all {
        Event::AllRefunded { crowdloan_id: id }
    } else {
        Event::PartiallyRefunded { crowdloan_id: id }
    });
    Ok(())
}

/// The contributions to a crowdloan, by the bytes of the accounts.
pub(super) fn contributions(state: &State, id: u32) -> impl Iterator<Item = (AccountId, Rao)> {
    let rows = state.crowdloans.contributions.iter().filter(move |((of, _), _)| *of == id);
    rows.map(|((_, bytes), amount)| (AccountId::new(*bytes), *amount))
}

fn dissolve(exec: &mut Exec<'_>, who: &AccountId, id: u32) -> DispatchOutcome {
    let loan = own(exec.state, id, who)?;
    let held = contribution(exec.state, id, who).ok_or(E::NoContribution)?;
    if held != loan.raised {
        return Err(E::NotReadyToDissolve.into());
    }
    pay(exec, &loan.funds_account, who, held)?;
    let crowdloans = exec.state.crowdloans_mut();
    crowdloans.contributions.remove(&(id, *who.bytes()));
    crowdloans.loans.remove(&id);
    crowdloans.max_contributions.remove(&id);
    if let Some(Bounded::Lookup { hash, .. }) = loan.call {
        // Root may have taken the preimage away; nothing is left to drop then.
        drop(preimage::unrequest(exec, hash));
    }
    tao::let_close(exec, &loan.funds_account);
    exec.emit(Event::Dissolved { crowdloan_id: id });
    Ok(())
}

fn update_min_contribution(exec: &mut Exec<'_>, who: &AccountId, id: u32, new: Rao) -> DispatchOutcome {
    let mut loan = own(exec.state, id, who)?;
    if new < MINIMUM_CONTRIBUTION {
        return Err(E::MinimumContributionTooLow.into());
    }
    if exec.state.crowdloans.max_contributions.get(&id).is_some_and(|most| new > *most) {
        return Err(E::MinimumContributionTooHigh.into());
    }
    loan.min_contribution = new;
    put(exec, id, loan);
    exec.emit(Event::MinContributionUpdated { crowdloan_id: id, new_min_contribution: new });
    Ok(())
}

fn update_end(exec: &mut Exec<'_>, who: &AccountId, id: u32, new_end: u32) -> DispatchOutcome {
    let mut loan = own(exec.state, id, who)?;
    check_end(exec, new_end)?;
    loan.end = new_end;
    put(exec, id, loan);
    exec.emit(Event::EndUpdated { crowdloan_id: id, new_end });
    Ok(())
}

fn update_cap(exec: &mut Exec<'_>, who: &AccountId, id: u32, new_cap: Rao) -> DispatchOutcome {
    let mut loan = own(exec.state, id, who)?;
    if new_cap < loan.raised {
        return Err(E::CapTooLow.into());
    }
    loan.cap = new_cap;
    put(exec, id, loan);
    exec.emit(Event::CapUpdated { crowdloan_id: id, new_cap });
    Ok(())
}

fn set_max_contribution(exec: &mut Exec<'_>, who: &AccountId, id: u32, new: Option<Rao>) -> DispatchOutcome {
    let loan = own(exec.state, id, who)?;
    let held = contribution(exec.state, id, who).unwrap_or_default();
    if new.is_some_and(|most| most < loan.min_contribution || most < held) {
        return Err(E::MaximumContributionTooLow.into());
    }
    let bounds = &mut exec.state.crowdloans_mut().max_contributions;
    match new {
        Some(most) => bounds.insert(id, most),
        None => bounds.remove(&id),
    };
    exec.emit(Event::MaxContributionUpdated { crowdloan_id: id, new_max_contribution: new });
    Ok(())
}
