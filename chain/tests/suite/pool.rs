//! The pool against recorded vectors, the specification's worked figures, and its own slow algorithms.

use chain::math::fixed::U64F64;
use chain::pool::{
    Balancer, Order, PRICE_MAX, Power, Reserves, Side, SwapError, SwapResult, pow, pow_by_series, swap,
};
use proptest::prelude::*;
use serde_json::Value;

const PARTS: u64 = 1_000_000_000_000_000_000;

fn number(line: &Value, name: &str) -> u64 {
    line[name].as_u64().unwrap_or_else(|| panic!("{name} of {line}"))
}

fn bits(line: &Value, name: &str) -> U64F64 {
    U64F64::from_bits(line[name].as_str().unwrap().parse().unwrap())
}

#[track_caller]
fn vectors(name: &str, at_least: usize) -> Vec<Value> {
    let lines = fixtures::pallet::lines(name).unwrap();
    assert!(lines.len() >= at_least, "{name} has only {} lines", lines.len());
    lines
}

#[test]
fn pow_equals_the_recorded_one() {
    for line in vectors("fn_pow", 3_000) {
        let base = (number(&line, "base_num").into(), number(&line, "base_den").into());
        let exponent = (number(&line, "exp_num"), number(&line, "exp_den"));
        let precision = u32::try_from(number(&line, "precision")).unwrap();
        let expected = match line["res"].as_str().unwrap().parse() {
            Ok(value) => Power::Fits(value),
            Err(_) => Power::Above,
        };
        assert_eq!(pow(base, exponent, precision, number(&line, "scale")), Some(expected), "{line}");
    }
}

#[test]
fn balancer_equals_the_recorded_one() {
    for line in vectors("fn_balancer", 3_000) {
        let reserves = Reserves { tao: number(&line, "tao_reserve"), alpha: number(&line, "alpha_reserve") };
        let balancer = Balancer::new(number(&line, "quote_weight_parts")).unwrap();
        let price = balancer.price(reserves);
        assert_eq!(price, bits(&line, "price_u64f64"), "price {line}");
        let exp = balancer.exp_base_quote(reserves.alpha, number(&line, "dx").into());
        assert_eq!(exp, bits(&line, "exp_base_quote_u64f64"), "exp_base_quote {line}");
        let exp = balancer.exp_quote_base(reserves.tao, number(&line, "dy").into());
        assert_eq!(exp, bits(&line, "exp_quote_base_u64f64"), "exp_quote_base {line}");
        let delta = balancer.quote_delta_in(price, bits(&line, "target_up_u64f64"), reserves.tao);
        assert_eq!(delta, number(&line, "quote_delta_in"), "quote_delta_in {line}");
        let delta = balancer.base_delta_in(price, bits(&line, "target_down_u64f64"), reserves.alpha);
        assert_eq!(delta, number(&line, "base_delta_in"), "base_delta_in {line}");
        let needed = balancer.base_needed_for_quote(reserves, number(&line, "dt"));
        assert_eq!(needed, number(&line, "base_needed_for_quote"), "base_needed_for_quote {line}");
        let added =
            balancer.with_added_liquidity(reserves, number(&line, "add_tao"), number(&line, "add_alpha"));
        assert_eq!(added.is_ok(), line["add_ok"].as_bool().unwrap(), "add_ok {line}");
        let weight = added.unwrap_or(balancer).quote_weight();
        assert_eq!(weight, number(&line, "new_quote_weight_parts"), "new weight {line}");
    }
}

#[test]
fn swap_equals_the_recorded_one() {
    for line in vectors("fn_swap", 3_000) {
        let reserves = Reserves { tao: number(&line, "tao_reserve"), alpha: number(&line, "alpha_reserve") };
        let balancer = Balancer::new(number(&line, "quote_weight_parts")).unwrap();
        let order = Order {
            side: if line["side"] == "buy" { Side::Buy } else { Side::Sell },
            amount: number(&line, "amount_in"),
            limit_price: number(&line, "limit_price"),
            fee_rate: u16::try_from(number(&line, "fee_rate")).unwrap(),
            drop_fees: line["drop_fees"].as_bool().unwrap(),
        };
        let result = swap(reserves, balancer, &order);
        match &line["res"]["Ok"] {
            Value::Null => {
                let name = result.expect_err(&line.to_string()).name();
                assert!(line["res"]["Err"].as_str().unwrap().contains(name), "{name} for {line}");
            }
            expected => {
                let expected = SwapResult {
                    amount_paid_in: number(expected, "in"),
                    amount_paid_out: number(expected, "out"),
                    fee_paid: number(expected, "fee"),
                    fee_to_block_author: number(expected, "fee_to_block_author"),
                };
                assert_eq!(result, Ok(expected), "{line}");
            }
        }
    }
}

const fn buy(amount: u64, limit_price: u64) -> Order {
    Order { side: Side::Buy, amount, limit_price, fee_rate: 33, drop_fees: false }
}

const fn sell(amount: u64, limit_price: u64) -> Order {
    Order { side: Side::Sell, amount, limit_price, fee_rate: 33, drop_fees: false }
}

#[track_caller]
fn check_swap(reserves: (u64, u64), weight: u64, order: Order, paid_in: u64, fee: u64, out: u64) {
    let reserves = Reserves { tao: reserves.0, alpha: reserves.1 };
    let expected =
        SwapResult { amount_paid_in: paid_in, amount_paid_out: out, fee_paid: fee, fee_to_block_author: fee };
    assert_eq!(swap(reserves, Balancer::new(weight).unwrap(), &order), Ok(expected));
}

#[test]
fn worked_swaps_of_the_specification() {
    let (half, odd) = (PARTS / 2, 480_000_000_000_000_123);
    let trillion = 1_000_000_000_000;
    check_swap((trillion, trillion), half, buy(1_000_000_000, PRICE_MAX), 999_496_453, 503_547, 998_498_457);
    let ten_billion = 10_000_000_000;
    check_swap(
        (ten_billion, ten_billion),
        half,
        buy(1_000_000_000, PRICE_MAX),
        999_496_453,
        503_547,
        908_674_735,
    );
    check_swap((1_000_000_000, 4_000_000_000), half, buy(123_456, PRICE_MAX), 123_394, 62, 493_515);
    let (small, large) = (trillion, 4 * trillion);
    check_swap((small, large), odd, buy(5_000_000_000, PRICE_MAX), 4_997_482_262, 2_517_738, 18_364_003_815);
    check_swap((small, large), odd, sell(7_000_000_000, 1_000), 6_996_475_166, 3_524_834, 1_891_432_419);
    let price = Balancer::new(odd).unwrap().price(Reserves { tao: small, alpha: large });
    assert_eq!(price, U64F64::from_bits(4_995_993_186_629_667_767));
    assert_eq!(
        pow((small.into(), 1_004_997_482_262), (odd, PARTS - odd), 256, PARTS),
        Some(Power::Fits(995_408_999_046_135_292))
    );
    // A limit of four times the price doubles the TAO reserve.
    let billion = 1_000_000_000;
    check_swap((billion, billion), half, buy(2 * billion, 4_000_000_000), billion, 503_801, billion / 2);
}

#[test]
fn worked_weight_updates_of_the_specification() {
    let reserves = Reserves { tao: 1_000_000_000_000, alpha: 4_000_000_000_000 };
    let updated =
        |tao, alpha| Balancer::default().with_added_liquidity(reserves, tao, alpha).unwrap().quote_weight();
    assert_eq!(updated(500_000_000, 0), 500_124_968_757_810_547);
    assert_eq!(updated(500_000_000, 2_000_000_000), PARTS / 2);
    let empty = Reserves::default();
    assert_eq!(Balancer::new(PARTS / 4).unwrap().with_added_liquidity(empty, 1, 1), Ok(Balancer::default()));
}

#[test]
fn each_refusal_and_its_neighbour() {
    let reserves = Reserves { tao: 2_000_000_000, alpha: 1_000_000_000 };
    let go = |reserves, order| swap(reserves, Balancer::default(), &order);
    let without_fee = |order| Order { drop_fees: true, ..order };
    let most = 1_000 * reserves.alpha;
    assert_eq!(go(reserves, without_fee(sell(most + 1, 1_000))), Err(SwapError::SwapInputTooLarge));
    assert_eq!(go(reserves, without_fee(sell(most, 1_000))).unwrap().amount_paid_in, most);
    assert_eq!(go(reserves, without_fee(buy(2 * most + 1, PRICE_MAX))), Err(SwapError::SwapInputTooLarge));
    let low = Reserves { alpha: 999_999, ..reserves };
    assert_eq!(go(low, buy(1_000, PRICE_MAX)), Err(SwapError::ReservesTooLow));
    assert!(go(Reserves { alpha: 1_000_000, ..reserves }, buy(1_000_000, PRICE_MAX)).is_ok());
    assert_eq!(go(reserves, buy(1_000, 2_000_000_000)), Err(SwapError::PriceLimitExceeded));
    assert!(go(reserves, buy(1_000, 2_000_000_001)).is_ok());
    assert_eq!(go(reserves, sell(1_000, 2_000_000_000)), Err(SwapError::PriceLimitExceeded));
    assert!(go(reserves, sell(1_000, 1_999_999_999)).is_ok());
    // One rao buys nothing in a pool with a high price.
    let dear = Reserves { tao: 1_000_000_000_000, alpha: 2_000_000 };
    assert_eq!(go(dear, buy(1, PRICE_MAX)), Err(SwapError::ReservesTooLow));
    assert_eq!(go(dear, buy(0, PRICE_MAX)), Ok(SwapResult::default()));
}

#[test]
fn weights_stay_between_one_and_ninety_nine_hundredths() {
    assert!(Balancer::new(PARTS / 100).is_ok() && Balancer::new(PARTS / 100 * 99).is_ok());
    assert_eq!(Balancer::new(PARTS / 100 - 1).unwrap_err().parts, PARTS / 100 - 1);
    assert!(Balancer::new(PARTS / 100 * 99 + 1).is_err() && Balancer::new(u64::MAX).is_err());
}

#[test]
fn powers_at_the_edges() {
    let go = |base, exponent| pow(base, exponent, 256, PARTS);
    assert_eq!(go((1, 0), (1, 1)), None);
    assert_eq!(go((1, 1), (1, 0)), None);
    assert_eq!(go((0, 1), (0, 1)), Some(Power::Fits(0)));
    assert_eq!(go((7, 9), (0, 1)), Some(Power::Fits(PARTS)));
    assert_eq!(go((7, 7), (PARTS - 1, PARTS)), Some(Power::Fits(PARTS)));
    // Exact rational results, which no approximation can tell from their neighbours.
    assert_eq!(go((4, 9), (1, 2)), Some(Power::Fits(666_666_666_666_666_666)));
    assert_eq!(go((1, 4), (3, 2)), Some(Power::Fits(125_000_000_000_000_000)));
    assert_eq!(go((1 << 100, 1 << 102), (1, 2)), Some(Power::Fits(PARTS / 2)));
    assert_eq!(go(((1 << 100) - 1, 1 << 102), (1, 2)), Some(Power::Fits(PARTS / 2 - 1)));
    assert_eq!(go((324, 1), (1, 2)), Some(Power::Fits(18 * PARTS)));
    assert_eq!(go((361, 1), (1, 2)), Some(Power::Above));
    assert_eq!(go((1, u128::MAX), (1024, 1)), Some(Power::Fits(0)));
    assert_eq!(go((u128::MAX, 1), (u64::MAX, 1)), Some(Power::Above));
    assert_eq!(pow((1 << 64, 1), (1, 1), 256, 1), Some(Power::Above));
    assert_eq!(pow(((1 << 64) - 1, 1), (1, 1), 256, 1), Some(Power::Fits(u64::MAX)));
    assert_eq!(pow((u128::MAX, 1 << 64), (1, 1), 256, 1), Some(Power::Fits(u64::MAX)));
}

/// Exponents as weights of a pool: arbitrary ones, and round ones that reduce to small numbers.
fn weights() -> impl Strategy<Value = (u64, u64)> {
    let fine = PARTS / 100..=PARTS / 100 * 99;
    prop_oneof![2 => fine, 1 => (1_u64..100).prop_map(|hundredth| hundredth * (PARTS / 100))]
        .prop_map(|weight| (weight, PARTS - weight))
}

fn reserve() -> impl Strategy<Value = u64> {
    (1_u64.., 0_u32..50).prop_map(|(bits, down)| (bits >> down).max(1))
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: if fixtures::slow() { 20_000 } else { 256 }, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn quick_powers_equal_the_slow_algorithms(before in reserve(), change in reserve(), weights in weights(), falls in any::<bool>()) {
        let after = if falls { before.saturating_sub(change).max(1) } else { before.saturating_add(change) };
        let base = (before.into(), after.into());
        prop_assert_eq!(pow(base, weights, 256, PARTS), pow_by_series(base, weights, 256, PARTS));
    }

    #[test]
    fn quick_powers_of_price_ratios_equal_the_slow_algorithms(bits in 1_u128.., up in 0_u32..100, weight in weights()) {
        let base = (bits, (bits >> (up / 4)).saturating_add(1));
        let exponent = (weight.0, PARTS);
        prop_assert_eq!(pow(base, exponent, 1024, PARTS), pow_by_series(base, exponent, 1024, PARTS));
    }

    #[test]
    fn a_swap_never_empties_the_pool_and_respects_its_limit(
        tao in 1_000_000_u64..1 << 60, alpha in 1_000_000_u64..1 << 60, weights in weights(),
        amount in 1_u64.., down in 0_u32..40, limit in 1_000..PRICE_MAX, buys in any::<bool>(),
    ) {
        let reserves = Reserves { tao, alpha };
        let balancer = Balancer::new(weights.0).unwrap();
        let amount = amount >> down;
        let order = if buys { buy(amount, limit) } else { sell(amount, limit) };
        if let Ok(result) = swap(reserves, balancer, &order) {
            let reserve_out = if buys { alpha } else { tao };
            prop_assert!(result.amount_paid_out <= reserve_out);
            prop_assert!(result.amount_paid_in <= amount);
            prop_assert!(result.fee_to_block_author <= result.fee_paid);
        }
    }
}
