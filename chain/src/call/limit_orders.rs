//! Calls of `LimitOrders` (32). The pallet is switched off unless root switches it on.
//!
//! **Source**: the real chain's metadata.

use crate::account::AccountId;
use crate::block::MultiSignature;
use crate::units::NetUid;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `LimitOrders` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitOrdersCall {
    /// `execute_orders` (0).
    #[codec(index = 0)]
    ExecuteOrders {
        /// The orders.
        orders: Vec<SignedOrder>,
        /// Whether one that fails undoes all.
        should_fail: bool,
    },
    /// `execute_batched_orders` (1).
    #[codec(index = 1)]
    ExecuteBatchedOrders {
        /// The subnet.
        netuid: NetUid,
        /// The orders.
        orders: Vec<SignedOrder>,
    },
    /// `cancel_order` (2).
    #[codec(index = 2)]
    CancelOrder {
        /// The order.
        order: VersionedOrder,
    },
    /// `set_pallet_status` (3): by root.
    #[codec(index = 3)]
    SetPalletStatus {
        /// Whether orders are executed.
        enabled: bool,
    },
}

/// An order and who signed it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct SignedOrder {
    /// The order.
    pub order: VersionedOrder,
    /// The signature.
    pub signature: MultiSignature,
    /// How much of it to execute.
    pub partial_fill: Option<u64>,
}

/// An order in one of its forms.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum VersionedOrder {
    /// The first form.
    #[codec(index = 0)]
    V1(LimitOrder),
}

/// What is to be bought or sold, and at which price.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct LimitOrder {
    /// Who signs it.
    pub signer: AccountId,
    /// The hotkey.
    pub hotkey: AccountId,
    /// The subnet.
    pub netuid: NetUid,
    /// Which side of which price.
    pub order_type: OrderType,
    /// How much.
    pub amount: u64,
    /// The price.
    pub limit_price: u64,
    /// Until when, milliseconds.
    pub expiry: u64,
    /// Fee, parts of 10^9.
    pub fee_rate: u32,
    /// Who gets the fee.
    pub fee_recipient: AccountId,
    /// Who may send it.
    pub relayer: Option<Vec<AccountId>>,
    /// Largest slippage, parts of 10^9.
    pub max_slippage: Option<u32>,
    /// For which chain.
    pub chain_id: u64,
    /// Whether a part of it may be executed.
    pub partial_fills_enabled: bool,
}

/// Which side of which price an order is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum OrderType {
    /// A buy below a price.
    #[codec(index = 0)]
    LimitBuy,
    /// A sale above a price.
    #[codec(index = 1)]
    TakeProfit,
    /// A sale below a price.
    #[codec(index = 2)]
    StopLoss,
}
