//! Neurons of a subnet: a struct of arrays by uid.

use crate::account::AccountId;
use crate::types::{TimelockedCommit, WeightCommit};
use crate::units::{AlphaRao, Uid};
use parity_scale_codec::{Decode, Encode};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Neurons of a subnet, by uid.
///
/// **Shape**: arrays of length `n = keys.len()` (`SubnetworkN`), but for `stake_weight`, which may be
/// shorter until the next epoch (I16). **Invariant**: `keys` and `uids` are inverse bijections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Neurons {
    /// `Keys`: hotkey of each uid.
    pub keys: Vec<AccountId>,
    /// `Uids` (and `IsNetworkMember`): uid of each hotkey.
    pub uids: BTreeMap<AccountId, Uid>,
    /// `BlockAtRegistration`.
    pub block_at_registration: Vec<u64>,
    /// `Active`.
    pub active: Vec<bool>,
    /// `Emission` of the last epoch, server and validator together.
    pub emission: Vec<AlphaRao>,
    /// `Consensus`, shares of 65,535.
    pub consensus: Vec<u16>,
    /// `Dividends`, shares of 65,535.
    pub dividends: Vec<u16>,
    /// `ValidatorTrust` (vtrust), shares of 65,535.
    pub validator_trust: Vec<u16>,
    /// `ValidatorPermit`.
    pub validator_permit: Vec<bool>,
    /// `StakeWeight`, shares of 65,535.
    pub stake_weight: Vec<u16>,
}

impl Neurons {
    /// Number of neurons (`SubnetworkN`).
    pub fn n(&self) -> usize {
        self.keys.len()
    }
    /// The uid of a hotkey.
    pub fn uid_of(&self, hotkey: &AccountId) -> Option<Uid> {
        self.uids.get(hotkey).copied()
    }
    /// The hotkey of a uid.
    pub fn key_of(&self, uid: Uid) -> Option<&AccountId> {
        self.keys.get(usize::from(uid))
    }
}

/// One mechanism (sub-market) of a subnet; most subnets have one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Mechanism {
    /// `Incentive`, shares of 65,535.
    pub incentive: Vec<u16>,
    /// `LastUpdate`: block of the last weights (or commit) of each uid.
    pub last_update: Vec<u64>,
    /// `Weights`: row of each uid in submitted order; rows are shared with earlier states. May be shorter
    /// than n: a missing row is empty.
    pub weights: Vec<Arc<Vec<(u16, u16)>>>,
    /// `Bonds`: row of each uid; may be shorter than n.
    pub bonds: Vec<Arc<Vec<(u16, u16)>>>,
    /// `WeightCommits`: hash commits by hotkey, oldest first.
    pub weight_commits: BTreeMap<AccountId, VecDeque<WeightCommit>>,
    /// `TimelockedWeightCommits`: by epoch, in the order they came.
    pub timelocked_commits: BTreeMap<u64, VecDeque<TimelockedCommit>>,
}
