//! The root network: who sits on it, and how its dividends are claimed.
//!
//! **Source**: spec/chain.md 6.10, 8.3.

use super::{delegates, not_modelled, owner, uids};
use crate::account::AccountId;
use crate::call::Weight;
use crate::call::subtensor::Call;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::math::fixed::I96F32;
use crate::runtime::dispatch::Origin;
use crate::runtime::step::claims;
use crate::runtime::weights::READ;
use crate::runtime::{Exec, PostInfo, shares};
use crate::state::State;
use crate::units::{AlphaRao, NetUid, Uid};
use std::collections::{BTreeMap, BTreeSet};

/// Take of a hotkey that joins root without one, a share of 65,535: 18 %.
const ROOT_TAKE: u16 = 11_796;
/// Most claims of coldkeys per block.
const NUM_ROOT_CLAIM_MAX: u64 = 50;
/// Largest threshold below which a claim waits.
const THRESHOLD_MAX: u64 = 10_000_000;
/// Most subnets that one call claims.
const CLAIM_SUBNETS_MAX: usize = 5;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::RootRegister { hotkey } => root_register(exec, &origin.signed()?, hotkey),
        Call::ClaimRoot { subnets } => claim_root(exec, &origin.signed()?, subnets),
        Call::SetRootClaimType { new_root_claim_type } => {
            let who = origin.signed()?;
            claims::set_claim_type(exec, &who, new_root_claim_type.clone())?;
            claims::add_to_index(exec.state, &who);
            Ok(())
        }
        Call::SudoSetNumRootClaims { new_value } => {
            origin.root()?;
            if *new_value > NUM_ROOT_CLAIM_MAX {
                return Err(E::InvalidNumRootClaim.into());
            }
            exec.state.globals_mut().num_root_claim = *new_value;
            Ok(())
        }
        Call::SudoSetRootClaimThreshold { netuid, new_value } => {
            set_threshold(exec, origin, *netuid, *new_value)
        }
        _ => not_modelled("SubtensorModule", call),
    }
}

fn root_register(exec: &mut Exec<'_>, who: &AccountId, hotkey: &AccountId) -> DispatchOutcome {
    let root = exec.state.subnet(NetUid::ROOT).filter(|root| root.added).ok_or(E::RootNetworkDoesNotExist)?;
    let (params, registration) = (&root.params, &root.registration);
    if registration.this_block >= params.max_registrations_per_block {
        return Err(E::TooManyRegistrationsThisBlock.into());
    }
    if registration.this_interval >= params.target_registrations_per_interval.saturating_mul(3) {
        return Err(E::TooManyRegistrationsThisInterval.into());
    }
    if root.neurons.uid_of(hotkey).is_some() {
        return Err(E::HotKeyAlreadyRegisteredInSubNet.into());
    }
    delegates::create_account(exec, who, hotkey)?;
    let uid = take_seat(exec, hotkey)?;
    // As a member of root, whatever the default is now.
    exec.state.hotkey_mut(hotkey).take.get_or_insert(ROOT_TAKE);
    let registration = &mut exec.state.subnet_mut(NetUid::ROOT).registration;
    registration.this_interval = registration.this_interval.saturating_add(1);
    registration.this_block = registration.this_block.saturating_add(1);
    exec.emit(Event::NeuronRegistered(NetUid::ROOT, uid, *hotkey));
    Ok(())
}

/// A free seat, or that of the member with the least root stake if the newcomer has more.
fn take_seat(exec: &mut Exec<'_>, hotkey: &AccountId) -> Result<Uid, DispatchError> {
    let now = exec.now();
    let root = exec.state.subnet(NetUid::ROOT).ok_or(E::RootNetworkDoesNotExist)?;
    if root.neurons.n() < usize::from(root.params.max_allowed_uids) {
        return Ok(uids::append_neuron(exec.state.subnet_mut(NetUid::ROOT), hotkey, now));
    }
    let stake = |hotkey: &AccountId| shares::hotkey_stake(exec.state, hotkey, NetUid::ROOT);
    let weakest = root.neurons.keys.iter().zip(0..).map(|(key, uid)| (stake(key), uid)).min();
    let (least, uid): (_, Uid) = weakest.ok_or(E::NoNeuronIdAvailable)?;
    if least >= stake(hotkey) {
        return Err(E::StakeTooLowForRoot.into());
    }
    uids::replace_neuron(exec.state, NetUid::ROOT, uid, hotkey, now);
    Ok(uid)
}

fn claim_root(exec: &mut Exec<'_>, who: &AccountId, subnets: &BTreeSet<NetUid>) -> DispatchOutcome {
    if subnets.is_empty() || subnets.len() > CLAIM_SUBNETS_MAX {
        return Err(E::InvalidSubnetNumber.into());
    }
    let weight = claim_weight(exec.state, who, subnets);
    claims::claim(exec, who, Some(subnets))?;
    claims::add_to_index(exec.state, who);
    exec.post = PostInfo::weighed(weight);
    Ok(())
}

/// Weight of a claim after dispatch: a read of the hotkeys, three for each of them, and the claims on each subnet.
fn claim_weight(state: &State, who: &AccountId, subnets: &BTreeSet<NetUid>) -> Weight {
    const CLAIM: Weight = Weight::new(735_000_000, 6_987);
    let hotkeys = state.coldkey(who).map(|row| row.staking_hotkeys.as_slice()).unwrap_or_default();
    hotkeys.iter().fold(READ, |sum, hotkey| {
        let rates = state.hotkey(hotkey).map(|row| &row.root_claimable);
        let owed =
            rates.into_iter().flat_map(BTreeMap::keys).filter(|netuid| subnets.contains(&NetUid(**netuid)));
        owed.fold(sum.plus(READ.times(3)), |sum, _| sum.plus(CLAIM))
    })
}

fn set_threshold(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, value: u64) -> DispatchOutcome {
    owner::check_owner_or_root(exec, origin, netuid, &[])?;
    if value > THRESHOLD_MAX {
        return Err(E::InvalidRootClaimThreshold.into());
    }
    exec.state.subnet_mut(netuid).params_mut().root_claimable_threshold = I96F32::saturating_from_u64(value);
    Ok(())
}

/// Root stake that comes late has no claim on what was earned before.
pub(crate) fn stake_added(exec: &mut Exec<'_>, hotkey: &AccountId, coldkey: &AccountId, amount: AlphaRao) {
    claims::adjust_added(exec.state, hotkey, coldkey, amount);
    claims::add_to_index(exec.state, coldkey);
}

/// Root stake that leaves takes its claimed part along; a coldkey without root stake is claimed for no more.
pub(crate) fn stake_removed(exec: &mut Exec<'_>, hotkey: &AccountId, coldkey: &AccountId, amount: AlphaRao) {
    claims::adjust_removed(exec.state, hotkey, coldkey, amount);
    claims::remove_from_index_without_stake(exec.state, coldkey);
}
