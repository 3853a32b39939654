//! `delegateInfo_*`, `neuronInfo_*`, `subnetInfo_*`, `stakeInfo_*` and `swap_*`: the chain's own methods, each a runtime API
//! by another door. Most answers are the SCALE bytes of the API as a list of numbers.

use super::form::{at_most, block, bytes, number};
use super::{error, form, state};
use crate::node::Shared;
use chain::account::AccountId;
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::ErrorObjectOwned;
use parity_scale_codec::{Decode as _, DecodeAll as _, Encode as _};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// What a parameter is, before the optional hash of a block.
#[derive(Clone, Copy, Debug)]
enum Arg {
    Netuid,
    Mechanism,
    Uid,
    Amount,
    /// An address as text.
    Account,
    /// The bytes of an account, as a list of numbers or hex.
    Bytes,
    /// Numbers of columns.
    Columns,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// SCALE bytes.
    Bytes,
    /// SCALE bytes of what an option holds; an error for none.
    Inside,
    Number,
    /// A netuid or null.
    Netuid,
    /// Netuids with their prices.
    Prices,
}

type Method = (&'static str, &'static str, &'static [Arg], Form);

const METHODS: &[Method] = {
    use Arg::{Account, Amount, Bytes as Raw, Columns, Mechanism, Netuid, Uid};
    use Form::{Bytes, Inside, Number, Prices};
    &[
        ("delegateInfo_getDelegates", "DelegateInfoRuntimeApi_get_delegates", &[], Bytes),
        ("delegateInfo_getDelegate", "DelegateInfoRuntimeApi_get_delegate", &[Raw], Bytes),
        ("delegateInfo_getDelegated", "DelegateInfoRuntimeApi_get_delegated", &[Raw], Bytes),
        ("neuronInfo_getNeuronsLite", "NeuronInfoRuntimeApi_get_neurons_lite", &[Netuid], Bytes),
        ("neuronInfo_getNeuronLite", "NeuronInfoRuntimeApi_get_neuron_lite", &[Netuid, Uid], Bytes),
        ("neuronInfo_getNeurons", "NeuronInfoRuntimeApi_get_neurons", &[Netuid], Bytes),
        ("neuronInfo_getNeuron", "NeuronInfoRuntimeApi_get_neuron", &[Netuid, Uid], Bytes),
        ("subnetInfo_getSubnetInfo", "SubnetInfoRuntimeApi_get_subnet_info", &[Netuid], Bytes),
        ("subnetInfo_getSubnetsInfo", "SubnetInfoRuntimeApi_get_subnets_info", &[], Bytes),
        ("subnetInfo_getSubnetInfo_v2", "SubnetInfoRuntimeApi_get_subnet_info_v2", &[Netuid], Bytes),
        ("subnetInfo_getSubnetsInfo_v2", "SubnetInfoRuntimeApi_get_subnets_info_v2", &[], Bytes),
        ("subnetInfo_getSubnetHyperparams", "SubnetInfoRuntimeApi_get_subnet_hyperparams", &[Netuid], Bytes),
        (
            "subnetInfo_getSubnetHyperparamsV2",
            "SubnetInfoRuntimeApi_get_subnet_hyperparams_v2",
            &[Netuid],
            Bytes,
        ),
        ("subnetInfo_getAllDynamicInfo", "SubnetInfoRuntimeApi_get_all_dynamic_info", &[], Bytes),
        ("subnetInfo_getDynamicInfo", "SubnetInfoRuntimeApi_get_dynamic_info", &[Netuid], Bytes),
        ("subnetInfo_getAllMetagraphs", "SubnetInfoRuntimeApi_get_all_metagraphs", &[], Bytes),
        ("subnetInfo_getMetagraph", "SubnetInfoRuntimeApi_get_metagraph", &[Netuid], Bytes),
        ("subnetInfo_getAllMechagraphs", "SubnetInfoRuntimeApi_get_all_mechagraphs", &[], Bytes),
        ("subnetInfo_getMechagraph", "SubnetInfoRuntimeApi_get_mechagraph", &[Netuid, Mechanism], Bytes),
        ("subnetInfo_getSubnetState", "SubnetInfoRuntimeApi_get_subnet_state", &[Netuid], Bytes),
        ("subnetInfo_getBlockEmission", "SubnetInfoRuntimeApi_get_block_emission", &[], Number),
        ("subnetInfo_getLockCost", "SubnetRegistrationRuntimeApi_get_network_registration_cost", &[], Number),
        (
            "subnetInfo_getSelectiveMetagraph",
            "SubnetInfoRuntimeApi_get_selective_metagraph",
            &[Netuid, Columns],
            Bytes,
        ),
        (
            "subnetInfo_getSelectiveMechagraph",
            "SubnetInfoRuntimeApi_get_selective_mechagraph",
            &[Netuid, Mechanism, Columns],
            Bytes,
        ),
        (
            "subnetInfo_getColdkeyAutoStakeHotkey",
            "SubnetInfoRuntimeApi_get_coldkey_auto_stake_hotkey",
            &[Account, Netuid],
            Bytes,
        ),
        ("subnetInfo_getSubnetToPrune", "SubnetInfoRuntimeApi_get_subnet_to_prune", &[], Form::Netuid),
        ("subnetInfo_getSubnetAccountId", "SubnetInfoRuntimeApi_get_subnet_account_id", &[Netuid], Inside),
        ("stakeInfo_getColdkeyLock", "StakeInfoRuntimeApi_get_coldkey_lock", &[Account, Netuid], Bytes),
        ("swap_currentAlphaPrice", "SwapRuntimeApi_current_alpha_price", &[Netuid], Number),
        ("swap_currentAlphaPriceAll", "SwapRuntimeApi_current_alpha_price_all", &[], Prices),
        ("swap_simSwapTaoForAlpha", "SwapRuntimeApi_sim_swap_tao_for_alpha", &[Netuid, Amount], Bytes),
        ("swap_simSwapAlphaForTao", "SwapRuntimeApi_sim_swap_alpha_for_tao", &[Netuid, Amount], Bytes),
    ]
};

pub(super) fn register(module: &mut RpcModule<Arc<Shared>>) -> Result<(), RegisterMethodError> {
    for (name, api, args, form) in METHODS {
        module.register_blocking_method(name, |params, shared, _| {
            let params = form::list(&params)?;
            at_most(&params, args.len().saturating_add(1))?;
            let mut arguments = Vec::new();
            for (at, arg) in args.iter().enumerate() {
                let given = params.get(at).ok_or_else(|| missing(at, *arg))?;
                arguments.extend(encoded(*arg, given).ok_or_else(|| missing(at, *arg))??);
            }
            let block = block(&shared, &params, args.len())?;
            let answer = state::call(&shared, &block, api, &arguments)
                .map_err(|refused| error::own_method(refused.message()))?;
            shown(*form, &answer)
        })?;
    }
    Ok(())
}

fn missing(at: usize, arg: Arg) -> ErrorObjectOwned {
    let what = match arg {
        Arg::Netuid => "a netuid, a number",
        Arg::Mechanism => "a mechanism, a number below 256",
        Arg::Uid => "a uid, a number",
        Arg::Amount => "an amount in rao, a number",
        Arg::Account => "an address",
        Arg::Bytes => "the 32 bytes of an account, a list of numbers",
        Arg::Columns => "numbers of columns, a list",
    };
    error::params(&format!("parameter {at}: {what}"))
}

/// A parameter as the runtime reads it; nothing when it is of another form.
fn encoded(arg: Arg, given: &Json) -> Option<Result<Vec<u8>, ErrorObjectOwned>> {
    let short = |value: &Json| value.as_u64().and_then(|value| u16::try_from(value).ok());
    Some(Ok(match arg {
        Arg::Netuid | Arg::Uid => short(given)?.encode(),
        Arg::Mechanism => u8::try_from(given.as_u64()?).ok()?.encode(),
        Arg::Amount => number(given)?.encode(),
        Arg::Account => match given.as_str()?.parse::<AccountId>() {
            Ok(account) => account.encode(),
            Err(why) => return Some(Err(error::params(&why.to_string()))),
        },
        Arg::Bytes => {
            let account = match given {
                Json::String(text) => bytes(text).ok()?,
                list => list
                    .as_array()?
                    .iter()
                    .map(|byte| u8::try_from(byte.as_u64()?).ok())
                    .collect::<Option<_>>()?,
            };
            (account.len() == 32).then_some(account)?
        }
        Arg::Columns => given.as_array()?.iter().map(short).collect::<Option<Vec<u16>>>()?.encode(),
    }))
}

fn shown(form: Form, answer: &[u8]) -> Result<Json, ErrorObjectOwned> {
    let odd = |why: parity_scale_codec::Error| error::own_method(&why.to_string());
    let mut rest = answer;
    Ok(match form {
        Form::Bytes => json!(answer),
        Form::Inside => match answer.split_first() {
            Some((1, inside)) => json!(inside),
            _ => return Err(error::own_method("there is no such subnet")),
        },
        Form::Number => json!(u64::decode_all(&mut rest).map_err(odd)?),
        Form::Netuid => json!(Option::<u16>::decode_all(&mut rest).map_err(odd)?),
        Form::Prices => {
            let all = Vec::<(u16, u64)>::decode(&mut rest).map_err(odd)?;
            all.into_iter().map(|(netuid, price)| json!({ "netuid": netuid, "price": price })).collect()
        }
    })
}
