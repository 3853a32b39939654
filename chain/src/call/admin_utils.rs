//! Calls of `AdminUtils` (pallet 19), with the chain's names, indices and argument order.
//!
//! **Source**: spec/tables/extrinsics.md.

use super::node::Raw32;
use crate::account::AccountId;
use crate::math::fixed::{I64F64, I96F32, U64F64};
use crate::types::{PrecompileEnum, RecycleOrBurnEnum};
use crate::units::{NetUid, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `AdminUtils` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// `swap_authorities` (0): root sets who may author blocks.
    #[codec(index = 0)]
    SwapAuthorities {
        /// Keys of the authors.
        new_authorities: Vec<Raw32>,
    },
    /// `sudo_set_default_take` (1).
    #[codec(index = 1)]
    SudoSetDefaultTake {
        /// Default take.
        default_take: u16,
    },
    /// `sudo_set_tx_rate_limit` (2).
    #[codec(index = 2)]
    SudoSetTxRateLimit {
        /// Tx rate limit.
        tx_rate_limit: u64,
    },
    /// `sudo_set_serving_rate_limit` (3).
    #[codec(index = 3)]
    SudoSetServingRateLimit {
        /// The subnet.
        netuid: NetUid,
        /// Serving rate limit.
        serving_rate_limit: u64,
    },
    /// `sudo_set_min_difficulty` (4).
    #[codec(index = 4)]
    SudoSetMinDifficulty {
        /// The subnet.
        netuid: NetUid,
        /// Min difficulty.
        min_difficulty: u64,
    },
    /// `sudo_set_max_difficulty` (5).
    #[codec(index = 5)]
    SudoSetMaxDifficulty {
        /// The subnet.
        netuid: NetUid,
        /// Max difficulty.
        max_difficulty: u64,
    },
    /// `sudo_set_weights_version_key` (6).
    #[codec(index = 6)]
    SudoSetWeightsVersionKey {
        /// The subnet.
        netuid: NetUid,
        /// Weights version key.
        weights_version_key: u64,
    },
    /// `sudo_set_weights_set_rate_limit` (7).
    #[codec(index = 7)]
    SudoSetWeightsSetRateLimit {
        /// The subnet.
        netuid: NetUid,
        /// Weights set rate limit.
        weights_set_rate_limit: u64,
    },
    /// `sudo_set_adjustment_interval` (8).
    #[codec(index = 8)]
    SudoSetAdjustmentInterval {
        /// The subnet.
        netuid: NetUid,
        /// Adjustment interval.
        adjustment_interval: u16,
    },
    /// `sudo_set_adjustment_alpha` (9).
    #[codec(index = 9)]
    SudoSetAdjustmentAlpha {
        /// The subnet.
        netuid: NetUid,
        /// Adjustment alpha.
        adjustment_alpha: u64,
    },
    /// `sudo_set_immunity_period` (13).
    #[codec(index = 13)]
    SudoSetImmunityPeriod {
        /// The subnet.
        netuid: NetUid,
        /// Immunity period.
        immunity_period: u16,
    },
    /// `sudo_set_min_allowed_weights` (14).
    #[codec(index = 14)]
    SudoSetMinAllowedWeights {
        /// The subnet.
        netuid: NetUid,
        /// Min allowed weights.
        min_allowed_weights: u16,
    },
    /// `sudo_set_max_allowed_uids` (15).
    #[codec(index = 15)]
    SudoSetMaxAllowedUids {
        /// The subnet.
        netuid: NetUid,
        /// Max allowed uids.
        max_allowed_uids: u16,
    },
    /// `sudo_set_kappa` (16).
    #[codec(index = 16)]
    SudoSetKappa {
        /// The subnet.
        netuid: NetUid,
        /// Kappa.
        kappa: u16,
    },
    /// `sudo_set_rho` (17).
    #[codec(index = 17)]
    SudoSetRho {
        /// The subnet.
        netuid: NetUid,
        /// Rho.
        rho: u16,
    },
    /// `sudo_set_activity_cutoff` (18).
    #[codec(index = 18)]
    SudoSetActivityCutoff {
        /// The subnet.
        netuid: NetUid,
        /// Activity cutoff.
        activity_cutoff: u16,
    },
    /// `sudo_set_network_registration_allowed` (19).
    #[codec(index = 19)]
    SudoSetNetworkRegistrationAllowed {
        /// The subnet.
        netuid: NetUid,
        /// Registration allowed.
        registration_allowed: bool,
    },
    /// `sudo_set_network_pow_registration_allowed` (20).
    #[codec(index = 20)]
    SudoSetNetworkPowRegistrationAllowed {
        /// The subnet.
        #[serde(alias = "_netuid")]
        netuid: NetUid,
        /// Registration allowed.
        #[serde(alias = "_registration_allowed")]
        registration_allowed: bool,
    },
    /// `sudo_set_target_registrations_per_interval` (21).
    #[codec(index = 21)]
    SudoSetTargetRegistrationsPerInterval {
        /// The subnet.
        netuid: NetUid,
        /// Target registrations per interval.
        target_registrations_per_interval: u16,
    },
    /// `sudo_set_min_burn` (22).
    #[codec(index = 22)]
    SudoSetMinBurn {
        /// The subnet.
        netuid: NetUid,
        /// Min burn.
        min_burn: Rao,
    },
    /// `sudo_set_max_burn` (23).
    #[codec(index = 23)]
    SudoSetMaxBurn {
        /// The subnet.
        netuid: NetUid,
        /// Max burn.
        max_burn: Rao,
    },
    /// `sudo_set_difficulty` (24).
    #[codec(index = 24)]
    SudoSetDifficulty {
        /// The subnet.
        netuid: NetUid,
        /// Difficulty.
        difficulty: u64,
    },
    /// `sudo_set_max_allowed_validators` (25).
    #[codec(index = 25)]
    SudoSetMaxAllowedValidators {
        /// The subnet.
        netuid: NetUid,
        /// Max allowed validators.
        max_allowed_validators: u16,
    },
    /// `sudo_set_bonds_moving_average` (26).
    #[codec(index = 26)]
    SudoSetBondsMovingAverage {
        /// The subnet.
        netuid: NetUid,
        /// Bonds moving average.
        bonds_moving_average: u64,
    },
    /// `sudo_set_max_registrations_per_block` (27).
    #[codec(index = 27)]
    SudoSetMaxRegistrationsPerBlock {
        /// The subnet.
        netuid: NetUid,
        /// Max registrations per block.
        max_registrations_per_block: u16,
    },
    /// `sudo_set_subnet_owner_cut` (28).
    #[codec(index = 28)]
    SudoSetSubnetOwnerCut {
        /// Subnet owner cut.
        subnet_owner_cut: u16,
    },
    /// `sudo_set_network_rate_limit` (29).
    #[codec(index = 29)]
    SudoSetNetworkRateLimit {
        /// Rate limit.
        rate_limit: u64,
    },
    /// `sudo_set_tempo` (30).
    #[codec(index = 30)]
    SudoSetTempo {
        /// The subnet.
        netuid: NetUid,
        /// Tempo.
        tempo: u16,
    },
    /// `sudo_set_total_issuance` (33).
    #[codec(index = 33)]
    SudoSetTotalIssuance {
        /// Total issuance.
        #[serde(alias = "_total_issuance")]
        total_issuance: Rao,
    },
    /// `sudo_set_network_immunity_period` (35).
    #[codec(index = 35)]
    SudoSetNetworkImmunityPeriod {
        /// Immunity period.
        immunity_period: u64,
    },
    /// `sudo_set_network_min_lock_cost` (36).
    #[codec(index = 36)]
    SudoSetNetworkMinLockCost {
        /// Lock cost.
        lock_cost: Rao,
    },
    /// `sudo_set_subnet_limit` (37).
    #[codec(index = 37)]
    SudoSetSubnetLimit {
        /// Max subnets.
        max_subnets: u16,
    },
    /// `sudo_set_lock_reduction_interval` (38).
    #[codec(index = 38)]
    SudoSetLockReductionInterval {
        /// Interval.
        interval: u64,
    },
    /// `sudo_set_rao_recycled` (39).
    #[codec(index = 39)]
    SudoSetRaoRecycled {
        /// The subnet.
        netuid: NetUid,
        /// Rao recycled.
        rao_recycled: Rao,
    },
    /// `sudo_set_stake_threshold` (42).
    #[codec(index = 42)]
    SudoSetStakeThreshold {
        /// Min stake.
        min_stake: u64,
    },
    /// `sudo_set_nominator_min_required_stake` (43).
    #[codec(index = 43)]
    SudoSetNominatorMinRequiredStake {
        /// Min stake.
        min_stake: u64,
    },
    /// `sudo_set_tx_delegate_take_rate_limit` (45).
    #[codec(index = 45)]
    SudoSetTxDelegateTakeRateLimit {
        /// Tx rate limit.
        tx_rate_limit: u64,
    },
    /// `sudo_set_min_delegate_take` (46).
    #[codec(index = 46)]
    SudoSetMinDelegateTake {
        /// Take.
        take: u16,
    },
    /// `sudo_set_commit_reveal_weights_enabled` (49).
    #[codec(index = 49)]
    SudoSetCommitRevealWeightsEnabled {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `sudo_set_liquid_alpha_enabled` (50).
    #[codec(index = 50)]
    SudoSetLiquidAlphaEnabled {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `sudo_set_alpha_values` (51).
    #[codec(index = 51)]
    SudoSetAlphaValues {
        /// The subnet.
        netuid: NetUid,
        /// Alpha low.
        alpha_low: u16,
        /// Alpha high.
        alpha_high: u16,
    },
    /// `sudo_set_dissolve_network_schedule_duration` (55).
    #[codec(index = 55)]
    SudoSetDissolveNetworkScheduleDuration {
        /// Duration.
        duration: u32,
    },
    /// `sudo_set_commit_reveal_weights_interval` (57).
    #[codec(index = 57)]
    SudoSetCommitRevealWeightsInterval {
        /// The subnet.
        netuid: NetUid,
        /// Interval.
        interval: u64,
    },
    /// `sudo_set_evm_chain_id` (58).
    #[codec(index = 58)]
    SudoSetEvmChainId {
        /// The number.
        chain_id: u64,
    },
    /// `schedule_grandpa_change` (59): root sets who finalizes blocks.
    #[codec(index = 59)]
    ScheduleGrandpaChange {
        /// Keys, and what each weighs.
        next_authorities: Vec<(Raw32, u64)>,
        /// After how many blocks.
        in_blocks: u32,
        /// The last final block, where finality stands still.
        forced: Option<u32>,
    },
    /// `sudo_set_bonds_penalty` (60).
    #[codec(index = 60)]
    SudoSetBondsPenalty {
        /// The subnet.
        netuid: NetUid,
        /// Bonds penalty.
        bonds_penalty: u16,
    },
    /// `sudo_set_toggle_transfer` (61).
    #[codec(index = 61)]
    SudoSetToggleTransfer {
        /// The subnet.
        netuid: NetUid,
        /// Toggle.
        toggle: bool,
    },
    /// `sudo_toggle_evm_precompile` (62).
    #[codec(index = 62)]
    SudoToggleEvmPrecompile {
        /// Which.
        precompile_id: PrecompileEnum,
        /// Whether it answers.
        enabled: bool,
    },
    /// `sudo_set_subnet_moving_alpha` (63).
    #[codec(index = 63)]
    SudoSetSubnetMovingAlpha {
        /// Alpha.
        alpha: I96F32,
    },
    /// `sudo_set_subnet_owner_hotkey` (64).
    #[codec(index = 64)]
    SudoSetSubnetOwnerHotkey {
        /// The subnet.
        netuid: NetUid,
        /// The hotkey.
        hotkey: AccountId,
    },
    /// `sudo_set_ema_price_halving_period` (65).
    #[codec(index = 65)]
    SudoSetEmaPriceHalvingPeriod {
        /// The subnet.
        netuid: NetUid,
        /// Ema halving.
        ema_halving: u64,
    },
    /// `sudo_set_subtoken_enabled` (66).
    #[codec(index = 66)]
    SudoSetSubtokenEnabled {
        /// The subnet.
        netuid: NetUid,
        /// Subtoken enabled.
        subtoken_enabled: bool,
    },
    /// `sudo_set_sn_owner_hotkey` (67).
    #[codec(index = 67)]
    SudoSetSnOwnerHotkey {
        /// The subnet.
        netuid: NetUid,
        /// The hotkey.
        hotkey: AccountId,
    },
    /// `sudo_set_alpha_sigmoid_steepness` (68).
    #[codec(index = 68)]
    SudoSetAlphaSigmoidSteepness {
        /// The subnet.
        netuid: NetUid,
        /// Steepness.
        steepness: i16,
    },
    /// `sudo_set_yuma3_enabled` (69).
    #[codec(index = 69)]
    SudoSetYuma3Enabled {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `sudo_set_bonds_reset_enabled` (70).
    #[codec(index = 70)]
    SudoSetBondsResetEnabled {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `sudo_set_commit_reveal_version` (71).
    #[codec(index = 71)]
    SudoSetCommitRevealVersion {
        /// Version.
        version: u16,
    },
    /// `sudo_set_owner_immune_neuron_limit` (72).
    #[codec(index = 72)]
    SudoSetOwnerImmuneNeuronLimit {
        /// The subnet.
        netuid: NetUid,
        /// Immune neurons.
        immune_neurons: u16,
    },
    /// `sudo_set_ck_burn` (73).
    #[codec(index = 73)]
    SudoSetCkBurn {
        /// Burn.
        burn: u64,
    },
    /// `sudo_set_admin_freeze_window` (74).
    #[codec(index = 74)]
    SudoSetAdminFreezeWindow {
        /// Window.
        window: u16,
    },
    /// `sudo_set_owner_hparam_rate_limit` (75).
    #[codec(index = 75)]
    SudoSetOwnerHparamRateLimit {
        /// Epochs.
        epochs: u16,
    },
    /// `sudo_set_mechanism_count` (76).
    #[codec(index = 76)]
    SudoSetMechanismCount {
        /// The subnet.
        netuid: NetUid,
        /// Mechanism count.
        mechanism_count: u8,
    },
    /// `sudo_set_mechanism_emission_split` (77).
    #[codec(index = 77)]
    SudoSetMechanismEmissionSplit {
        /// The subnet.
        netuid: NetUid,
        /// Maybe split.
        maybe_split: Option<Vec<u16>>,
    },
    /// `sudo_trim_to_max_allowed_uids` (78).
    #[codec(index = 78)]
    SudoTrimToMaxAllowedUids {
        /// The subnet.
        netuid: NetUid,
        /// Max n.
        max_n: u16,
    },
    /// `sudo_set_min_allowed_uids` (79).
    #[codec(index = 79)]
    SudoSetMinAllowedUids {
        /// The subnet.
        netuid: NetUid,
        /// Min allowed uids.
        min_allowed_uids: u16,
    },
    /// `sudo_set_recycle_or_burn` (80).
    #[codec(index = 80)]
    SudoSetRecycleOrBurn {
        /// The subnet.
        netuid: NetUid,
        /// Recycle or burn.
        recycle_or_burn: RecycleOrBurnEnum,
    },
    /// `sudo_set_tao_flow_cutoff` (81).
    #[codec(index = 81)]
    SudoSetTaoFlowCutoff {
        /// Flow cutoff.
        flow_cutoff: I64F64,
    },
    /// `sudo_set_tao_flow_normalization_exponent` (82).
    #[codec(index = 82)]
    SudoSetTaoFlowNormalizationExponent {
        /// Exponent.
        exponent: U64F64,
    },
    /// `sudo_set_tao_flow_smoothing_factor` (83).
    #[codec(index = 83)]
    SudoSetTaoFlowSmoothingFactor {
        /// Smoothing factor.
        smoothing_factor: u64,
    },
    /// `sudo_set_min_non_immune_uids` (84).
    #[codec(index = 84)]
    SudoSetMinNonImmuneUids {
        /// The subnet.
        netuid: NetUid,
        /// Min.
        min: u16,
    },
    /// `sudo_set_start_call_delay` (85).
    #[codec(index = 85)]
    SudoSetStartCallDelay {
        /// Delay.
        delay: u64,
    },
    /// `sudo_set_coldkey_swap_announcement_delay` (86).
    #[codec(index = 86)]
    SudoSetColdkeySwapAnnouncementDelay {
        /// Duration.
        duration: u32,
    },
    /// `sudo_set_coldkey_swap_reannouncement_delay` (87).
    #[codec(index = 87)]
    SudoSetColdkeySwapReannouncementDelay {
        /// Duration.
        duration: u32,
    },
    /// `sudo_set_max_mechanism_count` (88).
    #[codec(index = 88)]
    SudoSetMaxMechanismCount {
        /// Max mechanism count.
        max_mechanism_count: u8,
    },
    /// `sudo_set_burn_half_life` (89).
    #[codec(index = 89)]
    SudoSetBurnHalfLife {
        /// The subnet.
        netuid: NetUid,
        /// Burn half life.
        burn_half_life: u16,
    },
    /// `sudo_set_burn_increase_mult` (90).
    #[codec(index = 90)]
    SudoSetBurnIncreaseMult {
        /// The subnet.
        netuid: NetUid,
        /// Burn increase mult.
        burn_increase_mult: U64F64,
    },
    /// `sudo_set_net_tao_flow_enabled` (91).
    #[codec(index = 91)]
    SudoSetNetTaoFlowEnabled {
        /// Enabled.
        enabled: bool,
    },
    /// `sudo_set_owner_cut_enabled` (92).
    #[codec(index = 92)]
    SudoSetOwnerCutEnabled {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `sudo_set_min_childkey_take_per_subnet` (93).
    #[codec(index = 93)]
    SudoSetMinChildkeyTakePerSubnet {
        /// The subnet.
        netuid: NetUid,
        /// Take.
        take: u16,
    },
    /// `sudo_set_subnet_emission_enabled` (94).
    #[codec(index = 94)]
    SudoSetSubnetEmissionEnabled {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `sudo_set_owner_cut_auto_lock_enabled` (95).
    #[codec(index = 95)]
    SudoSetOwnerCutAutoLockEnabled {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `sudo_set_max_epochs_per_block` (96).
    #[codec(index = 96)]
    SudoSetMaxEpochsPerBlock {
        /// Max epochs per block.
        max_epochs_per_block: u8,
    },
}
