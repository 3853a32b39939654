//! Which subnet gives way to a new one, and what becomes of a dissolved one.
//!
//! **Source**: spec/chain.md 7.5, 7.6.

use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::runtime::{Exec, swap};
use crate::state::State;
use crate::units::{BlockNumber, NetUid};

/// The subnet to dissolve for a new one; `None` while there is room.
///
/// # Errors
/// `SubnetLimitReached` when there is no room and every subnet is immune.
pub(crate) fn victim_if_full(state: &State, now: BlockNumber) -> Result<Option<NetUid>, DispatchError> {
    let count = state.subnets.iter().filter(|(netuid, subnet)| !netuid.is_root() && subnet.added).count();
    if count < usize::from(state.globals.subnet_limit) {
        return Ok(None);
    }
    victim(state, now).map(Some).ok_or_else(|| E::SubnetLimitReached.into())
}

/// The subnet with the lowest moving price, the older one of equals, immune ones excepted.
fn victim(state: &State, now: BlockNumber) -> Option<NetUid> {
    let immunity = state.globals.network_immunity_period;
    state
        .subnets
        .iter()
        .filter(|(netuid, subnet)| !netuid.is_root() && subnet.added)
        .filter(|(_, subnet)| now >= subnet.schedule.registered_at.saturating_add(immunity))
        .map(|(netuid, subnet)| (swap::moving_price(state, *netuid), subnet.schedule.registered_at, *netuid))
        .min_by_key(|(price, registered, _)| (*price, *registered))
        .map(|(_, _, netuid)| netuid)
}

/// Dissolves a subnet.
///
/// # Errors
/// `NotModelled`.
pub(crate) fn dissolve(_exec: &mut Exec<'_>, _netuid: NetUid) -> DispatchOutcome {
    Err(DispatchError::NotModelled("SubtensorModule.dissolve_network".into()))
}
