//! One number for everything that decides what happens in a run, but its seed and its length.

use actors::plan::Plan;
use parity_scale_codec::Encode;

/// Sets this digest apart from any other BLAKE3 over a plan.
const DOMAIN: &str = "localnet scenario digest 1";

/// BLAKE3 over the canonical plan.
///
/// Name, titles, comments and order of keys do not count, nor do expectations, which watch a run and do not
/// change it. Seed and number of blocks are named beside the digest wherever it is used: a longer run
/// continues a shorter one.
pub fn digest(plan: &Plan) -> [u8; 32] {
    let mut canonical = plan.clone();
    canonical.name = String::new();
    canonical.seed = 0;
    canonical.blocks = 0;
    canonical.digest = [0; 32];
    for subnet in &mut canonical.subnets {
        subnet.title = String::new();
    }
    blake3::derive_key(DOMAIN, &canonical.encode())
}
