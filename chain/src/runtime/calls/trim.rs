//! A subnet gives up its least paid neurons, and the uids of those that stay close ranks.
//!
//! **Source**: spec/chain.md 8.6.

use super::{owner, uids};
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::state::{Mechanism, Subnet};
use crate::units::{AlphaRao, NetUid, Uid};
use std::sync::Arc;

/// From this part of the new size on, in percent, neurons that may not be removed forbid it.
const IMMUNE_PERCENTAGE_MAX: u64 = 80;

/// Sets `MaxAllowedUids` and removes neurons beyond it.
///
/// # Errors
/// `BadOrigin`, `SubnetNotExists`, `TxRateLimitExceeded`, `AdminActionProhibitedDuringWeightsWindow`; `InvalidValue`
/// below `MinAllowedUids` or above `MaxAllowedUids`; `TrimmingWouldExceedMaxImmunePercentage`.
pub(super) fn dispatch(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, max_n: u16) -> DispatchOutcome {
    let limit = owner::Limit::MaxUidsTrimming;
    let who = owner::check_owner_or_root(exec, origin, netuid, &[limit])?;
    owner::check_admin_window(exec, netuid)?;
    trim(exec, netuid, max_n)?;
    if let Some(who) = who {
        limit.record(exec, &who, netuid);
    }
    Ok(())
}

fn trim(exec: &mut Exec<'_>, netuid: NetUid, max_n: u16) -> DispatchOutcome {
    let subnet = exec.state.subnet(netuid).filter(|subnet| subnet.added).ok_or(E::SubnetNotExists)?;
    let bounds = subnet.params.min_allowed_uids..=subnet.params.max_allowed_uids;
    if !bounds.contains(&max_n) {
        return Err(E::InvalidValue.into());
    }
    let n = Uid::try_from(subnet.neurons.n()).unwrap_or(Uid::MAX);
    if n > max_n {
        let owners = uids::immune_owner_uids(exec.state, netuid);
        let now = exec.now();
        let stays = |uid: &Uid| owners.contains(uid) || uids::is_immune(subnet, *uid, now);
        let immune = (0..n).filter(stays).count() as u64;
        let percentage = immune.saturating_mul(100).checked_div(max_n.max(1).into()).unwrap_or(u64::MAX);
        if percentage >= IMMUNE_PERCENTAGE_MAX {
            return Err(E::TrimmingWouldExceedMaxImmunePercentage.into());
        }
        let mut removable: Vec<Uid> = (0..n).filter(|uid| !stays(uid)).collect();
        let emission = |uid: &Uid| subnet.neurons.emission.get(usize::from(*uid)).copied();
        removable.sort_by_key(|uid| std::cmp::Reverse(emission(uid).unwrap_or(AlphaRao::ZERO)));
        let removed: Vec<Uid> =
            removable.into_iter().rev().take(usize::from(n.saturating_sub(max_n))).collect();
        let kept: Vec<Uid> = (0..n).filter(|uid| !removed.contains(uid)).collect();
        compress(exec.state.subnet_mut(netuid), &kept);
    }
    exec.state.subnet_mut(netuid).params_mut().max_allowed_uids = max_n;
    Ok(())
}

/// Leaves only these uids, in ascending order, and numbers them anew.
fn compress(subnet: &mut Subnet, kept: &[Uid]) {
    let keys = subnet.neurons.keys.clone();
    let gone = keys.iter().zip(0..).filter(|(_, uid)| kept.binary_search(uid).is_err());
    for (hotkey, _) in gone {
        subnet.axons.remove(hotkey);
        subnet.certificates.remove(hotkey);
        subnet.prometheus.remove(hotkey);
        subnet.alpha_dividends.remove(hotkey);
    }
    let neurons = subnet.neurons_mut();
    keep(&mut neurons.keys, kept);
    keep(&mut neurons.block_at_registration, kept);
    keep(&mut neurons.active, kept);
    keep(&mut neurons.emission, kept);
    keep(&mut neurons.consensus, kept);
    keep(&mut neurons.dividends, kept);
    keep(&mut neurons.validator_trust, kept);
    keep(&mut neurons.validator_permit, kept);
    keep_or_zero(&mut neurons.stake_weight, kept);
    neurons.uids = neurons.keys.iter().copied().zip(0..).collect();
    for mechid in 0..subnet.params.mechanism_count.max(1) {
        compress_mechanism(subnet.mechanism_mut(mechid), kept);
    }
}

fn compress_mechanism(mechanism: &mut Mechanism, kept: &[Uid]) {
    // Arrays of a mechanism that came later are filled up here.
    keep_or_zero(&mut mechanism.incentive, kept);
    keep_or_zero(&mut mechanism.last_update, kept);
    for rows in [&mut mechanism.weights, &mut mechanism.bonds] {
        keep(rows, kept);
        for row in rows {
            let entries = row.iter().filter_map(|(to, share)| {
                let uid = kept.binary_search(to).ok()?;
                Some((Uid::try_from(uid).unwrap_or(Uid::MAX), *share))
            });
            *row = Arc::new(entries.collect());
        }
    }
}

/// Leaves only the entries of these uids; an array that is shorter than the uids has none for the last of them.
fn keep<T>(column: &mut Vec<T>, kept: &[Uid]) {
    let mut uid: Uid = 0;
    column.retain(|_| {
        let stays = kept.binary_search(&uid).is_ok();
        uid = uid.saturating_add(1);
        stays
    });
}

/// Leaves only the entries of these uids, zero where there is none.
fn keep_or_zero<T: Copy + Default>(column: &mut Vec<T>, kept: &[Uid]) {
    let entry = |uid: &Uid| column.get(usize::from(*uid)).copied().unwrap_or_default();
    *column = kept.iter().map(entry).collect();
}
