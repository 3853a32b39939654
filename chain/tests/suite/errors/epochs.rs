//! When epochs run, and what a subnet keeps of voting power.

use super::row::{Row, Table, fails};
use crate::world::{NET, OWNER, ROOT, STAKER, World};
use chain::call::subtensor::Call;
use chain::error::{DispatchError, SubtensorModuleError as E};
use chain::units::NetUid;

const NOWHERE: NetUid = NetUid(9);
const ONE: u64 = 1_000_000_000_000_000_000;

fn frozen(world: &mut World) {
    world.state.globals_mut().admin_freeze_window = 400;
}

fn tempos() -> Vec<Row> {
    let set = |netuid, tempo| Call::SetTempo { netuid, tempo };
    vec![
        fails(DispatchError::BadOrigin, STAKER, set(NET, 360)).but_by(OWNER),
        // Root has a call of its own.
        fails(DispatchError::BadOrigin, ROOT, set(NET, 360)).but_by(OWNER),
        fails(DispatchError::BadOrigin, OWNER, set(NOWHERE, 360)).but_call(set(NET, 360)),
        fails(E::TempoOutOfBounds, OWNER, set(NET, 359)).but_call(set(NET, 360)),
        fails(E::TempoOutOfBounds, OWNER, set(NET, 50_401)).but_call(set(NET, 50_400)),
        fails(E::AdminActionProhibitedDuringWeightsWindow, OWNER, set(NET, 360)).when(frozen),
        fails(E::TxRateLimitExceeded, OWNER, set(NET, 361)).when(move |w| w.ok(OWNER, set(NET, 360))),
    ]
}

fn cutoffs() -> Vec<Row> {
    let set = |netuid, factor_milli| Call::SetActivityCutoffFactor { netuid, factor_milli };
    vec![
        fails(DispatchError::BadOrigin, STAKER, set(NET, 1_000)).but_by(OWNER),
        fails(DispatchError::BadOrigin, OWNER, set(NOWHERE, 1_000)).but_call(set(NET, 1_000)),
        // Root is not asked whether there is such a subnet.
        fails(E::ActivityCutoffFactorMilliOutOfBounds, ROOT, set(NOWHERE, 999)).but_call(set(NOWHERE, 1_000)),
        fails(E::ActivityCutoffFactorMilliOutOfBounds, OWNER, set(NET, 999)).but_call(set(NET, 1_000)),
        fails(E::ActivityCutoffFactorMilliOutOfBounds, ROOT, set(NET, 50_001)).but_call(set(NET, 50_000)),
        fails(E::AdminActionProhibitedDuringWeightsWindow, OWNER, set(NET, 1_000)).when(frozen),
        // The window is not for root here.
        fails(E::AdminActionProhibitedDuringWeightsWindow, OWNER, set(NET, 1_000)).given(frozen).but_by(ROOT),
        fails(E::TxRateLimitExceeded, OWNER, set(NET, 1_001)).when(move |w| w.ok(OWNER, set(NET, 1_000))),
    ]
}

fn triggers() -> Vec<Row> {
    let trigger = |netuid| Call::TriggerEpoch { netuid };
    let triggered = move |w: &mut World| w.ok(OWNER, trigger(NET));
    let over = move |w: &mut World| {
        triggered(w);
        (0..12).for_each(|_| w.step());
    };
    vec![
        fails(DispatchError::BadOrigin, STAKER, trigger(NET)).but_by(OWNER),
        fails(DispatchError::BadOrigin, ROOT, trigger(NET)).but_by(OWNER),
        fails(DispatchError::BadOrigin, OWNER, trigger(NOWHERE)).but_call(trigger(NET)),
        fails(E::DynamicTempoBlockedByCommitReveal, OWNER, trigger(NET))
            .when(|w| w.state.subnet_mut(NET).params_mut().commit_reveal_weights_enabled = true),
        fails(E::EpochTriggerAlreadyPending, OWNER, trigger(NET)).when(triggered),
        fails(E::AutoEpochAlreadyImminent, OWNER, trigger(NET)).when(frozen),
        fails(E::TxRateLimitExceeded, OWNER, trigger(NET)).when(over),
    ]
}

fn voting() -> Vec<Row> {
    let enable = |netuid| Call::EnableVotingPowerTracking { netuid };
    let disable = |netuid| Call::DisableVotingPowerTracking { netuid };
    let alpha = |alpha| Call::SudoSetVotingPowerEmaAlpha { netuid: NET, alpha };
    let enabled = move |w: &mut World| w.ok(OWNER, enable(NET));
    vec![
        fails(DispatchError::BadOrigin, STAKER, enable(NET)).but_by(OWNER),
        fails(DispatchError::BadOrigin, STAKER, enable(NET)).but_by(ROOT),
        fails(DispatchError::BadOrigin, OWNER, enable(NOWHERE)).but_call(enable(NET)),
        fails(DispatchError::BadOrigin, STAKER, disable(NET)).given(enabled).but_by(OWNER),
        fails(DispatchError::BadOrigin, STAKER, disable(NET)).given(enabled).but_by(ROOT),
        fails(DispatchError::BadOrigin, OWNER, disable(NOWHERE)).given(enabled).but_call(disable(NET)),
        fails(E::VotingPowerTrackingNotEnabled, OWNER, disable(NET)).but_when(enabled),
        fails(DispatchError::BadOrigin, OWNER, alpha(ONE)).but_by(ROOT),
        fails(E::InvalidVotingPowerEmaAlpha, ROOT, alpha(ONE + 1)).but_call(alpha(ONE)),
    ]
}

pub(super) fn table() -> Table {
    Table { world: super::world(), rows: [tempos(), cutoffs(), triggers(), voting()].concat() }
}

#[test]
fn epochs_and_voting_power() {
    table().check();
}
