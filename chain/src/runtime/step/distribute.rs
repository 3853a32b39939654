//! What an epoch pays: owner, miners, validators and their nominators, root stakers.
//!
//! **Source**: spec/chain.md 2.6.

use super::drain::Due;
use super::{Buffers, claims, dividends, epoch};
use crate::account::AccountId;
use crate::event::SubtensorModuleEvent;
use crate::kernel::Aggregate;
use crate::math::fixed::U96F32;
use crate::runtime::calls::leasing;
use crate::runtime::stake_weight::{self, Holding, Places};
use crate::runtime::{Exec, locks, shares};
use crate::state::{Map, State};
use crate::types::RecycleOrBurnEnum;
use crate::units::{AlphaRao, NetUid};
use std::cmp::Ordering;
use std::sync::Arc;

/// Take of a hotkey without a `Delegates` row, 18 %.
pub const DEFAULT_TAKE: u16 = 11_796;

/// What an epoch gave a hotkey: a neuron's own part, or what a child shares with its parent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Earned {
    hotkey: AccountId,
    /// Its uid and incentive; `None` for a parent that gets a part of what another hotkey earned.
    neuron: Option<(usize, AlphaRao)>,
    dividend: U96F32,
}

/// What a hotkey and its nominators get, in rao with 32 fraction bits, and what is looked up for it: once, since the
/// rows of hotkeys and coldkeys of a large network are in no cache.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payout {
    hotkey: AccountId,
    /// Uid and incentive of a neuron.
    neuron: Option<(usize, AlphaRao)>,
    /// First the dividend earned by alpha, then its part of what validators get.
    alpha: U96F32,
    /// First the dividend earned by root stake, then its part of what root stakers get.
    root: U96F32,
    /// The stake behind the hotkey, before the epoch pays.
    holding: Holding,
    places: Places,
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
    let Buffers { epoch, earned, payouts, recalls, .. } = buffers;
    let recall = recalls.entry(netuid).or_default();
    epoch::run(exec, netuid, total, epoch, &mut recall.places);
    collect(exec, netuid, &epoch.aggregate, earned);
    payouts.clear();
    sort(&mut recall.by_bytes, earned, |a, b| a.hotkey.bytes().cmp(b.hotkey.bytes()));
    for row in recall.by_bytes.iter().filter_map(|at| earned.get(*at)) {
        match payouts.last_mut().filter(|last| last.hotkey == row.hotkey) {
            Some(last) => last.add(row),
            None => payouts.push(Payout::new(row)),
        }
    }
    look_up(exec.state, netuid, payouts, &epoch.holdings, &mut recall.places);
    let incentives = payouts.iter().filter_map(|payout| payout.neuron);
    let mined = incentives.map(|(_, incentive)| incentive).any(|incentive| !incentive.is_zero());
    let for_validators = if mined { due.validator } else { due.validator.saturating_add(due.server) };
    share_dividends(exec.state, payouts, for_validators, due.root);

    pay_owner(exec, netuid, due.owner);
    pay_miners(exec, netuid, payouts);
    let paid: Vec<_> = payouts.iter_mut().map(|payout| pay_validator(exec, netuid, payout)).collect();
    let rooted: Vec<_> = payouts.iter_mut().map(|payout| pay_root(exec, netuid, payout)).collect();
    sort(&mut recall.by_hash, payouts, |a, b| a.hotkey.cmp(&b.hotkey));
    let sorted = |amounts: &dyn Fn(usize) -> Option<AlphaRao>| {
        let row = |at: &usize| Some((payouts.get(*at)?.hotkey, amounts(*at)?));
        recall.by_hash.iter().filter_map(row).collect::<Vec<_>>()
    };
    let subnet = exec.state.subnet_mut(netuid);
    subnet.alpha_last_epoch.merge(sorted(&|at| paid.get(at).map(|paid| paid.stake)));
    subnet.alpha_dividends = Map::from_sorted(sorted(&|at| paid.get(at).map(|paid| paid.dividend)));
    subnet.root_alpha_dividends = Map::from_sorted(sorted(&|at| rooted.get(at).copied()));
}

/// Lists what the epoch gave each hotkey, in the order of the uids.
fn collect(exec: &mut Exec<'_>, netuid: NetUid, epoch: &Aggregate, earned: &mut Vec<Earned>) {
    earned.clear();
    let Some(neurons) = exec.state.subnet(netuid).map(|subnet| Arc::clone(&subnet.neurons)) else { return };
    let emissions = epoch.server_emission.iter().zip(&epoch.validator_emission);
    for (uid, (hotkey, (server, validator))) in neurons.keys.iter().zip(emissions).enumerate() {
        dividends::split_to_parents(exec, netuid, hotkey, AlphaRao(*validator), |to, dividend| {
            let neuron = (to == *hotkey).then_some((uid, AlphaRao(*server)));
            earned.push(Earned { hotkey: to, neuron, dividend });
        });
    }
}

/// Puts the numbers of rows in the order of the rows; they are probably in it. Of equal rows the first stays first.
fn sort<T>(order: &mut Vec<usize>, rows: &[T], compare: impl Fn(&T, &T) -> Ordering) {
    if order.len() != rows.len() {
        *order = (0..rows.len()).collect();
    }
    order.sort_unstable_by(|a, b| match (rows.get(*a), rows.get(*b)) {
        (Some(first), Some(second)) => compare(first, second).then(a.cmp(b)),
        _ => Ordering::Equal,
    });
}

/// Looks up what paying needs to know.
///
/// Many rows of one kind at a time, since none of them is in a cache: so the processor waits for several at once.
fn look_up(
    state: &State,
    netuid: NetUid,
    payouts: &mut [Payout],
    holdings: &[Holding],
    places: &mut [Places],
) {
    for payout in &mut *payouts {
        let uid = payout.neuron.map_or(usize::MAX, |(uid, _)| uid);
        match (holdings.get(uid), places.get(uid)) {
            (Some(holding), Some(places)) => (payout.holding, payout.places) = (*holding, *places),
            _ => payout.holding = Holding::of(state, &payout.hotkey, netuid),
        }
    }
    let find = |payout: &mut Payout| state.hotkeys.look_up(&payout.hotkey, &mut payout.places.hotkey);
    let rows: Vec<_> = payouts.iter_mut().map(find).collect();
    for (payout, row) in payouts.iter_mut().zip(rows) {
        let Some(row) = row else { continue };
        payout.owner = row.owner.unwrap_or(payout.owner);
        payout.take = row.take.unwrap_or(payout.take);
        payout.has_rate = row.root_claimable.contains_key(&netuid.number());
    }
    let find = |payout: &mut Payout| state.coldkeys.look_up(&payout.owner, &mut payout.places.coldkey);
    let rows: Vec<_> = payouts.iter_mut().map(find).collect();
    for (payout, row) in payouts.iter_mut().zip(rows) {
        payout.listed = row.is_some_and(|row| row.staking_hotkeys.contains(&payout.hotkey));
    }
    let Some(stakes) = state.subnet(netuid).map(|subnet| &subnet.stake) else { return };
    for payout in payouts {
        if let Some(pool) = stakes.look_up(&payout.hotkey, &mut payout.places.stake) {
            pool.shares.look_up(&payout.owner, &mut payout.places.share);
        }
        if let Some(places) = payout.neuron.and_then(|(uid, _)| places.get_mut(uid)) {
            *places = payout.places;
        }
    }
}

impl Payout {
    /// With nothing looked up.
    fn new(earned: &Earned) -> Self {
        let Earned { hotkey, neuron, dividend } = *earned;
        Self {
            hotkey,
            neuron,
            alpha: dividend,
            root: U96F32::ZERO,
            holding: Holding { alpha: AlphaRao::ZERO, root: AlphaRao::ZERO },
            places: Places::default(),
            owner: AccountId::zero(),
            take: DEFAULT_TAKE,
            has_rate: false,
            listed: false,
        }
    }

    fn add(&mut self, earned: &Earned) {
        self.alpha = self.alpha.saturating_add(earned.dividend);
        self.neuron = earned.neuron.or(self.neuron);
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
        let places = (netuid, self.places);
        shares::increase_listed_stake(exec.state, &self.hotkey, &self.owner, places, amount);
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
fn share_dividends(state: &State, payouts: &mut [Payout], validators: AlphaRao, root: AlphaRao) {
    let tao_weight = stake_weight::tao_weight(state);
    let (mut total_alpha, mut total_root) = (U96F32::ZERO, U96F32::ZERO);
    for payout in payouts.iter_mut().filter(|payout| !payout.alpha.is_zero()) {
        let staked = U96F32::from_u64(payout.holding.alpha.get());
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
    leasing::distribute(exec, netuid, cut);
    locks::lock_owner_cut(exec, netuid, cut);
}

/// Stakes incentives; what the owner's own miners earned is withheld.
fn pay_miners(exec: &mut Exec<'_>, netuid: NetUid, payouts: &mut [Payout]) {
    let own = owner_hotkeys(exec, netuid);
    let (mut total, mut withheld) = (AlphaRao::ZERO, AlphaRao::ZERO);
    for payout in payouts {
        let Some((_, incentive)) = payout.neuron else { continue };
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
    /// What the nominators got.
    dividend: AlphaRao,
    /// What stands behind the hotkey afterwards.
    stake: AlphaRao,
}

/// Pays a hotkey's owner the take and its nominators the rest, in alpha.
fn pay_validator(exec: &mut Exec<'_>, netuid: NetUid, payout: &mut Payout) -> Paid {
    let dividend = payout.pay_take(exec, netuid, payout.alpha);
    let (hotkey, place) = (payout.hotkey, payout.places.stake);
    let stake = shares::increase_stake_of_all_near(exec.state, &hotkey, (netuid, place), dividend);
    Paid { dividend, stake }
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
            claims::raise_rate(exec.state, &payout.hotkey, payout.places.hotkey, netuid, more);
        }
    }
    rest
}
