//! Seeded subnets for the benchmarks of the consensus kernel.

use chain::kernel::{EpochInput, EpochParams};

/// A small generator of repeatable numbers (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: u16, high: u16) -> u16 {
        let span = u64::from(high - low) + 1;
        low + (self.next() % span) as u16
    }
}

/// What a subnet looks like.
#[derive(Clone, Copy, Debug)]
pub struct Graph {
    /// Uids.
    pub n: u16,
    /// The first of them validate.
    pub validators: u16,
    /// Entries that each validator has of every hundred.
    pub filled_percent: u64,
    /// Lower bound of weights; they are random from there to 65535.
    pub weight_min: u16,
    /// Upper bound of bonds, which are random from 0.
    pub bond_max: u16,
}

impl Graph {
    /// Every validator weighs and is bonded to every uid but itself.
    #[must_use]
    pub const fn dense(n: u16, validators: u16) -> Self {
        Self { n, validators, filled_percent: 100, weight_min: 1, bond_max: u16::MAX }
    }

    /// The state before an epoch of this subnet.
    #[must_use]
    pub fn input(&self) -> EpochInput {
        let mut numbers = Numbers(u64::from(self.n));
        let n = usize::from(self.n);
        let mut input = EpochInput {
            current_block: 100_000,
            last_mechanism_step_block: 99_639,
            rao_emission: 180_000_000_000,
            block_at_registration: vec![1_000; n],
            last_update: vec![99_900; n],
            min_commit_block: vec![u64::MAX; n],
            ..EpochInput::default()
        };
        for uid in 0..self.n {
            let validates = uid < self.validators;
            let stake = if validates { 1_000_000_000_000 + numbers.next() % 9_000_000_000_000 } else { 0 };
            input.alpha_stake.push(stake);
            input.tao_stake.push(stake / 3);
            input.validator_permit.push(validates);
            for column in 0..self.n {
                let present = validates && column != uid && numbers.next() % 100 < self.filled_percent;
                if present {
                    input.weights.push(column, numbers.between(self.weight_min, u16::MAX));
                    input.bonds.push(column, numbers.between(0, self.bond_max));
                }
            }
            input.weights.end_row();
            input.bonds.end_row();
        }
        input
    }

    /// Hyperparameters of a new subnet with as many permits as the graph has validators, Yuma3 on.
    #[must_use]
    pub fn params(&self) -> EpochParams {
        EpochParams { max_allowed_validators: self.validators, ..EpochParams::default() }
    }
}
