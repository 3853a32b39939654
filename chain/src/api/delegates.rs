//! `DelegateInfoRuntimeApi`: hotkeys that take stake of others.

use super::{View, runtime_api};
use crate::account::AccountId;
use crate::math::fixed::U64F64;
use crate::runtime::shares;
use crate::units::{AlphaRao, NetUid, Packed, TAO};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use std::collections::BTreeMap;

/// Blocks in a day, one every twelve seconds.
const BLOCKS_PER_DAY: u64 = 7_200;

/// A coldkey and its stake on each subnet.
pub type Nominator = (AccountId, Vec<(Packed<NetUid>, Packed<u64>)>);
/// A position with its delegate.
type Delegated = (DelegateInfo, (Packed<NetUid>, Packed<AlphaRao>));

/// A hotkey that takes stake of others.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DelegateInfo {
    /// The hotkey.
    pub delegate_ss58: AccountId,
    /// What it keeps of the dividends of others, a share of 65,535.
    pub take: Packed<u16>,
    /// Coldkeys in the order of their bytes, and their stake on each subnet.
    pub nominators: Vec<Nominator>,
    /// Its coldkey.
    pub owner_ss58: AccountId,
    /// Subnets on which it has a uid.
    pub registrations: Vec<Packed<NetUid>>,
    /// Those of them on which it has a permit.
    pub validator_permits: Vec<Packed<NetUid>>,
    /// What a nominator gets a day for each 1,000 TAO on root, by the last epochs.
    pub return_per_1000: Packed<u64>,
    /// What the hotkey gets a day, by the last epochs.
    pub total_daily_return: Packed<u64>,
}

/// A hotkey that has a take of its own.
fn is_delegate(view: &View<'_>, hotkey: &AccountId) -> bool {
    view.state().hotkey(hotkey).is_some_and(|row| row.take.is_some())
}

fn delegates<'a>(view: &View<'a>) -> impl Iterator<Item = AccountId> + use<'a> {
    let hotkeys = &view.state().hotkeys;
    hotkeys.iter().filter(|(_, row)| row.take.is_some()).map(|(hotkey, _)| *hotkey)
}

fn nominators(view: &View<'_>, hotkey: &AccountId) -> Vec<Nominator> {
    let mut rows = BTreeMap::new();
    for netuid in view.netuids() {
        let Some(pool) = shares::pool(view.state(), hotkey, netuid) else { continue };
        for (coldkey, shares) in pool.shares.iter() {
            let (_, stakes) = rows.entry(*coldkey.bytes()).or_insert_with(|| (*coldkey, Vec::new()));
            stakes.push((Packed(netuid), Packed(pool.worth(*shares).get())));
        }
    }
    rows.into_values().collect()
}

/// What a hotkey gets a day, rao of each subnet's alpha added as if they were one coin.
fn daily_return(view: &View<'_>, hotkey: &AccountId) -> U64F64 {
    let subnets = view.netuids().filter_map(|netuid| view.subnet(netuid));
    let of_subnet = subnets.filter_map(|subnet| {
        let emission = subnet.neurons.emission.get(usize::from(subnet.neurons.uid_of(hotkey)?))?.get();
        let epochs = U64F64::from_u64(BLOCKS_PER_DAY).safe_div(U64F64::from_u64(subnet.params.tempo.into()));
        Some(U64F64::from_u64(emission).saturating_mul(epochs))
    });
    of_subnet.fold(U64F64::ZERO, U64F64::saturating_add)
}

fn info(view: &View<'_>, hotkey: AccountId, nominators: Vec<Nominator>) -> DelegateInfo {
    let take = view.state().hotkey(&hotkey).and_then(|row| row.take).unwrap_or_default();
    let uids = || {
        view.netuids().filter_map(|netuid| {
            let neurons = &view.subnet(netuid)?.neurons;
            Some((netuid, neurons.validator_permit.get(usize::from(neurons.uid_of(&hotkey)?)) == Some(&true)))
        })
    };
    let daily = daily_return(view, &hotkey);
    let on_root = U64F64::from_u64(shares::hotkey_stake(view.state(), &hotkey, NetUid::ROOT).get());
    let thousands = on_root.safe_div(U64F64::from_u64(TAO.saturating_mul(1_000)));
    let taken = U64F64::from_u64(take.into()).safe_div(U64F64::from_u64(u16::MAX.into()));
    let given = daily.saturating_mul(U64F64::ONE.saturating_sub(taken));
    DelegateInfo {
        delegate_ss58: hotkey,
        take: Packed(take),
        nominators,
        owner_ss58: view.state().owner_of(&hotkey).unwrap_or_default(),
        registrations: uids().map(|(netuid, _)| Packed(netuid)).collect(),
        validator_permits: uids().filter(|(_, permit)| *permit).map(|(netuid, _)| Packed(netuid)).collect(),
        return_per_1000: Packed(given.safe_div(thousands).to_u64()),
        total_daily_return: Packed(daily.to_u64()),
    }
}

fn with_nominators(view: &View<'_>, hotkey: AccountId) -> DelegateInfo {
    info(view, hotkey, nominators(view, &hotkey))
}

/// Each position of a coldkey with its delegate, whose nominators are left out.
fn delegated(view: &View<'_>, coldkey: AccountId) -> Vec<Delegated> {
    let mut rows = Vec::new();
    for hotkey in delegates(view) {
        for netuid in view.netuids() {
            let pool = shares::pool(view.state(), &hotkey, netuid);
            if let Some(pool) = pool.filter(|pool| pool.shares.contains_key(&coldkey)) {
                let stake = pool.value_of(&coldkey);
                rows.push((info(view, hotkey, Vec::new()), (Packed(netuid), Packed(stake))));
            }
        }
    }
    rows
}

runtime_api! { METHODS of DelegateInfoRuntimeApi:
    /// All hotkeys with a take of their own.
    get_delegates() -> Vec<DelegateInfo> =
        |view| delegates(view).map(|hotkey| with_nominators(view, hotkey)).collect();
    /// One of them.
    get_delegate(delegate_account: AccountId) -> Option<DelegateInfo> =
        |view, hotkey| is_delegate(view, &hotkey).then(|| with_nominators(view, hotkey));
    /// What a coldkey has staked on each of them; the nominators are left out.
    get_delegated(delegatee_account: AccountId)
        -> Vec<(DelegateInfo, (Packed<NetUid>, Packed<AlphaRao>))> = delegated;
}
