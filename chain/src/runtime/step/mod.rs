//! What the chain does by itself at the start of each block.
//!
//! **Source**: spec/chain.md 2.

pub mod children;
pub mod claims;
mod coinbase;
mod distribute;
mod dividends;
mod drain;
mod emission;
mod epoch;
mod index;
mod injection;
mod prices;
mod registration;
pub mod reveal;
mod shares;
mod voting_power;

pub use coinbase::is_emit_eligible;
pub use distribute::DEFAULT_TAKE;
pub use drain::{MAX_TEMPO, epochs_deferred, should_run_epoch};
pub use emission::{block_emission, root_proportion};

use super::stake_weight::{Holding, Places};
use super::{Exec, tao};
use crate::kernel::{Aggregate, EpochInput, Scratch};
use crate::units::{NetUid, Rao};
use std::collections::BTreeMap;

/// Memory that the block step uses again and again; no result depends on its content between blocks.
#[derive(Debug, Default)]
pub struct Buffers {
    netuids: Vec<NetUid>,
    candidates: Vec<emission::Candidate>,
    due: Vec<drain::Due>,
    epoch: EpochBuffers,
    earned: Vec<distribute::Earned>,
    payouts: Vec<distribute::Payout>,
    recalls: BTreeMap<NetUid, Recall>,
    burn_factor: registration::BurnFactor,
    accounts: injection::Accounts,
}

/// The part of [`Buffers`] that the consensus works in.
#[derive(Debug, Default)]
struct EpochBuffers {
    inputs: Vec<EpochInput>,
    scratch: Scratch,
    aggregate: Aggregate,
    /// What each uid holds itself.
    holdings: Vec<Holding>,
}

/// Where and in which order an epoch found its neurons: most likely the next one finds them so again.
#[derive(Debug, Default)]
struct Recall {
    /// By uid.
    places: Vec<Places>,
    /// What was earned, by the hotkeys' bytes.
    by_bytes: Vec<usize>,
    /// Payouts, by the hotkeys' hashes.
    by_hash: Vec<usize>,
}

impl Buffers {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Runs the block step: registration prices, mint, reveals, coinbase with the epochs that are due, prices, children,
/// root claims. An extrinsic of the same block runs after it and is felt by the next one.
///
/// **Source**: spec/chain.md 2.1, 2.2.
pub fn block_step(exec: &mut Exec<'_>, buffers: &mut Buffers) {
    registration::forget_hotkey_swaps(exec);
    registration::update_prices(exec, buffers);
    let issued = exec.state.globals.total_issuance;
    let emission = block_emission(exec.state, issued.get());
    let credit = tao::mint_tao(exec, Rao(emission));
    reveal::reveal_timelocked(exec);
    coinbase::run(exec, credit, buffers);
    prices::update(exec, buffers);
    children::apply_pending(exec);
    claims::auto_claim(exec);
    index::maintain(exec);
}

/// All subnets but root, in storage order.
fn subnets(exec: &Exec<'_>, netuids: &mut Vec<NetUid>) {
    netuids.clear();
    let rows = exec.state.subnets.iter().filter(|(netuid, subnet)| !netuid.is_root() && subnet.added);
    netuids.extend(rows.map(|(netuid, _)| *netuid));
}
