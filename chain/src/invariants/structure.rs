//! Shapes and ranges.

use super::{Step, alpha};
use crate::account::AccountId;
use crate::math::fixed::I96F32;
use crate::runtime::step::children::{MAX_CHILDREN, Relations};
use crate::state::{Map, Mechanism, Subnet};
use crate::units::NetUid;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) fn pool_weight_in_range(
    _: &Step<'_>,
    _: NetUid,
    _: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let weight = after.pool.quote_weight;
    let range = 10_000_000_000_000_000..=990_000_000_000_000_000;
    if range.contains(&weight) { Ok(()) } else { Err(format!("the weight is {weight} parts of 10^18")) }
}

pub(super) fn burn_in_range(
    step: &Step<'_>,
    netuid: NetUid,
    before: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    // A bound that an extrinsic of this block moved takes hold in the next one.
    let params = before.map_or(&after.params, |before| &before.params);
    let lowest = after.params.min_burn.min(params.min_burn);
    let highest = after.params.max_burn.max(params.max_burn);
    let burn = after.registration.burn;
    if burn < lowest || highest < burn {
        return Err(format!("the price is {burn} tao, the bounds are {lowest} and {highest} tao"));
    }
    let Some(before) = step.survivor(netuid, before) else { return Ok(()) };
    let most = before.registration.burn.max(before.params.min_burn);
    if burn > most && !alpha::registered(step).contains(&netuid) {
        return Err(format!("the price rose from {most} to {burn} tao without a registration"));
    }
    Ok(())
}

/// I17: every child knows its parent by the same share, at most five, no more than one whole, and nobody is both.
pub(super) fn relations_mirror(
    _: &Step<'_>,
    _: NetUid,
    before: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let unchanged = before
        .is_some_and(|before| before.children.same(&after.children) && before.parents.same(&after.parents));
    if unchanged {
        return Ok(());
    }
    let links = |rows: &Map<AccountId, Relations>, turn: bool| -> BTreeSet<(AccountId, AccountId, u64)> {
        let pairs = rows.iter().flat_map(|(of, row)| row.iter().map(move |(share, to)| (*of, *to, *share)));
        pairs.map(|(of, to, share)| if turn { (to, of, share) } else { (of, to, share) }).collect()
    };
    let (down, up) = (links(&after.children, false), links(&after.parents, true));
    if let Some((parent, child, share)) = down.symmetric_difference(&up).next() {
        return Err(format!("only one of {parent} and its child {child} knows of a share of {share}"));
    }
    let entries =
        |rows: &Map<AccountId, Relations>| rows.values().map(Vec::len).fold(0, usize::saturating_add);
    if entries(&after.children) != down.len() || entries(&after.parents) != up.len() {
        return Err("a relation is written twice".to_owned());
    }
    for (parent, row) in after.children.iter() {
        let whole = row.iter().try_fold(0_u64, |sum, (share, _)| sum.checked_add(*share));
        if row.len() > MAX_CHILDREN || whole.is_none() || row.is_empty() {
            return Err(format!("{parent} has {} children, whose shares sum to {whole:?}", row.len()));
        }
        let parents = after.parents.get(parent).map_or(&[][..], Vec::as_slice);
        let both = |child: &AccountId| child == parent || parents.iter().any(|(_, other)| other == child);
        if let Some((_, child)) = row.iter().find(|(_, child)| both(child)) {
            return Err(format!("{child} is a child of {parent} and its parent"));
        }
    }
    Ok(())
}

/// Whether root has set a factor of the moving price above one, with which it passes the price by any distance.
pub(super) fn overshoots(step: &Step<'_>) -> bool {
    step.before.globals.subnet_moving_alpha > I96F32::ONE
}

pub(super) fn moving_price_in_range(
    step: &Step<'_>,
    _: NetUid,
    before: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let price = after.pool.moving_price;
    // A price that a factor above one has driven out of its range comes back by the rules.
    let returns = before.is_some_and(|before| before.pool.moving_price >= price);
    if price >= I96F32::ZERO && (price <= I96F32::ONE || returns || overshoots(step)) {
        return Ok(());
    }
    Err(format!("the moving price is {} in units of 2^-32", price.to_bits()))
}

pub(super) fn neurons_consistent(
    _: &Step<'_>,
    _: NetUid,
    before: Option<&Subnet>,
    after: &Subnet,
) -> Result<(), String> {
    let same_mechanism = |before: &Arc<Mechanism>, after: &Arc<Mechanism>| Arc::ptr_eq(before, after);
    let unchanged = before.is_some_and(|before| {
        Arc::ptr_eq(&before.neurons, &after.neurons)
            && Arc::ptr_eq(&before.params, &after.params)
            && before.mechanisms.len() == after.mechanisms.len()
            && before
                .mechanisms
                .iter()
                .zip(&after.mechanisms)
                .all(|(before, after)| same_mechanism(before, after))
    });
    if unchanged {
        return Ok(());
    }
    let neurons = &after.neurons;
    let n = neurons.n();
    for (uid, hotkey) in (0_u16..).zip(&neurons.keys) {
        if neurons.uid_of(hotkey) != Some(uid) {
            return Err(format!("uid {uid} is {hotkey}, whose uid is {:?}", neurons.uid_of(hotkey)));
        }
    }
    let lengths = [
        ("uids", neurons.uids.len()),
        ("block_at_registration", neurons.block_at_registration.len()),
        ("active", neurons.active.len()),
        ("emission", neurons.emission.len()),
        ("consensus", neurons.consensus.len()),
        ("dividends", neurons.dividends.len()),
        ("validator_trust", neurons.validator_trust.len()),
        ("validator_permit", neurons.validator_permit.len()),
    ];
    if let Some((name, length)) = lengths.into_iter().find(|(_, length)| *length != n) {
        return Err(format!("{name} has {length} entries for {n} neurons"));
    }
    // New neurons get their stake weight at the next epoch.
    if neurons.stake_weight.len() > n {
        return Err(format!("stake_weight has {} entries for {n} neurons", neurons.stake_weight.len()));
    }
    for (mechid, mechanism) in
        after.mechanisms.iter().take(usize::from(after.params.mechanism_count)).enumerate()
    {
        let (incentive, last_update) = (mechanism.incentive.len(), mechanism.last_update.len());
        // The arrays of a mechanism that came later fill up with its epochs and new neurons.
        let short = mechid == 0 && incentive.min(last_update) < n;
        let long = incentive.max(last_update).max(mechanism.weights.len()).max(mechanism.bonds.len()) > n;
        if short || long {
            let rows = (mechanism.weights.len(), mechanism.bonds.len());
            return Err(format!(
                "mechanism {mechid} has {incentive} incentives, {last_update} updates, {rows:?} rows of weights \
                 and bonds for {n} neurons"
            ));
        }
    }
    let most = usize::from(after.params.max_allowed_uids);
    if n > most && before.is_none_or(|before| before.neurons.n() < n) {
        return Err(format!("there are {n} neurons where {most} are allowed"));
    }
    Ok(())
}

pub(super) fn staking_coldkeys_dense(step: &Step<'_>) -> Result<(), String> {
    let (by_index, indices) = (&step.after.staking_coldkeys_by_index, &step.after.staking_coldkeys);
    let unchanged =
        by_index.same(&step.before.staking_coldkeys_by_index) && indices.same(&step.before.staking_coldkeys);
    if unchanged {
        return Ok(());
    }
    if by_index.len() != indices.len() {
        return Err(format!("{} numbers for {} coldkeys", by_index.len(), indices.len()));
    }
    for (expected, (index, coldkey)) in (0_u64..).zip(by_index.iter()) {
        if *index != expected || indices.get(coldkey) != Some(index) {
            return Err(format!("{coldkey} has number {:?}, and stands at {index}", indices.get(coldkey)));
        }
    }
    Ok(())
}
