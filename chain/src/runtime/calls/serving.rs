//! Where a neuron answers and where it exposes metrics.
//!
//! **Source**: spec/chain.md 8.7.

use super::not_modelled;
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::types::{AxonInfo, NeuronCertificate, PrometheusInfo};
use crate::units::NetUid;

/// A certificate: one byte for the kind of key, then at most 64 bytes of it.
const CERTIFICATE_MAX: usize = 65;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let who = origin.signed()?;
    guard(exec, &who, call)?;
    let block = exec.now();
    match call {
        Call::ServeAxon { netuid, version, ip, port, ip_type, protocol, placeholder1, placeholder2 }
        | Call::ServeAxonTls {
            netuid,
            version,
            ip,
            port,
            ip_type,
            protocol,
            placeholder1,
            placeholder2,
            ..
        } => {
            let axon = AxonInfo {
                block,
                version: *version,
                ip: *ip,
                port: *port,
                ip_type: *ip_type,
                protocol: *protocol,
                placeholder1: *placeholder1,
                placeholder2: *placeholder2,
            };
            if let Call::ServeAxonTls { certificate, .. } = call {
                serve_certificate(exec, &who, *netuid, certificate);
            }
            exec.state.subnet_mut(*netuid).axons.insert(who, axon);
            exec.emit(Event::AxonServed(*netuid, who));
            Ok(())
        }
        Call::ServePrometheus { netuid, version, ip, port, ip_type } => {
            let info = PrometheusInfo { block, version: *version, ip: *ip, port: *port, ip_type: *ip_type };
            exec.state.subnet_mut(*netuid).prometheus.insert(who, info);
            exec.emit(Event::PrometheusServed(*netuid, who));
            Ok(())
        }
        _ => not_modelled("SubtensorModule", call),
    }
}

/// A certificate that is empty or too long is ignored.
fn serve_certificate(exec: &mut Exec<'_>, who: &AccountId, netuid: NetUid, certificate: &[u8]) {
    if let [algorithm, key @ ..] = certificate
        && certificate.len() <= CERTIFICATE_MAX
    {
        let certificate = NeuronCertificate { public_key: key.to_vec(), algorithm: *algorithm };
        exec.state.subnet_mut(netuid).certificates.insert(*who, certificate);
    }
}

/// Everything that can be wrong with an endpoint, also asked before dispatch.
///
/// # Errors
/// The module error.
pub(crate) fn guard(exec: &Exec<'_>, who: &AccountId, call: &Call) -> DispatchOutcome {
    match call {
        Call::ServeAxon { netuid, ip, port, ip_type, .. }
        | Call::ServeAxonTls { netuid, ip, port, ip_type, .. } => {
            check_registered(exec, who, *netuid)?;
            check_ip(*ip, *ip_type, true)?;
            let last = exec.state.subnet(*netuid).and_then(|subnet| subnet.axons.get(who));
            check_rate(exec, *netuid, last.map_or(0, |axon| axon.block))?;
            check_port(*port)
        }
        Call::ServePrometheus { netuid, ip, port, ip_type, .. } => {
            check_ip(*ip, *ip_type, false)?;
            check_registered(exec, who, *netuid)?;
            let last = exec.state.subnet(*netuid).and_then(|subnet| subnet.prometheus.get(who));
            check_rate(exec, *netuid, last.map_or(0, |info| info.block))?;
            check_port(*port)
        }
        _ => Ok(()),
    }
}

fn check_registered(exec: &Exec<'_>, who: &AccountId, netuid: NetUid) -> DispatchOutcome {
    match exec.state.subnet(netuid).and_then(|subnet| subnet.neurons.uid_of(who)) {
        Some(_) => Ok(()),
        None => Err(E::HotKeyNotRegisteredInNetwork.into()),
    }
}

fn check_ip(ip: u128, ip_type: u8, zero_allowed: bool) -> DispatchOutcome {
    let valid = match ip_type {
        4 => ip < u128::from(u32::MAX) && ip != u128::from(u32::from_be_bytes([127, 0, 0, 1])),
        6 => ip != u128::MAX && ip != 1,
        _ => return Err(E::InvalidIpType.into()),
    };
    if !valid || (ip == 0 && !zero_allowed) {
        return Err(E::InvalidIpAddress.into());
    }
    Ok(())
}

fn check_rate(exec: &Exec<'_>, netuid: NetUid, last: u64) -> DispatchOutcome {
    let limit = exec.state.subnet(netuid).map_or(0, |subnet| subnet.params.serving_rate_limit);
    if limit != 0 && last != 0 && exec.now().saturating_sub(last) < limit {
        return Err(E::ServingRateLimitExceeded.into());
    }
    Ok(())
}

fn check_port(port: u16) -> DispatchOutcome {
    if port == 0 { Err(E::InvalidPort.into()) } else { Ok(()) }
}
