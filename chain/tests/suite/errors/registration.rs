//! Slots on a subnet, and subnets themselves.

use super::identity::{longest, too_long};
use super::row::{Row, Table, fails, left_with};
use crate::world::{NET, OWNER, POOR, ROOT, STAKER, VALI, VALI_COLD, World, id};
use chain::account::AccountId;
use chain::call::subtensor::Call;
use chain::error::{DispatchError, SubtensorModuleError as E, SwapError};
use chain::runtime::tao;
use chain::state::Subnet;
use chain::units::{AlphaRao, NetUid, Rao, TAO};

const NOWHERE: NetUid = NetUid(9);

fn subnet(world: &mut World) -> &mut Subnet {
    world.state.subnet_mut(NET)
}

/// A call that registers a hotkey on a subnet.
type Register = fn(NetUid, AccountId) -> Call;

fn burned(netuid: NetUid, hotkey: AccountId) -> Call {
    Call::BurnedRegister { netuid, hotkey }
}

fn worked(netuid: NetUid, hotkey: AccountId) -> Call {
    Call::Register { netuid, block_number: 0, nonce: 0, work: vec![], hotkey, coldkey: id(77) }
}

fn limited(netuid: NetUid, hotkey: AccountId) -> Call {
    Call::RegisterLimit { netuid, hotkey, limit_price: 10 * TAO }
}

fn slots(register: Register) -> Vec<Row> {
    let good = move || register(NET, id(40));
    // What is left after the fee pays the price, and would end the account.
    let to_the_last = left_with(POOR, good(), 500);
    vec![
        fails(E::RegistrationNotPermittedOnRootSubnet, STAKER, register(NetUid::ROOT, id(40)))
            .but_call(good()),
        fails(E::SubnetNotExists, STAKER, register(NOWHERE, id(40))).but_call(good()),
        fails(E::SubNetRegistrationDisabled, STAKER, good())
            .when(|w| subnet(w).params_mut().registration_allowed = false),
        fails(E::HotKeyAlreadyRegisteredInSubNet, VALI_COLD, register(NET, id(VALI))).but_call(good()),
        fails(E::NotEnoughBalanceToStake, POOR, good()).but_by(STAKER),
        fails(E::CannotUseSystemAccount, STAKER, register(NET, tao::subnet_account(NET))).but_call(good()),
        fails(E::NonAssociatedColdKey, STAKER, good())
            .when(|w| w.state.hotkey_mut(&id(40)).owner = Some(id(OWNER))),
        fails(E::NoNeuronIdAvailable, STAKER, good()).when(|w| subnet(w).params_mut().max_allowed_uids = 0),
        // Full of the owner's neuron alone.
        fails(E::NoNeuronIdAvailable, STAKER, register(NetUid(1), id(40)))
            .given(|w| {
                let one = w.state.subnet_mut(NetUid(1));
                (one.owner, one.has_owner, one.owner_hotkey) = (id(OWNER), true, AccountId::zero());
            })
            .when(|w| w.state.subnet_mut(NetUid(1)).params_mut().max_allowed_uids = 1),
        // The price is swapped: a pool too small for it refuses.
        fails(SwapError::SwapInputTooLarge, STAKER, good()).when(|w| subnet(w).pool.tao = Rao(1_000)),
        fails(SwapError::ReservesTooLow, STAKER, good())
            .when(|w| subnet(w).pool.alpha_in = AlphaRao(999_999)),
        fails(E::InsufficientBalance, POOR, good()).given(cheap).when(to_the_last),
    ]
}

/// A slot costs as much as an account must hold to exist.
fn cheap(world: &mut World) {
    let params = subnet(world).params_mut();
    (params.min_burn, params.max_burn) = (Rao(500), Rao(500));
}

fn limits() -> Vec<Row> {
    let limit = |limit_price| Call::RegisterLimit { netuid: NET, hotkey: id(40), limit_price };
    let fixed = |world: &mut World| {
        let params = subnet(world).params_mut();
        (params.min_burn, params.max_burn) = (Rao(TAO), Rao(TAO));
    };
    vec![fails(E::RegistrationPriceLimitExceeded, STAKER, limit(TAO - 1)).given(fixed).but_call(limit(TAO))]
}

/// A call that registers a network for a hotkey.
type Network = fn(AccountId) -> Call;

fn network(hotkey: AccountId) -> Call {
    Call::RegisterNetwork { hotkey }
}

fn with_identity(hotkey: AccountId) -> Call {
    Call::RegisterNetworkWithIdentity { hotkey, identity: None }
}

fn open(world: &mut World) {
    world.state.globals_mut().network_rate_limit = 0;
}

fn networks(register: Network) -> Vec<Row> {
    let good = move || register(id(40));
    let full = |world: &mut World| world.state.globals_mut().subnet_limit = 2;
    let no_immunity = |world: &mut World| world.state.globals_mut().network_immunity_period = 0;
    vec![
        fails(E::NonAssociatedColdKey, STAKER, register(id(VALI))).given(open).but_call(good()),
        fails(E::CannotUseSystemAccount, STAKER, register(tao::subnet_account(NET)))
            .given(open)
            .but_call(good()),
        fails(E::SubNetRegistrationDisabled, STAKER, good())
            .given(open)
            .when(|w| w.state.globals_mut().network_registration_start_block = 1_000),
        fails(E::SubnetLimitReached, STAKER, good()).given(open).when(full),
        fails(E::SubnetLimitReached, STAKER, good()).given(open).given(full).but_when(no_immunity),
        fails(E::CannotAffordLockCost, POOR, good()).given(open).but_by(STAKER),
    ]
}

fn network_limits() -> Vec<Row> {
    let named = |identity| Call::RegisterNetworkWithIdentity { hotkey: id(40), identity: Some(identity) };
    let mut rows: Vec<Row> = too_long()
        .into_iter()
        .map(|identity| {
            fails(E::InvalidIdentity, STAKER, named(identity)).given(open).but_call(named(longest()))
        })
        .collect();
    rows.push(fails(E::NetworkTxRateLimitExceeded, STAKER, network(id(40))).at_the_door(6).but_when(open));
    rows.push(fails(E::NetworkTxRateLimitExceeded, STAKER, with_identity(id(40))).but_when(open));
    rows
}

fn starts() -> Vec<Row> {
    let start = |netuid| Call::StartCall { netuid };
    let fresh = |world: &mut World| {
        let subnet = subnet(world);
        subnet.schedule.first_emission_block = None;
        subnet.pool.subtoken_enabled = false;
    };
    vec![
        fails(E::SubnetNotExists, OWNER, start(NOWHERE)).given(fresh).but_call(start(NET)),
        fails(DispatchError::BadOrigin, STAKER, start(NET)).given(fresh).but_by(OWNER),
        fails(E::FirstEmissionBlockNumberAlreadySet, OWNER, start(NET)).but_when(fresh),
        fails(E::NeedWaitingMoreBlocksToStarCall, OWNER, start(NET))
            .given(fresh)
            .when(|w| w.state.globals_mut().start_call_delay = 1_000),
    ]
}

fn ends() -> Vec<Row> {
    let by = |netuid| Call::DissolveNetwork { coldkey: id(OWNER), netuid };
    let root = |netuid| Call::RootDissolveNetwork { netuid };
    vec![
        fails(DispatchError::BadOrigin, OWNER, by(NET)).but_by(ROOT),
        fails(E::SubnetNotExists, ROOT, by(NOWHERE)).but_call(by(NET)),
        fails(DispatchError::BadOrigin, OWNER, root(NET)).but_by(ROOT),
        fails(E::SubnetNotExists, ROOT, root(NOWHERE)).but_call(root(NET)),
        fails(E::SubnetNotExists, ROOT, root(NetUid::ROOT)).but_call(root(NET)),
    ]
}

pub(super) fn table() -> Table {
    let rows = [
        slots(burned),
        slots(worked),
        slots(limited),
        limits(),
        networks(network),
        networks(with_identity),
        network_limits(),
        starts(),
        ends(),
    ];
    Table { world: super::world(), rows: rows.concat() }
}

#[test]
fn slots_and_networks() {
    table().check();
}
