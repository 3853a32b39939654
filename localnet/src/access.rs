//! Which web pages may talk to this process, and which addresses the cast asks.
//!
//! A browser lets any page open connections to this machine, and names the page in `Origin`; by a name of its own that
//! resolves to this machine a page can even pass for one of it, which `Host` then shows. Clients that are not browsers
//! send no `Origin` and name an address.

use hyper::header::{HOST, HeaderValue, ORIGIN};
use hyper::http::uri::Authority;
use hyper::{HeaderMap, Uri};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Pages that are always let in: the one tool for Substrate chains that is a web page.
const ORIGINS: [&str; 1] = ["https://polkadot.js.org"];
/// Most of a refused name that a message repeats. **Units**: characters.
const SHOWN: usize = 100;

/// Web pages and names of this machine that are let in, beside those of this machine itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Origins, as browsers send them; `*` for any.
    pub origins: Vec<String>,
    /// Names of this machine, beside localhost and IP addresses; `*` for any.
    pub hosts: Vec<String>,
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// A page that is not let in.
    Origin(String),
    /// A name that is not this machine's.
    Host(String),
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin(name) => {
                write!(f, "pages of {name} may not talk to this chain; --allow-origin {name} lets them")
            }
            Self::Host(name) => {
                write!(f, "{name} is not a name of this machine; --allow-host {name} makes it one")
            }
        }
    }
}

impl Access {
    /// Refuses requests of foreign pages, and those that address this machine by a foreign name.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Denied> {
        for origin in headers.get_all(ORIGIN) {
            if !self.allows_origin(origin) {
                return Err(Denied::Origin(shown(origin.as_bytes())));
            }
        }
        let in_uri = uri.authority().map(|authority| authority.as_str().as_bytes());
        for host in headers.get_all(HOST).iter().map(HeaderValue::as_bytes).chain(in_uri) {
            if !self.allows_host(host) {
                return Err(Denied::Host(shown(host)));
            }
        }
        Ok(())
    }

    fn allows_origin(&self, origin: &HeaderValue) -> bool {
        let Ok(origin) = origin.to_str() else { return false };
        let is_named = |name: &str| name == "*" || name.trim_end_matches('/').eq_ignore_ascii_case(origin);
        if self.origins.iter().map(String::as_str).chain(ORIGINS).any(is_named) {
            return true;
        }
        let (Some(scheme), Ok(uri)) = (origin.split("://").next(), origin.parse::<Uri>()) else {
            return false;
        };
        let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        is_web && uri.host().is_some_and(is_this_machine)
    }

    fn allows_host(&self, host: &[u8]) -> bool {
        let Ok(authority) = Authority::try_from(host) else { return false };
        if authority.as_str().contains('@') {
            return false;
        }
        let host = authority.host();
        let is_named = |name: &String| name == "*" || name.eq_ignore_ascii_case(host);
        is_localhost(host) || address(host).is_some() || self.hosts.iter().any(is_named)
    }
}

/// An IP address as a URI has it.
fn address(host: &str) -> Option<IpAddr> {
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

/// `localhost` and the names below it, which resolve to loopback addresses only.
fn is_localhost(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost")
}

fn is_this_machine(host: &str) -> bool {
    is_localhost(host) || address(host).is_some_and(|ip| ip.to_canonical().is_loopback())
}

fn shown(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    text.chars().map(|c| if c.is_control() { '?' } else { c }).take(SHOWN).collect()
}

/// Whether an address belongs to a private network, to the local link, or to no single host: what an outsider has no
/// business to let this machine connect to. Loopback addresses do not count.
#[must_use]
pub fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => {
            let [a, b, c, d, e, f, g, h] = ip.segments();
            let embedded = |high: u16, low: u16| {
                let v4 = Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
                v4.is_loopback() || is_private_v4(v4)
            };
            // Translated (NAT64, also its local prefix), tunnelled (6to4) and IPv4-compatible addresses lead to IPv4.
            let translated = a == 0x64 && b == 0xff9b && embedded(g, h);
            let tunnelled = a == 0x2002 && embedded(b, c);
            let compatible = [a, b, c, d, e, f] == [0; 6] && !ip.is_loopback();
            ip.is_unique_local()
                || ip.is_unicast_link_local()
                || ip.is_multicast()
                || (a & 0xffc0) == 0xfec0
                || translated
                || tunnelled
                || compatible
        }
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    let shared = a == 100 && (b & 0xc0) == 64;
    let benchmarks = a == 198 && (b & 0xfe) == 18;
    ip.is_private() || ip.is_link_local() || ip.is_multicast() || a == 0 || a >= 240 || shared || benchmarks
}
