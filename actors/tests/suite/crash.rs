use crate::market::{Market, Tested as _, actor, hello, logs, on_arbiters, play};
use actors::participant::Phase;
use actors::plan::{Change, OnCrash};
use actors::{DriverKind, RunError, compare};

fn crashing(on_crash: OnCrash) -> Market {
    hello(40).quick().event(12, Change::Crash { who: "vera".to_owned() }).on_crash(on_crash)
}

#[test]
fn a_panic_ends_the_run_with_block_phase_and_name() {
    for driver in [DriverKind::Lockstep, on_arbiters(2)] {
        let mut run = crashing(OnCrash::Fail).on(driver);
        play(&mut run, 11);
        match run.next_block() {
            Err(RunError::Crashed { block: 12, phase: Phase::Observe, name, why }) => {
                assert_eq!((name.as_str(), why.as_str()), ("vera", "the scenario asked for it"));
            }
            other => panic!("{other:?}"),
        }
        assert!(matches!(run.next_block(), Err(RunError::Over(12))));
        assert_eq!(run.block(), 11);
    }
}

#[test]
fn a_panic_is_an_event_at_a_known_block_with_every_driver() {
    for on_crash in [OnCrash::Retire, OnCrash::Restart] {
        let expected = logs(play(&mut crashing(on_crash).on(DriverKind::Lockstep), 40));
        let entry = |log: &actors::BlockLog| {
            log.entries.iter().any(|entry| entry.lines.iter().any(|line| line.starts_with("crashed: ")))
        };
        let crashed: Vec<_> = expected.iter().filter(|log| entry(log)).map(|log| log.block).collect();
        assert_eq!(crashed, [12]);
        for arbiters in [1, 2, 4] {
            let found = logs(play(&mut crashing(on_crash).on(on_arbiters(arbiters)), 40));
            assert_eq!(compare(&expected, &found), None);
        }
    }
}

#[test]
fn who_retires_is_never_heard_again_and_who_restarts_goes_on() {
    let heard = |on_crash| {
        let mut run = crashing(on_crash).on(DriverKind::Lockstep);
        let logs = logs(play(&mut run, 40));
        let vera = actor(&run, "vera");
        let after = logs.iter().filter(|log| log.block > 12);
        after.filter(|log| log.entries.iter().any(|entry| entry.actor == Some(vera))).count()
    };
    assert_eq!(heard(OnCrash::Retire), 0);
    assert!(heard(OnCrash::Restart) > 5);
}

#[test]
fn a_scenario_can_retire_a_participant() {
    let market = hello(40).quick().event(15, Change::Retire { who: "brook".to_owned() });
    let mut run = market.on(DriverKind::Lockstep);
    let logs = logs(play(&mut run, 40));
    let brook = actor(&run, "brook");
    let last = logs.iter().filter(|log| log.entries.iter().any(|entry| entry.actor == Some(brook)));
    assert!(last.map(|log| log.block).max() < Some(15));
    let earned = run.earnings().unwrap();
    assert!(earned[brook.index()].answers_missing > 0);
}
