//! What one epoch reads: plain arrays by uid and rows of weights and bonds.

/// Sparse rows of u16 values, row after row in one buffer.
///
/// **Shape**: row `i` belongs to uid `i` and is a list of (column uid, value) in stored order, which need not be
/// sorted. Explicit zeros are kept: the consensus tells them from absent entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    entries: Vec<(u16, u16)>,
    ends: Vec<usize>,
}

impl Rows {
    /// No rows.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new(), ends: Vec::new() }
    }

    /// Removes all rows, keeping the memory.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.ends.clear();
    }

    /// Adds an entry to the row being written; [`Rows::end_row`] closes it.
    pub fn push(&mut self, column: u16, value: u16) {
        self.entries.push((column, value));
    }

    /// Closes the row being written.
    pub fn end_row(&mut self) {
        self.ends.push(self.entries.len());
    }

    /// Adds a whole row.
    pub fn push_row(&mut self, row: impl IntoIterator<Item = (u16, u16)>) {
        self.entries.extend(row);
        self.end_row();
    }

    /// How many rows are closed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many entries all rows hold.
    #[must_use]
    pub fn entry_count(&self) -> usize {
        self.entries.len()
    }

    /// The entries of a row; empty for a row that does not exist.
    #[must_use]
    pub fn row(&self, uid: usize) -> &[(u16, u16)] {
        let end = self.ends.get(uid).copied().unwrap_or(0);
        let start = match uid.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(end),
            None => 0,
        };
        self.entries.get(start..end).unwrap_or_default()
    }

    /// All rows in uid order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[(u16, u16)]> {
        (0..self.len()).map(|uid| self.row(uid))
    }
}

/// The state one epoch of one mechanism reads.
///
/// **Invariant**: there are `n = alpha_stake.len()` uids. Arrays that are shorter read as 0 or false beyond their
/// end, longer ones are cut, and rows beyond the last uid are ignored, as the chain's own storage is read.
/// Reuse one value: [`EpochInput::clear`] keeps the memory of every array.
///
/// **Source**: spec `epoch.md` section 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochInput {
    /// Block at which the epoch runs.
    pub current_block: u64,
    /// Block of the previous completed epoch; 0 when there was none.
    pub last_mechanism_step_block: u64,
    /// What this mechanism distributes. **Units**: alpha rao.
    pub rao_emission: u64,
    /// The uid of the subnet owner's hotkey: exempt from the stake threshold, always permitted, may weigh itself.
    pub owner_uid: Option<u16>,
    /// Alpha stake by uid, after child and parent keys. **Units**: alpha rao.
    pub alpha_stake: Vec<u64>,
    /// TAO stake on root by uid, after child and parent keys. **Units**: rao.
    pub tao_stake: Vec<u64>,
    /// Block at which each uid was registered.
    pub block_at_registration: Vec<u64>,
    /// Which uids held a validator permit before this epoch.
    pub validator_permit: Vec<bool>,
    /// Block of each uid's last weights; with commit-reveal on, of its last commit.
    pub last_update: Vec<u64>,
    /// The block `c_i` from [`super::MinCommitBlocks`] by uid; `u64::MAX`, or beyond the end, means no open commit.
    /// Only read while commit-reveal is on.
    pub min_commit_block: Vec<u64>,
    /// Stored weights, row = validator.
    pub weights: Rows,
    /// Stored bonds, row = validator.
    pub bonds: Rows,
}

impl EpochInput {
    /// How many uids there are.
    #[must_use]
    pub fn n(&self) -> usize {
        self.alpha_stake.len()
    }

    /// Empties every array and sets the scalars to zero, keeping the memory.
    pub fn clear(&mut self) {
        self.current_block = 0;
        self.last_mechanism_step_block = 0;
        self.rao_emission = 0;
        self.owner_uid = None;
        self.alpha_stake.clear();
        self.tao_stake.clear();
        self.block_at_registration.clear();
        self.validator_permit.clear();
        self.last_update.clear();
        self.min_commit_block.clear();
        self.weights.clear();
        self.bonds.clear();
    }
}

/// The hyperparameters one epoch reads; the defaults are those of a new subnet.
///
/// **Source**: spec `epoch.md` section 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochParams {
    /// Blocks between epochs.
    pub tempo: u16,
    /// Blocks a validator may stay silent and still count as active, in thousandths of the tempo.
    pub activity_cutoff_factor_milli: u32,
    /// Share of stake that must agree on a weight. **Units**: parts of 65535.
    pub kappa: u16,
    /// How much of the clipped weight replaces the weight in bonds. **Units**: parts of 65535.
    pub bonds_penalty: u16,
    /// What an old bond weighs in the moving average. **Units**: parts of 1,000,000.
    pub bonds_moving_average: u64,
    /// How many uids may hold a validator permit.
    pub max_allowed_validators: u16,
    /// Total stake below which a uid counts as having none. **Units**: rao.
    pub stake_threshold: u64,
    /// What TAO on root counts beside alpha. **Units**: parts of 2^64 - 1.
    pub tao_weight: u64,
    /// Whether bonds follow the third version of the consensus.
    pub yuma3_on: bool,
    /// Whether every bond has its own moving-average factor; acts only with Yuma3.
    pub liquid_alpha_on: bool,
    /// Lowest liquid alpha. **Units**: parts of 65535.
    pub alpha_low: u16,
    /// Highest liquid alpha. **Units**: parts of 65535.
    pub alpha_high: u16,
    /// Steepness of the liquid alpha's sigmoid. **Units**: hundredths.
    pub alpha_sigmoid_steepness: i16,
    /// Whether weights are committed first and revealed later.
    pub commit_reveal_weights_enabled: bool,
}

impl Default for EpochParams {
    fn default() -> Self {
        Self {
            tempo: 360,
            activity_cutoff_factor_milli: 13_889,
            kappa: 32_767,
            bonds_penalty: u16::MAX,
            bonds_moving_average: 900_000,
            max_allowed_validators: 64,
            stake_threshold: 0,
            tao_weight: 971_718_665_099_567_868,
            yuma3_on: true,
            liquid_alpha_on: false,
            alpha_low: 45_875,
            alpha_high: 58_982,
            alpha_sigmoid_steepness: 1_000,
            commit_reveal_weights_enabled: true,
        }
    }
}

impl EpochParams {
    /// Blocks of silence after which a uid is inactive; at least 1.
    #[must_use]
    pub fn activity_cutoff(&self) -> u64 {
        let blocks = u64::from(self.activity_cutoff_factor_milli).saturating_mul(u64::from(self.tempo));
        (blocks / 1_000).max(1)
    }

    /// The block of the last epoch's end, from which newer registrations lose the bonds they inherited.
    #[must_use]
    pub fn last_tempo(&self, current_block: u64, last_mechanism_step_block: u64) -> u64 {
        match last_mechanism_step_block {
            0 => current_block.saturating_sub(u64::from(self.tempo)),
            block => block.saturating_add(1),
        }
    }
}
