use crate::market::{Market, Tested as _, names};
use actors::fabric::{Fabric, Verdict};
use actors::message::{Message, Payload, Synapse};
use actors::plan::{ActorId, FaultRule, MinerTactic, ValidatorTactic};
use actors::streams::Losses;

/// olga 0, vera 1, mia 2, mara 3.
fn cast() -> Market {
    Market::new(1)
        .blocks(10)
        .staker("vera", 1, ValidatorTactic::Honest)
        .miner("mia", MinerTactic::Lazy)
        .miner("mara", MinerTactic::Lazy)
}

fn message(from: u32, to: u32) -> Message {
    let synapse = Synapse::Ask { round: 0, text: Payload::new(vec![1]) };
    Message { from: ActorId(from).into(), to: ActorId(to).into(), number: 0, sent: 1, synapse }
}

#[track_caller]
fn check(market: Market, block: u64, (from, to): (u32, u32), expected: Verdict) {
    let mut losses = Losses::new(&market.plan, block);
    assert_eq!(Fabric::new(&market.plan).route(block, &message(from, to), &mut losses), expected);
}

#[test]
fn offline_cuts_both_directions_and_nobody_else() {
    let fault = || cast().fault(5, 7, FaultRule::Offline { who: names(&["mia"]) });
    check(fault(), 5, (1, 2), Verdict::Drop);
    check(fault(), 6, (2, 1), Verdict::Drop);
    check(fault(), 6, (1, 3), Verdict::Pass);
    check(fault(), 4, (1, 2), Verdict::Pass);
    check(fault(), 7, (1, 2), Verdict::Pass);
}

#[test]
fn latency_delays_those_it_names_or_everyone() {
    let named = FaultRule::Latency { who: names(&["mia"]), blocks: 3 };
    check(cast().fault(0, 9, named.clone()), 1, (2, 1), Verdict::Deliver(3));
    check(cast().fault(0, 9, named), 1, (3, 1), Verdict::Pass);
    let all = FaultRule::Latency { who: Vec::new(), blocks: 2 };
    check(cast().fault(0, 9, all), 1, (3, 1), Verdict::Deliver(2));
}

#[test]
fn a_partition_cuts_only_what_crosses_it() {
    let two = FaultRule::Partition { left: names(&["vera"]), right: names(&["mia"]) };
    check(cast().fault(0, 9, two.clone()), 1, (1, 2), Verdict::Drop);
    check(cast().fault(0, 9, two.clone()), 1, (2, 1), Verdict::Drop);
    check(cast().fault(0, 9, two), 1, (1, 3), Verdict::Pass);
    let rest = FaultRule::Partition { left: names(&["vera", "mia"]), right: Vec::new() };
    check(cast().fault(0, 9, rest.clone()), 1, (1, 2), Verdict::Pass);
    check(cast().fault(0, 9, rest), 1, (3, 1), Verdict::Drop);
}

#[test]
fn the_first_rule_that_does_not_pass_decides() {
    let late = FaultRule::Latency { who: names(&["mia"]), blocks: 3 };
    let gone = FaultRule::Offline { who: names(&["mia", "mara"]) };
    let market = || cast().fault(0, 9, late.clone()).fault(0, 9, gone.clone());
    check(market(), 1, (1, 2), Verdict::Deliver(3));
    check(market(), 1, (1, 3), Verdict::Drop);
    check(cast().fault(0, 9, gone.clone()).fault(0, 9, late.clone()), 1, (1, 2), Verdict::Drop);
}

#[test]
fn loss_takes_its_share_and_none_or_all_at_the_ends() {
    let lost = |permille: u16| {
        let market = cast().fault(0, 9, FaultRule::Loss { who: Vec::new(), permille });
        let (fabric, mut losses) = (Fabric::new(&market.plan), Losses::new(&market.plan, 1));
        (0..2_000).filter(|_| fabric.route(1, &message(1, 2), &mut losses) == Verdict::Drop).count()
    };
    assert_eq!(lost(0), 0);
    assert_eq!(lost(1_000), 2_000);
    assert!((420..580).contains(&lost(250)), "{}", lost(250));
}
