//! Weights that are committed first and revealed an epoch later.
//!
//! **Source**: spec/chain.md 9.3 to 9.6.

use super::not_modelled;
use super::weights::{self, Weights};
use crate::account::AccountId;
use crate::block::Hash;
use crate::call::subtensor::Call;
use crate::crypto::blake2_256;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::runtime::step::should_run_epoch;
use crate::state::{State, Subnet};
use crate::types::WeightCommit;
use crate::units::{BlockNumber, MechId, NetUid, NetUidStorageIndex, Uid};
use parity_scale_codec::Encode as _;
use std::collections::VecDeque;

/// Most commits of a hotkey that wait.
const UNREVEALED_MAX: usize = 10;
/// Longest timelocked commit, bytes.
const COMMIT_BYTES_MAX: usize = 5_000;

/// What a reveal must repeat.
#[derive(Clone, Copy, Debug)]
struct Reveal<'a> {
    weights: Weights<'a>,
    salt: &'a [u16],
}

impl Reveal<'_> {
    /// The hash that the hotkey must have committed.
    fn hash(&self, who: &AccountId) -> Hash {
        let Weights { netuid, mechid, uids, values, version_key } = self.weights;
        let index = NetUidStorageIndex::new(netuid, mechid);
        blake2_256(&(who, index, uids, values, self.salt, version_key).encode())
    }
}

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let who = origin.signed()?;
    match call {
        Call::CommitWeights { netuid, commit_hash } => commit(exec, &who, *netuid, 0, *commit_hash),
        Call::CommitMechanismWeights { netuid, mecid, commit_hash } => {
            commit(exec, &who, *netuid, *mecid, *commit_hash)
        }
        Call::CommitTimelockedWeights { netuid, commit, reveal_round, commit_reveal_version } => {
            timelock(exec, &who, (*netuid, 0), commit, *reveal_round, *commit_reveal_version)
        }
        Call::CommitTimelockedMechanismWeights {
            netuid,
            mecid,
            commit,
            reveal_round,
            commit_reveal_version,
        } => timelock(exec, &who, (*netuid, *mecid), commit, *reveal_round, *commit_reveal_version),
        Call::CommitCrv3MechanismWeights { netuid, mecid, commit, reveal_round } => {
            timelock(exec, &who, (*netuid, *mecid), commit, *reveal_round, 4)
        }
        Call::BatchRevealWeights { netuid, .. } => batch_reveal(exec, &who, *netuid, &reveals(call)),
        Call::RevealWeights { .. } | Call::RevealMechanismWeights { .. } => match reveals(call).as_slice() {
            [one] => reveal(exec, &who, *one),
            _ => Err(E::InputLengthsUnequal.into()),
        },
        _ => not_modelled("SubtensorModule", call),
    }
}

/// What a call reveals; nothing for other calls.
fn reveals(call: &Call) -> Vec<Reveal<'_>> {
    match call {
        Call::RevealWeights { netuid, uids, values, salt, version_key } => {
            let weights = Weights { netuid: *netuid, mechid: 0, uids, values, version_key: *version_key };
            vec![Reveal { weights, salt }]
        }
        Call::RevealMechanismWeights { netuid, mecid, uids, values, salt, version_key } => {
            let weights =
                Weights { netuid: *netuid, mechid: *mecid, uids, values, version_key: *version_key };
            vec![Reveal { weights, salt }]
        }
        Call::BatchRevealWeights { netuid, uids_list, values_list, salts_list, version_keys } => uids_list
            .iter()
            .zip(values_list)
            .zip(salts_list)
            .zip(version_keys)
            .map(|(((uids, values), salt), key)| Reveal {
                weights: Weights { netuid: *netuid, mechid: 0, uids, values, version_key: *key },
                salt,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Before dispatch a reveal must name a commit of its own that may be revealed now.
///
/// # Errors
/// `NoWeightsCommitFound`, `RevealTooEarly` (too late as well).
pub(crate) fn guard(exec: &Exec<'_>, who: &AccountId, call: &Call) -> DispatchOutcome {
    for reveal in reveals(call) {
        let Weights { netuid, mechid, .. } = reveal.weights;
        let hash = reveal.hash(who);
        let queue = queue(exec.state, netuid, mechid, who).ok_or(E::NoWeightsCommitFound)?;
        let found = queue.iter().find(|row| row.0 == hash).ok_or(E::NoWeightsCommitFound)?;
        let Some(subnet) = exec.state.subnet(netuid) else { return Err(E::NoWeightsCommitFound.into()) };
        if !may_reveal(subnet, found.1, exec.now()) {
            return Err(E::RevealTooEarly.into());
        }
    }
    Ok(())
}

fn queue<'s>(
    state: &'s State,
    netuid: NetUid,
    mechid: MechId,
    who: &AccountId,
) -> Option<&'s VecDeque<WeightCommit>> {
    state.subnet(netuid)?.mechanisms.get(usize::from(mechid))?.weight_commits.get(who)
}

/// The epoch that counts for commits: the one about to run counts already.
fn commit_epoch(subnet: &Subnet, now: BlockNumber) -> u64 {
    subnet.schedule.epoch_index.saturating_add(u64::from(should_run_epoch(subnet, now)))
}

/// A commit may be revealed in exactly one epoch.
fn may_reveal(subnet: &Subnet, epoch: u64, now: BlockNumber) -> bool {
    commit_epoch(subnet, now) == epoch.saturating_add(subnet.params.reveal_period_epochs)
}

fn is_expired(subnet: &Subnet, epoch: u64, now: BlockNumber) -> bool {
    commit_epoch(subnet, now) > epoch.saturating_add(subnet.params.reveal_period_epochs)
}

/// What every commit must satisfy; gives the uid.
fn check_commit(
    exec: &Exec<'_>,
    who: &AccountId,
    netuid: NetUid,
    mechid: MechId,
) -> Result<Uid, DispatchError> {
    let subnet = weights::mechanism_exists(exec.state, netuid, mechid)?;
    if !subnet.params.commit_reveal_weights_enabled {
        return Err(E::CommitRevealDisabled.into());
    }
    let uid = subnet.neurons.uid_of(who).ok_or(E::HotKeyNotRegisteredInSubNet)?;
    if !weights::passes_rate_limit(exec, netuid, mechid, uid) {
        return Err(E::CommittingWeightsTooFast.into());
    }
    Ok(uid)
}

fn commit(
    exec: &mut Exec<'_>,
    who: &AccountId,
    netuid: NetUid,
    mechid: MechId,
    hash: Hash,
) -> DispatchOutcome {
    let uid = check_commit(exec, who, netuid, mechid)?;
    let now = exec.now();
    drop_expired(exec, who, netuid, mechid);
    let subnet = exec.state.subnet_mut(netuid);
    let epoch = commit_epoch(subnet, now);
    let mechanism = subnet.mechanism_mut(mechid);
    let queue = mechanism.weight_commits.entry(*who).or_default();
    if queue.len() >= UNREVEALED_MAX {
        return Err(E::TooManyUnrevealedCommits.into());
    }
    queue.push_back((hash, epoch, now, 0));
    touch(exec, netuid, mechid, uid);
    exec.emit(Event::WeightsCommitted(*who, NetUidStorageIndex::new(netuid, mechid), hash));
    Ok(())
}

fn timelock(
    exec: &mut Exec<'_>,
    who: &AccountId,
    (netuid, mechid): (NetUid, MechId),
    bytes: &[u8],
    round: u64,
    version: u16,
) -> DispatchOutcome {
    if version != exec.state.globals.commit_reveal_weights_version {
        return Err(E::IncorrectCommitRevealVersion.into());
    }
    if bytes.len() > COMMIT_BYTES_MAX {
        return Err(E::InvalidValue.into());
    }
    let uid = check_commit(exec, who, netuid, mechid)?;
    let now = exec.now();
    let subnet = exec.state.subnet_mut(netuid);
    let epoch = commit_epoch(subnet, now);
    let queue = subnet.mechanism_mut(mechid).timelocked_commits.entry(epoch).or_default();
    if queue.iter().filter(|row| row.0 == *who).count() >= UNREVEALED_MAX {
        return Err(E::TooManyUnrevealedCommits.into());
    }
    queue.push_back((*who, now, bytes.to_vec(), round));
    touch(exec, netuid, mechid, uid);
    let index = NetUidStorageIndex::new(netuid, mechid);
    exec.emit(Event::TimelockedWeightsCommitted(*who, index, blake2_256(bytes), round));
    Ok(())
}

/// A commit counts as an update of weights.
fn touch(exec: &mut Exec<'_>, netuid: NetUid, mechid: MechId, uid: Uid) {
    let now = exec.now();
    let mechanism = exec.state.subnet_mut(netuid).mechanism_mut(mechid);
    if let Some(cell) = mechanism.last_update.get_mut(usize::from(uid)) {
        *cell = now;
    }
}

/// Removes expired commits from the front and returns their hashes.
fn drop_expired(exec: &mut Exec<'_>, who: &AccountId, netuid: NetUid, mechid: MechId) -> Vec<Hash> {
    let now = exec.now();
    let Some(subnet) = exec.state.subnet(netuid) else { return Vec::new() };
    let Some(rows) = queue(exec.state, netuid, mechid, who) else { return Vec::new() };
    let expired: Vec<Hash> =
        rows.iter().take_while(|row| is_expired(subnet, row.1, now)).map(|row| row.0).collect();
    if !expired.is_empty() {
        let commits = &mut exec.state.subnet_mut(netuid).mechanism_mut(mechid).weight_commits;
        if let Some(queue) = commits.get_mut(who) {
            queue.drain(..expired.len());
        }
    }
    expired
}

/// The place of a commit in the queue.
fn find(
    exec: &Exec<'_>,
    who: &AccountId,
    reveal: &Reveal<'_>,
    hash: Hash,
    expired: &[Hash],
) -> Result<usize, DispatchError> {
    let Weights { netuid, mechid, .. } = reveal.weights;
    let missing = |error: E| if expired.contains(&hash) { E::ExpiredWeightCommit } else { error };
    let rows = queue(exec.state, netuid, mechid, who).filter(|rows| !rows.is_empty());
    let rows = rows.ok_or_else(|| missing(E::NoWeightsCommitFound))?;
    let place = rows
        .iter()
        .position(|row| row.0 == hash)
        .ok_or_else(|| missing(E::InvalidRevealCommitHashNotMatch))?;
    let epoch = rows.get(place).map_or(0, |row| row.1);
    let subnet = exec.state.subnet(netuid).ok_or(E::SubnetNotExists)?;
    if !may_reveal(subnet, epoch, exec.now()) {
        return Err(E::RevealTooEarly.into());
    }
    Ok(place)
}

/// Removes a commit, with `older` all before it too; an empty queue loses its row.
fn take(exec: &mut Exec<'_>, who: &AccountId, netuid: NetUid, mechid: MechId, place: usize, older: bool) {
    let commits = &mut exec.state.subnet_mut(netuid).mechanism_mut(mechid).weight_commits;
    let Some(queue) = commits.get_mut(who) else { return };
    if older {
        queue.drain(..=place);
    } else {
        queue.remove(place);
    }
    if queue.is_empty() {
        commits.remove(who);
    }
}

fn reveal(exec: &mut Exec<'_>, who: &AccountId, reveal: Reveal<'_>) -> DispatchOutcome {
    let Weights { netuid, mechid, .. } = reveal.weights;
    if !weights::mechanism_exists(exec.state, netuid, mechid)?.params.commit_reveal_weights_enabled {
        return Err(E::CommitRevealDisabled.into());
    }
    let expired = drop_expired(exec, who, netuid, mechid);
    let hash = reveal.hash(who);
    let place = find(exec, who, &reveal, hash, &expired)?;
    take(exec, who, netuid, mechid, place, true);
    weights::set_weights(exec, who, reveal.weights)?;
    exec.emit(Event::WeightsRevealed(*who, NetUidStorageIndex::new(netuid, mechid), hash));
    Ok(())
}

fn batch_reveal(
    exec: &mut Exec<'_>,
    who: &AccountId,
    netuid: NetUid,
    reveals: &[Reveal<'_>],
) -> DispatchOutcome {
    if !weights::mechanism_exists(exec.state, netuid, 0)?.params.commit_reveal_weights_enabled {
        return Err(E::CommitRevealDisabled.into());
    }
    let expired = drop_expired(exec, who, netuid, 0);
    let mut hashes = Vec::with_capacity(reveals.len());
    for reveal in reveals {
        let hash = reveal.hash(who);
        find(exec, who, reveal, hash, &expired)?;
        hashes.push(hash);
    }
    for (reveal, hash) in reveals.iter().zip(&hashes) {
        let place = find(exec, who, reveal, *hash, &expired)?;
        take(exec, who, netuid, 0, place, false);
        weights::set_weights(exec, who, reveal.weights)?;
    }
    exec.emit(Event::WeightsBatchRevealed(*who, netuid, hashes));
    Ok(())
}
