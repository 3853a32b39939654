//! Who may call in whose name.

use super::Map;
use crate::account::AccountId;
use crate::error::DispatchOutcome;
use crate::types::{Announcement, ProxyDefinition};
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};

/// The `Proxy` pallet.
///
/// **Invariant**: every deposit is reserved on an account: that of the row, or of the spawner of a pure one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Proxy {
    /// `Proxies`: proxies of an account by (delegate, type, delay), and their deposit.
    pub proxies: Map<AccountId, (Vec<ProxyDefinition>, Rao)>,
    /// `Announcements`: announced calls of a proxy, oldest first, and their deposit.
    pub announcements: Map<AccountId, (Vec<Announcement>, Rao)>,
    /// `LastCallResult`: what became of the last call made in an account's name in the running block.
    pub last_call_result: Map<AccountId, DispatchOutcome>,
    /// `RealPaysFee`: (real account, proxy).
    pub real_pays_fee: Map<(AccountId, AccountId), ()>,
}
