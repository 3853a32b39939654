use crate::market::{Market, Tested as _, hello, logs, names, on_arbiters, play};
use actors::plan::FaultRule;
use actors::{CheckpointError, DriverKind, Options, Run, RunError, compare};

fn market() -> Market {
    // Messages are on their way and draws were made when the checkpoint is taken.
    hello(60).quick().fault(5, 60, FaultRule::Latency { who: names(&["zoe"]), blocks: 2 }).fault(
        5,
        60,
        FaultRule::Loss { who: Vec::new(), permille: 100 },
    )
}

#[test]
fn forty_blocks_are_twenty_and_twenty() {
    for driver in [DriverKind::Lockstep, on_arbiters(2)] {
        let options = Options { driver, ..Options::default() };
        let mut whole = market().on(driver);
        let expected = logs(play(&mut whole, 40));

        let mut first = market().on(driver);
        let mut found = logs(play(&mut first, 20));
        let checkpoint = first.checkpoint().unwrap();
        drop(first);
        let mut second = Run::resume(market().plan, &checkpoint, &options).unwrap();
        assert_eq!(second.block(), 20);
        found.extend(logs(play(&mut second, 20)));

        assert_eq!(compare(&expected, &found), None);
        assert_eq!(whole.digest(), second.digest());
        assert_eq!(whole.log_digest(), second.log_digest());
        assert_eq!(whole.checkpoint().unwrap(), second.checkpoint().unwrap());
        assert_eq!(whole.earnings().unwrap(), second.earnings().unwrap());
    }
}

#[test]
fn every_block_can_be_gone_on_from() {
    let mut run = market().on(DriverKind::Lockstep);
    for _ in 0..24 {
        let checkpoint = run.checkpoint().unwrap();
        let mut other = Run::resume(market().plan, &checkpoint, &Options::default()).unwrap();
        let (a, b) = (run.next_block().unwrap(), other.next_block().unwrap());
        assert_eq!((a.digest, a.log.digest), (b.digest, b.log.digest), "block {}", a.number());
    }
}

#[test]
fn a_longer_run_may_go_on_from_a_shorter_one_and_a_title_changes_nothing() {
    let mut run = market().on(DriverKind::Lockstep);
    play(&mut run, 5);
    let checkpoint = run.checkpoint().unwrap();
    let mut plan = market().plan;
    plan.blocks = 1_000;
    plan.name = "renamed".to_owned();
    plan.subnets[0].title = "retitled".to_owned();
    let mut longer = Run::resume(plan, &checkpoint, &Options::default()).unwrap();
    assert_eq!(longer.next_block().unwrap().digest, run.next_block().unwrap().digest);
}

#[test]
fn a_checkpoint_of_another_plan_is_refused() {
    let checkpoint = market().on(DriverKind::Lockstep).checkpoint().unwrap();
    let mut reseeded = market().plan;
    reseeded.seed = 43;
    for plan in [reseeded, market().honest("new", actors::plan::Method::Zstd, 3).plan] {
        let error = Run::resume(plan, &checkpoint, &Options::default()).unwrap_err();
        assert!(matches!(error, RunError::Checkpoint(CheckpointError::OtherPlan)), "{error}");
    }
}

#[test]
fn damaged_bytes_are_refused_wherever_they_are_cut() {
    let mut run = market().on(DriverKind::Lockstep);
    play(&mut run, 8);
    let checkpoint = run.checkpoint().unwrap();
    for cut in (0..checkpoint.len()).step_by(997) {
        let error = Run::resume(market().plan, &checkpoint[..cut], &Options::default()).unwrap_err();
        assert!(matches!(error, RunError::Checkpoint(CheckpointError::Form(_))), "cut at {cut}: {error}");
    }
    let longer = [&checkpoint[..], &[0]].concat();
    assert!(Run::resume(market().plan, &longer, &Options::default()).is_err());
}
