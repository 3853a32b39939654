//! Tables of the rules: data of the reference runtime that rules and metadata read.

pub mod calls;
