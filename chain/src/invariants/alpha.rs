//! Alpha: what is issued, what is owed, what swaps move.

use super::{Checker, Step, named};
use crate::account::AccountId;
use crate::event::{Event, SubtensorModuleEvent};
use crate::math::fixed::I96F32;
use crate::runtime::shares;
use crate::runtime::tao::{subnet_account, total_balance};
use crate::state::{State, Subnet};
use crate::units::NetUid;
use std::collections::BTreeSet;

/// What is remembered of a subnet from block to block.
#[derive(Clone, Debug)]
pub(super) struct AlphaBook {
    /// Alpha burned before this subnet took its netuid.
    burned_before: i128,
    /// How much more was issued than owed when a raw write was last accepted; 0 for a subnet of the rules alone.
    accepted: i128,
    /// How much more is issued than owed since then, at most: rounding dust.
    dust_bound: i128,
    /// Issuance less what lies in the pool and outside, after the last block.
    unaccounted: i128,
    /// How far it has moved in the last block.
    moved: i128,
    /// Whether that block had a registration.
    registration: bool,
}

impl AlphaBook {
    /// The book of a subnet as it stands.
    pub(super) fn open(subnet: &Subnet) -> Self {
        Self {
            burned_before: subnet.pool.alpha_burned.get().into(),
            accepted: 0,
            dust_bound: 0,
            unaccounted: unaccounted(subnet),
            moved: 0,
            registration: false,
        }
    }

    /// I6: issued alpha covers what is owed, and exceeds it by rounding dust only.
    pub(super) fn covers(&self, step: &Step<'_>, netuid: NetUid, subnet: &Subnet) -> Result<(), String> {
        if netuid.is_root() {
            return Ok(());
        }
        let (issued, owed) = (i128::from(subnet.pool.alpha_out.get()), self.owed(step.after, netuid, subnet));
        let dust = issued.saturating_sub(owed).saturating_sub(self.accepted);
        if dust >= 0 && dust <= self.dust_bound {
            return Ok(());
        }
        let (least, most) = (self.accepted, self.accepted.saturating_add(self.dust_bound));
        Err(format!(
            "{issued} alpha rao are issued and {owed} owed; the difference should be {least} to {most}"
        ))
    }

    /// Takes the subnet as a raw write left it.
    pub(super) fn accept(&mut self, state: &State, netuid: NetUid, subnet: &Subnet) {
        let owed = self.owed(state, netuid, subnet);
        self.accepted = i128::from(subnet.pool.alpha_out.get()).saturating_sub(owed);
        self.dust_bound = 0;
        self.unaccounted = unaccounted(subnet);
    }

    /// All alpha that belongs to somebody, that waits for somebody, or that was burned.
    fn owed(&self, state: &State, netuid: NetUid, subnet: &Subnet) -> i128 {
        let stake = subnet.stake.values().map(|store| i128::from(store.value.get()));
        let pending = &subnet.pending;
        let waiting = [
            pending.server,
            pending.validator,
            pending.root_divs,
            pending.owner_cut,
            subnet.pool.protocol_alpha,
            subnet.pool.alpha_burned,
        ];
        stake
            .chain(waiting.into_iter().map(|amount| i128::from(amount.get())))
            .chain([self.burned_before.saturating_neg(), owed_to_root(state, netuid, subnet)])
            .fold(0, i128::saturating_add)
    }

    /// I7: issuance less pool and holders moves only in a block with a registration, and then up.
    ///
    /// Root has no alpha of its own: its stake is TAO.
    pub(super) fn issuance_agrees(&self, _: &Step<'_>, netuid: NetUid, _: &Subnet) -> Result<(), String> {
        if netuid.is_root() || self.moved == 0 || (self.registration && self.moved > 0) {
            return Ok(());
        }
        let how = if self.registration { "with" } else { "without" };
        Err(format!("issuance less pool and holders moved by {} alpha rao {how} a registration", self.moved))
    }
}

fn unaccounted(subnet: &Subnet) -> i128 {
    let pool = &subnet.pool;
    i128::from(pool.total_alpha_issuance.get())
        .saturating_sub(pool.alpha_in.get().into())
        .saturating_sub(pool.alpha_out.get().into())
}

/// Root dividends of a subnet that root stakers may still claim.
fn owed_to_root(state: &State, netuid: NetUid, subnet: &Subnet) -> i128 {
    let mut sum = 0_i128;
    for (hotkey, rate) in rates(state, netuid) {
        let Some(pool) = shares::pool(state, hotkey, NetUid::ROOT) else { continue };
        for coldkey in pool.shares.keys() {
            let due = due(rate, pool.value_of(coldkey).get());
            let claimed = subnet.root_claimed.get(&(*hotkey, *coldkey)).copied().unwrap_or_default();
            let claimed = i128::try_from(claimed).unwrap_or(i128::MAX);
            sum = sum.saturating_add(due.saturating_sub(claimed).max(0));
        }
    }
    sum
}

fn rates(state: &State, netuid: NetUid) -> impl Iterator<Item = (&AccountId, I96F32)> {
    state
        .hotkeys
        .iter()
        .filter_map(move |(hotkey, row)| row.root_claimable.get(&netuid.number()).map(|rate| (hotkey, *rate)))
}

/// `rate * stake`, floored.
fn due(rate: I96F32, stake: u64) -> i128 {
    rate.to_bits().saturating_mul(stake.into()) >> I96F32::FRAC_BITS
}

/// I8: the pool's TAO moves together with the subnet's account, which keeps at most fees.
pub(super) fn swaps_make_nothing(
    step: &Step<'_>,
    netuid: NetUid,
    before: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let Some(before) = before.filter(|_| !reborn(step).contains(&netuid)) else { return Ok(()) };
    let surplus = |state: &State, subnet: &Subnet| {
        let account = total_balance(state, &subnet_account(netuid)).get();
        i128::from(account).saturating_sub(subnet.pool.tao.get().into())
    };
    let (had, has) = (surplus(step.before, before), surplus(step.after, after));
    if has >= had {
        return Ok(());
    }
    Err(format!("the account held {had} rao more than the pool, and now {has}"))
}

/// Subnets that were registered or dissolved in the block.
fn reborn(step: &Step<'_>) -> BTreeSet<NetUid> {
    let netuids = step.events.iter().filter_map(|record| match record.event {
        Event::SubtensorModule(
            SubtensorModuleEvent::NetworkAdded(netuid, _) | SubtensorModuleEvent::NetworkRemoved(netuid),
        ) => Some(netuid),
        _ => None,
    });
    netuids.collect()
}

/// Subnets with a new neuron in the block.
fn registered(step: &Step<'_>) -> BTreeSet<NetUid> {
    let netuids = step.events.iter().filter_map(|record| match record.event {
        Event::SubtensorModule(SubtensorModuleEvent::NeuronRegistered(netuid, ..)) => Some(netuid),
        _ => None,
    });
    netuids.collect()
}

/// Incentive that the epoch of the block gave to the miners of a subnet.
fn incentive(step: &Step<'_>, netuid: NetUid) -> u64 {
    let of_subnet = step.events.iter().filter_map(|record| match &record.event {
        Event::SubtensorModule(SubtensorModuleEvent::IncentiveAlphaEmittedToMiners {
            netuid: index,
            emissions,
        }) if index.netuid() == netuid => Some(emissions),
        _ => None,
    });
    of_subnet.flatten().fold(0, |sum, emission| sum.saturating_add(emission.get()))
}

/// Dust that one block can leave: shares of the block's emission, floors of each extrinsic, and, with an
/// epoch, of each recipient; a rate per rao of root stake is floored to 2^-32.
fn dust_of_block(step: &Step<'_>, netuid: NetUid, before: &Subnet, after: &Subnet) -> i128 {
    let events = i128::try_from(step.events.len()).unwrap_or(i128::MAX);
    let rows = |state: &State| -> i128 {
        let of_hotkey =
            |hotkey| shares::pool(state, hotkey, NetUid::ROOT).map_or(0, |pool| pool.shares.len());
        let rows = rates(state, netuid).map(|(hotkey, _)| of_hotkey(hotkey)).fold(0, usize::saturating_add);
        i128::try_from(rows).unwrap_or(i128::MAX)
    };
    let each_block = 4_i128.saturating_add(events).saturating_add(rows(step.after));
    if after.schedule.last_mechanism_step_block != step.after.block {
        return each_block;
    }
    let recipients = after.neurons.n().max(after.stake.len());
    let pending = [before.pending.server, before.pending.validator, before.pending.root_divs];
    let amount = pending.into_iter().fold(0, |sum: u64, part| sum.saturating_add(part.get()));
    // Each of two quotients is floored to 2^-32 and then multiplied by the amount.
    let floors = 4_u64.saturating_add(amount >> 31);
    let root = step.after.subnet(NetUid::ROOT).map_or(0, |root| root.pool.tao.get() >> 31);
    let epoch = i128::try_from(recipients).unwrap_or(i128::MAX).saturating_mul(floors.into());
    each_block
        .saturating_add(epoch)
        .saturating_add(root.into())
        .saturating_add(lost_by_epoch(step, netuid, before, after))
}

/// What an epoch leaves without owner, which stays issued: all of what nobody was there to get, and the
/// incentive of mechanisms without miners.
fn lost_by_epoch(step: &Step<'_>, netuid: NetUid, before: &Subnet, after: &Subnet) -> i128 {
    let incentive = incentive(step, netuid);
    let mut lost = if incentive > 0 { before.pending.server.get().saturating_sub(incentive) } else { 0 };
    if after.alpha_dividends.values().all(|paid| paid.is_zero()) {
        lost =
            lost.saturating_add(before.pending.server.get()).saturating_add(before.pending.validator.get());
    }
    if after.root_alpha_dividends.values().all(|paid| paid.is_zero()) {
        lost = lost.saturating_add(before.pending.root_divs.get());
    }
    // The block's own emission joined what was pending.
    if lost > 0 { i128::from(lost.saturating_add(after.pending.alpha_out_emission.get())) } else { 0 }
}

impl Checker {
    /// Carries the books over a block.
    pub(super) fn keep_books(&mut self, step: &Step<'_>) {
        let (reborn, registered) = (reborn(step), registered(step));
        for (netuid, after) in step.after.subnets.iter() {
            let before = step.before.subnet(*netuid).filter(|_| !reborn.contains(netuid));
            let (Some(before), Some(book)) = (before, self.books.get_mut(netuid)) else {
                self.books.insert(*netuid, AlphaBook::open(after));
                continue;
            };
            let unaccounted = unaccounted(after);
            book.moved = unaccounted.saturating_sub(book.unaccounted);
            book.unaccounted = unaccounted;
            book.registration = registered.contains(netuid);
            let dust = dust_of_block(step, *netuid, before, after);
            book.dust_bound = book.dust_bound.saturating_add(dust);
        }
    }

    /// Checks every subnet that exists with its book.
    pub(super) fn each_book(
        &self,
        step: &Step<'_>,
        check: fn(&AlphaBook, &Step<'_>, NetUid, &Subnet) -> Result<(), String>,
    ) -> Result<(), String> {
        for (netuid, subnet) in step.after.subnets.iter().filter(|(_, subnet)| subnet.added) {
            if let Some(book) = self.books.get(netuid) {
                check(book, step, *netuid, subnet).map_err(named(*netuid))?;
            }
        }
        Ok(())
    }
}
