//! The coinbase: the block's TAO and alpha go to the subnets, and the epochs that are due pay out.
//!
//! **Source**: spec/chain.md 2.3, 4.1.

use super::emission::{self, Candidate};
use super::{Buffers, distribute, drain, injection, subnets};
use crate::runtime::Exec;
use crate::runtime::tao::Credit;
use crate::state::Subnet;
use crate::units::Rao;
use std::mem;
use std::sync::Arc;

/// Whether a subnet takes part in emission.
pub fn is_emit_eligible(subnet: &Subnet) -> bool {
    subnet.added
        && subnet.schedule.first_emission_block.is_some()
        && subnet.pool.subtoken_enabled
        && subnet.params.registration_allowed
}

/// Spends the block's credit and runs the epochs that are due.
pub(super) fn run(exec: &mut Exec<'_>, credit: Credit, buffers: &mut Buffers) {
    subnets(exec, &mut buffers.netuids);
    for netuid in &buffers.netuids {
        if exec.state.subnet(*netuid).is_some_and(|subnet| !subnet.pending.root_sell_tao.is_zero()) {
            exec.state.subnet_mut(*netuid).pending.root_sell_tao = Rao::ZERO;
        }
    }
    let candidates = &mut buffers.candidates;
    candidates.clear();
    let rows = buffers.netuids.iter().filter_map(|netuid| Some((*netuid, exec.state.subnet(*netuid)?)));
    let eligible = rows.filter(|(_, subnet)| is_emit_eligible(subnet));
    candidates.extend(eligible.map(|(netuid, subnet)| Candidate::new(netuid, subnet)));
    let economics = Arc::clone(&exec.state.economics);
    let now = exec.now();
    emission::share_out(exec.state, economics.emission, now, candidates);
    emission::set_terms(exec.state, candidates, credit.amount());
    let root_sells = emission::root_sell_flag(candidates);
    injection::inject(exec, candidates, credit, economics.pool, &mut buffers.accounts);
    injection::emit_alpha(exec, candidates, root_sells, economics.split);

    drain::drain_pending(exec, &buffers.netuids, &mut buffers.due);
    let due = mem::take(&mut buffers.due);
    for due in &due {
        distribute::distribute(exec, buffers, due);
        exec.state.subnet_mut(due.netuid).schedule.last_mechanism_step_block = exec.env.number;
    }
    buffers.due = due;
}
