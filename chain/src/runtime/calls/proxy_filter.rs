//! What each type of proxy may call.
//!
//! **Source**: spec/chain.md 10.3, and the recorded table of all types and calls.

use crate::call::admin_utils::Call as A;
use crate::call::proxy::Call as P;
use crate::call::subtensor::Call as S;
use crate::call::{BalancesCall, RuntimeCall, SudoCall, SystemCall};
use crate::types::ProxyType as T;

/// A small transfer is below this, rao of TAO or of alpha.
const SMALL: u64 = 500_000_000;

/// True if a proxy of this type may make the call, directly or within another.
pub(crate) fn allows(proxy_type: T, call: &RuntimeCall) -> bool {
    match call {
        // Nobody may give or take rights beyond its own.
        RuntimeCall::Proxy(
            P::AddProxy { proxy_type: other, .. } | P::RemoveProxy { proxy_type: other, .. },
        ) if !is_superset(proxy_type, *other) => false,
        RuntimeCall::Proxy(P::RemoveProxies | P::KillPure { .. }) if proxy_type != T::Any => false,
        _ => match right(proxy_type, call) {
            Right::Never => false,
            Right::Always => true,
            Right::Below { limit, .. } => amount(call).is_some_and(|(_, amount)| amount < limit),
        },
    }
}

/// What a kind of proxy may do with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// It may not make it.
    Never,
    /// It may make it, whatever its arguments are.
    Always,
    /// It may make it with an amount below a limit.
    Below {
        /// The argument.
        parameter: &'static str,
        /// Rao of TAO or of alpha.
        limit: u64,
    },
}

/// True if one type's rights include the other's.
pub(crate) fn is_superset(one: T, other: T) -> bool {
    match (one, other) {
        _ if one == other => true,
        (T::Any, _) | (T::Transfer, T::SmallTransfer) => true,
        (T::NonTransfer, _) => !matches!(other, T::Any | T::Transfer | T::SmallTransfer),
        _ => false,
    }
}

/// The table. Only which call it is matters, not its arguments: what clients are told of a kind of proxy is read here.
pub(crate) fn right(proxy_type: T, call: &RuntimeCall) -> Right {
    if proxy_type == T::SmallTransfer {
        return amount(call).map_or(Right::Never, |(parameter, _)| Right::Below { parameter, limit: SMALL });
    }
    if may(proxy_type, call) { Right::Always } else { Right::Never }
}

/// The table but for amounts.
fn may(proxy_type: T, call: &RuntimeCall) -> bool {
    let subtensor = match call {
        RuntimeCall::SubtensorModule(call) => Some(call),
        _ => None,
    };
    let is = |group: fn(&S) -> bool| subtensor.is_some_and(group);
    let balances = matches!(call, RuntimeCall::Balances(_));
    match proxy_type {
        T::Any => true,
        T::Owner => is(identity) || matches!(call, RuntimeCall::AdminUtils(call) if !owner_hotkey(call)),
        T::NonCritical => {
            let dissolution = is(|call| matches!(call, S::DissolveNetwork { .. }));
            let sudo = matches!(call, RuntimeCall::Sudo(_));
            !(sudo || dissolution || is(registration_for_tao) || is(announced_coldkey_swap))
        }
        T::NonTransfer => {
            !(balances || is(stake_transfer) || is(announced_coldkey_swap) || is(root_coldkey_swap))
        }
        T::NonFungible => {
            let moves = balances || is(staking) || is(stake_transfer) || is(registration_for_tao);
            !(moves || is(announced_coldkey_swap) || is(root_coldkey_swap) || is(hotkey_swap))
        }
        T::Staking => is(staking) || is(|call| matches!(call, S::SetRootClaimType { .. })),
        T::Registration => is(registration),
        T::Transfer => balance_transfer(call) || is(stake_transfer),
        T::ChildKeys => is(|call| matches!(call, S::SetChildren { .. } | S::SetChildkeyTake { .. })),
        T::SwapHotkey => is(hotkey_swap),
        T::SubnetLeaseBeneficiary => {
            is(|call| matches!(call, S::StartCall { .. }))
                || matches!(call, RuntimeCall::AdminUtils(call) if of_lease(call))
        }
        T::RootClaim => is(|call| matches!(call, S::ClaimRoot { .. })),
        T::SudoUncheckedSetCode => matches!(
            call,
            RuntimeCall::Sudo(SudoCall::SudoUncheckedWeight { call, .. })
                if matches!(**call, RuntimeCall::System(SystemCall::SetCode { .. }))
        ),
        T::SmallTransfer | T::Senate | T::Triumvirate | T::Governance | T::RootWeights => false,
    }
}

fn identity(call: &S) -> bool {
    matches!(call, S::SetSubnetIdentity { .. } | S::UpdateSymbol { .. })
}

fn registration_for_tao(call: &S) -> bool {
    matches!(call, S::BurnedRegister { .. } | S::RootRegister { .. })
}

fn registration(call: &S) -> bool {
    matches!(call, S::BurnedRegister { .. } | S::Register { .. } | S::RegisterLimit { .. })
}

fn hotkey_swap(call: &S) -> bool {
    matches!(call, S::SwapHotkey { .. } | S::SwapHotkeyV2 { .. })
}

/// A swap that the coldkey itself makes.
fn announced_coldkey_swap(call: &S) -> bool {
    matches!(
        call,
        S::AnnounceColdkeySwap { .. }
            | S::SwapColdkeyAnnounced { .. }
            | S::DisputeColdkeySwap
            | S::ClearColdkeySwapAnnouncement
    )
}

/// A swap that root makes.
fn root_coldkey_swap(call: &S) -> bool {
    matches!(call, S::SwapColdkey { .. } | S::ScheduleSwapColdkey { .. })
}

fn balance_transfer(call: &RuntimeCall) -> bool {
    use BalancesCall as B;
    matches!(
        call,
        RuntimeCall::Balances(
            B::TransferAllowDeath { .. } | B::TransferKeepAlive { .. } | B::TransferAll { .. }
        )
    )
}

fn stake_transfer(call: &S) -> bool {
    matches!(call, S::TransferStake { .. })
}

fn staking(call: &S) -> bool {
    matches!(
        call,
        S::AddStake { .. }
            | S::AddStakeLimit { .. }
            | S::RemoveStake { .. }
            | S::RemoveStakeLimit { .. }
            | S::RemoveStakeFullLimit { .. }
            | S::UnstakeAll { .. }
            | S::UnstakeAllAlpha { .. }
            | S::MoveStake { .. }
            | S::SwapStake { .. }
            | S::SwapStakeLimit { .. }
    )
}

/// The amount of a transfer that a small one may be: the name of the argument, and how much, rao of TAO or of alpha.
fn amount(call: &RuntimeCall) -> Option<(&'static str, u64)> {
    match call {
        RuntimeCall::Balances(
            BalancesCall::TransferAllowDeath { value, .. } | BalancesCall::TransferKeepAlive { value, .. },
        ) => Some(("value", value.get())),
        RuntimeCall::SubtensorModule(S::TransferStake { alpha_amount, .. }) => {
            Some(("alpha_amount", alpha_amount.get()))
        }
        _ => None,
    }
}

fn owner_hotkey(call: &A) -> bool {
    matches!(call, A::SudoSetSnOwnerHotkey { .. } | A::SudoSetSubnetOwnerHotkey { .. })
}

/// What the beneficiary of a lease may set.
fn of_lease(call: &A) -> bool {
    matches!(
        call,
        A::SudoSetServingRateLimit { .. }
            | A::SudoSetMinDifficulty { .. }
            | A::SudoSetMaxDifficulty { .. }
            | A::SudoSetWeightsVersionKey { .. }
            | A::SudoSetAdjustmentAlpha { .. }
            | A::SudoSetImmunityPeriod { .. }
            | A::SudoSetMinAllowedWeights { .. }
            | A::SudoSetKappa { .. }
            | A::SudoSetRho { .. }
            | A::SudoSetActivityCutoff { .. }
            | A::SudoSetNetworkRegistrationAllowed { .. }
            | A::SudoSetNetworkPowRegistrationAllowed { .. }
            | A::SudoSetMaxBurn { .. }
            | A::SudoSetBondsMovingAverage { .. }
            | A::SudoSetBondsPenalty { .. }
            | A::SudoSetCommitRevealWeightsEnabled { .. }
            | A::SudoSetLiquidAlphaEnabled { .. }
            | A::SudoSetAlphaValues { .. }
            | A::SudoSetCommitRevealWeightsInterval { .. }
            | A::SudoSetToggleTransfer { .. }
            | A::SudoSetSubnetEmissionEnabled { .. }
            | A::SudoSetMinChildkeyTakePerSubnet { .. }
    )
}
