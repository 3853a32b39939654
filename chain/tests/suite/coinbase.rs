//! The coinbase against worked traces and figures of spec/chain.md.

use chain::account::AccountId;
use chain::event::{Event, SubtensorModuleEvent};
use chain::math::fixed::{I96F32, U96F32};
use chain::runtime::step::{block_emission, epochs_deferred, root_proportion, should_run_epoch};
use chain::runtime::{Buffers, Env, Exec, block_step};
use chain::state::State;
use chain::units::{AlphaRao, NetUid, Rao};

const N: NetUid = NetUid(2);
const START: u64 = 1_000;

fn env(number: u64) -> Env {
    Env { number, timestamp_ms: 0, parent_hash: [0; 32], lottery: [0; 32], author: None }
}

/// A dynamic subnet whose owner called `start_call` in block [`START`], before that block's extrinsics.
fn start(state: &mut State, netuid: NetUid, tao: u64, alpha: u64) {
    let subnet = state.subnet_mut(netuid);
    subnet.added = true;
    subnet.pool.mechanism = 1;
    subnet.pool.tao = Rao(tao);
    subnet.pool.alpha_in = AlphaRao(alpha);
    subnet.pool.subtoken_enabled = true;
    subnet.schedule.first_emission_block = Some(START + 1);
    subnet.schedule.last_epoch_block = START;
}

fn one_subnet(root_tao: u64) -> State {
    let mut state = State { block: START, ..State::default() };
    let root = state.subnet_mut(NetUid::ROOT);
    root.added = true;
    root.pool.tao = Rao(root_tao);
    start(&mut state, N, 1_000_000_000_000, 1_000_000_000_000);
    state
}

/// Runs the block step of block `START + b` for each `b`, and looks at the state after those in `at`.
fn trace<T>(state: &mut State, at: &[u64], look: impl Fn(&State) -> T) -> Vec<T> {
    let mut buffers = Buffers::new();
    let mut seen = Vec::new();
    for b in 1..=at.last().copied().unwrap_or_default() {
        let env = env(START + b);
        block_step(&mut Exec::new(state, &env), &mut buffers);
        if at.contains(&b) {
            seen.push(look(state));
        }
    }
    seen
}

/// SubnetTAO, AlphaIn, AlphaOut, ProtocolAlpha, chain buy, TotalIssuance.
fn row(state: &State) -> [u64; 6] {
    let subnet = state.subnet(N).unwrap();
    let (pool, pending) = (&subnet.pool, &subnet.pending);
    [
        pool.tao.get(),
        pool.alpha_in.get(),
        pool.alpha_out.get(),
        pool.protocol_alpha.get(),
        pending.excess_tao.get(),
        state.globals.total_issuance.get(),
    ]
}

#[test]
fn without_root_stake_all_tao_buys_alpha() {
    let mut state = one_subnet(0);
    let rows = trace(&mut state, &[1, 16, 17, 18, 20], |state| {
        (row(state), state.subnet(N).unwrap().pool.moving_price)
    });
    const E: u64 = 1_000_000_000;
    const Y: u64 = 1_000_000_000_000;
    assert_eq!(
        rows,
        [
            ([Y, Y, E, 0, 0, 0], I96F32(0)),
            ([Y, Y, 16 * E, 0, 0, 0], I96F32(1)),
            ([Y + E, 999_000_999_001, 17_999_000_999, 999_000_999, E, E], I96F32(2)),
            ([Y + 2 * E, 998_003_992_016, 19_996_007_984, 1_996_007_984, E, 2 * E], I96F32(3)),
            ([Y + 4 * E, 996_015_936_256, 23_984_063_744, 3_984_063_744, E, 4 * E], I96F32(5)),
        ]
    );
    let pending = &state.subnet(N).unwrap().pending;
    let amounts = [pending.owner_cut, pending.server, pending.validator, pending.root_divs];
    assert_eq!(amounts.map(AlphaRao::get), [3_599_908_440, 8_200_045_760, 8_200_045_760, 0]);
}

#[test]
fn with_root_stake_liquidity_enters_and_root_alpha_is_recycled() {
    let mut state = one_subnet(100_000_000_000_000);
    let rows = trace(&mut state, &[1, 16, 17, 18, 20], |state| {
        let subnet = state.subnet(N).unwrap();
        let injected = [subnet.pending.tao_in_emission.get(), subnet.pending.alpha_in_emission.get()];
        (injected, row(state), subnet.pool.quote_weight, subnet.pool.alpha_recycled.get())
    });
    const Y: u64 = 1_000_000_000_000;
    const HALF: u64 = 500_000_000_000_000_000;
    assert_eq!(
        rows,
        [
            ([0, 0], [Y, Y, 655_467_819, 0, 0, 0], HALF, 344_532_181),
            ([0, 0], [Y, Y, 10_491_804_539, 0, 0, 0], HALF, 5_508_195_461),
            (
                [839_047_252, 839_047_252],
                [1_000_999_999_999, 1_000_678_120_407, 11_308_820_831, 160_926_845, 160_952_747, 999_999_999],
                HALF,
                5_852_106_014
            ),
            (
                [839_117_307, 838_847_483],
                [
                    1_001_999_999_998,
                    1_001_356_162_777,
                    12_125_797_238,
                    321_731_958,
                    160_882_692,
                    1_999_999_998
                ],
                499_999_999_999_772_468,
                6_195_934_720
            ),
            (
                [839_256_466, 838_448_276],
                [
                    1_003_999_999_996,
                    1_002_712_012_036,
                    13_759_632_027,
                    642_978_799,
                    160_743_533,
                    3_999_999_996
                ],
                499_999_999_999_474_902,
                6_883_346_772
            ),
        ]
    );
    let pending = &state.subnet(N).unwrap().pending;
    let amounts = [pending.owner_cut, pending.server, pending.validator];
    assert_eq!(amounts.map(AlphaRao::get), [3_599_908_440, 8_200_045_760, 1_316_698_985]);
    let balances: u64 = state.balances.accounts.values().map(|row| row.data.free.get()).sum();
    assert_eq!(balances, state.balances.total_issuance.get());
}

#[test]
fn a_block_of_alpha_is_cut_and_halved() {
    let mut state = one_subnet(0);
    let pending = trace(&mut state, &[1], |state| state.subnet(N).unwrap().pending.clone()).remove(0);
    assert_eq!(pending.owner_cut, AlphaRao(179_995_422));
    assert_eq!(pending.server, AlphaRao(410_002_288));
    assert_eq!(pending.validator, AlphaRao(410_002_288));
    assert_eq!(pending.alpha_out_emission, AlphaRao(1_000_000_000));
}

/// What each of two subnets got of a block's TAO after a change of the state; prices are 1 to 2.
#[track_caller]
fn check_shares(change: impl FnOnce(&mut State), expected: [u64; 2]) {
    let mut state = State::default();
    for (netuid, price) in [(NetUid(1), 1), (NetUid(2), 2)] {
        start(&mut state, netuid, 1_000_000_000_000, 1_000_000_000_000);
        state.subnet_mut(netuid).pool.moving_price = I96F32(price << 30);
    }
    change(&mut state);
    let env = env(START + 1);
    block_step(&mut Exec::new(&mut state, &env), &mut Buffers::new());
    let got = [1, 2].map(|n| {
        let subnet = state.subnet(NetUid(n)).unwrap();
        let flow = u64::try_from(subnet.pool.protocol_flow).unwrap();
        assert_eq!(flow, subnet.pending.tao_in_emission.get() + subnet.pending.excess_tao.get());
        flow
    });
    assert_eq!(got, expected);
}

#[test]
fn shares_follow_moving_prices() {
    check_shares(|_| (), [333_333_333, 666_666_666]);
}

#[test]
fn what_is_withheld_from_miners_lowers_a_share() {
    check_shares(
        |state| state.subnet_mut(NetUid(2)).pending.miner_burned = U96F32(1 << 31),
        [500_000_000, 500_000_000],
    );
}

#[test]
fn when_all_is_withheld_everywhere_prices_alone_count() {
    check_shares(
        |state| {
            for netuid in [1, 2] {
                state.subnet_mut(NetUid(netuid)).pending.miner_burned = U96F32::ONE;
            }
        },
        [333_333_333, 666_666_666],
    );
}

#[test]
fn a_subnet_without_emission_leaves_its_share_to_the_others() {
    check_shares(
        |state| state.subnet_mut(NetUid(2)).params_mut().emission_enabled = false,
        [1_000_000_000, 0],
    );
}

#[test]
fn a_subnet_that_did_not_start_or_closed_has_no_share() {
    check_shares(
        |state| state.subnet_mut(NetUid(1)).schedule.first_emission_block = None,
        [0, 1_000_000_000],
    );
    check_shares(|state| state.subnet_mut(NetUid(1)).pool.subtoken_enabled = false, [0, 1_000_000_000]);
    check_shares(
        |state| state.subnet_mut(NetUid(1)).params_mut().registration_allowed = false,
        [0, 1_000_000_000],
    );
}

#[test]
fn without_eligible_subnets_the_block_is_minted_and_recycled() {
    let mut state = State::default();
    let env = env(1);
    block_step(&mut Exec::new(&mut state, &env), &mut Buffers::new());
    assert_eq!(state.globals.total_issuance, Rao::ZERO);
    assert_eq!(state.balances.total_issuance, Rao::ZERO);
    assert!(state.balances.accounts.is_empty());
}

#[test]
fn emission_is_remembered_unless_all_is_issued() {
    let mut state = State::default();
    assert_eq!(block_emission(&mut state, 15_750_000_000_000_000), 250_000_000);
    assert_eq!(state.globals.block_emission, 250_000_000);
    assert_eq!(block_emission(&mut state, 21_000_000_000_000_000), 0);
    assert_eq!(state.globals.block_emission, 250_000_000, "an exhausted supply leaves it as it was");
}

#[test]
fn root_proportion_without_anything_is_zero() {
    assert_eq!(root_proportion(&State::default(), N), U96F32::ZERO);
}

#[test]
fn an_epoch_is_due_by_tempo_trigger_or_neglect() {
    let due = |change: fn(&mut chain::state::Subnet), block| {
        let mut state = one_subnet(0);
        let subnet = state.subnet_mut(N);
        change(subnet);
        should_run_epoch(subnet, block)
    };
    assert!(!due(|_| (), START + 359));
    assert!(due(|_| (), START + 360));
    assert!(!due(|subnet| subnet.params_mut().tempo = 0, START + 360));
    assert!(!due(|subnet| subnet.schedule.pending_epoch_at = START + 6, START + 5));
    assert!(due(|subnet| subnet.schedule.pending_epoch_at = START + 5, START + 5));
    assert!(!due(|subnet| subnet.schedule.blocks_since_last_step = 50_400, START + 1));
    assert!(due(|subnet| subnet.schedule.blocks_since_last_step = 50_401, START + 1));
}

#[test]
fn epochs_beyond_the_cap_wait_one_block() {
    let mut state = State::default();
    for netuid in 1..=3 {
        start(&mut state, NetUid(netuid), 1_000_000_000_000, 1_000_000_000_000);
    }
    let deferred = |events: &[chain::event::EventRecord]| -> Vec<_> {
        let each = events.iter().filter_map(|record| match &record.event {
            Event::SubtensorModule(SubtensorModuleEvent::EpochDeferred { netuid, from_block, to_block }) => {
                Some((netuid.number(), *from_block, *to_block))
            }
            _ => None,
        });
        each.collect()
    };
    let (mut buffers, block) = (Buffers::new(), START + 360);
    let first = env(block);
    let mut exec = Exec::new(&mut state, &first);
    assert_eq!(epochs_deferred(&exec).collect::<Vec<_>>(), [NetUid(3)]);
    block_step(&mut exec, &mut buffers);
    assert_eq!(deferred(&exec.events), [(3, block, block + 1)]);

    let second = env(block + 1);
    let mut exec = Exec::new(&mut state, &second);
    block_step(&mut exec, &mut buffers);
    assert_eq!(deferred(&exec.events), []);
    let schedules = [1, 2, 3].map(|n| state.subnet(NetUid(n)).unwrap().schedule.clone());
    assert_eq!(schedules.clone().map(|s| s.last_epoch_block), [block, block, block + 1]);
    assert_eq!(schedules.clone().map(|s| s.last_mechanism_step_block), [block, block, block + 1]);
    assert_eq!(schedules.map(|s| (s.epoch_index, s.pending_epoch_at)), [(1, 0); 3]);
}

#[test]
fn an_epoch_is_skipped_when_it_could_not_tell_whom_it_pays() {
    let mut state = one_subnet(0);
    let neurons = state.subnet_mut(N).neurons_mut();
    neurons.keys = vec![AccountId::from_number(5); 2];
    neurons.uids.insert(AccountId::from_number(5), 1);
    let (before, env) = (state.subnet(N).unwrap().schedule.blocks_since_last_step, env(START + 360));
    let mut exec = Exec::new(&mut state, &env);
    block_step(&mut exec, &mut Buffers::new());
    let skipped = SubtensorModuleEvent::EpochSkipped { netuid: N, block: START + 360 };
    assert!(exec.events.iter().any(|record| record.event == skipped.clone().into()));
    let subnet = state.subnet(N).unwrap();
    assert!(!subnet.pending.server.is_zero(), "what waits keeps waiting");
    assert_eq!(subnet.schedule.blocks_since_last_step, before + 1);
    assert_eq!((subnet.schedule.last_epoch_block, subnet.schedule.epoch_index), (START + 360, 1));
}
