//! Locks of stake: a coldkey's locked alpha and the conviction it gathers, and their sums by hotkey.
//!
//! **Source**: spec/chain.md 6.11.

mod moves;
mod ownership;

pub use moves::{
    force_reduce_lock, move_lock, pass_to_coldkey, pass_to_hotkey, set_perpetual_lock,
    set_reject_locked_alpha, transfer_lock,
};
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
    let lock = roll(state, lock, kind, now);
    (!is_dust(&lock)).then_some(lock)
}

/// A lock as it stands at a block; dust becomes zero. One that was updated later stays as it is.
fn roll(state: &State, lock: &LockState, kind: Kind, now: BlockNumber) -> LockState {
    let mut lock = if now > lock.last_update { aged(state, lock, kind, now) } else { lock.clone() };
    if kind.owner {
        lock.conviction = U64F64::from_u64(lock.locked_mass.get());
    }
    if is_dust(&lock) {
        lock = LockState { last_update: lock.last_update, ..LockState::default() };
    }
    lock
}

fn aged(state: &State, lock: &LockState, kind: Kind, now: BlockNumber) -> LockState {
    let rates = Rates { unlock: state.globals.unlock_rate, maturity: state.globals.maturity_rate };
    let age = now.saturating_sub(lock.last_update);
    let mass = U64F64::from_u64(lock.locked_mass.get());
    let (keeps, matures) = (exp_decay(age, rates.unlock), exp_decay(age, rates.maturity));
    let locked_mass =
        if kind.perpetual { lock.locked_mass } else { AlphaRao(keeps.saturating_mul(mass).to_u64()) };
    let gained = mass.saturating_mul(gain(age, rates, kind, keeps, matures));
    let conviction = matures.saturating_mul(lock.conviction).saturating_add(gained);
    LockState { locked_mass, conviction, last_update: now }
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
    if rates.unlock == 0 || rates.maturity == 0 {
        return U64F64::ZERO;
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
    Some(roll(state, lock, kind(state, coldkey, hotkey, netuid), now))
}

/// A coldkey that is to take over another's locks may have none of its own.
///
/// # Errors
/// `ActiveLockExists` for a lock that still has mass.
pub fn check_no_active_lock(exec: &Exec<'_>, coldkey: &AccountId) -> Result<(), DispatchError> {
    let state = &*exec.state;
    let active = |netuid: NetUid, subnet: &Subnet| {
        subnet.locks.iter().filter(|((owner, _), _)| owner == coldkey).any(|((_, hotkey), lock)| {
            let lock = roll(state, lock, kind(state, coldkey, hotkey, netuid), exec.now());
            !lock.locked_mass.is_zero()
        })
    };
    if state.subnets.iter().any(|(netuid, subnet)| active(*netuid, subnet)) {
        return Err(Error::ActiveLockExists.into());
    }
    Ok(())
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
    let bound = lock_of(exec.state, coldkey, netuid);
    if bound.is_some_and(|(bound, _)| bound != hotkey) {
        return Err(Error::LockHotkeyMismatch.into());
    }
    let (now, mut held) = (exec.now(), Held::of(exec, coldkey, hotkey, netuid));
    held.lock.locked_mass = held.lock.locked_mass.saturating_add(amount);
    if held.lock.locked_mass > total_alpha(exec.state, coldkey, netuid) {
        return Err(Error::InsufficientStakeForLock.into());
    }
    let added = LockState { locked_mass: amount, last_update: now, ..LockState::default() };
    held.lock = roll(exec.state, &held.lock, held.kind, now);
    held.sum = grown(exec.state, &held.sum, &added, held.kind, now);
    held.store(exec, coldkey, netuid);
    exec.emit(SubtensorModuleEvent::StakeLocked { coldkey: *coldkey, hotkey: *hotkey, netuid, amount });
    Ok(())
}

/// Brings a coldkey's lock on a subnet up to date, and drops it when it is dust: after each change of its stake.
pub fn refresh(exec: &mut Exec<'_>, coldkey: &AccountId, netuid: NetUid) {
    if let Some(held) = Held::on(exec, coldkey, netuid) {
        held.store(exec, coldkey, netuid);
    }
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

/// A coldkey's lock on a subnet with the sum it is part of, both as they stand in this block.
struct Held {
    hotkey: AccountId,
    kind: Kind,
    lock: LockState,
    sum: LockState,
}

impl Held {
    /// The lock of a coldkey on a subnet, rolled together with its sum; `None` without one.
    fn on(exec: &Exec<'_>, coldkey: &AccountId, netuid: NetUid) -> Option<Self> {
        let hotkey = *lock_of(exec.state, coldkey, netuid)?.0;
        Some(Self::of(exec, coldkey, &hotkey, netuid))
    }

    /// The lock of a coldkey towards a hotkey, empty if there is none, rolled together with its sum. What the lock
    /// lost by its own roll is taken from the sum; when it lost nothing, the sum is rolled as if it were one lock.
    fn of(exec: &Exec<'_>, coldkey: &AccountId, hotkey: &AccountId, netuid: NetUid) -> Self {
        let (state, now) = (&*exec.state, exec.now());
        let kind = kind(state, coldkey, hotkey, netuid);
        let before = state.subnet(netuid).and_then(|subnet| subnet.locks.get(&(*coldkey, *hotkey)));
        let before = before.cloned().unwrap_or_else(|| empty(now));
        let lock = roll(state, &before, kind, now);
        let lost = LockState {
            locked_mass: before.locked_mass.saturating_sub(lock.locked_mass),
            conviction: before.conviction.saturating_sub(lock.conviction),
            last_update: now,
        };
        let mut sum = stored_sum(state, hotkey, netuid, kind, now);
        if is_nothing(&lost) {
            sum = roll(state, &sum, kind, now);
        } else {
            sub(&mut sum, &lost);
            sum.last_update = now;
        }
        Self { hotkey: *hotkey, kind, lock, sum }
    }

    fn store(self, exec: &mut Exec<'_>, coldkey: &AccountId, netuid: NetUid) {
        put_lock(exec, coldkey, &self.hotkey, netuid, self.lock);
        put_sum(exec, &self.hotkey, netuid, self.kind, self.sum);
    }
}

fn empty(now: BlockNumber) -> LockState {
    LockState { last_update: now, ..LockState::default() }
}

fn is_nothing(lock: &LockState) -> bool {
    lock.locked_mass.is_zero() && lock.conviction.is_zero()
}

fn add(to: &mut LockState, part: &LockState) {
    to.locked_mass = to.locked_mass.saturating_add(part.locked_mass);
    to.conviction = to.conviction.saturating_add(part.conviction);
    to.last_update = to.last_update.max(part.last_update);
}

fn sub(from: &mut LockState, part: &LockState) {
    from.locked_mass = from.locked_mass.saturating_sub(part.locked_mass);
    from.conviction = from.conviction.saturating_sub(part.conviction);
}

/// A sum with a part added, rolled as one lock before and after.
fn grown(state: &State, sum: &LockState, part: &LockState, kind: Kind, now: BlockNumber) -> LockState {
    let mut sum = roll(state, sum, kind, now);
    add(&mut sum, part);
    roll(state, &sum, kind, now)
}

/// Stores a lock; dust is not kept.
fn put_lock(exec: &mut Exec<'_>, coldkey: &AccountId, hotkey: &AccountId, netuid: NetUid, lock: LockState) {
    let locks = &mut exec.state.subnet_mut(netuid).locks;
    if is_dust(&lock) {
        locks.remove(&(*coldkey, *hotkey));
    } else {
        locks.insert((*coldkey, *hotkey), lock);
    }
}

/// Stores a sum; unlike a lock it is kept while anything is left of it.
fn put_sum(exec: &mut Exec<'_>, hotkey: &AccountId, netuid: NetUid, kind: Kind, sum: LockState) {
    let sum = (!is_nothing(&sum)).then_some(sum);
    set_sum(exec.state.subnet_mut(netuid), hotkey, kind, sum);
}

/// The sum of a kind of locks towards a hotkey as it is stored, empty if there is none.
fn stored_sum(state: &State, hotkey: &AccountId, netuid: NetUid, kind: Kind, now: BlockNumber) -> LockState {
    let sum = state.subnet(netuid).and_then(|subnet| sum_of(subnet, hotkey, kind));
    sum.cloned().unwrap_or_else(|| empty(now))
}

/// Adds a part to the sum of a kind of locks towards a hotkey.
fn grow_sum(exec: &mut Exec<'_>, hotkey: &AccountId, netuid: NetUid, kind: Kind, part: &LockState) {
    let now = exec.now();
    let sum = stored_sum(exec.state, hotkey, netuid, kind, now);
    let sum = grown(exec.state, &sum, part, kind, now);
    put_sum(exec, hotkey, netuid, kind, sum);
}

/// Takes a part out of the sum of a kind of locks towards a hotkey, which is rolled as one lock first.
fn shrink_sum(exec: &mut Exec<'_>, hotkey: &AccountId, netuid: NetUid, kind: Kind, part: &LockState) {
    let now = exec.now();
    let mut sum = roll(exec.state, &stored_sum(exec.state, hotkey, netuid, kind, now), kind, now);
    sub(&mut sum, part);
    put_sum(exec, hotkey, netuid, kind, sum);
}

/// Takes the sum of a kind of locks towards a hotkey away, rolled as one lock.
fn take_sum(exec: &mut Exec<'_>, hotkey: &AccountId, netuid: NetUid, kind: Kind) -> Option<LockState> {
    let sum = exec.state.subnet(netuid).and_then(|subnet| sum_of(subnet, hotkey, kind))?;
    let sum = roll(exec.state, sum, kind, exec.now());
    set_sum(exec.state.subnet_mut(netuid), hotkey, kind, None);
    Some(sum)
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
