//! The sums that invariants compare, and how far apart they stand. A raw write moves them by itself, which is told
//! apart from what the rules do.

use super::alpha;
use super::tao;
use crate::runtime::tao::{subnet_account, total_balance};
use crate::state::State;
use crate::units::NetUid;
use std::collections::BTreeMap;

/// Distances between sums that should agree, or keep their distance. **Units**: rao.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gaps {
    /// I1: all balances less the issuance.
    pub(super) balances: i128,
    /// I2: the issuance less the pallet's counter of it.
    pub(super) counters: i128,
    /// I3: the issuance itself.
    pub(super) issuance: i128,
    /// I5: stake on root less its pool, and alpha issued there less its pool.
    pub(super) root: (i128, i128),
    /// Those of each subnet.
    pub(super) subnets: BTreeMap<NetUid, SubnetGaps>,
}

/// Those of one subnet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SubnetGaps {
    /// I6: alpha issued less alpha owed.
    pub(super) uncovered: i128,
    /// I7: alpha issuance less what lies in the pool and outside.
    pub(super) unaccounted: i128,
    /// I4, I8: what the account holds more than the pool.
    pub(super) surplus: i128,
}

impl Gaps {
    /// Those of a state, summed from the ground.
    pub(super) fn of(state: &State) -> Self {
        let issuance = i128::from(state.balances.total_issuance.get());
        let subnets = state.subnets.iter().map(|(netuid, subnet)| {
            let account = total_balance(state, &subnet_account(*netuid)).get();
            let gaps = SubnetGaps {
                uncovered: i128::from(subnet.pool.alpha_out.get())
                    .saturating_sub(alpha::owed(state, *netuid, subnet)),
                unaccounted: alpha::unaccounted(subnet),
                surplus: i128::from(account).saturating_sub(subnet.pool.tao.get().into()),
            };
            (*netuid, gaps)
        });
        Self {
            balances: tao::sum_of_balances(state).saturating_sub(issuance),
            counters: issuance.saturating_sub(state.globals.total_issuance.get().into()),
            issuance,
            root: tao::root_gaps(state),
            subnets: subnets.collect(),
        }
    }

    /// How far each has moved since.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        let subnets = self.subnets.iter().map(|(netuid, now)| {
            let was = earlier.subnets.get(netuid).copied().unwrap_or_default();
            let gaps = SubnetGaps {
                uncovered: now.uncovered.saturating_sub(was.uncovered),
                unaccounted: now.unaccounted.saturating_sub(was.unaccounted),
                surplus: now.surplus.saturating_sub(was.surplus),
            };
            (*netuid, gaps)
        });
        Self {
            balances: self.balances.saturating_sub(earlier.balances),
            counters: self.counters.saturating_sub(earlier.counters),
            issuance: self.issuance.saturating_sub(earlier.issuance),
            root: (self.root.0.saturating_sub(earlier.root.0), self.root.1.saturating_sub(earlier.root.1)),
            subnets: subnets.collect(),
        }
    }

    /// Adds a movement.
    pub(super) fn add(&mut self, moved: &Self) {
        self.balances = self.balances.saturating_add(moved.balances);
        self.counters = self.counters.saturating_add(moved.counters);
        self.issuance = self.issuance.saturating_add(moved.issuance);
        self.root = (self.root.0.saturating_add(moved.root.0), self.root.1.saturating_add(moved.root.1));
        for (netuid, moved) in &moved.subnets {
            let gaps = self.subnets.entry(*netuid).or_default();
            gaps.uncovered = gaps.uncovered.saturating_add(moved.uncovered);
            gaps.unaccounted = gaps.unaccounted.saturating_add(moved.unaccounted);
            gaps.surplus = gaps.surplus.saturating_add(moved.surplus);
        }
    }
}
