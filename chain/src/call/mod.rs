//! Everything that an extrinsic can ask for, named and numbered as on chain.

pub mod admin_utils;
pub mod commitments;
pub mod crowdloan;
pub mod drand;
mod info;
mod limit_orders;
pub mod multisig;
mod node;
pub mod proxy;
mod services;
pub mod subtensor;
mod sudo;
mod utility;

pub use info::{DispatchClass, DispatchEventInfo, Pays, Weight};
pub use limit_orders::{LimitOrder, LimitOrdersCall, OrderType, SignedOrder, VersionedOrder};
pub use multisig::Call as MultisigCall;
pub use node::{MevShieldCall, Raw, Raw32, SystemCall, TimestampCall};
pub use services::{BaseFeeCall, GrandpaCall, PreimageCall, SafeModeCall, SchedulerCall};
pub use sudo::SudoCall;
pub use utility::{OriginCaller, RawOrigin, UtilityCall};

use crate::account::AccountId;
use crate::units::{NetUid, Rao};
use crate::wire::Lookup;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of any pallet. SCALE-encodes as (pallet index, call index, arguments), as on chain.
///
/// **Source**: spec/chain.md section 11, spec/tables/extrinsics.md.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum RuntimeCall {
    /// Remarks (pallet 0).
    #[codec(index = 0)]
    System(SystemCall),
    /// The time of a block (pallet 2).
    #[codec(index = 2)]
    Timestamp(TimestampCall),
    /// TAO transfers (pallet 5).
    #[codec(index = 5)]
    Balances(BalancesCall),
    /// Subnets, stake, weights (pallet 7).
    #[codec(index = 7)]
    SubtensorModule(subtensor::Call),
    /// Batches, and calls on behalf of other origins (pallet 11).
    #[codec(index = 11)]
    Utility(UtilityCall),
    /// Calls as root by the sudo key (pallet 12).
    #[codec(index = 12)]
    Sudo(SudoCall),
    /// Calls in the name of several accounts (pallet 13).
    #[codec(index = 13)]
    Multisig(multisig::Call),
    /// Calls in the name of another account (pallet 16).
    #[codec(index = 16)]
    Proxy(proxy::Call),
    /// What neurons publish about themselves (pallet 18).
    #[codec(index = 18)]
    Commitments(commitments::Call),
    /// Hyperparameters (pallet 19).
    #[codec(index = 19)]
    AdminUtils(admin_utils::Call),
    /// Finality (pallet 4).
    #[codec(index = 4)]
    Grandpa(GrandpaCall),
    /// Bytes that are kept by their hash (pallet 14).
    #[codec(index = 14)]
    Preimage(PreimageCall),
    /// Calls at a later block (pallet 15).
    #[codec(index = 15)]
    Scheduler(SchedulerCall),
    /// A state in which few calls are let through (pallet 20).
    #[codec(index = 20)]
    SafeMode(SafeModeCall),
    /// The price of EVM gas (pallet 25).
    #[codec(index = 25)]
    BaseFee(BaseFeeCall),
    /// Orders that wait for a price (pallet 32).
    #[codec(index = 32)]
    LimitOrders(LimitOrdersCall),
    /// Pulses of the drand beacon (pallet 26).
    #[codec(index = 26)]
    Drand(drand::Call),
    /// TAO that many accounts put together (pallet 27).
    #[codec(index = 27)]
    Crowdloan(crowdloan::Call),
    /// Pool parameters (pallet 28).
    #[codec(index = 28)]
    Swap(SwapCall),
    /// Extrinsics that are encrypted until they are in a block (pallet 30).
    #[codec(index = 30)]
    MevShield(MevShieldCall),
}

/// A call of the `Balances` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BalancesCall {
    /// `transfer_allow_death` (0).
    #[codec(index = 0)]
    TransferAllowDeath {
        /// Who receives.
        dest: Lookup,
        /// How much.
        #[codec(compact)]
        value: Rao,
    },
    /// `transfer_keep_alive` (3): refuses to leave less than the existential deposit.
    #[codec(index = 3)]
    TransferKeepAlive {
        /// Who receives.
        dest: Lookup,
        /// How much.
        #[codec(compact)]
        value: Rao,
    },
    /// `transfer_all` (4).
    #[codec(index = 4)]
    TransferAll {
        /// Who receives.
        dest: Lookup,
        /// Whether to leave the existential deposit.
        keep_alive: bool,
    },
    /// `force_set_balance` (8): root sets what an account has, out of nothing or into it.
    #[codec(index = 8)]
    ForceSetBalance {
        /// Whose.
        who: Lookup,
        /// What it has free from then on.
        #[codec(compact)]
        new_free: Rao,
    },
    /// `force_transfer` (2): root moves TAO between accounts.
    #[codec(index = 2)]
    ForceTransfer {
        /// Who pays.
        source: Lookup,
        /// Who receives.
        dest: Lookup,
        /// How much.
        #[codec(compact)]
        value: Rao,
    },
    /// `force_unreserve` (5): root makes a deposit free.
    #[codec(index = 5)]
    ForceUnreserve {
        /// Whose.
        who: Lookup,
        /// How much of it.
        amount: Rao,
    },
    /// `upgrade_accounts` (6): brings accounts into the newer form, which all have.
    #[codec(index = 6)]
    UpgradeAccounts {
        /// Which.
        who: Vec<AccountId>,
    },
    /// `force_adjust_total_issuance` (9): root changes the issuance and no balance.
    #[codec(index = 9)]
    ForceAdjustTotalIssuance {
        /// Up or down.
        direction: AdjustmentDirection,
        /// By how much.
        #[codec(compact)]
        delta: Rao,
    },
    /// `burn` (10): destroys TAO of the signer.
    #[codec(index = 10)]
    Burn {
        /// How much.
        #[codec(compact)]
        value: Rao,
        /// Whether to leave the existential deposit.
        keep_alive: bool,
    },
}

/// Which way a change goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum AdjustmentDirection {
    /// Up.
    #[codec(index = 0)]
    Increase,
    /// Down.
    #[codec(index = 1)]
    Decrease,
}

/// A call of the `Swap` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwapCall {
    /// `set_fee_rate` (0): root only, at most 10,000 of 65,535.
    #[codec(index = 0)]
    SetFeeRate {
        /// The subnet.
        netuid: NetUid,
        /// Fee as a share of 65,535.
        rate: u16,
    },
    /// `add_liquidity` (1): deprecated.
    #[codec(index = 1)]
    AddLiquidity {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Lower bound.
        tick_low: TickIndex,
        /// Upper bound.
        tick_high: TickIndex,
        /// How much.
        liquidity: u64,
    },
    /// `remove_liquidity` (2): deprecated.
    #[codec(index = 2)]
    RemoveLiquidity {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Which position.
        position_id: PositionId,
    },
    /// `modify_position` (3): deprecated.
    #[codec(index = 3)]
    ModifyPosition {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Which position.
        position_id: PositionId,
        /// By how much.
        liquidity_delta: i64,
    },
    /// `toggle_user_liquidity` (4): deprecated.
    #[codec(index = 4)]
    ToggleUserLiquidity {
        /// The subnet.
        netuid: NetUid,
        /// Whether users may provide liquidity.
        enable: bool,
    },
    /// `disable_lp` (5): deprecated.
    #[codec(index = 5)]
    DisableLp,
}

/// A step of prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TickIndex(pub i32);

/// The number of a position of liquidity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PositionId(pub u128);

impl From<subtensor::Call> for RuntimeCall {
    fn from(call: subtensor::Call) -> Self {
        Self::SubtensorModule(call)
    }
}
impl From<admin_utils::Call> for RuntimeCall {
    fn from(call: admin_utils::Call) -> Self {
        Self::AdminUtils(call)
    }
}
impl From<commitments::Call> for RuntimeCall {
    fn from(call: commitments::Call) -> Self {
        Self::Commitments(call)
    }
}
impl From<crowdloan::Call> for RuntimeCall {
    fn from(call: crowdloan::Call) -> Self {
        Self::Crowdloan(call)
    }
}
impl From<multisig::Call> for RuntimeCall {
    fn from(call: multisig::Call) -> Self {
        Self::Multisig(call)
    }
}
impl From<proxy::Call> for RuntimeCall {
    fn from(call: proxy::Call) -> Self {
        Self::Proxy(call)
    }
}
impl From<drand::Call> for RuntimeCall {
    fn from(call: drand::Call) -> Self {
        Self::Drand(call)
    }
}
impl From<BalancesCall> for RuntimeCall {
    fn from(call: BalancesCall) -> Self {
        Self::Balances(call)
    }
}

impl From<UtilityCall> for RuntimeCall {
    fn from(call: UtilityCall) -> Self {
        Self::Utility(call)
    }
}
impl From<SudoCall> for RuntimeCall {
    fn from(call: SudoCall) -> Self {
        Self::Sudo(call)
    }
}

impl RuntimeCall {
    /// The same call sent by the sudo key as root.
    #[must_use]
    pub fn sudo(self) -> Self {
        Self::Sudo(SudoCall::Sudo { call: Box::new(self) })
    }
}
