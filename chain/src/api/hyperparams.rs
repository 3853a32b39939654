//! Hyperparameters of a subnet, in the three forms that clients know.

use super::{View, runtime_api};
use crate::kernel::EpochParams;
use crate::math::fixed::{I32F32, U64F64};
use crate::state::{Hyperparams, State, Subnet};
use crate::units::{NetUid, Packed, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// What the chain gives for `MaxWeightsLimit`, whatever is stored.
pub(super) const MAX_WEIGHTS_LIMIT: u16 = u16::MAX;

/// Blocks of silence after which a neuron is inactive.
pub(super) fn activity_cutoff(params: &Hyperparams) -> u64 {
    let (tempo, activity_cutoff_factor_milli) = (params.tempo, params.activity_cutoff_factor_milli);
    EpochParams { tempo, activity_cutoff_factor_milli, ..EpochParams::default() }.activity_cutoff()
}

fn steepness(params: &Hyperparams) -> I32F32 {
    I32F32(i64::from(params.alpha_sigmoid_steepness).saturating_mul(I32F32::ONE.0))
}

const fn yuma_version(params: &Hyperparams) -> u16 {
    if params.yuma3_on { 3 } else { 2 }
}

/// Declares the two older forms from one list of fields.
macro_rules! hyperparams {
    (both { $($name:ident: $ty:ty = $value:expr;)* } v2 { $($newer:ident: $newer_ty:ty = $newer_value:expr;)* }) => {
        /// Hyperparameters, first form.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
        #[expect(missing_docs, reason = "each is named as the item it is about")]
        pub struct SubnetHyperparams {
            $(pub $name: $ty,)*
        }
        /// Hyperparameters, second form.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
        #[expect(missing_docs, reason = "each is named as the item it is about")]
        pub struct SubnetHyperparamsV2 {
            $(pub $name: $ty,)*
            $(pub $newer: $newer_ty,)*
        }
        impl SubnetHyperparams {
            fn of(subnet: &Subnet) -> Self {
                let params: &Hyperparams = &subnet.params;
                Self { $($name: ($value as fn(&Hyperparams) -> $ty)(params),)* }
            }
        }
        impl SubnetHyperparamsV2 {
            fn of(subnet: &Subnet) -> Self {
                let params: &Hyperparams = &subnet.params;
                Self {
                    $($name: ($value as fn(&Hyperparams) -> $ty)(params),)*
                    $($newer: ($newer_value as fn(&Subnet) -> $newer_ty)(subnet),)*
                }
            }
        }
    };
}

hyperparams! {
    both {
        rho: Packed<u16> = |params| Packed(params.rho);
        kappa: Packed<u16> = |params| Packed(params.kappa);
        immunity_period: Packed<u16> = |params| Packed(params.immunity_period);
        min_allowed_weights: Packed<u16> = |params| Packed(params.min_allowed_weights);
        max_weights_limit: Packed<u16> = |_| Packed(MAX_WEIGHTS_LIMIT);
        tempo: Packed<u16> = |params| Packed(params.tempo);
        min_difficulty: Packed<u64> = |params| Packed(params.min_difficulty);
        max_difficulty: Packed<u64> = |params| Packed(params.max_difficulty);
        weights_version: Packed<u64> = |params| Packed(params.weights_version_key);
        weights_rate_limit: Packed<u64> = |params| Packed(params.weights_set_rate_limit);
        adjustment_interval: Packed<u16> = |params| Packed(params.adjustment_interval);
        activity_cutoff: Packed<u64> = |params| Packed(activity_cutoff(params));
        registration_allowed: bool = |params| params.registration_allowed;
        target_regs_per_interval: Packed<u16> = |params| Packed(params.target_registrations_per_interval);
        min_burn: Packed<Rao> = |params| Packed(params.min_burn);
        max_burn: Packed<Rao> = |params| Packed(params.max_burn);
        bonds_moving_avg: Packed<u64> = |params| Packed(params.bonds_moving_average);
        max_regs_per_block: Packed<u16> = |params| Packed(params.max_registrations_per_block);
        serving_rate_limit: Packed<u64> = |params| Packed(params.serving_rate_limit);
        max_validators: Packed<u16> = |params| Packed(params.max_allowed_validators);
        adjustment_alpha: Packed<u64> = |params| Packed(params.adjustment_alpha);
        difficulty: Packed<u64> = |params| Packed(params.difficulty);
        commit_reveal_period: Packed<u64> = |params| Packed(params.reveal_period_epochs);
        commit_reveal_weights_enabled: bool = |params| params.commit_reveal_weights_enabled;
        alpha_high: Packed<u16> = |params| Packed(params.alpha_values.1);
        alpha_low: Packed<u16> = |params| Packed(params.alpha_values.0);
        liquid_alpha_enabled: bool = |params| params.liquid_alpha_on;
    }
    v2 {
        alpha_sigmoid_steepness: I32F32 = |subnet| steepness(&subnet.params);
        yuma_version: Packed<u16> = |subnet| Packed(yuma_version(&subnet.params));
        subnet_is_active: bool = |subnet| subnet.pool.subtoken_enabled;
        transfers_enabled: bool = |subnet| subnet.params.transfer_toggle;
        bonds_reset_enabled: bool = |subnet| subnet.params.bonds_reset_on;
        // Users have no liquidity of their own in these pools.
        user_liquidity_enabled: bool = |_| false;
    }
}

/// A hyperparameter with its name.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HyperparamEntry {
    /// Its name.
    pub name: Vec<u8>,
    /// Its value.
    pub value: HyperparamValue,
}

/// The value of a hyperparameter.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[expect(missing_docs, reason = "each is named as its type")]
pub enum HyperparamValue {
    #[codec(index = 0)]
    Bool(bool),
    #[codec(index = 1)]
    U16(Packed<u16>),
    #[codec(index = 2)]
    U32(Packed<u32>),
    #[codec(index = 3)]
    U64(Packed<u64>),
    #[codec(index = 4)]
    U128(Packed<u128>),
    #[codec(index = 5)]
    TaoBalance(Packed<Rao>),
    #[codec(index = 6)]
    I32F32(I32F32),
    #[codec(index = 7)]
    U64F64(U64F64),
}

/// The third form: a list that can grow without a change of its type.
fn entries(state: &State, subnet: &Subnet) -> Vec<HyperparamEntry> {
    use HyperparamValue as V;
    let params = &subnet.params;
    let (u16, u64, tao) = (|v| V::U16(Packed(v)), |v| V::U64(Packed(v)), |v| V::TaoBalance(Packed(v)));
    let entries = [
        ("kappa", u16(params.kappa)),
        ("immunity_period", u16(params.immunity_period)),
        ("min_allowed_weights", u16(params.min_allowed_weights)),
        ("max_weights_limit", u16(MAX_WEIGHTS_LIMIT)),
        ("tempo", u16(params.tempo)),
        ("weights_version", u64(params.weights_version_key)),
        ("weights_rate_limit", u64(params.weights_set_rate_limit)),
        ("activity_cutoff", u64(activity_cutoff(params))),
        ("activity_cutoff_factor", V::U32(Packed(params.activity_cutoff_factor_milli))),
        ("registration_allowed", V::Bool(params.registration_allowed)),
        ("target_regs_per_interval", u16(params.target_registrations_per_interval)),
        ("min_burn", tao(params.min_burn)),
        ("max_burn", tao(params.max_burn)),
        ("burn_half_life", u16(params.burn_half_life)),
        ("burn_increase_mult", V::U64F64(params.burn_increase_mult)),
        ("bonds_moving_avg", u64(params.bonds_moving_average)),
        ("max_regs_per_block", u16(params.max_registrations_per_block)),
        ("serving_rate_limit", u64(params.serving_rate_limit)),
        ("max_validators", u16(params.max_allowed_validators)),
        ("commit_reveal_period", u64(params.reveal_period_epochs)),
        ("commit_reveal_weights_enabled", V::Bool(params.commit_reveal_weights_enabled)),
        ("alpha_high", u16(params.alpha_values.1)),
        ("alpha_low", u16(params.alpha_values.0)),
        ("liquid_alpha_enabled", V::Bool(params.liquid_alpha_on)),
        ("alpha_sigmoid_steepness", V::I32F32(steepness(params))),
        ("yuma_version", u16(yuma_version(params))),
        ("subnet_is_active", V::Bool(subnet.pool.subtoken_enabled)),
        ("transfers_enabled", V::Bool(params.transfer_toggle)),
        ("bonds_reset_enabled", V::Bool(params.bonds_reset_on)),
        ("user_liquidity_enabled", V::Bool(false)),
        ("owner_cut_enabled", V::Bool(params.owner_cut_enabled)),
        ("owner_cut_auto_lock_enabled", V::Bool(params.owner_cut_auto_lock_enabled)),
        ("min_childkey_take", u16(params.min_childkey_take.max(state.globals.min_childkey_take))),
    ];
    entries.into_iter().map(|(name, value)| HyperparamEntry { name: name.into(), value }).collect()
}

fn third(view: &View<'_>, netuid: NetUid) -> Option<Vec<HyperparamEntry>> {
    view.subnet(netuid).map(|subnet| entries(view.state(), subnet))
}

runtime_api! { METHODS of SubnetInfoRuntimeApi:
    /// Hyperparameters of a subnet, first form.
    get_subnet_hyperparams(netuid: NetUid) -> Option<SubnetHyperparams> =
        |view, netuid| view.subnet(netuid).map(SubnetHyperparams::of);
    /// Hyperparameters of a subnet, second form.
    get_subnet_hyperparams_v2(netuid: NetUid) -> Option<SubnetHyperparamsV2> =
        |view, netuid| view.subnet(netuid).map(SubnetHyperparamsV2::of);
    /// Hyperparameters of a subnet by name.
    get_subnet_hyperparams_v3(netuid: NetUid) -> Option<Vec<HyperparamEntry>> = third;
}
