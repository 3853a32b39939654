//! Chain-wide parameters, set by root.
//!
//! **Source**: spec/tables/extrinsics.md.

use super::{mechanisms, unstake};
use crate::call::admin_utils::Call;
use crate::error::{AdminUtilsError as A, DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as S;
use crate::math::fixed::U64F64;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;

/// Sets a field of the globals and tells of it.
macro_rules! global {
    ($exec:ident, $field:ident = $value:expr) => {{
        $exec.state.globals_mut().$field = $value;
    }};
    ($exec:ident, $field:ident = $value:expr, $event:expr) => {{
        $exec.state.globals_mut().$field = $value;
        $exec.emit($event);
    }};
}

/// Carries out the calls of this module; `None` for others.
pub(super) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> Option<DispatchOutcome> {
    if !is_global(call) {
        return None;
    }
    Some(origin.root().and_then(|()| set(exec, call)))
}

const fn is_global(call: &Call) -> bool {
    matches!(
        call,
        Call::SudoSetDefaultTake { .. }
            | Call::SudoSetTxRateLimit { .. }
            | Call::SudoSetSubnetOwnerCut { .. }
            | Call::SudoSetNetworkRateLimit { .. }
            | Call::SudoSetNetworkImmunityPeriod { .. }
            | Call::SudoSetNetworkMinLockCost { .. }
            | Call::SudoSetSubnetLimit { .. }
            | Call::SudoSetLockReductionInterval { .. }
            | Call::SudoSetStakeThreshold { .. }
            | Call::SudoSetNominatorMinRequiredStake { .. }
            | Call::SudoSetTxDelegateTakeRateLimit { .. }
            | Call::SudoSetMinDelegateTake { .. }
            | Call::SudoSetDissolveNetworkScheduleDuration { .. }
            | Call::SudoSetSubnetMovingAlpha { .. }
            | Call::SudoSetCommitRevealVersion { .. }
            | Call::SudoSetCkBurn { .. }
            | Call::SudoSetAdminFreezeWindow { .. }
            | Call::SudoSetOwnerHparamRateLimit { .. }
            | Call::SudoSetTaoFlowCutoff { .. }
            | Call::SudoSetTaoFlowNormalizationExponent { .. }
            | Call::SudoSetTaoFlowSmoothingFactor { .. }
            | Call::SudoSetStartCallDelay { .. }
            | Call::SudoSetColdkeySwapAnnouncementDelay { .. }
            | Call::SudoSetColdkeySwapReannouncementDelay { .. }
            | Call::SudoSetMaxMechanismCount { .. }
            | Call::SudoSetNetTaoFlowEnabled { .. }
            | Call::SudoSetMaxEpochsPerBlock { .. }
    )
}

fn set(exec: &mut Exec<'_>, call: &Call) -> DispatchOutcome {
    match *call {
        Call::SudoSetDefaultTake { default_take: v } => {
            global!(exec, max_delegate_take = v, S::MaxDelegateTakeSet(v));
        }
        Call::SudoSetTxRateLimit { tx_rate_limit: v } => {
            global!(exec, tx_rate_limit = v, S::TxRateLimitSet(v));
        }
        Call::SudoSetSubnetOwnerCut { subnet_owner_cut: v } => {
            global!(exec, subnet_owner_cut = v, S::SubnetOwnerCutSet(v));
        }
        Call::SudoSetNetworkRateLimit { rate_limit: v } => {
            global!(exec, network_rate_limit = v, S::NetworkRateLimitSet(v));
        }
        Call::SudoSetNetworkImmunityPeriod { immunity_period: v } => {
            global!(exec, network_immunity_period = v, S::NetworkImmunityPeriodSet(v));
        }
        Call::SudoSetNetworkMinLockCost { lock_cost: v } => {
            global!(exec, network_min_lock_cost = v, S::NetworkMinLockCostSet(v));
        }
        Call::SudoSetSubnetLimit { max_subnets: v } => {
            global!(exec, subnet_limit = v, S::SubnetLimitSet(v));
        }
        Call::SudoSetLockReductionInterval { interval: v } => {
            global!(exec, network_lock_reduction_interval = v, S::NetworkLockCostReductionIntervalSet(v));
        }
        Call::SudoSetStakeThreshold { min_stake: v } => {
            global!(exec, stake_threshold = v, S::StakeThresholdSet(v));
        }
        Call::SudoSetNominatorMinRequiredStake { min_stake: v } => {
            let before = exec.state.globals.nominator_min_required_stake;
            global!(exec, nominator_min_required_stake = v);
            if v > before {
                unstake::clear_small_nominations(exec)?;
            }
        }
        Call::SudoSetTxDelegateTakeRateLimit { tx_rate_limit: v } => {
            global!(exec, tx_delegate_take_rate_limit = v, S::TxDelegateTakeRateLimitSet(v));
        }
        Call::SudoSetMinDelegateTake { take: v } => {
            global!(exec, min_delegate_take = v, S::MinDelegateTakeSet(v));
        }
        Call::SudoSetDissolveNetworkScheduleDuration { duration: v } => {
            global!(exec, dissolve_network_schedule_duration = v, S::DissolveNetworkScheduleDurationSet(v));
        }
        Call::SudoSetSubnetMovingAlpha { alpha: v } => global!(exec, subnet_moving_alpha = v),
        Call::SudoSetCommitRevealVersion { version: v } => {
            global!(exec, commit_reveal_weights_version = v, S::CommitRevealVersionSet(v));
        }
        Call::SudoSetCkBurn { burn: v } => global!(exec, ck_burn = v),
        Call::SudoSetAdminFreezeWindow { window: v } => {
            global!(exec, admin_freeze_window = v, S::AdminFreezeWindowSet(v));
        }
        Call::SudoSetOwnerHparamRateLimit { epochs: v } => {
            global!(exec, owner_hyperparam_rate_limit = v, S::OwnerHyperparamRateLimitSet(v));
        }
        _ => return set_rest(exec, call),
    }
    Ok(())
}

fn set_rest(exec: &mut Exec<'_>, call: &Call) -> DispatchOutcome {
    match *call {
        Call::SudoSetTaoFlowCutoff { flow_cutoff: v } => global!(exec, tao_flow_cutoff = v),
        Call::SudoSetTaoFlowNormalizationExponent { exponent: v } => {
            if v < U64F64::ONE || v > U64F64::from_u64(2) {
                return Err(A::InvalidValue.into());
            }
            global!(exec, flow_norm_exponent = v);
        }
        Call::SudoSetTaoFlowSmoothingFactor { smoothing_factor: v } => {
            global!(exec, flow_ema_smoothing_factor = v);
        }
        Call::SudoSetStartCallDelay { delay: v } => {
            global!(exec, start_call_delay = v, S::StartCallDelaySet(v));
        }
        Call::SudoSetColdkeySwapAnnouncementDelay { duration: v } => {
            global!(exec, coldkey_swap_announcement_delay = v, S::ColdkeySwapAnnouncementDelaySet(v));
        }
        Call::SudoSetColdkeySwapReannouncementDelay { duration: v } => {
            global!(exec, coldkey_swap_reannouncement_delay = v, S::ColdkeySwapReannouncementDelaySet(v));
        }
        Call::SudoSetMaxMechanismCount { max_mechanism_count: v } => {
            if !(1..=mechanisms::COUNT_MAX).contains(&v) {
                return Err(E::InvalidValue.into());
            }
            global!(exec, max_mechanism_count = v);
        }
        Call::SudoSetNetTaoFlowEnabled { enabled: v } => global!(exec, net_tao_flow_enabled = v),
        Call::SudoSetMaxEpochsPerBlock { max_epochs_per_block: v } => {
            if v == 0 {
                return Err(A::ValueNotInBounds.into());
            }
            global!(exec, max_epochs_per_block = v, S::MaxEpochsPerBlockSet(v));
        }
        _ => return super::not_modelled("AdminUtils", call),
    }
    Ok(())
}
