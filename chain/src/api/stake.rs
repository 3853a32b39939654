//! `StakeInfoRuntimeApi`: who has staked what, what of it is locked, and what moving it costs.

use super::{ByKey, View, runtime_api};
use crate::account::AccountId;
use crate::math::fixed::U64F64;
use crate::runtime::{locks, shares, swap};
use crate::types::LockState;
use crate::units::{AlphaRao, NetUid, Packed, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// What a coldkey has staked on a hotkey on a subnet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StakeInfo {
    /// The hotkey.
    pub hotkey: AccountId,
    /// The coldkey.
    pub coldkey: AccountId,
    /// The subnet.
    pub netuid: Packed<NetUid>,
    /// Alpha; TAO on root.
    pub stake: Packed<AlphaRao>,
    /// Always zero: [`StakeAvailability`] has what is locked.
    pub locked: Packed<u64>,
    /// What the last epoch gave to all who staked on the hotkey.
    pub emission: Packed<AlphaRao>,
    /// Always zero: root dividends are paid in alpha.
    pub tao_emission: Packed<Rao>,
    /// Always zero.
    pub drain: Packed<u64>,
    /// Whether the hotkey has a uid on the subnet.
    pub is_registered: bool,
}

/// How much of a coldkey's alpha on a subnet is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StakeAvailability {
    /// All of it.
    pub total: Packed<AlphaRao>,
    /// What is locked.
    pub locked: Packed<AlphaRao>,
    /// What can be unstaked.
    pub available: Packed<AlphaRao>,
}

/// An end of a move of stake.
type Place = Option<(AccountId, NetUid)>;

fn position(view: &View<'_>, hotkey: AccountId, coldkey: AccountId, netuid: NetUid) -> StakeInfo {
    let subnet = view.state().subnet(netuid);
    let dividends = subnet.and_then(|subnet| subnet.alpha_dividends.get(&hotkey));
    StakeInfo {
        hotkey,
        coldkey,
        netuid: Packed(netuid),
        stake: Packed(shares::stake(view.state(), &hotkey, &coldkey, netuid)),
        locked: Packed(0),
        emission: Packed(dividends.copied().unwrap_or_default()),
        tao_emission: Packed(Rao::ZERO),
        drain: Packed(0),
        is_registered: subnet.is_some_and(|subnet| subnet.neurons.uid_of(&hotkey).is_some()),
    }
}

/// Positions of a coldkey that hold anything: by subnet, then in the order in which it came to its hotkeys.
fn of_coldkey(view: &View<'_>, coldkey: AccountId) -> Vec<StakeInfo> {
    let hotkeys = view.state().coldkey(&coldkey).map_or(&[][..], |row| &row.staking_hotkeys);
    let places = view.netuids().flat_map(|netuid| hotkeys.iter().map(move |hotkey| (*hotkey, netuid)));
    places
        .map(|(hotkey, netuid)| position(view, hotkey, coldkey, netuid))
        .filter(|position| !position.stake.0.is_zero())
        .collect()
}

fn of_coldkeys(view: &View<'_>, coldkeys: Vec<AccountId>) -> Vec<(AccountId, Vec<StakeInfo>)> {
    coldkeys.into_iter().map(|coldkey| (coldkey, of_coldkey(view, coldkey))).collect()
}

/// Free and locked alpha by coldkey and subnet, subnets without either left out; nothing for a list of subnets that is
/// empty or longer than there are subnets.
fn availability(
    view: &View<'_>,
    mut coldkeys: Vec<AccountId>,
    netuids: Option<Vec<NetUid>>,
) -> ByKey<AccountId, ByKey<NetUid, StakeAvailability>> {
    let count = view.netuids().count();
    let mut netuids = match netuids {
        None => view.netuids().collect(),
        Some(mut asked) => {
            asked.sort_unstable();
            asked.dedup();
            if asked.len() <= count { asked } else { Vec::new() }
        }
    };
    netuids.retain(|netuid| view.subnet(*netuid).is_some());
    netuids.sort_unstable_by_key(|netuid| netuid.number());
    coldkeys.sort_unstable_by_key(|coldkey| *coldkey.bytes());
    coldkeys.dedup();
    let row = |coldkey: AccountId| {
        let rows = netuids.iter().map(|netuid| (*netuid, available(view, &coldkey, *netuid)));
        let rows = rows.filter(|(_, row)| !row.total.0.is_zero() || !row.locked.0.is_zero());
        (coldkey, ByKey(rows.collect()))
    };
    ByKey(coldkeys.into_iter().map(row).collect())
}

fn available(view: &View<'_>, coldkey: &AccountId, netuid: NetUid) -> StakeAvailability {
    let total = locks::total_alpha(view.state(), coldkey, netuid);
    let lock = locks::current_lock(view.state(), coldkey, netuid, view.now()).unwrap_or_default();
    StakeAvailability {
        total: Packed(total),
        locked: Packed(lock.locked_mass),
        available: Packed(total.saturating_sub(lock.locked_mass)),
    }
}

/// The fee where the stake comes to, else where it comes from; nothing for a move that is none.
fn fee(view: &View<'_>, origin: Place, destination: Place, amount: u64) -> u64 {
    if origin == destination {
        return 0;
    }
    let netuid = destination.or(origin).map_or(NetUid::ROOT, |(_, netuid)| netuid);
    swap::approximate_fee(view.state(), netuid, amount)
}

runtime_api! { METHODS of StakeInfoRuntimeApi:
    /// All positions of a coldkey.
    get_stake_info_for_coldkey(coldkey_account: AccountId) -> Vec<StakeInfo> = of_coldkey;
    /// All positions of several coldkeys.
    get_stake_info_for_coldkeys(coldkey_accounts: Vec<AccountId>) -> Vec<(AccountId, Vec<StakeInfo>)> =
        of_coldkeys;
    /// One position, also if it is empty.
    get_stake_info_for_hotkey_coldkey_netuid(
        hotkey_account: AccountId, coldkey_account: AccountId, netuid: NetUid
    ) -> Option<StakeInfo> = |view, hotkey, coldkey, netuid| Some(position(view, hotkey, coldkey, netuid));
    /// What coldkeys could unstake, on the given subnets or on all.
    get_stake_availability_for_coldkeys(coldkey_accounts: Vec<AccountId>, netuids: Option<Vec<NetUid>>)
        -> ByKey<AccountId, ByKey<NetUid, StakeAvailability>> = availability;
    /// The swap fee of moving so much stake between two places, in units of what is swapped.
    get_stake_fee(
        origin: Option<(AccountId, NetUid)>, origin_coldkey_account: AccountId,
        destination: Option<(AccountId, NetUid)>, destination_coldkey_account: AccountId, amount: u64
    ) -> u64 = |view, origin, _, destination, _, amount| fee(view, origin, destination, amount);
    /// The lock of a coldkey on a subnet as it stands now.
    get_coldkey_lock(coldkey: AccountId, netuid: NetUid) -> Option<LockState> =
        |view, coldkey, netuid| locks::current_lock(view.state(), &coldkey, netuid, view.now());
    /// The conviction behind a hotkey on a subnet.
    get_hotkey_conviction(hotkey: AccountId, netuid: NetUid) -> U64F64 =
        |view, hotkey, netuid| locks::conviction_of(view.state(), &hotkey, netuid, view.now());
    /// The hotkey with the most conviction behind it on a subnet.
    get_most_convicted_hotkey_on_subnet(netuid: NetUid) -> Option<AccountId> =
        |view, netuid| locks::most_convicted(view.state(), netuid, view.now());
}
