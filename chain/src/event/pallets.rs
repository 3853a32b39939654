//! Events of the pallets in index order, with the chain's names and fields.
//!
//! **Source**: spec/tables/events.md.

use crate::account::AccountId;
use crate::error::{DispatchError, DispatchOutcome};
use crate::math::fixed::U64F64;
use crate::types::{DepositKind, PrecompileEnum, ProxyType, RootClaimTypeEnum, Timepoint};
use crate::units::{AlphaRao, NetUid, NetUidStorageIndex, Packed, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// An event of the `SubtensorModule` pallet (7).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum SubtensorModuleEvent {
    /// `NetworkAdded`.
    #[codec(index = 0)]
    NetworkAdded(NetUid, u16),
    /// `NetworkRemoved`.
    #[codec(index = 1)]
    NetworkRemoved(NetUid),
    /// `StakeAdded`.
    #[codec(index = 2)]
    StakeAdded(AccountId, AccountId, Rao, AlphaRao, NetUid, u64),
    /// `StakeRemoved`.
    #[codec(index = 3)]
    StakeRemoved(AccountId, AccountId, Rao, AlphaRao, NetUid, u64),
    /// `StakeMoved`.
    #[codec(index = 4)]
    StakeMoved(AccountId, AccountId, NetUid, AccountId, NetUid, Rao),
    /// `WeightsSet`.
    #[codec(index = 5)]
    WeightsSet(NetUidStorageIndex, u16),
    /// `NeuronRegistered`.
    #[codec(index = 6)]
    NeuronRegistered(NetUid, u16, AccountId),
    /// `BulkNeuronsRegistered`.
    #[codec(index = 7)]
    BulkNeuronsRegistered(u16, u16),
    /// `BulkBalancesSet`.
    #[codec(index = 8)]
    BulkBalancesSet(u16, u16),
    /// `MaxAllowedUidsSet`.
    #[codec(index = 9)]
    MaxAllowedUidsSet(NetUid, u16),
    /// `MaxWeightLimitSet`.
    #[codec(index = 10)]
    MaxWeightLimitSet(NetUid, u16),
    /// `DifficultySet`.
    #[codec(index = 11)]
    DifficultySet(NetUid, u64),
    /// `AdjustmentIntervalSet`.
    #[codec(index = 12)]
    AdjustmentIntervalSet(NetUid, u16),
    /// `RegistrationPerIntervalSet`.
    #[codec(index = 13)]
    RegistrationPerIntervalSet(NetUid, u16),
    /// `MaxRegistrationsPerBlockSet`.
    #[codec(index = 14)]
    MaxRegistrationsPerBlockSet(NetUid, u16),
    /// `ActivityCutoffSet`.
    #[codec(index = 15)]
    ActivityCutoffSet(NetUid, u16),
    /// `RhoSet`.
    #[codec(index = 16)]
    RhoSet(NetUid, u16),
    /// `AlphaSigmoidSteepnessSet`.
    #[codec(index = 17)]
    AlphaSigmoidSteepnessSet(NetUid, i16),
    /// `KappaSet`.
    #[codec(index = 18)]
    KappaSet(NetUid, u16),
    /// `MinAllowedWeightSet`.
    #[codec(index = 19)]
    MinAllowedWeightSet(NetUid, u16),
    /// `ValidatorPruneLenSet`.
    #[codec(index = 20)]
    ValidatorPruneLenSet(NetUid, u64),
    /// `ScalingLawPowerSet`.
    #[codec(index = 21)]
    ScalingLawPowerSet(NetUid, u16),
    /// `WeightsSetRateLimitSet`.
    #[codec(index = 22)]
    WeightsSetRateLimitSet(NetUid, u64),
    /// `ImmunityPeriodSet`.
    #[codec(index = 23)]
    ImmunityPeriodSet(NetUid, u16),
    /// `BondsMovingAverageSet`.
    #[codec(index = 24)]
    BondsMovingAverageSet(NetUid, u64),
    /// `BondsPenaltySet`.
    #[codec(index = 25)]
    BondsPenaltySet(NetUid, u16),
    /// `BondsResetOnSet`.
    #[codec(index = 26)]
    BondsResetOnSet(NetUid, bool),
    /// `MaxAllowedValidatorsSet`.
    #[codec(index = 27)]
    MaxAllowedValidatorsSet(NetUid, u16),
    /// `AxonServed`.
    #[codec(index = 28)]
    AxonServed(NetUid, AccountId),
    /// `PrometheusServed`.
    #[codec(index = 29)]
    PrometheusServed(NetUid, AccountId),
    /// `DelegateAdded`.
    #[codec(index = 30)]
    DelegateAdded(AccountId, AccountId, u16),
    /// `DefaultTakeSet`.
    #[codec(index = 31)]
    DefaultTakeSet(u16),
    /// `WeightsVersionKeySet`.
    #[codec(index = 32)]
    WeightsVersionKeySet(NetUid, u64),
    /// `MinDifficultySet`.
    #[codec(index = 33)]
    MinDifficultySet(NetUid, u64),
    /// `MaxDifficultySet`.
    #[codec(index = 34)]
    MaxDifficultySet(NetUid, u64),
    /// `ServingRateLimitSet`.
    #[codec(index = 35)]
    ServingRateLimitSet(NetUid, u64),
    /// `BurnSet`.
    #[codec(index = 36)]
    BurnSet(NetUid, Rao),
    /// `MaxBurnSet`.
    #[codec(index = 37)]
    MaxBurnSet(NetUid, Rao),
    /// `MinBurnSet`.
    #[codec(index = 38)]
    MinBurnSet(NetUid, Rao),
    /// `MaxEpochsPerBlockSet`.
    #[codec(index = 39)]
    MaxEpochsPerBlockSet(u8),
    /// `TxRateLimitSet`.
    #[codec(index = 40)]
    TxRateLimitSet(u64),
    /// `TxDelegateTakeRateLimitSet`.
    #[codec(index = 41)]
    TxDelegateTakeRateLimitSet(u64),
    /// `TxChildKeyTakeRateLimitSet`.
    #[codec(index = 42)]
    TxChildKeyTakeRateLimitSet(u64),
    /// `AdminFreezeWindowSet`.
    #[codec(index = 43)]
    AdminFreezeWindowSet(u16),
    /// `OwnerHyperparamRateLimitSet`.
    #[codec(index = 44)]
    OwnerHyperparamRateLimitSet(u16),
    /// `MinChildKeyTakeSet`.
    #[codec(index = 45)]
    MinChildKeyTakeSet(u16),
    /// `MinChildKeyTakePerSubnetSet`.
    #[codec(index = 46)]
    MinChildKeyTakePerSubnetSet(NetUid, u16),
    /// `MaxChildKeyTakeSet`.
    #[codec(index = 47)]
    MaxChildKeyTakeSet(u16),
    /// `ChildKeyTakeSet`.
    #[codec(index = 48)]
    ChildKeyTakeSet(AccountId, u16),
    /// `Sudid`.
    #[codec(index = 49)]
    Sudid(DispatchOutcome),
    /// `RegistrationAllowed`.
    #[codec(index = 50)]
    RegistrationAllowed(NetUid, bool),
    /// `PowRegistrationAllowed`.
    #[codec(index = 51)]
    PowRegistrationAllowed(NetUid, bool),
    /// `TempoSet`.
    #[codec(index = 52)]
    TempoSet(NetUid, u16),
    /// `RAORecycledForRegistrationSet`.
    #[codec(index = 53)]
    RAORecycledForRegistrationSet(NetUid, Rao),
    /// `StakeThresholdSet`.
    #[codec(index = 54)]
    StakeThresholdSet(u64),
    /// `AdjustmentAlphaSet`.
    #[codec(index = 55)]
    AdjustmentAlphaSet(NetUid, u64),
    /// `Faucet`.
    #[codec(index = 56)]
    Faucet(AccountId, u64),
    /// `SubnetOwnerCutSet`.
    #[codec(index = 57)]
    SubnetOwnerCutSet(u16),
    /// `NetworkRateLimitSet`.
    #[codec(index = 58)]
    NetworkRateLimitSet(u64),
    /// `NetworkImmunityPeriodSet`.
    #[codec(index = 59)]
    NetworkImmunityPeriodSet(u64),
    /// `StartCallDelaySet`.
    #[codec(index = 60)]
    StartCallDelaySet(u64),
    /// `NetworkMinLockCostSet`.
    #[codec(index = 61)]
    NetworkMinLockCostSet(Rao),
    /// `SubnetLimitSet`.
    #[codec(index = 62)]
    SubnetLimitSet(u16),
    /// `NetworkLockCostReductionIntervalSet`.
    #[codec(index = 63)]
    NetworkLockCostReductionIntervalSet(u64),
    /// `TakeDecreased`.
    #[codec(index = 64)]
    TakeDecreased(AccountId, AccountId, u16),
    /// `TakeIncreased`.
    #[codec(index = 65)]
    TakeIncreased(AccountId, AccountId, u16),
    /// `HotkeySwapped`.
    #[codec(index = 66)]
    HotkeySwapped {
        /// The coldkey.
        coldkey: AccountId,
        /// Old hotkey.
        old_hotkey: AccountId,
        /// New hotkey.
        new_hotkey: AccountId,
    },
    /// `MaxDelegateTakeSet`.
    #[codec(index = 67)]
    MaxDelegateTakeSet(u16),
    /// `MinDelegateTakeSet`.
    #[codec(index = 68)]
    MinDelegateTakeSet(u16),
    /// `ColdkeySwapAnnounced`.
    #[codec(index = 69)]
    ColdkeySwapAnnounced {
        /// Who.
        who: AccountId,
        /// New coldkey hash.
        #[serde(with = "crate::types::hex_bytes")]
        new_coldkey_hash: [u8; 32],
    },
    /// `ColdkeySwapReset`.
    #[codec(index = 70)]
    ColdkeySwapReset {
        /// Who.
        who: AccountId,
    },
    /// `ColdkeySwapped`.
    #[codec(index = 71)]
    ColdkeySwapped {
        /// Old coldkey.
        old_coldkey: AccountId,
        /// New coldkey.
        new_coldkey: AccountId,
    },
    /// `ColdkeySwapDisputed`.
    #[codec(index = 72)]
    ColdkeySwapDisputed {
        /// The coldkey.
        coldkey: AccountId,
    },
    /// `AllBalanceUnstakedAndTransferredToNewColdkey`.
    #[codec(index = 73)]
    AllBalanceUnstakedAndTransferredToNewColdkey {
        /// Current coldkey.
        current_coldkey: AccountId,
        /// New coldkey.
        new_coldkey: AccountId,
        /// Total balance.
        total_balance: Rao,
    },
    /// `ArbitrationPeriodExtended`.
    #[codec(index = 74)]
    ArbitrationPeriodExtended {
        /// The coldkey.
        coldkey: AccountId,
    },
    /// `SetChildrenScheduled`.
    #[codec(index = 75)]
    SetChildrenScheduled(AccountId, NetUid, u64, Vec<(u64, AccountId)>),
    /// `SetChildren`.
    #[codec(index = 76)]
    SetChildren(AccountId, NetUid, Vec<(u64, AccountId)>),
    /// `ChainIdentitySet`.
    #[codec(index = 77)]
    ChainIdentitySet(AccountId),
    /// `SubnetIdentitySet`.
    #[codec(index = 78)]
    SubnetIdentitySet(NetUid),
    /// `SubnetIdentityRemoved`.
    #[codec(index = 79)]
    SubnetIdentityRemoved(NetUid),
    /// `DissolveNetworkScheduled`.
    #[codec(index = 80)]
    DissolveNetworkScheduled {
        /// Account.
        account: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Execution block.
        execution_block: u32,
    },
    /// `ColdkeySwapAnnouncementDelaySet`.
    #[codec(index = 81)]
    ColdkeySwapAnnouncementDelaySet(u32),
    /// `ColdkeySwapReannouncementDelaySet`.
    #[codec(index = 82)]
    ColdkeySwapReannouncementDelaySet(u32),
    /// `DissolveNetworkScheduleDurationSet`.
    #[codec(index = 83)]
    DissolveNetworkScheduleDurationSet(u32),
    /// `CRV3WeightsCommitted`.
    #[codec(index = 84)]
    CRV3WeightsCommitted(AccountId, NetUidStorageIndex, #[serde(with = "crate::types::hex_bytes")] [u8; 32]),
    /// `WeightsCommitted`.
    #[codec(index = 85)]
    WeightsCommitted(AccountId, NetUidStorageIndex, #[serde(with = "crate::types::hex_bytes")] [u8; 32]),
    /// `WeightsRevealed`.
    #[codec(index = 86)]
    WeightsRevealed(AccountId, NetUidStorageIndex, #[serde(with = "crate::types::hex_bytes")] [u8; 32]),
    /// `WeightsBatchRevealed`.
    #[codec(index = 87)]
    WeightsBatchRevealed(AccountId, NetUid, Vec<[u8; 32]>),
    /// `BatchWeightsCompleted`.
    #[codec(index = 88)]
    BatchWeightsCompleted(Vec<Packed<NetUid>>, AccountId),
    /// `BatchCompletedWithErrors`.
    #[codec(index = 89)]
    BatchCompletedWithErrors,
    /// `BatchWeightItemFailed`.
    #[codec(index = 90)]
    BatchWeightItemFailed(NetUid, DispatchError),
    /// `StakeTransferred`.
    #[codec(index = 91)]
    StakeTransferred(AccountId, AccountId, AccountId, NetUid, NetUid, Rao),
    /// `StakeSwapped`.
    #[codec(index = 92)]
    StakeSwapped(AccountId, AccountId, NetUid, NetUid, Rao),
    /// `TransferToggle`.
    #[codec(index = 93)]
    TransferToggle(NetUid, bool),
    /// `SubnetOwnerHotkeySet`.
    #[codec(index = 94)]
    SubnetOwnerHotkeySet(NetUid, AccountId),
    /// `FirstEmissionBlockNumberSet`.
    #[codec(index = 95)]
    FirstEmissionBlockNumberSet(NetUid, u64),
    /// `AlphaRecycled`.
    #[codec(index = 96)]
    AlphaRecycled(AccountId, AccountId, AlphaRao, NetUid),
    /// `AlphaBurned`.
    #[codec(index = 97)]
    AlphaBurned(AccountId, AccountId, AlphaRao, NetUid),
    /// `EvmKeyAssociated`.
    #[codec(index = 98)]
    EvmKeyAssociated {
        /// The subnet.
        netuid: NetUid,
        /// The hotkey.
        hotkey: AccountId,
        /// Evm key.
        evm_key: [u8; 20],
        /// Block associated.
        block_associated: u64,
    },
    /// `CRV3WeightsRevealed`.
    #[codec(index = 99)]
    CRV3WeightsRevealed(NetUid, AccountId),
    /// `CommitRevealPeriodsSet`.
    #[codec(index = 100)]
    CommitRevealPeriodsSet(NetUid, u64),
    /// `CommitRevealEnabled`.
    #[codec(index = 101)]
    CommitRevealEnabled(NetUid, bool),
    /// `HotkeySwappedOnSubnet`.
    #[codec(index = 102)]
    HotkeySwappedOnSubnet {
        /// The coldkey.
        coldkey: AccountId,
        /// Old hotkey.
        old_hotkey: AccountId,
        /// New hotkey.
        new_hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
    },
    /// `SubnetLeaseCreated`.
    #[codec(index = 103)]
    SubnetLeaseCreated {
        /// Beneficiary.
        beneficiary: AccountId,
        /// Lease id.
        lease_id: u32,
        /// The subnet.
        netuid: NetUid,
        /// End block.
        end_block: Option<u32>,
    },
    /// `SubnetLeaseTerminated`.
    #[codec(index = 104)]
    SubnetLeaseTerminated {
        /// Beneficiary.
        beneficiary: AccountId,
        /// The subnet.
        netuid: NetUid,
    },
    /// `SymbolUpdated`.
    #[codec(index = 105)]
    SymbolUpdated {
        /// The subnet.
        netuid: NetUid,
        /// Symbol.
        #[serde(with = "crate::types::hex_bytes")]
        symbol: Vec<u8>,
    },
    /// `CommitRevealVersionSet`.
    #[codec(index = 106)]
    CommitRevealVersionSet(u16),
    /// `TimelockedWeightsCommitted`.
    #[codec(index = 107)]
    TimelockedWeightsCommitted(
        AccountId,
        NetUidStorageIndex,
        #[serde(with = "crate::types::hex_bytes")] [u8; 32],
        u64,
    ),
    /// `TimelockedWeightsRevealed`.
    #[codec(index = 108)]
    TimelockedWeightsRevealed(NetUidStorageIndex, AccountId),
    /// `AutoStakeAdded`.
    #[codec(index = 109)]
    AutoStakeAdded {
        /// The subnet.
        netuid: NetUid,
        /// Destination.
        destination: AccountId,
        /// The hotkey.
        hotkey: AccountId,
        /// Owner.
        owner: AccountId,
        /// Incentive.
        incentive: AlphaRao,
    },
    /// `IncentiveAlphaEmittedToMiners`.
    #[codec(index = 110)]
    IncentiveAlphaEmittedToMiners {
        /// The subnet.
        netuid: NetUidStorageIndex,
        /// Emissions.
        emissions: Vec<AlphaRao>,
    },
    /// `MinAllowedUidsSet`.
    #[codec(index = 111)]
    MinAllowedUidsSet(NetUid, u16),
    /// `AutoStakeDestinationSet`.
    #[codec(index = 112)]
    AutoStakeDestinationSet {
        /// The coldkey.
        coldkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// The hotkey.
        hotkey: AccountId,
    },
    /// `MinNonImmuneUidsSet`.
    #[codec(index = 113)]
    MinNonImmuneUidsSet(NetUid, u16),
    /// `RootClaimed`.
    #[codec(index = 114)]
    RootClaimed {
        /// The coldkey.
        coldkey: AccountId,
    },
    /// `RootClaimTypeSet`.
    #[codec(index = 115)]
    RootClaimTypeSet {
        /// The coldkey.
        coldkey: AccountId,
        /// Root claim type.
        root_claim_type: RootClaimTypeEnum,
    },
    /// `VotingPowerTrackingEnabled`.
    #[codec(index = 116)]
    VotingPowerTrackingEnabled {
        /// The subnet.
        netuid: NetUid,
    },
    /// `VotingPowerTrackingDisableScheduled`.
    #[codec(index = 117)]
    VotingPowerTrackingDisableScheduled {
        /// The subnet.
        netuid: NetUid,
        /// Disable at block.
        disable_at_block: u64,
    },
    /// `VotingPowerTrackingDisabled`.
    #[codec(index = 118)]
    VotingPowerTrackingDisabled {
        /// The subnet.
        netuid: NetUid,
    },
    /// `VotingPowerEmaAlphaSet`.
    #[codec(index = 119)]
    VotingPowerEmaAlphaSet {
        /// The subnet.
        netuid: NetUid,
        /// Alpha.
        alpha: u64,
    },
    /// `SubnetLeaseDividendsDistributed`.
    #[codec(index = 120)]
    SubnetLeaseDividendsDistributed {
        /// Lease id.
        lease_id: u32,
        /// Contributor.
        contributor: AccountId,
        /// Alpha.
        alpha: AlphaRao,
    },
    /// `AddStakeBurn`.
    #[codec(index = 121)]
    AddStakeBurn {
        /// The subnet.
        netuid: NetUid,
        /// The hotkey.
        hotkey: AccountId,
        /// Amount.
        amount: Rao,
        /// Alpha.
        alpha: AlphaRao,
    },
    /// `ColdkeySwapCleared`.
    #[codec(index = 122)]
    ColdkeySwapCleared {
        /// Who.
        who: AccountId,
    },
    /// `TransactionFeePaidWithAlpha`.
    #[codec(index = 123)]
    TransactionFeePaidWithAlpha {
        /// Who.
        who: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Alpha fee.
        alpha_fee: AlphaRao,
        /// Tao amount.
        tao_amount: Rao,
    },
    /// `BurnHalfLifeSet`.
    #[codec(index = 124)]
    BurnHalfLifeSet {
        /// The subnet.
        netuid: NetUid,
        /// Burn half life.
        burn_half_life: u16,
    },
    /// `BurnIncreaseMultSet`.
    #[codec(index = 125)]
    BurnIncreaseMultSet {
        /// The subnet.
        netuid: NetUid,
        /// Burn increase mult.
        burn_increase_mult: U64F64,
    },
    /// `AutoParentDelegationEnabledSet`.
    #[codec(index = 126)]
    AutoParentDelegationEnabledSet {
        /// The hotkey.
        hotkey: AccountId,
        /// Enabled.
        enabled: bool,
    },
    /// `StakeLocked`.
    #[codec(index = 127)]
    StakeLocked {
        /// The coldkey.
        coldkey: AccountId,
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Amount.
        amount: AlphaRao,
    },
    /// `StakeUnlocked`.
    #[codec(index = 128)]
    StakeUnlocked {
        /// The coldkey.
        coldkey: AccountId,
        /// The hotkey.
        hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Amount.
        amount: AlphaRao,
    },
    /// `LockMoved`.
    #[codec(index = 129)]
    LockMoved {
        /// The coldkey.
        coldkey: AccountId,
        /// Hotkey it leaves.
        origin_hotkey: AccountId,
        /// Hotkey it enters.
        destination_hotkey: AccountId,
        /// The subnet.
        netuid: NetUid,
    },
    /// `ActivityCutoffFactorMilliSet`.
    #[codec(index = 130)]
    ActivityCutoffFactorMilliSet {
        /// The subnet.
        netuid: NetUid,
        /// Factor milli.
        factor_milli: u32,
    },
    /// `EpochTriggered`.
    #[codec(index = 131)]
    EpochTriggered {
        /// The subnet.
        netuid: NetUid,
        /// By.
        by: AccountId,
        /// Fires at.
        fires_at: u64,
    },
    /// `EpochDeferred`.
    #[codec(index = 132)]
    EpochDeferred {
        /// The subnet.
        netuid: NetUid,
        /// From block.
        from_block: u64,
        /// To block.
        to_block: u64,
    },
    /// `EpochSkipped`.
    #[codec(index = 133)]
    EpochSkipped {
        /// The subnet.
        netuid: NetUid,
        /// Block.
        block: u64,
    },
    /// `SubnetOwnerChanged`.
    #[codec(index = 134)]
    SubnetOwnerChanged {
        /// The subnet.
        netuid: NetUid,
        /// Old coldkey.
        old_coldkey: AccountId,
        /// New coldkey.
        new_coldkey: AccountId,
    },
    /// `PerpetualLockUpdated`.
    #[codec(index = 135)]
    PerpetualLockUpdated {
        /// The coldkey.
        coldkey: AccountId,
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `RejectLockedAlphaUpdated`.
    #[codec(index = 136)]
    RejectLockedAlphaUpdated {
        /// The coldkey.
        coldkey: AccountId,
        /// Enabled.
        enabled: bool,
    },
}

/// An event of the `AdminUtils` pallet (19).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum AdminUtilsEvent {
    /// `PrecompileUpdated`.
    #[codec(index = 0)]
    PrecompileUpdated {
        /// Which.
        precompile_id: PrecompileEnum,
        /// Enabled.
        enabled: bool,
    },
    /// `Yuma3EnableToggled`.
    #[codec(index = 1)]
    Yuma3EnableToggled {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `BondsResetToggled`.
    #[codec(index = 2)]
    BondsResetToggled {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
    /// `BurnHalfLifeSet`.
    #[codec(index = 3)]
    BurnHalfLifeSet {
        /// The subnet.
        netuid: NetUid,
        /// Burn half life.
        burn_half_life: u16,
    },
    /// `BurnIncreaseMultSet`.
    #[codec(index = 4)]
    BurnIncreaseMultSet {
        /// The subnet.
        netuid: NetUid,
        /// Burn increase mult.
        burn_increase_mult: U64F64,
    },
    /// `SubnetEmissionEnabledSet`.
    #[codec(index = 5)]
    SubnetEmissionEnabledSet {
        /// The subnet.
        netuid: NetUid,
        /// Enabled.
        enabled: bool,
    },
}

/// An event of the `Swap` pallet (28).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum SwapEvent {
    /// `FeeRateSet`.
    #[codec(index = 0)]
    FeeRateSet {
        /// The subnet.
        netuid: NetUid,
        /// Rate.
        rate: u16,
    },
}

/// An event of the `Commitments` pallet (18).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum CommitmentsEvent {
    /// `Commitment`.
    #[codec(index = 0)]
    Commitment {
        /// The subnet.
        netuid: NetUid,
        /// Who.
        who: AccountId,
    },
    /// `TimelockCommitment`.
    #[codec(index = 1)]
    TimelockCommitment {
        /// The subnet.
        netuid: NetUid,
        /// Who.
        who: AccountId,
        /// The round of the first timelocked field.
        reveal_round: u64,
    },
    /// `CommitmentRevealed`.
    #[codec(index = 2)]
    CommitmentRevealed {
        /// The subnet.
        netuid: NetUid,
        /// Who.
        who: AccountId,
    },
}

/// An event of the `Drand` pallet (26).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum DrandEvent {
    /// `BeaconConfigChanged`.
    #[codec(index = 0)]
    BeaconConfigChanged,
    /// `NewPulse`.
    #[codec(index = 1)]
    NewPulse {
        /// The rounds.
        rounds: Vec<u64>,
    },
    /// `SetOldestStoredRound`.
    #[codec(index = 2)]
    SetOldestStoredRound(u64),
}

/// An event of the `Proxy` pallet (16).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum ProxyEvent {
    /// `ProxyExecuted`.
    #[codec(index = 0)]
    ProxyExecuted {
        /// What became of the call; the extrinsic itself succeeds either way.
        result: DispatchOutcome,
    },
    /// `PureCreated`.
    #[codec(index = 1)]
    PureCreated {
        /// The account.
        pure: AccountId,
        /// Its proxy.
        who: AccountId,
        /// For what.
        proxy_type: ProxyType,
        /// Index given by its proxy.
        disambiguation_index: u16,
    },
    /// `PureKilled`.
    #[codec(index = 2)]
    PureKilled {
        /// The account.
        pure: AccountId,
        /// Who made it.
        spawner: AccountId,
        /// For what.
        proxy_type: ProxyType,
        /// Index given by who made it.
        disambiguation_index: u16,
    },
    /// `Announced`.
    #[codec(index = 3)]
    Announced {
        /// In whose name.
        real: AccountId,
        /// By whom.
        proxy: AccountId,
        /// Hash of the call.
        #[serde(with = "crate::types::hex_bytes")]
        call_hash: [u8; 32],
    },
    /// `ProxyAdded`.
    #[codec(index = 4)]
    ProxyAdded {
        /// The real account.
        delegator: AccountId,
        /// Its proxy.
        delegatee: AccountId,
        /// For what.
        proxy_type: ProxyType,
        /// Blocks.
        delay: u32,
    },
    /// `ProxyRemoved`.
    #[codec(index = 5)]
    ProxyRemoved {
        /// The real account.
        delegator: AccountId,
        /// Its proxy.
        delegatee: AccountId,
        /// For what.
        proxy_type: ProxyType,
        /// Blocks.
        delay: u32,
    },
    /// `DepositPoked`.
    #[codec(index = 6)]
    DepositPoked {
        /// Whose.
        who: AccountId,
        /// Which.
        kind: DepositKind,
        /// Before.
        old_deposit: Rao,
        /// Now.
        new_deposit: Rao,
    },
    /// `RealPaysFeeSet`.
    #[codec(index = 7)]
    RealPaysFeeSet {
        /// Who pays, or no longer does.
        real: AccountId,
        /// For which proxy.
        delegate: AccountId,
        /// Whether.
        pays_fee: bool,
    },
}

/// An event of the `Multisig` pallet (13).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum MultisigEvent {
    /// `NewMultisig`.
    #[codec(index = 0)]
    NewMultisig {
        /// The first to approve.
        approving: AccountId,
        /// The account of all signatories.
        multisig: AccountId,
        /// Hash of the call.
        #[serde(with = "crate::types::hex_bytes")]
        call_hash: [u8; 32],
    },
    /// `MultisigApproval`.
    #[codec(index = 1)]
    MultisigApproval {
        /// Who approves.
        approving: AccountId,
        /// The first approval.
        timepoint: Timepoint,
        /// The account of all signatories.
        multisig: AccountId,
        /// Hash of the call.
        #[serde(with = "crate::types::hex_bytes")]
        call_hash: [u8; 32],
    },
    /// `MultisigExecuted`.
    #[codec(index = 2)]
    MultisigExecuted {
        /// The last to approve.
        approving: AccountId,
        /// The first approval.
        timepoint: Timepoint,
        /// The account of all signatories.
        multisig: AccountId,
        /// Hash of the call.
        #[serde(with = "crate::types::hex_bytes")]
        call_hash: [u8; 32],
        /// What became of the call; the extrinsic itself succeeds either way.
        result: DispatchOutcome,
    },
    /// `MultisigCancelled`.
    #[codec(index = 3)]
    MultisigCancelled {
        /// Who takes the call back.
        cancelling: AccountId,
        /// The first approval.
        timepoint: Timepoint,
        /// The account of all signatories.
        multisig: AccountId,
        /// Hash of the call.
        #[serde(with = "crate::types::hex_bytes")]
        call_hash: [u8; 32],
    },
    /// `DepositPoked`.
    #[codec(index = 4)]
    DepositPoked {
        /// Whose.
        who: AccountId,
        /// Hash of the call.
        #[serde(with = "crate::types::hex_bytes")]
        call_hash: [u8; 32],
        /// Before.
        old_deposit: Rao,
        /// Now.
        new_deposit: Rao,
    },
}

/// An event of the `Crowdloan` pallet (27).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum CrowdloanEvent {
    /// `Created`.
    #[codec(index = 0)]
    Created {
        /// The crowdloan.
        crowdloan_id: u32,
        /// Account that opened it.
        creator: AccountId,
        /// Block from which contributions are refused.
        end: u32,
        /// Sum to be raised.
        cap: Rao,
    },
    /// `Contributed`.
    #[codec(index = 1)]
    Contributed {
        /// The crowdloan.
        crowdloan_id: u32,
        /// Account that gave.
        contributor: AccountId,
        /// How much.
        amount: Rao,
    },
    /// `Withdrew`.
    #[codec(index = 2)]
    Withdrew {
        /// The crowdloan.
        crowdloan_id: u32,
        /// Account that took back.
        contributor: AccountId,
        /// How much.
        amount: Rao,
    },
    /// `PartiallyRefunded`.
    #[codec(index = 3)]
    PartiallyRefunded {
        /// The crowdloan.
        crowdloan_id: u32,
    },
    /// `AllRefunded`.
    #[codec(index = 4)]
    AllRefunded {
        /// The crowdloan.
        crowdloan_id: u32,
    },
    /// `Finalized`.
    #[codec(index = 5)]
    Finalized {
        /// The crowdloan.
        crowdloan_id: u32,
    },
    /// `Dissolved`.
    #[codec(index = 6)]
    Dissolved {
        /// The crowdloan.
        crowdloan_id: u32,
    },
    /// `MinContributionUpdated`.
    #[codec(index = 7)]
    MinContributionUpdated {
        /// The crowdloan.
        crowdloan_id: u32,
        /// Least contribution from now on.
        new_min_contribution: Rao,
    },
    /// `EndUpdated`.
    #[codec(index = 8)]
    EndUpdated {
        /// The crowdloan.
        crowdloan_id: u32,
        /// Block from which contributions are refused.
        new_end: u32,
    },
    /// `CapUpdated`.
    #[codec(index = 9)]
    CapUpdated {
        /// The crowdloan.
        crowdloan_id: u32,
        /// Sum to be raised.
        new_cap: Rao,
    },
    /// `MaxContributionUpdated`.
    #[codec(index = 10)]
    MaxContributionUpdated {
        /// The crowdloan.
        crowdloan_id: u32,
        /// The most that one account may contribute.
        new_max_contribution: Option<Rao>,
    },
}
