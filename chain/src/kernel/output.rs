//! What one epoch writes.

use super::Rows;

/// The results of one epoch of one mechanism, borrowed from where they were computed.
///
/// **Shape**: every slice has one element per uid. **Units**: u16 values are parts of 65535.
///
/// **Source**: spec `epoch.md` section 10d.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochOutput<'a> {
    /// Share of each miner.
    pub incentive: &'a [u16],
    /// Share of each validator.
    pub dividends: &'a [u16],
    /// Weight on each uid that enough stake agrees on.
    pub consensus: &'a [u16],
    /// How much of a validator's weights survived clipping to consensus.
    pub validator_trust: &'a [u16],
    /// Share of stake among all uids.
    pub stake_weight: &'a [u16],
    /// Which uids updated recently enough.
    pub active: &'a [bool],
    /// Which uids hold a validator permit from now on.
    pub validator_permit: &'a [bool],
    /// Emission earned by incentive. **Units**: alpha rao.
    pub server_emission: &'a [u64],
    /// Emission earned by dividends. **Units**: alpha rao.
    pub validator_emission: &'a [u64],
    /// Emission earned together; floored on its own, so it may differ by one from the sum of the two. **Units**: alpha rao.
    pub emission: &'a [u64],
    /// Total stake, threshold not applied. **Units**: rao.
    pub stake: &'a [u64],
    /// Bonds to store, row = validator; empty for a uid without a new permit.
    pub bonds: &'a Rows,
}

/// Owned results; the memory an [`EpochOutput`] borrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochResults {
    pub(super) incentive: Vec<u16>,
    pub(super) dividends: Vec<u16>,
    pub(super) consensus: Vec<u16>,
    pub(super) validator_trust: Vec<u16>,
    pub(super) stake_weight: Vec<u16>,
    pub(super) active: Vec<bool>,
    pub(super) validator_permit: Vec<bool>,
    pub(super) server_emission: Vec<u64>,
    pub(super) validator_emission: Vec<u64>,
    pub(super) emission: Vec<u64>,
    pub(super) stake: Vec<u64>,
    pub(super) bonds: Rows,
}

impl EpochResults {
    /// The results as slices.
    #[must_use]
    pub fn view(&self) -> EpochOutput<'_> {
        EpochOutput {
            incentive: &self.incentive,
            dividends: &self.dividends,
            consensus: &self.consensus,
            validator_trust: &self.validator_trust,
            stake_weight: &self.stake_weight,
            active: &self.active,
            validator_permit: &self.validator_permit,
            server_emission: &self.server_emission,
            validator_emission: &self.validator_emission,
            emission: &self.emission,
            stake: &self.stake,
            bonds: &self.bonds,
        }
    }
}
