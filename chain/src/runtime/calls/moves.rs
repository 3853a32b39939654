//! Moving stake between hotkeys, coldkeys and subnets.
//!
//! **Source**: spec/chain.md 6.5.

use super::staking::{self, MIN_STAKE, Position};
use super::{limits, not_modelled, unstake};
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::math::fixed::U64F64;
use crate::pool::Side;
use crate::runtime::swap::{self, Terms};
use crate::runtime::{Exec, locks, shares, tao};
use crate::units::{AlphaRao, NetUid, Rao};

/// A move that was asked for.
#[derive(Clone, Copy, Debug)]
struct Move {
    from: Position,
    to: Position,
    amount: AlphaRao,
    limit: Option<(u64, bool)>,
    /// Whether both subnets must allow transfers between coldkeys.
    check_transfer_toggle: bool,
}

pub(crate) fn dispatch(exec: &mut Exec<'_>, coldkey: &AccountId, call: &Call) -> DispatchOutcome {
    let at = |hotkey: &AccountId, coldkey: &AccountId, netuid: &NetUid| Position {
        hotkey: *hotkey,
        coldkey: *coldkey,
        netuid: *netuid,
    };
    match call {
        Call::MoveStake {
            origin_hotkey,
            destination_hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
        } => {
            let (from, to) = (
                at(origin_hotkey, coldkey, origin_netuid),
                at(destination_hotkey, coldkey, destination_netuid),
            );
            let tao = transition(exec, Move::plain(from, to, *alpha_amount))?;
            exec.emit(Event::StakeMoved(
                *coldkey,
                *origin_hotkey,
                *origin_netuid,
                *destination_hotkey,
                *destination_netuid,
                tao,
            ));
        }
        Call::TransferStake {
            destination_coldkey,
            hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
        } => {
            let from = at(hotkey, coldkey, origin_netuid);
            let to = at(hotkey, destination_coldkey, destination_netuid);
            let asked = Move { check_transfer_toggle: true, ..Move::plain(from, to, *alpha_amount) };
            let tao = transition(exec, asked)?;
            exec.emit(Event::StakeTransferred(
                *coldkey,
                *destination_coldkey,
                *hotkey,
                *origin_netuid,
                *destination_netuid,
                tao,
            ));
        }
        Call::SwapStake { hotkey, origin_netuid, destination_netuid, alpha_amount } => {
            let from = at(hotkey, coldkey, origin_netuid);
            let to = at(hotkey, coldkey, destination_netuid);
            let tao = transition(exec, Move::plain(from, to, *alpha_amount))?;
            exec.emit(Event::StakeSwapped(*coldkey, *hotkey, *origin_netuid, *destination_netuid, tao));
        }
        Call::SwapStakeLimit {
            hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
            limit_price,
            allow_partial,
        } => {
            let from = at(hotkey, coldkey, origin_netuid);
            let to = at(hotkey, coldkey, destination_netuid);
            let limit = Some((limit_price.get(), *allow_partial));
            let tao = transition(exec, Move { limit, ..Move::plain(from, to, *alpha_amount) })?;
            exec.emit(Event::StakeSwapped(*coldkey, *hotkey, *origin_netuid, *destination_netuid, tao));
        }
        _ => return not_modelled("SubtensorModule", call),
    }
    Ok(())
}

impl Move {
    const fn plain(from: Position, to: Position, amount: AlphaRao) -> Self {
        Self { from, to, amount, limit: None, check_transfer_toggle: false }
    }
    fn same_subnet(&self) -> bool {
        self.from.netuid == self.to.netuid
    }
}

/// Carries a move out and gives its amount in TAO.
fn transition(exec: &mut Exec<'_>, mut asked: Move) -> Result<Rao, DispatchError> {
    asked.amount = asked.amount.min(asked.from.value(exec.state));
    let max = match asked.limit {
        Some((limit, _)) if !asked.same_subnet() => {
            limits::swap_max(exec.state, asked.from.netuid, asked.to.netuid, limit)?
        }
        _ => asked.amount.get(),
    };
    validate(exec, &asked, max)?;
    let amount = asked.amount.min(AlphaRao(max));
    if asked.same_subnet() {
        within_subnet(exec, &asked.from, &asked.to, amount)
    } else {
        between_subnets(exec, &asked, amount)
    }
}

fn validate(exec: &Exec<'_>, asked: &Move, max: u64) -> DispatchOutcome {
    let state = &*exec.state;
    let Move { from, to, amount, .. } = asked;
    if from == to {
        return Err(E::SameNetuid.into());
    }
    staking::check_subnet(state, from.netuid)?;
    if !asked.same_subnet() {
        staking::check_subnet(state, to.netuid)?;
    }
    staking::check_subtoken(state, from.netuid)?;
    staking::check_subtoken(state, to.netuid)?;
    staking::check_hotkey(state, &from.hotkey)?;
    staking::check_hotkey(state, &to.hotkey)?;
    if *amount > from.value(state) {
        return Err(E::NotEnoughStakeToWithdraw.into());
    }
    if !asked.same_subnet() {
        let sold = swap::sim_swap(state, from.netuid, Side::Sell, amount.get());
        let sold = sold.map_err(|_| E::InsufficientLiquidity)?;
        if sold.amount_paid_out <= MIN_STAKE {
            return Err(E::AmountTooLow.into());
        }
    }
    limits::check_slippage(*amount, max, asked.limit.is_some_and(|(_, partial)| partial))?;
    if asked.check_transfer_toggle {
        let open = |netuid| state.subnet(netuid).is_some_and(|subnet| subnet.params.transfer_toggle);
        if !open(from.netuid) || !open(to.netuid) {
            return Err(E::TransferDisallowed.into());
        }
    }
    if !asked.same_subnet() {
        unstake::check_available(exec, &from.coldkey, from.netuid, *amount)?;
    }
    Ok(())
}

/// Sells on one subnet and buys on the other; the fee is taken once.
fn between_subnets(exec: &mut Exec<'_>, asked: &Move, amount: AlphaRao) -> Result<Rao, DispatchError> {
    let Move { from, to, .. } = asked;
    let from_root = from.netuid.is_root();
    let (sell, buy) = (Terms::market(Side::Sell), Terms::market(Side::Buy));
    let sell = if from_root { sell.free() } else { sell };
    let buy = if from_root { buy } else { buy.free() };
    let tao = unstake::unstake_from(exec, from, &from.coldkey, amount, sell)?;
    unstake::clear_small_nomination(exec, from)?;
    if from.coldkey != to.coldkey {
        tao::transfer_tao(exec, &from.coldkey, &to.coldkey, tao)?;
    }
    if tao.get() < MIN_STAKE {
        return Ok(tao);
    }
    staking::delegate_if_foreign(exec, &to.coldkey, &to.hotkey);
    staking::stake_into(exec, to, tao, buy)?;
    Ok(tao)
}

/// Moves alpha as it is; its worth in TAO is that of the spot price.
///
/// # Errors
/// Those of locks; `AmountTooLow` below the least stake.
pub(super) fn within_subnet(
    exec: &mut Exec<'_>,
    from: &Position,
    to: &Position,
    amount: AlphaRao,
) -> Result<Rao, DispatchError> {
    let netuid = from.netuid;
    locks::transfer_lock(exec, &from.coldkey, &to.coldkey, netuid, amount)?;
    let price = swap::price(exec.state, netuid);
    let tao = Rao(price.saturating_mul(U64F64::from_u64(amount.get())).to_u64());
    if tao.get() < MIN_STAKE {
        return Err(E::AmountTooLow.into());
    }
    shares::decrease_stake(exec, &from.hotkey, &from.coldkey, netuid, amount);
    if netuid.is_root() {
        super::root::stake_removed(exec, &from.hotkey, &from.coldkey, amount);
    }
    shares::increase_stake(exec, &to.hotkey, &to.coldkey, netuid, amount);
    if netuid.is_root() {
        super::root::stake_added(exec, &to.hotkey, &to.coldkey, amount);
    }
    let now = exec.now();
    exec.state.last_stake_block.insert((to.coldkey, to.hotkey), now);
    exec.emit(Event::StakeRemoved(from.coldkey, from.hotkey, tao, amount, netuid, 0));
    exec.emit(Event::StakeAdded(to.coldkey, to.hotkey, tao, amount, netuid, 0));
    Ok(tao)
}
