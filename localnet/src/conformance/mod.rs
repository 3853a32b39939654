//! Comparison with vectors recorded from the real chain.

pub mod chain;
pub mod epoch;
pub mod functions;
