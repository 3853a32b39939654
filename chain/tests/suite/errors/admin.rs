//! Who may set what, when, and how often: every call of `AdminUtils`.

use super::row::{Row, Table, fails};
use crate::world::{NET, OWNER, ROOT, STAKER, World};
use chain::call::admin_utils::Call;
use chain::error::{AdminUtilsError as A, DispatchError, SubtensorModuleError as E};
use chain::math::fixed::{I64F64, I96F32, U64F64};
use chain::types::RecycleOrBurnEnum;
use chain::units::{NetUid, Rao, TAO};

const NOWHERE: NetUid = NetUid(9);

/// A call about a subnet, with a value that it takes.
type Setter = fn(NetUid) -> Call;

/// The subnet is always within the window before an epoch.
fn frozen(world: &mut World) {
    world.state.globals_mut().admin_freeze_window = 400;
}

/// What owner and root may set while the window is open; `limited` ones the owner only so often.
fn by_owner(setter: Setter, limited: bool) -> Vec<Row> {
    let mut rows = vec![
        fails(DispatchError::BadOrigin, STAKER, setter(NET)).but_by(OWNER),
        fails(DispatchError::BadOrigin, OWNER, setter(NOWHERE)).but_call(setter(NET)),
        fails(E::AdminActionProhibitedDuringWeightsWindow, OWNER, setter(NET)).when(frozen),
        fails(E::AdminActionProhibitedDuringWeightsWindow, ROOT, setter(NET)).when(frozen),
    ];
    if limited {
        let done = move |world: &mut World| world.ok(OWNER, setter(NET));
        rows.push(fails(E::TxRateLimitExceeded, OWNER, setter(NET)).when(done));
        rows.push(fails(E::TxRateLimitExceeded, OWNER, setter(NET)).given(done).but_by(ROOT));
    }
    rows
}

fn by_root(setter: Setter) -> Vec<Row> {
    vec![fails(DispatchError::BadOrigin, OWNER, setter(NET)).but_by(ROOT)]
}

fn by_root_in_window(setter: Setter) -> Vec<Row> {
    let closed = fails(E::AdminActionProhibitedDuringWeightsWindow, ROOT, setter(NET)).when(frozen);
    [by_root(setter), vec![closed]].concat()
}

/// Root is told of a subnet that is not there.
fn on_existing(setter: Setter) -> Vec<Row> {
    vec![fails(A::SubnetDoesNotExist, ROOT, setter(NOWHERE)).but_call(setter(NET))]
}

fn all(setters: &[Setter], rows: impl Fn(Setter) -> Vec<Row>) -> Vec<Row> {
    setters.iter().flat_map(|setter| rows(*setter)).collect()
}

/// Owners' hyperparameters, of subnets that must exist for root too.
const OWNERS: &[Setter] = &[
    |netuid| Call::SudoSetMaxDifficulty { netuid, max_difficulty: 1 },
    |netuid| Call::SudoSetWeightsVersionKey { netuid, weights_version_key: 1 },
    |netuid| Call::SudoSetAdjustmentAlpha { netuid, adjustment_alpha: 1 },
    |netuid| Call::SudoSetImmunityPeriod { netuid, immunity_period: 1 },
    |netuid| Call::SudoSetMinAllowedWeights { netuid, min_allowed_weights: 1 },
    |netuid| Call::SudoSetMaxAllowedUids { netuid, max_allowed_uids: 64 },
    |netuid| Call::SudoSetRho { netuid, rho: 1 },
    |netuid| Call::SudoSetActivityCutoff { netuid, activity_cutoff: 360 },
    |netuid| Call::SudoSetMinBurn { netuid, min_burn: Rao(1) },
    |netuid| Call::SudoSetMaxBurn { netuid, max_burn: Rao(TAO) },
    |netuid| Call::SudoSetBondsMovingAverage { netuid, bonds_moving_average: 1 },
    |netuid| Call::SudoSetCommitRevealWeightsEnabled { netuid, enabled: true },
    |netuid| Call::SudoSetCommitRevealWeightsInterval { netuid, interval: 1 },
    |netuid| Call::SudoSetBondsPenalty { netuid, bonds_penalty: 1 },
    |netuid| Call::SudoSetAlphaSigmoidSteepness { netuid, steepness: 1 },
    |netuid| Call::SudoSetBurnHalfLife { netuid, burn_half_life: 1 },
    |netuid| Call::SudoSetBurnIncreaseMult { netuid, burn_increase_mult: U64F64::ONE },
    |netuid| Call::SudoSetMinChildkeyTakePerSubnet { netuid, take: 1 },
];

/// Owners' hyperparameters that root can set on subnets to come.
const OWNERS_ANYWHERE: &[Setter] = &[
    |netuid| Call::SudoSetServingRateLimit { netuid, serving_rate_limit: 1 },
    |netuid| Call::SudoSetLiquidAlphaEnabled { netuid, enabled: true },
    |netuid| Call::SudoSetToggleTransfer { netuid, toggle: true },
    |netuid| Call::SudoSetYuma3Enabled { netuid, enabled: true },
    |netuid| Call::SudoSetBondsResetEnabled { netuid, enabled: true },
    |netuid| Call::SudoSetOwnerImmuneNeuronLimit { netuid, immune_neurons: 1 },
    |netuid| Call::SudoSetRecycleOrBurn { netuid, recycle_or_burn: RecycleOrBurnEnum::Burn },
];

const MECHANISMS: &[Setter] = &[
    |netuid| Call::SudoSetMechanismCount { netuid, mechanism_count: 1 },
    |netuid| Call::SudoSetMechanismEmissionSplit { netuid, maybe_split: None },
];

const OWNERS_WITHOUT_LIMIT: &[Setter] = &[
    |netuid| Call::SudoSetOwnerCutEnabled { netuid, enabled: true },
    |netuid| Call::SudoSetOwnerCutAutoLockEnabled { netuid, enabled: true },
];

const ROOTS: &[Setter] = &[
    |netuid| Call::SudoSetWeightsSetRateLimit { netuid, weights_set_rate_limit: 1 },
    |netuid| Call::SudoSetAdjustmentInterval { netuid, adjustment_interval: 1 },
    |netuid| Call::SudoSetKappa { netuid, kappa: 1 },
    |netuid| Call::SudoSetRaoRecycled { netuid, rao_recycled: Rao(1) },
    |netuid| Call::SudoSetSubnetEmissionEnabled { netuid, enabled: true },
];

const ROOTS_ANYWHERE: &[Setter] = &[
    |netuid| Call::SudoSetNetworkRegistrationAllowed { netuid, registration_allowed: true },
    |netuid| Call::SudoSetEmaPriceHalvingPeriod { netuid, ema_halving: 1 },
    |netuid| Call::SudoSetMinNonImmuneUids { netuid, min: 1 },
];

const ROOTS_IN_WINDOW: &[Setter] = &[
    |netuid| Call::SudoSetMinDifficulty { netuid, min_difficulty: 1 },
    |netuid| Call::SudoSetTargetRegistrationsPerInterval { netuid, target_registrations_per_interval: 1 },
    |netuid| Call::SudoSetDifficulty { netuid, difficulty: 1 },
    |netuid| Call::SudoSetMaxAllowedValidators { netuid, max_allowed_validators: 1 },
    |netuid| Call::SudoSetMaxRegistrationsPerBlock { netuid, max_registrations_per_block: 1 },
    |netuid| Call::SudoSetTempo { netuid, tempo: 360 },
    |netuid| Call::SudoSetMinAllowedUids { netuid, min_allowed_uids: 1 },
];

const ROOTS_IN_WINDOW_ANYWHERE: &[Setter] =
    &[|netuid| Call::SudoSetSubtokenEnabled { netuid, subtoken_enabled: true }];

/// Chain-wide parameters, root's alone.
const GLOBALS: &[Setter] = &[
    |_| Call::SudoSetDefaultTake { default_take: 1 },
    |_| Call::SudoSetTxRateLimit { tx_rate_limit: 1 },
    |_| Call::SudoSetSubnetOwnerCut { subnet_owner_cut: 1 },
    |_| Call::SudoSetNetworkRateLimit { rate_limit: 1 },
    |_| Call::SudoSetNetworkImmunityPeriod { immunity_period: 1 },
    |_| Call::SudoSetNetworkMinLockCost { lock_cost: Rao(1) },
    |_| Call::SudoSetSubnetLimit { max_subnets: 1 },
    |_| Call::SudoSetLockReductionInterval { interval: 1 },
    |_| Call::SudoSetStakeThreshold { min_stake: 1 },
    |_| Call::SudoSetNominatorMinRequiredStake { min_stake: 1 },
    |_| Call::SudoSetTxDelegateTakeRateLimit { tx_rate_limit: 1 },
    |_| Call::SudoSetMinDelegateTake { take: 1 },
    |_| Call::SudoSetDissolveNetworkScheduleDuration { duration: 1 },
    |_| Call::SudoSetSubnetMovingAlpha { alpha: I96F32(1) },
    |_| Call::SudoSetCommitRevealVersion { version: 1 },
    |_| Call::SudoSetCkBurn { burn: 1 },
    |_| Call::SudoSetAdminFreezeWindow { window: 1 },
    |_| Call::SudoSetOwnerHparamRateLimit { epochs: 1 },
    |_| Call::SudoSetTaoFlowCutoff { flow_cutoff: I64F64(1) },
    |_| Call::SudoSetTaoFlowNormalizationExponent { exponent: U64F64::ONE },
    |_| Call::SudoSetTaoFlowSmoothingFactor { smoothing_factor: 1 },
    |_| Call::SudoSetStartCallDelay { delay: 1 },
    |_| Call::SudoSetColdkeySwapAnnouncementDelay { duration: 1 },
    |_| Call::SudoSetColdkeySwapReannouncementDelay { duration: 1 },
    |_| Call::SudoSetMaxMechanismCount { max_mechanism_count: 1 },
    |_| Call::SudoSetNetTaoFlowEnabled { enabled: true },
    |_| Call::SudoSetMaxEpochsPerBlock { max_epochs_per_block: 1 },
];

pub(super) fn table() -> Table {
    let no_mechanism =
        |setter: Setter| vec![fails(E::MechanismDoesNotExist, ROOT, setter(NOWHERE)).but_call(setter(NET))];
    let rows = [
        all(OWNERS, |setter| by_owner(setter, true)),
        all(OWNERS, on_existing),
        all(OWNERS_ANYWHERE, |setter| by_owner(setter, true)),
        all(MECHANISMS, |setter| by_owner(setter, true)),
        all(MECHANISMS, no_mechanism),
        all(OWNERS_WITHOUT_LIMIT, |setter| by_owner(setter, false)),
        all(OWNERS_WITHOUT_LIMIT, on_existing),
        all(ROOTS, by_root),
        all(ROOTS, on_existing),
        all(ROOTS_ANYWHERE, by_root),
        all(ROOTS_IN_WINDOW, by_root_in_window),
        all(ROOTS_IN_WINDOW, on_existing),
        all(ROOTS_IN_WINDOW_ANYWHERE, by_root_in_window),
        all(GLOBALS, by_root),
    ];
    Table { world: super::world(), rows: rows.concat() }
}

#[test]
fn who_may_set_what_and_when() {
    table().check();
}

#[test]
fn root_sets_some_parameters_of_subnets_to_come() {
    for setter in [OWNERS_ANYWHERE, ROOTS_ANYWHERE, ROOTS_IN_WINDOW_ANYWHERE].concat() {
        let mut world = super::world();
        world.ok(ROOT, setter(NOWHERE));
        assert!(!world.state.subnet_exists(NOWHERE));
    }
}
