//! `SwapRuntimeApi`: prices, and what a swap would give.

use super::{View, runtime_api};
use crate::math::fixed::U64F64;
use crate::pool::{Side, SwapResult};
use crate::runtime::swap;
use crate::units::{AlphaRao, NetUid, Rao, TAO};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// What a swap would give; all zero where it would be refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SimSwapResult {
    /// TAO into the pool without the fee, or out of it.
    pub tao_amount: Rao,
    /// Alpha out of the pool, or into it without the fee.
    pub alpha_amount: AlphaRao,
    /// Fee of a purchase.
    pub tao_fee: Rao,
    /// Fee of a sale.
    pub alpha_fee: AlphaRao,
    /// TAO that a sale gives less than at the price before it, fee included.
    pub tao_slippage: Rao,
    /// Alpha that a purchase gives less than at the price before it, fee included.
    pub alpha_slippage: AlphaRao,
}

/// The price of a subnet's alpha.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SubnetPrice {
    /// The subnet.
    pub netuid: NetUid,
    /// Rao per alpha.
    pub price: u64,
}

/// Rao per alpha.
fn price(view: &View<'_>, netuid: NetUid) -> u64 {
    swap::price(view.state(), netuid).saturating_mul(U64F64::from_u64(TAO)).to_u64()
}

fn prices(view: &View<'_>) -> Vec<SubnetPrice> {
    view.netuids().map(|netuid| SubnetPrice { netuid, price: price(view, netuid) }).collect()
}

/// What a swap would do; `None` where it would be refused, or where there is no subnet.
fn quote(view: &View<'_>, netuid: NetUid, side: Side, amount: u64) -> Option<SwapResult> {
    view.subnet(netuid)?;
    swap::sim_swap(view.state(), netuid, side, amount).ok()
}

fn buy(view: &View<'_>, netuid: NetUid, tao: Rao) -> SimSwapResult {
    let Some(done) = quote(view, netuid, Side::Buy, tao.get()) else { return SimSwapResult::default() };
    let SwapResult { amount_paid_in, amount_paid_out, fee_paid, .. } = done;
    let at_price = U64F64::from_u64(tao.get()).safe_div(swap::price(view.state(), netuid)).to_u64();
    SimSwapResult {
        tao_amount: Rao(amount_paid_in),
        alpha_amount: AlphaRao(amount_paid_out),
        tao_fee: Rao(fee_paid),
        alpha_slippage: AlphaRao(at_price.saturating_sub(amount_paid_out)),
        ..SimSwapResult::default()
    }
}

fn sell(view: &View<'_>, netuid: NetUid, alpha: AlphaRao) -> SimSwapResult {
    let Some(done) = quote(view, netuid, Side::Sell, alpha.get()) else { return SimSwapResult::default() };
    let SwapResult { amount_paid_in, amount_paid_out, fee_paid, .. } = done;
    let at_price = U64F64::from_u64(alpha.get()).saturating_mul(swap::price(view.state(), netuid)).to_u64();
    SimSwapResult {
        tao_amount: Rao(amount_paid_out),
        alpha_amount: AlphaRao(amount_paid_in),
        alpha_fee: AlphaRao(fee_paid),
        tao_slippage: Rao(at_price.saturating_sub(amount_paid_out)),
        ..SimSwapResult::default()
    }
}

runtime_api! { METHODS of SwapRuntimeApi:
    /// Rao per alpha of a subnet; 10^9 where there is no pool.
    current_alpha_price(netuid: NetUid) -> u64 = price;
    /// The price of each subnet, root included.
    current_alpha_price_all() -> Vec<SubnetPrice> = prices;
    /// What a purchase of alpha would give.
    sim_swap_tao_for_alpha(netuid: NetUid, tao: Rao) -> SimSwapResult = buy;
    /// What a sale of alpha would give.
    sim_swap_alpha_for_tao(netuid: NetUid, alpha: AlphaRao) -> SimSwapResult = sell;
}
