//! A participant with all that belongs to it, and the one place where it is run.

use crate::context::RunContext;
use crate::gate::Endpoint;
use crate::message::{Message, Peer};
use crate::participant::{Intent, Outbox, Participant as _, Phase, SigningKey, Step, Submission};
use crate::plan::{ActorId, Change, Cue};
use crate::roles::Actor;
use crate::view::ChainView;
use chain::block::SignedExtrinsic;
use chain::units::BlockNumber;
use parity_scale_codec::{Decode, Encode};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// A participant and its counts of messages and extrinsics: what a checkpoint holds of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Seat {
    /// Its place in the cast.
    pub id: ActorId,
    /// The participant.
    pub actor: Actor,
    /// Messages sent so far.
    messages: u64,
    /// Extrinsics sent in the current block.
    sent: Sent,
}

/// Extrinsics sent in one block, which the nonces of the view do not count yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
struct Sent {
    block: BlockNumber,
    cold: u32,
    hot: u32,
}

/// One turn of one participant.
#[derive(Clone, Debug)]
pub struct Activation {
    /// Whose turn.
    pub actor: ActorId,
    /// The block that is being made.
    pub block: BlockNumber,
    /// The phase.
    pub phase: Phase,
    /// The last sealed block.
    pub view: Arc<ChainView>,
    /// Its mail.
    pub inbox: Vec<Message>,
    /// What the scenario tells it.
    pub cues: Vec<Cue>,
    /// Where outsiders reach the cast.
    pub gateway: Option<Endpoint>,
}

/// What a participant did in its turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reaction {
    /// Messages, numbered.
    pub messages: Vec<Message>,
    /// Signed extrinsics, and what each is for.
    pub extrinsics: Vec<(Intent, SignedExtrinsic)>,
    /// Why, in words.
    pub notes: Vec<String>,
    /// The panic it ended with; then there is nothing else.
    pub crashed: Option<String>,
}

impl Reaction {
    /// True when nothing was done and nothing said.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.messages.is_empty()
            && self.extrinsics.is_empty()
            && self.notes.is_empty()
            && self.crashed.is_none()
    }
}

impl Seat {
    /// A participant as it is at genesis.
    #[must_use]
    pub fn new(context: &RunContext, id: ActorId) -> Self {
        Self { id, actor: Actor::new(context, id), messages: 0, sent: Sent::default() }
    }

    /// Makes the participant anew as at genesis. Its counts stay where they are.
    pub fn restart(&mut self, context: &RunContext) {
        self.actor = Actor::new(context, self.id);
    }

    /// Plays a turn. A panic inside becomes [`Reaction::crashed`], and what the reaction had put out by then
    /// is discarded.
    pub fn play(&mut self, context: &RunContext, turn: &Activation) -> Reaction {
        let actor = context.plan.name_of(self.id);
        let _turn = tracing::debug_span!("turn", block = turn.block, phase = %turn.phase, actor).entered();
        match catch_unwind(AssertUnwindSafe(|| self.react(context, turn))) {
            Ok(reaction) => reaction,
            Err(cause) => Reaction { crashed: Some(words_of(cause.as_ref())), ..Reaction::default() },
        }
    }

    fn react(&mut self, context: &RunContext, turn: &Activation) -> Reaction {
        let Some(keys) = context.keys(self.id) else { return Reaction::default() };
        let step = Step {
            me: self.id,
            block: turn.block,
            phase: turn.phase,
            context,
            keys,
            view: &turn.view,
            inbox: &turn.inbox,
            cues: &turn.cues,
            gateway: turn.gateway,
        };
        if turn.cues.iter().any(|cue| matches!(cue.change, Change::Crash { .. })) {
            // As a panic does, without the report that a real one prints.
            resume_unwind(Box::new("the scenario asked for it".to_owned()));
        }
        let mut streams = context.streams(self.id, turn.block, turn.phase);
        let mut out = Outbox::new(&mut streams);
        self.actor.react(&step, &mut out);
        let Outbox { messages, calls, notes, .. } = out;
        for note in &notes {
            tracing::debug!("{note}");
        }
        if self.sent.block != turn.block {
            self.sent = Sent { block: turn.block, cold: 0, hot: 0 };
        }
        let mut extrinsics = Vec::with_capacity(calls.len());
        for Submission { hand, call, intent } in calls {
            let (key, account, count) = match hand {
                SigningKey::Coldkey => (&keys.coldkey, &keys.cold, &mut self.sent.cold),
                SigningKey::Hotkey => (&keys.hotkey, &keys.hot, &mut self.sent.hot),
            };
            let nonce = turn.view.nonce(account).wrapping_add(*count);
            *count = count.wrapping_add(1);
            extrinsics.push((intent, SignedExtrinsic::sign(key, call, nonce, &context.genesis)));
        }
        let messages = messages.into_iter().map(|(to, synapse)| {
            let number = self.messages;
            self.messages = self.messages.wrapping_add(1);
            Message { from: Peer::Local(self.id), to, number, sent: turn.block, synapse }
        });
        Reaction { messages: messages.collect(), extrinsics, notes, crashed: None }
    }
}

/// The words of a panic.
pub(crate) fn words_of(cause: &(dyn Any + Send)) -> String {
    let text = cause.downcast_ref::<String>().cloned();
    text.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without words".to_owned())
}
