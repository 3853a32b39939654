//! The rules of the network's history, each against figures worked out from its formula.

use chain::account::AccountId;
use chain::block::{BlockInput, Extrinsic, Failure};
use chain::call::subtensor::Call;
use chain::economics::{Economics, EmissionRule, Halving, PoolKind, Split};
use chain::emission_schedule::{TOTAL_SUPPLY, block_emission};
use chain::error::{DispatchError, SubtensorModuleError as Error};
use chain::event::{Event, SystemEvent};
use chain::math::fixed::{I64F64, I96F32, U64F64, U96F32};
use chain::math::safe_float::SafeFloat;
use chain::runtime::calls::uids::append_neuron;
use chain::runtime::{Buffers, Env, Exec, Rules, Runtime, block_step, shares};
use chain::state::State;
use chain::units::{AlphaRao, NetUid, Rao, TAO};
use parity_scale_codec::{DecodeAll as _, Encode as _};
use std::sync::Arc;

const START: u64 = 1_000;
const NETUIDS: [NetUid; 3] = [NetUid(1), NetUid(2), NetUid(3)];
/// TAO of a block.
const E: u64 = 1_000_000_000;

fn id(n: u8) -> AccountId {
    AccountId::new([n; 32])
}

/// Three started subnets with equal pools, nothing staked on root: all TAO of a block buys alpha.
fn three(rule: EmissionRule) -> State {
    let mut state = State { block: START, ..State::default() };
    state.economics = Arc::new(Economics { emission: rule, ..Economics::default() });
    state.subnet_mut(NetUid::ROOT).added = true;
    for netuid in NETUIDS {
        let subnet = state.subnet_mut(netuid);
        subnet.added = true;
        subnet.pool.mechanism = 1;
        subnet.pool.tao = Rao(1_000 * TAO);
        subnet.pool.alpha_in = AlphaRao(1_000 * TAO);
        subnet.pool.subtoken_enabled = true;
        subnet.schedule.first_emission_block = Some(START + 1);
        subnet.schedule.last_epoch_block = START;
    }
    state
}

fn step(state: &mut State) {
    let env = Env {
        number: state.block + 1,
        timestamp_ms: 0,
        parent_hash: [0; 32],
        lottery: [0; 32],
        author: None,
    };
    state.block += 1;
    block_step(&mut Exec::new(state, &env), &mut Buffers::new());
}

/// Plays a block and gives the TAO that each subnet got.
fn shared(state: &mut State) -> [u64; 3] {
    step(state);
    NETUIDS.map(|netuid| {
        let pending = &state.subnet(netuid).unwrap().pending;
        pending.excess_tao.get() + pending.tao_in_emission.get()
    })
}

/// The chain's exp and ln are good to about seven digits.
#[track_caller]
fn near(found: [u64; 3], expected: [u64; 3]) {
    for (found, expected) in found.into_iter().zip(expected) {
        assert!(found.abs_diff(expected) <= 200, "{found} is not about {expected}");
    }
    assert!(found.iter().sum::<u64>() <= E);
}

fn prices(state: &mut State, quarters: [i128; 3]) {
    for (netuid, quarters) in NETUIDS.into_iter().zip(quarters) {
        state.subnet_mut(netuid).pool.moving_price = I96F32(quarters << 30);
    }
}

/// Flows of users and of the chain, in TAO, averaged at once.
fn flows(state: &mut State, users: [i64; 3], protocol: [i64; 3]) {
    state.globals_mut().flow_ema_smoothing_factor = i64::MAX as u64;
    for ((netuid, user), protocol) in NETUIDS.into_iter().zip(users).zip(protocol) {
        let pool = &mut state.subnet_mut(netuid).pool;
        pool.tao_flow = user * TAO as i64;
        pool.protocol_flow = protocol * TAO as i64;
    }
}

#[test]
fn by_price_with_and_without_what_was_burned() {
    // Prices 1/2, 1/4, 1/4; the first subnet withheld half of its miners' incentive.
    let set = |rule| {
        let mut state = three(rule);
        prices(&mut state, [2, 1, 1]);
        state.subnet_mut(NetUid(1)).pending.miner_burned = U96F32(1 << 31);
        state
    };
    assert_eq!(shared(&mut set(EmissionRule::PriceEma)), [E / 2, E / 4, E / 4]);
    // 1/2 * 1/2 = 1/4 of each: thirds.
    assert_eq!(shared(&mut set(EmissionRule::PriceEmaTimesUnburned)), [333_333_333; 3]);
    assert_eq!(Economics::default().emission, EmissionRule::PriceEmaTimesUnburned);
}

#[test]
fn a_subnet_that_is_switched_off_leaves_its_share_to_the_others() {
    for rule in [EmissionRule::PriceEma, EmissionRule::TaoFlow, EmissionRule::NetTaoFlow] {
        let mut state = three(rule);
        prices(&mut state, [2, 1, 1]);
        flows(&mut state, [200, 100, 100], [0; 3]);
        state.subnet_mut(NetUid(1)).params_mut().emission_enabled = false;
        near(shared(&mut state), [0, E / 2, E / 2]);
    }
}

#[test]
fn by_flow_of_users() {
    let mut state = three(EmissionRule::TaoFlow);
    // Floor max(0, min(0, -50)) = 0: 300 and 100 of 400; the chain's own flow does not count.
    flows(&mut state, [300, 100, -50], [900, 0, 0]);
    near(shared(&mut state), [750_000_000, 250_000_000, 0]);
    assert_eq!(state.subnet(NetUid(1)).unwrap().pool.tao_flow, 0, "counted");
    // Nothing flowed: nobody gets anything, and the TAO is recycled.
    assert_eq!(shared(&mut state), [0; 3]);

    let mut state = three(EmissionRule::TaoFlow);
    flows(&mut state, [200, 100, 0], [0; 3]);
    // Squares of 1 and 1/2: 4/5 and 1/5.
    state.globals_mut().flow_norm_exponent = U64F64(2 << 64);
    near(shared(&mut state), [800_000_000, 200_000_000, 0]);

    let mut state = three(EmissionRule::TaoFlow);
    flows(&mut state, [300, 100, -50], [0; 3]);
    // Floor max(-100, -50) = -50: 350, 150 and 0 of 500.
    state.globals_mut().tao_flow_cutoff = I64F64::saturating_from_i64(-100 * TAO as i64);
    near(shared(&mut state), [700_000_000, 300_000_000, 0]);
}

#[test]
fn flows_are_averaged_block_by_block() {
    let mut state = three(EmissionRule::TaoFlow);
    flows(&mut state, [100, 0, 0], [0; 3]);
    // A factor a hair above one half: 100 gives 50, and the block after it a hair less than 25.
    state.globals_mut().flow_ema_smoothing_factor = 1 << 62;
    let average = |state: &State| {
        state.subnet(NetUid(1)).unwrap().pool.ema_tao_flow.map(|(block, average)| (block, average.to_u64()))
    };
    step(&mut state);
    assert_eq!(average(&state), Some((START + 1, 50 * TAO)));
    step(&mut state);
    assert_eq!(average(&state), Some((START + 2, 25 * TAO - 1)));
}

#[test]
fn by_flow_of_users_after_that_of_the_chain() {
    let mut state = three(EmissionRule::NetTaoFlow);
    // Users 400 in, the chain 300: k = min(1, 400/300) = 1. Net 100, 100, -150; floor 0: halves.
    flows(&mut state, [300, 100, -50], [200, 0, 100]);
    near(shared(&mut state), [500_000_000, 500_000_000, 0]);

    let mut state = three(EmissionRule::NetTaoFlow);
    // The chain 800: k = 400/800. Net 300 - 300 = 0, 100, -50 - 100 = -150.
    flows(&mut state, [300, 100, -50], [600, 0, 200]);
    near(shared(&mut state), [0, E, 0]);

    let mut state = three(EmissionRule::NetTaoFlow);
    // What the chain took out counts in full: net 100 + 50, 150: halves.
    flows(&mut state, [100, 150, 0], [-50, 0, 0]);
    near(shared(&mut state), [500_000_000, 500_000_000, 0]);
}

/// Two members of root with 3 and 1 TAO.
fn with_root(mut state: State) -> State {
    for (member, stake) in [(1, 3 * TAO), (2, TAO)] {
        let (hotkey, coldkey) = (id(member), id(100 + member));
        append_neuron(state.subnet_mut(NetUid::ROOT), &hotkey, 0);
        let rows = SafeFloat::from_u64(stake);
        shares::set_row(&mut state, &hotkey, &coldkey, NetUid::ROOT, rows);
        shares::set_totals(&mut state, &hotkey, NetUid::ROOT, AlphaRao(stake), rows);
        state.hotkey_mut(&hotkey).owner = Some(coldkey);
    }
    state
}

fn vote(runtime: &mut Runtime, state: &mut State, who: u8, votes: &[(u16, u16)]) -> Result<(), Failure> {
    let (dests, weights) = votes.iter().copied().unzip();
    run_call(runtime, state, who, Call::SetWeights { netuid: NetUid::ROOT, dests, weights, version_key: 0 })
}

fn run_call(runtime: &mut Runtime, state: &mut State, who: u8, call: Call) -> Result<(), Failure> {
    let mut receipts =
        play(runtime, state, vec![Extrinsic::Unchecked { who: id(who), call: call.into() }]).receipts;
    receipts.remove(0).result
}

fn play(runtime: &mut Runtime, state: &mut State, extrinsics: Vec<Extrinsic>) -> chain::block::BlockOutcome {
    let input = BlockInput {
        number: state.block + 1,
        timestamp_ms: 0,
        parent_hash: [0; 32],
        lottery: [0; 32],
        author: None,
        extrinsics,
    };
    runtime.execute_block(state, &input)
}

fn runtime() -> Runtime {
    Runtime::new(Rules::default(), [0; 32])
}

#[test]
fn by_votes_of_root() {
    let mut state = with_root(three(EmissionRule::RootVotes));
    assert_eq!(shared(&mut state), [0; 3], "nobody has voted");
    let mut runtime = runtime();
    assert_eq!(vote(&mut runtime, &mut state, 1, &[(2, 7)]), Ok(()));
    assert_eq!(vote(&mut runtime, &mut state, 2, &[(2, 50), (3, 50)]), Ok(()));
    // R2 = 3/4 + 1/8, R3 = 1/8; T2 = 1, T3 = 1/4. With rho = 10 and kappa = 32,767 of 65,535, sigmoids 0.993308 and
    // 0.075864: 0.869144 and 0.009483, which are 0.989207 and 0.010793 of their sum.
    let found = shared(&mut state);
    near(found, [0, 989_207_100, 10_792_900]);
    assert!(
        found[1] > 989_000_000,
        "consensus takes nearly all from what a quarter of root wants: {found:?}"
    );
}

#[test]
fn votes_are_checked_in_the_order_of_weights() {
    let refused = |error: Error| Err(Failure::Dispatch(DispatchError::from(error)));
    let mut runtime = runtime();
    let mut state = with_root(three(EmissionRule::RootVotes));
    let call = |dests: &[u16], weights: &[u16]| Call::SetWeights {
        netuid: NetUid::ROOT,
        dests: dests.to_vec(),
        weights: weights.to_vec(),
        version_key: 0,
    };
    let odd = call(&[1, 2], &[1]);
    assert_eq!(run_call(&mut runtime, &mut state, 1, odd), refused(Error::WeightVecNotEqualSize));
    assert_eq!(
        vote(&mut runtime, &mut state, 9, &[(1, 1)]),
        refused(Error::HotKeyNotRegisteredInSubNet),
        "no member"
    );
    assert_eq!(vote(&mut runtime, &mut state, 1, &[(1, 1), (1, 2)]), refused(Error::DuplicateUids));
    for stranger in [0, 4] {
        let votes = [(1, 1), (stranger, 1)];
        assert_eq!(vote(&mut runtime, &mut state, 1, &votes), refused(Error::UidVecContainInvalidOne));
    }
    // Root's limit is 100 blocks; a member's first vote is always in time.
    assert_eq!(vote(&mut runtime, &mut state, 1, &[(1, 1), (3, 1)]), Ok(()));
    assert_eq!(vote(&mut runtime, &mut state, 1, &[(1, 1)]), refused(Error::SettingWeightsTooFast));
    let votes = state.subnet(NetUid::ROOT).unwrap().mechanisms[0].weights[0].clone();
    assert_eq!(*votes, [(1, 65_535), (3, 65_535)]);

    // Under any other rule root has no weights.
    let mut state = with_root(three(EmissionRule::PriceEma));
    state.subnet_mut(NetUid::ROOT).params_mut().commit_reveal_weights_enabled = false;
    assert_eq!(vote(&mut runtime, &mut state, 1, &[(1, 1)]), refused(Error::CanNotSetRootNetworkWeights));
}

#[test]
fn votes_for_a_dissolved_subnet_are_gone() {
    let mut runtime = runtime();
    let mut state = with_root(three(EmissionRule::RootVotes));
    assert_eq!(vote(&mut runtime, &mut state, 1, &[(1, 1), (3, 1)]), Ok(()));
    let call = Call::RootDissolveNetwork { netuid: NetUid(3) };
    let outcome = play(&mut runtime, &mut state, vec![Extrinsic::Root(call.into())]);
    assert_eq!(outcome.receipts[0].result, Ok(()));
    assert_eq!(*state.subnet(NetUid::ROOT).unwrap().mechanisms[0].weights[0], [(1, 65_535)]);
}

#[test]
fn the_split_of_new_alpha() {
    let mut state = three(EmissionRule::PriceEma);
    let split = Split { owner_permille: Some(250), miners_permille: 750 };
    state.economics = Arc::new(Economics { split, ..Economics::default() });
    step(&mut state);
    let pending = &state.subnet(NetUid(1)).unwrap().pending;
    // A quarter for the owner; of the other three, three quarters for miners.
    assert_eq!(
        [pending.owner_cut, pending.server, pending.validator].map(AlphaRao::get),
        [250_000_000, 562_500_000, 187_500_000]
    );
}

#[test]
fn halving_by_schedule_or_never() {
    let half = TOTAL_SUPPLY / 2;
    for issuance in [0, half - 1, half, half + half / 2, TOTAL_SUPPLY] {
        assert_eq!(Halving::Halves.emission(issuance), block_emission(issuance, TOTAL_SUPPLY));
    }
    let never = Halving::Never;
    assert_eq!([0, half, TOTAL_SUPPLY - 1, TOTAL_SUPPLY].map(|i| never.emission(i)), [E, E, E, 0]);
    let at = Halving::At(vec![200, 100]);
    let expected = [E, E, E / 2, E / 2, E / 4, 0];
    assert_eq!([0, 99, 100, 199, 200, TOTAL_SUPPLY].map(|i| at.emission(i)), expected);
    let many = Halving::At(vec![1; 70]);
    assert_eq!(many.emission(1), 0, "seventy halvings leave nothing");

    let mut state = three(EmissionRule::PriceEma);
    state.economics = Arc::new(Economics { halving: Halving::At(vec![0]), ..Economics::default() });
    prices(&mut state, [1, 1, 2]);
    assert_eq!(shared(&mut state), [E / 8, E / 8, E / 4], "of half the TAO");
    let pool = &state.subnet(NetUid(1)).unwrap().pool;
    assert_eq!(pool.total_alpha_issuance, AlphaRao(E / 2), "and half the alpha");
}

#[test]
fn weights_of_a_constant_product_stay() {
    let weights = |kind| {
        let mut state = with_root(three(EmissionRule::PriceEma));
        state.economics = Arc::new(Economics { pool: kind, ..Economics::default() });
        state.subnet_mut(NetUid::ROOT).pool.tao = Rao(100_000 * TAO);
        // Far from equal reserves, so that what is added and bought moves the weights.
        state.subnet_mut(NetUid(1)).pool.alpha_in = AlphaRao(3_000 * TAO);
        prices(&mut state, [2, 1, 1]);
        (0..5).for_each(|_| step(&mut state));
        let pool = &state.subnet(NetUid(1)).unwrap().pool;
        assert!(pool.alpha_in > AlphaRao(2_990 * TAO) && pool.tao > Rao(1_000 * TAO));
        pool.quote_weight
    };
    assert_eq!(weights(PoolKind::ConstantProduct), 500_000_000_000_000_000);
    assert_ne!(weights(PoolKind::Balancer), 500_000_000_000_000_000);
}

#[test]
fn an_upgrade_counts_from_the_next_block() {
    let mut state = three(EmissionRule::PriceEma);
    prices(&mut state, [2, 1, 1]);
    flows(&mut state, [0, 100, 0], [0; 3]);
    let new = Economics {
        emission: EmissionRule::TaoFlow,
        pool: PoolKind::ConstantProduct,
        ..Economics::default()
    };
    state.subnet_mut(NetUid(3)).pool.quote_weight = 400_000_000_000_000_000;
    let mut runtime = runtime();
    let outcome = play(&mut runtime, &mut state, vec![Extrinsic::Upgrade(Box::new(new.clone()))]);
    assert_eq!(outcome.receipts[0].result, Ok(()));
    assert!(outcome.events.iter().any(|record| record.event == Event::System(SystemEvent::CodeUpdated)));
    assert_eq!(state.subnet(NetUid(1)).unwrap().pending.excess_tao, Rao(E / 2), "the old rule's block");
    assert_eq!(*state.economics, new);
    assert_eq!(state.subnet(NetUid(3)).unwrap().pool.quote_weight, 500_000_000_000_000_000);

    let mut state = State::decode_all(&mut state.encode().as_slice()).expect("a state");
    assert_eq!(*state.economics, new, "a checkpoint has the rules");
    near(shared(&mut state), [0, E, 0]);
}

#[test]
fn a_stable_subnet_has_no_price() {
    let mut state = three(EmissionRule::PriceEma);
    prices(&mut state, [2, 1, 1]);
    let new = Economics { emission: EmissionRule::PriceEma, pool: PoolKind::Stable, ..Economics::default() };
    play(&mut runtime(), &mut state, vec![Extrinsic::Upgrade(Box::new(new))]);
    assert!(NETUIDS.iter().all(|netuid| state.subnet(*netuid).unwrap().pool.price() == U64F64::ONE));
    assert_eq!(shared(&mut state), [333_333_333; 3], "everything is worth one");
    let pool = &state.subnet(NetUid(1)).unwrap().pool;
    assert_eq!(pool.mechanism, 0);
}

#[test]
fn rules_have_names() {
    for rule in EmissionRule::ALL {
        assert_eq!(EmissionRule::from_name(rule.name()), Some(rule));
    }
    for kind in PoolKind::ALL {
        assert_eq!(PoolKind::from_name(kind.name()), Some(kind));
    }
    assert_eq!(EmissionRule::from_name("price"), None);
}
