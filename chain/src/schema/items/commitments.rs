//! What neurons publish about themselves.

use super::unless_default;
use crate::account::AccountId;
use crate::schema::lens::ChainLens;
use crate::schema::{Hasher, Item};
use crate::state::{Commitment, Commitments, State};
use crate::types::{Registration, UsageTracker};
use crate::units::NetUid;
use std::sync::Arc;

/// The pallet of commitments.
const COMMITMENTS: &str = "Commitments";

/// A map by subnet and hotkey that is a field of [`Commitment`].
macro_rules! of_hotkey {
    ($name:literal, $field:ident: $ty:ty, $unit:literal, $doc:literal) => {
        Item {
            pallet: COMMITMENTS,
            name: $name,
            hashers: &[Hasher::Identity, Hasher::Twox64Concat],
            unit: $unit,
            doc: $doc,
            access: &ChainLens::<(NetUid, AccountId), $ty> {
                get: |state, key| state.commitments.rows.get(key)?.$field.clone(),
                rows: |state, each| {
                    for (key, row) in state.commitments.rows.iter() {
                        if let Some(value) = row.$field.clone() {
                            each(*key, value);
                        }
                    }
                },
                set: |state, key, value| {
                    state.commitments_mut().row_mut(key.0, &key.1).$field = value;
                    drop_empty(state, key);
                    Ok(())
                },
                same: |before, after| Arc::ptr_eq(&before.commitments, &after.commitments),
                default: None,
            },
        }
    };
}

fn drop_empty(state: &mut State, key: (NetUid, AccountId)) {
    let rows = &mut state.commitments_mut().rows;
    if rows.get(&key).is_some_and(|row| **row == Commitment::default()) {
        rows.remove(&key);
    }
}

fn timelocked(state: &State) -> Vec<(NetUid, AccountId)> {
    let rows = state.commitments.timelocked.iter();
    rows.map(|(number, bytes)| (NetUid(*number), AccountId::new(*bytes))).collect()
}

pub(super) static ITEMS: &[Item] = &[
    Item {
        pallet: COMMITMENTS,
        name: "TimelockedIndex",
        hashers: &[],
        unit: "",
        doc: "Commitments with a timelocked field.",
        access: &ChainLens::<(), Vec<(NetUid, AccountId)>> {
            get: |state, ()| unless_default(timelocked(state), &Vec::new()),
            rows: |state, each| {
                if let Some(value) = unless_default(timelocked(state), &Vec::new()) {
                    each((), value);
                }
            },
            set: |state, (), value| {
                let rows = value.unwrap_or_default().into_iter();
                state.commitments_mut().timelocked =
                    rows.map(|(netuid, who)| (netuid.number(), *who.bytes())).collect();
                Ok(())
            },
            same: |before, after| Arc::ptr_eq(&before.commitments, &after.commitments),
            default: Some(Vec::new),
        },
    },
    of_hotkey!("CommitmentOf", registration: Registration, "", "What a hotkey has committed."),
    of_hotkey!("LastCommitment", last: u32, "block", "When a hotkey committed last."),
    of_hotkey!("LastBondsReset", last_bonds_reset: u32, "block", "When a hotkey last asked for its bonds to be forgotten."),
    of_hotkey!("RevealedCommitments", revealed: Vec<(Vec<u8>, u64)>, "", "Opened timelocked fields and the blocks of their opening."),
    of_hotkey!("UsedSpaceOf", used_space: UsageTracker, "bytes", "Space that a hotkey has used in an epoch."),
    Item {
        pallet: COMMITMENTS,
        name: "MaxSpace",
        hashers: &[],
        unit: "bytes",
        doc: "What a hotkey may commit in an epoch.",
        access: &ChainLens::<(), u32> {
            get: |state, ()| unless_default(state.commitments.max_space, &Commitments::default().max_space),
            rows: |state, each| {
                let default = Commitments::default().max_space;
                if let Some(value) = unless_default(state.commitments.max_space, &default) {
                    each((), value);
                }
            },
            set: |state, (), value| {
                let default = Commitments::default().max_space;
                state.commitments_mut().max_space = value.unwrap_or(default);
                Ok(())
            },
            same: |before, after| Arc::ptr_eq(&before.commitments, &after.commitments),
            default: Some(|| Commitments::default().max_space),
        },
    },
];
