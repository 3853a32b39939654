//! Which module carries out which call of `SubtensorModule`.

use super::{
    burn, children, coldkey_swap, commit_reveal, delegates, faucet, hotkey_swap, identity, leasing, locks,
    networks, prune, registration, root, serving, staking, tempo, voting_power, weights, weights_batch,
};
use crate::call::subtensor::Call as C;
use crate::error::DispatchOutcome;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &C) -> DispatchOutcome {
    match call {
        C::SetWeights { .. } | C::SetMechanismWeights { .. } => weights::dispatch(exec, origin, call),
        C::BatchSetWeights { .. } | C::BatchCommitWeights { .. } => {
            weights_batch::dispatch(exec, origin, call)
        }
        C::CommitWeights { .. }
        | C::CommitMechanismWeights { .. }
        | C::RevealWeights { .. }
        | C::RevealMechanismWeights { .. }
        | C::BatchRevealWeights { .. }
        | C::CommitTimelockedWeights { .. }
        | C::CommitTimelockedMechanismWeights { .. }
        | C::CommitCrv3MechanismWeights { .. } => commit_reveal::dispatch(exec, origin, call),
        C::AddStake { .. }
        | C::RemoveStake { .. }
        | C::AddStakeLimit { .. }
        | C::RemoveStakeLimit { .. }
        | C::RemoveStakeFullLimit { .. }
        | C::UnstakeAll { .. }
        | C::UnstakeAllAlpha { .. }
        | C::MoveStake { .. }
        | C::TransferStake { .. }
        | C::SwapStake { .. }
        | C::SwapStakeLimit { .. } => staking::dispatch(exec, origin, call),
        C::RegisterNetwork { .. } | C::RegisterNetworkWithIdentity { .. } | C::StartCall { .. } => {
            networks::dispatch(exec, origin, call)
        }
        C::Register { .. } | C::BurnedRegister { .. } | C::RegisterLimit { .. } => {
            registration::dispatch(exec, origin, call)
        }
        C::RootRegister { .. }
        | C::ClaimRoot { .. }
        | C::SetRootClaimType { .. }
        | C::SudoSetNumRootClaims { .. }
        | C::SudoSetRootClaimThreshold { .. } => root::dispatch(exec, origin, call),
        C::ServeAxon { .. } | C::ServeAxonTls { .. } | C::ServePrometheus { .. } => {
            serving::dispatch(exec, origin, call)
        }
        C::IncreaseTake { .. }
        | C::DecreaseTake { .. }
        | C::SetColdkeyAutoStakeHotkey { .. }
        | C::TryAssociateHotkey { .. }
        | C::SetAutoParentDelegationEnabled { .. } => delegates::dispatch(exec, origin, call),
        C::RecycleAlpha { .. } | C::BurnAlpha { .. } | C::AddStakeBurn { .. } => {
            burn::dispatch(exec, origin, call)
        }
        C::LockStake { .. }
        | C::MoveLock { .. }
        | C::SetPerpetualLock { .. }
        | C::SetRejectLockedAlpha { .. } => locks::dispatch(exec, origin, call),
        C::RegisterLeasedNetwork { .. } | C::TerminateLease { .. } => leasing::dispatch(exec, origin, call),
        C::DissolveNetwork { .. } | C::RootDissolveNetwork { .. } => prune::dispatch(exec, origin, call),
        C::SetChildren { .. }
        | C::SetChildkeyTake { .. }
        | C::SudoSetTxChildkeyTakeRateLimit { .. }
        | C::SudoSetMinChildkeyTake { .. }
        | C::SudoSetMaxChildkeyTake { .. }
        | C::SetPendingChildkeyCooldown { .. } => children::dispatch(exec, origin, call),
        C::EnableVotingPowerTracking { .. }
        | C::DisableVotingPowerTracking { .. }
        | C::SudoSetVotingPowerEmaAlpha { .. } => voting_power::dispatch(exec, origin, call),
        C::SetTempo { .. } | C::SetActivityCutoffFactor { .. } | C::TriggerEpoch { .. } => {
            tempo::dispatch(exec, origin, call)
        }
        C::SetIdentity { .. } | C::SetSubnetIdentity { .. } | C::UpdateSymbol { .. } => {
            identity::dispatch(exec, origin, call)
        }
        C::Faucet { .. } => faucet::dispatch(exec, origin, call),
        C::SwapHotkey { .. } | C::SwapHotkeyV2 { .. } => hotkey_swap::dispatch(exec, origin, call),
        C::SwapColdkey { .. }
        | C::ScheduleSwapColdkey { .. }
        | C::AnnounceColdkeySwap { .. }
        | C::SwapColdkeyAnnounced { .. }
        | C::DisputeColdkeySwap
        | C::ResetColdkeySwap { .. }
        | C::ClearColdkeySwapAnnouncement => coldkey_swap::dispatch(exec, origin, call),
    }
}
