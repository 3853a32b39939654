//! A coldkey in the place of another: announced, disputed, withdrawn, carried out.

use crate::world::{
    NET, OWNER, POOR, ROOT, STAKER, VALI, VALI_COLD, World, add, check, extrinsic, id, nothing, staked,
};
use chain::account::AccountId;
use chain::block::{BlockInput, Extrinsic, Failure, InvalidTransaction, SignedExtrinsic};
use chain::call::proxy::Call as Proxy;
use chain::call::{BalancesCall, RuntimeCall, UtilityCall, subtensor::Call};
use chain::crypto::{Keypair, blake2_256};
use chain::event::{Event, SubtensorModuleEvent as S};
use chain::genesis::Genesis;
use chain::math::fixed::U64F64;
use chain::runtime::{Env, Exec, Runtime, locks, shares, tao};
use chain::state::{RateLimitKey, State};
use chain::types::{ChainIdentityOfV2, LockState, ProxyType};
use chain::units::{AlphaRao, NetUid, Rao, TAO};

/// Nobody's coldkey.
const NEW: u64 = 40;
/// Blocks from the announcement to the swap.
const DELAY: u64 = 36_000;
/// Blocks from there to another announcement.
const AGAIN: u64 = 7_200;
/// The last block before the calls of a table.
const LAST: u64 = 50_000;

fn hash_of(new: u64) -> [u8; 32] {
    blake2_256(id(new).bytes())
}

fn announce() -> Call {
    Call::AnnounceColdkeySwap { new_coldkey_hash: hash_of(NEW) }
}

fn swap_to(new: u64) -> Call {
    Call::SwapColdkeyAnnounced { new_coldkey: id(new) }
}

fn by_root(cost: u64) -> Call {
    Call::SwapColdkey { old_coldkey: id(STAKER), new_coldkey: id(NEW), swap_cost: Rao(cost) }
}

/// A block as the chain writes it.
fn number(block: u64) -> u32 {
    block.try_into().unwrap()
}

fn announced_for(state: &mut State, when: u64) {
    state.coldkey_mut(&id(STAKER)).swap_announcement = Some((number(when), hash_of(NEW)));
}

/// An announced swap that is due.
fn due(state: &mut State) {
    announced_for(state, LAST + 1);
}

fn set_balance(state: &mut State, free: u64) {
    state.balances.accounts.get_mut(&id(STAKER)).unwrap().data.free = Rao(free);
}

fn late() -> World {
    let mut world = staked();
    // No epoch, which would pay.
    world.state.subnet_mut(NET).params_mut().tempo = 0;
    world.state.block = LAST;
    world
}

#[test]
fn a_swap_is_announced_at_a_cost_and_again_after_a_while() {
    check(
        &late(),
        vec![
            ("ok", STAKER, nothing, announce()),
            ("NotEnoughBalanceToPaySwapColdKey", STAKER, |state| set_balance(state, 100_000_499), announce()),
            ("ok", STAKER, |state| set_balance(state, 100_000_500), announce()),
            ("ColdkeySwapReannouncedTooEarly", STAKER, |s| announced_for(s, LAST + 2 - AGAIN), announce()),
            ("ok", STAKER, |state| announced_for(state, LAST + 1 - AGAIN), announce()),
            ("BadOrigin", ROOT, nothing, announce()),
        ],
    );
    let mut world = late();
    let mut twin = late();
    twin.step();
    let (_, events) = world.run_block(&[extrinsic(STAKER, announce())]);
    let row = world.state.coldkey(&id(STAKER)).unwrap();
    assert_eq!(row.swap_announcement, Some((number(LAST + 1 + DELAY), hash_of(NEW))));
    let told = S::ColdkeySwapAnnounced { who: id(STAKER), new_coldkey_hash: hash_of(NEW) };
    assert!(events.contains(&Event::SubtensorModule(told)));
    let issued = |world: &World| [world.state.balances.total_issuance, world.state.globals.total_issuance];
    assert_eq!(issued(&world), issued(&twin).map(|issued| issued.saturating_sub(Rao(100_000_000))));
    // The second announcement is free.
    world.state.block = LAST + DELAY + AGAIN;
    let mut twin = world.clone();
    twin.step();
    world.ok(STAKER, announce());
    assert_eq!(issued(&world), issued(&twin));
}

#[test]
fn an_announced_swap_needs_its_hash_and_its_time() {
    check(
        &late(),
        vec![
            ("ok", STAKER, due, swap_to(NEW)),
            ("ColdkeySwapAnnouncementNotFound", STAKER, nothing, swap_to(NEW)),
            ("AnnouncedColdkeyHashDoesNotMatch", STAKER, due, swap_to(NEW + 1)),
            ("ColdkeySwapTooEarly", STAKER, |state| announced_for(state, LAST + 2), swap_to(NEW)),
            (
                "ColdKeyAlreadyAssociated",
                STAKER,
                |state| {
                    due(state);
                    state.coldkey_mut(&id(NEW)).staking_hotkeys.push(id(VALI));
                },
                swap_to(NEW),
            ),
            (
                "NewColdKeyIsHotkey",
                STAKER,
                |state| {
                    due(state);
                    state.hotkey_mut(&id(NEW)).owner = Some(id(OWNER));
                },
                swap_to(NEW),
            ),
            ("ActiveLockExists", STAKER, |state| locked(state, 100), swap_to(NEW)),
            ("ok", STAKER, |state| locked(state, 99), swap_to(NEW)),
            ("BadOrigin", ROOT, due, swap_to(NEW)),
        ],
    );
}

/// An announced swap that is due, to a coldkey with so much locked; below 100 it is dust.
fn locked(state: &mut State, mass: u64) {
    due(state);
    let lock = LockState { locked_mass: AlphaRao(mass), conviction: U64F64::ZERO, last_update: LAST + 1 };
    state.subnet_mut(NET).locks.insert((id(NEW), id(VALI)), lock);
}

#[test]
fn a_dispute_freezes_and_root_resets() {
    check(
        &late(),
        vec![
            ("ok", STAKER, due, Call::DisputeColdkeySwap),
            ("ColdkeySwapAnnouncementNotFound", STAKER, nothing, Call::DisputeColdkeySwap),
            // The guard refuses a second dispute before the call can say that there is one.
            ("ColdkeySwapDisputed", STAKER, disputed, Call::DisputeColdkeySwap),
            ("BadOrigin", STAKER, nothing, Call::ResetColdkeySwap { coldkey: id(STAKER) }),
            ("ok", ROOT, disputed, Call::ResetColdkeySwap { coldkey: id(STAKER) }),
        ],
    );
    let mut world = late();
    due(&mut world.state);
    let (_, events) = world.run_block(&[extrinsic(STAKER, Call::DisputeColdkeySwap)]);
    assert!(events.contains(&Event::SubtensorModule(S::ColdkeySwapDisputed { coldkey: id(STAKER) })));
    assert_eq!(world.state.coldkey(&id(STAKER)).unwrap().swap_dispute, Some(number(LAST + 1)));
    let (_, events) = world.run_block(&[extrinsic(ROOT, Call::ResetColdkeySwap { coldkey: id(STAKER) })]);
    assert!(events.contains(&Event::SubtensorModule(S::ColdkeySwapReset { who: id(STAKER) })));
    let row = world.state.coldkey(&id(STAKER)).unwrap();
    assert_eq!((row.swap_announcement, row.swap_dispute), (None, None));
    world.ok(STAKER, add(VALI, NET, TAO));
}

fn disputed(state: &mut State) {
    due(state);
    state.coldkey_mut(&id(STAKER)).swap_dispute = Some(number(LAST));
}

#[test]
fn an_announcement_is_withdrawn_when_it_could_be_made_anew() {
    let clear = || Call::ClearColdkeySwapAnnouncement;
    check(
        &late(),
        vec![
            ("ok", STAKER, |state| announced_for(state, LAST + 1 - AGAIN), clear()),
            ("ColdkeySwapClearTooEarly", STAKER, |state| announced_for(state, LAST + 2 - AGAIN), clear()),
            ("ColdkeySwapAnnouncementNotFound", STAKER, nothing, clear()),
            ("BadOrigin", ROOT, nothing, clear()),
        ],
    );
    let mut world = late();
    announced_for(&mut world.state, 1);
    let (_, events) = world.run_block(&[extrinsic(STAKER, clear())]);
    assert!(events.contains(&Event::SubtensorModule(S::ColdkeySwapCleared { who: id(STAKER) })));
    assert_eq!(world.state.coldkey(&id(STAKER)).unwrap().swap_announcement, None);
}

#[test]
fn root_swaps_at_once_for_a_cost_it_names() {
    check(
        &late(),
        vec![
            ("ok", ROOT, nothing, by_root(0)),
            ("ok", ROOT, |state| set_balance(state, 1_500), by_root(1_000)),
            ("NotEnoughBalanceToPaySwapColdKey", ROOT, |state| set_balance(state, 1_499), by_root(1_000)),
            (
                "ColdKeyAlreadyAssociated",
                ROOT,
                |state| state.coldkey_mut(&id(NEW)).staking_hotkeys.push(id(VALI)),
                by_root(0),
            ),
            ("NewColdKeyIsHotkey", ROOT, |s| s.hotkey_mut(&id(NEW)).owner = Some(id(OWNER)), by_root(0)),
            ("BadOrigin", STAKER, nothing, by_root(0)),
            ("Deprecated", STAKER, nothing, Call::ScheduleSwapColdkey { new_coldkey: id(NEW) }),
        ],
    );
    let mut world = late();
    disputed(&mut world.state);
    world.ok(ROOT, by_root(0));
    let row = world.state.coldkey(&id(STAKER)).unwrap();
    assert_eq!((row.swap_announcement, row.swap_dispute), (None, None));
}

#[test]
fn who_announced_may_only_go_on_with_it() {
    let transfer: RuntimeCall =
        BalancesCall::TransferAllowDeath { dest: id(5).into(), value: Rao(TAO) }.into();
    let batch = RuntimeCall::Utility(UtilityCall::BatchAll { calls: vec![announce().into()] });
    check(
        &late(),
        vec![
            ("ok", STAKER, nothing, transfer.clone()),
            ("ColdkeySwapAnnounced", STAKER, due, transfer.clone()),
            ("ColdkeySwapDisputed", STAKER, disputed, transfer),
            ("ColdkeySwapAnnounced", STAKER, due, batch),
            ("ColdkeySwapAnnounced", STAKER, due, add(VALI, NET, TAO).into()),
            ("ColdkeySwapDisputed", STAKER, disputed, announce().into()),
            ("ColdkeySwapDisputed", STAKER, disputed, swap_to(NEW).into()),
            ("ColdkeySwapDisputed", STAKER, disputed, Call::ClearColdkeySwapAnnouncement.into()),
        ],
    );
}

#[test]
fn at_validation_the_guard_has_the_codes_0_and_21() {
    let key = Keypair::ed25519(&[1; 32]);
    let send = |change: fn(&mut State, &AccountId)| {
        let genesis = Genesis::reference([(key.account(), Rao(10 * TAO))]).unwrap();
        let (mut runtime, mut state) = (Runtime::new(genesis.rules.clone(), genesis.hash()), genesis.state);
        change(&mut state, &key.account());
        let call = BalancesCall::TransferAllowDeath { dest: id(5).into(), value: Rao(TAO) };
        let signed = SignedExtrinsic::sign(&key, call.into(), 0, &runtime.genesis);
        let extrinsics = vec![Extrinsic::Signed(signed)];
        let input = BlockInput {
            number: 1,
            timestamp_ms: 0,
            parent_hash: [0; 32],
            lottery: [0; 32],
            author: None,
            extrinsics,
        };
        runtime.execute_block(&mut state, &input).receipts.remove(0).result
    };
    let invalid = |code| Err(Failure::Invalid(InvalidTransaction::Custom(code)));
    assert_eq!(send(|_, _| {}), Ok(()));
    assert_eq!(send(|state, who| state.coldkey_mut(who).swap_announcement = Some((9, [0; 32]))), invalid(0));
    let disputed = |state: &mut State, who: &AccountId| {
        state.coldkey_mut(who).swap_announcement = Some((9, [0; 32]));
        state.coldkey_mut(who).swap_dispute = Some(1);
    };
    assert_eq!(send(disputed), invalid(21));
}

/// The staker with all that a coldkey can have.
fn furnished() -> World {
    let mut world = late();
    let (old, new) = (id(STAKER), id(NEW));
    let env = Env { number: LAST, timestamp_ms: 0, parent_hash: [0; 32], lottery: [0; 32], author: None };
    shares::increase_stake(
        &mut Exec::new(&mut world.state, &env),
        &id(VALI),
        &old,
        NetUid::ROOT,
        AlphaRao(7),
    );
    world.ok(STAKER, Call::TryAssociateHotkey { hotkey: id(60) });
    world.ok(STAKER, Call::LockStake { hotkey: id(VALI), netuid: NET, amount: AlphaRao(1_000_000) });
    chain::runtime::step::claims::add_to_index(&mut world.state, &old);
    let subnet = world.state.subnet_mut(NET);
    subnet.decaying_lock.insert(old, false);
    subnet.owner = old;
    subnet.root_claimed.insert((id(VALI), old), 5);
    subnet.root_claimed.insert((id(VALI), new), 6);
    subnet.auto_stake_destination.insert(old, id(VALI));
    subnet.auto_stake_coldkeys.insert(id(VALI), vec![old, id(POOR)]);
    world.state.coldkey_mut(&old).identity = Some(ChainIdentityOfV2::default());
    world
}

#[test]
fn all_of_a_coldkey_passes_to_the_new_one() {
    let mut world = furnished();
    let (old, new) = (id(STAKER), id(NEW));
    let stake = world.stake(STAKER, VALI, NET);
    due(&mut world.state);
    let mut twin = world.clone();
    twin.step();
    let (results, events) = world.run_block(&[extrinsic(STAKER, swap_to(NEW))]);
    assert_eq!(results, ["ok"]);
    let told = S::ColdkeySwapped { old_coldkey: old, new_coldkey: new };
    assert!(events.contains(&Event::SubtensorModule(told)));
    let state = &world.state;
    assert_eq!(tao::total_balance(state, &old), Rao::ZERO);
    assert!(tao::total_balance(state, &new) > Rao(99_000 * TAO));
    assert_eq!(state.balances.total_issuance, twin.state.balances.total_issuance, "no cost, no dust");
    assert_eq!(world.stake(STAKER, VALI, NET), AlphaRao::ZERO);
    let moved = world.stake(NEW, VALI, NET);
    assert!(stake.saturating_sub(moved) <= AlphaRao(1), "but for rounding: {stake} {moved}");
    assert_eq!(world.stake(NEW, VALI, NetUid::ROOT), AlphaRao(7));
    let (before, after) = (state.coldkey(&old).unwrap(), state.coldkey(&new).unwrap());
    assert_eq!((before.staking_hotkeys.len(), before.owned_hotkeys.len()), (0, 0));
    assert_eq!(after.staking_hotkeys, [id(VALI), id(60)]);
    assert_eq!(after.owned_hotkeys, [id(60)]);
    assert_eq!(state.owner_of(&id(60)), Some(new));
    assert_eq!((before.identity.is_some(), after.identity.is_some()), (false, true));
    assert_eq!(before.swap_announcement, None);
    let subnet = state.subnet(NET).unwrap();
    assert_eq!(subnet.owner, new);
    assert_eq!(
        (subnet.auto_stake_destination.get(&old), subnet.auto_stake_destination.get(&new)),
        (None, Some(&id(VALI)))
    );
    assert_eq!(subnet.auto_stake_coldkeys.get(&id(VALI)), Some(&vec![id(POOR), new]));
    assert_eq!(subnet.root_claimed.get(&(id(VALI), old)), None);
    assert_eq!(subnet.root_claimed.get(&(id(VALI), new)), Some(&11), "both counted");
    assert_eq!((state.staking_coldkeys.get(&old), state.staking_coldkeys.get(&new)), (None, Some(&0)));
    assert_eq!(locks::lock_of(state, &old, NET), None);
    assert_eq!(locks::lock_of(state, &new, NET).map(|(hotkey, _)| *hotkey), Some(id(VALI)));
    assert_eq!((subnet.decaying_lock.get(&old), subnet.decaying_lock.get(&new)), (None, Some(&false)));
    let limit = RateLimitKey::LastTxBlock(new);
    assert_eq!(state.last_rate_limited.get(&limit), Some(&state.block));
}

#[test]
fn an_identity_of_the_new_coldkey_stays() {
    let mut world = furnished();
    let mine = ChainIdentityOfV2 { name: b"mine".to_vec(), ..ChainIdentityOfV2::default() };
    world.state.coldkey_mut(&id(NEW)).identity = Some(mine.clone());
    world.ok(ROOT, by_root(0));
    assert_eq!(world.state.coldkey(&id(NEW)).unwrap().identity, Some(mine));
    assert!(world.state.coldkey(&id(STAKER)).unwrap().identity.is_some());
    assert_eq!(world.state.owner_of(&id(VALI)), Some(id(VALI_COLD)), "what is not the staker's stays");
}

#[test]
fn deposits_and_proxies_stay_with_the_old_coldkey() {
    let mut world = World::new();
    let proxy = |real: u64| Proxy::Proxy {
        real: id(real).into(),
        force_proxy_type: None,
        call: Box::new(BalancesCall::TransferAllowDeath { dest: id(5).into(), value: Rao(1_000) }.into()),
    };
    world.ok(STAKER, Proxy::AddProxy { delegate: id(OWNER).into(), proxy_type: ProxyType::Any, delay: 0 });
    world.ok(ROOT, by_root(0));
    let data = |world: &World, who: u64| world.state.balances.accounts.get(&id(who)).map(|row| row.data);
    let left = data(&world, STAKER).unwrap();
    assert_eq!((left.free, left.reserved), (Rao(500), Rao(93_000_000)), "the account must live on");
    assert_eq!(data(&world, NEW).unwrap().free, Rao(100_000 * TAO - 93_000_500));
    assert_eq!(world.send(OWNER, proxy(NEW)), "Proxy.NotProxy");
    world.ok(OWNER, proxy(STAKER));
    world.ok(STAKER, Proxy::RemoveProxies);
    assert_eq!(data(&world, STAKER).unwrap().free, Rao(93_000_500));
    let rows = world.state.balances.accounts.values();
    let sum: u64 = rows.map(|row| row.data.free.0 + row.data.reserved.0).sum();
    assert_eq!(Rao(sum), world.state.balances.total_issuance);
}
