//! Calls that wait for approvals.

use super::put;
use crate::account::AccountId;
use crate::schema::lens::ChainLens;
use crate::schema::{Hasher, Item};
use crate::types::Multisig;

pub(super) static ITEMS: &[Item] = &[Item {
    pallet: "Multisig",
    name: "Multisigs",
    hashers: &[Hasher::Twox64Concat, Hasher::Blake2_128Concat],
    unit: "",
    doc: "Calls of several accounts that wait for approvals.",
    access: &ChainLens::<(AccountId, [u8; 32]), Multisig> {
        get: |state, key| state.multisigs.get(key).cloned(),
        rows: |state, each| state.multisigs.iter().for_each(|(key, row)| each(*key, row.clone())),
        set: |state, key, value| {
            put(&mut state.multisigs, key, value);
            Ok(())
        },
        same: |before, after| before.multisigs.same(&after.multisigs),
        default: None,
    },
}];
