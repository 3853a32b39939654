//! What participants send to one another, and to and from those outside.

use crate::context::RunContext;
use crate::plan::{ActorId, Method};
use chain::account::AccountId;
use chain::units::{BlockNumber, Rao};
use parity_scale_codec::{Decode, Encode, Error, Input, Output};
use std::fmt;
use std::sync::Arc;

/// Bytes that are shared and not copied, with their digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload {
    bytes: Arc<Vec<u8>>,
    digest: [u8; 32],
}

impl Payload {
    /// Wraps bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        let digest = *blake3::hash(&bytes).as_bytes();
        Self { bytes: Arc::new(bytes), digest }
    }
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
    /// How many bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
    /// True for no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
    /// BLAKE3 of the bytes.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.digest;
        write!(f, "{} B #{a:02x}{b:02x}{c:02x}{d:02x}", self.len())
    }
}
impl Encode for Payload {
    fn encode_to<O: Output + ?Sized>(&self, output: &mut O) {
        self.bytes.encode_to(output);
    }
}
impl Decode for Payload {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Vec::decode(input).map(Self::new)
    }
}

/// Sender or recipient of a message.
///
/// **Invariant**: sorts the cast first, in its order, then outsiders as the chain sorts accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// A participant.
    Local(ActorId),
    /// Somebody outside, by hotkey.
    External(AccountId),
}

/// In place of a participant's number: an outsider's hotkey follows.
const OUTSIDE: u32 = u32::MAX;

impl Peer {
    /// The participant, if it is one.
    #[must_use]
    pub const fn cast(self) -> Option<ActorId> {
        match self {
            Self::Local(id) => Some(id),
            Self::External(_) => None,
        }
    }
    /// Whose hotkey this is.
    #[must_use]
    pub fn of_hotkey(context: &RunContext, hotkey: &AccountId) -> Self {
        context.of_hotkey(hotkey).map_or(Self::External(*hotkey), Self::Local)
    }
    /// The name in the plan, or the address.
    #[must_use]
    pub fn name(self, context: &RunContext) -> String {
        match self {
            Self::Local(id) => context.plan.name_of(id).to_owned(),
            Self::External(hotkey) => hotkey.to_ss58(),
        }
    }
}

impl From<ActorId> for Peer {
    fn from(id: ActorId) -> Self {
        Self::Local(id)
    }
}
impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(id) => write!(f, "#{}", id.0),
            Self::External(hotkey) => write!(f, "{hotkey}"),
        }
    }
}
impl Encode for Peer {
    fn encode_to<O: Output + ?Sized>(&self, output: &mut O) {
        match self {
            Self::Local(id) => id.encode_to(output),
            Self::External(hotkey) => (OUTSIDE, hotkey).encode_to(output),
        }
    }
}
impl Decode for Peer {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        match u32::decode(input)? {
            OUTSIDE => AccountId::decode(input).map(Self::External),
            id => Ok(Self::Local(ActorId(id))),
        }
    }
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Message {
    /// Who sent it.
    pub from: Peer,
    /// Whom it is for.
    pub to: Peer,
    /// The sender's count of its messages, from 0; an outsider's is the number of its question or of ours.
    pub number: u64,
    /// Block in which it was sent.
    pub sent: BlockNumber,
    /// What it says.
    pub synapse: Synapse,
}

/// Content of a message.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Synapse {
    /// Asks for an answer to a text.
    Ask {
        /// The asker's number of the question.
        round: u64,
        /// The text.
        text: Payload,
    },
    /// Answers a question.
    Answer {
        /// The asker's number of the question.
        round: u64,
        /// The answer.
        answer: Answer,
    },
    /// Orders an answer from a validator, paid by a transfer on chain.
    Order {
        /// The user's number of the request.
        request: u64,
        /// The text.
        text: Payload,
        /// What it has paid.
        fee: Rao,
    },
    /// Delivers what was ordered.
    Delivery {
        /// The user's number of the request.
        request: u64,
        /// Who answered best, and how; `None` when nobody did, and the fee is sent back.
        best: Option<(Peer, Answer)>,
    },
    /// Says that no answer to a question will come, and why. Only from outside.
    Silence {
        /// The asker's number of the question.
        round: u64,
        /// Why, in words.
        why: String,
    },
}

/// A miner's answer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Answer {
    /// How to decompress it.
    pub method: Method,
    /// How hard the miner says it tried; decides the declared cost.
    pub level: u8,
    /// The compressed text.
    pub body: Payload,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:?}", self.method.name(), self.level, self.body)
    }
}

impl fmt::Display for Synapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ask { round, text } => write!(f, "ask {round}: {text:?}"),
            Self::Answer { round, answer } => write!(f, "answer {round}: {answer}"),
            Self::Order { request, text, fee } => write!(f, "order {request}: {text:?} for {fee} tao"),
            Self::Delivery { request, best: None } => write!(f, "delivery {request}: nothing"),
            Self::Delivery { request, best: Some((author, answer)) } => {
                write!(f, "delivery {request}: {answer} by {author}")
            }
            Self::Silence { round, why } => write!(f, "no answer {round}: {why}"),
        }
    }
}

impl Message {
    /// Feeds all that the message says to a digest; payloads by their own digests, so a text sent to many is
    /// hashed once.
    pub(crate) fn digest_into(&self, hasher: &mut blake3::Hasher) {
        let head = (self.from, self.to, self.number, self.sent).encode();
        hasher.update(&head);
        match &self.synapse {
            Synapse::Ask { round, text } => {
                hasher.update(&(0u8, round).encode()).update(text.digest());
            }
            Synapse::Answer { round, answer } => {
                hasher.update(&(1u8, round).encode());
                answer.digest_into(hasher);
            }
            Synapse::Order { request, text, fee } => {
                hasher.update(&(2u8, request, fee).encode()).update(text.digest());
            }
            Synapse::Delivery { request, best } => {
                hasher.update(&(3u8, request, best.as_ref().map(|(author, _)| *author)).encode());
                if let Some((_, answer)) = best {
                    answer.digest_into(hasher);
                }
            }
            Synapse::Silence { round, why } => {
                hasher.update(&(4u8, round, why).encode());
            }
        }
    }
}

impl Answer {
    fn digest_into(&self, hasher: &mut blake3::Hasher) {
        hasher.update(&(self.method, self.level).encode()).update(self.body.digest());
    }
}
