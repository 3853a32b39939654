//! A live chain as clients see it: JSON-RPC over WebSocket and HTTP (spec/clients.md sections 1 and 5).

mod access;
mod borrowed;
mod chain_head;
pub(crate) mod client;
mod contract;
mod dev;
mod dump;
mod errors;
mod faucet;
mod flags;
mod fuzz;
#[cfg(target_os = "linux")]
mod limits;
mod load;
mod metagraph;
mod mishaps;
mod moments;
mod node;
mod program;
mod reads;
mod restart;
mod shielded;
mod submit;

pub(crate) use node::height;
#[cfg(unix)]
pub(crate) use program::Up;
