//! What an epoch pays: owner, miners, validators and their nominators, root stakers.
//!
//! **Source**: spec/chain.md 2.6.

use super::drain::Due;
use super::{Buffers, claims, dividends, epoch};
use crate::account::AccountId;
use crate::event::SubtensorModuleEvent;
use crate::math::fixed::U96F32;
use crate::runtime::stake_weight::{self, Holding};
use crate::runtime::{Exec, locks, shares};
use crate::state::{Map, State};
use crate::types::RecycleOrBurnEnum;
use crate::units::{AlphaRao, NetUid};

/// Take of a hotkey without a `Delegates` row, 18 %.
pub const DEFAULT_TAKE: u16 = 11_796;

/// What an epoch gave a hotkey: a neuron's own part, or what a child shares with its parent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Earned {
    hotkey: AccountId,
    /// `None` for a parent that gets a part of what another hotkey earned.
    neuron: Option<(AlphaRao, Holding)>,
    dividend: U96F32,
}

/// What a hotkey and its nominators get, in rao with 32 fraction bits, and what is looked up for it: once, since the
/// rows of hotkeys and coldkeys of a large network are in no cache.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payout {
    hotkey: AccountId,
    /// Incentive, for a neuron.
    incentive: Option<AlphaRao>,
    /// First the dividend earned by alpha, then its part of what validators get.
    alpha: U96F32,
    /// First the dividend earned by root stake, then its part of what root stakers get.
    root: U96F32,
    /// Where the stake behind the hotkey lies, and how much of it is on root.
    holding: Holding,
    owner: AccountId,
    take: u16,
    /// Whether root stakers have a rate of claims on the subnet.
    has_rate: bool,
    /// Whether the owner is known to list the hotkey among those it stakes on.
    listed: bool,
}

/// Runs a subnet's epoch and pays out.
pub(super) fn distribute(exec: &mut Exec<'_>, buffers: &mut Buffers, due: &Due) {
    let netuid = due.netuid;
    let total = due.server.saturating_add(due.validator).saturating_add(due.root);
    epoch::run(exec, netuid, total, &mut buffers.epoch);
    collect(exec, netuid, buffers);
    let payouts = &mut buffers.payouts;
    let mined = payouts.iter().filter_map(|payout| payout.incentive).any(|incentive| !incentive.is_zero());
    let for_validators = if mined { due.validator } else { due.validator.saturating_add(due.server) };
    share_dividends(exec, netuid, payouts, for_validators, due.root);

    pay_owner(exec, netuid, due.owner);
    pay_miners(exec, netuid, payouts);
    let mut rows: Vec<_> = payouts.iter_mut().map(|payout| pay_validator(exec, netuid, payout)).collect();
    rows.sort_unstable_by_key(|row| row.hotkey);
    let subnet = exec.state.subnet_mut(netuid);
    for (place, row) in rows.iter().enumerate() {
        subnet.alpha_last_epoch.insert_near(row.hotkey, row.stake, place);
    }
    subnet.alpha_dividends = Map::from_sorted(rows.iter().map(|row| (row.hotkey, row.dividend)).collect());
    let mut rows: Vec<_> =
        payouts.iter_mut().map(|payout| (payout.hotkey, pay_root(exec, netuid, payout))).collect();
    rows.sort_unstable_by_key(|row| row.0);
    exec.state.subnet_mut(netuid).root_alpha_dividends = Map::from_sorted(rows);
}

/// Sums what the epoch gave by hotkey, in the order of their bytes.
fn collect(exec: &mut Exec<'_>, netuid: NetUid, buffers: &mut Buffers) {
    let Buffers { epoch, earned, order, payouts, .. } = buffers;
    earned.clear();
    payouts.clear();
    let Some(neurons) = exec.state.subnet(netuid).map(|subnet| subnet.neurons.clone()) else { return };
    let emissions = epoch.aggregate.server_emission.iter().zip(&epoch.aggregate.validator_emission);
    for ((hotkey, (server, validator)), holding) in neurons.keys.iter().zip(emissions).zip(&epoch.holdings) {
        dividends::split_to_parents(exec, netuid, hotkey, AlphaRao(*validator), |to, dividend| {
            let neuron = (to == *hotkey).then_some((AlphaRao(*server), *holding));
            earned.push(Earned { hotkey: to, neuron, dividend });
        });
    }
    order.clear();
    order.extend(earned.iter().map(rank).zip(0..));
    order.sort_unstable_by(|(a, i), (b, j)| {
        let bytes = |at: &usize| earned.get(*at).map(|row| row.hotkey.bytes());
        a.cmp(b).then_with(|| bytes(i).cmp(&bytes(j))).then(i.cmp(j))
    });
    for row in order.iter().filter_map(|(_, at)| earned.get(*at)) {
        match payouts.last_mut().filter(|last| last.hotkey == row.hotkey) {
            Some(last) => last.add(row),
            None => payouts.push(Payout::new(exec.state, netuid, row)),
        }
    }
}

/// The first half of a hotkey's bytes, which nearly always decides their order.
fn rank(row: &Earned) -> u128 {
    row.hotkey.bytes().first_chunk().copied().map_or(0, u128::from_be_bytes)
}

impl Payout {
    fn new(state: &State, netuid: NetUid, earned: &Earned) -> Self {
        let hotkey = &earned.hotkey;
        let row = state.hotkey(hotkey);
        let (incentive, holding) = earned.neuron.unzip();
        Self {
            hotkey: *hotkey,
            incentive,
            alpha: earned.dividend,
            root: U96F32::ZERO,
            holding: holding.unwrap_or_else(|| Holding::of(state, hotkey, netuid)),
            owner: row.and_then(|row| row.owner).unwrap_or_default(),
            take: row.and_then(|row| row.take).unwrap_or(DEFAULT_TAKE),
            has_rate: row.is_some_and(|row| row.root_claimable.contains_key(&netuid.number())),
            listed: false,
        }
    }

    fn add(&mut self, earned: &Earned) {
        self.alpha = self.alpha.saturating_add(earned.dividend);
        if let Some((incentive, holding)) = earned.neuron {
            (self.incentive, self.holding) = (Some(incentive), holding);
        }
    }

    /// Stakes for the owner.
    fn stake(&mut self, exec: &mut Exec<'_>, netuid: NetUid, amount: AlphaRao) {
        if amount.is_zero() {
            return;
        }
        if !self.listed {
            shares::list_hotkey(exec.state, &self.hotkey, &self.owner);
            self.listed = true;
        }
        let place = (netuid, self.holding.place);
        shares::increase_listed_stake(exec.state, &self.hotkey, &self.owner, place, amount);
    }

    /// Stakes the owner's take of an amount and returns the rest; each is floored on its own.
    fn pay_take(&mut self, exec: &mut Exec<'_>, netuid: NetUid, amount: U96F32) -> AlphaRao {
        if amount.is_zero() {
            return AlphaRao::ZERO;
        }
        let share = U96F32::from_u64(self.take.into()).safe_div(U96F32::from_u64(u16::MAX.into()));
        let take = share.saturating_mul(amount);
        self.stake(exec, netuid, AlphaRao(take.to_u64()));
        AlphaRao(amount.saturating_sub(take).to_u64())
    }
}

/// Splits each dividend into what alpha and what root stake earned, and scales both to what there is to pay.
fn share_dividends(
    exec: &Exec<'_>,
    netuid: NetUid,
    payouts: &mut [Payout],
    validators: AlphaRao,
    root: AlphaRao,
) {
    let tao_weight = stake_weight::tao_weight(exec.state);
    let stakes = exec.state.subnet(netuid).map(|subnet| &subnet.stake);
    let (mut total_alpha, mut total_root) = (U96F32::ZERO, U96F32::ZERO);
    for payout in payouts.iter_mut().filter(|payout| !payout.alpha.is_zero()) {
        let pool = stakes.and_then(|stakes| stakes.get_near(&payout.hotkey, payout.holding.place));
        let staked = U96F32::from_u64(pool.map_or(0, |pool| pool.value.get()));
        let weighed = U96F32::from_u64(payout.holding.root.get()).saturating_mul(tao_weight);
        payout.root = payout.alpha.saturating_mul(weighed.safe_div(staked.saturating_add(weighed)));
        payout.alpha = payout.alpha.saturating_sub(payout.root);
        total_root = total_root.saturating_add(payout.root);
        total_alpha = total_alpha.saturating_add(payout.alpha);
    }
    let (validators, root) = (U96F32::from_u64(validators.get()), U96F32::from_u64(root.get()));
    for payout in payouts {
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
fn pay_miners(exec: &mut Exec<'_>, netuid: NetUid, payouts: &mut [Payout]) {
    let own = owner_hotkeys(exec, netuid);
    let (mut total, mut withheld) = (AlphaRao::ZERO, AlphaRao::ZERO);
    for payout in payouts {
        let Some(incentive) = payout.incentive else { continue };
        total = total.saturating_add(incentive);
        if own.contains(&payout.hotkey) {
            withheld = withheld.saturating_add(incentive);
        } else {
            pay_miner(exec, netuid, payout, incentive);
        }
    }
    let subnet = exec.state.subnet_mut(netuid);
    match subnet.params.recycle_or_burn {
        RecycleOrBurnEnum::Recycle => subnet.pool.recycle(withheld),
        RecycleOrBurnEnum::Burn => subnet.pool.burn(withheld),
    }
    subnet.pending.miner_burned = U96F32::from_u64(withheld.get()).safe_div(U96F32::from_u64(total.get()));
}

fn pay_miner(exec: &mut Exec<'_>, netuid: NetUid, payout: &mut Payout, incentive: AlphaRao) {
    let Payout { hotkey, owner, .. } = *payout;
    let chosen = exec.state.subnet(netuid).and_then(|subnet| subnet.auto_stake_destination.get(&owner));
    match chosen.copied() {
        Some(destination) => {
            exec.emit(SubtensorModuleEvent::AutoStakeAdded { netuid, destination, hotkey, owner, incentive });
            shares::increase_stake(exec, &destination, &owner, netuid, incentive);
        }
        None => payout.stake(exec, netuid, incentive),
    }
}

/// The subnet owner's hotkeys that hold a uid, and the owner hotkey.
fn owner_hotkeys(exec: &Exec<'_>, netuid: NetUid) -> Vec<AccountId> {
    let Some(subnet) = exec.state.subnet(netuid) else { return Vec::new() };
    let owned = exec.state.coldkey(&subnet.owner).map_or(&[][..], |row| &row.owned_hotkeys);
    let named = subnet.has_owner.then_some(&subnet.owner_hotkey);
    let with_uid = |hotkey: &&AccountId| subnet.neurons.uid_of(hotkey).is_some();
    owned.iter().chain(named).filter(with_uid).copied().collect()
}

/// What a payout of alpha leaves behind.
struct Paid {
    hotkey: AccountId,
    /// What the nominators got.
    dividend: AlphaRao,
    /// What stands behind the hotkey afterwards.
    stake: AlphaRao,
}

/// Pays a hotkey's owner the take and its nominators the rest, in alpha.
fn pay_validator(exec: &mut Exec<'_>, netuid: NetUid, payout: &mut Payout) -> Paid {
    let dividend = payout.pay_take(exec, netuid, payout.alpha);
    let (hotkey, place) = (payout.hotkey, payout.holding.place);
    let stake = shares::increase_stake_of_all_near(exec.state, &hotkey, (netuid, place), dividend);
    Paid { hotkey, dividend, stake }
}

/// Pays a hotkey's owner the take in alpha and lets the rest be claimed by its root stakers; returns the rest.
fn pay_root(exec: &mut Exec<'_>, netuid: NetUid, payout: &mut Payout) -> AlphaRao {
    let rest = payout.pay_take(exec, netuid, payout.root);
    if rest > payout.holding.root {
        // More alpha than there is root stake would overflow the rate; it goes to the hotkey's owner instead.
        payout.stake(exec, netuid, rest);
    } else if !(rest.is_zero() && payout.has_rate) {
        let more = claims::rate(rest, payout.holding.root);
        if !(more.is_zero() && payout.has_rate) {
            claims::raise_rate(exec.state, &payout.hotkey, netuid, more);
        }
    }
    rest
}
