//! The beacon of a run: a pulse in every block.

use crate::context;
use crate::plan::{BeaconPlan, Plan};
use chain::block::Extrinsic;
use chain::call::{RuntimeCall, drand::Call};
use chain::crypto::{Keypair, blake2_256};
use chain::drand::Beacon;
use chain::types::{MultiSigner, PulsesPayload};
use chain::units::BlockNumber;
use parity_scale_codec::Encode as _;

/// A node that brings the pulses of the run's own beacon, a function of the seed.
#[derive(Debug)]
pub(crate) struct LocalBeacon {
    beacon: Beacon,
    key: Keypair,
}

impl LocalBeacon {
    /// The node of a plan, if its chain has a beacon.
    pub(crate) fn of(plan: &Plan) -> Option<Self> {
        let node = || Self { beacon: context::beacon(plan.seed), key: context::pulse_key(plan.seed) };
        (plan.chain.beacon == BeaconPlan::Local).then(node)
    }

    /// The extrinsic that brings the round of a block.
    pub(crate) fn of_block(&self, number: BlockNumber) -> Extrinsic {
        let pulses_payload = PulsesPayload {
            block_number: u32::try_from(number).unwrap_or(u32::MAX),
            pulses: vec![self.beacon.pulse(number)],
            public: MultiSigner::Ed25519(*self.key.account().bytes()),
        };
        let bytes = pulses_payload.encode();
        let signature = Some(self.key.sign(&bytes, blake2_256(&bytes)));
        Extrinsic::Unsigned(RuntimeCall::from(Call::WritePulse { pulses_payload, signature }))
    }
}
