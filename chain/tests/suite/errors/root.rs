//! The root network: seats, claims of its dividends, and their bounds.

use super::row::{Row, Table, fails};
use crate::world::{NET, OWNER, OWNER_HOT, ROOT, STAKER, VALI, VALI_COLD, World, id};
use chain::account::AccountId;
use chain::call::subtensor::Call;
use chain::error::{DispatchError, SubtensorModuleError as E, SwapError};
use chain::math::fixed::I96F32;
use chain::runtime::tao;
use chain::state::Subnet;
use chain::types::RootClaimTypeEnum;
use chain::units::{AlphaRao, NetUid, Rao, TAO};

const NOWHERE: NetUid = NetUid(9);

fn seat(hotkey: u64) -> Call {
    Call::RootRegister { hotkey: id(hotkey) }
}

fn root(world: &mut World) -> &mut Subnet {
    world.state.subnet_mut(NetUid::ROOT)
}

fn seats() -> Vec<Row> {
    let system = |hotkey: AccountId| Call::RootRegister { hotkey };
    // One seat, and whoever sits on it has one unit of stake.
    let one_seat = |world: &mut World| {
        world.ok(VALI_COLD, seat(VALI));
        root(world).params_mut().max_allowed_uids = 1;
        stake_on_root(world, VALI, VALI_COLD, 1);
    };
    vec![
        fails(E::RootNetworkDoesNotExist, STAKER, seat(40)).when(|w| root(w).added = false),
        fails(E::TooManyRegistrationsThisBlock, STAKER, seat(40))
            .when(|w| root(w).params_mut().max_registrations_per_block = 0),
        fails(E::TooManyRegistrationsThisInterval, STAKER, seat(40))
            .when(|w| root(w).registration.this_interval = 3),
        fails(E::HotKeyAlreadyRegisteredInSubNet, VALI_COLD, seat(VALI))
            .when(|w| w.ok(VALI_COLD, seat(VALI))),
        fails(E::CannotUseSystemAccount, STAKER, system(tao::subnet_account(NET))).but_call(seat(40)),
        fails(E::CannotUseSystemAccount, STAKER, system(tao::subnet_account(NOWHERE))).but_call(seat(40)),
        fails(E::StakeTooLowForRoot, OWNER, seat(OWNER_HOT))
            .given(one_seat)
            .given(|w| stake_on_root(w, OWNER_HOT, OWNER, 1))
            .but_when(|w| stake_on_root(w, OWNER_HOT, OWNER, 1)),
        fails(E::NoNeuronIdAvailable, OWNER, seat(OWNER_HOT))
            .when(|w| root(w).params_mut().max_allowed_uids = 0),
    ]
}

fn stake_on_root(world: &mut World, hotkey: u64, coldkey: u64, amount: u64) {
    let env = world.env();
    let mut exec = chain::runtime::Exec::new(&mut world.state, &env);
    chain::runtime::shares::increase_stake(
        &mut exec,
        &id(hotkey),
        &id(coldkey),
        NetUid::ROOT,
        AlphaRao(amount),
    );
}

/// The staker has 100 TAO on root behind the validator, and may claim half an alpha for each.
fn owed(world: &mut World) {
    stake_on_root(world, VALI, STAKER, 100 * TAO);
    world.state.hotkey_mut(&id(VALI)).root_claimable.insert(NET.number(), I96F32(1 << 31));
}

fn claims() -> Vec<Row> {
    let claim = |netuids: &[u16]| Call::ClaimRoot { subnets: netuids.iter().copied().map(NetUid).collect() };
    let kind = |netuids: &[u16]| Call::SetRootClaimType {
        new_root_claim_type: RootClaimTypeEnum::KeepSubnets {
            subnets: netuids.iter().copied().map(NetUid).collect(),
        },
    };
    let broke = |world: &mut World| {
        let pot = tao::subnet_account(NET);
        world.state.balances.accounts.get_mut(&pot).unwrap().data.free = Rao(600);
    };
    vec![
        fails(E::InvalidSubnetNumber, STAKER, claim(&[])).but_call(claim(&[2])),
        fails(E::InvalidSubnetNumber, STAKER, claim(&[1, 2, 3, 4, 5, 6])).but_call(claim(&[1, 2, 3, 4, 5])),
        fails(E::InvalidSubnetNumber, STAKER, kind(&[])).but_call(kind(&[2])),
        // A claim that is sold fails with its sale.
        fails(SwapError::ReservesTooLow, STAKER, claim(&[2]))
            .given(owed)
            .when(|w| w.state.subnet_mut(NET).pool.tao = Rao(999_999)),
        fails(E::InsufficientBalance, STAKER, claim(&[2])).given(owed).when(broke),
    ]
}

fn bounds() -> Vec<Row> {
    let count = |new_value| Call::SudoSetNumRootClaims { new_value };
    let threshold = |netuid, new_value| Call::SudoSetRootClaimThreshold { netuid, new_value };
    vec![
        fails(DispatchError::BadOrigin, OWNER, count(50)).but_by(ROOT),
        fails(E::InvalidNumRootClaim, ROOT, count(51)).but_call(count(50)),
        fails(DispatchError::BadOrigin, STAKER, threshold(NET, 1)).but_by(OWNER),
        fails(DispatchError::BadOrigin, OWNER, threshold(NOWHERE, 1)).but_call(threshold(NET, 1)),
        fails(E::InvalidRootClaimThreshold, OWNER, threshold(NET, 10_000_001))
            .but_call(threshold(NET, 10_000_000)),
        fails(E::InvalidRootClaimThreshold, ROOT, threshold(NET, 10_000_001))
            .but_call(threshold(NET, 10_000_000)),
    ]
}

pub(super) fn table() -> Table {
    Table { world: super::world(), rows: [seats(), claims(), bounds()].concat() }
}

#[test]
fn root_seats_and_claims() {
    table().check();
}
