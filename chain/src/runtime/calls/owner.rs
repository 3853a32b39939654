//! What a subnet owner may do, when, and how often.
//!
//! **Source**: spec/chain.md 2.8, 7.7.

use crate::account::AccountId;
use crate::error::{DispatchError, DispatchOutcome, SubtensorModuleError as E};
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::state::{RateLimitKey, State, Subnet};
pub(crate) use crate::types::Hyperparameter;
use crate::units::{BlockNumber, NetUid};

/// How often an owner may send a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Once per `OwnerHyperparamRateLimit` tempos.
    Hyperparameter(Hyperparameter),
    /// Once per `WeightsVersionKeyRateLimit` tempos.
    WeightsVersionKey,
    /// Once per mechanism interval of the build.
    MechanismCount,
    /// Once per mechanism interval of the build.
    MechanismEmission,
    /// Once per trim interval of the build.
    MaxUidsTrimming,
    /// Once per 360 blocks.
    Tempo,
}

impl Limit {
    /// The number of the kind of call in `TransactionKeyLastBlock`.
    const fn kind(self) -> u16 {
        match self {
            Self::WeightsVersionKey => 4,
            Self::Hyperparameter(_) => 6,
            Self::MechanismCount => 7,
            Self::MechanismEmission => 8,
            Self::MaxUidsTrimming => 9,
            Self::Tempo => 11,
        }
    }

    fn blocks(self, exec: &Exec<'_>, netuid: NetUid) -> u64 {
        let state = &exec.state;
        let tempo = state.subnet(netuid).map_or(0, |subnet| u64::from(subnet.params.tempo));
        match self {
            Self::Hyperparameter(_) => tempo.saturating_mul(state.globals.owner_hyperparam_rate_limit.into()),
            Self::WeightsVersionKey => tempo.saturating_mul(state.globals.weights_version_key_rate_limit),
            Self::MechanismCount | Self::MechanismEmission => exec.constants.mechanism_interval,
            Self::MaxUidsTrimming => exec.constants.trim_interval,
            Self::Tempo => 360,
        }
    }

    fn last(self, state: &State, who: &AccountId, netuid: NetUid) -> BlockNumber {
        match self {
            Self::Hyperparameter(parameter) => {
                let key = RateLimitKey::OwnerHyperparamUpdate(netuid, parameter);
                state.last_rate_limited.get(&key).copied()
            }
            _ => state.transaction_key_last_block.get(&(*who, netuid, self.kind())).copied(),
        }
        .unwrap_or(0)
    }

    /// Whether the account may send the call now. Never sent before, or at block 0, counts as long ago.
    pub(crate) fn passes(self, exec: &Exec<'_>, who: &AccountId, netuid: NetUid) -> bool {
        let last = self.last(exec.state, who, netuid);
        last == 0 || exec.now().saturating_sub(last) >= self.blocks(exec, netuid)
    }

    /// Remembers that the account sent the call now.
    pub(crate) fn record(self, exec: &mut Exec<'_>, who: &AccountId, netuid: NetUid) {
        let now = exec.now();
        match self {
            Self::Hyperparameter(parameter) => {
                let key = RateLimitKey::OwnerHyperparamUpdate(netuid, parameter);
                exec.state.last_rate_limited.insert(key, now);
            }
            _ => {
                exec.state.transaction_key_last_block.insert((*who, netuid, self.kind()), now);
            }
        }
    }
}

/// The signer must own the subnet. The owner of a subnet that does not exist is the zero account.
///
/// # Errors
/// `BadOrigin`.
pub(crate) fn check_owner(
    exec: &Exec<'_>,
    origin: Origin,
    netuid: NetUid,
) -> Result<AccountId, DispatchError> {
    let who = origin.signed()?;
    let owner = exec.state.subnet(netuid).map_or(AccountId::zero(), |subnet| subnet.owner);
    if owner == who { Ok(who) } else { Err(DispatchError::BadOrigin) }
}

/// Root, or the owner of the subnet who keeps the limits; gives the owner back so that the call can be recorded.
///
/// # Errors
/// `BadOrigin`, `TxRateLimitExceeded`.
pub(crate) fn check_owner_or_root(
    exec: &Exec<'_>,
    origin: Origin,
    netuid: NetUid,
    limits: &[Limit],
) -> Result<Option<AccountId>, DispatchError> {
    if origin == Origin::Root {
        return Ok(None);
    }
    let who = check_owner(exec, origin, netuid)?;
    if limits.iter().any(|limit| !limit.passes(exec, &who, netuid)) {
        return Err(E::TxRateLimitExceeded.into());
    }
    Ok(Some(who))
}

/// Blocks until the next epoch that nobody triggers; never for tempo 0.
pub(crate) fn blocks_until_next_auto_epoch(subnet: &Subnet, now: BlockNumber) -> u64 {
    if subnet.params.tempo == 0 {
        return u64::MAX;
    }
    subnet.schedule.last_epoch_block.saturating_add(subnet.params.tempo.into()).saturating_sub(now)
}

/// Hyperparameters may not change shortly before an epoch. What is no subnet has the values of one that is not set up.
///
/// # Errors
/// `AdminActionProhibitedDuringWeightsWindow`.
pub(crate) fn check_admin_window(exec: &Exec<'_>, netuid: NetUid) -> DispatchOutcome {
    let none = Subnet::default();
    let subnet = exec.state.subnet(netuid).unwrap_or(&none);
    let window = u64::from(exec.state.globals.admin_freeze_window);
    let triggered = subnet.schedule.pending_epoch_at > exec.now();
    if subnet.params.tempo != 0 && (triggered || blocks_until_next_auto_epoch(subnet, exec.now()) < window) {
        return Err(E::AdminActionProhibitedDuringWeightsWindow.into());
    }
    Ok(())
}
