//! The Substrate form: bytes recorded from real clients, and our metadata beside that of the real chain.

mod bounded;
mod difference;
mod golden;
pub(crate) mod metadata;
mod recorded;
mod samples;
mod view;
