//! Crowdloans, and the subnets that they lease.

use super::{SUBTENSOR, put, unless_default};
use crate::account::AccountId;
use crate::math::fixed::U64F64;
use crate::schema::lens::ChainLens;
use crate::schema::{Hasher, Item};
use crate::types::{CrowdloanInfo, SubnetLease};
use crate::units::{AlphaRao, NetUid, Rao};
use std::sync::Arc;

/// The pallet of crowdloans.
const CROWDLOAN: &str = "Crowdloan";

/// A single value of one of the two parts.
macro_rules! single {
    ($pallet:expr, $name:literal, $part:ident ($writer:ident).$field:ident => $ty:ty, $default:expr, $read:expr,
     $write:expr, $doc:literal) => {
        Item {
            pallet: $pallet,
            name: $name,
            hashers: &[],
            unit: "",
            doc: $doc,
            access: &ChainLens::<(), $ty> {
                get: |state, ()| $read(state.$part.$field),
                rows: |state, each| {
                    if let Some(value) = $read(state.$part.$field) {
                        each((), value);
                    }
                },
                set: |state, (), value| {
                    state.$writer().$field = $write(value);
                    Ok(())
                },
                same: |before, after| Arc::ptr_eq(&before.$part, &after.$part),
                default: $default,
            },
        }
    };
}

/// A map by one key.
macro_rules! map {
    ($pallet:expr, $name:literal, $part:ident ($writer:ident).$field:ident [$hasher:ident] $key:ty => $ty:ty,
     $default:expr, $unit:literal, $doc:literal) => {
        Item {
            pallet: $pallet,
            name: $name,
            hashers: &[Hasher::$hasher],
            unit: $unit,
            doc: $doc,
            access: &ChainLens::<($key,), $ty> {
                get: |state, (key,)| state.$part.$field.get(key).cloned(),
                rows: |state, each| {
                    state.$part.$field.iter().for_each(|(key, value)| each((*key,), value.clone()))
                },
                set: |state, (key,), value| {
                    put(&mut state.$writer().$field, key, value);
                    Ok(())
                },
                same: |before, after| Arc::ptr_eq(&before.$part, &after.$part),
                default: $default,
            },
        }
    };
}

/// A map by a number and an account.
macro_rules! of_account {
    ($pallet:expr, $name:literal, $part:ident ($writer:ident).$field:ident => $ty:ty, $default:expr, $unit:literal,
     $doc:literal) => {
        Item {
            pallet: $pallet,
            name: $name,
            hashers: &[Hasher::Twox64Concat, Hasher::Identity],
            unit: $unit,
            doc: $doc,
            access: &ChainLens::<(u32, AccountId), $ty> {
                get: |state, (id, account)| state.$part.$field.get(&(*id, *account.bytes())).copied(),
                rows: |state, each| {
                    let rows = state.$part.$field.iter();
                    rows.for_each(|((id, bytes), value)| each((*id, AccountId::new(*bytes)), *value));
                },
                set: |state, (id, account), value| {
                    put(&mut state.$writer().$field, (id, *account.bytes()), value);
                    Ok(())
                },
                same: |before, after| Arc::ptr_eq(&before.$part, &after.$part),
                default: $default,
            },
        }
    };
}

pub(super) static ITEMS: &[Item] = &[
    map!(CROWDLOAN, "Crowdloans", crowdloans (crowdloans_mut).loans [Twox64Concat] u32 => CrowdloanInfo, None, "",
        "Crowdloans by number."),
    single!(CROWDLOAN, "NextCrowdloanId", crowdloans (crowdloans_mut).next_id => u32, Some(|| 0),
        |id| unless_default(id, &0), Option::unwrap_or_default, "Number of the next crowdloan."),
    of_account!(CROWDLOAN, "Contributions", crowdloans (crowdloans_mut).contributions => Rao, None, "rao",
        "Contributions to a crowdloan by account."),
    map!(CROWDLOAN, "MaxContributions", crowdloans (crowdloans_mut).max_contributions [Twox64Concat] u32 => Rao, None,
        "rao", "The most that one account may contribute to a crowdloan."),
    single!(CROWDLOAN, "CurrentCrowdloanId", crowdloans (crowdloans_mut).current_id => u32, None, |id| id, |id| id,
        "The crowdloan whose call is being made."),
    map!(SUBTENSOR, "SubnetLeases", leases (leases_mut).leases [Twox64Concat] u32 => SubnetLease, None, "",
        "Leases of subnets by number."),
    single!(SUBTENSOR, "NextSubnetLeaseId", leases (leases_mut).next_id => u32, Some(|| 0),
        |id| unless_default(id, &0), Option::unwrap_or_default, "Number of the next lease."),
    of_account!(SUBTENSOR, "SubnetLeaseShares", leases (leases_mut).shares => U64F64, Some(U64F64::default), "",
        "Part of a contributor in the dividends of a lease."),
    map!(SUBTENSOR, "SubnetUidToLeaseId", leases (leases_mut).of_subnet [Twox64Concat] NetUid => u32, None, "",
        "The lease of a subnet."),
    map!(SUBTENSOR, "AccumulatedLeaseDividends", leases (leases_mut).dividends [Twox64Concat] u32 => AlphaRao,
        Some(AlphaRao::default), "alpha rao", "Dividends of a lease that wait to be distributed."),
];
