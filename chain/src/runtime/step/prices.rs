//! Moving prices, from which the next block's shares come, and root proportions.
//!
//! **Source**: spec/chain.md 4.3, 4.5.

use super::emission::RootStake;
use super::{Buffers, coinbase, subnets};
use crate::invariants::Fact;
use crate::math::fixed::{I96F32, U64F64};
use crate::runtime::Exec;
use crate::state::Subnet;
use crate::units::BlockNumber;

/// Moves each eligible subnet's price average towards its spot price, and records its root proportion.
pub(super) fn update(exec: &mut Exec<'_>, buffers: &mut Buffers) {
    let netuids = &mut buffers.netuids;
    subnets(exec, netuids);
    netuids.retain(|netuid| exec.state.subnet(*netuid).is_some_and(coinbase::is_emit_eligible));
    let smoothing = exec.state.globals.subnet_moving_alpha;
    let (root, told) = (RootStake::of(exec.state), exec.facts.is_some());
    for netuid in netuids.iter() {
        let now = exec.now();
        let subnet = exec.state.subnet_mut(*netuid);
        let spot = subnet.pool.price().min(U64F64::ONE);
        let (before, after) = (subnet.pool.moving_price, moved(subnet, spot, now, smoothing));
        subnet.pool.moving_price = after;
        subnet.pool.root_prop = root.proportion(subnet.pool.alpha_issuance());
        if told {
            let [before, spot, after] = [before, spot.to_fixed(), after].map(I96F32::to_bits);
            exec.tell(|| Fact::MovingPrice { netuid: *netuid, before, spot, after });
        }
    }
}

/// The average one block later, given the spot price, at most one. It follows faster the longer the subnet has been emitting.
fn moved(subnet: &Subnet, spot: U64F64, now: BlockNumber, smoothing: I96F32) -> I96F32 {
    let started = subnet.schedule.first_emission_block.unwrap_or_default().saturating_sub(1);
    let age = U64F64::from_u64(now.saturating_sub(started));
    let halving = U64F64::from_u64(subnet.params.ema_price_halving_blocks);
    let alpha = smoothing.to_fixed::<U64F64>().saturating_mul(age.safe_div(age.saturating_add(halving)));
    let before = subnet.pool.moving_price.to_fixed::<U64F64>();
    let kept = U64F64::ONE.saturating_sub(alpha).saturating_mul(before);
    alpha.saturating_mul(spot).saturating_add(kept).to_fixed()
}
