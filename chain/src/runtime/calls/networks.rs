//! Registering a subnet and starting it.
//!
//! **Source**: spec/chain.md 7.1 to 7.4.

use super::{children, delegates, not_modelled, prune, symbols, uids};
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::emission_schedule::{TOTAL_SUPPLY, block_emission};
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::math::fixed::{I64F64, U64F64};
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, swap, tao};
use crate::state::{Hyperparams, RateLimitKey, State, Subnet};
use crate::types::SubnetIdentityOfV3;
use crate::units::{AlphaRao, BlockNumber, NetUid, Rao, TAO};

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let who = origin.signed()?;
    match call {
        Call::RegisterNetwork { hotkey } => register_network(exec, &who, hotkey, None),
        Call::RegisterNetworkWithIdentity { hotkey, identity } => {
            register_network(exec, &who, hotkey, identity.as_ref())
        }
        Call::StartCall { netuid } => start_call(exec, &who, *netuid),
        _ => not_modelled("SubtensorModule", call),
    }
}

/// The block of the last registration of a network; zero for never.
pub(crate) fn last_registration(state: &State) -> BlockNumber {
    state.last_rate_limited.get(&RateLimitKey::NetworkLastRegistered).copied().unwrap_or(0)
}

/// Whether enough blocks have passed since the last network was registered.
pub(crate) fn passes_rate_limit(exec: &Exec<'_>) -> bool {
    let last = last_registration(exec.state);
    last == 0 || exec.now().saturating_sub(last) >= exec.state.globals.network_rate_limit
}

/// What registering a network costs now: twice the last price, falling to the minimum with time.
///
/// **Units**: rao.
pub fn lock_cost(state: &State, now: BlockNumber) -> Rao {
    let globals = &state.globals;
    let last = globals.network_last_lock_cost.get();
    let last_block = last_registration(state);
    let factor = if last_block == 0 { 1 } else { 2 };
    let decay = last
        .checked_div(reduction_interval(state))
        .unwrap_or(0)
        .saturating_mul(now.saturating_sub(last_block));
    Rao(last.saturating_mul(factor).saturating_sub(decay)).max(globals.network_min_lock_cost)
}

/// `NetworkLockReductionInterval`, shorter as the emission of TAO halves.
fn reduction_interval(state: &State) -> u64 {
    let emission =
        I64F64::saturating_from_u64(block_emission(state.globals.total_issuance.get(), TOTAL_SUPPLY));
    let interval = I64F64::saturating_from_u64(state.globals.network_lock_reduction_interval);
    interval.saturating_mul(emission.safe_div(I64F64::saturating_from_u64(TAO))).to_u64()
}

pub(super) fn register_network(
    exec: &mut Exec<'_>,
    coldkey: &AccountId,
    hotkey: &AccountId,
    identity: Option<&SubnetIdentityOfV3>,
) -> DispatchOutcome {
    check_hotkey(exec, coldkey, hotkey)?;
    let now = exec.now();
    if now < exec.state.globals.network_registration_start_block {
        return Err(E::SubNetRegistrationDisabled.into());
    }
    if !passes_rate_limit(exec) {
        return Err(E::NetworkTxRateLimitExceeded.into());
    }
    let victim = prune::victim_if_full(exec.state, now)?;
    let lock = lock_cost(exec.state, now);
    if tao::coldkey_balance(exec.state, coldkey) < lock {
        return Err(E::CannotAffordLockCost.into());
    }
    let netuid = match victim {
        Some(netuid) => {
            prune::dissolve(exec, netuid)?;
            netuid
        }
        None => free_netuid(exec.state)?,
    };
    let median = median_price(exec.state);
    init_network(exec, netuid);
    let locked = tao::transfer_tao_to_subnet(exec, netuid, coldkey, lock)?;
    exec.state.globals_mut().network_last_lock_cost = locked;
    exec.state.last_rate_limited.insert(RateLimitKey::NetworkLastRegistered, now);
    delegates::create_account(exec, coldkey, hotkey)?;
    uids::append_neuron(exec.state.subnet_mut(netuid), hotkey, now);
    open_pool(exec.state, netuid, locked, median);
    own(exec, netuid, coldkey, hotkey, locked);
    if let Some(identity) = identity {
        super::identity::set_subnet(exec, netuid, identity)?;
    }
    children::adopt_owner_hotkey(exec, netuid, hotkey);
    exec.emit(Event::NetworkAdded(netuid, 1));
    exec.state.subnet_mut(netuid).params_mut().emission_enabled = false;
    Ok(())
}

fn check_hotkey(exec: &Exec<'_>, coldkey: &AccountId, hotkey: &AccountId) -> DispatchOutcome {
    if exec.state.owner_of(hotkey).is_some_and(|owner| owner != *coldkey) {
        return Err(E::NonAssociatedColdKey.into());
    }
    if tao::is_subnet_account(hotkey) {
        return Err(E::CannotUseSystemAccount.into());
    }
    Ok(())
}

/// The smallest number from 1 on that no subnet has.
fn free_netuid(state: &State) -> Result<NetUid, DispatchError> {
    (1..=u16::MAX)
        .map(NetUid)
        .find(|netuid| !state.subnet_exists(*netuid))
        .ok_or_else(|| E::SubnetLimitReached.into())
}

/// The median alpha price of the subnets that have one; one if none has.
fn median_price(state: &State) -> U64F64 {
    let mut prices: Vec<U64F64> = state
        .subnets
        .iter()
        .filter(|(netuid, subnet)| !netuid.is_root() && subnet.added)
        .map(|(netuid, _)| swap::price(state, *netuid))
        .filter(|price| !price.is_zero())
        .collect();
    prices.sort_unstable();
    let middle = prices.len().div_euclid(2);
    let at = |index: usize| prices.get(index).copied().unwrap_or(U64F64::ONE);
    if prices.is_empty() || prices.len().rem_euclid(2) == 1 {
        return at(middle);
    }
    at(middle.saturating_sub(1)).saturating_add(at(middle)).safe_div(U64F64::from_u64(2))
}

/// A subnet with the hyperparameters of a new one. What survives a dissolution is kept.
fn init_network(exec: &mut Exec<'_>, netuid: NetUid) {
    let (now, newborn) = (exec.now(), exec.newborn);
    let subnet = exec.state.subnet_mut(netuid);

    subnet.added = true;
    *subnet.params_mut() = Hyperparams {
        tempo: newborn.tempo,
        commit_reveal_weights_enabled: newborn.commit_reveal && subnet.params.commit_reveal_weights_enabled,
        max_allowed_uids: 256,
        max_allowed_validators: 64,
        min_allowed_weights: 1,
        immunity_period: 5_000,
        yuma3_on: true,
        emission_enabled: true,
        registration_allowed: true,
        ..subnet.params.as_ref().clone()
    };

    if !newborn.rate_limited {
        let params = subnet.params_mut();
        (params.weights_set_rate_limit, params.serving_rate_limit) = (0, 0);
    }

    let tempo = u64::from(subnet.params.tempo.max(1));
    subnet.schedule.last_epoch_block = now.saturating_sub(u64::from(netuid.number()).rem_euclid(tempo));
    subnet.registration.burn = Rao(TAO);
    subnet.registration.this_interval = 0;
    if subnet.mechanisms.is_empty() {
        subnet.mechanism_mut(0);
    }
    let (uids, validators) = (subnet.params.max_allowed_uids, subnet.params.max_allowed_validators);
    let (weights, immunity) = (subnet.params.min_allowed_weights, subnet.params.immunity_period);
    let networks = &mut exec.state.globals_mut().total_networks;
    *networks = networks.saturating_add(1);
    exec.emit(Event::RegistrationAllowed(netuid, true));
    exec.emit(Event::MaxAllowedUidsSet(netuid, uids));
    exec.emit(Event::MaxAllowedValidatorsSet(netuid, validators));
    exec.emit(Event::MinAllowedWeightSet(netuid, weights));
    exec.emit(Event::ImmunityPeriodSet(netuid, immunity));
}

/// The whole lock becomes the TAO of the pool; its alpha side follows the median price of the other subnets.
fn open_pool(state: &mut State, netuid: NetUid, locked: Rao, median: U64F64) {
    let tao = locked.max(state.globals.network_min_lock_cost);
    let alpha = AlphaRao(U64F64::from_u64(tao.get()).safe_div(median).to_u64());
    let mechanism = state.economics.pool.mechanism();
    let pool = &mut state.subnet_mut(netuid).pool;
    pool.mechanism = mechanism;
    pool.tao = tao;
    pool.alpha_in = alpha;
    pool.alpha_out = AlphaRao::ZERO;
    pool.volume = 0;
    let globals = state.globals_mut();
    globals.total_stake = globals.total_stake.saturating_add(tao);
}

fn own(exec: &mut Exec<'_>, netuid: NetUid, coldkey: &AccountId, hotkey: &AccountId, locked: Rao) {
    let now = exec.now();
    let symbol = symbols::next(exec.state, netuid);
    let subnet: &mut Subnet = exec.state.subnet_mut(netuid);
    subnet.schedule.registered_at = now;
    subnet.schedule.registered_counter = subnet.schedule.registered_counter.saturating_add(1);
    subnet.symbol = symbol;
    subnet.owner = *coldkey;
    subnet.owner_hotkey = *hotkey;
    subnet.has_owner = true;
    subnet.locked = locked;
    // What the lock exceeds the pool by; the pool takes it all.
    subnet.registration.rao_recycled = locked.saturating_sub(subnet.pool.tao);
    exec.emit(Event::SubnetOwnerHotkeySet(netuid, *hotkey));
}

fn start_call(exec: &mut Exec<'_>, who: &AccountId, netuid: NetUid) -> DispatchOutcome {
    let now = exec.now();
    let delay = exec.state.globals.start_call_delay;
    let subnet = exec.state.subnet(netuid).filter(|subnet| subnet.added).ok_or(E::SubnetNotExists)?;
    if subnet.owner != *who {
        return Err(DispatchError::BadOrigin);
    }
    if subnet.schedule.first_emission_block.is_some() {
        return Err(E::FirstEmissionBlockNumberAlreadySet.into());
    }
    if now < subnet.schedule.registered_at.saturating_add(delay) {
        return Err(E::NeedWaitingMoreBlocksToStarCall.into());
    }
    let first = now.saturating_add(1);
    let subnet = exec.state.subnet_mut(netuid);
    subnet.schedule.first_emission_block = Some(first);
    subnet.pool.subtoken_enabled = true;
    exec.emit(Event::FirstEmissionBlockNumberSet(netuid, first));
    Ok(())
}
