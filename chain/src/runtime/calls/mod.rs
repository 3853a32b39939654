//! The calls, one module per subject. Every check stands in the chain's order and gives the chain's error.
//!
//! **Source**: spec/chain.md sections 6 to 10.

pub(super) mod admin;
mod admin_bounds;
mod admin_globals;
pub(super) mod balances;
pub(super) mod burn;
pub(super) mod children;
pub(super) mod coldkey_swap;
pub(super) mod commit_reveal;
pub(super) mod commitments;
pub(super) mod crowdloan;
pub(super) mod delegates;
pub mod drand;
pub mod faucet;
pub(super) mod hotkey_swap;
pub mod identity;
pub(super) mod leasing;
pub(super) mod limits;
pub(super) mod locks;
mod mechanisms;
pub(super) mod moves;
pub(super) mod multisig;
pub mod networks;
pub(super) mod owner;
pub(super) mod preimage;
pub(super) mod proxy;
pub(crate) mod proxy_filter;
pub(super) mod prune;
pub mod registration;
mod rekey;
pub(super) mod root;
pub(super) mod services;
pub(super) mod serving;
pub(super) mod shield;
pub(super) mod staking;
pub(super) mod subtensor;
pub(super) mod sudo;
pub mod symbols;
pub(super) mod system;
pub(super) mod tempo;
mod trim;
pub mod uids;
pub(super) mod unstake;
pub(super) mod utility;
pub(super) mod voting_power;
pub mod weights;
pub(super) mod weights_batch;

use crate::error::{DispatchError, DispatchOutcome};
use std::fmt::Debug;

/// The answer to a call that the real chain has and this one has not.
fn not_modelled(pallet: &str, call: &impl Debug) -> DispatchOutcome {
    let debug = format!("{call:?}");
    let name: String = debug.chars().take_while(char::is_ascii_alphanumeric).collect();
    Err(DispatchError::NotModelled(format!("{pallet}.{}", snake_case(&name))))
}

fn snake_case(camel: &str) -> String {
    let mut snake = String::new();
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
