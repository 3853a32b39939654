//! The chain's number formats, bit for bit: fixed point, decimal floating point, proportions.

pub mod decimal;
pub mod fixed;
pub mod perquintill;
pub mod safe_float;
pub mod transcendental;
pub mod wide;
