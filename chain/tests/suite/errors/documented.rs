//! Which error of which call is documented: by the chain's tables, or by the text about what it delegates to.
//!
//! **Source**: spec/tables/extrinsics.md, spec/chain.md 1.3, 5.5, 6 to 10. Errors without a pallet are those of
//! `SubtensorModule`; checks that an earlier one of the same call always forestalls are left out.

/// Calls and all the errors that each of them can give.
type Documented = (&'static [&'static str], &'static str);

const SETS: &str = "CommitRevealEnabled CanNotSetRootNetworkWeights WeightVecNotEqualSize \
    UidsLengthExceedUidsInSubNet HotKeyNotRegisteredInSubNet NotEnoughStakeToSetWeights IncorrectWeightVersionKey \
    SettingWeightsTooFast NeuronNoValidatorPermit DuplicateUids UidVecContainInvalidOne WeightVecLengthIsLow";
const REVEALS: &str = "NotEnoughStakeToSetWeights NoWeightsCommitFound RevealTooEarly CommitRevealDisabled \
    InvalidRevealCommitHashNotMatch ExpiredWeightCommit CanNotSetRootNetworkWeights \
    WeightVecNotEqualSize UidsLengthExceedUidsInSubNet HotKeyNotRegisteredInSubNet IncorrectWeightVersionKey \
    NeuronNoValidatorPermit DuplicateUids UidVecContainInvalidOne WeightVecLengthIsLow";
const ADDS: &str = "InsufficientLiquidity SubnetNotExists SubtokenDisabled AmountTooLow NotEnoughBalanceToStake \
    HotKeyAccountNotExists";
const LIMITS: &str = "SlippageTooHigh Swap.PriceLimitExceeded Swap.ReservesTooLow";
const MOVES: &str =
    "SameNetuid SubnetNotExists SubtokenDisabled HotKeyAccountNotExists AmountTooLow StakeUnavailable";
const BURNS: &str = "SubnetNotExists CannotBurnOrRecycleOnRootSubnet SubtokenDisabled HotKeyAccountNotExists \
    InsufficientLiquidity StakeUnavailable";
const SLOTS: &str = "RegistrationNotPermittedOnRootSubnet SubnetNotExists SubNetRegistrationDisabled \
    HotKeyAlreadyRegisteredInSubNet NotEnoughBalanceToStake CannotUseSystemAccount NonAssociatedColdKey \
    NoNeuronIdAvailable InsufficientBalance Swap.SwapInputTooLarge Swap.ReservesTooLow";
const HEIRS: &str =
    "NotEnoughBalanceToPaySwapColdKey ColdKeyAlreadyAssociated NewColdKeyIsHotkey ActiveLockExists";
const OWNERS: &str = "BadOrigin AdminActionProhibitedDuringWeightsWindow TxRateLimitExceeded";

/// Calls of `SubtensorModule`.
pub(super) const SUBTENSOR: &[Documented] = &[
    (&["set_weights"], SETS),
    (&["set_mechanism_weights"], SETS),
    (&["set_mechanism_weights"], "MechanismDoesNotExist"),
    (&["batch_set_weights", "batch_commit_weights"], "InputLengthsUnequal NotEnoughStakeToSetWeights"),
    (
        &["commit_weights", "commit_mechanism_weights"],
        "NotEnoughStakeToSetWeights CommittingWeightsTooFast MechanismDoesNotExist CommitRevealDisabled \
         HotKeyNotRegisteredInSubNet TooManyUnrevealedCommits",
    ),
    (
        &[
            "commit_timelocked_weights",
            "commit_timelocked_mechanism_weights",
            "commit_crv3_mechanism_weights",
        ],
        "NotEnoughStakeToSetWeights InvalidRevealRound MechanismDoesNotExist CommitRevealDisabled \
         IncorrectCommitRevealVersion HotKeyNotRegisteredInSubNet CommittingWeightsTooFast \
         TooManyUnrevealedCommits InvalidValue",
    ),
    (&["reveal_weights", "reveal_mechanism_weights", "batch_reveal_weights"], REVEALS),
    (&["reveal_mechanism_weights"], "MechanismDoesNotExist"),
    (&["batch_reveal_weights"], "InputLengthsUnequal"),
    (&["add_stake", "add_stake_limit", "add_stake_burn"], ADDS),
    (&["add_stake_limit", "add_stake_burn"], LIMITS),
    (&["add_stake_burn"], "CannotBurnOrRecycleOnRootSubnet"),
    (
        &["remove_stake"],
        "SubtokenDisabled AmountTooLow InsufficientLiquidity HotKeyAccountNotExists StakeUnavailable \
         InsufficientBalance",
    ),
    (
        &["remove_stake_limit"],
        "SubnetNotExists AmountTooLow NotEnoughStakeToWithdraw InsufficientLiquidity SlippageTooHigh \
         HotKeyAccountNotExists StakeUnavailable Swap.PriceLimitExceeded Swap.ReservesTooLow",
    ),
    (
        &["remove_stake_full_limit"],
        "SubtokenDisabled AmountTooLow InsufficientLiquidity HotKeyAccountNotExists StakeUnavailable \
         SubnetNotExists SlippageTooHigh Swap.PriceLimitExceeded",
    ),
    (&["unstake_all", "unstake_all_alpha"], "HotKeyAccountNotExists"),
    (&["unstake_all_alpha"], "AmountTooLow"),
    (&["move_stake", "swap_stake", "swap_stake_limit", "transfer_stake"], MOVES),
    (&["move_stake", "swap_stake", "transfer_stake"], "InsufficientLiquidity"),
    (&["swap_stake_limit"], LIMITS),
    (&["transfer_stake"], "TransferDisallowed AccountRejectsLockedAlpha LockHotkeyMismatch"),
    (&["recycle_alpha", "burn_alpha"], BURNS),
    (&["lock_stake"], "AmountTooLow HotKeyAccountNotExists InsufficientStakeForLock LockHotkeyMismatch"),
    (&["move_lock"], "HotKeyAccountNotExists NoExistingLock"),
    (&["set_perpetual_lock", "set_reject_locked_alpha"], ""),
    (&["serve_axon", "serve_axon_tls", "serve_prometheus"], SERVES),
    (&["burned_register", "register", "register_limit"], SLOTS),
    (&["register_limit"], "RegistrationPriceLimitExceeded"),
    (
        &["register_network", "register_network_with_identity"],
        "NonAssociatedColdKey CannotUseSystemAccount SubNetRegistrationDisabled NetworkTxRateLimitExceeded \
         SubnetLimitReached CannotAffordLockCost",
    ),
    (&["register_network_with_identity"], "InvalidIdentity"),
    (
        &["start_call"],
        "SubnetNotExists BadOrigin FirstEmissionBlockNumberAlreadySet NeedWaitingMoreBlocksToStarCall",
    ),
    (&["dissolve_network", "root_dissolve_network"], "BadOrigin SubnetNotExists"),
    (
        &["root_register"],
        "RootNetworkDoesNotExist TooManyRegistrationsThisBlock TooManyRegistrationsThisInterval \
         HotKeyAlreadyRegisteredInSubNet CannotUseSystemAccount StakeTooLowForRoot \
         NoNeuronIdAvailable",
    ),
    (&["claim_root"], "InvalidSubnetNumber Swap.ReservesTooLow InsufficientBalance"),
    (&["set_root_claim_type"], "InvalidSubnetNumber"),
    (&["sudo_set_num_root_claims"], "BadOrigin InvalidNumRootClaim"),
    (&["sudo_set_root_claim_threshold"], "BadOrigin InvalidRootClaimThreshold"),
    (&["increase_take", "decrease_take"], "HotKeyAccountNotExists NonAssociatedColdKey DelegateTakeTooLow"),
    (&["increase_take"], "DelegateTakeTooHigh DelegateTxRateLimitExceeded"),
    (&["try_associate_hotkey"], "CannotUseSystemAccount"),
    // Beside the tables here: crowdloan.rs.
    (&["register_leased_network", "terminate_lease"], ""),
    (
        &["set_coldkey_auto_stake_hotkey"],
        "SubnetNotExists HotKeyNotRegisteredInSubNet SameAutoStakeHotkeyAlreadySet",
    ),
    (&["set_auto_parent_delegation_enabled"], "NonAssociatedColdKey HotKeyNotRegisteredInSubNet"),
    (
        &["set_children"],
        "TxRateLimitExceeded RegistrationNotPermittedOnRootSubnet SubnetNotExists NonAssociatedColdKey \
         DuplicateChild InvalidChild TooManyChildren ProportionOverflow ChildParentInconsistency \
         NotEnoughStakeToSetChildkeys",
    ),
    (&["set_childkey_take"], "NonAssociatedColdKey InvalidChildkeyTake TxChildkeyTakeRateLimitExceeded"),
    (
        &[
            "sudo_set_tx_childkey_take_rate_limit",
            "sudo_set_min_childkey_take",
            "sudo_set_max_childkey_take",
            "set_pending_childkey_cooldown",
            "reset_coldkey_swap",
        ],
        "BadOrigin",
    ),
    (&["set_identity"], "HotKeyNotRegisteredInNetwork InvalidIdentity"),
    (&["set_subnet_identity"], "NotSubnetOwner InvalidIdentity"),
    (&["update_symbol"], "BadOrigin SymbolDoesNotExist SymbolAlreadyInUse"),
    (
        &["swap_hotkey", "swap_hotkey_v2"],
        "NonAssociatedColdKey NewHotKeyIsSameWithOld HotKeySetTxRateLimitExceeded \
         HotKeyAlreadyRegisteredInSubNet HotKeySwapOnSubnetIntervalNotPassed NotEnoughBalanceToPaySwapHotKey \
         InvalidChild NewHotKeyNotCleanForRootSwap",
    ),
    (&["swap_coldkey"], HEIRS),
    (&["swap_coldkey"], "BadOrigin"),
    (&["schedule_swap_coldkey"], "Deprecated"),
    (&["announce_coldkey_swap"], "NotEnoughBalanceToPaySwapColdKey ColdkeySwapReannouncedTooEarly"),
    (
        &["swap_coldkey_announced"],
        "ColdkeySwapAnnouncementNotFound AnnouncedColdkeyHashDoesNotMatch ColdkeySwapTooEarly \
         ColdKeyAlreadyAssociated NewColdKeyIsHotkey ActiveLockExists ColdkeySwapDisputed",
    ),
    (&["dispute_coldkey_swap"], "ColdkeySwapAnnouncementNotFound ColdkeySwapDisputed"),
    (&["clear_coldkey_swap_announcement"], "ColdkeySwapAnnouncementNotFound ColdkeySwapClearTooEarly"),
    (&["set_tempo"], OWNERS),
    (&["set_tempo"], "TempoOutOfBounds"),
    (&["set_activity_cutoff_factor"], OWNERS),
    (&["set_activity_cutoff_factor"], "ActivityCutoffFactorMilliOutOfBounds"),
    (
        &["trigger_epoch"],
        "BadOrigin DynamicTempoBlockedByCommitReveal EpochTriggerAlreadyPending \
         AutoEpochAlreadyImminent TxRateLimitExceeded",
    ),
    (&["enable_voting_power_tracking"], "BadOrigin"),
    (&["disable_voting_power_tracking"], "BadOrigin VotingPowerTrackingNotEnabled"),
    (&["sudo_set_voting_power_ema_alpha"], "BadOrigin InvalidVotingPowerEmaAlpha"),
    (&["faucet"], "FaucetDisabled InvalidWorkBlock InvalidDifficulty InvalidSeal"),
];

const SERVES: &str =
    "HotKeyNotRegisteredInNetwork InvalidIpType InvalidIpAddress ServingRateLimitExceeded InvalidPort";

/// Calls of the other pallets.
pub(super) const OTHERS: &[Documented] = &[
    (
        &["Balances.transfer_allow_death", "Balances.transfer_keep_alive"],
        "Arithmetic.Underflow Token.FundsUnavailable Token.BelowMinimum Token.Frozen",
    ),
    (&["Balances.force_transfer", "Balances.force_unreserve"], "BadOrigin"),
    (
        &["Balances.force_adjust_total_issuance"],
        "BadOrigin Balances.DeltaZero Arithmetic.Overflow Arithmetic.Underflow",
    ),
    (&["Balances.upgrade_accounts"], ""),
    (&["Balances.burn"], "Token.FundsUnavailable"),
    (
        &[
            "AdminUtils.swap_authorities",
            "AdminUtils.schedule_grandpa_change",
            "AdminUtils.sudo_set_evm_chain_id",
            "AdminUtils.sudo_toggle_evm_precompile",
        ],
        "BadOrigin",
    ),
    (
        &[
            "Swap.add_liquidity",
            "Swap.remove_liquidity",
            "Swap.modify_position",
            "Swap.toggle_user_liquidity",
            "Swap.disable_lp",
        ],
        "Swap.Deprecated",
    ),
    (&["Balances.transfer_keep_alive"], "Token.NotExpendable ColdkeySwapAnnounced ColdkeySwapDisputed"),
    (&["Balances.transfer_all"], "Token.BelowMinimum"),
    (&["Balances.force_set_balance"], "BadOrigin"),
    (
        &["Commitments.set_commitment"],
        "Commitments.AccountNotAllowedCommit Commitments.TooManyFieldsInCommitmentInfo \
         Commitments.SpaceLimitExceeded",
    ),
    (&["Commitments.set_max_space"], "BadOrigin"),
    (&["Drand.write_pulse"], "BadOrigin Drand.PulseVerificationError"),
    (&["Drand.set_beacon_config", "Drand.set_oldest_stored_round"], "BadOrigin"),
    (&["Swap.set_fee_rate"], "BadOrigin Swap.MechanismDoesNotExist Swap.FeeRateTooHigh"),
];

/// What a call of `AdminUtils` checks before its value: who may send it, the window before an epoch, how often the
/// owner may, and the subnet.
pub(super) const GATES: &[Documented] = &[
    (
        &[
            "serving_rate_limit max_difficulty weights_version_key adjustment_alpha immunity_period",
            "min_allowed_weights max_allowed_uids rho activity_cutoff min_burn max_burn bonds_moving_average",
            "commit_reveal_weights_enabled liquid_alpha_enabled alpha_values commit_reveal_weights_interval",
            "bonds_penalty toggle_transfer alpha_sigmoid_steepness yuma3_enabled bonds_reset_enabled",
            "owner_immune_neuron_limit mechanism_count mechanism_emission_split trim recycle_or_burn",
            "burn_half_life burn_increase_mult min_childkey_take_per_subnet",
        ],
        OWNERS,
    ),
    (
        &["owner_cut_enabled owner_cut_auto_lock_enabled"],
        "BadOrigin AdminActionProhibitedDuringWeightsWindow",
    ),
    (&["subnet_owner_hotkey sn_owner_hotkey"], "BadOrigin SubnetNotExists TxRateLimitExceeded"),
    (
        &[
            "min_difficulty target_registrations_per_interval difficulty max_allowed_validators",
            "max_registrations_per_block tempo subtoken_enabled min_allowed_uids",
        ],
        "BadOrigin AdminActionProhibitedDuringWeightsWindow",
    ),
    (
        &[
            "default_take tx_rate_limit weights_set_rate_limit adjustment_interval kappa",
            "network_registration_allowed subnet_owner_cut network_rate_limit network_immunity_period",
            "network_min_lock_cost subnet_limit lock_reduction_interval rao_recycled stake_threshold",
            "nominator_min_required_stake tx_delegate_take_rate_limit min_delegate_take",
            "dissolve_network_schedule_duration subnet_moving_alpha ema_price_halving_period",
            "commit_reveal_version ck_burn admin_freeze_window owner_hparam_rate_limit tao_flow_cutoff",
            "tao_flow_normalization_exponent tao_flow_smoothing_factor min_non_immune_uids start_call_delay",
            "coldkey_swap_announcement_delay coldkey_swap_reannouncement_delay max_mechanism_count",
            "net_tao_flow_enabled subnet_emission_enabled max_epochs_per_block",
        ],
        "BadOrigin",
    ),
    (
        &[
            "min_difficulty max_difficulty weights_version_key weights_set_rate_limit adjustment_interval",
            "adjustment_alpha immunity_period min_allowed_weights max_allowed_uids kappa rho activity_cutoff",
            "target_registrations_per_interval min_burn max_burn difficulty max_allowed_validators",
            "bonds_moving_average max_registrations_per_block tempo rao_recycled commit_reveal_weights_enabled",
            "commit_reveal_weights_interval bonds_penalty alpha_sigmoid_steepness min_allowed_uids",
            "burn_half_life burn_increase_mult owner_cut_enabled min_childkey_take_per_subnet",
            "subnet_emission_enabled owner_cut_auto_lock_enabled",
        ],
        "AdminUtils.SubnetDoesNotExist",
    ),
];

/// What a call of `AdminUtils` checks of its value.
pub(super) const BOUNDS: &[Documented] = &[
    (
        &["max_allowed_uids"],
        "AdminUtils.MaxAllowedUidsLessThanMinAllowedUids AdminUtils.MaxAllowedUIdsLessThanCurrentUIds \
         AdminUtils.MaxAllowedUidsGreaterThanDefaultMaxAllowedUids",
    ),
    (
        &["min_allowed_uids"],
        "AdminUtils.MinAllowedUidsGreaterThanMaxAllowedUids AdminUtils.MinAllowedUidsGreaterThanCurrentUids",
    ),
    (&["max_allowed_validators"], "AdminUtils.MaxValidatorsLargerThanMaxUIds"),
    (&["activity_cutoff"], "ActivityCutoffTooLow"),
    (&["min_burn max_burn max_epochs_per_block"], "AdminUtils.ValueNotInBounds"),
    (&["bonds_moving_average"], "AdminUtils.BondsMovingAverageMaxReached"),
    (&["alpha_values"], "LiquidAlphaDisabled AlphaHighTooLow AlphaLowOutOfRange"),
    (&["commit_reveal_weights_interval"], "RevealPeriodTooLarge RevealPeriodTooSmall"),
    (&["alpha_sigmoid_steepness"], "AdminUtils.NegativeSigmoidSteepness"),
    (&["owner_immune_neuron_limit"], "InvalidValue"),
    (&["mechanism_count"], "MechanismDoesNotExist InvalidValue TooManyUIDsPerMechanism"),
    (&["mechanism_emission_split"], "MechanismDoesNotExist InvalidValue"),
    (&["trim"], "SubnetNotExists InvalidValue TrimmingWouldExceedMaxImmunePercentage"),
    (&["burn_half_life burn_increase_mult"], "AdminUtils.InvalidValue AdminUtils.NotPermittedOnRootSubnet"),
    (&["min_childkey_take_per_subnet tao_flow_normalization_exponent"], "AdminUtils.InvalidValue"),
    (
        &["owner_cut_enabled owner_cut_auto_lock_enabled subnet_emission_enabled"],
        "AdminUtils.NotPermittedOnRootSubnet",
    ),
    (&["subnet_owner_hotkey sn_owner_hotkey"], "CannotUseSystemAccount"),
    (&["max_mechanism_count"], "InvalidValue"),
    (&["max_allowed_uids"], "TooManyUIDsPerMechanism"),
    (&["network_pow_registration_allowed"], "AdminUtils.POWRegistrationDisabled"),
    (&["total_issuance"], "AdminUtils.Deprecated"),
];
