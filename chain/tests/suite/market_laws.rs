//! Laws of the pool and of the split of emission on random inputs: I10, I11 and I15, in exact fractions.
//!
//! **Source**: spec/chain.md section 14.

use chain::kernel::split_emission;
use chain::pool::{
    Balancer, FEE_RATE_MAX, INPUT_OVER_RESERVE_MAX, Order, PRICE_MAX, PRICE_MIN, RESERVE_MIN, Reserves, Side,
    SwapError, SwapResult, swap,
};
use proptest::collection::vec;
use proptest::prelude::*;
use ruint::aliases::U256;

/// One whole weight.
const WHOLE: u64 = 1_000_000_000_000_000_000;
/// One TAO per alpha as a limit price.
const PAR: u64 = 1_000_000_000;

fn big(number: u64) -> U256 {
    U256::from(number)
}

/// A pool between two swaps.
#[derive(Clone, Copy, Debug)]
struct Market {
    reserves: Reserves,
    balancer: Balancer,
}

impl Market {
    /// TAO per alpha as a fraction. Both sides are below 2^124.
    fn price(self) -> (U256, U256) {
        let Reserves { tao, alpha } = self.reserves;
        (big(self.balancer.base_weight()) * big(tao), big(self.balancer.quote_weight()) * big(alpha))
    }
    fn after(self, side: Side, done: &SwapResult) -> Self {
        let Reserves { tao, alpha } = self.reserves;
        let (paid, got) = (done.amount_paid_in, done.amount_paid_out);
        let reserves = match side {
            Side::Buy => Reserves { tao: tao + paid, alpha: alpha - got },
            Side::Sell => Reserves { tao: tao - got, alpha: alpha + paid },
        };
        Self { reserves, ..self }
    }
    fn swap(self, order: &Order) -> Result<SwapResult, SwapError> {
        swap(self.reserves, self.balancer, order)
    }
}

/// Whether one fraction is at most another.
fn at_most(one: (U256, U256), other: (U256, U256)) -> bool {
    one.0 * other.1 <= other.0 * one.1
}

fn reserve() -> impl Strategy<Value = u64> {
    (RESERVE_MIN..1 << 54, 0_u32..34).prop_map(|(bits, down)| (bits >> down).max(RESERVE_MIN))
}

/// Weights as far apart as the chain's own play brings them, and farther; beyond, a swap can buy a whole reserve.
fn market() -> impl Strategy<Value = Market> {
    (reserve(), reserve(), WHOLE / 4..=WHOLE / 4 * 3).prop_map(|(tao, alpha, weight)| Market {
        reserves: Reserves { tao, alpha },
        balancer: Balancer::new(weight).unwrap(),
    })
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Buy), Just(Side::Sell)]
}

/// At any price, as much as the pool takes and less.
fn order(market: Market, side: Side, (size, down): (u64, u32), fee_rate: u16) -> Order {
    let reserve = match side {
        Side::Buy => market.reserves.tao,
        Side::Sell => market.reserves.alpha,
    };
    let amount = (size % reserve.saturating_mul(INPUT_OVER_RESERVE_MAX)) >> down;
    let limit_price = match side {
        Side::Buy => PRICE_MAX,
        Side::Sell => PRICE_MIN,
    };
    Order { side, amount: amount.max(1), limit_price, fee_rate, drop_fees: false }
}

/// What rounding may add to the output of a swap: 10^-18 of the reserve, the last bits of the fixed point, a rao.
fn rounding(reserve: u64) -> u64 {
    reserve / WHOLE + 2
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: if fixtures::slow() { 20_000 } else { 512 }, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn i10_a_swap_leaves_both_reserves_and_moves_the_price_its_way(
        market in market(), side in side(), size in (any::<u64>(), 0_u32..60), fee_rate in 0..=FEE_RATE_MAX,
    ) {
        let order = order(market, side, size, fee_rate);
        let Ok(done) = market.swap(&order) else { return Ok(()) };
        let reserve = if side == Side::Buy { market.reserves.alpha } else { market.reserves.tao };
        prop_assert!(done.amount_paid_out < reserve, "{done:?}");
        prop_assert!(done.amount_paid_in + done.fee_paid <= order.amount, "{done:?}");
        let (before, after) = (market.price(), market.after(side, &done).price());
        match side {
            Side::Buy => prop_assert!(at_most(before, after), "{done:?}"),
            Side::Sell => prop_assert!(at_most(after, before), "{done:?}"),
        }
    }

    #[test]
    fn i10_there_and_back_again_is_no_gain(market in market(), side in side(), size in (any::<u64>(), 0_u32..60)) {
        let there = Order { drop_fees: true, ..order(market, side, size, 0) };
        let Ok(done) = market.swap(&there) else { return Ok(()) };
        let after = market.after(side, &done);
        let (back, limit_price, given, taken) = match side {
            Side::Buy => (Side::Sell, PRICE_MIN, market.reserves.alpha, after.reserves.tao),
            Side::Sell => (Side::Buy, PRICE_MAX, market.reserves.tao, after.reserves.alpha),
        };
        let order = Order { side: back, amount: done.amount_paid_out, limit_price, ..there };
        let Ok(returned) = after.swap(&order) else { return Ok(()) };
        // What the first output was rounded up by is sold at the price that the first swap left.
        let (tao, alpha) = after.price();
        let (up, down) = if side == Side::Buy { (tao, alpha) } else { (alpha, tao) };
        let most = big(done.amount_paid_in) + big(rounding(given)) * up / down + big(rounding(taken)) + big(2);
        prop_assert!(big(returned.amount_paid_out) <= most, "{done:?}, and back {returned:?}");
    }

    #[test]
    fn i10_a_swap_stops_at_its_limit(
        market in market(), side in side(), size in (any::<u64>(), 0_u32..60), limit in (1_u64.., 0_u32..60),
    ) {
        let limit_price = (limit.0 >> limit.1).clamp(PRICE_MIN, PRICE_MAX);
        let order = Order { limit_price, ..order(market, side, size, 33) };
        let before = market.price();
        let bound = (big(limit_price), big(PAR));
        match market.swap(&order) {
            Err(SwapError::PriceLimitExceeded) => {
                // The chain cuts prices to 64 fractional bits before it compares them: the price may fall short of the
                // limit by so much.
                let (a, b) = before;
                let beyond = match side {
                    Side::Buy => at_most(bound, (a + (a >> 30) + (b >> 60), b)),
                    Side::Sell => at_most((a, b), (bound.0 + U256::from(1), bound.1)),
                };
                prop_assert!(beyond);
            }
            Err(_) => {}
            Ok(done) => {
                let after = market.after(side, &done);
                // Without what rounding took too much of, the price is on this side of the limit.
                let Reserves { tao, alpha } = after.reserves;
                let undone = match side {
                    Side::Buy => Reserves { tao: tao - 1, alpha: alpha + rounding(market.reserves.alpha) },
                    Side::Sell => Reserves { tao: tao + rounding(market.reserves.tao), alpha: alpha - 1 },
                };
                let (a, b) = Market { reserves: undone, ..after }.price();
                match side {
                    Side::Buy => prop_assert!(at_most((a, b + (b >> 40)), bound), "{done:?}"),
                    Side::Sell => prop_assert!(at_most(bound, (a + (a >> 40), b)) || limit_price == PRICE_MIN, "{done:?}"),
                }
            }
        }
    }

    #[test]
    fn i11_added_liquidity_keeps_the_price(
        market in market(), added in vec((0_u64..=PAR, 0_u64..=PAR, 0_u32..30), 1..300),
    ) {
        let (mut market, (tao, alpha)) = (market, market.price());
        for (quote, base, down) in added {
            let (quote, base) = (quote >> down, base >> (30 - down));
            let Ok(balancer) = market.balancer.with_added_liquidity(market.reserves, quote, base) else { continue };
            let Reserves { tao, alpha } = market.reserves;
            market = Market { reserves: Reserves { tao: tao + quote, alpha: alpha + base }, balancer };
        }
        let (a, b) = market.price();
        let (was, is) = (tao * b, a * alpha);
        prop_assert!(was.abs_diff(is) * big(1_000_000) <= was, "{market:?}");
        prop_assert!((WHOLE / 100..=WHOLE / 100 * 99).contains(&market.balancer.quote_weight()));
    }

    #[test]
    fn i15_what_mechanisms_get_sums_to_what_there_is(
        rao in any::<u64>(), down in 0_u32..64, cuts in vec(any::<u16>(), 0..16), more in 0_usize..4, even in any::<bool>(),
    ) {
        let rao = rao >> down;
        // As the chain takes a split: parts that sum to one whole, at most one for each mechanism.
        let mut cuts = cuts;
        cuts.sort_unstable();
        let edges = [vec![0], cuts, vec![u16::MAX]].concat();
        let split: Vec<u16> = edges.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let count = split.len() + more;
        let mut parts = vec![7; 3];
        split_emission(rao, (!even).then_some(&split[..]), count, &mut parts);
        prop_assert_eq!(parts.len(), count);
        prop_assert_eq!(parts.iter().map(|part| u128::from(*part)).sum::<u128>(), u128::from(rao));
        for (at, part) in parts.iter().enumerate().skip(1) {
            let exact = if even {
                u128::from(rao) / count as u128
            } else {
                u128::from(rao) * u128::from(split.get(at).copied().unwrap_or(0)) / 65_535
            };
            prop_assert_eq!(u128::from(*part), exact, "only the first takes what rounding leaves");
        }
    }
}
