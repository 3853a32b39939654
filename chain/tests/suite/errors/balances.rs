//! Transfers and deposits of TAO.

use super::row::{Row, Table, account, fails, fee, left_with};
use crate::world::{NET, OWNER, POOR, ROOT, id};
use chain::call::proxy::Call as Proxy;
use chain::call::{
    AdjustmentDirection as D, BalancesCall as Call, PositionId, RuntimeCall, SwapCall, TickIndex, admin_utils,
};
use chain::error::{ArithmeticError, BalancesError as B, DispatchError, SwapError, TokenError as E};
use chain::types::{PrecompileEnum, ProxyType};
use chain::units::{Rao, TAO};

fn dying(value: u64) -> Call {
    Call::TransferAllowDeath { dest: id(5).into(), value: Rao(value) }
}

fn living(value: u64) -> Call {
    Call::TransferKeepAlive { dest: id(5).into(), value: Rao(value) }
}

fn rows(transfer: fn(u64) -> Call) -> Vec<Row> {
    vec![
        fails(ArithmeticError::Underflow, POOR, transfer(u64::MAX)).but_call(transfer(TAO / 2)),
        fails(E::FundsUnavailable, POOR, transfer(TAO)).but_call(transfer(TAO / 2)),
        fails(E::BelowMinimum, POOR, transfer(499)).but_call(transfer(500)),
        fails(E::Frozen, POOR, transfer(TAO / 2))
            .when(|w| account(&mut w.state, POOR).data.frozen = Rao(TAO * 3 / 4)),
    ]
}

fn ends() -> Vec<Row> {
    let all = TAO - fee(POOR, &living(TAO / 2).into()).get();
    let close = || Call::TransferAll { dest: id(5).into(), keep_alive: false };
    let rest = TAO - fee(POOR, &close().into()).get();
    vec![
        fails(E::NotExpendable, POOR, living(all - 499)).but_call(living(all - 500)),
        fails(
            DispatchError::BadOrigin,
            POOR,
            Call::ForceSetBalance { who: id(5).into(), new_free: Rao(TAO) },
        )
        .but_by(ROOT),
        // All that is not frozen would not open an account.
        fails(E::BelowMinimum, POOR, close())
            .when(move |w| account(&mut w.state, POOR).data.frozen = Rao(rest - 499)),
    ]
}

/// What root does to balances, and what an account destroys.
fn forced() -> Vec<Row> {
    let transfer =
        || Call::ForceTransfer { source: id(POOR).into(), dest: id(5).into(), value: Rao(TAO / 2) };
    let unreserve = || Call::ForceUnreserve { who: id(POOR).into(), amount: Rao(1) };
    let adjust = |direction, delta| Call::ForceAdjustTotalIssuance { direction, delta: Rao(delta) };
    let burn = |value, keep_alive| Call::Burn { value: Rao(value), keep_alive };
    vec![
        fails(DispatchError::BadOrigin, POOR, transfer()).but_by(ROOT),
        fails(DispatchError::BadOrigin, POOR, unreserve()).but_by(ROOT),
        fails(DispatchError::BadOrigin, POOR, adjust(D::Increase, 1)).but_by(ROOT),
        fails(B::DeltaZero, ROOT, adjust(D::Increase, 0)).but_call(adjust(D::Increase, 1)),
        fails(ArithmeticError::Overflow, ROOT, adjust(D::Increase, u64::MAX))
            .but_call(adjust(D::Increase, 1)),
        fails(ArithmeticError::Underflow, ROOT, adjust(D::Decrease, u64::MAX))
            .but_call(adjust(D::Decrease, 1)),
        fails(E::FundsUnavailable, POOR, burn(TAO, true)).but_call(burn(TAO / 2, true)),
        fails(E::FundsUnavailable, POOR, burn(TAO + 1, false)).but_call(burn(TAO / 2, false)),
    ]
}

/// Calls that the chain refuses always, or lets nobody but root make.
fn refused() -> Vec<Row> {
    let (hotkey, netuid) = (id(5), NET);
    let position_id = PositionId(1);
    let lists = [
        SwapCall::AddLiquidity {
            hotkey,
            netuid,
            tick_low: TickIndex(0),
            tick_high: TickIndex(1),
            liquidity: 1,
        },
        SwapCall::RemoveLiquidity { hotkey, netuid, position_id },
        SwapCall::ModifyPosition { hotkey, netuid, position_id, liquidity_delta: -1 },
        SwapCall::ToggleUserLiquidity { netuid, enable: true },
        SwapCall::DisableLp,
    ];
    let fee_rate = || RuntimeCall::Swap(SwapCall::SetFeeRate { netuid, rate: 33 });
    let mut rows: Vec<Row> = lists
        .into_iter()
        .map(|call| fails(SwapError::Deprecated, ROOT, RuntimeCall::Swap(call)).but_call(fee_rate()))
        .collect();
    let of_root = [
        admin_utils::Call::SwapAuthorities { new_authorities: Vec::new() },
        admin_utils::Call::ScheduleGrandpaChange { next_authorities: Vec::new(), in_blocks: 1, forced: None },
        admin_utils::Call::SudoSetEvmChainId { chain_id: 1 },
        admin_utils::Call::SudoToggleEvmPrecompile { precompile_id: PrecompileEnum::Staking, enabled: true },
    ];
    let rho = || admin_utils::Call::SudoSetRho { netuid, rho: 1 };
    rows.extend(of_root.into_iter().map(|call| fails(DispatchError::BadOrigin, OWNER, call).but_call(rho())));
    rows
}

/// What a deposit asks of the account that it stays in.
fn deposits() -> Vec<Row> {
    let call = || Proxy::AddProxy { delegate: id(5).into(), proxy_type: ProxyType::Any, delay: 0 };
    let deposit = 93_000_000;
    vec![
        fails(B::InsufficientBalance, POOR, call()).when(left_with(POOR, call(), deposit - 1)),
        fails(DispatchError::ConsumerRemaining, POOR, call())
            .given(left_with(POOR, call(), deposit + 499))
            .but_when(left_with(POOR, call(), deposit + 500)),
        fails(B::LiquidityRestrictions, POOR, call())
            .when(|w| account(&mut w.state, POOR).data.frozen = Rao(TAO - TAO / 20)),
    ]
}

pub(super) fn table() -> Table {
    Table {
        world: super::world(),
        rows: [rows(dying), rows(living), ends(), forced(), refused(), deposits()].concat(),
    }
}

#[test]
fn transfers_and_deposits() {
    table().check();
}
