//! What neurons publish about themselves.

use super::Map;
use crate::account::AccountId;
use crate::types::{Registration, UsageTracker};
use crate::units::NetUid;
use parity_scale_codec::{Decode, Encode};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The `Commitments` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Commitments {
    /// `MaxSpace`: bytes that a hotkey may commit in an epoch.
    pub max_space: u32,
    /// `TimelockedIndex`: commitments with a timelocked field, in the order in which they are visited: by number of
    /// the subnet, then by the raw bytes of the account.
    pub timelocked: BTreeSet<(u16, [u8; 32])>,
    /// What each hotkey has on each subnet.
    pub rows: Map<(NetUid, AccountId), Arc<Commitment>>,
}

impl Default for Commitments {
    fn default() -> Self {
        Self { max_space: 3_100, timelocked: BTreeSet::new(), rows: Map::new() }
    }
}

/// What a hotkey has committed on a subnet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Commitment {
    /// `CommitmentOf`.
    pub registration: Option<Registration>,
    /// `LastCommitment`: block.
    pub last: Option<u32>,
    /// `LastBondsReset`: block.
    pub last_bonds_reset: Option<u32>,
    /// `RevealedCommitments`: plaintext and block, oldest first, the last ten.
    pub revealed: Option<Vec<(Vec<u8>, u64)>>,
    /// `UsedSpaceOf`.
    pub used_space: Option<UsageTracker>,
}

impl Commitments {
    /// The row for change, made empty if there is none.
    pub fn row_mut(&mut self, netuid: NetUid, who: &AccountId) -> &mut Commitment {
        Arc::make_mut(self.rows.or_insert_with((netuid, *who), Arc::default))
    }
    /// Forgets a subnet.
    pub fn purge(&mut self, netuid: NetUid) {
        let keys: Vec<_> = self.rows.keys().filter(|key| key.0 == netuid).copied().collect();
        for key in keys {
            self.rows.remove(&key);
        }
        self.timelocked.retain(|(number, _)| *number != netuid.number());
    }
}
