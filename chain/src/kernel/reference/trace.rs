//! Every step of an epoch, for comparison with another implementation.

use super::matrix::Matrix;
use crate::kernel::fixed::Bits;

/// The vectors and matrices an epoch goes through, as raw bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// Shares of stake that passes the threshold.
    pub stake: Vec<Bits>,
    /// Shares of stake of active, permitted uids.
    pub active_stake: Vec<Bits>,
    /// Consensus weight on each uid.
    pub consensus: Vec<Bits>,
    /// Sum of each row of `clipped_weights`.
    pub validator_trust: Vec<Bits>,
    /// Share of each miner.
    pub incentive: Vec<Bits>,
    /// Yuma3: incentive that each validator's bonds earn; empty otherwise.
    pub total_bonds_per_validator: Vec<Bits>,
    /// Share of each validator.
    pub dividends: Vec<Bits>,
    /// Sum of incentive and dividends.
    pub emission_sum: Bits,
    /// Share of the emission by incentive.
    pub normalized_server_emission: Vec<Bits>,
    /// Share of the emission by dividends, or by stake when nobody earned anything.
    pub normalized_validator_emission: Vec<Bits>,
    /// Share of the emission by both, or by stake when nobody earned anything.
    pub normalized_combined_emission: Vec<Bits>,
    /// Masked, row-normalised weights.
    pub weights_norm: Matrix,
    /// Weights clipped to consensus.
    pub clipped_weights: Matrix,
    /// What bonds are bought with: between the two above, by the bonds penalty.
    pub weights_for_bonds: Matrix,
    /// Masked old bonds; column-normalised in Yuma2.
    pub bonds_in: Matrix,
    /// Yuma2: column-normalised new bonds; empty otherwise.
    pub bonds_delta: Matrix,
    /// Averaged bonds; column-normalised in Yuma2.
    pub ema_bonds: Matrix,
    /// Yuma3: averaged bonds, column-normalised; empty otherwise.
    pub ema_bonds_norm: Matrix,
}

impl Trace {
    /// The vector of that name in the vector files.
    #[must_use]
    pub fn vector(&self, name: &str) -> Option<&[Bits]> {
        Some(match name {
            "stake" => &self.stake,
            "active_stake" => &self.active_stake,
            "consensus" => &self.consensus,
            "validator_trust" => &self.validator_trust,
            "incentive" => &self.incentive,
            "total_bonds_per_validator" => &self.total_bonds_per_validator,
            "dividends" => &self.dividends,
            "emission_sum" => core::slice::from_ref(&self.emission_sum),
            "normalized_server_emission" => &self.normalized_server_emission,
            "normalized_validator_emission" => &self.normalized_validator_emission,
            "normalized_combined_emission" => &self.normalized_combined_emission,
            _ => return None,
        })
    }

    /// The matrix of that name in the vector files.
    #[must_use]
    pub fn matrix(&self, name: &str) -> Option<&Matrix> {
        Some(match name {
            "weights_norm" => &self.weights_norm,
            "clipped_weights" => &self.clipped_weights,
            "weights_for_bonds" => &self.weights_for_bonds,
            "bonds_in" => &self.bonds_in,
            "bonds_delta" => &self.bonds_delta,
            "ema_bonds" => &self.ema_bonds,
            "ema_bonds_norm" => &self.ema_bonds_norm,
            _ => return None,
        })
    }
}
