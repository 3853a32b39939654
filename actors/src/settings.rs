//! The parameters that a scenario may set, with their kinds and limits.
//!
//! Names are those of the storage items in snake case. Chain-wide ones are written into genesis; those of a
//! subnet are set by root with the chain's own `AdminUtils` calls, so the chain's checks apply to them.

use crate::plan::{Setting, Value};
use chain::call::{RuntimeCall, SwapCall, admin_utils::Call as Admin, subtensor::Call as Subtensor};
use chain::math::fixed::I96F32;
use chain::state::Globals;
use chain::units::{NetUid, Rao};

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name in a scenario.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// Its unit or meaning, for people.
    pub about: &'static str,
    effect: Effect,
}

/// The unit of a share in 16 bits.
const SHARE: &str = "share of 65,535";
/// The unit of a share in 64 bits.
const SHARE_64: &str = "share of 2^64 - 1";

impl Parameter {
    /// How many of its unit make one whole; `None` for what is no share.
    #[must_use]
    pub fn whole(&self) -> Option<u64> {
        match self.about {
            SHARE => Some(U16),
            SHARE_64 => Some(u64::MAX),
            _ => None,
        }
    }
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Switch,
    /// A whole number.
    Number {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
    },
}

#[derive(Clone, Copy, Debug)]
enum Effect {
    /// How it is written into genesis, and the call by which root could set it, if there is one.
    Genesis(fn(&mut Globals, u64), Option<fn(u64) -> RuntimeCall>),
    GenesisSwitch(fn(&mut Globals, bool)),
    Call(fn(NetUid, u64) -> RuntimeCall),
    CallSwitch(fn(NetUid, bool) -> RuntimeCall),
}

/// Why a setting is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// No parameter of that name.
    #[error("there is no parameter `{name}`; allowed are {allowed}")]
    Unknown {
        /// The name given.
        name: String,
        /// The names there are.
        allowed: String,
    },
    /// A switch where a number belongs, or the other way round.
    #[error("`{name}` takes {expected}")]
    Kind {
        /// The parameter.
        name: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// A number outside its limits.
    #[error("`{name}` is {value}, allowed are {min} to {max}")]
    Range {
        /// The parameter.
        name: &'static str,
        /// The number given.
        value: u64,
        /// Smallest allowed.
        min: u64,
        /// Largest allowed.
        max: u64,
    },
}

const U16: u64 = u16::MAX as u64;

const fn global(
    name: &'static str,
    max: u64,
    about: &'static str,
    write: fn(&mut Globals, u64),
) -> Parameter {
    Parameter { name, kind: Kind::Number { min: 0, max }, about, effect: Effect::Genesis(write, None) }
}
/// The same for a parameter that root can set by a call, whose limits then apply.
const fn limited(parameter: Parameter, call: fn(u64) -> RuntimeCall) -> Parameter {
    match parameter.effect {
        Effect::Genesis(write, _) => Parameter { effect: Effect::Genesis(write, Some(call)), ..parameter },
        _ => parameter,
    }
}
const fn number(
    name: &'static str,
    (min, max): (u64, u64),
    about: &'static str,
    call: fn(NetUid, u64) -> RuntimeCall,
) -> Parameter {
    Parameter { name, kind: Kind::Number { min, max }, about, effect: Effect::Call(call) }
}
const fn switch(name: &'static str, about: &'static str, call: fn(NetUid, bool) -> RuntimeCall) -> Parameter {
    Parameter { name, kind: Kind::Switch, about, effect: Effect::CallSwitch(call) }
}
/// Numbers are checked against their limits before an effect sees them; this keeps the types honest.
fn narrow(value: u64) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// Chain-wide parameters.
pub const CHAIN: &[Parameter] = &[
    global("tao_weight", u64::MAX, SHARE_64, |g, v| g.tao_weight = v),
    limited(global("ck_burn", u64::MAX, SHARE_64, |g, v| g.ck_burn = v), |v| {
        Admin::SudoSetCkBurn { burn: v }.into()
    }),
    limited(global("subnet_owner_cut", U16, SHARE, |g, v| g.subnet_owner_cut = narrow(v)), |v| {
        Admin::SudoSetSubnetOwnerCut { subnet_owner_cut: narrow(v) }.into()
    }),
    global("subnet_moving_alpha_ppm", 1_000_000, "millionths", |g, v| {
        g.subnet_moving_alpha = moving_alpha(v);
    }),
    limited(
        global("max_epochs_per_block", 255, "epochs", |g, v| {
            g.max_epochs_per_block = u8::try_from(v).unwrap_or(u8::MAX);
        }),
        |v| {
            Admin::SudoSetMaxEpochsPerBlock { max_epochs_per_block: u8::try_from(v).unwrap_or(u8::MAX) }
                .into()
        },
    ),
    limited(global("admin_freeze_window", U16, "blocks", |g, v| g.admin_freeze_window = narrow(v)), |v| {
        Admin::SudoSetAdminFreezeWindow { window: narrow(v) }.into()
    }),
    limited(
        global("owner_hyperparam_rate_limit", U16, "tempos", |g, v| {
            g.owner_hyperparam_rate_limit = narrow(v)
        }),
        |v| Admin::SudoSetOwnerHparamRateLimit { epochs: narrow(v) }.into(),
    ),
    global("min_activity_cutoff", U16, "blocks", |g, v| g.min_activity_cutoff = narrow(v)),
    limited(global("max_delegate_take", U16, SHARE, |g, v| g.max_delegate_take = narrow(v)), |v| {
        Admin::SudoSetDefaultTake { default_take: narrow(v) }.into()
    }),
    limited(global("min_delegate_take", U16, SHARE, |g, v| g.min_delegate_take = narrow(v)), |v| {
        Admin::SudoSetMinDelegateTake { take: narrow(v) }.into()
    }),
    limited(
        global("network_immunity_period", u64::MAX, "blocks", |g, v| g.network_immunity_period = v),
        |v| Admin::SudoSetNetworkImmunityPeriod { immunity_period: v }.into(),
    ),
    limited(global("start_call_delay", u64::MAX, "blocks", |g, v| g.start_call_delay = v), |v| {
        Admin::SudoSetStartCallDelay { delay: v }.into()
    }),
    limited(
        global("network_min_lock_cost", u64::MAX, "rao", |g, v| {
            g.network_min_lock_cost = Rao(v);
            g.network_last_lock_cost = Rao(v);
        }),
        |v| Admin::SudoSetNetworkMinLockCost { lock_cost: Rao(v) }.into(),
    ),
    limited(
        global("network_lock_reduction_interval", u64::MAX, "blocks", |g, v| {
            g.network_lock_reduction_interval = v;
        }),
        |v| Admin::SudoSetLockReductionInterval { interval: v }.into(),
    ),
    limited(global("network_rate_limit", u64::MAX, "blocks", |g, v| g.network_rate_limit = v), |v| {
        Admin::SudoSetNetworkRateLimit { rate_limit: v }.into()
    }),
    limited(global("stake_threshold", u64::MAX, "rao", |g, v| g.stake_threshold = v), |v| {
        Admin::SudoSetStakeThreshold { min_stake: v }.into()
    }),
    limited(global("tx_rate_limit", u64::MAX, "blocks", |g, v| g.tx_rate_limit = v), |v| {
        Admin::SudoSetTxRateLimit { tx_rate_limit: v }.into()
    }),
    limited(global("subnet_limit", U16, "subnets", |g, v| g.subnet_limit = narrow(v)), |v| {
        Admin::SudoSetSubnetLimit { max_subnets: narrow(v) }.into()
    }),
    limited(global("num_root_claim", u64::MAX, "coldkeys a block", |g, v| g.num_root_claim = v), |v| {
        Subtensor::SudoSetNumRootClaims { new_value: v }.into()
    }),
    Parameter {
        name: "net_tao_flow_enabled",
        kind: Kind::Switch,
        about: "whether protocol flow is subtracted",
        effect: Effect::GenesisSwitch(|g, on| g.net_tao_flow_enabled = on),
    },
];

/// Hyperparameters of a subnet.
pub const SUBNET: &[Parameter] = &[
    number("tempo", (1, U16), "blocks", |netuid, v| Admin::SudoSetTempo { netuid, tempo: narrow(v) }.into()),
    number("kappa", (0, U16), SHARE, |netuid, v| Admin::SudoSetKappa { netuid, kappa: narrow(v) }.into()),
    number("rho", (0, U16), "stored, unused", |netuid, v| {
        Admin::SudoSetRho { netuid, rho: narrow(v) }.into()
    }),
    number("immunity_period", (0, U16), "blocks", |netuid, v| {
        Admin::SudoSetImmunityPeriod { netuid, immunity_period: narrow(v) }.into()
    }),
    number("min_allowed_weights", (0, U16), "uids", |netuid, v| {
        Admin::SudoSetMinAllowedWeights { netuid, min_allowed_weights: narrow(v) }.into()
    }),
    number("max_allowed_uids", (1, 256), "uids", |netuid, v| {
        Admin::SudoSetMaxAllowedUids { netuid, max_allowed_uids: narrow(v) }.into()
    }),
    number("max_allowed_validators", (1, 256), "uids", |netuid, v| {
        Admin::SudoSetMaxAllowedValidators { netuid, max_allowed_validators: narrow(v) }.into()
    }),
    number("activity_cutoff", (0, U16), "blocks", |netuid, v| {
        Admin::SudoSetActivityCutoff { netuid, activity_cutoff: narrow(v) }.into()
    }),
    number("weights_set_rate_limit", (0, u64::MAX), "blocks", |netuid, v| {
        Admin::SudoSetWeightsSetRateLimit { netuid, weights_set_rate_limit: v }.into()
    }),
    number("weights_version_key", (0, u64::MAX), "version", |netuid, v| {
        Admin::SudoSetWeightsVersionKey { netuid, weights_version_key: v }.into()
    }),
    switch("commit_reveal_weights_enabled", "whether weights are committed first", |netuid, enabled| {
        Admin::SudoSetCommitRevealWeightsEnabled { netuid, enabled }.into()
    }),
    number("reveal_period_epochs", (1, 100), "epochs", |netuid, v| {
        Admin::SudoSetCommitRevealWeightsInterval { netuid, interval: v }.into()
    }),
    number("bonds_moving_average", (0, 1_000_000), "millionths", |netuid, v| {
        Admin::SudoSetBondsMovingAverage { netuid, bonds_moving_average: v }.into()
    }),
    number("bonds_penalty", (0, U16), SHARE, |netuid, v| {
        Admin::SudoSetBondsPenalty { netuid, bonds_penalty: narrow(v) }.into()
    }),
    switch("yuma3_on", "whether the third consensus runs", |netuid, enabled| {
        Admin::SudoSetYuma3Enabled { netuid, enabled }.into()
    }),
    switch("liquid_alpha_on", "whether bonds move at their own pace", |netuid, enabled| {
        Admin::SudoSetLiquidAlphaEnabled { netuid, enabled }.into()
    }),
    switch("bonds_reset_on", "whether bonds can be reset", |netuid, enabled| {
        Admin::SudoSetBondsResetEnabled { netuid, enabled }.into()
    }),
    number("serving_rate_limit", (0, u64::MAX), "blocks", |netuid, v| {
        Admin::SudoSetServingRateLimit { netuid, serving_rate_limit: v }.into()
    }),
    number("min_burn", (0, u64::MAX), "rao", |netuid, v| {
        Admin::SudoSetMinBurn { netuid, min_burn: Rao(v) }.into()
    }),
    number("max_burn", (0, u64::MAX), "rao", |netuid, v| {
        Admin::SudoSetMaxBurn { netuid, max_burn: Rao(v) }.into()
    }),
    number("burn_half_life", (1, 36_100), "blocks", |netuid, v| {
        Admin::SudoSetBurnHalfLife { netuid, burn_half_life: narrow(v) }.into()
    }),
    switch("registration_allowed", "whether slots can be bought", |netuid, registration_allowed| {
        Admin::SudoSetNetworkRegistrationAllowed { netuid, registration_allowed }.into()
    }),
    switch("emission_enabled", "whether the subnet receives TAO", |netuid, enabled| {
        Admin::SudoSetSubnetEmissionEnabled { netuid, enabled }.into()
    }),
    switch("owner_cut_enabled", "whether the owner receives a cut", |netuid, enabled| {
        Admin::SudoSetOwnerCutEnabled { netuid, enabled }.into()
    }),
    number("ema_price_halving_blocks", (1, u64::MAX), "blocks", |netuid, v| {
        Admin::SudoSetEmaPriceHalvingPeriod { netuid, ema_halving: v }.into()
    }),
    number("fee_rate", (0, 10_000), SHARE, |netuid, v| {
        RuntimeCall::Swap(SwapCall::SetFeeRate { netuid, rate: narrow(v) })
    }),
];

/// Millionths as the chain's fixed point.
pub(crate) fn moving_alpha(ppm: u64) -> I96F32 {
    I96F32((i128::from(ppm.min(1_000_000)) << 32).wrapping_div(1_000_000))
}

/// Whether a setting names one of these parameters and its value fits.
///
/// # Errors
/// An unknown name, the wrong kind of value, a number outside its limits.
pub fn check(known: &[Parameter], setting: &Setting) -> Result<(), SettingError> {
    find(known, setting).map(|_| ())
}

fn find<'a>(known: &'a [Parameter], setting: &Setting) -> Result<&'a Parameter, SettingError> {
    let parameter = known.iter().find(|parameter| parameter.name == setting.name).ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|parameter| parameter.name).collect();
        SettingError::Unknown { name: setting.name.clone(), allowed: names.join(", ") }
    })?;
    match (parameter.kind, setting.value) {
        (Kind::Switch, Value::Switch(_)) => Ok(parameter),
        (Kind::Number { min, max }, Value::Number(value)) if (min..=max).contains(&value) => Ok(parameter),
        (Kind::Number { min, max }, Value::Number(value)) => {
            Err(SettingError::Range { name: parameter.name, value, min, max })
        }
        (Kind::Switch, _) => Err(SettingError::Kind { name: parameter.name, expected: "`true` or `false`" }),
        (Kind::Number { .. }, _) => {
            Err(SettingError::Kind { name: parameter.name, expected: "a whole number" })
        }
    }
}

/// Writes a chain-wide setting into genesis.
///
/// # Errors
/// Those of [`check`].
pub fn write(globals: &mut Globals, setting: &Setting) -> Result<(), SettingError> {
    match (find(CHAIN, setting)?.effect, setting.value) {
        (Effect::Genesis(write, _), Value::Number(value)) => write(globals, value),
        (Effect::GenesisSwitch(write), Value::Switch(on)) => write(globals, on),
        _ => {}
    }
    Ok(())
}

/// The call by which root could set a chain-wide parameter; `None` when there is none.
#[must_use]
pub fn chain_call(setting: &Setting) -> Option<RuntimeCall> {
    match (find(CHAIN, setting).ok()?.effect, setting.value) {
        (Effect::Genesis(_, Some(call)), Value::Number(value)) => Some(call(value)),
        _ => None,
    }
}

/// The call by which root sets a hyperparameter of a subnet.
///
/// # Errors
/// Those of [`check`].
pub fn call(netuid: NetUid, setting: &Setting) -> Result<RuntimeCall, SettingError> {
    let parameter = find(SUBNET, setting)?;
    let wrong = SettingError::Kind { name: parameter.name, expected: "another kind of value" };
    match (parameter.effect, setting.value) {
        (Effect::Call(call), Value::Number(value)) => Ok(call(netuid, value)),
        (Effect::CallSwitch(call), Value::Switch(on)) => Ok(call(netuid, on)),
        _ => Err(wrong),
    }
}
