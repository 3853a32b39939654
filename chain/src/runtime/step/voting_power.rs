//! Voting power: a slow average of stake, kept where a subnet asks for it.
//!
//! **Source**: spec/chain.md 6.12.

use crate::event::SubtensorModuleEvent;
use crate::runtime::Exec;
use crate::units::NetUid;

/// Parts of one in the averaging factor.
const ONE: u128 = 1_000_000_000_000_000_000;

/// Updates the voting power of a subnet's hotkeys from the stake that the epoch saw, by uid.
pub(super) fn update(exec: &mut Exec<'_>, netuid: NetUid, stake: &[u64]) {
    let now = exec.now();
    let min = exec.state.globals.stake_threshold;
    let Some(subnet) = exec.state.subnet(netuid) else { return };
    if !subnet.params.voting_power_tracking_enabled {
        return;
    }
    let ends = subnet.params.voting_power_disable_at_block;
    let subnet = exec.state.subnet_mut(netuid);
    if ends > 0 && now >= ends {
        subnet.voting_power.clear();
        let params = subnet.params_mut();
        params.voting_power_tracking_enabled = false;
        params.voting_power_disable_at_block = 0;
        exec.emit(SubtensorModuleEvent::VotingPowerTrackingDisabled { netuid });
        return;
    }
    let alpha = u128::from(subnet.params.voting_power_ema_alpha).min(ONE);
    let neurons = subnet.neurons.clone();
    let gone = |hotkey| neurons.uid_of(hotkey).is_none();
    let stale: Vec<_> = subnet.voting_power.keys().filter(|hotkey| gone(hotkey)).copied().collect();
    for hotkey in stale {
        subnet.voting_power.remove(&hotkey);
    }
    for ((hotkey, permit), stake) in neurons.keys.iter().zip(&neurons.validator_permit).zip(stake) {
        let before = subnet.voting_power.get(hotkey).copied().unwrap_or_default();
        let weighed = |amount: u64, by: u128| u128::from(amount).saturating_mul(by);
        let sum = weighed(*stake, alpha).saturating_add(weighed(before, ONE.saturating_sub(alpha)));
        let power = u64::try_from(sum.checked_div(ONE).unwrap_or_default()).unwrap_or(u64::MAX);
        if !permit || power == 0 || (before >= min && power < min) {
            subnet.voting_power.remove(hotkey);
        } else {
            subnet.voting_power.insert(*hotkey, power);
        }
    }
}
