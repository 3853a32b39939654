//! The pool of a dynamic subnet: a weighted balancer between TAO and alpha (`chain.md` section 5).
//!
//! Everything here is a pure function of reserves, weights and amounts. Who may trade, where the reserves are kept and
//! who gets the fee is decided elsewhere. TAO is the *quote* side, alpha the *base* side.

mod balancer;
mod power;
mod swap;

pub use balancer::{Balancer, Reserves, WeightError};
pub use power::{Power, pow, pow_by_series};
pub use swap::{
    DEFAULT_FEE_RATE, FEE_RATE_MAX, INPUT_OVER_RESERVE_MAX, Order, PRICE_MAX, PRICE_MIN, RESERVE_MIN, Side,
    SwapError, SwapResult, approximate_fee, price_from_limit, swap, swap_stable,
};
