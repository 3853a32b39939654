//! Calls of `Drand` (pallet 26).
//!
//! **Source**: spec/tables/extrinsics.md.

use crate::block::MultiSignature;
use crate::types::{BeaconConfigurationPayload, PulsesPayload};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `Drand` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// `write_pulse` (0): comes unsigned, since the pulses prove themselves.
    #[codec(index = 0)]
    WritePulse {
        /// The pulses.
        pulses_payload: PulsesPayload,
        /// Over the payload.
        signature: Option<MultiSignature>,
    },
    /// `set_beacon_config` (1): root only.
    #[codec(index = 1)]
    SetBeaconConfig {
        /// The beacon.
        config_payload: BeaconConfigurationPayload,
        /// Not looked at.
        signature: Option<MultiSignature>,
    },
    /// `set_oldest_stored_round` (2): root only.
    #[codec(index = 2)]
    SetOldestStoredRound {
        /// The round.
        oldest_round: u64,
    },
}
