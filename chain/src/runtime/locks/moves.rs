//! Locks that change hands: to another hotkey, between perpetual and decaying, along with stake to another coldkey.
//!
//! **Source**: spec/chain.md 6.11.

use super::{
    Held, Kind, add, empty, grow_sum, kind, lock_of, put_lock, put_sum, roll, shrink_sum, stored_sum, sub,
    take_sum, total_alpha,
};
use crate::account::AccountId;
use crate::error::{DispatchError, SubtensorModuleError as Error};
use crate::event::SubtensorModuleEvent;
use crate::math::fixed::U64F64;
use crate::runtime::Exec;
use crate::runtime::weights::Touched;
use crate::types::LockState;
use crate::units::{AlphaRao, NetUid};

/// Bit of `AccountFlags` that lets locked alpha in; without it, the default, it is refused.
const ACCEPTS_LOCKED_ALPHA: u128 = 1;

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
    let Held { hotkey: origin, kind: left, lock, .. } =
        Held::on(exec, coldkey, netuid).ok_or(Error::NoExistingLock)?;
    let mut moved = lock.clone();
    if exec.state.owner_of(&origin) != exec.state.owner_of(destination) {
        moved.conviction = U64F64::ZERO;
    }
    let joined = kind(exec.state, coldkey, destination, netuid);
    let moved = roll(exec.state, &moved, joined, exec.now());
    exec.state.subnet_mut(netuid).locks.remove(&(*coldkey, origin));
    put_lock(exec, coldkey, destination, netuid, moved.clone());
    shrink_sum(exec, &origin, netuid, left, &lock);
    grow_sum(exec, destination, netuid, joined, &moved);
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
    let before = Held::on(exec, coldkey, netuid).map(|held| {
        let left = (held.hotkey, held.kind, held.lock.clone());
        held.store(exec, coldkey, netuid);
        left
    });
    let moves = |kind: Kind| kind.perpetual != enabled;
    if let Some((hotkey, kind, lock)) = before.as_ref().filter(|(_, kind, _)| moves(*kind)) {
        shrink_sum(exec, hotkey, netuid, *kind, lock);
    }
    set_decaying(exec, coldkey, netuid, enabled);
    let kept = lock_of(exec.state, coldkey, netuid).map(|(hotkey, lock)| (*hotkey, lock.clone()));
    if before.is_some_and(|(_, kind, _)| moves(kind))
        && let Some((hotkey, lock)) = kept
    {
        let kind = kind(exec.state, coldkey, &hotkey, netuid);
        grow_sum(exec, &hotkey, netuid, kind, &lock);
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
/// what it cannot cover takes mass and a like part of the conviction with it. The locks of both coldkeys are brought
/// up to date even when nothing locked moves; their sums are not. To be called before the stake moves.
///
/// # Errors
/// When locked alpha would move, `LockHotkeyMismatch` for a receiver that has locked to another hotkey, and
/// `AccountRejectsLockedAlpha`.
pub fn transfer_lock(
    exec: &mut Exec<'_>,
    from: &AccountId,
    to: &AccountId,
    netuid: NetUid,
    amount: AlphaRao,
) -> Result<(), DispatchError> {
    if from == to || amount.is_zero() {
        return Ok(());
    }
    let Some(Held { hotkey, kind: sent_kind, mut lock, .. }) = Held::on(exec, from, netuid) else {
        return Ok(());
    };
    let now = exec.now();
    let receiver = Held::on(exec, to, netuid).map(|held| (held.hotkey, held.lock));
    let (bound, mut received) = receiver.unwrap_or_else(|| (hotkey, empty(now)));
    let received_kind = kind(exec.state, to, &bound, netuid);
    let free = total_alpha(exec.state, from, netuid).saturating_sub(lock.locked_mass);
    let beyond = amount.saturating_sub(free);
    if !beyond.is_zero() && bound != hotkey {
        return Err(Error::LockHotkeyMismatch.into());
    }
    let moved = part(&lock, beyond);
    if !moved.locked_mass.is_zero() && !accepts_locked_alpha(exec, to) {
        return Err(Error::AccountRejectsLockedAlpha.into());
    }
    sub(&mut lock, &moved);
    add(&mut received, &moved);
    let lock = roll(exec.state, &lock, sent_kind, now);
    let received = roll(exec.state, &received, received_kind, now);
    put_lock(exec, from, &hotkey, netuid, lock);
    put_lock(exec, to, &bound, netuid, received);
    if !moved.locked_mass.is_zero() {
        shrink_sum(exec, &hotkey, netuid, sent_kind, &moved);
        grow_sum(exec, &bound, netuid, received_kind, &LockState { last_update: now, ..moved });
    }
    Ok(())
}

/// An amount out of a lock, at most all of it, with its part of the conviction.
fn part(lock: &LockState, amount: AlphaRao) -> LockState {
    let locked_mass = amount.min(lock.locked_mass);
    let mass = |alpha: AlphaRao| U64F64::from_u64(alpha.get());
    // Divide, then multiply: the other order rounds differently.
    let conviction = lock.conviction.saturating_mul(mass(locked_mass).safe_div(mass(lock.locked_mass)));
    LockState { locked_mass, conviction, last_update: lock.last_update }
}

/// Lowers a lock by an amount that was taken from its stake without asking; conviction falls in the same proportion.
pub fn force_reduce_lock(exec: &mut Exec<'_>, coldkey: &AccountId, netuid: NetUid, amount: AlphaRao) {
    let Some(mut held) = Held::on(exec, coldkey, netuid) else { return };
    let now = exec.now();
    held.sum = roll(exec.state, &held.sum, held.kind, now);
    let before = held.lock.clone();
    held.lock = if amount < before.locked_mass {
        let mass = |alpha: AlphaRao| U64F64::from_u64(alpha.get());
        let kept = U64F64::ONE.saturating_sub(mass(amount).safe_div(mass(before.locked_mass)));
        LockState {
            locked_mass: before.locked_mass.saturating_sub(amount),
            conviction: before.conviction.saturating_mul(kept),
            last_update: now,
        }
    } else {
        empty(now)
    };
    let mut lost = before;
    sub(&mut lost, &held.lock);
    sub(&mut held.sum, &lost);
    held.store(exec, coldkey, netuid);
}

/// Gives the locks of a coldkey on a subnet to another, with the choice how they change, and takes them out of one sum
/// and into the next. All of them are brought up to date.
pub fn pass_to_coldkey(exec: &mut Exec<'_>, netuid: NetUid, old: &AccountId, new: &AccountId) {
    let now = exec.now();
    let Some(subnet) = exec.state.subnet(netuid) else { return };
    let locks = subnet.locks.iter().filter(|((coldkey, _), _)| coldkey == old);
    let locks: Vec<_> = locks.map(|((_, hotkey), lock)| (*hotkey, lock.clone())).collect();
    let passes = |(hotkey, lock): (AccountId, LockState)| {
        let kind = kind(exec.state, old, &hotkey, netuid);
        (hotkey, roll(exec.state, &lock, kind, now), kind)
    };
    let locks: Vec<_> = locks.into_iter().map(passes).collect();
    for (hotkey, lock, kind) in &locks {
        exec.state.subnet_mut(netuid).locks.remove(&(*old, *hotkey));
        shrink_sum(exec, hotkey, netuid, *kind, lock);
    }
    let choices = &mut exec.state.subnet_mut(netuid).decaying_lock;
    if let Some(decays) = choices.remove(old) {
        choices.insert(*new, decays);
    }
    for (hotkey, lock, sent) in locks {
        let lock = roll(exec.state, &lock, sent, now);
        put_lock(exec, new, &hotkey, netuid, lock.clone());
        let kind = kind(exec.state, new, &hotkey, netuid);
        grow_sum(exec, &hotkey, netuid, kind, &lock);
    }
}

/// Binds every lock on the old hotkey, and their sums, to the new one, all brought up to date. Where either is the
/// subnet owner's hotkey, the new one is the owner's after the swap. What was summed up under the new hotkey before is
/// replaced by what comes. To be called before the owner hotkey changes.
pub fn pass_to_hotkey(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    old: &AccountId,
    new: &AccountId,
    touched: &mut Touched,
) {
    let now = exec.now();
    touched.add(5, 0);
    let Some(subnet) = exec.state.subnet(netuid) else { return };
    let owns = |hotkey: &AccountId| subnet.has_owner && subnet.owner_hotkey == *hotkey;
    let (from_owner, to_owner) = (owns(old), owns(old) || owns(new));
    let summed = subnet.hotkey_locks.contains_key(old) || subnet.decaying_hotkey_locks.contains_key(old);
    if !to_owner && !summed {
        return;
    }
    let bound = subnet.locks.iter().filter(|((_, hotkey), _)| hotkey == old);
    let bound: Vec<_> = bound.map(|((coldkey, _), lock)| (*coldkey, lock.clone())).collect();
    touched.add_each(bound.len(), 1, 2);
    touched.add(0, 6);
    for (coldkey, lock) in bound {
        let perpetual = kind(exec.state, &coldkey, old, netuid).perpetual;
        let lock = roll(exec.state, &lock, Kind { perpetual, owner: from_owner }, now);
        let lock = roll(exec.state, &lock, Kind { perpetual, owner: to_owner }, now);
        exec.state.subnet_mut(netuid).locks.remove(&(coldkey, *old));
        put_lock(exec, &coldkey, new, netuid, lock);
    }
    for perpetual in [true, false] {
        let Some(sum) = take_sum(exec, old, netuid, Kind { perpetual, owner: from_owner }) else { continue };
        let kind = Kind { perpetual, owner: to_owner };
        let sum = roll(exec.state, &sum, kind, now);
        put_sum(exec, new, netuid, kind, sum);
    }
}

/// Moves the sums of two hotkeys between the owner's buckets and those by hotkey, when the owner hotkey of a subnet
/// becomes another. The locks themselves keep what they have until they are touched. To be called before the owner
/// hotkey is set.
pub(super) fn exchange_owner_sums(exec: &mut Exec<'_>, netuid: NetUid, old: &AccountId, new: &AccountId) {
    let now = exec.now();
    let kinds = |perpetual| (Kind { perpetual, owner: true }, Kind { perpetual, owner: false });
    let join = |exec: &mut Exec<'_>, hotkey: &AccountId, kind: Kind, part: &LockState| {
        let mut sum = roll(exec.state, &stored_sum(exec.state, hotkey, netuid, kind, now), kind, now);
        add(&mut sum, part);
        sum.last_update = now;
        sum
    };
    for (owner, general) in [kinds(true), kinds(false)] {
        if let Some(demoted) = take_sum(exec, old, netuid, owner) {
            let sum = join(exec, old, general, &demoted);
            put_sum(exec, old, netuid, general, sum);
        }
    }
    for (owner, general) in [kinds(true), kinds(false)] {
        if let Some(promoted) = take_sum(exec, new, netuid, general) {
            let sum = join(exec, new, owner, &promoted);
            let sum = roll(exec.state, &sum, owner, now);
            put_sum(exec, new, netuid, owner, sum);
        }
    }
}
