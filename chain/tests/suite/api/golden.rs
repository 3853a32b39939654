//! Calls recorded on a node of the real chain: our types read their answers and write the same bytes.

use super::{World, ask_raw};
use chain::account::AccountId;
use chain::api::hyperparams::SubnetHyperparams;
use chain::api::neurons::NeuronInfoLite;
use chain::api::stake::StakeInfo;
use chain::units::{AlphaRao, NetUid, Packed, Rao};
use parity_scale_codec::{DecodeAll, Encode};
use serde_json::Value;

/// The recorded call of a method: its answer's bytes, and what the SDK read in them.
fn recorded(method: &str) -> (Vec<u8>, Value) {
    let file = fixtures::clients::json("runtime_apis").unwrap();
    let mut calls = file["calls"].as_array().unwrap().iter();
    let call = calls.find(|call| call["method"] == method).unwrap();
    let bytes = |field: &str| hex::decode(call[field].as_str().unwrap().trim_start_matches("0x")).unwrap();
    // The arguments are those of a method that is served.
    let name = format!("{}_{method}", call["api"].as_str().unwrap());
    assert!(ask_raw(&World::new().state, &name, &bytes("encoded_params_hex")).is_ok(), "{name}");
    (bytes("raw_hex"), call["decoded"].clone())
}

#[track_caller]
fn read<T: DecodeAll + Encode>(bytes: &[u8]) -> T {
    let value = T::decode_all(&mut &bytes[..]).unwrap();
    assert_eq!(value.encode(), bytes);
    value
}

#[test]
fn neurons() {
    let (bytes, seen) = recorded("get_neurons_lite");
    let neurons: Vec<NeuronInfoLite> = read(&bytes);
    let [neuron] = neurons.as_slice() else { panic!("one neuron") };
    let seen = &seen[0];
    assert_eq!(seen["hotkey"], AccountId::zero().to_ss58());
    assert_eq!((neuron.hotkey, neuron.coldkey), (AccountId::zero(), AccountId::zero()));
    assert_eq!(seen["stake"][0][1], 1_000_000_000_u64);
    assert_eq!(neuron.stake, [(AccountId::zero(), Packed(AlphaRao(1_000_000_000)))]);
    assert_eq!(seen["netuid"], 1);
    assert_eq!(neuron.netuid, Packed(NetUid(1)));
    assert_eq!(seen["active"], true);
    assert!(neuron.active && !neuron.validator_permit);
    assert_eq!(seen["pruning_score"], u16::MAX);
    assert_eq!(neuron.pruning_score, Packed(u16::MAX));
}

#[test]
fn hyperparameters() {
    let (bytes, seen) = recorded("get_subnet_hyperparams");
    let params = read::<Option<SubnetHyperparams>>(&bytes).unwrap();
    let numbers = [
        ("rho", u64::from(params.rho.0)),
        ("kappa", params.kappa.0.into()),
        ("max_weights_limit", params.max_weights_limit.0.into()),
        ("tempo", params.tempo.0.into()),
        ("max_difficulty", params.max_difficulty.0),
        ("activity_cutoff", params.activity_cutoff.0),
        ("min_burn", params.min_burn.0.get()),
        ("bonds_moving_avg", params.bonds_moving_avg.0),
        ("serving_rate_limit", params.serving_rate_limit.0),
        ("max_validators", params.max_validators.0.into()),
        ("commit_reveal_period", params.commit_reveal_period.0),
        ("alpha_high", params.alpha_high.0.into()),
        ("alpha_low", params.alpha_low.0.into()),
    ];
    for (name, number) in numbers {
        assert_eq!(seen[name], number, "{name}");
    }
    assert_eq!(params.max_burn, Packed(Rao(100_000_000_000)));
    assert!(
        params.registration_allowed && params.commit_reveal_weights_enabled && !params.liquid_alpha_enabled
    );
}

#[test]
fn a_position() {
    let (bytes, seen) = recorded("get_stake_info_for_hotkey_coldkey_netuid");
    let position = read::<Option<StakeInfo>>(&bytes).unwrap();
    assert_eq!(seen["hotkey"], position.hotkey.to_ss58());
    assert_eq!(seen["coldkey"], position.coldkey.to_ss58());
    assert_eq!(seen["is_registered"], position.is_registered);
    assert_eq!(position.netuid, Packed(NetUid(1)));
    assert_eq!(position.stake, Packed(AlphaRao::ZERO), "an empty position is answered too");
}

#[test]
fn a_nonce() {
    let (bytes, seen) = recorded("account_nonce");
    assert_eq!(seen, read::<u32>(&bytes));
}
