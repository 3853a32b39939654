//! Errors of the pallets in index order, by the chain's names.
//!
//! **Source**: spec/tables/errors.md.

use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// An error of the `SubtensorModule` pallet (7).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
pub enum SubtensorModuleError {
    /// `RootNetworkDoesNotExist`.
    #[codec(index = 0)]
    RootNetworkDoesNotExist,
    /// `InvalidIpType`.
    #[codec(index = 1)]
    InvalidIpType,
    /// `InvalidIpAddress`.
    #[codec(index = 2)]
    InvalidIpAddress,
    /// `InvalidPort`.
    #[codec(index = 3)]
    InvalidPort,
    /// `HotKeyNotRegisteredInSubNet`.
    #[codec(index = 4)]
    HotKeyNotRegisteredInSubNet,
    /// `HotKeyAccountNotExists`.
    #[codec(index = 5)]
    HotKeyAccountNotExists,
    /// `HotKeyNotRegisteredInNetwork`.
    #[codec(index = 6)]
    HotKeyNotRegisteredInNetwork,
    /// `NonAssociatedColdKey`.
    #[codec(index = 7)]
    NonAssociatedColdKey,
    /// `NotEnoughStake`.
    #[codec(index = 8)]
    NotEnoughStake,
    /// `NotEnoughStakeToWithdraw`.
    #[codec(index = 9)]
    NotEnoughStakeToWithdraw,
    /// `NotEnoughStakeToSetWeights`.
    #[codec(index = 10)]
    NotEnoughStakeToSetWeights,
    /// `NotEnoughStakeToSetChildkeys`.
    #[codec(index = 11)]
    NotEnoughStakeToSetChildkeys,
    /// `NotEnoughBalanceToStake`.
    #[codec(index = 12)]
    NotEnoughBalanceToStake,
    /// `BalanceWithdrawalError`.
    #[codec(index = 13)]
    BalanceWithdrawalError,
    /// `ZeroBalanceAfterWithdrawn`.
    #[codec(index = 14)]
    ZeroBalanceAfterWithdrawn,
    /// `NeuronNoValidatorPermit`.
    #[codec(index = 15)]
    NeuronNoValidatorPermit,
    /// `WeightVecNotEqualSize`.
    #[codec(index = 16)]
    WeightVecNotEqualSize,
    /// `DuplicateUids`.
    #[codec(index = 17)]
    DuplicateUids,
    /// `UidVecContainInvalidOne`.
    #[codec(index = 18)]
    UidVecContainInvalidOne,
    /// `WeightVecLengthIsLow`.
    #[codec(index = 19)]
    WeightVecLengthIsLow,
    /// `TooManyRegistrationsThisBlock`.
    #[codec(index = 20)]
    TooManyRegistrationsThisBlock,
    /// `HotKeyAlreadyRegisteredInSubNet`.
    #[codec(index = 21)]
    HotKeyAlreadyRegisteredInSubNet,
    /// `NewHotKeyIsSameWithOld`.
    #[codec(index = 22)]
    NewHotKeyIsSameWithOld,
    /// `NewHotKeyNotCleanForRootSwap`.
    #[codec(index = 23)]
    NewHotKeyNotCleanForRootSwap,
    /// `InvalidWorkBlock`.
    #[codec(index = 24)]
    InvalidWorkBlock,
    /// `InvalidDifficulty`.
    #[codec(index = 25)]
    InvalidDifficulty,
    /// `InvalidSeal`.
    #[codec(index = 26)]
    InvalidSeal,
    /// `MaxWeightExceeded`.
    #[codec(index = 27)]
    MaxWeightExceeded,
    /// `HotKeyAlreadyDelegate`.
    #[codec(index = 28)]
    HotKeyAlreadyDelegate,
    /// `SettingWeightsTooFast`.
    #[codec(index = 29)]
    SettingWeightsTooFast,
    /// `IncorrectWeightVersionKey`.
    #[codec(index = 30)]
    IncorrectWeightVersionKey,
    /// `ServingRateLimitExceeded`.
    #[codec(index = 31)]
    ServingRateLimitExceeded,
    /// `UidsLengthExceedUidsInSubNet`.
    #[codec(index = 32)]
    UidsLengthExceedUidsInSubNet,
    /// `NetworkTxRateLimitExceeded`.
    #[codec(index = 33)]
    NetworkTxRateLimitExceeded,
    /// `DelegateTxRateLimitExceeded`.
    #[codec(index = 34)]
    DelegateTxRateLimitExceeded,
    /// `HotKeySetTxRateLimitExceeded`.
    #[codec(index = 35)]
    HotKeySetTxRateLimitExceeded,
    /// `StakingRateLimitExceeded`.
    #[codec(index = 36)]
    StakingRateLimitExceeded,
    /// `SubNetRegistrationDisabled`.
    #[codec(index = 37)]
    SubNetRegistrationDisabled,
    /// `TooManyRegistrationsThisInterval`.
    #[codec(index = 38)]
    TooManyRegistrationsThisInterval,
    /// `TransactorAccountShouldBeHotKey`.
    #[codec(index = 39)]
    TransactorAccountShouldBeHotKey,
    /// `FaucetDisabled`.
    #[codec(index = 40)]
    FaucetDisabled,
    /// `NotSubnetOwner`.
    #[codec(index = 41)]
    NotSubnetOwner,
    /// `RegistrationNotPermittedOnRootSubnet`.
    #[codec(index = 42)]
    RegistrationNotPermittedOnRootSubnet,
    /// `StakeTooLowForRoot`.
    #[codec(index = 43)]
    StakeTooLowForRoot,
    /// `AllNetworksInImmunity`.
    #[codec(index = 44)]
    AllNetworksInImmunity,
    /// `NotEnoughBalanceToPaySwapHotKey`.
    #[codec(index = 45)]
    NotEnoughBalanceToPaySwapHotKey,
    /// `NotRootSubnet`.
    #[codec(index = 46)]
    NotRootSubnet,
    /// `CanNotSetRootNetworkWeights`.
    #[codec(index = 47)]
    CanNotSetRootNetworkWeights,
    /// `NoNeuronIdAvailable`.
    #[codec(index = 48)]
    NoNeuronIdAvailable,
    /// `DelegateTakeTooLow`.
    #[codec(index = 49)]
    DelegateTakeTooLow,
    /// `DelegateTakeTooHigh`.
    #[codec(index = 50)]
    DelegateTakeTooHigh,
    /// `NoWeightsCommitFound`.
    #[codec(index = 51)]
    NoWeightsCommitFound,
    /// `InvalidRevealCommitHashNotMatch`.
    #[codec(index = 52)]
    InvalidRevealCommitHashNotMatch,
    /// `CommitRevealEnabled`.
    #[codec(index = 53)]
    CommitRevealEnabled,
    /// `CommitRevealDisabled`.
    #[codec(index = 54)]
    CommitRevealDisabled,
    /// `LiquidAlphaDisabled`.
    #[codec(index = 55)]
    LiquidAlphaDisabled,
    /// `AlphaHighTooLow`.
    #[codec(index = 56)]
    AlphaHighTooLow,
    /// `AlphaLowOutOfRange`.
    #[codec(index = 57)]
    AlphaLowOutOfRange,
    /// `ColdKeyAlreadyAssociated`.
    #[codec(index = 58)]
    ColdKeyAlreadyAssociated,
    /// `NotEnoughBalanceToPaySwapColdKey`.
    #[codec(index = 59)]
    NotEnoughBalanceToPaySwapColdKey,
    /// `InvalidChild`.
    #[codec(index = 60)]
    InvalidChild,
    /// `DuplicateChild`.
    #[codec(index = 61)]
    DuplicateChild,
    /// `ProportionOverflow`.
    #[codec(index = 62)]
    ProportionOverflow,
    /// `TooManyChildren`.
    #[codec(index = 63)]
    TooManyChildren,
    /// `TxRateLimitExceeded`.
    #[codec(index = 64)]
    TxRateLimitExceeded,
    /// `ColdkeySwapAnnouncementNotFound`.
    #[codec(index = 65)]
    ColdkeySwapAnnouncementNotFound,
    /// `ColdkeySwapTooEarly`.
    #[codec(index = 66)]
    ColdkeySwapTooEarly,
    /// `ColdkeySwapReannouncedTooEarly`.
    #[codec(index = 67)]
    ColdkeySwapReannouncedTooEarly,
    /// `AnnouncedColdkeyHashDoesNotMatch`.
    #[codec(index = 68)]
    AnnouncedColdkeyHashDoesNotMatch,
    /// `ColdkeySwapAlreadyDisputed`.
    #[codec(index = 69)]
    ColdkeySwapAlreadyDisputed,
    /// `NewColdKeyIsHotkey`.
    #[codec(index = 70)]
    NewColdKeyIsHotkey,
    /// `InvalidChildkeyTake`.
    #[codec(index = 71)]
    InvalidChildkeyTake,
    /// `TxChildkeyTakeRateLimitExceeded`.
    #[codec(index = 72)]
    TxChildkeyTakeRateLimitExceeded,
    /// `InvalidIdentity`.
    #[codec(index = 73)]
    InvalidIdentity,
    /// `MechanismDoesNotExist`.
    #[codec(index = 74)]
    MechanismDoesNotExist,
    /// `StakeUnavailable`.
    #[codec(index = 75)]
    StakeUnavailable,
    /// `SubnetNotExists`.
    #[codec(index = 76)]
    SubnetNotExists,
    /// `TooManyUnrevealedCommits`.
    #[codec(index = 77)]
    TooManyUnrevealedCommits,
    /// `ExpiredWeightCommit`.
    #[codec(index = 78)]
    ExpiredWeightCommit,
    /// `RevealTooEarly`.
    #[codec(index = 79)]
    RevealTooEarly,
    /// `InputLengthsUnequal`.
    #[codec(index = 80)]
    InputLengthsUnequal,
    /// `CommittingWeightsTooFast`.
    #[codec(index = 81)]
    CommittingWeightsTooFast,
    /// `AmountTooLow`.
    #[codec(index = 82)]
    AmountTooLow,
    /// `InsufficientLiquidity`.
    #[codec(index = 83)]
    InsufficientLiquidity,
    /// `SlippageTooHigh`.
    #[codec(index = 84)]
    SlippageTooHigh,
    /// `TransferDisallowed`.
    #[codec(index = 85)]
    TransferDisallowed,
    /// `ActivityCutoffTooLow`.
    #[codec(index = 86)]
    ActivityCutoffTooLow,
    /// `CallDisabled`.
    #[codec(index = 87)]
    CallDisabled,
    /// `FirstEmissionBlockNumberAlreadySet`.
    #[codec(index = 88)]
    FirstEmissionBlockNumberAlreadySet,
    /// `NeedWaitingMoreBlocksToStarCall`.
    #[codec(index = 89)]
    NeedWaitingMoreBlocksToStarCall,
    /// `NotEnoughAlphaOutToRecycle`.
    #[codec(index = 90)]
    NotEnoughAlphaOutToRecycle,
    /// `CannotBurnOrRecycleOnRootSubnet`.
    #[codec(index = 91)]
    CannotBurnOrRecycleOnRootSubnet,
    /// `UnableToRecoverPublicKey`.
    #[codec(index = 92)]
    UnableToRecoverPublicKey,
    /// `InvalidRecoveredPublicKey`.
    #[codec(index = 93)]
    InvalidRecoveredPublicKey,
    /// `SubtokenDisabled`.
    #[codec(index = 94)]
    SubtokenDisabled,
    /// `HotKeySwapOnSubnetIntervalNotPassed`.
    #[codec(index = 95)]
    HotKeySwapOnSubnetIntervalNotPassed,
    /// `SameNetuid`.
    #[codec(index = 96)]
    SameNetuid,
    /// `InsufficientBalance`.
    #[codec(index = 97)]
    InsufficientBalance,
    /// `InvalidLeaseBeneficiary`.
    #[codec(index = 98)]
    InvalidLeaseBeneficiary,
    /// `LeaseCannotEndInThePast`.
    #[codec(index = 99)]
    LeaseCannotEndInThePast,
    /// `LeaseNetuidNotFound`.
    #[codec(index = 100)]
    LeaseNetuidNotFound,
    /// `LeaseDoesNotExist`.
    #[codec(index = 101)]
    LeaseDoesNotExist,
    /// `LeaseHasNoEndBlock`.
    #[codec(index = 102)]
    LeaseHasNoEndBlock,
    /// `LeaseHasNotEnded`.
    #[codec(index = 103)]
    LeaseHasNotEnded,
    /// `Overflow`.
    #[codec(index = 104)]
    Overflow,
    /// `BeneficiaryDoesNotOwnHotkey`.
    #[codec(index = 105)]
    BeneficiaryDoesNotOwnHotkey,
    /// `ExpectedBeneficiaryOrigin`.
    #[codec(index = 106)]
    ExpectedBeneficiaryOrigin,
    /// `AdminActionProhibitedDuringWeightsWindow`.
    #[codec(index = 107)]
    AdminActionProhibitedDuringWeightsWindow,
    /// `SymbolDoesNotExist`.
    #[codec(index = 108)]
    SymbolDoesNotExist,
    /// `SymbolAlreadyInUse`.
    #[codec(index = 109)]
    SymbolAlreadyInUse,
    /// `IncorrectCommitRevealVersion`.
    #[codec(index = 110)]
    IncorrectCommitRevealVersion,
    /// `InvalidRevealRound`.
    #[codec(index = 111)]
    InvalidRevealRound,
    /// `RevealPeriodTooLarge`.
    #[codec(index = 112)]
    RevealPeriodTooLarge,
    /// `RevealPeriodTooSmall`.
    #[codec(index = 113)]
    RevealPeriodTooSmall,
    /// `InvalidValue`.
    #[codec(index = 114)]
    InvalidValue,
    /// `SubnetLimitReached`.
    #[codec(index = 115)]
    SubnetLimitReached,
    /// `CannotAffordLockCost`.
    #[codec(index = 116)]
    CannotAffordLockCost,
    /// `EvmKeyAssociateRateLimitExceeded`.
    #[codec(index = 117)]
    EvmKeyAssociateRateLimitExceeded,
    /// `SameAutoStakeHotkeyAlreadySet`.
    #[codec(index = 118)]
    SameAutoStakeHotkeyAlreadySet,
    /// `UidMapCouldNotBeCleared`.
    #[codec(index = 119)]
    UidMapCouldNotBeCleared,
    /// `TrimmingWouldExceedMaxImmunePercentage`.
    #[codec(index = 120)]
    TrimmingWouldExceedMaxImmunePercentage,
    /// `ChildParentInconsistency`.
    #[codec(index = 121)]
    ChildParentInconsistency,
    /// `InvalidNumRootClaim`.
    #[codec(index = 122)]
    InvalidNumRootClaim,
    /// `InvalidRootClaimThreshold`.
    #[codec(index = 123)]
    InvalidRootClaimThreshold,
    /// `InvalidSubnetNumber`.
    #[codec(index = 124)]
    InvalidSubnetNumber,
    /// `TooManyUIDsPerMechanism`.
    #[codec(index = 125)]
    TooManyUIDsPerMechanism,
    /// `VotingPowerTrackingNotEnabled`.
    #[codec(index = 126)]
    VotingPowerTrackingNotEnabled,
    /// `InvalidVotingPowerEmaAlpha`.
    #[codec(index = 127)]
    InvalidVotingPowerEmaAlpha,
    /// `Deprecated`.
    #[codec(index = 128)]
    Deprecated,
    /// `AddStakeBurnRateLimitExceeded`.
    #[codec(index = 129)]
    AddStakeBurnRateLimitExceeded,
    /// `ColdkeySwapAnnounced`.
    #[codec(index = 130)]
    ColdkeySwapAnnounced,
    /// `ColdkeySwapDisputed`.
    #[codec(index = 131)]
    ColdkeySwapDisputed,
    /// `ColdkeySwapClearTooEarly`.
    #[codec(index = 132)]
    ColdkeySwapClearTooEarly,
    /// `DisabledTemporarily`.
    #[codec(index = 133)]
    DisabledTemporarily,
    /// `RegistrationPriceLimitExceeded`.
    #[codec(index = 134)]
    RegistrationPriceLimitExceeded,
    /// `LockHotkeyMismatch`.
    #[codec(index = 135)]
    LockHotkeyMismatch,
    /// `InsufficientStakeForLock`.
    #[codec(index = 136)]
    InsufficientStakeForLock,
    /// `NoExistingLock`.
    #[codec(index = 137)]
    NoExistingLock,
    /// `ActiveLockExists`.
    #[codec(index = 138)]
    ActiveLockExists,
    /// `CannotUseSystemAccount`.
    #[codec(index = 139)]
    CannotUseSystemAccount,
    /// `UnlockAmountTooHigh`.
    #[codec(index = 140)]
    UnlockAmountTooHigh,
    /// `TempoOutOfBounds`.
    #[codec(index = 141)]
    TempoOutOfBounds,
    /// `ActivityCutoffFactorMilliOutOfBounds`.
    #[codec(index = 142)]
    ActivityCutoffFactorMilliOutOfBounds,
    /// `EpochTriggerAlreadyPending`.
    #[codec(index = 143)]
    EpochTriggerAlreadyPending,
    /// `AutoEpochAlreadyImminent`.
    #[codec(index = 144)]
    AutoEpochAlreadyImminent,
    /// `DynamicTempoBlockedByCommitReveal`.
    #[codec(index = 145)]
    DynamicTempoBlockedByCommitReveal,
    /// `AccountRejectsLockedAlpha`.
    #[codec(index = 146)]
    AccountRejectsLockedAlpha,
}

/// An error of the `AdminUtils` pallet (19).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
pub enum AdminUtilsError {
    /// `SubnetDoesNotExist`.
    #[codec(index = 0)]
    SubnetDoesNotExist,
    /// `MaxValidatorsLargerThanMaxUIds`.
    #[codec(index = 1)]
    MaxValidatorsLargerThanMaxUIds,
    /// `MaxAllowedUIdsLessThanCurrentUIds`.
    #[codec(index = 2)]
    MaxAllowedUIdsLessThanCurrentUIds,
    /// `BondsMovingAverageMaxReached`.
    #[codec(index = 3)]
    BondsMovingAverageMaxReached,
    /// `NegativeSigmoidSteepness`.
    #[codec(index = 4)]
    NegativeSigmoidSteepness,
    /// `ValueNotInBounds`.
    #[codec(index = 5)]
    ValueNotInBounds,
    /// `MinAllowedUidsGreaterThanCurrentUids`.
    #[codec(index = 6)]
    MinAllowedUidsGreaterThanCurrentUids,
    /// `MinAllowedUidsGreaterThanMaxAllowedUids`.
    #[codec(index = 7)]
    MinAllowedUidsGreaterThanMaxAllowedUids,
    /// `MaxAllowedUidsLessThanMinAllowedUids`.
    #[codec(index = 8)]
    MaxAllowedUidsLessThanMinAllowedUids,
    /// `MaxAllowedUidsGreaterThanDefaultMaxAllowedUids`.
    #[codec(index = 9)]
    MaxAllowedUidsGreaterThanDefaultMaxAllowedUids,
    /// `InvalidValue`.
    #[codec(index = 10)]
    InvalidValue,
    /// `NotPermittedOnRootSubnet`.
    #[codec(index = 11)]
    NotPermittedOnRootSubnet,
    /// `POWRegistrationDisabled`.
    #[codec(index = 12)]
    POWRegistrationDisabled,
    /// `Deprecated`.
    #[codec(index = 13)]
    Deprecated,
}

/// An error of the `Swap` pallet (28).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
pub enum SwapError {
    /// `FeeRateTooHigh`.
    #[codec(index = 0)]
    FeeRateTooHigh,
    /// `InsufficientInputAmount`.
    #[codec(index = 1)]
    InsufficientInputAmount,
    /// `InsufficientLiquidity`.
    #[codec(index = 2)]
    InsufficientLiquidity,
    /// `PriceLimitExceeded`.
    #[codec(index = 3)]
    PriceLimitExceeded,
    /// `InsufficientBalance`.
    #[codec(index = 4)]
    InsufficientBalance,
    /// `InvalidTickRange`.
    #[codec(index = 5)]
    InvalidTickRange,
    /// `InvalidLiquidityValue`.
    #[codec(index = 6)]
    InvalidLiquidityValue,
    /// `ReservesTooLow`.
    #[codec(index = 7)]
    ReservesTooLow,
    /// `MechanismDoesNotExist`.
    #[codec(index = 8)]
    MechanismDoesNotExist,
    /// `SubtokenDisabled`.
    #[codec(index = 9)]
    SubtokenDisabled,
    /// `ReservesOutOfBalance`.
    #[codec(index = 10)]
    ReservesOutOfBalance,
    /// `SwapInputTooLarge`.
    #[codec(index = 11)]
    SwapInputTooLarge,
    /// `Deprecated`.
    #[codec(index = 12)]
    Deprecated,
}

/// An error of the `Commitments` pallet (18).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
pub enum CommitmentsError {
    /// `TooManyFieldsInCommitmentInfo`.
    #[codec(index = 0)]
    TooManyFieldsInCommitmentInfo,
    /// `AccountNotAllowedCommit`.
    #[codec(index = 1)]
    AccountNotAllowedCommit,
    /// `SpaceLimitExceeded`.
    #[codec(index = 2)]
    SpaceLimitExceeded,
    /// `UnexpectedUnreserveLeftover`.
    #[codec(index = 3)]
    UnexpectedUnreserveLeftover,
}

/// An error of the `Drand` pallet (26).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
pub enum DrandError {
    /// `NoneValue`.
    #[codec(index = 0)]
    NoneValue,
    /// `StorageOverflow`.
    #[codec(index = 1)]
    StorageOverflow,
    /// `DrandConnectionFailure`.
    #[codec(index = 2)]
    DrandConnectionFailure,
    /// `UnverifiedPulse`.
    #[codec(index = 3)]
    UnverifiedPulse,
    /// `InvalidRoundNumber`.
    #[codec(index = 4)]
    InvalidRoundNumber,
    /// `PulseVerificationError`.
    #[codec(index = 5)]
    PulseVerificationError,
}

/// An error of the `Proxy` pallet (16). Clients are told these words, which are the pallet's own: the SDK's tests hold
/// them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
#[scale_info(capture_docs = "always")]
pub enum ProxyError {
    /// There are too many proxies registered or too many announcements pending.
    #[codec(index = 0)]
    TooMany,
    /// Proxy registration not found.
    #[codec(index = 1)]
    NotFound,
    /// Sender is not a proxy of the account to be proxied.
    #[codec(index = 2)]
    NotProxy,
    /// A call which is incompatible with the proxy type's filter was attempted.
    #[codec(index = 3)]
    Unproxyable,
    /// Account is already a proxy.
    #[codec(index = 4)]
    Duplicate,
    /// Call may not be made by proxy because it may escalate its privileges.
    #[codec(index = 5)]
    NoPermission,
    /// Announcement, if made at all, was made too recently.
    #[codec(index = 6)]
    Unannounced,
    /// Cannot add self as proxy.
    #[codec(index = 7)]
    NoSelfProxy,
    /// Invariant violated: deposit recomputation returned None after updating announcements.
    #[codec(index = 8)]
    AnnouncementDepositInvariantViolated,
    /// Failed to derive a valid account id from the provided entropy.
    #[codec(index = 9)]
    InvalidDerivedAccountId,
}

/// An error of the `Multisig` pallet (13).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
pub enum MultisigError {
    /// `MinimumThreshold`.
    #[codec(index = 0)]
    MinimumThreshold,
    /// `AlreadyApproved`.
    #[codec(index = 1)]
    AlreadyApproved,
    /// `NoApprovalsNeeded`.
    #[codec(index = 2)]
    NoApprovalsNeeded,
    /// `TooFewSignatories`.
    #[codec(index = 3)]
    TooFewSignatories,
    /// `TooManySignatories`.
    #[codec(index = 4)]
    TooManySignatories,
    /// `SignatoriesOutOfOrder`.
    #[codec(index = 5)]
    SignatoriesOutOfOrder,
    /// `SenderInSignatories`.
    #[codec(index = 6)]
    SenderInSignatories,
    /// `NotFound`.
    #[codec(index = 7)]
    NotFound,
    /// `NotOwner`.
    #[codec(index = 8)]
    NotOwner,
    /// `NoTimepoint`.
    #[codec(index = 9)]
    NoTimepoint,
    /// `WrongTimepoint`.
    #[codec(index = 10)]
    WrongTimepoint,
    /// `UnexpectedTimepoint`.
    #[codec(index = 11)]
    UnexpectedTimepoint,
    /// `MaxWeightTooLow`.
    #[codec(index = 12)]
    MaxWeightTooLow,
    /// `AlreadyStored`.
    #[codec(index = 13)]
    AlreadyStored,
}

/// An error of the `Crowdloan` pallet (27).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
pub enum CrowdloanError {
    /// `DepositTooLow`.
    #[codec(index = 0)]
    DepositTooLow,
    /// `CapTooLow`.
    #[codec(index = 1)]
    CapTooLow,
    /// `MinimumContributionTooLow`.
    #[codec(index = 2)]
    MinimumContributionTooLow,
    /// `CannotEndInPast`.
    #[codec(index = 3)]
    CannotEndInPast,
    /// `BlockDurationTooShort`.
    #[codec(index = 4)]
    BlockDurationTooShort,
    /// `BlockDurationTooLong`.
    #[codec(index = 5)]
    BlockDurationTooLong,
    /// `InsufficientBalance`.
    #[codec(index = 6)]
    InsufficientBalance,
    /// `Overflow`.
    #[codec(index = 7)]
    Overflow,
    /// `InvalidCrowdloanId`.
    #[codec(index = 8)]
    InvalidCrowdloanId,
    /// `CapRaised`.
    #[codec(index = 9)]
    CapRaised,
    /// `ContributionPeriodEnded`.
    #[codec(index = 10)]
    ContributionPeriodEnded,
    /// `ContributionTooLow`.
    #[codec(index = 11)]
    ContributionTooLow,
    /// `InvalidOrigin`.
    #[codec(index = 12)]
    InvalidOrigin,
    /// `AlreadyFinalized`.
    #[codec(index = 13)]
    AlreadyFinalized,
    /// `ContributionPeriodNotEnded`.
    #[codec(index = 14)]
    ContributionPeriodNotEnded,
    /// `NoContribution`.
    #[codec(index = 15)]
    NoContribution,
    /// `CapNotRaised`.
    #[codec(index = 16)]
    CapNotRaised,
    /// `Underflow`.
    #[codec(index = 17)]
    Underflow,
    /// `CallUnavailable`.
    #[codec(index = 18)]
    CallUnavailable,
    /// `NotReadyToDissolve`.
    #[codec(index = 19)]
    NotReadyToDissolve,
    /// `DepositCannotBeWithdrawn`.
    #[codec(index = 20)]
    DepositCannotBeWithdrawn,
    /// `MaxContributorsReached`.
    #[codec(index = 21)]
    MaxContributorsReached,
    /// `InvalidFinalizationConfig`.
    #[codec(index = 22)]
    InvalidFinalizationConfig,
    /// `MaxContributionReached`.
    #[codec(index = 23)]
    MaxContributionReached,
    /// `MaximumContributionTooLow`.
    #[codec(index = 24)]
    MaximumContributionTooLow,
    /// `MinimumContributionTooHigh`.
    #[codec(index = 25)]
    MinimumContributionTooHigh,
}
