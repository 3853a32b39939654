//! `localnet`: Bittensor in one process, as a command.
//!
//! Scenario files in, a verdict out. All I/O of the program is here: the command line, files, the terminal,
//! the log. What is played is in `actors`, what is decided on chain is in `chain`.

pub mod access;
pub mod cli;
pub mod commands;
pub mod compare;
pub mod conformance;
mod descriptors;
pub mod exit;
mod facade;
pub mod files;
pub mod gateway;
pub mod import;
pub mod interrupt;
pub mod json;
pub mod metagraph;
pub mod metrics;
pub mod node;
pub mod pace;
pub mod play;
pub mod progress;
pub mod report;
pub mod rpc;
pub mod runs;
pub mod scenario;
pub mod telemetry;
pub mod terminal;

pub use facade::{Node, NodeConfig, run, spawn};
