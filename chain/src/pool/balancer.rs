//! Weights and prices of a pool.

use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::power::pow;
use crate::math::fixed::U64F64;
use crate::math::perquintill::{ACCURACY, Perquintill};

/// The smallest weight of either side, one hundredth.
const WEIGHT_MIN: u64 = ACCURACY / 100;
/// Precision of the chain's power function for amounts out, in bits.
const PRECISION_OUT: u32 = 256;
/// Precision of the chain's power function for amounts that reach a price, in bits.
const PRECISION_LIMIT: u32 = 1024;

/// Reserves of a pool, in rao of each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Encode, Decode, Serialize, Deserialize)]
pub struct Reserves {
    /// TAO, the quote side (y).
    pub tao: u64,
    /// Alpha, the base side (x).
    pub alpha: u64,
}

/// A weight that would leave the allowed range of 0.01 to 0.99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("quote weight {parts} parts of 10^18 is outside 10^16 ..= 99 * 10^16")]
pub struct WeightError {
    /// The refused weight, in parts of 10^18.
    pub parts: u64,
}

/// The weights of a pool. **Invariant**: both are at least 0.01.
///
/// JSON and SCALE form: the quote weight in parts of 10^18.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Balancer {
    quote: Perquintill,
}

impl Default for Balancer {
    /// Equal weights.
    fn default() -> Self {
        Self { quote: Perquintill::from_parts(ACCURACY / 2) }
    }
}

impl Balancer {
    /// A pool with this quote (TAO) weight in parts of 10^18.
    ///
    /// # Errors
    /// When either weight would be below 0.01.
    pub const fn new(parts: u64) -> Result<Self, WeightError> {
        if parts < WEIGHT_MIN || parts > ACCURACY - WEIGHT_MIN {
            return Err(WeightError { parts });
        }
        Ok(Self { quote: Perquintill::from_parts(parts) })
    }

    /// The form for storage of a weight that stands there, unchecked: a cheat may have set it.
    pub(crate) const fn of_row(parts: u64) -> Self {
        Self { quote: Perquintill::from_parts(parts) }
    }

    /// The quote (TAO) weight w2 in parts of 10^18.
    #[must_use]
    pub const fn quote_weight(self) -> u64 {
        self.quote.parts()
    }

    /// The base (alpha) weight w1 in parts of 10^18.
    #[must_use]
    pub const fn base_weight(self) -> u64 {
        self.quote.complement().parts()
    }

    /// TAO per alpha: `(w1 / w2) * (y / x)`, each step floored; zero without alpha.
    #[must_use]
    pub fn price(self, reserves: Reserves) -> U64F64 {
        let weights = U64F64::from_u64(self.base_weight()).safe_div(U64F64::from_u64(self.quote_weight()));
        let amounts = U64F64::from_u64(reserves.tao).safe_div(U64F64::from_u64(reserves.alpha));
        weights.saturating_mul(amounts)
    }

    /// `(alpha / (alpha + change))^(w1 / w2)`: what a sale of `change` alpha leaves of the TAO reserve.
    #[must_use]
    pub fn exp_base_quote(self, alpha: u64, change: i128) -> U64F64 {
        reserve_power(alpha, change, (self.base_weight(), self.quote_weight()))
    }

    /// `(tao / (tao + change))^(w2 / w1)`: what a purchase with `change` TAO leaves of the alpha reserve.
    #[must_use]
    pub fn exp_quote_base(self, tao: u64, change: i128) -> U64F64 {
        reserve_power(tao, change, (self.quote_weight(), self.base_weight()))
    }

    /// TAO to pay in until the price has risen from `price` to `target`, before fees.
    #[must_use]
    pub fn quote_delta_in(self, price: U64F64, target: U64F64, tao: u64) -> u64 {
        delta_in((target, price), self.base_weight(), tao)
    }

    /// Alpha to pay in until the price has fallen from `price` to `target`, before fees.
    #[must_use]
    pub fn base_delta_in(self, price: U64F64, target: U64F64, alpha: u64) -> u64 {
        delta_in((price, target), self.quote_weight(), alpha)
    }

    /// Alpha that must be sold to take `tao_out` out of the pool, before fees; zero when the pool has not that much.
    #[must_use]
    pub fn base_needed_for_quote(self, reserves: Reserves, tao_out: u64) -> u64 {
        let power = self.exp_quote_base(reserves.tao, i128::from(tao_out).saturating_neg());
        power.saturating_sub(U64F64::ONE).saturating_mul(U64F64::from_u64(reserves.alpha)).to_u64()
    }

    /// The weights that keep the price when the protocol adds `tao` and `alpha` to the reserves.
    ///
    /// # Errors
    /// When a weight would leave its range; then nothing must be added.
    pub fn with_added_liquidity(self, reserves: Reserves, tao: u64, alpha: u64) -> Result<Self, WeightError> {
        let product = |a: u64, b: u64, more: u64| {
            u128::from(a).saturating_mul(u128::from(b).saturating_add(u128::from(more)))
        };
        let base = self.quote.complement().mul_round(product(reserves.tao, reserves.alpha, alpha));
        let quote = self.quote.mul_round(product(reserves.alpha, reserves.tao, tao));
        let whole = base.saturating_add(quote);
        if whole == 0 {
            return Ok(Self::default());
        }
        Self::new(Perquintill::from_rational(quote, whole).parts())
    }
}

/// `(reserve / (reserve + change))^(exponent)`, floored to 10^-18 and then to 2^-64; zero when it is not defined or
/// does not fit 64 bits.
fn reserve_power(reserve: u64, change: i128, exponent: (u64, u64)) -> U64F64 {
    let size = u64::try_from(change.unsigned_abs()).unwrap_or(u64::MAX);
    let after = if change < 0 { reserve.saturating_sub(size) } else { reserve.saturating_add(size) };
    pow((reserve.into(), after.into()), exponent, PRECISION_OUT, ACCURACY)
        .and_then(super::Power::to_u64)
        .map_or(U64F64::ZERO, |parts| U64F64::from_u64(parts).safe_div(U64F64::from_u64(ACCURACY)))
}

/// `reserve * (ratio^weight - 1)`, floored; zero when the ratio has no denominator.
fn delta_in((above, below): (U64F64, U64F64), weight: u64, reserve: u64) -> u64 {
    pow((above.to_bits(), below.to_bits()), (weight, ACCURACY), PRECISION_LIMIT, ACCURACY).map_or(
        0,
        |power| {
            let ratio =
                U64F64::from_u64(power.to_u64().unwrap_or(u64::MAX)).safe_div(U64F64::from_u64(ACCURACY));
            ratio.saturating_sub(U64F64::ONE).saturating_mul(U64F64::from_u64(reserve)).to_u64()
        },
    )
}
