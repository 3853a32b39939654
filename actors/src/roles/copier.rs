//! Copying the weights that others have on chain.

use chain::state::Subnet;
use chain::units::Uid;

/// Everyone's weights but the copier's own, each row normalised and weighed by its validator's stake weight,
/// scaled so that the heaviest miner has 65,535. Empty when nobody has set any.
pub(super) fn consensus_of(subnet: &Subnet, me: Uid) -> (Vec<Uid>, Vec<u16>) {
    let Some(mechanism) = subnet.mechanisms.first() else { return (Vec::new(), Vec::new()) };
    let mut sums = vec![0u128; subnet.neurons.n()];
    for (uid, row) in (0..).zip(&mechanism.weights) {
        let stake = subnet.neurons.stake_weight.get(usize::from(uid)).copied().unwrap_or(0);
        let total: u128 = row.iter().map(|(_, weight)| u128::from(*weight)).sum();
        if uid == me || stake == 0 || total == 0 {
            continue;
        }
        for (to, weight) in row.iter() {
            if let Some(sum) = sums.get_mut(usize::from(*to)) {
                // 32 fraction bits are plenty for a share of 65,535.
                *sum += ((u128::from(*weight) << 32) / total) * u128::from(stake);
            }
        }
    }
    let most = sums.iter().copied().max().unwrap_or(0);
    let scaled = (0..).zip(&sums).filter_map(|(uid, sum)| {
        let weight = (sum * 65_535 + most / 2).checked_div(most)?;
        let weight = u16::try_from(weight).unwrap_or(u16::MAX);
        (weight > 0).then_some((uid, weight))
    });
    scaled.unzip()
}
