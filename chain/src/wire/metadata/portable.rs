//! The names that clients know our types by.

use scale_info::{Path, PortableRegistry, TypeDef, form::PortableForm};

/// Paths on chain of types whose path a client looks at; the others keep ours.
///
/// **Source**: spec/clients.md 2.2.
const PATHS: &[(&str, &str)] = &[
    ("chain::call::RuntimeCall", "node_subtensor_runtime::RuntimeCall"),
    ("chain::wire::event::RuntimeEvent", "node_subtensor_runtime::RuntimeEvent"),
    ("chain::wire::metadata::pallets::RuntimeError", "node_subtensor_runtime::RuntimeError"),
    ("chain::wire::metadata::Runtime", "node_subtensor_runtime::Runtime"),
    ("chain::wire::event::WireRecord", "frame_system::EventRecord"),
    ("chain::wire::event::Phase", "frame_system::Phase"),
    ("chain::wire::event::H256", "primitive_types::H256"),
    ("chain::wire::event::WireSystemEvent", "frame_system::pallet::Event"),
    ("chain::wire::event::DispatchEventInfo", "frame_system::DispatchEventInfo"),
    ("chain::wire::event::DispatchClass", "frame_support::dispatch::DispatchClass"),
    ("chain::wire::event::Pays", "frame_support::dispatch::Pays"),
    ("chain::wire::event::TransactionPaymentEvent", "pallet_transaction_payment::pallet::Event"),
    ("chain::block::MultiSignature", "sp_runtime::MultiSignature"),
    ("chain::error::wire::ModuleError", "sp_runtime::ModuleError"),
    ("chain::state::balances::AccountInfo", "frame_system::AccountInfo"),
    ("chain::state::balances::AccountData", "pallet_balances::types::AccountData"),
    ("chain::call::utility::Weight", "sp_weights::weight_v2::Weight"),
    ("chain::call::subtensor::Call", "pallet_subtensor::pallet::Call"),
    ("chain::call::admin_utils::Call", "pallet_admin_utils::pallet::Call"),
    ("chain::call::BalancesCall", "pallet_balances::pallet::Call"),
    ("chain::call::proxy::Call", "pallet_proxy::pallet::Call"),
    ("chain::call::multisig::Call", "pallet_multisig::pallet::Call"),
    ("chain::call::sudo::SudoCall", "pallet_sudo::pallet::Call"),
    ("chain::call::utility::UtilityCall", "pallet_utility::pallet::Call"),
    ("chain::call::utility::RawOrigin", "frame_support::dispatch::RawOrigin"),
    ("chain::types::drand::MultiSigner", "sp_runtime::MultiSigner"),
    ("chain::types::drand::PulsesPayload", "pallet_drand::types::PulsesPayload"),
    ("chain::types::drand::BeaconConfigurationPayload", "pallet_drand::types::BeaconConfigurationPayload"),
    (
        "chain::types::hyperparameter::Hyperparameter",
        "pallet_subtensor::utils::rate_limiting::Hyperparameter",
    ),
    ("chain::types::PrecompileEnum", "pallet_admin_utils::pallet::PrecompileEnum"),
    ("chain::state::keys::RateLimitKey", "pallet_subtensor::RateLimitKey"),
    ("chain::math::perquintill::Perquintill", "sp_arithmetic::per_things::Perquintill"),
    ("chain::pool::balancer::Balancer", "pallet_subtensor_swap::pallet::balancer::Balancer"),
    ("chain::wire::view::CrowdloanInfo", "pallet_crowdloan::CrowdloanInfo"),
    ("chain::wire::view::Bounded", "frame_support::traits::preimages::Bounded"),
    ("chain::event::pallets::SubtensorModuleEvent", "pallet_subtensor::pallet::Event"),
    ("chain::event::BalancesEvent", "pallet_balances::pallet::Event"),
    ("chain::error::module::SubtensorModuleError", "pallet_subtensor::pallet::Error"),
];

/// Gives types the paths of the chain, and the variants of the calls in `calls` the chain's names.
pub(super) fn by_chain_names(types: &mut PortableRegistry, calls: &[u32]) {
    for row in &mut types.types {
        let path = row.ty.path.segments.join("::");
        if let Some((_, name)) = PATHS.iter().find(|(ours, _)| *ours == path) {
            let segments = name.split("::").map(str::to_owned).collect();
            row.ty.path = Path::<PortableForm> { segments };
        }
        if let TypeDef::Variant(variants) = &mut row.ty.type_def
            && calls.contains(&row.id)
        {
            for variant in &mut variants.variants {
                variant.name = call_name(&variant.name);
            }
        }
    }
}

/// Says the variants of the errors in `errors` in words where nothing is said of them: the SDK 10.x calls an error
/// unknown that has no words.
pub(super) fn errors_in_words(types: &mut PortableRegistry, errors: &[u32]) {
    for row in types.types.iter_mut().filter(|row| errors.contains(&row.id)) {
        let TypeDef::Variant(variants) = &mut row.ty.type_def else { continue };
        for variant in variants.variants.iter_mut().filter(|variant| variant.docs.is_empty()) {
            variant.docs.push(format!("{}.", snake_case(&variant.name).replace('_', " ")));
        }
    }
}

/// The chain's name of a call.
pub(super) fn call_name(variant: &str) -> String {
    match variant {
        "AsMultiThreshold1" => "as_multi_threshold_1".to_owned(),
        _ => snake_case(variant),
    }
}

/// `TransferKeepAlive` as `transfer_keep_alive`; a digit stands with the word before it.
fn snake_case(camel: &str) -> String {
    let mut snake = String::new();
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
