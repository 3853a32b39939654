//! What a run prints: text for people, JSON and JUnit for programs.

pub mod amount;
pub mod junit;
pub mod model;
pub mod refused;
pub mod replay;
pub mod table;
pub mod text;
pub mod why;

pub use model::Report;
pub use refused::Refused;
