//! Subnets as a whole, and what is answered without being modelled.

use super::{ask, ask_raw, busy};
use crate::world::{NET, OWNER, OWNER_HOT, STAKER, VALI, id};
use chain::account::AccountId;
use chain::api::baskets::{BasketSummary, BetaPricingPage, NOT_MODELLED};
use chain::api::hyperparams::{HyperparamEntry, HyperparamValue, SubnetHyperparams, SubnetHyperparamsV2};
use chain::api::methods;
use chain::api::proxy_types::ProxyTypeInfo;
use chain::api::subnets::{DynamicInfo, SubnetInfo, SubnetInfov2};
use chain::call::subtensor::Call;
use chain::emission_schedule::{TOTAL_SUPPLY, block_emission};
use chain::math::fixed::{I32F32, I96F32, U64F64};
use chain::runtime::tao;
use chain::types::SubnetIdentityOfV3;
use chain::units::{AlphaRao, NetUid, Packed, Rao};
use parity_scale_codec::Encode;
use scale_info::{PortableRegistry, Registry, TypeDef};

#[test]
fn a_subnet_in_its_two_forms() {
    let mut world = busy();
    let identity = SubnetIdentityOfV3 { subnet_name: b"market".to_vec(), ..SubnetIdentityOfV3::default() };
    world.state.subnet_mut(NET).identity = Some(identity.clone());
    world.state.subnet_mut(NET).schedule.blocks_since_last_step = 17;
    let info: SubnetInfo =
        ask::<Option<_>>(&world.state, "SubnetInfoRuntimeApi_get_subnet_info", NET).unwrap();
    let burn = world.state.subnet(NET).unwrap().registration.burn;
    assert_eq!((info.netuid, info.owner, info.burn), (Packed(NET), id(OWNER), Packed(burn)));
    assert_eq!((info.subnetwork_n, info.max_allowed_uids), (Packed(2), Packed(256)));
    assert_eq!((info.blocks_since_last_step, info.tempo), (Packed(17), Packed(360)));
    assert_eq!((info.scaling_law_power, info.max_weights_limit), (Packed(50), Packed(65_535)));
    assert_eq!((info.network_modality, info.emission_values), (Packed(0), Packed(0)));
    let second: SubnetInfov2 =
        ask::<Option<_>>(&world.state, "SubnetInfoRuntimeApi_get_subnet_info_v2", NET).unwrap();
    assert_eq!(second.identity, Some(identity.clone()));
    assert_eq!(second.encode(), [info.encode(), Some(identity).encode()].concat());
    let none: Option<SubnetInfov2> = ask(&world.state, "SubnetInfoRuntimeApi_get_subnet_info_v2", NetUid(40));
    assert_eq!(none, None);
}

#[test]
fn lists_of_subnets_are_sorted_each_in_its_own_way() {
    let mut world = busy();
    world.state.subnet_mut(NetUid(256)).added = true;
    let numbers = |netuids: &[u16]| netuids.iter().copied().map(NetUid).map(Packed).collect::<Vec<_>>();
    let infos: Vec<Option<SubnetInfo>> = ask(&world.state, "SubnetInfoRuntimeApi_get_subnets_info", ());
    let infos: Vec<_> = infos.into_iter().map(|info| info.unwrap().netuid).collect();
    assert_eq!(infos, numbers(&[0, 1, 2, 256]), "by number");
    let seconds: Vec<Option<SubnetInfov2>> =
        ask(&world.state, "SubnetInfoRuntimeApi_get_subnets_info_v2", ());
    assert_eq!(seconds.into_iter().map(|info| info.unwrap().netuid).collect::<Vec<_>>(), infos);
    let pools: Vec<Option<DynamicInfo>> = ask(&world.state, "SubnetInfoRuntimeApi_get_all_dynamic_info", ());
    let pools: Vec<_> = pools.into_iter().map(|info| info.unwrap().netuid).collect();
    assert_eq!(pools, numbers(&[0, 256, 1, 2]), "as stored");
}

#[test]
fn the_pool_of_a_subnet() {
    let mut world = busy();
    let block = world.state.block;
    let subnet = world.state.subnet_mut(NET);
    subnet.pool.moving_price = I96F32(5 << 30);
    subnet.schedule.last_mechanism_step_block = block - 3;
    subnet.pending.server = AlphaRao(40);
    subnet.pending.validator = AlphaRao(41);
    let pool = subnet.pool.clone();
    let info: DynamicInfo =
        ask::<Option<_>>(&world.state, "SubnetInfoRuntimeApi_get_dynamic_info", NET).unwrap();
    assert_eq!((info.owner_hotkey, info.owner_coldkey), (id(OWNER_HOT), id(OWNER)));
    assert_eq!(info.subnet_name, b"omron".map(Packed), "as long as the owner gives no name");
    assert_eq!((info.last_step, info.blocks_since_last_step), (Packed(block - 3), Packed(3)));
    assert_eq!((info.tao_in, info.alpha_in), (Packed(pool.tao), Packed(pool.alpha_in)));
    assert_eq!((info.alpha_out, info.subnet_volume), (Packed(pool.alpha_out), Packed(pool.volume)));
    assert_eq!(info.pending_alpha_emission, Packed(AlphaRao(81)));
    assert_eq!((info.pending_root_emission, info.emission), (Packed(Rao(0)), Packed(0)));
    assert_eq!(info.moving_price, pool.moving_price);
    let named = SubnetIdentityOfV3 { subnet_name: b"market".to_vec(), ..SubnetIdentityOfV3::default() };
    world.state.subnet_mut(NET).identity = Some(named);
    let info: DynamicInfo =
        ask::<Option<_>>(&world.state, "SubnetInfoRuntimeApi_get_dynamic_info", NET).unwrap();
    assert_eq!(info.subnet_name, b"market".map(Packed));
}

#[test]
fn hyperparameters_in_three_forms() {
    let mut world = busy();
    let params = world.state.subnet_mut(NET).params_mut();
    params.alpha_values = (1_000, 2_000);
    params.tempo = 100;
    params.min_childkey_take = 5;
    params.max_weights_limit = 3;
    world.state.globals_mut().min_childkey_take = 6;
    let first: SubnetHyperparams =
        ask::<Option<_>>(&world.state, "SubnetInfoRuntimeApi_get_subnet_hyperparams", NET).unwrap();
    assert_eq!((first.alpha_low, first.alpha_high), (Packed(1_000), Packed(2_000)));
    assert_eq!((first.tempo, first.activity_cutoff), (Packed(100), Packed(1_388)));
    assert_eq!((first.max_validators, first.max_weights_limit), (Packed(64), Packed(65_535)));
    assert!(!first.commit_reveal_weights_enabled && first.registration_allowed);
    let second: SubnetHyperparamsV2 =
        ask::<Option<_>>(&world.state, "SubnetInfoRuntimeApi_get_subnet_hyperparams_v2", NET).unwrap();
    assert_eq!(second.encode()[..first.encode().len()], first.encode());
    assert_eq!((second.alpha_sigmoid_steepness, second.yuma_version), (I32F32(1_000 << 32), Packed(3)));
    assert!(second.subnet_is_active && second.transfers_enabled && !second.user_liquidity_enabled);
    let third: Vec<HyperparamEntry> =
        ask::<Option<_>>(&world.state, "SubnetInfoRuntimeApi_get_subnet_hyperparams_v3", NET).unwrap();
    let value = |name: &str| {
        let mut found = third.iter().filter(|entry| entry.name == name.as_bytes());
        let value = found.next().unwrap_or_else(|| panic!("{name}")).value.clone();
        assert!(found.next().is_none(), "{name} is there twice");
        value
    };
    assert_eq!(value("tempo"), HyperparamValue::U16(Packed(100)));
    assert_eq!(value("commit_reveal_period"), HyperparamValue::U64(Packed(1)));
    assert_eq!(value("activity_cutoff_factor"), HyperparamValue::U32(Packed(13_889)));
    assert_eq!(value("max_burn"), HyperparamValue::TaoBalance(Packed(second.max_burn.0)));
    assert_eq!(value("burn_increase_mult"), HyperparamValue::U64F64(U64F64(23_242_897_532_874_035_200)));
    assert_eq!(value("alpha_sigmoid_steepness"), HyperparamValue::I32F32(I32F32(1_000 << 32)));
    assert_eq!(value("owner_cut_enabled"), HyperparamValue::Bool(true));
    assert_eq!(value("min_childkey_take"), HyperparamValue::U16(Packed(6)), "the greater of both bounds");
    assert_eq!(third.len(), 33);
    let none: Option<Vec<HyperparamEntry>> =
        ask(&world.state, "SubnetInfoRuntimeApi_get_subnet_hyperparams_v3", NetUid(40));
    assert_eq!(none, None);
}

#[test]
fn the_next_epoch_is_that_of_the_tempo_or_a_triggered_one() {
    let mut world = busy();
    let next = |world: &crate::world::World, netuid: NetUid| -> Option<u64> {
        ask(&world.state, "SubnetInfoRuntimeApi_get_next_epoch_start_block", netuid)
    };
    let schedule = &mut world.state.subnet_mut(NET).schedule;
    schedule.last_epoch_block = 1_000;
    assert_eq!(next(&world, NET), Some(1_360));
    world.state.subnet_mut(NET).schedule.pending_epoch_at = 1_050;
    assert_eq!(next(&world, NET), Some(1_050));
    world.state.subnet_mut(NET).schedule.pending_epoch_at = 1_400;
    assert_eq!(next(&world, NET), Some(1_360));
    world.state.subnet_mut(NET).params_mut().tempo = 0;
    assert_eq!((next(&world, NET), next(&world, NetUid(40))), (None, None));
}

#[test]
fn small_questions_about_a_subnet() {
    let mut world = busy();
    let state = |world: &crate::world::World| world.state.clone();
    let emission: Rao = ask(&state(&world), "SubnetInfoRuntimeApi_get_block_emission", ());
    assert_eq!(emission, Rao(block_emission(world.state.globals.total_issuance.get(), TOTAL_SUPPLY)));
    let account = |netuid: NetUid| -> Option<AccountId> {
        ask(&state(&world), "SubnetInfoRuntimeApi_get_subnet_account_id", netuid)
    };
    assert_eq!(account(NET), Some(tao::subnet_account(NET)));
    assert_eq!(account(NetUid::ROOT), Some(tao::subnet_account(NetUid::ROOT)));
    assert_eq!(account(NetUid(40)), None);
    let destination = |world: &crate::world::World| -> Option<AccountId> {
        ask(&state(world), "SubnetInfoRuntimeApi_get_coldkey_auto_stake_hotkey", (id(STAKER), NET))
    };
    assert_eq!(destination(&world), None);
    world.ok(STAKER, Call::SetColdkeyAutoStakeHotkey { netuid: NET, hotkey: id(VALI) });
    assert_eq!(destination(&world), Some(id(VALI)));
}

#[test]
fn the_subnet_to_prune_is_not_immune_and_has_the_lowest_price() {
    let mut world = busy();
    let victim = |world: &crate::world::World| -> Option<NetUid> {
        ask(&world.state, "SubnetInfoRuntimeApi_get_subnet_to_prune", ())
    };
    assert_eq!(victim(&world), None, "all are immune");
    world.state.globals_mut().network_immunity_period = 0;
    for (netuid, price) in [(NetUid(1), 7), (NET, 6)] {
        let subnet = world.state.subnet_mut(netuid);
        subnet.pool.mechanism = 1;
        subnet.pool.moving_price = I96F32(price);
    }
    assert_eq!(victim(&world), Some(NET));
    world.state.subnet_mut(NET).pool.moving_price = I96F32(8);
    assert_eq!(victim(&world), Some(NetUid(1)));
}

#[test]
fn kinds_of_proxies() {
    let world = busy();
    let kinds: Vec<ProxyTypeInfo> = ask(&world.state, "ProxyFilterRuntimeApi_get_proxy_types", ());
    assert_eq!(kinds.len(), 18);
    assert!(kinds.iter().enumerate().all(|(place, kind)| usize::from(kind.index) == place));
    let names = |deprecated| {
        let names = kinds.iter().filter(move |kind| kind.deprecated == deprecated);
        names.map(|kind| String::from_utf8(kind.name.clone()).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(names(true), ["Senate", "Triumvirate", "Governance", "RootWeights"]);
    assert_eq!(names(false)[..3], ["Any", "Owner", "NonCritical"]);
}

#[test]
fn baskets_are_empty() {
    let world = busy();
    // Enough for the arguments of any of these: two accounts, an option and a number are never longer.
    for method in methods().filter(|method| method.api == "BetaBasketRuntimeApi") {
        let arguments = method.inputs().into_iter().map(|(name, _)| match name {
            "start_after" => vec![0],
            "limit" => vec![9, 0, 0, 0],
            _ => id(VALI).encode(),
        });
        let args = arguments.collect::<Vec<_>>().concat();
        let answer = ask_raw(&world.state, &method.exported_name(), &args).unwrap();
        let shown = answer.iter().filter(|byte| **byte != 0).count();
        let named =
            if method.name == "get_validator_basket_summary" { id(VALI).encode() } else { Vec::new() };
        assert_eq!(shown, named.iter().filter(|byte| **byte != 0).count(), "{}", method.name);
    }
    let summary: BasketSummary =
        ask(&world.state, "BetaBasketRuntimeApi_get_validator_basket_summary", id(VALI));
    assert_eq!(summary, BasketSummary { hotkey: id(VALI), ..BasketSummary::default() });
    let page: BetaPricingPage =
        ask(&world.state, "BetaBasketRuntimeApi_get_all_beta_pricing", (None::<AccountId>, 9_u32));
    assert_eq!(page, BetaPricingPage { pricing: vec![], next: None });
}

#[test]
fn the_list_of_what_is_not_modelled_names_what_there_is() {
    for (name, why) in NOT_MODELLED {
        assert!(!why.is_empty());
        let found = match name.split_once('.') {
            None => methods().any(|method| method.api == *name),
            Some(("Metagraph", field)) => fields_of_the_metagraph().contains(&field.to_owned()),
            // Not served at all.
            Some((api, method)) => {
                methods().any(|served| served.api == api)
                    && !methods().any(|served| served.api == api && served.name == method)
            }
        };
        assert!(found, "{name}");
    }
}

fn fields_of_the_metagraph() -> Vec<String> {
    let method = methods().find(|method| method.name == "get_metagraph").unwrap();
    let mut registry = Registry::new();
    registry.register_type(&method.output());
    let types = PortableRegistry::from(registry);
    let graph =
        types.types.iter().find(|row| row.ty.path.segments.last().is_some_and(|name| name == "Metagraph"));
    let TypeDef::Composite(composite) = &graph.unwrap().ty.type_def else { panic!("a struct") };
    composite.fields.iter().filter_map(|field| field.name.clone()).collect()
}
