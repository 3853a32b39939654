//! Stake that comes and goes.

use super::row::{Row, Table, fails};
use crate::world::{NET, OWNER, POOR, STAKER, VALI, World, id};
use chain::call::subtensor::Call;
use chain::error::{SubtensorModuleError as E, SwapError};
use chain::units::{AlphaRao, NetUid, Rao, TAO};

pub(super) const NOWHERE: NetUid = NetUid(9);

/// A call that stakes TAO of the signer's on a hotkey.
pub(super) type Add = fn(u64, NetUid, u64) -> Call;

pub(super) fn add_limit(amount: u64, limit_price: u64, allow_partial: bool) -> Call {
    let (amount_staked, limit_price) = (Rao(amount), Rao(limit_price));
    Call::AddStakeLimit { hotkey: id(VALI), netuid: NET, amount_staked, limit_price, allow_partial }
}

fn add_at_two(hotkey: u64, netuid: NetUid, amount: u64) -> Call {
    let (amount_staked, limit_price) = (Rao(amount), Rao(2 * TAO));
    Call::AddStakeLimit { hotkey: id(hotkey), netuid, amount_staked, limit_price, allow_partial: false }
}

/// What every call that stakes can fail with.
pub(super) fn adds(add: Add) -> Vec<Row> {
    let good = || add(VALI, NET, TAO);
    vec![
        fails(E::InsufficientLiquidity, STAKER, add(VALI, NET, u64::MAX)).but_call(good()),
        fails(E::SubnetNotExists, STAKER, add(VALI, NOWHERE, TAO)).but_call(good()),
        fails(E::SubtokenDisabled, STAKER, good()).when(closed),
        fails(E::AmountTooLow, STAKER, add(VALI, NET, 2_001_006)).but_call(add(VALI, NET, 2_001_008)),
        fails(E::NotEnoughBalanceToStake, POOR, add(VALI, NET, 2 * TAO)).but_by(STAKER),
        fails(E::HotKeyAccountNotExists, STAKER, add(77, NET, TAO)).but_call(good()),
    ]
}

/// What a limit price adds to it; `limit` takes the amount, the price, and whether a part will do.
pub(super) fn add_limits(limit: fn(u64, u64, bool) -> Call) -> Vec<Row> {
    vec![
        fails(E::SlippageTooHigh, STAKER, limit(1_000 * TAO, 1_300_000_000, false)).but_call(limit(
            1_000 * TAO,
            9 * TAO,
            false,
        )),
        fails(SwapError::PriceLimitExceeded, STAKER, limit(TAO, 900_000_000, false)).but_call(limit(
            TAO,
            2 * TAO,
            false,
        )),
        fails(SwapError::ReservesTooLow, STAKER, limit(TAO, 2_000 * TAO, false))
            .when(|w| w.state.subnet_mut(NET).pool.alpha_in = AlphaRao(900_000)),
    ]
}

fn partial() -> Vec<Row> {
    vec![
        fails(E::SlippageTooHigh, STAKER, add_limit(1_000 * TAO, 1_300_000_000, false)).but_call(add_limit(
            1_000 * TAO,
            1_300_000_000,
            true,
        )),
        // What a simulated purchase would give.
        fails(E::InsufficientLiquidity, STAKER, crate::world::add(VALI, NET, TAO))
            .when(|w| w.state.subnet_mut(NET).pool.alpha_in = AlphaRao(900_000)),
    ]
}

pub(super) fn closed(world: &mut World) {
    world.state.subnet_mut(NET).pool.subtoken_enabled = false;
}

/// The hotkey of all stake has no owner.
pub(super) fn orphaned(world: &mut World) {
    world.state.hotkey_mut(&id(VALI)).owner = None;
}

/// Of the staker's 90 alpha 60 are locked.
pub(super) fn locked(world: &mut World) {
    world.ok(STAKER, Call::LockStake { hotkey: id(VALI), netuid: NET, amount: AlphaRao(60 * TAO) });
}

/// The pool has too little TAO to sell to it.
pub(super) fn dry(world: &mut World) {
    world.state.subnet_mut(NET).pool.tao = Rao(900_000);
}

/// The pool has too little alpha to take a whole one.
fn shallow(world: &mut World) {
    world.state.subnet_mut(NET).pool.alpha_in = AlphaRao(900_000);
}

fn remove(netuid: NetUid, amount: u64) -> Call {
    Call::RemoveStake { hotkey: id(VALI), netuid, amount_unstaked: AlphaRao(amount) }
}

fn remove_limit(netuid: NetUid, amount: u64, limit_price: u64, allow_partial: bool) -> Call {
    let (amount_unstaked, limit_price) = (AlphaRao(amount), Rao(limit_price));
    Call::RemoveStakeLimit { hotkey: id(VALI), netuid, amount_unstaked, limit_price, allow_partial }
}

fn remove_full(netuid: NetUid, limit_price: Option<u64>) -> Call {
    Call::RemoveStakeFullLimit { hotkey: id(VALI), netuid, limit_price: limit_price.map(Rao) }
}

fn removes() -> Vec<Row> {
    let good = || remove(NET, 50 * TAO);
    vec![
        fails(E::SubtokenDisabled, STAKER, good()).when(closed),
        fails(E::SubtokenDisabled, STAKER, remove(NOWHERE, TAO)).but_call(good()),
        fails(E::AmountTooLow, STAKER, remove(NET, 0)).but_call(good()),
        fails(E::AmountTooLow, STAKER, remove(NET, 1_000)).but_call(good()),
        fails(E::AmountTooLow, OWNER, good()).but_by(STAKER),
        fails(E::InsufficientLiquidity, STAKER, good()).when(shallow),
        fails(E::InsufficientLiquidity, STAKER, good()).when(dry),
        fails(E::HotKeyAccountNotExists, STAKER, good()).when(orphaned),
        fails(E::StakeUnavailable, STAKER, good()).when(locked),
        // The account of the subnet must hold what its pool pays.
        fails(E::InsufficientBalance, STAKER, good()).when(|w| {
            let pot = chain::runtime::tao::subnet_account(NET);
            w.state.balances.accounts.get_mut(&pot).unwrap().data.free = Rao(TAO);
        }),
    ]
}

fn remove_limits() -> Vec<Row> {
    let good = || remove_limit(NET, 50 * TAO, 1_000, false);
    vec![
        fails(E::SubnetNotExists, STAKER, remove_limit(NOWHERE, TAO, 1_000, false)).but_call(good()),
        fails(E::AmountTooLow, STAKER, remove_limit(NET, 0, 1_000, false)).but_call(good()),
        fails(E::AmountTooLow, STAKER, remove_limit(NET, 1_000, 1_000, false)).but_call(good()),
        fails(E::NotEnoughStakeToWithdraw, STAKER, remove_limit(NET, 100 * TAO, 1_000, false))
            .but_call(good()),
        fails(E::InsufficientLiquidity, STAKER, good()).when(shallow),
        fails(E::HotKeyAccountNotExists, STAKER, good()).when(orphaned),
        fails(E::StakeUnavailable, STAKER, good()).when(locked),
        fails(E::SlippageTooHigh, STAKER, remove_limit(NET, 50 * TAO, 1_199_000_000, false))
            .but_call(remove_limit(NET, 50 * TAO, 1_199_000_000, true)),
        fails(SwapError::PriceLimitExceeded, STAKER, remove_limit(NET, 50 * TAO, 9 * TAO, false))
            .but_call(good()),
        fails(SwapError::ReservesTooLow, STAKER, good()).when(dry),
    ]
}

fn full_removes() -> Vec<Row> {
    let market = || remove_full(NET, None);
    let limit = || remove_full(NET, Some(1_000));
    vec![
        fails(E::SubtokenDisabled, STAKER, market()).when(closed),
        fails(E::AmountTooLow, OWNER, market()).but_by(STAKER),
        fails(E::InsufficientLiquidity, STAKER, market()).when(shallow),
        fails(E::HotKeyAccountNotExists, STAKER, market()).when(orphaned),
        fails(E::StakeUnavailable, STAKER, market()).when(locked),
        fails(E::SubnetNotExists, STAKER, remove_full(NOWHERE, Some(1_000))).but_call(limit()),
        fails(E::AmountTooLow, OWNER, limit()).but_by(STAKER),
        fails(E::SlippageTooHigh, STAKER, remove_full(NET, Some(1_199_000_000))).but_call(limit()),
        fails(SwapError::PriceLimitExceeded, STAKER, remove_full(NET, Some(9 * TAO))).but_call(limit()),
    ]
}

fn whole_exits() -> Vec<Row> {
    let all = |hotkey| Call::UnstakeAll { hotkey: id(hotkey) };
    let all_alpha = |hotkey| Call::UnstakeAllAlpha { hotkey: id(hotkey) };
    vec![
        fails(E::HotKeyAccountNotExists, STAKER, all(77)).but_call(all(VALI)),
        fails(E::HotKeyAccountNotExists, STAKER, all_alpha(77)).but_call(all_alpha(VALI)),
        fails(E::AmountTooLow, OWNER, all_alpha(VALI)).but_by(STAKER),
    ]
}

pub(super) fn table() -> Table {
    let rows = [
        adds(crate::world::add),
        adds(add_at_two),
        add_limits(add_limit),
        partial(),
        removes(),
        remove_limits(),
        full_removes(),
        whole_exits(),
    ];
    Table { world: super::staked(), rows: rows.concat() }
}

#[test]
fn stake_in_and_out() {
    table().check();
}
