//! The runtime APIs: their shapes, and what they answer in a small world.

mod golden;
mod layout;
mod metagraph;
mod money;
mod proxies;
mod stake;
mod subnets;

use crate::world::{NET, STAKER, VALI, World, add, id, staked};
use chain::api::{CallError, View, call, methods};
use chain::block::{Header, Sealed};
use chain::runtime::Rules;
use chain::state::State;
use chain::units::{AlphaRao, NetUid, TAO};
use parity_scale_codec::{DecodeAll, Encode};
use std::sync::Arc;

/// A sealed block with this state.
fn sealed(state: &State) -> Sealed {
    let header = Header::default();
    Sealed {
        state: state.clone(),
        hash: header.hash(),
        header,
        timestamp_ms: 0,
        events: Arc::default(),
        receipts: Arc::default(),
    }
}

fn ask_raw(state: &State, method: &str, args: &[u8]) -> Result<Vec<u8>, CallError> {
    call(&View { sealed: &sealed(state), rules: &Rules::default() }, method, args)
}

/// The decoded answer of a method, of which nothing may be left over.
#[track_caller]
fn ask<T: DecodeAll>(state: &State, method: &str, args: impl Encode) -> T {
    let answer = ask_raw(state, method, &args.encode()).unwrap();
    T::decode_all(&mut answer.as_slice()).unwrap()
}

/// A staked world in which the staker also has 40 TAO on root, and the two neurons have figures of their own.
fn busy() -> World {
    let mut world = staked();
    world.state.subnet_mut(NetUid::ROOT).pool.subtoken_enabled = true;
    world.ok(STAKER, add(VALI, NetUid::ROOT, 40 * TAO));
    let subnet = world.state.subnet_mut(NET);
    let mechanism = subnet.mechanism_mut(0);
    mechanism.incentive = vec![7, 65_535];
    mechanism.last_update = vec![3, 4];
    mechanism.weights = vec![Arc::default(), Arc::new(vec![(1, 0), (0, 65_535)])];
    mechanism.bonds = vec![Arc::new(vec![(1, 9)])];
    let neurons = subnet.neurons_mut();
    neurons.active = vec![false, true];
    neurons.emission = vec![AlphaRao(70), AlphaRao(90)];
    neurons.consensus = vec![11, 12];
    neurons.dividends = vec![21, 22];
    neurons.validator_trust = vec![31, 32];
    neurons.validator_permit = vec![false, true];
    world
}

#[test]
fn a_method_that_is_not_there_is_named_as_the_node_names_it() {
    let world = World::new();
    for name in
        ["NeuronInfoRuntimeApi_get_neuron_heavy", "get_neurons", "", "NeuronInfoRuntimeApi", "X_get_neurons"]
    {
        let error = ask_raw(&world.state, name, &[]).unwrap_err();
        assert_eq!(error, CallError::Unknown(name.to_owned()));
        assert_eq!(error.to_string(), format!("Exported method {name} is not found"));
    }
}

#[test]
fn arguments_must_be_all_there_and_nothing_besides() {
    let world = World::new();
    let method = "NeuronInfoRuntimeApi_get_neuron";
    assert!(ask_raw(&world.state, method, &(NET, 0_u16).encode()).is_ok());
    for args in [&[][..], &[2], &[2, 0], &[2, 0, 0], &[2, 0, 0, 0, 0]] {
        let error = ask_raw(&world.state, method, args).unwrap_err();
        assert!(matches!(&error, CallError::Arguments { method: named, .. } if named == method), "{error}");
    }
    let none = "SwapRuntimeApi_current_alpha_price_all";
    assert!(ask_raw(&world.state, none, &[]).is_ok());
    assert!(matches!(ask_raw(&world.state, none, &[0]), Err(CallError::Arguments { .. })));
}

#[test]
fn calls_within_calls_are_read_to_a_depth_only() {
    let world = World::new();
    let args = |depth: usize| {
        // `Utility.as_derivative` of index 0, then the innermost `Balances.transfer_all`.
        let call = [11_u8, 1, 0, 0].repeat(depth);
        [call, vec![5, 4, 0], id(7).encode(), vec![1], 100_u32.encode()].concat()
    };
    let method = "TransactionPaymentCallApi_query_call_info";
    assert!(ask_raw(&world.state, method, &args(30)).is_ok());
    let error = ask_raw(&world.state, method, &args(100_000)).unwrap_err();
    assert!(error.to_string().contains("depth"), "{error}");
}

#[test]
fn every_api_that_is_served_is_listed_with_its_version() {
    let mut served: Vec<&str> = methods().map(|method| method.api).chain(["Metadata"]).collect();
    served.sort_unstable();
    served.dedup();
    let mut hashes: Vec<_> = served.iter().map(|name| chain::crypto::blake2_64(name.as_bytes())).collect();
    let mut listed: Vec<_> = chain::api::versions().map(|(hash, _)| hash).collect();
    hashes.sort_unstable();
    listed.sort_unstable();
    assert_eq!(hashes, listed, "{served:?}");
    // As the real chain lists them.
    let known =
        [("df6acb689907609b", 5), ("37e397fc7c91f5e4", 2), ("8375104b299b74c5", 2), ("a8b093e6508d9e9c", 1)];
    let listed: Vec<_> = chain::api::versions().map(|(hash, version)| (hex::encode(hash), version)).collect();
    for (hash, version) in known {
        assert!(listed.contains(&(hash.to_owned(), version)), "{hash}");
    }
}

#[test]
fn methods_of_one_api_stand_together_and_none_twice() {
    let mut apis: Vec<&str> = methods().map(|method| method.api).collect();
    apis.dedup();
    let mut distinct = apis.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(apis.len(), distinct.len(), "{apis:?}");
    let mut names: Vec<String> = methods().map(chain::api::Method::exported_name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(methods().all(|method| !method.doc.is_empty() && method.doc.trim() == method.doc));
}
