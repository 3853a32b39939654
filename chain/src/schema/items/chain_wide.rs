//! Values of the whole chain, TAO accounts, and indices over all subnets.

use super::{FOLLOWS, SUBTENSOR, put, unless_default};
use crate::account::AccountId;
use crate::math::fixed::{I64F64, I96F32, U64F64};
use crate::schema::lens::ChainLens;
use crate::schema::{Hasher, Item};
use crate::state::{AccountInfo, Globals, RateLimitKey};
use crate::units::{NetUid, Rao};
use std::sync::Arc;

/// A single value that lies in [`Globals`].
macro_rules! global {
    ($name:literal, $field:ident: $ty:ty, $unit:literal, $doc:literal) => {
        Item {
            pallet: SUBTENSOR,
            name: $name,
            hashers: &[],
            unit: $unit,
            doc: $doc,
            access: &ChainLens::<(), $ty> {
                get: |state, ()| unless_default(state.globals.$field.clone(), &Globals::default().$field),
                rows: |state, each| {
                    if let Some(value) =
                        unless_default(state.globals.$field.clone(), &Globals::default().$field)
                    {
                        each((), value);
                    }
                },
                set: |state, (), value| {
                    state.globals_mut().$field = value.unwrap_or_else(|| Globals::default().$field);
                    Ok(())
                },
                same: |before, after| Arc::ptr_eq(&before.globals, &after.globals),
                default: Some(|| Globals::default().$field),
            },
        }
    };
}

/// A map that lies in the state as it is on chain.
macro_rules! chain_map {
    ($pallet:expr, $name:literal, [$($hasher:ident),*], $key:ty => $ty:ty, $default:expr, $map:ident,
     $join:expr, $split:expr, $unit:literal, $doc:literal) => {
        Item {
            pallet: $pallet,
            name: $name,
            hashers: &[$(Hasher::$hasher),*],
            unit: $unit,
            doc: $doc,
            access: &ChainLens::<$key, $ty> {
                get: |state, key| state.$map.get(&$split(key.clone())).cloned(),
                rows: |state, each| state.$map.iter().for_each(|(key, value)| each($join(key.clone()), value.clone())),
                set: |state, key, value| {
                    put(&mut state.$map, $split(key), value);
                    Ok(())
                },
                same: |before, after| before.$map.same(&after.$map),
                default: $default,
            },
        }
    };
}

pub(super) static ITEMS: &[Item] = &[
    Item {
        pallet: "System",
        name: "Account",
        hashers: &[Hasher::Blake2_128Concat],
        unit: "",
        doc: "Nonce, reference counters and TAO balance of an account.",
        access: &ChainLens::<(AccountId,), AccountInfo> {
            get: |state, (who,)| state.balances.accounts.get(who).copied(),
            rows: |state, each| state.balances.accounts.iter().for_each(|(who, info)| each((*who,), *info)),
            set: |state, (who,), value| {
                put(&mut state.balances.accounts, who, value);
                Ok(())
            },
            same: |before, after| before.balances.accounts.same(&after.balances.accounts),
            default: Some(AccountInfo::default),
        },
    },
    Item {
        pallet: "Balances",
        name: "TotalIssuance",
        hashers: &[],
        unit: "rao",
        doc: "The sum of all balances.",
        access: &ChainLens::<(), Rao> {
            get: |state, ()| unless_default(state.balances.total_issuance, &Rao::ZERO),
            rows: |state, each| each((), state.balances.total_issuance),
            set: |state, (), value| {
                state.balances.total_issuance = value.unwrap_or_default();
                Ok(())
            },
            same: |before, after| before.balances.total_issuance == after.balances.total_issuance,
            default: Some(|| Rao::ZERO),
        },
    },
    Item {
        pallet: "Sudo",
        name: "Key",
        hashers: &[],
        unit: "",
        doc: "The account that may dispatch calls as root.",
        access: &ChainLens::<(), AccountId> {
            get: |state, ()| state.globals.sudo_key,
            rows: |state, each| {
                if let Some(key) = state.globals.sudo_key {
                    each((), key);
                }
            },
            set: |state, (), value| {
                state.globals_mut().sudo_key = value;
                Ok(())
            },
            same: |before, after| Arc::ptr_eq(&before.globals, &after.globals),
            default: None,
        },
    },
    global!("TotalIssuance", total_issuance: Rao, "rao", "TAO issuance as the emission schedule counts it."),
    global!("TotalStake", total_stake: Rao, "rao", "Running counter of TAO put into pools; drifts above them by the swap fees."),
    global!("BlockEmission", block_emission: u64, "rao", "The emission computed last, of TAO or of a subnet's alpha."),
    global!("TotalNetworks", total_networks: u16, "", "Number of subnets, root included."),
    global!("TaoWeight", tao_weight: u64, "share of 2^64 - 1", "How much a rao on root counts as stake."),
    global!("CKBurn", ck_burn: u64, "share of 2^64 - 1", "Part of the dividends of child keys that is burned."),
    global!("SubnetLimit", subnet_limit: u16, "", "How many subnets there may be."),
    global!("SubnetOwnerCut", subnet_owner_cut: u16, "share of 65,535", "Part of a subnet's alpha emission that goes to its owner."),
    global!("SubnetMovingAlpha", subnet_moving_alpha: I96F32, "", "Smoothing factor of moving prices."),
    global!("MaxEpochsPerBlock", max_epochs_per_block: u8, "", "How many epochs one block may run; the others wait."),
    global!("AdminFreezeWindow", admin_freeze_window: u16, "blocks", "Before an epoch, hyperparameters may not change for so long."),
    global!("OwnerHyperparamRateLimit", owner_hyperparam_rate_limit: u16, "tempos", "Time between two changes of one hyperparameter by the owner."),
    global!("MinActivityCutoff", min_activity_cutoff: u16, "blocks", "Smallest activity cutoff an owner may set."),
    global!("DissolveNetworkScheduleDuration", dissolve_network_schedule_duration: u32, "blocks", "Delay of a scheduled dissolution."),
    global!("MaxDelegateTake", max_delegate_take: u16, "share of 65,535", "Largest delegate take."),
    global!("MinDelegateTake", min_delegate_take: u16, "share of 65,535", "Smallest delegate take."),
    global!("MaxChildkeyTake", max_childkey_take: u16, "share of 65,535", "Largest childkey take."),
    global!("MinChildkeyTake", min_childkey_take: u16, "share of 65,535", "Smallest childkey take."),
    global!("NetworkImmunityPeriod", network_immunity_period: u64, "blocks", "For so long a new subnet cannot be pruned."),
    global!("StartCallDelay", start_call_delay: u64, "blocks", "Time from registration to the earliest start call."),
    global!("NetworkMinLockCost", network_min_lock_cost: Rao, "rao", "Smallest price of a subnet."),
    global!("NetworkLastLockCost", network_last_lock_cost: Rao, "rao", "What the last subnet cost."),
    global!("NetworkLockReductionInterval", network_lock_reduction_interval: u64, "blocks", "Time in which the price of a subnet halves."),
    global!("NetworkRateLimit", network_rate_limit: u64, "blocks", "Time between two subnet registrations."),
    global!("NetworkRegistrationStartBlock", network_registration_start_block: u64, "block", "From here on subnets can be registered."),
    global!("NominatorMinRequiredStake", nominator_min_required_stake: u64, "millionths of the minimum stake", "Smallest stake a nominator may keep."),
    global!("WeightsVersionKeyRateLimit", weights_version_key_rate_limit: u64, "tempos", "Time between two changes of the weights version."),
    global!("StakeThreshold", stake_threshold: u64, "rao", "Stake weight a hotkey needs to set weights."),
    global!("TxRateLimit", tx_rate_limit: u64, "blocks", "Time between two rate limited calls of an account."),
    global!("TxDelegateTakeRateLimit", tx_delegate_take_rate_limit: u64, "blocks", "Time between two changes of a delegate take."),
    global!("TxChildkeyTakeRateLimit", tx_childkey_take_rate_limit: u64, "blocks", "Time between two changes of a childkey take."),
    global!("PendingChildKeyCooldown", pending_childkey_cooldown: u64, "blocks", "Delay of new child keys."),
    global!("ColdkeySwapAnnouncementDelay", coldkey_swap_announcement_delay: u32, "blocks", "Delay of an announced coldkey swap."),
    global!("ColdkeySwapReannouncementDelay", coldkey_swap_reannouncement_delay: u32, "blocks", "Delay before a coldkey swap can be announced anew."),
    global!("CommitRevealWeightsVersion", commit_reveal_weights_version: u16, "", "Version of timelocked commits that is accepted."),
    global!("MaxMechanismCount", max_mechanism_count: u8, "", "How many mechanisms a subnet may have."),
    global!("UnlockRate", unlock_rate: u64, "blocks", "Time constant with which locked stake is released."),
    global!("MaturityRate", maturity_rate: u64, "blocks", "Time constant with which conviction grows."),
    global!("NumRootClaim", num_root_claim: u64, "", "How many coldkeys claim root dividends by themselves in a block."),
    global!("NetTaoFlowEnabled", net_tao_flow_enabled: bool, "", "Whether TAO flows are net of the chain's own."),
    global!("TaoFlowCutoff", tao_flow_cutoff: I64F64, "", "Lower cutoff of TAO flows."),
    global!("FlowNormExponent", flow_norm_exponent: U64F64, "", "Exponent that normalises TAO flows."),
    global!("FlowEmaSmoothingFactor", flow_ema_smoothing_factor: u64, "share of 2^63 - 1", "Smoothing factor of TAO flows."),
    global!("TaoInRefundDeploymentBlock", tao_in_refund_deployment_block: u64, "block", "From here on a dissolution refunds TAO emission."),
    global!("AlphaV2MapLastKey", alpha_v2_map_last_key: Option<Vec<u8>>, "", "Where the walk over all stake rows stands, a raw key."),
    chain_map!(SUBTENSOR, "UsedWork", [Identity], (Vec<u8>,) => u64, Some(|| 0), used_work,
        |key| (key,), |(key,)| key, "block", "When the faucet paid for a piece of work."),
    Item {
        pallet: SUBTENSOR,
        name: "NumStakingColdkeys",
        hashers: &[],
        unit: "",
        doc: "Number of coldkeys with stake.",
        access: &ChainLens::<(), u64> {
            get: |state, ()| Some(state.staking_coldkeys_by_index.len() as u64),
            rows: |state, each| each((), state.staking_coldkeys_by_index.len() as u64),
            set: |_, (), _| Err(FOLLOWS),
            same: |before, after| before.staking_coldkeys_by_index.same(&after.staking_coldkeys_by_index),
            default: Some(|| 0),
        },
    },
    chain_map!(SUBTENSOR, "StakingColdkeysByIndex", [Identity], (u64,) => AccountId, None, staking_coldkeys_by_index,
        |key| (key,), |(key,)| key, "", "Coldkeys with stake, numbered without gaps."),
    chain_map!(SUBTENSOR, "StakingColdkeys", [Identity], (AccountId,) => u64, None, staking_coldkeys,
        |key| (key,), |(key,)| key, "", "The number of each coldkey with stake."),
    chain_map!(SUBTENSOR, "LastRateLimitedBlock", [Identity], (RateLimitKey,) => u64, Some(|| 0), last_rate_limited,
        |key| (key,), |(key,)| key, "block", "When a rate limited thing was done last."),
    chain_map!(SUBTENSOR, "LastColdkeyHotkeyStakeBlock", [Twox64Concat, Twox64Concat], (AccountId, AccountId) => u64, None,
        last_stake_block, |key| key, |key| key, "block", "When a coldkey staked to a hotkey last."),
    chain_map!(SUBTENSOR, "TransactionKeyLastBlock", [Blake2_128Concat, Identity, Identity], (AccountId, NetUid, u16) => u64,
        Some(|| 0), transaction_key_last_block, |key| key, |key| key, "block",
        "When a hotkey sent a kind of call to a subnet last."),
];
