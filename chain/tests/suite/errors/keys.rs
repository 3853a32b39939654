//! Hotkeys and coldkeys that give way to others.

use super::row::{Row, Table, fails, left_with};
use crate::world::{NET, OWNER, OWNER_HOT, ROOT, STAKER, VALI, VALI_COLD, World, id};
use chain::call::{BalancesCall, subtensor::Call};
use chain::crypto::blake2_256;
use chain::error::{DispatchError, SubtensorModuleError as E};
use chain::math::fixed::{I96F32, U64F64};
use chain::runtime::calls::uids::append_neuron;
use chain::state::RateLimitKey;
use chain::types::LockState;
use chain::units::{AlphaRao, NetUid, Rao};

/// Nobody's key.
const NEW: u64 = 40;
/// The last block before the calls.
const LAST: u64 = 50_000;
/// Blocks after which an announcement that is due may be replaced.
const AGAIN: u64 = 7_200;

/// A call that swaps a hotkey on one subnet, or on all.
type Swap = fn(u64, u64, Option<NetUid>) -> Call;

fn swap(hotkey: u64, new_hotkey: u64, netuid: Option<NetUid>) -> Call {
    Call::SwapHotkey { hotkey: id(hotkey), new_hotkey: id(new_hotkey), netuid }
}

fn swap_v2(hotkey: u64, new_hotkey: u64, netuid: Option<NetUid>) -> Call {
    Call::SwapHotkeyV2 { hotkey: id(hotkey), new_hotkey: id(new_hotkey), netuid, keep_stake: true }
}

fn hotkeys(swap: Swap, netuid: Option<NetUid>, cost: u64) -> Vec<Row> {
    let good = move || swap(VALI, NEW, netuid);
    let registered = |w: &mut World| {
        w.state.hotkey_mut(&id(NEW)).owner = Some(id(VALI_COLD));
        append_neuron(w.state.subnet_mut(NET), &id(NEW), 1);
    };
    let sent_at = |block| {
        let key = RateLimitKey::LastTxBlock(id(VALI_COLD));
        move |w: &mut World| {
            w.state.last_rate_limited.insert(key, block);
        }
    };
    let swapped_at = |block| {
        move |w: &mut World| {
            w.state.subnet_mut(NET).last_hotkey_swap.insert(id(VALI_COLD), block);
        }
    };
    let parent = |w: &mut World| {
        w.state.subnet_mut(NET).children.insert(id(VALI), vec![(1, id(NEW))]);
        w.state.subnet_mut(NET).parents.insert(id(NEW), vec![(1, id(VALI))]);
    };
    vec![
        fails(E::NonAssociatedColdKey, STAKER, good()).but_by(VALI_COLD),
        fails(E::NonAssociatedColdKey, VALI_COLD, swap(VALI, OWNER_HOT, netuid)).but_call(good()),
        fails(E::NewHotKeyIsSameWithOld, VALI_COLD, swap(VALI, VALI, netuid)).but_call(good()),
        fails(E::HotKeySetTxRateLimitExceeded, VALI_COLD, good()).when(sent_at(LAST + 1 - 1_000)),
        fails(E::HotKeyAlreadyRegisteredInSubNet, VALI_COLD, good()).when(registered),
        fails(E::HotKeySwapOnSubnetIntervalNotPassed, VALI_COLD, good()).when(swapped_at(LAST + 1 - 7_200)),
        fails(E::NotEnoughBalanceToPaySwapHotKey, VALI_COLD, good())
            .given(left_with(VALI_COLD, good(), cost + 499))
            .but_when(left_with(VALI_COLD, good(), cost + 500)),
        fails(E::InvalidChild, VALI_COLD, good()).when(parent),
    ]
}

fn root_hotkeys(swap: Swap, netuid: Option<NetUid>) -> Vec<Row> {
    let good = || swap(VALI, NEW, netuid);
    let dirty = |w: &mut World| {
        w.state.hotkey_mut(&id(NEW)).root_claimable.insert(NET.number(), I96F32(1));
    };
    vec![fails(E::NewHotKeyNotCleanForRootSwap, VALI_COLD, good()).when(dirty)]
}

fn hash_of(new: u64) -> [u8; 32] {
    blake2_256(id(new).bytes())
}

fn announce() -> Call {
    Call::AnnounceColdkeySwap { new_coldkey_hash: hash_of(NEW) }
}

fn swap_to(new: u64) -> Call {
    Call::SwapColdkeyAnnounced { new_coldkey: id(new) }
}

fn by_root(swap_cost: u64) -> Call {
    Call::SwapColdkey { old_coldkey: id(STAKER), new_coldkey: id(NEW), swap_cost: Rao(swap_cost) }
}

/// A block as the chain writes it.
fn number(block: u64) -> u32 {
    block.try_into().unwrap()
}

fn announced_for(when: u64) -> impl Fn(&mut World) + 'static {
    move |w: &mut World| {
        w.state.coldkey_mut(&id(STAKER)).swap_announcement = Some((number(when), hash_of(NEW)))
    }
}

fn due(world: &mut World) {
    announced_for(LAST + 1)(world);
}

fn disputed(world: &mut World) {
    due(world);
    world.state.coldkey_mut(&id(STAKER)).swap_dispute = Some(number(LAST));
}

/// What makes a coldkey unfit to take over another's things.
fn heirs(who: u64, swap: Call) -> Vec<Row> {
    let staking = |w: &mut World| w.state.coldkey_mut(&id(NEW)).staking_hotkeys.push(id(VALI));
    let hotkey = |w: &mut World| w.state.hotkey_mut(&id(NEW)).owner = Some(id(OWNER));
    let locked = |w: &mut World| {
        let lock = LockState { locked_mass: AlphaRao(100), conviction: U64F64::ZERO, last_update: LAST + 1 };
        w.state.subnet_mut(NET).locks.insert((id(NEW), id(VALI)), lock);
    };
    vec![
        fails(E::ColdKeyAlreadyAssociated, who, swap.clone()).given(due).when(staking),
        fails(E::NewColdKeyIsHotkey, who, swap.clone()).given(due).when(hotkey),
        fails(E::ActiveLockExists, who, swap).given(due).when(locked),
    ]
}

fn coldkeys() -> Vec<Row> {
    let clear = || Call::ClearColdkeySwapAnnouncement;
    let dispute = || Call::DisputeColdkeySwap;
    let reset = Call::ResetColdkeySwap { coldkey: id(STAKER) };
    vec![
        fails(E::NotEnoughBalanceToPaySwapColdKey, STAKER, announce())
            .given(left_with(STAKER, announce(), 100_000_499))
            .but_when(left_with(STAKER, announce(), 100_000_500)),
        fails(E::ColdkeySwapReannouncedTooEarly, STAKER, announce())
            .given(announced_for(LAST + 2 - AGAIN))
            .but_when(announced_for(LAST + 1 - AGAIN)),
        fails(E::ColdkeySwapAnnouncementNotFound, STAKER, swap_to(NEW)).but_when(due),
        fails(E::AnnouncedColdkeyHashDoesNotMatch, STAKER, swap_to(41)).given(due).but_call(swap_to(NEW)),
        fails(E::ColdkeySwapTooEarly, STAKER, swap_to(NEW)).given(announced_for(LAST + 2)).but_when(due),
        fails(E::ColdkeySwapAnnouncementNotFound, STAKER, dispute()).but_when(due),
        fails(E::ColdkeySwapAnnouncementNotFound, STAKER, clear()).but_when(announced_for(1)),
        fails(E::ColdkeySwapClearTooEarly, STAKER, clear())
            .given(announced_for(LAST + 2 - AGAIN))
            .but_when(announced_for(LAST + 1 - AGAIN)),
        fails(DispatchError::BadOrigin, STAKER, reset).but_by(ROOT),
        fails(DispatchError::BadOrigin, STAKER, by_root(0)).but_by(ROOT),
        fails(E::NotEnoughBalanceToPaySwapColdKey, ROOT, by_root(u64::MAX)).but_call(by_root(1)),
        fails(E::Deprecated, STAKER, Call::ScheduleSwapColdkey { new_coldkey: id(NEW) }).but_call(announce()),
    ]
}

/// Who announced a swap can do nothing but go on with it, and once it is disputed not even that.
fn frozen() -> Vec<Row> {
    let pay = || BalancesCall::TransferKeepAlive { dest: id(5).into(), value: Rao(500) };
    vec![
        fails(E::ColdkeySwapAnnounced, STAKER, pay()).at_the_door_of_all(0).when(due),
        fails(E::ColdkeySwapAnnounced, STAKER, pay()).given(due).at_the_door_of_all(0).but_call(swap_to(NEW)),
        fails(E::ColdkeySwapDisputed, STAKER, pay()).at_the_door_of_all(21).when(disputed),
        fails(E::ColdkeySwapDisputed, STAKER, swap_to(NEW)).given(due).at_the_door_of_all(21).when(disputed),
        fails(E::ColdkeySwapDisputed, STAKER, Call::DisputeColdkeySwap)
            .given(due)
            .at_the_door_of_all(21)
            .when(disputed),
    ]
}

pub(super) fn table() -> Table {
    let mut world = super::staked();
    // No epoch, which would pay.
    world.state.subnet_mut(NET).params_mut().tempo = 0;
    world.state.block = LAST;
    let rows = [
        hotkeys(swap, Some(NET), 1_000_000),
        hotkeys(swap, None, 100_000_000),
        hotkeys(swap_v2, Some(NET), 1_000_000),
        hotkeys(swap_v2, None, 100_000_000),
        root_hotkeys(swap, None),
        root_hotkeys(swap_v2, None),
        root_hotkeys(swap, Some(NetUid::ROOT)),
        root_hotkeys(swap_v2, Some(NetUid::ROOT)),
        coldkeys(),
        heirs(STAKER, swap_to(NEW)),
        heirs(ROOT, by_root(0)),
        frozen(),
    ];
    Table { world, rows: rows.concat() }
}

#[test]
fn swapped_keys() {
    table().check();
}
