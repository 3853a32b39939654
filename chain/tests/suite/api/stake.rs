//! Positions, locks, delegates.

use super::{ask, busy};
use crate::world::{NET, OWNER, OWNER_HOT, STAKER, VALI, VALI_COLD, World, add, id};
use chain::account::AccountId;
use chain::api::ByKey;
use chain::api::delegates::DelegateInfo;
use chain::api::stake::{StakeAvailability, StakeInfo};
use chain::call::subtensor::Call;
use chain::math::fixed::U64F64;
use chain::pool;
use chain::runtime::locks;
use chain::types::LockState;
use chain::units::{AlphaRao, NetUid, Packed, Rao, TAO};

fn position(world: &World, netuid: NetUid) -> StakeInfo {
    StakeInfo {
        hotkey: id(VALI),
        coldkey: id(STAKER),
        netuid: Packed(netuid),
        stake: Packed(world.stake(STAKER, VALI, netuid)),
        locked: Packed(0),
        emission: Packed(AlphaRao::ZERO),
        tao_emission: Packed(Rao::ZERO),
        drain: Packed(0),
        is_registered: netuid == NET,
    }
}

#[test]
fn positions_of_a_coldkey() {
    let world = busy();
    let mine: Vec<StakeInfo> =
        ask(&world.state, "StakeInfoRuntimeApi_get_stake_info_for_coldkey", id(STAKER));
    assert_eq!(mine, [position(&world, NetUid::ROOT), position(&world, NET)]);
    assert_eq!(mine[0].stake, Packed(AlphaRao(40 * TAO)));
    let nobody = id(777);
    let both: Vec<(AccountId, Vec<StakeInfo>)> =
        ask(&world.state, "StakeInfoRuntimeApi_get_stake_info_for_coldkeys", vec![nobody, id(STAKER)]);
    assert_eq!(both, [(nobody, vec![]), (id(STAKER), mine)]);
}

#[test]
fn one_position_is_answered_also_when_empty() {
    let mut world = busy();
    world.state.subnet_mut(NET).alpha_dividends.insert(id(VALI), AlphaRao(123));
    let method = "StakeInfoRuntimeApi_get_stake_info_for_hotkey_coldkey_netuid";
    let held: Option<StakeInfo> = ask(&world.state, method, (id(VALI), id(STAKER), NET));
    assert_eq!(held, Some(StakeInfo { emission: Packed(AlphaRao(123)), ..position(&world, NET) }));
    let empty: Option<StakeInfo> = ask(&world.state, method, (id(777), id(STAKER), NetUid(50)));
    let empty = empty.unwrap();
    assert_eq!(
        (empty.stake, empty.netuid, empty.is_registered),
        (Packed(AlphaRao(0)), Packed(NetUid(50)), false)
    );
}

type Table = ByKey<AccountId, ByKey<NetUid, StakeAvailability>>;

fn availability(world: &World, coldkeys: &[u64], netuids: Option<Vec<NetUid>>) -> Table {
    let coldkeys: Vec<AccountId> = coldkeys.iter().copied().map(id).collect();
    ask(&world.state, "StakeInfoRuntimeApi_get_stake_availability_for_coldkeys", (coldkeys, netuids))
}

fn lock(hotkey: u64, amount: u64) -> Call {
    Call::LockStake { hotkey: id(hotkey), netuid: NET, amount: AlphaRao(amount) }
}

#[test]
fn what_is_locked_cannot_be_unstaked() {
    let mut world = busy();
    world.ok(STAKER, lock(VALI, 5_000));
    let stake = world.stake(STAKER, VALI, NET);
    let now = world.state.block;
    let lock: Option<LockState> =
        ask(&world.state, "StakeInfoRuntimeApi_get_coldkey_lock", (id(STAKER), NET));
    assert_eq!(
        lock,
        Some(LockState { locked_mass: AlphaRao(5_000), conviction: U64F64::ZERO, last_update: now })
    );
    let row = StakeAvailability {
        total: Packed(stake),
        locked: Packed(AlphaRao(5_000)),
        available: Packed(stake.saturating_sub(AlphaRao(5_000))),
    };
    let root = Packed(AlphaRao(40 * TAO));
    let on_root = StakeAvailability { total: root, locked: Packed(AlphaRao(0)), available: root };
    let mine = ByKey(vec![(NetUid::ROOT, on_root), (NET, row)]);
    assert_eq!(availability(&world, &[STAKER], None), ByKey(vec![(id(STAKER), mine)]));
    let only = ByKey(vec![(id(STAKER), ByKey(vec![(NET, row)]))]);
    assert_eq!(availability(&world, &[STAKER], Some(vec![NET, NET, NetUid(77)])), only);
    let none: Option<LockState> = ask(&world.state, "StakeInfoRuntimeApi_get_coldkey_lock", (id(OWNER), NET));
    assert_eq!(none, None);
}

#[test]
fn availability_is_sorted_as_the_chain_sorts_and_refuses_lists_that_are_too_long() {
    let world = busy();
    let ByKey(rows) = availability(&world, &[STAKER, OWNER, STAKER], Some(vec![NET]));
    let keys: Vec<AccountId> = rows.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys, [id(OWNER), id(STAKER)], "by bytes, none twice");
    let too_many = (0..9).map(NetUid).collect();
    let empty = ByKey(vec![(id(STAKER), ByKey(vec![]))]);
    assert_eq!(availability(&world, &[STAKER], Some(too_many)), empty);
    assert_eq!(availability(&world, &[STAKER], Some(vec![])), empty);
}

#[test]
fn conviction_grows_and_finds_its_hotkey() {
    let mut world = busy();
    let conviction = |world: &World, hotkey: u64| -> U64F64 {
        ask(&world.state, "StakeInfoRuntimeApi_get_hotkey_conviction", (id(hotkey), NET))
    };
    let king = |world: &World| -> Option<AccountId> {
        ask(&world.state, "StakeInfoRuntimeApi_get_most_convicted_hotkey_on_subnet", NET)
    };
    assert_eq!((conviction(&world, VALI), king(&world)), (U64F64::ZERO, None));
    world.ok(STAKER, lock(VALI, 50 * TAO));
    world.step();
    world.step();
    let gained = conviction(&world, VALI);
    assert!(gained > U64F64::ZERO);
    let own: LockState =
        ask::<Option<_>>(&world.state, "StakeInfoRuntimeApi_get_coldkey_lock", (id(STAKER), NET)).unwrap();
    assert_eq!(own.conviction, gained, "its only lock");
    assert_eq!(own, locks::current_lock(&world.state, &id(STAKER), NET, world.state.block).unwrap());
    assert_eq!(king(&world), Some(id(VALI)));
    assert_eq!(conviction(&world, OWNER_HOT), U64F64::ZERO);
    world.ok(OWNER, add(OWNER_HOT, NET, 90 * TAO));
    world.ok(OWNER, lock(OWNER_HOT, 20 * TAO));
    assert!(conviction(&world, OWNER_HOT) > conviction(&world, VALI), "an owner's lock counts at once");
    assert_eq!(king(&world), Some(id(OWNER_HOT)));
}

#[test]
fn the_fee_of_a_move_is_that_of_where_it_goes() {
    let world = busy();
    let place = |netuid| Some((id(VALI), netuid));
    let fee = |from: Option<(AccountId, NetUid)>, to: Option<(AccountId, NetUid)>| -> u64 {
        let args = (from, id(STAKER), to, id(STAKER), TAO);
        ask(&world.state, "StakeInfoRuntimeApi_get_stake_fee", args)
    };
    let swapped = pool::approximate_fee(TAO, pool::DEFAULT_FEE_RATE);
    assert!(swapped > 0);
    assert_eq!(fee(None, place(NET)), swapped);
    assert_eq!(fee(place(NET), None), swapped);
    assert_eq!(fee(place(NetUid::ROOT), place(NET)), swapped);
    assert_eq!(fee(place(NET), place(NetUid::ROOT)), 0, "root has no pool");
    assert_eq!(fee(place(NET), place(NET)), 0);
    assert_eq!(fee(None, None), 0);
}

#[test]
fn a_delegate_has_a_take_of_its_own() {
    let mut world = busy();
    let get = |world: &World| -> Option<DelegateInfo> {
        ask(&world.state, "DelegateInfoRuntimeApi_get_delegate", id(VALI))
    };
    world.state.hotkey_mut(&id(VALI)).take = None;
    assert_eq!(get(&world), None);
    world.state.hotkey_mut(&id(VALI)).take = Some(13_107);
    let info = get(&world).unwrap();
    let stakes = vec![
        (Packed(NetUid::ROOT), Packed(40 * TAO)),
        (Packed(NET), Packed(world.stake(STAKER, VALI, NET).get())),
    ];
    // 90 rao an epoch of 360 blocks, 20 epochs a day; four fifths of it for 25 times 40 TAO.
    let expected = DelegateInfo {
        delegate_ss58: id(VALI),
        take: Packed(13_107),
        nominators: vec![(id(STAKER), stakes)],
        owner_ss58: id(VALI_COLD),
        registrations: vec![Packed(NET)],
        validator_permits: vec![Packed(NET)],
        return_per_1000: Packed(36_000),
        total_daily_return: Packed(1_800),
    };
    assert_eq!(info, expected);
    let all: Vec<DelegateInfo> = ask(&world.state, "DelegateInfoRuntimeApi_get_delegates", ());
    let takers = world.state.hotkeys.values().filter(|row| row.take.is_some()).count();
    assert_eq!(all.len(), takers);
    assert!(all.contains(&expected));
}

#[test]
fn what_a_coldkey_has_delegated() {
    let mut world = busy();
    world.state.hotkey_mut(&id(VALI)).take = Some(0);
    type Delegated = Vec<(DelegateInfo, (Packed<NetUid>, Packed<AlphaRao>))>;
    let rows: Delegated = ask(&world.state, "DelegateInfoRuntimeApi_get_delegated", id(STAKER));
    let places: Vec<_> = rows.iter().map(|(info, place)| (info.delegate_ss58, *place)).collect();
    let expected = [NetUid::ROOT, NET]
        .map(|netuid| (id(VALI), (Packed(netuid), Packed(world.stake(STAKER, VALI, netuid)))));
    assert_eq!(places, expected);
    assert!(rows.iter().all(|(info, _)| info.nominators.is_empty()));
}
