//! How a market chain begins.

use crate::context::{self, Keys, sudo_account};
use crate::founding::{self, Founding, FoundingError};
use crate::plan::{ActorId, BeaconPlan, Plan, Preset, Setting, SubnetPlan, Value};
use crate::settings;
use chain::account::AccountId;
use chain::block::{Hash, Header, Sealed};
use chain::crypto::blake2_256;
use chain::genesis::{Genesis, GenesisError};
use chain::runtime::Rules;
use chain::runtime::calls::networks::lock_cost;
use chain::state::State;
use chain::types::{BeaconConfiguration, BeaconMetadata, UNCHAINED_G1};
use chain::units::{NetUid, TAO};
use std::sync::Arc;

/// Weight of the newest price in the moving price, millionths: fast enough that TAO flows at once.
const MOVING_ALPHA_PPM: u64 = 100_000;
/// Places on root sold per block and per interval, so that validators need not queue.
const ROOT_PLACES: u16 = 64;
/// Hyperparameters that the preset sets on every subnet.
const SUBNET_PRESET: [(&str, Value); 4] = [
    ("ema_price_halving_blocks", Value::Number(100)),
    ("weights_set_rate_limit", Value::Number(0)),
    ("serving_rate_limit", Value::Number(0)),
    ("emission_enabled", Value::Switch(true)),
];

/// The genesis of a plan.
///
/// # Errors
/// As [`found`].
pub fn of(plan: &Plan) -> Result<Genesis, Vec<FoundingError>> {
    found(plan).map(|founding| founding.genesis)
}

/// The genesis of a plan with the cast in its places.
///
/// # Errors
/// When balances are too small or too large for the chain, and all that [`founding`] refuses.
pub fn found(plan: &Plan) -> Result<Founding, Vec<FoundingError>> {
    let genesis = empty(plan).map_err(|error| vec![FoundingError::Genesis(error)])?;
    founding::found(plan, with_cast(plan, genesis)?)
}

/// The genesis of a plan without the cast.
fn empty(plan: &Plan) -> Result<Genesis, GenesisError> {
    let mut genesis = match plan.chain.preset {
        Preset::Market => market(plan),
        Preset::Fast => {
            let mut genesis = reference(plan).with_fast_values();
            // As the image has it on which the suites of the SDK run.
            genesis.rules.constants.set_children_interval = 15;
            genesis
        }
        Preset::Production => reference(plan),
        Preset::Mainnet => main_network(plan),
    };
    genesis.rules.newborn.commit_reveal = plan.chain.commit_reveal;
    if !plan.chain.commit_reveal {
        let subnets: Vec<NetUid> =
            genesis.state.subnets.keys().copied().filter(|netuid| !netuid.is_root()).collect();
        for netuid in subnets {
            genesis.state.subnet_mut(netuid).params_mut().commit_reveal_weights_enabled = false;
        }
    }
    if plan.chain.dev_accounts {
        genesis = genesis.with_dev_accounts()?;
    }
    if let Some(origin) = &plan.chain.origin {
        genesis = origin.found(genesis)?;
    }
    if plan.chain.beacon == BeaconPlan::Local {
        genesis.state.drand_mut().config = beacon_config(plan);
    }
    Ok(genesis)
}

/// The balances of the cast.
fn with_cast(plan: &Plan, mut genesis: Genesis) -> Result<Genesis, Vec<FoundingError>> {
    let subnet_price = lock_cost(&genesis.state, 0);
    for (actor, member) in (0..).map(ActorId).zip(&plan.cast) {
        let balance = member.balance.unwrap_or_else(|| member.role.balance(subnet_price));
        if balance.is_zero() {
            continue;
        }
        let name = &member.name;
        genesis = genesis
            .with_balance(Keys::of(plan, name).cold, balance)
            .map_err(|error| vec![FoundingError::Balance { actor, name: name.clone(), error }])?;
    }
    Ok(genesis)
}

/// Ready for a market: see [`Preset::Market`].
fn market(plan: &Plan) -> Genesis {
    let mut genesis = Genesis::new().with_sudo(sudo_account(plan.seed)).with(|state| {
        clear_subnet_one(state);
        let root = state.subnet_mut(NetUid::ROOT);
        root.pool.subtoken_enabled = true;
        root.params_mut().max_registrations_per_block = ROOT_PLACES;
        root.params_mut().target_registrations_per_interval = ROOT_PLACES;
        root.params_mut().weights_set_rate_limit = 0;
        let globals = state.globals_mut();
        globals.admin_freeze_window = 0;
        globals.network_rate_limit = 0;
        globals.owner_hyperparam_rate_limit = 0;
        globals.weights_version_key_rate_limit = 0;
        globals.tx_rate_limit = 0;
        globals.tx_delegate_take_rate_limit = 0;
        globals.tx_childkey_take_rate_limit = 0;
        globals.start_call_delay = 0;
        globals.subnet_moving_alpha = settings::moving_alpha(MOVING_ALPHA_PPM);
        choose(state, plan);
    });
    genesis.rules.newborn.rate_limited = false;
    genesis.rules.constants.set_children_interval = 0;
    genesis
}

/// The date of the values of [`Preset::Mainnet`]. Public reads of the main network's storage: rate limits and the lock's
/// reduction interval of October 2025, `TaoWeight` and `StakeThreshold` of July to October 2026.
pub const MAIN_NETWORK_AS_OF: &str = "October 2026";

/// The main network's own values over those of a production build. It has no faucet, and its subnets ask for commits.
fn main_network(plan: &Plan) -> Genesis {
    let mut genesis = reference(plan).with(|state| {
        let globals = state.globals_mut();
        // 0.18 of 2^64 - 1.
        globals.tao_weight = 3_320_413_933_267_719_290;
        globals.stake_threshold = 1_000 * TAO;
        globals.network_rate_limit = 28_800;
        globals.network_lock_reduction_interval = 57_600;
        globals.tx_rate_limit = 1;
        choose(state, plan);
    });
    genesis.rules.pow_faucet = false;
    genesis
}

/// The reference development chain, built with its faucet: such a build has no limit on how often subnets are registered.
fn reference(plan: &Plan) -> Genesis {
    let rules = Rules { pow_faucet: true, ..Rules::default() };
    let genesis = Genesis { counts_balances: false, rules, ..Genesis::new() };
    genesis.with_sudo(sudo_account(plan.seed)).with(|state| {
        state.globals_mut().network_rate_limit = 0;
        if !plan.subnets.is_empty() {
            clear_subnet_one(state);
        }
        choose(state, plan);
    })
}

/// The plan's own choices over those of the preset.
fn choose(state: &mut State, plan: &Plan) {
    state.economics = Arc::new(plan.chain.economics.clone());
    let globals = state.globals_mut();
    for setting in &plan.chain.settings {
        // The plan was checked, so every setting is known.
        let _ = settings::write(globals, setting);
    }
}

/// What the chain knows of its own beacon. Round n comes with block n; a period below a second is written as one.
fn beacon_config(plan: &Plan) -> BeaconConfiguration {
    let seconds = |ms: u64| u32::try_from(ms.wrapping_div(1_000)).unwrap_or(u32::MAX);
    let public_key = context::beacon(plan.seed).public_key().to_vec();
    BeaconConfiguration {
        hash: blake2_256(&public_key).to_vec(),
        group_hash: blake2_256(&public_key).to_vec(),
        public_key,
        period: seconds(plan.chain.block_time_ms).max(1),
        genesis_time: seconds(plan.chain.start_ms.saturating_add(plan.chain.block_time_ms)),
        scheme_id: UNCHAINED_G1.to_vec(),
        metadata: BeaconMetadata { beacon_id: b"localnet".to_vec() },
    }
}

/// The subnet that the reference chain is born with belongs to nobody and can never start; a market has no
/// use for it, and its number is the first one a scenario asks for.
fn clear_subnet_one(state: &mut State) {
    let nobody = AccountId::zero();
    let rows: Vec<_> = state.alpha_index.keys().copied().collect();
    for row in rows.iter().filter(|(_, _, netuid)| *netuid == NetUid(1)) {
        state.alpha_index.remove(row);
    }
    state.subnets.remove(&NetUid(1));
    state.hotkeys.remove(&nobody);
    state.coldkeys.remove(&nobody);
    state.globals_mut().total_networks = 1;
}

/// The hyperparameters of a new subnet: those of the preset, then the plan's own.
pub(crate) fn all_settings(subnet: &SubnetPlan) -> Vec<Setting> {
    let named = |name: &str| subnet.settings.iter().any(|setting| setting.name == name);
    let preset = SUBNET_PRESET
        .iter()
        .filter(|(name, _)| !named(name))
        .map(|(name, value)| Setting { name: (*name).to_owned(), value: *value });
    preset.chain(subnet.settings.iter().cloned()).collect()
}

/// What names the beginning of a run: chain parameters and block time, and nothing that is only text.
#[must_use]
pub fn digest(plan: &Plan, genesis: &Genesis) -> Hash {
    let mut hasher = blake3::Hasher::new_derive_key("localnet 2026 genesis");
    hasher.update(&genesis.hash());
    hasher.update(&plan.chain.block_time_ms.to_le_bytes()).update(&plan.chain.start_ms.to_le_bytes());
    if plan.chain.metadata != [0; 32] {
        hasher.update(&plan.chain.metadata);
    }
    *hasher.finalize().as_bytes()
}

/// Block 0.
#[must_use]
pub fn sealed(plan: &Plan, genesis: Genesis, digest: Hash) -> Sealed {
    let header = Header { state_root: digest, ..Header::default() };
    Sealed {
        state: genesis.state,
        hash: header.hash(),
        header,
        timestamp_ms: plan.chain.start_ms,
        events: Arc::new(Vec::new()),
        receipts: Arc::new(Vec::new()),
    }
}
