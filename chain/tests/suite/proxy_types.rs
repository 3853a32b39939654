//! Calls that each type of proxy lets through, and those that it filters.

use super::proxy::{REAL, pay, told};
use super::world::{NET, POOR, VALI, add, id};
use chain::call::subtensor::Call as S;
use chain::call::{BalancesCall, RuntimeCall, SudoCall, UtilityCall, admin_utils};
use chain::types::{ProxyType as T, RootClaimTypeEnum};
use chain::units::{AlphaRao, Rao, TAO};

fn transfer() -> RuntimeCall {
    pay(TAO / 4)
}

fn give(alpha: u64) -> RuntimeCall {
    RuntimeCall::from(S::TransferStake {
        destination_coldkey: id(POOR),
        hotkey: id(VALI),
        origin_netuid: NET,
        destination_netuid: NET,
        alpha_amount: AlphaRao(alpha),
    })
}

fn stake() -> RuntimeCall {
    RuntimeCall::from(add(VALI, NET, TAO))
}

fn register() -> RuntimeCall {
    RuntimeCall::from(S::BurnedRegister { netuid: NET, hotkey: id(40) })
}

fn swap_coldkey() -> RuntimeCall {
    RuntimeCall::from(S::AnnounceColdkeySwap { new_coldkey_hash: [0; 32] })
}

/// Swaps that root makes pass more kinds than those of the coldkey itself.
fn root_swap() -> RuntimeCall {
    let swap_cost = Rao(1);
    RuntimeCall::from(S::SwapColdkey { old_coldkey: id(REAL), new_coldkey: id(5), swap_cost })
}

fn reset() -> RuntimeCall {
    RuntimeCall::from(S::ResetColdkeySwap { coldkey: id(REAL) })
}

fn swap_hotkey() -> RuntimeCall {
    RuntimeCall::from(S::SwapHotkey { hotkey: id(VALI), new_hotkey: id(40), netuid: None })
}

fn children() -> RuntimeCall {
    RuntimeCall::from(S::SetChildren { hotkey: id(VALI), netuid: NET, children: vec![] })
}

fn claim_type() -> RuntimeCall {
    RuntimeCall::from(S::SetRootClaimType { new_root_claim_type: RootClaimTypeEnum::Keep })
}

fn claim() -> RuntimeCall {
    RuntimeCall::from(S::ClaimRoot { subnets: [NET].into() })
}

fn dissolve() -> RuntimeCall {
    RuntimeCall::from(S::DissolveNetwork { coldkey: id(REAL), netuid: NET })
}

fn symbol() -> RuntimeCall {
    RuntimeCall::from(S::UpdateSymbol { netuid: NET, symbol: vec![] })
}

fn start() -> RuntimeCall {
    RuntimeCall::from(S::StartCall { netuid: NET })
}

fn sudo() -> RuntimeCall {
    RuntimeCall::from(SudoCall::RemoveKey)
}

fn by_root() -> RuntimeCall {
    RuntimeCall::from(admin_utils::Call::SudoSetKappa { netuid: NET, kappa: 1 })
}

fn serving() -> RuntimeCall {
    let call = admin_utils::Call::SudoSetServingRateLimit { netuid: NET, serving_rate_limit: 1 };
    RuntimeCall::from(call)
}

fn owner_hotkey() -> RuntimeCall {
    RuntimeCall::from(admin_utils::Call::SudoSetSnOwnerHotkey { netuid: NET, hotkey: id(VALI) })
}

fn batch(call: RuntimeCall) -> RuntimeCall {
    RuntimeCall::from(UtilityCall::Batch { calls: vec![call] })
}

/// A type of proxy, calls that it lets through, and calls that it filters.
type Row = (T, Vec<RuntimeCall>, Vec<RuntimeCall>);

fn rows() -> Vec<Row> {
    vec![
        (T::Any, vec![transfer(), give(1), swap_coldkey(), sudo(), batch(stake())], vec![]),
        (
            T::NonTransfer,
            vec![stake(), sudo(), batch(stake()), reset()],
            vec![transfer(), give(1), swap_coldkey(), root_swap()],
        ),
        (
            T::NonFungible,
            vec![claim(), children(), dissolve(), reset()],
            vec![transfer(), give(1), stake(), register(), swap_coldkey(), swap_hotkey(), root_swap()],
        ),
        (
            T::NonCritical,
            vec![transfer(), stake(), swap_hotkey(), root_swap(), reset()],
            vec![sudo(), dissolve(), register(), swap_coldkey()],
        ),
        (T::Owner, vec![by_root(), serving(), symbol()], vec![owner_hotkey(), start(), stake()]),
        (
            T::SubnetLeaseBeneficiary,
            vec![serving(), by_root(), start()],
            vec![symbol(), owner_hotkey(), stake()],
        ),
        (T::Transfer, vec![transfer(), pay(9 * TAO), give(1)], vec![stake(), batch(transfer())]),
        (
            T::SmallTransfer,
            vec![pay(TAO / 2 - 1), give(TAO / 2 - 1)],
            vec![
                pay(TAO / 2),
                give(TAO / 2),
                BalancesCall::TransferAll { dest: id(5).into(), keep_alive: true }.into(),
            ],
        ),
        (T::Staking, vec![stake(), claim_type()], vec![give(1), transfer(), claim()]),
        (T::Registration, vec![register()], vec![stake()]),
        (T::ChildKeys, vec![children()], vec![stake()]),
        (T::SwapHotkey, vec![swap_hotkey()], vec![swap_coldkey()]),
        (T::RootClaim, vec![claim()], vec![claim_type()]),
    ]
}

#[test]
fn each_type_of_proxy_calls_what_it_may() {
    let filtered = "System.CallFiltered";
    for (proxy_type, may, may_not) in rows() {
        for call in may {
            assert_ne!(told(proxy_type, call.clone()), filtered, "{proxy_type:?} {call:?}");
        }
        for call in may_not {
            assert_eq!(told(proxy_type, call.clone()), filtered, "{proxy_type:?} {call:?}");
        }
    }
    for retired in [T::Senate, T::Triumvirate, T::Governance, T::RootWeights, T::SudoUncheckedSetCode] {
        assert_eq!(told(retired, stake()), filtered);
    }
}

#[test]
fn a_leases_beneficiary_sets_some_of_what_an_owner_may() {
    let some = admin_utils::Call::SudoSetRho { netuid: NET, rho: 1 };
    let owners = admin_utils::Call::SudoSetOwnerCutAutoLockEnabled { netuid: NET, enabled: true };
    let roots = admin_utils::Call::SudoSetMaxEpochsPerBlock { max_epochs_per_block: 2 };
    assert_ne!(told(T::SubnetLeaseBeneficiary, some), "System.CallFiltered");
    assert_eq!(told(T::SubnetLeaseBeneficiary, owners), "System.CallFiltered");
    assert_eq!(told(T::SubnetLeaseBeneficiary, roots), "System.CallFiltered");
}
