//! TAO: balances, issuance, root.

use super::Step;
use crate::event::{BalancesEvent, Event};
use crate::runtime::tao::{MAX_ISSUANCE, subnet_account, total_balance};
use crate::units::NetUid;

pub(super) fn balances_sum_to_issuance(step: &Step<'_>) -> Result<(), String> {
    let rows = step.after.balances.accounts.values();
    let balances =
        rows.map(|row| u128::from(row.data.free.get()).saturating_add(row.data.reserved.get().into()));
    let sum = balances.fold(0_u128, u128::saturating_add);
    let issuance = step.after.balances.total_issuance.get();
    if sum == u128::from(issuance) {
        return Ok(());
    }
    Err(format!("the balances sum to {sum} rao, the issuance is {issuance} rao"))
}

pub(super) fn counters_keep_their_distance(step: &Step<'_>) -> Result<(), String> {
    let distance = |state: &crate::state::State| {
        i128::from(state.balances.total_issuance.get())
            .saturating_sub(state.globals.total_issuance.get().into())
    };
    let (before, after) = (distance(step.before), distance(step.after));
    let lost = step.events.iter().fold(0_i128, |sum, record| match &record.event {
        Event::Balances(BalancesEvent::DustLost { amount, .. }) => sum.saturating_add(amount.get().into()),
        Event::TransactionFeePaid { actual_fee, .. } => sum.saturating_add(actual_fee.get().into()),
        _ => sum,
    });
    if after <= before && before.saturating_sub(after) <= lost {
        return Ok(());
    }
    Err(format!("the distance went from {before} to {after} rao with at most {lost} rao of dust and fees"))
}

pub(super) fn supply_is_bounded(step: &Step<'_>) -> Result<(), String> {
    let issuance = step.after.balances.total_issuance;
    if issuance <= MAX_ISSUANCE { Ok(()) } else { Err(format!("there are {issuance} tao")) }
}

pub(super) fn root_agrees(step: &Step<'_>) -> Result<(), String> {
    let Some(root) = step.after.subnet(NetUid::ROOT) else { return Ok(()) };
    let account = total_balance(step.after, &subnet_account(NetUid::ROOT)).get();
    let stake = root.stake.values().fold(0_u128, |sum, store| sum.saturating_add(store.value.get().into()));
    let (pool, issued) = (root.pool.tao.get(), root.pool.alpha_out.get());
    if account >= pool && stake == u128::from(pool) && pool == issued {
        return Ok(());
    }
    Err(format!("account {account}, pool {pool}, stake {stake}, issued {issued} rao"))
}
