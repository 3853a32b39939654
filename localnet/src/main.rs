//! `localnet`: Bittensor in one process.
fn main() {}
