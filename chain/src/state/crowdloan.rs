//! Crowdloans and the subnets that they lease.

use super::Map;
use crate::math::fixed::U64F64;
use crate::types::{CrowdloanInfo, SubnetLease};
use crate::units::{AlphaRao, NetUid, Rao};
use parity_scale_codec::{Decode, Encode};

/// An account by its bytes: these rows are iterated in that order.
type Bytes = [u8; 32];

/// The `Crowdloan` pallet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Crowdloans {
    /// `Crowdloans`.
    pub loans: Map<u32, CrowdloanInfo>,
    /// `NextCrowdloanId`.
    pub next_id: u32,
    /// `Contributions`.
    pub contributions: Map<(u32, Bytes), Rao>,
    /// `MaxContributions`.
    pub max_contributions: Map<u32, Rao>,
    /// `CurrentCrowdloanId`: the one that is being finalized.
    pub current_id: Option<u32>,
}

/// Leases of the `SubtensorModule` pallet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Leases {
    /// `SubnetLeases`.
    pub leases: Map<u32, SubnetLease>,
    /// `NextSubnetLeaseId`.
    pub next_id: u32,
    /// `SubnetLeaseShares`: part of each contributor in the contributors' dividends.
    pub shares: Map<(u32, Bytes), U64F64>,
    /// `SubnetUidToLeaseId`.
    pub of_subnet: Map<NetUid, u32>,
    /// `AccumulatedLeaseDividends`: what waits to be distributed.
    pub dividends: Map<u32, AlphaRao>,
}

impl Leases {
    /// Forgets a lease, its dividends and its shares; gives the number of shares.
    pub fn forget(&mut self, lease_id: u32) -> usize {
        self.leases.remove(&lease_id);
        self.dividends.remove(&lease_id);
        let shares = self.shares.keys().filter(|(of, _)| *of == lease_id);
        let shares: Vec<_> = shares.copied().collect();
        for key in &shares {
            self.shares.remove(key);
        }
        shares.len()
    }
}
