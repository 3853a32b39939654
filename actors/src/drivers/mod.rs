//! The drivers: a plain loop, and actors on threads.

pub mod lockstep;
// The framework's name stands only in the file that uses it.
#[path = "actix.rs"]
pub mod threads;
