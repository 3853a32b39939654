//! A live chain as clients see it: JSON-RPC over WebSocket and HTTP (spec/clients.md sections 1 and 5).

mod client;
mod dev;
mod errors;
mod fuzz;
mod load;
mod mishaps;
mod moments;
mod node;
mod program;
mod reads;
mod shielded;
mod submit;
