//! Weights that are committed first and revealed an epoch later.
//!
//! **Source**: spec/chain.md 9.3 to 9.6.

use super::weights::{self, Weights};
use super::{not_modelled, uids, weights_batch};
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
    let signer = |exec: &Exec<'_>, netuid, mechid| -> Result<AccountId, DispatchError> {
        weights::mechanism_exists(exec.state, netuid, mechid)?;
        origin.signed()
    };
    match call {
        Call::CommitWeights { netuid, commit_hash } => {
            commit(exec, &signer(exec, *netuid, 0)?, *netuid, 0, *commit_hash)
        }
        Call::CommitMechanismWeights { netuid, mecid, commit_hash } => {
            commit(exec, &signer(exec, *netuid, *mecid)?, *netuid, *mecid, *commit_hash)
        }
        Call::CommitTimelockedWeights { netuid, commit, reveal_round, commit_reveal_version } => {
            let who = signer(exec, *netuid, 0)?;
            timelock(exec, &who, (*netuid, 0), commit, *reveal_round, *commit_reveal_version)
        }
        Call::CommitTimelockedMechanismWeights {
            netuid,
            mecid,
            commit,
            reveal_round,
            commit_reveal_version,
        } => {
            let who = signer(exec, *netuid, *mecid)?;
            timelock(exec, &who, (*netuid, *mecid), commit, *reveal_round, *commit_reveal_version)
        }
        Call::CommitCrv3MechanismWeights { netuid, mecid, commit, reveal_round } => {
            let who = signer(exec, *netuid, *mecid)?;
            timelock(exec, &who, (*netuid, *mecid), commit, *reveal_round, 4)
        }
        Call::BatchRevealWeights { netuid, .. } => {
            weights_batch::check_lengths(call)?;
            batch_reveal(exec, &origin.signed()?, *netuid, &reveals(call))
        }
        Call::RevealWeights { .. } | Call::RevealMechanismWeights { .. } => match reveals(call).as_slice() {
            [one] => reveal(exec, &origin.signed()?, *one),
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

/// Before dispatch a reveal must name a commit that may be revealed now, and a timelocked commit must not name a round
/// that is older than the last one known.
///
/// # Errors
/// `NoWeightsCommitFound`, `RevealTooEarly` (too late as well), `InvalidRevealRound`.
pub(crate) fn guard(exec: &Exec<'_>, who: &AccountId, call: &Call) -> DispatchOutcome {
    if let Call::CommitTimelockedWeights { reveal_round, .. }
    | Call::CommitTimelockedMechanismWeights { reveal_round, .. }
    | Call::CommitCrv3MechanismWeights { reveal_round, .. } = call
        && *reveal_round < exec.state.drand.last_stored_round
    {
        return Err(E::InvalidRevealRound.into());
    }
    let reveals = reveals(call);
    let mut epochs = Vec::with_capacity(reveals.len());
    for reveal in &reveals {
        let epoch = commit_epoch_of(exec.state, &reveal.hash(who)).ok_or(E::NoWeightsCommitFound)?;
        epochs.push((reveal.weights.netuid, epoch));
    }
    let (now, none) = (exec.now(), Subnet::default());
    let ripe = |(netuid, epoch): &(NetUid, u64)| {
        may_reveal(exec.state.subnet(*netuid).unwrap_or(&none), *epoch, now)
    };
    if epochs.iter().all(ripe) { Ok(()) } else { Err(E::RevealTooEarly.into()) }
}

/// The epoch of the first commit with a hash, anyone's on any subnet: the chain looks no further. First is the one
/// whose key comes first in storage.
fn commit_epoch_of(state: &State, hash: &Hash) -> Option<u64> {
    let mut found: Vec<(NetUidStorageIndex, &AccountId, u64)> = Vec::new();
    for (netuid, subnet) in state.subnets.iter() {
        for (mechid, mechanism) in (0..).zip(&subnet.mechanisms) {
            for (who, queue) in &mechanism.weight_commits {
                if let Some(row) = queue.iter().find(|row| row.0 == *hash) {
                    found.push((NetUidStorageIndex::new(*netuid, mechid), who, row.1));
                }
            }
        }
    }
    let place = |bytes: &[u8]| twox_hash::XxHash64::oneshot(0, bytes).to_le_bytes();
    found.sort_by_key(|(index, who, _)| (place(&index.encode()), place(who.bytes())));
    found.first().map(|(_, _, epoch)| *epoch)
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
pub(crate) fn commit_epoch(subnet: &Subnet, now: BlockNumber) -> u64 {
    subnet.schedule.epoch_index.saturating_add(u64::from(should_run_epoch(subnet, now)))
}

/// A commit may be revealed in exactly one epoch.
fn may_reveal(subnet: &Subnet, epoch: u64, now: BlockNumber) -> bool {
    commit_epoch(subnet, now) == epoch.saturating_add(subnet.params.reveal_period_epochs)
}

fn is_expired(subnet: &Subnet, epoch: u64, now: BlockNumber) -> bool {
    commit_epoch(subnet, now) > epoch.saturating_add(subnet.params.reveal_period_epochs)
}

/// What every commit must satisfy; gives the uid. A timelocked one says its version.
fn check_commit(
    exec: &Exec<'_>,
    who: &AccountId,
    (netuid, mechid): (NetUid, MechId),
    version: Option<u16>,
) -> Result<Uid, DispatchError> {
    let subnet = weights::mechanism_exists(exec.state, netuid, mechid)?;
    if !subnet.params.commit_reveal_weights_enabled {
        return Err(E::CommitRevealDisabled.into());
    }
    if version.is_some_and(|version| version != exec.state.globals.commit_reveal_weights_version) {
        return Err(E::IncorrectCommitRevealVersion.into());
    }
    let uid = subnet.neurons.uid_of(who).ok_or(E::HotKeyNotRegisteredInSubNet)?;
    if !weights::passes_rate_limit(exec, netuid, mechid, uid) {
        return Err(E::CommittingWeightsTooFast.into());
    }
    Ok(uid)
}

/// Commits the hash of weights.
///
/// # Errors
/// In the chain's order.
pub(crate) fn commit(
    exec: &mut Exec<'_>,
    who: &AccountId,
    netuid: NetUid,
    mechid: MechId,
    hash: Hash,
) -> DispatchOutcome {
    let uid = check_commit(exec, who, (netuid, mechid), None)?;
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
    // On chain such bytes are no call at all.
    if bytes.len() > COMMIT_BYTES_MAX {
        return Err(E::InvalidValue.into());
    }
    let uid = check_commit(exec, who, (netuid, mechid), Some(version))?;
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
    uids::set_last_update(exec.state.subnet_mut(netuid), mechid, uid, now);
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

/// # Errors
/// `CommitRevealDisabled`.
fn check_reveals(exec: &Exec<'_>, netuid: NetUid) -> DispatchOutcome {
    let enabled = |subnet: &Subnet| subnet.params.commit_reveal_weights_enabled;
    if exec.state.subnet(netuid).is_none_or(enabled) { Ok(()) } else { Err(E::CommitRevealDisabled.into()) }
}

fn reveal(exec: &mut Exec<'_>, who: &AccountId, reveal: Reveal<'_>) -> DispatchOutcome {
    let Weights { netuid, mechid, .. } = reveal.weights;
    check_reveals(exec, netuid)?;
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
    check_reveals(exec, netuid)?;
    queue(exec.state, netuid, 0, who).ok_or(E::NoWeightsCommitFound)?;
    let expired = drop_expired(exec, who, netuid, 0);
    let mut hashes = Vec::with_capacity(reveals.len());
    for reveal in reveals {
        let hash = reveal.hash(who);
        find_of_batch(exec, who, reveal, hash, &expired)?;
        hashes.push(hash);
    }
    for (reveal, hash) in reveals.iter().zip(&hashes) {
        let place = find_of_batch(exec, who, reveal, *hash, &expired)?;
        take(exec, who, netuid, 0, place, false);
        weights::set_weights(exec, who, reveal.weights)?;
    }
    drop_empty(exec, who, netuid);
    exec.emit(Event::WeightsBatchRevealed(*who, netuid, hashes));
    Ok(())
}

/// As [`find`], but an empty queue has nothing that would match.
fn find_of_batch(
    exec: &Exec<'_>,
    who: &AccountId,
    reveal: &Reveal<'_>,
    hash: Hash,
    expired: &[Hash],
) -> Result<usize, DispatchError> {
    find(exec, who, reveal, hash, expired).map_err(|error| {
        let nothing = DispatchError::from(E::NoWeightsCommitFound);
        if error == nothing { E::InvalidRevealCommitHashNotMatch.into() } else { error }
    })
}

/// A queue that only held what has expired loses its row.
fn drop_empty(exec: &mut Exec<'_>, who: &AccountId, netuid: NetUid) {
    if queue(exec.state, netuid, 0, who).is_some_and(VecDeque::is_empty) {
        exec.state.subnet_mut(netuid).mechanism_mut(0).weight_commits.remove(who);
    }
}
