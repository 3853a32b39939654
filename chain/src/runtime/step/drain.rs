//! Which epochs run in a block, and what they distribute.
//!
//! **Source**: spec/chain.md 2.4, 2.5.

use crate::event::SubtensorModuleEvent;
use crate::runtime::{Exec, locks};
use crate::state::{Neurons, Subnet};
use crate::units::{AlphaRao, BlockNumber, NetUid};
use std::mem;

/// An epoch runs at the latest so many blocks after the one before it, whatever the schedule says.
pub const MAX_TEMPO: u64 = 50_400;

/// An epoch that runs in this block, with what it distributes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    /// Which subnet.
    pub(super) netuid: NetUid,
    /// For miners.
    pub(super) server: AlphaRao,
    /// For validators.
    pub(super) validator: AlphaRao,
    /// For root stakers.
    pub(super) root: AlphaRao,
    /// For the subnet's owner.
    pub(super) owner: AlphaRao,
}

/// Whether a subnet's epoch is due at a block.
pub fn should_run_epoch(subnet: &Subnet, block: BlockNumber) -> bool {
    let (schedule, tempo) = (&subnet.schedule, u64::from(subnet.params.tempo));
    tempo != 0
        && ((schedule.pending_epoch_at > 0 && block >= schedule.pending_epoch_at)
            || schedule.blocks_since_last_step > MAX_TEMPO
            || block.saturating_sub(schedule.last_epoch_block) >= tempo)
}

/// The subnets whose epoch is due in this block and will be put off by the cap; to be asked before the coinbase.
pub fn epochs_deferred(exec: &Exec<'_>) -> impl Iterator<Item = NetUid> {
    let rows = exec.state.subnets.iter().filter(|(netuid, subnet)| {
        // The coinbase counts this block before it asks.
        let late = subnet.schedule.blocks_since_last_step >= MAX_TEMPO && subnet.params.tempo != 0;
        !netuid.is_root() && subnet.added && (late || should_run_epoch(subnet, exec.env.number))
    });
    rows.map(|(netuid, _)| *netuid).skip(exec.state.globals.max_epochs_per_block.into())
}

/// Lists the epochs that run now and takes what waits for them.
pub(super) fn drain_pending(exec: &mut Exec<'_>, netuids: &[NetUid], due: &mut Vec<Due>) {
    due.clear();
    let now = exec.now();
    let cap = usize::from(exec.state.globals.max_epochs_per_block);
    for netuid in netuids.iter().copied() {
        let subnet = exec.state.subnet_mut(netuid);
        let schedule = &mut subnet.schedule;
        schedule.blocks_since_last_step = schedule.blocks_since_last_step.saturating_add(1);
        if !should_run_epoch(subnet, now) {
            continue;
        }
        if due.len() >= cap {
            let to_block = now.saturating_add(1);
            subnet.schedule.pending_epoch_at = to_block;
            exec.emit(SubtensorModuleEvent::EpochDeferred { netuid, from_block: now, to_block });
            continue;
        }
        let consistent = keys_are_unique(&subnet.neurons);
        subnet.schedule.last_epoch_block = now;
        subnet.schedule.pending_epoch_at = 0;
        subnet.schedule.epoch_index = subnet.schedule.epoch_index.saturating_add(1);
        if consistent {
            subnet.schedule.blocks_since_last_step = 0;
            let pending = &mut subnet.pending;
            due.push(Due {
                netuid,
                server: mem::take(&mut pending.server),
                validator: mem::take(&mut pending.validator),
                root: mem::take(&mut pending.root_divs),
                owner: mem::take(&mut pending.owner_cut),
            });
            locks::change_owner_if_needed(exec, netuid);
        } else {
            exec.emit(SubtensorModuleEvent::EpochSkipped { netuid, block: now });
        }
    }
}

/// False when a hotkey stands under two uids: the epoch could not tell whom it pays.
fn keys_are_unique(neurons: &Neurons) -> bool {
    neurons.uids.len() == neurons.keys.len()
}
