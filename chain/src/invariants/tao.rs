//! TAO: balances, issuance, root.

use super::gaps::Gaps;
use super::{Checker, Fact, Step};
use crate::event::{BalancesEvent, Event, SubtensorModuleEvent};
use crate::runtime::tao::{MAX_ISSUANCE, subnet_account, total_balance};
use crate::state::{AccountInfo, State};
use crate::units::NetUid;

fn held(row: &AccountInfo) -> i128 {
    i128::from(row.data.free.get()).saturating_add(row.data.reserved.get().into())
}

/// The sum of all balances, rao.
pub(super) fn sum_of_balances(state: &State) -> i128 {
    state.balances.accounts.values().map(held).fold(0, i128::saturating_add)
}

impl Checker {
    /// Carries the sum of balances over a block.
    pub(super) fn sum_balances(&mut self, step: &Step<'_>) {
        let (before, after) = (&step.before.balances.accounts, &step.after.balances.accounts);
        for (_, old, new) in after.changes_since(before) {
            let (old, new) = (old.map_or(0, held), new.map_or(0, held));
            self.balances = self.balances.saturating_add(new).saturating_sub(old);
        }
    }
}

/// `sum` is that of all balances, `raw` what raw writes have set it apart from the issuance.
pub(super) fn balances_sum_to_issuance(step: &Step<'_>, sum: i128, raw: i128) -> Result<(), String> {
    let issuance = step.after.balances.total_issuance.get();
    if sum.saturating_sub(raw) == i128::from(issuance) {
        return Ok(());
    }
    Err(format!("the balances sum to {sum} rao, the issuance is {issuance} rao"))
}

/// How much root raised the issuance of Balances and the pallet's counter in the block.
fn set_by_root(step: &Step<'_>) -> (i128, i128) {
    step.facts.iter().fold((0, 0), |(sum, counter), fact| match fact {
        Fact::IssuanceSet { balances, pallet } => {
            (sum.saturating_add(*balances), counter.saturating_add(*pallet))
        }
        _ => (sum, counter),
    })
}

pub(super) fn counters_keep_their_distance(step: &Step<'_>, raw: i128) -> Result<(), String> {
    let distance = |state: &State| {
        i128::from(state.balances.total_issuance.get())
            .saturating_sub(state.globals.total_issuance.get().into())
    };
    let (balances, pallet) = set_by_root(step);
    let before = distance(step.before).saturating_add(raw).saturating_add(balances).saturating_sub(pallet);
    let after = distance(step.after);
    let lost = step.events.iter().fold(0_i128, |sum, record| match &record.event {
        Event::Balances(BalancesEvent::DustLost { amount, .. }) => sum.saturating_add(amount.get().into()),
        Event::TransactionFeePaid { actual_fee, .. } => sum.saturating_add(actual_fee.get().into()),
        _ => sum,
    });
    let clipped = step.facts.iter().fold(0_i128, |sum, fact| match fact {
        Fact::CounterAtZero { short } => sum.saturating_add((*short).into()),
        _ => sum,
    });
    let lost = lost.saturating_add(clipped);
    if after <= before && before.saturating_sub(after) <= lost {
        return Ok(());
    }
    Err(format!("the distance went from {before} to {after} rao with at most {lost} rao of dust and fees"))
}

pub(super) fn supply_is_bounded(step: &Step<'_>, raw: i128) -> Result<(), String> {
    let (was, is) = (step.before.balances.total_issuance, step.after.balances.total_issuance);
    let set = i128::from(was.get()).saturating_add(raw).saturating_add(set_by_root(step).0);
    // Root may raise the issuance above the bound; nothing else does.
    if is > MAX_ISSUANCE && i128::from(is.get()) > set {
        return Err(format!("there are {is} tao"));
    }
    let faucet = step.events.iter().fold(0_i128, |sum, record| match &record.event {
        Event::SubtensorModule(SubtensorModuleEvent::Faucet(_, amount)) => {
            sum.saturating_add((*amount).into())
        }
        _ => sum,
    });
    let minted = i128::from(is.get()).saturating_sub(set).saturating_sub(faucet);
    let emission = step.before.economics.halving.emission(step.before.globals.total_issuance.get());
    if minted <= i128::from(emission) {
        return Ok(());
    }
    Err(format!("{minted} rao were minted of an emission of {emission} rao"))
}

/// Stake on root less its pool, and alpha issued there less its pool.
pub(super) fn root_gaps(state: &State) -> (i128, i128) {
    let Some(root) = state.subnet(NetUid::ROOT) else { return (0, 0) };
    let stake = root.stake.values().fold(0_i128, |sum, store| sum.saturating_add(store.value.get().into()));
    let pool = i128::from(root.pool.tao.get());
    (stake.saturating_sub(pool), i128::from(root.pool.alpha_out.get()).saturating_sub(pool))
}

pub(super) fn root_agrees(step: &Step<'_>, raw: &Gaps) -> Result<(), String> {
    let Some(root) = step.after.subnet(NetUid::ROOT) else { return Ok(()) };
    let account = i128::from(total_balance(step.after, &subnet_account(NetUid::ROOT)).get());
    let pool = i128::from(root.pool.tao.get());
    let (stake, issued) = root_gaps(step.after);
    let surplus = raw.subnets.get(&NetUid::ROOT).map_or(0, |gaps| gaps.surplus);
    if account.saturating_sub(pool) >= surplus.min(0) && (stake, issued) == raw.root {
        return Ok(());
    }
    let (stake, issued) = (stake.saturating_add(pool), issued.saturating_add(pool));
    Err(format!("account {account}, pool {pool}, stake {stake}, issued {issued} rao"))
}
