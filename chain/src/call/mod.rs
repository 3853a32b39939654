//! Everything that an extrinsic can ask for, named and numbered as on chain.

pub mod admin_utils;
pub mod commitments;
pub mod drand;
pub mod subtensor;

use crate::account::AccountId;
use crate::units::{NetUid, Rao};
use parity_scale_codec::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A call of any pallet. SCALE-encodes as (pallet index, call index, arguments), as on chain.
///
/// **Source**: spec/chain.md section 11, spec/tables/extrinsics.md.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub enum RuntimeCall {
    /// TAO transfers (pallet 5).
    #[codec(index = 5)]
    Balances(BalancesCall),
    /// Subnets, stake, weights (pallet 7).
    #[codec(index = 7)]
    SubtensorModule(subtensor::Call),
    /// Batches (pallet 11).
    #[codec(index = 11)]
    Utility(UtilityCall),
    /// Calls as root by the sudo key (pallet 12).
    #[codec(index = 12)]
    Sudo(SudoCall),
    /// What neurons publish about themselves (pallet 18).
    #[codec(index = 18)]
    Commitments(commitments::Call),
    /// Hyperparameters (pallet 19).
    #[codec(index = 19)]
    AdminUtils(admin_utils::Call),
    /// Pulses of the drand beacon (pallet 26).
    #[codec(index = 26)]
    Drand(drand::Call),
    /// Pool parameters (pallet 28).
    #[codec(index = 28)]
    Swap(SwapCall),
}

/// A call of the `Balances` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BalancesCall {
    /// `transfer_allow_death` (0).
    #[codec(index = 0)]
    TransferAllowDeath {
        /// Who receives.
        dest: AccountId,
        /// How much.
        value: Rao,
    },
    /// `transfer_keep_alive` (3): refuses to leave less than the existential deposit.
    #[codec(index = 3)]
    TransferKeepAlive {
        /// Who receives.
        dest: AccountId,
        /// How much.
        value: Rao,
    },
    /// `transfer_all` (4).
    #[codec(index = 4)]
    TransferAll {
        /// Who receives.
        dest: AccountId,
        /// Whether to leave the existential deposit.
        keep_alive: bool,
    },
}

/// A call of the `Utility` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UtilityCall {
    /// `batch` (0): runs calls in order, stops at the first failure, which undoes nothing.
    #[codec(index = 0)]
    Batch {
        /// The calls.
        calls: Vec<RuntimeCall>,
    },
    /// `batch_all` (2): all or nothing.
    #[codec(index = 2)]
    BatchAll {
        /// The calls.
        calls: Vec<RuntimeCall>,
    },
    /// `force_batch` (4): runs every call whatever the others do.
    #[codec(index = 4)]
    ForceBatch {
        /// The calls.
        calls: Vec<RuntimeCall>,
    },
}

/// A call of the `Sudo` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SudoCall {
    /// `sudo` (0): dispatches a call as root.
    #[codec(index = 0)]
    Sudo {
        /// The call.
        call: Box<RuntimeCall>,
    },
}

/// A call of the `Swap` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
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
}

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

impl RuntimeCall {
    /// The same call sent by the sudo key as root.
    #[must_use]
    pub fn sudo(self) -> Self {
        Self::Sudo(SudoCall::Sudo { call: Box::new(self) })
    }
}
