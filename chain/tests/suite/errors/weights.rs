//! Weights that are set, and weights that are committed.

use super::row::{Row, Table, fails};
use crate::world::{NET, OWNER_HOT, STAKER, VALI, World, id};
use chain::call::subtensor::{Call, CommitHash};
use chain::error::SubtensorModuleError as E;
use chain::state::Hyperparams;
use chain::units::{NetUid, Packed};

pub(super) const NOWHERE: NetUid = NetUid(9);

pub(super) fn params(world: &mut World) -> &mut Hyperparams {
    world.state.subnet_mut(NET).params_mut()
}

/// No limit on how often.
pub(super) fn free(world: &mut World) {
    params(world).weights_set_rate_limit = 0;
}

pub(super) fn permit(world: &mut World) {
    let n = world.state.subnet(NET).unwrap().neurons.n();
    world.state.subnet_mut(NET).neurons_mut().validator_permit = vec![true; n];
}

fn hidden(world: &mut World) {
    params(world).commit_reveal_weights_enabled = true;
}

pub(super) fn threshold(world: &mut World) {
    world.state.globals_mut().stake_threshold = 1;
}

pub(super) fn register_staker(world: &mut World) {
    world.ok(STAKER, Call::BurnedRegister { netuid: NET, hotkey: id(STAKER) });
    free(world);
}

/// A call that sets weights for uids, all the same.
type Set = fn(NetUid, &[u16], u64) -> Call;

fn set(netuid: NetUid, dests: &[u16], version_key: u64) -> Call {
    Call::SetWeights { netuid, dests: dests.to_vec(), weights: vec![1; dests.len()], version_key }
}

fn set_of(mecid: u8, netuid: NetUid, dests: &[u16], version_key: u64) -> Call {
    let (dests, weights) = (dests.to_vec(), vec![1; dests.len()]);
    Call::SetMechanismWeights { netuid, mecid, dests, weights, version_key }
}

fn uneven(mut call: Call) -> Call {
    if let Call::SetWeights { weights, .. } | Call::SetMechanismWeights { weights, .. } = &mut call {
        weights.push(1);
    }
    call
}

fn sets(set: Set) -> Vec<Row> {
    let good = || set(NET, &[1], 0);
    let root_open =
        |w: &mut World| w.state.subnet_mut(NetUid::ROOT).params_mut().commit_reveal_weights_enabled = false;
    vec![
        fails(E::CommitRevealEnabled, VALI, good()).given(free).when(hidden),
        fails(E::CanNotSetRootNetworkWeights, VALI, set(NetUid::ROOT, &[1], 0))
            .given(free)
            .given(root_open)
            .but_call(good()),
        fails(E::WeightVecNotEqualSize, VALI, uneven(good())).given(free).but_call(good()),
        fails(E::UidsLengthExceedUidsInSubNet, VALI, set(NET, &[0, 1, 2], 0))
            .given(free)
            .given(permit)
            .but_call(set(NET, &[0, 1], 0)),
        fails(E::HotKeyNotRegisteredInSubNet, STAKER, good()).given(free).but_by(VALI),
        fails(E::NotEnoughStakeToSetWeights, VALI, good()).given(free).at_the_door(1).when(threshold),
        // The owner's hotkey needs no stake.
        fails(E::NotEnoughStakeToSetWeights, VALI, good())
            .given(free)
            .given(threshold)
            .at_the_door(1)
            .but_by(OWNER_HOT),
        fails(E::IncorrectWeightVersionKey, VALI, set(NET, &[1], 4))
            .given(free)
            .given(|w| params(w).weights_version_key = 5)
            .but_call(set(NET, &[1], 5)),
        fails(E::SettingWeightsTooFast, VALI, good()).at_the_door(6).but_when(free),
        fails(E::NeuronNoValidatorPermit, VALI, set(NET, &[0], 0)).given(free).but_when(permit),
        // A weight for itself alone needs none.
        fails(E::NeuronNoValidatorPermit, VALI, set(NET, &[0], 0)).given(free).but_call(good()),
        fails(E::DuplicateUids, VALI, set(NET, &[0, 0], 0)).given(free).given(permit).but_call(set(
            NET,
            &[0, 1],
            0,
        )),
        fails(E::UidVecContainInvalidOne, VALI, set(NET, &[0, 9], 0))
            .given(free)
            .given(permit)
            .but_call(set(NET, &[0, 1], 0)),
        fails(E::WeightVecLengthIsLow, VALI, set(NET, &[0], 0))
            .given(free)
            .given(permit)
            .given(|w| params(w).min_allowed_weights = 2)
            .but_call(set(NET, &[0, 1], 0)),
    ]
}

pub(super) fn two_mechanisms(world: &mut World) {
    params(world).mechanism_count = 2;
    let n = world.state.subnet(NET).unwrap().neurons.n();
    let mechanism = world.state.subnet_mut(NET).mechanism_mut(1);
    (mechanism.last_update, mechanism.incentive) = (vec![0; n], vec![0; n]);
}

fn mechanisms() -> Vec<Row> {
    let second = || set_of(1, NET, &[1], 0);
    vec![
        // A neuron of the subnet is told that it is too early.
        fails(E::SettingWeightsTooFast, VALI, second()).given(free).at_the_door(6).but_when(two_mechanisms),
        // Nobody else gets so far that it passes: the one thing is a mechanism to be registered on.
        fails(E::MechanismDoesNotExist, STAKER, set_of(1, NET, &[2], 0)).but_when(|w| {
            register_staker(w);
            two_mechanisms(w);
        }),
    ]
}

fn batch_set(netuids: &[u16], keys: usize) -> Call {
    Call::BatchSetWeights {
        netuids: netuids.iter().map(|netuid| Packed(NetUid(*netuid))).collect(),
        weights: vec![vec![(Packed(1), Packed(1))]; netuids.len()],
        version_keys: vec![Packed(0); keys],
    }
}

fn batch_commit(netuids: &[u16], hashes: usize) -> Call {
    Call::BatchCommitWeights {
        netuids: netuids.iter().map(|netuid| Packed(NetUid(*netuid))).collect(),
        commit_hashes: vec![CommitHash([7; 32]); hashes],
    }
}

fn batches(batch: fn(&[u16], usize) -> Call) -> Vec<Row> {
    vec![
        fails(E::InputLengthsUnequal, VALI, batch(&[2, 2], 1)).at_the_door(18).but_call(batch(&[2, 2], 2)),
        fails(E::NotEnoughStakeToSetWeights, VALI, batch(&[2], 1)).at_the_door(1).when(threshold),
    ]
}

fn commit(netuid: NetUid, mecid: u8) -> Call {
    match mecid {
        0 => Call::CommitWeights { netuid, commit_hash: [1; 32] },
        _ => commit_of(netuid, mecid),
    }
}

fn commit_of(netuid: NetUid, mecid: u8) -> Call {
    Call::CommitMechanismWeights { netuid, mecid, commit_hash: [1; 32] }
}

fn full(world: &mut World) {
    let queue = world.state.subnet_mut(NET).mechanism_mut(0).weight_commits.entry(id(VALI)).or_default();
    (0..10).for_each(|at| queue.push_back(([at; 32], 0, 1, 0)));
}

fn commits(commit: fn(NetUid, u8) -> Call) -> Vec<Row> {
    let good = || commit(NET, 0);
    let open = |w: &mut World| params(w).commit_reveal_weights_enabled = false;
    vec![
        fails(E::NotEnoughStakeToSetWeights, VALI, good()).given(free).at_the_door(1).when(threshold),
        fails(E::CommittingWeightsTooFast, VALI, good()).at_the_door(6).but_when(free),
        fails(E::MechanismDoesNotExist, VALI, commit(NOWHERE, 0)).given(free).but_call(good()),
        fails(E::CommitRevealDisabled, VALI, good()).given(free).when(open),
        fails(E::HotKeyNotRegisteredInSubNet, STAKER, good()).given(free).but_by(VALI),
        fails(E::TooManyUnrevealedCommits, VALI, good()).given(free).when(full),
    ]
    .into_iter()
    .map(|row| row.given(hidden))
    .collect()
}

/// A call that commits to a round of drand.
type Timelock = fn(NetUid, u64, u16, usize) -> Call;

fn lock(netuid: NetUid, reveal_round: u64, version: u16, length: usize) -> Call {
    let commit = vec![1; length];
    Call::CommitTimelockedWeights { netuid, commit, reveal_round, commit_reveal_version: version }
}

fn lock_of(netuid: NetUid, reveal_round: u64, version: u16, length: usize) -> Call {
    Call::CommitTimelockedMechanismWeights {
        netuid,
        mecid: 0,
        commit: vec![1; length],
        reveal_round,
        commit_reveal_version: version,
    }
}

/// It names no version: it has version 4.
fn crv3(netuid: NetUid, reveal_round: u64, _: u16, length: usize) -> Call {
    Call::CommitCrv3MechanismWeights { netuid, mecid: 0, commit: vec![1; length], reveal_round }
}

fn timelocks(lock: Timelock) -> Vec<Row> {
    let good = || lock(NET, 5, 4, 3);
    let open = |w: &mut World| params(w).commit_reveal_weights_enabled = false;
    let full = |w: &mut World| {
        let queue = w.state.subnet_mut(NET).mechanism_mut(0).timelocked_commits.entry(0).or_default();
        (0..10).for_each(|_| queue.push_back((id(VALI), 1, vec![1], 5)));
    };
    vec![
        fails(E::NotEnoughStakeToSetWeights, VALI, good()).given(free).at_the_door(1).when(threshold),
        fails(E::InvalidRevealRound, VALI, good())
            .given(free)
            .at_the_door(15)
            .when(|w| w.state.drand_mut().last_stored_round = 6),
        fails(E::MechanismDoesNotExist, VALI, lock(NOWHERE, 5, 4, 3)).given(free).but_call(good()),
        fails(E::CommitRevealDisabled, VALI, good()).given(free).when(open),
        fails(E::IncorrectCommitRevealVersion, VALI, good())
            .given(free)
            .when(|w| w.state.globals_mut().commit_reveal_weights_version = 5),
        fails(E::HotKeyNotRegisteredInSubNet, STAKER, good()).given(free).but_by(VALI),
        fails(E::CommittingWeightsTooFast, VALI, good()).but_when(free),
        fails(E::TooManyUnrevealedCommits, VALI, good()).given(free).when(full),
        // On chain so many bytes are no call at all.
        fails(E::InvalidValue, VALI, lock(NET, 5, 4, 5_001)).given(free).but_call(lock(NET, 5, 4, 5_000)),
    ]
    .into_iter()
    .map(|row| row.given(hidden))
    .collect()
}

pub(super) fn table() -> Table {
    let rows = [
        sets(set),
        sets(|netuid, dests, key| set_of(0, netuid, dests, key)),
        mechanisms(),
        batches(batch_set),
        batches(batch_commit),
        commits(commit),
        commits(commit_of),
        timelocks(lock),
        timelocks(lock_of),
        timelocks(crv3),
    ];
    Table { world: super::world(), rows: rows.concat() }
}

#[test]
fn weights_and_commits() {
    table().check();
}
