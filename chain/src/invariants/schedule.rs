//! What happens when: epochs, emission, registrations of networks.

use super::{Step, alpha};
use crate::event::{Event, SubtensorModuleEvent};
use crate::runtime::step::{MAX_TEMPO, is_emit_eligible};
use crate::state::{State, Subnet};
use crate::units::NetUid;

/// I13: what the block brought the subnets that take part is no more than it minted.
pub(super) fn emission_is_shared_out(step: &Step<'_>) -> Result<(), String> {
    let reborn = alpha::reborn(step);
    let took_part = |netuid: &NetUid| {
        !reborn.contains(netuid) && step.before.subnet(*netuid).is_some_and(is_emit_eligible)
    };
    let rows = step.after.subnets.iter().filter(|(netuid, _)| took_part(netuid));
    let brought = rows.map(|(_, subnet)| {
        u128::from(subnet.pending.tao_in_emission.get())
            .saturating_add(subnet.pending.excess_tao.get().into())
    });
    let brought = brought.fold(0, u128::saturating_add);
    let emission = step.before.economics.halving.emission(step.before.globals.total_issuance.get());
    if brought <= u128::from(emission) {
        return Ok(());
    }
    Err(format!("{brought} rao of an emission of {emission} rao"))
}

/// I19: a network that the block registered locked the minimum, unless its payer had to be kept alive.
pub(super) fn network_paid_its_lock(
    step: &Step<'_>,
    netuid: NetUid,
    _: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let added = |event: &Event| matches!(event, Event::SubtensorModule(SubtensorModuleEvent::NetworkAdded(added, _)) if *added == netuid);
    if !step.events.iter().any(|record| added(&record.event)) {
        return Ok(());
    }
    // Root may have moved the minimum in the same block.
    let least = step.before.globals.network_min_lock_cost.min(step.after.globals.network_min_lock_cost);
    let locked = after.locked.saturating_add(crate::state::EXISTENTIAL_DEPOSIT);
    if locked >= least {
        return Ok(());
    }
    Err(format!("{} tao are locked where {least} tao are the minimum", after.locked))
}

/// I20: an epoch's slot comes when the schedule of the block before says so, or is put off with an event.
pub(super) fn epochs_keep_time(
    step: &Step<'_>,
    netuid: NetUid,
    before: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let Some(before) = step.survivor(netuid, before).filter(|_| !netuid.is_root()) else { return Ok(()) };
    let (had, has, now) = (&before.schedule, &after.schedule, step.after.block);
    if has.last_epoch_block < had.last_epoch_block {
        return Err(format!(
            "its last slot moved from {} back to {}",
            had.last_epoch_block, has.last_epoch_block
        ));
    }
    let slots = has.epoch_index.saturating_sub(had.epoch_index);
    if slots > 1 || has.epoch_index < had.epoch_index {
        return Err(format!("its epochs went from {} to {} in a block", had.epoch_index, has.epoch_index));
    }
    let tempo = u64::from(before.params.tempo);
    let triggered = had.pending_epoch_at > 0 && now >= had.pending_epoch_at;
    let overdue = had.blocks_since_last_step >= MAX_TEMPO;
    let due = tempo != 0 && (triggered || overdue || now.saturating_sub(had.last_epoch_block) >= tempo);
    let put_off = step.events.iter().any(|record| {
        matches!(record.event, Event::SubtensorModule(SubtensorModuleEvent::EpochDeferred { netuid: of, .. }) if of == netuid)
    });
    if (slots == 1) == (due && !put_off) && (due || !put_off) {
        return Ok(());
    }
    let ran = if slots == 1 { "ran" } else { "did not run" };
    let last = had.last_epoch_block;
    Err(format!("its epoch {ran}; due: {due}, put off: {put_off}; last slot {last}, tempo {tempo}"))
}

/// I26: a block does not add subnets beyond the limit.
pub(super) fn subnets_are_limited(step: &Step<'_>) -> Result<(), String> {
    let count = |state: &State| {
        state.subnets.iter().filter(|(netuid, subnet)| !netuid.is_root() && subnet.added).count()
    };
    let (was, is) = (count(step.before), count(step.after));
    let limit = step.before.globals.subnet_limit.max(step.after.globals.subnet_limit);
    if is <= was || is <= usize::from(limit) {
        return Ok(());
    }
    Err(format!("{is} subnets after {was}, where {limit} are allowed"))
}
