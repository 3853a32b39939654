//! Taking stake away.
//!
//! **Source**: spec/chain.md 6.4.

use super::staking::{self, MIN_STAKE, Position};
use crate::account::AccountId;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::math::fixed::U64F64;
use crate::pool::Side;
use crate::runtime::swap::{self, Terms};
use crate::runtime::{Exec, locks, shares, tao};
use crate::state::{AlphaKey, State};
use crate::units::{AlphaRao, NetUid, Rao};

pub(crate) fn remove(exec: &mut Exec<'_>, position: Position, amount: AlphaRao) -> DispatchOutcome {
    staking::check_subtoken(exec.state, position.netuid)?;
    let amount = amount.min(position.value(exec.state));
    staking::check_input(exec.state, position.netuid, Side::Sell, amount.get())?;
    validate_remove(exec, &position, amount, amount.get(), false)?;
    take_out(exec, &position, amount)
}

/// The last part of every plain removal: sell, then clear what became too small.
pub(crate) fn take_out(exec: &mut Exec<'_>, position: &Position, amount: AlphaRao) -> DispatchOutcome {
    unstake_from(exec, position, &position.coldkey, amount, Terms::market(Side::Sell))?;
    clear_small_nomination(exec, position)?;
    drop_pending_children_below_threshold(exec, &position.hotkey);
    Ok(())
}

/// What `remove_stake` asks of its arguments. `max` is what the limit price allows.
///
/// # Errors
/// In the chain's order.
pub(crate) fn validate_remove(
    exec: &Exec<'_>,
    position: &Position,
    amount: AlphaRao,
    max: u64,
    allow_partial: bool,
) -> DispatchOutcome {
    let (state, netuid) = (&*exec.state, position.netuid);
    staking::check_subnet(state, netuid)?;
    if amount.is_zero() {
        return Err(E::AmountTooLow.into());
    }
    let held = position.value(state);
    if amount > held {
        return Err(E::NotEnoughStakeToWithdraw.into());
    }
    let sold = swap::sim_swap(state, netuid, Side::Sell, amount.get());
    let sold = sold.map_err(|_| E::InsufficientLiquidity)?;
    // A full exit may be as small as it likes.
    if held > amount && sold.amount_paid_out < MIN_STAKE {
        return Err(E::AmountTooLow.into());
    }
    if !allow_partial && amount.get() > max {
        return Err(E::SlippageTooHigh.into());
    }
    staking::check_hotkey(state, &position.hotkey)?;
    check_available(exec, &position.coldkey, netuid, amount)
}

/// Locked stake cannot be taken out.
///
/// # Errors
/// `StakeUnavailable`.
pub(crate) fn check_available(
    exec: &Exec<'_>,
    coldkey: &AccountId,
    netuid: NetUid,
    amount: AlphaRao,
) -> DispatchOutcome {
    if locks::available_to_unstake(exec, coldkey, netuid) < amount {
        return Err(E::StakeUnavailable.into());
    }
    Ok(())
}

/// Sells staked alpha; gives back the TAO, which is then the beneficiary's.
///
/// # Errors
/// Those of transfers and swaps.
pub(crate) fn unstake_from(
    exec: &mut Exec<'_>,
    position: &Position,
    beneficiary: &AccountId,
    amount: AlphaRao,
    terms: Terms,
) -> Result<Rao, DispatchError> {
    let Position { hotkey, coldkey, netuid } = *position;
    shares::decrease_stake(exec, &hotkey, &coldkey, netuid, amount);
    let sold = swap::swap_alpha_for_tao(exec, netuid, amount, terms)?;
    let used = sold.amount_paid_in.saturating_add(sold.fee_paid);
    let refund = AlphaRao(amount.get().saturating_sub(used));
    shares::increase_stake(exec, &hotkey, &coldkey, netuid, refund);
    let tao = Rao(sold.amount_paid_out);
    tao::transfer_tao_from_subnet(exec, netuid, beneficiary, tao)?;
    let to_author = sell_fee(exec, netuid, AlphaRao(sold.fee_to_block_author))?;
    if netuid.is_root() {
        super::root::stake_removed(exec, &hotkey, &coldkey, amount);
    }
    let outflow = i64::try_from(tao.saturating_add(to_author).get()).unwrap_or(i64::MAX);
    let pool = &mut exec.state.subnet_mut(netuid).pool;
    pool.tao_flow = pool.tao_flow.saturating_sub(outflow);
    locks::refresh(exec, &coldkey, netuid);
    let now = exec.now();
    exec.state.last_stake_block.insert((coldkey, hotkey), now);
    let paid_in = AlphaRao(sold.amount_paid_in);
    exec.emit(Event::StakeRemoved(coldkey, hotkey, tao, paid_in, netuid, sold.fee_paid));
    Ok(tao)
}

/// The fee of a sale is alpha: sold for the block's author, or burned without one.
fn sell_fee(exec: &mut Exec<'_>, netuid: NetUid, fee: AlphaRao) -> Result<Rao, DispatchError> {
    let Some(author) = exec.env.author else {
        exec.state.subnet_mut(netuid).pool.burn(fee);
        return Ok(Rao::ZERO);
    };
    let tao = if fee.is_zero() {
        Rao::ZERO
    } else {
        let sold = swap::swap_alpha_for_tao(exec, netuid, fee, Terms::market(Side::Sell).free())?;
        Rao(sold.amount_paid_out)
    };
    tao::transfer_tao_from_subnet(exec, netuid, &author, tao)?;
    Ok(tao)
}

/// A nomination that fell below the minimum is paid out whole. Off by default.
pub(crate) fn clear_small_nomination(exec: &mut Exec<'_>, position: &Position) -> DispatchOutcome {
    let Position { hotkey, coldkey, netuid } = *position;
    if exec.state.owner_of(&hotkey) == Some(coldkey) {
        return Ok(());
    }
    let factor = u128::from(exec.state.globals.nominator_min_required_stake);
    let min = factor.saturating_mul(MIN_STAKE.into()).div_euclid(1_000_000);
    let min = U64F64::from_u64(u64::try_from(min).unwrap_or(u64::MAX));
    let min = AlphaRao(min.safe_div(swap::price(exec.state, netuid)).to_u64());
    let held = position.value(exec.state);
    if held.is_zero() || held >= min {
        return Ok(());
    }
    let sold =
        exec.transactional(|exec| unstake_from(exec, position, &coldkey, held, Terms::market(Side::Sell)));
    if sold.is_err() {
        shares::decrease_stake(exec, &hotkey, &coldkey, netuid, held);
    }
    locks::force_reduce_lock(exec, &coldkey, netuid, held);
    Ok(())
}

/// Pays out every nomination that is below the minimum: what a raised minimum does. The chain collects the positions
/// first, in a map of its own; the order decides the price of each sale.
///
/// # Errors
/// Those of [`clear_small_nomination`].
pub(crate) fn clear_small_nominations(exec: &mut Exec<'_>) -> DispatchOutcome {
    let mut positions: Vec<AlphaKey> = exec.state.alpha_index.keys().copied().collect();
    let order = exec.account_order;
    positions
        .sort_unstable_by_key(|(hotkey, coldkey, netuid)| (order.key(hotkey), order.key(coldkey), *netuid));
    for (hotkey, coldkey, netuid) in positions {
        clear_small_nomination(exec, &Position { hotkey, coldkey, netuid })?;
    }
    Ok(())
}

/// A hotkey worth less than the stake threshold loses the children it has scheduled.
pub(crate) fn drop_pending_children_below_threshold(exec: &mut Exec<'_>, hotkey: &AccountId) {
    let threshold = exec.state.globals.stake_threshold;
    if threshold == 0 || total_tao_value(exec.state, hotkey) >= threshold {
        return;
    }
    let netuids: Vec<NetUid> = exec
        .state
        .subnets
        .iter()
        .filter(|(_, subnet)| subnet.pending_children.contains_key(hotkey))
        .map(|(netuid, _)| *netuid)
        .collect();
    for netuid in netuids {
        exec.state.subnet_mut(netuid).pending_children.remove(hotkey);
    }
}

/// All stake behind a hotkey, in TAO at spot prices.
pub(crate) fn total_tao_value(state: &State, hotkey: &AccountId) -> u64 {
    state
        .subnets
        .iter()
        .filter(|(_, subnet)| subnet.added)
        .map(|(netuid, _)| {
            let alpha = shares::hotkey_stake(state, hotkey, *netuid);
            U64F64::from_u64(alpha.get()).saturating_mul(swap::price(state, *netuid)).to_u64()
        })
        .fold(0, u64::saturating_add)
}

/// Subnets on which stake can be moved, in storage order.
fn open_subnets(state: &State) -> Vec<NetUid> {
    state
        .subnets
        .iter()
        .filter(|(_, subnet)| subnet.added && subnet.pool.subtoken_enabled)
        .map(|(netuid, _)| *netuid)
        .collect()
}

pub(crate) fn all(exec: &mut Exec<'_>, coldkey: &AccountId, hotkey: &AccountId) -> DispatchOutcome {
    staking::check_hotkey(exec.state, hotkey)?;
    for netuid in open_subnets(exec.state) {
        let position = Position { hotkey: *hotkey, coldkey: *coldkey, netuid };
        let amount = position.value(exec.state);
        if validate_remove(exec, &position, amount, amount.get(), false).is_ok() {
            unstake_from(exec, &position, coldkey, amount, Terms::market(Side::Sell))?;
            clear_small_nomination(exec, &position)?;
        }
    }
    Ok(())
}

/// Everything but root is sold and staked on root.
pub(crate) fn all_alpha(exec: &mut Exec<'_>, coldkey: &AccountId, hotkey: &AccountId) -> DispatchOutcome {
    staking::check_hotkey(exec.state, hotkey)?;
    let mut sum = Rao::ZERO;
    for netuid in open_subnets(exec.state).into_iter().filter(|netuid| !netuid.is_root()) {
        let position = Position { hotkey: *hotkey, coldkey: *coldkey, netuid };
        let amount = position.value(exec.state);
        if validate_remove(exec, &position, amount, amount.get(), false).is_ok() {
            let tao = unstake_from(exec, &position, coldkey, amount, Terms::market(Side::Sell))?;
            sum = sum.saturating_add(tao);
            clear_small_nomination(exec, &position)?;
        }
    }
    if sum.is_zero() {
        return Err(E::AmountTooLow.into());
    }
    let root = Position { hotkey: *hotkey, coldkey: *coldkey, netuid: NetUid::ROOT };
    staking::stake_into(exec, &root, sum, Terms::market(Side::Buy))?;
    Ok(())
}
