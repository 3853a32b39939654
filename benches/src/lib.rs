//! Builders shared by the benchmarks.
