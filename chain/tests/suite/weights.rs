//! Weights that are committed, revealed or sent in batches: each error has a row that triggers exactly it.

use crate::world::{NET, NO_OP, OWNER_HOT, Row, STAKER, VALI, World, check, id, nothing};
use chain::call::subtensor::{Call, CommitHash};
use chain::crypto::blake2_256;
use chain::event::{Event, SubtensorModuleEvent};
use chain::state::State;
use chain::units::{NetUid, Packed};
use parity_scale_codec::Encode as _;

const NOWHERE: NetUid = NetUid(9);
const SALT: [u16; 2] = [4, 7];

/// Commit-reveal on, and no rate limit.
fn committing(state: &mut State) {
    let params = state.subnet_mut(NET).params_mut();
    params.commit_reveal_weights_enabled = true;
    params.weights_set_rate_limit = 0;
}

fn limited(state: &mut State) {
    state.subnet_mut(NET).params_mut().commit_reveal_weights_enabled = true;
}

fn without_limit(state: &mut State) {
    state.subnet_mut(NET).params_mut().weights_set_rate_limit = 0;
}

fn threshold(state: &mut State) {
    state.globals_mut().stake_threshold = 1;
}

/// The hash that commits a hotkey to give all weight to these uids.
fn hash_of(who: u64, index: u16, uids: &[u16]) -> [u8; 32] {
    let values = vec![1_u16; uids.len()];
    blake2_256(&(id(who), index, uids, values, &SALT[..], 0_u64).encode())
}

fn put_commit(state: &mut State, who: u64, hash: [u8; 32], epoch: u64) {
    let queue = state.subnet_mut(NET).mechanism_mut(0).weight_commits.entry(id(who)).or_default();
    queue.push_back((hash, epoch, 1, 0));
}

/// A subnet in its epoch 1, and the validator's commits of these epochs to weights for itself.
fn committed(state: &mut State, epochs: &[u64]) {
    committing(state);
    state.subnet_mut(NET).schedule.epoch_index = 1;
    for epoch in epochs {
        put_commit(state, VALI, hash_of(VALI, NET.number(), &[1]), *epoch);
    }
}

fn reveal(netuid: NetUid, uids: &[u16]) -> Call {
    let values = vec![1; uids.len()];
    Call::RevealWeights { netuid, uids: uids.to_vec(), values, salt: SALT.to_vec(), version_key: 0 }
}

fn batch_reveal(netuid: NetUid, lists: &[&[u16]]) -> Call {
    Call::BatchRevealWeights {
        netuid,
        uids_list: lists.iter().map(|uids| uids.to_vec()).collect(),
        values_list: lists.iter().map(|uids| vec![1; uids.len()]).collect(),
        salts_list: vec![SALT.to_vec(); lists.len()],
        version_keys: vec![0; lists.len()],
    }
}

#[test]
fn commits_check_in_the_chains_order() {
    let commit = |netuid| Call::CommitWeights { netuid, commit_hash: [1; 32] };
    let of_mechanism = |mecid| Call::CommitMechanismWeights { netuid: NET, mecid, commit_hash: [1; 32] };
    check(
        &World::new(),
        vec![
            ("ok", VALI, committing, commit(NET)),
            ("ok", VALI, committing, of_mechanism(0)),
            ("NotEnoughStakeToSetWeights", VALI, threshold, commit(NET)),
            ("CommittingWeightsTooFast", VALI, limited, commit(NET)),
            // To a neuron, a mechanism that is not there is one it came too early for.
            ("CommittingWeightsTooFast", VALI, committing, of_mechanism(1)),
            ("MechanismDoesNotExist", STAKER, committing, of_mechanism(1)),
            ("MechanismDoesNotExist", VALI, committing, commit(NOWHERE)),
            ("CommitRevealDisabled", VALI, without_limit, commit(NET)),
            ("HotKeyNotRegisteredInSubNet", STAKER, committing, commit(NET)),
            (
                "TooManyUnrevealedCommits",
                VALI,
                |state| {
                    committing(state);
                    (0..10).for_each(|at| put_commit(state, VALI, [at; 32], 0));
                },
                commit(NET),
            ),
            (
                "ok",
                VALI,
                |state| {
                    committing(state);
                    (0..9).for_each(|at| put_commit(state, VALI, [at; 32], 0));
                },
                commit(NET),
            ),
        ],
    );
}

#[test]
fn timelocked_commits_check_in_the_chains_order() {
    let lock = |netuid, reveal_round, commit_reveal_version| Call::CommitTimelockedWeights {
        netuid,
        commit: vec![1, 2, 3],
        reveal_round,
        commit_reveal_version,
    };
    let of_mechanism = |mecid, commit_reveal_version| Call::CommitTimelockedMechanismWeights {
        netuid: NET,
        mecid,
        commit: vec![1, 2, 3],
        reveal_round: 5,
        commit_reveal_version,
    };
    let crv3 = |mecid, reveal_round| Call::CommitCrv3MechanismWeights {
        netuid: NET,
        mecid,
        commit: vec![1, 2, 3],
        reveal_round,
    };
    let fill = |state: &mut State, count| {
        committing(state);
        let queue = state.subnet_mut(NET).mechanism_mut(0).timelocked_commits.entry(0).or_default();
        (0..count).for_each(|_| queue.push_back((id(VALI), 1, vec![1], 5)));
    };
    let rows: Vec<Row> = vec![
        ("ok", VALI, committing, lock(NET, 5, 4)),
        ("ok", VALI, committing, of_mechanism(0, 4)),
        ("ok", VALI, committing, crv3(0, 5)),
        ("NotEnoughStakeToSetWeights", VALI, threshold, lock(NET, 5, 4)),
        ("MechanismDoesNotExist", VALI, committing, lock(NOWHERE, 5, 4)),
        ("MechanismDoesNotExist", VALI, committing, of_mechanism(1, 4)),
        ("MechanismDoesNotExist", VALI, committing, crv3(1, 5)),
        ("CommitRevealDisabled", VALI, without_limit, lock(NET, 5, 3)),
        ("IncorrectCommitRevealVersion", STAKER, committing, lock(NET, 5, 3)),
        ("IncorrectCommitRevealVersion", VALI, committing, of_mechanism(0, 5)),
        ("HotKeyNotRegisteredInSubNet", STAKER, limited, lock(NET, 5, 4)),
        ("CommittingWeightsTooFast", VALI, limited, lock(NET, 5, 4)),
        ("InvalidRevealRound", STAKER, |state| state.drand_mut().last_stored_round = 6, lock(NET, 5, 3)),
        ("InvalidRevealRound", VALI, |state| state.drand_mut().last_stored_round = 6, of_mechanism(0, 4)),
        ("InvalidRevealRound", VALI, |state| state.drand_mut().last_stored_round = 6, crv3(0, 5)),
    ];
    check(&World::new(), rows);
    for (count, expected) in [(9, "ok"), (10, "SubtensorModule.TooManyUnrevealedCommits")] {
        let mut world = World::new();
        fill(&mut world.state, count);
        assert_eq!(world.send(VALI, lock(NET, 5, 4)), expected);
    }
    // The last round that is known may still be named.
    let mut world = World::new();
    committing(&mut world.state);
    world.state.drand_mut().last_stored_round = 5;
    world.ok(VALI, lock(NET, 5, 4));
}

#[test]
fn reveals_check_in_the_chains_order() {
    let ripe = |state: &mut State| committed(state, &[0]);
    check(
        &World::new(),
        vec![
            ("ok", VALI, ripe, reveal(NET, &[1])),
            ("NotEnoughStakeToSetWeights", VALI, threshold, reveal(NET, &[1])),
            ("NoWeightsCommitFound", VALI, ripe, reveal(NET, &[0])),
            ("RevealTooEarly", VALI, |state| committed(state, &[1]), reveal(NET, &[1])),
            (
                "RevealTooEarly",
                VALI,
                |state| {
                    committed(state, &[0]);
                    state.subnet_mut(NET).schedule.epoch_index = 2;
                },
                reveal(NET, &[1]),
            ),
            (
                "CommitRevealDisabled",
                VALI,
                |state| {
                    committed(state, &[0]);
                    state.subnet_mut(NET).params_mut().commit_reveal_weights_enabled = false;
                },
                reveal(NET, &[1]),
            ),
            (
                "NeuronNoValidatorPermit",
                VALI,
                |state| {
                    committed(state, &[]);
                    put_commit(state, VALI, hash_of(VALI, NET.number(), &[0]), 0);
                },
                reveal(NET, &[0]),
            ),
        ],
    );
}

#[test]
fn the_guard_of_reveals_looks_at_everyones_commits() {
    // Another hotkey repeats the hash, so the guard lets the reveal pass.
    let repeated = |state: &mut State, epoch| {
        put_commit(state, OWNER_HOT, hash_of(VALI, NET.number(), &[1]), epoch);
    };
    let mut world = World::new();
    committed(&mut world.state, &[]);
    repeated(&mut world.state, 0);
    assert_eq!(world.clone().send(VALI, reveal(NET, &[1])), "SubtensorModule.NoWeightsCommitFound");
    put_commit(&mut world.state, VALI, [9; 32], 0);
    assert_eq!(
        world.clone().send(VALI, reveal(NET, &[1])),
        "SubtensorModule.InvalidRevealCommitHashNotMatch"
    );
    let batch = batch_reveal(NET, &[&[1]]);
    assert_eq!(world.send(VALI, batch), "SubtensorModule.InvalidRevealCommitHashNotMatch");

    // The validator's own has expired. Which of the two the guard finds is a matter of their storage keys.
    let mut world = World::new();
    committed(&mut world.state, &[0]);
    repeated(&mut world.state, 1);
    world.state.subnet_mut(NET).schedule.epoch_index = 2;
    let single = world.clone().send(VALI, reveal(NET, &[1]));
    let mut other = World::new();
    committed(&mut other.state, &[1]);
    repeated(&mut other.state, 0);
    other.state.subnet_mut(NET).schedule.epoch_index = 2;
    let swapped = other.send(VALI, reveal(NET, &[1]));
    let found: std::collections::BTreeSet<_> = [single, swapped].into();
    let expired_first = ["SubtensorModule.RevealTooEarly", "ok"].map(String::from).into();
    let repeated_first =
        ["SubtensorModule.ExpiredWeightCommit", "SubtensorModule.RevealTooEarly"].map(String::from).into();
    assert!(found == expired_first || found == repeated_first, "{found:?}");

    let mut world = World::new();
    world.state.block = 400;
    put_commit(&mut world.state, OWNER_HOT, hash_of(VALI, NOWHERE.number(), &[1]), 0);
    assert_eq!(world.send(VALI, reveal(NOWHERE, &[1])), "SubtensorModule.NoWeightsCommitFound");
}

#[test]
fn batch_reveals_check_in_the_chains_order() {
    let ripe = |state: &mut State| committed(state, &[0]);
    let mut uneven = batch_reveal(NET, &[&[1]]);
    if let Call::BatchRevealWeights { salts_list, .. } = &mut uneven {
        salts_list.clear();
    }
    check(
        &World::new(),
        vec![
            ("ok", VALI, ripe, batch_reveal(NET, &[&[1]])),
            ("InputLengthsUnequal", VALI, threshold, uneven),
            ("NotEnoughStakeToSetWeights", VALI, threshold, batch_reveal(NET, &[&[1]])),
            ("NoWeightsCommitFound", VALI, |state| committed(state, &[1]), batch_reveal(NET, &[&[1], &[0]])),
            ("RevealTooEarly", VALI, |state| committed(state, &[1]), batch_reveal(NET, &[&[1]])),
            ("NoWeightsCommitFound", VALI, committing, batch_reveal(NET, &[])),
            (NO_OP, VALI, ripe, batch_reveal(NET, &[])),
            // One commit, revealed twice.
            ("InvalidRevealCommitHashNotMatch", VALI, ripe, batch_reveal(NET, &[&[1], &[1]])),
            ("ok", VALI, |state| committed(state, &[0, 0]), batch_reveal(NET, &[&[1], &[1]])),
        ],
    );
}

/// The events of a batch, its own first.
fn batch_events(world: &mut World, call: Call) -> Vec<String> {
    let extrinsic = chain::block::Extrinsic::Unchecked { who: id(VALI), call: call.into() };
    let (results, events) = world.run_block(&[extrinsic]);
    assert_eq!(results, ["ok"]);
    let text = |event: Event| match event {
        Event::SubtensorModule(SubtensorModuleEvent::BatchWeightItemFailed(netuid, error)) => {
            Some(format!("{netuid}: {error}"))
        }
        Event::SubtensorModule(event) => {
            let text = format!("{event:?}");
            Some(text.split('(').next().unwrap().to_owned())
        }
        _ => None,
    };
    events.into_iter().filter_map(text).collect()
}

fn batch_set(netuids: &[u16]) -> Call {
    Call::BatchSetWeights {
        netuids: netuids.iter().map(|netuid| Packed(NetUid(*netuid))).collect(),
        weights: vec![vec![(Packed(1), Packed(1))]; netuids.len()],
        version_keys: vec![Packed(0); netuids.len()],
    }
}

fn batch_commit(netuids: &[u16]) -> Call {
    Call::BatchCommitWeights {
        netuids: netuids.iter().map(|netuid| Packed(NetUid(*netuid))).collect(),
        commit_hashes: vec![CommitHash([7; 32]); netuids.len()],
    }
}

#[test]
fn batches_are_refused_as_a_whole_only_by_the_guards() {
    let mut uneven_set = batch_set(&[2, 2]);
    if let Call::BatchSetWeights { version_keys, .. } = &mut uneven_set {
        version_keys.pop();
    }
    let mut uneven_commit = batch_commit(&[2, 2]);
    if let Call::BatchCommitWeights { commit_hashes, .. } = &mut uneven_commit {
        commit_hashes.pop();
    }
    check(
        &World::new(),
        vec![
            // The item of each is refused.
            (NO_OP, VALI, nothing, batch_set(&[2])),
            ("InputLengthsUnequal", VALI, threshold, uneven_set),
            ("NotEnoughStakeToSetWeights", VALI, threshold, batch_set(&[2])),
            (NO_OP, VALI, nothing, batch_commit(&[2])),
            ("InputLengthsUnequal", VALI, threshold, uneven_commit),
            ("NotEnoughStakeToSetWeights", VALI, threshold, batch_commit(&[2])),
        ],
    );
}

#[test]
fn each_item_of_a_batch_of_weights_stands_for_itself() {
    let mut world = World::new();
    without_limit(&mut world.state);
    let events = batch_events(&mut world.clone(), batch_set(&[2]));
    assert_eq!(events, ["WeightsSet", "BatchWeightsCompleted"]);
    // A subnet that does not exist commits by default; root has no weights.
    world.state.subnet_mut(NetUid::ROOT).params_mut().commit_reveal_weights_enabled = false;
    let events = batch_events(&mut world, batch_set(&[9, 2, 0]));
    assert_eq!(
        events,
        [
            "WeightsSet",
            "BatchCompletedWithErrors",
            "9: SubtensorModule.CommitRevealEnabled",
            "0: SubtensorModule.CanNotSetRootNetworkWeights",
            "BatchWeightsCompleted",
        ]
    );
}

#[test]
fn each_item_of_a_batch_of_commits_stands_for_itself() {
    let mut world = World::new();
    limited(&mut world.state);
    assert_eq!(
        batch_events(&mut world.clone(), batch_commit(&[2])),
        ["BatchCompletedWithErrors", "2: SubtensorModule.CommittingWeightsTooFast", "BatchWeightsCompleted"]
    );
    committing(&mut world.state);
    let events = batch_events(&mut world, batch_commit(&[2, 9]));
    assert_eq!(
        events,
        [
            "WeightsCommitted",
            "BatchCompletedWithErrors",
            "9: SubtensorModule.MechanismDoesNotExist",
            "BatchWeightsCompleted",
        ]
    );
    let queue = &world.state.subnet(NET).unwrap().mechanisms[0].weight_commits[&id(VALI)];
    assert_eq!(queue.len(), 1);
    assert_eq!(queue[0].0, [7; 32]);
}

#[test]
fn a_batch_is_encoded_as_clients_encode_it() {
    let call = chain::call::RuntimeCall::from(batch_set(&[2, 300]));
    assert_eq!(hex::encode(call.encode()), "0750 08 08 b104 08 04 04 04 04 04 04 08 00 00".replace(' ', ""));
    let call = chain::call::RuntimeCall::from(batch_commit(&[300]));
    assert_eq!(hex::encode(call.encode()), format!("076404b10404{}", "07".repeat(32)));
}
