//! How many mechanisms a subnet has, and how its emission is split between them.
//!
//! **Source**: spec/chain.md 7.7.

use super::admin::{Access, Gate};
use super::owner::Limit;
use super::weights;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::units::NetUid;

/// All mechanisms of a subnet together may have this many neurons.
const UIDS_MAX: u16 = 256;
/// No subnet can have more mechanisms than this.
pub(super) const COUNT_MAX: u8 = 16;

pub(super) fn set_count(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, count: u8) -> DispatchOutcome {
    let gate = Gate::anywhere(exec, origin, netuid, Access::Owner(Some(Limit::MechanismCount)))?;
    weights::mechanism_exists(exec.state, netuid, 0)?;
    if count == 0 || count > exec.state.globals.max_mechanism_count {
        return Err(E::InvalidValue.into());
    }
    let max_allowed_uids = exec.state.subnet(netuid).map_or(0, |subnet| subnet.params.max_allowed_uids);
    check_uids(max_allowed_uids, count)?;
    if count > COUNT_MAX {
        return Err(E::InvalidValue.into());
    }
    let subnet = exec.state.subnet_mut(netuid);
    if subnet.params.mechanism_count != count {
        // A new mechanism has no rows until something is written to it.
        subnet.mechanisms.truncate(count.into());
        let params = subnet.params_mut();
        params.mechanism_count = count;
        params.mechanism_emission_split = None;
    }
    gate.record(exec)
}

/// # Errors
/// `TooManyUIDsPerMechanism`.
pub(super) fn check_uids(max_allowed_uids: u16, mechanism_count: u8) -> DispatchOutcome {
    if max_allowed_uids.saturating_mul(mechanism_count.into()) > UIDS_MAX {
        return Err(E::TooManyUIDsPerMechanism.into());
    }
    Ok(())
}

pub(super) fn set_split(
    exec: &mut Exec<'_>,
    origin: Origin,
    netuid: NetUid,
    split: Option<&[u16]>,
) -> DispatchOutcome {
    let gate = Gate::anywhere(exec, origin, netuid, Access::Owner(Some(Limit::MechanismEmission)))?;
    weights::mechanism_exists(exec.state, netuid, 0)?;
    if let Some(split) = split {
        let count = exec.state.subnet(netuid).map_or(1, |subnet| subnet.params.mechanism_count);
        let sum: u64 = split.iter().map(|share| u64::from(*share)).sum();
        if split.is_empty() || split.len() > usize::from(count) || sum != u64::from(u16::MAX) {
            return Err(E::InvalidValue.into());
        }
    }
    let split = split.map(<[u16]>::to_vec);
    gate.set(exec, |params| params.mechanism_emission_split = split, None)
}
