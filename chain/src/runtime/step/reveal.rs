//! Timelocked weights become readable when their drand round is known.
//!
//! **Source**: spec/chain.md 9.6.

use super::epochs_deferred;
use crate::account::AccountId;
use crate::drand;
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::Exec;
use crate::runtime::calls::commit_reveal::commit_epoch;
use crate::runtime::calls::weights::{self, Weights};
use crate::types::TimelockedCommit;
use crate::units::{MechId, NetUid, NetUidStorageIndex, Uid};
use parity_scale_codec::Decode;
use std::collections::{BTreeSet, VecDeque};

/// What a client encrypts.
#[derive(Decode)]
struct Payload {
    hotkey: Vec<u8>,
    uids: Vec<Uid>,
    values: Vec<u16>,
    version_key: u64,
}

/// What clients encrypted before the hotkey was part of it.
#[derive(Decode)]
struct LegacyPayload {
    uids: Vec<Uid>,
    values: Vec<u16>,
    version_key: u64,
}

/// Reveals the timelocked commits whose time has come, before the coinbase, so that an epoch of this block counts
/// them. A commit whose round is not known waits; one that cannot be opened or whose weights are refused is dropped.
pub(super) fn reveal_timelocked(exec: &mut Exec<'_>) {
    let waiting = |netuid: &NetUid, exec: &Exec<'_>| {
        let mechanisms = exec.state.subnet(*netuid).map(|subnet| subnet.mechanisms.iter());
        mechanisms.into_iter().flatten().any(|mechanism| !mechanism.timelocked_commits.is_empty())
    };
    let netuids: Vec<NetUid> = exec
        .state
        .subnets
        .iter()
        .filter(|(netuid, subnet)| !netuid.is_root() && subnet.added)
        .map(|(netuid, _)| *netuid)
        .filter(|netuid| waiting(netuid, exec))
        .collect();
    if netuids.is_empty() {
        return;
    }
    let deferred: BTreeSet<NetUid> = epochs_deferred(exec).collect();
    for netuid in netuids.into_iter().filter(|netuid| !deferred.contains(netuid)) {
        reveal_on(exec, netuid);
    }
}

fn reveal_on(exec: &mut Exec<'_>, netuid: NetUid) {
    let now = exec.now();
    let Some(subnet) = exec.state.subnet(netuid) else { return };
    let (epoch, period) = (commit_epoch(subnet, now), subnet.params.reveal_period_epochs);
    let ripe = epoch.saturating_sub(period);
    for mechid in 0..subnet.params.mechanism_count {
        let waits = |mechanism: &crate::state::Mechanism| !mechanism.timelocked_commits.is_empty();
        let row = exec.state.subnet(netuid).and_then(|subnet| subnet.mechanisms.get(usize::from(mechid)));
        if !row.is_some_and(|row| waits(row)) {
            continue;
        }
        let commits = &mut exec.state.subnet_mut(netuid).mechanism_mut(mechid).timelocked_commits;
        commits.retain(|epoch, _| *epoch >= ripe);
        if epoch < period {
            return;
        }
        let Some(queue) = commits.remove(&ripe) else { continue };
        let kept: VecDeque<_> =
            queue.into_iter().filter(|commit| !settle(exec, netuid, mechid, commit)).collect();
        if !kept.is_empty() {
            let commits = &mut exec.state.subnet_mut(netuid).mechanism_mut(mechid).timelocked_commits;
            commits.insert(ripe, kept);
        }
    }
}

/// Opens a commit and sets its weights, if they can be set. False when it must wait for its round.
fn settle(exec: &mut Exec<'_>, netuid: NetUid, mechid: MechId, commit: &TimelockedCommit) -> bool {
    let (who, committed, bytes, round) = commit;
    let Some(pulse) = exec.state.pulses.get(round) else { return false };
    let opened = drand::open(bytes, &pulse.signature).and_then(|plain| decode(&plain, who));
    let Some((uids, values, version_key)) = opened else {
        tracing::debug!(%netuid, %who, committed, round, "a timelocked commit cannot be opened");
        return true;
    };
    let weights = Weights { netuid, mechid, uids: &uids, values: &values, version_key };
    match exec.transactional(|exec| weights::set_weights(exec, who, weights)) {
        Ok(()) => {
            let index = NetUidStorageIndex::new(netuid, mechid);
            exec.emit(Event::TimelockedWeightsRevealed(index, *who));
        }
        Err(error) => tracing::debug!(%netuid, %who, committed, %error, "timelocked weights are refused"),
    }
    true
}

/// The weights in a plaintext. It must name the hotkey that committed it, unless it is of the old form, which names
/// none.
fn decode(plain: &[u8], who: &AccountId) -> Option<(Vec<Uid>, Vec<u16>, u64)> {
    if let Ok(payload) = Payload::decode(&mut &*plain)
        && let Some(hotkey) = payload.hotkey.first_chunk::<32>()
    {
        let fits = hotkey == who.bytes();
        return fits.then_some((payload.uids, payload.values, payload.version_key));
    }
    let legacy = LegacyPayload::decode(&mut &*plain).ok()?;
    Some((legacy.uids, legacy.values, legacy.version_key))
}
