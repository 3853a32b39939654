//! Locks that change hands: to another hotkey, between perpetual and decaying, along with stake to another coldkey.
//!
//! **Source**: spec/chain.md 6.11.

use super::{Kind, is_dust, kind, lock_of, rolled, rolled_sum, set_sum, sum_of, total_alpha};
use crate::account::AccountId;
use crate::error::{DispatchError, SubtensorModuleError as Error};
use crate::event::SubtensorModuleEvent;
use crate::math::fixed::U64F64;
use crate::runtime::Exec;
use crate::types::LockState;
use crate::units::{AlphaRao, NetUid};

/// Bit of `AccountFlags` that lets locked alpha in; without it, the default, it is refused.
const ACCEPTS_LOCKED_ALPHA: u128 = 1;

/// A coldkey's lock on a subnet with the sum it is part of, both as they stand in this block.
struct Held {
    hotkey: AccountId,
    kind: Kind,
    lock: LockState,
    sum: LockState,
}

/// The lock of a coldkey on a subnet, rolled together with its sum; `None` without one, or with nothing left of it.
fn held(exec: &Exec<'_>, coldkey: &AccountId, netuid: NetUid) -> Option<Held> {
    let now = exec.now();
    let (hotkey, before) = lock_of(exec.state, coldkey, netuid)?;
    let kind = kind(exec.state, coldkey, hotkey, netuid);
    let lock = rolled(exec.state, before, kind, now)?;
    let sum = rolled_sum(exec.state, hotkey, netuid, kind, Some(before), Some(&lock), now);
    Some(Held { hotkey: *hotkey, kind, lock, sum })
}

/// The sum of a kind of locks towards a hotkey, rolled as if it were one lock.
fn bare_sum(exec: &Exec<'_>, hotkey: &AccountId, netuid: NetUid, kind: Kind) -> LockState {
    rolled_sum(exec.state, hotkey, netuid, kind, None, None, exec.now())
}

fn put_lock(exec: &mut Exec<'_>, coldkey: &AccountId, hotkey: &AccountId, netuid: NetUid, lock: LockState) {
    let locks = &mut exec.state.subnet_mut(netuid).locks;
    if is_dust(&lock) {
        locks.remove(&(*coldkey, *hotkey));
    } else {
        locks.insert((*coldkey, *hotkey), lock);
    }
}

fn put_sum(exec: &mut Exec<'_>, hotkey: &AccountId, netuid: NetUid, kind: Kind, sum: LockState) {
    let sum = (!is_dust(&sum)).then_some(sum);
    set_sum(exec.state.subnet_mut(netuid), hotkey, kind, sum);
}

fn add(to: &mut LockState, part: &LockState) {
    to.locked_mass = to.locked_mass.saturating_add(part.locked_mass);
    to.conviction = to.conviction.saturating_add(part.conviction);
}

fn sub(from: &mut LockState, part: &LockState) {
    from.locked_mass = from.locked_mass.saturating_sub(part.locked_mass);
    from.conviction = from.conviction.saturating_sub(part.conviction);
}

/// Takes a lock out of its sum and forgets it.
fn detach(exec: &mut Exec<'_>, coldkey: &AccountId, netuid: NetUid, held: Held) -> LockState {
    let Held { hotkey, kind, lock, mut sum } = held;
    sub(&mut sum, &lock);
    put_sum(exec, &hotkey, netuid, kind, sum);
    exec.state.subnet_mut(netuid).locks.remove(&(*coldkey, hotkey));
    lock
}

/// Puts a lock towards a hotkey, as the coldkey's locks there are now, and into the sum of its kind.
fn attach(exec: &mut Exec<'_>, coldkey: &AccountId, hotkey: &AccountId, netuid: NetUid, mut lock: LockState) {
    let kind = kind(exec.state, coldkey, hotkey, netuid);
    if kind.owner {
        lock.conviction = U64F64::from_u64(lock.locked_mass.get());
    }
    let mut sum = bare_sum(exec, hotkey, netuid, kind);
    add(&mut sum, &lock);
    put_sum(exec, hotkey, netuid, kind, sum);
    put_lock(exec, coldkey, hotkey, netuid, lock);
}

/// Binds a coldkey's lock to another hotkey. Conviction is lost unless one coldkey owns both hotkeys.
///
/// # Errors
/// `HotKeyAccountNotExists` for the destination, `NoExistingLock`.
pub fn move_lock(
    exec: &mut Exec<'_>,
    coldkey: &AccountId,
    destination: &AccountId,
    netuid: NetUid,
) -> Result<(), DispatchError> {
    if exec.state.owner_of(destination).is_none() {
        return Err(Error::HotKeyAccountNotExists.into());
    }
    let held = held(exec, coldkey, netuid).ok_or(Error::NoExistingLock)?;
    let origin = held.hotkey;
    let mut lock = detach(exec, coldkey, netuid, held);
    if exec.state.owner_of(&origin) != exec.state.owner_of(destination) {
        lock.conviction = U64F64::ZERO;
    }
    attach(exec, coldkey, destination, netuid, lock);
    exec.emit(SubtensorModuleEvent::LockMoved {
        coldkey: *coldkey,
        origin_hotkey: origin,
        destination_hotkey: *destination,
        netuid,
    });
    Ok(())
}

/// Makes the locks of a coldkey on a subnet perpetual, or lets them decay as they do by default. It needs no lock.
pub fn set_perpetual_lock(exec: &mut Exec<'_>, coldkey: &AccountId, netuid: NetUid, enabled: bool) {
    let held = held(exec, coldkey, netuid);
    let changes = held.as_ref().is_some_and(|held| held.kind.perpetual != enabled);
    if changes && let Some(held) = held {
        let hotkey = held.hotkey;
        let lock = detach(exec, coldkey, netuid, held);
        set_decaying(exec, coldkey, netuid, enabled);
        attach(exec, coldkey, &hotkey, netuid, lock);
    } else {
        super::refresh(exec, coldkey, netuid);
        set_decaying(exec, coldkey, netuid, enabled);
    }
    exec.emit(SubtensorModuleEvent::PerpetualLockUpdated { coldkey: *coldkey, netuid, enabled });
}

fn set_decaying(exec: &mut Exec<'_>, coldkey: &AccountId, netuid: NetUid, perpetual: bool) {
    let rows = &mut exec.state.subnet_mut(netuid).decaying_lock;
    if perpetual {
        rows.insert(*coldkey, false);
    } else {
        rows.remove(coldkey);
    }
}

/// Refuses locked alpha from others, as by default, or lets it in.
pub fn set_reject_locked_alpha(exec: &mut Exec<'_>, coldkey: &AccountId, enabled: bool) {
    let flags = &mut exec.state.coldkey_mut(coldkey).flags;
    *flags = if enabled { *flags & !ACCEPTS_LOCKED_ALPHA } else { *flags | ACCEPTS_LOCKED_ALPHA };
    exec.emit(SubtensorModuleEvent::RejectLockedAlphaUpdated { coldkey: *coldkey, enabled });
}

/// Whether a coldkey lets locked alpha in.
fn accepts_locked_alpha(exec: &Exec<'_>, coldkey: &AccountId) -> bool {
    exec.state.coldkey(coldkey).is_some_and(|row| row.flags & ACCEPTS_LOCKED_ALPHA != 0)
}

/// Moves the lock that stake takes along when it goes to another coldkey on its subnet: free stake goes first, and
/// what it cannot cover takes mass and a like part of the conviction with it. To be called before the stake moves.
///
/// # Errors
/// `StakeUnavailable` beyond the coldkey's alpha; when locked alpha would move, `AccountRejectsLockedAlpha`, and
/// `LockHotkeyMismatch` for a receiver that has locked to another hotkey.
pub fn transfer_lock(
    exec: &mut Exec<'_>,
    from: &AccountId,
    to: &AccountId,
    netuid: NetUid,
    amount: AlphaRao,
) -> Result<(), DispatchError> {
    let total = total_alpha(exec.state, from, netuid);
    if total < amount {
        return Err(Error::StakeUnavailable.into());
    }
    let Some(Held { hotkey, kind: sent_kind, mut lock, mut sum }) = held(exec, from, netuid) else {
        return Ok(());
    };
    let free = total.saturating_sub(lock.locked_mass);
    let moved_mass = amount.saturating_sub(free).min(lock.locked_mass);
    if moved_mass.is_zero() {
        return Ok(());
    }
    if !accepts_locked_alpha(exec, to) {
        return Err(Error::AccountRejectsLockedAlpha.into());
    }
    let receiver = held(exec, to, netuid);
    if receiver.as_ref().is_some_and(|receiver| receiver.hotkey != hotkey) {
        return Err(Error::LockHotkeyMismatch.into());
    }
    // Divide, then multiply: the other order rounds differently.
    let mass = |alpha: AlphaRao| U64F64::from_u64(alpha.get());
    let part = mass(moved_mass).safe_div(mass(lock.locked_mass));
    let conviction = lock.conviction.saturating_mul(part);
    let moved = LockState { locked_mass: moved_mass, conviction, last_update: exec.now() };

    sub(&mut lock, &moved);
    sub(&mut sum, &moved);
    put_sum(exec, &hotkey, netuid, sent_kind, sum);
    put_lock(exec, from, &hotkey, netuid, lock);
    receive(exec, to, &hotkey, netuid, receiver.map(|receiver| receiver.lock), &moved);
    Ok(())
}

/// Adds what moved to the receiver's lock, `before`, and to the sum it is part of.
fn receive(
    exec: &mut Exec<'_>,
    to: &AccountId,
    hotkey: &AccountId,
    netuid: NetUid,
    before: Option<LockState>,
    moved: &LockState,
) {
    let kind = kind(exec.state, to, hotkey, netuid);
    let stored = lock_of(exec.state, to, netuid).map(|(_, lock)| lock.clone());
    let now = exec.now();
    let mut sum = rolled_sum(exec.state, hotkey, netuid, kind, stored.as_ref(), before.as_ref(), now);
    let mut lock = before.unwrap_or(LockState { last_update: now, ..LockState::default() });
    add(&mut lock, moved);
    add(&mut sum, moved);
    put_sum(exec, hotkey, netuid, kind, sum);
    put_lock(exec, to, hotkey, netuid, lock);
}

/// Lowers a lock to what the coldkey still has, after stake was taken from it without asking; conviction falls in
/// the same proportion.
pub fn force_reduce_lock(exec: &mut Exec<'_>, coldkey: &AccountId, netuid: NetUid) {
    let total = total_alpha(exec.state, coldkey, netuid);
    let Some(Held { hotkey, kind, mut lock, mut sum }) = held(exec, coldkey, netuid) else { return };
    let over = lock.locked_mass.saturating_sub(total);
    if over.is_zero() {
        return;
    }
    let mass = |alpha: AlphaRao| U64F64::from_u64(alpha.get());
    let conviction = lock.conviction.saturating_mul(mass(over).safe_div(mass(lock.locked_mass)));
    let lost = LockState { locked_mass: over, conviction, last_update: exec.now() };
    sub(&mut lock, &lost);
    sub(&mut sum, &lost);
    put_sum(exec, &hotkey, netuid, kind, sum);
    put_lock(exec, coldkey, &hotkey, netuid, lock);
}

/// Moves the sums of two hotkeys between the owner's buckets and those by hotkey, when the owner hotkey of a subnet
/// becomes another. The locks themselves keep what they have until they are touched. To be called before the owner
/// hotkey is set.
pub(super) fn exchange_owner_sums(exec: &mut Exec<'_>, netuid: NetUid, old: &AccountId, new: &AccountId) {
    for perpetual in [true, false] {
        let (owner, general) = (Kind { perpetual, owner: true }, Kind { perpetual, owner: false });
        let take = |exec: &mut Exec<'_>, hotkey: &AccountId, kind: Kind| {
            let there = exec.state.subnet(netuid).is_some_and(|row| sum_of(row, hotkey, kind).is_some());
            there.then(|| {
                let sum = bare_sum(exec, hotkey, netuid, kind);
                set_sum(exec.state.subnet_mut(netuid), hotkey, kind, None);
                sum
            })
        };
        let (demoted, promoted) = (take(exec, old, owner), take(exec, new, general));
        if let Some(demoted) = demoted {
            let mut sum = bare_sum(exec, old, netuid, general);
            add(&mut sum, &demoted);
            put_sum(exec, old, netuid, general, sum);
        }
        if let Some(mut promoted) = promoted {
            promoted.conviction = U64F64::from_u64(promoted.locked_mass.get());
            put_sum(exec, new, netuid, owner, promoted);
        }
    }
}
