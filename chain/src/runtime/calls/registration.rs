//! Buying a slot on a subnet: the price is swapped into alpha, and that alpha leaves circulation.
//!
//! **Source**: spec/chain.md 8.1, 8.2.

use super::{delegates, not_modelled, uids};
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::math::fixed::U64F64;
use crate::pool::Side;
use crate::runtime::dispatch::Origin;
use crate::runtime::swap::{self, Terms};
use crate::runtime::{Exec, tao};
use crate::state::Subnet;
use crate::units::{AlphaRao, NetUid, Rao, Uid};

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let who = origin.signed()?;
    match call {
        Call::Register { netuid, hotkey, .. } | Call::BurnedRegister { netuid, hotkey } => {
            register(exec, &who, *netuid, hotkey)
        }
        Call::RegisterLimit { netuid, hotkey, limit_price } => {
            let subnet = exec.state.subnet(*netuid).filter(|subnet| subnet.added && !netuid.is_root());
            if subnet.is_some_and(|subnet| subnet.registration.burn > Rao(*limit_price)) {
                return Err(E::RegistrationPriceLimitExceeded.into());
            }
            register(exec, &who, *netuid, hotkey)
        }
        _ => not_modelled("SubtensorModule", call),
    }
}

fn register(exec: &mut Exec<'_>, coldkey: &AccountId, netuid: NetUid, hotkey: &AccountId) -> DispatchOutcome {
    let cost = check_registration(exec, coldkey, netuid, hotkey)?;
    delegates::create_account(exec, coldkey, hotkey)?;
    if !delegates::owns(exec.state, coldkey, hotkey) {
        return Err(E::NonAssociatedColdKey.into());
    }
    let paid = {
        check_room(exec, netuid)?;
        pay(exec, coldkey, netuid, cost)?
    };
    let uid = take_slot(exec, netuid, hotkey)?;
    let subnet = exec.state.subnet_mut(netuid);
    bump_price(subnet);
    subnet.registration.this_block = subnet.registration.this_block.saturating_add(1);
    let recycled = subnet.registration.rao_recycled.saturating_add(cost);
    subnet.registration.rao_recycled = recycled;
    subnet.pool.tao_flow = subnet.pool.tao_flow.saturating_add(i64::try_from(paid.get()).unwrap_or(i64::MAX));
    exec.emit(Event::RAORecycledForRegistrationSet(netuid, recycled));
    exec.emit(Event::NeuronRegistered(netuid, uid, *hotkey));
    Ok(())
}

/// The price, if everything that needs no change of state allows the registration.
fn check_registration(
    exec: &Exec<'_>,
    coldkey: &AccountId,
    netuid: NetUid,
    hotkey: &AccountId,
) -> Result<Rao, DispatchError> {
    if netuid.is_root() {
        return Err(E::RegistrationNotPermittedOnRootSubnet.into());
    }
    let subnet = exec.state.subnet(netuid).filter(|subnet| subnet.added).ok_or(E::SubnetNotExists)?;
    if !subnet.params.registration_allowed {
        return Err(E::SubNetRegistrationDisabled.into());
    }
    if subnet.neurons.uid_of(hotkey).is_some() {
        return Err(E::HotKeyAlreadyRegisteredInSubNet.into());
    }
    let cost = subnet.registration.burn;
    if tao::coldkey_balance(exec.state, coldkey) < cost {
        return Err(E::NotEnoughBalanceToStake.into());
    }
    Ok(cost)
}

fn is_full(subnet: &Subnet) -> bool {
    subnet.neurons.n() >= usize::from(subnet.params.max_allowed_uids)
}

fn check_room(exec: &Exec<'_>, netuid: NetUid) -> DispatchOutcome {
    let subnet = exec.state.subnet(netuid).ok_or(E::SubnetNotExists)?;
    let victim = || uids::neuron_to_prune(exec.state, netuid, exec.now());
    if subnet.params.max_allowed_uids == 0 || (is_full(subnet) && victim().is_none()) {
        return Err(E::NoNeuronIdAvailable.into());
    }
    Ok(())
}

/// Buys alpha for the price and takes it out of circulation. The fee of that swap stays on the subnet account.
fn pay(exec: &mut Exec<'_>, coldkey: &AccountId, netuid: NetUid, cost: Rao) -> Result<Rao, DispatchError> {
    let paid = tao::transfer_tao_to_subnet(exec, netuid, coldkey, cost)?;
    let bought = swap::swap_tao_for_alpha(exec, netuid, paid, Terms::market(Side::Buy))?;
    let pool = &mut exec.state.subnet_mut(netuid).pool;
    pool.alpha_out = pool.alpha_out.saturating_sub(AlphaRao(bought.amount_paid_out));
    Ok(paid)
}

/// Gives the hotkey a free slot, or that of the neuron to prune.
///
/// # Errors
/// `NoNeuronIdAvailable`.
pub(crate) fn take_slot(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    hotkey: &AccountId,
) -> Result<Uid, DispatchError> {
    let now = exec.now();
    let subnet = exec.state.subnet(netuid).ok_or(E::SubnetNotExists)?;
    if !is_full(subnet) {
        return Ok(uids::append_neuron(exec.state.subnet_mut(netuid), hotkey, now));
    }
    let uid = uids::neuron_to_prune(exec.state, netuid, now).ok_or(E::NoNeuronIdAvailable)?;
    uids::replace_neuron(exec.state, netuid, uid, hotkey, now);
    Ok(uid)
}

/// Every registration makes the next one dearer.
fn bump_price(subnet: &mut Subnet) {
    let factor = subnet.params.burn_increase_mult.max(U64F64::ONE);
    let raised = Rao(U64F64::from_u64(subnet.registration.burn.get()).saturating_mul(factor).to_u64());
    subnet.registration.burn = raised.min(subnet.params.max_burn).max(subnet.params.min_burn);
}
