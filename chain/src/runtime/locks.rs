//! Locks of stake: a coldkey's locked alpha and the conviction it gathers, and their sums by hotkey.
//!
//! **Source**: spec/chain.md 6.11.

mod moves;
mod ownership;

pub use moves::{force_reduce_lock, move_lock, set_perpetual_lock, set_reject_locked_alpha, transfer_lock};
pub use ownership::{OWNER_CHANGE_AGE, change_owner_if_needed, conviction_of, most_convicted};

use super::{Exec, shares};
use crate::account::AccountId;
use crate::error::{DispatchError, SubtensorModuleError as Error};
use crate::event::SubtensorModuleEvent;
use crate::math::fixed::{I64F64, U64F64};
use crate::math::transcendental::exp_decay;
use crate::state::{State, Subnet};
use crate::types::LockState;
use crate::units::{AlphaRao, BlockNumber, NetUid};

/// A lock whose mass and conviction are both below this is dropped.
const DUST: u64 = 100;

/// How a lock changes with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The mass stays until it is set to decay.
    pub perpetual: bool,
    /// On the subnet owner's hotkey, where conviction is the mass itself.
    pub owner: bool,
}

/// How fast locks change, in blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rates {
    unlock: u64,
    maturity: u64,
}

/// A lock as it stands at a block; `None` once it is dust.
pub fn rolled(state: &State, lock: &LockState, kind: Kind, now: BlockNumber) -> Option<LockState> {
    let rates = Rates { unlock: state.globals.unlock_rate, maturity: state.globals.maturity_rate };
    let age = now.saturating_sub(lock.last_update);
    let mass = U64F64::from_u64(lock.locked_mass.get());
    let (keeps, matures) = (exp_decay(age, rates.unlock), exp_decay(age, rates.maturity));
    let locked_mass =
        if kind.perpetual { lock.locked_mass } else { AlphaRao(keeps.saturating_mul(mass).to_u64()) };
    let conviction = if kind.owner {
        U64F64::from_u64(locked_mass.get())
    } else {
        let gained = mass.saturating_mul(gain(age, rates, kind, keeps, matures));
        matures.saturating_mul(lock.conviction).saturating_add(gained)
    };
    let lock = LockState { locked_mass, conviction, last_update: now };
    (!is_dust(&lock)).then_some(lock)
}

/// Whether a lock is too small to be kept.
fn is_dust(lock: &LockState) -> bool {
    lock.locked_mass.get() < DUST && lock.conviction < U64F64::from_u64(DUST)
}

/// Conviction gained per locked rao.
fn gain(age: u64, rates: Rates, kind: Kind, keeps: U64F64, matures: U64F64) -> U64F64 {
    if kind.perpetual {
        return U64F64::ONE.saturating_sub(matures);
    }
    if rates.unlock == rates.maturity {
        let part = U64F64::from_u64(age).safe_div(U64F64::from_u64(rates.maturity));
        return part.saturating_mul(matures);
    }
    let signed = |number: u64| I64F64::saturating_from_u64(number);
    let between = keeps.to_fixed::<I64F64>().saturating_sub(matures.to_fixed());
    let apart = signed(rates.unlock).saturating_sub(signed(rates.maturity));
    signed(rates.unlock).saturating_mul(between).safe_div(apart).to_fixed()
}

/// The lock of a coldkey on a subnet and the hotkey it is bound to; there is at most one.
pub fn lock_of<'s>(
    state: &'s State,
    coldkey: &AccountId,
    netuid: NetUid,
) -> Option<(&'s AccountId, &'s LockState)> {
    let mut locks = state.subnet(netuid)?.locks.iter();
    locks.find(|((owner, _), _)| owner == coldkey).map(|((_, hotkey), lock)| (hotkey, lock))
}

/// How the locks of a coldkey on a hotkey change with time; they decay unless set otherwise.
pub fn kind(state: &State, coldkey: &AccountId, hotkey: &AccountId, netuid: NetUid) -> Kind {
    let Some(subnet) = state.subnet(netuid) else { return Kind { perpetual: false, owner: false } };
    Kind {
        perpetual: subnet.decaying_lock.get(coldkey) == Some(&false),
        owner: subnet.has_owner && subnet.owner_hotkey == *hotkey,
    }
}

/// All alpha of a coldkey on a subnet, locked or not.
pub fn total_alpha(state: &State, coldkey: &AccountId, netuid: NetUid) -> AlphaRao {
    let hotkeys = state.coldkey(coldkey).map_or(&[][..], |row| &row.staking_hotkeys);
    let stakes = hotkeys.iter().map(|hotkey| shares::stake(state, hotkey, coldkey, netuid));
    stakes.fold(AlphaRao::ZERO, AlphaRao::saturating_add)
}

/// The lock of a coldkey on a subnet as it stands at a block: empty once it is dust, `None` where it has none.
pub fn current_lock(
    state: &State,
    coldkey: &AccountId,
    netuid: NetUid,
    now: BlockNumber,
) -> Option<LockState> {
    let (hotkey, lock) = lock_of(state, coldkey, netuid)?;
    let current = rolled(state, lock, kind(state, coldkey, hotkey, netuid), now);
    Some(current.unwrap_or(LockState { last_update: now, ..LockState::default() }))
}

/// What a coldkey can take out of a subnet: its alpha less what is still locked.
pub fn available_to_unstake(exec: &Exec<'_>, coldkey: &AccountId, netuid: NetUid) -> AlphaRao {
    let lock = current_lock(exec.state, coldkey, netuid, exec.now()).unwrap_or_default();
    total_alpha(exec.state, coldkey, netuid).saturating_sub(lock.locked_mass)
}

/// Locks alpha of a coldkey towards a hotkey, on top of what is locked.
///
/// # Errors
/// `AmountTooLow` for nothing, `HotKeyAccountNotExists`, `LockHotkeyMismatch` while another hotkey is locked to,
/// `InsufficientStakeForLock` beyond the coldkey's alpha on the subnet.
pub fn lock_stake(
    exec: &mut Exec<'_>,
    coldkey: &AccountId,
    hotkey: &AccountId,
    netuid: NetUid,
    amount: AlphaRao,
) -> Result<(), DispatchError> {
    if amount.is_zero() {
        return Err(Error::AmountTooLow.into());
    }
    if exec.state.owner_of(hotkey).is_none() {
        return Err(Error::HotKeyAccountNotExists.into());
    }
    let kind = kind(exec.state, coldkey, hotkey, netuid);
    let now = exec.now();
    let before = lock_of(exec.state, coldkey, netuid);
    if before.is_some_and(|(bound, _)| bound != hotkey) {
        return Err(Error::LockHotkeyMismatch.into());
    }
    let before = before.map(|(_, lock)| lock.clone());
    let current = before.as_ref().and_then(|lock| rolled(exec.state, lock, kind, now));
    let mut lock = current.clone().unwrap_or(LockState { last_update: now, ..LockState::default() });
    lock.locked_mass = lock.locked_mass.saturating_add(amount);
    if lock.locked_mass > total_alpha(exec.state, coldkey, netuid) {
        return Err(Error::InsufficientStakeForLock.into());
    }
    let mut sum = rolled_sum(exec.state, hotkey, netuid, kind, before.as_ref(), current.as_ref(), now);
    sum.locked_mass = sum.locked_mass.saturating_add(amount);
    if kind.owner {
        lock.conviction = U64F64::from_u64(lock.locked_mass.get());
        sum.conviction = sum.conviction.saturating_add(U64F64::from_u64(amount.get()));
    }
    let subnet = exec.state.subnet_mut(netuid);
    subnet.locks.insert((*coldkey, *hotkey), lock);
    set_sum(subnet, hotkey, kind, Some(sum));
    exec.emit(SubtensorModuleEvent::StakeLocked { coldkey: *coldkey, hotkey: *hotkey, netuid, amount });
    Ok(())
}

/// Brings a coldkey's lock on a subnet up to date, and drops it when it is dust: after each change of its stake.
pub fn refresh(exec: &mut Exec<'_>, coldkey: &AccountId, netuid: NetUid) {
    let now = exec.now();
    let Some((hotkey, lock)) = lock_of(exec.state, coldkey, netuid).map(|(key, lock)| (*key, lock.clone()))
    else {
        return;
    };
    let kind = kind(exec.state, coldkey, &hotkey, netuid);
    let current = rolled(exec.state, &lock, kind, now);
    let sum = rolled_sum(exec.state, &hotkey, netuid, kind, Some(&lock), current.as_ref(), now);
    let subnet = exec.state.subnet_mut(netuid);
    match current {
        Some(current) => subnet.locks.insert((*coldkey, hotkey), current),
        None => subnet.locks.remove(&(*coldkey, hotkey)),
    };
    set_sum(subnet, &hotkey, kind, (!is_dust(&sum)).then_some(sum));
}

/// Locks the owner's cut where the subnet asks for it: to the hotkey of the owner's lock there is, else to the owner's
/// own.
pub(super) fn lock_owner_cut(exec: &mut Exec<'_>, netuid: NetUid, amount: AlphaRao) {
    let Some(subnet) = exec.state.subnet(netuid).filter(|row| row.params.owner_cut_auto_lock_enabled) else {
        return;
    };
    let (coldkey, owner_hotkey) = (subnet.owner, subnet.owner_hotkey);
    let hotkey = lock_of(exec.state, &coldkey, netuid).map_or(owner_hotkey, |(hotkey, _)| *hotkey);
    if let Err(error) = lock_stake(exec, &coldkey, &hotkey, netuid, amount) {
        tracing::debug!(%netuid, %error, "owner cut stays unlocked");
    }
}

/// The sum that a lock is part of, at a block. What one lock lost by its own roll is taken from the sum; when it lost
/// nothing, the sum is rolled as if it were one lock.
fn rolled_sum(
    state: &State,
    hotkey: &AccountId,
    netuid: NetUid,
    kind: Kind,
    before: Option<&LockState>,
    after: Option<&LockState>,
    now: BlockNumber,
) -> LockState {
    let fresh = LockState { last_update: now, ..LockState::default() };
    let Some(mut sum) = state.subnet(netuid).and_then(|subnet| sum_of(subnet, hotkey, kind)).cloned() else {
        return fresh;
    };
    let Some(before) = before else {
        return rolled(state, &sum, kind, now).unwrap_or(fresh);
    };
    let after = after.unwrap_or(&fresh);
    let lost = before.locked_mass.saturating_sub(after.locked_mass);
    let faded = before.conviction.saturating_sub(after.conviction);
    if lost.is_zero() && faded.is_zero() {
        return rolled(state, &sum, kind, now).unwrap_or(fresh);
    }
    sum.locked_mass = sum.locked_mass.saturating_sub(lost);
    sum.conviction = sum.conviction.saturating_sub(faded);
    sum.last_update = now;
    sum
}

fn sum_of<'s>(subnet: &'s Subnet, hotkey: &AccountId, kind: Kind) -> Option<&'s LockState> {
    match (kind.owner, kind.perpetual) {
        (true, true) => subnet.owner_lock.as_ref(),
        (true, false) => subnet.decaying_owner_lock.as_ref(),
        (false, true) => subnet.hotkey_locks.get(hotkey),
        (false, false) => subnet.decaying_hotkey_locks.get(hotkey),
    }
}

fn set_sum(subnet: &mut Subnet, hotkey: &AccountId, kind: Kind, sum: Option<LockState>) {
    let rows = match (kind.owner, kind.perpetual) {
        (true, true) => return subnet.owner_lock = sum,
        (true, false) => return subnet.decaying_owner_lock = sum,
        (false, true) => &mut subnet.hotkey_locks,
        (false, false) => &mut subnet.decaying_hotkey_locks,
    };
    match sum {
        Some(sum) => rows.insert(*hotkey, sum),
        None => rows.remove(hotkey),
    };
}
