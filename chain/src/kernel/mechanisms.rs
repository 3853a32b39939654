//! Several mechanisms on one subnet: how the emission is split and how their results become one.
//!
//! **Source**: spec `epoch.md` section 12.

use super::fast::epoch_with_emission;
use super::{EpochInput, EpochOutput, EpochParams, Scratch};

/// Splits `rao` over `count` mechanisms into `parts`, reusing its memory; what rounding leaves goes to mechanism 0.
///
/// `split` holds parts of 65535, padded with zeros or cut to `count`; `None` splits evenly.
pub fn split_emission(rao: u64, split: Option<&[u16]>, count: usize, parts: &mut Vec<u64>) {
    parts.clear();
    parts.extend((0..count).map(|k| match split {
        Some(split) => {
            let share = split.get(k).copied().unwrap_or(0);
            u64::try_from(u128::from(rao) * u128::from(share) / 65_535).unwrap_or(u64::MAX)
        }
        None => rao / count as u64,
    }));
    let rest = parts.iter().fold(rao, |rest, part| rest.saturating_sub(*part));
    if let Some(first) = parts.first_mut() {
        *first = first.saturating_add(rest);
    }
}

/// What mechanism `index` weighs in the aggregate: its share of the emission with 64 fractional bits.
#[must_use]
pub const fn mechanism_weight(index: usize, part: u64, rao: u64) -> u128 {
    match (rao, index) {
        (0, 0) => 1 << 64,
        (0, _) => 0,
        _ => ((part as u128) << 64) / rao as u128,
    }
}

/// `floor(existing + added * weight)`, saturating at 2^64 - 1.
#[must_use]
pub const fn accumulate(existing: u64, added: u64, weight: u128) -> u64 {
    // The weight never passes one (2^64), so only its top bit needs a product wider than 128 bits.
    let product = (added as u128).saturating_mul(weight >> 64)
        + (((added as u128) * (weight & u64::MAX as u128)) >> 64);
    let sum = product.saturating_add(existing as u128);
    if sum > u64::MAX as u128 { u64::MAX } else { sum as u64 }
}

/// The results of all mechanisms of a subnet as one, and the split of the emission.
///
/// **Shape**: one element per uid, `split` one per mechanism. Reused between epochs, it allocates nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aggregate {
    /// Weighted share of each validator. **Units**: parts of 65535.
    pub dividends: Vec<u16>,
    /// Weighted consensus weight. **Units**: parts of 65535.
    pub consensus: Vec<u16>,
    /// Weighted validator trust. **Units**: parts of 65535.
    pub validator_trust: Vec<u16>,
    /// Weighted share of stake. **Units**: parts of 65535.
    pub stake_weight: Vec<u16>,
    /// Active in any mechanism.
    pub active: Vec<bool>,
    /// Permitted by any mechanism.
    pub validator_permit: Vec<bool>,
    /// Weighted combined emission. **Units**: alpha rao.
    pub emission: Vec<u64>,
    /// Summed server emission. **Units**: alpha rao.
    pub server_emission: Vec<u64>,
    /// Summed validator emission. **Units**: alpha rao.
    pub validator_emission: Vec<u64>,
    /// Summed total stake. **Units**: rao, counted once per mechanism.
    pub stake: Vec<u64>,
    /// What each mechanism distributed. **Units**: alpha rao.
    pub split: Vec<u64>,
}

impl Aggregate {
    /// Starts an aggregate of `n` uids at zero, keeping the memory and the split.
    pub fn reset(&mut self, n: usize) {
        let shares =
            [&mut self.dividends, &mut self.consensus, &mut self.validator_trust, &mut self.stake_weight];
        for values in shares {
            refill(values, n, 0);
        }
        for values in [&mut self.active, &mut self.validator_permit] {
            refill(values, n, false);
        }
        let amounts =
            [&mut self.emission, &mut self.server_emission, &mut self.validator_emission, &mut self.stake];
        for values in amounts {
            refill(values, n, 0);
        }
    }

    /// Adds the results of one mechanism with its [`mechanism_weight`].
    pub fn add(&mut self, out: &EpochOutput<'_>, weight: u128) {
        let shares = [
            (&mut self.dividends, out.dividends),
            (&mut self.consensus, out.consensus),
            (&mut self.validator_trust, out.validator_trust),
            (&mut self.stake_weight, out.stake_weight),
        ];
        for (acc, added) in shares {
            for (acc, added) in acc.iter_mut().zip(added) {
                *acc =
                    u16::try_from(accumulate(u64::from(*acc), u64::from(*added), weight)).unwrap_or(u16::MAX);
            }
        }
        for (acc, added) in self.emission.iter_mut().zip(out.emission) {
            *acc = accumulate(*acc, *added, weight);
        }
        let sums = [
            (&mut self.server_emission, out.server_emission),
            (&mut self.validator_emission, out.validator_emission),
            (&mut self.stake, out.stake),
        ];
        for (acc, added) in sums {
            for (acc, added) in acc.iter_mut().zip(added) {
                *acc = acc.saturating_add(*added);
            }
        }
        let flags = [(&mut self.active, out.active), (&mut self.validator_permit, out.validator_permit)];
        for (acc, added) in flags {
            for (acc, added) in acc.iter_mut().zip(added) {
                *acc |= *added;
            }
        }
    }
}

fn refill<T: Clone>(values: &mut Vec<T>, n: usize, value: T) {
    values.clear();
    values.resize(n, value);
}

/// One epoch of all mechanisms of a subnet: splits `rao`, runs each and aggregates the results.
///
/// `inputs` holds one input per mechanism, all with the same uids and the permits from before any of them; their
/// own `rao_emission` is not read. `each` sees every mechanism's index and results before the next one runs, which
/// is where incentive and bonds are stored.
pub fn epochs(
    inputs: &[EpochInput],
    params: &EpochParams,
    rao: u64,
    split: Option<&[u16]>,
    scratch: &mut Scratch,
    aggregate: &mut Aggregate,
    mut each: impl FnMut(usize, EpochOutput<'_>),
) {
    split_emission(rao, split, inputs.len(), &mut aggregate.split);
    aggregate.reset(inputs.first().map_or(0, EpochInput::n));
    for (index, input) in inputs.iter().enumerate() {
        let part = aggregate.split.get(index).copied().unwrap_or(0);
        let out = epoch_with_emission(input, params, part, scratch);
        aggregate.add(&out, mechanism_weight(index, part, rao));
        each(index, out);
    }
}
