//! Hotkeys and coldkeys across subnets.

use super::SUBTENSOR;
use crate::account::AccountId;
use crate::math::fixed::I96F32;
use crate::schema::lens::ChainLens;
use crate::schema::{Hasher, Item};
use crate::types::{ChainIdentityOfV2, RootClaimTypeEnum};
use std::collections::BTreeMap;

/// A value in the row of a hotkey or coldkey; `Option<..>` fields know absence, others have a neutral value.
macro_rules! of_key {
    ($name:literal, $hasher:ident, $rows:ident.$field:ident ($reader:ident, $writer:ident) => $ty:ty, $default:expr,
     $read:expr, $write:expr, $unit:literal, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[Hasher::$hasher],
            unit: $unit,
            doc: $doc,
            access: &ChainLens::<(AccountId,), $ty> {
                get: |state, (key,)| state.$reader(key).and_then(|row| $read(&row.$field)),
                rows: |state, each| {
                    for (key, row) in state.$rows.iter() {
                        if let Some(value) = $read(&row.$field) {
                            each((*key,), value);
                        }
                    }
                },
                set: |state, (key,), value: Option<$ty>| {
                    state.$writer(&key).$field = $write(value);
                    Ok(())
                },
                same: |before, after| before.$rows.same(&after.$rows),
                default: $default,
            },
        }
    };
}
/// With an `Option` field.
macro_rules! optional {
    ($name:literal, $hasher:ident, $rows:ident.$field:ident ($reader:ident, $writer:ident) => $ty:ty, $default:expr,
     $unit:literal, $doc:literal) => {
        of_key!($name, $hasher, $rows.$field($reader, $writer) => $ty, $default, |field: &Option<$ty>| field.clone(),
            |value| value, $unit, $doc)
    };
}
/// With a field whose neutral value is that of an absent row.
macro_rules! neutral {
    ($name:literal, $hasher:ident, $rows:ident.$field:ident ($reader:ident, $writer:ident) => $ty:ty, $unit:literal,
     $doc:literal) => {
        of_key!($name, $hasher, $rows.$field($reader, $writer) => $ty, Some(<$ty>::default),
            |field: &$ty| (*field != <$ty>::default()).then(|| field.clone()), Option::unwrap_or_default, $unit, $doc)
    };
}

pub(super) static ITEMS: &[Item] = &[
    optional!("Owner", Blake2_128Concat, hotkeys.owner(hotkey, hotkey_mut) => AccountId, Some(AccountId::zero), "",
        "The coldkey of a hotkey."),
    optional!("Delegates", Blake2_128Concat, hotkeys.take(hotkey, hotkey_mut) => u16, Some(|| 11_796), "share of 65,535",
        "Part of the dividends of nominators that the hotkey keeps."),
    neutral!("RootClaimable", Blake2_128Concat, hotkeys.root_claimable(hotkey, hotkey_mut) => BTreeMap<u16, I96F32>,
        "alpha per rao of root stake", "Root dividends a hotkey owes its root stakers, by subnet."),
    optional!("AutoParentDelegationEnabled", Blake2_128Concat,
        hotkeys.auto_parent_delegation(hotkey, hotkey_mut) => bool, Some(|| true), "",
        "Whether a new subnet's owner may become a child of the hotkey."),
    neutral!("LastTxBlockDelegateTake", Identity, hotkeys.last_tx_delegate_take(hotkey, hotkey_mut) => u64, "block",
        "When the delegate take was changed last."),
    neutral!("LastTxBlockChildKeyTake", Identity, hotkeys.last_tx_childkey_take(hotkey, hotkey_mut) => u64, "block",
        "When the childkey take was changed last."),
    neutral!("OwnedHotkeys", Blake2_128Concat, coldkeys.owned_hotkeys(coldkey, coldkey_mut) => Vec<AccountId>, "",
        "Hotkeys of a coldkey in the order they came."),
    neutral!("StakingHotkeys", Blake2_128Concat, coldkeys.staking_hotkeys(coldkey, coldkey_mut) => Vec<AccountId>, "",
        "Hotkeys a coldkey stakes or staked to, in the order they came."),
    optional!("RootClaimType", Blake2_128Concat, coldkeys.root_claim_type(coldkey, coldkey_mut) => RootClaimTypeEnum,
        Some(RootClaimTypeEnum::default), "", "How a coldkey takes its root dividends."),
    neutral!("AccountFlags", Blake2_128Concat, coldkeys.flags(coldkey, coldkey_mut) => u128, "",
        "Flags of a coldkey; bit 0 lets locked alpha in."),
    optional!("IdentitiesV2", Blake2_128Concat, coldkeys.identity(coldkey, coldkey_mut) => ChainIdentityOfV2, None, "",
        "Name, links and description of a coldkey."),
    neutral!("LastTxBlock", Identity, coldkeys.last_tx(coldkey, coldkey_mut) => u64, "block",
        "When a coldkey sent a rate limited call last."),
    optional!("ColdkeySwapAnnouncements", Twox64Concat,
        coldkeys.swap_announcement(coldkey, coldkey_mut) => (u32, [u8; 32]), None, "",
        "Block from which a coldkey may be swapped, and the hash of the new one."),
    optional!("ColdkeySwapDisputes", Twox64Concat, coldkeys.swap_dispute(coldkey, coldkey_mut) => u32, None, "block",
        "When the swap of a coldkey was disputed."),
];
