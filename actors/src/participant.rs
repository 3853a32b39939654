//! A participant: a value that reacts.

use crate::context::{Keys, RunContext};
use crate::gate::Endpoint;
use crate::message::{Message, Peer, Synapse};
use crate::plan::{ActorId, Cue};
use crate::streams::Streams;
use crate::view::ChainView;
use chain::call::RuntimeCall;
use chain::units::BlockNumber;
use parity_scale_codec::{Decode, Encode};
use std::fmt;

/// Parts of a block, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Phase {
    /// Owners, validators and users act on the last view.
    Observe,
    /// Miners answer.
    Serve,
    /// Validators judge, and may submit.
    Judge,
    /// The chain executes.
    Seal,
}

impl Phase {
    /// The phases in which participants react.
    pub const PLAYED: [Self; 3] = [Self::Observe, Self::Serve, Self::Judge];

    /// Its name in logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Serve => "serve",
            Self::Judge => "judge",
            Self::Seal => "seal",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a participant reacts to.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The participant itself.
    pub me: ActorId,
    /// The block that is being made; the view shows the one before.
    pub block: BlockNumber,
    /// The part of the block.
    pub phase: Phase,
    /// What never changes.
    pub context: &'a RunContext,
    /// The participant's keys.
    pub keys: &'a Keys,
    /// The last sealed block.
    pub view: &'a ChainView,
    /// Messages that arrive in this phase: those sent earlier first, those of one phase in the order of senders.
    pub inbox: &'a [Message],
    /// What the scenario tells it in this block; only in [`Phase::Observe`].
    pub cues: &'a [Cue],
    /// Where outsiders reach the cast; `None` while there is nobody outside.
    pub gateway: Option<Endpoint>,
}

/// Which of its two keys a participant signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum SigningKey {
    /// The coldkey.
    Coldkey,
    /// The hotkey.
    Hotkey,
}

/// Why a participant submits a call. It is recorded with the block, so that a payment is booked as what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Intent {
    /// The work of its role: registration, serving, weights.
    #[default]
    Duty,
    /// The event at this place in [`Plan::events`](crate::plan::Plan::events).
    Event(u32),
    /// A user's fee for a request.
    Fee,
    /// The share of a fee for the author of the best answer.
    Share,
    /// A fee sent back.
    Refund,
}

/// A call with the key that signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The key.
    pub hand: SigningKey,
    /// The call.
    pub call: RuntimeCall,
    /// What it is for.
    pub intent: Intent,
}

/// Where a reaction puts what it does, and draws what it leaves to chance.
#[derive(Debug)]
pub struct Outbox<'a> {
    /// The participant's streams.
    pub streams: &'a mut Streams,
    pub(crate) messages: Vec<(Peer, Synapse)>,
    pub(crate) calls: Vec<Submission>,
    /// What a call is for unless said.
    pub(crate) intent: Intent,
    pub(crate) notes: Vec<String>,
}

impl<'a> Outbox<'a> {
    /// An empty one.
    pub fn new(streams: &'a mut Streams) -> Self {
        Self { streams, messages: Vec::new(), calls: Vec::new(), intent: Intent::Duty, notes: Vec::new() }
    }
    /// Sends a message; it arrives in the next phase unless a fault holds it.
    pub fn send(&mut self, to: impl Into<Peer>, synapse: Synapse) {
        self.messages.push((to.into(), synapse));
    }
    /// Signs and submits a call with the next nonce; it runs in this block.
    pub fn submit(&mut self, hand: SigningKey, call: impl Into<RuntimeCall>) {
        self.submit_for(self.intent, hand, call);
    }
    /// The same, and says what the call is for.
    pub fn submit_for(&mut self, intent: Intent, hand: SigningKey, call: impl Into<RuntimeCall>) {
        self.calls.push(Submission { hand, call: call.into(), intent });
    }
    /// Says why, for the log.
    pub fn note(&mut self, why: impl Into<String>) {
        self.notes.push(why.into());
    }
    /// What was submitted so far.
    #[must_use]
    pub fn calls(&self) -> &[Submission] {
        &self.calls
    }
    /// What was sent so far.
    #[must_use]
    pub fn messages(&self) -> &[(Peer, Synapse)] {
        &self.messages
    }
}

/// A pure reaction: what it does is a function of itself, the step and its streams.
pub trait Participant {
    /// Reacts to one phase of one block.
    fn react(&mut self, step: &Step<'_>, out: &mut Outbox<'_>);
}
