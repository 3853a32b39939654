//! The bounds of hyperparameters, and the calls of a subnet's owner about its epochs.

use super::row::{Row, Table, fails};
use crate::world::{NET, OWNER, OWNER_HOT, ROOT, STAKER, VALI, World, id};
use chain::call::admin_utils::Call;
use chain::call::{RuntimeCall, SwapCall};
use chain::error::{AdminUtilsError as A, DispatchError, SubtensorModuleError as E, SwapError};
use chain::math::fixed::U64F64;
use chain::runtime::calls::uids::append_neuron;
use chain::runtime::tao;
use chain::state::Hyperparams;
use chain::units::{NetUid, Rao, TAO};

const NOWHERE: NetUid = NetUid(9);

fn params(world: &mut World) -> &mut Hyperparams {
    world.state.subnet_mut(NET).params_mut()
}

/// Two calls of root's, of which the first is out of bounds and the second just within.
fn beyond(error: impl Into<DispatchError>, beyond: Call, within: Call) -> Row {
    fails(error, ROOT, beyond).but_call(within)
}

fn neurons() -> Vec<Row> {
    let max = |max_allowed_uids| Call::SudoSetMaxAllowedUids { netuid: NET, max_allowed_uids };
    let min = |min_allowed_uids| Call::SudoSetMinAllowedUids { netuid: NET, min_allowed_uids };
    let validators =
        |max_allowed_validators| Call::SudoSetMaxAllowedValidators { netuid: NET, max_allowed_validators };
    let immune = |immune_neurons| Call::SudoSetOwnerImmuneNeuronLimit { netuid: NET, immune_neurons };
    vec![
        beyond(A::MaxAllowedUidsLessThanMinAllowedUids, max(63), max(64)),
        beyond(A::MaxAllowedUIdsLessThanCurrentUIds, max(1), max(2))
            .given(|w| params(w).min_allowed_uids = 0),
        beyond(A::MaxAllowedUidsGreaterThanDefaultMaxAllowedUids, max(257), max(256)),
        beyond(A::MinAllowedUidsGreaterThanMaxAllowedUids, min(256), min(1)),
        beyond(A::MinAllowedUidsGreaterThanCurrentUids, min(2), min(1)),
        beyond(A::MaxValidatorsLargerThanMaxUIds, validators(257), validators(256)),
        beyond(E::InvalidValue, immune(0), immune(1)),
        beyond(E::InvalidValue, immune(11), immune(10)),
    ]
}

fn prices() -> Vec<Row> {
    let min = |rao| Call::SudoSetMinBurn { netuid: NET, min_burn: Rao(rao) };
    let max = |rao| Call::SudoSetMaxBurn { netuid: NET, max_burn: Rao(rao) };
    let half_life = |netuid, burn_half_life| Call::SudoSetBurnHalfLife { netuid, burn_half_life };
    let mult = |netuid, bits| Call::SudoSetBurnIncreaseMult { netuid, burn_increase_mult: U64F64(bits) };
    let (one, three) = (1 << 64, 3 << 64);
    vec![
        beyond(A::ValueNotInBounds, min(TAO), min(TAO - 1)),
        beyond(A::ValueNotInBounds, min(TAO / 2), min(TAO / 2 - 1))
            .given(|w| params(w).max_burn = Rao(TAO / 2)),
        beyond(A::ValueNotInBounds, max(TAO / 10), max(TAO / 10 + 1)),
        beyond(A::ValueNotInBounds, max(TAO / 2), max(TAO / 2 + 1))
            .given(|w| params(w).min_burn = Rao(TAO / 2)),
        beyond(A::InvalidValue, half_life(NET, 0), half_life(NET, 1)),
        beyond(A::InvalidValue, half_life(NET, 36_101), half_life(NET, 36_100)),
        beyond(A::NotPermittedOnRootSubnet, half_life(NetUid::ROOT, 1), half_life(NET, 1)),
        beyond(A::InvalidValue, mult(NET, one - 1), mult(NET, one)),
        beyond(A::InvalidValue, mult(NET, three + 1), mult(NET, three)),
        beyond(A::NotPermittedOnRootSubnet, mult(NetUid::ROOT, one), mult(NET, one)),
    ]
}

fn consensus() -> Vec<Row> {
    let cutoff = |activity_cutoff| Call::SudoSetActivityCutoff { netuid: NET, activity_cutoff };
    let bonds = |bonds_moving_average| Call::SudoSetBondsMovingAverage { netuid: NET, bonds_moving_average };
    let alphas = |alpha_low, alpha_high| Call::SudoSetAlphaValues { netuid: NET, alpha_low, alpha_high };
    let interval = |interval| Call::SudoSetCommitRevealWeightsInterval { netuid: NET, interval };
    let steep = |steepness| Call::SudoSetAlphaSigmoidSteepness { netuid: NET, steepness };
    let liquid = |w: &mut World| params(w).liquid_alpha_on = true;
    vec![
        beyond(E::ActivityCutoffTooLow, cutoff(359), cutoff(360)),
        fails(A::BondsMovingAverageMaxReached, OWNER, bonds(975_001)).but_call(bonds(975_000)),
        fails(A::BondsMovingAverageMaxReached, OWNER, bonds(975_001)).but_by(ROOT),
        fails(E::LiquidAlphaDisabled, OWNER, alphas(1_638, 1_638)).but_when(liquid),
        beyond(E::AlphaHighTooLow, alphas(1_637, 1_637), alphas(1_638, 1_638)).given(liquid),
        beyond(E::AlphaLowOutOfRange, alphas(1_637, 1_638), alphas(1_638, 1_638)).given(liquid),
        beyond(E::AlphaLowOutOfRange, alphas(2_001, 2_000), alphas(2_000, 2_000)).given(liquid),
        beyond(E::RevealPeriodTooLarge, interval(101), interval(100)),
        beyond(E::RevealPeriodTooSmall, interval(0), interval(1)),
        fails(A::NegativeSigmoidSteepness, OWNER, steep(-1)).but_call(steep(0)),
        fails(A::NegativeSigmoidSteepness, OWNER, steep(-1)).but_by(ROOT),
    ]
}

/// Root sets it even where there is no subnet; but for the values of liquid alpha it must be on.
fn alpha_values() -> Vec<Row> {
    let alphas = |netuid| Call::SudoSetAlphaValues { netuid, alpha_low: 1_638, alpha_high: 1_638 };
    let liquid = |w: &mut World| params(w).liquid_alpha_on = true;
    let done = move |w: &mut World| w.ok(OWNER, alphas(NET));
    let frozen = |w: &mut World| w.state.globals_mut().admin_freeze_window = 400;
    vec![
        fails(E::LiquidAlphaDisabled, ROOT, alphas(NOWHERE)).given(liquid).but_call(alphas(NET)),
        fails(DispatchError::BadOrigin, STAKER, alphas(NET)).given(liquid).but_by(OWNER),
        fails(DispatchError::BadOrigin, OWNER, alphas(NOWHERE)).given(liquid).but_call(alphas(NET)),
        fails(E::AdminActionProhibitedDuringWeightsWindow, OWNER, alphas(NET)).given(liquid).when(frozen),
        fails(E::TxRateLimitExceeded, OWNER, alphas(NET)).given(liquid).when(done),
    ]
}

fn others() -> Vec<Row> {
    let take = |take| Call::SudoSetMinChildkeyTakePerSubnet { netuid: NET, take };
    let count = |mechanism_count| Call::SudoSetMechanismCount { netuid: NET, mechanism_count };
    let split = |shares: &[u16]| Call::SudoSetMechanismEmissionSplit {
        netuid: NET,
        maybe_split: Some(shares.to_vec()),
    };
    let exponent = |bits| Call::SudoSetTaoFlowNormalizationExponent { exponent: U64F64(bits) };
    let epochs = |max_epochs_per_block| Call::SudoSetMaxEpochsPerBlock { max_epochs_per_block };
    let cut = |netuid| Call::SudoSetOwnerCutEnabled { netuid, enabled: true };
    let lock = |netuid| Call::SudoSetOwnerCutAutoLockEnabled { netuid, enabled: true };
    let emission = |netuid| Call::SudoSetSubnetEmissionEnabled { netuid, enabled: true };
    let small = |w: &mut World| params(w).max_allowed_uids = 128;
    let size = |max_allowed_uids| Call::SudoSetMaxAllowedUids { netuid: NET, max_allowed_uids };
    let most = |max_mechanism_count| Call::SudoSetMaxMechanismCount { max_mechanism_count };
    vec![
        beyond(A::InvalidValue, take(11_797), take(11_796)),
        beyond(A::InvalidValue, take(99), take(100)).given(|w| w.state.globals_mut().min_childkey_take = 100),
        beyond(E::TooManyUIDsPerMechanism, size(129), size(128)).given(|w| params(w).mechanism_count = 2),
        beyond(E::InvalidValue, most(0), most(1)),
        beyond(E::InvalidValue, most(17), most(16)),
        beyond(E::InvalidValue, count(0), count(1)),
        beyond(E::InvalidValue, count(3), count(2)).given(small),
        fails(E::TooManyUIDsPerMechanism, ROOT, count(2)).but_when(small),
        beyond(E::InvalidValue, split(&[65_534]), split(&[65_535])),
        beyond(E::InvalidValue, split(&[65_534, 1]), split(&[65_535])),
        beyond(E::InvalidValue, split(&[]), split(&[65_535])),
        beyond(A::InvalidValue, exponent((1 << 64) - 1), exponent(1 << 64)),
        beyond(A::InvalidValue, exponent((2 << 64) + 1), exponent(2 << 64)),
        beyond(A::ValueNotInBounds, epochs(0), epochs(1)),
        beyond(A::NotPermittedOnRootSubnet, cut(NetUid::ROOT), cut(NET)),
        beyond(A::NotPermittedOnRootSubnet, lock(NetUid::ROOT), lock(NET)),
        beyond(A::NotPermittedOnRootSubnet, emission(NetUid::ROOT), emission(NET)),
        beyond(
            A::POWRegistrationDisabled,
            Call::SudoSetNetworkPowRegistrationAllowed { netuid: NET, registration_allowed: true },
            Call::SudoSetNetworkRegistrationAllowed { netuid: NET, registration_allowed: true },
        ),
        beyond(
            A::Deprecated,
            Call::SudoSetTotalIssuance { total_issuance: Rao(1) },
            Call::SudoSetTxRateLimit { tx_rate_limit: 1 },
        ),
    ]
}

fn owner_hotkeys(set: fn(NetUid, u64) -> Call) -> Vec<Row> {
    let done = move |w: &mut World| w.ok(OWNER, set(NET, OWNER_HOT));
    vec![
        fails(DispatchError::BadOrigin, STAKER, set(NET, OWNER_HOT)).but_by(OWNER),
        fails(DispatchError::BadOrigin, OWNER, set(NOWHERE, OWNER_HOT)).but_call(set(NET, OWNER_HOT)),
        fails(E::SubnetNotExists, ROOT, set(NOWHERE, OWNER_HOT)).but_call(set(NET, OWNER_HOT)),
        fails(E::TxRateLimitExceeded, OWNER, set(NET, OWNER_HOT)).when(done),
        // Root keeps this limit too.
        fails(E::TxRateLimitExceeded, ROOT, set(NET, OWNER_HOT)).when(done),
    ]
}

/// Any hotkey will do but the account of a subnet.
fn system_hotkeys() -> Vec<Row> {
    let system = tao::subnet_account(NET);
    let by = |hotkey| Call::SudoSetSubnetOwnerHotkey { netuid: NET, hotkey };
    let by_sn = |hotkey| Call::SudoSetSnOwnerHotkey { netuid: NET, hotkey };
    vec![
        fails(E::CannotUseSystemAccount, OWNER, by(system)).but_call(by(id(VALI))),
        fails(E::CannotUseSystemAccount, ROOT, by_sn(system)).but_call(by_sn(id(60))),
    ]
}

fn fees() -> Vec<Row> {
    let rate = |netuid, rate| RuntimeCall::Swap(SwapCall::SetFeeRate { netuid, rate });
    vec![
        fails(DispatchError::BadOrigin, STAKER, rate(NET, 1)).but_by(ROOT),
        // The pool is not the owner's.
        fails(DispatchError::BadOrigin, OWNER, rate(NET, 1)).but_by(ROOT),
        fails(SwapError::MechanismDoesNotExist, ROOT, rate(NOWHERE, 1)).but_call(rate(NET, 1)),
        fails(SwapError::FeeRateTooHigh, ROOT, rate(NET, 10_001)).but_call(rate(NET, 10_000)),
    ]
}

fn trims() -> Vec<Row> {
    let trim = |netuid, max_n| Call::SudoTrimToMaxAllowedUids { netuid, max_n };
    // Seven neurons, of which the owner's and these many may not be removed.
    let immune = |count: usize| {
        move |w: &mut World| {
            let now = w.state.block;
            w.state.globals_mut().admin_freeze_window = 0;
            let subnet = w.state.subnet_mut(NET);
            (200..205).for_each(|hotkey| {
                append_neuron(subnet, &id(hotkey), 0);
            });
            let params = subnet.params_mut();
            (params.min_allowed_uids, params.immunity_period, params.tempo) = (2, 2, 0);
            let neurons = subnet.neurons_mut();
            neurons.block_at_registration.fill(0);
            neurons.block_at_registration[1..=count].fill(now);
        }
    };
    let frozen = |w: &mut World| {
        w.state.globals_mut().admin_freeze_window = 400;
        params(w).tempo = 360;
    };
    let done = move |w: &mut World| w.ok(OWNER, trim(NET, 6));
    vec![
        fails(DispatchError::BadOrigin, STAKER, trim(NET, 5)).given(immune(0)).but_by(OWNER),
        fails(DispatchError::BadOrigin, OWNER, trim(NOWHERE, 5)).given(immune(0)).but_call(trim(NET, 5)),
        fails(E::SubnetNotExists, ROOT, trim(NOWHERE, 5)).given(immune(0)).but_call(trim(NET, 5)),
        fails(E::AdminActionProhibitedDuringWeightsWindow, ROOT, trim(NET, 5)).given(immune(0)).when(frozen),
        fails(E::TxRateLimitExceeded, OWNER, trim(NET, 5)).given(immune(0)).when(done),
        fails(E::InvalidValue, ROOT, trim(NET, 1)).given(immune(0)).but_call(trim(NET, 2)),
        fails(E::InvalidValue, ROOT, trim(NET, 257)).given(immune(0)).but_call(trim(NET, 256)),
        fails(E::TrimmingWouldExceedMaxImmunePercentage, ROOT, trim(NET, 5))
            .given(immune(3))
            .but_call(trim(NET, 6)),
        fails(E::TrimmingWouldExceedMaxImmunePercentage, ROOT, trim(NET, 5))
            .given(immune(3))
            .but_when(immune_less),
    ]
}

fn immune_less(world: &mut World) {
    world.state.subnet_mut(NET).neurons_mut().block_at_registration[3] = 0;
}

pub(super) fn table() -> Table {
    let by = |netuid, hotkey| Call::SudoSetSubnetOwnerHotkey { netuid, hotkey: id(hotkey) };
    let by_sn = |netuid, hotkey| Call::SudoSetSnOwnerHotkey { netuid, hotkey: id(hotkey) };
    let rows = [
        neurons(),
        prices(),
        consensus(),
        alpha_values(),
        others(),
        owner_hotkeys(by),
        owner_hotkeys(by_sn),
        system_hotkeys(),
        fees(),
        trims(),
    ];
    Table { world: super::world(), rows: rows.concat() }
}

#[test]
fn bounds_of_hyperparameters() {
    table().check();
}
