//! The beacon.

use super::{put, unless_default};
use crate::schema::lens::ChainLens;
use crate::schema::{Hasher, Item};
use crate::state::Drand;
use crate::types::{BeaconConfiguration, Pulse};
use std::sync::Arc;

/// The pallet of the beacon.
const DRAND: &str = "Drand";

/// A single value that lies in [`Drand`].
macro_rules! value {
    ($name:literal, $field:ident: $ty:ty, $unit:literal, $doc:literal) => {
        Item {
            pallet: DRAND,
            name: $name,
            hashers: &[],
            unit: $unit,
            doc: $doc,
            access: &ChainLens::<(), $ty> {
                get: |state, ()| unless_default(state.drand.$field.clone(), &Drand::default().$field),
                rows: |state, each| {
                    if let Some(value) = unless_default(state.drand.$field.clone(), &Drand::default().$field)
                    {
                        each((), value);
                    }
                },
                set: |state, (), value| {
                    state.drand_mut().$field = value.unwrap_or_else(|| Drand::default().$field);
                    Ok(())
                },
                same: |before, after| Arc::ptr_eq(&before.drand, &after.drand),
                default: Some(|| Drand::default().$field),
            },
        }
    };
}

pub(super) static ITEMS: &[Item] = &[
    value!("BeaconConfig", config: BeaconConfiguration, "", "The beacon that the chain listens to."),
    Item {
        pallet: DRAND,
        name: "Pulses",
        hashers: &[Hasher::Blake2_128Concat],
        unit: "",
        doc: "The randomness of a drand round.",
        access: &ChainLens::<(u64,), Pulse> {
            get: |state, (round,)| state.pulses.get(round).cloned(),
            rows: |state, each| state.pulses.iter().for_each(|(round, pulse)| each((*round,), pulse.clone())),
            set: |state, (round,), value| {
                put(&mut state.pulses, round, value);
                Ok(())
            },
            same: |before, after| before.pulses.same(&after.pulses),
            default: None,
        },
    },
    value!("LastStoredRound", last_stored_round: u64, "round", "The newest round that is known."),
    value!("OldestStoredRound", oldest_stored_round: u64, "round", "The oldest round that is kept."),
    value!("NextUnsignedAt", next_unsigned_at: u32, "block", "Before it no pulse is taken."),
];
