//! The plain version of the consensus: the spec line by line, one vector per step, dense where the chain's own
//! method is. It is the measure of the fast version and is not meant to be quick.
//!
//! **Source**: spec `epoch.md`.

pub mod liquid;
pub mod matrix;
pub mod median;
pub mod stake;
mod trace;

pub use trace::Trace;

use super::fixed::{Bits, add, bonds_alpha, div_or_zero, normalize, proportion, quantise, share_of_rao, sum};
use super::{EpochInput, EpochOutput, EpochParams, EpochResults};
use matrix::Matrix;
use stake::at;

/// The results of one epoch and every step on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    results: EpochResults,
    /// The steps.
    pub trace: Trace,
}

impl Outcome {
    /// The results, as the fast version gives them.
    #[must_use]
    pub fn output(&self) -> EpochOutput<'_> {
        self.results.view()
    }

    pub(super) fn into_results(self) -> EpochResults {
        self.results
    }
}

/// One epoch of one mechanism.
#[must_use]
pub fn epoch(input: &EpochInput, params: &EpochParams) -> Outcome {
    epoch_with_emission(input, params, input.rao_emission)
}

/// One epoch that distributes `rao` instead of the input's own emission.
pub(super) fn epoch_with_emission(input: &EpochInput, params: &EpochParams, rao: u64) -> Outcome {
    let n = input.n();
    let mut trace = Trace::default();

    let totals = stake::totals(input, params);
    trace.stake = stake::shares(&totals, input.owner_uid, params.stake_threshold);
    let active = stake::active(input, params);
    let mut old_permits: Vec<bool> = (0..n).map(|i| at(&input.validator_permit, i)).collect();
    stake::permit_owner(&mut old_permits, input.owner_uid);
    let mut new_permits = stake::top_k_nonzero(&trace.stake, usize::from(params.max_allowed_validators));
    stake::permit_owner(&mut new_permits, input.owner_uid);

    trace.active_stake =
        (0..n).map(|i| if at(&active, i) && at(&old_permits, i) { at(&trace.stake, i) } else { 0 }).collect();
    normalize(&mut trace.active_stake);

    trace.weights_norm = masked_weights(input, params, &old_permits);
    matrix::row_normalize(&mut trace.weights_norm);
    trace.consensus =
        median::weighted_median_columns(&trace.active_stake, &trace.weights_norm, n, params.kappa);
    trace.clipped_weights = matrix::column_clip(&trace.weights_norm, &trace.consensus);
    trace.validator_trust = matrix::row_sums(&trace.clipped_weights);
    trace.incentive = matrix::weighted_column_sums(&trace.clipped_weights, &trace.active_stake, n);
    normalize(&mut trace.incentive);
    let penalty = proportion(params.bonds_penalty);
    trace.weights_for_bonds = matrix::interpolate(&trace.weights_norm, &trace.clipped_weights, n, penalty);

    let stored_bonds =
        if params.yuma3_on { yuma3(input, params, &mut trace) } else { yuma2(input, params, &mut trace) };
    emission_shares(&mut trace);

    let results = EpochResults {
        incentive: quantised(&trace.incentive),
        dividends: quantised(&trace.dividends),
        consensus: quantised(&trace.consensus),
        validator_trust: quantised(&trace.validator_trust),
        stake_weight: quantised(&trace.stake),
        active,
        server_emission: amounts(&trace.normalized_server_emission, rao),
        validator_emission: amounts(&trace.normalized_validator_emission, rao),
        emission: amounts(&trace.normalized_combined_emission, rao),
        stake: totals.iter().map(|total| (total >> 64) as u64).collect(),
        bonds: permitted_bonds(&stored_bonds, &new_permits),
        validator_permit: new_permits,
    };
    Outcome { results, trace }
}

/// Section 6 up to the row normalisation: the entries that count, as whole numbers.
fn masked_weights(input: &EpochInput, params: &EpochParams, old_permits: &[bool]) -> Matrix {
    let n = input.n();
    let row = |i: usize| -> Vec<(u16, Bits)> {
        if !at(old_permits, i) {
            return Vec::new();
        }
        let updated = at(&input.last_update, i);
        let committed = match params.commit_reveal_weights_enabled {
            true => input.min_commit_block.get(i).copied().unwrap_or(u64::MAX),
            false => u64::MAX,
        };
        let counts = |&(j, _): &(u16, Bits)| {
            let registered = at(&input.block_at_registration, usize::from(j));
            usize::from(j) < n
                && (usize::from(j) != i || input.owner_uid == Some(j))
                && updated > registered
                && committed >= registered
        };
        matrix::from_u16(input.weights.row(i), false).into_iter().filter(counts).collect()
    };
    (0..n).map(row).collect()
}

/// Stored bonds without those in uids registered since the last epoch. Columns beyond the last uid stay: they count
/// for nothing, but they block the cursor of liquid alpha.
fn masked_bonds(input: &EpochInput, params: &EpochParams) -> Matrix {
    let n = input.n();
    let last_tempo = params.last_tempo(input.current_block, input.last_mechanism_step_block);
    let counts = |&(j, _): &(u16, Bits)| {
        let j = usize::from(j);
        j >= n || last_tempo > at(&input.block_at_registration, j)
    };
    let row = |i| matrix::from_u16(input.bonds.row(i), params.yuma3_on).into_iter().filter(counts).collect();
    (0..n).map(row).collect()
}

/// Section 10a. Returns the bonds to store, before quantisation.
fn yuma2(input: &EpochInput, params: &EpochParams, trace: &mut Trace) -> Matrix {
    let n = input.n();
    trace.bonds_in = masked_bonds(input, params);
    matrix::column_normalize(&mut trace.bonds_in, n);
    trace.bonds_delta = matrix::row_hadamard(&trace.weights_for_bonds, &trace.active_stake);
    matrix::column_normalize(&mut trace.bonds_delta, n);
    trace.ema_bonds =
        matrix::ema(&trace.bonds_delta, &trace.bonds_in, bonds_alpha(params.bonds_moving_average));
    matrix::column_normalize(&mut trace.ema_bonds, n);
    trace.dividends = matrix::weighted_row_sums(&trace.ema_bonds, &trace.incentive);
    normalize(&mut trace.dividends);
    let mut stored = trace.ema_bonds.clone();
    matrix::column_max_upscale(&mut stored, n);
    stored
}

/// Section 10b. Returns the bonds to store, before quantisation.
fn yuma3(input: &EpochInput, params: &EpochParams, trace: &mut Trace) -> Matrix {
    trace.bonds_in = masked_bonds(input, params);
    trace.ema_bonds = if params.liquid_alpha_on && trace.consensus.iter().any(|&c| c != 0) {
        let sigmoid = liquid::Sigmoid::of(params);
        let alphas = sigmoid.alphas(&trace.weights_for_bonds, &trace.bonds_in, &trace.consensus);
        liquid::ema_with_alphas(&trace.weights_for_bonds, &trace.bonds_in, &alphas)
    } else {
        let alpha = bonds_alpha(params.bonds_moving_average);
        matrix::ema(&trace.weights_for_bonds, &trace.bonds_in, alpha)
    };
    trace.ema_bonds_norm = trace.ema_bonds.clone();
    matrix::column_normalize(&mut trace.ema_bonds_norm, input.n());
    trace.total_bonds_per_validator = matrix::weighted_row_sums(&trace.ema_bonds_norm, &trace.incentive);
    trace.dividends = matrix::vector_product(&trace.total_bonds_per_validator, &trace.active_stake);
    normalize(&mut trace.dividends);
    trace.ema_bonds.clone()
}

/// Section 10c up to the amounts.
fn emission_shares(trace: &mut Trace) {
    let combined: Vec<Bits> =
        trace.incentive.iter().zip(&trace.dividends).map(|(&i, &d)| add(i, d)).collect();
    trace.emission_sum = sum(combined.iter().copied());
    let shares = |values: &[Bits]| -> Vec<Bits> {
        let total = trace.emission_sum;
        values.iter().map(|&x| if total == 0 { x } else { div_or_zero(x, total) }).collect()
    };
    trace.normalized_server_emission = shares(&trace.incentive);
    trace.normalized_validator_emission = shares(&trace.dividends);
    trace.normalized_combined_emission = combined;
    normalize(&mut trace.normalized_combined_emission);
    if trace.emission_sum == 0 {
        let idle = sum(trace.active_stake.iter().copied()) == 0;
        let fallback = if idle { &trace.stake } else { &trace.active_stake };
        trace.normalized_validator_emission.clone_from(fallback);
        trace.normalized_combined_emission.clone_from(fallback);
    }
}

fn quantised(values: &[Bits]) -> Vec<u16> {
    values.iter().map(|&x| quantise(x)).collect()
}

fn amounts(shares: &[Bits], rao: u64) -> Vec<u64> {
    shares.iter().map(|&x| share_of_rao(x, rao)).collect()
}

fn permitted_bonds(bonds: &Matrix, permits: &[bool]) -> super::Rows {
    let mut rows = super::Rows::new();
    for (row, permitted) in bonds.iter().zip(permits) {
        let kept = row.iter().filter(|_| *permitted);
        rows.push_row(kept.map(|&(j, x)| (j, quantise(x))));
    }
    rows
}
