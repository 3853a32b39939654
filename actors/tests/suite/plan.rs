use crate::market::{Tested as _, hello, names, number, switch};
use actors::plan::{Change, FaultRule, Method, MinerTactic, Plan, PlanError, Role};
use actors::settings::SettingError;
use actors::{DriverKind, Options, Run};
use chain::units::NetUid;

#[track_caller]
fn refused(change: impl FnOnce(&mut Plan), expected: &str) {
    let mut plan = hello(10).plan;
    plan.check().unwrap();
    change(&mut plan);
    let error = plan.check().unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert!(Run::new(plan, &Options::default()).is_err());
}

#[test]
fn subnets_count_without_gaps_and_have_an_owner_and_a_validator() {
    refused(|plan| plan.subnets.clear(), "there is no subnet");
    refused(
        |plan| plan.subnets[0].netuid = NetUid(3),
        "netuid 3 where 1 is expected: subnets count 1, 2, 3, ... without gaps",
    );
    refused(|plan| drop(plan.cast.remove(0)), "subnet 1 has 0 owners, it needs one");
    refused(
        |plan| plan.cast.retain(|member| !matches!(member.role, Role::Validator { .. })),
        "subnet 1 has no validator in the cast",
    );
}

#[test]
fn names_are_unique_and_known() {
    refused(|plan| plan.cast[4].name = "vera".to_owned(), "two participants are named `vera`");
    refused(|plan| plan.cast[4].name.clear(), "a participant has an empty name");
    refused(
        |plan| plan.faults[0].rule = FaultRule::Offline { who: names(&["nils"]) },
        "nobody in the cast is named `nils` (faults[0])",
    );
    refused(
        |plan| plan.faults[0].rule = FaultRule::Offline { who: Vec::new() },
        "faults[0]: it names nobody",
    );
    let market = || hello(10).event(1, Change::Retire { who: "nils".to_owned() });
    assert!(matches!(market().plan.check(), Err(PlanError::Nobody { .. })));
    let tactic = MinerTactic::Lazy;
    let wrong = hello(10).event(1, Change::MinerTactic { who: "vera".to_owned(), tactic });
    assert!(matches!(wrong.plan.check(), Err(PlanError::WrongRole { expected: "miner", .. })));
}

#[test]
fn numbers_have_limits() {
    refused(
        |plan| {
            plan.cast[4].role = Role::Miner {
                netuid: NetUid(1),
                tactic: MinerTactic::Honest { method: Method::Deflate, level: 10 },
            }
        },
        "cast `brook`.level of deflate: 10 is outside 1..=9",
    );
    refused(
        |plan| plan.subnets[0].settings.push(number("tempo", 0)),
        "subnet 1: `tempo` is 0, allowed are 1 to 65535",
    );
    refused(
        |plan| plan.subnets[0].settings.push(switch("tempo", true)),
        "subnet 1: `tempo` takes a whole number",
    );
}

#[test]
fn an_unknown_parameter_is_answered_with_the_known_ones() {
    let mut plan = hello(10).plan;
    plan.chain.settings.push(number("tao_wait", 1));
    match plan.check() {
        Err(PlanError::Setting { error: SettingError::Unknown { name, allowed }, .. }) => {
            assert_eq!(name, "tao_wait");
            assert!(allowed.contains("tao_weight"), "{allowed}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn settings_reach_the_chain() {
    let mut market = hello(10);
    market.plan.chain.settings.push(number("max_epochs_per_block", 7));
    market.plan.subnets[0].settings.push(number("bonds_penalty", 1_234));
    let mut run = market.on(DriverKind::Lockstep);
    run.next_block().unwrap();
    run.next_block().unwrap();
    assert_eq!(run.view().state().globals.max_epochs_per_block, 7);
    let params = &run.view().subnet(NetUid(1)).unwrap().params;
    assert_eq!((params.bonds_penalty, params.tempo, params.yuma3_on), (1_234, 20, true));
}
