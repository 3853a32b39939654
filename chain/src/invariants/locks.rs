//! Locked alpha.

use super::Step;
use crate::runtime::locks::{kind, rolled, total_alpha};
use crate::state::Subnet;
use crate::units::NetUid;

/// I22, of every lock, when the block changed locks or stakes of its subnet.
///
/// What others do to a share pool may floor a stake by a rao without its coldkey's doing, so a rao is allowed for each
/// hotkey that the coldkey stakes on.
pub(super) fn covered_by_stake(
    step: &Step<'_>,
    netuid: NetUid,
    before: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let unchanged = step
        .survivor(netuid, before)
        .is_some_and(|before| before.locks.same(&after.locks) && before.stake.same(&after.stake));
    if unchanged {
        return Ok(());
    }
    for ((coldkey, hotkey), lock) in after.locks.iter() {
        let kind = kind(step.after, coldkey, hotkey, netuid);
        let Some(lock) = rolled(step.after, lock, kind, step.after.block) else { continue };
        let held = total_alpha(step.after, coldkey, netuid).get();
        let hotkeys = step.after.coldkey(coldkey).map_or(0, |row| row.staking_hotkeys.len());
        let locked = lock.locked_mass.get();
        if locked > held.saturating_add(u64::try_from(hotkeys).unwrap_or(u64::MAX)) {
            return Err(format!("{coldkey} has locked {locked} alpha rao and holds {held}"));
        }
    }
    Ok(())
}
