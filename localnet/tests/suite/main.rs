//! One integration binary for the crate, a module per feature.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod access;
mod bad_input;
mod binary;
mod clients;
mod compare;
mod conformance_chain;
mod conformance_epoch;
mod conformance_functions;
mod conformance_runtime;
mod copier;
mod doctor;
mod epoch_command;
mod facade;
mod gateway;
mod handling;
mod import;
mod import_forms;
mod interrupted;
mod pace;
mod refused;
mod rpc;
mod run;
mod soak;
mod store;
mod tidy;
mod worlds;
