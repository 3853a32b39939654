//! Weights and commits for several subnets at once: every item stands for itself.
//!
//! **Source**: spec/chain.md 9.2.

use super::weights::{self, Weights};
use super::{commit_reveal, not_modelled};
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::units::{NetUid, Packed};

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let who = origin.signed()?;
    check_lengths(call)?;
    match call {
        Call::BatchSetWeights { netuids, weights, version_keys } => {
            let items = netuids.iter().zip(weights).zip(version_keys);
            let results = items
                .map(|((netuid, row), key)| (netuid.0, set(exec, &who, netuid.0, row, key.0)))
                .collect::<Vec<_>>();
            report(exec, who, netuids, results);
            Ok(())
        }
        Call::BatchCommitWeights { netuids, commit_hashes } => {
            let commit = |exec: &mut Exec<'_>, netuid, hash| {
                exec.transactional(|exec| commit_reveal::commit(exec, &who, netuid, 0, hash))
            };
            let items = netuids.iter().zip(commit_hashes);
            let results =
                items.map(|(netuid, hash)| (netuid.0, commit(exec, netuid.0, hash.0))).collect::<Vec<_>>();
            report(exec, who, netuids, results);
            Ok(())
        }
        _ => not_modelled("SubtensorModule", call),
    }
}

/// The lists of a batch, one entry for each item, must be of one length.
///
/// # Errors
/// `InputLengthsUnequal`.
pub(crate) fn check_lengths(call: &Call) -> DispatchOutcome {
    let equal = match call {
        Call::BatchSetWeights { netuids, weights, version_keys } => {
            netuids.len() == weights.len() && netuids.len() == version_keys.len()
        }
        Call::BatchCommitWeights { netuids, commit_hashes } => netuids.len() == commit_hashes.len(),
        Call::BatchRevealWeights { uids_list, values_list, salts_list, version_keys, .. } => {
            let n = uids_list.len();
            n == values_list.len() && n == salts_list.len() && n == version_keys.len()
        }
        _ => true,
    };
    if equal { Ok(()) } else { Err(E::InputLengthsUnequal.into()) }
}

fn set(
    exec: &mut Exec<'_>,
    who: &AccountId,
    netuid: NetUid,
    row: &[(Packed<u16>, Packed<u16>)],
    version_key: u64,
) -> DispatchOutcome {
    if weights::commit_reveal_enabled(exec.state, netuid) {
        return Err(E::CommitRevealEnabled.into());
    }
    let (uids, values): (Vec<u16>, Vec<u16>) = row.iter().map(|(uid, value)| (uid.0, value.0)).unzip();
    let weights = Weights { netuid, mechid: 0, uids: &uids, values: &values, version_key };
    exec.transactional(|exec| weights::set_weights(exec, who, weights))
}

fn report(
    exec: &mut Exec<'_>,
    who: AccountId,
    netuids: &[Packed<NetUid>],
    results: Vec<(NetUid, DispatchOutcome)>,
) {
    let failed: Vec<_> =
        results.into_iter().filter_map(|(netuid, result)| Some((netuid, result.err()?))).collect();
    if !failed.is_empty() {
        exec.emit(Event::BatchCompletedWithErrors);
    }
    for (netuid, error) in failed {
        exec.emit(Event::BatchWeightItemFailed(netuid, error));
    }
    exec.emit(Event::BatchWeightsCompleted(netuids.to_vec(), who));
}
