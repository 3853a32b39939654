//! One subnet.

use super::{Hyperparams, Map, Mechanism, Neurons, ShareStore};
use crate::account::AccountId;
use crate::math::fixed::{I64F64, I96F32, U96F32};
use crate::types::{AxonInfo, LockState, NeuronCertificate, PrometheusInfo, SubnetIdentityOfV3};
use crate::units::{AlphaRao, Rao};
use parity_scale_codec::{Decode, Encode};
use std::sync::Arc;

/// One subnet, root included.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Subnet {
    /// `NetworksAdded`.
    pub added: bool,
    /// Hyperparameters.
    pub params: Arc<Hyperparams>,
    /// The pool between TAO and alpha.
    pub pool: Pool,
    /// When epochs run.
    pub schedule: Schedule,
    /// What waits for the next epoch and what the last block emitted.
    pub pending: Pending,
    /// Price of a slot and counters.
    pub registration: Registration,
    /// Neurons by uid.
    pub neurons: Arc<Neurons>,
    /// Mechanisms by mechid; at least one once registered.
    pub mechanisms: Vec<Arc<Mechanism>>,
    /// Stake by hotkey.
    pub stake: Map<AccountId, Arc<ShareStore>>,
    /// `SubnetOwner`.
    pub owner: AccountId,
    /// `SubnetOwnerHotkey`.
    pub owner_hotkey: AccountId,
    /// True when `SubnetOwner` and `SubnetOwnerHotkey` have rows.
    pub has_owner: bool,
    /// `TokenSymbol`, UTF-8; empty when there is no row.
    pub symbol: Vec<u8>,
    /// `SubnetIdentitiesV3`.
    pub identity: Option<SubnetIdentityOfV3>,
    /// `SubnetLocked`, rao.
    pub locked: Rao,
    /// `LargestLocked`, rao.
    pub largest_locked: u64,
    /// `TotalHotkeyAlphaLastEpoch` by hotkey.
    pub alpha_last_epoch: Map<AccountId, AlphaRao>,
    /// `AlphaDividendsPerSubnet` by hotkey.
    pub alpha_dividends: Map<AccountId, AlphaRao>,
    /// `RootAlphaDividendsPerSubnet` by hotkey.
    pub root_alpha_dividends: Map<AccountId, AlphaRao>,
    /// `ChildKeys` by parent hotkey: (proportion of 2^64 - 1, child).
    pub children: Map<AccountId, Vec<(u64, AccountId)>>,
    /// `ParentKeys` by child hotkey.
    pub parents: Map<AccountId, Vec<(u64, AccountId)>>,
    /// `PendingChildKeys` by parent hotkey: list and the block after which it applies.
    pub pending_children: Map<AccountId, (Vec<(u64, AccountId)>, u64)>,
    /// `ChildkeyTake` by hotkey, shares of 65,535.
    pub childkey_take: Map<AccountId, u16>,
    /// `Axons` by hotkey.
    pub axons: Map<AccountId, AxonInfo>,
    /// `Prometheus` by hotkey.
    pub prometheus: Map<AccountId, PrometheusInfo>,
    /// `NeuronCertificates` by hotkey.
    pub certificates: Map<AccountId, NeuronCertificate>,
    /// `AutoStakeDestination` by coldkey.
    pub auto_stake_destination: Map<AccountId, AccountId>,
    /// `AutoStakeDestinationColdkeys` by hotkey.
    pub auto_stake_coldkeys: Map<AccountId, Vec<AccountId>>,
    /// `RootClaimed` by (hotkey, coldkey).
    pub root_claimed: Map<(AccountId, AccountId), u128>,
    /// `LastHotkeySwapOnNetuid` by coldkey.
    pub last_hotkey_swap: Map<AccountId, u64>,
    /// `VotingPower` by hotkey.
    pub voting_power: Map<AccountId, u64>,
    /// `Lock` by (coldkey, hotkey).
    pub locks: Map<(AccountId, AccountId), LockState>,
    /// `HotkeyLock` by hotkey.
    pub hotkey_locks: Map<AccountId, LockState>,
    /// `DecayingHotkeyLock` by hotkey.
    pub decaying_hotkey_locks: Map<AccountId, LockState>,
    /// `OwnerLock`.
    pub owner_lock: Option<LockState>,
    /// `DecayingOwnerLock`.
    pub decaying_owner_lock: Option<LockState>,
    /// `DecayingLock` by coldkey.
    pub decaying_lock: Map<AccountId, bool>,
}

impl Default for Subnet {
    fn default() -> Self {
        Self {
            added: false,
            params: Arc::default(),
            pool: Pool::default(),
            schedule: Schedule::default(),
            pending: Pending::default(),
            registration: Registration::default(),
            neurons: Arc::default(),
            mechanisms: Vec::new(),
            stake: Map::new(),
            owner: AccountId::zero(),
            owner_hotkey: AccountId::zero(),
            has_owner: false,
            symbol: Vec::new(),
            identity: None,
            locked: Rao::ZERO,
            largest_locked: 0,
            alpha_last_epoch: Map::new(),
            alpha_dividends: Map::new(),
            root_alpha_dividends: Map::new(),
            children: Map::new(),
            parents: Map::new(),
            pending_children: Map::new(),
            childkey_take: Map::new(),
            axons: Map::new(),
            prometheus: Map::new(),
            certificates: Map::new(),
            auto_stake_destination: Map::new(),
            auto_stake_coldkeys: Map::new(),
            root_claimed: Map::new(),
            last_hotkey_swap: Map::new(),
            voting_power: Map::new(),
            locks: Map::new(),
            hotkey_locks: Map::new(),
            decaying_hotkey_locks: Map::new(),
            owner_lock: None,
            decaying_owner_lock: None,
            decaying_lock: Map::new(),
        }
    }
}

impl Subnet {
    /// Hyperparameters for change.
    pub fn params_mut(&mut self) -> &mut Hyperparams {
        Arc::make_mut(&mut self.params)
    }
    /// Neurons for change.
    pub fn neurons_mut(&mut self) -> &mut Neurons {
        Arc::make_mut(&mut self.neurons)
    }
    /// A mechanism for change; missing ones up to it are made empty.
    pub fn mechanism_mut(&mut self, mechid: u8) -> &mut Mechanism {
        let index = usize::from(mechid);
        while self.mechanisms.len() <= index {
            self.mechanisms.push(Arc::default());
        }
        // The loop above made the row.
        #[expect(clippy::indexing_slicing, reason = "the loop above made the row")]
        Arc::make_mut(&mut self.mechanisms[index])
    }
}

/// The pool between TAO and alpha (spec/chain.md 5).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Pool {
    /// `SubnetMechanism`: 1 for a pool, 0 for 1:1 (root).
    pub mechanism: u16,
    /// `SubnetTAO`: TAO reserve.
    pub tao: Rao,
    /// `SubnetAlphaIn`: alpha reserve.
    pub alpha_in: AlphaRao,
    /// `SubnetAlphaOut`: alpha outside the pool.
    pub alpha_out: AlphaRao,
    /// `SubnetProtocolAlpha`: bought by the chain, owned by nobody.
    pub protocol_alpha: AlphaRao,
    /// `SubnetVolume`, rao.
    pub volume: u128,
    /// `SubnetMovingPrice`.
    pub moving_price: I96F32,
    /// `RootProp`.
    pub root_prop: U96F32,
    /// `Swap.SwapBalancer`: quote weight in parts of 10^18.
    pub quote_weight: u64,
    /// `Swap.PalSwapInitialized`.
    pub swap_initialized: bool,
    /// `SubtokenEnabled`: staking is open.
    pub subtoken_enabled: bool,
    /// `SubnetTaoFlow`, rao.
    pub tao_flow: i64,
    /// `SubnetProtocolFlow`, rao.
    pub protocol_flow: i64,
    /// `SubnetEmaTaoFlow`.
    pub ema_tao_flow: Option<(u64, I64F64)>,
    /// `SubnetEmaProtocolFlow`.
    pub ema_protocol_flow: Option<(u64, I64F64)>,
    /// `AlphaAssets.TotalAlphaIssuance`.
    pub total_alpha_issuance: AlphaRao,
    /// `AlphaAssets.AlphaBurned`.
    pub alpha_burned: AlphaRao,
    /// `AlphaAssets.AlphaRecycled`.
    pub alpha_recycled: AlphaRao,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            mechanism: 0,
            tao: Rao::ZERO,
            alpha_in: AlphaRao::ZERO,
            alpha_out: AlphaRao::ZERO,
            protocol_alpha: AlphaRao::ZERO,
            volume: 0,
            moving_price: I96F32::default(),
            root_prop: U96F32::default(),
            quote_weight: 500_000_000_000_000_000,
            swap_initialized: false,
            subtoken_enabled: false,
            tao_flow: 0,
            protocol_flow: 0,
            ema_tao_flow: None,
            ema_protocol_flow: None,
            total_alpha_issuance: AlphaRao::ZERO,
            alpha_burned: AlphaRao::ZERO,
            alpha_recycled: AlphaRao::ZERO,
        }
    }
}

/// When epochs run (spec/chain.md 2.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Schedule {
    /// `LastEpochBlock`: the last slot, epoch run or skipped.
    pub last_epoch_block: u64,
    /// `PendingEpochAt`: a triggered or deferred epoch; 0 means none.
    pub pending_epoch_at: u64,
    /// `SubnetEpochIndex`.
    pub epoch_index: u64,
    /// `BlocksSinceLastStep`.
    pub blocks_since_last_step: u64,
    /// `LastMechansimStepBlock` (the chain's spelling).
    pub last_mechanism_step_block: u64,
    /// `FirstEmissionBlockNumber`; set by `start_call`.
    pub first_emission_block: Option<u64>,
    /// `NetworkRegisteredAt`.
    pub registered_at: u64,
    /// `RegisteredSubnetCounter`.
    pub registered_counter: u64,
}

/// What waits for the next epoch, and what the last block emitted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Pending {
    /// `PendingServerEmission`.
    pub server: AlphaRao,
    /// `PendingValidatorEmission`.
    pub validator: AlphaRao,
    /// `PendingRootAlphaDivs`.
    pub root_divs: AlphaRao,
    /// `PendingOwnerCut`.
    pub owner_cut: AlphaRao,
    /// `MinerBurned`: share of the last incentive that was withheld.
    pub miner_burned: U96F32,
    /// `SubnetAlphaInEmission` of the last block.
    pub alpha_in_emission: AlphaRao,
    /// `SubnetAlphaOutEmission` of the last block.
    pub alpha_out_emission: AlphaRao,
    /// `SubnetTaoInEmission` of the last block.
    pub tao_in_emission: Rao,
    /// `SubnetExcessTao` of the last block.
    pub excess_tao: Rao,
    /// `SubnetRootSellTao` of the last block.
    pub root_sell_tao: Rao,
}

/// Price of a slot and counters of registrations.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Registration {
    /// `Burn`: price of a slot, rao.
    pub burn: Rao,
    /// `RegistrationsThisBlock`.
    pub this_block: u16,
    /// `RegistrationsThisInterval`.
    pub this_interval: u16,
    /// `POWRegistrationsThisInterval`, unused.
    pub pow_this_interval: u16,
    /// `BurnRegistrationsThisInterval`, unused.
    pub burn_this_interval: u16,
    /// `LastAdjustmentBlock`, unused.
    pub last_adjustment_block: u64,
    /// `RAORecycledForRegistration`, rao.
    pub rao_recycled: Rao,
}

impl Default for Registration {
    fn default() -> Self {
        Self {
            burn: Rao(100_000_000),
            this_block: 0,
            this_interval: 0,
            pow_this_interval: 0,
            burn_this_interval: 0,
            last_adjustment_block: 0,
            rao_recycled: Rao::ZERO,
        }
    }
}
