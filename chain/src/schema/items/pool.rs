//! Pools and what flows through them.

use super::{ALPHA_ASSETS, SUBTENSOR, SWAP, unless_default};
use crate::math::fixed::{I64F64, I96F32, U96F32};
use crate::pool::Balancer;
use crate::schema::lens::SubnetLens;
use crate::schema::{Hasher, Item};
use crate::state::Pool;
use crate::units::{AlphaRao, NetUid, Rao};

/// A value that lies in [`Pool`].
macro_rules! of_pool {
    ($name:literal, $field:ident: $ty:ty, $unit:literal, $doc:literal) => {
        of_pool!(SUBTENSOR, Identity, $name, $field: $ty, $unit, $doc)
    };
    ($pallet:expr, $hasher:ident, $name:literal, $field:ident: $ty:ty, $unit:literal, $doc:literal) => {
        Item {
            pallet: $pallet,
            name: $name,
            hashers: &[Hasher::$hasher],
            unit: $unit,
            doc: $doc,
            access: &SubnetLens::<(NetUid,), $ty> {
                get: |subnet, ()| unless_default(subnet.pool.$field, &Pool::default().$field),
                rows: |subnet, each| {
                    if let Some(value) = unless_default(subnet.pool.$field, &Pool::default().$field) {
                        each((), value);
                    }
                },
                set: |state, netuid, (), value| {
                    state.subnet_mut(netuid).pool.$field = value.unwrap_or_else(|| Pool::default().$field);
                    Ok(())
                },
                same: |before, after| before.pool.$field == after.pool.$field,
                default: Some(|| Pool::default().$field),
            },
        }
    };
}

/// An optional value that lies in [`Pool`].
macro_rules! optional {
    ($name:literal, $field:ident: $ty:ty, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[Hasher::Identity],
            unit: "",
            doc: $doc,
            access: &SubnetLens::<(NetUid,), $ty> {
                get: |subnet, ()| subnet.pool.$field,
                rows: |subnet, each| {
                    if let Some(value) = subnet.pool.$field {
                        each((), value);
                    }
                },
                set: |state, netuid, (), value| {
                    state.subnet_mut(netuid).pool.$field = value;
                    Ok(())
                },
                same: |before, after| before.pool.$field == after.pool.$field,
                default: None,
            },
        }
    };
}

pub(super) static ITEMS: &[Item] = &[
    of_pool!("SubnetMechanism", mechanism: u16, "", "1 for a pool, 0 for one alpha per TAO, as on root."),
    of_pool!("SubnetTAO", tao: Rao, "rao", "TAO in the pool."),
    of_pool!("SubnetAlphaIn", alpha_in: AlphaRao, "alpha rao", "Alpha in the pool."),
    of_pool!("SubnetAlphaOut", alpha_out: AlphaRao, "alpha rao", "Alpha outside the pool."),
    of_pool!("SubnetProtocolAlpha", protocol_alpha: AlphaRao, "alpha rao", "Alpha bought by the chain, owned by nobody."),
    of_pool!("SubnetVolume", volume: u128, "rao", "TAO ever swapped."),
    of_pool!("SubnetMovingPrice", moving_price: I96F32, "TAO per alpha", "Smoothed price; decides on emission and pruning."),
    of_pool!("RootProp", root_prop: U96F32, "", "Part of the dividends that belongs to root stakers."),
    Item {
        pallet: SWAP,
        name: "SwapBalancer",
        hashers: &[Hasher::Twox64Concat],
        unit: "10^-18",
        doc: "Weight of TAO in the pool.",
        access: &SubnetLens::<(NetUid,), Balancer> {
            get: |subnet, ()| Some(Balancer::of_row(subnet.pool.quote_weight)),
            rows: |subnet, each| {
                let parts = unless_default(subnet.pool.quote_weight, &Pool::default().quote_weight);
                if let Some(parts) = parts {
                    each((), Balancer::of_row(parts));
                }
            },
            set: |state, netuid, (), value| {
                let parts = value.map_or_else(|| Pool::default().quote_weight, Balancer::quote_weight);
                state.subnet_mut(netuid).pool.quote_weight = parts;
                Ok(())
            },
            same: |before, after| before.pool.quote_weight == after.pool.quote_weight,
            default: Some(|| Balancer::of_row(Pool::default().quote_weight)),
        },
    },
    of_pool!(SWAP, Twox64Concat, "PalSwapInitialized", swap_initialized: bool, "", "Whether the pool has been set up."),
    of_pool!("SubtokenEnabled", subtoken_enabled: bool, "", "Whether staking is open."),
    of_pool!("SubnetTaoFlow", tao_flow: i64, "rao", "TAO that users brought in since the last update."),
    of_pool!("SubnetProtocolFlow", protocol_flow: i64, "rao", "TAO that the chain brought in since the last update."),
    optional!("SubnetEmaTaoFlow", ema_tao_flow: (u64, I64F64), "Smoothed flow of users, and its block."),
    optional!("SubnetEmaProtocolFlow", ema_protocol_flow: (u64, I64F64), "Smoothed flow of the chain, and its block."),
    of_pool!(ALPHA_ASSETS, Twox64Concat, "TotalAlphaIssuance", total_alpha_issuance: AlphaRao, "alpha rao", "Alpha minted less alpha recycled."),
    of_pool!(ALPHA_ASSETS, Twox64Concat, "AlphaBurned", alpha_burned: AlphaRao, "alpha rao", "Alpha ever burned."),
    of_pool!(ALPHA_ASSETS, Twox64Concat, "AlphaRecycled", alpha_recycled: AlphaRao, "alpha rao", "Alpha ever recycled."),
];
