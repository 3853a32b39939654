//! Hyperparameters of a subnet, set by its owner or by root.
//!
//! Every call has the same shape: who may send it, whether the admin window must be open, that the subnet exists,
//! bounds, the value, its event, and the owner's rate limit. **Source**: spec/chain.md 7.7, spec/tables/extrinsics.md.

use super::owner::{self, Hyperparameter as H, Limit};
use super::{admin_bounds, admin_globals, mechanisms, not_modelled, tempo, trim};
use crate::account::AccountId;
use crate::call::admin_utils::Call;
use crate::error::{
    AdminUtilsError as A, DispatchError, DispatchOutcome, SubtensorModuleError as E, SwapError,
};
use crate::event::{AdminUtilsEvent, Event, SubtensorModuleEvent as S, SwapEvent};
use crate::pool::FEE_RATE_MAX;
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, tao};
use crate::state::Hyperparams;
use crate::units::NetUid;

/// Who may change a hyperparameter.
#[derive(Clone, Copy, Debug)]
pub(super) enum Access {
    /// Root at any time.
    Root,
    /// Root while the admin window is open.
    RootInWindow,
    /// Owner or root while the admin window is open, the owner only so often.
    Owner(Option<Limit>),
}

pub(super) const fn by_owner(parameter: H) -> Access {
    Access::Owner(Some(Limit::Hyperparameter(parameter)))
}

/// A change that passed its gate; an owner's is recorded when it is done.
#[derive(Debug)]
#[must_use]
pub(super) struct Gate {
    netuid: NetUid,
    recorded: Option<(AccountId, Limit)>,
}

impl Gate {
    /// Opens the gate of a call about a subnet that exists.
    ///
    /// # Errors
    /// Those of [`Gate::anywhere`], and `SubnetDoesNotExist`.
    pub(super) fn open(
        exec: &Exec<'_>,
        origin: Origin,
        netuid: NetUid,
        access: Access,
    ) -> Result<Self, DispatchError> {
        let gate = Self::anywhere(exec, origin, netuid, access)?;
        if exec.state.subnet_exists(netuid) { Ok(gate) } else { Err(A::SubnetDoesNotExist.into()) }
    }

    /// Opens the gate of a call that does not ask whether the subnet exists: what root sets is there when one is
    /// registered under the number.
    ///
    /// # Errors
    /// `BadOrigin`, rate limits, the admin window.
    pub(super) fn anywhere(
        exec: &Exec<'_>,
        origin: Origin,
        netuid: NetUid,
        access: Access,
    ) -> Result<Self, DispatchError> {
        let mut recorded = None;
        match access {
            Access::Root => origin.root()?,
            Access::RootInWindow => {
                origin.root()?;
                owner::check_admin_window(exec, netuid)?;
            }
            Access::Owner(limit) => {
                let limits = limit.as_slice();
                let who = owner::check_owner_or_root(exec, origin, netuid, limits)?;
                owner::check_admin_window(exec, netuid)?;
                recorded = who.zip(limit);
            }
        }
        Ok(Self { netuid, recorded })
    }

    /// Makes the change and tells of it.
    pub(super) fn set(
        self,
        exec: &mut Exec<'_>,
        change: impl FnOnce(&mut Hyperparams),
        event: impl Into<Option<Event>>,
    ) -> DispatchOutcome {
        change(exec.state.subnet_mut(self.netuid).params_mut());
        if let Some(event) = event.into() {
            exec.emit(event);
        }
        self.record(exec)
    }

    /// Remembers when the owner did it.
    pub(super) fn record(self, exec: &mut Exec<'_>) -> DispatchOutcome {
        if let Some((who, limit)) = self.recorded {
            limit.record(exec, &who, self.netuid);
        }
        Ok(())
    }
}

/// One plain hyperparameter: gate, field, value, event.
macro_rules! plain {
    (anywhere: $exec:ident, $origin:ident, $netuid:expr, $access:expr, $field:ident = $value:expr $(, $event:expr)?) => {
        plain!(Gate::anywhere, $exec, $origin, $netuid, $access, $field = $value $(, $event)?)
    };
    ($exec:ident, $origin:ident, $netuid:expr, $access:expr, $field:ident = $value:expr $(, $event:expr)?) => {
        plain!(Gate::open, $exec, $origin, $netuid, $access, $field = $value $(, $event)?)
    };
    ($gate:path, $exec:ident, $origin:ident, $netuid:expr, $access:expr, $field:ident = $value:expr, $event:expr) => {
        $gate($exec, $origin, $netuid, $access)?.set(
            $exec,
            |params| params.$field = $value,
            Some(Event::from($event)),
        )
    };
    ($gate:path, $exec:ident, $origin:ident, $netuid:expr, $access:expr, $field:ident = $value:expr) => {
        $gate($exec, $origin, $netuid, $access)?.set($exec, |params| params.$field = $value, None)
    };
}
pub(super) use plain;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::SudoSetTempo { netuid, tempo } => {
            let gate = Gate::open(exec, origin, *netuid, Access::RootInWindow)?;
            tempo::apply_tempo(exec, *netuid, *tempo);
            gate.record(exec)
        }
        Call::SudoSetMechanismCount { netuid, mechanism_count } => {
            mechanisms::set_count(exec, origin, *netuid, *mechanism_count)
        }
        Call::SudoSetMechanismEmissionSplit { netuid, maybe_split } => {
            mechanisms::set_split(exec, origin, *netuid, maybe_split.as_deref())
        }
        Call::SudoSetSubtokenEnabled { netuid, subtoken_enabled } => {
            let gate = Gate::anywhere(exec, origin, *netuid, Access::RootInWindow)?;
            exec.state.subnet_mut(*netuid).pool.subtoken_enabled = *subtoken_enabled;
            gate.record(exec)
        }
        Call::SudoSetRaoRecycled { netuid, rao_recycled } => {
            let gate = Gate::open(exec, origin, *netuid, Access::Root)?;
            exec.state.subnet_mut(*netuid).registration.rao_recycled = *rao_recycled;
            exec.emit(S::RAORecycledForRegistrationSet(*netuid, *rao_recycled));
            gate.record(exec)
        }
        Call::SudoSetSubnetOwnerHotkey { netuid, hotkey } | Call::SudoSetSnOwnerHotkey { netuid, hotkey } => {
            set_owner_hotkey(exec, origin, *netuid, hotkey)
        }
        Call::SudoSetNetworkPowRegistrationAllowed { .. } => Err(A::POWRegistrationDisabled.into()),
        Call::SudoSetTotalIssuance { .. } => Err(A::Deprecated.into()),
        Call::SwapAuthorities { .. }
        | Call::ScheduleGrandpaChange { .. }
        | Call::SudoSetEvmChainId { .. }
        | Call::SudoToggleEvmPrecompile { .. } => {
            origin.root()?;
            not_modelled("AdminUtils", call)
        }
        Call::SudoTrimToMaxAllowedUids { netuid, max_n } => trim::dispatch(exec, origin, *netuid, *max_n),
        _ => match admin_globals::dispatch(exec, origin, call) {
            Some(outcome) => outcome,
            None => admin_bounds::dispatch(exec, origin, call).unwrap_or_else(|| flags(exec, origin, call)),
        },
    }
}

/// Hyperparameters of any value.
fn flags(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    use Access::{Root, RootInWindow};
    match call {
        Call::SudoSetServingRateLimit { netuid: n, serving_rate_limit: v } => {
            plain!(
                anywhere: exec,
                origin,
                *n,
                by_owner(H::ServingRateLimit),
                serving_rate_limit = *v,
                S::ServingRateLimitSet(*n, *v)
            )
        }
        Call::SudoSetMinDifficulty { netuid: n, min_difficulty: v } => {
            plain!(exec, origin, *n, RootInWindow, min_difficulty = *v, S::MinDifficultySet(*n, *v))
        }
        Call::SudoSetMaxDifficulty { netuid: n, max_difficulty: v } => {
            plain!(
                exec,
                origin,
                *n,
                by_owner(H::MaxDifficulty),
                max_difficulty = *v,
                S::MaxDifficultySet(*n, *v)
            )
        }
        Call::SudoSetDifficulty { netuid: n, difficulty: v } => {
            plain!(exec, origin, *n, RootInWindow, difficulty = *v, S::DifficultySet(*n, *v))
        }
        Call::SudoSetWeightsVersionKey { netuid: n, weights_version_key: v } => {
            let access = Access::Owner(Some(Limit::WeightsVersionKey));
            plain!(exec, origin, *n, access, weights_version_key = *v, S::WeightsVersionKeySet(*n, *v))
        }
        Call::SudoSetWeightsSetRateLimit { netuid: n, weights_set_rate_limit: v } => {
            plain!(exec, origin, *n, Root, weights_set_rate_limit = *v, S::WeightsSetRateLimitSet(*n, *v))
        }
        Call::SudoSetAdjustmentInterval { netuid: n, adjustment_interval: v } => {
            plain!(exec, origin, *n, Root, adjustment_interval = *v, S::AdjustmentIntervalSet(*n, *v))
        }
        Call::SudoSetAdjustmentAlpha { netuid: n, adjustment_alpha: v } => {
            plain!(
                exec,
                origin,
                *n,
                by_owner(H::AdjustmentAlpha),
                adjustment_alpha = *v,
                S::AdjustmentAlphaSet(*n, *v)
            )
        }
        Call::SudoSetImmunityPeriod { netuid: n, immunity_period: v } => {
            plain!(
                exec,
                origin,
                *n,
                by_owner(H::ImmunityPeriod),
                immunity_period = *v,
                S::ImmunityPeriodSet(*n, *v)
            )
        }
        Call::SudoSetMinAllowedWeights { netuid: n, min_allowed_weights: v } => {
            let access = by_owner(H::MinAllowedWeights);
            plain!(exec, origin, *n, access, min_allowed_weights = *v, S::MinAllowedWeightSet(*n, *v))
        }
        Call::SudoSetRho { netuid: n, rho: v } => {
            plain!(exec, origin, *n, by_owner(H::Rho), rho = *v)
        }
        Call::SudoSetNetworkRegistrationAllowed { netuid: n, registration_allowed: v } => {
            plain!(anywhere: exec, origin, *n, Root, registration_allowed = *v, S::RegistrationAllowed(*n, *v))
        }
        Call::SudoSetTargetRegistrationsPerInterval { netuid: n, target_registrations_per_interval: v } => {
            let event = S::RegistrationPerIntervalSet(*n, *v);
            plain!(exec, origin, *n, RootInWindow, target_registrations_per_interval = *v, event)
        }
        Call::SudoSetMaxRegistrationsPerBlock { netuid: n, max_registrations_per_block: v } => {
            let event = S::MaxRegistrationsPerBlockSet(*n, *v);
            plain!(exec, origin, *n, RootInWindow, max_registrations_per_block = *v, event)
        }
        _ => switches(exec, origin, call),
    }
}

/// Switches and other small hyperparameters.
fn switches(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    use Access::Root;
    match call {
        Call::SudoSetCommitRevealWeightsEnabled { netuid: n, enabled: v } => {
            let access = by_owner(H::CommitRevealEnabled);
            plain!(
                exec,
                origin,
                *n,
                access,
                commit_reveal_weights_enabled = *v,
                S::CommitRevealEnabled(*n, *v)
            )
        }
        Call::SudoSetKappa { netuid: n, kappa: v } => {
            plain!(exec, origin, *n, Root, kappa = *v, S::KappaSet(*n, *v))
        }
        Call::SudoSetLiquidAlphaEnabled { netuid: n, enabled: v } => {
            plain!(anywhere: exec, origin, *n, by_owner(H::LiquidAlphaEnabled), liquid_alpha_on = *v)
        }
        Call::SudoSetBondsPenalty { netuid: n, bonds_penalty: v } => {
            plain!(
                exec,
                origin,
                *n,
                by_owner(H::BondsPenalty),
                bonds_penalty = *v,
                S::BondsPenaltySet(*n, *v)
            )
        }
        Call::SudoSetToggleTransfer { netuid: n, toggle: v } => {
            plain!(
                anywhere: exec,
                origin,
                *n,
                by_owner(H::TransferEnabled),
                transfer_toggle = *v,
                S::TransferToggle(*n, *v)
            )
        }
        Call::SudoSetEmaPriceHalvingPeriod { netuid: n, ema_halving: v } => {
            plain!(anywhere: exec, origin, *n, Root, ema_price_halving_blocks = *v)
        }
        Call::SudoSetYuma3Enabled { netuid: n, enabled: v } => {
            let event = AdminUtilsEvent::Yuma3EnableToggled { netuid: *n, enabled: *v };
            plain!(anywhere: exec, origin, *n, by_owner(H::Yuma3Enabled), yuma3_on = *v, event)
        }
        Call::SudoSetBondsResetEnabled { netuid: n, enabled: v } => {
            let gate = Gate::anywhere(exec, origin, *n, by_owner(H::BondsResetEnabled))?;
            exec.state.subnet_mut(*n).params_mut().bonds_reset_on = *v;
            exec.emit(S::BondsResetOnSet(*n, *v));
            exec.emit(AdminUtilsEvent::BondsResetToggled { netuid: *n, enabled: *v });
            gate.record(exec)
        }
        Call::SudoSetRecycleOrBurn { netuid: n, recycle_or_burn: v } => {
            plain!(anywhere: exec, origin, *n, by_owner(H::RecycleOrBurn), recycle_or_burn = *v)
        }
        Call::SudoSetMinNonImmuneUids { netuid: n, min: v } => {
            plain!(anywhere: exec, origin, *n, Root, min_non_immune_uids = *v, S::MinNonImmuneUidsSet(*n, *v))
        }
        Call::SudoSetOwnerCutEnabled { netuid: n, enabled: v } => {
            let gate = Gate::open(exec, origin, *n, Access::Owner(None))?;
            not_root(*n)?;
            gate.set(exec, |params| params.owner_cut_enabled = *v, None)
        }
        Call::SudoSetOwnerCutAutoLockEnabled { netuid: n, enabled: v } => {
            let gate = Gate::open(exec, origin, *n, Access::Owner(None))?;
            not_root(*n)?;
            gate.set(exec, |params| params.owner_cut_auto_lock_enabled = *v, None)
        }
        Call::SudoSetSubnetEmissionEnabled { netuid: n, enabled: v } => {
            let gate = Gate::open(exec, origin, *n, Root)?;
            not_root(*n)?;
            let event = AdminUtilsEvent::SubnetEmissionEnabledSet { netuid: *n, enabled: *v };
            gate.set(exec, |params| params.emission_enabled = *v, Some(event.into()))
        }
        _ => not_modelled("AdminUtils", call),
    }
}

/// # Errors
/// `NotPermittedOnRootSubnet`.
pub(super) fn not_root(netuid: NetUid) -> DispatchOutcome {
    if netuid.is_root() { Err(A::NotPermittedOnRootSubnet.into()) } else { Ok(()) }
}

/// How long a subnet keeps its owner hotkey, blocks.
const OWNER_HOTKEY_RATE_LIMIT: u64 = 50_400;

/// Any hotkey that is no account of a subnet, registered or not, whoever owns it.
fn set_owner_hotkey(
    exec: &mut Exec<'_>,
    origin: Origin,
    netuid: NetUid,
    hotkey: &AccountId,
) -> DispatchOutcome {
    owner::check_owner_or_root(exec, origin, netuid, &[])?;
    if !exec.state.subnet_exists(netuid) {
        return Err(E::SubnetNotExists.into());
    }
    let key = crate::state::RateLimitKey::SetSNOwnerHotkey(netuid);
    let (now, last) = (exec.now(), exec.state.last_rate_limited.get(&key).copied().unwrap_or(0));
    if last != 0 && now.saturating_sub(last) < OWNER_HOTKEY_RATE_LIMIT {
        return Err(E::TxRateLimitExceeded.into());
    }
    if tao::is_subnet_account(hotkey) {
        return Err(E::CannotUseSystemAccount.into());
    }
    exec.state.last_rate_limited.insert(key, now);
    let subnet = exec.state.subnet_mut(netuid);
    (subnet.owner_hotkey, subnet.has_owner) = (*hotkey, true);
    exec.emit(S::SubnetOwnerHotkeySet(netuid, *hotkey));
    Ok(())
}

/// `Swap.set_fee_rate`, by root: the pool is not the owner's.
pub(crate) fn set_fee_rate(
    exec: &mut Exec<'_>,
    origin: Origin,
    netuid: NetUid,
    rate: u16,
) -> DispatchOutcome {
    origin.root()?;
    if !exec.state.subnet_exists(netuid) {
        return Err(SwapError::MechanismDoesNotExist.into());
    }
    if rate > FEE_RATE_MAX {
        return Err(SwapError::FeeRateTooHigh.into());
    }
    exec.state.subnet_mut(netuid).params_mut().fee_rate = rate;
    exec.emit(SwapEvent::FeeRateSet { netuid, rate });
    Ok(())
}
