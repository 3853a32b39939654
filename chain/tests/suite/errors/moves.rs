//! Stake that moves, is taken out of circulation, or is locked.

use super::row::{Row, Table, fails};
use super::staking::{NOWHERE, add_limits, adds, closed, dry, locked, orphaned};
use crate::world::{NET, OWNER_HOT, POOR, STAKER, VALI, World, id};
use chain::call::subtensor::Call;
use chain::error::{SubtensorModuleError as E, SwapError};
use chain::units::{AlphaRao, NetUid, Rao, TAO};

const ROOT: NetUid = NetUid::ROOT;

/// A call that moves alpha of the staker's from one subnet to another.
type Shift = fn(u64, NetUid, NetUid, u64) -> Call;

fn shift(hotkey: u64, origin_netuid: NetUid, destination_netuid: NetUid, amount: u64) -> Call {
    let (origin_hotkey, destination_hotkey) = (id(hotkey), id(hotkey));
    let alpha_amount = AlphaRao(amount);
    Call::MoveStake { origin_hotkey, destination_hotkey, origin_netuid, destination_netuid, alpha_amount }
}

fn swap(hotkey: u64, origin_netuid: NetUid, destination_netuid: NetUid, amount: u64) -> Call {
    let alpha_amount = AlphaRao(amount);
    Call::SwapStake { hotkey: id(hotkey), origin_netuid, destination_netuid, alpha_amount }
}

fn swap_limit(amount: u64, limit_price: u64, allow_partial: bool) -> Call {
    let (alpha_amount, limit_price) = (AlphaRao(amount), Rao(limit_price));
    let (origin_netuid, destination_netuid) = (NET, ROOT);
    Call::SwapStakeLimit {
        hotkey: id(VALI),
        origin_netuid,
        destination_netuid,
        alpha_amount,
        limit_price,
        allow_partial,
    }
}

fn swap_at_any(hotkey: u64, origin_netuid: NetUid, destination_netuid: NetUid, amount: u64) -> Call {
    let (alpha_amount, limit_price) = (AlphaRao(amount), Rao(1_000));
    Call::SwapStakeLimit {
        hotkey: id(hotkey),
        origin_netuid,
        destination_netuid,
        alpha_amount,
        limit_price,
        allow_partial: false,
    }
}

fn give(hotkey: u64, origin_netuid: NetUid, destination_netuid: NetUid, amount: u64) -> Call {
    let (destination_coldkey, alpha_amount) = (id(POOR), AlphaRao(amount));
    Call::TransferStake {
        destination_coldkey,
        hotkey: id(hotkey),
        origin_netuid,
        destination_netuid,
        alpha_amount,
    }
}

fn root_open(world: &mut World) {
    world.state.subnet_mut(ROOT).pool.subtoken_enabled = true;
}

fn shifts(shift: Shift) -> Vec<Row> {
    let good = || shift(VALI, NET, ROOT, 50 * TAO);
    vec![
        fails(E::SubnetNotExists, STAKER, shift(VALI, NET, NOWHERE, 50 * TAO)).but_call(good()),
        fails(E::SubnetNotExists, STAKER, shift(VALI, NOWHERE, ROOT, 50 * TAO)).but_call(good()),
        fails(E::SubtokenDisabled, STAKER, good()).when(closed),
        fails(E::SubtokenDisabled, STAKER, good())
            .when(|w| w.state.subnet_mut(ROOT).pool.subtoken_enabled = false),
        fails(E::HotKeyAccountNotExists, STAKER, good()).when(orphaned),
        fails(E::AmountTooLow, STAKER, shift(VALI, NET, ROOT, 1_000)).but_call(good()),
        fails(E::StakeUnavailable, STAKER, good()).when(locked),
    ]
}

fn same_place() -> Vec<Row> {
    let within = |hotkey, amount| Call::MoveStake {
        origin_hotkey: id(VALI),
        destination_hotkey: id(hotkey),
        origin_netuid: NET,
        destination_netuid: NET,
        alpha_amount: AlphaRao(amount),
    };
    let mut to_oneself = give(VALI, NET, NET, TAO);
    if let Call::TransferStake { destination_coldkey, .. } = &mut to_oneself {
        *destination_coldkey = id(STAKER);
    }
    vec![
        fails(E::SameNetuid, STAKER, within(VALI, TAO)).but_call(within(OWNER_HOT, TAO)),
        fails(E::SameNetuid, STAKER, swap(VALI, NET, NET, TAO)).but_call(swap(VALI, NET, ROOT, TAO)),
        fails(E::SameNetuid, STAKER, swap_at_any(VALI, NET, NET, TAO))
            .but_call(swap_at_any(VALI, NET, ROOT, TAO)),
        fails(E::SameNetuid, STAKER, to_oneself).but_call(give(VALI, NET, NET, TAO)),
        fails(E::HotKeyAccountNotExists, STAKER, within(77, TAO)).but_call(within(OWNER_HOT, TAO)),
        fails(E::AmountTooLow, STAKER, within(OWNER_HOT, 1_000)).but_call(within(OWNER_HOT, TAO)),
        fails(E::InsufficientLiquidity, STAKER, shift(VALI, NET, ROOT, TAO)).when(dry),
        fails(E::InsufficientLiquidity, STAKER, swap(VALI, NET, ROOT, TAO)).when(dry),
        fails(E::InsufficientLiquidity, STAKER, give(VALI, NET, ROOT, TAO)).when(dry),
    ]
}

/// A swap between two pools that hold the same, of which the first is heavier on the side of TAO.
fn swap_between_pools(limit_price: u64) -> Call {
    Call::SwapStakeLimit {
        hotkey: id(VALI),
        origin_netuid: NET,
        destination_netuid: NetUid(1),
        alpha_amount: AlphaRao(50 * TAO),
        limit_price: Rao(limit_price),
        allow_partial: false,
    }
}

fn unequal_weights(world: &mut World) {
    for (netuid, weight) in [(NET, 600_000_000_000_000_000), (NetUid(1), 500_000_000_000_000_000)] {
        let pool = &mut world.state.subnet_mut(netuid).pool;
        (pool.mechanism, pool.subtoken_enabled, pool.quote_weight) = (1, true, weight);
        (pool.tao, pool.alpha_in) = (Rao(1_000 * TAO), AlphaRao(1_000 * TAO));
    }
}

fn limits() -> Vec<Row> {
    vec![
        // The ratio of the prices is two thirds; that of the reserves alone is one.
        fails(E::SlippageTooHigh, STAKER, swap_between_pools(700_000_000))
            .given(unequal_weights)
            .but_call(swap_between_pools(650_000_000)),
        fails(E::SlippageTooHigh, STAKER, swap_limit(50 * TAO, 1_199_000_000, false)).but_call(swap_limit(
            50 * TAO,
            1_199_000_000,
            true,
        )),
        fails(SwapError::PriceLimitExceeded, STAKER, swap_limit(50 * TAO, 9 * TAO, false))
            .but_call(swap_limit(50 * TAO, TAO / 2, false)),
        fails(SwapError::ReservesTooLow, STAKER, swap_limit(50 * TAO, 1_000, false)).when(dry),
    ]
}

fn gifts() -> Vec<Row> {
    let forbidden =
        |netuid| move |w: &mut World| w.state.subnet_mut(netuid).params_mut().transfer_toggle = false;
    let accepts = |world: &mut World| world.ok(POOR, Call::SetRejectLockedAlpha { enabled: false });
    // The receiver has locked to another hotkey.
    let bound = |world: &mut World| {
        world.ok(STAKER, give(VALI, NET, NET, 10 * TAO));
        world.ok(POOR, Call::LockStake { hotkey: id(OWNER_HOT), netuid: NET, amount: AlphaRao(TAO) });
    };
    let good = || give(VALI, NET, NET, 50 * TAO);
    vec![
        fails(E::TransferDisallowed, STAKER, good()).when(forbidden(NET)),
        fails(E::TransferDisallowed, STAKER, give(VALI, NET, ROOT, 50 * TAO)).when(forbidden(ROOT)),
        fails(E::AccountRejectsLockedAlpha, STAKER, good()).when(locked),
        fails(E::AccountRejectsLockedAlpha, STAKER, good()).given(locked).but_when(accepts),
        fails(E::LockHotkeyMismatch, STAKER, good()).given(locked).given(accepts).when(bound),
    ]
}

/// A call that takes alpha of the staker's out of circulation.
type Burn = fn(u64, NetUid, u64) -> Call;

fn recycle(hotkey: u64, netuid: NetUid, amount: u64) -> Call {
    Call::RecycleAlpha { hotkey: id(hotkey), netuid, amount: AlphaRao(amount) }
}

fn burn(hotkey: u64, netuid: NetUid, amount: u64) -> Call {
    Call::BurnAlpha { hotkey: id(hotkey), netuid, amount: AlphaRao(amount) }
}

fn burns(burn: Burn) -> Vec<Row> {
    let good = || burn(VALI, NET, 50 * TAO);
    vec![
        fails(E::SubnetNotExists, STAKER, burn(VALI, NOWHERE, 50 * TAO)).but_call(good()),
        fails(E::CannotBurnOrRecycleOnRootSubnet, STAKER, burn(VALI, ROOT, 50 * TAO)).but_call(good()),
        fails(E::SubtokenDisabled, STAKER, good()).when(closed),
        fails(E::HotKeyAccountNotExists, STAKER, burn(77, NET, 50 * TAO)).but_call(good()),
        fails(E::InsufficientLiquidity, STAKER, good())
            .when(|w| w.state.subnet_mut(NET).pool.alpha_out = AlphaRao(TAO)),
        fails(E::StakeUnavailable, STAKER, good()).when(locked),
    ]
}

fn buy_and_burn(hotkey: u64, netuid: NetUid, amount: u64) -> Call {
    Call::AddStakeBurn { hotkey: id(hotkey), netuid, amount: Rao(amount), limit: None }
}

fn buy_and_burn_limit(amount: u64, limit_price: u64, _: bool) -> Call {
    Call::AddStakeBurn { hotkey: id(VALI), netuid: NET, amount: Rao(amount), limit: Some(Rao(limit_price)) }
}

fn buys_and_burns() -> Vec<Row> {
    let on_root = fails(E::CannotBurnOrRecycleOnRootSubnet, STAKER, buy_and_burn(VALI, ROOT, TAO))
        .but_call(buy_and_burn(VALI, NET, TAO));
    [adds(buy_and_burn), add_limits(buy_and_burn_limit), vec![on_root]].concat()
}

fn locks() -> Vec<Row> {
    let lock = |hotkey, amount| Call::LockStake { hotkey: id(hotkey), netuid: NET, amount: AlphaRao(amount) };
    let to = |hotkey| Call::MoveLock { destination_hotkey: id(hotkey), netuid: NET };
    vec![
        fails(E::AmountTooLow, STAKER, lock(VALI, 0)).but_call(lock(VALI, 1)),
        fails(E::HotKeyAccountNotExists, STAKER, lock(77, TAO)).but_call(lock(VALI, TAO)),
        fails(E::InsufficientStakeForLock, STAKER, lock(VALI, 100 * TAO)).but_call(lock(VALI, 80 * TAO)),
        fails(E::InsufficientStakeForLock, STAKER, lock(VALI, 40 * TAO)).when(locked),
        fails(E::LockHotkeyMismatch, STAKER, lock(OWNER_HOT, TAO)).when(locked),
        fails(E::HotKeyAccountNotExists, STAKER, to(77)).given(locked).but_call(to(OWNER_HOT)),
        fails(E::NoExistingLock, STAKER, to(OWNER_HOT)).but_when(locked),
        fails(E::NoExistingLock, POOR, to(OWNER_HOT)).given(locked).but_by(STAKER),
    ]
}

pub(super) fn table() -> Table {
    let rows = [
        shifts(shift),
        shifts(swap),
        shifts(swap_at_any),
        shifts(give),
        same_place(),
        limits(),
        gifts(),
        burns(recycle),
        burns(burn),
        buys_and_burns(),
        locks(),
    ];
    let mut world = super::staked();
    root_open(&mut world);
    Table { world, rows: rows.concat() }
}

#[test]
fn moves_burns_and_locks() {
    table().check();
}
