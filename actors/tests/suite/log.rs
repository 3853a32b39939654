use crate::market::{Tested as _, hello, logs, play};
use actors::log::{call_name, compare_block};
use actors::participant::Phase;
use actors::{BlockLog, DriverKind, compare};
use chain::call::{BalancesCall, RuntimeCall, subtensor};
use chain::units::NetUid;
use parity_scale_codec::Encode;

fn twelve() -> Vec<BlockLog> {
    logs(play(&mut hello(12).on(DriverKind::Lockstep), 12))
}

#[test]
fn equal_logs_have_no_difference() {
    assert_eq!(compare(&twelve(), &twelve()), None);
}

#[test]
fn the_first_differing_turn_is_named_with_both_lines() {
    let left = twelve();
    let mut right = left.clone();
    let turn = |entry: &actors::log::Entry| entry.phase == Phase::Serve;
    let at = right[10].entries.iter().position(turn).unwrap();
    let actor = right[10].entries[at].actor;
    right[10].entries[at].digest = [9; 32];
    right[10].entries[at].lines = vec!["something else".to_owned()];
    right[10].digest = [8; 32];
    right[11].digest = [7; 32];
    let difference = compare(&left, &right).unwrap();
    assert_eq!((difference.block, difference.phase, difference.actor), (11, Some(Phase::Serve), actor));
    assert!(difference.left.starts_with("to #"), "{difference}");
    assert_eq!(difference.right, "something else");
}

#[test]
fn a_turn_that_only_one_log_has_is_named() {
    let left = twelve();
    let mut right = left.clone();
    let lost = right[10].entries.remove(1);
    right[10].digest = [8; 32];
    let difference = compare_block(&left[10], &right[10]).unwrap();
    assert_eq!((difference.phase, difference.actor), (Some(lost.phase), lost.actor));
    assert_eq!(difference.right, "nothing");
    let swapped = compare_block(&right[10], &left[10]).unwrap();
    assert_eq!((swapped.actor, swapped.left.as_str()), (lost.actor, "nothing"));
}

#[test]
fn a_log_that_ends_early_differs_at_its_end() {
    let left = twelve();
    let difference = compare(&left, &left[..7]).unwrap();
    assert_eq!((difference.block, difference.phase), (8, None));
    assert_eq!(difference.right, "ends before it");
}

#[test]
fn a_log_read_back_from_a_ledger_names_the_same_place() {
    let left = twelve();
    let stored: Vec<_> = left.iter().map(|log| BlockLog::read(&log.encode()).unwrap()).collect();
    assert_eq!(compare(&left, &stored), None);
    let mut right = left.clone();
    right[4].entries[0].digest = [1; 32];
    right[4].digest = [2; 32];
    let difference = compare(&stored, &right).unwrap();
    assert_eq!(difference.block, 5);
    assert!(difference.left.starts_with("digest "), "{difference}");
}

#[test]
fn calls_are_named_as_on_chain() {
    let keys = actors::context::Keys::derive(1, "a");
    let check = |call: RuntimeCall, expected: &str| assert_eq!(call_name(&call), expected);
    check(subtensor::Call::StartCall { netuid: NetUid(1) }.into(), "SubtensorModule.StartCall");
    check(
        BalancesCall::TransferAll { dest: keys.cold.into(), keep_alive: true }.into(),
        "Balances.TransferAll",
    );
}
