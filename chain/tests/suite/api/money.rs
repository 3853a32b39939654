//! Prices, simulated swaps, fees, nonces, what a network costs.

use super::{CallError, ask, ask_raw, busy};
use crate::world::{NET, OWNER, OWNER_HOT, STAKER, VALI, World, add, id};
use chain::api::fees::{FeeDetails, InclusionFee, RuntimeDispatchInfo};
use chain::api::swap::{SimSwapResult, SubnetPrice};
use chain::block::{BlockInput, Extrinsic, SignedExtrinsic};
use chain::call::{RuntimeCall, Weight, subtensor::Call};
use chain::crypto::Keypair;
use chain::genesis::Genesis;
use chain::runtime::{Runtime, call_info, fees::FeePolicy, swap};
use chain::state::State;
use chain::units::{AlphaRao, NetUid, Rao, TAO};
use chain::wire::DispatchClass;
use parity_scale_codec::Encode;

#[test]
fn prices_are_rao_per_alpha() {
    let world = busy();
    let price = |netuid: NetUid| -> u64 { ask(&world.state, "SwapRuntimeApi_current_alpha_price", netuid) };
    let pool = &world.state.subnet(NET).unwrap().pool;
    let (tao, alpha) = (u128::from(pool.tao.get()), u128::from(pool.alpha_in.get()));
    let expected = tao * 1_000_000_000 / alpha;
    assert!(expected > 1 && expected.abs_diff(price(NET).into()) <= 1, "equal weights: {expected}");
    assert_eq!((price(NetUid::ROOT), price(NetUid(40))), (TAO, TAO), "one to one where there is no pool");
    let all: Vec<SubnetPrice> = ask(&world.state, "SwapRuntimeApi_current_alpha_price_all", ());
    let expected = [NetUid::ROOT, NetUid(1), NET].map(|netuid| SubnetPrice { netuid, price: price(netuid) });
    assert_eq!(all, expected);
}

#[test]
fn a_simulated_purchase_gives_what_the_purchase_gives() {
    let mut world = busy();
    let amount = 3 * TAO;
    // The block step moves the pool before the call comes, so the twin is asked in the same block.
    world.step();
    let mut twin = world.clone();
    twin.step();
    let sim: SimSwapResult = ask(&twin.state, "SwapRuntimeApi_sim_swap_tao_for_alpha", (NET, Rao(amount)));
    let before = world.stake(STAKER, VALI, NET);
    world.ok(STAKER, add(VALI, NET, amount));
    assert_eq!(world.stake(STAKER, VALI, NET).saturating_sub(before), sim.alpha_amount);
    assert_eq!(sim.tao_amount.saturating_add(sim.tao_fee), Rao(amount));
    assert!(!sim.tao_fee.is_zero());
    assert_eq!((sim.alpha_fee, sim.tao_slippage), (AlphaRao(0), Rao(0)));
    let price = swap::price(&twin.state, NET);
    let at_price = chain::math::fixed::U64F64::from_u64(amount).safe_div(price).to_u64();
    assert!(!sim.alpha_slippage.is_zero());
    assert_eq!(sim.alpha_amount.saturating_add(sim.alpha_slippage), AlphaRao(at_price));
}

#[test]
fn a_simulated_sale_loses_its_fee_in_alpha() {
    let world = busy();
    let alpha = AlphaRao(2 * TAO);
    let sim: SimSwapResult = ask(&world.state, "SwapRuntimeApi_sim_swap_alpha_for_tao", (NET, alpha));
    let done = swap::sim_swap(&world.state, NET, chain::pool::Side::Sell, alpha.get()).unwrap();
    assert_eq!(sim.tao_amount, Rao(done.amount_paid_out));
    assert_eq!(sim.alpha_amount.saturating_add(sim.alpha_fee), alpha);
    assert!(!sim.alpha_fee.is_zero() && !sim.tao_slippage.is_zero());
    assert_eq!((sim.tao_fee, sim.alpha_slippage), (Rao(0), AlphaRao(0)));
}

#[test]
fn a_swap_that_would_be_refused_gives_nothing() {
    let world = busy();
    let method = "SwapRuntimeApi_sim_swap_tao_for_alpha";
    assert_eq!(ask::<SimSwapResult>(&world.state, method, (NET, Rao::MAX)), SimSwapResult::default());
    assert_eq!(ask::<SimSwapResult>(&world.state, method, (NetUid(40), Rao(TAO))), SimSwapResult::default());
    let root: SimSwapResult = ask(&world.state, method, (NetUid::ROOT, Rao(TAO)));
    let even =
        SimSwapResult { tao_amount: Rao(TAO), alpha_amount: AlphaRao(TAO), ..SimSwapResult::default() };
    assert_eq!(root, even);
}

fn key() -> Keypair {
    Keypair::ed25519(&[3; 32])
}

fn remove(amount: u64) -> RuntimeCall {
    Call::RemoveStake { hotkey: id(VALI), netuid: NET, amount_unstaked: AlphaRao(amount) }.into()
}

/// A chain on which the key has TAO, and a call that it has signed.
fn signed(call: RuntimeCall) -> (Runtime, State, SignedExtrinsic) {
    let genesis = Genesis::reference([(key().account(), Rao(100 * TAO))]).unwrap();
    let runtime = Runtime::new(genesis.rules.clone(), genesis.hash());
    let extrinsic = SignedExtrinsic::sign(&key(), call, 0, &runtime.genesis);
    (runtime, genesis.state, extrinsic)
}

fn query<T: parity_scale_codec::DecodeAll>(state: &State, method: &str, bytes: &[u8]) -> T {
    let len = u32::try_from(bytes.len()).unwrap();
    let answer = ask_raw(state, method, &[bytes, &len.encode()].concat()).unwrap();
    T::decode_all(&mut answer.as_slice()).unwrap()
}

#[test]
fn the_fee_that_is_foretold_is_the_fee_that_is_paid() {
    let (mut runtime, mut state, extrinsic) = signed(remove(7));
    let bytes = extrinsic.wire_bytes();
    let info: RuntimeDispatchInfo = query(&state, "TransactionPaymentApi_query_info", &bytes);
    let details: FeeDetails = query(&state, "TransactionPaymentApi_query_fee_details", &bytes);
    let len = u32::try_from(bytes.len()).unwrap();
    let by_call: RuntimeDispatchInfo =
        ask(&state, "TransactionPaymentCallApi_query_call_info", (extrinsic.call.clone(), len));
    assert_eq!(by_call, info);
    let weight = call_info(&extrinsic.call).weight;
    assert_eq!(info.weight, weight);
    assert_eq!(info.class, DispatchClass::Normal);
    let FeeDetails { inclusion_fee: Some(InclusionFee { base_fee, len_fee, adjusted_weight_fee }), tip } =
        details
    else {
        panic!("it pays")
    };
    assert_eq!(base_fee.saturating_add(len_fee).saturating_add(adjusted_weight_fee), info.partial_fee);
    assert_eq!((tip, base_fee, len_fee), (Rao(0), FeePolicy::default().base, Rao(len.into())));
    let weighed: Rao =
        ask(&state, "TransactionPaymentApi_query_weight_to_fee", Weight { proof_size: 5, ..weight });
    assert_eq!(weighed, adjusted_weight_fee);
    assert_eq!(ask::<Rao>(&state, "TransactionPaymentApi_query_length_to_fee", len), len_fee);
    let input = BlockInput {
        number: state.block + 1,
        timestamp_ms: 0,
        parent_hash: [0; 32],
        lottery: [0; 32],
        author: None,
        extrinsics: vec![Extrinsic::Signed(extrinsic)],
    };
    let receipts = runtime.execute_block(&mut state, &input).receipts;
    assert_eq!(receipts[0].fee, info.partial_fee);
}

#[test]
fn a_free_call_has_no_fee_and_a_tip_is_told_apart() {
    let free = Call::SetWeights { netuid: NET, dests: vec![0], weights: vec![1], version_key: 0 };
    let (_, state, extrinsic) = signed(free.into());
    let bytes = extrinsic.wire_bytes();
    let info: RuntimeDispatchInfo = query(&state, "TransactionPaymentApi_query_info", &bytes);
    assert_eq!(info.partial_fee, Rao(0));
    let details: FeeDetails = query(&state, "TransactionPaymentApi_query_fee_details", &bytes);
    assert_eq!(details, FeeDetails { inclusion_fee: None, tip: Rao(0) });
    let tipped = SignedExtrinsic { tip: Rao(9), ..extrinsic }.wire_bytes();
    let details: FeeDetails = query(&state, "TransactionPaymentApi_query_fee_details", &tipped);
    assert_eq!(details, FeeDetails { inclusion_fee: None, tip: Rao(9) });
}

#[test]
fn bytes_that_are_no_extrinsic_are_refused() {
    let (_, state, extrinsic) = signed(remove(7));
    let mut bytes = extrinsic.wire_bytes();
    bytes[2] = 0x05;
    let args = [bytes, 1_u32.encode()].concat();
    let error = ask_raw(&state, "TransactionPaymentApi_query_info", &args).unwrap_err();
    assert!(matches!(error, CallError::Arguments { .. }), "{error}");
    assert!(error.to_string().contains("version"), "{error}");
}

#[test]
fn an_extrinsic_of_calls_within_calls_is_read_to_a_depth_only() {
    let (_, state, extrinsic) = signed(remove(7));
    let (call, bytes) = (extrinsic.call.encode(), extrinsic.wire_bytes());
    let head = &bytes[2..bytes.len() - call.len()];
    assert_eq!([head, &call].concat().encode(), bytes, "two bytes of length, then all but the call");
    let nested = |depth: usize| {
        let body = [head, &[11, 1, 0, 0].repeat(depth), &call].concat().encode();
        ask_raw(&state, "TransactionPaymentApi_query_info", &[body, 9_u32.encode()].concat())
    };
    assert!(nested(30).is_ok());
    let error = nested(50_000).unwrap_err();
    assert!(error.to_string().contains("depth"), "{error}");
}

#[test]
fn nonces_and_the_price_of_a_network() {
    let mut world: World = busy();
    let nonce = |world: &World| -> u32 { ask(&world.state, "AccountNonceApi_account_nonce", id(STAKER)) };
    assert_eq!(nonce(&world), 0);
    world.state.balances.accounts.get_mut(&id(STAKER)).unwrap().nonce = 6;
    assert_eq!(nonce(&world), 6);
    assert_eq!(ask::<u32>(&world.state, "AccountNonceApi_account_nonce", id(4_444)), 0);
    world.state.globals_mut().network_rate_limit = 0;
    world.step();
    let mut twin = world.clone();
    twin.step();
    let cost: Rao = ask(&twin.state, "SubnetRegistrationRuntimeApi_get_network_registration_cost", ());
    let free = |world: &World| world.state.balances.accounts.get(&id(OWNER)).unwrap().data.free;
    let before = free(&world);
    world.ok(OWNER, Call::RegisterNetwork { hotkey: id(OWNER_HOT + 1) });
    assert_eq!(before.saturating_sub(free(&world)), cost);
}
