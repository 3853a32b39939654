use crate::market::{Market, NETUID, Tested as _, actor, hello, names, number, play};
use actors::plan::{Change, FaultRule, Method, MinerTactic, Role, StakePlan, ValidatorTactic, Value};
use actors::{DriverKind, Earnings, Run};
use chain::units::{NetUid, Rao, TAO};

fn earned(run: &mut Run, name: &str) -> Earnings {
    let id = actor(run, name);
    run.earnings().unwrap().swap_remove(id.index())
}

#[test]
fn the_cast_has_its_places_at_genesis() {
    let mut run = hello(10).on(DriverKind::Lockstep);
    let view = run.view();
    let subnet = view.subnet(NETUID).unwrap();
    assert_eq!(subnet.neurons.n(), 13);
    assert!(subnet.schedule.first_emission_block.is_some());
    for name in ["vera", "victor", "vince"] {
        assert!(view.has_stake(NETUID, run.context().keys(actor(&run, name)).unwrap()), "{name}");
    }
    play(&mut run, 1);
    assert_eq!(run.view().subnet(NETUID).unwrap().axons.iter().count(), 9);
}

#[test]
fn nothing_that_the_cast_submits_is_refused() {
    let mut run = hello(60).on(DriverKind::Lockstep);
    for record in play(&mut run, 60) {
        for receipt in record.sealed.receipts.iter() {
            assert_eq!(receipt.result, Ok(()), "block {}: {:?}", record.number(), record.log.entries.last());
        }
    }
}

#[test]
fn two_subnets_start_at_genesis() {
    let mut market = hello(30).quick();
    let mut second = market.plan.subnets[0].clone();
    second.netuid = NetUid(2);
    second.settings.push(number("kappa", 40_000));
    market.plan.subnets.push(second);
    let netuid = NetUid(2);
    let (stake, root_stake, tactic) = (StakePlan::Tao(Rao(50 * TAO)), Rao(20 * TAO), ValidatorTactic::Honest);
    let miner = MinerTactic::Honest { method: Method::Zstd, level: 3 };
    let mut run = market
        .member("oona", Role::Owner { netuid })
        .member("vica", Role::Validator { netuid, stake, root_stake, tactic, fee_permille: 0 })
        .member("mona", Role::Miner { netuid, tactic: miner })
        .on(DriverKind::Lockstep);
    play(&mut run, 30);
    let view = run.view();
    assert_eq!(view.subnet(netuid).unwrap().params.kappa, 40_000);
    assert_eq!(view.subnet(netuid).unwrap().neurons.n(), 3);
    let vica = run.context().keys(actor(&run, "vica")).unwrap();
    assert!(view.has_stake(NetUid::ROOT, vica));
    assert!(view.uid(NetUid::ROOT, &vica.hot).is_some());
    assert!(!earned(&mut run, "mona").alpha.is_zero());
}

#[test]
fn weights_are_committed_and_revealed_when_the_subnet_asks_for_it() {
    let market = hello(60).quick().set("commit_reveal_weights_enabled", Value::Switch(true));
    let mut run = market.on(DriverKind::Lockstep);
    let mut calls = Vec::new();
    for record in play(&mut run, 60) {
        for line in record.log.entries.iter().flat_map(|entry| &entry.lines) {
            assert!(!line.contains("expired") && !line.contains("Reveal of"), "{line}");
            for call in ["CommitWeights", "RevealWeights", "SetWeights"] {
                if line.contains(call) {
                    calls.push(call);
                }
            }
        }
    }
    let count = |name| calls.iter().filter(|call| **call == name).count();
    assert!(count("CommitWeights") >= 9, "{calls:?}");
    assert!(count("RevealWeights") >= 6, "{calls:?}");
    assert_eq!(count("SetWeights"), 0);
    assert!(!earned(&mut run, "brook").alpha.is_zero());
}

#[test]
fn a_copier_sets_the_weights_of_others_without_asking() {
    let mut run = hello(60).quick().on(DriverKind::Lockstep);
    play(&mut run, 60);
    let context = run.context();
    let uid = |name: &str| {
        let keys = context.keys(context.plan.actor(name).unwrap()).unwrap();
        usize::from(run.view().uid(NETUID, &keys.hot).unwrap())
    };
    let weights = &run.view().subnet(NETUID).unwrap().mechanisms[0].weights;
    let heaviest = |row: usize| weights[row].iter().max_by_key(|(_, weight)| *weight).unwrap().0;
    assert_eq!(heaviest(uid("vince")), heaviest(uid("vera")));
    assert_eq!(earned(&mut run, "vince").answers_ok, 0);
    assert!(!earned(&mut run, "vince").alpha.is_zero());
}

#[test]
fn fees_go_to_the_author_and_the_validator_and_nowhere_else() {
    let mut run = hello(60).quick().on(DriverKind::Lockstep);
    play(&mut run, 60);
    let all = run.earnings().unwrap();
    let sum = |of: fn(&Earnings) -> Rao| all.iter().map(|e| of(e).get()).sum::<u64>();
    let (paid, received) = (sum(|e| e.fees_paid), sum(|e| e.fees_earned));
    assert_eq!(paid, received);
    let (uma, vera) = (earned(&mut run, "uma"), earned(&mut run, "vera"));
    let fee = TAO / 20;
    assert!(uma.answers_ok >= 4, "{uma:?}");
    assert_eq!((uma.answers_bad, uma.answers_missing), (0, 0));
    assert!(uma.fees_paid.get() / fee >= uma.answers_ok);
    // Vera keeps 30 % of what she has delivered, and all of what she is still working on.
    let delivered = uma.answers_ok * fee;
    assert!(vera.fees_earned.get() >= delivered * 3 / 10, "{vera:?}");
    assert!(vera.fees_earned.get() <= delivered * 3 / 10 + 2 * fee, "{vera:?}");
}

#[test]
fn a_fee_comes_back_when_nobody_answers() {
    let mut run = Market::new(3)
        .blocks(40)
        .staker("vera", 100, ValidatorTactic::Honest)
        .miner("mute", MinerTactic::Silent)
        .customer("uma", "vera", 10)
        .quick()
        .on(DriverKind::Lockstep);
    play(&mut run, 38);
    let (uma, vera) = (earned(&mut run, "uma"), earned(&mut run, "vera"));
    assert!(uma.answers_missing >= 2, "{uma:?}");
    assert_eq!((uma.fees_paid, vera.fees_earned), (Rao::ZERO, Rao::ZERO));
    assert!(earned(&mut run, "mute").answers_missing > 5);
}

#[test]
fn an_answer_that_comes_late_still_counts_while_its_round_is_open() {
    let late = FaultRule::Latency { who: names(&["zoe"]), blocks: 1 };
    let mut run = hello(40).fault(0, 40, late).on(DriverKind::Lockstep);
    play(&mut run, 40);
    let zoe = earned(&mut run, "zoe");
    assert!(zoe.answers_ok >= 10, "{zoe:?}");
}

#[test]
fn a_scenario_can_change_tactics_and_move_money() {
    let market = hello(60)
        .quick()
        .event(20, Change::MinerTactic { who: "brook".to_owned(), tactic: MinerTactic::Liar })
        .event(21, Change::Transfer { from: "uma".to_owned(), to: "ulf".to_owned(), amount: Rao(7 * TAO) })
        .event(
            22,
            Change::Stake {
                who: "uma".to_owned(),
                with: "vera".to_owned(),
                netuid: NETUID,
                amount: Rao(10 * TAO),
            },
        )
        .event(40, Change::UnstakeAll { who: "uma".to_owned(), with: "vera".to_owned() });
    let mut run = market.on(DriverKind::Lockstep);
    let records = play(&mut run, 60);
    let brook = earned(&mut run, "brook");
    assert!(brook.answers_ok > 0 && brook.answers_bad > 0, "{brook:?}");
    let moved = |block: usize| {
        let receipts = &records[block - 1].sealed.receipts;
        assert!(receipts.iter().all(|receipt| receipt.result.is_ok()), "block {block}");
        records[block - 1].sealed.events.len()
    };
    assert!(moved(21) > 0 && moved(22) > 0 && moved(40) > 0);
    assert_eq!(earned(&mut run, "uma").fees_earned, Rao::ZERO);
}
