//! What an epoch pays: owner, miners, validators and their nominators, root stakers.
//!
//! **Source**: spec/chain.md 2.6.

use super::drain::Due;
use super::{Buffers, claims, dividends, epoch};
use crate::account::AccountId;
use crate::event::SubtensorModuleEvent;
use crate::math::fixed::U96F32;
use crate::runtime::{Exec, locks, shares, stake_weight};
use crate::state::Map;
use crate::types::RecycleOrBurnEnum;
use crate::units::{AlphaRao, NetUid};

/// Take of a hotkey without a `Delegates` row, 18 %.
pub const DEFAULT_TAKE: u16 = 11_796;

/// What a validator hotkey and its nominators get, in rao with 32 fraction bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payout {
    hotkey: AccountId,
    /// First the dividend earned by alpha, then its part of what validators get.
    alpha: U96F32,
    /// First the dividend earned by root stake, then its part of what root stakers get.
    root: U96F32,
}

/// Runs a subnet's epoch and pays out.
pub(super) fn distribute(exec: &mut Exec<'_>, buffers: &mut Buffers, due: &Due) {
    let netuid = due.netuid;
    let total = due.server.saturating_add(due.validator).saturating_add(due.root);
    epoch::run(exec, netuid, total, &mut buffers.epoch);
    collect(exec, netuid, buffers);
    let mined = buffers.incentives.iter().any(|(_, incentive)| !incentive.is_zero());
    let for_validators = if mined { due.validator } else { due.validator.saturating_add(due.server) };
    share_dividends(exec, netuid, buffers, for_validators, due.root);

    pay_owner(exec, netuid, due.owner);
    pay_miners(exec, netuid, &buffers.incentives);
    let pay = |pay: fn(&mut Exec<'_>, NetUid, &Payout) -> AlphaRao, exec: &mut Exec<'_>| {
        let mut rows: Vec<_> =
            buffers.payouts.iter().map(|payout| (payout.hotkey, pay(exec, netuid, payout))).collect();
        rows.sort_unstable_by_key(|row| row.0);
        Map::from_sorted(rows)
    };
    let dividends = pay(pay_validator, exec);
    exec.state.subnet_mut(netuid).alpha_dividends = dividends;
    let dividends = pay(pay_root, exec);
    exec.state.subnet_mut(netuid).root_alpha_dividends = dividends;
}

/// Sums what the epoch gave by hotkey, in the order of their bytes.
fn collect(exec: &mut Exec<'_>, netuid: NetUid, buffers: &mut Buffers) {
    let Buffers { epoch, incentives, dividends, .. } = buffers;
    incentives.clear();
    dividends.clear();
    let Some(neurons) = exec.state.subnet(netuid).map(|subnet| subnet.neurons.clone()) else { return };
    let earned = epoch.aggregate.server_emission.iter().zip(&epoch.aggregate.validator_emission);
    for (hotkey, (server, validator)) in neurons.keys.iter().zip(earned) {
        incentives.push((*hotkey, AlphaRao(*server)));
        dividends::split_to_parents(exec, netuid, hotkey, AlphaRao(*validator), |to, part| {
            dividends.push((to, part));
        });
    }
    incentives.sort_by(|a, b| a.0.bytes().cmp(b.0.bytes()));
    dividends.sort_by(|a, b| a.0.bytes().cmp(b.0.bytes()));
    dividends.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = kept.1.saturating_add(next.1);
        }
        same
    });
}

/// Splits each dividend into what alpha and what root stake earned, and scales both to what there is to pay.
fn share_dividends(
    exec: &Exec<'_>,
    netuid: NetUid,
    buffers: &mut Buffers,
    validators: AlphaRao,
    root: AlphaRao,
) {
    let tao_weight = stake_weight::tao_weight(exec.state);
    let (mut total_alpha, mut total_root) = (U96F32::ZERO, U96F32::ZERO);
    buffers.payouts.clear();
    for (hotkey, dividend) in &buffers.dividends {
        if dividend.is_zero() {
            buffers.payouts.push(Payout { hotkey: *hotkey, alpha: U96F32::ZERO, root: U96F32::ZERO });
            continue;
        }
        let stake = |netuid| U96F32::from_u64(shares::hotkey_stake(exec.state, hotkey, netuid).get());
        let weighed = stake(NetUid::ROOT).saturating_mul(tao_weight);
        let by_root = dividend.saturating_mul(weighed.safe_div(stake(netuid).saturating_add(weighed)));
        let by_alpha = dividend.saturating_sub(by_root);
        total_root = total_root.saturating_add(by_root);
        total_alpha = total_alpha.saturating_add(by_alpha);
        buffers.payouts.push(Payout { hotkey: *hotkey, alpha: by_alpha, root: by_root });
    }
    let (validators, root) = (U96F32::from_u64(validators.get()), U96F32::from_u64(root.get()));
    for payout in &mut buffers.payouts {
        // Divide, then multiply: the other order rounds differently.
        payout.root = root.saturating_mul(payout.root.safe_div(total_root));
        payout.alpha = validators.saturating_mul(payout.alpha.safe_div(total_alpha));
    }
}

fn pay_owner(exec: &mut Exec<'_>, netuid: NetUid, cut: AlphaRao) {
    let Some(subnet) = exec.state.subnet(netuid).filter(|subnet| subnet.has_owner) else { return };
    let (hotkey, coldkey) = (subnet.owner_hotkey, subnet.owner);
    shares::increase_stake(exec, &hotkey, &coldkey, netuid, cut);
    locks::lock_owner_cut(exec, netuid, cut);
}

/// Stakes incentives; what the owner's own miners earned is withheld.
fn pay_miners(exec: &mut Exec<'_>, netuid: NetUid, incentives: &[(AccountId, AlphaRao)]) {
    let own = owner_hotkeys(exec, netuid);
    let (mut total, mut withheld) = (AlphaRao::ZERO, AlphaRao::ZERO);
    for (hotkey, incentive) in incentives {
        total = total.saturating_add(*incentive);
        if own.contains(hotkey) {
            withheld = withheld.saturating_add(*incentive);
        } else {
            pay_miner(exec, netuid, hotkey, *incentive);
        }
    }
    let subnet = exec.state.subnet_mut(netuid);
    match subnet.params.recycle_or_burn {
        RecycleOrBurnEnum::Recycle => subnet.pool.recycle(withheld),
        RecycleOrBurnEnum::Burn => subnet.pool.burn(withheld),
    }
    subnet.pending.miner_burned = U96F32::from_u64(withheld.get()).safe_div(U96F32::from_u64(total.get()));
}

fn pay_miner(exec: &mut Exec<'_>, netuid: NetUid, hotkey: &AccountId, incentive: AlphaRao) {
    let owner = exec.state.owner_of(hotkey).unwrap_or_default();
    let chosen =
        exec.state.subnet(netuid).and_then(|subnet| subnet.auto_stake_destination.get(&owner)).copied();
    let destination = chosen.unwrap_or(*hotkey);
    if chosen.is_some() {
        let hotkey = *hotkey;
        exec.emit(SubtensorModuleEvent::AutoStakeAdded { netuid, destination, hotkey, owner, incentive });
    }
    shares::increase_stake(exec, &destination, &owner, netuid, incentive);
}

/// The subnet owner's hotkeys that hold a uid, and the owner hotkey.
fn owner_hotkeys(exec: &Exec<'_>, netuid: NetUid) -> Vec<AccountId> {
    let Some(subnet) = exec.state.subnet(netuid) else { return Vec::new() };
    let owned = exec.state.coldkey(&subnet.owner).map_or(&[][..], |row| &row.owned_hotkeys);
    let named = subnet.has_owner.then_some(&subnet.owner_hotkey);
    let with_uid = |hotkey: &&AccountId| subnet.neurons.uid_of(hotkey).is_some();
    owned.iter().chain(named).filter(with_uid).copied().collect()
}

/// Pays a hotkey's owner the take and its nominators the rest, in alpha; returns the rest.
fn pay_validator(exec: &mut Exec<'_>, netuid: NetUid, payout: &Payout) -> AlphaRao {
    let hotkey = &payout.hotkey;
    let rest = pay_take(exec, netuid, hotkey, payout.alpha);
    shares::increase_stake_of_all(exec, hotkey, netuid, rest);
    let stake = shares::hotkey_stake(exec.state, hotkey, netuid);
    exec.state.subnet_mut(netuid).alpha_last_epoch.insert(*hotkey, stake);
    rest
}

/// Pays a hotkey's owner the take in alpha and lets the rest be claimed by its root stakers; returns the rest.
fn pay_root(exec: &mut Exec<'_>, netuid: NetUid, payout: &Payout) -> AlphaRao {
    let rest = pay_take(exec, netuid, &payout.hotkey, payout.root);
    claims::increase_root_claimable(exec, &payout.hotkey, netuid, rest);
    rest
}

/// Stakes the owner's take of an amount and returns the rest; each is floored on its own.
fn pay_take(exec: &mut Exec<'_>, netuid: NetUid, hotkey: &AccountId, amount: U96F32) -> AlphaRao {
    if amount.is_zero() {
        return AlphaRao::ZERO;
    }
    let row = exec.state.hotkey(hotkey);
    let take = row.and_then(|row| row.take).unwrap_or(DEFAULT_TAKE);
    let owner = row.and_then(|row| row.owner).unwrap_or_default();
    let share = U96F32::from_u64(take.into()).safe_div(U96F32::from_u64(u16::MAX.into()));
    let take = share.saturating_mul(amount);
    shares::increase_stake(exec, hotkey, &owner, netuid, AlphaRao(take.to_u64()));
    AlphaRao(amount.saturating_sub(take).to_u64())
}
