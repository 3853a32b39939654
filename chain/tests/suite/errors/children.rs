//! Child hotkeys and what they keep.

use super::row::{Row, Table, fails};
use crate::world::{NET, OWNER, OWNER_HOT, ROOT, STAKER, VALI, VALI_COLD, World, id};
use chain::call::subtensor::Call;
use chain::error::{DispatchError, SubtensorModuleError as E};
use chain::units::NetUid;

const NOWHERE: NetUid = NetUid(9);
const WHOLE: u64 = u64::MAX;

fn set(netuid: NetUid, children: &[(u64, u64)]) -> Call {
    let children = children.iter().map(|(share, child)| (*share, id(*child))).collect();
    Call::SetChildren { hotkey: id(VALI), netuid, children }
}

fn take(take: u16) -> Call {
    Call::SetChildkeyTake { hotkey: id(VALI), netuid: NET, take }
}

fn threshold(world: &mut World) {
    world.state.globals_mut().stake_threshold = 1;
}

fn children() -> Vec<Row> {
    let good = || set(NET, &[(1, 50)]);
    let six = || set(NET, &[(1, 50), (1, 51), (1, 52), (1, 53), (1, 54), (1, 55)]);
    let child_of = |world: &mut World, parent: u64| {
        let list = vec![(1, id(VALI))];
        world.state.subnet_mut(NET).parents.insert(id(VALI), vec![(1, id(parent))]);
        world.state.subnet_mut(NET).children.insert(id(parent), list);
    };
    let mut owners = good();
    if let Call::SetChildren { hotkey, .. } = &mut owners {
        *hotkey = id(OWNER_HOT);
    }
    vec![
        fails(E::TxRateLimitExceeded, VALI_COLD, good()).when(move |w| w.ok(VALI_COLD, good())),
        fails(E::RegistrationNotPermittedOnRootSubnet, VALI_COLD, set(NetUid::ROOT, &[(1, 50)]))
            .but_call(good()),
        fails(E::SubnetNotExists, VALI_COLD, set(NOWHERE, &[(1, 50)])).but_call(good()),
        fails(E::NonAssociatedColdKey, STAKER, good()).but_by(VALI_COLD),
        fails(E::DuplicateChild, VALI_COLD, set(NET, &[(1, 50), (2, 50)]))
            .but_call(set(NET, &[(1, 50), (2, 51)])),
        fails(E::InvalidChild, VALI_COLD, set(NET, &[(1, VALI)])).but_call(good()),
        fails(E::TooManyChildren, VALI_COLD, six())
            .but_call(set(NET, &[(1, 50), (1, 51), (1, 52), (1, 53), (1, 54)])),
        fails(E::ProportionOverflow, VALI_COLD, set(NET, &[(WHOLE, 50), (1, 51)]))
            .but_call(set(NET, &[(WHOLE - 1, 50), (1, 51)])),
        fails(E::ChildParentInconsistency, VALI_COLD, good()).when(move |w| child_of(w, 50)),
        fails(E::NotEnoughStakeToSetChildkeys, VALI_COLD, good()).when(threshold),
        // An empty list needs no stake.
        fails(E::NotEnoughStakeToSetChildkeys, VALI_COLD, good()).given(threshold).but_call(set(NET, &[])),
        fails(E::NonAssociatedColdKey, VALI_COLD, owners).given(threshold).but_by(OWNER),
    ]
}

fn takes() -> Vec<Row> {
    let per_subnet = |world: &mut World| world.state.subnet_mut(NET).params_mut().min_childkey_take = 100;
    let raised = |world: &mut World| world.ok(VALI_COLD, take(1));
    vec![
        fails(E::NonAssociatedColdKey, STAKER, take(1)).but_by(VALI_COLD),
        fails(E::InvalidChildkeyTake, VALI_COLD, take(11_797)).but_call(take(11_796)),
        fails(E::InvalidChildkeyTake, VALI_COLD, take(99)).given(per_subnet).but_call(take(100)),
        fails(E::TxChildkeyTakeRateLimitExceeded, VALI_COLD, take(2)).given(raised).but_call(take(1)),
        fails(E::TxChildkeyTakeRateLimitExceeded, VALI_COLD, take(2)).when(raised),
    ]
}

fn by_root() -> Vec<Row> {
    [
        Call::SudoSetTxChildkeyTakeRateLimit { tx_rate_limit: 1 },
        Call::SudoSetMinChildkeyTake { take: 1 },
        Call::SudoSetMaxChildkeyTake { take: 1 },
        Call::SetPendingChildkeyCooldown { cooldown: 1 },
    ]
    .into_iter()
    .map(|call| fails(DispatchError::BadOrigin, OWNER, call).but_by(ROOT))
    .collect()
}

pub(super) fn table() -> Table {
    Table { world: super::world(), rows: [children(), takes(), by_root()].concat() }
}

#[test]
fn children_and_their_takes() {
    table().check();
}
