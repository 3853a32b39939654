//! How TAO and alpha come to be and who gets them: the rules that changed over the network's life, as data.
//!
//! They are part of genesis and stand in the state, so that checkpoints, resumed runs and replays have them.
//! [`Extrinsic::Upgrade`](crate::block::Extrinsic::Upgrade) puts others in their place from the next block on, as
//! the network's forkless upgrades do. The defaults are those of the reference version.
//!
//! **Source**: spec/chain.md 3, 4, 5.

use crate::emission_schedule::{BLOCK_EMISSION_MAX, TOTAL_SUPPLY, block_emission};
use crate::math::fixed::U96F32;
use crate::pool::Balancer;
use crate::state::{State, Subnet};
use parity_scale_codec::{Decode, Encode};
use std::sync::Arc;

/// How TAO and alpha come to be and who gets them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Economics {
    /// How a block's TAO is shared out between subnets.
    pub emission: EmissionRule,
    /// How a subnet's new alpha is shared out.
    pub split: Split,
    /// When emission halves.
    pub halving: Halving,
    /// What stands between TAO and alpha.
    pub pool: PoolKind,
}

/// How a block's TAO is shared out between the subnets that take part.
///
/// In every rule a subnet whose emission is switched off gets nothing, and the others share what it would have had.
/// **Source**: spec/chain.md 4 (history), 4.2, 4.8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum EmissionRule {
    /// Members of root set weights on subnets. With W the weights of each member as parts of one, S the members'
    /// parts of root stake, R = W S and T the stake that weighs a subnet at all, a subnet's share is
    /// R / (1 + exp(-rho (T - kappa))), as a part of the sum; rho and kappa are root's.
    ///
    /// **Differs**: votes count from the next block, and not from root's next epoch, which is run no more.
    RootVotes,
    /// By moving price.
    PriceEma,
    /// By the moving average of what users brought in and took out.
    TaoFlow,
    /// The same after what the chain itself brought in.
    NetTaoFlow,
    /// By moving price, less the part of the last incentives that went to the owner's own miners.
    #[default]
    PriceEmaTimesUnburned,
}

impl EmissionRule {
    /// All rules, in the order of the network's history.
    pub const ALL: [Self; 5] =
        [Self::RootVotes, Self::PriceEma, Self::TaoFlow, Self::NetTaoFlow, Self::PriceEmaTimesUnburned];

    /// The rule's name in scenarios and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RootVotes => "root-votes",
            Self::PriceEma => "price-ema",
            Self::TaoFlow => "tao-flow",
            Self::NetTaoFlow => "net-tao-flow",
            Self::PriceEmaTimesUnburned => "price-ema-unburned",
        }
    }

    /// The rule of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

/// How a subnet's new alpha is shared out. Validators have what owner and miners leave, and pay root stakers from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Split {
    /// The owner's part. **Units**: thousandths of the new alpha; `None` is the chain's `SubnetOwnerCut`.
    pub owner_permille: Option<u16>,
    /// The miners' part. **Units**: thousandths of what the owner leaves.
    pub miners_permille: u16,
}

impl Default for Split {
    /// The chain's owner cut, and halves.
    fn default() -> Self {
        Self { owner_permille: None, miners_permille: 500 }
    }
}

impl Split {
    /// The owner's part of one, where the chain's parameter has this one.
    pub(crate) fn owner(self, parameter: U96F32) -> U96F32 {
        self.owner_permille.map_or(parameter, thousandths)
    }

    /// The parts of one that miners and validators have of what the owner leaves.
    pub(crate) fn halves(self) -> (U96F32, U96F32) {
        let miners = thousandths(self.miners_permille);
        (miners, U96F32::ONE.saturating_sub(miners))
    }
}

/// Thousandths as a part of one, never more than one. 500 gives one half exactly.
fn thousandths(permille: u16) -> U96F32 {
    U96F32::from_u64(permille.min(1_000).into()).safe_div(U96F32::from_u64(1_000))
}

/// When emission halves, of TAO and of each alpha.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Halving {
    /// Each time half of what was left has been issued.
    #[default]
    Halves,
    /// Never.
    Never,
    /// Each time issuance reaches one of these, in rao. The order does not matter.
    At(Vec<u64>),
}

impl Halving {
    /// Emission of one block, given what has been issued; nothing from the total supply on.
    ///
    /// **Units**: rao, or alpha rao.
    #[must_use]
    pub fn emission(&self, issuance: u64) -> u64 {
        let thresholds = match self {
            Self::Halves => return block_emission(issuance, TOTAL_SUPPLY),
            Self::Never => &[][..],
            Self::At(thresholds) => thresholds,
        };
        if issuance >= TOTAL_SUPPLY {
            return 0;
        }
        let passed = thresholds.iter().filter(|threshold| issuance >= **threshold).count();
        u32::try_from(passed).ok().and_then(|k| BLOCK_EMISSION_MAX.checked_shr(k)).unwrap_or_default()
    }
}

/// What stands between TAO and alpha on a subnet other than root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum PoolKind {
    /// A weighted pool whose weights follow what the chain adds, so that the price stays.
    #[default]
    Balancer,
    /// A pool of equal weights: the product of the reserves stays, as in the first year of subnet tokens.
    ConstantProduct,
    /// No pool: everything is one to one.
    Stable,
}

impl PoolKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Balancer, Self::ConstantProduct, Self::Stable];

    /// The kind's name in scenarios.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Balancer => "balancer",
            Self::ConstantProduct => "constant-product",
            Self::Stable => "stable",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// `SubnetMechanism` of a subnet with this kind of pool.
    pub(crate) const fn mechanism(self) -> u16 {
        match self {
            Self::Balancer | Self::ConstantProduct => 1,
            Self::Stable => 0,
        }
    }
}

/// Puts new rules in place of the old. When the kind of pool changes, every pool becomes one of the new kind with the
/// reserves that it has: equal weights for a constant product, so the price becomes that of the reserves.
pub(crate) fn adopt(state: &mut State, new: &Economics) {
    if state.economics.pool != new.pool {
        let netuids: Vec<_> = state
            .subnets
            .iter()
            .filter(|(netuid, subnet)| subnet.added && !netuid.is_root())
            .map(|(netuid, _)| *netuid)
            .collect();
        for netuid in netuids {
            convert(state.subnet_mut(netuid), new.pool);
        }
    }
    state.economics = Arc::new(new.clone());
}

fn convert(subnet: &mut Subnet, kind: PoolKind) {
    subnet.pool.mechanism = kind.mechanism();
    if kind == PoolKind::ConstantProduct {
        subnet.pool.quote_weight = Balancer::default().quote_weight();
    }
}
