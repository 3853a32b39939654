//! `BetaBasketRuntimeApi`: what later rules pool of root stake. The rules that are served know no baskets.

use super::runtime_api;
use crate::account::AccountId;
use crate::math::fixed::U64F64;
use crate::units::{AlphaRao, NetUid, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// What is served with a neutral value because the rules do not have it: method or field, and why.
pub const NOT_MODELLED: &[(&str, &str)] = &[
    ("BetaBasketRuntimeApi", "baskets of root stake came after these rules: zero, empty or none"),
    ("Metagraph.collateral_locked", "collateral of miners came after these rules: zero for each uid"),
    ("Metagraph.collateral_min", "collateral of miners came after these rules: zero for each uid"),
    ("Metagraph.collateral_earned", "collateral of miners came after these rules: zero for each uid"),
];

/// What a validator's basket holds of a subnet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[expect(missing_docs, reason = "not modelled: a shape")]
pub struct BasketHolding {
    pub netuid: NetUid,
    pub alpha: AlphaRao,
    pub spot_tao: Rao,
    pub realizable_tao: Rao,
}

/// A validator's basket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[expect(missing_docs, reason = "not modelled: a shape")]
pub struct BasketSummary {
    pub hotkey: AccountId,
    pub nav_tao: Rao,
    pub spot_nav_tao: Rao,
    pub shares: u64,
    pub deposited_tao: Rao,
    pub redeemed_tao: Rao,
    pub holdings: Vec<BasketHolding>,
}

/// A coldkey's part of a basket.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[expect(missing_docs, reason = "not modelled: a shape")]
pub struct BasketPosition {
    pub hotkey: AccountId,
    pub beta: u64,
    pub beta_total: u64,
    pub nav_tao: Rao,
    pub value_tao: Rao,
    pub spot_value_tao: Rao,
}

/// The price of a basket's shares.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[expect(missing_docs, reason = "not modelled: a shape")]
pub struct BetaPricing {
    pub hotkey: AccountId,
    pub spot_price: U64F64,
    pub display_price: U64F64,
    pub stake_price: U64F64,
    pub staker_yield: U64F64,
    pub staker_twr: U64F64,
    pub bag_index: U64F64,
    pub stake_index: U64F64,
    pub first_block: u64,
    pub provisional: bool,
    pub spot_nav_tao: Rao,
    pub shares: u64,
    pub display_shares: U64F64,
}

/// Prices of some baskets, and where the next page begins.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[expect(missing_docs, reason = "not modelled: a shape")]
pub struct BetaPricingPage {
    pub pricing: Vec<BetaPricing>,
    pub next: Option<AccountId>,
}

/// A coldkey's part of a basket, in shares as they are shown.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[expect(missing_docs, reason = "not modelled: a shape")]
pub struct BetaPosition {
    pub hotkey: AccountId,
    pub beta: u64,
    pub display_beta: U64F64,
    pub display_price: U64F64,
    pub value_tao: Rao,
    pub spot_value_tao: Rao,
    pub provisional: bool,
}

/// Whether a basket may trade.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[expect(missing_docs, reason = "not modelled: a shape")]
pub struct BasketTradingStatus {
    pub enabled: bool,
    pub frozen: bool,
    pub refill_blocks: u64,
    pub tao_available: Rao,
    pub budget_tao: Rao,
}

runtime_api! { METHODS of BetaBasketRuntimeApi:
    /// Not modelled: zero.
    get_root_basket_owed(coldkey: AccountId) -> Rao = |_, _| Rao::ZERO;
    /// Not modelled: zero.
    get_basket_payout(hotkey: AccountId, coldkey: AccountId) -> Rao = |_, _, _| Rao::ZERO;
    /// Not modelled: zero.
    get_validator_basket_nav(hotkey: AccountId) -> Rao = |_, _| Rao::ZERO;
    /// Not modelled: nothing.
    get_validator_basket(hotkey: AccountId) -> Vec<(NetUid, AlphaRao, Rao)> = |_, _| Vec::new();
    /// Not modelled: zero.
    get_root_basket_total_nav() -> Rao = |_| Rao::ZERO;
    /// Not modelled: an empty basket.
    get_validator_basket_summary(hotkey: AccountId) -> BasketSummary =
        |_, hotkey| BasketSummary { hotkey, ..BasketSummary::default() };
    /// Not modelled: nothing.
    get_all_validator_baskets() -> Vec<BasketSummary> = |_| Vec::new();
    /// Not modelled: nothing.
    get_root_basket_positions(coldkey: AccountId) -> Vec<(AccountId, u64, Rao)> = |_, _| Vec::new();
    /// Not modelled: none.
    get_basket_position(hotkey: AccountId, coldkey: AccountId) -> Option<BasketPosition> = |_, _, _| None;
    /// Not modelled: nothing.
    get_root_basket_portfolio(coldkey: AccountId) -> Vec<BasketPosition> = |_, _| Vec::new();
    /// Not modelled: none.
    get_beta_pricing(hotkey: AccountId) -> Option<BetaPricing> = |_, _| None;
    /// Not modelled: an empty page.
    get_all_beta_pricing(start_after: Option<AccountId>, limit: u32) -> BetaPricingPage =
        |_, _, _| BetaPricingPage { pricing: Vec::new(), next: None };
    /// Not modelled: zero.
    get_beta_index() -> (U64F64, U64F64) = |_| (U64F64::ZERO, U64F64::ZERO);
    /// Not modelled: none.
    get_beta_position(hotkey: AccountId, coldkey: AccountId) -> Option<BetaPosition> = |_, _, _| None;
    /// Not modelled: nothing.
    get_beta_portfolio(coldkey: AccountId) -> Vec<BetaPosition> = |_, _| Vec::new();
    /// Not modelled: no trading.
    get_basket_trading_status(hotkey: AccountId) -> BasketTradingStatus =
        |_, _| BasketTradingStatus::default();
}
