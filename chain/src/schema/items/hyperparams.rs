//! Hyperparameters of subnets.

use super::{SUBTENSOR, SWAP, unless_default};
use crate::math::fixed::{I96F32, U64F64};
use crate::schema::lens::SubnetLens;
use crate::schema::{Hasher, Item};
use crate::state::Hyperparams;
use crate::types::RecycleOrBurnEnum;
use crate::units::{NetUid, Rao};
use std::sync::Arc;

/// A value that lies in [`Hyperparams`].
macro_rules! param {
    ($name:literal, $field:ident: $ty:ty, $unit:literal, $doc:literal) => {
        param!(SUBTENSOR, Identity, $name, $field: $ty, $unit, $doc)
    };
    ($pallet:expr, $hasher:ident, $name:literal, $field:ident: $ty:ty, $unit:literal, $doc:literal) => {
        Item {
            pallet: $pallet,
            name: $name,
            hashers: &[Hasher::$hasher],
            unit: $unit,
            doc: $doc,
            access: &SubnetLens::<(NetUid,), $ty> {
                get: |subnet, ()| unless_default(subnet.params.$field.clone(), &Hyperparams::default().$field),
                rows: |subnet, each| {
                    if let Some(value) =
                        unless_default(subnet.params.$field.clone(), &Hyperparams::default().$field)
                    {
                        each((), value);
                    }
                },
                set: |state, netuid, (), value| {
                    let value = value.unwrap_or_else(|| Hyperparams::default().$field);
                    state.subnet_mut(netuid).params_mut().$field = value;
                    Ok(())
                },
                same: |before, after| Arc::ptr_eq(&before.params, &after.params),
                default: Some(|| Hyperparams::default().$field),
            },
        }
    };
}

pub(super) static ITEMS: &[Item] = &[
    param!("Tempo", tempo: u16, "blocks", "Time from epoch to epoch; 0 means none."),
    param!("ActivityCutoffFactorMilli", activity_cutoff_factor_milli: u32, "thousandths of the tempo", "A validator idle for longer is not counted."),
    param!("ActivityCutoff", activity_cutoff: u16, "blocks", "Earlier form of the activity cutoff."),
    param!("Rho", rho: u16, "", "Stored; no rule reads it."),
    param!("Kappa", kappa: u16, "share of 65,535", "Share of stake that makes a consensus."),
    param!("AlphaSigmoidSteepness", alpha_sigmoid_steepness: i16, "hundredths", "Steepness of liquid alpha."),
    param!("AlphaValues", alpha_values: (u16, u16), "shares of 65,535", "Lowest and highest liquid alpha."),
    param!(SUBTENSOR, Blake2_128Concat, "LiquidAlphaOn", liquid_alpha_on: bool, "", "Whether bonds move by liquid alpha."),
    param!(SUBTENSOR, Blake2_128Concat, "Yuma3On", yuma3_on: bool, "", "Whether bonds are those of Yuma 3."),
    param!("BondsMovingAverage", bonds_moving_average: u64, "millionths", "How slowly bonds move."),
    param!("BondsPenalty", bonds_penalty: u16, "share of 65,535", "How far out-of-consensus weights lose bonds."),
    param!("BondsResetOn", bonds_reset_on: bool, "", "Whether a miner may reset the bonds towards it."),
    param!("CommitRevealWeightsEnabled", commit_reveal_weights_enabled: bool, "", "Whether weights are committed first."),
    param!(SUBTENSOR, Twox64Concat, "RevealPeriodEpochs", reveal_period_epochs: u64, "epochs", "Time from commit to reveal."),
    param!("WeightsSetRateLimit", weights_set_rate_limit: u64, "blocks", "Time between two weight settings of a validator."),
    param!("WeightsVersionKey", weights_version_key: u64, "", "Smallest version that weights must carry."),
    param!("MinAllowedWeights", min_allowed_weights: u16, "", "Fewest weights in a row."),
    param!("MaxWeightsLimit", max_weights_limit: u16, "share of 65,535", "Largest weight; not limiting."),
    param!("MaxAllowedUids", max_allowed_uids: u16, "", "Most neurons."),
    param!("MinAllowedUids", min_allowed_uids: u16, "", "Fewest neurons that a trim may leave."),
    param!("MaxAllowedValidators", max_allowed_validators: u16, "", "Most validator permits."),
    param!("ImmunityPeriod", immunity_period: u16, "blocks", "For so long a new neuron is not replaced."),
    param!("ImmuneOwnerUidsLimit", immune_owner_uids_limit: u16, "", "How many neurons of the owner are never replaced."),
    param!("MinNonImmuneUids", min_non_immune_uids: u16, "", "With fewer neurons out of immunity, immune ones are replaced too."),
    param!("ServingRateLimit", serving_rate_limit: u64, "blocks", "Time between two servings of an axon."),
    param!("MinBurn", min_burn: Rao, "rao", "Lowest price of a slot."),
    param!("MaxBurn", max_burn: Rao, "rao", "Highest price of a slot."),
    param!("BurnHalfLife", burn_half_life: u16, "blocks", "Time in which the price of a slot halves."),
    param!("BurnIncreaseMult", burn_increase_mult: U64F64, "", "Factor on the price of a slot with each registration."),
    param!("MaxRegistrationsPerBlock", max_registrations_per_block: u16, "", "Most root registrations in a block."),
    param!("TargetRegistrationsPerInterval", target_registrations_per_interval: u16, "", "A third of the root registrations allowed in an interval."),
    param!("AdjustmentInterval", adjustment_interval: u16, "blocks", "Stored; no rule reads it."),
    param!("AdjustmentAlpha", adjustment_alpha: u64, "", "Stored; no rule reads it."),
    param!("Difficulty", difficulty: u64, "", "Stored; no rule reads it."),
    param!("MinDifficulty", min_difficulty: u64, "", "Stored; no rule reads it."),
    param!("MaxDifficulty", max_difficulty: u64, "", "Stored; no rule reads it."),
    param!("NetworkRegistrationAllowed", registration_allowed: bool, "", "Whether neurons can register."),
    param!("NetworkPowRegistrationAllowed", pow_registration_allowed: bool, "", "Stored; no rule reads it."),
    param!("TransferToggle", transfer_toggle: bool, "", "Whether stake can be transferred to another coldkey."),
    param!("OwnerCutEnabled", owner_cut_enabled: bool, "", "Whether the owner gets a cut."),
    param!("OwnerCutAutoLockEnabled", owner_cut_auto_lock_enabled: bool, "", "Whether the owner's cut is locked at once."),
    param!("RecycleOrBurn", recycle_or_burn: RecycleOrBurnEnum, "", "What becomes of the incentive of the owner's miners."),
    param!("SubnetEmissionEnabled", emission_enabled: bool, "", "Whether TAO is emitted to the subnet."),
    param!("EMAPriceHalvingBlocks", ema_price_halving_blocks: u64, "blocks", "How slowly the moving price starts."),
    param!("MinChildkeyTakePerSubnet", min_childkey_take: u16, "share of 65,535", "Smallest childkey take here."),
    param!(SUBTENSOR, Blake2_128Concat, "RootClaimableThreshold", root_claimable_threshold: I96F32, "alpha rao", "Less is not claimed by itself."),
    param!("VotingPowerTrackingEnabled", voting_power_tracking_enabled: bool, "", "Whether voting power is tracked."),
    param!("VotingPowerDisableAtBlock", voting_power_disable_at_block: u64, "block", "When tracking ends; 0 means never."),
    param!("VotingPowerEmaAlpha", voting_power_ema_alpha: u64, "10^-18", "How fast voting power moves."),
    param!(SUBTENSOR, Twox64Concat, "MechanismCountCurrent", mechanism_count: u8, "", "Number of mechanisms."),
    Item {
        pallet: SUBTENSOR,
        name: "MechanismEmissionSplit",
        hashers: &[Hasher::Twox64Concat],
        unit: "shares of 65,535",
        doc: "How emission is split between mechanisms; evenly without a row.",
        access: &SubnetLens::<(NetUid,), Vec<u16>> {
            get: |subnet, ()| subnet.params.mechanism_emission_split.clone(),
            rows: |subnet, each| {
                if let Some(split) = &subnet.params.mechanism_emission_split {
                    each((), split.clone());
                }
            },
            set: |state, netuid, (), value| {
                state.subnet_mut(netuid).params_mut().mechanism_emission_split = value;
                Ok(())
            },
            same: |before, after| Arc::ptr_eq(&before.params, &after.params),
            default: None,
        },
    },
    param!(SWAP, Twox64Concat, "FeeRate", fee_rate: u16, "share of 65,535", "Fee of a swap."),
];
