//! Calls in the name of another account.
//!
//! **Source**: spec/chain.md 10.3, 10.5, and the pallet of the SDK.
//!
//! Nothing gives `Unproxyable`, `AnnouncementDepositInvariantViolated` or `InvalidDerivedAccountId`: a call that a proxy
//! may not make is filtered, and the other two stand for what cannot be.
//!
//! **Differs**: `poke_deposit` is never free.

use crate::account::AccountId;
use crate::call::RuntimeCall;
use crate::call::proxy::Call;
use crate::crypto;
use crate::error::{DispatchError, DispatchOutcome, ProxyError as E};
use crate::event::ProxyEvent as Event;
use crate::runtime::dispatch::{self, Origin};
use crate::runtime::{Exec, reserve};
use crate::state::{Map, State};
use crate::types::{Announcement, DepositKind, ProxyDefinition, ProxyType};
use crate::units::Rao;
use parity_scale_codec::Encode as _;

/// Most proxies of an account.
const PROXIES_MAX: usize = 20;
/// Most announcements of a proxy.
const PENDING_MAX: usize = 75;
/// Deposit for any proxies, and for each.
const PROXY_DEPOSIT: (Rao, Rao) = (Rao(60_000_000), Rao(33_000_000));
/// Deposit for any announcements, and for each.
const ANNOUNCEMENT_DEPOSIT: (Rao, Rao) = (Rao(36_000_000), Rao(68_000_000));

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let who = origin.signed()?;
    match call {
        Call::Proxy { real, force_proxy_type, call } => {
            let proxy = find(exec.state, real, &who, *force_proxy_type)?;
            if proxy.delay > 0 {
                return Err(E::Unannounced.into());
            }
            run(exec, proxy.proxy_type, real, call);
            Ok(())
        }
        Call::AddProxy { delegate, proxy_type, delay } => {
            add(exec, &who, ProxyDefinition { delegate: delegate.0, proxy_type: *proxy_type, delay: *delay })
        }
        Call::RemoveProxy { delegate, proxy_type, delay } => remove(
            exec,
            &who,
            ProxyDefinition { delegate: delegate.0, proxy_type: *proxy_type, delay: *delay },
        ),
        Call::RemoveProxies => {
            remove_all(exec, &who, &who);
            Ok(())
        }
        Call::CreatePure { proxy_type, delay, index } => create_pure(exec, &who, *proxy_type, *delay, *index),
        Call::KillPure { spawner, proxy_type, index, height, ext_index } => {
            if pure_account(spawner, *proxy_type, *index, (*height, *ext_index)) != who {
                return Err(E::NoPermission.into());
            }
            remove_all(exec, &who, spawner);
            let (spawner, proxy_type, disambiguation_index) = (*spawner, *proxy_type, *index);
            exec.emit(Event::PureKilled { pure: who, spawner: spawner.0, proxy_type, disambiguation_index });
            Ok(())
        }
        Call::Announce { real, call_hash } => announce(exec, &who, real, *call_hash),
        Call::RemoveAnnouncement { real, call_hash } => {
            withdraw(exec, &who, |entry| entry.real == real.0 && entry.call_hash == *call_hash)
        }
        Call::RejectAnnouncement { delegate, call_hash } => {
            withdraw(exec, delegate, |entry| entry.real == who && entry.call_hash == *call_hash)
        }
        Call::ProxyAnnounced { delegate, real, force_proxy_type, call } => {
            let proxy = find(exec.state, real, delegate, *force_proxy_type)?;
            let (hash, now) = (crypto::blake2_256(&call.encode()), height(exec));
            let is_due = |entry: &Announcement| {
                entry.real == real.0
                    && entry.call_hash == hash
                    && now.saturating_sub(entry.height) >= proxy.delay
            };
            withdraw(exec, delegate, is_due).map_err(|_| E::Unannounced)?;
            run(exec, proxy.proxy_type, real, call);
            Ok(())
        }
        Call::PokeDeposit => poke(exec, &who),
        Call::SetRealPaysFee { delegate, pays_fee } => set_real_pays_fee(exec, &who, delegate, *pays_fee),
    }
}

fn height(exec: &Exec<'_>) -> u32 {
    u32::try_from(exec.now()).unwrap_or(u32::MAX)
}

/// What is reserved for so many entries.
fn deposit((base, factor): (Rao, Rao), entries: usize) -> Rao {
    if entries == 0 {
        return Rao::ZERO;
    }
    let entries = u64::try_from(entries).unwrap_or(u64::MAX);
    base.saturating_add(Rao(factor.get().saturating_mul(entries)))
}

/// The proxy by whose right a delegate calls: the first that fits.
fn find(
    state: &State,
    real: &AccountId,
    delegate: &AccountId,
    force: Option<ProxyType>,
) -> Result<ProxyDefinition, DispatchError> {
    let fits = |proxy: &&ProxyDefinition| {
        proxy.delegate == *delegate && force.is_none_or(|force| proxy.proxy_type == force)
    };
    let row = state.proxy.proxies.get(real);
    Ok(row.and_then(|row| row.0.iter().find(fits)).copied().ok_or(E::NotProxy)?)
}

/// Makes a call in the name of an account; only the event tells how it went.
fn run(exec: &mut Exec<'_>, proxy_type: ProxyType, real: &AccountId, call: &RuntimeCall) {
    let result = dispatch::dispatch_as_new(exec, real, Some(proxy_type), call);
    exec.state.proxy_mut().last_call_result.insert(*real, result.clone());
    exec.emit(Event::ProxyExecuted { result });
}

/// What became of calls in others' names is known until the end of the block.
pub(crate) fn forget_results(state: &mut State) {
    if !state.proxy.last_call_result.is_empty() {
        state.proxy_mut().last_call_result = Map::default();
    }
}

/// The order of an account's proxies.
fn rank(proxy: &ProxyDefinition) -> ([u8; 32], ProxyType, u32) {
    (*proxy.delegate.bytes(), proxy.proxy_type, proxy.delay)
}

pub(super) fn add(exec: &mut Exec<'_>, delegator: &AccountId, proxy: ProxyDefinition) -> DispatchOutcome {
    if *delegator == proxy.delegate {
        return Err(E::NoSelfProxy.into());
    }
    let (mut proxies, old) = exec.state.proxy.proxies.get(delegator).cloned().unwrap_or_default();
    let Err(at) = proxies.binary_search_by_key(&rank(&proxy), rank) else {
        return Err(E::Duplicate.into());
    };
    if proxies.len() >= PROXIES_MAX {
        return Err(E::TooMany.into());
    }
    proxies.insert(at, proxy);
    let new = deposit(PROXY_DEPOSIT, proxies.len());
    reserve::adjust(exec, delegator, old, new)?;
    exec.state.proxy_mut().proxies.insert(*delegator, (proxies, new));
    let ProxyDefinition { delegate: delegatee, proxy_type, delay } = proxy;
    exec.emit(Event::ProxyAdded { delegator: *delegator, delegatee, proxy_type, delay });
    Ok(())
}

pub(super) fn remove(exec: &mut Exec<'_>, delegator: &AccountId, proxy: ProxyDefinition) -> DispatchOutcome {
    let (mut proxies, old) = exec.state.proxy.proxies.get(delegator).cloned().ok_or(E::NotFound)?;
    let at = proxies.binary_search_by_key(&rank(&proxy), rank).map_err(|_| E::NotFound)?;
    proxies.remove(at);
    let new = deposit(PROXY_DEPOSIT, proxies.len());
    reserve::adjust(exec, delegator, old, new)?;
    let ProxyDefinition { delegate: delegatee, proxy_type, delay } = proxy;
    let pallet = exec.state.proxy_mut();
    if proxies.is_empty() {
        pallet.proxies.remove(delegator);
    } else {
        pallet.proxies.insert(*delegator, (proxies, new));
    }
    pallet.real_pays_fee.remove(&(*delegator, delegatee));
    exec.emit(Event::ProxyRemoved { delegator: *delegator, delegatee, proxy_type, delay });
    Ok(())
}

/// Ends all proxies of an account; the deposit goes back to who made it.
fn remove_all(exec: &mut Exec<'_>, delegator: &AccountId, depositor: &AccountId) {
    let pallet = exec.state.proxy_mut();
    let row = pallet.proxies.remove(delegator);
    if delegator == depositor {
        let flags: Vec<_> = pallet.real_pays_fee.keys().filter(|key| key.0 == *delegator).copied().collect();
        for flag in flags {
            pallet.real_pays_fee.remove(&flag);
        }
    }
    reserve::unreserve(exec, depositor, row.map_or(Rao::ZERO, |row| row.1));
}

/// The account of `create_pure`; `when` is block and extrinsic.
fn pure_account(who: &AccountId, proxy_type: ProxyType, index: u16, when: (u32, u32)) -> AccountId {
    let entropy = (b"modlpy/proxy____", who, when.0, when.1, proxy_type, index);
    AccountId::new(crypto::blake2_256(&entropy.encode()))
}

fn create_pure(
    exec: &mut Exec<'_>,
    who: &AccountId,
    proxy_type: ProxyType,
    delay: u32,
    index: u16,
) -> DispatchOutcome {
    let when = (height(exec), exec.place);
    let pure = pure_account(who, proxy_type, index, when);
    if exec.state.proxy.proxies.contains_key(&pure) {
        return Err(E::Duplicate.into());
    }
    let new = deposit(PROXY_DEPOSIT, 1);
    reserve::reserve(exec, who, new)?;
    let proxy = ProxyDefinition { delegate: *who, proxy_type, delay };
    exec.state.proxy_mut().proxies.insert(pure, (vec![proxy], new));
    exec.emit(Event::PureCreated { pure, who: *who, proxy_type, disambiguation_index: index });
    Ok(())
}

fn announce(exec: &mut Exec<'_>, who: &AccountId, real: &AccountId, call_hash: [u8; 32]) -> DispatchOutcome {
    find(exec.state, real, who, None)?;
    let (mut pending, old) = exec.state.proxy.announcements.get(who).cloned().unwrap_or_default();
    if pending.len() >= PENDING_MAX {
        return Err(E::TooMany.into());
    }
    pending.push(Announcement { real: *real, call_hash, height: height(exec) });
    let new = deposit(ANNOUNCEMENT_DEPOSIT, pending.len());
    reserve::adjust(exec, who, old, new)?;
    exec.state.proxy_mut().announcements.insert(*who, (pending, new));
    exec.emit(Event::Announced { real: *real, proxy: *who, call_hash });
    Ok(())
}

/// Takes back announcements of a proxy.
///
/// # Errors
/// `NotFound` when none is such.
fn withdraw(
    exec: &mut Exec<'_>,
    delegate: &AccountId,
    is_such: impl Fn(&Announcement) -> bool,
) -> DispatchOutcome {
    let (mut pending, old) = exec.state.proxy.announcements.get(delegate).cloned().ok_or(E::NotFound)?;
    let before = pending.len();
    pending.retain(|entry| !is_such(entry));
    if pending.len() == before {
        return Err(E::NotFound.into());
    }
    let new = deposit(ANNOUNCEMENT_DEPOSIT, pending.len());
    reserve::adjust(exec, delegate, old, new)?;
    if pending.is_empty() {
        exec.state.proxy_mut().announcements.remove(delegate);
    } else {
        exec.state.proxy_mut().announcements.insert(*delegate, (pending, new));
    }
    Ok(())
}

fn poke(exec: &mut Exec<'_>, who: &AccountId) -> DispatchOutcome {
    if let Some((proxies, old)) = exec.state.proxy.proxies.get(who).cloned() {
        let new = deposit(PROXY_DEPOSIT, proxies.len());
        if new != old {
            reserve::adjust(exec, who, old, new)?;
            exec.state.proxy_mut().proxies.insert(*who, (proxies, new));
            let kind = DepositKind::Proxies;
            exec.emit(Event::DepositPoked { who: *who, kind, old_deposit: old, new_deposit: new });
        }
    }
    if let Some((pending, old)) = exec.state.proxy.announcements.get(who).cloned() {
        let new = deposit(ANNOUNCEMENT_DEPOSIT, pending.len());
        if new != old {
            reserve::adjust(exec, who, old, new)?;
            exec.state.proxy_mut().announcements.insert(*who, (pending, new));
            let kind = DepositKind::Announcements;
            exec.emit(Event::DepositPoked { who: *who, kind, old_deposit: old, new_deposit: new });
        }
    }
    Ok(())
}

fn set_real_pays_fee(
    exec: &mut Exec<'_>,
    real: &AccountId,
    delegate: &AccountId,
    pays_fee: bool,
) -> DispatchOutcome {
    find(exec.state, real, delegate, None)?;
    let flags = &mut exec.state.proxy_mut().real_pays_fee;
    if pays_fee {
        flags.insert((*real, *delegate), ());
    } else {
        flags.remove(&(*real, *delegate));
    }
    exec.emit(Event::RealPaysFeeSet { real: *real, delegate: *delegate, pays_fee });
    Ok(())
}
