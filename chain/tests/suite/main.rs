//! One integration binary for the crate, a module per feature.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod api;
mod calls;
mod coinbase;
mod coldkey_swaps;
mod commitments;
mod crowdloan;
mod crypto;
mod dispatch_info;
mod drand;
mod economics;
mod emission_schedule;
mod errors;
mod execute;
mod facade;
mod faucet;
mod genesis;
mod hotkey_swaps;
mod invariant_alarms;
mod invariants;
mod kernel;
mod kernel_laws;
mod kernel_tables;
mod ledger;
mod ledger_child;
mod ledger_creation;
mod ledger_damage;
mod ledger_kill;
mod ledger_model;
mod lock_calls;
mod lock_swaps;
mod locks;
mod machine;
mod map;
mod market_laws;
mod math;
mod multisig;
mod node_calls;
mod nominations;
mod ownership;
mod pool;
mod proxy;
mod proxy_fees;
mod proxy_types;
mod readme;
mod schema;
mod services;
mod shares;
mod step;
mod timelock;
mod trim;
mod utility;
mod voting_power;
mod weights;
mod wire;
mod world;
