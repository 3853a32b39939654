//! What participants send to one another, and to and from those outside.

use crate::plan::{ActorId, Method};
use crate::stage::Stage;
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

/// Who sends or receives a letter.
///
/// **Invariant**: sorts the cast first, in its order, then outsiders as the chain sorts accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A participant.
    Cast(ActorId),
    /// Somebody outside, by hotkey.
    Outside(AccountId),
}

/// In place of a participant's number: an outsider's hotkey follows.
const OUTSIDE: u32 = u32::MAX;

impl Party {
    /// The participant, if it is one.
    #[must_use]
    pub const fn cast(self) -> Option<ActorId> {
        match self {
            Self::Cast(id) => Some(id),
            Self::Outside(_) => None,
        }
    }
    /// Whose hotkey this is.
    #[must_use]
    pub fn of_hotkey(stage: &Stage, hotkey: &AccountId) -> Self {
        stage.of_hotkey(hotkey).map_or(Self::Outside(*hotkey), Self::Cast)
    }
    /// The name in the plan, or the address.
    #[must_use]
    pub fn name(self, stage: &Stage) -> String {
        match self {
            Self::Cast(id) => stage.plan.name_of(id).to_owned(),
            Self::Outside(hotkey) => hotkey.to_ss58(),
        }
    }
}

impl From<ActorId> for Party {
    fn from(id: ActorId) -> Self {
        Self::Cast(id)
    }
}
impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cast(id) => write!(f, "#{}", id.0),
            Self::Outside(hotkey) => write!(f, "{hotkey}"),
        }
    }
}
impl Encode for Party {
    fn encode_to<O: Output + ?Sized>(&self, output: &mut O) {
        match self {
            Self::Cast(id) => id.encode_to(output),
            Self::Outside(hotkey) => (OUTSIDE, hotkey).encode_to(output),
        }
    }
}
impl Decode for Party {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        match u32::decode(input)? {
            OUTSIDE => AccountId::decode(input).map(Self::Outside),
            id => Ok(Self::Cast(ActorId(id))),
        }
    }
}

/// A letter on its way.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Letter {
    /// Who sent it.
    pub from: Party,
    /// Whom it is for.
    pub to: Party,
    /// The sender's count of its letters, from 0; an outsider's is the number of its question or of ours.
    pub number: u64,
    /// Block in which it was sent.
    pub sent: BlockNumber,
    /// What it says.
    pub synapse: Synapse,
}

/// What a letter says.
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
        best: Option<(Party, Answer)>,
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

impl Letter {
    /// Feeds all that the letter says to a digest; payloads by their own digests, so a text sent to many is
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
