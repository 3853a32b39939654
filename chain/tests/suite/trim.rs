//! A subnet is trimmed to fewer uids.

use crate::world::{NET, OWNER, OWNER_HOT, ROOT, STAKER, World, check, id, nothing};
use chain::call::admin_utils::Call;
use chain::runtime::calls::uids::append_neuron;
use chain::state::State;
use chain::types::AxonInfo;
use chain::units::{AlphaRao, NetUid};
use std::sync::Arc;

/// Hotkey of a uid above the owner's.
const fn hotkey(uid: u16) -> u64 {
    200 + uid as u64
}

fn trim(max_n: u16) -> Call {
    Call::SudoTrimToMaxAllowedUids { netuid: NET, max_n }
}

/// The owner's neuron and seven others, none of them immune but the owner's. Emission: uid 4 most, then 6; all others
/// the same.
fn world() -> World {
    let mut world = World::new();
    world.state.block = 300_000;
    world.state.globals_mut().admin_freeze_window = 0;
    let subnet = world.state.subnet_mut(NET);
    for uid in 2..8 {
        append_neuron(subnet, &id(hotkey(uid)), 10);
    }
    let params = subnet.params_mut();
    (params.min_allowed_uids, params.max_allowed_uids, params.immunity_period) = (2, 16, 5_000);
    (params.tempo, params.immune_owner_uids_limit) = (0, 1);
    subnet.neurons_mut().emission = [0, 5, 5, 5, 9, 5, 7, 5].map(AlphaRao).to_vec();
    world
}

fn young(state: &mut State, uids: std::ops::Range<usize>) {
    let neurons = state.subnet_mut(NET).neurons_mut();
    neurons.block_at_registration[uids].fill(300_000);
}

#[test]
fn trimming_checks_in_the_chains_order() {
    let limited = |state: &mut State| {
        state.transaction_key_last_block.insert((id(OWNER), NET, 9), 300_001 - 215_999);
    };
    let free_again = |state: &mut State| {
        state.transaction_key_last_block.insert((id(OWNER), NET, 9), 300_001 - 216_000);
    };
    let closed = |state: &mut State| {
        state.globals_mut().admin_freeze_window = 10;
        let subnet = state.subnet_mut(NET);
        subnet.params_mut().tempo = 100;
        subnet.schedule.last_epoch_block = 300_001 - 95;
    };
    check(
        &world(),
        vec![
            ("ok", OWNER, nothing, trim(4)),
            ("ok", ROOT, nothing, trim(4)),
            ("BadOrigin", STAKER, nothing, trim(4)),
            (
                "SubnetNotExists",
                ROOT,
                nothing,
                Call::SudoTrimToMaxAllowedUids { netuid: NetUid(9), max_n: 4 },
            ),
            ("TxRateLimitExceeded", OWNER, limited, trim(4)),
            ("ok", ROOT, limited, trim(4)),
            ("ok", OWNER, free_again, trim(4)),
            ("AdminActionProhibitedDuringWeightsWindow", OWNER, closed, trim(4)),
            ("InvalidValue", OWNER, nothing, trim(1)),
            ("InvalidValue", OWNER, nothing, trim(17)),
            ("ok", OWNER, nothing, trim(16)),
            // The owner's and three more of five are 80 %.
            ("TrimmingWouldExceedMaxImmunePercentage", OWNER, |state| young(state, 1..4), trim(5)),
            ("ok", OWNER, |state| young(state, 1..3), trim(5)),
            // Nothing needs to go, so immunity does not matter.
            ("ok", OWNER, |state| young(state, 0..8), trim(8)),
        ],
    );
}

#[test]
fn the_least_paid_go_and_the_others_close_ranks() {
    let mut world = world();
    let subnet = world.state.subnet_mut(NET);
    let n = 8;
    subnet.neurons_mut().validator_permit = (0..n).map(|uid| uid % 2 == 0).collect();
    subnet.neurons_mut().consensus = (0..n).collect();
    subnet.neurons_mut().stake_weight = vec![1, 2];
    for uid in [2, 4] {
        subnet.axons.insert(id(hotkey(uid)), AxonInfo::default());
        subnet.alpha_dividends.insert(id(hotkey(uid)), AlphaRao(5));
    }
    let row = |entries: &[(u16, u16)]| Arc::new(entries.to_vec());
    let mechanism = subnet.mechanism_mut(0);
    mechanism.incentive = (0..n).map(|uid| uid * 10).collect();
    mechanism.last_update = (0..u64::from(n)).collect();
    mechanism.weights = (0..n).map(|uid| row(&[(6, uid), (2, 1), (4, 2)])).collect();
    mechanism.bonds = vec![row(&[]), row(&[]), row(&[(0, 1), (7, 2)]), row(&[]), row(&[(6, 3), (7, 4)])];
    // Of those paid 5 the one with the lowest uid stays; the owner's neuron stays though it is paid least.
    world.ok(OWNER, trim(4));
    let subnet = world.state.subnet(NET).unwrap();
    let keys = [OWNER_HOT, crate::world::VALI, hotkey(4), hotkey(6)].map(id);
    assert_eq!(subnet.neurons.keys, keys);
    assert!(keys.iter().zip(0..).all(|(key, uid)| subnet.neurons.uid_of(key) == Some(uid)));
    assert_eq!(subnet.neurons.uid_of(&id(hotkey(2))), None);
    assert_eq!(subnet.neurons.emission, [0, 5, 9, 7].map(AlphaRao));
    assert_eq!(subnet.neurons.consensus, [0, 1, 4, 6]);
    assert_eq!(subnet.neurons.validator_permit, [true, false, true, true]);
    assert_eq!(subnet.neurons.stake_weight, [1, 2, 0, 0], "filled up");
    assert_eq!(subnet.neurons.block_at_registration[2..], [10, 10]);
    assert!(!subnet.axons.contains_key(&id(hotkey(2))) && subnet.axons.contains_key(&id(hotkey(4))));
    assert_eq!(subnet.alpha_dividends.keys().collect::<Vec<_>>(), [&id(hotkey(4))]);
    let mechanism = &subnet.mechanisms[0];
    assert_eq!(mechanism.incentive, [0, 10, 40, 60]);
    assert_eq!(mechanism.last_update, [0, 1, 4, 6]);
    let weights: Vec<_> = mechanism.weights.iter().map(|row| row.to_vec()).collect();
    assert_eq!(weights, [0, 1, 4, 6].map(|uid| vec![(3, uid), (2, 2)]));
    let bonds: Vec<_> = mechanism.bonds.iter().map(|row| row.to_vec()).collect();
    assert_eq!(bonds, [vec![], vec![], vec![(3, 3)]]);
    assert_eq!(subnet.params.max_allowed_uids, 4);
    assert_eq!(world.state.transaction_key_last_block.get(&(id(OWNER), NET, 9)), Some(&300_001));
}

#[test]
fn a_new_mechanism_has_no_rows_until_weights_or_a_trim_write_them() {
    let mut world = world();
    world.ok(ROOT, Call::SudoSetMechanismCount { netuid: NET, mechanism_count: 2 });
    let rows = |world: &World| {
        let second = world.state.subnet(NET).unwrap().mechanisms.get(1);
        second.map_or((0, Vec::new()), |second| (second.incentive.len(), second.last_update.clone()))
    };
    assert_eq!(rows(&world), (0, Vec::new()));
    let mut trimmed = world.clone();
    trimmed.ok(OWNER, trim(4));
    assert_eq!(rows(&trimmed), (4, vec![0; 4]));
    world.state.subnet_mut(NET).neurons_mut().validator_permit = vec![true; 8];
    world.state.subnet_mut(NET).params_mut().immunity_period = 0;
    let weights = chain::call::subtensor::Call::SetMechanismWeights {
        netuid: NET,
        mecid: 1,
        dests: vec![1],
        weights: vec![1],
        version_key: 0,
    };
    world.ok(crate::world::VALI, weights);
    assert_eq!(rows(&world), (0, vec![0, 300_002, 0, 0, 0, 0, 0, 0]), "filled up to all uids");
}
