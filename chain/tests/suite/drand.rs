//! The beacon: what it encrypts, and the calls of its pallet.

use crate::world::{STAKER, World, id};
use chain::block::{Extrinsic, InvalidTransaction};
use chain::call::{RuntimeCall, drand::Call};
use chain::crypto::Keypair;
use chain::drand::{Beacon, Malformed, QUICKNET_KEY, open, seal, verify};
use chain::event::{DrandEvent, Event};
use chain::runtime::calls::drand::PULSES_KEPT;
use chain::runtime::{Rules, Runtime};
use chain::types::{BeaconConfiguration, BeaconConfigurationPayload, MultiSigner, Pulse, PulsesPayload};
use parity_scale_codec::Encode as _;
use serde_json::Value as Json;

/// The commit and the pulse of the recorded scenario: made by the clients' own code and by the real beacon.
fn recorded() -> (Vec<u8>, Pulse) {
    let lines = fixtures::pallet::lines("s7_commit_reveal").unwrap();
    let ops: Vec<&Json> = lines.iter().filter_map(|line| line["ops"].as_array()).flatten().collect();
    let commit = ops.iter().find(|op| op["call"] == "commit_timelocked_weights").unwrap();
    let commit = commit["args"]["commit"].as_str().unwrap().strip_prefix("0x").unwrap();
    let pulse = ops.iter().find(|op| op["item"] == "Pulses").unwrap();
    (hex::decode(commit).unwrap(), serde_json::from_value(pulse["value"].clone()).unwrap())
}

#[test]
fn the_recorded_commit_is_opened_by_the_real_signature() {
    let (commit, pulse) = recorded();
    assert_eq!(verify(&QUICKNET_KEY, &pulse), Ok(true));
    let plain = open(&commit, &pulse.signature).unwrap();
    let expected = (id(403).bytes().to_vec(), vec![4_u16, 5, 6], vec![5_u16, 5, 5], 0_u64).encode();
    assert_eq!(plain, expected);
}

#[test]
fn what_was_changed_or_belongs_to_another_round_is_not_opened() {
    let (commit, pulse) = recorded();
    // A byte of each part: point, V, W, ciphertext, nonce.
    for at in [40, 110, 150, 200, 280] {
        let mut broken = commit.clone();
        broken[at] ^= 1;
        assert_eq!(open(&broken, &pulse.signature), None, "byte {at}");
    }
    for length in 0..commit.len() {
        assert_eq!(open(&commit[..length], &pulse.signature), None, "{length} bytes");
    }
    assert_eq!(open(&commit, &Beacon::from_seed(&[1; 32]).pulse(1000).signature), None);
    assert_eq!(open(&commit, &[]), None);
    assert_eq!(open(&commit, &[0; 48]), None);
    // Lengths beyond the bytes.
    let mut long = commit;
    long[96..104].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(open(&long, &pulse.signature), None);
}

#[test]
fn what_is_sealed_to_a_round_opens_with_its_pulse() {
    let beacon = Beacon::from_seed(&[3; 32]);
    for length in [0, 1, 31, 5_000] {
        let plain = vec![9; length];
        let sealed = seal(&beacon.public_key(), 77, &plain, &[5; 32]).unwrap();
        assert_eq!(open(&sealed, &beacon.pulse(77).signature), Some(plain));
        assert_eq!(open(&sealed, &beacon.pulse(78).signature), None);
    }
    assert_eq!(seal(&[0; 96], 1, b"", &[0; 32]), None);
    let twice = [0, 1].map(|_| seal(&beacon.public_key(), 77, b"same", &[5; 32]).unwrap());
    assert_eq!(twice[0], twice[1]);
    assert_ne!(twice[0], seal(&beacon.public_key(), 77, b"same", &[6; 32]).unwrap());
}

#[test]
fn a_message_to_the_real_beacon_opens_with_its_real_signature() {
    let (_, pulse) = recorded();
    let sealed = seal(&QUICKNET_KEY, 1000, b"to quicknet", &[8; 32]).unwrap();
    assert_eq!(open(&sealed, &pulse.signature).unwrap(), b"to quicknet");
}

#[test]
fn a_pulse_is_of_one_beacon_and_one_round() {
    let (one, other) = (Beacon::from_seed(&[1; 32]), Beacon::from_seed(&[2; 32]));
    let pulse = one.pulse(9);
    assert_eq!(verify(&one.public_key(), &pulse), Ok(true));
    assert_eq!(verify(&other.public_key(), &pulse), Ok(false));
    assert_eq!(verify(&one.public_key(), &Pulse { round: 10, ..pulse.clone() }), Ok(false));
    assert_eq!(verify(&[1; 96], &pulse), Err(Malformed));
    assert_eq!(verify(&one.public_key(), &Pulse { signature: vec![1; 48], ..pulse }), Err(Malformed));
}

fn beacon() -> Beacon {
    Beacon::from_seed(&[3; 32])
}

/// A chain that listens to our beacon.
fn world() -> World {
    let mut world = World::new();
    world.state.drand_mut().config.public_key = beacon().public_key().to_vec();
    world
}

fn node() -> Keypair {
    Keypair::ed25519(&[4; 32])
}

fn write(block_number: u32, pulses: Vec<Pulse>) -> Extrinsic {
    let pulses_payload =
        PulsesPayload { block_number, pulses, public: MultiSigner::Ed25519(*node().account().bytes()) };
    let signature = Some(node().sign(&pulses_payload.encode(), [0; 32]));
    Extrinsic::Unsigned(Call::WritePulse { pulses_payload, signature }.into())
}

fn send(world: &mut World, extrinsic: Extrinsic) -> String {
    world.run_block(&[extrinsic]).0.remove(0)
}

#[test]
fn a_pulse_comes_unsigned_and_newer_than_the_last() {
    let mut world = world();
    let (results, events) = world.run_block(&[write(1, vec![beacon().pulse(40)])]);
    assert_eq!(results, ["ok"]);
    assert!(events.contains(&Event::Drand(DrandEvent::NewPulse { rounds: vec![40] })));
    assert_eq!(world.state.pulses.get(&40), Some(&beacon().pulse(40)));
    let drand = world.state.drand.clone();
    assert_eq!((drand.last_stored_round, drand.oldest_stored_round), (40, 40));
    assert_eq!(u64::from(drand.next_unsigned_at), world.state.block);
    // Two in one block; the second of a round is stale.
    let again = write(1, vec![beacon().pulse(42)]);
    let (results, _) = world.run_block(&[write(1, vec![beacon().pulse(41)]), again.clone(), again]);
    assert_eq!(results[..2], ["ok", "ok"]);
    assert!(results[2].contains("Stale"), "{results:?}");
    assert_eq!(world.state.drand.oldest_stored_round, 40);
}

#[test]
fn a_pulse_that_does_not_hold_is_passed_over_or_refused() {
    let mut world = world();
    let stranger = Beacon::from_seed(&[9; 32]).pulse(40);
    let (results, events) = world.run_block(&[write(1, vec![stranger])]);
    assert_eq!(results, ["ok"]);
    assert!(!events.iter().any(|event| matches!(event, Event::Drand(_))));
    assert!(world.state.pulses.is_empty());
    let garbled = Pulse { round: 40, randomness: vec![], signature: vec![1; 48] };
    assert_eq!(send(&mut world, write(1, vec![garbled])), "Drand.PulseVerificationError");
}

#[test]
fn who_may_send_pulses() {
    let mut world = world();
    let call = |extrinsic| match extrinsic {
        Extrinsic::Unsigned(call) => call,
        _ => unreachable!(),
    };
    let pulse = || beacon().pulse(40);
    let good = call(write(1, vec![pulse()]));
    assert_eq!(world.send(STAKER, good.clone()), "BadOrigin");
    assert_eq!(send(&mut world, Extrinsic::Root(good.clone())), "BadOrigin");
    let invalid = |world: &mut World, call: RuntimeCall, word: &str| {
        let before = world.state.clone();
        let answer = send(world, Extrinsic::Unsigned(call));
        assert!(answer.contains(word), "{answer}");
        assert_eq!(before.drand, world.state.drand);
    };
    let edit = |change: fn(&mut PulsesPayload)| {
        let mut call = good.clone();
        if let RuntimeCall::Drand(Call::WritePulse { pulses_payload, .. }) = &mut call {
            change(pulses_payload);
        }
        call
    };
    invalid(&mut world, edit(|payload| payload.block_number = 2), "BadProof");
    invalid(&mut world, edit(|payload| payload.public = MultiSigner::Sr25519(*id(1).bytes())), "BadProof");
    invalid(&mut world, call(write(9_999, vec![pulse()])), "Future");
    invalid(&mut world, call(write(1, vec![])), "Call");
    invalid(&mut world, call(write(1, vec![pulse(), beacon().pulse(41)])), "Call");
    // A pool takes no other call without a signature; in a block it has no origin.
    let other = RuntimeCall::from(chain::call::subtensor::Call::DisputeColdkeySwap);
    let runtime = Runtime::new(Rules::default(), [0; 32]);
    let refused = runtime.validate_unsigned(&world.state, &world.env(), &other);
    assert_eq!(refused, Err(InvalidTransaction::NoUnsignedValidator));
    invalid(&mut world, other, "BadOrigin");
    let mut bare = good.clone();
    if let RuntimeCall::Drand(Call::WritePulse { signature, .. }) = &mut bare {
        *signature = None;
    }
    invalid(&mut world, bare, "BadSigner");
    let mut closed = world.clone();
    closed.state.drand_mut().next_unsigned_at = 9_999;
    invalid(&mut closed, good.clone(), "Stale");
    assert_eq!(send(&mut world, Extrinsic::Unsigned(good)), "ok");
}

#[test]
fn a_round_must_be_newer_than_the_one_before_it_in_the_same_call() {
    // Only a call that skipped the check of unsigned extrinsics can hold two.
    let mut world = world();
    let payload = |rounds: &[u64]| PulsesPayload {
        block_number: 1,
        pulses: rounds.iter().map(|round| beacon().pulse(*round)).collect(),
        public: MultiSigner::Ed25519(*node().account().bytes()),
    };
    let mut dispatch = |rounds: &[u64]| {
        let env = world.env();
        let mut exec = chain::runtime::Exec::new(&mut world.state, &env);
        let call = Call::WritePulse { pulses_payload: payload(rounds), signature: None };
        let result = chain::runtime::dispatch(&mut exec, chain::runtime::Origin::None, &call.into());
        result.map_err(|error| error.to_string())
    };
    assert_eq!(dispatch(&[41, 40]), Err("Drand.InvalidRoundNumber".to_owned()));
    assert_eq!(dispatch(&[40, 41]), Ok(()));
    assert_eq!(dispatch(&[41]), Err("Drand.InvalidRoundNumber".to_owned()));
    assert_eq!(world.state.drand.oldest_stored_round, 40);
}

#[test]
fn old_pulses_are_forgotten_a_hundred_at_a_time() {
    let mut world = world();
    for round in 1..=300 {
        world.state.pulses.insert(round, Pulse { round, ..Pulse::default() });
    }
    world.state.drand_mut().oldest_stored_round = 1;
    world.state.drand_mut().last_stored_round = 300;
    assert_eq!(send(&mut world, write(1, vec![beacon().pulse(PULSES_KEPT + 150)])), "ok");
    assert_eq!(world.state.drand.oldest_stored_round, 101);
    assert_eq!(world.state.pulses.keys().next(), Some(&101));
    assert_eq!(send(&mut world, write(1, vec![beacon().pulse(PULSES_KEPT + 151)])), "ok");
    assert_eq!(world.state.drand.oldest_stored_round, 152);
    assert_eq!(world.state.pulses.keys().next(), Some(&152));
}

#[test]
fn root_chooses_the_beacon() {
    let mut world = World::new();
    assert_eq!(world.state.drand.config, BeaconConfiguration::default());
    let config = BeaconConfiguration { period: 12, ..BeaconConfiguration::default() };
    let public = MultiSigner::Sr25519(*id(1).bytes());
    let config_payload = BeaconConfigurationPayload { block_number: 1, config: config.clone(), public };
    let call: RuntimeCall = Call::SetBeaconConfig { config_payload, signature: None }.into();
    assert_eq!(world.send(STAKER, call.clone()), "BadOrigin");
    assert_eq!(send(&mut world, Extrinsic::Root(call)), "ok");
    assert_eq!(world.state.drand.config, config);
    assert_eq!(u64::from(world.state.drand.next_unsigned_at), world.state.block + 1);
    let call: RuntimeCall = Call::SetOldestStoredRound { oldest_round: 17 }.into();
    assert_eq!(world.send(STAKER, call.clone()), "BadOrigin");
    assert_eq!(send(&mut world, Extrinsic::Root(call)), "ok");
    assert_eq!(world.state.drand.oldest_stored_round, 17);
}
