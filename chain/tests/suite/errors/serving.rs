//! Where a neuron answers. Every refusal is a guard's.

use super::row::{Row, Table, fails};
use crate::world::{NET, STAKER, VALI, World, id};
use chain::call::subtensor::Call;
use chain::error::SubtensorModuleError as E;
use chain::units::NetUid;

/// Where an endpoint is said to be.
#[derive(Clone, Copy)]
struct At {
    netuid: NetUid,
    ip: u128,
    ip_type: u8,
    port: u16,
}

const GOOD: At = At { netuid: NET, ip: 0x0808_0808, ip_type: 4, port: 80 };

fn axon(at: At) -> Call {
    let At { netuid, ip, ip_type, port } = at;
    Call::ServeAxon { netuid, version: 1, ip, port, ip_type, protocol: 4, placeholder1: 0, placeholder2: 0 }
}

fn tls(at: At) -> Call {
    let At { netuid, ip, ip_type, port } = at;
    Call::ServeAxonTls {
        netuid,
        version: 1,
        ip,
        port,
        ip_type,
        protocol: 4,
        placeholder1: 0,
        placeholder2: 0,
        certificate: vec![1; 65],
    }
}

fn prometheus(at: At) -> Call {
    let At { netuid, ip, ip_type, port } = at;
    Call::ServePrometheus { netuid, version: 1, ip, port, ip_type }
}

fn rows(serve: fn(At) -> Call) -> Vec<Row> {
    let wrong = |error: E, code, at: At, but: At| {
        fails(error, VALI, serve(at)).at_the_door(code).but_call(serve(but))
    };
    let v4 = |ip: u128| At { ip, ..GOOD };
    let v6 = |ip: u128| At { ip, ip_type: 6, ..GOOD };
    let local = u128::from(u32::from_be_bytes([127, 0, 0, 1]));
    let served = move |world: &mut World| world.ok(VALI, serve(GOOD));
    let unlimited = |world: &mut World| world.state.subnet_mut(NET).params_mut().serving_rate_limit = 0;
    vec![
        fails(E::HotKeyNotRegisteredInNetwork, STAKER, serve(GOOD)).at_the_door(10).but_by(VALI),
        wrong(E::HotKeyNotRegisteredInNetwork, 10, At { netuid: NetUid(9), ..GOOD }, GOOD),
        wrong(E::InvalidIpType, 255, At { ip_type: 5, ..GOOD }, GOOD),
        wrong(E::InvalidIpAddress, 11, v4(local), v4(local + 1)),
        wrong(E::InvalidIpAddress, 11, v4(u32::MAX.into()), v4(u128::from(u32::MAX) - 1)),
        wrong(E::InvalidIpAddress, 11, v6(1), v6(2)),
        wrong(E::InvalidIpAddress, 11, v6(u128::MAX), v6(u128::MAX - 1)),
        fails(E::ServingRateLimitExceeded, VALI, serve(GOOD)).at_the_door(12).when(served),
        fails(E::ServingRateLimitExceeded, VALI, serve(GOOD))
            .at_the_door(12)
            .given(served)
            .but_when(unlimited),
        wrong(E::InvalidPort, 13, At { port: 0, ..GOOD }, At { port: 1, ..GOOD }),
    ]
}

/// What one kind of endpoint allows and the other does not.
fn differences() -> Vec<Row> {
    let nowhere = At { ip: 0, ..GOOD };
    vec![
        fails(E::InvalidIpAddress, VALI, prometheus(nowhere)).at_the_door(11).but_call(axon(nowhere)),
        // The order of the first two checks.
        fails(E::InvalidIpType, STAKER, prometheus(At { ip_type: 5, ..GOOD }))
            .at_the_door(255)
            .given(|w| w.ok(STAKER, Call::BurnedRegister { netuid: NET, hotkey: id(STAKER) }))
            .but_call(prometheus(GOOD)),
    ]
}

pub(super) fn table() -> Table {
    Table { world: super::world(), rows: [rows(axon), rows(tls), rows(prometheus), differences()].concat() }
}

#[test]
fn endpoints() {
    table().check();
}
