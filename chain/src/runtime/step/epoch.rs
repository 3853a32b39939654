//! The consensus of one subnet: arrays in, results stored.
//!
//! **Source**: spec/chain.md 2.7, spec/epoch.md 1, 10d, 12.

use super::{EpochBuffers, voting_power};
use crate::event::SubtensorModuleEvent;
use crate::invariants::Fact;
use crate::kernel::{EpochInput, EpochOutput, EpochParams, MinCommitBlocks, Rows, epochs};
use crate::runtime::Exec;
use crate::runtime::stake_weight::{self, Holding, Places};
use crate::state::{Mechanism, State, Subnet};
use crate::units::{AlphaRao, NetUid, NetUidStorageIndex};
use std::sync::Arc;

/// Runs the epoch of all mechanisms of a subnet; what each uid earned is left in the buffers' aggregate.
///
/// The places of the uids' rows are hints, and are made right.
pub(super) fn run(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    rao: AlphaRao,
    buffers: &mut EpochBuffers,
    places: &mut Vec<Places>,
) {
    let Some(subnet) = exec.state.subnet(netuid) else { return };
    let params = params(exec.state, subnet);
    let split = subnet.params.mechanism_emission_split.clone();
    let count = usize::from(subnet.params.mechanism_count.max(1));
    if buffers.inputs.len() < count {
        buffers.inputs.resize_with(count, EpochInput::default);
    }
    let EpochBuffers { inputs, scratch, aggregate, holdings } = buffers;
    let inputs = inputs.get_mut(..count).unwrap_or_default();
    places.resize_with(subnet.neurons.n(), Places::default);
    let roots = exec.state.subnet(NetUid::ROOT).map(|root| &root.stake);
    let keys = subnet.neurons.keys.iter().zip(places);
    holdings.clear();
    holdings.extend(keys.map(|(hotkey, places)| Holding::near(hotkey, Some(&subnet.stake), roots, places)));
    fill(exec, netuid, subnet, inputs, holdings);
    epochs(inputs, &params, rao.get(), split.as_deref(), scratch, aggregate, |index, out| {
        let mechid = u8::try_from(index).unwrap_or(u8::MAX);
        store_mechanism(exec.state.subnet_mut(netuid).mechanism_mut(mechid), &out);
        let emissions = out.server_emission.iter().copied().map(AlphaRao).collect();
        let netuid = NetUidStorageIndex::new(netuid, mechid);
        exec.emit(SubtensorModuleEvent::IncentiveAlphaEmittedToMiners { netuid, emissions });
    });
    exec.tell(|| Fact::Split { netuid, amount: rao, parts: aggregate.split.clone() });
    let neurons = exec.state.subnet_mut(netuid).neurons_mut();
    neurons.active.clone_from(&aggregate.active);
    neurons.consensus.clone_from(&aggregate.consensus);
    neurons.dividends.clone_from(&aggregate.dividends);
    neurons.validator_trust.clone_from(&aggregate.validator_trust);
    neurons.validator_permit.clone_from(&aggregate.validator_permit);
    neurons.stake_weight.clone_from(&aggregate.stake_weight);
    neurons.emission.clear();
    neurons.emission.extend(aggregate.emission.iter().copied().map(AlphaRao));
    voting_power::update(exec, netuid, &aggregate.stake);
}

fn params(state: &State, subnet: &Subnet) -> EpochParams {
    let params = &subnet.params;
    EpochParams {
        tempo: params.tempo,
        activity_cutoff_factor_milli: params.activity_cutoff_factor_milli,
        kappa: params.kappa,
        bonds_penalty: params.bonds_penalty,
        bonds_moving_average: params.bonds_moving_average,
        max_allowed_validators: params.max_allowed_validators,
        stake_threshold: state.globals.stake_threshold,
        tao_weight: state.globals.tao_weight,
        yuma3_on: params.yuma3_on,
        liquid_alpha_on: params.liquid_alpha_on,
        alpha_low: params.alpha_values.0,
        alpha_high: params.alpha_values.1,
        alpha_sigmoid_steepness: params.alpha_sigmoid_steepness,
        commit_reveal_weights_enabled: params.commit_reveal_weights_enabled,
    }
}

/// Copies what the epoch reads; stakes are computed once for all mechanisms.
fn fill(exec: &Exec<'_>, netuid: NetUid, subnet: &Subnet, inputs: &mut [EpochInput], holdings: &[Holding]) {
    let neurons = &subnet.neurons;
    let Some((first, rest)) = inputs.split_first_mut() else { return };
    first.clear();
    for (hotkey, holding) in neurons.keys.iter().zip(holdings) {
        let (alpha, tao) = stake_weight::inherited_with(exec.state, hotkey, netuid, *holding);
        first.alpha_stake.push(alpha.get());
        first.tao_stake.push(tao.get());
    }
    first.current_block = exec.env.number;
    first.last_mechanism_step_block = subnet.schedule.last_mechanism_step_block;
    first.owner_uid = if subnet.has_owner { neurons.uid_of(&subnet.owner_hotkey) } else { None };
    first.block_at_registration.extend_from_slice(&neurons.block_at_registration);
    first.validator_permit.extend_from_slice(&neurons.validator_permit);
    for input in &mut *rest {
        input.clone_from(first);
    }
    for (mechid, input) in inputs.iter_mut().enumerate() {
        if let Some(mechanism) = subnet.mechanisms.get(mechid) {
            fill_mechanism(subnet, mechanism, input);
        }
        if input.last_update.len() < neurons.n() {
            input.last_update.resize(neurons.n(), 0);
        }
    }
}

fn fill_mechanism(subnet: &Subnet, mechanism: &Mechanism, input: &mut EpochInput) {
    let neurons = &subnet.neurons;
    input.last_update.extend_from_slice(&mechanism.last_update);
    for row in &mechanism.weights {
        input.weights.push_row(row.iter().copied());
    }
    for row in &mechanism.bonds {
        input.bonds.push_row(row.iter().copied());
    }
    if !subnet.params.commit_reveal_weights_enabled {
        return;
    }
    MinCommitBlocks::reset(&mut input.min_commit_block, neurons.n());
    let oldest = MinCommitBlocks {
        current_epoch: subnet.schedule.epoch_index,
        reveal_period_epochs: subnet.params.reveal_period_epochs,
    };
    for (hotkey, queue) in &mechanism.weight_commits {
        if let Some(uid) = neurons.uid_of(hotkey) {
            let queue = queue.iter().map(|(_, epoch, block, _)| (*epoch, *block));
            oldest.queue(&mut input.min_commit_block, uid, queue);
        }
    }
    for (epoch, bucket) in &mechanism.timelocked_commits {
        let bucket = bucket.iter().filter_map(|(who, block, _, _)| Some((neurons.uid_of(who)?, *block)));
        oldest.timelocked(&mut input.min_commit_block, *epoch, bucket);
    }
}

fn store_mechanism(mechanism: &mut Mechanism, out: &EpochOutput<'_>) {
    mechanism.incentive.clear();
    mechanism.incentive.extend_from_slice(out.incentive);
    store_rows(&mut mechanism.bonds, out.bonds, out.incentive.len());
}

/// Writes the rows that changed, in place where no earlier state shares them. Rows of uids that are gone stay.
fn store_rows(rows: &mut Vec<Arc<Vec<(u16, u16)>>>, new: &Rows, n: usize) {
    rows.resize_with(n.max(rows.len()), Arc::default);
    for (uid, row) in rows.iter_mut().take(n).enumerate() {
        let new = new.row(uid);
        if row.as_slice() == new {
            continue;
        }
        match Arc::get_mut(row) {
            Some(row) => {
                row.clear();
                row.extend_from_slice(new);
            }
            None => *row = Arc::new(new.to_vec()),
        }
    }
}
