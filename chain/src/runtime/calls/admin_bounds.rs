//! Hyperparameters that have bounds.
//!
//! **Source**: spec/chain.md 7.7.

use super::admin::{Access, Gate, by_owner, not_root, plain};
use super::mechanisms;
use super::owner::Hyperparameter as H;
use crate::call::admin_utils::Call;
use crate::error::{AdminUtilsError as A, DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::event::{AdminUtilsEvent, SubtensorModuleEvent as S};
use crate::math::fixed::U64F64;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::state::Hyperparams;
use crate::units::{NetUid, Rao, TAO};

/// More neurons than this no subnet may have.
const MAX_UIDS: u16 = 256;
/// Most blocks in which a registration price may halve.
const BURN_HALF_LIFE_MAX: u16 = 36_100;
/// Largest moving average of bonds that an owner may set, millionths.
const OWNER_BONDS_MOVING_AVERAGE_MAX: u64 = 975_000;
/// Least values of liquid alpha, a share of 65,535.
const ALPHA_MIN: u16 = 1_638;

/// Carries out the calls of this module; `None` for others.
pub(super) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> Option<DispatchOutcome> {
    Some(match call {
        Call::SudoSetMaxAllowedUids { netuid, max_allowed_uids: v } => {
            max_allowed_uids(exec, origin, *netuid, *v)
        }
        Call::SudoSetMinAllowedUids { netuid, min_allowed_uids: v } => {
            min_allowed_uids(exec, origin, *netuid, *v)
        }
        Call::SudoSetMaxAllowedValidators { netuid, max_allowed_validators: v } => {
            max_validators(exec, origin, *netuid, *v)
        }
        Call::SudoSetActivityCutoff { netuid, activity_cutoff: v } => {
            activity_cutoff(exec, origin, *netuid, *v)
        }
        Call::SudoSetMinBurn { netuid, min_burn } => burn(exec, origin, *netuid, Burn::Min(*min_burn)),
        Call::SudoSetMaxBurn { netuid, max_burn } => burn(exec, origin, *netuid, Burn::Max(*max_burn)),
        Call::SudoSetBondsMovingAverage { netuid, bonds_moving_average: v } => {
            bonds_moving_average(exec, origin, *netuid, *v)
        }
        Call::SudoSetAlphaValues { netuid, alpha_low, alpha_high } => {
            alpha_values(exec, origin, *netuid, (*alpha_low, *alpha_high))
        }
        Call::SudoSetCommitRevealWeightsInterval { netuid, interval } => {
            reveal_period(exec, origin, *netuid, *interval)
        }
        Call::SudoSetAlphaSigmoidSteepness { netuid, steepness } => {
            sigmoid(exec, origin, *netuid, *steepness)
        }
        Call::SudoSetBurnHalfLife { netuid, burn_half_life: v } => half_life(exec, origin, *netuid, *v),
        Call::SudoSetBurnIncreaseMult { netuid, burn_increase_mult: v } => {
            increase_mult(exec, origin, *netuid, *v)
        }
        Call::SudoSetMinChildkeyTakePerSubnet { netuid, take } => {
            min_childkey_take(exec, origin, *netuid, *take)
        }
        Call::SudoSetOwnerImmuneNeuronLimit { netuid, immune_neurons: v } => {
            immune_neurons(exec, origin, *netuid, *v)
        }
        _ => return None,
    })
}

fn max_allowed_uids(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: u16) -> DispatchOutcome {
    let gate = Gate::open(exec, origin, netuid, by_owner(H::MaxAllowedUids))?;
    let (n, min) = (neurons(exec, netuid), params(exec, netuid).min_allowed_uids);
    if v < min {
        return Err(A::MaxAllowedUidsLessThanMinAllowedUids.into());
    }
    if usize::from(v) < n {
        return Err(A::MaxAllowedUIdsLessThanCurrentUIds.into());
    }
    if v > MAX_UIDS {
        return Err(A::MaxAllowedUidsGreaterThanDefaultMaxAllowedUids.into());
    }
    mechanisms::check_uids(v, params(exec, netuid).mechanism_count)?;
    gate.set(exec, |params| params.max_allowed_uids = v, Some(S::MaxAllowedUidsSet(netuid, v).into()))
}

fn min_allowed_uids(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: u16) -> DispatchOutcome {
    let gate = Gate::open(exec, origin, netuid, Access::RootInWindow)?;
    if v >= params(exec, netuid).max_allowed_uids {
        return Err(A::MinAllowedUidsGreaterThanMaxAllowedUids.into());
    }
    if usize::from(v) >= neurons(exec, netuid) {
        return Err(A::MinAllowedUidsGreaterThanCurrentUids.into());
    }
    gate.set(exec, |params| params.min_allowed_uids = v, Some(S::MinAllowedUidsSet(netuid, v).into()))
}

fn max_validators(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: u16) -> DispatchOutcome {
    let gate = Gate::open(exec, origin, netuid, Access::RootInWindow)?;
    if v > params(exec, netuid).max_allowed_uids {
        return Err(A::MaxValidatorsLargerThanMaxUIds.into());
    }
    let event = S::MaxAllowedValidatorsSet(netuid, v);
    gate.set(exec, |params| params.max_allowed_validators = v, Some(event.into()))
}

fn activity_cutoff(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: u16) -> DispatchOutcome {
    let gate = Gate::open(exec, origin, netuid, by_owner(H::ActivityCutoff))?;
    if v < exec.state.globals.min_activity_cutoff {
        return Err(E::ActivityCutoffTooLow.into());
    }
    gate.set(exec, |params| params.activity_cutoff = v, Some(S::ActivityCutoffSet(netuid, v).into()))
}

/// Which bound of the registration price.
#[derive(Clone, Copy, Debug)]
enum Burn {
    Min(Rao),
    Max(Rao),
}

fn burn(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, bound: Burn) -> DispatchOutcome {
    let parameter = match bound {
        Burn::Min(_) => H::MinBurn,
        Burn::Max(_) => H::MaxBurn,
    };
    let gate = Gate::open(exec, origin, netuid, by_owner(parameter))?;
    let (min, max) = (params(exec, netuid).min_burn, params(exec, netuid).max_burn);
    // The lower bound stays below 1 TAO, the upper one above 0.1 TAO.
    match bound {
        Burn::Min(v) if v < Rao(TAO) && v < max => {
            gate.set(exec, |params| params.min_burn = v, Some(S::MinBurnSet(netuid, v).into()))
        }
        Burn::Max(v) if v > Rao(TAO.div_euclid(10)) && v > min => {
            gate.set(exec, |params| params.max_burn = v, Some(S::MaxBurnSet(netuid, v).into()))
        }
        _ => Err(A::ValueNotInBounds.into()),
    }
}

fn bonds_moving_average(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: u64) -> DispatchOutcome {
    let gate = Gate::open(exec, origin, netuid, by_owner(H::BondsMovingAverage))?;
    if origin != Origin::Root && v > OWNER_BONDS_MOVING_AVERAGE_MAX {
        return Err(A::BondsMovingAverageMaxReached.into());
    }
    let event = S::BondsMovingAverageSet(netuid, v);
    gate.set(exec, |params| params.bonds_moving_average = v, Some(event.into()))
}

fn alpha_values(
    exec: &mut Exec<'_>,
    origin: Origin,
    netuid: NetUid,
    (low, high): (u16, u16),
) -> DispatchOutcome {
    let gate = Gate::anywhere(exec, origin, netuid, by_owner(H::AlphaValues))?;
    if !params(exec, netuid).liquid_alpha_on {
        return Err(E::LiquidAlphaDisabled.into());
    }
    if high < ALPHA_MIN {
        return Err(E::AlphaHighTooLow.into());
    }
    if low < ALPHA_MIN || low > high {
        return Err(E::AlphaLowOutOfRange.into());
    }
    gate.set(exec, |params| params.alpha_values = (low, high), None)
}

fn reveal_period(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: u64) -> DispatchOutcome {
    let gate = Gate::open(exec, origin, netuid, by_owner(H::WeightCommitInterval))?;
    if v > 100 {
        return Err(E::RevealPeriodTooLarge.into());
    }
    if v < 1 {
        return Err(E::RevealPeriodTooSmall.into());
    }
    let event = S::CommitRevealPeriodsSet(netuid, v);
    gate.set(exec, |params| params.reveal_period_epochs = v, Some(event.into()))
}

fn sigmoid(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: i16) -> DispatchOutcome {
    let gate = Gate::open(exec, origin, netuid, by_owner(H::AlphaSigmoidSteepness))?;
    if v < 0 && origin != Origin::Root {
        return Err(A::NegativeSigmoidSteepness.into());
    }
    gate.set(exec, |params| params.alpha_sigmoid_steepness = v, None)
}

fn half_life(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: u16) -> DispatchOutcome {
    let gate = Gate::open(exec, origin, netuid, by_owner(H::BurnHalfLife))?;
    not_root(netuid)?;
    in_bounds((1..=BURN_HALF_LIFE_MAX).contains(&v))?;
    let event = AdminUtilsEvent::BurnHalfLifeSet { netuid, burn_half_life: v };
    gate.set(exec, |params| params.burn_half_life = v, Some(event.into()))
}

fn increase_mult(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: U64F64) -> DispatchOutcome {
    let gate = Gate::open(exec, origin, netuid, by_owner(H::BurnIncreaseMult))?;
    not_root(netuid)?;
    in_bounds((U64F64::ONE..=U64F64::from_u64(3)).contains(&v))?;
    let event = AdminUtilsEvent::BurnIncreaseMultSet { netuid, burn_increase_mult: v };
    gate.set(exec, |params| params.burn_increase_mult = v, Some(event.into()))
}

fn min_childkey_take(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: u16) -> DispatchOutcome {
    let gate = Gate::open(exec, origin, netuid, by_owner(H::MinChildkeyTake))?;
    let globals = &exec.state.globals;
    in_bounds((globals.min_childkey_take..=globals.max_childkey_take).contains(&v))?;
    let event = S::MinChildKeyTakePerSubnetSet(netuid, v);
    gate.set(exec, |params| params.min_childkey_take = v, Some(event.into()))
}

fn immune_neurons(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, v: u16) -> DispatchOutcome {
    let access = by_owner(H::ImmuneNeuronLimit);
    if !(1..=10).contains(&v) {
        Gate::anywhere(exec, origin, netuid, access)?.refuse(E::InvalidValue)
    } else {
        plain!(anywhere: exec, origin, netuid, access, immune_owner_uids_limit = v)
    }
}

impl Gate {
    fn refuse(self, error: E) -> DispatchOutcome {
        Err(error.into())
    }
}

fn in_bounds(inside: bool) -> Result<(), DispatchError> {
    if inside { Ok(()) } else { Err(A::InvalidValue.into()) }
}

fn params<'e>(exec: &'e Exec<'_>, netuid: NetUid) -> std::borrow::Cow<'e, Hyperparams> {
    match exec.state.subnet(netuid) {
        Some(subnet) => std::borrow::Cow::Borrowed(&subnet.params),
        None => std::borrow::Cow::Owned(Hyperparams::default()),
    }
}

fn neurons(exec: &Exec<'_>, netuid: NetUid) -> usize {
    exec.state.subnet(netuid).map_or(0, |subnet| subnet.neurons.n())
}
