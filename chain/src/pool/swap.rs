//! One swap against a pool (`chain.md` section 5.5).

use thiserror::Error;

use super::balancer::{Balancer, Reserves};
use crate::math::fixed::U64F64;

/// The smallest reserve that can still be bought from, in rao.
pub const RESERVE_MIN: u64 = 1_000_000;
/// How many times the reserve of its own side an input may be.
pub const INPUT_OVER_RESERVE_MAX: u64 = 1_000;
/// The lowest limit price, in rao per alpha: what a sale without a limit uses.
pub const PRICE_MIN: u64 = 1_000;
/// The highest limit price, in rao per alpha: what a purchase without a limit uses.
pub const PRICE_MAX: u64 = 1_000_000_000_000_000;
/// The fee rate of a new subnet, of 65,535.
pub const DEFAULT_FEE_RATE: u16 = 33;
/// The highest fee rate that can be set, of 65,535.
pub const FEE_RATE_MAX: u16 = 10_000;

/// Which way a swap goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// TAO in, alpha out.
    Buy,
    /// Alpha in, TAO out.
    Sell,
}

/// What is asked of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Direction.
    pub side: Side,
    /// Input including the fee, in rao of the input side.
    pub amount: u64,
    /// Worst acceptable spot price after the swap, in rao per alpha: the order is filled only up to there.
    pub limit_price: u64,
    /// The pool's fee rate, of 65,535.
    pub fee_rate: u16,
    /// Whether the fee is waived.
    pub drop_fees: bool,
}

/// What a swap does. All amounts in rao, the fee in that of the input side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SwapResult {
    /// Input that enters the pool, **without** the fee.
    pub amount_paid_in: u64,
    /// Output that leaves the pool.
    pub amount_paid_out: u64,
    /// Fee taken from the input, on top of `amount_paid_in`.
    pub fee_paid: u64,
    /// How much of the fee goes to the block's author.
    pub fee_to_block_author: u64,
}

/// Why a swap is refused. The names are those of the chain's swap pallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SwapError {
    /// The input is more than a thousand times the reserve it is added to.
    #[error("swap input is more than {INPUT_OVER_RESERVE_MAX} times its reserve")]
    SwapInputTooLarge,
    /// The output reserve is below the minimum, or the input is too small to buy anything.
    #[error("pool reserves are too low for this swap")]
    ReservesTooLow,
    /// The spot price is already at or past the limit.
    #[error("spot price is already at or past the limit price")]
    PriceLimitExceeded,
    /// The output is more than the pool holds.
    #[error("pool does not hold the output of this swap")]
    InsufficientLiquidity,
}

impl SwapError {
    /// The error's name in the chain's metadata.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SwapInputTooLarge => "SwapInputTooLarge",
            Self::ReservesTooLow => "ReservesTooLow",
            Self::PriceLimitExceeded => "PriceLimitExceeded",
            Self::InsufficientLiquidity => "InsufficientLiquidity",
        }
    }
}

/// A price in rao per alpha as TAO per alpha.
#[must_use]
pub fn price_from_limit(limit_price: u64) -> U64F64 {
    U64F64::from_u64(limit_price).safe_div(U64F64::from_u64(1_000_000_000))
}

/// The fee of an input when the order is filled whole.
#[must_use]
pub fn approximate_fee(amount: u64, fee_rate: u16) -> u64 {
    let rate = U64F64::from_u64(fee_rate.into()).safe_div(U64F64::from_u64(u16::MAX.into()));
    U64F64::from_u64(amount).saturating_mul(rate).to_u64()
}

/// A swap on a subnet without a pool: one to one, without fee or limit.
#[must_use]
pub const fn swap_stable(amount: u64) -> SwapResult {
    SwapResult { amount_paid_in: amount, amount_paid_out: amount, fee_paid: 0, fee_to_block_author: 0 }
}

/// Computes a swap; applying it to the reserves is the caller's part.
///
/// # Errors
/// See [`SwapError`]; the checks run in the order of its first three variants, then again `ReservesTooLow` for an
/// input that buys nothing.
pub fn swap(reserves: Reserves, balancer: Balancer, order: &Order) -> Result<SwapResult, SwapError> {
    let fee_rate = if order.drop_fees { 0 } else { order.fee_rate };
    let fee = approximate_fee(order.amount, fee_rate);
    let net = order.amount.saturating_sub(fee);
    let (reserve_in, reserve_out) = match order.side {
        Side::Buy => (reserves.tao, reserves.alpha),
        Side::Sell => (reserves.alpha, reserves.tao),
    };
    if net > reserve_in.saturating_mul(INPUT_OVER_RESERVE_MAX) {
        return Err(SwapError::SwapInputTooLarge);
    }
    if reserve_out < RESERVE_MIN {
        return Err(SwapError::ReservesTooLow);
    }
    let (price, limit) = (balancer.price(reserves), price_from_limit(order.limit_price));
    let open = match order.side {
        Side::Buy => price < limit,
        Side::Sell => price > limit,
    };
    if !open {
        return Err(SwapError::PriceLimitExceeded);
    }

    let pool = Pool { reserves, balancer, side: order.side };
    let whole_out = pool.output_for(net);
    let (paid_in, paid_out, fee) = if pool.stays_within(net, whole_out, limit) {
        (net, whole_out, fee)
    } else {
        let paid_in = pool.input_up_to(price, limit);
        (paid_in, pool.output_for(paid_in), fee_on_top(paid_in, fee_rate))
    };
    if paid_in != 0 && paid_out == 0 {
        return Err(SwapError::ReservesTooLow);
    }
    if paid_out > reserve_out {
        return Err(SwapError::InsufficientLiquidity);
    }
    Ok(SwapResult {
        amount_paid_in: paid_in,
        amount_paid_out: paid_out,
        fee_paid: fee,
        fee_to_block_author: if paid_in == 0 { 0 } else { fee },
    })
}

/// The fee of an order that is filled in part: taken on top of what enters the pool.
fn fee_on_top(paid_in: u64, fee_rate: u16) -> u64 {
    let rest = u16::MAX.saturating_sub(fee_rate);
    let rate = U64F64::from_u64(fee_rate.into()).safe_div(U64F64::from_u64(rest.into()));
    U64F64::from_u64(paid_in).saturating_mul(rate).to_u64()
}

/// A pool seen from one side.
struct Pool {
    reserves: Reserves,
    balancer: Balancer,
    side: Side,
}

impl Pool {
    /// Output for an input without its fee.
    fn output_for(&self, paid_in: u64) -> u64 {
        let (left, reserve) = match self.side {
            Side::Buy => {
                (self.balancer.exp_quote_base(self.reserves.tao, paid_in.into()), self.reserves.alpha)
            }
            Side::Sell => {
                (self.balancer.exp_base_quote(self.reserves.alpha, paid_in.into()), self.reserves.tao)
            }
        };
        // A power that did not converge may exceed one; the subtraction stops at zero then.
        U64F64::ONE.saturating_sub(left).saturating_mul(U64F64::from_u64(reserve)).to_u64()
    }

    /// Whether the spot price does not pass the limit when `paid_in` is taken for `out`.
    fn stays_within(&self, paid_in: u64, out: u64, limit: U64F64) -> bool {
        let Reserves { tao, alpha } = self.reserves;
        match self.side {
            Side::Buy => {
                let after = Reserves { tao: tao.saturating_add(paid_in), alpha: alpha.saturating_sub(out) };
                self.balancer.price(after) <= limit
            }
            Side::Sell => {
                let after = Reserves { tao: tao.saturating_sub(out), alpha: alpha.saturating_add(paid_in) };
                self.balancer.price(after) >= limit
            }
        }
    }

    /// Input that moves the spot price to the limit.
    fn input_up_to(&self, price: U64F64, limit: U64F64) -> u64 {
        match self.side {
            Side::Buy => self.balancer.quote_delta_in(price, limit, self.reserves.tao),
            Side::Sell => self.balancer.base_delta_in(price, limit, self.reserves.alpha),
        }
    }
}
