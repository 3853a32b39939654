//! The Yuma consensus: stake and weights in, incentive, dividends, bonds and emission out, exact to the bit.
//!
//! [`epoch`] is the fast version the chain runs, [`mod@reference`] the plain one it must equal, [`conformance`] checks
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
mod fast;
pub mod fixed;
mod input;
mod mechanisms;
mod output;
pub mod reference;
pub mod weights;

pub use commits::MinCommitBlocks;
pub use fast::Scratch;
pub use input::{EpochInput, EpochParams, Rows};
pub use mechanisms::{Aggregate, accumulate, epochs, mechanism_weight, split_emission};
pub use output::{EpochOutput, EpochResults};

/// One epoch of one mechanism, distributing the input's `rao_emission`.
pub fn epoch<'a>(input: &EpochInput, params: &EpochParams, scratch: &'a mut Scratch) -> EpochOutput<'a> {
    fast::epoch_with_emission(input, params, input.rao_emission, scratch)
}
