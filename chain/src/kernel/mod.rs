//! The Yuma consensus: stake and weights in, incentive, dividends, bonds and emission out, exact to the bit.
//!
//! [`epoch`] is the fast version the chain runs, [`reference`] the plain one it must equal, [`conformance`] checks
//! both against vector files. Nothing here knows keys, storage or time, and no float is used.
//!
//! **Source**: spec `epoch.md`.
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "fixed-point inner loops: every array has one element per uid and is made at the top of an epoch; \
              where overflow is possible, the operation is named in `fixed`"
)]

mod commits;
pub mod conformance;
pub mod fixed;
mod input;
mod mechanisms;
mod output;
pub mod reference;
pub mod weights;

pub use commits::MinCommitBlocks;
pub use input::{EpochInput, EpochParams, Rows};
pub use mechanisms::{Aggregate, accumulate, epochs, mechanism_weight, split_emission};
pub use output::{EpochOutput, EpochResults};

/// The memory an epoch works in; after the first epoch of a size it allocates nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    outcome: reference::Outcome,
}

/// One epoch of one mechanism, distributing the input's `rao_emission`.
pub fn epoch<'a>(input: &EpochInput, params: &EpochParams, scratch: &'a mut Scratch) -> EpochOutput<'a> {
    epoch_with_emission(input, params, input.rao_emission, scratch)
}

/// One epoch that distributes `rao` instead of the input's own emission.
fn epoch_with_emission<'a>(
    input: &EpochInput,
    params: &EpochParams,
    rao: u64,
    scratch: &'a mut Scratch,
) -> EpochOutput<'a> {
    scratch.outcome = reference::epoch_with_emission(input, params, rao);
    scratch.outcome.output()
}
