//! A hotkey in the place of another: who may, when, and what moves.

use crate::world::{
    NET, OWNER_HOT, ROOT, STAKER, VALI, VALI_COLD, World, check, extrinsic, id, nothing, staked,
};
use chain::account::AccountOrder;
use chain::call::subtensor::Call;
use chain::event::{Event, SubtensorModuleEvent};
use chain::math::fixed::I96F32;
use chain::math::safe_float::SafeFloat;
use chain::runtime::calls::uids::append_neuron;
use chain::runtime::{Env, Exec, Runtime, shares};
use chain::state::{RateLimitKey, State};
use chain::types::{AxonInfo, NeuronCertificate, PrometheusInfo, WeightCommit};
use chain::units::{AlphaRao, NetUid, Rao};
use std::collections::VecDeque;

/// Nobody's hotkey.
const NEW: u64 = 40;
/// The validator's parent, its child, and one that waits to be its parent.
const PARENT: u64 = 50;
const CHILD: u64 = 51;
const WAITING: u64 = 52;
/// The last block before the calls of a table.
const LAST: u64 = 8_000;

fn one(hotkey: u64, new_hotkey: u64) -> Call {
    Call::SwapHotkey { hotkey: id(hotkey), new_hotkey: id(new_hotkey), netuid: Some(NET) }
}

fn all(hotkey: u64, new_hotkey: u64) -> Call {
    Call::SwapHotkey { hotkey: id(hotkey), new_hotkey: id(new_hotkey), netuid: None }
}

fn keeping_stake(netuid: Option<NetUid>) -> Call {
    Call::SwapHotkeyV2 { hotkey: id(VALI), new_hotkey: id(NEW), netuid, keep_stake: true }
}

/// So late that a coldkey may swap on one subnet.
fn late() -> World {
    let mut world = staked();
    // No epoch, which would pay.
    world.state.subnet_mut(NET).params_mut().tempo = 0;
    world.state.block = LAST;
    world
}

fn registered(state: &mut State) {
    state.hotkey_mut(&id(NEW)).owner = Some(id(VALI_COLD));
    append_neuron(state.subnet_mut(NET), &id(NEW), 1);
}

fn set_balance(state: &mut State, who: u64, free: u64) {
    state.balances.accounts.get_mut(&id(who)).unwrap().data.free = Rao(free);
}

fn sent_at(state: &mut State, block: u64) {
    state.last_rate_limited.insert(RateLimitKey::LastTxBlock(id(VALI_COLD)), block);
}

fn swapped_at(state: &mut State, netuid: NetUid, block: u64) {
    state.subnet_mut(netuid).last_hotkey_swap.insert(id(VALI_COLD), block);
}

#[test]
fn a_hotkey_is_swapped_by_its_owner_for_a_free_one_and_not_too_often() {
    check(
        &late(),
        vec![
            ("ok", VALI_COLD, nothing, one(VALI, NEW)),
            ("ok", VALI_COLD, nothing, all(VALI, NEW)),
            ("NonAssociatedColdKey", STAKER, nothing, one(VALI, NEW)),
            ("NonAssociatedColdKey", VALI_COLD, nothing, one(77, NEW)),
            ("NonAssociatedColdKey", VALI_COLD, nothing, one(VALI, OWNER_HOT)),
            ("ok", VALI_COLD, |state| state.hotkey_mut(&id(NEW)).owner = Some(id(VALI_COLD)), one(VALI, NEW)),
            ("NewHotKeyIsSameWithOld", VALI_COLD, nothing, one(VALI, VALI)),
            (
                "HotKeySetTxRateLimitExceeded",
                VALI_COLD,
                |state| sent_at(state, LAST + 1 - 1_000),
                one(VALI, NEW),
            ),
            ("ok", VALI_COLD, |state| sent_at(state, LAST + 1 - 1_001), one(VALI, NEW)),
            ("HotKeyAlreadyRegisteredInSubNet", VALI_COLD, registered, one(VALI, NEW)),
            ("HotKeyAlreadyRegisteredInSubNet", VALI_COLD, registered, all(VALI, NEW)),
            (
                "NotEnoughBalanceToPaySwapHotKey",
                VALI_COLD,
                |s| set_balance(s, VALI_COLD, 1_000_499),
                one(VALI, NEW),
            ),
            ("ok", VALI_COLD, |s| set_balance(s, VALI_COLD, 1_000_500), one(VALI, NEW)),
            (
                "NotEnoughBalanceToPaySwapHotKey",
                VALI_COLD,
                |s| set_balance(s, VALI_COLD, 100_000_499),
                all(VALI, NEW),
            ),
            ("ok", VALI_COLD, |s| set_balance(s, VALI_COLD, 100_000_500), all(VALI, NEW)),
            ("BadOrigin", ROOT, nothing, one(VALI, NEW)),
        ],
    );
}

#[test]
fn a_subnet_sees_a_swap_of_a_coldkey_once_per_interval() {
    let early: &str = "HotKeySwapOnSubnetIntervalNotPassed";
    check(
        &late(),
        vec![
            // On one subnet a coldkey that never swapped counts as one that did at block 0.
            (early, VALI_COLD, |state| state.block = 7_199, one(VALI, NEW)),
            ("ok", VALI_COLD, |state| state.block = 7_200, one(VALI, NEW)),
            ("ok", VALI_COLD, |state| state.block = 100, all(VALI, NEW)),
            (early, VALI_COLD, |state| swapped_at(state, NET, LAST + 1 - 7_200), one(VALI, NEW)),
            ("ok", VALI_COLD, |state| swapped_at(state, NET, LAST + 1 - 7_201), one(VALI, NEW)),
            (early, VALI_COLD, |state| swapped_at(state, NET, LAST + 1 - 7_200), all(VALI, NEW)),
            ("ok", VALI_COLD, |state| swapped_at(state, NET, LAST + 1 - 7_201), all(VALI, NEW)),
            // Subnets that the hotkey has no part in do not count, those where it is a parent do.
            ("ok", VALI_COLD, |state| swapped_at(state, NetUid(1), LAST), all(VALI, NEW)),
            (
                early,
                VALI_COLD,
                |state| {
                    swapped_at(state, NetUid(1), LAST);
                    state.subnet_mut(NetUid(1)).children.insert(id(VALI), vec![(1, id(CHILD))]);
                },
                all(VALI, NEW),
            ),
        ],
    );
}

#[test]
fn a_hotkey_that_takes_over_on_root_starts_clean() {
    let unclean = "NewHotKeyNotCleanForRootSwap";
    let on_root = Call::SwapHotkey { hotkey: id(VALI), new_hotkey: id(NEW), netuid: Some(NetUid::ROOT) };
    let claimable = |state: &mut State| {
        state.hotkey_mut(&id(NEW)).root_claimable.insert(2, I96F32(1));
    };
    let staked = |state: &mut State| {
        let env = Env { number: LAST, timestamp_ms: 0, parent_hash: [0; 32], lottery: [0; 32], author: None };
        let exec = &mut Exec::new(state, &env);
        shares::increase_stake(exec, &id(NEW), &id(STAKER), NetUid::ROOT, AlphaRao(1));
    };
    let claimed = |state: &mut State| {
        state.subnet_mut(NetUid::ROOT).root_claimed.insert((id(NEW), id(STAKER)), 0);
    };
    check(
        &late(),
        vec![
            ("ok", VALI_COLD, nothing, on_root.clone()),
            (unclean, VALI_COLD, claimable, on_root.clone()),
            (unclean, VALI_COLD, staked, on_root.clone()),
            (unclean, VALI_COLD, claimed, on_root),
            (unclean, VALI_COLD, claimable, all(VALI, NEW)),
            ("ok", VALI_COLD, claimable, one(VALI, NEW)),
            (
                "ok",
                VALI_COLD,
                |state| {
                    // Rows of other subnets are not looked at.
                    state.subnet_mut(NET).root_claimed.insert((id(NEW), id(STAKER)), 1);
                },
                all(VALI, NEW),
            ),
        ],
    );
}

#[test]
fn parent_and_child_cannot_become_one() {
    check(
        &late(),
        vec![
            (
                "InvalidChild",
                VALI_COLD,
                |state| {
                    state.subnet_mut(NET).children.insert(id(VALI), vec![(1, id(NEW))]);
                    state.subnet_mut(NET).parents.insert(id(NEW), vec![(1, id(VALI))]);
                },
                one(VALI, NEW),
            ),
            (
                "InvalidChild",
                VALI_COLD,
                |state| {
                    state.subnet_mut(NET).children.insert(id(NEW), vec![(1, id(VALI))]);
                    state.subnet_mut(NET).parents.insert(id(VALI), vec![(1, id(NEW))]);
                },
                one(VALI, NEW),
            ),
            (
                "ok",
                VALI_COLD,
                |state| {
                    state.subnet_mut(NET).children.insert(id(VALI), vec![(1, id(CHILD))]);
                    state.subnet_mut(NET).parents.insert(id(CHILD), vec![(1, id(VALI))]);
                },
                one(VALI, NEW),
            ),
        ],
    );
}

/// Everything a hotkey can have on a subnet, under the validator's name.
fn furnished() -> World {
    let mut world = late();
    let subnet = world.state.subnet_mut(NET);
    let vali = id(VALI);
    subnet.axons.insert(vali, AxonInfo { port: 1, ..AxonInfo::default() });
    subnet.prometheus.insert(vali, PrometheusInfo { port: 2, ..PrometheusInfo::default() });
    subnet.certificates.insert(vali, NeuronCertificate::default());
    subnet.childkey_take.insert(vali, 3);
    subnet.alpha_last_epoch.insert(vali, AlphaRao(4));
    subnet.alpha_dividends.insert(vali, AlphaRao(5));
    subnet.root_alpha_dividends.insert(vali, AlphaRao(6));
    subnet.voting_power.insert(vali, 7);
    subnet.auto_stake_destination.insert(id(STAKER), vali);
    subnet.auto_stake_coldkeys.insert(vali, vec![id(STAKER)]);
    let commits = &mut subnet.mechanism_mut(0).weight_commits;
    commits.insert(vali, VecDeque::from([WeightCommit::default()]));
    subnet.children.insert(vali, vec![(9, id(CHILD))]);
    subnet.parents.insert(id(CHILD), vec![(9, vali)]);
    subnet.parents.insert(vali, vec![(8, id(PARENT))]);
    subnet.children.insert(id(PARENT), vec![(8, vali), (1, id(CHILD))]);
    subnet.pending_children.insert(vali, (vec![(2, id(CHILD))], 90_000));
    subnet.pending_children.insert(id(WAITING), (vec![(3, vali)], 90_000));
    let row = world.state.hotkey_mut(&vali);
    row.take = Some(1_234);
    row.root_claimable.insert(2, I96F32(77));
    world.state.subnet_mut(NET).root_claimed.insert((vali, id(STAKER)), 88);
    world.state.last_rate_limited.insert(RateLimitKey::LastTxBlockDelegateTake(vali), 99);
    world
}

#[test]
fn on_one_subnet_all_but_the_account_passes_to_the_new_hotkey() {
    let mut world = furnished();
    let stake = world.stake(STAKER, VALI, NET);
    let (results, events) = world.run_block(&[extrinsic(VALI_COLD, one(VALI, NEW))]);
    assert_eq!(results, ["ok"]);
    assert!(events.contains(&Event::SubtensorModule(SubtensorModuleEvent::HotkeySwappedOnSubnet {
        coldkey: id(VALI_COLD),
        old_hotkey: id(VALI),
        new_hotkey: id(NEW),
        netuid: NET,
    })));
    assert_eq!(world.stake(STAKER, VALI, NET), AlphaRao::ZERO);
    assert_eq!(world.stake(STAKER, NEW, NET), stake);
    let subnet = world.state.subnet(NET).unwrap();
    let (old, new) = (id(VALI), id(NEW));
    assert_eq!((subnet.neurons.uid_of(&old), subnet.neurons.uid_of(&new)), (None, Some(1)));
    assert_eq!(subnet.neurons.key_of(1), Some(&new));
    assert_eq!((subnet.axons.get(&old), subnet.axons.get(&new).map(|axon| axon.port)), (None, Some(1)));
    assert_eq!(
        (subnet.prometheus.get(&old), subnet.prometheus.get(&new).map(|row| row.port)),
        (None, Some(2))
    );
    assert!(!subnet.certificates.contains_key(&old) && subnet.certificates.contains_key(&new));
    assert_eq!((subnet.childkey_take.get(&old), subnet.childkey_take.get(&new)), (None, Some(&3)));
    assert_eq!(
        (subnet.alpha_last_epoch.get(&old), subnet.alpha_last_epoch.get(&new)),
        (None, Some(&AlphaRao(4)))
    );
    assert_eq!(
        (subnet.alpha_dividends.get(&old), subnet.alpha_dividends.get(&new)),
        (None, Some(&AlphaRao(5)))
    );
    assert_eq!((subnet.voting_power.get(&old), subnet.voting_power.get(&new)), (None, Some(&7)));
    assert_eq!(subnet.root_alpha_dividends.get(&old), Some(&AlphaRao(6)), "stays, as recorded");
    assert_eq!(subnet.auto_stake_destination.get(&id(STAKER)), Some(&new));
    assert_eq!(
        (subnet.auto_stake_coldkeys.get(&old), subnet.auto_stake_coldkeys.get(&new)),
        (None, Some(&vec![id(STAKER)]))
    );
    let commits = &subnet.mechanisms[0].weight_commits;
    assert!(!commits.contains_key(&old) && commits.contains_key(&new));
    assert_eq!(subnet.children.get(&new), Some(&vec![(9, id(CHILD))]));
    assert_eq!(subnet.parents.get(&id(CHILD)), Some(&vec![(9, new)]));
    assert_eq!(subnet.parents.get(&new), Some(&vec![(8, id(PARENT))]));
    assert_eq!(
        subnet.children.get(&id(PARENT)),
        Some(&vec![(1, id(CHILD)), (8, new)]),
        "the new one comes last"
    );
    assert!(!subnet.children.contains_key(&old) && !subnet.parents.contains_key(&old));
    assert_eq!(subnet.pending_children.get(&new), Some(&(vec![(2, id(CHILD))], 90_000)));
    assert_eq!(subnet.pending_children.get(&id(WAITING)), Some(&(vec![(3, new)], 90_000)));
    // The account and what is kept for all subnets stays; the swap is remembered.
    assert_eq!(world.state.owner_of(&old), Some(id(VALI_COLD)));
    assert_eq!(world.state.coldkey(&id(VALI_COLD)).unwrap().owned_hotkeys, [old, new]);
    assert_eq!(world.state.coldkey(&id(STAKER)).unwrap().staking_hotkeys, [old, new]);
    let row = world.state.hotkey(&old).unwrap();
    assert_eq!((row.take, row.root_claimable.get(&2)), (Some(1_234), Some(&I96F32(77))));
    assert_eq!(subnet.root_claimed.get(&(old, id(STAKER))), Some(&88));
    assert_eq!(subnet.last_hotkey_swap.get(&id(VALI_COLD)), Some(&(LAST + 1)));
    let limits = &world.state.last_rate_limited;
    assert_eq!(limits.get(&RateLimitKey::LastTxBlock(id(VALI_COLD))), Some(&(LAST + 1)));
    assert_eq!(limits.get(&RateLimitKey::LastTxBlockDelegateTake(new)), Some(&99));
}

#[test]
fn the_cost_of_a_swap_is_recycled() {
    for (call, cost) in
        [(one(VALI, NEW), 1_000_000), (all(VALI, NEW), 100_000_000), (keeping_stake(None), 100_000_000)]
    {
        let (mut world, mut twin) = (late(), late());
        twin.step();
        world.ok(VALI_COLD, call);
        let free = |world: &World| world.state.balances.accounts.get(&id(VALI_COLD)).unwrap().data.free;
        assert_eq!(free(&world), free(&twin).saturating_sub(Rao(cost)));
        let issued =
            |world: &World| [world.state.balances.total_issuance, world.state.globals.total_issuance];
        assert_eq!(issued(&world), issued(&twin).map(|issued| issued.saturating_sub(Rao(cost))));
    }
}

#[test]
fn on_all_subnets_the_old_hotkey_ends() {
    let mut world = furnished();
    let stake = world.stake(STAKER, VALI, NET);
    let (results, events) = world.run_block(&[extrinsic(VALI_COLD, all(VALI, NEW))]);
    assert_eq!(results, ["ok"]);
    assert!(events.contains(&Event::SubtensorModule(SubtensorModuleEvent::HotkeySwapped {
        coldkey: id(VALI_COLD),
        old_hotkey: id(VALI),
        new_hotkey: id(NEW),
    })));
    let (old, new) = (id(VALI), id(NEW));
    assert_eq!((world.stake(STAKER, VALI, NET), world.stake(STAKER, NEW, NET)), (AlphaRao::ZERO, stake));
    assert_eq!((world.state.owner_of(&old), world.state.owner_of(&new)), (None, Some(id(VALI_COLD))));
    assert_eq!(world.state.coldkey(&id(VALI_COLD)).unwrap().owned_hotkeys, [new]);
    let without_stake = &world.state.coldkey(&id(VALI_COLD)).unwrap().staking_hotkeys;
    assert_eq!(*without_stake, [old], "a list without stake keeps the old one");
    assert_eq!(world.state.coldkey(&id(STAKER)).unwrap().staking_hotkeys, [new]);
    let limits = &world.state.last_rate_limited;
    assert_eq!(limits.get(&RateLimitKey::LastTxBlockDelegateTake(new)), Some(&99));
    assert_eq!(limits.get(&RateLimitKey::LastTxBlockDelegateTake(old)), None);
    let (gone, row) = (world.state.hotkey(&old).unwrap(), world.state.hotkey(&new).unwrap());
    assert_eq!((gone.take, row.take), (None, Some(1_234)));
    assert_eq!((gone.root_claimable.len(), row.root_claimable.get(&2)), (0, Some(&I96F32(77))));
    let subnet = world.state.subnet(NET).unwrap();
    assert_eq!(subnet.root_claimed.get(&(old, id(STAKER))), None);
    assert_eq!(subnet.root_claimed.get(&(new, id(STAKER))), Some(&88));
    assert_eq!(subnet.last_hotkey_swap.get(&id(VALI_COLD)), Some(&(LAST + 1)));
    assert!(world.state.subnet(NetUid(1)).unwrap().last_hotkey_swap.is_empty(), "no part in subnet 1");
}

#[test]
fn stake_that_is_kept_stays_with_what_it_earned() {
    for netuid in [Some(NET), None] {
        let mut world = furnished();
        let stake = world.stake(STAKER, VALI, NET);
        world.ok(VALI_COLD, keeping_stake(netuid));
        let (old, new) = (id(VALI), id(NEW));
        assert_eq!((world.stake(STAKER, VALI, NET), world.stake(STAKER, NEW, NET)), (stake, AlphaRao::ZERO));
        assert_eq!(world.state.coldkey(&id(STAKER)).unwrap().staking_hotkeys, [old]);
        let owned = &world.state.coldkey(&id(VALI_COLD)).unwrap().owned_hotkeys;
        match netuid {
            Some(_) => {
                assert_eq!((world.state.owner_of(&old), owned.contains(&old)), (Some(id(VALI_COLD)), true))
            }
            None => assert_eq!((world.state.owner_of(&old), owned.contains(&old)), (None, false)),
        }
        assert_eq!(world.state.hotkey(&old).unwrap().root_claimable.get(&2), Some(&I96F32(77)));
        let subnet = world.state.subnet(NET).unwrap();
        assert_eq!((subnet.neurons.uid_of(&old), subnet.neurons.uid_of(&new)), (None, Some(1)));
        assert_eq!(subnet.alpha_dividends.get(&old), Some(&AlphaRao(5)));
        assert_eq!(subnet.alpha_last_epoch.get(&old), Some(&AlphaRao(4)));
        assert_eq!(subnet.voting_power.get(&old), Some(&7));
        assert_eq!(subnet.childkey_take.get(&new), Some(&3));
    }
}

/// Shares that two stakers of a hotkey keep of it after its swap; mantissas and exponents.
fn dust(order: AccountOrder) -> [(u128, i64); 2] {
    // Recorded: 68.263509237 alpha in shares of which each is worth about one rao.
    let (hotkey, stakers) = (id(402), [702, 5006].map(id));
    let share = |mantissa, exponent| SafeFloat { mantissa, exponent };
    let held = [share(673_625_872_840_000_000_000, -10), share(162_161_827_000_000_000_000, -12)];
    let mut world = late();
    world.state.hotkey_mut(&hotkey).owner = Some(id(VALI_COLD));
    for (staker, held) in stakers.iter().zip(held) {
        shares::set_row(&mut world.state, &hotkey, staker, NET, held);
    }
    let whole = share(675_247_491_110_000_000_000, -10);
    shares::set_totals(&mut world.state, &hotkey, NET, AlphaRao(68_263_509_237), whole);
    let mut runtime = Runtime::default().sorting(order);
    let env = world.env();
    let mut block = runtime.begin_block(&mut world.state, env);
    let call = extrinsic(VALI_COLD, one(402, 5011));
    assert_eq!(runtime.apply_extrinsic(&mut world.state, &mut block, &call).result, Ok(()));
    let pool = shares::pool(&world.state, &hotkey, NET).unwrap();
    stakers.map(|staker| pool.shares.get(&staker).map(|left| (left.mantissa, left.exponent)).unwrap())
}

#[test]
fn the_order_of_the_stakers_decides_what_is_left_of_their_shares() {
    let first = (624_729_807_000_000_000_000, -22);
    assert_eq!(dust(AccountOrder::Bytes), [first, (926_704_837_257_000_000_000, -21)], "as recorded");
    assert_eq!(dust(AccountOrder::Number), [first, (926_704_837_226_000_000_000, -21)]);
}

#[test]
fn a_swap_is_forgotten_once_it_is_older_than_the_interval() {
    let mut world = late();
    let interval = chain::runtime::Constants::PRODUCTION.hotkey_swap_interval;
    assert_eq!(interval, 7_200);
    // The subnet's turn comes every interval, in the block with its number for a remainder.
    let turn = 2 * interval + u64::from(NET.number());
    for (swapped, kept) in [(turn - interval, true), (turn - interval - 1, false)] {
        swapped_at(&mut world.state, NET, swapped);
        world.state.block = turn - 1;
        world.step();
        let subnet = world.state.subnet(NET).unwrap();
        assert_eq!(subnet.last_hotkey_swap.contains_key(&id(VALI_COLD)), kept);
    }
}
