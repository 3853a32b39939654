//! The fast version of the consensus: compressed rows, one pass per step, no memory but the scratch's.

mod arith;
mod blend;
mod bonds;
mod consensus;
mod lines;
pub(super) mod liquid;
mod sparse;
mod stake;
mod votes;
mod weights;

use super::fixed::{Bits, share_of_rao};
use super::{EpochInput, EpochOutput, EpochParams, EpochResults, reference};
use arith::{Ratio, normalize};

/// Beyond as many uids, or entries in a row, sums could leave 63 bits and wrap as the chain's would.
const COUNT_MAX: usize = 32_767;

/// The memory an epoch works in; after the first epoch of a size it allocates nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    neurons: stake::Neurons,
    weights: sparse::Sparse,
    votes: votes::Votes,
    spill: Vec<u64>,
    consensus: Vec<u64>,
    lines: lines::Lines,
    incentive: Vec<u64>,
    bonds: bonds::Bonds,
    results: EpochResults,
    /// Whether to do without the vectors that not every processor has.
    narrow: bool,
}

/// One epoch that distributes `rao` instead of the input's own emission.
pub(super) fn epoch_with_emission<'a>(
    input: &EpochInput,
    params: &EpochParams,
    rao: u64,
    scratch: &'a mut Scratch,
) -> EpochOutput<'a> {
    let ordinary = within_bounds(input) && scratch.neurons.load(input, params, &mut scratch.results);
    if ordinary {
        scratch.run(input, params, rao);
    } else {
        scratch.results = reference::epoch_with_emission(input, params, rao).into_results();
    }
    scratch.results.view()
}

/// Whether nothing can wrap; a chain of at most 4,096 uids without repeated columns is far within.
fn within_bounds(input: &EpochInput) -> bool {
    let short = |row: &[(u16, u16)]| row.len() <= COUNT_MAX;
    input.n() <= COUNT_MAX && input.weights.iter().all(short) && input.bonds.iter().all(short)
}

impl Scratch {
    /// A scratch whose epochs use only what every processor of this kind has. Results are the same; it is there so
    /// that both ways can be compared on one machine.
    #[must_use]
    pub fn narrow() -> Self {
        Self { narrow: true, ..Self::default() }
    }

    /// Runs on the widest vectors that the processor has; integers come out the same on any.
    fn run(&mut self, input: &EpochInput, params: &EpochParams, rao: u64) {
        #[cfg(target_arch = "x86_64")]
        if !self.narrow
            && std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("bmi2")
        {
            // SAFETY: the processor has just been asked for both features.
            #[expect(unsafe_code, reason = "the only way to use what not every processor has")]
            return unsafe { self.run_wide(input, params, rao) };
        }
        self.run_anywhere(input, params, rao);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi2")]
    fn run_wide(&mut self, input: &EpochInput, params: &EpochParams, rao: u64) {
        self.run_anywhere(input, params, rao);
    }

    /// The steps. They are inlined to the last, so that each caller's vectors serve them all.
    #[inline(always)]
    fn run_anywhere(&mut self, input: &EpochInput, params: &EpochParams, rao: u64) {
        let Self { neurons, weights, votes, spill, consensus, lines, incentive, bonds, results, .. } = self;
        let n = neurons.n;
        weights::normalized(input, params, neurons, weights, votes);
        consensus::medians(votes, spill, params.kappa, n, consensus);
        let penalty = params.bonds_penalty;
        lines.clip(neurons, consensus, penalty, weights, incentive, &mut results.validator_trust);
        normalize(incentive);
        let permits = &results.validator_permit;
        let found = bonds::Found { input, params, neurons, weights, lines, consensus, incentive, permits };
        if params.yuma3_on {
            bonds.yuma3(found, &mut results.bonds);
        } else {
            bonds.yuma2(found, &mut results.bonds);
        }
        quantised(&mut results.consensus, consensus);
        quantised(&mut results.incentive, incentive);
        quantised(&mut results.dividends, &bonds.dividends);
        quantised(&mut results.stake_weight, &neurons.stake);
        emit(neurons, incentive, &bonds.dividends, rao, results);
    }
}

#[inline(always)]
fn quantised(out: &mut Vec<u16>, shares: &[u64]) {
    out.clear();
    out.extend(shares.iter().map(|&share| arith::quantise(share)));
}

/// Splits the emission by incentive and dividends, or by stake when nobody earned anything.
#[inline(always)]
fn emit(neurons: &stake::Neurons, incentive: &[u64], dividends: &[u64], rao: u64, out: &mut EpochResults) {
    let total: u64 = incentive.iter().sum::<u64>() + dividends.iter().sum::<u64>();
    let ratio = Ratio::new(total);
    let amount = |share: u64| share_of_rao(share as Bits, rao);
    out.server_emission.clear();
    out.server_emission.extend(incentive.iter().map(|&share| amount(ratio.of(share))));
    out.validator_emission.clear();
    out.emission.clear();
    if total != 0 {
        out.validator_emission.extend(dividends.iter().map(|&share| amount(ratio.of(share))));
        let both = incentive.iter().zip(dividends);
        out.emission.extend(both.map(|(&i, &d)| amount(ratio.of(i + d))));
    } else {
        let fallback = if neurons.any_active_stake { &neurons.active_stake } else { &neurons.stake };
        out.validator_emission.extend(fallback.iter().map(|&share| amount(share)));
        out.emission.extend_from_slice(&out.validator_emission);
    }
}
