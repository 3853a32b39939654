//! Comparison with vectors recorded from the real chain.

pub mod calls;
pub mod chain;
pub mod epoch;
pub mod functions;
