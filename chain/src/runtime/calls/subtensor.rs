//! Which module carries out which call of `SubtensorModule`.

use super::{
    burn, children, coldkey_swap, commit_reveal, delegates, faucet, hotkey_swap, identity, leasing, locks,
    networks, prune, registration, root, serving, staking, tempo, voting_power, weights, weights_batch,
};
use crate::call::subtensor::Call;
use crate::error::DispatchOutcome;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::SetWeights { .. } | Call::SetMechanismWeights { .. } => weights::dispatch(exec, origin, call),
        Call::BatchSetWeights { .. } | Call::BatchCommitWeights { .. } => {
            weights_batch::dispatch(exec, origin, call)
        }
        Call::CommitWeights { .. }
        | Call::CommitMechanismWeights { .. }
        | Call::RevealWeights { .. }
        | Call::RevealMechanismWeights { .. }
        | Call::BatchRevealWeights { .. }
        | Call::CommitTimelockedWeights { .. }
        | Call::CommitTimelockedMechanismWeights { .. }
        | Call::CommitCrv3MechanismWeights { .. } => commit_reveal::dispatch(exec, origin, call),
        Call::AddStake { .. }
        | Call::RemoveStake { .. }
        | Call::AddStakeLimit { .. }
        | Call::RemoveStakeLimit { .. }
        | Call::RemoveStakeFullLimit { .. }
        | Call::UnstakeAll { .. }
        | Call::UnstakeAllAlpha { .. }
        | Call::MoveStake { .. }
        | Call::TransferStake { .. }
        | Call::SwapStake { .. }
        | Call::SwapStakeLimit { .. } => staking::dispatch(exec, origin, call),
        Call::RegisterNetwork { .. } | Call::RegisterNetworkWithIdentity { .. } | Call::StartCall { .. } => {
            networks::dispatch(exec, origin, call)
        }
        Call::Register { .. } | Call::BurnedRegister { .. } | Call::RegisterLimit { .. } => {
            registration::dispatch(exec, origin, call)
        }
        Call::RootRegister { .. }
        | Call::ClaimRoot { .. }
        | Call::SetRootClaimType { .. }
        | Call::SudoSetNumRootClaims { .. }
        | Call::SudoSetRootClaimThreshold { .. } => root::dispatch(exec, origin, call),
        Call::ServeAxon { .. } | Call::ServeAxonTls { .. } | Call::ServePrometheus { .. } => {
            serving::dispatch(exec, origin, call)
        }
        Call::IncreaseTake { .. }
        | Call::DecreaseTake { .. }
        | Call::SetColdkeyAutoStakeHotkey { .. }
        | Call::TryAssociateHotkey { .. }
        | Call::SetAutoParentDelegationEnabled { .. } => delegates::dispatch(exec, origin, call),
        Call::RecycleAlpha { .. } | Call::BurnAlpha { .. } | Call::AddStakeBurn { .. } => {
            burn::dispatch(exec, origin, call)
        }
        Call::LockStake { .. }
        | Call::MoveLock { .. }
        | Call::SetPerpetualLock { .. }
        | Call::SetRejectLockedAlpha { .. } => locks::dispatch(exec, origin, call),
        Call::RegisterLeasedNetwork { .. } | Call::TerminateLease { .. } => {
            leasing::dispatch(exec, origin, call)
        }
        Call::DissolveNetwork { .. } | Call::RootDissolveNetwork { .. } => {
            prune::dispatch(exec, origin, call)
        }
        Call::SetChildren { .. }
        | Call::SetChildkeyTake { .. }
        | Call::SudoSetTxChildkeyTakeRateLimit { .. }
        | Call::SudoSetMinChildkeyTake { .. }
        | Call::SudoSetMaxChildkeyTake { .. }
        | Call::SetPendingChildkeyCooldown { .. } => children::dispatch(exec, origin, call),
        Call::EnableVotingPowerTracking { .. }
        | Call::DisableVotingPowerTracking { .. }
        | Call::SudoSetVotingPowerEmaAlpha { .. } => voting_power::dispatch(exec, origin, call),
        Call::SetTempo { .. } | Call::SetActivityCutoffFactor { .. } | Call::TriggerEpoch { .. } => {
            tempo::dispatch(exec, origin, call)
        }
        Call::SetIdentity { .. } | Call::SetSubnetIdentity { .. } | Call::UpdateSymbol { .. } => {
            identity::dispatch(exec, origin, call)
        }
        Call::Faucet { .. } => faucet::dispatch(exec, origin, call),
        Call::SwapHotkey { .. } | Call::SwapHotkeyV2 { .. } => hotkey_swap::dispatch(exec, origin, call),
        Call::SwapColdkey { .. }
        | Call::ScheduleSwapColdkey { .. }
        | Call::AnnounceColdkeySwap { .. }
        | Call::SwapColdkeyAnnounced { .. }
        | Call::DisputeColdkeySwap
        | Call::ResetColdkeySwap { .. }
        | Call::ClearColdkeySwapAnnouncement => coldkey_swap::dispatch(exec, origin, call),
    }
}
