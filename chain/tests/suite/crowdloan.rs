//! Crowdloans, and the subnets that they lease.

use crate::world::{NET, OWNER, POOR, STAKER, VALI_COLD, World, check, extrinsic, id, nothing};
use chain::account::AccountId;
use chain::call::crowdloan::Call;
use chain::call::subtensor::Call as Subtensor;
use chain::call::{BalancesCall, RuntimeCall};
use chain::event::{CrowdloanEvent, Event, SubtensorModuleEvent as S, SystemEvent};
use chain::runtime::tao::total_balance;
use chain::state::State;
use chain::types::{Bounded, Percent, ProxyType};
use chain::units::{AlphaRao, NetUid, Rao, TAO};

/// Account that receives what is raised.
const TARGET: u64 = 77;

fn create(deposit: u64, min: u64, cap: u64, end: u32) -> Call {
    Call::Create {
        deposit: Rao(deposit),
        min_contribution: Rao(min),
        cap: Rao(cap),
        end,
        call: None,
        target_address: Some(id(TARGET)),
    }
}

fn good() -> Call {
    create(10 * TAO, TAO, 100 * TAO, 60_000)
}

fn with_call(call: impl Into<RuntimeCall>) -> Call {
    let Call::Create { deposit, min_contribution, end, .. } = good() else { unreachable!() };
    let (cap, call) = (Rao(3_000 * TAO), Some(Box::new(call.into())));
    Call::Create { deposit, min_contribution, cap, end, call, target_address: None }
}

fn give(amount: u64) -> Call {
    Call::Contribute { crowdloan_id: 0, amount: Rao(amount) }
}

const WITHDRAW: Call = Call::Withdraw { crowdloan_id: 0 };
const FINALIZE: Call = Call::Finalize { crowdloan_id: 0 };
const REFUND: Call = Call::Refund { crowdloan_id: 0 };
const DISSOLVE: Call = Call::Dissolve { crowdloan_id: 0 };

fn most(amount: Option<u64>) -> Call {
    Call::SetMaxContribution { crowdloan_id: 0, new_max_contribution: amount.map(Rao) }
}

/// A world with a crowdloan of the owner's.
fn opened() -> World {
    let mut world = World::new();
    world.ok(OWNER, good());
    world
}

fn raised() -> World {
    let mut world = opened();
    world.ok(STAKER, give(500 * TAO));
    world
}

fn funds() -> AccountId {
    AccountId::of_pallet(b"bt/cloan", &0_u32.to_le_bytes())
}

#[test]
fn a_crowdloan_is_opened_within_bounds() {
    let neither = |change: fn(&mut Option<Box<RuntimeCall>>, &mut Option<AccountId>)| {
        let mut call = good();
        if let Call::Create { call, target_address, .. } = &mut call {
            change(call, target_address);
        }
        call
    };
    check(
        &World::new(),
        vec![
            ("ok", OWNER, nothing, good()),
            ("Crowdloan.DepositTooLow", OWNER, nothing, create(10 * TAO - 1, TAO, 100 * TAO, 60_000)),
            ("Crowdloan.CapTooLow", OWNER, nothing, create(10 * TAO, TAO, 10 * TAO, 60_000)),
            (
                "Crowdloan.MinimumContributionTooLow",
                OWNER,
                nothing,
                create(10 * TAO, TAO / 10 - 1, 100 * TAO, 60_000),
            ),
            ("Crowdloan.InvalidFinalizationConfig", OWNER, nothing, neither(|_, target| *target = None)),
            ("Crowdloan.CannotEndInPast", OWNER, nothing, create(10 * TAO, TAO, 100 * TAO, 1)),
            ("Crowdloan.BlockDurationTooShort", OWNER, nothing, create(10 * TAO, TAO, 100 * TAO, 50_000)),
            ("Crowdloan.BlockDurationTooLong", OWNER, nothing, create(10 * TAO, TAO, 100 * TAO, 500_000)),
            ("Crowdloan.InsufficientBalance", POOR, nothing, good()),
            ("Crowdloan.Overflow", OWNER, |state| state.crowdloans_mut().next_id = u32::MAX, good()),
            ("BadOrigin", crate::world::ROOT, nothing, good()),
        ],
    );
}

#[test]
fn contributions_stay_within_cap_period_and_bounds() {
    check(
        &opened(),
        vec![
            ("ok", STAKER, nothing, give(TAO)),
            (
                "Crowdloan.InvalidCrowdloanId",
                STAKER,
                nothing,
                Call::Contribute { crowdloan_id: 1, amount: Rao(TAO) },
            ),
            ("Crowdloan.ContributionPeriodEnded", STAKER, |state| state.block = 60_000, give(TAO)),
            ("Crowdloan.ContributionTooLow", STAKER, nothing, give(TAO - 1)),
            (
                "Crowdloan.MaxContributorsReached",
                STAKER,
                |state| {
                    let mut loan = state.crowdloans.loans.get(&0).cloned().unwrap();
                    loan.contributors_count = 500;
                    state.crowdloans_mut().loans.insert(0, loan);
                },
                give(TAO),
            ),
            (
                "Crowdloan.MaxContributionReached",
                OWNER,
                |state| {
                    state.crowdloans_mut().max_contributions.insert(0, Rao(10 * TAO));
                },
                give(TAO),
            ),
            ("Crowdloan.InsufficientBalance", POOR, nothing, give(2 * TAO)),
        ],
    );
    check(&raised(), vec![("Crowdloan.CapRaised", VALI_COLD, nothing, give(TAO))]);
    let mut world = opened();
    world.ok(OWNER, most(Some(30 * TAO)));
    world.ok(STAKER, give(50 * TAO));
    let loan = world.state.crowdloans.loans.get(&0).unwrap();
    assert_eq!((loan.raised, loan.contributors_count), (Rao(40 * TAO), 2), "no more than the bound is taken");
    assert_eq!(total_balance(&world.state, &funds()), Rao(40 * TAO));
    let row = world.state.balances.accounts.get(&funds()).unwrap();
    assert_eq!(row.providers, 2, "the balance, and the pallet");
}

#[test]
fn contributions_are_taken_back_and_the_deposit_stays() {
    check(
        &opened(),
        vec![
            ("Crowdloan.NoContribution", STAKER, nothing, WITHDRAW),
            ("Crowdloan.DepositCannotBeWithdrawn", OWNER, nothing, WITHDRAW),
            ("Crowdloan.CapNotRaised", OWNER, nothing, FINALIZE),
            ("ok", OWNER, nothing, DISSOLVE),
            ("Crowdloan.InvalidOrigin", STAKER, nothing, DISSOLVE),
        ],
    );
    let mut world = opened();
    world.ok(STAKER, give(20 * TAO));
    let mut refunded = world.clone();
    refunded.ok(OWNER, REFUND);
    let loan = refunded.state.crowdloans.loans.get(&0).unwrap();
    assert_eq!((loan.raised, loan.contributors_count), (Rao(10 * TAO), 1), "the deposit stays");
    check(
        &world,
        vec![("Crowdloan.NotReadyToDissolve", OWNER, nothing, DISSOLVE), ("ok", STAKER, nothing, WITHDRAW)],
    );
    world.ok(OWNER, give(5 * TAO));
    world.ok(OWNER, WITHDRAW);
    let (_, events) = world.run_block(&[extrinsic(OWNER, REFUND)]);
    assert!(events.contains(&Event::Crowdloan(CrowdloanEvent::AllRefunded { crowdloan_id: 0 })));
    assert_eq!(total_balance(&world.state, &id(STAKER)), Rao(100_000 * TAO));
    world.ok(OWNER, DISSOLVE);
    assert!(!world.state.balances.accounts.contains_key(&funds()), "nothing holds the account open");
    assert!(world.state.crowdloans.loans.is_empty() && world.state.crowdloans.contributions.is_empty());
}

#[test]
fn more_than_fifty_are_refunded_in_several_calls() {
    let mut world = opened();
    for who in 1_000..1_060 {
        world
            .state
            .balances
            .accounts
            .insert(id(who), world.state.balances.accounts.get(&id(STAKER)).cloned().unwrap());
        world.ok(who, give(TAO));
    }
    let refund = |world: &mut World| world.run_block(&[extrinsic(OWNER, REFUND)]).1;
    let told = |event| Event::Crowdloan(event);
    assert!(refund(&mut world).contains(&told(CrowdloanEvent::PartiallyRefunded { crowdloan_id: 0 })));
    assert_eq!(world.state.crowdloans.contributions.len(), 11);
    assert!(refund(&mut world).contains(&told(CrowdloanEvent::AllRefunded { crowdloan_id: 0 })));
}

#[test]
fn what_is_raised_goes_to_the_target_once() {
    let mut world = raised();
    check(
        &world,
        vec![("Crowdloan.InvalidOrigin", STAKER, nothing, FINALIZE), ("ok", OWNER, nothing, FINALIZE)],
    );
    world.ok(OWNER, FINALIZE);
    assert_eq!(total_balance(&world.state, &id(TARGET)), Rao(100 * TAO));
    for call in [FINALIZE, REFUND, DISSOLVE, WITHDRAW, most(None)] {
        assert_eq!(world.send(OWNER, call), "Crowdloan.AlreadyFinalized");
    }
}

#[test]
fn the_creator_changes_an_open_crowdloan() {
    let minimum = |new: u64| Call::UpdateMinContribution { crowdloan_id: 0, new_min_contribution: Rao(new) };
    let cap = |new: u64| Call::UpdateCap { crowdloan_id: 0, new_cap: Rao(new) };
    let end = |new_end| Call::UpdateEnd { crowdloan_id: 0, new_end };
    let bounded = |state: &mut State| {
        state.crowdloans_mut().max_contributions.insert(0, Rao(20 * TAO));
    };
    check(
        &opened(),
        vec![
            ("ok", OWNER, nothing, minimum(2 * TAO)),
            ("Crowdloan.MinimumContributionTooLow", OWNER, nothing, minimum(1)),
            ("Crowdloan.MinimumContributionTooHigh", OWNER, bounded, minimum(21 * TAO)),
            ("ok", OWNER, nothing, cap(10 * TAO)),
            ("Crowdloan.CapTooLow", OWNER, nothing, cap(10 * TAO - 1)),
            ("ok", OWNER, nothing, end(70_000)),
            ("Crowdloan.BlockDurationTooLong", OWNER, nothing, end(500_000)),
            ("ok", OWNER, nothing, most(Some(10 * TAO))),
            ("ok", OWNER, bounded, most(None)),
            ("Crowdloan.MaximumContributionTooLow", OWNER, nothing, most(Some(10 * TAO - 1))),
            ("Crowdloan.InvalidOrigin", STAKER, nothing, cap(10 * TAO)),
        ],
    );
}

#[test]
fn a_long_call_is_kept_as_a_preimage() {
    let remark = |length| chain::call::SystemCall::Remark { remark: vec![7; length] };
    let mut world = World::new();
    world.ok(OWNER, with_call(RuntimeCall::System(remark(10))));
    world.ok(OWNER, with_call(RuntimeCall::System(remark(300))));
    let call = |id| world.state.crowdloans.loans.get(&id).and_then(|loan| loan.call.clone());
    assert!(matches!(call(0), Some(Bounded::Inline(_))));
    let Some(Bounded::Lookup { hash, len }) = call(1) else { panic!("{:?}", call(1)) };
    assert!(world.state.preimages.bytes.contains_key(&(hash, len)));
    world.ok(STAKER, Call::Contribute { crowdloan_id: 1, amount: Rao(9_000 * TAO) });
    let mut gone = world.clone();
    gone.state.preimages_mut().bytes.remove(&(hash, len));
    assert_eq!(gone.send(OWNER, Call::Finalize { crowdloan_id: 1 }), "Crowdloan.CallUnavailable");
    world.ok(OWNER, Call::Finalize { crowdloan_id: 1 });
    assert_eq!(world.state.crowdloans.current_id, None);
}

fn lease(end_block: Option<u32>) -> Call {
    with_call(Subtensor::RegisterLeasedNetwork { emissions_share: Percent(30), end_block })
}

fn leased(end_block: Option<u32>) -> World {
    let mut world = World::new();
    world.state.globals_mut().network_rate_limit = 0;
    world.ok(OWNER, lease(end_block));
    world.ok(STAKER, give(1_000 * TAO));
    world.ok(VALI_COLD, give(9_000 * TAO));
    world.ok(OWNER, FINALIZE);
    world
}

#[test]
fn a_crowdloan_leases_a_subnet_and_gives_back_what_is_left() {
    let mut world = leased(None);
    let lease = world.state.leases.leases.get(&0).cloned().unwrap();
    let netuid = NetUid(3);
    assert_eq!((lease.netuid, lease.beneficiary, lease.emissions_share), (netuid, id(OWNER), Percent(30)));
    let subnet = world.state.subnet(netuid).unwrap();
    assert_eq!((subnet.owner, subnet.owner_hotkey), (lease.coldkey, lease.hotkey));
    assert_eq!(world.state.hotkey(&lease.hotkey).unwrap().take, Some(0));
    assert_eq!(world.state.leases.shares.len(), 2, "of the contributors but the beneficiary");
    let proxies = &world.state.proxy.proxies.get(&lease.coldkey).unwrap().0;
    assert_eq!((proxies[0].delegate, proxies[0].proxy_type), (id(OWNER), ProxyType::SubnetLeaseBeneficiary));
    assert_eq!(total_balance(&world.state, &lease.coldkey), Rao(93_000_000), "the deposit of the proxy");
    assert!(total_balance(&world.state, &id(STAKER)) > Rao(99_000 * TAO));
    // The owner's cut is shared out in every hundredth block.
    world.ok(OWNER, BalancesCall::TransferAllowDeath { dest: lease.coldkey.into(), value: Rao(TAO) });
    let env = world.env();
    let mut exec = chain::runtime::Exec::new(&mut world.state, &env);
    chain::runtime::shares::increase_stake(
        &mut exec,
        &lease.hotkey,
        &lease.coldkey,
        netuid,
        AlphaRao(500 * TAO),
    );
    let params = world.state.subnet_mut(netuid).params_mut();
    params.tempo = 50;
    params.emission_enabled = true;
    let subnet = world.state.subnet_mut(netuid);
    (subnet.pool.subtoken_enabled, subnet.schedule.first_emission_block) = (true, Some(1));
    let mut told = Vec::new();
    while told.is_empty() && world.state.block < 1_000 {
        // Epochs fall on blocks in which nothing is shared out, and on such in which it is.
        world.state.subnet_mut(netuid).schedule.pending_epoch_at = 1;
        let (_, events) = world.run_block(&[]);
        told.extend(events.into_iter().filter_map(|event| match event {
            Event::SubtensorModule(S::SubnetLeaseDividendsDistributed { contributor, alpha, .. }) => {
                Some((contributor, alpha))
            }
            _ => None,
        }));
        let waits = world.state.leases.dividends.get(&0).copied().unwrap_or_default();
        assert_eq!(
            waits.is_zero() && world.state.block > 20,
            !told.is_empty(),
            "block {}",
            world.state.block
        );
    }
    let who: Vec<_> = told.iter().map(|(contributor, _)| *contributor).collect();
    assert_eq!(who, [id(STAKER), id(VALI_COLD), id(OWNER)], "by their bytes, and the beneficiary last");
    assert!(told[1].1 > told[0].1, "{told:?}");
}

#[test]
fn a_lease_is_refused_and_ended_in_the_chains_order() {
    let end = |lease_id, hotkey| Subtensor::TerminateLease { lease_id, hotkey: id(hotkey) };
    let over = |state: &mut State| state.block = 70_000;
    check(
        &leased(Some(65_000)),
        vec![
            ("ok", OWNER, over, end(0, crate::world::OWNER_HOT)),
            ("SubtensorModule.LeaseDoesNotExist", OWNER, over, end(1, crate::world::OWNER_HOT)),
            ("SubtensorModule.ExpectedBeneficiaryOrigin", STAKER, over, end(0, crate::world::OWNER_HOT)),
            ("SubtensorModule.LeaseHasNotEnded", OWNER, nothing, end(0, crate::world::OWNER_HOT)),
            ("SubtensorModule.BeneficiaryDoesNotOwnHotkey", OWNER, over, end(0, crate::world::VALI)),
            (
                "Crowdloan.InvalidCrowdloanId",
                OWNER,
                nothing,
                Subtensor::RegisterLeasedNetwork { emissions_share: Percent(1), end_block: None },
            ),
        ],
    );
    check(
        &leased(None),
        vec![("SubtensorModule.LeaseHasNoEndBlock", OWNER, over, end(0, crate::world::OWNER_HOT))],
    );
    let register = |end_block| Subtensor::RegisterLeasedNetwork { emissions_share: Percent(1), end_block };
    let mut world = opened();
    world.state.crowdloans_mut().current_id = Some(0);
    check(
        &world,
        vec![
            ("SubtensorModule.InvalidLeaseBeneficiary", STAKER, nothing, register(None)),
            ("SubtensorModule.LeaseCannotEndInThePast", OWNER, nothing, register(Some(1))),
            (
                "SubtensorModule.Overflow",
                OWNER,
                |state| state.leases_mut().next_id = u32::MAX,
                register(None),
            ),
        ],
    );
    let mut world = leased(Some(65_000));
    world.state.block = 70_000;
    let (results, events) = world.run_block(&[extrinsic(OWNER, end(0, crate::world::OWNER_HOT))]);
    assert_eq!(results, ["ok"]);
    let weight = events.iter().find_map(|event| match event {
        Event::System(SystemEvent::ExtrinsicSuccess { dispatch_info }) => Some(dispatch_info.weight),
        _ => None,
    });
    // The empty extrinsic, the call, and two shares that went with the lease.
    assert_eq!(weight.unwrap().ref_time, 108_157_000 + 756_635_122 + 2 * 125_912_993);
    let subnet = world.state.subnet(NetUid(3)).unwrap();
    assert_eq!((subnet.owner, subnet.owner_hotkey), (id(OWNER), id(crate::world::OWNER_HOT)));
    assert!(world.state.leases.leases.is_empty() && world.state.leases.shares.is_empty());
    assert_eq!(world.state.subnet(NET).unwrap().owner, id(OWNER), "other subnets stay");
}

#[test]
fn a_dissolved_subnet_takes_its_lease_along() {
    let mut world = leased(None);
    let call = Subtensor::RootDissolveNetwork { netuid: NetUid(3) };
    world.ok(crate::world::ROOT, call);
    let leases = &world.state.leases;
    assert!(leases.leases.is_empty() && leases.shares.is_empty() && leases.of_subnet.is_empty());
}
