//! File descriptors: each connection needs one, and the usual limit leaves fewer than the server allows.

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Those that are not for connections: the ledger, the gateway, logs.
#[cfg(unix)]
const OTHERS: u64 = 256;

/// Raises the soft limit so far that so many connections can be held, as far as the hard limit lets it, and gives how many
/// fit; `None` where there is no limit.
#[cfg(unix)]
pub(crate) fn make_room(connections: u64) -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let wanted = connections.saturating_add(OTHERS);
    let reachable = limit.maximum.map_or(wanted, |hard| wanted.min(hard));
    if limit.current.is_some_and(|soft| soft < reachable) {
        // Without the right to it the old limit holds, which is read again below.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(reachable), maximum: limit.maximum });
    }
    getrlimit(Resource::Nofile).current.map(|soft| soft.saturating_sub(OTHERS))
}

/// Elsewhere nothing is known of a limit.
#[cfg(not(unix))]
pub(crate) fn make_room(_connections: u64) -> Option<u64> {
    None
}
