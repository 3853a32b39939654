//! The chain's state: a typed value, shared by structure.
//!
//! `State::clone` costs O(1) and a write copies only the path it touches. That one mechanism gives the
//! rollback of a failed extrinsic, snapshots, rewind, branches, and readers that never wait for the writer.
//! Every field names the storage item it stands for; the Substrate view of it is declared in
//! `chain::schema`.

mod balances;
mod commitments;
mod crowdloan;
mod drand;
mod globals;
mod key;
mod keys;
mod map;
mod neurons;
mod params;
mod proxy;
mod services;
mod stake;
mod subnet;
mod tree;

pub use balances::{AccountData, AccountInfo, Balances, EXISTENTIAL_DEPOSIT};
pub use commitments::{Commitment, Commitments};
pub use crowdloan::{Crowdloans, Leases};
pub use drand::Drand;
pub use globals::Globals;
pub use key::Key;
pub use keys::{Coldkey, Hotkey, RateLimitKey};
pub use map::{Change, Map};
pub use neurons::{Mechanism, Neurons};
pub use params::Hyperparams;
pub use proxy::Proxy;
pub use services::{
    HoldReason, IdAmount, PendingExtrinsic, Preimages, RequestStatus, RuntimeHoldReason, Shield,
};
pub use stake::{AlphaKey, ShareStore};
pub use subnet::{Pending, Pool, Registration, Schedule, Subnet};

use crate::account::AccountId;
use crate::economics::Economics;
use crate::types::{Multisig, Pulse};
use crate::units::{BlockNumber, NetUid};
use parity_scale_codec::{Decode, Encode};
use std::sync::Arc;

/// Everything the rules read and write.
///
/// **Invariant**: `State` is a function of genesis and the ordered block inputs; it holds no clock, no
/// randomness and no cache whose content depends on how it was reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct State {
    /// Number of the last executed block.
    pub block: BlockNumber,
    /// Accounts with TAO, and TAO issuance as `Balances` counts it.
    pub balances: Balances,
    /// Chain-wide values.
    pub globals: Arc<Globals>,
    /// The rules in force.
    pub economics: Arc<Economics>,
    /// What is kept by hotkey across subnets.
    pub hotkeys: Map<AccountId, Arc<Hotkey>>,
    /// What is kept by coldkey across subnets.
    pub coldkeys: Map<AccountId, Arc<Coldkey>>,
    /// Subnets, root included, in storage order. A dissolved subnet may leave its row behind with `added`
    /// false, since some items survive (spec/chain.md 7.6).
    pub subnets: Map<NetUid, Arc<Subnet>>,
    /// Key of every `AlphaV2` row in raw key order; moved together with [`ShareStore`].
    pub alpha_index: Map<AlphaKey, ()>,
    /// `LastRateLimitedBlock`.
    pub last_rate_limited: Map<RateLimitKey, u64>,
    /// `LastColdkeyHotkeyStakeBlock`: (coldkey, hotkey) to block.
    pub last_stake_block: Map<(AccountId, AccountId), u64>,
    /// `TransactionKeyLastBlock`: (hotkey, netuid, kind of call) to block.
    pub transaction_key_last_block: Map<(AccountId, NetUid, u16), u64>,
    /// `StakingColdkeysByIndex`: dense, `0..NumStakingColdkeys`.
    pub staking_coldkeys_by_index: Map<u64, AccountId>,
    /// `StakingColdkeys`: the index of each.
    pub staking_coldkeys: Map<AccountId, u64>,
    /// `Drand.Pulses` by round.
    pub pulses: Map<u64, Pulse>,
    /// The rest of the `Drand` pallet.
    pub drand: Arc<Drand>,
    /// The `Commitments` pallet.
    pub commitments: Arc<Commitments>,
    /// The `Proxy` pallet.
    pub proxy: Arc<Proxy>,
    /// `Multisig.Multisigs`: (account, hash of the call) to its approvals.
    pub multisigs: Map<(AccountId, [u8; 32]), Multisig>,
    /// The `Preimage` pallet.
    pub preimages: Arc<Preimages>,
    /// What the `MevShield` pallet keeps.
    pub shield: Arc<Shield>,
    /// The `Crowdloan` pallet.
    pub crowdloans: Arc<Crowdloans>,
    /// Leases of subnets.
    pub leases: Arc<Leases>,
    /// `UsedWork`: work that the faucet paid for, and the block. Nothing reads it.
    pub used_work: Map<Vec<u8>, u64>,
    /// `System.BlockHash` of the last blocks as the rules know it, kept where the faucet pays.
    pub recent_hashes: Map<u64, [u8; 32]>,
}

impl State {
    /// The subnet's row, if it ever was registered.
    #[inline]
    pub fn subnet(&self, netuid: NetUid) -> Option<&Subnet> {
        self.subnets.get_near(&netuid, self.probable_row(netuid)).map(Arc::as_ref)
    }
    /// The subnet's row for change; made with the chain's defaults if there is none.
    pub fn subnet_mut(&mut self, netuid: NetUid) -> &mut Subnet {
        let place = self.probable_row(netuid);
        Arc::make_mut(self.subnets.or_insert_near(netuid, place, Arc::default))
    }
    /// The place of a subnet when no netuid below the highest is missing: storage order goes by the low byte first.
    fn probable_row(&self, netuid: NetUid) -> usize {
        let (rows, [low, high]) = (self.subnets.len(), netuid.number().to_le_bytes().map(usize::from));
        low.saturating_mul(rows >> 8).saturating_add(low.min(rows & 0xff)).saturating_add(high)
    }
    /// True while the subnet exists (`NetworksAdded`).
    pub fn subnet_exists(&self, netuid: NetUid) -> bool {
        self.subnet(netuid).is_some_and(|subnet| subnet.added)
    }
    /// Chain-wide values for change.
    pub fn globals_mut(&mut self) -> &mut Globals {
        Arc::make_mut(&mut self.globals)
    }
    /// The `Drand` pallet for change.
    pub fn drand_mut(&mut self) -> &mut Drand {
        Arc::make_mut(&mut self.drand)
    }
    /// The `Commitments` pallet for change.
    pub fn commitments_mut(&mut self) -> &mut Commitments {
        Arc::make_mut(&mut self.commitments)
    }
    /// The `Crowdloan` pallet for change.
    pub fn crowdloans_mut(&mut self) -> &mut Crowdloans {
        Arc::make_mut(&mut self.crowdloans)
    }
    /// Leases of subnets for change.
    pub fn leases_mut(&mut self) -> &mut Leases {
        Arc::make_mut(&mut self.leases)
    }
    /// The `Proxy` pallet for change.
    pub fn proxy_mut(&mut self) -> &mut Proxy {
        Arc::make_mut(&mut self.proxy)
    }
    /// The `Preimage` pallet for change.
    pub fn preimages_mut(&mut self) -> &mut Preimages {
        Arc::make_mut(&mut self.preimages)
    }
    /// What the `MevShield` pallet keeps, for change.
    pub fn shield_mut(&mut self) -> &mut Shield {
        Arc::make_mut(&mut self.shield)
    }
    /// The hotkey's row.
    pub fn hotkey(&self, hotkey: &AccountId) -> Option<&Hotkey> {
        self.hotkeys.get(hotkey).map(Arc::as_ref)
    }
    /// The hotkey's row for change, made empty if there is none.
    pub fn hotkey_mut(&mut self, hotkey: &AccountId) -> &mut Hotkey {
        Arc::make_mut(self.hotkeys.or_insert_with(*hotkey, Arc::default))
    }
    /// The coldkey's row.
    pub fn coldkey(&self, coldkey: &AccountId) -> Option<&Coldkey> {
        self.coldkeys.get(coldkey).map(Arc::as_ref)
    }
    /// The coldkey's row for change, made empty if there is none.
    pub fn coldkey_mut(&mut self, coldkey: &AccountId) -> &mut Coldkey {
        Arc::make_mut(self.coldkeys.or_insert_with(*coldkey, Arc::default))
    }
    /// The coldkey that owns a hotkey (`Owner`), if the hotkey account exists.
    pub fn owner_of(&self, hotkey: &AccountId) -> Option<AccountId> {
        self.hotkey(hotkey).and_then(|row| row.owner)
    }
}
