//! The Bittensor chain as a function: units, state, runtime, consensus kernel, schema, ledger.
//!
//! Nothing here knows of actors, sockets or clocks. The rules are those of the reference version named in
//! the README (spec_version 425).
#![warn(clippy::arithmetic_side_effects, clippy::float_arithmetic)]

pub mod account;
pub mod api;
pub mod block;
pub mod call;
mod chain;
pub mod crypto;
pub mod drand;
pub mod economics;
pub mod emission_schedule;
pub mod error;
pub mod event;
pub mod genesis;
pub mod invariants;
pub mod kernel;
pub mod ledger;
pub mod math;
pub mod pool;
pub mod rules;
pub mod runtime;
pub mod schema;
pub mod script;
pub mod snapshot;
pub mod state;
pub mod types;
pub mod units;
pub mod wire;

pub use chain::{Chain, ChainSnapshot};
