//! Timelocked weights from commit to epoch.

use crate::world::{NET, VALI, World, id};
use chain::block::Extrinsic;
use chain::call::subtensor::Call;
use chain::drand::{Beacon, seal};
use chain::event::{Event, SubtensorModuleEvent};
use chain::state::State;
use chain::units::{NetUid, NetUidStorageIndex};
use parity_scale_codec::Encode as _;

const ROUND: u64 = 50;

fn beacon() -> Beacon {
    Beacon::from_seed(&[3; 32])
}

/// A subnet with commit-reveal in its epoch 3 that runs no epoch soon.
fn world() -> World {
    let mut world = World::new();
    let subnet = world.state.subnet_mut(NET);
    subnet.schedule.epoch_index = 3;
    let params = subnet.params_mut();
    params.commit_reveal_weights_enabled = true;
    params.weights_set_rate_limit = 0;
    params.tempo = 10_000;
    world
}

fn plaintext(who: u64, uids: &[u16]) -> Vec<u8> {
    (id(who).bytes().to_vec(), uids.to_vec(), vec![1_u16; uids.len()], 0_u64).encode()
}

fn sealed(plain: &[u8]) -> Vec<u8> {
    seal(&beacon().public_key(), ROUND, plain, &[1; 32]).unwrap()
}

fn lock(world: &mut World, commit: Vec<u8>) {
    let call =
        Call::CommitTimelockedWeights { netuid: NET, commit, reveal_round: ROUND, commit_reveal_version: 4 };
    world.ok(VALI, call);
}

fn publish(state: &mut State) {
    state.pulses.insert(ROUND, beacon().pulse(ROUND));
}

fn next_epoch(state: &mut State) {
    state.subnet_mut(NET).schedule.epoch_index += 1;
}

/// Names of the pallet's events of an empty block.
fn step(world: &mut World) -> Vec<String> {
    let name = |event: Event| match event {
        Event::SubtensorModule(event) => Some(format!("{event:?}").split('(').next().unwrap().to_owned()),
        _ => None,
    };
    world.run_block(&[]).1.into_iter().filter_map(name).collect()
}

fn waiting(world: &World) -> usize {
    let mechanisms = &world.state.subnet(NET).unwrap().mechanisms;
    mechanisms
        .iter()
        .flat_map(|mechanism| mechanism.timelocked_commits.values())
        .map(|queue| queue.len())
        .sum()
}

fn weights(world: &World) -> Vec<(u16, u16)> {
    world.state.subnet(NET).unwrap().mechanisms[0].weights[1].to_vec()
}

#[test]
fn weights_are_revealed_in_their_epoch_once_the_round_is_known() {
    let mut world = world();
    lock(&mut world, sealed(&plaintext(VALI, &[1])));
    publish(&mut world.state);
    assert!(step(&mut world).is_empty(), "it is not yet the epoch");
    world.state.pulses.remove(&ROUND);
    next_epoch(&mut world.state);
    assert!(step(&mut world).is_empty(), "the round is not known");
    assert_eq!(waiting(&world), 1);
    publish(&mut world.state);
    let updated = world.state.subnet(NET).unwrap().mechanisms[0].last_update[1];
    assert_eq!(step(&mut world), ["WeightsSet", "TimelockedWeightsRevealed"]);
    assert_eq!(waiting(&world), 0);
    assert_eq!(weights(&world), [(1, 65_535)]);
    assert_eq!(world.state.subnet(NET).unwrap().mechanisms[0].last_update[1], updated);
}

#[test]
fn a_commit_that_missed_its_epoch_is_dropped() {
    let mut world = world();
    lock(&mut world, sealed(&plaintext(VALI, &[1])));
    next_epoch(&mut world.state);
    next_epoch(&mut world.state);
    publish(&mut world.state);
    assert!(step(&mut world).is_empty());
    assert_eq!(waiting(&world), 0);
}

#[test]
fn what_cannot_be_opened_or_set_is_dropped_in_silence() {
    let cases: [(&str, Vec<u8>); 6] = [
        ("noise", vec![7; 300]),
        ("nothing", Vec::new()),
        ("no weights inside", sealed(b"hello")),
        ("another hotkey", sealed(&plaintext(VALI + 1, &[1]))),
        ("no permit for others", sealed(&plaintext(VALI, &[0]))),
        ("another beacon", seal(&Beacon::from_seed(&[4; 32]).public_key(), ROUND, b"", &[0; 32]).unwrap()),
    ];
    for (what, commit) in cases {
        let mut world = world();
        lock(&mut world, commit);
        lock(&mut world, sealed(&plaintext(VALI, &[1])));
        next_epoch(&mut world.state);
        publish(&mut world.state);
        assert_eq!(step(&mut world), ["WeightsSet", "TimelockedWeightsRevealed"], "{what}");
        assert_eq!(waiting(&world), 0, "{what}");
    }
}

#[test]
fn the_old_form_without_hotkey_is_read_too() {
    let mut world = world();
    lock(&mut world, sealed(&(vec![1_u16], vec![9_u16], 0_u64).encode()));
    next_epoch(&mut world.state);
    publish(&mut world.state);
    assert_eq!(step(&mut world), ["WeightsSet", "TimelockedWeightsRevealed"]);
    assert_eq!(weights(&world), [(1, 65_535)]);
}

#[test]
fn each_mechanism_reveals_its_own() {
    let mut world = world();
    world.state.subnet_mut(NET).params_mut().mechanism_count = 2;
    let mechanism = world.state.subnet_mut(NET).mechanism_mut(1);
    mechanism.last_update = vec![0, 0];
    let (mecid, commit) = (1, sealed(&plaintext(VALI, &[1])));
    let call = Call::CommitCrv3MechanismWeights { netuid: NET, mecid, commit, reveal_round: ROUND };
    world.ok(VALI, call);
    next_epoch(&mut world.state);
    publish(&mut world.state);
    let (_, events) = world.run_block(&[]);
    let index = NetUidStorageIndex::new(NET, 1);
    let expected = SubtensorModuleEvent::TimelockedWeightsRevealed(index, id(VALI));
    assert!(events.contains(&Event::SubtensorModule(expected)));
    assert!(world.state.subnet(NET).unwrap().mechanisms[0].weights.iter().all(|row| row.is_empty()));
}

#[test]
fn a_subnet_whose_epoch_is_put_off_waits_with_its_reveals() {
    let mut world = world();
    lock(&mut world, sealed(&plaintext(VALI, &[1])));
    publish(&mut world.state);
    // The epoch is due, which makes the commit ripe, but no epoch may run.
    world.state.subnet_mut(NET).params_mut().tempo = 1;
    world.state.globals_mut().max_epochs_per_block = 0;
    assert!(step(&mut world).iter().all(|event| !event.contains("Weights")));
    assert_eq!(waiting(&world), 1);
    world.state.globals_mut().max_epochs_per_block = 2;
    assert_eq!(step(&mut world)[..2], ["WeightsSet", "TimelockedWeightsRevealed"]);
}

#[test]
fn root_has_no_timelocked_weights() {
    let mut world = world();
    let call = Call::CommitTimelockedWeights {
        netuid: NetUid::ROOT,
        commit: vec![],
        reveal_round: ROUND,
        commit_reveal_version: 4,
    };
    let extrinsic = Extrinsic::Unchecked { who: id(VALI), call: call.into() };
    assert_eq!(world.run_block(&[extrinsic]).0, ["SubtensorModule.HotKeyNotRegisteredInSubNet"]);
}
