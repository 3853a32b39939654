//! Timelocked weights from a validator's hand to the epoch, with the run's own beacon.

use crate::market::{Market, NETUID, Tested as _, actor, logs, on_arbiters, play};
use actors::plan::{BeaconPlan, Method, ValidatorTactic, Value};
use actors::{BlockRecord, DriverKind, Run, compare};
use chain::event::{DrandEvent, Event, SubtensorModuleEvent};

fn market(reveal_period: u64) -> Market {
    let mut market = Market::new(3)
        .blocks(60)
        .staker("vera", 500, ValidatorTactic::Honest)
        .staker("victor", 300, ValidatorTactic::Honest)
        .honest("zoe", Method::Zstd, 9)
        .honest("leo", Method::Lz4, 0)
        .quick()
        .set("commit_reveal_weights_enabled", Value::Switch(true))
        .set("reveal_period_epochs", Value::Number(reveal_period));
    market.plan.chain.beacon = BeaconPlan::Local;
    market
}

/// How often something happened, and the first block in which it did.
fn count(records: &[BlockRecord], wanted: fn(&SubtensorModuleEvent) -> bool) -> (usize, u64) {
    let of = |record: &BlockRecord| {
        let events = record.sealed.events.iter();
        events.filter(|row| matches!(&row.event, Event::SubtensorModule(event) if wanted(event))).count()
    };
    let first = records.iter().find(|record| of(record) > 0).map_or(0, BlockRecord::number);
    (records.iter().map(of).sum(), first)
}

fn committed(event: &SubtensorModuleEvent) -> bool {
    matches!(event, SubtensorModuleEvent::TimelockedWeightsCommitted(..))
}

fn revealed(event: &SubtensorModuleEvent) -> bool {
    matches!(event, SubtensorModuleEvent::TimelockedWeightsRevealed(..))
}

fn tempo(run: &Run) -> u64 {
    run.view().subnet(NETUID).unwrap().params.tempo.into()
}

#[test]
fn validators_lock_and_the_chain_opens() {
    for period in [1, 2] {
        let mut run = market(period).on(DriverKind::Lockstep);
        let records = play(&mut run, 60);
        for record in &records {
            for receipt in record.sealed.receipts.iter() {
                assert_eq!(
                    receipt.result,
                    Ok(()),
                    "block {}: {:?}",
                    record.number(),
                    record.log.entries.last()
                );
            }
        }
        let ((commits, first), (reveals, opened)) = (count(&records, committed), count(&records, revealed));
        // All but those of the last epochs, which are yet to be opened.
        let pending = 2 * usize::try_from(period).unwrap();
        assert!(commits > 6 && reveals + pending >= commits, "{commits} commits, {reveals} opened");
        let wait = opened - first;
        assert!(wait > (period - 1) * tempo(&run) && wait <= period * tempo(&run), "waited {wait} blocks");
        let id = actor(&run, "vera");
        assert!(!run.earnings().unwrap().swap_remove(id.index()).alpha.is_zero());
    }
}

#[test]
fn a_pulse_comes_with_every_block_of_a_chain_with_a_beacon_and_no_other() {
    let pulses = |records: &[BlockRecord]| -> Vec<Vec<u64>> {
        let rounds = |record: &BlockRecord| {
            record.sealed.events.iter().find_map(|row| match &row.event {
                Event::Drand(DrandEvent::NewPulse { rounds }) => Some(rounds.clone()),
                _ => None,
            })
        };
        records.iter().filter_map(rounds).collect()
    };
    let mut run = market(1).on(DriverKind::Lockstep);
    assert_eq!(pulses(&play(&mut run, 4)), [[1], [2], [3], [4]]);
    let drand = &run.view().state().drand;
    assert_eq!(drand.config.public_key, actors::context::beacon(3).public_key());
    assert_eq!((drand.last_stored_round, drand.config.period), (4, 12));
    let mut without = market(1);
    without.plan.chain.beacon = BeaconPlan::None;
    let mut run = without.on(DriverKind::Lockstep);
    assert!(pulses(&play(&mut run, 4)).is_empty());
}

#[test]
fn drivers_agree_on_timelocked_weights() {
    let loops = logs(play(&mut market(1).on(DriverKind::Lockstep), 30));
    let actix = logs(play(&mut market(1).on(on_arbiters(2)), 30));
    assert_eq!(compare(&loops, &actix), None);
}
