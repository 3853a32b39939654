//! Miners answer what they are asked, each in its own way.

use super::settle_in;
use crate::gate::Endpoint;
use crate::mechanism::Mechanism;
use crate::message::{Answer, Payload, Peer, Synapse};
use crate::participant::{Outbox, Participant, Phase, SigningKey, Step};
use crate::plan::{ActorId, Change, MinerTactic, Role};
use chain::call::subtensor::Call;
use chain::types::AxonInfo;
use chain::units::NetUid;
use parity_scale_codec::{Decode, Encode};

/// Version that axons announce.
const AXON_VERSION: u32 = 1;
/// Version that axons announce which outsiders can reach: that of the SDK whose protocol is spoken there.
const PROTOCOL_VERSION: u32 = 10_005_000;
/// Port that axons announce.
const AXON_PORT: u16 = 8_091;

/// A miner.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Miner {
    netuid: NetUid,
    tactic: MinerTactic,
    neighbour: Option<ActorId>,
    /// What the neighbour answered last, as far as a copycat has heard.
    overheard: Option<Answer>,
    /// Answers given.
    answers: u64,
}

impl Miner {
    /// A miner that is yet to register.
    #[must_use]
    pub const fn new(netuid: NetUid, tactic: MinerTactic, neighbour: Option<ActorId>) -> Self {
        Self { netuid, tactic, neighbour, overheard: None, answers: 0 }
    }

    /// How many answers it gave.
    #[must_use]
    pub const fn answers(&self) -> u64 {
        self.answers
    }

    /// Registers and says where it answers.
    fn open_shop(&self, step: &Step<'_>, out: &mut Outbox<'_>) {
        if settle_in(step, out, self.netuid).is_none() {
            return;
        }
        let served = step.view.subnet(self.netuid).and_then(|subnet| subnet.axons.get(&step.keys.hot));
        let place = match step.gateway {
            Some(gateway) => {
                let there = |axon: &AxonInfo| (axon.ip, axon.ip_type, axon.port);
                let here = (gateway.ip, gateway.ip_type, gateway.port);
                (served.map(there) != Some(here)).then_some((gateway, PROTOCOL_VERSION))
            }
            // An address that is reserved for tests: nobody dials it, messages go through the fabric.
            None => {
                let ip = (u128::from(198u8) << 24) | (18 << 16) | u128::from(step.me.0 & 0xffff);
                let nowhere = Endpoint { ip, ip_type: 4, port: AXON_PORT };
                served.is_none().then_some((nowhere, AXON_VERSION))
            }
        };
        if let Some((Endpoint { ip, ip_type, port }, version)) = place {
            out.submit(
                SigningKey::Hotkey,
                Call::ServeAxon {
                    netuid: self.netuid,
                    version,
                    ip,
                    port,
                    ip_type,
                    protocol: 4,
                    placeholder1: 0,
                    placeholder2: 0,
                },
            );
        }
    }

    fn answer(&self, market: &dyn Mechanism, task: &Payload, out: &mut Outbox<'_>) -> Option<Answer> {
        match self.tactic {
            MinerTactic::Honest { method, level } => match market.honest(method, level, task) {
                Ok(answer) => Some(answer),
                Err(error) => {
                    out.note(format!("cannot answer: {error}"));
                    None
                }
            },
            MinerTactic::Lazy => Some(market.lazy(task)),
            MinerTactic::Liar => Some(market.lie(task, out.streams)),
            MinerTactic::Copycat => self.overheard.clone(),
            MinerTactic::Silent => None,
        }
    }
}

impl Participant for Miner {
    fn react(&mut self, step: &Step<'_>, out: &mut Outbox<'_>) {
        for cue in step.cues {
            if let Change::MinerTactic { tactic, .. } = &cue.change {
                self.tactic = *tactic;
                out.note(format!("from now on: {tactic:?}"));
            }
        }
        if step.phase == Phase::Observe {
            self.open_shop(step, out);
        }
        let Some(market) = step.context.market(self.netuid) else { return };
        for message in step.inbox {
            match &message.synapse {
                Synapse::Ask { round, text } => {
                    if let Some(answer) = self.answer(market, text, out) {
                        self.answers = self.answers.saturating_add(1);
                        out.send(message.from, Synapse::Answer { round: *round, answer });
                    }
                    // Passing on only what validators ask keeps two copycats from asking each other for ever.
                    let role = message.from.cast().and_then(|id| step.context.member(id)).map(|m| &m.role);
                    let by_validator = matches!(role, None | Some(Role::Validator { .. }));
                    if let (MinerTactic::Copycat, Some(neighbour), true) =
                        (self.tactic, self.neighbour, by_validator)
                    {
                        out.send(neighbour, Synapse::Ask { round: *round, text: text.clone() });
                    }
                }
                Synapse::Answer { answer, .. } if self.neighbour.map(Peer::Local) == Some(message.from) => {
                    self.overheard = Some(answer.clone());
                }
                _ => {}
            }
        }
    }
}
