//! Each error of a call has a row that triggers exactly it, beside a row that passes.

use crate::world::{
    NET, OWNER, OWNER_HOT, POOR, STAKER, VALI, VALI_COLD, World, add, check, id, nothing, staked,
};
use chain::block::Extrinsic;
use chain::call::{BalancesCall, RuntimeCall, UtilityCall, subtensor::Call};
use chain::event::{Event, SubtensorModuleEvent, UtilityEvent};
use chain::state::State;
use chain::units::{AlphaRao, NetUid, Rao, TAO};

fn add_limit(amount: u64, limit_price: u64, allow_partial: bool) -> Call {
    Call::AddStakeLimit {
        hotkey: id(VALI),
        netuid: NET,
        amount_staked: Rao(amount),
        limit_price: Rao(limit_price),
        allow_partial,
    }
}

#[test]
fn add_stake_checks_in_the_chains_order() {
    let world = World::new();
    check(
        &world,
        vec![
            ("ok", STAKER, nothing, add(VALI, NET, TAO)),
            ("InsufficientLiquidity", STAKER, nothing, add(VALI, NET, u64::MAX)),
            ("SubnetNotExists", STAKER, nothing, add(VALI, NetUid(9), TAO)),
            ("SubtokenDisabled", STAKER, nothing, add(VALI, NetUid::ROOT, TAO)),
            ("AmountTooLow", STAKER, nothing, add(VALI, NET, 2_001_006)),
            ("ok", STAKER, nothing, add(VALI, NET, 2_001_008)),
            ("NotEnoughBalanceToStake", POOR, nothing, add(VALI, NET, 2 * TAO)),
            ("HotKeyAccountNotExists", STAKER, nothing, add(77, NET, TAO)),
            ("ok", STAKER, nothing, add_limit(TAO, 2_000_000_000, false)),
            ("SlippageTooHigh", STAKER, nothing, add_limit(1_000 * TAO, 1_010_000_000, false)),
            ("ok", STAKER, nothing, add_limit(1_000 * TAO, 1_010_000_000, true)),
            ("Swap.PriceLimitExceeded", STAKER, nothing, add_limit(TAO, 900_000_000, true)),
        ],
    );
}

pub(crate) fn remove(hotkey: u64, netuid: NetUid, alpha: u64) -> Call {
    Call::RemoveStake { hotkey: id(hotkey), netuid, amount_unstaked: AlphaRao(alpha) }
}

fn remove_limit(alpha: u64, limit_price: u64, allow_partial: bool) -> Call {
    Call::RemoveStakeLimit {
        hotkey: id(VALI),
        netuid: NET,
        amount_unstaked: AlphaRao(alpha),
        limit_price: Rao(limit_price),
        allow_partial,
    }
}

#[test]
fn remove_stake_caps_and_its_limit_form_does_not() {
    check(
        &staked(),
        vec![
            ("ok", STAKER, nothing, remove(VALI, NET, TAO)),
            ("ok", STAKER, nothing, remove(VALI, NET, 1_000_000 * TAO)),
            ("SubtokenDisabled", STAKER, nothing, remove(VALI, NetUid::ROOT, TAO)),
            ("AmountTooLow", STAKER, nothing, remove(VALI, NET, 0)),
            ("AmountTooLow", STAKER, nothing, remove(VALI, NET, 1_000)),
            ("AmountTooLow", OWNER, nothing, remove(VALI, NET, TAO)),
            ("NotEnoughStakeToWithdraw", STAKER, nothing, remove_limit(1_000 * TAO, 1_000, false)),
            ("ok", STAKER, nothing, remove_limit(TAO, 1_000, false)),
            ("SlippageTooHigh", STAKER, nothing, remove_limit(90 * TAO, 1_199_000_000, false)),
            ("Swap.PriceLimitExceeded", STAKER, nothing, remove_limit(TAO, 9_000_000_000, false)),
        ],
    );
}

#[test]
fn moves_refuse_what_the_chain_refuses() {
    let shift = |from, to, hotkey, amount| Call::MoveStake {
        origin_hotkey: id(VALI),
        destination_hotkey: id(hotkey),
        origin_netuid: from,
        destination_netuid: to,
        alpha_amount: AlphaRao(amount),
    };
    let give = |amount| Call::TransferStake {
        destination_coldkey: id(POOR),
        hotkey: id(VALI),
        origin_netuid: NET,
        destination_netuid: NET,
        alpha_amount: AlphaRao(amount),
    };
    check(
        &staked(),
        vec![
            ("ok", STAKER, nothing, shift(NET, NET, OWNER_HOT, TAO)),
            ("SameNetuid", STAKER, nothing, shift(NET, NET, VALI, TAO)),
            ("SubnetNotExists", STAKER, nothing, shift(NET, NetUid(9), VALI, TAO)),
            ("SubtokenDisabled", STAKER, nothing, shift(NET, NetUid::ROOT, VALI, TAO)),
            ("HotKeyAccountNotExists", STAKER, nothing, shift(NET, NET, 77, TAO)),
            ("AmountTooLow", STAKER, nothing, shift(NET, NET, OWNER_HOT, 1_000)),
            ("ok", STAKER, nothing, give(TAO)),
            (
                "TransferDisallowed",
                STAKER,
                |state| state.subnet_mut(NET).params_mut().transfer_toggle = false,
                give(TAO),
            ),
            (
                "ok",
                STAKER,
                |state| state.subnet_mut(NetUid::ROOT).pool.subtoken_enabled = true,
                shift(NET, NetUid::ROOT, VALI, TAO),
            ),
        ],
    );
}

#[test]
fn stake_goes_back_less_two_fees() {
    let mut world = World::new();
    let before = chain::runtime::tao::total_balance(&world.state, &id(STAKER));
    world.ok(STAKER, add(VALI, NET, TAO));
    let alpha = world.stake(STAKER, VALI, NET);
    assert!(!alpha.is_zero());
    world.ok(STAKER, Call::UnstakeAll { hotkey: id(VALI) });
    assert_eq!(world.stake(STAKER, VALI, NET), AlphaRao::ZERO);
    let lost = before.saturating_sub(chain::runtime::tao::total_balance(&world.state, &id(STAKER)));
    assert!(lost > Rao(900_000) && lost < Rao(1_100_000), "twice 0.05 %: {lost}");
}

#[test]
fn registration_checks_in_the_chains_order() {
    let register = |netuid, hotkey| Call::BurnedRegister { netuid, hotkey: id(hotkey) };
    let limit = |limit_price| Call::RegisterLimit { netuid: NET, hotkey: id(40), limit_price };
    check(
        &World::new(),
        vec![
            ("ok", STAKER, nothing, register(NET, 40)),
            ("RegistrationNotPermittedOnRootSubnet", STAKER, nothing, register(NetUid::ROOT, 40)),
            ("SubnetNotExists", STAKER, nothing, register(NetUid(9), 40)),
            (
                "SubNetRegistrationDisabled",
                STAKER,
                |state| state.subnet_mut(NET).params_mut().registration_allowed = false,
                register(NET, 40),
            ),
            ("HotKeyAlreadyRegisteredInSubNet", VALI_COLD, nothing, register(NET, VALI)),
            ("NotEnoughBalanceToStake", POOR, nothing, register(NET, 40)),
            ("NonAssociatedColdKey", STAKER, nothing, register(NET, 0)),
            (
                "NoNeuronIdAvailable",
                STAKER,
                |state| state.subnet_mut(NET).params_mut().max_allowed_uids = 0,
                register(NET, 40),
            ),
            ("RegistrationPriceLimitExceeded", STAKER, nothing, limit(1_000)),
            ("ok", STAKER, nothing, limit(10 * TAO)),
        ],
    );
}

#[test]
fn networks_are_registered_and_started_once() {
    let network = |hotkey| Call::RegisterNetwork { hotkey: id(hotkey) };
    let start = |netuid| Call::StartCall { netuid };
    let open = |state: &mut State| state.globals_mut().network_rate_limit = 0;
    check(
        &World::new(),
        vec![
            ("NetworkTxRateLimitExceeded", STAKER, nothing, network(40)),
            ("ok", STAKER, open, network(40)),
            ("NonAssociatedColdKey", STAKER, open, network(VALI)),
            ("CannotAffordLockCost", POOR, open, network(40)),
            (
                "SubnetLimitReached",
                STAKER,
                |state| {
                    state.globals_mut().network_rate_limit = 0;
                    state.globals_mut().subnet_limit = 2;
                },
                network(40),
            ),
            ("FirstEmissionBlockNumberAlreadySet", OWNER, nothing, start(NET)),
            ("BadOrigin", STAKER, nothing, start(NET)),
            ("SubnetNotExists", STAKER, nothing, start(NetUid(9))),
        ],
    );
}

#[test]
fn weights_check_in_the_chains_order() {
    let set = |netuid, dests: &[u16], version_key| Call::SetWeights {
        netuid,
        dests: dests.to_vec(),
        weights: vec![1; dests.len()],
        version_key,
    };
    // Two hotkeys: the owner's on uid 0 needs no permit, the validator's on uid 1 has none yet.
    let free = |state: &mut State| state.subnet_mut(NET).params_mut().weights_set_rate_limit = 0;
    let permit = |state: &mut State| {
        let subnet = state.subnet_mut(NET);
        subnet.params_mut().weights_set_rate_limit = 0;
        subnet.neurons_mut().validator_permit = vec![true, true];
    };
    let uneven = Call::SetWeights { netuid: NET, dests: vec![0], weights: vec![], version_key: 0 };
    check(
        &World::new(),
        vec![
            ("ok", OWNER_HOT, free, set(NET, &[1], 0)),
            ("ok", VALI, permit, set(NET, &[0, 1], 0)),
            ("ok", VALI, free, set(NET, &[1], 0)),
            ("NeuronNoValidatorPermit", VALI, free, set(NET, &[0], 0)),
            ("SettingWeightsTooFast", VALI, nothing, set(NET, &[0], 0)),
            ("CommitRevealEnabled", VALI, nothing, set(NetUid(9), &[0], 0)),
            ("WeightVecNotEqualSize", VALI, permit, uneven),
            ("UidsLengthExceedUidsInSubNet", VALI, permit, set(NET, &[0, 1, 2], 0)),
            ("HotKeyNotRegisteredInSubNet", STAKER, permit, set(NET, &[0], 0)),
            ("DuplicateUids", VALI, permit, set(NET, &[0, 0], 0)),
            ("UidVecContainInvalidOne", VALI, permit, set(NET, &[0, 9], 0)),
            (
                "IncorrectWeightVersionKey",
                VALI,
                |state| {
                    let params = state.subnet_mut(NET).params_mut();
                    params.weights_version_key = 5;
                    params.weights_set_rate_limit = 0;
                },
                set(NET, &[0], 4),
            ),
            (
                "NotEnoughStakeToSetWeights",
                VALI,
                |state| state.globals_mut().stake_threshold = 1,
                set(NET, &[0], 0),
            ),
            (
                "WeightVecLengthIsLow",
                VALI,
                |state| {
                    let subnet = state.subnet_mut(NET);
                    subnet.params_mut().weights_set_rate_limit = 0;
                    subnet.params_mut().min_allowed_weights = 2;
                    subnet.neurons_mut().validator_permit = vec![true, true];
                },
                set(NET, &[0], 0),
            ),
        ],
    );
}

#[test]
fn an_axon_is_served_when_it_can_be_reached() {
    let axon = |ip: u128, ip_type, port| Call::ServeAxon {
        netuid: NET,
        version: 1,
        ip,
        port,
        ip_type,
        protocol: 4,
        placeholder1: 0,
        placeholder2: 0,
    };
    check(
        &World::new(),
        vec![
            ("ok", VALI, nothing, axon(0x0808_0808, 4, 80)),
            ("ok", VALI, nothing, axon(0, 4, 80)),
            ("HotKeyNotRegisteredInNetwork", STAKER, nothing, axon(0x0808_0808, 4, 80)),
            ("InvalidIpType", VALI, nothing, axon(0x0808_0808, 5, 80)),
            ("InvalidIpAddress", VALI, nothing, axon(0x7f00_0001, 4, 80)),
            ("InvalidIpAddress", VALI, nothing, axon(1, 6, 80)),
            ("InvalidPort", VALI, nothing, axon(0x0808_0808, 4, 0)),
        ],
    );
    let mut world = World::new();
    world.ok(VALI, axon(0x0808_0808, 4, 80));
    assert_eq!(world.send(VALI, axon(0x0808_0808, 4, 80)), "SubtensorModule.ServingRateLimitExceeded");
}

#[test]
fn takes_move_within_bounds_and_only_by_their_owner() {
    let up = |take| Call::IncreaseTake { hotkey: id(VALI), take };
    let down = |take| Call::DecreaseTake { hotkey: id(VALI), take };
    let with_take = |state: &mut State| state.hotkey_mut(&id(VALI)).take = Some(5_000);
    check(
        &World::new(),
        vec![
            ("ok", VALI_COLD, with_take, up(6_000)),
            ("ok", VALI_COLD, with_take, down(4_000)),
            ("DelegateTakeTooLow", VALI_COLD, with_take, up(5_000)),
            ("DelegateTakeTooLow", VALI_COLD, with_take, down(5_000)),
            ("DelegateTakeTooHigh", VALI_COLD, with_take, up(11_797)),
            ("NonAssociatedColdKey", STAKER, with_take, up(6_000)),
            ("HotKeyAccountNotExists", STAKER, nothing, Call::IncreaseTake { hotkey: id(77), take: 1 }),
        ],
    );
    let mut world = World::new();
    world.state.hotkey_mut(&id(VALI)).take = Some(5_000);
    world.ok(VALI_COLD, up(6_000));
    assert_eq!(world.send(VALI_COLD, up(7_000)), "SubtensorModule.DelegateTxRateLimitExceeded");
}

#[test]
fn transfers_keep_the_rules_of_the_token() {
    let rows: Vec<(&str, BalancesCall)> = vec![
        ("ok", BalancesCall::TransferKeepAlive { dest: id(5).into(), value: Rao(TAO - 500) }),
        (
            "Token.NotExpendable",
            BalancesCall::TransferKeepAlive { dest: id(5).into(), value: Rao(TAO - 499) },
        ),
        ("ok", BalancesCall::TransferAllowDeath { dest: id(5).into(), value: Rao(TAO) }),
        (
            "Token.FundsUnavailable",
            BalancesCall::TransferAllowDeath { dest: id(5).into(), value: Rao(TAO + 1) },
        ),
        ("Token.BelowMinimum", BalancesCall::TransferAllowDeath { dest: id(5).into(), value: Rao(499) }),
        ("ok", BalancesCall::TransferAll { dest: id(5).into(), keep_alive: true }),
    ];
    let base = World::new();
    for (expected, call) in rows {
        let mut world = base.clone();
        assert_eq!(world.send(POOR, call.clone()), expected, "{call:?}");
        let sum = world
            .state
            .balances
            .accounts
            .values()
            .map(|row| row.data.free.0 + row.data.reserved.0)
            .sum::<u64>();
        assert_eq!(Rao(sum), world.state.balances.total_issuance, "{call:?}");
    }
}

#[test]
fn dust_is_destroyed() {
    let mut world = World::new();
    let before = world.state.balances.total_issuance;
    let mut twin = world.clone();
    twin.step();
    let minted = twin.state.balances.total_issuance.saturating_sub(before);
    world.ok(POOR, BalancesCall::TransferAllowDeath { dest: id(STAKER).into(), value: Rao(TAO - 499) });
    let expected = before.saturating_add(minted).saturating_sub(Rao(499));
    assert_eq!(world.state.balances.total_issuance, expected);
    assert!(!world.state.balances.accounts.contains_key(&id(POOR)));
}

#[test]
fn batches_stop_undo_or_go_on() {
    let good: RuntimeCall = add(VALI, NET, TAO).into();
    let bad: RuntimeCall = add(77, NET, TAO).into();
    let calls = vec![good.clone(), bad, good];
    let mut rows = Vec::new();
    for batch in [
        UtilityCall::Batch { calls: calls.clone() },
        UtilityCall::BatchAll { calls: calls.clone() },
        UtilityCall::ForceBatch { calls },
    ] {
        let mut world = World::new();
        let extrinsic = Extrinsic::Unchecked { who: id(STAKER), call: RuntimeCall::Utility(batch) };
        let (results, events) = world.run_block(&[extrinsic]);
        let added =
            |event: &&Event| matches!(event, Event::SubtensorModule(SubtensorModuleEvent::StakeAdded(..)));
        let last = events.iter().rev().find_map(|event| match event {
            Event::Utility(event) => Some(format!("{event:?}").split([' ', '{']).next().unwrap().to_owned()),
            _ => None,
        });
        rows.push((results[0].clone(), events.iter().filter(added).count(), last.unwrap_or_default()));
    }
    assert_eq!(
        rows,
        [
            ("ok".to_owned(), 1, "BatchInterrupted".to_owned()),
            ("SubtensorModule.HotKeyAccountNotExists".to_owned(), 0, String::new()),
            ("ok".to_owned(), 2, "BatchCompletedWithErrors".to_owned()),
        ]
    );
    assert_eq!(format!("{:?}", UtilityEvent::BatchCompleted), "BatchCompleted");
}

#[test]
fn a_batch_in_a_batch_is_filtered() {
    let inner = RuntimeCall::Utility(UtilityCall::Batch { calls: vec![] });
    let outer = RuntimeCall::Utility(UtilityCall::BatchAll { calls: vec![inner] });
    assert_eq!(World::new().send(STAKER, outer), "System.CallFiltered");
}
