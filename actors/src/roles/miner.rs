//! Miners answer what they are asked, each in its own way.

use super::settle_in;
use crate::letter::{Answer, Payload, Synapse};
use crate::mechanism::codec;
use crate::participant::{Hand, Outbox, Participant, Phase, Step};
use crate::plan::{ActorId, Change, Method, MinerTactic, Role};
use crate::streams::Purpose;
use chain::call::subtensor::Call;
use chain::units::NetUid;
use parity_scale_codec::{Decode, Encode};

/// Version that axons announce.
const AXON_VERSION: u32 = 1;
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
        let announced =
            step.view.subnet(self.netuid).is_some_and(|subnet| subnet.axons.contains_key(&step.keys.hot));
        if !announced {
            // An address of the documentation range: nobody dials it, letters go through the fabric.
            let ip = (u128::from(198u8) << 24) | (18 << 16) | u128::from(step.me.0 & 0xffff);
            out.submit(
                Hand::Hot,
                Call::ServeAxon {
                    netuid: self.netuid,
                    version: AXON_VERSION,
                    ip,
                    port: AXON_PORT,
                    ip_type: 4,
                    protocol: 4,
                    placeholder1: 0,
                    placeholder2: 0,
                },
            );
        }
    }

    fn answer(&self, text: &Payload, out: &mut Outbox<'_>) -> Option<Answer> {
        match self.tactic {
            MinerTactic::Honest { method, level } => match codec::compress(method, level, text.bytes()) {
                Ok(packed) => Some(Answer { method, level, body: Payload::new(packed) }),
                Err(error) => {
                    out.note(format!("cannot compress: {error}"));
                    None
                }
            },
            MinerTactic::Lazy => Some(Answer { method: Method::Stored, level: 0, body: text.clone() }),
            MinerTactic::Liar => {
                let mut noise = Vec::new();
                while noise.len() < text.len() / 8 {
                    noise.extend(out.streams.draw(Purpose::Noise).to_le_bytes());
                }
                Some(Answer { method: Method::Brotli, level: 11, body: Payload::new(noise) })
            }
            MinerTactic::Copycat => self.overheard.clone(),
            MinerTactic::Silent => None,
        }
    }
}

impl Participant for Miner {
    fn react(&mut self, step: &Step<'_>, out: &mut Outbox<'_>) {
        for cue in step.cues {
            if let Change::MinerTactic { tactic, .. } = cue {
                self.tactic = *tactic;
                out.note(format!("from now on: {tactic:?}"));
            }
        }
        if step.phase == Phase::Observe {
            self.open_shop(step, out);
        }
        for letter in step.inbox {
            match &letter.synapse {
                Synapse::Ask { round, text } => {
                    if let Some(answer) = self.answer(text, out) {
                        self.answers = self.answers.saturating_add(1);
                        out.send(letter.from, Synapse::Answer { round: *round, answer });
                    }
                    // Passing on only what validators ask keeps two copycats from asking each other for ever.
                    let by_validator = step
                        .stage
                        .member(letter.from)
                        .is_some_and(|member| matches!(member.role, Role::Validator { .. }));
                    if let (MinerTactic::Copycat, Some(neighbour), true) =
                        (self.tactic, self.neighbour, by_validator)
                    {
                        out.send(neighbour, Synapse::Ask { round: *round, text: text.clone() });
                    }
                }
                Synapse::Answer { answer, .. } if Some(letter.from) == self.neighbour => {
                    self.overheard = Some(answer.clone());
                }
                _ => {}
            }
        }
    }
}
