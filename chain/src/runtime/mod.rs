//! The rules: one function from a state and a block's input to the next state.
//!
//! No I/O, no clock, no randomness but the block's own. The order inside a block is the chain's: the block
//! step (prices, mint, reveals, coinbase, epochs, claims), then extrinsics. An extrinsic in block N is felt
//! by the coinbase of block N + 1. **Source**: spec/chain.md section 2.

pub mod calls;
mod dispatch;
mod exec;
mod execute;
pub mod fees;
mod guards;
pub mod locks;
mod reserve;
mod room;
pub mod shares;
pub mod stake_weight;
pub mod step;
pub mod swap;
pub mod tao;
mod validity;
mod weights;

pub(crate) use calls::prune::victim;
pub use dispatch::{Origin, dispatch};
pub use exec::{Env, Exec};
pub use execute::{Constants, OpenBlock, Rules, Runtime, SubnetDefaults};
pub use step::{Buffers, block_step};
pub use validity::Validity;
pub use weights::{BASE_EXTRINSIC, CallInfo, PostInfo, call_info, call_info_of_bytes};
