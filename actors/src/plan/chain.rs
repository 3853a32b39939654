//! Choices about the chain as a whole.

use ::chain::economics::Economics;
use ::chain::snapshot::Snapshot;
use parity_scale_codec::{Decode, Encode};
use std::sync::Arc;

/// Chain-wide choices.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ChainPlan {
    /// How the chain is made ready for a market.
    pub preset: Preset,
    /// Time from block to block. **Units**: milliseconds of virtual time.
    pub block_time_ms: u64,
    /// Virtual time of genesis. **Units**: milliseconds since the Unix epoch.
    pub start_ms: u64,
    /// Which drand beacon there is.
    pub beacon: BeaconPlan,
    /// Chain-wide values written into genesis, over those of the preset. Names and limits:
    /// [`settings::CHAIN`](crate::settings::CHAIN).
    pub settings: Vec<Setting>,
    /// The rules at genesis.
    pub economics: Economics,
    /// Whether the well-known development accounts have TAO, with `//Alice` as the sudo key: a chain with people outside.
    /// The cast's keys are then sr25519, as wallets have them and outsiders expect of who asks them, and not ed25519.
    pub dev_accounts: bool,
    /// Whether a new subnet asks for weights to be committed before they are revealed.
    pub commit_reveal: bool,
    /// Digest of the metadata that is served; zero when nobody is served. Clients keep metadata by genesis hash.
    pub metadata: [u8; 32],
    /// A network that the chain begins with, beside the cast.
    pub origin: Option<Arc<Snapshot>>,
}

impl Default for ChainPlan {
    /// The market preset, blocks of 12 seconds, genesis on 1 January 2026.
    fn default() -> Self {
        Self {
            preset: Preset::Market,
            block_time_ms: 12_000,
            start_ms: 1_767_225_600_000,
            beacon: BeaconPlan::None,
            settings: Vec::new(),
            economics: Economics::default(),
            dev_accounts: false,
            commit_reveal: true,
            metadata: [0; 32],
            origin: None,
        }
    }
}

/// Which drand beacon there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum BeaconPlan {
    /// None: the chain listens to quicknet, whose pulses nobody brings.
    #[default]
    None,
    /// One of this chain's own, with a key made from the seed. Round n is the pulse of block n, so a block sees the
    /// rounds of the blocks before it. Validators of a subnet with commit-reveal then timelock their weights.
    Local,
}

/// How the chain is made ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Preset {
    /// Only the root network at genesis; no admin freeze window, no rate limit on subnets, weights, axons, takes, children,
    /// hotkey swaps and hyperparameters, stake on root open, a fast moving price so that TAO flows as soon as a subnet
    /// has started (spec/chain.md 12.4). Owners, validators and miners then register in the first blocks.
    #[default]
    Market,
    /// The reference development chain as its fast build begins: root and subnet 1, tempo 10, short delays, a faucet
    /// (spec/chain.md 12.2, 12.3).
    Fast,
    /// The reference development chain as its production build begins: tempo 360, delays of hours and days; a
    /// faucet, and with it no limit on new subnets.
    Production,
    /// The production build with the values that the main network has in its storage; see
    /// [`genesis::MAIN_NETWORK_AS_OF`](crate::genesis::MAIN_NETWORK_AS_OF).
    Mainnet,
}

/// A value for a named parameter.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Setting {
    /// One of the names in [`settings`](crate::settings).
    pub name: String,
    /// The value.
    pub value: Value,
}

/// A value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Value {
    /// A switch.
    Switch(bool),
    /// A number in the parameter's own unit.
    Number(u64),
}
