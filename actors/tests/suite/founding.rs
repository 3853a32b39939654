use crate::market::{Market, NETUID, Tested as _, actor, hello, number, play, switch};
use actors::founding::FoundingError;
use actors::plan::{
    CastMember, DummyPlan, MechanismPlan, Method, MinerTactic, Plan, Role, StakePlan, ValidatorTactic, Value,
};
use actors::{DriverKind, Run, genesis};
use chain::runtime::shares;
use chain::units::{AlphaRao, NetUid, Rao, TAO};

fn refused(plan: &Plan) -> Vec<String> {
    let errors: Vec<FoundingError> = genesis::found(plan).map(|_| ()).expect_err("the set-up is refused");
    errors.iter().map(ToString::to_string).collect()
}

/// A dummy market: the cheapest work, so that many can do it.
fn crowd(seed: u64, validators: u32, miners: u32) -> Market {
    let mut market = Market::new(seed).blocks(200);
    market.plan.subnets[0].mechanism = MechanismPlan::Dummy(DummyPlan { round_every: 5, ema_permille: 100 });
    // Of 64 permits the owner would take one as soon as it has earned more than a validator.
    market = market.set("max_allowed_validators", Value::Number(128));
    for number in 1..=validators {
        market = market.staker(&format!("val-{number}"), 300, ValidatorTactic::Honest);
    }
    let tactic = MinerTactic::Honest { method: Method::Stored, level: 0 };
    for number in 1..=miners {
        market = market.miner(&format!("m-{number}"), tactic);
    }
    market
}

/// Every place is taken at genesis, and after some epochs every miner and every validator has earned.
fn plays(seed: u64, validators: u32, miners: u32) {
    let mut run = crowd(seed, validators, miners).on(DriverKind::Lockstep);
    let n = usize::try_from(validators + miners + 1).unwrap();
    let subnet = run.view().subnet(NETUID).unwrap();
    assert_eq!(subnet.neurons.n(), n);
    assert_eq!(run.context().holdings.len(), usize::try_from(validators).unwrap());
    play(&mut run, 100);
    assert_eq!(run.view().subnet(NETUID).unwrap().neurons.n(), n, "nobody lost its slot");
    assert_eq!(run.refusals().next(), None);
    for earned in run.earnings().unwrap().iter().filter(|one| one.role != "owner") {
        assert!(!earned.alpha.is_zero(), "seed {seed}: {earned:?}");
        assert!(earned.role == "validator" || earned.answers_ok > 0, "seed {seed}: {earned:?}");
    }
}

#[test]
fn a_cast_of_any_size_takes_its_places() {
    for (validators, miners) in [(5, 10), (5, 60)] {
        plays(3, validators, miners);
    }
}

#[test]
#[ignore = "slow: 40 runs with up to 250 miners"]
fn a_cast_of_any_size_takes_its_places_under_ten_seeds() {
    let mut runs = 0;
    for seed in 1..=10 {
        for (validators, miners) in [(5, 10), (5, 60), (5, 250), (64, 20)] {
            plays(seed, validators, miners);
            runs += 1;
        }
    }
    println!("{runs} runs with 10, 60 and 250 miners, and with 64 validators");
}

#[test]
fn every_slot_costs_the_same_and_is_paid() {
    let run = crowd(1, 3, 60).on(DriverKind::Lockstep);
    let free = |name: &str| run.view().free(&run.context().keys(actor(&run, name)).unwrap().cold);
    // 100 TAO are spared beside the stake; the slot costs one.
    for name in ["m-1", "m-60", "val-1", "val-3"] {
        assert_eq!(free(name), Rao(99 * TAO), "{name}");
    }
    let subnet = run.view().subnet(NETUID).unwrap();
    assert_eq!(subnet.registration.burn, Rao(TAO), "the price of a slot is as before");
}

#[test]
fn a_place_that_cannot_be_paid_is_an_error_with_what_is_missing() {
    let mut plan = hello(10).plan;
    plan.cast[0].balance = Some(Rao(999 * TAO));
    assert_eq!(
        refused(&plan),
        [
            "`olga` cannot pay the registration of subnet 1: it needs 1000.000000500 tao and has 999.000000000 tao left, 1.000000500 tao are missing"
        ]
    );
    let mut plan = hello(10).plan;
    plan.cast[1].balance = Some(Rao(600 * TAO));
    plan.cast[4].balance = Some(Rao(TAO / 2));
    let said = refused(&plan);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("`brook` cannot pay a slot on subnet 1"), "{said:?}");
    assert!(said[1].contains("`vera` cannot pay its stake of 600.000000000 tao on subnet 1"), "{said:?}");
    assert!(said[1].ends_with("1.000000500 tao are missing"), "{said:?}");
}

#[test]
fn more_participants_than_slots_are_an_error() {
    let plan = crowd(1, 5, 252).plan;
    let said = refused(&plan);
    assert_eq!(
        said,
        [
            "`m-251` finds no slot: subnet 1 has 256 of them, all taken",
            "`m-252` finds no slot: subnet 1 has 256 of them, all taken"
        ]
    );
}

fn staked(stakes: &[(&str, StakePlan)]) -> Market {
    let mut market = Market::new(1).blocks(10).honest("zoe", Method::Zstd, 3);
    for (name, stake) in stakes {
        let (stake, tactic) = (*stake, ValidatorTactic::Honest);
        let role = Role::Validator { netuid: NETUID, stake, root_stake: Rao::ZERO, tactic, fee_permille: 0 };
        market.plan.cast.push(CastMember { name: (*name).to_owned(), balance: None, role });
    }
    market
}

fn held(run: &Run, name: &str) -> AlphaRao {
    let keys = run.context().keys(actor(run, name)).unwrap();
    shares::stake(run.view().state(), &keys.hot, &keys.cold, NETUID)
}

#[test]
fn stake_can_be_given_exactly() {
    let alpha = StakePlan::Alpha(AlphaRao(12_345_678_901));
    let run = staked(&[("ann", alpha), ("bob", alpha), ("cyn", StakePlan::Tao(Rao(300 * TAO)))])
        .on(DriverKind::Lockstep);
    assert_eq!((held(&run, "ann"), held(&run, "bob")), (AlphaRao(12_345_678_901), AlphaRao(12_345_678_901)));
    let bought = &run.context().holdings[2];
    assert_eq!((bought.spent, bought.alpha), (Rao(300 * TAO), held(&run, "cyn")));
    assert!(bought.alpha < AlphaRao(300 * TAO), "a purchase has slippage");
}

#[test]
fn shares_of_stake_hold_to_the_last_digit() {
    let share = |permille: u64| StakePlan::Share(permille * 1_000_000);
    let run =
        staked(&[("ann", share(500)), ("bob", share(300)), ("cyn", share(200))]).on(DriverKind::Lockstep);
    let all = ["ann", "bob", "cyn"].map(|name| held(&run, name).get());
    assert_eq!(all, [500 * TAO, 300 * TAO, 200 * TAO]);
    // Beside stake of others, they are shares of all of it.
    let run = staked(&[("ann", share(250)), ("bob", StakePlan::Alpha(AlphaRao(600 * TAO)))])
        .on(DriverKind::Lockstep);
    assert_eq!(held(&run, "ann").get(), 200 * TAO);

    let said = refused(&staked(&[("ann", share(500)), ("bob", share(300))]).plan);
    assert_eq!(
        said,
        [
            "`ann`: the stake_share values of subnet 1 sum to 0.8, and nobody holds the rest; give shares of 1 together"
        ]
    );
    let said = refused(&staked(&[("ann", share(1_000)), ("bob", StakePlan::Tao(Rao(TAO)))]).plan);
    assert_eq!(
        said,
        [
            "`ann`: the stake_share values of subnet 1 sum to 1, but others hold stake there too; leave a rest for them"
        ]
    );
}

#[test]
fn a_hyperparameter_that_the_chain_refuses_is_named_with_its_limits() {
    let of = |name: &str, value: u64| refused(&hello(10).set(name, Value::Number(value)).plan);
    assert_eq!(
        of("max_allowed_uids", 20),
        [
            "subnet 1: max_allowed_uids: 20 is refused by the chain (AdminUtils.MaxAllowedUidsLessThanMinAllowedUids); allowed: 64 to 256 (uids)"
        ]
    );
    assert_eq!(
        of("max_burn", 1_000_000),
        [
            "subnet 1: max_burn: 1000000 is refused by the chain (AdminUtils.ValueNotInBounds); allowed: 100000001 or more (rao)"
        ]
    );
    let mut plan = hello(10).plan;
    plan.chain.settings.push(number("num_root_claim", 51));
    plan.chain.settings.push(number("max_epochs_per_block", 0));
    assert_eq!(
        refused(&plan),
        [
            "chain: num_root_claim: 51 is refused by the chain (SubtensorModule.InvalidNumRootClaim); allowed: 0 to 50 (coldkeys a block)",
            "chain: max_epochs_per_block: 0 is refused by the chain (AdminUtils.ValueNotInBounds); allowed: 1 to 255 (epochs)",
        ]
    );
}

#[test]
fn hyperparameters_are_set_in_whatever_order_the_chain_takes_them() {
    let mut market = hello(10);
    // The price range moves beyond the old one, so one bound must move before the other.
    market.plan.subnets[0].settings.push(number("max_burn", TAO / 5));
    market.plan.subnets[0].settings.push(number("min_burn", TAO / 10));
    market.plan.subnets[0].settings.push(switch("registration_allowed", false));
    let run = market.on(DriverKind::Lockstep);
    let subnet = run.view().subnet(NETUID).unwrap();
    assert_eq!((subnet.params.min_burn, subnet.params.max_burn), (Rao(TAO / 10), Rao(TAO / 5)));
    assert_eq!(subnet.neurons.n(), 13, "a closed subnet has its cast");
}

#[test]
fn every_preset_has_the_cast_in_its_places() {
    use actors::plan::Preset;
    for preset in [Preset::Market, Preset::Fast, Preset::Mainnet] {
        let mut market = hello(10);
        market.plan.chain.preset = preset;
        let mut run = market.on(DriverKind::Lockstep);
        play(&mut run, 3);
        assert_eq!(run.view().subnet(NETUID).unwrap().neurons.n(), 13, "{preset:?}");
        assert!(!held(&run, "vera").is_zero(), "{preset:?}");
    }
}

#[test]
fn each_subnet_costs_what_the_first_one_costs() {
    let mut market = hello(10);
    for netuid in [NetUid(2), NetUid(3)] {
        let mut other = market.plan.subnets[0].clone();
        other.netuid = netuid;
        market.plan.subnets.push(other);
        let (stake, tactic) = (StakePlan::Tao(Rao(10 * TAO)), ValidatorTactic::Honest);
        let role = Role::Validator { netuid, stake, root_stake: Rao(5 * TAO), tactic, fee_permille: 0 };
        market = market
            .member(&format!("o-{netuid}"), Role::Owner { netuid })
            .member(&format!("v-{netuid}"), role);
    }
    let run = market.on(DriverKind::Lockstep);
    let locked = |netuid: u16| run.view().subnet(NetUid(netuid)).unwrap().locked;
    assert_eq!([1, 2, 3].map(locked), [Rao(1_000 * TAO); 3]);
    assert_eq!(run.view().subnet(NetUid::ROOT).unwrap().neurons.n(), 2);
}
