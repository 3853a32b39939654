//! Calls of `SubtensorModule` (pallet 7), with the chain's names, indices and argument order.
//!
//! **Source**: spec/tables/extrinsics.md.

use crate::account::AccountId;
use crate::types::{Percent, RootClaimTypeEnum, SubnetIdentityOfV3};
use crate::units::{AlphaRao, NetUid, Packed, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The hash of weights that are revealed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommitHash(#[serde(with = "crate::types::hex_bytes")] pub [u8; 32]);

/// A call of the `SubtensorModule` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// `set_weights` (0), free of fees.
    #[codec(index = 0)]
    SetWeights {
        /// The subnet.
        netuid: NetUid,
        /// The uids weighted.
        dests: Vec<u16>,
        /// Their weights, in the same order.
        weights: Vec<u16>,
        /// The key of the weights version.
        version_key: u64,
    },
    /// `add_stake` (2).
    #[codec(index = 2)]
    AddStake {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// TAO to stake.
        amount_staked: Rao,
    },
    /// `remove_stake` (3).
    #[codec(index = 3)]
    RemoveStake {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Alpha to unstake.
        amount_unstaked: AlphaRao,
    },
    /// `serve_axon` (4), free of fees.
    #[codec(index = 4)]
    ServeAxon {
        /// The subnet.
        netuid: NetUid,
        /// Version.
        version: u32,
        /// Ip.
        #[serde(with = "crate::types::decimal")]
        ip: u128,
        /// Port.
        port: u16,
        /// Ip type.
        ip_type: u8,
        /// Protocol.
        protocol: u8,
        /// Placeholder1.
        placeholder1: u8,
        /// Placeholder2.
        placeholder2: u8,
    },
    /// `serve_prometheus` (5), free of fees.
    #[codec(index = 5)]
    ServePrometheus {
        /// The subnet.
        netuid: NetUid,
        /// Version.
        version: u32,
        /// Ip.
        #[serde(with = "crate::types::decimal")]
        ip: u128,
        /// Port.
        port: u16,
        /// Ip type.
        ip_type: u8,
    },
    /// `register` (6).
    #[codec(index = 6)]
    Register {
        /// The subnet.
        netuid: NetUid,
        /// Block number.
        #[serde(alias = "_block_number")]
        block_number: u64,
        /// Nonce.
        #[serde(alias = "_nonce")]
        nonce: u64,
        /// Work.
        #[serde(alias = "_work")]
        #[serde(with = "crate::types::hex_bytes")]
        work: Vec<u8>,
        /// The hotkey.
        hotkey: AccountId,
        /// The coldkey.
        #[serde(alias = "_coldkey")]
        coldkey: AccountId,
    },
    /// `burned_register` (7).
    #[codec(index = 7)]
    BurnedRegister {
        /// The subnet.
        netuid: NetUid,
        /// The hotkey.
        hotkey: AccountId,
    },
    /// `serve_axon_tls` (40), free of fees.
    #[codec(index = 40)]
    ServeAxonTls {
        /// The subnet.
        netuid: NetUid,
        /// Version.
        version: u32,
        /// Ip.
        #[serde(with = "crate::types::decimal")]
        ip: u128,
        /// Port.
        port: u16,
        /// Ip type.
        ip_type: u8,
        /// Protocol.
        protocol: u8,
        /// Placeholder1.
        placeholder1: u8,
        /// Placeholder2.
        placeholder2: u8,
        /// Certificate.
        #[serde(with = "crate::types::hex_bytes")]
        certificate: Vec<u8>,
    },
    /// `register_network` (59).
    #[codec(index = 59)]
    RegisterNetwork {
        /// The hotkey.
        hotkey: AccountId,
    },
    /// `faucet` (60), free of fees.
    #[codec(index = 60)]
    Faucet {
        /// Block number.
        block_number: u64,
        /// Nonce.
        nonce: u64,
        /// Work.
        #[serde(with = "crate::types::hex_bytes")]
        work: Vec<u8>,
    },
    /// `dissolve_network` (61).
    #[codec(index = 61)]
    DissolveNetwork {
        /// The coldkey.
        #[serde(alias = "_coldkey")]
        coldkey: AccountId,
        /// The subnet.
        netuid: NetUid,
    },
    /// `root_register` (62).
    #[codec(index = 62)]
    RootRegister {
        /// The hotkey.
        hotkey: AccountId,
    },
    /// `decrease_take` (65), free of fees.
    #[codec(index = 65)]
    DecreaseTake {
        /// The hotkey.
        hotkey: AccountId,
        /// Take.
        take: u16,
    },
    /// `increase_take` (66), free of fees.
    #[codec(index = 66)]
    IncreaseTake {
        /// The hotkey.
        hotkey: AccountId,
        /// Take.
        take: u16,
    },
    /// `set_children` (67).
    #[codec(index = 67)]
    SetChildren {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Children.
        children: Vec<(u64, AccountId)>,
    },
    /// `set_identity` (68).
    #[codec(index = 68)]
    SetIdentity {
        /// Name.
        #[serde(with = "crate::types::hex_bytes")]
        name: Vec<u8>,
        /// Url.
        #[serde(with = "crate::types::hex_bytes")]
        url: Vec<u8>,
        /// Github repo.
        #[serde(with = "crate::types::hex_bytes")]
        github_repo: Vec<u8>,
        /// Image.
        #[serde(with = "crate::types::hex_bytes")]
        image: Vec<u8>,
        /// Discord.
        #[serde(with = "crate::types::hex_bytes")]
        discord: Vec<u8>,
        /// Description.
        #[serde(with = "crate::types::hex_bytes")]
        description: Vec<u8>,
        /// Additional.
        #[serde(with = "crate::types::hex_bytes")]
        additional: Vec<u8>,
    },
    /// `sudo_set_tx_childkey_take_rate_limit` (69).
    #[codec(index = 69)]
    SudoSetTxChildkeyTakeRateLimit {
        /// Tx rate limit.
        tx_rate_limit: u64,
    },
    /// `swap_hotkey` (70).
    #[codec(index = 70)]
    SwapHotkey {
        /// The hotkey.
        hotkey: AccountId,
        /// New hotkey.
        new_hotkey: AccountId,
        /// The subnet.
        netuid: Option<NetUid>,
    },
    /// `swap_coldkey` (71).
    #[codec(index = 71)]
    SwapColdkey {
        /// Old coldkey.
        old_coldkey: AccountId,
        /// New coldkey.
        new_coldkey: AccountId,
        /// Swap cost.
        swap_cost: Rao,
    },
    /// `swap_hotkey_v2` (72).
    #[codec(index = 72)]
    SwapHotkeyV2 {
        /// The hotkey.
        hotkey: AccountId,
        /// New hotkey.
        new_hotkey: AccountId,
        /// The subnet.
        netuid: Option<NetUid>,
        /// Keep stake.
        keep_stake: bool,
    },
    /// `schedule_swap_coldkey` (73).
    #[codec(index = 73)]
    ScheduleSwapColdkey {
        /// New coldkey.
        #[serde(alias = "_new_coldkey")]
        new_coldkey: AccountId,
    },
    /// `set_childkey_take` (75).
    #[codec(index = 75)]
    SetChildkeyTake {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Take.
        take: u16,
    },
    /// `sudo_set_min_childkey_take` (76).
    #[codec(index = 76)]
    SudoSetMinChildkeyTake {
        /// Take.
        take: u16,
    },
    /// `sudo_set_max_childkey_take` (77).
    #[codec(index = 77)]
    SudoSetMaxChildkeyTake {
        /// Take.
        take: u16,
    },
    /// `set_subnet_identity` (78).
    #[codec(index = 78)]
    SetSubnetIdentity {
        /// The subnet.
        netuid: NetUid,
        /// Subnet name.
        #[serde(with = "crate::types::hex_bytes")]
        subnet_name: Vec<u8>,
        /// Github repo.
        #[serde(with = "crate::types::hex_bytes")]
        github_repo: Vec<u8>,
        /// Subnet contact.
        #[serde(with = "crate::types::hex_bytes")]
        subnet_contact: Vec<u8>,
        /// Subnet url.
        #[serde(with = "crate::types::hex_bytes")]
        subnet_url: Vec<u8>,
        /// Discord.
        #[serde(with = "crate::types::hex_bytes")]
        discord: Vec<u8>,
        /// Description.
        #[serde(with = "crate::types::hex_bytes")]
        description: Vec<u8>,
        /// Logo url.
        #[serde(with = "crate::types::hex_bytes")]
        logo_url: Vec<u8>,
        /// Additional.
        #[serde(with = "crate::types::hex_bytes")]
        additional: Vec<u8>,
    },
    /// `register_network_with_identity` (79).
    #[codec(index = 79)]
    RegisterNetworkWithIdentity {
        /// The hotkey.
        hotkey: AccountId,
        /// Identity.
        identity: Option<SubnetIdentityOfV3>,
    },
    /// `batch_set_weights` (80), free of fees.
    #[codec(index = 80)]
    BatchSetWeights {
        /// The subnets.
        netuids: Vec<Packed<NetUid>>,
        /// For each, uids and their weights.
        weights: Vec<Vec<(Packed<u16>, Packed<u16>)>>,
        /// For each, the key of the weights version.
        version_keys: Vec<Packed<u64>>,
    },
    /// `unstake_all` (83).
    #[codec(index = 83)]
    UnstakeAll {
        /// The hotkey.
        hotkey: AccountId,
    },
    /// `unstake_all_alpha` (84).
    #[codec(index = 84)]
    UnstakeAllAlpha {
        /// The hotkey.
        hotkey: AccountId,
    },
    /// `move_stake` (85).
    #[codec(index = 85)]
    MoveStake {
        /// Hotkey it leaves.
        origin_hotkey: AccountId,
        /// Hotkey it enters.
        destination_hotkey: AccountId,
        /// Subnet it leaves.
        origin_netuid: NetUid,
        /// Subnet it enters.
        destination_netuid: NetUid,
        /// Alpha to move.
        alpha_amount: AlphaRao,
    },
    /// `transfer_stake` (86).
    #[codec(index = 86)]
    TransferStake {
        /// Coldkey that receives.
        destination_coldkey: AccountId,
        /// The hotkey.
        hotkey: AccountId,
        /// Subnet it leaves.
        origin_netuid: NetUid,
        /// Subnet it enters.
        destination_netuid: NetUid,
        /// Alpha to move.
        alpha_amount: AlphaRao,
    },
    /// `swap_stake` (87).
    #[codec(index = 87)]
    SwapStake {
        /// The hotkey.
        hotkey: AccountId,
        /// Subnet it leaves.
        origin_netuid: NetUid,
        /// Subnet it enters.
        destination_netuid: NetUid,
        /// Alpha to move.
        alpha_amount: AlphaRao,
    },
    /// `add_stake_limit` (88).
    #[codec(index = 88)]
    AddStakeLimit {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// TAO to stake.
        amount_staked: Rao,
        /// Limit price, rao per alpha.
        limit_price: Rao,
        /// Whether to fill what the limit allows.
        allow_partial: bool,
    },
    /// `remove_stake_limit` (89).
    #[codec(index = 89)]
    RemoveStakeLimit {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Alpha to unstake.
        amount_unstaked: AlphaRao,
        /// Limit price, rao per alpha.
        limit_price: Rao,
        /// Whether to fill what the limit allows.
        allow_partial: bool,
    },
    /// `swap_stake_limit` (90).
    #[codec(index = 90)]
    SwapStakeLimit {
        /// The hotkey.
        hotkey: AccountId,
        /// Subnet it leaves.
        origin_netuid: NetUid,
        /// Subnet it enters.
        destination_netuid: NetUid,
        /// Alpha to move.
        alpha_amount: AlphaRao,
        /// Limit price, rao per alpha.
        limit_price: Rao,
        /// Whether to fill what the limit allows.
        allow_partial: bool,
    },
    /// `try_associate_hotkey` (91).
    #[codec(index = 91)]
    TryAssociateHotkey {
        /// The hotkey.
        hotkey: AccountId,
    },
    /// `start_call` (92).
    #[codec(index = 92)]
    StartCall {
        /// The subnet.
        netuid: NetUid,
    },
    /// `commit_weights` (96), free of fees.
    #[codec(index = 96)]
    CommitWeights {
        /// The subnet.
        netuid: NetUid,
        /// Commit hash.
        #[serde(with = "crate::types::hex_bytes")]
        commit_hash: [u8; 32],
    },
    /// `reveal_weights` (97), free of fees.
    #[codec(index = 97)]
    RevealWeights {
        /// The subnet.
        netuid: NetUid,
        /// The uids weighted.
        uids: Vec<u16>,
        /// Their weights, in the same order.
        values: Vec<u16>,
        /// Salt.
        salt: Vec<u16>,
        /// The key of the weights version.
        version_key: u64,
    },
    /// `batch_reveal_weights` (98), free of fees.
    #[codec(index = 98)]
    BatchRevealWeights {
        /// The subnet.
        netuid: NetUid,
        /// Uids list.
        uids_list: Vec<Vec<u16>>,
        /// Values list.
        values_list: Vec<Vec<u16>>,
        /// Salts list.
        salts_list: Vec<Vec<u16>>,
        /// Version keys.
        version_keys: Vec<u64>,
    },
    /// `batch_commit_weights` (100), free of fees.
    #[codec(index = 100)]
    BatchCommitWeights {
        /// The subnets.
        netuids: Vec<Packed<NetUid>>,
        /// A commit hash for each.
        commit_hashes: Vec<CommitHash>,
    },
    /// `recycle_alpha` (101).
    #[codec(index = 101)]
    RecycleAlpha {
        /// The hotkey.
        hotkey: AccountId,
        /// Amount.
        amount: AlphaRao,
        /// The subnet.
        netuid: NetUid,
    },
    /// `burn_alpha` (102).
    #[codec(index = 102)]
    BurnAlpha {
        /// The hotkey.
        hotkey: AccountId,
        /// Amount.
        amount: AlphaRao,
        /// The subnet.
        netuid: NetUid,
    },
    /// `remove_stake_full_limit` (103).
    #[codec(index = 103)]
    RemoveStakeFullLimit {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Limit price, rao per alpha.
        limit_price: Option<Rao>,
    },
    /// `set_pending_childkey_cooldown` (109).
    #[codec(index = 109)]
    SetPendingChildkeyCooldown {
        /// Cooldown.
        cooldown: u64,
    },
    /// `register_leased_network` (110): made by a crowdloan at its end.
    #[codec(index = 110)]
    RegisterLeasedNetwork {
        /// Part of the owner's cut that goes to the contributors.
        emissions_share: Percent,
        /// Block from which the lease may be ended; `None` is a perpetual lease.
        end_block: Option<u32>,
    },
    /// `terminate_lease` (111): the beneficiary takes the subnet over.
    #[codec(index = 111)]
    TerminateLease {
        /// The lease.
        lease_id: u32,
        /// Owner hotkey from now on.
        hotkey: AccountId,
    },
    /// `update_symbol` (112).
    #[codec(index = 112)]
    UpdateSymbol {
        /// The subnet.
        netuid: NetUid,
        /// Symbol.
        #[serde(with = "crate::types::hex_bytes")]
        symbol: Vec<u8>,
    },
    /// `commit_timelocked_weights` (113), free of fees.
    #[codec(index = 113)]
    CommitTimelockedWeights {
        /// The subnet.
        netuid: NetUid,
        /// Commit.
        #[serde(with = "crate::types::hex_bytes")]
        commit: Vec<u8>,
        /// Reveal round.
        reveal_round: u64,
        /// Commit reveal version.
        commit_reveal_version: u16,
    },
    /// `set_coldkey_auto_stake_hotkey` (114).
    #[codec(index = 114)]
    SetColdkeyAutoStakeHotkey {
        /// The subnet.
        netuid: NetUid,
        /// The hotkey.
        hotkey: AccountId,
    },
    /// `commit_mechanism_weights` (115), free of fees.
    #[codec(index = 115)]
    CommitMechanismWeights {
        /// The subnet.
        netuid: NetUid,
        /// The mechanism.
        mecid: u8,
        /// Commit hash.
        #[serde(with = "crate::types::hex_bytes")]
        commit_hash: [u8; 32],
    },
    /// `reveal_mechanism_weights` (116), free of fees.
    #[codec(index = 116)]
    RevealMechanismWeights {
        /// The subnet.
        netuid: NetUid,
        /// The mechanism.
        mecid: u8,
        /// The uids weighted.
        uids: Vec<u16>,
        /// Their weights, in the same order.
        values: Vec<u16>,
        /// Salt.
        salt: Vec<u16>,
        /// The key of the weights version.
        version_key: u64,
    },
    /// `commit_crv3_mechanism_weights` (117), free of fees.
    #[codec(index = 117)]
    CommitCrv3MechanismWeights {
        /// The subnet.
        netuid: NetUid,
        /// The mechanism.
        mecid: u8,
        /// Commit.
        #[serde(with = "crate::types::hex_bytes")]
        commit: Vec<u8>,
        /// Reveal round.
        reveal_round: u64,
    },
    /// `commit_timelocked_mechanism_weights` (118), free of fees.
    #[codec(index = 118)]
    CommitTimelockedMechanismWeights {
        /// The subnet.
        netuid: NetUid,
        /// The mechanism.
        mecid: u8,
        /// Commit.
        #[serde(with = "crate::types::hex_bytes")]
        commit: Vec<u8>,
        /// Reveal round.
        reveal_round: u64,
        /// Commit reveal version.
        commit_reveal_version: u16,
    },
    /// `set_mechanism_weights` (119), free of fees.
    #[codec(index = 119)]
    SetMechanismWeights {
        /// The subnet.
        netuid: NetUid,
        /// The mechanism.
        mecid: u8,
        /// The uids weighted.
        dests: Vec<u16>,
        /// Their weights, in the same order.
        weights: Vec<u16>,
        /// The key of the weights version.
        version_key: u64,
    },
    /// `root_dissolve_network` (120).
    #[codec(index = 120)]
    RootDissolveNetwork {
        /// The subnet.
        netuid: NetUid,
    },
    /// `claim_root` (121).
    #[codec(index = 121)]
    ClaimRoot {
        /// Subnets.
        subnets: BTreeSet<NetUid>,
    },
    /// `set_root_claim_type` (122).
    #[codec(index = 122)]
    SetRootClaimType {
        /// New root claim type.
        new_root_claim_type: RootClaimTypeEnum,
    },
    /// `sudo_set_num_root_claims` (123).
    #[codec(index = 123)]
    SudoSetNumRootClaims {
        /// New value.
        new_value: u64,
    },
    /// `sudo_set_root_claim_threshold` (124).
    #[codec(index = 124)]
    SudoSetRootClaimThreshold {
        /// The subnet.
        netuid: NetUid,
        /// New value.
        new_value: u64,
    },
    /// `announce_coldkey_swap` (125).
    #[codec(index = 125)]
    AnnounceColdkeySwap {
        /// New coldkey hash.
        #[serde(with = "crate::types::hex_bytes")]
        new_coldkey_hash: [u8; 32],
    },
    /// `swap_coldkey_announced` (126).
    #[codec(index = 126)]
    SwapColdkeyAnnounced {
        /// New coldkey.
        new_coldkey: AccountId,
    },
    /// `dispute_coldkey_swap` (127).
    #[codec(index = 127)]
    DisputeColdkeySwap,
    /// `reset_coldkey_swap` (128).
    #[codec(index = 128)]
    ResetColdkeySwap {
        /// The coldkey.
        coldkey: AccountId,
    },
    /// `enable_voting_power_tracking` (129).
    #[codec(index = 129)]
    EnableVotingPowerTracking {
        /// The subnet.
        netuid: NetUid,
    },
    /// `disable_voting_power_tracking` (130).
    #[codec(index = 130)]
    DisableVotingPowerTracking {
        /// The subnet.
        netuid: NetUid,
    },
    /// `sudo_set_voting_power_ema_alpha` (131).
    #[codec(index = 131)]
    SudoSetVotingPowerEmaAlpha {
        /// The subnet.
        netuid: NetUid,
        /// Alpha.
        alpha: u64,
    },
    /// `add_stake_burn` (132).
    #[codec(index = 132)]
    AddStakeBurn {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Amount.
        amount: Rao,
        /// Limit.
        limit: Option<Rao>,
    },
    /// `clear_coldkey_swap_announcement` (133).
    #[codec(index = 133)]
    ClearColdkeySwapAnnouncement,
    /// `register_limit` (134).
    #[codec(index = 134)]
    RegisterLimit {
        /// The subnet.
        netuid: NetUid,
        /// The hotkey.
        hotkey: AccountId,
        /// Limit price, rao per alpha.
        limit_price: u64,
    },
    /// `set_auto_parent_delegation_enabled` (135).
    #[codec(index = 135)]
    SetAutoParentDelegationEnabled {
        /// The hotkey.
        hotkey: AccountId,
        /// Enabled.
        enabled: bool,
    },
    /// `lock_stake` (136).
    #[codec(index = 136)]
    LockStake {
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Amount.
        amount: AlphaRao,
    },
    /// `move_lock` (137).
    #[codec(index = 137)]
    MoveLock {
        /// Hotkey it enters.
        destination_hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
    },
    /// `set_perpetual_lock` (138).
    #[codec(index = 138)]
    SetPerpetualLock {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `set_tempo` (139).
    #[codec(index = 139)]
    SetTempo {
        /// The subnet.
        netuid: NetUid,
        /// Tempo.
        tempo: u16,
    },
    /// `set_activity_cutoff_factor` (140).
    #[codec(index = 140)]
    SetActivityCutoffFactor {
        /// The subnet.
        netuid: NetUid,
        /// Factor milli.
        factor_milli: u32,
    },
    /// `trigger_epoch` (141).
    #[codec(index = 141)]
    TriggerEpoch {
        /// The subnet.
        netuid: NetUid,
    },
    /// `set_reject_locked_alpha` (142).
    #[codec(index = 142)]
    SetRejectLockedAlpha {
        /// Enabled.
        enabled: bool,
    },
}
