//! Chain-wide values.

use crate::account::AccountId;
use crate::math::fixed::{I64F64, I96F32, U64F64};
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};

macro_rules! globals {
    ($($(#[$doc:meta])* $name:ident: $ty:ty = $default:expr,)*) => {
        /// Chain-wide values; a field's `Default` is that of the chain's storage item.
        ///
        /// **Source**: spec/tables/storage.md.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
        pub struct Globals {
            $($(#[$doc])* pub $name: $ty,)*
        }
        impl Default for Globals {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }
    };
}

globals! {
    /// `Sudo.Key`.
    sudo_key: Option<AccountId> = None,
    /// `TotalIssuance` of the subtensor pallet, rao.
    total_issuance: Rao = Rao(0),
    /// `TotalStake`, a running counter, rao.
    total_stake: Rao = Rao(0),
    /// `BlockEmission`: the last emission computed, TAO or alpha (observed.md, surprise 4).
    block_emission: u64 = 1_000_000_000,
    /// `TotalNetworks`.
    total_networks: u16 = 0,
    /// `TaoWeight`, a share of 2^64 - 1.
    tao_weight: u64 = 971_718_665_099_567_868,
    /// `CKBurn`, a share of 2^64 - 1.
    ck_burn: u64 = 0,
    /// `SubnetLimit`.
    subnet_limit: u16 = 128,
    /// `SubnetOwnerCut`, a share of 65,535.
    subnet_owner_cut: u16 = 11_796,
    /// `SubnetMovingAlpha`: 0.000003.
    subnet_moving_alpha: I96F32 = I96F32(12_885),
    /// `MaxEpochsPerBlock`.
    max_epochs_per_block: u8 = 2,
    /// `AdminFreezeWindow`, blocks.
    admin_freeze_window: u16 = 10,
    /// `OwnerHyperparamRateLimit`, tempos.
    owner_hyperparam_rate_limit: u16 = 2,
    /// `MinActivityCutoff`, blocks.
    min_activity_cutoff: u16 = 360,
    /// `DissolveNetworkScheduleDuration`, blocks.
    dissolve_network_schedule_duration: u32 = 36_000,
    /// `MaxDelegateTake`, a share of 65,535.
    max_delegate_take: u16 = 11_796,
    /// `MinDelegateTake`, a share of 65,535.
    min_delegate_take: u16 = 0,
    /// `MaxChildkeyTake`, a share of 65,535.
    max_childkey_take: u16 = 11_796,
    /// `MinChildkeyTake`, a share of 65,535.
    min_childkey_take: u16 = 0,
    /// `NetworkImmunityPeriod`, blocks.
    network_immunity_period: u64 = 1_296_000,
    /// `StartCallDelay`, blocks.
    start_call_delay: u64 = 0,
    /// `NetworkMinLockCost`, rao.
    network_min_lock_cost: Rao = Rao(1_000_000_000_000),
    /// `NetworkLastLockCost`, rao.
    network_last_lock_cost: Rao = Rao(1_000_000_000_000),
    /// `NetworkLockReductionInterval`, blocks.
    network_lock_reduction_interval: u64 = 100_800,
    /// `NetworkRateLimit`, blocks.
    network_rate_limit: u64 = 7_200,
    /// `NetworkRegistrationStartBlock`.
    network_registration_start_block: u64 = 0,
    /// `NominatorMinRequiredStake`, millionths of the minimum stake.
    nominator_min_required_stake: u64 = 0,
    /// `WeightsVersionKeyRateLimit`, tempos.
    weights_version_key_rate_limit: u64 = 5,
    /// `StakeThreshold`, rao.
    stake_threshold: u64 = 0,
    /// `TxRateLimit`, blocks.
    tx_rate_limit: u64 = 1_000,
    /// `TxDelegateTakeRateLimit`, blocks.
    tx_delegate_take_rate_limit: u64 = 216_000,
    /// `TxChildkeyTakeRateLimit`, blocks.
    tx_childkey_take_rate_limit: u64 = 216_000,
    /// `PendingChildKeyCooldown`, blocks.
    pending_childkey_cooldown: u64 = 7_200,
    /// `ColdkeySwapAnnouncementDelay`, blocks.
    coldkey_swap_announcement_delay: u32 = 36_000,
    /// `ColdkeySwapReannouncementDelay`, blocks.
    coldkey_swap_reannouncement_delay: u32 = 7_200,
    /// `CommitRevealWeightsVersion`.
    commit_reveal_weights_version: u16 = 4,
    /// `MaxMechanismCount`.
    max_mechanism_count: u8 = 2,
    /// `UnlockRate`, blocks.
    unlock_rate: u64 = 934_866,
    /// `MaturityRate`, blocks.
    maturity_rate: u64 = 934_866,
    /// `NumRootClaim`.
    num_root_claim: u64 = 5,
    /// `NetTaoFlowEnabled`.
    net_tao_flow_enabled: bool = true,
    /// `TaoFlowCutoff`.
    tao_flow_cutoff: I64F64 = I64F64(0),
    /// `FlowNormExponent`.
    flow_norm_exponent: U64F64 = U64F64(1 << 64),
    /// `FlowEmaSmoothingFactor`, a share of 2^63 - 1.
    flow_ema_smoothing_factor: u64 = 29_597_889_189_277,
    /// `TaoInRefundDeploymentBlock`.
    tao_in_refund_deployment_block: u64 = 0,
    /// `AlphaV2MapLastKey`: where the index maintenance stands, a raw key (observed.md).
    alpha_v2_map_last_key: Option<Vec<u8>> = None,
}
