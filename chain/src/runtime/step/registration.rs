//! Registration prices fall block by block, and counters start again.
//!
//! **Source**: spec/chain.md 2.1 (3a), 8.2, 8.3.

use super::{Buffers, drain};
use crate::emission_schedule::{burn_decay_factor, decayed_burn};
use crate::runtime::Exec;
use crate::state::Subnet;
use crate::units::{NetUid, Rao};
use std::sync::Arc;

/// The decay factor of the half-life asked for last; nearly all subnets have the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct BurnFactor {
    half_life: u16,
    factor: u64,
}

impl Default for BurnFactor {
    fn default() -> Self {
        Self { half_life: 0, factor: burn_decay_factor(0) }
    }
}

impl BurnFactor {
    fn of(&mut self, half_life: u16) -> u64 {
        if half_life != self.half_life {
            *self = Self { half_life, factor: burn_decay_factor(half_life) };
        }
        self.factor
    }
}

/// Forgets swaps of hotkeys that are older than the interval, one remainder of netuids per block.
pub(super) fn forget_hotkey_swaps(exec: &mut Exec<'_>) {
    let (now, interval) = (exec.now(), exec.constants.hotkey_swap_interval);
    let slot = now.checked_rem(interval);
    let old = |at: &u64| at.saturating_add(interval) < now;
    let is_due = |netuid: NetUid, subnet: &Subnet| {
        u64::from(netuid.number()).checked_rem(interval) == slot && subnet.last_hotkey_swap.values().any(old)
    };
    let due: Vec<NetUid> = exec
        .state
        .subnets
        .iter()
        .filter(|(netuid, subnet)| subnet.added && is_due(**netuid, subnet))
        .map(|(netuid, _)| *netuid)
        .collect();
    for netuid in due {
        let rows = &mut exec.state.subnet_mut(netuid).last_hotkey_swap;
        *rows = rows.iter().filter(|(_, at)| !old(at)).map(|(key, at)| (*key, *at)).collect();
    }
}

/// Lets prices fall and starts the counters of registrations again.
pub(super) fn update_prices(exec: &mut Exec<'_>, buffers: &mut Buffers) {
    let now = exec.now();
    let netuids = &mut buffers.netuids;
    netuids.clear();
    netuids.extend(exec.state.subnets.iter().filter(|(_, row)| row.added).map(|(netuid, _)| *netuid));
    for netuid in netuids.iter() {
        let Some(subnet) = exec.state.subnets.get_mut(netuid) else { continue };
        let burn = decayed(subnet, now, &mut buffers.burn_factor);
        let counters = &subnet.registration;
        if burn != counters.burn || counters.this_block != 0 {
            let registration = &mut Arc::make_mut(subnet).registration;
            registration.burn = burn;
            registration.this_block = 0;
        }
    }
    let root = exec.state.subnet(NetUid::ROOT).filter(|root| drain::should_run_epoch(root, now));
    if root.is_some_and(|root| root.registration.this_interval != 0) {
        exec.state.subnet_mut(NetUid::ROOT).registration.this_interval = 0;
    }
}

fn decayed(subnet: &Subnet, now: u64, factor: &mut BurnFactor) -> Rao {
    let (burn, params) = (subnet.registration.burn, &subnet.params);
    if params.burn_half_life == 0 || now <= 1 {
        return burn;
    }
    let burn = decayed_burn(burn.get(), factor.of(params.burn_half_life));
    Rao(burn).min(params.max_burn).max(params.min_burn)
}
