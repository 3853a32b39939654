//! What a run prints: text for people, JSON and JUnit for programs.

pub mod amount;
