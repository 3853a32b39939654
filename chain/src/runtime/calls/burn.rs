//! Taking one's own alpha out of circulation.
//!
//! **Source**: spec/chain.md 6.13.

use super::staking::{self, Position};
use super::{limits, not_modelled, unstake};
use crate::call::subtensor::Call;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, shares};
use crate::units::AlphaRao;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let coldkey = origin.signed()?;
    match call {
        Call::RecycleAlpha { hotkey, amount, netuid } => {
            let position = Position { hotkey: *hotkey, coldkey, netuid: *netuid };
            let amount = withdraw(exec, &position, *amount)?;
            exec.state.subnet_mut(*netuid).pool.recycle(amount);
            exec.emit(Event::AlphaRecycled(coldkey, *hotkey, amount, *netuid));
            Ok(())
        }
        Call::BurnAlpha { hotkey, amount, netuid } => {
            burn(exec, &Position { hotkey: *hotkey, coldkey, netuid: *netuid }, *amount)
        }
        Call::AddStakeBurn { hotkey, netuid, amount, limit } => {
            let position = Position { hotkey: *hotkey, coldkey, netuid: *netuid };
            let before = position.value(exec.state);
            match limit {
                Some(limit) => limits::add(exec, position, *amount, limit.get(), false)?,
                None => staking::add(exec, position, *amount)?,
            }
            let alpha = position.value(exec.state).saturating_sub(before);
            burn(exec, &position, alpha)?;
            exec.emit(Event::AddStakeBurn { netuid: *netuid, hotkey: *hotkey, amount: *amount, alpha });
            Ok(())
        }
        _ => not_modelled("SubtensorModule", call),
    }
}

fn burn(exec: &mut Exec<'_>, position: &Position, amount: AlphaRao) -> DispatchOutcome {
    let amount = withdraw(exec, position, amount)?;
    exec.state.subnet_mut(position.netuid).pool.burn(amount);
    exec.emit(Event::AlphaBurned(position.coldkey, position.hotkey, amount, position.netuid));
    Ok(())
}

/// Takes alpha out of a position, at most all of it; gives back how much.
fn withdraw(exec: &mut Exec<'_>, position: &Position, amount: AlphaRao) -> Result<AlphaRao, DispatchError> {
    let Position { hotkey, coldkey, netuid } = *position;
    staking::check_subnet(exec.state, netuid)?;
    if netuid.is_root() {
        return Err(E::CannotBurnOrRecycleOnRootSubnet.into());
    }
    staking::check_subtoken(exec.state, netuid)?;
    staking::check_hotkey(exec.state, &hotkey)?;
    let amount = amount.min(position.value(exec.state));
    if exec.state.subnet(netuid).is_none_or(|subnet| subnet.pool.alpha_out < amount) {
        return Err(E::InsufficientLiquidity.into());
    }
    unstake::check_available(exec, &coldkey, netuid, amount)?;
    shares::decrease_stake(exec, &hotkey, &coldkey, netuid, amount);
    Ok(amount)
}
