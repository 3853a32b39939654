//! Owners register their subnet and start it.

use crate::participant::{Outbox, Participant, Phase, SigningKey, Step};
use chain::call::subtensor::Call;
use chain::units::NetUid;
use parity_scale_codec::{Decode, Encode};

/// A subnet owner.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Owner {
    netuid: NetUid,
}

impl Owner {
    /// The owner of a subnet that is yet to be registered.
    #[must_use]
    pub const fn new(netuid: NetUid) -> Self {
        Self { netuid }
    }
}

impl Participant for Owner {
    fn react(&mut self, step: &Step<'_>, out: &mut Outbox<'_>) {
        if step.phase != Phase::Observe {
            return;
        }
        let Some(subnet) = step.view.subnet(self.netuid) else {
            // The chain gives the smallest free number, so everyone waits for the one before.
            let before = NetUid(self.netuid.number().saturating_sub(1));
            if before.is_root() || step.view.subnet(before).is_some() {
                out.note(format!("registers subnet {}", self.netuid));
                out.submit(SigningKey::Coldkey, Call::RegisterNetwork { hotkey: step.keys.hot });
            }
            return;
        };
        if subnet.schedule.first_emission_block.is_none() && subnet.owner == step.keys.cold {
            out.note(format!("starts subnet {}", self.netuid));
            out.submit(SigningKey::Coldkey, Call::StartCall { netuid: self.netuid });
        }
    }
}
