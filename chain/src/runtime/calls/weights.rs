//! Weights: what a validator thinks of the others.
//!
//! **Source**: spec/chain.md 9.1.

use super::{not_modelled, uids};
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::economics::EmissionRule;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::math::fixed::I32F32;
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, stake_weight};
use crate::state::{State, Subnet};
use crate::units::{MechId, NetUid, NetUidStorageIndex, Uid};
use std::sync::Arc;

/// The weights of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights<'a> {
    /// Which subnet.
    pub netuid: NetUid,
    /// Which of its mechanisms.
    pub mechid: MechId,
    /// To whom.
    pub uids: &'a [Uid],
    /// How much.
    pub values: &'a [u16],
    /// Version of the validator's software.
    pub version_key: u64,
}

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let weights = match call {
        Call::SetWeights { netuid, dests, weights, version_key } => {
            Weights { netuid: *netuid, mechid: 0, uids: dests, values: weights, version_key: *version_key }
        }
        Call::SetMechanismWeights { netuid, mecid, dests, weights, version_key } => Weights {
            netuid: *netuid,
            mechid: *mecid,
            uids: dests,
            values: weights,
            version_key: *version_key,
        },
        _ => return not_modelled("SubtensorModule", call),
    };
    if commit_reveal_enabled(exec.state, weights.netuid) {
        return Err(E::CommitRevealEnabled.into());
    }
    set_weights(exec, &origin.signed()?, weights)
}

/// Whether weights of a subnet must be committed before they are revealed; so by default. Votes are open.
pub(crate) fn commit_reveal_enabled(state: &State, netuid: NetUid) -> bool {
    state.subnet(netuid).is_none_or(|subnet| subnet.params.commit_reveal_weights_enabled)
        && !are_votes(state, netuid)
}

/// Whether weights are votes of root's members on subnets, as in the root era.
fn are_votes(state: &State, netuid: NetUid) -> bool {
    netuid.is_root() && state.economics.emission == EmissionRule::RootVotes
}

/// Whether enough blocks have passed since the uid last set or committed weights.
pub(crate) fn passes_rate_limit(exec: &Exec<'_>, netuid: NetUid, mechid: MechId, uid: Uid) -> bool {
    let Some(subnet) = exec.state.subnet(netuid) else { return false };
    let mechanism = subnet.mechanisms.get(usize::from(mechid));
    let last = mechanism.and_then(|mechanism| mechanism.last_update.get(usize::from(uid))).copied();
    let last = last.unwrap_or(0);
    last == 0 || exec.now().saturating_sub(last) >= subnet.params.weights_set_rate_limit
}

/// The subnet, if it has such a mechanism.
///
/// # Errors
/// `MechanismDoesNotExist`.
pub(crate) fn mechanism_exists(
    state: &State,
    netuid: NetUid,
    mechid: MechId,
) -> Result<&Subnet, DispatchError> {
    state
        .subnet(netuid)
        .filter(|subnet| subnet.added && mechid < subnet.params.mechanism_count)
        .ok_or_else(|| E::MechanismDoesNotExist.into())
}

/// Stores weights of a hotkey: set by itself, or revealed.
///
/// # Errors
/// In the chain's order.
pub(crate) fn set_weights(exec: &mut Exec<'_>, hotkey: &AccountId, weights: Weights<'_>) -> DispatchOutcome {
    let uid = check(exec, hotkey, &weights)?;
    let row: Vec<(Uid, u16)> = weights.uids.iter().copied().zip(upscale_to_max(weights.values)).collect();
    let now = exec.now();
    let Weights { netuid, mechid, .. } = weights;
    let committed = commit_reveal_enabled(exec.state, netuid);
    let mechanism = exec.state.subnet_mut(netuid).mechanism_mut(mechid);
    let index = usize::from(uid);
    if mechanism.weights.len() <= index {
        mechanism.weights.resize(index.saturating_add(1), Arc::default());
    }
    if let Some(cell) = mechanism.weights.get_mut(index) {
        *cell = Arc::new(row);
    }
    if !committed {
        uids::set_last_update(exec.state.subnet_mut(netuid), mechid, uid, now);
    }
    exec.emit(Event::WeightsSet(NetUidStorageIndex::new(netuid, mechid), uid));
    Ok(())
}

fn check(exec: &Exec<'_>, hotkey: &AccountId, weights: &Weights<'_>) -> Result<Uid, DispatchError> {
    let Weights { netuid, mechid, uids, values, version_key } = *weights;
    if are_votes(exec.state, netuid) {
        return check_votes(exec, hotkey, weights);
    }
    if netuid.is_root() {
        return Err(E::CanNotSetRootNetworkWeights.into());
    }
    if uids.len() != values.len() {
        return Err(E::WeightVecNotEqualSize.into());
    }
    let subnet = mechanism_exists(exec.state, netuid, mechid)?;
    let n = subnet.neurons.n();
    if uids.len() > n {
        return Err(E::UidsLengthExceedUidsInSubNet.into());
    }
    let uid = subnet.neurons.uid_of(hotkey).ok_or(E::HotKeyNotRegisteredInSubNet)?;
    if !stake_weight::check_weights_min_stake(exec.state, hotkey, netuid) {
        return Err(E::NotEnoughStakeToSetWeights.into());
    }
    let required = subnet.params.weights_version_key;
    if required != 0 && version_key < required {
        return Err(E::IncorrectWeightVersionKey.into());
    }
    if !subnet.params.commit_reveal_weights_enabled && !passes_rate_limit(exec, netuid, mechid, uid) {
        return Err(E::SettingWeightsTooFast.into());
    }
    let is_self_weight = uids == [uid];
    let owner = subnet.has_owner && subnet.owner_hotkey == *hotkey;
    let permit = subnet.neurons.validator_permit.get(usize::from(uid)).copied().unwrap_or(false);
    if !is_self_weight && !owner && !permit {
        return Err(E::NeuronNoValidatorPermit.into());
    }
    check_uids(uids, n)?;
    let least = usize::from(subnet.params.min_allowed_weights).min(n);
    if uids.len() < least && !is_self_weight {
        return Err(E::WeightVecLengthIsLow.into());
    }
    Ok(uid)
}

/// A member of root names subnets where others name uids.
fn check_votes(exec: &Exec<'_>, hotkey: &AccountId, votes: &Weights<'_>) -> Result<Uid, DispatchError> {
    let Weights { netuid, mechid, uids: subnets, values, .. } = *votes;
    if subnets.len() != values.len() {
        return Err(E::WeightVecNotEqualSize.into());
    }
    let root = mechanism_exists(exec.state, netuid, mechid)?;
    let uid = root.neurons.uid_of(hotkey).ok_or(E::HotKeyNotRegisteredInSubNet)?;
    if !stake_weight::check_weights_min_stake(exec.state, hotkey, netuid) {
        return Err(E::NotEnoughStakeToSetWeights.into());
    }
    if !passes_rate_limit(exec, netuid, mechid, uid) {
        return Err(E::SettingWeightsTooFast.into());
    }
    if has_duplicates(subnets) {
        return Err(E::DuplicateUids.into());
    }
    let exists = |subnet: &u16| *subnet != 0 && exec.state.subnet_exists(NetUid(*subnet));
    if !subnets.iter().all(exists) {
        return Err(E::UidVecContainInvalidOne.into());
    }
    Ok(uid)
}

fn has_duplicates(uids: &[Uid]) -> bool {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).any(|pair| pair.first() == pair.get(1))
}

fn check_uids(uids: &[Uid], n: usize) -> DispatchOutcome {
    let mut seen = vec![false; n];
    let mut invalid = false;
    for uid in uids {
        match seen.get_mut(usize::from(*uid)) {
            Some(true) => return Err(E::DuplicateUids.into()),
            Some(cell) => *cell = true,
            None => invalid = true,
        }
    }
    if !invalid {
        return Ok(());
    }
    // Duplicates are looked for first, among uids that do not exist too.
    Err(if has_duplicates(uids) { E::DuplicateUids } else { E::UidVecContainInvalidOne }.into())
}

/// Scales values so that the largest is 65,535, in 32-bit fixed point as the chain does.
pub fn upscale_to_max(values: &[u16]) -> Vec<u16> {
    let fixed = |value: u16| I32F32::saturating_from_u64(value.into());
    let max = values.iter().copied().max().unwrap_or(0);
    let full = fixed(u16::MAX);
    if max == 0 {
        return values.to_vec();
    }
    let scale = |value: u16| {
        if max > 32_768 {
            fixed(value).saturating_mul(full.safe_div(fixed(max)))
        } else {
            fixed(value).saturating_mul(full).safe_div(fixed(max))
        }
    };
    values.iter().map(|value| round(scale(*value))).collect()
}

/// To the nearest integer, halves upwards.
fn round(value: I32F32) -> u16 {
    let half = I32F32::from_bits(1 << 31);
    u16::try_from(value.saturating_add(half).to_u64()).unwrap_or(u16::MAX)
}
