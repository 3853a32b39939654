//! Stake, dividends, children, locks.

use super::{FOLLOWS, SUBTENSOR, put};
use crate::account::AccountId;
use crate::math::safe_float::SafeFloat;
use crate::schema::lens::SubnetLens;
use crate::schema::{Hasher, Item};
use crate::types::LockState;
use crate::units::{AlphaRao, NetUid};
use std::sync::Arc;

/// A map of a subnet by account, or by two.
macro_rules! of_account {
    ($name:literal, [$($hasher:ident),*], $key:ty => $ty:ty, $default:expr, $map:ident, $unit:literal, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[$(Hasher::$hasher),*],
            unit: $unit,
            doc: $doc,
            access: &SubnetLens::<$key, $ty> {
                get: |subnet, key| subnet.$map.get(key).cloned(),
                rows: |subnet, each| subnet.$map.iter().for_each(|(key, value)| each(*key, value.clone())),
                set: |state, netuid, key, value| {
                    put(&mut state.subnet_mut(netuid).$map, key, value);
                    Ok(())
                },
                same: |before, after| before.$map.same(&after.$map),
                default: $default,
            },
        }
    };
}

/// A value in the share pool of a hotkey.
macro_rules! of_shares {
    ($name:literal, $field:ident: $ty:ty, $unit:literal, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[Hasher::Blake2_128Concat, Hasher::Identity],
            unit: $unit,
            doc: $doc,
            access: &SubnetLens::<(AccountId, NetUid), $ty> {
                get: |subnet, hotkey| subnet.stake.get(hotkey).map(|store| store.$field),
                rows: |subnet, each| {
                    subnet.stake.iter().for_each(|(hotkey, store)| each(*hotkey, store.$field))
                },
                set: |state, netuid, hotkey, value| {
                    let subnet = state.subnet_mut(netuid);
                    let store = subnet.stake.or_insert_with(hotkey, Arc::default);
                    Arc::make_mut(store).$field = value.unwrap_or_default();
                    Ok(())
                },
                same: |before, after| before.stake.same(&after.stake),
                default: Some(<$ty>::default),
            },
        }
    };
}

pub(super) static ITEMS: &[Item] = &[
    of_shares!("TotalHotkeyAlpha", value: AlphaRao, "alpha rao", "Stake behind a hotkey."),
    of_shares!("TotalHotkeySharesV2", denominator: SafeFloat, "", "Sum of all shares in the stake behind a hotkey."),
    Item {
        pallet: SUBTENSOR,
        name: "AlphaV2",
        hashers: &[Hasher::Blake2_128Concat, Hasher::Blake2_128Concat, Hasher::Identity],
        unit: "",
        doc: "Share of a coldkey (second key) in the stake behind a hotkey (first key).",
        access: &SubnetLens::<(AccountId, AccountId, NetUid), SafeFloat> {
            get: |subnet, (hotkey, coldkey)| subnet.stake.get(hotkey)?.shares.get(coldkey).copied(),
            rows: |subnet, each| {
                for (hotkey, store) in subnet.stake.iter() {
                    store.shares.iter().for_each(|(coldkey, share)| each((*hotkey, *coldkey), *share));
                }
            },
            set: |state, netuid, (hotkey, coldkey), value| {
                put(&mut state.alpha_index, (hotkey, coldkey, netuid), value.map(|_| ()));
                let subnet = state.subnet_mut(netuid);
                let store = subnet.stake.or_insert_with(hotkey, Arc::default);
                put(&mut Arc::make_mut(store).shares, coldkey, value);
                Ok(())
            },
            same: |before, after| before.stake.same(&after.stake),
            default: Some(SafeFloat::default),
        },
    },
    of_account!("TotalHotkeyAlphaLastEpoch", [Blake2_128Concat, Identity], (AccountId, NetUid) => AlphaRao,
        Some(AlphaRao::default), alpha_last_epoch, "alpha rao", "Stake behind a hotkey at the last epoch."),
    of_account!("AlphaDividendsPerSubnet", [Identity, Blake2_128Concat], (NetUid, AccountId) => AlphaRao,
        Some(AlphaRao::default), alpha_dividends, "alpha rao", "Dividends of a hotkey at the last epoch."),
    of_account!("RootAlphaDividendsPerSubnet", [Identity, Blake2_128Concat], (NetUid, AccountId) => AlphaRao,
        Some(AlphaRao::default), root_alpha_dividends, "alpha rao", "Root dividends of a hotkey at the last epoch."),
    of_account!("ChildKeys", [Blake2_128Concat, Identity], (AccountId, NetUid) => Vec<(u64, AccountId)>,
        Some(Vec::new), children, "shares of 2^64 - 1", "Children of a hotkey and their parts of its stake."),
    of_account!("ParentKeys", [Blake2_128Concat, Identity], (AccountId, NetUid) => Vec<(u64, AccountId)>,
        Some(Vec::new), parents, "shares of 2^64 - 1", "Parents of a hotkey and the parts of their stake it got."),
    of_account!("PendingChildKeys", [Identity, Blake2_128Concat],
        (NetUid, AccountId) => (Vec<(u64, AccountId)>, u64), Some(Default::default), pending_children, "",
        "Children that wait, and the block after which they apply."),
    of_account!("ChildkeyTake", [Blake2_128Concat, Identity], (AccountId, NetUid) => u16, Some(|| 0), childkey_take,
        "share of 65,535", "Part of the parents' dividends that a child keeps."),
    of_account!("AutoStakeDestination", [Blake2_128Concat, Identity], (AccountId, NetUid) => AccountId, None,
        auto_stake_destination, "", "Hotkey to which the incentive of a coldkey's miners is staked."),
    of_account!("AutoStakeDestinationColdkeys", [Blake2_128Concat, Identity], (AccountId, NetUid) => Vec<AccountId>,
        Some(Vec::new), auto_stake_coldkeys, "", "Coldkeys that stake automatically to a hotkey."),
    of_account!("RootClaimed", [Identity, Blake2_128Concat, Blake2_128Concat], (NetUid, AccountId, AccountId) => u128,
        Some(|| 0), root_claimed, "alpha rao", "Root dividends that a coldkey (third key) has taken from a hotkey."),
    of_account!("VotingPower", [Identity, Blake2_128Concat], (NetUid, AccountId) => u64, Some(|| 0), voting_power, "",
        "Smoothed stake of a hotkey."),
    of_account!("Lock", [Blake2_128Concat, Identity, Blake2_128Concat], (AccountId, NetUid, AccountId) => LockState,
        None, locks, "", "Stake that a coldkey (first key) locked towards a hotkey."),
    Item {
        pallet: SUBTENSOR,
        name: "LockingColdkeys",
        hashers: &[Hasher::Identity, Hasher::Blake2_128Concat, Hasher::Blake2_128Concat],
        unit: "",
        doc: "Coldkeys (third key) with a lock towards a hotkey.",
        access: &SubnetLens::<(NetUid, AccountId, AccountId), ()> {
            get: |subnet, (hotkey, coldkey)| subnet.locks.get(&(*coldkey, *hotkey)).map(|_| ()),
            rows: |subnet, each| {
                subnet.locks.keys().for_each(|(coldkey, hotkey)| each((*hotkey, *coldkey), ()))
            },
            set: |_, _, _, _| Err(FOLLOWS),
            same: |before, after| before.locks.same(&after.locks),
            default: None,
        },
    },
    of_account!("HotkeyLock", [Identity, Blake2_128Concat], (NetUid, AccountId) => LockState, None, hotkey_locks, "",
        "Locks towards a hotkey, together."),
    of_account!("DecayingHotkeyLock", [Identity, Blake2_128Concat], (NetUid, AccountId) => LockState, None,
        decaying_hotkey_locks, "", "Decaying locks towards a hotkey, together."),
    of_account!("DecayingLock", [Blake2_128Concat, Identity], (AccountId, NetUid) => bool, None, decaying_lock, "",
        "Whether the locks of a coldkey decay."),
];
