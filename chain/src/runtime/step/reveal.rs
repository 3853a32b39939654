//! Timelocked weights become readable when their drand round is known.
//!
//! **Source**: spec/chain.md 9.6.

use crate::runtime::Exec;

/// Reveals the timelocked commits whose time has come, before the coinbase, so that an epoch of this block counts
/// them.
///
/// **Differs**: timelocked commits are not opened, because their encryption needs the drand network; a commit stays
/// where it is.
pub(super) fn reveal_timelocked(exec: &mut Exec<'_>) {
    tracing::trace!(block = exec.now(), "timelocked commits are not opened");
}
