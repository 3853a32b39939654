//! The chain: units, state, runtime, kernel, schema, ledger.

pub mod math;
