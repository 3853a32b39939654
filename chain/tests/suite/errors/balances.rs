//! Transfers and deposits of TAO.

use super::row::{Row, Table, account, fails, fee, left_with};
use crate::world::{POOR, ROOT, id};
use chain::call::BalancesCall as Call;
use chain::call::proxy::Call as Proxy;
use chain::error::{BalancesError as B, DispatchError, TokenError as E};
use chain::types::ProxyType;
use chain::units::{Rao, TAO};

fn dying(value: u64) -> Call {
    Call::TransferAllowDeath { dest: id(5).into(), value: Rao(value) }
}

fn living(value: u64) -> Call {
    Call::TransferKeepAlive { dest: id(5).into(), value: Rao(value) }
}

fn rows(transfer: fn(u64) -> Call) -> Vec<Row> {
    vec![
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
    Table { world: super::world(), rows: [rows(dying), rows(living), ends(), deposits()].concat() }
}

#[test]
fn transfers_and_deposits() {
    table().check();
}
