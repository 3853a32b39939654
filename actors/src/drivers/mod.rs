//! The drivers: a plain loop, and actix.

pub mod actix;
pub mod lockstep;
