//! Builders shared by the benchmarks.

pub mod graphs;
pub mod networks;
