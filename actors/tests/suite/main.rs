//! One integration binary for the crate, a module per feature.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod checkpoint;
mod codec;
mod compression;
mod corpus;
mod crash;
mod determinism;
mod dummy;
mod fabric;
mod founding;
mod gate;
mod hello;
mod log;
mod market;
mod order;
mod outside;
mod plan;
mod roles;
mod streams;
mod timelock;
