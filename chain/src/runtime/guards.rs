//! Checks that run before a signed call is dispatched, inner calls of a batch included. At validation the same
//! refusals surface as `InvalidTransaction::Custom`.
//!
//! **Source**: spec/chain.md 9.9.

use super::calls::{commit_reveal, delegates, networks, serving, weights, weights_batch};
use super::{Exec, stake_weight};
use crate::account::AccountId;
use crate::call::RuntimeCall;
use crate::call::subtensor::Call;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::units::{MechId, NetUid};

/// Runs all guards on a call of an account.
///
/// # Errors
/// The module error of the first guard that refuses.
pub(super) fn check(exec: &Exec<'_>, who: &AccountId, call: &RuntimeCall) -> DispatchOutcome {
    coldkey_swap(exec, who, call)?;
    let RuntimeCall::SubtensorModule(call) = call else { return Ok(()) };
    weight_calls(exec, who, call)?;
    rate_limits(exec, who, call)?;
    take_bounds(exec, who, call)?;
    serving::guard(exec, who, call)
}

/// An account that announced a coldkey swap may do nothing but go on with it.
fn coldkey_swap(exec: &Exec<'_>, who: &AccountId, call: &RuntimeCall) -> DispatchOutcome {
    let Some(row) = exec.state.coldkey(who) else { return Ok(()) };
    if row.swap_announcement.is_none() {
        return Ok(());
    }
    if row.swap_dispute.is_some() {
        return Err(E::ColdkeySwapDisputed.into());
    }
    match call {
        RuntimeCall::SubtensorModule(
            Call::AnnounceColdkeySwap { .. }
            | Call::SwapColdkeyAnnounced { .. }
            | Call::DisputeColdkeySwap
            | Call::ClearColdkeySwapAnnouncement,
        ) => Ok(()),
        _ => Err(E::ColdkeySwapAnnounced.into()),
    }
}

/// The subnets that a weight call is about.
fn weight_call_netuids(call: &Call) -> Vec<NetUid> {
    match call {
        Call::SetWeights { netuid, .. }
        | Call::SetMechanismWeights { netuid, .. }
        | Call::CommitWeights { netuid, .. }
        | Call::CommitMechanismWeights { netuid, .. }
        | Call::RevealWeights { netuid, .. }
        | Call::RevealMechanismWeights { netuid, .. }
        | Call::BatchRevealWeights { netuid, .. }
        | Call::CommitTimelockedWeights { netuid, .. }
        | Call::CommitTimelockedMechanismWeights { netuid, .. }
        | Call::CommitCrv3MechanismWeights { netuid, .. } => vec![*netuid],
        Call::BatchSetWeights { netuids, .. } | Call::BatchCommitWeights { netuids, .. } => {
            netuids.iter().map(|netuid| netuid.0).collect()
        }
        _ => Vec::new(),
    }
}

fn weight_calls(exec: &Exec<'_>, who: &AccountId, call: &Call) -> DispatchOutcome {
    weights_batch::check_lengths(call)?;
    for netuid in weight_call_netuids(call) {
        if !stake_weight::check_weights_min_stake(exec.state, who, netuid) {
            return Err(E::NotEnoughStakeToSetWeights.into());
        }
    }
    commit_reveal::guard(exec, who, call)
}

fn rate_limits(exec: &Exec<'_>, who: &AccountId, call: &Call) -> DispatchOutcome {
    // A mechanism that does not exist is always too fast for a neuron of the subnet.
    let check = |netuid: NetUid, mechid: MechId, error: E| -> DispatchOutcome {
        let uid = exec.state.subnet(netuid).and_then(|subnet| subnet.neurons.uid_of(who));
        let passes = |uid| {
            weights::mechanism_exists(exec.state, netuid, mechid).is_ok()
                && weights::passes_rate_limit(exec, netuid, mechid, uid)
        };
        if uid.is_none_or(passes) { Ok(()) } else { Err(error.into()) }
    };
    match call {
        Call::CommitWeights { netuid, .. } => check(*netuid, 0, E::CommittingWeightsTooFast),
        Call::CommitMechanismWeights { netuid, mecid, .. } => {
            check(*netuid, *mecid, E::CommittingWeightsTooFast)
        }
        Call::SetWeights { netuid, .. } if !weights::commit_reveal_enabled(exec.state, *netuid) => {
            check(*netuid, 0, E::SettingWeightsTooFast)
        }
        Call::SetMechanismWeights { netuid, mecid, .. }
            if !weights::commit_reveal_enabled(exec.state, *netuid) =>
        {
            check(*netuid, *mecid, E::SettingWeightsTooFast)
        }
        Call::RegisterNetwork { .. } if !networks::passes_rate_limit(exec) => {
            Err(E::NetworkTxRateLimitExceeded.into())
        }
        _ => Ok(()),
    }
}

fn take_bounds(exec: &Exec<'_>, who: &AccountId, call: &Call) -> DispatchOutcome {
    let (Call::IncreaseTake { hotkey, take } | Call::DecreaseTake { hotkey, take }) = call else {
        return Ok(());
    };
    if *take < exec.state.globals.min_delegate_take {
        return Err(E::DelegateTakeTooLow.into());
    }
    if *take > exec.state.globals.max_delegate_take {
        return Err(E::DelegateTakeTooHigh.into());
    }
    delegates::check_owner(exec.state, who, hotkey)
}
