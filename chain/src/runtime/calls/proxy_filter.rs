//! What each type of proxy may call.
//!
//! **Source**: spec/chain.md 10.3. A lease's beneficiary may make the calls that spec/tables/extrinsics.md marks as the
//! owner's, and `start_call`.

use crate::call::proxy::Call as P;
use crate::call::subtensor::Call as S;
use crate::call::{BalancesCall, RuntimeCall};
use crate::types::ProxyType as T;
use parity_scale_codec::Encode as _;

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
        T::Owner => is(identity) || matches!(call, RuntimeCall::AdminUtils(_)) && !owner_hotkey(call),
        T::NonCritical => {
            let sudo = matches!(call, RuntimeCall::Sudo(_));
            !(sudo || is(dissolution) || is(registration_for_tao) || is(coldkey_swap))
        }
        T::NonTransfer => !(balances || is(stake_transfer) || is(coldkey_swap)),
        T::NonFungible => {
            let moves = balances || is(staking) || is(stake_transfer) || is(registration_for_tao);
            !(moves || is(coldkey_swap) || is(hotkey_swap))
        }
        T::Staking => is(staking) || is(|call| matches!(call, S::SetRootClaimType { .. })),
        T::Registration => is(registration),
        T::Transfer => balance_transfer(call) || is(stake_transfer),
        T::ChildKeys => is(|call| matches!(call, S::SetChildren { .. } | S::SetChildkeyTake { .. })),
        T::SwapHotkey => is(hotkey_swap),
        T::SubnetLeaseBeneficiary => {
            is(identity) || is(|call| matches!(call, S::StartCall { .. })) || owner_may_set(call)
        }
        T::RootClaim => is(|call| matches!(call, S::ClaimRoot { .. })),
        T::SmallTransfer
        | T::Senate
        | T::Triumvirate
        | T::Governance
        | T::RootWeights
        | T::SudoUncheckedSetCode => false,
    }
}

fn identity(call: &S) -> bool {
    matches!(call, S::SetSubnetIdentity { .. } | S::UpdateSymbol { .. })
}

fn dissolution(call: &S) -> bool {
    matches!(call, S::DissolveNetwork { .. } | S::RootDissolveNetwork { .. })
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

fn coldkey_swap(call: &S) -> bool {
    matches!(
        call,
        S::SwapColdkey { .. }
            | S::ScheduleSwapColdkey { .. }
            | S::AnnounceColdkeySwap { .. }
            | S::SwapColdkeyAnnounced { .. }
            | S::DisputeColdkeySwap
            | S::ResetColdkeySwap { .. }
            | S::ClearColdkeySwapAnnouncement
    )
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

/// Call indices of `AdminUtils` that set a subnet's owner hotkey.
const OWNER_HOTKEY: &[u8] = &[64, 67];

/// Call indices of `AdminUtils` that the owner of a subnet may make.
const BY_OWNER: &[u8] = &[
    3, 5, 6, 9, 13, 14, 15, 17, 18, 22, 23, 26, 49, 50, 51, 57, 60, 61, 68, 69, 70, 72, 76, 77, 78, 80, 89,
    90, 92, 93, 95,
];

fn owner_hotkey(call: &RuntimeCall) -> bool {
    admin_index(call).is_some_and(|index| OWNER_HOTKEY.contains(&index))
}

fn owner_may_set(call: &RuntimeCall) -> bool {
    admin_index(call).is_some_and(|index| BY_OWNER.contains(&index))
}

fn admin_index(call: &RuntimeCall) -> Option<u8> {
    let RuntimeCall::AdminUtils(call) = call else { return None };
    call.encode().first().copied()
}
