//! Bytes that are kept by their hash, what is held for them, and encrypted calls.

use super::{FOLLOWS, put, unless_default};
use crate::account::AccountId;
use crate::schema::lens::ChainLens;
use crate::schema::{Hasher, Item};
use crate::state::{HoldReason, IdAmount, PendingExtrinsic, RequestStatus, RuntimeHoldReason, State};
use crate::units::Rao;
use std::collections::BTreeMap;
use std::sync::Arc;

const PREIMAGE: &str = "Preimage";
const SHIELD: &str = "MevShield";

fn holds(amount: Rao) -> Vec<IdAmount> {
    vec![IdAmount { id: RuntimeHoldReason::Preimage(HoldReason::Preimage), amount }]
}

fn all_holds(state: &State) -> BTreeMap<AccountId, Rao> {
    let mut sums: BTreeMap<AccountId, Rao> = BTreeMap::new();
    for (who, deposit) in state.preimages.status.values().filter_map(RequestStatus::ticket) {
        let sum = sums.entry(who).or_default();
        *sum = sum.saturating_add(deposit);
    }
    sums
}

/// A number of [`crate::state::Shield`].
macro_rules! number {
    ($name:literal, $field:ident: $ty:ty = $default:literal, $unit:literal, $doc:literal) => {
        Item {
            pallet: SHIELD,
            name: $name,
            hashers: &[],
            unit: $unit,
            doc: $doc,
            access: &ChainLens::<(), $ty> {
                get: |state, ()| unless_default(state.shield.$field, &$default),
                rows: |state, each| {
                    if state.shield.$field != $default {
                        each((), state.shield.$field);
                    }
                },
                set: |state, (), value| {
                    state.shield_mut().$field = value.unwrap_or($default);
                    Ok(())
                },
                same: |before, after| Arc::ptr_eq(&before.shield, &after.shield),
                default: Some(|| $default),
            },
        }
    };
}

pub(super) static ITEMS: &[Item] = &[
    Item {
        pallet: PREIMAGE,
        name: "RequestStatusFor",
        hashers: &[Hasher::Identity],
        unit: "",
        doc: "Who keeps bytes, and who asked for them.",
        access: &ChainLens::<([u8; 32],), RequestStatus> {
            get: |state, (hash,)| state.preimages.status.get(hash).copied(),
            rows: |state, each| state.preimages.status.iter().for_each(|(hash, row)| each((*hash,), *row)),
            set: |state, (hash,), value| {
                put(&mut state.preimages_mut().status, hash, value);
                Ok(())
            },
            same: |before, after| Arc::ptr_eq(&before.preimages, &after.preimages),
            default: None,
        },
    },
    Item {
        pallet: PREIMAGE,
        name: "PreimageFor",
        hashers: &[Hasher::Identity],
        unit: "",
        doc: "Bytes, by hash and length.",
        access: &ChainLens::<(([u8; 32], u32),), Vec<u8>> {
            get: |state, (key,)| state.preimages.bytes.get(key).cloned(),
            rows: |state, each| {
                state.preimages.bytes.iter().for_each(|(key, bytes)| each((*key,), bytes.clone()));
            },
            set: |state, (key,), value| {
                put(&mut state.preimages_mut().bytes, key, value);
                Ok(())
            },
            same: |before, after| Arc::ptr_eq(&before.preimages, &after.preimages),
            default: None,
        },
    },
    Item {
        pallet: "Balances",
        name: "Holds",
        hashers: &[Hasher::Blake2_128Concat],
        unit: "rao",
        doc: "What is held of a balance, and for what.",
        access: &ChainLens::<(AccountId,), Vec<IdAmount>> {
            get: |state, (who,)| {
                let held = state.preimages.held(who);
                (!held.is_zero()).then(|| holds(held))
            },
            rows: |state, each| {
                for (who, held) in all_holds(state) {
                    each((who,), holds(held));
                }
            },
            set: |_, _, _| Err(FOLLOWS),
            same: |before, after| Arc::ptr_eq(&before.preimages, &after.preimages),
            default: Some(Vec::new),
        },
    },
    number!("MaxPendingExtrinsicsLimit", max_pending: u32 = 100, "", "Most encrypted calls that wait."),
    number!("ExtrinsicLifetime", lifetime: u32 = 10, "blocks", "Most blocks that an encrypted call waits."),
    number!("OnInitializeWeight", on_initialize_weight: u64 = 500_000_000_000, "ps", "Most time of a block for encrypted calls."),
    number!("MaxExtrinsicWeight", max_extrinsic_weight: u64 = 50_000_000_000, "ps", "Most time of one encrypted call."),
    number!("NextPendingExtrinsicIndex", next_index: u32 = 0, "", "The number of the next encrypted call."),
    Item {
        pallet: SHIELD,
        name: "PendingExtrinsics",
        hashers: &[Hasher::Identity],
        unit: "",
        doc: "Encrypted calls that wait for the next block.",
        access: &ChainLens::<(u32,), PendingExtrinsic> {
            get: |state, (index,)| state.shield.pending.get(index).cloned(),
            rows: |state, each| {
                state.shield.pending.iter().for_each(|(index, row)| each((*index,), row.clone()));
            },
            set: |state, (index,), value| {
                put(&mut state.shield_mut().pending, index, value);
                Ok(())
            },
            same: |before, after| Arc::ptr_eq(&before.shield, &after.shield),
            default: None,
        },
    },
    Item {
        pallet: SHIELD,
        name: "CounterForPendingExtrinsics",
        hashers: &[],
        unit: "",
        doc: "How many encrypted calls wait.",
        access: &ChainLens::<(), u32> {
            get: |state, ()| unless_default(waiting(state), &0),
            rows: |state, each| {
                if waiting(state) > 0 {
                    each((), waiting(state));
                }
            },
            set: |_, (), _| Err(FOLLOWS),
            same: |before, after| Arc::ptr_eq(&before.shield, &after.shield),
            default: Some(|| 0),
        },
    },
];

fn waiting(state: &State) -> u32 {
    u32::try_from(state.shield.pending.len()).unwrap_or(u32::MAX)
}
