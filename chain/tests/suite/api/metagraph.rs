//! Neurons, one by one and as columns.

use super::{ask, busy};
use crate::world::{NET, OWNER, OWNER_HOT, STAKER, VALI, VALI_COLD, World, add, id};
use chain::api::metagraph::{Metagraph, SelectiveMetagraph};
use chain::api::neurons::{NeuronInfo, NeuronInfoLite};
use chain::api::subnet_state::SubnetState;
use chain::runtime::{shares, stake_weight};
use chain::types::{AxonInfo, ChainIdentityOfV2, PrometheusInfo, Registration};
use chain::units::{AlphaRao, NetUid, NetUidStorageIndex, Packed, Rao, TAO};
use parity_scale_codec::{DecodeAll, Encode};

/// Number of fields that can be asked for, `netuid` included.
const FIELDS: u16 = 77;

fn axon() -> AxonInfo {
    AxonInfo { block: 5, version: 9, ip: 1_000, port: 80, ip_type: 4, protocol: 1, ..AxonInfo::default() }
}

fn served() -> World {
    let mut world = busy();
    world.state.subnet_mut(NET).axons.insert(id(VALI), axon());
    world
}

#[test]
fn a_neuron_has_what_the_state_holds_of_it() {
    let world = served();
    let neurons: Vec<NeuronInfo> = ask(&world.state, "NeuronInfoRuntimeApi_get_neurons", NET);
    let stake = shares::hotkey_stake(&world.state, &id(VALI), NET);
    assert!(stake > AlphaRao(TAO));
    let [owner, validator] = neurons.as_slice() else { panic!("two neurons") };
    assert_eq!((owner.hotkey, owner.coldkey), (id(OWNER_HOT), id(OWNER)));
    assert_eq!(owner.axon_info, AxonInfo::default());
    assert_eq!((owner.active, owner.validator_permit), (false, false));
    assert_eq!(owner.bonds, [(Packed(1), Packed(9))]);
    assert_eq!(owner.weights, []);
    let expected = NeuronInfo {
        hotkey: id(VALI),
        coldkey: id(VALI_COLD),
        uid: Packed(1),
        netuid: Packed(NET),
        active: true,
        axon_info: axon(),
        prometheus_info: PrometheusInfo::default(),
        stake: vec![(id(VALI_COLD), Packed(stake))],
        rank: Packed(0),
        emission: Packed(AlphaRao(90)),
        incentive: Packed(65_535),
        consensus: Packed(12),
        trust: Packed(0),
        validator_trust: Packed(32),
        dividends: Packed(22),
        last_update: Packed(4),
        validator_permit: true,
        weights: vec![(Packed(0), Packed(65_535))],
        bonds: Vec::new(),
        pruning_score: Packed(u16::MAX),
    };
    assert_eq!(*validator, expected);
    let one: Option<NeuronInfo> = ask(&world.state, "NeuronInfoRuntimeApi_get_neuron", (NET, 1_u16));
    assert_eq!(one, Some(expected));
}

#[test]
fn the_light_form_is_the_full_one_without_weights_and_bonds() {
    let world = served();
    let full: Vec<NeuronInfo> = ask(&world.state, "NeuronInfoRuntimeApi_get_neurons", NET);
    let light: Vec<NeuronInfoLite> = ask(&world.state, "NeuronInfoRuntimeApi_get_neurons_lite", NET);
    assert_eq!(light.len(), 2);
    for (full, light) in full.into_iter().zip(&light) {
        let bare = NeuronInfo { weights: Vec::new(), bonds: Vec::new(), ..full }.encode();
        // Both lists are empty, a zero byte each, before the four bytes of the last field.
        let (front, back) = bare.split_at(bare.len() - 4 - 2);
        assert_eq!([front, &back[2..]].concat(), light.encode());
    }
    let one: Option<NeuronInfoLite> = ask(&world.state, "NeuronInfoRuntimeApi_get_neuron_lite", (NET, 0_u16));
    assert_eq!(one.as_ref(), light.first());
}

#[test]
fn no_neuron_where_there_is_none() {
    let world = served();
    let nowhere = NetUid(40);
    assert_eq!(ask::<Vec<NeuronInfo>>(&world.state, "NeuronInfoRuntimeApi_get_neurons", nowhere), []);
    assert_eq!(
        ask::<Vec<NeuronInfoLite>>(&world.state, "NeuronInfoRuntimeApi_get_neurons_lite", nowhere),
        []
    );
    for (netuid, uid) in [(nowhere, 0_u16), (NET, 2)] {
        let one: Option<NeuronInfo> = ask(&world.state, "NeuronInfoRuntimeApi_get_neuron", (netuid, uid));
        assert_eq!(one, None);
    }
}

fn whole(world: &World) -> Metagraph {
    ask::<Option<Metagraph>>(&world.state, "SubnetInfoRuntimeApi_get_metagraph", NET).unwrap()
}

#[test]
fn columns_of_the_metagraph() {
    let mut world = served();
    let identity = ChainIdentityOfV2 { name: b"vera".to_vec(), ..ChainIdentityOfV2::default() };
    world.state.coldkey_mut(&id(VALI_COLD)).identity = Some(identity.clone());
    let block = world.state.block;
    let subnet = world.state.subnet_mut(NET);
    subnet.alpha_dividends.insert(id(VALI), AlphaRao(55));
    subnet.schedule.last_mechanism_step_block = block - 3;
    // What consensus counts of itself is another figure.
    subnet.schedule.blocks_since_last_step = 8;
    let graph = whole(&world);
    assert_eq!((graph.last_step, graph.blocks_since_last_step), (Packed(block - 3), Packed(3)));
    assert_eq!(graph.name, b"omron".map(Packed));
    assert_eq!(graph.symbol, "β".bytes().map(Packed).collect::<Vec<_>>());
    assert_eq!((graph.owner_hotkey, graph.owner_coldkey), (id(OWNER_HOT), id(OWNER)));
    assert_eq!(graph.block, Packed(world.state.block));
    assert_eq!(graph.num_uids, Packed(2));
    assert_eq!(graph.activity_cutoff, Packed(5_000), "13.889 tempos of 360 blocks");
    assert_eq!(graph.hotkeys, [id(OWNER_HOT), id(VALI)]);
    assert_eq!(graph.coldkeys, [id(OWNER), id(VALI_COLD)]);
    assert_eq!(graph.identities, [None, Some(identity)]);
    assert_eq!(graph.axons, [AxonInfo::default(), axon()]);
    assert_eq!(graph.incentives, [7, 65_535].map(Packed));
    assert_eq!(graph.last_update, [3, 4].map(Packed));
    assert_eq!(graph.emission, [70, 90].map(AlphaRao).map(Packed));
    assert_eq!((graph.rank, graph.trust, graph.pruning_score), (vec![], vec![], vec![]));
    assert_eq!(
        graph.alpha_dividends_per_hotkey,
        [(id(OWNER_HOT), Packed(AlphaRao(0))), (id(VALI), Packed(AlphaRao(55)))]
    );
    assert_eq!(graph.tao_dividends_per_hotkey, [id(OWNER_HOT), id(VALI)].map(|key| (key, Packed(Rao(0)))));
    assert_eq!(graph.collateral_locked, [Packed(AlphaRao(0)); 2]);
}

#[test]
fn stakes_of_the_metagraph_are_what_consensus_counts() {
    let world = served();
    let graph = whole(&world);
    let weight = stake_weight::stake_weight(&world.state, &id(VALI), NET);
    assert_eq!(graph.tao_stake[1], Packed(Rao(40 * TAO)));
    assert_eq!(graph.alpha_stake[1], Packed(shares::hotkey_stake(&world.state, &id(VALI), NET)));
    assert_eq!(graph.total_stake[1], Packed(Rao(weight.total.to_u64())));
    let (alpha, total) = (graph.alpha_stake[1].0.get(), graph.total_stake[1].0.get());
    assert!(alpha < total && total < alpha + 40 * TAO, "a rao on root counts for less than one of alpha");
    let state: SubnetState =
        ask::<Option<SubnetState>>(&world.state, "SubnetInfoRuntimeApi_get_subnet_state", NET).unwrap();
    assert_eq!(state.total_stake, graph.total_stake);
    assert_eq!(state.alpha_stake, graph.alpha_stake);
    assert_eq!(state.tao_stake, graph.tao_stake);
    assert_eq!((state.hotkeys, state.coldkeys), (graph.hotkeys, graph.coldkeys));
    assert_eq!((state.consensus, state.dividends), (graph.consensus, graph.dividends));
    assert_eq!(state.emission_history, vec![vec![Packed(AlphaRao(0)); 2]; world.state.subnets.len()]);
}

fn chosen(world: &World, fields: &[u16]) -> SelectiveMetagraph {
    let method = "SubnetInfoRuntimeApi_get_selective_metagraph";
    ask::<Option<SelectiveMetagraph>>(&world.state, method, (NET, fields)).unwrap()
}

#[test]
fn a_field_that_is_asked_for_is_there_and_no_other() {
    let world = served();
    let mut fields = Vec::new();
    for number in 1..FIELDS {
        let bytes = chosen(&world, &[number]).encode();
        // The subnet is that of root unless it is asked for; then a zero for each field before and after.
        let before = usize::from(number);
        let after = bytes.len() - usize::from(FIELDS - 1 - number);
        assert!(bytes[..before].iter().all(|byte| *byte == 0), "{number}");
        assert_eq!(bytes[before], 1, "{number}");
        assert!(bytes[after..].iter().all(|byte| *byte == 0), "{number}");
        fields.push(bytes[before + 1..after].to_vec());
    }
    // All but validators and commitments make up the whole metagraph.
    fields.drain(71..73);
    assert_eq!([Packed(NET).encode(), fields.concat()].concat(), whole(&world).encode());
    assert_eq!(chosen(&world, &[0, 500]).netuid, Packed(NET));
}

#[test]
fn what_an_sdk_asks_for_is_all_there() {
    let world = served();
    let all: Vec<u16> = (0..FIELDS).collect();
    let method = "SubnetInfoRuntimeApi_get_selective_mechagraph";
    let graph: SelectiveMetagraph = ask::<Option<_>>(&world.state, method, (NET, 0_u8, all)).unwrap();
    assert_eq!(graph.netuid, Packed(NET));
    let whole = whole(&world);
    assert_eq!(graph.name, Some(whole.name));
    assert_eq!(graph.identity, Some(None));
    assert_eq!(graph.moving_price, Some(whole.moving_price));
    assert_eq!(graph.total_stake, Some(whole.total_stake));
    assert_eq!(graph.validators, Some(vec![Packed(1)]));
    assert_eq!(graph.commitments, Some(vec![]));
    assert_eq!(graph.collateral_earned, Some(whole.collateral_earned));
}

#[test]
fn validators_have_a_permit_and_enough_stake_and_the_least_comes_first() {
    let mut world = served();
    world.ok(OWNER, add(OWNER_HOT, NET, 900 * TAO));
    let validators = |world: &World| chosen(world, &[72]).validators.unwrap();
    assert_eq!(validators(&world), [Packed(1)]);
    world.state.subnet_mut(NET).neurons_mut().validator_permit = vec![true, true];
    let stake = |uid: usize| whole(&world).total_stake[uid].0;
    let (owner, validator) = (stake(0), stake(1));
    assert!(owner > validator);
    assert_eq!(validators(&world), [Packed(1), Packed(0)]);
    world.state.globals_mut().stake_threshold = validator.get() + 1;
    assert_eq!(validators(&world), [Packed(0)]);
}

#[test]
fn commitments_are_given_as_they_are_stored() {
    let mut world = served();
    let registration = Registration { block: 77, ..Registration::default() };
    world.state.commitments_mut().row_mut(NET, &id(VALI)).registration = Some(registration.clone());
    world.state.commitments_mut().row_mut(NetUid(9), &id(STAKER)).registration = Some(registration.clone());
    let [(who, letters)] = chosen(&world, &[73]).commitments.unwrap().try_into().unwrap();
    assert_eq!(who, id(VALI));
    let bytes: Vec<u8> = letters.into_iter().map(|letter| letter.0).collect();
    assert_eq!(Registration::decode_all(&mut bytes.as_slice()).unwrap(), registration);
}

#[test]
fn a_mechanism_has_its_own_incentive_and_updates() {
    let mut world = served();
    let ask_mechagraph = |world: &World, mechid: u8| -> Option<Metagraph> {
        ask(&world.state, "SubnetInfoRuntimeApi_get_mechagraph", (NET, mechid))
    };
    assert_eq!(ask_mechagraph(&world, 0), Some(whole(&world)));
    assert_eq!(ask_mechagraph(&world, 1), None);
    let subnet = world.state.subnet_mut(NET);
    subnet.params_mut().mechanism_count = 2;
    subnet.mechanism_mut(1).incentive = vec![1, 2];
    subnet.mechanism_mut(1).last_update = vec![8, 9];
    let second = ask_mechagraph(&world, 1).unwrap();
    assert_eq!(second.netuid, Packed(NetUid(NetUidStorageIndex::new(NET, 1).0)));
    assert_eq!(second.incentives, [1, 2].map(Packed));
    assert_eq!(second.last_update, [8, 9].map(Packed));
    let first = whole(&world);
    let same = Metagraph {
        netuid: first.netuid,
        incentives: first.incentives.clone(),
        last_update: first.last_update.clone(),
        ..second.clone()
    };
    assert_eq!(same, first);
    let args = (NET, 1_u8, vec![59_u16, 62]);
    let graph: Option<SelectiveMetagraph> =
        ask(&world.state, "SubnetInfoRuntimeApi_get_selective_mechagraph", args);
    let graph = graph.unwrap();
    assert_eq!((graph.netuid, graph.incentives), (Packed(NET), Some(second.incentives.clone())));
    let all: Vec<Option<Metagraph>> = ask(&world.state, "SubnetInfoRuntimeApi_get_all_mechagraphs", ());
    assert_eq!(all.len(), world.state.subnets.len() + 1);
    assert!(all.contains(&Some(second)));
}

#[test]
fn all_metagraphs_come_in_the_order_of_storage() {
    let mut world = served();
    let far = NetUid(256);
    world.state.subnet_mut(far).added = true;
    world.state.subnet_mut(NetUid(3)).symbol = vec![1];
    let all: Vec<Option<Metagraph>> = ask(&world.state, "SubnetInfoRuntimeApi_get_all_metagraphs", ());
    let netuids: Vec<NetUid> = all.into_iter().map(|graph| graph.unwrap().netuid.0).collect();
    assert_eq!(netuids, [NetUid::ROOT, far, NetUid(1), NET], "a subnet that is gone is left out");
}
