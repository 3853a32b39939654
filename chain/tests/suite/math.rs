//! Fixed point, transcendental functions and SafeFloat against the recorded vectors and wide-integer models.

use chain::math::fixed::{I32F32, I64F64, I96F32, U64F64, U96F32};
use chain::math::perquintill::Perquintill;
use chain::math::safe_float::SafeFloat;
use chain::math::{transcendental, wide};
use parity_scale_codec::{Decode, Encode};
use proptest::prelude::*;
use ruint::aliases::U256;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn field<T: DeserializeOwned>(line: &Value, name: &str) -> T {
    serde_json::from_value(line[name].clone()).unwrap_or_else(|error| panic!("{name} of {line}: {error}"))
}

#[track_caller]
fn vectors(name: &str, at_least: usize) -> Vec<Value> {
    let lines = fixtures::pallet::lines(name).unwrap();
    assert!(lines.len() >= at_least, "{name} has only {} lines", lines.len());
    lines
}

#[test]
fn exp_ln_log2_equal_the_recorded_ones() {
    for line in vectors("fn_fixed", 1_500) {
        let a: I32F32 = field(&line, "a_i32f32");
        let b: I32F32 = field(&line, "b_i32f32");
        assert_eq!(transcendental::exp(a), field(&line, "exp"), "exp in {line}");
        assert_eq!(transcendental::ln(b), field(&line, "ln"), "ln in {line}");
        assert_eq!(transcendental::log2(b), field(&line, "log2"), "log2 in {line}");
    }
}

#[test]
fn exp_of_exactly_one_has_23_fraction_bits() {
    assert_eq!(transcendental::exp(I32F32::ONE), Some(I32F32::from_bits(11_674_931_200)));
    assert_eq!(transcendental::exp(I32F32::ONE.saturating_neg()), Some(I32F32::from_bits(1_580_030_169)));
    assert_eq!(transcendental::exp(I32F32::saturating_from_i64(-20)), Some(I32F32::from_bits(8)));
    assert_eq!(transcendental::exp(I32F32::ZERO), Some(I32F32::ONE));
    assert_eq!(transcendental::exp(I32F32::MIN), None);
}

#[test]
fn powers_through_ln_and_exp_keep_the_library_errors() {
    let cubed = |bits: i64| {
        let ln = transcendental::ln(I32F32::from_bits(bits)).unwrap();
        transcendental::exp(ln.saturating_mul(I32F32::saturating_from_i64(3)))
            .map(|x| x.to_fixed::<U64F64>().to_bits())
    };
    assert_eq!(cubed(2 << 32), Some(147_573_956_579_701_030_912));
    assert_eq!(cubed(4_724_464_025), Some(24_552_616_409_455_132_672));
    assert_eq!(cubed(4_294_967), Some(17_179_869_184));
    assert_eq!(cubed(1_500 << 32), None);
}

#[test]
fn lock_decay_equals_the_recorded_one() {
    for line in vectors("fn_lock_decay", 500) {
        let decay = transcendental::exp_decay(field(&line, "dt"), field(&line, "tau"));
        assert_eq!(decay, field::<U64F64>(&line, "exp_decay_u64f64"), "{line}");
    }
}

fn float(parts: &Value) -> Option<SafeFloat> {
    let parts = parts.as_array()?;
    let mantissa = parts[0].as_str().unwrap().parse().unwrap();
    Some(SafeFloat { mantissa, exponent: parts[1].as_i64().unwrap() })
}

#[test]
fn safe_float_operations_equal_the_recorded_ones() {
    for line in vectors("fn_safefloat", 2_500) {
        let (a, b, c) = (float(&line["a"]).unwrap(), float(&line["b"]).unwrap(), float(&line["c"]).unwrap());
        assert_eq!(Some(a.saturating_add(b)), float(&line["add"]), "add in {line}");
        assert_eq!(a.checked_sub(b), float(&line["sub"]), "sub in {line}");
        assert_eq!(a.checked_div(b), float(&line["div"]), "div in {line}");
        assert_eq!(a.mul_div(b, c), float(&line["mul_div"]), "mul_div in {line}");
        assert_eq!(a.to_u64(), field::<u64>(&line, "a_u64"), "to_u64 in {line}");
        assert_eq!(a.gt(b), field::<bool>(&line, "gt"), "gt in {line}");
    }
}

#[test]
fn safe_float_new_equals_the_recorded_one() {
    for line in vectors("fn_safefloat_new", 600) {
        let mantissa: u128 = field::<String>(&line, "mantissa").parse().unwrap();
        assert_eq!(SafeFloat::new(mantissa, field(&line, "exponent")), float(&line["res"]), "{line}");
    }
}

/// By the definition: one digit at a time.
fn normalised_slowly(mut mantissa: u128, mut exponent: i64) -> SafeFloat {
    while mantissa > 1_000_000_000_000_000_000_000 {
        (mantissa, exponent) = (mantissa / 10, exponent + 1);
    }
    while mantissa != 0 && mantissa <= 100_000_000_000_000_000_000 {
        (mantissa, exponent) = (mantissa * 10, exponent - 1);
    }
    if mantissa == 0 { SafeFloat::ZERO } else { SafeFloat { mantissa, exponent } }
}

#[test]
fn numbers_are_normalised_at_every_power_of_ten() {
    for power in (0..39).map(|digits| 10_u128.pow(digits)) {
        for mantissa in [power - 1, power, power + 1, power * 2, power.saturating_mul(9)] {
            assert_eq!(SafeFloat::normalised(mantissa, 5), normalised_slowly(mantissa, 5), "{mantissa}");
        }
    }
}

proptest! {
    #[test]
    fn numbers_are_normalised_as_by_single_digits(bits: u128, down in 0_u32..128, exponent in -100_i64..100) {
        prop_assert_eq!(SafeFloat::normalised(bits >> down, exponent), normalised_slowly(bits >> down, exponent));
    }
}

#[test]
fn zero_is_greater_than_small_numbers_only_by_the_quirk() {
    let tiny = SafeFloat::new(1, -3).unwrap();
    assert!(SafeFloat::ZERO.gt(tiny));
    assert_eq!(SafeFloat::ZERO.compare(tiny), std::cmp::Ordering::Less);
    assert!(SafeFloat::from_u64(8).gt(SafeFloat::from_u64(7)));
}

/// A share pool by the rules of chain.md 6.1, as far as the figures of its section 14.2 need them.
#[derive(Default)]
struct Pool {
    value: u64,
    denominator: SafeFloat,
    shares: [SafeFloat; 3],
}

impl Pool {
    fn stake(&mut self, coldkey: usize, amount: i64) {
        let size = SafeFloat::from_u64(amount.unsigned_abs());
        let shares = if self.denominator.is_zero() {
            size
        } else {
            size.mul_div(self.denominator, SafeFloat::from_u64(self.value)).unwrap_or_default()
        };
        for slot in [&mut self.denominator, &mut self.shares[coldkey]] {
            *slot = if amount < 0 {
                slot.checked_sub(shares).unwrap_or_default()
            } else {
                slot.saturating_add(shares)
            };
        }
        self.value = self.value.saturating_add_signed(amount);
    }

    fn worth(&self, coldkey: usize) -> u64 {
        let value = SafeFloat::from_u64(self.value);
        value.mul_div(self.shares[coldkey], self.denominator).unwrap_or_default().to_u64()
    }
}

#[test]
fn share_pool_figures_of_the_specification() {
    let mut pool = Pool::default();
    pool.stake(0, 1_000_000_000);
    pool.stake(1, 2_500_000_007);
    pool.value += 777_777_777;
    pool.stake(2, 123_456_789);
    pool.stake(1, -1_000_000_000);
    pool.value += 13;
    let number = |mantissa, exponent| SafeFloat { mantissa, exponent };
    assert_eq!(pool.value, 3_401_234_586);
    assert_eq!(pool.denominator, number(278_282_828_851_790_633_616, -11));
    assert_eq!(
        pool.shares,
        [
            number(1_000_000_000_000_000_000_000, -12),
            number(168_181_818_837_190_082_710, -11),
            number(101_010_100_146_005_509_060, -12)
        ]
    );
    assert_eq!([0, 1, 2].map(|coldkey| pool.worth(coldkey)), [1_222_222_226, 2_055_555_570, 123_456_789]);
}

#[test]
fn json_and_scale_forms() {
    assert_eq!(json!(U64F64::ONE), json!("18446744073709551616"));
    assert_eq!(json!(I32F32::from_bits(-5)), json!("-5"));
    assert_eq!(serde_json::from_value::<I96F32>(json!(-7)).unwrap(), I96F32::from_bits(-7));
    assert_eq!(serde_json::from_value::<U96F32>(json!("12")).unwrap(), U96F32::from_bits(12));
    assert!(serde_json::from_value::<U96F32>(json!(-1)).is_err());
    assert!(serde_json::from_value::<I32F32>(json!("9223372036854775808")).is_err());
    let half = SafeFloat::new(5, -1).unwrap();
    assert_eq!(json!(half), json!({"mantissa": "500000000000000000000", "exponent": -21}));
    assert_eq!(serde_json::from_value::<SafeFloat>(json!(half)).unwrap(), half);
    assert_eq!(I64F64::from_bits(-2).encode(), (-2_i128).encode());
    assert_eq!(SafeFloat::decode(&mut &half.encode()[..]).unwrap(), half);
    assert_eq!(half.encode(), (500_000_000_000_000_000_000_u128, -21_i64).encode());
}

#[test]
fn edges_of_the_formats() {
    assert_eq!(U64F64::MAX.saturating_mul(U64F64::MAX), U64F64::MAX);
    assert_eq!(U64F64::ONE.safe_div(U64F64::ZERO), U64F64::ZERO);
    assert_eq!(U64F64::ONE.safe_div_or(U64F64::ZERO, U64F64::MAX), U64F64::MAX);
    assert_eq!(U64F64::MAX.safe_div(U64F64::from_bits(1)), U64F64::ZERO);
    assert_eq!(U64F64::MAX.saturating_div(U64F64::from_bits(1)), U64F64::MAX);
    assert_eq!(I96F32::MIN.saturating_mul(I96F32::MAX), I96F32::MIN);
    assert_eq!(I32F32::from_bits(-1).saturating_mul(I32F32::from_bits(1)), I32F32::from_bits(-1));
    assert_eq!(I32F32::from_bits(-1).safe_div(I32F32::saturating_from_i64(2)), I32F32::ZERO);
    assert_eq!(I64F64::saturating_from_u64(u64::MAX), I64F64::MAX);
    assert_eq!(I32F32::MIN.checked_div(I32F32::ONE.saturating_neg()), None);
    assert_eq!(I32F32::MIN.saturating_mul(I32F32::ONE), I32F32::MIN);
    assert_eq!(I96F32::from_bits(-1).to_i64(), -1);
    assert_eq!(I96F32::from_bits(-1).to_u64(), 0);
    assert_eq!(U96F32::MAX.to_fixed::<U64F64>(), U64F64::MAX);
    assert_eq!(I64F64::from_bits(-1).to_fixed::<I96F32>(), I96F32::from_bits(-1));
    assert_eq!(I64F64::from_bits(-1).to_fixed::<U96F32>(), U96F32::ZERO);
    assert_eq!(U64F64::from_u64(5).to_fixed::<I32F32>(), I32F32::saturating_from_i64(5));
    assert_eq!(U64F64::MAX.to_fixed::<I32F32>(), I32F32::MAX);
    assert_eq!(I32F32::MIN.to_fixed::<I64F64>().to_i64(), i64::from(i32::MIN));
    // The unsigned format holds one bit more than the signed one of its width.
    assert_eq!(I96F32::from_bits(1 << 95).to_fixed::<U64F64>(), U64F64::from_u64(1 << 63));
    assert_eq!(I96F32::from_bits(1 << 96).to_fixed::<U64F64>(), U64F64::MAX);
    assert_eq!(I96F32::MAX.to_fixed::<U64F64>(), U64F64::MAX);
    assert_eq!(I96F32::MAX.to_fixed::<I64F64>(), I64F64::MAX);
}

#[test]
fn proportions() {
    assert_eq!(Perquintill::from_rational(1, 3).parts(), 333_333_333_333_333_333);
    assert_eq!(Perquintill::from_rational(4, 3), Perquintill::ONE);
    assert_eq!(Perquintill::from_rational(0, 0), Perquintill::ONE);
    let half = Perquintill::from_parts(500_000_000_000_000_000);
    assert_eq!((half.mul_round(5), half.mul_round(4), half.complement()), (3, 2, half));
    assert_eq!(Perquintill::ONE.mul_round(u128::MAX), u128::MAX);
}

fn wide_number() -> impl Strategy<Value = u128> {
    (any::<u128>(), 0_u32..128).prop_map(|(bits, down)| bits >> down)
}

proptest! {
    #[test]
    fn wide_arithmetic_equals_256_bit_integers(a in wide_number(), b in wide_number(), c in wide_number(), shift in 1_u32..=64) {
        let narrow = |value: U256| u128::try_from(value).ok();
        let product = U256::from(a) * U256::from(b);
        prop_assert_eq!(wide::mul_shr(a, b, shift), narrow(product >> shift));
        prop_assert_eq!(wide::mul_div(a, b, c), if c == 0 { None } else { narrow(product / U256::from(c)) });
        prop_assert_eq!(wide::shl_div(a, shift, b), if b == 0 { None } else { narrow((U256::from(a) << shift) / U256::from(b)) });
    }

    #[test]
    fn narrow_signed_arithmetic_equals_128_bit_integers(a in any::<i64>(), b in any::<i64>(), down in 0_u32..63) {
        let b = b >> down;
        let (x, y) = (I32F32::from_bits(a), I32F32::from_bits(b));
        let narrow = |value: i128| i64::try_from(value).ok().map(I32F32::from_bits);
        prop_assert_eq!(x.checked_mul(y), narrow((i128::from(a) * i128::from(b)) >> 32));
        prop_assert_eq!(x.checked_div(y), (i128::from(a) << 32).checked_div(i128::from(b)).and_then(narrow));
        // The same numbers in the wide signed format give the same answers wherever both fit.
        let (wide_x, wide_y) = (x.to_fixed::<I96F32>(), y.to_fixed::<I96F32>());
        prop_assert_eq!(wide_x.saturating_mul(wide_y).to_fixed::<I32F32>(), x.saturating_mul(y));
        prop_assert_eq!(wide_x.saturating_div(wide_y).to_fixed::<I32F32>(), x.saturating_div(y));
    }
}
