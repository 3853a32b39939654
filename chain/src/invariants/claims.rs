//! What root stakers have claimed of what they were due.

use super::Step;
use super::alpha::{due, rates};
use crate::runtime::shares;
use crate::state::{State, Subnet};
use crate::units::NetUid;

/// I21, of every position whose claims or whose stake the block changed.
///
/// Stake that leaves takes the floor of its part of what was claimed with it, and the shares that stay may be worth a
/// rao less; each change may therefore leave one rao and one rate more claimed than is due, but no more.
pub(super) fn no_more_than_due(
    step: &Step<'_>,
    netuid: NetUid,
    before: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let Some(before) = step.survivor(netuid, before) else { return Ok(()) };
    let root = |state: &State| state.subnet(NetUid::ROOT).map(|root| root.stake.clone()).unwrap_or_default();
    let (was_root, is_root) = (root(step.before), root(step.after));
    if after.root_claimed.same(&before.root_claimed) && is_root.same(&was_root) {
        return Ok(());
    }
    // A claim on any subnet adds root stake, which is floored out of what is owed on every other.
    let count = |length: usize| i128::try_from(length).unwrap_or(i128::MAX);
    let changes = count(step.events.len()).saturating_add(2).saturating_mul(count(step.after.subnets.len()));
    for (hotkey, rate) in rates(step.after, netuid) {
        let Some(pool) = is_root.get(hotkey) else { continue };
        for coldkey in pool.shares.keys() {
            let owed = |state: &State, subnet: &Subnet| {
                let rate = state.hotkey(hotkey).and_then(|row| row.root_claimable.get(&netuid.number()));
                let stake = shares::stake(state, hotkey, coldkey, NetUid::ROOT);
                let claimed = subnet.root_claimed.get(&(*hotkey, *coldkey)).copied().unwrap_or_default();
                let due = rate.map_or(0, |rate| due(*rate, stake.get()));
                due.saturating_sub(i128::try_from(claimed).unwrap_or(i128::MAX))
            };
            let (had, has) = (owed(step.before, before), owed(step.after, after));
            let each = due(rate, 1).saturating_add(2);
            let least = had.min(0).saturating_sub(each.saturating_mul(changes));
            if has < least {
                return Err(format!(
                    "{coldkey} on {hotkey} has claimed {} alpha rao more than was due, and {} before",
                    has.saturating_neg(),
                    had.min(0).saturating_neg()
                ));
            }
        }
    }
    Ok(())
}
