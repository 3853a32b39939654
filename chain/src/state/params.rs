//! Hyperparameters of a subnet.

use crate::math::fixed::U64F64;
use crate::types::RecycleOrBurnEnum;
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};

macro_rules! hyperparams {
    ($($(#[$doc:meta])* $name:ident: $ty:ty = $default:expr,)*) => {
        /// Hyperparameters of a subnet; a field's `Default` is that of the chain's storage item, which a new
        /// subnet partly overwrites (spec/chain.md 7.3).
        ///
        /// **Source**: spec/tables/storage.md.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
        pub struct Hyperparams {
            $($(#[$doc])* pub $name: $ty,)*
        }
        impl Default for Hyperparams {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }
    };
}

hyperparams! {
    /// `Tempo`: blocks from epoch to epoch; 0 means none.
    tempo: u16 = 360,
    /// `ActivityCutoffFactorMilli`: cutoff in thousandths of the tempo.
    activity_cutoff_factor_milli: u32 = 13_889,
    /// `ActivityCutoff`, legacy.
    activity_cutoff: u16 = 5_000,
    /// `Rho`, stored and unused.
    rho: u16 = 10,
    /// `Kappa`, a share of 65,535.
    kappa: u16 = 32_767,
    /// `AlphaSigmoidSteepness`, hundredths.
    alpha_sigmoid_steepness: i16 = 1_000,
    /// `AlphaValues`: (low, high), shares of 65,535.
    alpha_values: (u16, u16) = (45_875, 58_982),
    /// `LiquidAlphaOn`.
    liquid_alpha_on: bool = false,
    /// `Yuma3On`.
    yuma3_on: bool = false,
    /// `BondsMovingAverage`, millionths.
    bonds_moving_average: u64 = 900_000,
    /// `BondsPenalty`, a share of 65,535.
    bonds_penalty: u16 = 65_535,
    /// `BondsResetOn`.
    bonds_reset_on: bool = false,
    /// `CommitRevealWeightsEnabled`.
    commit_reveal_weights_enabled: bool = true,
    /// `RevealPeriodEpochs`.
    reveal_period_epochs: u64 = 1,
    /// `WeightsSetRateLimit`, blocks.
    weights_set_rate_limit: u64 = 100,
    /// `WeightsVersionKey`.
    weights_version_key: u64 = 0,
    /// `MinAllowedWeights`.
    min_allowed_weights: u16 = 1_024,
    /// `MaxWeightsLimit`, constant in effect.
    max_weights_limit: u16 = 65_535,
    /// `MaxAllowedUids`.
    max_allowed_uids: u16 = 256,
    /// `MinAllowedUids`.
    min_allowed_uids: u16 = 64,
    /// `MaxAllowedValidators`.
    max_allowed_validators: u16 = 128,
    /// `ImmunityPeriod`, blocks.
    immunity_period: u16 = 4_096,
    /// `ImmuneOwnerUidsLimit`.
    immune_owner_uids_limit: u16 = 1,
    /// `MinNonImmuneUids`.
    min_non_immune_uids: u16 = 10,
    /// `ServingRateLimit`, blocks.
    serving_rate_limit: u64 = 50,
    /// `MinBurn`, rao.
    min_burn: Rao = Rao(500_000),
    /// `MaxBurn`, rao.
    max_burn: Rao = Rao(100_000_000_000),
    /// `BurnHalfLife`, blocks.
    burn_half_life: u16 = 360,
    /// `BurnIncreaseMult`: 1.26.
    burn_increase_mult: U64F64 = U64F64(23_242_897_532_874_035_200),
    /// `MaxRegistrationsPerBlock` (root only).
    max_registrations_per_block: u16 = 1,
    /// `TargetRegistrationsPerInterval` (root only).
    target_registrations_per_interval: u16 = 2,
    /// `AdjustmentInterval`, unused.
    adjustment_interval: u16 = 100,
    /// `AdjustmentAlpha`, unused.
    adjustment_alpha: u64 = 0,
    /// `Difficulty`, unused.
    difficulty: u64 = 10_000_000,
    /// `MinDifficulty`, unused.
    min_difficulty: u64 = 10_000_000,
    /// `MaxDifficulty`, unused.
    max_difficulty: u64 = 4_611_686_018_427_387_903,
    /// `NetworkRegistrationAllowed`.
    registration_allowed: bool = true,
    /// `NetworkPowRegistrationAllowed`, unused.
    pow_registration_allowed: bool = true,
    /// `TransferToggle`.
    transfer_toggle: bool = true,
    /// `OwnerCutEnabled`.
    owner_cut_enabled: bool = true,
    /// `OwnerCutAutoLockEnabled`.
    owner_cut_auto_lock_enabled: bool = false,
    /// `RecycleOrBurn`.
    recycle_or_burn: RecycleOrBurnEnum = RecycleOrBurnEnum::Burn,
    /// `SubnetEmissionEnabled`.
    emission_enabled: bool = true,
    /// `EMAPriceHalvingBlocks`.
    ema_price_halving_blocks: u64 = 201_600,
    /// `MinChildkeyTakePerSubnet`, a share of 65,535.
    min_childkey_take: u16 = 0,
    /// `RootClaimableThreshold`, I96F32 bits.
    root_claimable_threshold: crate::math::fixed::I96F32 = crate::math::fixed::I96F32(500_000 << 32),
    /// `VotingPowerTrackingEnabled`.
    voting_power_tracking_enabled: bool = false,
    /// `VotingPowerDisableAtBlock`.
    voting_power_disable_at_block: u64 = 0,
    /// `VotingPowerEmaAlpha`, 10^-18.
    voting_power_ema_alpha: u64 = 3_570_000_000_000_000,
    /// `MechanismCountCurrent`.
    mechanism_count: u8 = 1,
    /// `MechanismEmissionSplit`: shares of 65,535 that sum to it; `None` is even.
    mechanism_emission_split: Option<Vec<u16>> = None,
    /// `Swap.FeeRate`, a share of 65,535.
    fee_rate: u16 = 33,
}
