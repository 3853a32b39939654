//! What a hotkey keeps of its nominators' dividends, whose it is, and where incentive is staked.

use super::row::{Row, Table, fails};
use crate::world::{NET, STAKER, VALI, VALI_COLD, World, id};
use chain::account::AccountId;
use chain::call::subtensor::Call;
use chain::error::SubtensorModuleError as E;
use chain::runtime::tao;
use chain::units::NetUid;

const NOWHERE: NetUid = NetUid(9);

fn up(take: u16) -> Call {
    Call::IncreaseTake { hotkey: id(VALI), take }
}

fn down(take: u16) -> Call {
    Call::DecreaseTake { hotkey: id(VALI), take }
}

fn known(world: &mut World) {
    world.state.hotkey_mut(&id(VALI)).take = Some(5_000);
}

fn least(world: &mut World) {
    known(world);
    world.state.globals_mut().min_delegate_take = 4_000;
}

fn takes() -> Vec<Row> {
    let nobodys = |take| Call::IncreaseTake { hotkey: id(77), take };
    let nobodys_down = |take| Call::DecreaseTake { hotkey: id(77), take };
    let raised = |world: &mut World| world.ok(VALI_COLD, up(6_000));
    vec![
        fails(E::HotKeyAccountNotExists, VALI_COLD, nobodys(6_000)).at_the_door(4).but_call(up(6_000)),
        fails(E::HotKeyAccountNotExists, VALI_COLD, nobodys_down(4_000)).at_the_door(4).but_call(down(4_000)),
        fails(E::NonAssociatedColdKey, STAKER, up(6_000)).at_the_door(25).but_by(VALI_COLD),
        fails(E::NonAssociatedColdKey, STAKER, down(4_000)).at_the_door(25).but_by(VALI_COLD),
        fails(E::DelegateTakeTooLow, VALI_COLD, up(5_000)).but_call(up(5_001)),
        fails(E::DelegateTakeTooLow, VALI_COLD, down(5_000)).but_call(down(4_999)),
        fails(E::DelegateTakeTooLow, VALI_COLD, down(3_999))
            .given(least)
            .at_the_door(26)
            .but_call(down(4_000)),
        fails(E::DelegateTakeTooHigh, VALI_COLD, up(11_797)).at_the_door(27).but_call(up(11_796)),
        fails(E::DelegateTxRateLimitExceeded, VALI_COLD, up(7_000)).when(raised),
    ]
    .into_iter()
    .map(|row| row.given(known))
    .collect()
}

fn associations() -> Vec<Row> {
    let associate = |hotkey: AccountId| Call::TryAssociateHotkey { hotkey };
    let auto = |netuid, hotkey| Call::SetColdkeyAutoStakeHotkey { netuid, hotkey: id(hotkey) };
    let parent = || Call::SetAutoParentDelegationEnabled { hotkey: id(VALI), enabled: false };
    let seated = |world: &mut World| world.ok(VALI_COLD, Call::RootRegister { hotkey: id(VALI) });
    vec![
        fails(E::CannotUseSystemAccount, STAKER, associate(tao::subnet_account(NET)))
            .but_call(associate(id(40))),
        fails(E::SubnetNotExists, STAKER, auto(NOWHERE, VALI)).but_call(auto(NET, VALI)),
        fails(E::HotKeyNotRegisteredInSubNet, STAKER, auto(NET, 77)).but_call(auto(NET, VALI)),
        fails(E::SameAutoStakeHotkeyAlreadySet, STAKER, auto(NET, VALI))
            .when(move |w| w.ok(STAKER, auto(NET, VALI))),
        fails(E::NonAssociatedColdKey, STAKER, parent()).given(seated).but_by(VALI_COLD),
        fails(E::HotKeyNotRegisteredInSubNet, VALI_COLD, parent()).but_when(seated),
    ]
}

pub(super) fn table() -> Table {
    Table { world: super::world(), rows: [takes(), associations()].concat() }
}

#[test]
fn takes_and_associations() {
    table().check();
}
