//! The beacon that the chain listens to.

use crate::types::BeaconConfiguration;
use parity_scale_codec::{Decode, Encode};

/// The `Drand` pallet but for its pulses, which lie in [`super::State::pulses`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Drand {
    /// `BeaconConfig`.
    pub config: BeaconConfiguration,
    /// `LastStoredRound`.
    pub last_stored_round: u64,
    /// `OldestStoredRound`; zero before the first pulse.
    pub oldest_stored_round: u64,
    /// `NextUnsignedAt`: no pulse is taken before this block.
    pub next_unsigned_at: u32,
}
