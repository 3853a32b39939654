//! Alpha: what is issued, what is owed, what swaps move.

use super::gaps::SubnetGaps;
use super::{Checker, Fact, Step, named};
use crate::account::AccountId;
use crate::event::{Event, SubtensorModuleEvent};
use crate::math::fixed::I96F32;
use crate::runtime::shares;
use crate::runtime::tao::{subnet_account, total_balance};
use crate::state::{EXISTENTIAL_DEPOSIT, ShareStore, State, Subnet};
use crate::units::NetUid;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is remembered of a subnet from block to block.
#[derive(Clone, Debug)]
pub(super) struct AlphaBook {
    /// Alpha burned before this subnet took its netuid.
    burned_before: i128,
    /// How much more was issued than owed when the book was opened or a raw write was made; 0 for a subnet of the
    /// rules alone.
    accepted: i128,
    /// How much more is issued than owed since then, at most: rounding dust.
    dust_bound: i128,
    /// Issuance less what lies in the pool and outside, after the last block.
    unaccounted: i128,
    /// How far it has moved in the last block.
    moved: i128,
    /// Whether that block had a registration.
    registration: bool,
    /// What the account may lack of the pool's TAO.
    shortage: i128,
    /// The sum of all stakes, alpha rao.
    staked: i128,
    /// What root stakers may still claim.
    root: Root,
}

/// Root dividends of a subnet that wait for their claim.
#[derive(Clone, Copy, Debug, Default)]
struct Root {
    /// Alpha rao.
    owed: i128,
    /// What flooring each position once can lose: a rao, and what a rao of its stake is due.
    dust: i128,
}

impl AlphaBook {
    /// The book of a subnet as it stands; alpha that was burned earlier is not its own.
    pub(super) fn open(state: &State, netuid: NetUid, subnet: &Subnet) -> Self {
        let surplus = surplus(state, netuid, subnet);
        Self {
            burned_before: subnet.pool.alpha_burned.get().into(),
            accepted: 0,
            dust_bound: 0,
            unaccounted: unaccounted(subnet),
            moved: 0,
            registration: false,
            shortage: surplus.saturating_neg().max(0),
            staked: staked(subnet),
            root: owed_to_root(state, netuid, subnet),
        }
    }

    /// The book of a subnet that a block registered: its lock may have been clipped to keep its payer alive.
    fn born(step: &Step<'_>, netuid: NetUid, subnet: &Subnet) -> Self {
        let dust_bound = i128::try_from(step.events.len()).unwrap_or(i128::MAX);
        let shortage = EXISTENTIAL_DEPOSIT.get().into();
        Self { shortage, dust_bound, ..Self::open(step.after, netuid, subnet) }
    }

    /// Takes what is issued and not owed as it is.
    pub(super) fn settle(&mut self, state: &State, netuid: NetUid, subnet: &Subnet) {
        self.accepted = i128::from(subnet.pool.alpha_out.get()).saturating_sub(owed(state, netuid, subnet));
        self.burned_before = 0;
    }

    /// Follows a raw write.
    pub(super) fn shift(&mut self, moved: &SubnetGaps) {
        self.accepted = self.accepted.saturating_add(moved.uncovered);
        self.unaccounted = self.unaccounted.saturating_add(moved.unaccounted);
        self.shortage = self.shortage.saturating_sub(moved.surplus.min(0));
    }

    /// I6: issued alpha covers what is owed, and exceeds it by rounding dust only.
    pub(super) fn covers(&self, _: &Step<'_>, netuid: NetUid, subnet: &Subnet) -> Result<(), String> {
        if netuid.is_root() {
            return Ok(());
        }
        let issued = i128::from(subnet.pool.alpha_out.get());
        let owed = waiting(subnet)
            .saturating_add(self.staked)
            .saturating_add(self.root.owed)
            .saturating_sub(self.burned_before);
        let dust = issued.saturating_sub(owed).saturating_sub(self.accepted);
        if dust >= 0 && dust <= self.dust_bound {
            return Ok(());
        }
        let (least, most) = (self.accepted, self.accepted.saturating_add(self.dust_bound));
        Err(format!(
            "{issued} alpha rao are issued and {owed} owed; the difference should be {least} to {most}"
        ))
    }

    /// I7: issuance less pool and holders moves only in a block with a registration, and then up.
    ///
    /// Root has no alpha of its own: its stake is TAO. So it is wherever there is no pool.
    pub(super) fn issuance_agrees(&self, _: &Step<'_>, _: NetUid, subnet: &Subnet) -> Result<(), String> {
        // The pool's first alpha is not in the counter, which stops at zero when it is recycled.
        let up = self.registration || subnet.pool.total_alpha_issuance.is_zero();
        if !subnet.pool.is_dynamic() || self.moved == 0 || (up && self.moved > 0) {
            return Ok(());
        }
        let how = if self.registration { "with" } else { "without" };
        Err(format!("issuance less pool and holders moved by {} alpha rao {how} a registration", self.moved))
    }

    /// I4: the account holds the pool's TAO.
    pub(super) fn account_covers_pool(
        &self,
        step: &Step<'_>,
        netuid: NetUid,
        subnet: &Subnet,
    ) -> Result<(), String> {
        let surplus = surplus(step.after, netuid, subnet);
        if surplus.saturating_add(self.shortage) >= 0 {
            return Ok(());
        }
        let lacks = surplus.saturating_neg();
        Err(format!("the account lacks {lacks} rao of the pool, where {} are allowed", self.shortage))
    }

    /// Carries the sums over a block.
    fn carry(&mut self, step: &Step<'_>, netuid: NetUid, before: &Subnet, after: &Subnet) {
        for (_, old, new) in after.stake.changes_since(&before.stake) {
            let value = |store: Option<&Arc<ShareStore>>| store.map_or(0, |store| store.value.get().into());
            self.staked = self.staked.saturating_add(value(new)).saturating_sub(value(old));
        }
        let root =
            |state: &State| state.subnet(NetUid::ROOT).map(|root| root.stake.clone()).unwrap_or_default();
        let still = after.root_claimed.same(&before.root_claimed)
            && step.after.hotkeys.same(&step.before.hotkeys)
            && root(step.after).same(&root(step.before));
        if !still {
            self.root = owed_to_root(step.after, netuid, after);
            // A claim on any subnet adds root stake, which is floored out of what is owed on every other.
            let subnets = i128::try_from(step.after.subnets.len()).unwrap_or(i128::MAX);
            self.dust_bound = self.dust_bound.saturating_add(self.root.dust.saturating_mul(subnets));
            self.dust_bound = self.dust_bound.saturating_add(forfeited(step, netuid, before));
        }
        let dust = dust_of_block(step, netuid, before, after).saturating_add(self.root.dust);
        self.dust_bound = self.dust_bound.saturating_add(dust);
    }
}

/// What the subnet's account holds more than its pool, rao.
fn surplus(state: &State, netuid: NetUid, subnet: &Subnet) -> i128 {
    let account = total_balance(state, &subnet_account(netuid)).get();
    i128::from(account).saturating_sub(subnet.pool.tao.get().into())
}

/// The sum of all stakes on a subnet, alpha rao.
fn staked(subnet: &Subnet) -> i128 {
    subnet.stake.values().fold(0, |sum, store| sum.saturating_add(store.value.get().into()))
}

/// Alpha that waits for an epoch, that the protocol bought, or that was burned.
fn waiting(subnet: &Subnet) -> i128 {
    let pending = &subnet.pending;
    let amounts = [
        pending.server,
        pending.validator,
        pending.root_divs,
        pending.owner_cut,
        subnet.pool.protocol_alpha,
        subnet.pool.alpha_burned,
    ];
    amounts.into_iter().fold(0, |sum, amount| sum.saturating_add(amount.get().into()))
}

/// All alpha that belongs to somebody, that waits for somebody, or that was burned.
pub(super) fn owed(state: &State, netuid: NetUid, subnet: &Subnet) -> i128 {
    let root = owed_to_root(state, netuid, subnet).owed;
    waiting(subnet).saturating_add(staked(subnet)).saturating_add(root)
}

/// Alpha issuance less what lies in the pool and outside.
pub(super) fn unaccounted(subnet: &Subnet) -> i128 {
    let pool = &subnet.pool;
    i128::from(pool.total_alpha_issuance.get())
        .saturating_sub(pool.alpha_in.get().into())
        .saturating_sub(pool.alpha_out.get().into())
}

/// Root dividends of a subnet that root stakers may still claim.
fn owed_to_root(state: &State, netuid: NetUid, subnet: &Subnet) -> Root {
    let mut sum = Root::default();
    for (hotkey, rate) in rates(state, netuid) {
        let Some(pool) = shares::pool(state, hotkey, NetUid::ROOT) else { continue };
        let due_of_one = due(rate, 1);
        for coldkey in pool.shares.keys() {
            let due = due(rate, pool.value_of(coldkey).get());
            let claimed = subnet.root_claimed.get(&(*hotkey, *coldkey)).copied().unwrap_or_default();
            let claimed = i128::try_from(claimed).unwrap_or(i128::MAX);
            sum.owed = sum.owed.saturating_add(due.saturating_sub(claimed).max(0));
            sum.dust = sum.dust.saturating_add(due_of_one.saturating_add(2));
        }
    }
    sum
}

/// Root dividends that went unclaimed with root stake that left: they stay issued and belong to nobody.
fn forfeited(step: &Step<'_>, netuid: NetUid, before: &Subnet) -> i128 {
    let (Some(was), Some(is)) = (step.before.subnet(NetUid::ROOT), step.after.subnet(NetUid::ROOT)) else {
        return 0;
    };
    let mut sum = 0_i128;
    for (hotkey, old, new) in is.stake.changes_since(&was.stake) {
        let rate = |state: &State| state.hotkey(hotkey)?.root_claimable.get(&netuid.number()).copied();
        let (Some(old), Some(rate)) = (old, rate(step.after).or_else(|| rate(step.before))) else { continue };
        for coldkey in old.shares.keys() {
            let held = old.value_of(coldkey);
            if new.is_some_and(|new| new.value_of(coldkey) >= held) {
                continue;
            }
            let claimed = before.root_claimed.get(&(*hotkey, *coldkey)).copied().unwrap_or_default();
            let owed = due(rate, held.get()).saturating_sub(i128::try_from(claimed).unwrap_or(i128::MAX));
            sum = sum.saturating_add(owed.max(0));
        }
    }
    sum
}

/// What a rao of root stake on each hotkey is due on a subnet.
pub(super) fn rates(state: &State, netuid: NetUid) -> impl Iterator<Item = (&AccountId, I96F32)> {
    state
        .hotkeys
        .iter()
        .filter_map(move |(hotkey, row)| row.root_claimable.get(&netuid.number()).map(|rate| (hotkey, *rate)))
}

/// `rate * stake`, floored.
pub(super) fn due(rate: I96F32, stake: u64) -> i128 {
    rate.to_bits().saturating_mul(stake.into()) >> I96F32::FRAC_BITS
}

/// I8: the pool's TAO moves together with the subnet's account, which keeps at most fees.
pub(super) fn swaps_make_nothing(
    step: &Step<'_>,
    netuid: NetUid,
    before: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let Some(before) = step.survivor(netuid, before) else { return Ok(()) };
    let (had, has) = (surplus(step.before, netuid, before), surplus(step.after, netuid, after));
    if has >= had {
        return Ok(());
    }
    Err(format!("the account held {had} rao more than the pool, and now {has}"))
}

/// Subnets that were registered or dissolved in the block.
pub(super) fn reborn(step: &Step<'_>) -> BTreeSet<NetUid> {
    let netuids = step.events.iter().filter_map(|record| match record.event {
        Event::SubtensorModule(
            SubtensorModuleEvent::NetworkAdded(netuid, _) | SubtensorModuleEvent::NetworkRemoved(netuid),
        ) => Some(netuid),
        _ => None,
    });
    netuids.collect()
}

/// Subnets with a new neuron in the block.
pub(super) fn registered(step: &Step<'_>) -> BTreeSet<NetUid> {
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
    let each_block = 4_i128.saturating_add(events);
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
    // The block's own emission joined what was pending.
    let joined = step.facts.iter().find_map(|fact| match fact {
        Fact::Emission { netuid: of, parts, .. } if *of == netuid => Some(*parts),
        _ => None,
    });
    let [owner, server, validator, root] = joined.unwrap_or_default();
    let owner = before.pending.owner_cut.saturating_add(owner).get();
    let server = before.pending.server.saturating_add(server).get();
    let validator = before.pending.validator.saturating_add(validator).get();
    let root = before.pending.root_divs.saturating_add(root).get();
    let incentive = incentive(step, netuid);
    let mut lost = if incentive > 0 { server.saturating_sub(incentive) } else { 0 };
    if !before.has_owner {
        lost = lost.saturating_add(owner);
    }
    if after.alpha_dividends.values().all(|paid| paid.is_zero()) {
        lost = lost.saturating_add(server).saturating_add(validator);
    }
    if after.root_alpha_dividends.values().all(|paid| paid.is_zero()) {
        lost = lost.saturating_add(root);
    }
    lost.into()
}

impl Checker {
    /// Carries the books over a block.
    pub(super) fn keep_books(&mut self, step: &Step<'_>) {
        let (reborn, registered) = (reborn(step), registered(step));
        self.sum_balances(step);
        for (netuid, after) in step.after.subnets.iter() {
            let before = step.before.subnet(*netuid).filter(|_| !reborn.contains(netuid));
            let (Some(before), Some(book)) = (before, self.books.get_mut(netuid)) else {
                self.books.insert(*netuid, AlphaBook::born(step, *netuid, after));
                continue;
            };
            let unaccounted = unaccounted(after);
            book.moved = unaccounted.saturating_sub(book.unaccounted);
            book.unaccounted = unaccounted;
            book.registration = registered.contains(netuid);
            book.carry(step, *netuid, before, after);
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
